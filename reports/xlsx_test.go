package reports

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// partsOf are the parts of a workbook by name.
func partsOf(t *testing.T, name string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, twice := parts[f.Name]; twice {
			t.Errorf("part %s stands twice", f.Name)
		}
		parts[f.Name] = string(raw)
	}
	return parts
}

func openBook(t *testing.T, name string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// cellsOf is every cell of a sheet with its formula and number format.
func cellsOf(t *testing.T, f *excelize.File, name string) map[string]string {
	t.Helper()
	out := map[string]string{}
	rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for col := range row {
			cell := sheet.Address(col, i+1)
			formula, _ := f.GetCellFormula(name, cell)
			style, _ := f.GetCellStyle(name, cell)
			s, err := f.GetStyle(style)
			if err != nil {
				t.Fatal(err)
			}
			format := ""
			if s.CustomNumFmt != nil {
				format = *s.CustomNumFmt
			}
			out[cell] = fmt.Sprint(row[col], "|", formula, "|", s.NumFmt, format, "|", len(s.Border), s.Font != nil && s.Font.Bold)
		}
	}
	return out
}

func notesOf(t *testing.T, f *excelize.File, name string) map[string]string {
	t.Helper()
	comments, err := f.GetComments(name)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, c := range comments {
		text := c.Text
		for _, run := range c.Paragraph {
			text += run.Text
		}
		out[c.Cell] = text
	}
	return out
}

// fillOf is the colour of a cell's solid fill, ARGB. The library tells the style's
// number; its own look at fills needs a theme.
func fillOf(t *testing.T, f *excelize.File, name, cell string) string {
	t.Helper()
	id, err := f.GetCellStyle(name, cell)
	if err != nil {
		t.Fatal(err)
	}
	if id >= len(f.Styles.CellXfs.Xf) {
		t.Fatalf("%s!%s has style %d of %d", name, cell, id, len(f.Styles.CellXfs.Xf))
	}
	fill := f.Styles.Fills.Fill[*f.Styles.CellXfs.Xf[id].FillID].PatternFill
	if fill == nil || fill.PatternType != "solid" || fill.FgColor == nil {
		return ""
	}
	return fill.FgColor.RGB
}

// The user's workbook goes through with everything that is in it.
func TestResultsWorkbook(t *testing.T) {
	for file, start := range map[string]string{"openpyxl.xlsx": "S", "libreoffice.xlsx": "Q"} {
		t.Run(file, func(t *testing.T) {
			in := filepath.Join("testdata", file)
			dir, _ := write(t, launch(file), in)
			out := filepath.Join(dir, "results.xlsx")
			checkParts(t, partsOf(t, in), partsOf(t, out))
			before, after := openBook(t, in), openBook(t, out)
			if got, want := after.GetSheetList(), append([]string{summaryName}, before.GetSheetList()...); !slices.Equal(got, want) {
				t.Fatalf("sheets %v, want %v", got, want)
			}
			for _, name := range before.GetSheetList() {
				got := cellsOf(t, after, name)
				for cell, want := range cellsOf(t, before, name) {
					if got[cell] != want {
						t.Errorf("%s!%s is %s, was %s", name, cell, got[cell], want)
					}
				}
			}
			if got, want := fmt.Sprint(after.GetDefinedName()), fmt.Sprint(before.GetDefinedName()); got != want {
				t.Errorf("names %s, were %s", got, want)
			}
			if end := sheet.Address(columnOf([]byte(start))+3, 15); !strings.Contains(partsOf(t, out)["xl/worksheets/sheet2.xml"], `<dimension ref="A1:`+end[:1]) {
				t.Errorf("the sheet's extent does not reach %s", end)
			}
			selected := 0
			for name, part := range partsOf(t, out) {
				if strings.HasPrefix(name, "xl/worksheets/sheet") && (strings.Contains(part, `tabSelected="1"`) || strings.Contains(part, `tabSelected="true"`)) {
					selected++
				}
			}
			if selected != 1 {
				t.Errorf("%d sheets are selected: what is typed into one goes into all", selected)
			}
			checkResults(t, after, start)
		})
	}
}

// checkParts compares part by part: what is changed is what had to be, and
// nothing that a changed part had is missing.
func checkParts(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name, was := range before {
		is, ok := after[name]
		if !ok {
			t.Errorf("part %s is missing", name)
			continue
		}
		changed := name == "[Content_Types].xml" || strings.HasSuffix(name, "workbook.xml") || strings.HasSuffix(name, "workbook.xml.rels") ||
			strings.HasSuffix(name, "styles.xml") || strings.Contains(name, "comment") || strings.HasSuffix(name, ".vml") || name == "docProps/app.xml" ||
			strings.HasPrefix(name, "xl/worksheets/") && strings.Contains(name, "sheet2.") || strings.Contains(name, "sheet3.")
		if !changed && is != was {
			t.Errorf("part %s was changed", name)
		}
		for _, piece := range []string{"<dataValidation ", "<conditionalFormatting ", "<mergeCell ", "<autoFilter ", "<drawing ", "<tablePart ", "<f>", "<f ", "<pane ", "<xf ", "<fill>", "<font>", "<dxf>", "<definedName "} {
			if strings.Count(is, piece) < strings.Count(was, piece) {
				t.Errorf("part %s has %d of %s, had %d", name, strings.Count(is, piece), piece, strings.Count(was, piece))
			}
		}
	}
}

// checkResults looks at what the report wrote; start is the first of its columns.
func checkResults(t *testing.T, f *excelize.File, start string) {
	t.Helper()
	col := columnOf([]byte(start))
	value := func(name, cell string) string {
		v, err := f.GetCellValue(name, cell)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for i, want := range sheet.ResultColumns() {
		if got := value("Offers", sheet.Address(col+i, 3)); got != want {
			t.Errorf("header %d is %q, want %q", i, got, want)
		}
	}
	for cell, want := range map[string]string{sheet.Address(col, 4): "created", sheet.Address(col+1, 4): "904", sheet.Address(col, 6): "failed",
		sheet.Address(col+1, 6): "", sheet.Address(col+3, 6): "2026-11-23 14:06:05", sheet.Address(col, 10): "unknown",
		sheet.Address(col+2, 10): "warning: look in the panel whether the offer is there"} {
		if got := value("Offers", cell); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	if ok, target, err := f.GetCellHyperLink("Offers", sheet.Address(col+1, 4)); !ok || target != panel(904) || err != nil {
		t.Errorf("link of offer 904: %v %q %v", ok, target, err)
	}
	if ok, target, _ := f.GetCellHyperLink("Offers", "D6"); !ok || target != "https://example.com/6" {
		t.Errorf("the user's own link: %v %q", ok, target)
	}
	for place, want := range map[string]string{"Offers!E6": fillError, "Offers!B5": fillWarning, "Payouts!D7": fillError, "Offers!E7": ""} {
		name, cell, _ := strings.Cut(place, "!")
		if got := fillOf(t, f, name, cell); want != "" && !strings.EqualFold(got, want) {
			t.Errorf("%s has fill %s, want %s", place, got, want)
		}
	}
	offers, payouts := notesOf(t, f, "Offers"), notesOf(t, f, "Payouts")
	if got := offers["E6"]; !strings.Contains(got, "we paused it") || !strings.Contains(got, "error: `actve` is not a status") {
		t.Errorf("note on E6: %q, want the user's and ours", got)
	}
	if got := offers["E12"]; got != "error: `actve` is not a status: active, stopped or suspended. Did you mean active?" {
		t.Errorf("note on E12: %q", got)
	}
	if got := payouts["D7"]; !strings.Contains(got, "`USDD` is no currency") {
		t.Errorf("note on Payouts!D7: %q", got)
	}
	if got := value(summaryName, "A1"); got != "12 offers: 7 created, 4 failed, 1 unclear" {
		t.Errorf("headline %q", got)
	}
	if f.GetActiveSheetIndex() != 0 {
		t.Errorf("sheet %d is open, want the summary", f.GetActiveSheetIndex())
	}
}

// A report that is imported again gets no second set of columns, and loses the
// marks of what was mended.
func TestResultsAgain(t *testing.T) {
	dir, _ := write(t, launch("openpyxl.xlsx"), "testdata/openpyxl.xlsx")
	first := filepath.Join(dir, "results.xlsx")
	r := launch("results.xlsx")
	for i := range r.results { // all is mended but row 9
		if res := &r.results[i]; res.Row != 9 {
			res.Status, res.OfferID, res.Messages = importer.StatusCreated, int64(700+res.Row), nil
		}
	}
	second, _ := write(t, r, first)
	f := openBook(t, filepath.Join(second, "results.xlsx"))
	if got := f.GetSheetList(); strings.Count(strings.Join(got, ","), summaryName) != 1 || got[0] != summaryName {
		t.Errorf("sheets %v, want one summary", got)
	}
	rows, err := f.GetRows("Offers")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(strings.Join(rows[2], ","), "import status"); n != 1 {
		t.Errorf("%d columns of status: %v", n, rows[2])
	}
	if got := rows[5][18]; got != "created" {
		t.Errorf("status of row 6 is %q, want created", got)
	}
	if got, want := fillOf(t, f, "Offers", "E6"), fillOf(t, openBook(t, "testdata/openpyxl.xlsx"), "Offers", "E6"); got != want {
		t.Errorf("E6 was mended and has fill %s, had %s before the first run", got, want)
	}
	if got := fillOf(t, f, "Offers", "E15"); got != "" {
		t.Errorf("E15 was mended, had no fill and has %s", got)
	}
	if got := fillOf(t, f, "Offers", "E9"); !strings.EqualFold(got, fillError) {
		t.Errorf("E9 is wrong still and has fill %s", got)
	}
	notes := notesOf(t, f, "Offers")
	for cell, want := range map[string]string{"B5": "Ask Anna about this title", "E6": "we paused it\nin May", "E12": ""} {
		if notes[cell] != want {
			t.Errorf("note on %s is %q, want %q", cell, notes[cell], want)
		}
	}
	if got := notes["E9"]; strings.Count(got, "actve") != 1 || !strings.HasPrefix(got, "check") {
		t.Errorf("note on E9 is %q, want the user's and ours once", got)
	}
	if notes := notesOf(t, f, "Payouts"); len(notes) != 0 {
		t.Errorf("notes on payouts %v, want none", notes)
	}
	parts := partsOf(t, filepath.Join(second, "results.xlsx"))
	shapes := strings.Count(parts["xl/drawings/commentsDrawing1.vml"], "</v:shape>") + strings.Count(parts["xl/drawings/commentsDrawing1.vml"], "</ns0:shape>")
	if shapes != 3 {
		t.Errorf("%d shapes of notes, want those of the user's three: %s", shapes, parts["xl/drawings/commentsDrawing1.vml"])
	}
	charts := 0
	for name := range parts {
		if strings.HasPrefix(name, "xl/charts/chart") {
			charts++
		}
	}
	if charts != 2 {
		t.Errorf("%d charts, want the user's and the summary's", charts)
	}
}

// The file of failed offers reads as the input did, with only these offers.
func TestFailedWorkbook(t *testing.T) {
	for _, file := range []string{"openpyxl.xlsx", "libreoffice.xlsx"} {
		dir, _ := write(t, launch(file), filepath.Join("testdata", file))
		failed := filepath.Join(dir, "failed.xlsx")
		keys := map[string][]string{}
		for _, table := range readTables(t, failed) {
			for row, err := range table.Rows() {
				if err != nil {
					t.Fatal(err)
				}
				keys[table.Sheet] = append(keys[table.Sheet], fmt.Sprint(row.Cell(0).Text, "@", row.Number))
			}
		}
		if got, want := keys["Offers"], []string{"k-6@4", "k-9@5", "k-12@6", "k-15@7"}; !slices.Equal(got, want) {
			t.Errorf("%s: offers %v, want %v", file, got, want)
		}
		if got, want := keys["Payouts"], []string{"k-6@2", "k-6@3", "k-9@4", "k-9@5", "k-12@6", "k-12@7", "k-15@8", "k-15@9"}; !slices.Equal(got, want) {
			t.Errorf("%s: payouts %v, want %v", file, got, want)
		}
		f := openBook(t, failed)
		notes := notesOf(t, f, "Offers")
		if got := slices.Sorted(maps.Keys(notes)); !slices.Equal(got, []string{"E4", "E5", "E6", "E7"}) {
			t.Errorf("%s: notes on %v", file, got)
		}
		if got := fillOf(t, f, "Payouts", "D3"); !strings.EqualFold(got, fillError) {
			t.Errorf("%s: fill of Payouts!D3 is %s", file, got)
		}
		rows, err := f.GetRows("Offers")
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][0] != "Launch of March" {
			t.Errorf("%s: the rows above the header are gone: %v", file, rows[0])
		}
		message := rows[3][len(rows[3])-2]
		if !strings.Contains(message, "error: E4 status:") || !strings.Contains(message, "Payouts!D3 currency:") {
			t.Errorf("%s: message %q, want the cells of this file", file, message)
		}
		tables, err := f.GetTables("Payouts")
		if err != nil || len(tables) != 1 || tables[0].Range != "A1:D9" {
			t.Errorf("%s: table %v %v, want A1:D9", file, tables, err)
		}
	}
}

func readTables(t *testing.T, paths ...string) []*sheet.Table {
	t.Helper()
	book, err := sheet.Open(paths, sheet.Options{Known: func(h string) bool { return h == "external_offer_id" || h == "offer" || h == "title" }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	var out []*sheet.Table
	for _, table := range book.Tables {
		if table.Sheet == "Offers" || table.Sheet == "Payouts" || table.Sheet == "offers" || table.Sheet == "payouts" || table.Sheet == "failed" {
			out = append(out, table)
		}
	}
	return out
}

// rawWorkbook makes a workbook of hand-written parts, its only sheet as given.
func rawWorkbook(t *testing.T, d dialect, sheetXML string, more ...[2]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "raw.xlsx")
	styles := ""
	if slices.ContainsFunc(more, func(part [2]string) bool { return part[0] == "xl/styles.xml" }) {
		styles = `<Relationship Id="c" Type="` + d.rel + `/styles" Target="styles.xml"/>`
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range append([][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + sheetType + `"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + d.rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<x:workbook xmlns:x="` + d.main + `"><x:sheets><x:sheet xmlns:r="` + d.rel + `" name="Offers" sheetId="7" r:id="a"/></x:sheets></x:workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + d.rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="` + d.rel + `/calcChain" Target="calcChain.xml"/>` + styles + `</Relationships>`},
		{"xl/calcChain.xml", `<calcChain xmlns="` + d.main + `"><c r="B3" i="7"/></calcChain>`},
		{"xl/worksheets/sheet1.xml", sheetXML},
	}, more...) {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, part[1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Sheets as other programs write them: prefixes, rows and cells without
// addresses, empty rows, CDATA, comments, the strict namespaces.
func TestOddSheets(t *testing.T) {
	text := func(p, s string) string { return "<" + p + `is><` + p + `t>` + s + "</" + p + "t></" + p + "is>" }
	for name, c := range map[string]struct {
		dialect dialect
		sheet   string
	}{
		"prefix": {transitional(), `<?xml version="1.0"?><x:worksheet xmlns:x="` + transitional().main + `"><x:sheetData>` +
			`<x:row r="1"><x:c r="A1" t="inlineStr">` + text("x:", "external_offer_id") + `</x:c><x:c r="B1" t="inlineStr">` + text("x:", "title") + `</x:c></x:row>` +
			`<x:row r="2"><x:c r="A2" t="inlineStr">` + text("x:", "k-2") + `</x:c></x:row></x:sheetData></x:worksheet>`},
		"no addresses": {transitional(), `<worksheet xmlns="` + transitional().main + `"><sheetData><row><c t="inlineStr">` + text("", "external_offer_id") + `</c><c t="inlineStr">` +
			text("", "title") + `</c></row><row><c t="inlineStr">` + text("", "k-2") + `</c><c/></row></sheetData></worksheet>`},
		"empty rows": {transitional(), `<worksheet xmlns="` + transitional().main + `"><sheetData><row r="1"><c r="A1" t="inlineStr">` + text("", "external_offer_id") +
			`</c><c r="B1" t="inlineStr">` + text("", "title") + `</c></row><row r="2" spans="1:1"><c r="A2" t="inlineStr">` + text("", "k-2") + `</c></row><row r="3"/><row r="9" ht="20"></row></sheetData></worksheet>`},
		"cdata": {transitional(), `<worksheet xmlns="` + transitional().main + `"><!-- </row> --><sheetData><row r="1"><c r="A1" t="inlineStr">` + text("", "external_offer_id") +
			`</c><c r="B1" t="inlineStr">` + text("", "title") + `</c></row><row r='2' ><!-- <c> --><c t='inlineStr' r='A2'>` + text("", "<![CDATA[k-2]]>") + `</c><c r="B2" t="inlineStr">` +
			text("", "<![CDATA[</c></row>]]>") + `</c></row ></sheetData ></worksheet>`},
		"strict": {strict(), `<worksheet xmlns="` + strict().main + `" xmlns:r="` + strict().rel + `"><dimension ref="A1"/><sheetData><row r="1"><c r="A1" t="inlineStr">` +
			text("", "external_offer_id") + `</c><c r="B1" t="inlineStr">` + text("", "title") + `</c></row><row r="2"><c r="A2" t="inlineStr">` + text("", "k-2") + `</c><c r="XFD2" s="3"/></row></sheetData></worksheet>`},
	} {
		t.Run(name, func(t *testing.T) {
			in := rawWorkbook(t, c.dialect, c.sheet)
			r := run{results: []importer.Result{{Key: "k-2", File: "raw.xlsx", Sheet: "Offers", Row: 2, Status: importer.StatusFailed,
				Messages: []sheet.Message{{Level: sheet.LevelError, Cell: "B2", Column: "title", Code: "required", Text: "a <title> & more is missing\x07"}}}}}
			dir, files := write(t, r, in)
			if !slices.Contains(names(files), "results.xlsx") {
				t.Fatalf("files %v", files)
			}
			for _, report := range []string{"results.xlsx", "failed.xlsx"} {
				f := openBook(t, filepath.Join(dir, report))
				rows, err := f.GetRows("Offers")
				if err != nil {
					t.Fatal(err)
				}
				if rows[0][2] != "import status" || rows[1][0] != "k-2" || rows[1][2] != "failed" || !strings.Contains(rows[1][4], "a <title> & more is missing") {
					t.Errorf("%s: rows %q", report, rows)
				}
				if note := notesOf(t, f, "Offers")["B2"]; !strings.HasPrefix(note, "error: a <title> & more") {
					t.Errorf("%s: note %q", report, note)
				}
				if fill := fillOf(t, f, "Offers", "B2"); !strings.EqualFold(fill, fillError) {
					t.Errorf("%s: fill %q", report, fill)
				}
				readTables(t, filepath.Join(dir, report)) // our own reader takes nothing for granted
			}
		})
	}
}

// More offers than a sheet may have links: the rest are links by formula.
func TestManyLinks(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 60,100 rows")
	}
	const rows = maxLinks + 100
	var data strings.Builder
	data.WriteString(`<worksheet xmlns="` + transitional().main + `"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>external_offer_id</t></is></c><c r="B1" t="inlineStr"><is><t>title</t></is></c></row>`)
	r := run{}
	for row := 2; row < rows+2; row++ {
		fmt.Fprintf(&data, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>k</t></is></c></row>`, row, row)
		r.results = append(r.results, importer.Result{Key: "k", Sheet: "Offers", Row: row, Status: importer.StatusCreated, OfferID: int64(row)})
	}
	data.WriteString(`</sheetData></worksheet>`)
	dir, _ := write(t, r, rawWorkbook(t, transitional(), data.String()))
	parts := partsOf(t, filepath.Join(dir, "results.xlsx"))
	xml := parts["xl/worksheets/sheet1.xml"]
	if links, formulas := strings.Count(xml, "<hyperlink "), strings.Count(xml, "<f>HYPERLINK("); links != maxLinks || formulas != 100 {
		t.Errorf("%d links and %d formulas, want %d and 100", links, formulas, maxLinks)
	}
	if n := strings.Count(parts["xl/worksheets/_rels/sheet1.xml.rels"], `TargetMode="External"`); n != maxLinks {
		t.Errorf("%d addresses, want %d", n, maxLinks)
	}
}

// openpyxl, which knows nothing of us, reads the reports.
func TestOpenpyxl(t *testing.T) {
	python := "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import openpyxl").Run(); err != nil {
		t.Skip("openpyxl is not installed")
	}
	dir, _ := write(t, launch("openpyxl.xlsx"), "testdata/openpyxl.xlsx")
	script := `
import sys, openpyxl
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb["Offers"]
print(wb.sheetnames[0], len(wb[wb.sheetnames[0]]._charts), len(ws._charts), ws["S6"].value, ws["T4"].value, ws["T4"].hyperlink.target, ws["E12"].comment.text, ws["E6"].fill.fgColor.rgb, ws["G6"].value, ws["F6"].number_format, ws.freeze_panes, sep="\n")`
	out, err := exec.Command(python, "-c", script, filepath.Join(dir, "results.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := []string{summaryName, "1", "1", "failed", "904", panel(904), "error: `actve` is not a status: active, stopped or suspended. Did you mean active?", fillError, "=LEN(B6)/100", "dd.mm.yyyy", "B4"}
	if got := strings.Split(strings.TrimSpace(string(out)), "\n"); !slices.Equal(got, want) {
		t.Errorf("openpyxl reads %q, want %q", got, want)
	}
}

// In the file of failed offers every row can be seen, and what stood on rows that
// are gone is gone with them.
func TestFailedRows(t *testing.T) {
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	in := rawWorkbook(t, transitional(), `<worksheet xmlns="`+transitional().main+`"><sheetViews><sheetView workbookViewId="0" topLeftCell="A3"><pane ySplit="1" topLeftCell="A4" state="frozen"/>`+
		`<selection pane="bottomLeft" activeCell="B5" sqref="B5:C6"/></sheetView></sheetViews><sheetData><row r="1">`+cell("A1", "external_offer_id")+cell("B1", "title")+`</row>`+
		`<row r="2">`+cell("A2", "k-2")+`</row><row r="3" hidden="1">`+cell("A3", "k-3")+`<c r="B3"><f>A2&amp;"x"</f><v>7</v></c></row><row r="4">`+cell("A4", "k-4")+`</row>`+
		`<row r="5">`+cell("A5", "k-5")+`<c r="B5"><f>A4</f></c></row></sheetData><autoFilter ref="A1:B5"><filterColumn colId="0"><filters><filter val="k-2"/></filters></filterColumn></autoFilter>`+
		`<mergeCells count="3"><mergeCell ref="A2:B2"/><mergeCell ref="C5:D5"/><mergeCell ref="E4:E5"/></mergeCells>`+
		`<conditionalFormatting sqref="A2:A99"><cfRule type="expression" priority="1"><formula>$A2="a"</formula></cfRule></conditionalFormatting>`+
		`<conditionalFormatting sqref="A4:A5"><cfRule type="expression" priority="2"><formula>$A4="b"</formula></cfRule></conditionalFormatting>`+
		`<conditionalFormatting sqref="B4"><cfRule type="duplicateValues" priority="3"/></conditionalFormatting>`+
		`<dataValidations count="2"><dataValidation type="list" sqref="C5"><formula1>$Z$1:$Z$9</formula1></dataValidation><dataValidation type="list" sqref="C4"><formula1>"x,y"</formula1></dataValidation></dataValidations></worksheet>`)
	r := run{}
	for row := 2; row <= 5; row++ {
		status := importer.StatusCreated
		if row == 3 || row == 5 {
			status = importer.StatusFailed
		}
		r.results = append(r.results, importer.Result{Key: fmt.Sprint("k-", row), Sheet: "Offers", Row: row, Status: status})
	}
	r.results[0].OfferID = 1234567890123456789
	dir, _ := write(t, r, in)
	results, failed := partsOf(t, filepath.Join(dir, "results.xlsx")), partsOf(t, filepath.Join(dir, "failed.xlsx"))
	if results["xl/calcChain.xml"] == "" || failed["xl/calcChain.xml"] != "" || strings.Contains(failed["xl/_rels/workbook.xml.rels"], "calcChain") {
		t.Error("the order of calculation must stay with the formulas, and go with them")
	}
	if xml := results["xl/worksheets/sheet1.xml"]; !strings.Contains(xml, ">1234567890123456789</t>") {
		t.Errorf("an id with more digits than a number of a spreadsheet has must be a text: %s", xml)
	}
	xml := failed["xl/worksheets/sheet1.xml"]
	for _, want := range []string{`<row r="2"><c r="A2" t="inlineStr"><is><t>k-3</t></is></c><c r="B2"><v>7</v></c>`,
		`<row r="3"><c r="A3" t="inlineStr"><is><t>k-5</t></is></c><c r="B3" t="inlineStr"><is><t>=A4</t></is></c>`,
		`<autoFilter ref="A1:B5"/>`, `<mergeCells count="1"><mergeCell ref="C3:D3"/></mergeCells>`, `<conditionalFormatting sqref="A2:A99">`,
		`<dataValidations count="1"><dataValidation type="list" sqref="C3">`, `<pane ySplit="1" topLeftCell="A2" state="frozen"/>`, `activeCell="B2" sqref="B2"`, `topLeftCell="A2"`} {
		if !strings.Contains(xml, want) {
			t.Errorf("failed.xlsx lacks %s", want)
		}
	}
	for _, gone := range []string{"hidden", "k-2", "k-4", `$A4="b"`, "duplicateValues", "<f>"} {
		if strings.Contains(strings.Replace(xml, `val="k-2"`, "", 1), gone) {
			t.Errorf("failed.xlsx still has %s", gone)
		}
	}
	if t.Failed() {
		t.Log(xml)
	}
}

// Rows of a tidy sheet are copied the quick way; the same rows in a sheet with one
// that is written oddly are not, and come out the same.
func TestTidyRows(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>external_offer_id</t></is></c><c r="B1" t="inlineStr"><is><t>status</t></is></c><c r="C1"/></row>` +
		`<row r="2" spans="1:2" ht="20"><c r="A2" s="0" t="inlineStr"><is><t>r="B2"&gt;&lt;c r="B2"</t></is></c><c r="B2" t="inlineStr"><is><t>actve</t></is></c></row>` +
		`<row spans="1:9" r="3"><c r="A3"><v>3</v></c></row><row r="4"/><row r="5"><c r="A5"><v>5</v></c><c r="B5" s="0"/><c r="C5" s="0"><v>1</v></c></row>` +
		`<row r="7"></row><row r="8"><c s="0" r="A8"><v>8</v></c><c s="0" r="B8"><v>8</v></c></row>`
	odd := `<row r="9"><!-- odd --><c r="A9"><v>9</v></c></row>`
	r := run{}
	for _, row := range []int{2, 3, 5, 8} {
		res := importer.Result{Key: fmt.Sprint("k-", row), Sheet: "Offers", Row: row, Status: importer.StatusFailed, FinishedAt: finished(row)}
		if row != 5 {
			res.Messages = []sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: fmt.Sprint("B", row), Column: "status", Code: "not_allowed", Text: " no <status> "}}
		}
		r.results = append(r.results, res)
	}
	r.results[2].Status, r.results[2].OfferID = importer.StatusCreated, 77
	sheets := map[bool]map[string]string{}
	for _, tidy := range []bool{true, false} {
		data := rows
		if !tidy {
			data += odd
		}
		in := rawWorkbook(t, transitional(), `<worksheet xmlns="`+transitional().main+`"><sheetData>`+data+`</sheetData></worksheet>`)
		dir, _ := write(t, r, in)
		sheets[tidy] = map[string]string{}
		for _, name := range []string{"results.xlsx", "failed.xlsx"} {
			xml := strings.Replace(partsOf(t, filepath.Join(dir, name))["xl/worksheets/sheet1.xml"], odd, "", 1)
			sheets[tidy][name] = xml[strings.Index(xml, "<sheetData>"):]
		}
	}
	for name, want := range sheets[false] {
		if got := sheets[true][name]; got != want || !strings.Contains(got, `xml:space="preserve"`) || !strings.Contains(got, "no &lt;status&gt;") {
			t.Errorf("%s\n%s\nwant\n%s", name, got, want)
		}
	}
}

// A row may have another prefix than the sheet.
func TestPrefixes(t *testing.T) {
	main := transitional().main
	in := rawWorkbook(t, transitional(), `<x:worksheet xmlns:x="`+main+`" xmlns="`+main+`"><x:sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>external_offer_id</t></is></c></row>`+
		`<row r="2"><c r="A2"><v>2</v></c></row><x:row r="3"><x:c r="A3"><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>`)
	r := run{}
	for row := 2; row <= 3; row++ {
		r.results = append(r.results, importer.Result{Key: fmt.Sprint(row), Sheet: "Offers", Row: row, Status: importer.StatusFailed,
			Messages: []sheet.Message{{Level: sheet.LevelError, Cell: fmt.Sprint("A", row), Code: "bad", Text: "no"}}})
	}
	dir, _ := write(t, r, in)
	xml := partsOf(t, filepath.Join(dir, "results.xlsx"))["xl/worksheets/sheet1.xml"]
	for _, want := range []string{"<x:is><x:t>error: A2: no</x:t></x:is></x:c><x:c r=\"E2\" s=\"1\"/></row>", "<x:is><x:t>error: A3: no</x:t></x:is></x:c><x:c r=\"E3\" s=\"1\"/></x:row>"} {
		if !strings.Contains(xml, want) {
			t.Errorf("no %s in %s", want, xml)
		}
	}
}

// Where every row failed, the file of failed offers is the results but for the
// sheet that tells of them; where a row is left, or formulas are, it is not.
func TestAllFailed(t *testing.T) {
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	rows := `<row r="1">` + cell("A1", "external_offer_id") + cell("B1", "status") + `</row><row r="2">` + cell("A2", "k-2") + cell("B2", "actve") + `</row>`
	for name, test := range map[string]struct {
		third string
		same  bool
	}{
		"all rows":  {`<row r="3">` + cell("A3", "k-3") + cell("B3", "stoped") + `</row>`, true},
		"a formula": {`<row r="3">` + cell("A3", "k-3") + `<c r="B3"><f>A3</f><v>7</v></c></row>`, false},
		"hidden":    {`<row r="3" hidden="1">` + cell("A3", "k-3") + `</row>`, false},
		"more rows": {`<row r="3">` + cell("A3", "k-3") + `</row><row r="4"/>`, false},
	} {
		in := rawWorkbook(t, transitional(), `<worksheet xmlns="`+transitional().main+`"><sheetData>`+rows+test.third+`</sheetData></worksheet>`)
		r := run{}
		for row := 2; row <= 3; row++ {
			r.results = append(r.results, importer.Result{Key: fmt.Sprint("k-", row), Sheet: "Offers", Row: row, Status: importer.StatusFailed, Messages: []sheet.Message{
				{Level: sheet.LevelError, Sheet: "Offers", Cell: fmt.Sprint("B", row), Column: "status", Code: "not_allowed", Text: "no status"}}})
		}
		dir, _ := write(t, r, in)
		results, failed := partsOf(t, filepath.Join(dir, "results.xlsx")), partsOf(t, filepath.Join(dir, "failed.xlsx"))
		sheetXML := "xl/worksheets/sheet1.xml"
		if same := results[sheetXML] == failed[sheetXML]; same != test.same {
			t.Errorf("%s: the sheets are the same: %v\n%s\n%s", name, same, results[sheetXML], failed[sheetXML])
		}
		f := openBook(t, filepath.Join(dir, "failed.xlsx"))
		if got := fillOf(t, f, "Offers", "B2"); got != fillError {
			t.Errorf("%s: B2 is filled with %s", name, got)
		}
		if notes := notesOf(t, f, "Offers"); !strings.Contains(notes["B2"], "no status") {
			t.Errorf("%s: notes %v", name, notes)
		}
		summary := cellsOf(t, f, summaryName)
		if !strings.Contains(summary["A1"], "2 failed offers to mend") || len(f.GetSheetList()) != len(openBook(t, filepath.Join(dir, "results.xlsx")).GetSheetList()) {
			t.Errorf("%s: the summary begins with %q", name, summary["A1"])
		}
	}
}

// The titles that the workbook's properties list get that of the summary.
func TestTitles(t *testing.T) {
	const vt = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
	app := func(n int, title string) string {
		return fmt.Sprintf(`<Properties xmlns:vt="%s"><HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant><vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant><vt:i4>%d</vt:i4></vt:variant></vt:vector></HeadingPairs>`+
			`<TitlesOfParts><vt:vector size="%d" baseType="lpstr">%s<vt:lpstr>Offers</vt:lpstr></vt:vector></TitlesOfParts></Properties>`, vt, n, n, title)
	}
	in := rawWorkbook(t, transitional(), `<worksheet xmlns="`+transitional().main+`"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>external_offer_id</t></is></c><c r="B1" t="inlineStr"><is><t>title</t></is></c></row>`+
		`<row r="2"><c r="A2"><v>1</v></c></row></sheetData></worksheet>`, [2]string{"docProps/app.xml", app(1, "")})
	z := partsOf(t, in)
	z["_rels/.rels"] = strings.Replace(z["_rels/.rels"], "</Relationships>", `<Relationship Id="rId9" Type="`+transitional().rel+`/extended-properties" Target="docProps/app.xml"/></Relationships>`, 1)
	var out bytes.Buffer
	zw := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(z)) {
		w, _ := zw.Create(name)
		io.WriteString(w, z[name])
	}
	zw.Close()
	if err := os.WriteFile(in, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run{results: []importer.Result{{Key: "1", Sheet: "Offers", Row: 2, Status: importer.StatusCreated}}}
	dir, _ := write(t, r, in)
	if got, want := partsOf(t, filepath.Join(dir, "results.xlsx"))["docProps/app.xml"], app(2, "<vt:lpstr>Import summary</vt:lpstr>"); got != want {
		t.Errorf("app.xml %s\nwant %s", got, want)
	}
}

// Every part of a report is XML that any reader takes: the library that wrote
// the input writes <col …></col>, others <col …/>.
func TestPartsAreXML(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "Offers")
	f.SetSheetRow("Offers", "A1", &[]any{"external_offer_id", "title", "status"})
	f.SetSheetRow("Offers", "A2", &[]any{"k-2", "One", "actve"})
	for i, width := range []float64{22, 46, 10} {
		col := sheet.ColumnName(i)
		if err := f.SetColWidth("Offers", col, col, width); err != nil {
			t.Fatal(err)
		}
	}
	in := filepath.Join(t.TempDir(), "launch.xlsx")
	if err := f.SaveAs(in); err != nil {
		t.Fatal(err)
	}
	l := launch("launch.xlsx")
	l.results = []importer.Result{{Key: "k-2", File: "launch.xlsx", Sheet: "Offers", Row: 2, Status: importer.StatusFailed,
		Messages: []sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "C2", Column: "status", Code: "not_allowed", Text: "`actve` is not a status"}}}}
	dir := t.TempDir()
	_, err := Write(t.Context(), l.whole(), options(dir, []TableInfo{{File: "launch.xlsx", Path: in, Sheet: "Offers", HeaderRow: 1,
		Columns: []string{"external_offer_id", "title", "status"}, Facts: sheet.Facts{Format: "xlsx"}}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"results.xlsx", "failed.xlsx"} {
		for part, text := range partsOf(t, filepath.Join(dir, name)) {
			for dec := xml.NewDecoder(strings.NewReader(text)); ; {
				if _, err := dec.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s, %s: %v", name, part, err)
				}
			}
		}
	}
}
