package sheet

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:generate /usr/bin/python3 testdata/csv/make.py
//go:generate /usr/bin/python3 testdata/xlsx/make.py

var updateCSV = flag.Bool("update-csv", false, "write what is read of testdata/csv as what should be")

// The files that testdata/csv/make.py had Python and LibreOffice write.
func TestRealCSVFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/csv/*.csv")
	if err != nil || len(names) < 27 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		golden := strings.TrimSuffix(name, ".csv") + ".txt"
		got := dumpCSV(t, name)
		if *updateCSV {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || got != string(want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
}

func dumpCSV(t *testing.T, name string) string {
	book, err := Open([]string{name}, Options{Known: knows("id", "title", "url", "total", "countries", "note", "day")})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer book.Close()
	table := book.Tables[0]
	var b strings.Builder
	line := func(number int, cells []Cell, flaws []Message) {
		fmt.Fprintf(&b, "%d:", number)
		for _, c := range cells {
			fmt.Fprintf(&b, " %q", c.Text)
		}
		for _, f := range flaws {
			fmt.Fprintf(&b, " %s", f.Code)
		}
		b.WriteByte('\n')
	}
	line(table.HeaderRow, table.Header, nil)
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		line(row.Number, row.Cells, row.Flaws)
	}
	fmt.Fprintf(&b, "%+v, %d rows\n", table.Facts, table.Count())
	for _, note := range table.Notes {
		fmt.Fprintf(&b, "%s %s %s\n", note.Level, note.Code, note.Text)
	}
	for _, below := range table.Below {
		fmt.Fprintf(&b, "below: %d to %d, %s\n", below.Row, below.Last, dumpCells(below.Header))
	}
	return b.String()
}
