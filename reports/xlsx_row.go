package reports

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
)

// sheetRow is one row of a sheet as it stands in the part. The slices hold until
// the scanner goes on.
type sheetRow struct {
	number int
	raw    []byte
	tag    token // its start tag
	cells  []sheetCell
	end    int // where in raw the end tag begins; the tag's own end where it is empty
	sorted bool
	plain  bool // it was read the fast way
}

// sheetCell is where a cell stands in its row.
type sheetCell struct {
	col      int // from 0
	style    int
	from, to int
	tagTo    int  // where its start tag ends
	named    bool // it says its own address
	filled   bool // it has a value or a formula
	formula  bool
}

// rowReader reads the rows of a sheet one after the other.
type rowReader struct {
	s    *scanner
	tags plainTags
	last int // the number of the row before
	row  sheetRow
}

func newRowReader(s *scanner) rowReader { return rowReader{s: s, tags: newPlainTags("")} }

// read reads the row whose start tag is t, after numberOf was asked. The scanner holds the row until its
// release is called.
func (r *rowReader) read(t token) (*sheetRow, error) {
	r.s.hold(t)
	number := r.last
	row := &r.row
	*row = sheetRow{number: number, cells: row.cells[:0], sorted: true, end: len(t.raw)}
	tagLen, prefix := len(t.raw), t.prefix()
	if row.plain = t.kind == tokEmpty || r.readPlain(prefix); !row.plain {
		if err := r.readCells(); err != nil {
			return nil, err
		}
	}
	row.raw = r.s.heldBytes()
	row.tag = token{kind: t.kind, raw: row.raw[:tagLen], name: localName(row.raw[1:tagLen])}
	return row, nil
}

// plainRow is how long a row may be to be read the fast way.
const plainRow = 4 << 20

// readPlain reads up to the row's end tag where the row is written as nearly all
// are, which is many times as fast. It reads nothing where the row is not.
func (r *rowReader) readPlain(prefix string) bool {
	if r.tags.prefix != prefix {
		r.tags = newPlainTags(prefix)
	}
	head := r.s.heldSize()
	for {
		r.row.cells, r.row.sorted = r.row.cells[:0], true
		end, cut := r.plainCells(r.s.buf[r.s.pos:r.s.end], head)
		if end >= 0 {
			r.s.take(end + len(r.tags.rowEnd))
			r.s.depth--
			r.row.end = head + end
			return true
		}
		if !cut || r.s.heldSize() > plainRow || r.s.more() != nil {
			r.row.cells, r.row.sorted = r.row.cells[:0], true
			return false
		}
	}
}

// plainTags are the tags of a sheet with its prefix.
type plainTags struct{ cell, cellEnd, rowEnd, prefix string }

func newPlainTags(prefix string) plainTags {
	return plainTags{"<" + prefix + "c", "</" + prefix + "c>", "</" + prefix + "row>", prefix}
}

// plainCells reads the cells of a row whose inside begins with body and head
// bytes after the row does, and returns where its end tag is. It is -1 where the
// row is not plain, or where body is cut off before its end.
func (r *rowReader) plainCells(body []byte, head int) (end int, cut bool) {
	tags := &r.tags
	col := -1
	for at := 0; ; {
		rest := body[at:]
		if len(rest) < len(tags.rowEnd)+2 {
			return -1, true
		}
		if string(rest[:len(tags.rowEnd)]) == tags.rowEnd {
			return at, false
		}
		c, size := usualCell(rest, tags.prefix)
		if size == 0 {
			if c, size, cut = plainCell(rest, tags); size == 0 {
				return -1, cut
			}
		}
		c.from, c.tagTo, c.to = head+at, head+at+c.tagTo, head+at+size
		at += size
		r.row.sorted = r.row.sorted && c.col > col
		col = c.col
		r.row.cells = append(r.row.cells, c)
	}
}

// plainCell reads a cell that rest begins with, up to its size; tagTo is where
// its start tag ends. The size is 0 where it is not plain, or where rest is cut
// off before its end.
func plainCell(rest []byte, tags *plainTags) (c sheetCell, size int, cut bool) {
	if string(rest[:len(tags.cell)]) != tags.cell || rest[len(tags.cell)] != ' ' {
		return c, 0, false
	}
	c.named, c.tagTo = true, bytes.IndexByte(rest, '>')+1
	if c.tagTo == 0 {
		return c, 0, true
	}
	ref, style, usual := usualHead(rest[len(tags.cell):c.tagTo])
	if !usual {
		return c, 0, false
	}
	c.col, c.style = columnOf(ref), style
	if rest[c.tagTo-2] == '/' {
		return c, c.tagTo, false
	}
	n := bytes.Index(rest[c.tagTo:], []byte(tags.cellEnd))
	if n < 0 {
		return c, 0, true
	}
	if !c.plainContent(rest[c.tagTo:c.tagTo+n], tags.prefix) {
		return c, 0, false
	}
	return c, c.tagTo + n + len(tags.cellEnd), false
}

// usualCell is plainCell for the millions of cells of four kinds: with a text, a
// number, the number of a shared text, or nothing. The size is 0 for any other.
func usualCell(rest []byte, prefix string) (c sheetCell, size int) {
	const start = `<c r="`
	if prefix != "" || len(rest) < 64 || string(rest[:len(start)]) != start {
		return c, 0
	}
	at := len(start)
	for ; at < 9 && rest[at] >= 'A' && rest[at] <= 'Z'; at++ {
		c.col = c.col*26 + int(rest[at]-'A') + 1
	}
	if at == len(start) {
		return c, 0
	}
	for at < 20 && rest[at] != '"' {
		at++
	}
	if at++; string(rest[at:at+4]) == ` s="` {
		for at += 4; at < 40 && rest[at] != '"'; at++ {
			c.style = c.style*10 + int(rest[at]-'0')
		}
		at++
	}
	c.col--
	c.named = true
	switch {
	case string(rest[at:at+2]) == "/>":
		c.tagTo = at + 2
		return c, c.tagTo
	case string(rest[at:at+4]) == "><v>":
		at++
		return c.usualValue(rest, at, at+3, "</v></c>")
	case string(rest[at:at+10]) == ` t="s"><v>`:
		at += 7
		return c.usualValue(rest, at, at+3, "</v></c>")
	case string(rest[at:at+22]) == ` t="inlineStr"><is><t>`:
		at += 15
		return c.usualValue(rest, at, at+7, "</t></is></c>")
	}
	return c, 0
}

// usualValue is the end of a usual cell whose start tag ends at tagTo, and whose
// value begins at from and has that end.
func (c sheetCell) usualValue(rest []byte, tagTo, from int, end string) (sheetCell, int) {
	n := bytes.IndexByte(rest[from:], '<')
	if n < 0 || len(rest) < from+n+len(end) || string(rest[from+n:from+n+len(end)]) != end {
		return c, 0
	}
	c.tagTo, c.filled = tagTo, true
	return c, from + n + len(end)
}

// skip passes over the row whose start tag is t, as read does, and returns its
// number only.
func (r *rowReader) skip(t token) error {
	if t.kind == tokEmpty {
		return nil
	}
	end := "</" + t.prefix() + "row>"
	if n := r.s.rowEnd(end, plainRow); n >= 0 && !oddRow(r.s.buf[r.s.pos:r.s.pos+n]) {
		r.s.take(n + len(end))
		r.s.depth--
		return nil
	}
	return unexpected(skipElement(r.s, t))
}

// oddRow tells whether there is a comment or the like in a row, in which an end
// tag is none.
func oddRow(row []byte) bool {
	return bytes.IndexByte(row, '!') >= 0 && bytes.Contains(row, []byte("<!"))
}

// numberOf is the number of the row whose start tag is t, which comes next.
func (r *rowReader) numberOf(t token) int {
	number, ok := usualNumber(t.raw)
	if !ok {
		number, ok = intAttr(t.raw, "r")
	}
	if !ok {
		number = r.last + 1
	}
	r.last = number
	return number
}

// usualNumber is the number of a row whose tag begins with it, as nearly all do.
func usualNumber(tag []byte) (int, bool) {
	const start = ` r="`
	at := bytes.IndexByte(tag, ' ')
	if at < 0 || !bytes.HasPrefix(tag[at:], []byte(start)) {
		return 0, false
	}
	digits, _, _ := bytes.Cut(tag[at+len(start):], []byte(`"`))
	n := number(digits)
	return n, n > 0
}

// plainContent judges what a cell has in it; it is not plain where it begins
// with something else than a value or a formula.
func (c *sheetCell) plainContent(content []byte, prefix string) bool {
	if len(content) == 0 {
		return true
	}
	if i := bytes.IndexByte(content, '!'); i > 0 && bytes.Contains(content, []byte("<!")) {
		return false
	}
	name := content[1:]
	if content[0] != '<' || !bytes.HasPrefix(name, []byte(prefix)) {
		return false
	}
	switch name = localName(name); string(name) {
	case "f":
		c.filled, c.formula = true, true
	case "v", "is":
		c.filled = !bytes.HasPrefix(content[1+len(prefix)+len(name):], []byte("/>"))
	default:
		return false
	}
	return true
}

// readCells reads up to the row's end tag.
func (r *rowReader) readCells() error {
	depth := r.s.depth - 1
	col := -1
	for {
		t, err := r.s.next()
		if err != nil {
			return unexpected(err)
		}
		if t.kind == tokEnd && r.s.depth == depth {
			r.row.end = r.s.heldSize() - len(t.raw)
			return nil
		}
		if !t.opens("c") {
			continue
		}
		if col, err = r.readCell(t, col); err != nil {
			return err
		}
	}
}

// readCell reads one cell after the one in column before and returns its column.
func (r *rowReader) readCell(t token, before int) (int, error) {
	to := r.s.heldSize()
	c := sheetCell{col: before + 1, from: to - len(t.raw), tagTo: to}
	ref, style := cellHead(t.raw)
	if len(ref) > 0 {
		c.named = true
		c.col = columnOf(ref)
	}
	c.style = style
	if t.kind == tokStart {
		if err := r.readContent(&c); err != nil {
			return 0, err
		}
	}
	c.to = r.s.heldSize()
	r.row.sorted = r.row.sorted && c.col > before
	r.row.cells = append(r.row.cells, c)
	return c.col, nil
}

func (r *rowReader) readContent(c *sheetCell) error {
	for depth := r.s.depth - 1; r.s.depth > depth; {
		t, err := r.s.next()
		if err != nil {
			return unexpected(err)
		}
		switch {
		case t.kind == tokStart && (t.is("v") || t.is("is")):
			c.filled = true
		case t.opens("f"):
			c.filled, c.formula = true, true
		}
	}
	return nil
}

// unexpected makes the end of a part inside an element an error.
func unexpected(err error) error {
	if err == io.EOF {
		return errXML
	}
	return err
}

// cellHead reads the address and the style of a cell's start tag.
func cellHead(tag []byte) (ref []byte, style int) {
	from, to, _ := attrSpan(tag, "r")
	style, _ = intAttr(tag, "s")
	return tag[from:to], style
}

// usualHead is cellHead for the attributes of the millions of tags that look
// alike: r, s and t with double quotes. It is not usual where they do not.
func usualHead(attrs []byte) (ref []byte, style int, usual bool) {
	i := 0
	for i+4 < len(attrs) && attrs[i] == ' ' && attrs[i+2] == '=' && attrs[i+3] == '"' {
		n := bytes.IndexByte(attrs[i+4:], '"')
		if n < 0 {
			return nil, 0, false
		}
		value := attrs[i+4 : i+4+n]
		switch attrs[i+1] {
		case 'r':
			ref = value
		case 's':
			style = number(value)
		}
		i += n + 5
	}
	usual = i == len(attrs)-1 || i == len(attrs)-2 && attrs[i] == '/'
	return ref, style, usual && len(ref) > 0
}

func number(digits []byte) (n int) {
	for _, c := range digits {
		if c < '0' || c > '9' || n > 1<<30 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// columnOf is the column of an address, from 0.
func columnOf(ref []byte) (col int) {
	for _, c := range ref {
		c &^= 0x20
		if c < 'A' || c > 'Z' || col > 1<<20 {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	return col - 1
}

// cell finds the cell in a column.
func (row *sheetRow) cell(col int) (sheetCell, bool) {
	i := slices.IndexFunc(row.cells, func(c sheetCell) bool { return c.col == col })
	if i < 0 {
		return sheetCell{}, false
	}
	return row.cells[i], true
}

// cellEdit is what becomes of a cell of a row.
type cellEdit struct {
	col     int
	style   int
	replace bool    // with content; else the cell's own stays
	text    *phrase // what is shown, or
	value   string  // a value of another kind; both blank: an empty cell
	kind    string  // the t attribute of a value: str, e, or blank for a number
	formula string  // of a value of kind str
}

// textEdit is a cell with a text, numberEdit one with a number.
func textEdit(col, style int, text *phrase) cellEdit {
	return cellEdit{col: col, style: style, replace: true, text: text}
}

func numberEdit(col, style int, digits string) cellEdit {
	return cellEdit{col: col, style: style, replace: true, value: digits}
}

// rowWriter writes rows with what is edited in them.
type rowWriter struct {
	out     *bytes.Buffer
	tags    rowTags
	number  int  // the number that the row gets
	values  bool // formulas give way to their values
	unhide  bool // the row is to be seen
	renamed bool // every cell gets its address anew

	scratch []byte
}

// rowTags is what stands around what is written into a row, with the sheet's
// prefix.
type rowTags struct{ cell, inline, blanks, inlineEnd, formula, formulaEnd, value, valueEnd string }

func newRowTags(prefix string) rowTags {
	p, c := "<"+prefix, "</"+prefix
	return rowTags{cell: p + `c r="`, inline: ">" + p + "is>" + p + "t>", blanks: ">" + p + "is>" + p + `t xml:space="preserve">`,
		inlineEnd: c + "t>" + c + "is>" + c + "c>", formula: p + "f>", formulaEnd: c + "f>", value: p + "v>", valueEnd: c + "v>" + c + "c>"}
}

// write writes a row with its edits, sorted by column.
func (w *rowWriter) write(row *sheetRow, edits []cellEdit) {
	w.renamed = w.number != row.number || len(edits) > 0 && slices.ContainsFunc(row.cells, func(c sheetCell) bool { return !c.named })
	if len(edits) == 0 && !w.renamed && !w.values {
		w.out.Write(row.raw)
		return
	}
	last := -1
	if len(edits) > 0 {
		last = edits[len(edits)-1].col
	}
	w.writeTag(row.tag, row.number, last)
	at := len(row.tag.raw)
	for _, c := range row.cells {
		w.out.Write(row.raw[at:c.from]) // blanks and comments between cells
		at = c.to
		if row.sorted {
			for len(edits) > 0 && edits[0].col < c.col {
				w.add(&edits[0])
				edits = edits[1:]
			}
		}
		i := slices.IndexFunc(edits, func(e cellEdit) bool { return e.col == c.col })
		if i < 0 {
			w.keep(row, c)
			continue
		}
		w.edit(row, c, &edits[i])
		edits = slices.Delete(edits, i, i+1)
	}
	w.out.Write(row.raw[at:row.end])
	w.addAll(edits, row.tag)
}

// find returns where the start tag of a cell of the row stands that is written as
// nearly all are, -1 where it is not there. It looks for the address, which is
// hardly met elsewhere: every cell begins as this one does.
func (w *rowWriter) find(raw []byte, col int) (from, to int) {
	w.scratch = append(appendAddress(w.scratch[:0], col, w.number), '"')
	for at := 0; ; at++ {
		i := bytes.Index(raw[at:], w.scratch)
		if i < 0 {
			return -1, -1
		}
		at += i
		if bytes.HasSuffix(raw[:at], []byte(w.tags.cell)) {
			return at - len(w.tags.cell), at + bytes.IndexByte(raw[at:], '>') + 1
		}
	}
}

// restyle writes a cell's start tag with the style that change makes of its own.
func (w *rowWriter) restyle(tag []byte, change func(style int) int) {
	b := w.out.AvailableBuffer()
	if from, to, ok := attrSpan(tag, "s"); ok {
		b = strconv.AppendInt(append(b, tag[:from]...), int64(change(number(tag[from:to]))), 10)
		b = append(b, tag[to:]...)
	} else {
		before, after := splitTag(tag)
		b = strconv.AppendInt(append(append(b, before...), ` s="`...), int64(change(0)), 10)
		b = append(append(b, '"'), after...)
	}
	w.out.Write(b)
}

// addAll writes the cells at the end of a row, and the row's end tag.
func (w *rowWriter) addAll(edits []cellEdit, tag token) {
	for i := range edits {
		w.add(&edits[i])
	}
	w.out.WriteString("</")
	w.out.WriteString(tag.prefix())
	w.out.WriteString("row>")
}

// writeTag writes the start tag of the row that had the number was and goes up
// to the column last, -1 for where it did. It is never that of an empty element.
func (w *rowWriter) writeTag(t token, was, last int) {
	tag := t.raw
	if w.number != was || !bytes.Contains(tag, []byte(` r=`)) {
		tag = setAttr(tag, "r", strconv.Itoa(w.number))
	}
	if w.unhide && bytes.Contains(tag, []byte("hidden")) {
		tag = dropAttr(tag, "hidden")
	}
	if last >= 0 && bytes.Contains(tag, []byte("spans")) {
		from, to, _ := strings.Cut(attr(tag, "spans"), ":")
		if n, err := strconv.Atoi(to); err == nil && n <= last {
			tag = setAttr(tag, "spans", from+":"+strconv.Itoa(last+1))
		}
	}
	if t.kind == tokEmpty {
		tag = append(bytes.TrimRight(slices.Clone(tag[:len(tag)-2]), " "), '>')
	}
	w.out.Write(tag)
}

// keep copies a cell that nothing is to be said about.
func (w *rowWriter) keep(row *sheetRow, c sheetCell) {
	if !w.renamed && !(w.values && c.formula) {
		w.out.Write(row.raw[c.from:c.to])
		return
	}
	w.cell(row, c, c.style)
}

// cell copies a cell with its address and a style, and without its formula
// where values are wanted.
func (w *rowWriter) cell(row *sheetRow, c sheetCell, style int) {
	tag := row.raw[c.from:c.tagTo]
	if w.renamed {
		tag = setAttr(tag, "r", sheet.Address(c.col, w.number))
	}
	if style != c.style {
		tag = setAttr(tag, "s", strconv.Itoa(style))
	}
	if !w.values || !c.formula {
		w.out.Write(tag)
		w.out.Write(row.raw[c.tagTo:c.to])
		return
	}
	w.value(c, style, dropAttr(tag, "cm"), row.raw[c.tagTo:c.to])
}

// value writes a cell of a formula with the value that the file holds. Where it
// holds none, the formula is written as a text: a blank would be taken for
// nothing to say.
func (w *rowWriter) value(c sheetCell, style int, tag, rest []byte) {
	var kept bytes.Buffer
	formula, valued := "", false
	for s := scanBytes(rest); ; {
		t, err := s.next()
		if err != nil {
			break // the cell was cut whole before
		}
		if t.opens("f") {
			formula = elementText(wholeElement(s, t))
			continue
		}
		if t.kind == tokStart && t.is("v") {
			t.raw = wholeElement(s, t)
			valued = elementText(t.raw) != "" || attr(tag, "t") == "str"
		}
		kept.Write(t.raw)
	}
	if valued {
		w.out.Write(tag)
		w.out.Write(kept.Bytes())
		return
	}
	edit := textEdit(c.col, style, newPhrase("="+formula, nil))
	if formula == "" { // it is written in another cell only
		edit.text, edit.kind, edit.value = nil, "e", "#N/A"
	}
	w.add(&edit)
}

func (w *rowWriter) edit(row *sheetRow, c sheetCell, e *cellEdit) {
	if e.replace {
		w.add(e)
		return
	}
	w.cell(row, c, e.style)
}

// add writes a cell that the row does not have.
func (w *rowWriter) add(e *cellEdit) {
	b := append(appendAddress(append(w.out.AvailableBuffer(), w.tags.cell...), e.col, w.number), '"')
	if e.style != 0 {
		b = append(strconv.AppendInt(append(b, ` s="`...), int64(e.style), 10), '"')
	}
	switch {
	case e.text != nil:
		b = w.appendText(append(b, ` t="inlineStr"`...), e.text)
	case e.value != "":
		b = w.appendValue(b, e)
	default:
		b = append(b, "/>"...)
	}
	w.out.Write(b)
}

func (w *rowWriter) appendText(b []byte, text *phrase) []byte {
	if text.blanks {
		b = append(b, w.tags.blanks...)
	} else {
		b = append(b, w.tags.inline...)
	}
	for i, part := range text.xml {
		if i > 0 {
			b = strconv.AppendInt(b, int64(w.number), 10)
		}
		b = append(b, part...)
	}
	return append(b, w.tags.inlineEnd...)
}

func (w *rowWriter) appendValue(b []byte, e *cellEdit) []byte {
	if e.kind != "" {
		b = append(append(append(b, ` t="`...), e.kind...), '"')
	}
	b = append(b, '>')
	if e.formula != "" {
		b = append(append(append(b, w.tags.formula...), xmlText(e.formula)...), w.tags.formulaEnd...)
	}
	return append(append(append(b, w.tags.value...), xmlText(e.value)...), w.tags.valueEnd...)
}

// appendAddress appends the address of a cell.
func appendAddress(b []byte, col, row int) []byte {
	if col >= 26 {
		return append(b, sheet.Address(col, row)...)
	}
	return strconv.AppendInt(append(b, byte('A'+col)), int64(row), 10)
}
