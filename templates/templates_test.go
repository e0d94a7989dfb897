package templates

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

var update = flag.Bool("update", false, "write docs/columns.md again")

// made is the template, made once for all tests.
var made = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	err := Workbook(&b)
	return b.Bytes(), err
})

func template(t *testing.T) *excelize.File {
	t.Helper()
	content, err := made()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestEverySheetInOrder(t *testing.T) {
	want := []string{affise.GuideSheet}
	for _, p := range affise.Parts() {
		want = append(want, p.Sheet)
	}
	if diff := cmp.Diff(want, template(t).GetSheetList()); diff != "" {
		t.Error(diff)
	}
}

func TestEveryColumnHasItsPlaceAndNote(t *testing.T) {
	f := template(t)
	for _, part := range affise.Parts() {
		rows, err := f.GetRows(part.Sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 2 || len(rows[0]) != len(part.Columns) {
			t.Fatalf("%s has %d rows and %d columns, want 2 and %d", part.Sheet, len(rows), len(rows[0]), len(part.Columns))
		}
		if rows[1][0] != affise.ExampleKey {
			t.Errorf("%s: the example row begins with %q", part.Sheet, rows[1][0])
		}
		notes := notesOf(t, f, part.Sheet)
		for i, c := range part.Columns {
			cell := place{part.Sheet, i + 1}.cell(1)
			if rows[0][i] != c.Name {
				t.Errorf("%s!%s is %q, want %q", part.Sheet, cell, rows[0][i], c.Name)
			}
			checkNote(t, notes[cell], c)
		}
	}
}

func notesOf(t *testing.T, f *excelize.File, sheet string) map[string]string {
	t.Helper()
	comments, err := f.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, c := range comments {
		var text strings.Builder
		text.WriteString(c.Text)
		for _, run := range c.Paragraph {
			text.WriteString(run.Text)
		}
		notes[c.Cell] = text.String()
	}
	return notes
}

func checkNote(t *testing.T, note string, c affise.Column) {
	t.Helper()
	wants := append([]string{c.Name, sentence(c.Help), c.Example, c.Min, c.Max}, c.Allowed...)
	if c.Default != "" {
		wants = append(wants, "If blank: "+c.Default+".")
	}
	for _, want := range wants {
		if !strings.Contains(note, want) {
			t.Errorf("the note on %s lacks %q:\n%s", c.Name, want, note)
		}
	}
	if got := strings.Contains(note, "REQUIRED"); got != c.Required {
		t.Errorf("the note on %s says required: %v", c.Name, got)
	}
}

func TestRequiredColumnsStandOut(t *testing.T) {
	f := template(t)
	for _, part := range affise.Parts() {
		for i, c := range part.Columns {
			cell := place{part.Sheet, i + 1}.cell(1)
			style := styleAt(t, f, part.Sheet, cell)
			star := style.CustomNumFmt != nil && *style.CustomNumFmt == starred
			if got := style.Font.Bold && style.Fill.Color[0] == requiredFill && star; got != c.Required {
				t.Errorf("%s.%s stands out as required: %v", part.Sheet, c.Name, got)
			}
		}
	}
}

func styleAt(t *testing.T, f *excelize.File, sheet, cell string) *excelize.Style {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style
}

func TestChoicesAreDropdowns(t *testing.T) {
	f := template(t)
	for _, part := range affise.Parts() {
		validations, err := f.GetDataValidations(part.Sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range part.Columns {
			below := place{part.Sheet, i + 1}.below()
			at := slices.IndexFunc(validations, func(v *excelize.DataValidation) bool { return v.Sqref == below })
			words := choices(c)
			if len(words) == 0 {
				continue
			}
			if at < 0 {
				t.Errorf("%s.%s has no dropdown", part.Sheet, c.Name)
				continue
			}
			v := validations[at]
			if want := `"` + strings.Join(words, ",") + `"`; v.Type != "list" || v.Formula1 != want {
				t.Errorf("%s.%s offers %s %s, want %s", part.Sheet, c.Name, v.Type, v.Formula1, want)
			}
			if v.ShowErrorMessage == c.List {
				t.Errorf("%s.%s: strict is %v, though a list is %v", part.Sheet, c.Name, v.ShowErrorMessage, c.List)
			}
		}
	}
}

func TestNumbersAndTextsHaveTheirBounds(t *testing.T) {
	f := template(t)
	for _, part := range affise.Parts() {
		validations, err := f.GetDataValidations(part.Sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range part.Columns {
			below := place{part.Sheet, i + 1}.below()
			at := slices.IndexFunc(validations, func(v *excelize.DataValidation) bool { return v.Sqref == below })
			low, high := c.Min, c.Max
			switch {
			case (c.Kind == "int" || c.Kind == "money") && c.Min != "":
			case c.Len > 0 && len(choices(c)) == 0:
				low, high = "0", strconv.Itoa(c.Len)
			default:
				continue
			}
			if at < 0 || validations[at].Formula1 != low || high != "" && validations[at].Formula2 != high {
				t.Errorf("%s.%s is not held between %s and %s", part.Sheet, c.Name, low, high)
			}
		}
	}
}

// Excel must neither cut leading zeros nor make dates of what is none.
func TestCellFormats(t *testing.T) {
	f := template(t)
	for _, part := range affise.Parts() {
		for i, c := range part.Columns {
			for _, row := range []int{2, 500} {
				cell := place{part.Sheet, i + 1}.cell(row)
				style := styleAt(t, f, part.Sheet, cell)
				got := ""
				if style.CustomNumFmt != nil {
					got = *style.CustomNumFmt
				} else if style.NumFmt == 49 {
					got = "@"
				} else if style.NumFmt == 1 {
					got = "0"
				}
				if want := wantFormat(c.Kind); got != want {
					t.Errorf("%s!%s (%s) has format %q, want %q", part.Sheet, cell, c.Name, got, want)
				}
			}
		}
	}
}

func wantFormat(k affise.Kind) string {
	switch k {
	case "date":
		return "yyyy-mm-dd"
	case "moment":
		return "yyyy-mm-dd hh:mm"
	case "int":
		return "0"
	case "money":
		return "0.00####"
	}
	return "@"
}

func TestHeaderIsFrozenAndFiltered(t *testing.T) {
	f := template(t)
	filters := map[string]bool{}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm._FilterDatabase" {
			filters[n.Scope] = true
		}
	}
	for _, part := range affise.Parts() {
		panes, err := f.GetPanes(part.Sheet)
		if err != nil {
			t.Fatal(err)
		}
		if !panes.Freeze || panes.XSplit != 1 || panes.YSplit != 1 {
			t.Errorf("%s: panes %+v", part.Sheet, panes)
		}
		if !filters[part.Sheet] {
			t.Errorf("%s has no filter", part.Sheet)
		}
		for i, c := range part.Columns {
			w, err := f.GetColWidth(part.Sheet, place{part.Sheet, i + 1}.letter())
			if err != nil {
				t.Fatal(err)
			}
			if w < float64(min(48, len(c.Name)+5)) {
				t.Errorf("%s.%s is %v wide", part.Sheet, c.Name, w)
			}
		}
	}
}

func TestGuideHasTenLines(t *testing.T) {
	f := template(t)
	rows, err := f.GetRows(affise.GuideSheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range guideLines() {
		if rows[i+1][1] != line {
			t.Errorf("line %d is %q", i+1, rows[i+1])
		}
	}
	if n := len(guideLines()); n != 10 {
		t.Errorf("%d lines, want 10", n)
	}
	for _, must := range []string{"total is what the advertiser pays", "revenue is what the affiliate gets", "[] means clear", affise.ExampleKey} {
		if !strings.Contains(strings.Join(guideLines(), "\n"), must) {
			t.Errorf("the guide does not say %q", must)
		}
	}
}

func TestSameBytesEachTime(t *testing.T) {
	var a, b bytes.Buffer
	if err := Workbook(&a); err != nil {
		t.Fatal(err)
	}
	if err := Workbook(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two templates differ")
	}
}

func TestReferencePageIsFresh(t *testing.T) {
	page := filepath.Join("..", "docs", "columns.md")
	if *update {
		if err := os.WriteFile(page, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != Reference() {
		t.Error("docs/columns.md is stale: run go test ./templates -update")
	}
	for _, part := range affise.Parts() {
		for _, c := range part.Columns {
			if !strings.Contains(string(got), "| `"+c.Name+"`") || c.Key != "" && !strings.Contains(string(got), "`"+c.Key+"`") {
				t.Errorf("docs/columns.md lacks %s.%s", part.Sheet, c.Name)
			}
		}
	}
}
