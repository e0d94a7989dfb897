package sheet

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateXLSX = flag.Bool("update-xlsx", false, "write what is read of testdata/xlsx as what should be")

// The workbooks that testdata/xlsx/make.py had openpyxl and LibreOffice write.
func TestRealFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/xlsx/*.xlsx")
	if err != nil || len(names) < 8 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(name, ".xlsx") + ".txt"
		got := dumpBook(t, file)
		if *updateXLSX {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || got != string(want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
}

func dumpBook(t *testing.T, file []byte) string {
	book, err := openBytes(file, Options{Known: knows("id", "title", "total", "start", "day")})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range book.Tables {
		fmt.Fprintf(&b, "%s\n%s\n", table.Sheet, dumpTable(t, table))
		for row, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			for col, cell := range row.Cells {
				if cell.Format != "" {
					fmt.Fprintf(&b, "%s as %s\n", row.Address(col), cell.Format)
				}
			}
		}
		for _, note := range table.Notes {
			fmt.Fprintf(&b, "%s %s %s\n", note.Level, note.Code, note.Text)
		}
	}
	for _, note := range book.Notes {
		fmt.Fprintf(&b, "%s %s %s\n", note.Level, note.Code, note.Text)
	}
	return b.String()
}
