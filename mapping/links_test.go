package mapping

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A cell of a column of addresses that shows other words is read as the address
// behind it, and says so; a title with a link stays a title, and an address that
// is seen is the one that is meant.
func TestLinksBehindWords(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	f.SetSheetName("Sheet1", "Offers")
	rows := [][]any{
		{"external_offer_id", "title", "advertiser", "url", "url_preview"},
		{"k", "Summer", anAdvertiser, "Click here", "https://www.example.com/seen"},
		{"l", "Winter", anAdvertiser, "Write to us", "landing page"},
	}
	for i, row := range rows {
		f.SetSheetRow("Offers", "A"+string(rune('1'+i)), &row)
	}
	for cell, link := range map[string]string{"B2": "https://www.example.com/title", "D2": "https://t.example.com/?c=%7Bclickid%7D", "E2": "https://www.example.com/hidden",
		"D3": "mailto:anna@example.com", "E3": "https://www.example.com/winter"} {
		if err := f.SetCellHyperLink("Offers", cell, link, "External"); err != nil {
			t.Fatal(err)
		}
	}
	f.NewSheet("Payouts")
	f.SetSheetRow("Payouts", "A1", &[]any{"offer", "type", "currency", "total", "revenue"})
	f.SetSheetRow("Payouts", "A2", &[]any{"k", "fixed", "USD", 2, 1})
	f.SetSheetRow("Payouts", "A3", &[]any{"l", "fixed", "USD", 2, 1})
	name := filepath.Join(t.TempDir(), "links.xlsx")
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
	m, err := openPath(t, name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"k": "D2 repaired: the cell shows `Click here`: the address behind it was read, https://t.example.com/?c={clickid}\n",
		"l": "D3 bad_url: `Write to us` is not a web address: write it as https://www.example.com/page; where the cell shows a link, its address is behind it: choose Edit Hyperlink, and copy it from there\n" +
			"E3 repaired: the cell shows `landing page`: the address behind it was read, https://www.example.com/winter\n",
	}
	for o, err := range m.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, msg := range o.Messages {
			got += msg.Cell + " " + msg.Code + ": " + msg.Text + "\n"
		}
		if got != want[o.Key] {
			t.Errorf("%s: %s", o.Key, got)
		}
		for key, want := range map[string]string{"url": "https://t.example.com/?c={clickid}", "title": "Summer", "url_preview": "https://www.example.com/seen"} {
			if value, _ := o.Body.Get(key); o.Key == "k" && value.Str() != want {
				t.Errorf("%s is %s, want %s", key, value.Str(), want)
			}
		}
	}
}
