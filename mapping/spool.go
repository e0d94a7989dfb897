package mapping

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"offerlift/internal/sheet"
)

// spoolMemory is how many bytes of child rows are held in memory; more go to
// a temporary file.
const spoolMemory = 16 << 20

// spoolChunk is the size of the pieces of that memory: one that grew would be
// copied again and again.
const spoolChunk = 256 << 10

// spool holds the child rows of all tables, each table's in a region of its
// own, until the offers ask for them. It is written once, then read by any
// number of cursors at once.
type spool struct {
	dir    string
	limit  int
	memory [][]byte // of spoolChunk bytes each, the last one less
	file   *os.File
	writer *bufio.Writer
	size   int64
	buffer []byte // of the row that is being written
	length []byte
}

func newSpool(dir string) *spool { return &spool{dir: dir, limit: spoolMemory} }

// region is where a table's rows stand in the spool. Where they are not in the
// offers' order, index says which belong to which offer.
type region struct {
	start, end int64
	rows       int
	last       uint32
	unordered  bool
	index      []uint64 // ordinal and offset of each row, in the offers' order
}

// An index entry is the ordinal above offsetBits, and the offset below.
const offsetBits = 38

// add appends a child row of the offer of an ordinal to a table's region.
func (s *spool) add(r *region, ordinal uint32, rec *record) error {
	if ordinal>>(64-offsetBits) != 0 || s.size>>offsetBits != 0 {
		return errors.New("the input is too big: more than 67 million offers or 256 GB of child rows")
	}
	if r.rows == 0 {
		r.start = s.size
	}
	r.unordered = r.unordered || ordinal < r.last
	r.last = ordinal
	r.rows++
	body, err := appendRecord(s.buffer[:0], ordinal, rec)
	if err != nil {
		return err
	}
	s.buffer = body
	s.length = binary.AppendUvarint(s.length[:0], uint64(len(body)))
	if err := s.write(s.length); err != nil {
		return err
	}
	err = s.write(body)
	r.end = s.size
	return err
}

func (s *spool) write(b []byte) error {
	s.size += int64(len(b))
	if s.file == nil && s.size <= int64(s.limit) {
		s.keep(b)
		return nil
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	_, err := s.writer.Write(b)
	return spoolError(err)
}

// keep holds bytes in memory.
func (s *spool) keep(b []byte) {
	for len(b) > 0 {
		last := len(s.memory) - 1
		if last < 0 || len(s.memory[last]) == spoolChunk {
			s.memory = append(s.memory, make([]byte, 0, spoolChunk))
			last++
		}
		n := min(len(b), spoolChunk-len(s.memory[last]))
		s.memory[last] = append(s.memory[last], b[:n]...)
		b = b[n:]
	}
}

// open moves what is in memory to a temporary file. The file is unlinked at
// once where the system allows it, so that it goes with the process.
func (s *spool) open() error {
	f, err := os.CreateTemp(s.dir, "offerlift-spool-*")
	if err != nil {
		return spoolError(err)
	}
	_ = os.Remove(f.Name()) // not on Windows: close removes it there
	s.file, s.writer = f, bufio.NewWriterSize(f, 256<<10)
	for _, chunk := range s.memory {
		s.writer.Write(chunk) // the writer keeps its error for Flush
	}
	s.memory = nil
	return nil
}

func spoolError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the child rows cannot be set aside in the temporary folder: %w", err)
}

// finish ends the writing.
func (s *spool) finish() error {
	s.buffer, s.length = nil, nil
	if s.writer == nil {
		return nil
	}
	err := s.writer.Flush()
	s.writer = nil
	return spoolError(err)
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); err == nil && !errors.Is(gone, os.ErrNotExist) {
		err = gone
	}
	s.file, s.memory = nil, nil
	return err
}

// ReadAt reads what was written.
func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(p, off)
	}
	n := 0
	for n < len(p) && off < s.size {
		read := copy(p[n:], s.memory[off/spoolChunk][off%spoolChunk:])
		n, off = n+read, off+int64(read)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// sortRegion makes, once the spool is finished, the index of a region whose
// rows are not in the offers' order. Rows of one offer keep theirs.
func (s *spool) sortRegion(r *region) error {
	if !r.unordered {
		return nil
	}
	r.index = make([]uint64, 0, r.rows)
	in := s.sequence(r)
	for {
		at := in.offset
		body, err := in.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		ordinal, _ := binary.Uvarint(body)
		r.index = append(r.index, ordinal<<offsetBits|uint64(at))
	}
	slices.Sort(r.index)
	return nil
}

// sequence reads the rows of a region one after the other.
type sequence struct {
	in     *bufio.Reader
	offset int64
	body   []byte
}

func (s *spool) sequence(r *region) *sequence {
	return &sequence{in: bufio.NewReaderSize(io.NewSectionReader(s, r.start, r.end-r.start), 64<<10), offset: r.start}
}

// next returns the next row, in a buffer that the call after it uses again; at
// the end io.EOF.
func (q *sequence) next() ([]byte, error) {
	length, err := binary.ReadUvarint(q.in)
	if err == io.EOF {
		return nil, io.EOF
	}
	if err != nil {
		return nil, spoolError(err)
	}
	q.body = slices.Grow(q.body[:0], int(length))[:length]
	if _, err := io.ReadFull(q.in, q.body); err != nil {
		return nil, spoolError(err)
	}
	q.offset += int64(uvarintLen(length)) + int64(length)
	return q.body, nil
}

func uvarintLen(n uint64) int {
	var b [binary.MaxVarintLen64]byte
	return binary.PutUvarint(b[:], n)
}

// cursor hands out the child rows of one table, offer by offer.
type cursor struct {
	spool   *spool
	table   *childTable
	ordered *sequence
	ahead   []byte // the next row of an ordered region
	index   []uint64
	body    []byte
}

func (s *spool) cursor(t *childTable) *cursor {
	c := &cursor{spool: s, table: t, index: t.region.index}
	if !t.region.unordered {
		c.ordered = s.sequence(&t.region)
	}
	return c
}

// rowsOf adds the rows of an offer to a batch. Offers must be asked for in their
// order.
func (c *cursor) rowsOf(ordinal uint32, b *batch) error {
	for {
		body, err := c.peek(ordinal)
		if err != nil || body == nil {
			return err
		}
		rec, err := readRecord(body, c.table.own, b.room(len(c.table.own.columns)))
		if err != nil {
			return err
		}
		c.ahead = nil
		b.rows = append(b.rows, rec)
	}
}

// peek returns the next row if it belongs to the offer, else nil.
func (c *cursor) peek(ordinal uint32) ([]byte, error) {
	if c.ordered == nil {
		if len(c.index) == 0 || uint32(c.index[0]>>offsetBits) != ordinal {
			return nil, nil
		}
		at := int64(c.index[0] & (1<<offsetBits - 1))
		c.index = c.index[1:]
		return c.load(at)
	}
	if c.ahead == nil {
		body, err := c.ordered.next()
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		c.ahead = body
	}
	if next, _ := binary.Uvarint(c.ahead); uint32(next) != ordinal {
		return nil, nil
	}
	return c.ahead, nil
}

// load reads the row at an offset.
func (c *cursor) load(at int64) ([]byte, error) {
	c.body = slices.Grow(c.body[:0], 512)[:512]
	n, err := c.spool.ReadAt(c.body, at)
	if err != nil && err != io.EOF {
		return nil, spoolError(err)
	}
	length, width := binary.Uvarint(c.body[:n])
	if width <= 0 {
		return nil, spoolError(io.ErrUnexpectedEOF)
	}
	if end := width + int(length); end <= n {
		return c.body[width:end], nil
	}
	c.body = slices.Grow(c.body[:0], int(length))[:length]
	if _, err := c.spool.ReadAt(c.body, at+int64(width)); err != nil {
		return nil, spoolError(err)
	}
	return c.body, nil
}

// A row in the spool is its ordinal, its number, its flaws as JSON with their
// length, and its cells: kind and marks, then each text with its length.
const (
	hasFormat = 1 << 4
	hasRepair = 1 << 5
	hasFrom   = 1 << 6
)

func appendRecord(b []byte, ordinal uint32, rec *record) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(ordinal))
	b = binary.AppendUvarint(b, uint64(rec.row))
	var flaws []byte
	if len(rec.flaws) > 0 {
		var err error
		if flaws, err = json.Marshal(rec.flaws); err != nil {
			return b, err
		}
	}
	b = appendText(b, string(flaws))
	for _, c := range rec.cells {
		mark := byte(c.Kind)
		if c.Format != "" {
			mark |= hasFormat
		}
		if c.Repair != "" {
			mark |= hasRepair
		}
		if c.From > 0 {
			mark |= hasFrom
		}
		b = append(b, mark)
		if c.From > 0 {
			b = binary.AppendUvarint(b, uint64(c.From))
		}
		if c.Kind == sheet.Blank {
			continue
		}
		b = appendText(b, c.Text)
		if c.Format != "" {
			b = appendText(b, c.Format)
		}
		if c.Repair != "" {
			b = appendText(b, c.Repair)
		}
	}
	return b, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readRecord reads what appendRecord wrote into cells. All texts share one
// string.
func readRecord(body []byte, bind *binding, cells []sheet.Cell) (record, error) {
	in := spooled{rest: string(body)}
	in.number() // the ordinal
	rec := record{bind: bind, row: int(in.number()), cells: cells}
	if flaws := in.text(); flaws != "" {
		if err := json.Unmarshal([]byte(flaws), &rec.flaws); err != nil {
			return rec, spoolError(err)
		}
	}
	for i := range rec.cells {
		mark := in.mark()
		c := &rec.cells[i]
		if mark&hasFrom != 0 {
			c.From = int(in.number())
		}
		if c.Kind = sheet.Kind(mark &^ (hasFormat | hasRepair | hasFrom)); c.Kind == sheet.Blank {
			continue
		}
		rec.filled++
		c.Text = in.text()
		if mark&hasFormat != 0 {
			c.Format = in.text()
		}
		if mark&hasRepair != 0 {
			c.Repair = in.text()
		}
	}
	if in.short {
		return rec, spoolError(io.ErrUnexpectedEOF)
	}
	return rec, nil
}

// spooled reads a row's fields; short tells that it ended too early.
type spooled struct {
	rest  string
	short bool
}

func (s *spooled) number() uint64 {
	var n uint64
	for shift := 0; shift < 64 && s.rest != ""; shift += 7 {
		b := s.rest[0]
		s.rest = s.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	s.short = true
	return 0
}

func (s *spooled) mark() byte {
	if s.rest == "" {
		s.short = true
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b
}

func (s *spooled) text() string {
	n := s.number()
	if n > uint64(len(s.rest)) {
		s.short = true
		return ""
	}
	text := s.rest[:n]
	s.rest = s.rest[n:]
	return text
}
