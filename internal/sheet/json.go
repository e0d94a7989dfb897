package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// JSON is read as tables: each object of the outer list is a row, each path in
// it a column, description_lang.en. A list of objects inside is a table of its
// own, offers.payments, whose rows see those above them as parent.title; the
// row above has each of its members as a list, payments[].goal. A list of
// values is one cell, as our sheets write lists. Numbers stay as they are
// written.

// looksJSON tells whether a file's first bytes are those of JSON.
func looksJSON(start []byte) bool {
	return jsonStart.Match(start)
}

var jsonStart = regexp.MustCompile(`^\x{feff}?\s*(?:\{\s*"|\{\s*\}|\[\s*[{\]])`)

// jsonDepth is how deep values may be nested.
const jsonDepth = 64

// addJSON adds the tables of a JSON file.
func (o *opener) addJSON(from origin) error {
	doc := &jsonDoc{from: from, limits: csvLimits(o.opts.Limits), tables: map[string]*jsonTable{}}
	if err := doc.findRows(); err != nil {
		return err
	}
	if err := doc.takeHeaders(); err != nil {
		return err
	}
	for _, t := range doc.order {
		asked := len(o.opts.Sheets) == 0 || slices.ContainsFunc(o.opts.Sheets, func(s string) bool { return strings.EqualFold(s, t.name) })
		if asked {
			o.book.Tables = append(o.book.Tables, t.table)
		}
	}
	if len(doc.order) == 0 {
		return &FileError{File: from.name(), Code: "no_rows", Text: "the JSON holds no list of objects: nothing to read"}
	}
	return nil
}

// jsonDoc is a JSON file: where its rows are, and the tables that they make.
type jsonDoc struct {
	from   origin
	limits Limits
	name   string   // of the outer table
	path   []string // of the keys that lead to the rows
	lines  bool     // the rows are the top-level values
	single bool     // the value at the path is one row
	tables map[string]*jsonTable
	order  []*jsonTable
}

// jsonTable is one table of the file.
type jsonTable struct {
	doc     *jsonDoc
	name    string // offers.payments
	path    string // from the row above: payments; blank for the outer table
	above   *jsonTable
	columns map[string]int
	names   []string
	rows    int
	places  []jsonPlace // of each row but the outer table's
	table   *Table
}

// jsonPlace is where a row stands: in which row above, and as which of its
// list.
type jsonPlace struct{ above, index uint32 }

// jsonNode is a value: a text of a kind, a list or an object.
type jsonNode struct {
	cell    Cell
	list    bool
	object  bool
	members []jsonMember // of an object, or a list without keys
}

type jsonMember struct {
	key   string
	value jsonNode
}

// read starts to read the file.
func (d *jsonDoc) read() (*jsonReader, error) {
	f, err := d.from.reader()
	if err != nil {
		return nil, err
	}
	r := &jsonReader{doc: d, file: f, bytes: &validReader{in: f}}
	r.dec = json.NewDecoder(r.bytes)
	r.dec.UseNumber()
	return r, nil
}

// validReader passes UTF-8 on, without the mark that may stand before it, and
// ends at anything else: the decoder would put other characters in its place.
type validReader struct {
	in    io.Reader
	tail  []byte // a character that is not complete
	count int64  // bytes that were read
	begun bool
}

var errNotUTF8 = errors.New("the file is not UTF-8")

func (v *validReader) Read(p []byte) (int, error) {
	if len(p) < 2*utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	n := copy(p, v.tail)
	m, err := v.in.Read(p[n:])
	n, v.count = n+m, v.count+int64(m)
	if !v.begun && n >= 3 {
		v.begun = true
		if string(p[:3]) == "\ufeff" {
			n = copy(p, p[3:n])
		}
	}
	end := n
	for cut := 1; err != io.EOF && cut < utf8.UTFMax && cut <= n; cut++ {
		if utf8.RuneStart(p[n-cut]) {
			if !utf8.FullRune(p[n-cut : n]) {
				end = n - cut
			}
			break
		}
	}
	v.tail = append(v.tail[:0], p[end:n]...)
	if !utf8.Valid(p[:end]) {
		return 0, errNotUTF8
	}
	return end, err
}

// jsonReader reads the file once.
type jsonReader struct {
	doc   *jsonDoc
	file  io.Closer
	bytes *validReader
	dec   *json.Decoder
	raw   json.RawMessage
}

// fail makes the error of a file that is no JSON from some byte on.
func (r *jsonReader) fail(err error) error {
	var known *FileError
	if errors.As(err, &known) {
		return err
	}
	e := &FileError{File: r.doc.from.name(), Place: fmt.Sprintf("byte %d", r.dec.InputOffset()), Code: "bad_json", Err: err,
		Text: "this is not valid JSON from here on: export it again (" + err.Error() + ")"}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		e.Place = fmt.Sprintf("byte %d", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Place = fmt.Sprintf("byte %d", r.bytes.count)
		e.Text = "the JSON ends too early: the file is not complete, so export or copy it again"
	case errors.Is(err, errNotUTF8):
		e.Text = "the JSON is not UTF-8: export it again, or save it as UTF-8"
	}
	return e
}

// token reads the next token; the end of the file is an error.
func (r *jsonReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

// value reads the next value as a whole. The decoder has checked it then, so
// that taking it apart needs no check but of what JSON allows and we do not.
func (r *jsonReader) value() (jsonNode, error) {
	r.raw = r.raw[:0]
	if err := r.dec.Decode(&r.raw); err != nil {
		return jsonNode{}, err
	}
	p := jsonParser{text: r.raw, longest: r.doc.limits.CellLength}
	n, err := p.node(1)
	var known *FileError
	if errors.As(err, &known) {
		known.File, known.Place = r.doc.from.name(), fmt.Sprintf("byte %d", r.dec.InputOffset())
	}
	return n, err
}

// jsonParser takes valid JSON apart.
type jsonParser struct {
	text    []byte
	at      int
	longest int // bytes of a text
}

// next passes over blanks and what stands between values, and returns the byte
// after them.
func (p *jsonParser) next() byte {
	for strings.IndexByte(" \t\r\n,:", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[p.at]
}

func (p *jsonParser) node(depth int) (jsonNode, error) {
	switch c := p.next(); c {
	case '{', '[':
		if depth == jsonDepth {
			return jsonNode{}, &FileError{Code: "bad_json", Text: fmt.Sprintf("the JSON is nested deeper than %d levels", jsonDepth)}
		}
		return p.nested(c == '{', depth)
	case '"':
		text, err := p.string()
		return jsonNode{cell: textOf(text)}, err
	default:
		return jsonNode{cell: p.bare()}, nil
	}
}

// nested reads the members of an object or a list.
func (p *jsonParser) nested(object bool, depth int) (jsonNode, error) {
	n := jsonNode{object: object, list: !object}
	var seen map[string]bool // of an object with many members
	p.at++
	for c := p.next(); c != '}' && c != ']'; c = p.next() {
		var m jsonMember
		var err error
		if object {
			if m.key, err = p.string(); err != nil {
				return n, err
			}
			if seen == nil && len(n.members) == 32 {
				seen = n.keys()
			}
			if seen[m.key] || seen == nil && n.has(m.key) {
				return n, fmt.Errorf("the key %q is there twice in one object", m.key)
			}
			if seen != nil {
				seen[m.key] = true
			}
		}
		if m.value, err = p.node(depth + 1); err != nil {
			return n, err
		}
		n.members = append(n.members, m)
	}
	p.at++
	return n, nil
}

// has tells whether an object has a key already.
func (n *jsonNode) has(key string) bool {
	return slices.ContainsFunc(n.members, func(m jsonMember) bool { return m.key == key })
}

func (n *jsonNode) keys() map[string]bool {
	seen := make(map[string]bool, 2*len(n.members))
	for _, m := range n.members {
		seen[m.key] = true
	}
	return seen
}

// string reads a text in quotes.
func (p *jsonParser) string() (string, error) {
	start := p.at
	escaped := false
	for p.at++; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	p.at++
	raw := p.text[start:p.at]
	if len(raw) > p.longest {
		return "", &FileError{Code: "too_large", Text: fmt.Sprintf("a text is longer than the limit of %d bytes", p.longest)}
	}
	if !escaped {
		return string(raw[1 : len(raw)-1]), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// bare reads a number, true, false or null. A number stays as it is written.
func (p *jsonParser) bare() Cell {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n,]}", p.text[p.at]) < 0 {
		p.at++
	}
	switch text := string(p.text[start:p.at]); {
	case text == "null":
		return Cell{}
	case text == "true" || text == "false":
		return Cell{Kind: Bool, Text: strings.ToUpper(text)}
	case strings.ContainsAny(text, "eE"):
		return Cell{Kind: Text, Text: text}
	default:
		return Cell{Kind: Number, Text: text}
	}
}

func textOf(text string) Cell {
	if strings.TrimSpace(text) == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: text}
}

// objects tells whether a list holds objects and nothing else.
func (n *jsonNode) objects() bool {
	return n.list && len(n.members) > 0 && !slices.ContainsFunc(n.members, func(m jsonMember) bool { return !m.value.object })
}

// findRows finds out where the rows are: in the outer list, in the one list of
// objects of the outer object, in its one object, or one after the other.
func (d *jsonDoc) findRows() error {
	r, err := d.read()
	if err != nil {
		return err
	}
	defer r.file.Close()
	d.name = sheetName(d.from.path)
	t, err := r.token()
	if err != nil {
		return r.fail(err)
	}
	if t == json.Delim('[') {
		return nil
	}
	lists, objects, named, err := r.outline()
	if err != nil {
		return r.fail(err)
	}
	switch {
	case r.dec.More(), named:
		d.lines = true
	case len(lists) == 1:
		d.name, d.path = lists[0], lists
	case len(lists) == 0 && len(objects) == 1:
		d.name, d.path, d.single = objects[0], objects, true
	default:
		d.lines = true
	}
	return nil
}

// outline reads the outer object and tells which of its members are lists of
// objects and which are objects, and whether it is itself a named thing.
func (r *jsonReader) outline() (lists, objects []string, named bool, err error) {
	for r.dec.More() {
		key, err := r.token()
		if err != nil {
			return nil, nil, false, err
		}
		first, err := r.token()
		if err != nil {
			return nil, nil, false, err
		}
		name, _ := key.(string)
		switch first {
		case json.Delim('['):
			isList, err := r.skipList()
			if err != nil {
				return nil, nil, false, err
			}
			if isList {
				lists = append(lists, name)
			}
		case json.Delim('{'):
			if err := r.skip(1); err != nil {
				return nil, nil, false, err
			}
			if !strings.HasPrefix(strings.ToLower(name), "pag") { // the page that is shown, not an offer
				objects = append(objects, name)
			}
		default:
			lower := strings.ToLower(name)
			named = named || slices.Contains([]string{"id", "title", "name"}, lower)
		}
	}
	_, err = r.token()
	return lists, objects, named, err
}

// skipList passes over a list, and tells whether its first member is an object.
func (r *jsonReader) skipList() (objects bool, err error) {
	if !r.dec.More() {
		_, err := r.token()
		return false, err
	}
	t, err := r.token()
	if err != nil {
		return false, err
	}
	depth := 1
	if _, nested := t.(json.Delim); nested {
		depth = 2
	}
	return t == json.Delim('{'), r.skip(depth)
}

// skip passes over what is open, to the end of so many levels.
func (r *jsonReader) skip(depth int) error {
	for depth > 0 {
		t, err := r.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// objectsOf streams the outer rows.
func (d *jsonDoc) objectsOf() iter.Seq2[jsonNode, error] {
	return func(yield func(jsonNode, error) bool) {
		r, err := d.read()
		if err != nil {
			yield(jsonNode{}, err)
			return
		}
		defer r.file.Close()
		stopped, err := r.eachRow(func(n jsonNode) bool { return yield(n, nil) })
		if err != nil && !stopped {
			yield(jsonNode{}, r.fail(err))
		}
	}
}

// eachRow reads the rows and, behind them, the rest of the file: it must be
// whole.
func (r *jsonReader) eachRow(take func(jsonNode) bool) (stopped bool, err error) {
	if r.doc.lines {
		return r.eachLine(take)
	}
	depth, err := r.descend()
	if err != nil {
		return false, err
	}
	if r.doc.single {
		n, err := r.value()
		if err != nil || !take(n) {
			return err == nil, err
		}
		return false, r.end(depth)
	}
	for r.dec.More() {
		n, err := r.value()
		if err != nil {
			return false, err
		}
		if !take(n) {
			return true, nil
		}
	}
	return false, r.end(depth + 1)
}

// end reads what is left of the file: the end of what is open, and nothing
// behind it.
func (r *jsonReader) end(depth int) error {
	if err := r.skip(depth); err != nil {
		return err
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return errors.Join(errors.New("something stands behind the end of the list"), err)
	}
	return nil
}

func (r *jsonReader) eachLine(take func(jsonNode) bool) (stopped bool, err error) {
	for {
		n, err := r.value()
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if !take(n) {
			return true, nil
		}
	}
}

// descend reads up to the start of the rows and returns how many objects are
// open around them.
func (r *jsonReader) descend() (depth int, err error) {
	if _, err := r.token(); err != nil || len(r.doc.path) == 0 {
		return 0, err // of an outer list
	}
	for {
		key, err := r.token()
		if err != nil {
			return 0, err
		}
		if key == r.doc.path[0] && r.doc.single {
			return 1, nil
		}
		first, err := r.token()
		if err != nil {
			return 0, err
		}
		if key == r.doc.path[0] {
			return 1, nil
		}
		if _, nested := first.(json.Delim); nested {
			if err := r.skip(1); err != nil {
				return 0, err
			}
		}
	}
}

// takeHeaders reads the whole file once: a column may first appear in its last
// row.
func (d *jsonDoc) takeHeaders() error {
	outer := 0
	for n, err := range d.objectsOf() {
		if err != nil {
			return err
		}
		if outer++; outer > d.limits.Rows {
			return &FileError{File: d.from.name(), Code: "too_large", Text: fmt.Sprintf("the file has more than %d rows", d.limits.Rows)}
		}
		if !n.object {
			return &FileError{File: d.from.name(), Place: fmt.Sprintf("%s[%d]", d.name, outer-1), Code: "bad_json", Text: "a row must be an object, such as {\"id\": 1}"}
		}
		d.flatten(d.rowOf(n), d.tableAt("", nil), jsonPlace{}, true, nil)
	}
	for _, t := range d.order {
		if len(t.names) > d.limits.Columns {
			return &FileError{File: d.from.name(), Place: t.name, Code: "too_large", Text: fmt.Sprintf("the rows have more than %d members in all", d.limits.Columns)}
		}
		t.finish()
	}
	return nil
}

func (d *jsonDoc) rowOf(n jsonNode) *jsonRow {
	row := &jsonRow{}
	row.take("", n)
	return row
}

// tableAt returns the table of a path below another, and makes it.
func (d *jsonDoc) tableAt(path string, above *jsonTable) *jsonTable {
	name := d.name
	if above != nil {
		name = above.name + "." + path
	}
	t := d.tables[name]
	if t == nil {
		t = &jsonTable{doc: d, name: name, path: path, above: above, columns: map[string]int{}}
		d.tables[name] = t
		d.order = append(d.order, t)
	}
	return t
}

// flatten goes through a row and those below it. In the first reading it notes
// columns and places; later it hands out the rows of the table asked for.
func (d *jsonDoc) flatten(row *jsonRow, t *jsonTable, at jsonPlace, first bool, take func(t *jsonTable, row *jsonRow) bool) bool {
	if first {
		t.rows++
		row.number = t.rows
		t.note(row, at)
	} else if !take(t, row) {
		return false
	}
	for _, c := range row.children {
		below := d.tableAt(c.path, t)
		for i, n := range c.members {
			child := &jsonRow{above: row}
			child.take("", n.value)
			if !d.flatten(child, below, jsonPlace{uint32(row.number), uint32(i)}, first, take) {
				return false
			}
		}
	}
	return true
}

// jsonRow is a row with its cells by path, and the lists of objects in it.
type jsonRow struct {
	number   int
	above    *jsonRow
	paths    []string
	cells    []Cell
	children []jsonChildren
}

type jsonChildren struct {
	path    string
	members []jsonMember
}

// take takes up a value at a path.
func (r *jsonRow) take(path string, n jsonNode) {
	switch {
	case n.object:
		for _, m := range n.members {
			below := m.key
			if path != "" {
				below = path + "." + m.key
			}
			r.take(below, m.value)
		}
	case n.objects():
		r.children = append(r.children, jsonChildren{path, n.members})
		r.takeLists(path, n.members)
	case n.list:
		r.add(path, textOf(n.listText()))
	default:
		r.add(path, n.cell)
	}
}

func (r *jsonRow) add(path string, c Cell) {
	if path == "" {
		path = "value"
	}
	r.paths, r.cells = append(r.paths, path), append(r.cells, c)
}

// takeLists adds the members of a list of objects as lists, one value for each
// object, blank or not.
func (r *jsonRow) takeLists(path string, members []jsonMember) {
	var rows []*jsonRow
	var names []string
	for _, m := range members {
		row := &jsonRow{}
		row.take("", m.value)
		rows = append(rows, row)
		for _, p := range row.paths {
			if !slices.Contains(names, p) && !strings.Contains(p, "[]") {
				names = append(names, p)
			}
		}
	}
	for _, name := range names {
		texts := make([]string, len(rows))
		for i, row := range rows {
			if at := slices.Index(row.paths, name); at >= 0 {
				texts[i] = quoted(row.cells[at].Text)
			}
		}
		r.add(path+"[]."+name, textOf(strings.Join(texts, ", ")))
	}
}

// listText writes a list of values as our sheets have it; what is no list of
// plain values as JSON.
func (n *jsonNode) listText() string {
	texts := make([]string, 0, len(n.members))
	for _, m := range n.members {
		if m.value.object || m.value.list {
			return n.json()
		}
		texts = append(texts, quoted(m.value.cell.Text))
	}
	return strings.Join(texts, ", ")
}

// quoted keeps the separators in a value of a list apart from those between
// the values.
func quoted(text string) string {
	if strings.ContainsAny(text, ",;|\n\r\"") {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

// json writes a value as JSON again.
func (n *jsonNode) json() string {
	if !n.object && !n.list {
		switch n.cell.Kind {
		case Number:
			return n.cell.Text
		case Bool:
			return strings.ToLower(n.cell.Text)
		}
		text, _ := json.Marshal(n.cell.Text) // a string always can
		return string(text)
	}
	parts := make([]string, len(n.members))
	for i, m := range n.members {
		parts[i] = m.value.json()
		if n.object {
			key, _ := json.Marshal(m.key)
			parts[i] = string(key) + ":" + parts[i]
		}
	}
	if n.object {
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// note notes a row's columns and its place.
func (t *jsonTable) note(row *jsonRow, at jsonPlace) {
	if t.above != nil {
		t.places = append(t.places, at)
	}
	for _, p := range row.paths {
		if _, known := t.columns[p]; !known {
			t.columns[p] = len(t.names)
			t.names = append(t.names, p)
		}
	}
}

// finish makes the table, when all its columns are known. Those of the row
// above come last.
func (t *jsonTable) finish() {
	if t.above != nil {
		for _, name := range t.above.names {
			if !strings.Contains(name, "[]") {
				t.columns["parent."+name] = len(t.names)
				t.names = append(t.names, "parent."+name)
			}
		}
	}
	header := make([]Cell, len(t.names))
	for i, name := range t.names {
		header[i] = Cell{Kind: Text, Text: name}
	}
	t.table = &Table{File: t.doc.from.name(), Sheet: t.name, Path: t.doc.from.path, Header: header,
		Facts: Facts{Format: "json", Encoding: "utf-8"}, place: t.placeOf}
	t.table.rows = t.stream
}

// stream streams the table's rows.
func (t *jsonTable) stream() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		number := 0
		outer := t.doc.tableAt("", nil)
		for n, err := range t.doc.objectsOf() {
			if err != nil {
				yield(Row{}, err)
				return
			}
			more := t.doc.flatten(t.doc.rowOf(n), outer, jsonPlace{}, false, func(of *jsonTable, row *jsonRow) bool {
				if of != t {
					return true
				}
				number++
				return yield(Row{Table: t.table, Number: number, Cells: t.cellsOf(row)}, nil)
			})
			if !more {
				return
			}
		}
	}
}

// cellsOf puts a row's cells into the table's columns.
func (t *jsonTable) cellsOf(row *jsonRow) []Cell {
	cells := make([]Cell, len(t.names))
	prefix := ""
	for r := row; r != nil; r = r.above {
		for i, p := range r.paths {
			if col, ok := t.columns[prefix+p]; ok {
				cells[col] = r.cells[i]
			}
		}
		prefix += "parent."
	}
	return cells
}

// placeOf names a cell: offers[3].payments[0].total.
func (t *jsonTable) placeOf(col, row int) string {
	if col >= 0 && col < len(t.names) {
		name := t.names[col]
		if above, ok := strings.CutPrefix(name, "parent."); ok && t.above != nil && row >= 1 && row <= len(t.places) {
			return t.above.placeOf(slices.Index(t.above.names, above), int(t.places[row-1].above))
		}
		return t.placeOf(-1, row) + "." + name
	}
	if t.above == nil {
		name := t.name
		if len(t.doc.path) == 0 {
			name = ""
		}
		if t.doc.single {
			return name
		}
		return fmt.Sprintf("%s[%d]", name, row-1)
	}
	if row < 1 || row > len(t.places) {
		return t.name
	}
	p := t.places[row-1]
	return fmt.Sprintf("%s.%s[%d]", t.above.placeOf(-1, int(p.above)), t.path, p.index)
}
