// Package sheet reads spreadsheets as people really save them, CSV files and
// workbooks alike, into tables of rows in which each row knows its file, sheet
// and number and each cell its type and address.
//
// [Open] finds out what each file is, [Book.Tables] lists what there is to read,
// and [Table.Rows] streams it. It promises that no row and no cell is dropped,
// shifted or changed without a word: what it left out, took for granted or
// repaired is told in [Table.Notes], [Row.Flaws] and [Cell.Repair], and what it
// cannot know is an error that says where.
package sheet

import (
	"iter"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// Kind is the type of a cell. The stored type and the style decide it, never
// the shown text. Every cell of a CSV file is Text or Blank.
type Kind uint8

// The kinds of cell.
const (
	Blank   Kind = iota
	Text         // as typed, blanks and line breaks included
	Number       // a plain decimal, shortest form that reads back to the stored number, no exponent
	Date         // ISO 8601: 2026-03-04, 2026-03-04 18:00:00, or 18:00:00 for a time alone
	Bool         // TRUE or FALSE
	Error        // a spreadsheet error such as #N/A
	Formula      // a formula whose value the file does not hold; Text is the formula
)

// Cell is one cell. Its address is its row's number and its index in
// [Row.Cells]; see [Row.Address].
type Cell struct {
	Kind   Kind
	Text   string
	Format string // the number format's code, blank for General: "0.00%", "00000"
	Repair string // what was repaired in reading it, in words for the user; blank where nothing was
	From   int    // in a derived table: the column of the origin that it was made from, counted from 1; 0 = of none
}

// Row is one row of a table. Cells has one cell a column from column A on;
// blank cells at its end may be left out.
type Row struct {
	Table  *Table
	Number int // counted from 1 as a spreadsheet shows it, blank rows included
	Line   int // the line of the text file on which it starts; 0 for a workbook
	Cells  []Cell
	Flaws  []Message // what is to be said of the row as a whole: with an error among them it must not be used
}

// Cell returns the cell in a column counted from 0, or a blank one past the
// row's end.
func (r Row) Cell(col int) Cell {
	if col < 0 || col >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[col]
}

// Address names the cell in a column counted from 0 as spreadsheets do: D7.
func (r Row) Address(col int) string { return Address(col, r.Number) }

// Address names the cell in a column counted from 0 and a row counted from 1
// as spreadsheets do: D7.
func Address(col, row int) string { return ColumnName(col) + strconv.Itoa(row) }

// ColumnName is the letter or letters of a column counted from 0: A, Z, AA.
func ColumnName(col int) string {
	var b [8]byte
	i := len(b)
	for col++; col > 0; col = (col - 1) / 26 {
		i--
		b[i] = byte('A' + (col-1)%26)
	}
	return string(b[i:])
}

// Level says how much a message matters.
type Level string

// The levels of a message.
const (
	LevelError   Level = "error"   // the row is not sent
	LevelWarning Level = "warning" // the row is sent; a person should look
	LevelInfo    Level = "info"    // nothing to do: what was understood, repaired or left out
)

// Message tells the user of one thing in one place. Code is a short stable
// word listed in the docs; Text says what is wrong and what would be right.
type Message struct {
	Level  Level  `json:"level"`
	File   string `json:"file,omitempty"`
	Sheet  string `json:"sheet,omitempty"`
	Cell   string `json:"cell,omitempty"`   // D7, or a row's number alone where the whole row is meant
	Column string `json:"column,omitempty"` // our name of the column: stop_date
	Code   string `json:"code"`
	Text   string `json:"text"`
}

// Place names where a message belongs: "launch.xlsx, Payouts!D7", or "launch.xlsx,
// Payouts row 7" where it is the whole row.
func (m Message) Place() string {
	place := m.Sheet
	if strings.Contains(m.Cell, "[") || m.Cell == place || strings.HasPrefix(m.Cell, place+".") {
		place = "" // in JSON, a place names its list or object itself: offers[3].title, offer.title
	}
	switch {
	case m.Cell != "" && strings.Trim(m.Cell, "0123456789") == "":
		place = strings.TrimSpace(place + " row " + m.Cell)
	case place == "" || m.Cell == "":
		place += m.Cell
	default:
		place += "!" + m.Cell
	}
	if m.File == "" || place == "" {
		return m.File + place
	}
	return m.File + ", " + place
}

// Spot is Place for people's eyes: a file of text is a sheet of its own, and named
// once: "payouts.csv D7".
func (m Message) Spot() string {
	if !m.isText() {
		return m.Place()
	}
	return strings.TrimSpace(m.File + " " + Message{Cell: m.Cell}.Place())
}

// isText tells whether the file is one of text, whose name is that of its one
// sheet.
func (m Message) isText() bool {
	name := m.File[strings.LastIndexByte(m.File, '/')+1:]
	ending := strings.ToLower(filepath.Ext(name))
	return m.Sheet != "" && (ending == ".csv" || ending == ".tsv" || ending == ".txt") && name[:len(name)-len(ending)] == m.Sheet
}

// Table is one sheet of a workbook, or one CSV file.
type Table struct {
	File      string    // the file's base name, with its zip's name before it: launch.zip/offers.csv
	Sheet     string    // the sheet's name; a CSV file's name without its ending
	Path      string    // the file to open; the zip where the table stands in one
	Header    []Cell    // the header row's cells
	HeaderRow int       // its number, from 1
	Banner    []string  // by column: the group that a row right above the header puts it into; nil where none does
	Facts     Facts     // how it was read
	Notes     []Message // what was found, left out or taken for granted
	Below     []Below   // further tables below its rows, as far as they were read; none of them is part of it
	Origin    *Table    // of a derived table: the one that its rows were made from, and whose cells messages name; nil where it was read

	count atomic.Int64 // of the rows in the last whole reading
	rows  func() iter.Seq2[Row, error]
	scan  func() iter.Seq2[Row, error] // as Scan has it; nil where rows serves both
	links *cellLinks                   // nil where no cell has one
	place func(col, row int) string    // names a cell where spreadsheet addresses do not: in JSON
}

// Place names the cell in a column counted from 0 and a row counted from 1, or
// the row as a whole where col is below 0: D7, 7, offers[3].payments[0].total.
func (t *Table) Place(col, row int) string {
	switch {
	case t.place != nil:
		return t.place(col, row)
	case col < 0:
		return strconv.Itoa(row)
	}
	return Address(col, row)
}

// Facts say how a table was read, so that a person and a script can see it.
type Facts struct {
	Format    string `json:"format"`              // csv, xlsx or json
	Encoding  string `json:"encoding,omitempty"`  // utf-8, utf-8-bom, utf-16le, windows-1251, …
	Delimiter string `json:"delimiter,omitempty"` // "," ";" "tab" "|"
	LineEnd   string `json:"line_end,omitempty"`  // lf, crlf, cr, crcrlf
	Decimal   string `json:"decimal,omitempty"`   // "." or "," where it was told or found
	Date1904  bool   `json:"date_1904,omitempty"`
}

// Derive makes a table of rows that are made from this one's: a profile's view
// of it. Its rows have the numbers of the rows that they come from.
func (t *Table) Derive(sheet string, header []Cell, rows *Rows) *Table {
	d := &Table{File: t.File, Sheet: sheet, Path: t.Path, Header: header, HeaderRow: t.HeaderRow, Facts: t.Facts, Origin: t}
	d.rows = func() iter.Seq2[Row, error] { return rows.stream(d, false) }
	d.scan = func() iter.Seq2[Row, error] { return rows.stream(d, true) }
	return d
}

// Rows streams the rows below the header in their order, wholly blank ones
// left out. It may be called again, and then reads from the start. After an
// error there are no more rows. The row's cells are the caller's to keep.
func (t *Table) Rows() iter.Seq2[Row, error] { return t.counted(t.rows) }

// Scan is Rows for a reading that keeps no cells: a row's cells hold until the
// next row, their texts for good.
func (t *Table) Scan() iter.Seq2[Row, error] {
	if t.scan == nil {
		return t.Rows()
	}
	return t.counted(t.scan)
}

func (t *Table) counted(rows func() iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := int64(0)
		for row, err := range rows() {
			if err == nil {
				n++
			}
			if !yield(row, err) {
				return
			}
		}
		t.count.Store(n)
	}
}

// Count is how many rows the last reading to the end gave; 0 before there was
// one.
func (t *Table) Count() int { return int(t.count.Load()) }

// Book is what Open read: every table of every file, in the order of the
// arguments and of the sheets in a workbook.
type Book struct {
	Tables []*Table
	Notes  []Message // what belongs to no table: hidden sheets, files that are not read

	ignored []string // the names of the tables that Options.Ignored leaves out
	closers []func() error
	spool   *spool // of the rows that were set aside; nil before there were any
}

// Close lets go of the files.
func (b *Book) Close() error {
	var first error
	for _, c := range b.closers {
		if err := c(); err != nil && first == nil {
			first = err
		}
	}
	b.closers = nil
	return first
}

// Options tell Open what the user knows better than the file. The zero value
// finds everything out by itself.
type Options struct {
	Encoding  string   // an encoding's name as in [Facts], or an IANA name
	Delimiter rune     // 0 = find out
	HeaderRow int      // from 1; 0 = find out
	Sheets    []string // only these sheets, by name without regard to case; empty = all that are visible
	Ignored   []string // not these sheets and CSV files, by name likewise
	Decimal   rune     // '.' or ','; 0 = find out
	Limits    Limits

	// Known tells whether a text is a header that the reader's caller knows; the
	// row with most of them is the header. Nil: the first row that looks like one.
	Known func(header string) bool
	// Password is asked for the password of an encrypted workbook. Nil: refused.
	Password func(file string) (string, error)
}

// Limits bound what a file may cost. A zero field means its default.
type Limits struct {
	Unpacked   int64 // bytes a zip may unpack to in all; default 4 GiB
	Ratio      int64 // unpacked bytes per packed byte of one zip part above 16 MiB; default 200
	Rows       int   // rows of a table; default 1,048,576 for a workbook, 10,000,000 for CSV
	Columns    int   // columns of a row; default 2,048
	CellLength int   // bytes of one cell; default 1 MiB
	Strings    int64 // bytes of a workbook's shared strings; default 512 MiB
}

// FileError is a file that cannot be read, told so that its owner knows the
// way out. Place is blank, or a sheet, line or cell.
type FileError struct {
	File, Place string
	Code        string // a problem code as in Message
	Text        string // what is wrong and what would be right
	Err         error  // the cause, or nil
}

func (e *FileError) Error() string {
	place := e.File
	if e.Place != "" {
		place += ", " + e.Place
	}
	return place + ": " + e.Text
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }
