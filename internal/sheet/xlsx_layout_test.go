package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"strings"
	"testing"
)

// textCells is a row of inline texts, blank ones left out; "v:" makes a number.
func textCells(row int, attrs string, texts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d"%s>`, row, attrs)
	for col, text := range texts {
		switch number, isNumber := strings.CutPrefix(text, "v:"); {
		case isNumber:
			fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, Address(col, row), number)
		case text != "":
			fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, Address(col, row), text)
		}
	}
	return b.String() + "</row>"
}

// Each case is a sheet, what is read of it, and the notes that the table has in the end.
func TestLayouts(t *testing.T) {
	const hide = ` hidden="1"`
	top := textCells(1, "", "id", "a", "b")
	table := map[string]string{
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="t1" Type="x/table" Target="../tables/table1.xml"/><Relationship Id="t2" Type="x/comments" Target="../c.xml"/></Relationships>`,
		"xl/tables/table1.xml":                `<table ref="A1:B4" totalsRowCount="1"><autoFilter ref="A1:B3"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter></table>`,
	}
	for name, c := range map[string]struct {
		sheet string
		more  map[string]string
		want  []string
		notes []string // a part of each
	}{
		"merged": {`<sheetData>` + top + textCells(2, "", "v:1", "x", "y") + textCells(3, "", "v:2", "z", "w") + textCells(4, "", "v:3", "u", "v") +
			`</sheetData><mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B4:C4"/><mergeCell ref="B4:C4"/></mergeCells>`, nil,
			[]string{"n:1 t:x t:y", "- t:z t:w", "n:3 t:u"},
			[]string{"not read: the values in A3, C4", "merged over several rows: A2:A3; only the first row has the value"}},
		"merged header": {`<sheetData>` + textCells(1, "", "", "p", "q", "r") + textCells(2, "", "id", "a", "a") + textCells(3, "", "v:1", "x", "y") +
			`</sheetData><mergeCells><mergeCell ref="C1:D1"/></mergeCells>`, nil,
			[]string{"n:1 t:x t:y"}, []string{"rows 1 and 2 together", "the values in D1"}},
		"hidden rows": {`<sheetData>` + top + textCells(2, hide, "v:1", "x") + textCells(3, ` ht="0" customHeight="1"`, "v:2") + textCells(4, "", "v:3", "x") +
			textCells(5, ` hidden="true"`, "") + textCells(6, hide, "v:4") + `</sheetData>`, nil,
			[]string{"n:3 t:x"}, []string{"hidden and not read: row 2-3, 6; show the rows"}},
		"a hidden header": {`<sheetData>` + textCells(1, hide, "old", "names") + textCells(2, "", "id", "a") + textCells(3, "", "v:3", "x") + `</sheetData>`, nil,
			[]string{"n:3 t:x"}, []string{"row 1; show"}},
		"hidden columns": {`<cols><col min="1" max="1" width="9"/><col min="2" max="2" hidden="1"/><col min="4" max="16384" width="0"/></cols><sheetData>` + top +
			textCells(2, "", "v:1", "x", "y", "", "z") + `</sheetData>`, nil,
			[]string{"n:1 - t:y"}, []string{"hidden and not read: column B, E (a); show"}},
		"hidden columns with nothing in them": {`<cols><col min="4" max="16384" hidden="1"/></cols><sheetData>` + top + textCells(2, "", "v:1", "x") + `</sheetData>`, nil,
			[]string{"n:1 t:x"}, nil},
		"filter": {`<sheetData>` + top + textCells(2, hide, "v:1") + textCells(3, "", "v:2") + textCells(9, hide, "v:3") +
			`</sheetData><autoFilter ref="A1:C5"><filterColumn colId="1"/></autoFilter>`, nil,
			[]string{"n:2"}, []string{"hidden and not read: row 9", "hidden by the filter and not read: row 2; clear the filter"}},
		"filter that filters nothing": {`<sheetData>` + top + textCells(2, hide, "v:1") + textCells(3, "", "v:2") + `</sheetData><autoFilter ref="A1:C5"/>`, nil,
			[]string{"n:2"}, []string{"hidden and not read: row 2"}},
		"filter of an odd range": {`<sheetData>` + top + textCells(2, hide, "v:1") + textCells(3, "", "v:2") + `</sheetData><autoFilter ref="Offers!A1:C5"><filterColumn colId="1"/></autoFilter>`, nil,
			[]string{"n:2"}, []string{"hidden by the filter and not read: row 2"}},
		"advanced filter": {`<sheetPr filterMode="1"/><sheetData>` + top + textCells(2, hide, "v:1") + textCells(3, "", "v:2") + `</sheetData>`, nil,
			[]string{"n:2"}, []string{"hidden by the filter and not read: row 2"}},
		"table": {`<sheetData>` + top + textCells(2, hide, "v:1") + textCells(3, "", "v:2") + textCells(4, "", "v:3") + textCells(5, "", "v:4") +
			`</sheetData><tableParts><tablePart r:id="t1"/></tableParts>`, table,
			[]string{"n:2", "n:4"}, []string{"hidden by the filter and not read: row 2", "sums of a table and not read: row 4"}},
		"the names again": {`<sheetData>` + top + textCells(2, "", "v:1") + textCells(4, "", "id", "a", "b") + textCells(5, "", "v:2") + textCells(6, "", "id", "a", "b") + `</sheetData>`, nil,
			[]string{"n:1", "n:2"}, []string{"once more and not read as a row: row 4, 6"}},
		"another table": {`<sheetData>` + top + textCells(2, "", "v:1") + textCells(3, "", "a", "b", "id") + textCells(5, "", "v:2") + `</sheetData>`, nil,
			[]string{"n:1"}, nil},
		"blank rows between": {`<sheetData>` + top + textCells(3, "", "v:1") + `<row r="4"><c r="A4" t="inlineStr"><is><t>  </t></is></c></row>` + textCells(9, "", "v:2", " ") + `</sheetData>`, nil,
			[]string{"n:1", "n:2 t: "}, nil},
		"no hole where a hidden row is": {`<sheetData>` + top + textCells(2, "", "v:1") + textCells(3, hide, "v:2") + textCells(4, "", "id", "a", "x", "y") + `</sheetData>`, nil,
			[]string{"n:1", "t:id t:a t:x t:y"}, []string{"row 3"}},
	} {
		book, err := openBytes(zipOf(t, partsOfSheet(c.sheet, c.more)), Options{Known: knows("id", "a")})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		table := book.Tables[0]
		for range 2 { // reading again changes nothing
			var rows []string
			for row, err := range table.Rows() {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				rows = append(rows, dumpCells(row.Cells))
			}
			if !reflect.DeepEqual(rows, c.want) {
				t.Errorf("%s: %q", name, rows)
			}
			if len(table.Notes) != len(c.notes) {
				t.Errorf("%s: notes %+v", name, table.Notes)
				continue
			}
			for i, note := range table.Notes {
				if !strings.Contains(note.Text, c.notes[i]) || note.File != "a.xlsx" || note.Sheet != "Offers" || note.Code == "" {
					t.Errorf("%s: %+v, want %s", name, note, c.notes[i])
				}
			}
		}
	}
}

func TestBannerOfMergedCells(t *testing.T) {
	sheet := `<sheetData>` + textCells(1, "", "id", "a", "Payout", "", "Cap") + textCells(2, "", "", "", "type", "total", "type") + textCells(3, "", "v:1", "x", "y", "v:2", "z") +
		`</sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:D1"/></mergeCells>`
	book, err := openBytes(zipOf(t, partsOfSheet(sheet, nil)), Options{Known: knows("id", "a", "payout type", "cap type", "total")})
	if err != nil {
		t.Fatal(err)
	}
	if got := dumpTable(t, book.Tables[0]); got != "2> t:id t:a t:Payout type t:total t:Cap type\n3: n:1 t:x t:y n:2 t:z" ||
		noteCodes(book.Tables[0].Notes) != "header_joined" {
		t.Error(got, book.Tables[0].Notes)
	}
}

func TestHeaderRowOption(t *testing.T) {
	file := zipOf(t, partsOfSheet(`<sheetData>`+textCells(1, "", "a", "b")+textCells(2, "", "c", "d")+textCells(3, "", "v:1", "v:2")+`</sheetData>`, nil))
	book, err := openBytes(file, Options{HeaderRow: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := dumpTable(t, book.Tables[0]); got != "2> t:c t:d\n3: n:1 n:2" {
		t.Error(got)
	}
	if _, err := openBytes(file, Options{HeaderRow: 7}); err == nil || !strings.Contains(err.Error(), "row 7 is blank, hidden or not there") {
		t.Error(err)
	}
}

// A reader that stops early leaves nothing open behind, and what it has seen
// does not change the table.
func TestEarlyStop(t *testing.T) {
	book, err := openBytes(zipOf(t, partsOfSheet(`<sheetData>`+textCells(1, "", "id", "a")+textCells(2, "", "v:1")+textCells(3, ` hidden="1"`, "v:2")+textCells(4, "", "v:3")+`</sheetData>`, nil)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	table := book.Tables[0]
	table.Notes = nil
	for row := range table.Rows() {
		if row.Number != 2 {
			t.Error(row)
		}
		break
	}
	if len(table.Notes) > 0 {
		t.Error(table.Notes)
	}
	if got := dumpTable(t, table); !strings.Contains(got, "4: n:3") || noteCodes(table.Notes) != "hidden_rows" {
		t.Error(got, table.Notes)
	}
}

// Two tables of one workbook, and one table twice, can be read side by side.
func TestSideBySide(t *testing.T) {
	parts := partsOfSheet(`<sheetData>`+textCells(1, "", "id", "a")+textCells(2, "", "v:1")+textCells(3, "", "v:2")+`</sheetData>`, nil)
	book, err := openBytes(zipOf(t, parts), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for outer := range book.Tables[0].Rows() {
		for inner := range book.Tables[0].Rows() {
			got = append(got, dumpCells(outer.Cells)+dumpCells(inner.Cells))
		}
	}
	if strings.Join(got, " ") != "n:1n:1 n:1n:2 n:2n:1 n:2n:2" {
		t.Error(got)
	}
}

func TestLimits(t *testing.T) {
	top := textCells(1, "", "id", "a", "b")
	sheet := `<sheetData>` + top + textCells(2, "", "v:1", strings.Repeat("x", 2000)) + textCells(3, "", "v:2") + `</sheetData>`
	file := zipOf(t, partsOfSheet(sheet, nil))
	shared := zipOf(t, partsOfSheet(`<sheetData>`+top+`<row r="2"><c r="A2" t="s"><v>0</v></c></row></sheetData>`,
		map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("y", 1000)+"</t></si>", 3) + "</sst>"}))
	for name, c := range map[string]struct {
		file   []byte
		limits Limits
		want   string // "" = it is read
	}{
		"rows":            {file, Limits{Rows: 2}, "more than 2 rows; if the file is right, raise the limit with --max-rows"},
		"enough rows":     {file, Limits{Rows: 3}, ""},
		"columns":         {file, Limits{Columns: 2}, "Offers!C1: the sheet has more than 2 columns"},
		"enough columns":  {file, Limits{Columns: 3}, ""},
		"cell":            {file, Limits{CellLength: 1999}, "Offers!B2: the cell holds more than 1999 bytes; if the file is right, raise the limit with --max-cell"},
		"enough for cell": {file, Limits{CellLength: 2000}, ""},
		"formula's text": {zipOf(t, partsOfSheet(`<sheetData>`+top+`<row r="2"><c r="A2" t="str"><v>`+strings.Repeat("x", 1000)+`</v></c></row></sheetData>`, nil)),
			Limits{CellLength: 999}, "Offers!A2: the cell holds more than 999 bytes"},
		"shared cell":    {shared, Limits{CellLength: 999}, "one of its cells holds more than 999 bytes"},
		"strings":        {shared, Limits{Strings: 3000}, "more than 3000 bytes of text; if the file is right, raise the limit with --max-strings"},
		"enough strings": {shared, Limits{Strings: 3024}, ""},
		"unpacked":       {file, Limits{Unpacked: 2000}, "unpacks to more than 2000 bytes; if the file is right, raise the limit with --max-unpacked"},
	} {
		err := readLimited(c.file, c.limits)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || err.Code != "too_large") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readLimited reads everything there is under limits.
func readLimited(file []byte, limits Limits) *FileError {
	book, err := openBytes(file, Options{Limits: limits})
	if err != nil {
		return err.(*FileError)
	}
	for _, table := range book.Tables {
		for _, err := range table.Rows() {
			if err != nil {
				return err.(*FileError)
			}
		}
	}
	return nil
}

// repeated is a part that is cheap to hold: a head, a middle many times, a tail.
type repeated struct {
	head, middle string
	times        int
	tail         string
}

// pack adds the part to a zip. What deflate makes of a run of the middle by
// itself may stand in the packed bytes any number of times.
func (r repeated) pack(z *zip.Writer, name string) error {
	const run = 20_000
	var packed bytes.Buffer
	sum, size := crc32.NewIEEE(), 0
	add := func(text string, times int) {
		piece := deflated(text, (*flate.Writer).Flush)
		for range times {
			packed.Write(piece)
			_, _ = io.WriteString(sum, text)
			size += len(text)
		}
	}
	add(r.head, 1)
	add(strings.Repeat(r.middle, run), r.times/run)
	add(r.tail, 1)
	packed.Write(deflated("", (*flate.Writer).Close))
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: sum.Sum32(),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(size)})
	if err == nil {
		_, err = packed.WriteTo(w)
	}
	return err
}

// deflated is a text packed by itself; it ends as end ends it.
func deflated(text string, end func(*flate.Writer) error) []byte {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = end(w)
	}
	if err != nil {
		panic(err) // a buffer takes all that is written
	}
	return packed.Bytes()
}

func TestPlaces(t *testing.T) {
	var rows, cells places
	for row := range 40 {
		if row%3 != 0 {
			rows.addRow(row)
		}
		if row < notedRanges {
			cells.add(Address(0, row+1))
		}
	}
	if got := rows.text(); got != "1-2, 4-5, 7-8, 10-11, 13-14, 16-17, 19-20, 22-23 and others, 26 in all" {
		t.Error(got)
	}
	if got := cells.text(); got != "A1, A2, A3, A4, A5, A6, A7, A8" {
		t.Error(got)
	}
}
