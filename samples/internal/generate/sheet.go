package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// sheet is a table as a person fills it. Its columns are those that the rows
// use, in the order of the header.
type sheet struct {
	name   string
	header []string
	rows   []row
	notes  map[string]string   // comments on the header, by column
	lists  map[string][]string // dropdowns, by column
}

// row holds a string, num, date, percent, formula or broken by column.
type row map[string]any

type (
	num     string                       // a number, as its decimal digits
	date    string                       // a date cell: 2031-03-01, or with a time 2031-03-01 18:00
	percent string                       // a number shown as a percentage: 0.15
	formula struct{ text, value string } // # stands for the row's number; no value: it was never worked out
	broken  string                       // a formula that gives an error: #N/A
)

// newSheet checks that no row has a column that the header lacks.
func newSheet(name, header string, rows ...row) sheet {
	s := sheet{name: name, header: strings.Fields(header), rows: rows}
	for i, r := range rows {
		for column := range r {
			if !slices.Contains(s.header, column) {
				panic(fmt.Sprintf("%s: row %d has %s, which is not in the header", name, i+2, column))
			}
		}
	}
	return s
}

func (s sheet) fileName() string {
	return strings.ReplaceAll(strings.ToLower(s.name), " ", "_") + ".csv"
}

// csv writes the sheet as a CSV file, formulas by their value.
func (s sheet) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	records := [][]string{s.header}
	for _, r := range s.rows {
		record := make([]string, len(s.header))
		for i, column := range s.header {
			record[i] = shown(r[column])
		}
		records = append(records, record)
	}
	if err := w.WriteAll(records); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

func shown(cell any) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case formula:
		return c.value
	}
	return fmt.Sprint(cell)
}
