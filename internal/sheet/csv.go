package sheet

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// csvSource is a text that can be read from its start any number of times.
type csvSource struct {
	file  string // as in Table.File
	sheet string
	path  string
	open  func() (io.ReadCloser, error)
}

// csvTable is what was found out about a CSV file: enough to read its rows.
type csvTable struct {
	table    *Table
	source   csvSource
	decode   decoding
	dialect  dialect
	limits   Limits
	known    func(string) bool
	habits   rowHabits
	repeated bool // the header stands again somewhere, which was told
}

func (t *csvTable) parser(r io.Reader) *csvParser {
	p := newCSVParser(t.decode.reader(r, t.source.file), t.source.file, t.dialect, t.limits)
	p.width = t.habits.width
	return p
}

// rows streams the rows below the header, up to a further table. When all have
// been read, the table's Below is complete.
func (t *csvTable) rows() iter.Seq2[Row, error] { return t.stream(false) }

// scan is rows with the cells of a row used again for later ones.
func (t *csvTable) scan() iter.Seq2[Row, error] { return t.stream(true) }

func (t *csvTable) stream(reuse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r, err := t.source.open()
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer r.Close()
		s := csvStream{t: t, yield: yield, second: secondTable{header: t.table.Header, known: t.known, last: t.table.HeaderRow}}
		p := t.parser(r)
		p.reuse = reuse
		if err := s.run(p); err != nil {
			yield(Row{}, err)
		}
	}
}

// csvStream is one reading of a table.
type csvStream struct {
	t      *csvTable
	yield  func(Row, error) bool
	second secondTable
	block  []Row // rows not yet handed over, all of one of Excel's blocks
	count  int
}

// run reads to the end. It returns nil when the consumer had enough, too.
func (s *csvStream) run(p *csvParser) error {
	for {
		if len(s.block) > 0 && blockOf(s.block[0].Number) != blockOf(p.number+1) {
			if !s.flush() {
				return nil
			}
			p.forget()
		}
		rec, err := p.next()
		if err != nil && !s.flush() {
			return nil
		}
		if err == io.EOF {
			s.t.table.Below = s.second.below
			return nil
		}
		if err != nil {
			return err
		}
		if rec.number <= s.t.table.HeaderRow || blankCells(rec.cells) {
			continue
		}
		if more, err := s.add(rec); err != nil || !more {
			return err
		}
	}
}

// add takes a record as the next row; more is false where nothing may follow.
func (s *csvStream) add(rec csvRecord) (more bool, err error) {
	row := Row{Table: s.t.table, Number: rec.number, Line: rec.line, Cells: rec.cells, Flaws: rec.flaws}
	if s.second.has(row) || s.t.repeats(row) {
		return true, nil // what is below is read on, so that damage there is found too
	}
	if s.count++; s.count > s.t.limits.Rows {
		if !s.flush() {
			return false, nil
		}
		return false, &FileError{File: s.t.table.File, Place: fmt.Sprint("line ", rec.line), Code: "too_large",
			Text: fmt.Sprintf("the file has more rows than the limit of %d: split it, or raise the limit with --max-rows", s.t.limits.Rows)}
	}
	s.block = append(s.block, row)
	return true, nil
}

// flush judges the rows of a block together and hands them over. It tells
// whether the consumer wants more.
func (s *csvStream) flush() bool {
	s.t.habits.judge(s.block)
	for _, row := range s.block {
		if !s.yield(row, nil) {
			s.block = nil
			return false
		}
	}
	s.block = s.block[:0]
	return true
}

// excelBlock is how many rows Excel writes alike: in each block of them it
// leaves out the blank cells that end all of its rows.
const excelBlock = 16

func blockOf(row int) int { return (row - 1) / excelBlock }

// rowHabits tell how many cells the rows of a file have.
type rowHabits struct {
	width  int  // the columns that may hold values
	header int  // the header's cells as written, blank ones at its end included
	usual  int  // the cells of most rows
	rows   int  // how many the sample has
	trims  bool // rows leave out the blank cells at their end
	pads   bool // rows have blank cells past the header's last, each as many as it likes
}

// judge flags the rows of a block that have lost or gained a delimiter.
func (h rowHabits) judge(block []Row) {
	uniform := len(block) > 1 && !slices.ContainsFunc(block, func(r Row) bool { return len(r.Cells) != len(block[0].Cells) })
	for i := range block {
		row := &block[i]
		n := len(row.Cells)
		switch {
		case n == 1 && h.width > 3 && holdsRow(row.Cells[0].Text, h.width):
			row.ragged("the row is one cell, the header has %d columns: it stands in quotes as a whole, "+
				"or its cells are divided otherwise than the column names; export the file again", h.width)
		case rowWidth(row.Cells) == h.width+1 && n == h.usual && h.rows > 1:
			row.ragged("the row has %d cells, as most have, the header has %d columns: one column has no name, "+
				"maybe the first; write it into row %d, or the cells would be read one column off", n, h.width, row.Table.HeaderRow)
		case rowWidth(row.Cells) > h.width, n > h.header && n > h.usual && !h.pads:
			row.ragged("the row has %d cells, the header has %d columns: a cell that holds the delimiter "+
				"must stand in quotes", n, h.width)
		case n < h.width && !h.trims && !uniform:
			row.ragged("the row has %d cells, the header has %d columns: a delimiter is missing; "+
				"write the blank cells at the end of a row too", n, h.width)
		}
	}
}

// holdsRow tells whether a cell's text is a row of so many cells.
func holdsRow(text string, width int) bool {
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		if strings.Count(text, delimiter) == width-1 {
			return true
		}
	}
	return false
}

// ragged adds the flaw of a row that has too many or too few cells.
func (r *Row) ragged(format string, args ...any) {
	r.Flaws = append(r.Flaws, Message{Level: LevelError, File: r.Table.File, Cell: fmt.Sprint(r.Number), Code: "ragged_row", Text: fmt.Sprintf(format, args...)})
}

// openCSV finds out how a CSV file is written and where its header is.
func openCSV(source csvSource, opts Options) (*csvTable, error) {
	t := &csvTable{source: source, limits: csvLimits(opts.Limits), known: opts.Known}
	t.table = &Table{File: source.file, Sheet: source.sheet, Path: source.path, rows: t.rows, scan: t.scan}
	text, err := t.takeSample(opts)
	if err != nil {
		return nil, err
	}
	records, err := t.cut(text)
	if found := t.findHeader(records, opts); found != nil {
		if err != nil {
			return nil, err
		}
		return nil, found
	}
	t.learn(records, opts)
	return t, nil
}

// rowless tells whether there is no row below the header. An error that comes
// before the first row is left for whoever reads the rows.
func (t *csvTable) rowless() bool {
	for range t.rows() {
		return false
	}
	return true
}

// repeats tells whether the column names stand here again, as where files were
// joined, with a byte order mark before them or without. The first such row is
// told of.
func (t *csvTable) repeats(row Row) bool {
	header, cells := t.table.Header, row.Cells
	if len(cells) == 0 || !strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(cells[0].Text, "\ufeff")), strings.TrimSpace(header[0].Text)) || !sameNames(cells[1:], header[1:]) {
		return false
	}
	if !t.repeated {
		t.repeated = true
		t.tell(Message{Level: LevelInfo, Cell: fmt.Sprint(row.Number), Code: "repeated_header",
			Text: fmt.Sprintf("the column names stand in row %d again: that row, and others like it, was left out", row.Number)})
	}
	return true
}

// tell adds a note about the file as a whole or about one of its rows.
func (t *csvTable) tell(note Message) {
	note.File = t.table.File
	t.table.Notes = append(t.table.Notes, note)
}

func csvLimits(l Limits) Limits {
	fill := func(v *int, value int) {
		if *v <= 0 {
			*v = value
		}
	}
	fill(&l.Rows, 10_000_000)
	fill(&l.Columns, 2048)
	fill(&l.CellLength, 1<<20)
	return l
}

func sheetName(file string) string {
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	return base
}
