package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// soundWorkbook is a workbook with something of everything, and what it holds.
func soundWorkbook(tb testing.TB) (parts map[string]string, want string) {
	var sheet, shared strings.Builder
	sheet.WriteString(`<cols><col min="9" max="9" hidden="1"/></cols><sheetData>` + textCells(1, "", "id", "a", "b", "c"))
	for row := 2; row < 25; row++ {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" s="1"><v>%d</v></c><c r="D%d" t="b"><v>1</v></c></row>`,
			row, row, row*7919, row, row-2, row, 46000+row, row)
		fmt.Fprintf(&shared, "<si><t>text %d</t></si>", row)
	}
	sheet.WriteString(`</sheetData><mergeCells><mergeCell ref="A5:B5"/></mergeCells><tableParts><tablePart r:id="t"/></tableParts>`)
	parts = partsOfSheet(sheet.String(), map[string]string{
		"xl/sharedStrings.xml":                "<sst>" + shared.String() + "</sst>",
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="t" Type="x/table" Target="../tables/table1.xml"/></Relationships>`,
		"xl/tables/table1.xml":                `<table ref="A1:D24" totalsRowCount="1"/>`,
	})
	want, err := readDump(zipOf(tb, parts))
	if err != nil || strings.Count(want, "\n") != 23 || !strings.Contains(want, "2: n:15838 t:text 2 d:2025-12-11 b:TRUE\n") {
		tb.Fatal(want, err)
	}
	return parts, want
}

// readDump reads a whole workbook into a text, with what its notes say.
func readDump(file []byte) (string, error) {
	book, err := openBytes(file, Options{})
	if err != nil {
		return "", asFileError(err)
	}
	var b strings.Builder
	for _, table := range book.Tables {
		fmt.Fprintf(&b, "%s %d> %s\n", table.Sheet, table.HeaderRow, dumpCells(table.Header))
		for row, err := range table.Rows() {
			if err != nil {
				return "", asFileError(err)
			}
			fmt.Fprintf(&b, "%d: %s\n", row.Number, dumpCells(row.Cells))
		}
		b.WriteString(noteCodes(table.Notes))
	}
	return b.String(), nil
}

// However a file is damaged, it is refused or read right: never are rows missing
// without an error.
func TestDamage(t *testing.T) {
	t.Parallel()
	parts, want := soundWorkbook(t)
	file := zipOf(t, parts)
	check := func(t interface{ Fatalf(string, ...any) }, how string, damaged []byte) {
		if got, err := readDump(damaged); err == nil && got != want {
			t.Fatalf("%s: %s\nwant %s", how, got, want)
		} else if err != nil && strings.Contains(err.Error(), "no proper FileError") {
			t.Fatalf("%s: %v", how, err)
		}
	}
	for i := range file {
		if i%5 == 0 {
			check(t, fmt.Sprintf("cut at %d", i), file[:i])
		}
		damaged := bytes.Clone(file)
		damaged[i] ^= 1 << (i % 8)
		check(t, fmt.Sprintf("bit of %d turned", i), damaged)
	}
	rapid.Check(t, func(t *rapid.T) {
		damaged := bytes.Clone(file)
		from := rapid.IntRange(0, len(file)-1).Draw(t, "from")
		to := rapid.IntRange(from, min(from+600, len(file))).Draw(t, "to")
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			clear(damaged[from:to])
		case 1:
			damaged = append(damaged[:from], damaged[to:]...)
		case 2:
			copy(damaged[from:to], rapid.SliceOfN(rapid.Byte(), to-from, to-from).Draw(t, "bytes"))
		}
		check(t, fmt.Sprintf("%d to %d", from, to), damaged)
	})
}

// A part that ends early is an error wherever it ends, though the zip is sound.
func TestCutParts(t *testing.T) {
	t.Parallel()
	parts, want := soundWorkbook(t)
	for name, text := range parts {
		if name == "[Content_Types].xml" {
			continue
		}
		for i := 1; i < len(text); i += max(1, len(text)/100) {
			parts[name] = text[:i]
			if got, err := readDump(pack(t, parts, zip.Store)); err == nil {
				t.Fatalf("%s cut at %d of %d is read: %t", name, i, len(text), got == want)
			}
		}
		parts[name] = text
	}
}

// No row of a damaged sheet is delivered, not even those above the damage: a bit
// that is wrong may show as a wrong digit long before the checksum does.
func TestDamageSaysWhere(t *testing.T) {
	var sheet strings.Builder
	for row := 2; row < 12_000; row++ {
		sheet.WriteString(textCells(row, "", fmt.Sprint(row*7919%100_003), "v:"+fmt.Sprint(row)))
	}
	file := zipOf(t, partsOfSheet(`<sheetData>`+header1+sheet.String()+`</sheetData>`, nil))
	for _, part := range []int{4, 3, 2} {
		damaged := bytes.Clone(file)
		damaged[len(file)*(part-1)/part] ^= 0x10
		_, err := openBytes(damaged, Options{})
		place := regexp.MustCompile(`^a\.xlsx, Offers(!A\d+)?: the sheet Offers is damaged after row (\d+): .*; open it in Excel`)
		if err == nil || !place.MatchString(err.Error()) || len(place.FindStringSubmatch(err.Error())[2]) < 4 {
			t.Error(err)
		}
	}
}

// A bomb costs next to nothing, whichever limit it runs into.
func TestBombs(t *testing.T) {
	const million = 1_000_000
	row := `<row r="2"><c r="A2" t="inlineStr"><is><t>`
	for name, c := range map[string]struct {
		part   string
		data   repeated
		limits Limits
		want   string
	}{
		"ratio":           {"xl/worksheets/sheet1.xml", repeated{"<worksheet><sheetData>", "<row/>", 4 * million, "</sheetData></worksheet>"}, Limits{}, "more than 200 times"},
		"another part":    {"xl/media/image1.png", repeated{"", "0", 20 * million, ""}, Limits{}, "more than 200 times"},
		"unpacked":        {"xl/worksheets/sheet1.xml", repeated{"<worksheet><sheetData>", "<row/>", 4 * million, ""}, Limits{Ratio: 10_000, Unpacked: 16 << 20}, "--max-unpacked"},
		"one text":        {"xl/worksheets/sheet1.xml", repeated{"<worksheet><sheetData>" + header1 + row, "0123456789", 2 * million, ""}, Limits{Ratio: 10_000}, "--max-cell"},
		"one section":     {"xl/worksheets/sheet1.xml", repeated{"<worksheet><sheetData>" + header1 + row + "<![CDATA[", "0123456789", 2 * million, ""}, Limits{Ratio: 10_000}, "--max-cell"},
		"one attribute":   {"xl/worksheets/sheet1.xml", repeated{"<worksheet a='", "0123456789", million, ""}, Limits{Ratio: 10_000}, "too long"},
		"one name":        {"xl/worksheets/sheet1.xml", repeated{"<", "worksheet", million, ""}, Limits{Ratio: 10_000}, "too long"},
		"shared strings":  {"xl/sharedStrings.xml", repeated{"<sst>", "<si/>", 3 * million, "</sst>"}, Limits{Ratio: 10_000, Strings: 8 << 20}, "--max-strings"},
		"one shared text": {"xl/sharedStrings.xml", repeated{"<sst><si><t>", "0123456789", 2 * million, "</t></si></sst>"}, Limits{Ratio: 10_000}, "--max-cell"},
		"sheets":          {"xl/workbook.xml", repeated{"<workbook><sheets>", `<sheet name="a" r:id="r1"/>`, million / 2, ""}, Limits{Ratio: 10_000}, "sheets"},
		"merged cells":    {"xl/worksheets/sheet1.xml", repeated{"<worksheet><sheetData>" + header1 + "</sheetData><mergeCells>", `<mergeCell ref="A1:B2"/>`, million / 2, ""}, Limits{Ratio: 10_000}, "merged cells"},
		"number formats":  {"xl/styles.xml", repeated{"<styleSheet><cellXfs>", `<xf/>`, million, ""}, Limits{Ratio: 10_000}, "styles"},
	} {
		parts := partsOfSheet(`<sheetData>`+header1+`<row r="2"><c r="A2" t="s"><v>0</v></c></row></sheetData>`, nil)
		delete(parts, c.part)
		file := bombOf(t, parts, c.part, c.data)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := readLimited(file, c.limits)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 100<<20 {
			t.Errorf("%s: %d bytes", name, grown)
		}
	}
}

// bombOf packs parts and a large one.
func bombOf(tb testing.TB, parts map[string]string, name string, data repeated) []byte {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for name, text := range parts {
		if w, err := z.Create(name); err == nil {
			_, _ = io.WriteString(w, text)
		}
	}
	if err := data.pack(z, name); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// A zip whose directory understates what its parts unpack to is found out.
func TestLyingZip(t *testing.T) {
	file := bombOf(t, partsOfSheet("", map[string]string{"xl/worksheets/sheet1.xml": ""}), "xl/worksheets/sheet1.xml",
		repeated{"<worksheet><sheetData>" + header1, "<row/>", 2_000_000, "</sheetData></worksheet>"})
	at := bytes.LastIndex(file, []byte("xl/worksheets/sheet1.xml")) - 46
	binary.LittleEndian.PutUint32(file[at+24:], 1000)
	if err := readError(file); err == nil {
		t.Error("it is read")
	}
}

// Parts that share their packed bytes are a bomb that no ratio shows.
func TestOverlappingZip(t *testing.T) {
	var file bytes.Buffer
	text := []byte(strings.Repeat("0123456789", 100))
	z := zip.NewWriter(&file)
	for i := range 3 {
		w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), CRC32: crc32.ChecksumIEEE(text), CompressedSize64: 1000, UncompressedSize64: 1000})
		if err == nil && i == 2 {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := openBytes(file.Bytes(), Options{}); err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Error(err)
	}
}

// A million empty rows, as a sheet has that was formatted to its end, cost little.
func TestMillionEmptyRows(t *testing.T) {
	sheet := []byte(`<sheetData>` + textCells(1, "", "id", "a") + textCells(2, "", "v:1"))
	for row := 3; row < excelRows; row++ {
		sheet = append(strconv.AppendInt(append(sheet, `<row r="`...), int64(row), 10), `" spans="1:2" s="1" customFormat="1"/>`...)
	}
	sheet = append(sheet, `<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>`...)
	file := pack(t, partsOfSheet(string(sheet), nil), zip.Store)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := readDump(file)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err != nil || got != "Offers 1> t:id t:a\n2: n:1\n" || took > 8<<20 {
		t.Errorf("%.100s, %v with %d bytes", got, err, took)
	}
}
