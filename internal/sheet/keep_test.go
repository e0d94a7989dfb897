package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Rows gives cells to keep. Scan gives the same, but only until the next row.
func TestKeptRows(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,title,note\n")
	for i := range 300 { // more than are allocated together, some rows short, some quoted
		fmt.Fprintf(&text, "%d,\"Offer, %d\"%s\n", i, i, strings.Repeat(",x", i%2))
	}
	table, err := openCSV(memorySource([]byte(text.String())), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	writeOffers(t, &file, 100)
	book, err := openBytes(file.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []*Table{table.table, book.Tables[0]} {
		checkKept(t, table)
	}
}

func checkKept(t *testing.T, table *Table) {
	t.Helper()
	var kept []Row
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, row)
	}
	i, shared := 0, false
	var last []Cell
	for row, err := range table.Scan() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number != kept[i].Number || !slices.Equal(row.Cells, kept[i].Cells) {
			t.Fatalf("row %d was kept as %v, and is %v", row.Number, kept[i].Cells, row.Cells)
		}
		shared = shared || len(last) > 0 && !slices.Equal(last, kept[i-1].Cells)
		last, i = row.Cells, i+1
	}
	if i != len(kept) || i == 0 || table.Count() != i {
		t.Errorf("%d rows were kept, %d scanned, %d counted", len(kept), i, table.Count())
	}
	if !shared {
		t.Error("a scan used no cells again")
	}
}
