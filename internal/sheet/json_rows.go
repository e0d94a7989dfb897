package sheet

import (
	"fmt"
	"io"
	"iter"
	"strings"
)

// jsonTable is one table of the file. While the file is read, row and lists
// hold the row at hand; then its rows are set aside.
type jsonTable struct {
	doc       *jsonDoc
	name      string // offers.payments
	path      string // from the row above: payments; blank for the outer table
	above     *jsonTable
	root      *jsonPath // of a row
	columns   map[string]int
	names     []string // of the columns: the rows' own, then those that they see of the row above
	inherited []int    // the columns above of those
	row       []Cell
	lists     []jsonList
	rows      *Rows // their own columns alone
	count     int
	places    []jsonPlace // of each row but the outer table's
	table     *Table
}

// jsonPlace is where a row stands: in which row above, and as which of its
// list.
type jsonPlace struct{ above, index uint32 }

// jsonList is a list of objects in a row, and the path where it stands.
type jsonList struct {
	at      *jsonPath
	members []jsonMember
}

// jsonPath is a place in the rows of a table, by the keys that lead to it.
type jsonPath struct {
	name   string // description_lang.en; blank for the row itself
	column int    // of the table; -1 before a value stood here
	below  map[string]*jsonPath
	table  *jsonTable // of the list of objects that stands here, or nil
	member *jsonPath  // of that list, for the columns payments[].goal
	paired *jsonPath  // of the column region{}
	text   []byte     // of such a column: the list so far
	values int        // in the text
}

func newJSONPath(name string) *jsonPath {
	return &jsonPath{name: name, column: -1, below: map[string]*jsonPath{}}
}

// at is the path of a member.
func (p *jsonPath) at(key string) *jsonPath {
	below := p.below[key]
	if below == nil {
		name := key
		if p.name != "" {
			name = p.name + "." + key
		}
		below = newJSONPath(name)
		p.below[key] = below
	}
	return below
}

// takeRows reads the whole file once and sets its rows aside: a column may
// first appear in its last row, and its tables are asked for one after the
// other.
func (d *jsonDoc) takeRows() error {
	for n, err := range d.objectsOf() {
		if err != nil {
			return err
		}
		if len(d.order) == 0 {
			d.addTable(d.name, "", nil)
		}
		outer := d.order[0]
		if outer.count == d.limits.Rows {
			return &FileError{File: d.from.name(), Code: "too_large", Text: fmt.Sprintf("the file has more than %d rows", d.limits.Rows)}
		}
		if !n.object {
			return &FileError{File: d.from.name(), Place: fmt.Sprintf("%s[%d]", d.name, outer.count), Code: "bad_json", Text: "a row must be an object, such as {\"id\": 1}"}
		}
		if err := outer.add(&n, jsonPlace{}); err != nil {
			return err
		}
	}
	for _, t := range d.order {
		if err := t.finish(); err != nil {
			return err
		}
	}
	return nil
}

func (d *jsonDoc) addTable(name, path string, above *jsonTable) *jsonTable {
	t := &jsonTable{doc: d, name: name, path: path, above: above, root: newJSONPath(""), columns: map[string]int{}, rows: d.book.NewRows()}
	d.order = append(d.order, t)
	return t
}

// add adds a row, and those below it to their tables.
func (t *jsonTable) add(n *jsonNode, at jsonPlace) error {
	t.row, t.lists = t.row[:0], t.lists[:0]
	t.take(t.root, n)
	if len(t.names) > t.doc.limits.Columns {
		return &FileError{File: t.doc.from.name(), Place: t.name, Code: "too_large", Text: fmt.Sprintf("the rows have more than %d members in all", t.doc.limits.Columns)}
	}
	if t.above != nil {
		t.places = append(t.places, at)
	}
	t.count++
	if err := t.rows.Add(Row{Number: t.count, Cells: t.row}); err != nil {
		return err
	}
	for _, l := range t.lists {
		below := t.below(l.at)
		for i := range l.members {
			if err := below.add(&l.members[i].value, jsonPlace{uint32(t.count), uint32(i)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// below is the table of the lists of objects at a path.
func (t *jsonTable) below(p *jsonPath) *jsonTable {
	if p.table == nil {
		p.table = t.doc.addTable(t.name+"."+p.name, p.name, t)
	}
	return p.table
}

// take takes up the value at a path.
func (t *jsonTable) take(p *jsonPath, n *jsonNode) {
	switch {
	case n.object:
		for i := range n.members {
			t.take(p.at(n.members[i].key), &n.members[i].value)
		}
		t.takePairs(p, n)
	case n.objects():
		t.lists = append(t.lists, jsonList{p, n.members})
		t.takeLists(p, n.members)
	case n.list:
		t.set(p, p.name, textOf(n.listText()))
	default:
		t.set(p, p.name, n.cell)
	}
}

// takePairs sets an object of plain values once more as one cell, as our sheets
// write what goes by country: region{} is US:33, US:57. Its keys are data then,
// and no column of theirs is known beforehand.
func (t *jsonTable) takePairs(p *jsonPath, n *jsonNode) {
	if p.name == "" || !n.pairs() {
		return
	}
	if p.paired == nil {
		p.paired = newJSONPath("")
	}
	t.set(p.paired, p.name+"{}", textOf(n.pairsText()))
}

// set puts a cell into the column of a path, and makes the column.
func (t *jsonTable) set(p *jsonPath, name string, c Cell) {
	if p.column < 0 {
		if name == "" {
			name = "value"
		}
		column, known := t.columns[name]
		if !known {
			column = len(t.names)
			t.columns[name], t.names = column, append(t.names, name)
		}
		p.column = column
	}
	for len(t.row) <= p.column {
		t.row = append(t.row, Cell{})
	}
	t.row[p.column] = c
}

// takeLists sets the members of a list of objects as lists, one value for each
// object, blank or not.
func (t *jsonTable) takeLists(p *jsonPath, members []jsonMember) {
	if p.member == nil {
		p.member = newJSONPath("")
	}
	var columns []*jsonPath
	for i := range members {
		members[i].value.listed(p.member, i, &columns)
	}
	for _, c := range columns {
		c.listTo(len(members))
		t.set(c, p.name+"[]."+c.name, textOf(string(c.text)))
		c.text, c.values = c.text[:0], 0
	}
}

// listed adds what stands in the object of a list to the texts of its paths.
// Lists of objects in it are tables of their own.
func (n *jsonNode) listed(p *jsonPath, index int, columns *[]*jsonPath) {
	switch {
	case n.object:
		for i := range n.members {
			n.members[i].value.listed(p.at(n.members[i].key), index, columns)
		}
		return
	case n.objects():
		return
	}
	if p.values == 0 {
		*columns = append(*columns, p)
	}
	p.listTo(index + 1)
	text := n.cell.Text
	if n.list {
		text = n.listText()
	}
	p.text = append(p.text, quoted(text)...)
}

// listTo lengthens a list to so many values, the last of which is still blank.
func (p *jsonPath) listTo(values int) {
	for ; p.values < values; p.values++ {
		if p.values > 0 {
			p.text = append(p.text, ", "...)
		}
	}
}

// finish makes the table, when all its columns are known.
func (t *jsonTable) finish() error {
	if t.above != nil {
		for i, name := range t.above.names {
			if !strings.Contains(name, "[]") && !strings.HasSuffix(name, "{}") {
				t.names, t.inherited = append(t.names, "parent."+name), append(t.inherited, i)
			}
		}
	}
	header := make([]Cell, len(t.names))
	for i, name := range t.names {
		header[i] = Cell{Kind: Text, Text: name}
	}
	t.table = &Table{File: t.doc.from.name(), Sheet: t.name, Path: t.doc.from.path, Header: header,
		Facts: Facts{Format: "json", Encoding: "utf-8", Decimal: "."}, place: t.placeOf}
	t.table.rows = func() iter.Seq2[Row, error] { return t.stream(false) }
	t.table.scan = func() iter.Seq2[Row, error] { return t.stream(true) }
	t.row, t.lists, t.root, t.columns = nil, nil, nil, nil
	return t.rows.Finish()
}

// stream streams the table's rows, with the cells of a row used again for the
// next one or not.
func (t *jsonTable) stream(reuse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		c := t.cursor()
		for {
			if !reuse {
				c.cells = nil
			}
			row, err := c.next()
			if err == io.EOF {
				return
			}
			row.Table = t.table
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// jsonCursor reads a table's rows, each with what it sees of the row above.
type jsonCursor struct {
	table *jsonTable
	rows  rowCursor
	cells []Cell // of the last row
	above *jsonCursor
	seen  int // the number of the row above whose cells they have
}

func (t *jsonTable) cursor() *jsonCursor {
	c := &jsonCursor{table: t, rows: rowCursor{rows: t.rows}}
	if t.above != nil {
		c.above = t.above.cursor()
	}
	return c
}

// next returns the next row. Its cells hold until the next one.
func (c *jsonCursor) next() (Row, error) {
	own := len(c.table.names) - len(c.table.inherited)
	fresh := c.cells == nil
	if fresh {
		c.cells = make([]Cell, len(c.table.names))
	}
	row, err := c.rows.next(c.cells[:own])
	if err != nil || c.above == nil {
		return row, err
	}
	above := int(c.table.places[row.Number-1].above)
	if above == c.seen && !fresh {
		row.Cells = c.cells
		return row, nil
	}
	for ; c.seen < above; c.seen++ {
		if _, err := c.above.next(); err != nil {
			return Row{}, err
		}
	}
	for i, col := range c.table.inherited {
		c.cells[own+i] = c.above.cells[col]
	}
	row.Cells = c.cells
	return row, nil
}

// placeOf names a cell: offers[3].payments[0].total.
func (t *jsonTable) placeOf(col, row int) string {
	if col >= 0 && col < len(t.names) {
		name := t.names[col]
		if own := len(t.names) - len(t.inherited); col >= own && row >= 1 && row <= len(t.places) {
			return t.above.placeOf(t.inherited[col-own], int(t.places[row-1].above))
		}
		return t.placeOf(-1, row) + "." + name
	}
	if t.above == nil {
		return t.outerPlace(row)
	}
	if row < 1 || row > len(t.places) {
		return t.name
	}
	p := t.places[row-1]
	return fmt.Sprintf("%s.%s[%d]", t.above.placeOf(-1, int(p.above)), t.path, p.index)
}

// outerPlace names a row of the outer table: offers[3].
func (t *jsonTable) outerPlace(row int) string {
	switch {
	case t.doc.single:
		return t.name
	case len(t.doc.path) == 0:
		return fmt.Sprintf("[%d]", row-1)
	}
	return fmt.Sprintf("%s[%d]", t.name, row-1)
}
