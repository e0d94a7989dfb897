package mapping

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// binding says, for one kind of record that a table's rows hold, where the text
// of each of our columns comes from. A table of offers has one for the offer
// and one for each flat child; a child's table has one.
type binding struct {
	part    int
	def     *affise.Part
	table   *sheet.Table
	number  int     // of a flat child; 0 for a sheet's own columns
	prefix  string  // of the names of a flat child's columns: payout_2_
	columns []bound // in the schema's order
	at      []int   // by the schema's column index: its place in columns, or -1
	header  []string
	result  int   // the table's column that says which offer the row became in an earlier run, or -1
	ids     []int // the places of columns of ids
	files   []int // of columns of files
	listed  []int // and of those whose values the account lists
	names   *nameIndex
	tally   tally        // of a table of payouts
	row     reflect.Type // the fields of the schema's struct that the table has, in the columns' order

	required []*affise.Column // of the part: what a new offer or child needs
	exact    []exactRule      // that a bound column can break
	needs    []needRule       // likewise
	amounts  []boundAmount
	currency *affise.Column // of the part, or nil
}

// boundAmount is the place of an amount, and the rule that says when it is a
// percentage, or nil.
type boundAmount struct {
	place int
	rule  *percentRule
}

// bound is one of our columns, and the cell that gives its text and takes its
// messages.
type bound struct {
	col  *affise.Column
	from int    // the table's column, counted from 0
	name string // the column's name in messages: payout_2_total
}

func newBinding(table *sheet.Table, m meaning) *binding {
	def := &words().parts[m.part]
	b := &binding{part: m.part, def: def, table: table, number: m.number, result: resultColumn(table), at: make([]int, len(def.Columns))}
	switch {
	case b.number > 1:
		b.prefix = fmt.Sprintf("%s_%d_", def.Prefix, b.number)
	case b.number == 1:
		b.prefix = def.Prefix + "_"
	}
	return b
}

// resultColumn finds the column of offer ids that a report has added. One of that
// name in a sheet that is no report may hold any ids.
func resultColumn(t *sheet.Table) int {
	if t == nil {
		return -1 // only a column's name is asked for
	}
	names := sheet.ResultColumns()
	place := func(name string) int {
		return slices.IndexFunc(t.Header, func(c sheet.Cell) bool { return fold(c.Text) == fold(name) })
	}
	if place(names[0]) < 0 {
		return -1
	}
	return place(names[1])
}

// add binds a column of the schema to a column of the table.
func (b *binding) add(column, from int) {
	col := &b.def.Columns[column]
	b.columns = append(b.columns, bound{col: col, from: from, name: b.nameOf(col)})
}

// nameOf is a column's name as messages give it.
func (b *binding) nameOf(col *affise.Column) string { return b.prefix + col.Name }

// finish puts the columns into the schema's order.
func (b *binding) finish() {
	slices.SortFunc(b.columns, func(x, y bound) int { return cmp.Compare(x.col.Index, y.col.Index) })
	for i := range b.at {
		b.at[i] = -1
	}
	fields := make([]reflect.StructField, len(b.columns))
	for i, c := range b.columns {
		b.at[c.col.Index] = i
		b.header = append(b.header, c.col.Name)
		fields[i] = b.def.Row.Field(c.col.Index)
		if c.col.IDs != "" {
			b.ids = append(b.ids, i)
		}
		if c.col.Kind == affise.KindFile {
			b.files = append(b.files, i)
		}
		if c.col.Values != "" {
			b.listed = append(b.listed, i)
		}
		if c.col.Kind == affise.KindMoney {
			b.amounts = append(b.amounts, boundAmount{i, schemaRules().percentRule(b.part, c.col)})
		}
	}
	b.row = reflect.StructOf(fields)
	for i := range b.def.Columns {
		col := &b.def.Columns[i]
		if col.Required {
			b.required = append(b.required, col)
		}
		if col.Kind == affise.KindCurrency {
			b.currency = col
		}
	}
	b.addRules()
	b.tally = newTally(b)
}

// addRules takes up the rules of the part that the table's columns can break.
func (b *binding) addRules() {
	for _, rule := range schemaRules().exact {
		if rule.part == b.part && (b.place(rule.column) >= 0 || b.place(rule.list) >= 0) {
			b.exact = append(b.exact, rule)
		}
	}
	for _, rule := range schemaRules().needs {
		if rule.part == b.part && b.place(rule.column) >= 0 {
			b.needs = append(b.needs, rule)
		}
	}
}

// place returns where a column of the schema stands among the bound ones, -1
// where the table has no such column.
func (b *binding) place(col *affise.Column) int { return b.at[col.Index] }

// parent is the place of the column that names a child's offer, or -1.
func (b *binding) parent() int {
	return slices.IndexFunc(b.columns, func(c bound) bool { return c.col.Kind == affise.KindParent })
}

// newRows makes an empty list of the schema's row structs, each without the
// fields that the table does not have: they would be most of its memory.
func (b *binding) newRows() reflect.Value {
	return reflect.New(reflect.SliceOf(reflect.PointerTo(b.row)))
}

// record is what one row says of one offer or child: a cell for each column of
// its binding.
type record struct {
	bind   *binding
	row    int
	cells  []sheet.Cell
	filled int   // how many of them are not blank
	was    int64 // the offer that the row became in an earlier run; 0 = none
	flaws  []sheet.Message
	text   reflect.Value // the schema's struct into which the cells' texts were decoded
}

// of is the cell of a column, nil where it is blank or the table has none.
func (r *record) of(col *affise.Column) *sheet.Cell {
	if place := r.bind.place(col); place >= 0 {
		if c := &r.cells[place]; c.Kind != sheet.Blank {
			return c
		}
	}
	return nil
}

// take makes a record of a row, whose cells go into as many as there are columns.
func (b *binding) take(row sheet.Row, cells []sheet.Cell) record {
	rec := record{bind: b, row: row.Number, cells: cells, flaws: row.Flaws}
	if b.result >= 0 && b.result < len(row.Cells) {
		rec.was, _ = strconv.ParseInt(strings.TrimSpace(row.Cells[b.result].Text), 10, 64) // else 0: the row has become none
	}
	for i := range b.columns {
		if from := b.columns[i].from; from < len(row.Cells) {
			cells[i] = row.Cells[from]
		} else {
			cells[i] = sheet.Cell{}
		}
		if cells[i].Kind != sheet.Blank {
			rec.filled++
		}
	}
	return rec
}

// ref names the record's row.
func (r *record) ref() Ref {
	at := told(r.bind.table)
	return Ref{File: at.File, Sheet: at.Sheet, Row: r.row, Prefix: r.bind.prefix}
}

// told is the table that messages about a table's rows name: of a derived one
// its origin, since that is what the user has.
func told(t *sheet.Table) *sheet.Table {
	if t.Origin != nil {
		return t.Origin
	}
	return t
}

// placed names file and sheet in the flaws of a row, where the reader left
// that to its caller.
func placed(flaws []sheet.Message, table *sheet.Table) []sheet.Message {
	out := make([]sheet.Message, 0, len(flaws))
	for _, f := range flaws {
		if f.File == "" {
			f.File = table.File
		}
		if f.Sheet == "" {
			f.Sheet = table.Sheet
		}
		out = append(out, f)
	}
	return out
}

// message makes a message about the column at a place, or about the row as a
// whole where place is -1.
func (r *record) message(level sheet.Level, code string, place int, text string) sheet.Message {
	at := told(r.bind.table)
	m := sheet.Message{Level: level, File: at.File, Sheet: at.Sheet, Cell: at.Place(-1, r.row), Code: code, Text: text}
	if place >= 0 {
		m.Cell, m.Column = at.Place(r.column(place), r.row), r.bind.columns[place].name
	}
	return m
}

// column is the column of the told table that the cell at a place stands in;
// -1 for a derived table's cell that was made from none.
func (r *record) column(place int) int {
	if r.bind.table.Origin == nil {
		return r.bind.columns[place].from
	}
	if place < len(r.cells) {
		return r.cells[place].From - 1
	}
	return -1
}
