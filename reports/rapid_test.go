package reports

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// randomBook writes a workbook with random cells, styles, merges and notes.
func randomBook(t *rapid.T, name string) (rows, cols int, notes map[string]string) {
	f := excelize.NewFile()
	defer f.Close()
	f.SetSheetName("Sheet1", "Offers")
	rows, cols = rapid.IntRange(2, 8).Draw(t, "rows"), rapid.IntRange(2, 6).Draw(t, "cols")
	style := rapid.Custom(func(t *rapid.T) int {
		id, err := f.NewStyle(&excelize.Style{NumFmt: rapid.SampledFrom([]int{0, 2, 10, 14, 49}).Draw(t, "format"),
			Font: &excelize.Font{Bold: rapid.Bool().Draw(t, "bold")},
			Fill: excelize.Fill{Type: "pattern", Pattern: rapid.IntRange(0, 2).Draw(t, "pattern"), Color: []string{rapid.SampledFrom([]string{"DDEBF7", "00FF00"}).Draw(t, "colour")}}})
		if err != nil {
			t.Fatal(err)
		}
		return id
	})
	for col := range cols {
		f.SetCellStr("Offers", sheet.Address(col, 1), []string{"external_offer_id", "title", "c", "d", "e", "f"}[col])
	}
	notes = map[string]string{}
	for row := 2; row <= rows; row++ {
		f.SetCellStr("Offers", sheet.Address(0, row), fmt.Sprint("k-", row))
		for col := 1; col < cols; col++ {
			cell := sheet.Address(col, row)
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				f.SetCellInt("Offers", cell, int64(rapid.IntRange(-5, 1e6).Draw(t, "number")))
			case 1:
				f.SetCellStr("Offers", cell, rapid.StringMatching(`[a-zé<&"'_x0-9 ]{0,12}`).Draw(t, "text"))
			case 2:
				f.SetCellFormula("Offers", cell, "A1&1")
			}
			if rapid.Bool().Draw(t, "styled") {
				f.SetCellStyle("Offers", cell, cell, style.Draw(t, "style"))
			}
			if rapid.IntRange(0, 3).Draw(t, "noted") == 0 {
				notes[cell] = rapid.StringMatching(`[a-z<& ]{1,9}[a-z]`).Draw(t, "note")
				if err := f.AddComment("Offers", excelize.Comment{Cell: cell, Author: "Anna", Paragraph: []excelize.RichTextRun{{Text: notes[cell]}}}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if rapid.Bool().Draw(t, "merged") {
		f.MergeCell("Offers", sheet.Address(1, rows), sheet.Address(cols-1, rows))
	}
	if err := f.SaveAs(name); err != nil {
		t.Fatal(err)
	}
	return rows, cols, notes
}

// Whatever is in a workbook is still there, and what the report says too.
func TestAnyWorkbook(t *testing.T) {
	dir := t.TempDir()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each writes and reads three files
		t.Cleanup(func() { flag.Set(f.Name, f.DefValue) })
		flag.Set(f.Name, "25")
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := filepath.Join(dir, "in.xlsx")
		rows, cols, notes := randomBook(rt, in)
		var r run
		wrong := map[string]bool{}
		for row := 2; row <= rows; row++ {
			res := importer.Result{Key: fmt.Sprint("k-", row), File: "in.xlsx", Sheet: "Offers", Row: row, Status: importer.StatusCreated, OfferID: int64(row)}
			if rapid.Bool().Draw(rt, "fails") {
				res.Status, res.OfferID = importer.StatusFailed, 0
				cell := sheet.Address(rapid.IntRange(1, cols).Draw(rt, "wrong"), row)
				wrong[cell] = true
				res.Messages = []sheet.Message{{Level: sheet.LevelError, Cell: cell, Code: "bad", Text: "wrong <here> & now"}}
			}
			r.results = append(r.results, res)
		}
		out, files := write(t, r, in)
		before, after := openBook(t, in), openBook(t, filepath.Join(out, "results.xlsx"))
		got := cellsOf(t, after, "Offers")
		for cell, want := range cellsOf(t, before, "Offers") {
			if got[cell] != want {
				rt.Errorf("%s is %s, was %s", cell, got[cell], want)
			}
		}
		merges, _ := before.GetMergeCells("Offers")
		if kept, err := after.GetMergeCells("Offers"); err != nil || len(kept) != len(merges) {
			rt.Errorf("%d merges, were %d", len(kept), len(merges))
		}
		checkNotes(rt, notesOf(t, after, "Offers"), notes, wrong)
		for cell := range wrong {
			if fillOf(t, after, "Offers", cell) != fillError {
				rt.Errorf("%s is wrong and has no fill", cell)
			}
		}
		if len(wrong) > 0 && len(files) != 5 {
			rt.Errorf("files %v", names(files))
		}
	})
}

func checkNotes(t *rapid.T, got, notes map[string]string, wrong map[string]bool) {
	for cell, want := range notes {
		if wrong[cell] {
			want += "\n" + noteLine + "\nerror: wrong <here> & now"
		}
		if got[cell] != want {
			t.Errorf("note on %s is %q, want %q", cell, got[cell], want)
		}
	}
	for cell := range wrong {
		if notes[cell] == "" && got[cell] != "error: wrong <here> & now" {
			t.Errorf("note on %s is %q", cell, got[cell])
		}
	}
}
