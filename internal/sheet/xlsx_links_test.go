package sheet

import (
	"fmt"
	"strings"
	"testing"
)

// What a cell shows and where it leads are two things: the text is the cell's, the
// address can be asked for.
func TestLinksBehindCells(t *testing.T) {
	const rows = 3000
	var cells, links, targets strings.Builder
	for row := 2; row <= rows; row++ {
		cells.WriteString(textCells(row, "", fmt.Sprint("k-", row), "Click here", "x"))
		fmt.Fprintf(&links, `<hyperlink ref="B%d" r:id="rId%d"/>`, rows+2-row, row) // in any order
		fmt.Fprintf(&targets, `<Relationship Id="rId%d" Type="x/hyperlink" TargetMode="External" Target="https://t.example.com/%d?c=%%7bclickid%%7D&amp;a=1"/>`, row, rows+2-row)
	}
	links.WriteString(`<hyperlink ref="C2" location="Sheet1!A1"/><hyperlink ref="C3" r:id="rId2" location="top"/><hyperlink ref="nowhere" r:id="rId2"/>` +
		`<hyperlink ref="C4" r:id="none"/><hyperlink ref="A5:A6" r:id="range"/><hyperlink ref="C7" r:id="inner"/>`)
	targets.WriteString(`<Relationship Id="range" Type="x/hyperlink" TargetMode="External" Target="https://range.example.com/"/>` +
		`<Relationship Id="inner" Type="x/printerSettings" Target="../printer.bin"/>`)
	book, err := openBytes(zipOf(t, partsOfSheet(`<sheetData>`+textCells(1, "", "external_offer_id", "url", "url_preview")+cells.String()+
		`</sheetData><hyperlinks>`+links.String()+`</hyperlinks>`,
		map[string]string{"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + targets.String() + `</Relationships>`})), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	table := book.Tables[0]
	table.links.spool.limit = 1 << 10 // so that most of it goes to a file
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("https://t.example.com/%d?c={clickid}&a=1", row.Number)
		if got := table.Link(1, row.Number); row.Cell(1).Text != "Click here" || got != want {
			t.Fatalf("row %d: %s behind %s, want %s", row.Number, got, row.Cell(1).Text, want)
		}
	}
	for at, want := range map[[2]int]string{{2, 2}: "", {2, 3}: "https://t.example.com/3000?c={clickid}&a=1#top", {2, 4}: "", {2, 7}: "", {0, 2}: "", {1, 1}: "",
		{0, 5}: "https://range.example.com/", {0, 6}: "https://range.example.com/", {0, 7}: "", {9, 9999}: ""} {
		if got := table.Link(at[0], at[1]); got != want {
			t.Errorf("%s: %q, want %q", Address(at[0], at[1]), got, want)
		}
	}
}
