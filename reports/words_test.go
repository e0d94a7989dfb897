package reports

import (
	"testing"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// The same mistake has the same text in every row, and names each one's own cell.
func TestOwnCells(t *testing.T) {
	at := func(row int, cell string) *importer.Result {
		return &importer.Result{File: "a.xlsx", Sheet: "Offers", Row: row, Messages: []sheet.Message{{Level: sheet.LevelError, Cell: cell, Column: "status", Text: "_x0041_ <no>"}}}
	}
	text := string(appendMessages(nil, at(7, "AB7")))
	if other := string(appendMessages(nil, at(12, "AB12"))); other != text {
		t.Errorf("%q and %q", text, other)
	}
	p := newPhrase(text, nil)
	if got := p.in(12); got != "error: AB12 status: _x0041_ <no>" {
		t.Errorf("%q", got)
	}
	if len(p.xml) != 2 || p.xml[0]+"12"+p.xml[1] != xmlText(p.in(12)) {
		t.Errorf("as XML %q", p.xml)
	}
	for cell, want := range map[string]string{"AB6": "error: AB6 status: no", "6": "error: row 6 status: no", "7": "error: status: no", "": "error: status: no"} {
		res := at(7, cell)
		res.Messages[0].Text = "no"
		if got := newPhrase(string(appendMessages(nil, res)), nil).in(7); got != want {
			t.Errorf("%s: %q", cell, got)
		}
	}
	if p := newPhrase("a \x01stray\x03 mark", nil); p.in(7) != "a  mark" {
		t.Errorf("a mark that is none: %q", p.in(7))
	}
}
