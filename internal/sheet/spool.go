package sheet

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// spoolMemory is how many bytes of rows a book holds in memory; more go to a
// temporary file.
const spoolMemory = 4 << 20

// chunkSize is how many bytes of rows are written and read at a time.
const chunkSize = 64 << 10

// Rows are rows that were set aside, to be streamed as often as they are
// needed: in memory, and beyond a limit in a temporary file. They are added by
// one goroutine; after Finish any number may stream them.
type Rows struct {
	// Late is what is to be said of a row besides its flaws, by the text of its
	// first cell: what was learnt after it was added.
	Late map[string][]Message

	spool  *spool
	words  map[string]uint64 // what many rows say in the same words, by its place in known
	known  []string
	chunks []rowChunk
	open   []byte // the chunk that is being written
	body   []byte // of the row that is being written
}

// NewRows makes an empty list of rows. The book's Close lets go of them.
func (b *Book) NewRows() *Rows {
	if b.spool == nil {
		b.spool = &spool{limit: spoolMemory}
		b.closers = append(b.closers, b.spool.close)
	}
	return &Rows{spool: b.spool, words: map[string]uint64{}}
}

// Add adds a row; which table it is of is not kept.
func (r *Rows) Add(row Row) error {
	r.body = r.appendRow(r.body[:0], row)
	r.open = append(binary.AppendUvarint(r.open, uint64(len(r.body))), r.body...)
	if len(r.open) < chunkSize {
		return nil
	}
	return r.flush()
}

// Finish ends the adding.
func (r *Rows) Finish() error {
	err := r.flush()
	r.open, r.body = nil, nil
	return err
}

func (r *Rows) flush() error {
	if len(r.open) == 0 {
		return nil
	}
	c, err := r.spool.put(r.open)
	r.chunks, r.open = append(r.chunks, c), r.open[:0]
	return err
}

// stream streams the rows, as rows of a table, with the cells of a row used
// again for the next one or not.
func (r *Rows) stream(of *Table, reuse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		c := rowCursor{rows: r}
		var cells []Cell
		for {
			row, err := c.next(cells)
			if reuse {
				cells = row.Cells
			}
			if err == io.EOF {
				return
			}
			row.Table = of
			if len(r.Late) > 0 && err == nil {
				row.Flaws = append(row.Flaws, r.Late[row.Cell(0).Text]...)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// rowCursor reads rows one after the other.
type rowCursor struct {
	rows   *Rows
	chunk  int // the next one
	rest   []byte
	buffer []byte
}

// next returns the next row, or io.EOF. Its cells are put into the ones given,
// all of which are then the row's; where they do not do, into new ones.
func (c *rowCursor) next(cells []Cell) (Row, error) {
	if len(c.rest) == 0 {
		if c.chunk == len(c.rows.chunks) {
			return Row{}, io.EOF
		}
		var err error
		if c.rest, err = c.rows.spool.load(c.rows.chunks[c.chunk], &c.buffer); err != nil {
			return Row{}, err
		}
		c.chunk++
	}
	length, width := binary.Uvarint(c.rest)
	body := string(c.rest[width : width+int(length)]) // which all texts of the row share
	c.rest = c.rest[width+int(length):]
	s := storedRow{rows: c.rows, rest: body}
	return s.row(cells), nil
}

// A row is stored as its number and line, its cells and its flaws, each list
// with its length before it. A cell begins with its kind and what it has of
// these.
const (
	hasFormat = 1 << (iota + 4)
	hasRepair
	hasFrom
)

func (r *Rows) appendRow(b []byte, row Row) []byte {
	b = binary.AppendUvarint(b, uint64(row.Number))
	b = binary.AppendUvarint(b, uint64(row.Line))
	b = binary.AppendUvarint(b, uint64(len(row.Cells)))
	for i := range row.Cells {
		b = r.appendCell(b, &row.Cells[i])
	}
	b = binary.AppendUvarint(b, uint64(len(row.Flaws)))
	for i := range row.Flaws {
		f := &row.Flaws[i]
		for _, word := range []string{string(f.Level), f.File, f.Sheet, f.Column, f.Code} {
			b = r.appendWord(b, word)
		}
		b = appendText(appendText(b, f.Cell), f.Text)
	}
	return b
}

func (r *Rows) appendCell(b []byte, c *Cell) []byte {
	mark := byte(c.Kind)
	for _, part := range []struct {
		there bool
		mark  byte
	}{{c.Format != "", hasFormat}, {c.Repair != "", hasRepair}, {c.From > 0, hasFrom}} {
		if part.there {
			mark |= part.mark
		}
	}
	b = append(b, mark)
	if c.From > 0 {
		b = binary.AppendUvarint(b, uint64(c.From))
	}
	if c.Kind != Blank {
		b = appendText(b, c.Text)
	}
	if c.Format != "" {
		b = r.appendWord(b, c.Format)
	}
	if c.Repair != "" {
		b = appendText(b, c.Repair)
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// appendWord writes a text that many rows have as its number.
func (r *Rows) appendWord(b []byte, word string) []byte {
	n, known := r.words[word]
	if !known {
		n = uint64(len(r.known))
		r.words[word], r.known = n, append(r.known, word)
	}
	return binary.AppendUvarint(b, n)
}

// storedRow takes a stored row apart.
type storedRow struct {
	rows *Rows
	rest string
}

func (s *storedRow) row(cells []Cell) Row {
	row := Row{Number: s.number(), Line: s.number()}
	n := s.number()
	if len(cells) < n {
		cells = make([]Cell, n)
	}
	for i := range n {
		cells[i] = s.cell()
	}
	clear(cells[n:])
	row.Cells = cells
	if n := s.number(); n > 0 {
		row.Flaws = make([]Message, n)
	}
	for i := range row.Flaws {
		row.Flaws[i] = Message{Level: Level(s.word()), File: s.word(), Sheet: s.word(), Column: s.word(), Code: s.word(), Cell: s.text(), Text: s.text()}
	}
	return row
}

func (s *storedRow) cell() (c Cell) {
	mark := s.rest[0]
	s.rest = s.rest[1:]
	if c.Kind = Kind(mark &^ (hasFormat | hasRepair | hasFrom)); mark == 0 {
		return c
	}
	if mark&hasFrom != 0 {
		c.From = s.number()
	}
	if c.Kind != Blank {
		c.Text = s.text()
	}
	if mark&hasFormat != 0 {
		c.Format = s.word()
	}
	if mark&hasRepair != 0 {
		c.Repair = s.text()
	}
	return c
}

func (s *storedRow) number() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := s.rest[0]
		s.rest = s.rest[1:]
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (s *storedRow) text() string {
	n := s.number()
	text := s.rest[:n]
	s.rest = s.rest[n:]
	return text
}

func (s *storedRow) word() string { return s.rows.known[s.number()] }

// spool holds the chunks of all rows that were set aside for a book.
type spool struct {
	limit int // bytes in memory
	held  int
	file  *os.File
	size  int64 // of the file
}

// rowChunk is a run of whole rows: in memory, or so many bytes of the file.
type rowChunk struct {
	held   []byte
	offset int64
	length int
}

func (s *spool) put(chunk []byte) (rowChunk, error) {
	if s.file == nil && s.held+len(chunk) <= s.limit {
		s.held += len(chunk)
		return rowChunk{held: slices.Clone(chunk)}, nil
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "offerlift-rows-*")
		if err != nil {
			return rowChunk{}, spoolError(err)
		}
		_ = os.Remove(f.Name()) // so that it goes with the process; not on Windows: close removes it there
		s.file = f
	}
	c := rowChunk{offset: s.size, length: len(chunk)}
	n, err := s.file.Write(chunk)
	s.size += int64(n)
	if err != nil {
		return c, spoolError(err)
	}
	return c, nil
}

// load returns a chunk: the one in memory, or what the buffer then holds.
func (s *spool) load(c rowChunk, buffer *[]byte) ([]byte, error) {
	if c.held != nil {
		return c.held, nil
	}
	if s.file == nil {
		return nil, spoolError(os.ErrClosed)
	}
	*buffer = slices.Grow((*buffer)[:0], c.length)[:c.length]
	if _, err := s.file.ReadAt(*buffer, c.offset); err != nil {
		return nil, spoolError(err)
	}
	return *buffer, nil
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	_ = os.Remove(s.file.Name())
	s.file = nil
	return err
}

func spoolError(err error) error {
	return &FileError{File: os.TempDir(), Code: "temporary_folder", Err: err,
		Text: fmt.Sprintf("the rows cannot be set aside in the temporary folder: make room in it, or name another in TMPDIR (%v)", err)}
}
