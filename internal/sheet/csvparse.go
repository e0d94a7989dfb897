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

// quoted cuts a record some of whose cells are quoted.
func (p *csvParser) quoted(b []byte) ([]Cell, int, error) {
	p.scratch, p.ends = p.scratch[:0], p.ends[:0]
	for pos := 0; ; {
		stop, err := p.cell(b, pos)
		if err != nil {
			return nil, 0, err
		}
		p.ends = append(p.ends, len(p.scratch))
		if stop < len(b) && p.isDelimiter(b[stop]) {
			pos = stop + 1
			continue
		}
		size := stop + max(0, p.breakAt(b, stop))
		if p.broken && p.swallowed(b[:stop]) {
			p.flaw(len(p.ends)-1, "unclosed_quote", fmt.Sprintf("a quote in this row spans %d lines that look like rows: "+
				"it was probably never closed; close it, or write a quote inside a cell twice", p.breaks(b[:stop])+1))
		}
		cells := p.cut()
		return cells, size, p.withinLimits(cells, len(p.scratch))
	}
}

// cut makes the cells of what the scratch holds, all on one string.
func (p *csvParser) cut() []Cell {
	text := string(p.scratch)
	cells := p.room()
	from := 0
	for _, end := range p.ends {
		cells = append(cells, textCell(text[from:end]))
		from = end
	}
	return p.keep(cells)
}

func (p *csvParser) isDelimiter(c byte) bool { return c == p.dialect.delimiter && c != 0 }

// cell appends the cell at pos to the scratch and returns where it ends: at a
// delimiter, a line break or the end of b.
func (p *csvParser) cell(b []byte, pos int) (int, error) {
	quote := p.skipBlanks(b, pos)
	if quote >= len(b) || b[quote] != '"' {
		return p.bare(b, pos)
	}
	from := len(p.scratch)
	flaws, broken := len(p.flaws), p.broken
	stop, err := p.quotedCell(b, quote)
	if quote > pos && err == nil && len(p.flaws) > flaws {
		// A blank, a quoted word and more text: words, not a quoted cell.
		p.scratch, p.flaws, p.broken = p.scratch[:from], p.flaws[:flaws], broken
		return p.bare(b, pos)
	}
	return stop, err
}

func (p *csvParser) skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') && !p.isDelimiter(b[i]) {
		i++
	}
	return i
}

// bare appends a cell without quotes around it, which ends with its line.
func (p *csvParser) bare(b []byte, pos int) (int, error) {
	if pos > p.stop {
		at, _ := p.lineEnd(b[pos:])
		if at < 0 {
			return 0, errMore
		}
		p.stop = pos + at
	}
	end := p.stop
	if p.dialect.delimiter != 0 {
		for from := pos; ; {
			i := bytes.IndexByte(b[from:p.stop], p.dialect.delimiter)
			if i < 0 {
				break
			}
			if end = from + i; !p.slashed(b[pos:end]) {
				break
			}
			from, end = end+1, p.stop
		}
	}
	if p.quote < pos {
		p.quote = p.stop
		if i := bytes.IndexByte(b[pos:p.stop], '"'); i >= 0 {
			p.quote = pos + i
		}
	}
	p.appendBare(b[pos:end], p.quote < end)
	return end, nil
}

// slashed tells whether a backslash makes the delimiter after b a part of the
// cell.
func (p *csvParser) slashed(b []byte) bool {
	return p.dialect.quoting == quoteBackslashed && (len(b)-len(bytes.TrimRight(b, `\`)))%2 == 1
}

// appendBare appends the text of a bare cell. Backslashes there mean what they
// mean in quotes.
func (p *csvParser) appendBare(b []byte, quotes bool) {
	const two = `\\"`
	switch {
	case p.dialect.quoting == quoteBackslashed:
		p.appendUnslashed(b)
	case !quotes:
		p.scratch = append(p.scratch, b...)
	case p.dialect.quoting == quoteTwoBackslash:
		p.odd = p.odd || bytes.Count(b, []byte(`"`)) > bytes.Count(b, []byte(two))
		p.scratch = append(p.scratch, bytes.ReplaceAll(b, []byte(two), []byte(`"`))...)
	default:
		p.odd = p.odd || bytes.Contains(b, []byte(`\"`))
		p.scratch = append(p.scratch, b...)
	}
}

// appendUnslashed drops the backslash before a quote, a backslash and the
// delimiter.
func (p *csvParser) appendUnslashed(b []byte) {
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			p.odd = true
		case b[i] == '\\' && i+1 < len(b) && (b[i+1] == '"' || b[i+1] == '\\' || p.isDelimiter(b[i+1])):
			i++
		}
		p.scratch = append(p.scratch, b[i])
	}
}

// quotedCell appends the cell whose opening quote is at open.
func (p *csvParser) quotedCell(b []byte, open int) (int, error) {
	looked := false
	for i := open + 1; ; {
		q := bytes.IndexByte(b[i:], '"')
		if inside := len(b) - open; (q < 0 || q+i-open > quoteLook) && !looked && inside > quoteLook {
			looked = true
			if err := p.overlong(b, open); err != nil {
				return 0, err
			}
		}
		if q < 0 {
			return 0, p.noQuote(b, open)
		}
		q += i
		if kept, literal := p.escaped(b, i, q); literal {
			p.appendText(b[i:kept])
			p.scratch = append(p.scratch, '"')
			i = q + 1
			continue
		}
		if q+1 == len(b) && !p.eof {
			return 0, errMore
		}
		if q+1 < len(b) && b[q+1] == '"' {
			p.appendText(b[i : q+1])
			i = q + 2
			continue
		}
		p.appendText(b[i:q])
		p.broken = p.broken || bytes.IndexByte(b[open:q], '\n') >= 0 || p.dialect.cr && bytes.IndexByte(b[open:q], '\r') >= 0
		stop, closed, err := p.closed(b, q+1)
		if err != nil || closed {
			return stop, err
		}
		if stop, err = p.stray(b, open, q); err != nil || stop > 0 {
			return stop, err
		}
		p.scratch = append(p.scratch, '"')
		i = q + 1
	}
}

// escaped tells whether backslashes make the quote at q, of a text that starts
// at from, a part of the cell, and where the text before them ends.
func (p *csvParser) escaped(b []byte, from, q int) (kept int, yes bool) {
	run := 0
	for q-run-1 >= from && b[q-run-1] == '\\' {
		run++
	}
	switch p.dialect.quoting {
	case quoteBackslashed:
		return q - 1, run%2 == 1
	case quoteTwoBackslash:
		return q - 2, run >= 2
	}
	return 0, false
}

// closed tells whether the quote before i ends its cell: blanks may follow, and
// then a delimiter, a line break or the end.
func (p *csvParser) closed(b []byte, i int) (stop int, yes bool, err error) {
	i = p.skipBlanks(b, i)
	if i == len(b) {
		if !p.eof {
			return 0, false, errMore
		}
		return i, true, nil
	}
	if p.isDelimiter(b[i]) {
		return i, true, nil
	}
	n := p.breakAt(b, i)
	if n < 0 {
		return 0, false, errMore
	}
	return i, n > 0, nil
}

// stray decides about a quote at q that stands in the middle of a quoted cell.
// It returns 0 where the cell goes on, and where it ends if the opening quote
// was a part of the text. Where neither is likely it is an error.
func (p *csvParser) stray(b []byte, open, q int) (int, error) {
	line := p.line + p.breaks(b[:open])
	end, _ := p.lineEnd(b[q:])
	if end < 0 {
		return 0, errMore
	}
	end += q
	if p.broken {
		return 0, p.fail(line, "unclosed_quote", fmt.Sprintf("the quote that opens here is not closed: "+
			"the next one, on line %d, stands inside a text", p.line+p.breaks(b[:q])))
	}
	p.flawOnce(len(p.ends), "stray_quote", "a quote stands inside a quoted cell: write it twice, as in \"5\"\" screen\"")
	for i := q + 1; i < end; i++ {
		if b[i] != '"' {
			continue
		}
		if next := p.skipBlanks(b, i+1); next >= end || p.isDelimiter(b[next]) {
			return 0, nil
		}
	}
	start := bytes.LastIndexAny(b[:open], "\r\n") + 1
	if p.width > 0 && p.dialect.delimiter != 0 && bytes.Count(b[start:end], []byte{p.dialect.delimiter})+1 != p.width {
		return 0, p.fail(line, "stray_quote", "a quoted cell goes on after its closing quote, so nobody can tell where it ends: "+
			"write a quote inside a cell twice, as in \"5\"\" screen\"")
	}
	from := 0
	if len(p.ends) > 0 {
		from = p.ends[len(p.ends)-1]
	}
	p.scratch = p.scratch[:from]
	return p.bare(b, open)
}

// noQuote is what to do where b holds no further quote: read on, or say that
// the cell has no end.
func (p *csvParser) noQuote(b []byte, open int) error {
	line := p.line + p.breaks(b[:open])
	if p.eof {
		return p.fail(line, "unclosed_quote", "the quote that opens here is never closed: close it, or write a quote inside a cell twice")
	}
	if len(b)-open > p.limits.CellLength {
		return p.fail(line, "unclosed_quote", fmt.Sprintf("the quote that opens here is not closed within %d bytes: "+
			"close it, or raise the limit with --max-cell", p.limits.CellLength))
	}
	return errMore
}

// overlong judges a quoted cell that has become long by the lines in it.
func (p *csvParser) overlong(b []byte, open int) error {
	if p.dialect.delimiter == 0 || p.width < 2 {
		return nil
	}
	lines, alike := 0, 0
	for rest := b[open:]; ; lines++ {
		at, size := p.lineEnd(rest)
		if at < 0 || size == 0 {
			break
		}
		if lines > 0 && bytes.Count(rest[:at], []byte{p.dialect.delimiter}) == p.width-1 {
			alike++
		}
		rest = rest[at+size:]
	}
	if share := alike * 10 / max(lines, 1); lines < 8 || share < 6 || p.width < 4 && share < 9 {
		return nil // prose has a comma a line, too
	}
	return p.fail(p.line+p.breaks(b[:open]), "unclosed_quote", fmt.Sprintf("the quote that opens here is not closed "+
		"and the %d lines after it look like rows: close it, or write a quote inside a cell twice", lines))
}

// swallowed tells whether each line of a record could be a record of its own:
// then a quote that was never closed has met the quote of a later row.
func (p *csvParser) swallowed(record []byte) bool {
	lines, delimiter := 0, []byte{p.dialect.delimiter}
	for rest := record; ; {
		at, size := p.lineEnd(rest)
		line := rest
		if at >= 0 {
			line = rest[:at]
		}
		if p.dialect.delimiter == 0 || p.width < 2 || bytes.Count(line, delimiter) != p.width-1 {
			return false
		}
		lines++
		if at < 0 || size == 0 {
			break
		}
		rest = rest[at+size:]
	}
	return lines*(p.width-1) >= 6 // prose with one comma a line is no row
}

// appendText appends a part of a quoted cell, its line breaks as LF.
func (p *csvParser) appendText(b []byte) {
	if p.dialect.quoting == quoteBackslashed && bytes.IndexByte(b, '\\') >= 0 {
		b = bytes.ReplaceAll(b, []byte(`\\`), []byte(`\`))
	}
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			p.scratch = append(p.scratch, b...)
			return
		}
		p.scratch = append(p.scratch, b[:i]...)
		n := p.inBreak(b[i:])
		if n == 0 {
			p.scratch = append(p.scratch, '\r')
			n = 1
		} else {
			p.scratch = append(p.scratch, '\n')
		}
		b = b[i+n:]
	}
}

// inBreak is the length of the line break at the start of b, which starts with
// a CR, or 0.
func (p *csvParser) inBreak(b []byte) int {
	n := 1
	for !p.dialect.cr && n < len(b) && b[n] == '\r' {
		n++
	}
	if n < len(b) && b[n] == '\n' {
		return n + 1
	}
	if p.dialect.cr {
		return n
	}
	return 0
}

// breakAt is the length of the line break at b[i]: 0 where there is none, -1
// where more must be read to know.
func (p *csvParser) breakAt(b []byte, i int) int {
	if i >= len(b) {
		return 0
	}
	switch b[i] {
	case '\n':
		return 1
	case '\r':
		if n := p.inBreak(b[i:]); n > 0 && (p.eof || i+n < len(b) || b[i+n-1] == '\n') {
			return n
		}
		run := len(b[i:]) - len(bytes.TrimLeft(b[i:], "\r"))
		if i+run < len(b) {
			return 0
		}
		if p.eof {
			return run
		}
		return -1
	}
	return 0
}

// lineEnd finds the first line break in b and its length. At the end of the
// text that end counts as one, of length 0. It returns -1 to read on.
func (p *csvParser) lineEnd(b []byte) (at, size int) {
	at = bytes.IndexByte(b, '\n')
	if p.dialect.cr {
		return p.lineEndCR(b, at)
	}
	if at < 0 {
		if !p.eof {
			return -1, 0
		}
		at = len(b)
		end := len(bytes.TrimRight(b, "\r"))
		return end, at - end
	}
	end := at
	for end > 0 && b[end-1] == '\r' {
		end--
	}
	return end, at + 1 - end
}

func (p *csvParser) lineEndCR(b []byte, lf int) (at, size int) {
	line := b
	if lf >= 0 {
		line = b[:lf]
	}
	cr := bytes.IndexByte(line, '\r')
	switch {
	case cr < 0 && lf >= 0:
		return lf, 1
	case cr < 0 && p.eof:
		return len(b), 0
	case cr < 0:
		return -1, 0
	}
	if n := p.breakAt(b, cr); n > 0 {
		return cr, n
	}
	return -1, 0
}

// breaks counts the line breaks in b.
func (p *csvParser) breaks(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if p.dialect.cr {
		n += bytes.Count(b, []byte{'\r'}) - bytes.Count(b, []byte("\r\n"))
	}
	return n
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
