package reports

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// formatOrder are the sheet's conditional formats as "areas priority dxf", in the
// order in which they stand.
func formatOrder(xml string) (out []string) {
	for _, m := range regexp.MustCompile(`<x?:?conditionalFormatting[^>]*sqref="([^"]*)".*?</x?:?conditionalFormatting>`).FindAllStringSubmatch(xml, -1) {
		for _, rule := range regexp.MustCompile(`<x?:?cfRule[^>]*>`).FindAllString(m[0], -1) {
			out = append(out, m[1]+" "+attr([]byte(rule), "priority")+" "+attr([]byte(rule), "dxfId"))
		}
	}
	return out
}

// A wrong cell beneath a conditional format of the user's is red all the same, and
// theirs are as they were for all other cells.
func TestMarksLieAboveFormats(t *testing.T) {
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	rows := ""
	for row := 2; row <= 7; row++ {
		rows += fmt.Sprintf(`<row r="%d">%s%s%s</row>`, row, cell(fmt.Sprint("A", row), fmt.Sprint("k-", row)), cell(fmt.Sprint("B", row), "x"), cell(fmt.Sprint("C", row), "x"))
	}
	const rule = `<cfRule type="expression" dxfId="0" priority="%d"><formula>MOD(ROW(),2)=0</formula></cfRule>`
	head := `<worksheet xmlns="` + transitional().main + `"><sheetData><row r="1">` + cell("A1", "external_offer_id") + cell("B1", "title") + cell("C1", "status") + `</row>` + rows + `</sheetData>`
	tail := `<pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">` +
		`<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="iconSet" priority="3" id="{1}"/><xm:sqref>A2:A9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>`
	theirs := fmt.Sprintf(`<conditionalFormatting sqref="A1:B9">`+rule+`</conditionalFormatting><conditionalFormatting sqref="$B:$B">`+rule+`</conditionalFormatting>`, 1, 2)
	for name, dxfs := range map[string]string{
		"some formats":  `<dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FF006100"/></patternFill></fill></dxf></dxfs><tableStyles count="0"/>`,
		"an empty list": `<dxfs count="0"/>`,
		"no list":       `<extLst><ext uri="{1}"><x14:dxfs/></ext></extLst>`,
	} {
		t.Run(name, func(t *testing.T) {
			styles := strings.Replace(fmt.Sprintf(emptyStyles, transitional().main), "</styleSheet>", dxfs+"</styleSheet>", 1)
			theirs, dxf := theirs, " 0"
			if !strings.Contains(dxfs, "<dxf>") { // rules without a format of their own
				theirs, dxf = strings.ReplaceAll(theirs, ` dxfId="0"`, ""), " "
			}
			in := rawWorkbook(t, transitional(), head+theirs+tail, [2]string{"xl/styles.xml", styles})
			dir, _ := write(t, formatRun(), in)
			results, failed := partsOf(t, filepath.Join(dir, "results.xlsx")), partsOf(t, filepath.Join(dir, "failed.xlsx"))
			first := strings.Count(dxfs, "<dxf>")
			want := func(errors, warnings string) []string {
				return []string{fmt.Sprint(warnings, " 1 ", first), fmt.Sprint(errors, " 2 ", first+1), "A1:B9 3" + dxf, "$B:$B 4" + dxf}
			}
			if got := formatOrder(results["xl/worksheets/sheet1.xml"]); !slices.Equal(got, want("B3:B4 B6", "B7")) {
				t.Errorf("results: %q", got)
			}
			if got := formatOrder(failed["xl/worksheets/sheet1.xml"]); !slices.Equal(got, want("B2:B4", "B5")) {
				t.Errorf("failed: %q", got)
			}
			if !strings.Contains(results["xl/worksheets/sheet1.xml"], `<x14:cfRule type="iconSet" priority="5" id="{1}"/>`) {
				t.Error("the icons' priority did not move along")
			}
			if n := strings.Count(results["xl/styles.xml"], "<dxf>"); n != first+2 || !strings.Contains(results["xl/styles.xml"], fmt.Sprintf(`<dxfs count="%d">`, n)) {
				t.Errorf("%d formats: %s", n, results["xl/styles.xml"])
			}
			openBook(t, filepath.Join(dir, "results.xlsx"))

			again, _ := write(t, formatRun(), filepath.Join(dir, "results.xlsx"))
			parts := partsOf(t, filepath.Join(again, "results.xlsx"))
			if got := formatOrder(parts["xl/worksheets/sheet1.xml"]); len(got) != 4 || !strings.HasPrefix(got[1], "B3:B4 B6 2 ") || strings.Count(parts["xl/styles.xml"], "<dxf>") != first+2 {
				t.Errorf("a report on a report: %q", got)
			}
		})
	}
}

func formatRun() run {
	r := run{}
	for row := 2; row <= 7; row++ {
		res := importer.Result{Key: fmt.Sprint("k-", row), Sheet: "Offers", Row: row, Status: importer.StatusCreated}
		if row > 2 && row != 5 {
			res.Status = importer.StatusFailed
			lv := map[bool]sheet.Level{false: sheet.LevelError, true: sheet.LevelWarning}[row == 7]
			for _, cell := range []string{"B", "C"} {
				res.Messages = append(res.Messages, sheet.Message{Level: lv, Sheet: "Offers", Cell: cell + fmt.Sprint(row), Code: "bad", Text: "wrong"})
			}
		}
		r.results = append(r.results, res)
	}
	return r
}

// Many marks in a column are few ranges, in the order of the sheet, and no more of
// them are written than a spreadsheet can bear.
func TestFormattedRanges(t *testing.T) {
	w := &sheetWriter{sheetJob: &sheetJob{table: &tableIndex{TableInfo: TableInfo{HeaderRow: 1}}, cols: [4]int{9, 10, 11, 12}}}
	for row := int32(2); row < 60002; row++ {
		if row%2 == 0 {
			w.table.marks = append(w.table.marks, mark{row: row, col: 3, level: levelWarning})
		}
		w.table.marks = append(w.table.marks, mark{row: row, col: 4, level: levelError}, mark{row: row, col: 9, level: levelError})
	}
	refs := w.formatted([]cellArea{areaOf("A:Z")})
	if n := len(refs[levelWarning]); n != maxFormatted || refs[levelWarning][0] != "D2" || refs[levelWarning][1] != "D4" {
		t.Errorf("%d warnings from %s", n, refs[levelWarning][:2])
	}
	w.table.marks = w.table.marks[:400]
	refs = w.formatted([]cellArea{areaOf("E1:F90"), areaOf("D2")})
	if fmt.Sprint(refs) != "[[] [D2] [E2:E90]]" {
		t.Errorf("%s", refs)
	}
}
