package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// sheetPart is a sheet of a workbook, to be read any number of times.
type sheetPart struct {
	wb    *workbook
	name  string
	part  string
	tail  sheetTail
	lists []listArea

	table  *Table         // nil until its header is found
	hidden map[int]string // the names of hidden columns
	found  []Message
	known  func(string) bool
}

// errStopped ends the reading of a sheet whose rows nobody wants any more.
var errStopped = errors.New("stopped")

// cellFault is what is wrong with one row or cell that is well-formed as XML.
type cellFault struct{ address, text string }

func (f *cellFault) Error() string { return f.address + ": " + f.text }

// look finds out what must be known before the first row: that the part is as it
// was saved, the merged cells, which stand behind the last row, and the areas
// formatted as tables. Where the part is damaged, the rows are read once for the
// place, so that no row of it is ever taken for good.
func (s *sheetPart) look() (err error) {
	if s.tail, err = s.readTail(); err != nil {
		for _, err := range s.rows(&sheetNotes{}, true) {
			if err != nil {
				return err
			}
		}
	}
	s.lists, err = s.readLists()
	return err
}

// rows streams the sheet's rows, header and all, without hidden and blank ones.
// What it leaves out it tells seen. The part is read to its end, where its
// checksum is, unless the caller stops before. With reuse, a row's cells are used
// again for the next.
func (s *sheetPart) rows(seen *sheetNotes, reuse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &sheetReader{s: s, seen: seen, reuse: reuse, yield: yield}
		if err := r.read(); err != nil && err != errStopped {
			yield(Row{}, s.failure(r.row, err))
		}
	}
}

// isData tells whether a row is known to stand below the header.
func (s *sheetPart) isData(row int) bool { return s.table != nil && row > s.table.HeaderRow }

// failure words an error for the file's owner; row is the last that was whole.
func (s *sheetPart) failure(row int, err error) error {
	var told *FileError
	if errors.As(err, &told) {
		return err
	}
	e := &FileError{File: s.wb.file, Place: s.name, Code: "damaged", Err: err}
	what, why := fmt.Sprintf("the sheet %s is damaged after row %d", s.name, row), causeText(err)
	if row == 0 {
		what = fmt.Sprintf("the sheet %s is damaged before its first row", s.name)
	}
	var fault *cellFault
	if errors.As(err, &fault) {
		e.Place, why = s.name+"!"+fault.address, fault.address+" "+fault.text
	}
	e.Text = what + ": " + why + "; open it in Excel, let it repair the file, and save it again"
	return e
}

// sheetReader reads a sheet once.
type sheetReader struct {
	s     *sheetPart
	seen  *sheetNotes
	reuse bool
	yield func(Row, error) bool
	x     *xmlReader

	hidden []bool // by column
	tail   sheetTail
	merged mergeCover

	row    int // the last row that was read whole
	cells  []pendingCell
	slab   []Cell // where a row's cells stand, with room for more
	text   []byte // of the row's cells, end to end
	value  []byte // of the cell being read
	source []byte // its formula
}

// pendingCell is a cell whose row is not complete. Its text is either whole, or
// still lies in the reader's from..to.
type pendingCell struct {
	col      int
	cell     Cell
	from, to int
}

func (r *sheetReader) read() error {
	src, err := r.s.wb.zip.open(r.s.part)
	if err != nil {
		return err
	}
	defer src.Close()
	if r.x, err = newXMLReader(src); err != nil {
		return err
	}
	r.x.maxText = r.s.wb.limits.CellLength
	r.merged.areas = r.s.tail.merges
	return r.x.document(r.worksheet)
}

// worksheet reads what a sheet consists of.
func (r *sheetReader) worksheet(x *xmlReader) error {
	if string(x.name) != "worksheet" {
		return &xmlError{text: fmt.Sprintf("it holds <%s> in place of <worksheet>", x.name)}
	}
	complete := false
	err := x.children(func() error {
		switch string(x.name) {
		case "sheetPr":
			r.seen.filterMode = isTrue(x.attr("filterMode"))
		case "cols":
			return r.columns()
		case "sheetData":
			if complete {
				return &xmlError{text: "it holds its rows twice"}
			}
			complete = true
			return r.sheetData()
		}
		return r.tail.read(x)
	})
	switch {
	case err != nil:
		return err
	case !complete:
		return &xmlError{text: "it holds no rows, not even none"}
	case !slices.Equal(r.tail.merges, r.s.tail.merges):
		return &xmlError{text: "its merged cells are not listed where they should be"}
	}
	return nil
}

// columns notes the hidden columns.
func (r *sheetReader) columns() error {
	return r.x.children(func() error {
		if string(r.x.name) == "col" && (isTrue(r.x.attr("hidden")) || isZero(r.x.attr("width"))) {
			first, ok1 := smallInt(r.x.attr("min"))
			last, ok2 := smallInt(r.x.attr("max"))
			if !ok1 || !ok2 || first < 1 || last < first {
				return &xmlError{text: "a hidden column has no number"}
			}
			r.hide(first-1, min(last, excelColumns)-1)
		}
		return r.x.skip()
	})
}

func (r *sheetReader) hide(first, last int) {
	if r.hidden == nil {
		r.hidden = make([]bool, excelColumns)
	}
	for col := first; col <= last; col++ {
		r.hidden[col] = true
	}
}

func (r *sheetReader) sheetData() error {
	for {
		kind, err := r.x.next()
		if err != nil || kind == xmlEnd {
			return err
		}
		if kind != xmlStart {
			continue
		}
		if string(r.x.name) != "row" {
			return &xmlError{text: fmt.Sprintf("it holds <%s> where a row should be", r.x.name)}
		}
		if err := r.readRow(); err != nil {
			return err
		}
	}
}

// readRow reads the row that has just begun and hands it on.
func (r *sheetReader) readRow() error {
	number, hidden, err := r.rowHead()
	if err != nil {
		return err
	}
	r.cells, r.text = r.cells[:0], r.text[:0]
	if err := r.merged.enter(number); err != nil {
		return err
	}
	if err := r.readCells(number); err != nil {
		return err
	}
	r.row = number
	return r.deliver(number, hidden)
}

// readCells reads the cells of a row, up to its end.
func (r *sheetReader) readCells(row int) error {
	for last := -1; ; {
		col, quick, err := r.quickCell(row, last)
		if err != nil {
			return err
		}
		if quick {
			last = col
			continue
		}
		kind, err := r.x.next()
		switch {
		case err != nil || kind == xmlEnd:
			return err
		case kind != xmlStart:
		case string(r.x.name) == "c":
			if last, err = r.readCell(row, last); err != nil {
				return err
			}
		case string(r.x.name) == "extLst":
			if err := r.x.skip(); err != nil {
				return err
			}
		default:
			return &xmlError{text: fmt.Sprintf("it holds <%s> where a cell should be", r.x.name)}
		}
	}
}

// rowHead reads the number of the row that has just begun, which is the next one
// where the file does not say, and whether it is hidden.
func (r *sheetReader) rowHead() (number int, hidden bool, err error) {
	number = r.row + 1
	for i := range r.x.attrs {
		a := &r.x.attrs[i]
		switch string(a.name) {
		case "r":
			n, ok := smallInt(a.value)
			if !ok || n < 1 {
				return 0, false, &cellFault{fmt.Sprintf("row %q", a.value), "has no proper number"}
			}
			number = n
		case "hidden":
			hidden = hidden || isTrue(a.value)
		case "ht":
			hidden = hidden || isZero(a.value)
		}
	}
	if number <= r.row {
		return 0, false, &cellFault{fmt.Sprint(number), fmt.Sprintf("stands after row %d in the file", r.row)}
	}
	if number > excelRows {
		return 0, false, &cellFault{fmt.Sprint(number), "is past the last row that a sheet has"}
	}
	return number, hidden, nil
}

// deliver hands on the row whose cells are pending.
func (r *sheetReader) deliver(number int, hidden bool) error {
	if len(r.cells) == 0 {
		return nil
	}
	cells := r.rowCells()
	total := r.s.isTotal(number)
	switch {
	case blankCells(cells):
		return nil
	case hidden || total:
		r.seen.leaveOut(number, hidden, r.s.filtered(number) || r.seen.filterMode)
		return nil
	case number > r.s.wb.limits.Rows:
		return r.s.wb.zip.tooLarge(r.s.name, fmt.Sprintf("the sheet has more than %d rows", r.s.wb.limits.Rows), "--max-rows")
	}
	if !r.yield(Row{Table: r.s.table, Number: number, Cells: cells}, nil) {
		return errStopped
	}
	return nil
}

// rowCells makes the row's cells, with one string for all their own texts.
func (r *sheetReader) rowCells() []Cell {
	cells := r.room(r.cells[len(r.cells)-1].col + 1)
	text := string(r.text)
	for i := range r.cells {
		p := &r.cells[i]
		cells[p.col] = p.cell
		if p.to > p.from {
			cells[p.col].Text = text[p.from:p.to]
		}
	}
	return cells
}

// room makes n blank cells.
func (r *sheetReader) room(n int) []Cell {
	if r.reuse {
		r.slab = slices.Grow(r.slab[:0], n)[:n]
		clear(r.slab)
		return r.slab
	}
	if len(r.slab) < n {
		r.slab = make([]Cell, max(n, cellSlab))
	}
	cells := r.slab[:n:n]
	r.slab = r.slab[n:]
	return cells
}

// readTail passes over the rows unparsed, reads what stands behind them, and goes
// on to the part's end, where its checksum is.
func (s *sheetPart) readTail() (tail sheetTail, err error) {
	src, err := s.wb.zip.open(s.part)
	if err != nil {
		return tail, err
	}
	defer src.Close()
	x, err := pastRows(src)
	if err != nil || x == nil {
		return tail, err
	}
	tail.links = &cellLinks{}
	if err := x.children(func() error { return tail.read(x) }); err != nil {
		return tail, err
	}
	_, err = x.next()
	return tail, err
}

// pastRows looks for the end of a sheet's rows, and returns a reader that stands
// behind it; nil where the part ends without.
func pastRows(part io.Reader) (*xmlReader, error) {
	src, decoded, err := xmlSource(part)
	if err != nil {
		return nil, err
	}
	x := &xmlReader{src: src, decoded: decoded, buf: make([]byte, xmlBuffer), started: true}
	for {
		if err := x.fill(); err == io.EOF {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		prefix, at := endOfRows(x.buf[:x.filled])
		if at < 0 {
			continue
		}
		x.pos, x.end = at, at
		for _, name := range []string{"worksheet", "sheetData"} {
			x.levels = append(x.levels, xmlLevel{len(x.open), len(x.open) + len(prefix)})
			x.open = append(append(x.open, prefix...), name...)
		}
		_, err := x.next()
		return x, err
	}
}

// endOfRows finds </sheetData with any prefix.
func endOfRows(b []byte) (prefix string, at int) {
	for from := 0; ; {
		i := indexFrom(b, "sheetData", from)
		if i < 0 {
			return "", -1
		}
		from = i + 1
		start := i
		for start > 0 && isNameByte(b[start-1]) {
			start--
		}
		if start >= 2 && b[start-1] == '/' && b[start-2] == '<' {
			return string(b[start:i]), start - 2
		}
	}
}
