package templates

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// imported reads a workbook as an import does.
func imported(t *testing.T, f *excelize.File) (*mapping.Mapper, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "filled.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	book, err := sheet.Open([]string{path}, sheet.Options{Known: mapping.Known})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	m, err := mapping.New(book, mapping.Options{})
	if err == nil {
		t.Cleanup(func() { m.Close() })
	}
	return m, err
}

func TestEmptyTemplateHasNoOffers(t *testing.T) {
	_, err := imported(t, template(t))
	var problems *mapping.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the empty template gives %v", err)
	}
	faults := slices.DeleteFunc(slices.Clone(problems.Messages), func(m sheet.Message) bool { return m.Level != sheet.LevelError })
	if len(faults) != 1 || faults[0].Code != "no_rows" {
		t.Errorf("the empty template gives %v", err)
	}
}

func TestFilledTemplateIsRead(t *testing.T) {
	f := template(t)
	fill(t, f, "Offers", map[string]any{"external_offer_id": "0042", "title": "Summer Games", "advertiser": "573c69a33b7d9b0e638b4576",
		"url": "https://track.example.com/click?c={clickid}", "is_top": "yes"})
	fill(t, f, "Payouts", map[string]any{"offer": "0042", "type": "fixed", "currency": "USD", "total": 2, "revenue": 1.4})
	m, err := imported(t, f)
	if err != nil {
		t.Fatal(err)
	}
	offers := 0
	for o, err := range m.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers++
		if o.Key != "0042" || !o.Valid() {
			t.Errorf("offer %s has %+v", o.Key, o.Messages)
		}
	}
	if offers != 1 {
		t.Errorf("%d offers, want one beside the example", offers)
	}
	for _, msg := range m.Messages() {
		if msg.Level != sheet.LevelInfo {
			t.Errorf("%s: %s", msg.Place(), msg.Text)
		}
	}
}

// fill writes a row below the example.
func fill(t *testing.T, f *excelize.File, sheet string, row map[string]any) {
	t.Helper()
	headers, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range headers[0] {
		if value, ok := row[name]; ok {
			if err := f.SetCellValue(sheet, place{sheet, i + 1}.cell(3), value); err != nil {
				t.Fatal(err)
			}
		}
	}
}
