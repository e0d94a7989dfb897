package sheet

import "testing"

// TestSpot: a file of text is named once; a workbook with its sheet.
func TestSpot(t *testing.T) {
	for _, c := range []struct {
		m    Message
		want string
	}{
		{Message{File: "05.csv", Sheet: "05", Cell: "A2"}, "05.csv A2"},
		{Message{File: "05.csv", Sheet: "05", Cell: "2"}, "05.csv row 2"},
		{Message{File: "05.csv", Sheet: "05"}, "05.csv"},
		{Message{File: "a, b.CSV", Sheet: "a, b", Cell: "A2"}, "a, b.CSV A2"},
		{Message{File: "launch.zip/offers.csv", Sheet: "offers", Cell: "D7"}, "launch.zip/offers.csv D7"},
		{Message{File: "launch.xlsx", Sheet: "launch", Cell: "D7"}, "launch.xlsx, launch!D7"},
		{Message{Sheet: "Payouts", Cell: "D7"}, "Payouts!D7"},
	} {
		if got := c.m.Spot(); got != c.want {
			t.Errorf("%+v is %s, want %s", c.m, got, c.want)
		}
	}
}

// TestWebPages: what a web page in the place of a file is tells the way out.
func TestWebPages(t *testing.T) {
	for page, want := range map[string]string{
		"<html><head><title>Log in to\n your account</title></head></html>":     "this is a sign-in page (Log in to your account), not the file: its download did not work, so sign in and download it again",
		"<html><table><tr><td>1</td></tr></table></html>":                       "this is a web page, though it may be named .xls or .csv: open it in Excel and save it as .xlsx",
		"<!doctype html><title>Launch - Google Sheets</title><script></script>": "this is a web page (Launch - Google Sheets) without a table, not the file: download it again, as .xlsx or .csv",
	} {
		if e := otherText([]byte(page)); e == nil || e.Text != want {
			t.Errorf("%s: %v, want %s", page, e, want)
		}
	}
}
