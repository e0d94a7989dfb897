package profile_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"offerlift/mapping/profile"
)

// An export that someone opened and saved as a workbook, with real numbers and
// dates in its cells, makes the same offers as the CSV files it was.
func TestWorkbookMeansTheSame(t *testing.T) {
	book := excelize.NewFile()
	files, err := filepath.Glob(networks + "/tune/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample: %v", err)
	}
	for _, file := range files {
		addSheet(t, book, file)
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tune.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	ids := profile.IDs{}
	if err := ids.Open(networks + "/tune-ids.csv"); err != nil {
		t.Fatal(err)
	}
	p := load(t, "tune", nil)
	inBook := take(t, path, p, profile.Settings{IDs: ids})
	inFiles := take(t, networks+"/tune", p, profile.Settings{IDs: ids})
	// A number of a workbook has no zeros at its end: 3.50 is 3.5 there.
	plain := strings.NewReplacer(`.50"`, `.5"`, `.00"`, `"`)
	for i, want := range inFiles.Offers {
		got := inBook.Offers[i]
		if diff := cmp.Diff(plain.Replace(string(want.Body)), plain.Replace(string(got.Body))); diff != "" || !got.Valid {
			t.Errorf("%s: %s\n%q", want.Key, diff, got.Messages)
		}
	}
}

// addSheet writes a CSV file as a sheet of its name, with numbers and dates as
// a spreadsheet makes them.
func addSheet(t *testing.T, book *excelize.File, file string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".csv")
	if _, err := book.NewSheet(name); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, text := range row {
			cell, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if err := book.SetCellValue(name, cell, typed(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func typed(text string) any {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n
	}
	if d, err := time.Parse(time.DateTime, text); err == nil {
		return d
	}
	return text
}
