package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Both read the same file: 30 columns of which 18 are text, a third of them with
// a text of their own in every row, 6 numbers, 3 dates and 3 flags.
func BenchmarkXLSX(b *testing.B) {
	const rows = 5000
	var file bytes.Buffer
	writeOffers(b, &file, rows)
	read := func(b *testing.B, count func() int) {
		b.ReportAllocs()
		for b.Loop() {
			if n := count(); n != rows {
				b.Fatalf("read %d rows", n)
			}
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	}
	b.Run("ours", func(b *testing.B) {
		read(b, func() int { return countOurs(b, file.Bytes()) })
	})
	b.Run("excelize_rows", func(b *testing.B) {
		read(b, func() int { return countExcelize(b, file.Bytes()) })
	})
}

func countOurs(tb testing.TB, file []byte) (n int) {
	book, err := openWorkbook("bench.xlsx", bytes.NewReader(file), int64(len(file)), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	for row, err := range book.Tables[0].Rows() {
		if err != nil || len(row.Cells) != 30 {
			tb.Fatal(row, err)
		}
		n++
	}
	return n
}

func countExcelize(tb testing.TB, file []byte) (n int) {
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true})
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("Offers")
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if cells, err := rows.Columns(); err != nil || len(cells) != 30 {
			tb.Fatal(cells, err)
		}
		n++
	}
	return n - 1
}

// writeOffers writes a workbook as Excel does: with shared strings.
func writeOffers(tb testing.TB, w io.Writer, rows int) {
	z := zip.NewWriter(w)
	part := func(name, text string) {
		p, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(p, text)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	for name, text := range plainParts("Offers") {
		part(name, text)
	}
	var sheet, strings bytes.Buffer
	count := 0
	shared := func(text string) int {
		fmt.Fprintf(&strings, "<si><t>%s</t></si>", text)
		count++
		return count - 1
	}
	common := shared("a text that many rows have")
	sheet.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">`)
	for col := range 30 {
		fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, Address(col, 1), shared("column "+ColumnName(col)))
	}
	sheet.WriteString("</row>")
	for row := 2; row <= rows+1; row++ {
		fmt.Fprintf(&sheet, `<row r="%d">`, row)
		for col := range 30 {
			at := Address(col, row)
			switch {
			case col < 6:
				fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, at, shared(fmt.Sprintf("text %d of %d", col, row)))
			case col < 18:
				fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, at, common)
			case col < 24:
				fmt.Fprintf(&sheet, `<c r="%s"><v>%d.%d</v></c>`, at, row, col)
			case col < 27:
				fmt.Fprintf(&sheet, `<c r="%s" s="1"><v>%d</v></c>`, at, 40000+row%10000)
			default:
				fmt.Fprintf(&sheet, `<c r="%s" t="b"><v>%d</v></c>`, at, row%2)
			}
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString("</sheetData></worksheet>")
	part("xl/worksheets/sheet1.xml", sheet.String())
	part("xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+strings.String()+"</sst>")
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
}

// plainParts are a workbook's parts but for its one sheet and its shared strings.
// Style 1 is a date.
func plainParts(sheet string) map[string]string {
	const (
		main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		docs = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		pack = "http://schemas.openxmlformats.org/package/2006/"
	)
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="` + pack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":     `<Relationships xmlns="` + pack + `relationships"><Relationship Id="r1" Type="` + docs + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="` + main + `" xmlns:r="` + docs + `"><sheets><sheet name="` + sheet + `" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + pack + `relationships"><Relationship Id="r1" Type="` + docs + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + docs + `/styles" Target="styles.xml"/><Relationship Id="r3" Type="` + docs + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet xmlns="` + main + `"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
	}
}
