package sheet

import (
	"fmt"
	"strconv"
)

// storedCell is a cell as the file has it.
type storedCell struct {
	row, col int
	style    int
	kind     cellKind
	hasValue bool
	formula  bool
}

func (c *storedCell) fault(text string) error {
	return &cellFault{Address(c.col, c.row), text}
}

// cellKind is the stored type of a cell.
type cellKind uint8

const (
	cellNumber cellKind = iota
	cellShared
	cellInline
	cellString // the text that a formula gave
	cellBool
	cellError
	cellISO
)

// readCell reads the cell that has just begun; last is the column before. It
// returns the cell's column.
func (r *sheetReader) readCell(row, last int) (int, error) {
	c := storedCell{row: row, col: last + 1}
	if err := r.cellHead(&c, last); err != nil {
		return 0, err
	}
	r.value, r.source = r.value[:0], r.source[:0]
	for {
		kind, err := r.x.next()
		if err != nil {
			return 0, err
		}
		switch kind {
		case xmlEnd:
			return c.col, r.addCell(&c)
		case xmlStart:
			if err := r.cellPart(&c); err != nil {
				return 0, err
			}
		}
	}
}

// cellPart reads the element within a cell that has just begun.
func (r *sheetReader) cellPart(c *storedCell) (err error) {
	switch string(r.x.name) {
	case "v":
		c.hasValue = true
		r.value, err = r.x.plainTextOf(r.value)
	case "is":
		c.hasValue, c.kind = true, cellInline
		r.value, err = r.x.richText(r.value)
		return r.checkLength(c, err)
	case "f":
		c.formula = true
		r.source, err = r.x.plainTextOf(r.source)
	default:
		return r.x.skip()
	}
	return r.checkLength(c, err)
}

func (r *sheetReader) checkLength(c *storedCell, err error) error {
	if err == errLongText {
		return r.s.wb.zip.tooLarge(r.s.name+"!"+Address(c.col, c.row),
			"the cell holds more than "+sizeText(int64(r.x.maxText)), "--max-cell")
	}
	return err
}

// cellHead reads a cell's attributes.
func (r *sheetReader) cellHead(c *storedCell, last int) error {
	for i := range r.x.attrs {
		a := &r.x.attrs[i]
		if len(a.name) != 1 {
			continue
		}
		if err := c.attribute(a.name[0], a.value); err != nil {
			return err
		}
	}
	return c.follows(last)
}

// attribute takes in an attribute whose name is one letter.
func (c *storedCell) attribute(name byte, value []byte) (err error) {
	switch name {
	case 'r':
		col, row := parseAddress(value)
		if row != c.row || col < 0 {
			return c.fault(fmt.Sprintf("is called %q though it stands in row %d", value, c.row))
		}
		c.col = col
	case 's':
		if c.style, err = styleNumber(value); err != nil {
			return c.fault(err.Error())
		}
	case 't':
		if c.kind, err = kindOf(value); err != nil {
			return c.fault(err.Error())
		}
	}
	return nil
}

// follows checks that a cell stands behind the one in the column last.
func (c *storedCell) follows(last int) error {
	if c.col <= last {
		return c.fault(fmt.Sprintf("stands after %s in the file", Address(last, c.row)))
	}
	if c.col >= excelColumns {
		return c.fault("is past the last column that a sheet has")
	}
	return nil
}

// quickCell reads a cell in the one form that programs write nearly all of them
// in, <c r="B7" s="1" t="s"><v>5</v></c>, as readCell would, in half the time. It
// returns false, and has read nothing, where there is anything else.
func (r *sheetReader) quickCell(row, last int) (col int, ok bool, err error) {
	if r.x.empty || r.x.cdata {
		return 0, false, nil
	}
	b := r.x.buf[r.x.pos:r.x.end]
	c := storedCell{row: row, col: last + 1, hasValue: true}
	i := c.quickHead(b)
	if i == 0 || c.kind == cellInline || c.follows(last) != nil {
		return 0, false, nil
	}
	const value, end = "><v>", "</v></c>"
	if len(b) < i+len(value) || string(b[i:i+len(value)]) != value {
		return 0, false, nil
	}
	i += len(value)
	n := i + plainText(b[i:])
	if len(b) < n+len(end) || string(b[n:n+len(end)]) != end || n-i > r.x.maxText {
		return 0, false, nil
	}
	r.value, r.source = append(r.value[:0], b[i:n]...), r.source[:0]
	r.x.pos += n + len(end)
	return c.col, true, r.addCell(&c)
}

// quickHead reads a cell's tag up to its >, and returns where that is, or 0.
func (c *storedCell) quickHead(b []byte) int {
	if len(b) < 3 || b[0] != '<' || b[1] != 'c' {
		return 0
	}
	seen := uint32(0)
	for i := 2; i < len(b); {
		if b[i] == '>' {
			return i
		}
		if len(b) < i+4 || b[i] != ' ' || b[i+2] != '=' || b[i+3] != '"' {
			return 0
		}
		name := b[i+1]
		if name != 'r' && name != 's' && name != 't' || seen>>(name-'r')&1 != 0 {
			return 0
		}
		seen |= 1 << (name - 'r')
		from := i + 4
		for i = from; i < len(b) && b[i] != '"' && b[i] > ' '; i++ {
		}
		if i == len(b) || i == from || b[i] != '"' || c.attribute(name, b[from:i]) != nil {
			return 0
		}
		i++
	}
	return 0
}

func kindOf(t []byte) (cellKind, error) {
	switch string(t) {
	case "n", "":
		return cellNumber, nil
	case "s":
		return cellShared, nil
	case "str":
		return cellString, nil
	case "inlineStr":
		return cellInline, nil
	case "b":
		return cellBool, nil
	case "e":
		return cellError, nil
	case "d":
		return cellISO, nil
	}
	return 0, fmt.Errorf("its type %q is not known", t)
}

// addCell adds a cell that is read whole to its row, unless it is blank, hidden,
// or covered by a merged one.
func (r *sheetReader) addCell(c *storedCell) error {
	p := pendingCell{col: c.col, from: len(r.text)}
	if err := r.typed(c, &p.cell); err != nil {
		return err
	}
	p.to = len(r.text)
	if p.cell.Kind == Blank || p.cell.Kind == Text && p.cell.Text == "" && p.from == p.to {
		return nil
	}
	limits := &r.s.wb.limits
	switch {
	case r.hidden != nil && r.hidden[c.col]:
		r.seen.hiddenColumn(c.col)
		if r.s.table == nil {
			r.seen.hiddenText(c.col, c.row, p.cell.Text+string(r.text[p.from:]))
		}
		r.text = r.text[:p.from]
		return nil
	case r.merged.covers(c.col, c.row):
		r.seen.mergedValue(c.col, c.row)
		r.text = r.text[:p.from]
		return nil
	case c.col >= limits.Columns:
		return r.s.wb.zip.tooLarge(r.s.name+"!"+Address(c.col, c.row),
			fmt.Sprintf("the sheet has more than %d columns", limits.Columns), "--max-columns")
	}
	if area, ok := r.merged.tallAt(c.col, c.row); ok && r.s.isData(c.row) {
		r.seen.tallMerge(area)
	}
	r.cells = append(r.cells, p)
	return nil
}

// typed gives a cell its kind and its text, which it appends to the row's unless
// the text is at hand.
func (r *sheetReader) typed(c *storedCell, cell *Cell) error {
	if !c.hasValue || c.formula && len(r.value) == 0 && c.kind != cellString {
		if c.formula {
			cell.Kind = Formula
			r.text = append(append(r.text, '='), r.source...)
		}
		return nil
	}
	switch c.kind {
	case cellNumber:
		return r.number(c, cell)
	case cellShared:
		return r.shared(c, cell)
	case cellISO:
		return r.iso(c, cell)
	case cellBool:
		return r.boolean(c, cell)
	case cellString:
		r.value = decodeEscapes(r.value)
	}
	cell.Kind = Text
	if c.kind == cellError {
		cell.Kind = Error
	}
	r.text = append(r.text, r.value...)
	r.describe(c, cell)
	return nil
}

// describe gives a cell that is no number the code of its number format, if the
// workbook has it.
func (r *sheetReader) describe(c *storedCell, cell *Cell) {
	if format, err := r.s.wb.styles.format(c.style); err == nil {
		cell.Format = format.code
	}
}

func (r *sheetReader) shared(c *storedCell, cell *Cell) error {
	if len(r.value) == 0 {
		return nil
	}
	i, ok := smallInt(r.value)
	if !ok {
		return c.fault(fmt.Sprintf("names its text by %q, which is no number", r.value))
	}
	text, ok, err := r.s.wb.strings.at(i)
	if err != nil {
		return err
	}
	if !ok {
		return c.fault("names a text that the workbook does not hold")
	}
	cell.Kind, cell.Text = Text, text
	r.describe(c, cell)
	return nil
}

func (r *sheetReader) boolean(c *storedCell, cell *Cell) error {
	cell.Kind = Bool
	switch string(r.value) {
	case "1", "true":
		cell.Text = "TRUE"
	case "0", "false":
		cell.Text = "FALSE"
	case "":
		cell.Kind = Blank
	default:
		return c.fault(fmt.Sprintf("is %q where TRUE or FALSE should be", r.value))
	}
	return nil
}

func (r *sheetReader) iso(c *storedCell, cell *Cell) error {
	if len(r.value) == 0 {
		return nil
	}
	format, err := r.s.wb.styles.format(c.style)
	if err != nil {
		return c.fault(err.Error())
	}
	ok := false
	cell.Kind, cell.Format = Date, format.code
	if r.text, ok = appendISO(r.text, r.value, format.parts); !ok {
		r.odd(cell, "the file stores "+strconv.Quote(string(r.value))+" as a date, which it is not: it was read as text")
	}
	return nil
}

func (r *sheetReader) number(c *storedCell, cell *Cell) error {
	if len(r.value) == 0 {
		return nil
	}
	format, err := r.s.wb.styles.format(c.style)
	if err != nil {
		return c.fault(err.Error())
	}
	ok := false
	cell.Format, cell.Kind = format.code, Date
	if format.parts != 0 {
		if r.text, ok = appendDate(r.text, r.value, format.parts, r.s.wb.date1904); ok {
			return nil
		}
	}
	long := false
	cell.Kind = Number
	if r.text, long, ok = appendNumber(r.text, r.value); !ok {
		r.odd(cell, "the file stores "+strconv.Quote(string(r.value))+" as a number, which it is not: it was read as text")
	}
	if long {
		cell.Repair = longNumber
	}
	return nil
}

// odd makes a cell whose value does not fit its type a text, and says so.
func (r *sheetReader) odd(cell *Cell, repair string) {
	cell.Kind, cell.Repair = Text, repair
	r.text = append(r.text, r.value...)
}

// parseAddress reads B7 into a column counted from 0 and a row; the column is -1
// where it is none.
func parseAddress(b []byte) (col, row int) {
	i := 0
	for ; i < len(b) && i < 4 && 'A' <= b[i]&^0x20 && b[i]&^0x20 <= 'Z'; i++ {
		col = col*26 + int(b[i]&^0x20-'A') + 1
	}
	row, ok := smallInt(b[i:])
	if !ok || i == 0 || row == 0 {
		return -1, 0
	}
	return col - 1, row
}
