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
// it a column, description_lang.en. A list of objects inside, or an object of
// objects by their ids, is a table of its own, offers.payments, whose rows see
// those above them as parent.title; the row above has each of its members as a
// list, payments[].goal. A list of values is one cell, as our sheets write
// lists, and an object of short values is one besides, region{}. Numbers stay as
// they are written.

// looksJSON tells whether a file's first bytes are those of JSON.
func looksJSON(start []byte) bool {
	return jsonStart.Match(start)
}

var jsonStart = regexp.MustCompile(`^\x{feff}?\s*(?:\{\s*"|\{\s*\}|\[\s*[{\]])`)

// jsonDepth is how deep values may be nested.
const jsonDepth = 64

// addJSON adds the tables of a JSON file.
func (o *opener) addJSON(from origin) error {
	doc := &jsonDoc{from: from, limits: csvLimits(o.opts.Limits), book: o.book}
	if err := doc.findRows(); err != nil {
		return err
	}
	if err := doc.takeRows(); err != nil {
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
	book   *Book    // which keeps the rows
	name   string   // of the outer table
	path   []string // of the keys that lead to the rows
	keyed  bool     // the rows are the members of an object, their ids its keys
	lines  bool     // the rows are the top-level values
	single bool     // the value at the path is one row
	order  []*jsonTable
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
	r.parse.longest = d.limits.CellLength
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
	parse jsonParser
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

// value reads the next value as a whole; it holds until the next one is read.
// The decoder has checked it then, so that taking it apart needs no check but of
// what JSON allows and we do not.
func (r *jsonReader) value() (jsonNode, error) {
	r.raw = r.raw[:0]
	if err := r.dec.Decode(&r.raw); err != nil {
		return jsonNode{}, err
	}
	n, err := r.parse.value(string(r.raw))
	var known *FileError
	if errors.As(err, &known) {
		known.File, known.Place = r.doc.from.name(), fmt.Sprintf("byte %d", r.dec.InputOffset())
	}
	return n, err
}

// envelopes is how many objects may stand around the rows.
const envelopes = 6

// findRows finds out where the rows are: in the outer list, or, of an envelope
// and of envelopes in it, in the one list of objects, in the object whose keys
// are the rows' ids, or in the one object; or one after the other. One offer
// with its lists beside it is one row.
func (d *jsonDoc) findRows() error {
	d.name = sheetName(d.from.path)
	for {
		o, err := d.outline()
		if err != nil {
			return err
		}
		if d.settle(o) {
			return nil
		}
	}
}

// settle says by the outline of the value at the path where the rows are; it is
// false where that is further in.
func (d *jsonDoc) settle(o *jsonOutline) bool {
	top := len(d.path) == 0
	switch {
	case o.list:
	case top && (o.more || o.named):
		d.lines = true
	case o.keyed:
		d.keyed = true
	case o.one && len(o.lists) > 0:
		d.single = true
	case len(o.lists) == 1 && !o.named:
		d.enter(o.lists[0])
	case len(o.lists) == 0 && len(o.objects) == 1 && !o.named && len(d.path) < envelopes:
		d.enter(o.objects[0])
		return false
	case top:
		d.lines = true
	default:
		d.single = true
	}
	return true
}

func (d *jsonDoc) enter(name string) { d.name, d.path = name, append(d.path, name) }

// jsonOutline is what an object holds, without what stands in it. Of lists and
// objects two are noted at most: more than one is too many.
type jsonOutline struct {
	list    bool     // it is a list and no object
	lists   []string // its members that are lists of objects
	objects []string // those that are objects and hold something
	named   bool     // it is itself a named thing
	keyed   bool     // its keys are ids, each of an object
	one     bool     // it holds one offer, beside which its lists may stand
	more    bool     // something stands behind it
}

// outline reads the value at the path. What stands deeper than the names of
// its members' members is left out unread, unless something is wrong: then the
// error must name the place.
func (d *jsonDoc) outline() (*jsonOutline, error) {
	o, err := d.outlineOf(func(r *jsonReader) {
		r.dec = json.NewDecoder(&shallowReader{in: r.bytes, levels: len(d.path) + 2})
	})
	if err != nil {
		return d.outlineOf(func(*jsonReader) {})
	}
	return o, nil
}

// shallowReader passes JSON on without what stands in lists and objects below
// some levels: {"offers":[{},{}]}. It takes the JSON for valid.
type shallowReader struct {
	in       io.Reader
	levels   int
	depth    int
	inString bool
	escaped  bool
}

func (s *shallowReader) Read(p []byte) (int, error) {
	for {
		n, err := s.in.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if s.passes(c) {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

func (s *shallowReader) passes(c byte) bool {
	switch {
	case s.escaped:
		s.escaped = false
	case s.inString && c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = !s.inString
	case s.inString:
	case c == '{' || c == '[':
		s.depth++
		return s.depth-1 <= s.levels
	case c == '}' || c == ']':
		s.depth--
	}
	return s.depth <= s.levels
}

func (d *jsonDoc) outlineOf(prepare func(*jsonReader)) (*jsonOutline, error) {
	r, err := d.read()
	if err != nil {
		return nil, err
	}
	defer r.file.Close()
	prepare(r)
	o := &jsonOutline{}
	if _, err = r.descend(); err == nil {
		err = r.outline(o)
	}
	if err != nil {
		return nil, r.fail(err)
	}
	return o, nil
}

func (r *jsonReader) outline(o *jsonOutline) error {
	first, err := r.token()
	if o.list = first == json.Delim('['); o.list || err != nil {
		return err
	}
	o.keyed = r.dec.More()
	for r.dec.More() {
		key, err := r.token()
		if err != nil {
			return err
		}
		kind, err := r.skipValue()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		o.note(name, kind)
	}
	_, err = r.token()
	o.more = r.dec.More()
	return err
}

func (o *jsonOutline) note(name string, kind json.Delim) {
	o.keyed = o.keyed && kind == '{' && isID(name)
	switch {
	case kind == '[' && len(o.lists) < 2:
		o.lists = append(o.lists, name)
	case kind == '{' && len(o.objects) < 2 && !aboutReply.MatchString(name):
		o.objects = append(o.objects, name)
		o.one = o.one || oneOffer.MatchString(name)
	case kind == 0:
		o.named = o.named || ofOffer.MatchString(name)
	}
}

var (
	// aboutReply are the names of what a reply says of itself: the page that is
	// shown, the request that was made.
	aboutReply = regexp.MustCompile(`(?i)^(pag|request|meta|query$|links$)`)
	// oneOffer are the names of a reply's one offer: {"campaign":{},"caps":[]}.
	oneOffer = regexp.MustCompile(`(?i)^(offer|campaign|program)$`)
	// ofOffer are the names of what an offer has and an envelope has not.
	ofOffer = regexp.MustCompile(`(?i)^(_?id|title|name|.*(offer|campaign|program).*(id|name))$`)
)

// isID tells whether a key is an id: digits, or 24 hexadecimal ones.
func isID(key string) bool {
	return key != "" && strings.Trim(key, "0123456789") == "" || isLongID(key)
}

func isLongID(key string) bool {
	return len(key) == 24 && strings.Trim(key, "0123456789abcdef") == ""
}

// skipValue passes over a value, and tells what it was: [ for a list whose first
// member is an object, { for an object that holds something, 0 for all else.
func (r *jsonReader) skipValue() (kind json.Delim, err error) {
	first, err := r.token()
	if err != nil || first != json.Delim('[') && first != json.Delim('{') {
		return 0, err
	}
	filled := r.dec.More()
	if first == json.Delim('{') && filled {
		return '{', r.skip(1)
	}
	second, err := r.token()
	switch {
	case err != nil || !filled:
		return 0, err
	case second == json.Delim('{'):
		return '[', r.skip(2)
	case second == json.Delim('['):
		return 0, r.skip(2)
	}
	return 0, r.skip(1)
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
	if _, err := r.token(); err != nil { // the start of the list
		return false, err
	}
	for r.dec.More() {
		n, err := r.member()
		if err != nil {
			return false, err
		}
		if !take(n) {
			return true, nil
		}
	}
	return false, r.end(depth + 1)
}

// member reads the next row, past its id where it has one for a key.
func (r *jsonReader) member() (jsonNode, error) {
	if r.doc.keyed {
		if _, err := r.token(); err != nil {
			return jsonNode{}, err
		}
	}
	return r.value()
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

// descend reads up to the value at the path and returns how many objects are
// open around it.
func (r *jsonReader) descend() (depth int, err error) {
	for _, name := range r.doc.path {
		if _, err := r.token(); err != nil { // the start of the object
			return 0, err
		}
		for {
			key, err := r.token()
			if err != nil {
				return 0, err
			}
			if key == name {
				break
			}
			if _, err := r.skipValue(); err != nil {
				return 0, err
			}
		}
	}
	return len(r.doc.path), nil
}
