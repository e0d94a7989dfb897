package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// quoting is how a quote inside a quoted cell is written.
type quoting uint8

const (
	quoteDoubled      quoting = iota // "" as RFC 4180 has it
	quoteBackslashed                 // \" and, for a backslash, \\
	quoteTwoBackslash                // \\" as TUNE writes it
)

// dialect is how the text of a CSV file is cut into records and cells.
type dialect struct {
	delimiter byte // 0: every line is one cell
	quoting   quoting
	cr        bool // a CR alone ends a record, as in files of old Macs
	sepLine   bool // the first line is sep=; and no record
}

const (
	csvBuffer = 64 << 10
	// quoteLook is how many bytes a quoted cell may have before its lines are
	// compared with records: where they look alike, the quote was never closed.
	quoteLook = 32 << 10
)

// errMore tells that the record goes on past what the buffer holds.
var errMore = errors.New("record goes on")

// csvRecord is one record as it stands in the file, a blank one included.
type csvRecord struct {
	number, line int
	cells        []Cell
	flaws        []Message
	odd          bool // a quote stands where this way of quoting would not write it
}

// csvParser cuts a UTF-8 text into records. It never skips a byte without
// counting it: a record it cannot read for certain has flaws or is an error.
type csvParser struct {
	src     io.Reader
	file    string
	dialect dialect
	limits  Limits
	width   int // the header's columns, 0 while they are not known

	buf        []byte
	start, end int
	eof        bool
	readErr    error
	nul        bool // a NUL byte was read at some time

	number, line int    // of the record that was read last; of the line that comes next
	hint         int    // cells of the record before
	slab         []Cell // cells handed out, with room for more
	reuse        bool   // whoever gets records has no use for their cells after forget
	scratch      []byte
	ends         []int
	flaws        []Message
	odd          bool // as in csvRecord
	broken       bool // a quoted cell of this record goes over lines
	stop         int  // where the line ends that was looked at last in this record
	quote        int  // the first quote in that line from where was looked last, or its end
}

func newCSVParser(src io.Reader, file string, d dialect, limits Limits) *csvParser {
	return &csvParser{src: src, file: file, dialect: d, limits: limits, buf: make([]byte, csvBuffer), line: 1}
}

// next reads the record that follows; io.EOF where there is none.
func (p *csvParser) next() (csvRecord, error) {
	if p.dialect.sepLine && p.line == 1 {
		if err := p.skipLine(); err != nil {
			return csvRecord{}, err
		}
	}
	for {
		b := p.buf[p.start:p.end]
		if len(b) == 0 && p.eof {
			return csvRecord{}, io.EOF
		}
		rec, size, err := p.record(b)
		if err == nil {
			p.start += size
			p.number = rec.number
			p.hint = len(rec.cells)
			return rec, nil
		}
		if err == errMore {
			err = p.fill()
		}
		if err != nil {
			return csvRecord{}, err
		}
	}
}

// skipLine passes over the line sep=; which spreadsheets do not count as a row.
func (p *csvParser) skipLine() error {
	for {
		b := p.buf[p.start:p.end]
		at, size := p.lineEnd(b)
		if at >= 0 {
			p.start += at + size
			p.line++
			return nil
		}
		if err := p.fill(); err != nil {
			return err
		}
	}
}

// fill reads until the buffer is full, which grows where one record fills it.
func (p *csvParser) fill() error {
	if p.readErr != nil {
		return p.located(p.readErr)
	}
	copy(p.buf, p.buf[p.start:p.end])
	p.end -= p.start
	p.start = 0
	if p.end == len(p.buf) {
		p.buf = append(p.buf, make([]byte, len(p.buf))...)
	}
	n, err := io.ReadFull(p.src, p.buf[p.end:])
	p.nul = p.nul || bytes.IndexByte(p.buf[p.end:p.end+n], 0) >= 0
	p.end += n
	switch err {
	case nil:
	case io.EOF, io.ErrUnexpectedEOF:
		p.eof = true
		if p.end > 0 && p.buf[p.end-1] == 0x1a { // how DOS programs mark the end
			p.end--
		}
	default:
		p.readErr = err
	}
	return nil
}

// located gives an error of the text's decoder the line on which it happened.
func (p *csvParser) located(err error) error {
	var bad *FileError
	if errors.As(err, &bad) && bad.Code == "bad_encoding" {
		at := *bad
		at.Place = fmt.Sprint("line ", p.line+p.breaks(p.buf[p.start:p.end]))
		return &at
	}
	return err
}

func (p *csvParser) fail(line int, code, text string) *FileError {
	return &FileError{File: p.file, Place: fmt.Sprint("line ", line), Code: code, Text: text}
}

func (p *csvParser) flaw(col int, code, text string) {
	p.flaws = append(p.flaws, Message{Level: LevelError, File: p.file, Cell: Address(col, p.number+1), Code: code, Text: text})
}

// flawOnce adds a flaw unless the cell has it already.
func (p *csvParser) flawOnce(col int, code, text string) {
	if n := len(p.flaws); n == 0 || p.flaws[n-1].Cell != Address(col, p.number+1) {
		p.flaw(col, code, text)
	}
}

// record reads the record at the start of b, which is not empty unless the
// text ended, and returns its size with its line end.
func (p *csvParser) record(b []byte) (csvRecord, int, error) {
	at, size := p.lineEnd(b)
	if at < 0 {
		return csvRecord{}, 0, errMore
	}
	rec := csvRecord{number: p.number + 1, line: p.line}
	p.flaws, p.broken, p.odd = nil, false, false
	var err error
	if bytes.IndexByte(b[:at], '"') < 0 && (p.dialect.quoting != quoteBackslashed || bytes.IndexByte(b[:at], '\\') < 0) {
		rec.cells, err = p.plain(b[:at])
		size += at
		p.line++
	} else {
		p.stop, p.quote = at, -1
		rec.cells, size, err = p.quoted(b)
		if err == nil {
			p.line += max(1, p.breaks(b[:size]))
		}
	}
	if err != nil {
		return csvRecord{}, 0, err
	}
	p.checkNUL(rec.cells)
	rec.flaws, rec.odd = p.flaws, p.odd
	return rec, size, nil
}

// plain cuts a line that has no quote.
func (p *csvParser) plain(line []byte) ([]Cell, error) {
	if len(line) == 0 {
		return nil, nil
	}
	text := string(line)
	cells := p.room()
	for p.dialect.delimiter != 0 {
		i := strings.IndexByte(text, p.dialect.delimiter)
		if i < 0 {
			break
		}
		cells = append(cells, textCell(text[:i]))
		text = text[i+1:]
	}
	cells = p.keep(append(cells, textCell(text)))
	return cells, p.withinLimits(cells, len(line))
}

// cellSlab is how many cells are allocated together.
const cellSlab = 480

// room is where a record's cells may go: behind those of the records before it.
func (p *csvParser) room() []Cell {
	if cap(p.slab)-len(p.slab) < max(p.hint, 1) {
		size := max(p.hint, cellSlab)
		if p.reuse {
			size = max(p.hint*excelBlock, cellSlab)
		}
		p.slab = make([]Cell, 0, size)
	}
	return p.slab[len(p.slab):]
}

// forget lets later records have the cells of those before, where they may.
func (p *csvParser) forget() {
	if p.reuse {
		p.slab = p.slab[:0]
	}
}

// keep gives a record its cells for good, wherever append put them.
func (p *csvParser) keep(cells []Cell) []Cell {
	if n := len(p.slab) + len(cells); n <= cap(p.slab) {
		p.slab = p.slab[:n]
	}
	return slices.Clip(cells)
}

func textCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	if len(text) > 2 && text[0] == '=' {
		return formulaText(text)
	}
	return Cell{Kind: Text, Text: text}
}

// formulaText reads ="00123", by which exports keep the zeros of an id from
// Excel, as its text. What is no such formula is left alone.
func formulaText(formula string) Cell {
	cell := Cell{Kind: Text, Text: formula}
	if !strings.HasPrefix(formula, `="`) || !strings.HasSuffix(formula, `"`) || len(formula) < 3 {
		return cell
	}
	inner := formula[2 : len(formula)-1]
	if strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
		return cell
	}
	if cell = (Cell{}); inner != "" {
		cell = Cell{Kind: Text, Text: strings.ReplaceAll(inner, `""`, `"`), Repair: fmt.Sprintf("the formula `%s` was read as the text that it holds", formula)}
	}
	return cell
}

// withinLimits judges a record's cells; size is that of the whole record, so
// that only long ones are looked at cell by cell.
func (p *csvParser) withinLimits(cells []Cell, size int) error {
	if len(cells) > p.limits.Columns {
		return p.fail(p.line, "too_large", fmt.Sprintf("the row has %d columns, more than the limit of %d: "+
			"check that the delimiter is right, or raise the limit with --max-columns", len(cells), p.limits.Columns))
	}
	if size <= p.limits.CellLength {
		return nil
	}
	for col, c := range cells {
		if len(c.Text) > p.limits.CellLength {
			return p.fail(p.line, "too_large", fmt.Sprintf("cell %s has %d bytes, more than the limit of %d: "+
				"shorten it, or raise the limit with --max-cell", Address(col, p.number+1), len(c.Text), p.limits.CellLength))
		}
	}
	return nil
}

// opening names the quote with which the cell at hand begins.
func (p *csvParser) opening() string {
	return fmt.Sprintf("the quote (\") that begins the cell in column %s", ColumnName(len(p.ends)))
}

// checkNUL flags the first cell with a NUL byte: the text there is damaged.
func (p *csvParser) checkNUL(cells []Cell) {
	if !p.nul {
		return
	}
	for col, c := range cells {
		if strings.IndexByte(c.Text, 0) >= 0 {
			p.flaw(col, "nul_byte", "the cell holds a NUL byte, so the file is damaged here: type the row again, or export the file anew")
			return
		}
	}
}
