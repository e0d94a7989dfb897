package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

func TestSamplesAreFresh(t *testing.T) {
	made, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(unpacked(t, name, want), unpacked(t, name, got)); diff != "" {
			t.Errorf("%s is stale, run go generate ./samples: %s", name, diff)
		}
	}
}

// unpacked compares workbooks by their parts, since another version of Go may
// pack them another way.
func unpacked(t *testing.T, name string, content []byte) map[string]string {
	t.Helper()
	if !strings.HasSuffix(name, ".xlsx") {
		return map[string]string{name: string(content)}
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		text, err := read(f)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

func TestSameBytesEachTime(t *testing.T) {
	first, err := files()
	if err != nil {
		t.Fatal(err)
	}
	second, err := files()
	if err != nil {
		t.Fatal(err)
	}
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s comes out otherwise the second time", name)
		}
	}
}

func TestFormulasHoldTheirValue(t *testing.T) {
	f := open(t, launch())
	for row := 2; row <= len(launchPayouts().rows)+1; row++ {
		cell := "H" + strconv.Itoa(row)
		text, err := f.GetCellFormula("Payouts", cell)
		if err != nil {
			t.Fatal(err)
		}
		if text == "" {
			continue
		}
		stored, err := f.GetCellValue("Payouts", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType("Payouts", cell)
		if err != nil {
			t.Fatal(err)
		}
		worked, err := f.CalcCellValue("Payouts", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if stored != worked || stored == "" || kind == excelize.CellTypeFormula {
			t.Errorf("%s holds %q (type %v), =%s gives %q", cell, stored, kind, text, worked)
		}
	}
}

func open(t *testing.T, sheets []sheet) *excelize.File {
	t.Helper()
	content, err := workbook(sheets)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestMistakesOfTheSpreadsheetItself(t *testing.T) {
	content, err := workbook(mistakes())
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(values(unpacked(t, "mistakes.xlsx", content)), "")
	for _, want := range []string{`t="e"><f>NA()</f><v>#N/A</v></c>`, `*0.7,2)</f></c>`, `<v>5.73694012345679E+23</v>`} {
		if !strings.Contains(all, want) {
			t.Errorf("mistakes.xlsx has no cell with %s", want)
		}
	}
}

func values(m map[string]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// A manager's workbook has what the writer of a sheet puts there beside values.
func TestLaunchLooksLikeWork(t *testing.T) {
	f := open(t, launch())
	for _, s := range launch() {
		panes, err := f.GetPanes(s.name)
		if err != nil {
			t.Fatal(err)
		}
		comments, err := f.GetComments(s.name)
		if err != nil {
			t.Fatal(err)
		}
		lists, err := f.GetDataValidations(s.name)
		if err != nil {
			t.Fatal(err)
		}
		if !panes.Freeze || len(comments) != len(s.notes) || len(lists) != len(s.lists) {
			t.Errorf("%s: frozen %v, %d comments, %d dropdowns", s.name, panes.Freeze, len(comments), len(lists))
		}
	}
}

// Every column of the samples is one of the schema; mistakes.xlsx has one that
// is not.
func TestColumnsAreOfTheSchema(t *testing.T) {
	for name, sheets := range map[string][]sheet{"launch": launch(), "example": example(), "mistakes": mistakes()} {
		for _, s := range sheets {
			for _, column := range s.header {
				if !known(s.name, column) && column != "Titel" {
					t.Errorf("%s, %s: the schema has no column %s", name, s.name, column)
				}
			}
		}
	}
}

func known(sheet, column string) bool {
	for _, part := range affise.Parts() {
		if part.Sheet == sheet {
			_, ok := part.Column(column)
			return ok
		}
	}
	return false
}
