package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// zipOf packs parts into a zip, in the order of their names.
func zipOf(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	return pack(tb, parts, zip.Deflate)
}

func pack(tb testing.TB, parts map[string]string, method uint16) []byte {
	tb.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(parts[name]))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// partsOfSheet are a whole workbook's parts with the sheet Offers, given by what
// stands within its worksheet element, and further parts or other ones.
func partsOfSheet(sheet string, more map[string]string) map[string]string {
	parts := plainParts("Offers")
	parts["xl/worksheets/sheet1.xml"] = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r">` + sheet + `</worksheet>`
	maps.Copy(parts, more)
	maps.DeleteFunc(parts, func(_, text string) bool { return text == "" })
	return parts
}

func openBytes(file []byte, opts Options) (*Book, error) {
	return openWorkbook("a.xlsx", bytes.NewReader(file), int64(len(file)), opts)
}

// knows knows some headers.
func knows(names ...string) func(string) bool {
	return func(header string) bool { return slices.Contains(names, strings.ToLower(header)) }
}

// dumpCell writes a cell down as its kind's letter and its text.
func dumpCell(c Cell) string {
	if c.Kind == Blank {
		return "-"
	}
	return string("-tndbef"[c.Kind]) + ":" + c.Text
}

func dumpCells(cells []Cell) string {
	var texts []string
	for _, c := range cells {
		texts = append(texts, dumpCell(c))
	}
	return strings.Join(texts, " ")
}

// dumpTable writes down a table's header and rows, and what its notes' codes are.
func dumpTable(tb testing.TB, table *Table) string {
	tb.Helper()
	lines := []string{fmt.Sprintf("%d> %s", table.HeaderRow, dumpCells(table.Header))}
	for row, err := range table.Rows() {
		if err != nil {
			lines = append(lines, "error "+err.Error())
			break
		}
		if row.Table != table || row.Line != 0 || len(row.Flaws) > 0 {
			tb.Errorf("row %+v", row)
		}
		lines = append(lines, fmt.Sprintf("%d: %s", row.Number, dumpCells(row.Cells)))
	}
	for _, below := range table.Below {
		lines = append(lines, fmt.Sprintf("below: %d to %d, %s", below.Row, below.Last, dumpCells(below.Header)))
	}
	return strings.Join(lines, "\n")
}

func noteCodes(notes []Message) string {
	var codes []string
	for _, n := range notes {
		codes = append(codes, n.Code)
	}
	return strings.Join(codes, " ")
}

const header1 = `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>value</t></is></c></row>`

// Each case is what stands within the worksheet element, and what is read of it.
func TestSheets(t *testing.T) {
	styles := map[string]string{
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy&quot; г.&quot;"/><numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>` +
			`<dxfs><dxf><numFmt numFmtId="165" formatCode="yyyy"/></dxf></dxfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>` +
			`<si><t>漢字</t><rPh sb="0" eb="2"><t>カンジ</t></rPh><phoneticPr fontId="1"/></si><si><t>a_x000D_` + "\n" + `b_x005F_x000D_ _xZZZZ_ _xD83D__xDE00_</t></si>` +
			`<si><t xml:space="preserve"> x </t></si><si/><si><t><![CDATA[<&>]]></t></si></sst>`,
	}
	cells := func(cells string) string {
		return `<sheetData>` + header1 + `<row r="2">` + cells + `</row></sheetData>`
	}
	for name, c := range map[string]struct{ sheet, want string }{
		"shared strings": {cells(`<c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="s"><v>3</v></c><c r="E2" t="s"><v>4</v></c><c r="F2" t="s"><v>5</v></c><c r="G2" t="s"><v>6</v></c>`),
			"t:plain t:rich text t:漢字 t:a\r\nb_x000D_ _xZZZZ_ 😀 t: x  - t:<&>"},
		"inline": {cells(`<c r="A2" t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c><c r="B2"><is><t>c_x0041_</t></is></c><c r="C2" t="inlineStr"><v>d</v></c>`),
			"t:a b t:cA t:d"},
		"numbers": {cells(`<c r="A2"><v>1.1000000000000001</v></c><c r="B2" t="n"><v>12345678901234567890</v></c><c r="C2" s="4"><v>0.155</v></c><c r="D2"><v>1,5</v></c><c r="E2"/><c r="F2"><v></v></c><c r="G2"><v>7</v></c>`),
			"n:1.1 n:12345678901234567890 n:0.155 t:1,5 - - n:7"},
		"dates": {cells(`<c r="A2" s="1"><v>46085</v></c><c r="B2" s="2"><v>46085.75</v></c><c r="C2" s="3"><v>0.75</v></c><c r="D2" s="5"><v>46085</v></c><c r="E2" s="6"><v>1.5</v></c><c r="F2" s="1"><v>-5</v></c><c r="G2" t="d" s="1"><v>2026-03-04T00:00:00</v></c><c r="H2" t="d"><v>soon</v></c>`),
			"d:2026-03-04 d:2026-03-04 18:00:00 d:18:00:00 d:2026-03-04 n:1.5 n:-5 d:2026-03-04 t:soon"},
		"others": {cells(`<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="str"><v>a_x000D_b</v></c>`),
			"b:TRUE b:FALSE e:#N/A t:a\rb"},
		"formulas": {cells(`<c r="A2"><f>1+2</f><v>3</v></c><c r="B2"><f>1+2</f></c><c r="C2"><f>B2</f><v></v></c><c r="D2" t="str"><f>""</f><v></v></c><c r="E2" t="str"><f>X()</f></c><c r="F2" s="1"><f t="shared" si="0"/><v>46085</v></c><c r="G2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="H2"><f>A2&amp;"&lt;"</f></c>`),
			`n:3 f:=1+2 f:=B2 - f:=X() d:2026-03-04 e:#DIV/0! f:=A2&"<"`},
		"gaps":               {cells(`<c r="C2"><v>3</v></c><c r="AA2"><v>27</v></c>`), "- - n:3" + strings.Repeat(" -", 23) + " n:27"},
		"no references":      {`<sheetData>` + header1 + `<row><c><v>1</v></c><c/><c><v>3</v></c><c r="F2"><v>6</v></c><c><v>7</v></c></row></sheetData>`, "n:1 - n:3 - - n:6 n:7"},
		"cells in a section": {`<sheetData>` + header1 + `<row r="2"><![CDATA[` + strings.Repeat(" ", xmlBuffer) + `<c r="A2"><v>1</v></c>]]><c r="B2"><v>2</v></c></row></sheetData>`, "- n:2"},
		"prefixes, comments, extensions": {`<x:sheetData xmlns:x="y" xmlns:e="z">` + header1 + `<!-- c --><x:row r="2" e:r="9"><x:c r="A2" e:t="s"><x:v>1<!-- c -->2</x:v><e:v2>3</e:v2></x:c><x:extLst><x:ext><x:c r="A1"/></x:ext></x:extLst></x:row></x:sheetData><extLst><ext><sheetData/></ext></extLst>`,
			"n:12"},
	} {
		book, err := openBytes(zipOf(t, partsOfSheet(c.sheet, styles)), Options{Known: knows("id", "value")})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := "1> t:id t:value\n2: " + c.want
		if got := dumpTable(t, book.Tables[0]); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestCellDetails(t *testing.T) {
	file := zipOf(t, partsOfSheet(`<sheetData>`+header1+`<row r="2"><c r="A2" s="1"><v>46085</v></c><c r="B2"><v>1234567890123456</v></c><c r="C2"><v>x</v></c><c r="D2" s="1" t="inlineStr"><is><t>y</t></is></c></row></sheetData>`, nil))
	book, err := openBytes(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for row := range book.Tables[0].Rows() {
		if f := row.Cells[0].Format; f != "m/d/yyyy" || row.Cells[3].Format != f || row.Cells[1].Format != "" {
			t.Errorf("formats %+v", row.Cells)
		}
		if r := row.Cells[1].Repair; !strings.Contains(r, "15 digits") || row.Cells[0].Repair != "" {
			t.Errorf("repairs %+v", row.Cells)
		}
		if r := row.Cells[2].Repair; !strings.Contains(r, `"x" as a number`) {
			t.Errorf("repairs %+v", row.Cells)
		}
	}
	if f := book.Tables[0].Facts; f != (Facts{Format: "xlsx"}) {
		t.Errorf("%+v", f)
	}
}

// What a sheet breaks that a person can see in no other way than by an error.
func TestSheetErrors(t *testing.T) {
	cells := func(cells string) string {
		return `<sheetData>` + header1 + `<row r="2">` + cells + `</row></sheetData>`
	}
	for sheet, want := range map[string]string{
		cells(`<c r="B2"><v>1</v></c><c r="A2"><v>2</v></c>`):                                 "Offers!A2: the sheet Offers is damaged after row 1: A2 stands after B2",
		cells(`<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>`):                                 "A2 stands after A2",
		cells(`<c r="A3"><v>1</v></c>`):                                                       `is called "A3" though it stands in row 2`,
		cells(`<c r="2"><v>1</v></c>`):                                                        `is called "2"`,
		cells(`<c r="XFE2"><v>1</v></c>`):                                                     "past the last column",
		cells(`<c r="A2" t="x"><v>1</v></c>`):                                                 `type "x" is not known`,
		cells(`<c r="A2" t="s"><v>0</v></c>`):                                                 "names a text that the workbook does not hold",
		cells(`<c r="A2" t="s"><v>-1</v></c>`):                                                `names its text by "-1"`,
		cells(`<c r="A2" t="b"><v>2</v></c>`):                                                 `is "2" where TRUE or FALSE should be`,
		cells(`<c r="A2" s="9"><v>1</v></c>`):                                                 "style 9 is not among",
		cells(`<c r="A2" s="x"><v>1</v></c>`):                                                 "is not a number",
		`<sheetData>` + header1 + `<row r="3"/><row r="2"/></sheetData>`:                      "Offers!2: the sheet Offers is damaged after row 3: 2 stands after row 3",
		`<sheetData>` + header1 + `<row r="1"/></sheetData>`:                                  "stands after row 1",
		`<sheetData>` + header1 + `<row r="1048577"/></sheetData>`:                            "past the last row",
		`<sheetData>` + header1 + `<row r="x"/></sheetData>`:                                  "no proper number",
		`<sheetData>` + header1 + `</sheetData><sheetData/>`:                                  "rows twice",
		`<sheetData>` + header1 + `<row r="3"/><c r="A3"><v>3</v></c></sheetData>`:            "it holds <c> where a row should be",
		cells(`<c r="A2" r="A2"><v>1</v></c>`):                                                "an attribute stands twice",
		cells(`<v>3</v>`):                                                                     "it holds <v> where a cell should be",
		`<sheetViews/>`:                                                                       "no rows",
		`<sheetData>` + header1 + `<row r="2"><c r="A2"><v>1</v></row></sheetData>`:           "another closing tag stands where </c> should",
		`<sheetData>` + header1 + `<row r="2"><c r="A2"><v>&x;</v></c></row></sheetData>`:     "entity",
		`<sheetData>` + header1 + `</sheetData><mergeCells><mergeCell ref="B"/></mergeCells>`: `"B" is no range`,
		`<sheetData>` + header1 + `<row r="2"/></sheetData><mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>`: "B2:C3 is merged, and so is A1:B2",
		`<mergeCells><mergeCell ref="A1:B2"/></mergeCells><sheetData>` + header1 + `</sheetData>`:                                     "merged cells are not listed where",
	} {
		err := readError(zipOf(t, partsOfSheet(sheet, nil)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "open it in Excel") {
			t.Errorf("%.120s:\n%v\nwant %s", sheet, err, want)
		}
	}
}

// readError reads everything there is and returns the first error.
func readError(file []byte) error {
	book, err := openBytes(file, Options{})
	if err != nil {
		return asFileError(err)
	}
	for _, table := range book.Tables {
		for _, err := range table.Rows() {
			if err != nil {
				return asFileError(err)
			}
		}
	}
	return nil
}

func asFileError(err error) error {
	var told *FileError
	if !errors.As(err, &told) || told.File != "a.xlsx" || told.Code == "" {
		return fmt.Errorf("%w is no proper FileError", err)
	}
	return err
}

func TestWorkbookErrors(t *testing.T) {
	sheet := `<sheetData>` + header1 + `</sheetData>`
	for name, c := range map[string]struct {
		parts map[string]string
		want  string
	}{
		"no workbook":      {map[string]string{"xl/workbook.xml": ""}, "list of sheets is missing"},
		"no sheet":         {map[string]string{"xl/worksheets/sheet1.xml": ""}, "sheet Offers is missing"},
		"no links":         {map[string]string{"xl/_rels/workbook.xml.rels": ""}, "sheet Offers is missing"},
		"damaged workbook": {map[string]string{"xl/workbook.xml": "<workbook><sheets></workbook>"}, "part xl/workbook.xml is damaged: another closing tag"},
		"damaged styles":   {map[string]string{"xl/styles.xml": "<styleSheet>"}, "part xl/styles.xml is damaged"},
		"entities":         {map[string]string{"xl/workbook.xml": `<!DOCTYPE x [<!ENTITY a "b">]><workbook/>`}, "document type"},
		"chart as sheet":   {map[string]string{"xl/worksheets/sheet1.xml": "<chartsheet/>"}, "<chartsheet> in place of <worksheet>"},
		"empty sheet part": {map[string]string{"xl/worksheets/sheet1.xml": " "}, "before its first row"},
		"no rows":          {map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>"}, "every sheet is empty or hidden"},
		"no sheets":        {map[string]string{"xl/workbook.xml": "<workbook/>"}, "every sheet is empty or hidden"},
		"twice":            {map[string]string{"XL/Styles.xml": "<styleSheet/>"}, "twice"},
		"twice by slash":   {map[string]string{`xl\styles.xml`: "<styleSheet/>"}, "twice"},
	} {
		err := readError(zipOf(t, partsOfSheet(sheet, c.parts)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if err := readError([]byte("PK but no zip")); err == nil || !strings.Contains(err.Error(), "not a whole workbook") {
		t.Error(err)
	}
}

func TestDamagedSharedStrings(t *testing.T) {
	sheet := `<sheetData>` + header1 + `<row r="2"><c r="A2" t="s"><v>0</v></c></row></sheetData>`
	for _, strings := range []string{`<sst><si><t>a</t></si>`, `<sst><si><t>a</t></si></sst><sst/>`, `<sst><si><t>&b;</t></si></sst>`} {
		if err := readError(zipOf(t, partsOfSheet(sheet, map[string]string{"xl/sharedStrings.xml": strings}))); err == nil {
			t.Errorf("%s is read", strings)
		}
	}
}

// Files of other programs: other paths, names and namespaces for the same things.
func TestPartNames(t *testing.T) {
	const sheet = `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData><row><c t="s"><v>0</v></c></row><row><c s="1"><v>46085</v></c></row></sheetData></worksheet>`
	const links = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
	for name, target := range map[string]string{
		"relative": "worksheets/sheet 1.xml", "absolute": "/xl/worksheets/sheet 1.xml", "escaped": "worksheets/sheet%201.xml",
		"odd case": "Worksheets/SHEET 1.XML", "backslashes": `worksheets\sheet 1.xml`, "dots": "../xl/./worksheets/sheet 1.xml",
	} {
		for _, path := range []string{"xl/worksheets/sheet 1.xml", `xl\worksheets\sheet 1.xml`, "XL/WorkSheets/Sheet 1.xml", "/xl/worksheets/sheet 1.xml"} {
			parts := map[string]string{
				"_rels/.rels":   `<Relationships><Relationship Id="x" Type="` + links + `officeDocument" Target="/xl/Book.xml"/></Relationships>`,
				"xl/book.xml":   `<b:workbook xmlns:b="b" xmlns:rel="r"><b:workbookPr date1904="true"/><b:sheets><b:sheet name="A &amp; B" sheetId="1" rel:id="q"/></b:sheets></b:workbook>`,
				"xl/texts.xml":  `<sst><si><t>day</t></si></sst>`,
				"xl/styles.xml": `<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`,
				path:            sheet,
				"xl/_rels/book.xml.rels": `<Relationships><Relationship Id="q" Type="` + links + `worksheet" Target="` + target + `"/>` +
					`<Relationship Id="s" Type="` + links + `sharedStrings" Target="texts.xml"/><Relationship Id="t" Type="` + links + `styles" Target="styles.xml"/></Relationships>`,
			}
			book, err := openBytes(zipOf(t, parts), Options{})
			if err != nil {
				t.Errorf("%s, %s: %v", name, path, err)
				continue
			}
			table := book.Tables[0]
			if got := dumpTable(t, table); got != "1> t:day\n2: d:2030-03-05" || table.Sheet != "A & B" || !table.Facts.Date1904 {
				t.Errorf("%s, %s: %s %+v", name, path, got, table)
			}
		}
	}
}

// Without styles and shared strings a workbook can still be read, if it does not
// say that it has some.
func TestMissingParts(t *testing.T) {
	number := `<sheetData>` + header1 + `<row r="2"><c r="A2" s="3"><v>5</v></c></row></sheetData>`
	parts := partsOfSheet(number, map[string]string{"xl/styles.xml": "", "_rels/.rels": "",
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`})
	book, err := openBytes(zipOf(t, parts), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dumpTable(t, book.Tables[0]); got != "1> t:id t:value\n2: n:5" {
		t.Error(got)
	}
	if err := readError(zipOf(t, partsOfSheet(number, map[string]string{"xl/styles.xml": ""}))); err == nil {
		t.Error("a number is read whose style is missing")
	}
	table := `<sheetData>` + header1 + `</sheetData><tableParts><tablePart r:id="t"/></tableParts>`
	if err := readError(zipOf(t, partsOfSheet(table, nil))); err == nil || !strings.Contains(err.Error(), "a table of its sheet Offers is missing") {
		t.Error(err)
	}
}

func TestSheetChoice(t *testing.T) {
	parts := partsOfSheet(`<sheetData>`+header1+`<row r="2"><c r="A2"><v>5</v></c></row></sheetData>`, nil)
	same := parts["xl/worksheets/sheet1.xml"]
	maps.Copy(parts, map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="Offers" r:id="1"/><sheet name="Old" state="hidden" r:id="2"/><sheet name="Secret" state="veryHidden" r:id="3"/>` +
			`<sheet name="Chart" r:id="4"/><sheet name="Macro" r:id="5"/><sheet name="Dialog" r:id="6"/><sheet name="Empty" r:id="7"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="2" Type="t/worksheet" Target="worksheets/sheet2.xml"/>` +
			`<Relationship Id="3" Type="t/worksheet" Target="worksheets/sheet3.xml"/><Relationship Id="4" Type="t/chartsheet" Target="chartsheets/sheet1.xml"/>` +
			`<Relationship Id="5" Type="t/xlMacrosheet" Target="macro.xml"/><Relationship Id="6" Type="t/dialogsheet" Target="dialog.xml"/><Relationship Id="7" Type="t/worksheet" Target="worksheets/sheet7.xml"/></Relationships>`,
		"xl/worksheets/sheet2.xml": same, "xl/worksheets/sheet3.xml": same,
		"xl/worksheets/sheet7.xml": `<worksheet><sheetData><row r="1"><c r="A1" s="1"/></row></sheetData></worksheet>`,
	})
	file := zipOf(t, parts)
	for _, c := range []struct {
		asked         []string
		tables, notes string
	}{
		{nil, "Offers", "hidden_sheet hidden_sheet empty_sheet"},
		{[]string{" offers "}, "Offers", ""},
		{[]string{"OLD", "Secret"}, "Old Secret", ""},
		{[]string{"nothing"}, "", ""},
	} {
		book, err := openBytes(file, Options{Sheets: c.asked})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, table := range book.Tables {
			names = append(names, table.Sheet)
		}
		if got := strings.Join(names, " "); got != c.tables || noteCodes(book.Notes) != c.notes {
			t.Errorf("%v: %s, %+v", c.asked, got, book.Notes)
		}
	}
}
