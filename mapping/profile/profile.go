// Package profile turns another network's export into our own workbook, before
// any mapping: a book of its tables becomes a book of Offers, Payouts, Caps and
// so on, whose cells remember where they came from.
//
// A [Profile] is one YAML file: how its files are known, which rows are one
// offer, and for each of our columns a source column, a constant or an
// expression, with tables for values and macros. [Library.Load] reads one,
// [Recognise] finds the one that fits a book, and [Apply] makes the new book
// and a [Report]. It promises that
//
//   - nothing is dropped in silence: what is not carried over, what changes in
//     meaning and what a person must decide is told at its cell, with a code
//     of its own, and summed up in the report;
//   - money and ids go through as text; arithmetic on money is exact;
//   - a profile says what it means or is refused: unknown keys, columns that do
//     not exist, slots given twice are errors that name file, line and key.
//
// A new network is one YAML file and one sample, and no code.
package profile

import (
	"fmt"

	"offerlift/internal/affise"
)

// Profile says how one network's export becomes our workbook. It is made by
// [Library.Load] and not changed afterwards.
type Profile struct {
	Name    string // as --profile names it
	Title   string // as people call the network
	About   string // where the export is found there
	Money   string // which of its amounts the affiliate gets and which the advertiser pays
	Dates   string // how dates are written there, as --date-format takes it; blank for ISO
	Prefix  string // goes before the source's ids: tune-
	Confirm bool   // a draft: its headers are inferred, so a person must confirm them
	Options []Option
	Tables  []*Table
	Slots   []string // by slot, counted from 0 for sub1: the source macro that it takes; blank for a free one
	Advice  []string // what the affiliates are to be told

	forms   []form // of macros, the longest first
	macros  map[string]*macroTable
	unknown outcome // of a macro that no table has
	values  map[string]*valueTable
}

// Option is a choice that a profile leaves to its user.
type Option struct {
	Name, Value, Help string
	Of                []string // the values that it takes; none for any
}

// Table is one kind of source table: how it is known and what its rows become.
type Table struct {
	Name   string
	Sheets []string // names of its sheet or file
	Has    []string // headers that tell it, all of which it has

	within  string              // of JSON: the member of a row that the columns stand in
	headers map[string][]string // other spellings of a column
	key     *columnSpec         // gives the offer's id
	group   bool                // rows of one id are one offer
	lead    string              // a condition: the row of an offer that speaks for it; blank: its first
	vary    []string            // columns in which the rows of one offer may differ
	records []*record
	joins   []join
	left    []leftColumn
	ignored []string
	unused  string // why some rows make nothing; elsewhere: other tables make what they say
	named   []mention
	at      position
}

// elsewhere stands for a reason that is none.
const elsewhere = "-"

// offers tells whether the table's rows are offers.
func (t *Table) offers() bool {
	for _, r := range t.records {
		if r.part.Key == "" {
			return true
		}
	}
	return false
}

// record is what a row becomes: one row of one of our sheets.
type record struct {
	part    *affise.Part
	when    string
	each    bool // of a grouped table: once a row, not once an offer
	columns []*columnSpec
	tells   []*tell
	at      position
}

// columnSpec says where one of our columns comes from. Exactly one of from,
// constant, code and first is set.
type columnSpec struct {
	column   *affise.Column // nil for a key
	from     string
	constant *string
	code     string // an expression
	first    []*columnSpec
	when     string   // of a choice in first
	values   string   // the table that translates the value
	macros   string   // the table that translates its macros
	ids      string   // the kind of id that it is
	lenient  bool     // an id that is not known is left out, with a word
	blank    []string // values that mean nothing
	fallback string   // takes the place of a blank
	take     string   // day or start: what of a date is carried over
	changed  string   // what to say of every value that is carried over
	at       position
}

// tell is a message about rows for which a condition holds.
type tell struct {
	when string
	at   string // the source column at which it is told
	outcome
	pos position
}

// leftColumn is a source column that is not carried over. A name that ends in
// * stands for all that begin so.
type leftColumn struct{ name, reason string }

// outcome is what becomes of a value, and what is said of it. A blank code
// says nothing.
type outcome struct {
	code  string
	text  string
	error bool
}

// mention is where a table names a source column, outside its records.
type mention struct {
	key, name string
	at        position
}

// position is where in a profile something stands.
type position struct {
	file string
	line int
	own  bool // in a file of the user's
}

func (p position) String() string { return fmt.Sprintf("%s, line %d", p.file, p.line) }
