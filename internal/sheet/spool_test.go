package sheet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full is a row with something in every field.
func full(n int) Row {
	return Row{Number: n, Line: n + 1, Cells: []Cell{
		{Kind: Text, Text: fmt.Sprintf("offer %d", n), From: 3},
		{},
		{Kind: Number, Text: "0.5", Format: "0.00%"},
		{Kind: Date, Text: "2026-03-04", Repair: "the year was written with two digits"},
		{From: 300},
		{Kind: Text, Text: strings.Repeat("ж", n%200)},
	}, Flaws: []Message{
		{Level: LevelWarning, File: "a.csv", Sheet: "a", Cell: fmt.Sprintf("D%d", n), Column: "total", Code: "repaired", Text: fmt.Sprintf("text %d", n)},
		{Level: LevelInfo, Code: "x"},
	}}
}

// read streams rows; with reuse their cells are copied, as they must be.
func read(t *testing.T, of *Table, reuse bool) (rows []Row) {
	t.Helper()
	stream := of.Rows()
	if reuse {
		stream = of.Scan()
	}
	for row, err := range stream {
		if err != nil {
			t.Fatal(err)
		}
		if row.Table != of {
			t.Fatal("a row does not name its table")
		}
		row.Cells, row.Table = append([]Cell{}, row.Cells...), nil
		rows = append(rows, row)
	}
	return rows
}

// Rows come back as they were added, from memory and from the file, and two
// lists that share both do not mix.
func TestRowsAreSetAside(t *testing.T) {
	for name, limit := range map[string]int{"in memory": 1 << 30, "in a file": 1, "in both": 3 * chunkSize} {
		t.Run(name, func(t *testing.T) {
			book := &Book{}
			odd, even := book.NewRows(), book.NewRows()
			book.spool.limit = limit
			const many = 2000
			var want []Row
			for n := 1; n <= many; n++ {
				rows := odd
				if n%2 == 0 {
					rows = even
				} else {
					want = append(want, full(n))
				}
				if err := rows.Add(full(n)); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range []*Rows{odd, even} {
				if err := r.Finish(); err != nil {
					t.Fatal(err)
				}
			}
			if inFile := book.spool.file != nil; inFile != (limit < 1<<30) {
				t.Fatalf("rows are in a file: %v", inFile)
			}
			table := (&Table{}).Derive("odd", nil, odd)
			for _, reuse := range []bool{false, true} {
				if got := read(t, table, reuse); !reflect.DeepEqual(want, got) {
					t.Fatalf("reuse %v: %.2000s", reuse, cmp.Diff(want, got))
				}
			}
			if err := book.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Cells of a shorter row are not those of the row before.
func TestUsedCellsAreCleared(t *testing.T) {
	book := &Book{}
	rows := book.NewRows()
	for _, cells := range [][]Cell{{{Kind: Text, Text: "a", From: 1, Format: "@"}, {Kind: Text, Text: "b"}}, {{}}} {
		if err := rows.Add(Row{Cells: cells}); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Finish(); err != nil {
		t.Fatal(err)
	}
	got := read(t, (&Table{}).Derive("x", nil, rows), true)
	if got[1].Cell(0) != (Cell{}) || got[1].Cell(1) != (Cell{}) {
		t.Errorf("the second row holds %+v of the first", got[1].Cells)
	}
}

func TestLateMessages(t *testing.T) {
	book := &Book{}
	rows := book.NewRows()
	rows.Late = map[string][]Message{}
	for n := range 3 {
		if err := rows.Add(full(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Finish(); err != nil {
		t.Fatal(err)
	}
	rows.Late["offer 1"] = []Message{{Code: "late"}}
	table := (&Table{}).Derive("x", nil, rows)
	for range 2 { // a second reading does not say it twice
		got := read(t, table, false)
		if len(got[0].Flaws) != 2 || len(got[2].Flaws) != 2 || len(got[1].Flaws) != 3 || got[1].Flaws[2].Code != "late" {
			t.Fatalf("flaws: %v", got)
		}
	}
}

// A folder that cannot be written to is an error that says so.
func TestNoTemporaryFolder(t *testing.T) {
	t.Setenv("TMPDIR", "/nowhere/at/all")
	t.Setenv("TMP", "/nowhere/at/all")
	book := &Book{}
	rows := book.NewRows()
	book.spool.limit = 0
	var refused *FileError
	if err := errors.Join(rows.Add(full(1)), rows.Finish()); !errors.As(err, &refused) || refused.Code != "temporary_folder" {
		t.Errorf("%v, want a FileError of temporary_folder", err)
	}
}

// A table of JSON reads the same both ways, and needs its file no more.
func TestJSONIsReadOnce(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, `{"id":%d,"t":{"en":"x%d"},"p":[{"g":"a","c":[{"n":%d},{"n":2}]},{"total":3}],"tags":["u"]}`+"\n", i, i, i)
		if i%7 == 0 {
			b.WriteString(`{"id":"none"}` + "\n")
		}
	}
	path := writeFile(t, filepath.Join(t.TempDir(), "export.json"), b.String())
	book, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, table := range book.Tables {
		kept, used := read(t, table, false), read(t, table, true)
		if diff := cmp.Diff(kept, used); diff != "" {
			t.Errorf("%s: %.1000s", table.Sheet, diff)
		}
		if len(kept) < 300 || table.Count() != len(kept) {
			t.Errorf("%s has %d rows, counted %d", table.Sheet, len(kept), table.Count())
		}
	}
}
