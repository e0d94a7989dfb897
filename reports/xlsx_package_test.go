package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// checkPackage tells of what keeps Excel from opening a workbook without asking
// to repair it: a part of no type, a link to a part that is not there, and what
// is left of a part that is gone.
func checkPackage(t *testing.T, file string) {
	t.Helper()
	parts := partsOf(t, file)
	var types struct {
		Default []struct {
			Extension string `xml:",attr"`
		}
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(parts["[Content_Types].xml"]), &types); err != nil {
		t.Fatal(err)
	}
	typed := map[string]bool{}
	for _, d := range types.Default {
		typed["."+strings.ToLower(d.Extension)] = true
	}
	for _, o := range types.Override {
		typed[strings.TrimPrefix(o.PartName, "/")] = true
		if _, ok := parts[strings.TrimPrefix(o.PartName, "/")]; !ok {
			t.Errorf("%s: the type of %s, which is not there", file, o.PartName)
		}
	}
	for name, text := range parts {
		if name != "[Content_Types].xml" && !typed[name] && !typed[strings.ToLower(path.Ext(name))] {
			t.Errorf("%s: %s has no type", file, name)
		}
		if strings.HasSuffix(name, ".rels") {
			checkRelations(t, file, name, text, parts)
		}
	}
}

func checkRelations(t *testing.T, file, name, text string, parts map[string]string) {
	t.Helper()
	owner := path.Join(path.Dir(path.Dir(name)), strings.TrimSuffix(path.Base(name), ".rels"))
	if _, ok := parts[owner]; !ok && owner != "." && owner != "" && name != "_rels/.rels" {
		t.Errorf("%s: %s is of a part that is not there", file, name)
	}
	var rels struct {
		Relationship []struct {
			ID         string `xml:"Id,attr"`
			Target     string `xml:",attr"`
			TargetMode string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(text), &rels); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, r := range rels.Relationship {
		target := strings.TrimPrefix(r.Target, "/")
		if target == r.Target {
			target = path.Join(path.Dir(owner), target)
		}
		if _, ok := parts[target]; !ok && r.TargetMode != "External" {
			t.Errorf("%s: %s leads to %s, which is not there", file, name, r.Target)
		}
		if ids[r.ID] {
			t.Errorf("%s: %s has %s twice", file, name, r.ID)
		}
		ids[r.ID] = true
	}
}

// oneWrong is a run of one offer, in row 2, whose title is wrong.
func oneWrong(file string) run {
	return run{results: []importer.Result{{Key: "k-2", File: file, Sheet: "Offers", Row: 2, Status: importer.StatusFailed,
		Messages: []sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "B2", Column: "title", Code: "required", Text: "a title is missing"}}}}}
}

// A sheet without notes, which gets some; and the report on a report.
func TestPackages(t *testing.T) {
	in := rawWorkbook(t, transitional(), textSheet(""))
	for range 2 {
		dir, _ := write(t, oneWrong(filepath.Base(in)), in)
		for _, name := range []string{"results.xlsx", "failed.xlsx"} {
			checkPackage(t, filepath.Join(dir, name))
		}
		in = filepath.Join(dir, "results.xlsx")
	}
}

// textSheet is a sheet of two columns and one offer, with more after its rows.
func textSheet(more string, before ...string) string {
	cell := func(ref, s string) string { return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="` + transitional().main + `">` + strings.Join(before, "") +
		`<sheetData><row r="1">` + cell("A1", "external_offer_id") + cell("B1", "title") + `</row><row r="2">` + cell("A2", "k-2") + cell("B2", "Köln") +
		`</row></sheetData>` + more + `</worksheet>`
}

// A sheet in another encoding than UTF-8 gets its results like any other.
func TestOtherEncodings(t *testing.T) {
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(textSheet(""), "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-16":  wide,
		"Latin 1": strings.NewReplacer("UTF-8", "ISO-8859-1", "ö", "\xf6").Replace(textSheet("")),
	} {
		in := rawWorkbook(t, transitional(), text)
		dir, _ := write(t, oneWrong(filepath.Base(in)), in)
		for _, report := range []string{"results.xlsx", "failed.xlsx"} {
			rows, err := openBook(t, filepath.Join(dir, report)).GetRows("Offers")
			if err != nil || len(rows) != 2 || len(rows[1]) < 3 || rows[1][1] != "Köln" || rows[1][2] != "failed" {
				t.Errorf("%s, %s: %q, %v", name, report, rows, err)
			}
		}
	}
}

// Result columns are seen: past cells that are merged, which hide what is in
// them, and out of the columns that a sheet hides to the right of its data.
func TestResultColumnsAreSeen(t *testing.T) {
	in := rawWorkbook(t, transitional(), textSheet(`<mergeCells><mergeCell ref="B1:D1"/><mergeCell ref="A7:Z7"/></mergeCells>`,
		`<cols><col min="2" max="2" width="30" customWidth="1"/><col min="5" max="16384" width="9" hidden="1"/></cols>`))
	dir, _ := write(t, oneWrong(filepath.Base(in)), in)
	for _, report := range []string{"results.xlsx", "failed.xlsx"} {
		f := openBook(t, filepath.Join(dir, report))
		for col, want := range map[string]bool{"B": true, "E": true, "F": true, "G": true, "H": true, "I": false, "XFD": false} {
			if visible, err := f.GetColVisible("Offers", col); err != nil || visible != want {
				t.Errorf("%s: column %s is seen: %v, want %v; %v", report, col, visible, want, err)
			}
		}
		if name, _ := f.GetCellValue("Offers", "E1"); name != sheet.ResultColumns()[0] {
			t.Errorf("%s: E1 is %q", report, name)
		}
		if width, _ := f.GetColWidth("Offers", "G"); width != float64(resultWidths()[2]) {
			t.Errorf("%s: the messages are %v wide", report, width)
		}
	}
}

// A sheet with a link on every row costs no memory for them: they are counted, and
// copied with what is added.
func TestManyLinksAreNotHeld(t *testing.T) {
	const sheetLinks = 3000
	var rels strings.Builder
	rels.WriteString(`<Relationships xmlns="` + packageNamespace + `relationships">`)
	for n := 1; n <= sheetLinks; n++ {
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="x/hyperlink" Target="https://t.example.com/%d?a=1&amp;b=2" TargetMode="External"/>`, n, n)
	}
	rels.WriteString(`<Relationship Id="note" Type="x/comments" Target="../comments1.xml"/></Relationships>`)
	name := rawWorkbook(t, transitional(), "<worksheet/>", [2]string{"xl/worksheets/_rels/sheet1.xml.rels", rels.String()})
	p, err := (&writer{}).openPack(name)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	r, err := p.relationsOf("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if link, ok := r.byKind("comments"); len(r.items) != 1 || !ok || r.part(link) != "xl/comments1.xml" {
		t.Errorf("held are %+v", r.items)
	}
	if id := r.add("table", "xl/tables/table1.xml"); id != "rId3001" {
		t.Errorf("the next id is %s", id)
	}
	r.drop("note")
	var out bytes.Buffer
	if err := r.write(&out, transitional()); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, "<Relationship ") != sheetLinks+1 || strings.Contains(got, "comments1") || !strings.Contains(got, `Id="rId3001"`) ||
		!strings.Contains(got, `Target="https://t.example.com/3000?a=1&amp;b=2" TargetMode="External"/>`) {
		t.Errorf("%d relations, the end of which is %s", strings.Count(got, "<Relationship "), got[len(got)-300:])
	}
}
