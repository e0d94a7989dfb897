package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// oracleCell is a cell as it was written, and as dumpCell should show it.
type oracleCell struct {
	value any // nil = left out
	want  string
}

func (c oracleCell) blank() bool {
	text, isText := c.value.(string)
	return c.value == nil || isText && strings.TrimSpace(text) == ""
}

func drawCell(t *rapid.T) oracleCell {
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		text := rapid.StringMatching(`[ -~äж日_\n\t😀]{1,20}`).Draw(t, "text")
		return oracleCell{text, "t:" + text}
	case 1:
		n := rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "int")
		return oracleCell{n, "n:" + strconv.FormatInt(n, 10)}
	case 2:
		// Of longer ones excelize cuts off digits where Excel rounds.
		f := float64(rapid.Int64Range(-1e14, 1e14).Draw(t, "float")) / math.Pow10(rapid.IntRange(1, 20).Draw(t, "point"))
		return oracleCell{f, "n:" + shortDecimal(f)}
	case 3:
		b := rapid.Bool().Draw(t, "bool")
		return oracleCell{b, "b:" + strings.ToUpper(strconv.FormatBool(b))}
	case 4:
		at := time.Unix(rapid.Int64Range(-2_000_000_000, 4_000_000_000).Draw(t, "time"), 0).UTC()
		return oracleCell{at, "d:" + strings.TrimSuffix(at.Format(time.DateTime), " 00:00:00")} // excelize's formats
	case 5:
		runs := []excelize.RichTextRun{{Text: "bold ", Font: &excelize.Font{Bold: true}}, {Text: " plain"}}
		return oracleCell{runs, "t:bold  plain"}
	case 6:
		formula := rapid.SampledFrom([]string{"SUM(A1:B2)", `A1&"<"`, "1>2"}).Draw(t, "formula")
		return oracleCell{excelFormula(formula), "f:=" + formula}
	}
	return oracleCell{nil, "-"}
}

type excelFormula string

// shortDecimal is a number with 15 digits, by way of the standard library alone.
func shortDecimal(f float64) string {
	back, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	if err != nil || back == 0 {
		return "0"
	}
	return strconv.FormatFloat(back, 'f', -1, 64)
}

func writeCell(f *excelize.File, sheet, at string, value any) error {
	switch v := value.(type) {
	case nil:
		return nil
	case []excelize.RichTextRun:
		return f.SetCellRichText(sheet, at, v)
	case excelFormula:
		return f.SetCellFormula(sheet, at, string(v))
	}
	return f.SetCellValue(sheet, at, value)
}

// What excelize writes we read with its type, and so does excelize.
func TestAgainstExcelize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := excelize.NewFile()
		defer f.Close()
		grid := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawCell), 1, 6), 1, 6).Draw(t, "grid")
		err := f.SetSheetRow("Sheet1", "A1", &[]string{"h1", "h2", "h3", "h4", "h5", "h6"})
		var want []string
		for i, row := range grid {
			var line []string
			for col, cell := range row {
				err = errors.Join(err, writeCell(f, "Sheet1", Address(col, i+2), cell.value))
				line = append(line, cell.want)
			}
			for len(line) > 0 && line[len(line)-1] == "-" {
				line = line[:len(line)-1]
			}
			if slices.ContainsFunc(row, func(c oracleCell) bool { return !c.blank() }) {
				want = append(want, fmt.Sprintf("%d: %s", i+2, strings.Join(line, " ")))
			}
		}
		file, writeErr := f.WriteToBuffer()
		if err = errors.Join(err, writeErr); err != nil {
			t.Fatal(err)
		}
		compareRows(t, file.Bytes(), want)
		compareRows(t, slowly(t, file.Bytes()), want)
		compareRaw(t, file.Bytes())
	})
}

func compareRows(t *rapid.T, file []byte, want []string) {
	book, err := openBytes(file, Options{HeaderRow: 1})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range book.Tables[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d: %s", row.Number, dumpCells(row.Cells)))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("%q\nwant\n%q", got, want)
	}
}

// compareRaw compares every cell's text with what excelize reads.
func compareRaw(t *rapid.T, file []byte) {
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	book, err := openBytes(file, Options{HeaderRow: 1})
	if err != nil {
		t.Fatal(err)
	}
	for row := range book.Tables[0].Rows() {
		for col, cell := range row.Cells {
			raw, err := f.GetCellValue("Sheet1", row.Address(col), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if !sameAsRaw(cell, raw) {
				t.Fatalf("%s: %s, excelize %q", row.Address(col), dumpCell(cell), raw)
			}
		}
	}
}

func sameAsRaw(c Cell, raw string) bool {
	switch c.Kind {
	case Number:
		ours, err1 := strconv.ParseFloat(c.Text, 64)
		theirs, err2 := strconv.ParseFloat(raw, 64)
		return err1 == nil && err2 == nil && math.Abs(ours-theirs) <= math.Abs(theirs)*1e-14
	case Bool:
		return raw == map[string]string{"TRUE": "1", "FALSE": "0"}[c.Text]
	case Date:
		serial, err := strconv.ParseFloat(raw, 64)
		at, err2 := excelize.ExcelDateToTime(serial, false)
		return err == nil && err2 == nil && strings.TrimSuffix(at.Round(time.Second).Format(time.DateTime), " 00:00:00") == c.Text
	case Formula, Blank:
		return raw == ""
	}
	return c.Text == raw
}

// slowly is the same workbook with its cells in a form that quickCell does not read.
func slowly(tb interface{ Fatal(...any) }, file []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range z.File {
		src, err := part.Open()
		if err != nil {
			tb.Fatal(err)
		}
		text, err := io.ReadAll(src)
		if strings.Contains(part.Name, "sheet") && !bytes.Contains(text, []byte("<!")) {
			text = bytes.ReplaceAll(text, []byte("<c "), []byte("<c\t"))
		}
		dst, err2 := w.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Store})
		if _, err3 := dst.Write(text); errors.Join(err, err2, err3) != nil {
			tb.Fatal(err, err2, err3)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// Whatever stands in a workbook's parts, it is read or refused with a proper
// error, and both ways to read it agree.
func FuzzWorkbookParts(f *testing.F) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d.m.yy"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>`
	f.Add(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c s="1"><v>46085</v></c></row></sheetData>`, `<sst><si><t>a</t></si></sst>`, styles)
	f.Add(`<cols><col min="1" max="2" hidden="1"/></cols><sheetData><row hidden="1"><c t="b"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, ``, ``)
	f.Add(`<sheetData><row r="3"><c r="C3" t="inlineStr"><is><r><t>x</t></r></is></c></row></sheetData><autoFilter ref="A1:B2"><filterColumn/></autoFilter>`, `<sst/>`, `<a/>`)
	f.Add(`<sheetData><row><c t="d"><v>2026-03-04</v></c><c t="e"><v>#N/A</v></c><c><f>1</f></c></row></sheetData>`, `<sst><si/></sst>`, styles)
	f.Add(`<sheetData><row r="1"/><c r="A1"><v>1</v></c></sheetData>`, ``, ``)
	f.Add(`<sheetData><row r="1"><![CDATA[`+strings.Repeat(" ", xmlBuffer)+`<c r="A1"><v>1</v></c>]]><c r="B1"><v>2</v></c></row></sheetData>`, ``, ``)
	f.Add(`<sheetData><row r="1"><c r="A1" r="A1"><v>1</v></c><c t="s"><v>]]</v></c></row></sheetData>`, ``, ``)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		file := pack(t, partsOfSheet(sheet, map[string]string{"xl/sharedStrings.xml": shared, "xl/styles.xml": styles}), zip.Store)
		got, err := readDump(file)
		if err != nil {
			if strings.Contains(err.Error(), "no proper FileError") {
				t.Fatal(err)
			}
			return
		}
		if again, err := readDump(file); err != nil || again != got {
			t.Fatalf("%s, then %s, %v", got, again, err)
		}
		if again, err := readDump(slowly(t, file)); err != nil || again != got {
			t.Fatalf("%s, the long way %s, %v", got, again, err)
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
	})
}
