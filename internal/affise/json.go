package affise

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Answers are parsed by hand and once: every answer is walked twice (judged,
// then compared with what was sent), on the path that every offer takes, and
// the general decoder takes several times as long to fill maps that are thrown
// away. It accepts exactly what encoding/json accepts, up to maxDepth.

// maxDepth is how deep an answer may nest: far above any offer, far below what
// would hurt the stack.
const maxDepth = 200

type kind byte

const (
	kindNull kind = iota
	kindFalse
	kindTrue
	kindNumber
	kindString
	kindArray
	kindObject
)

// node is one value of a document. Nodes stand in the order of the text, so the
// first child of a node follows it, and end says where its last child ended.
type node struct {
	key, keyEnd uint32 // the member's name without quotes, as it stands in the text
	from, to    uint32 // the value's text; of a string, without quotes
	end         uint32 // index of the node after this one and all its children
	kind        kind
	escaped     bool // a string holds a backslash
	keyEscaped  bool
}

type document struct {
	text  []byte
	nodes []node
}

// element is a value within a document. The zero element stands for one that is
// not there.
type element struct {
	doc *document
	at  uint32
}

// parse reads a JSON text whole.
func parse(text []byte) (*document, error) {
	if uint64(len(text)) > 1<<32-1 {
		return nil, errors.New("answer above 4 GiB")
	}
	p := parser{text: text, nodes: make([]node, 0, 8+len(text)/12)}
	if err := p.value(node{}, 0); err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(text) {
		return nil, p.unexpected()
	}
	return &document{text, p.nodes}, nil
}

func (d *document) root() element { return element{d, 0} }

type parser struct {
	text  []byte
	pos   int
	nodes []node
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) unexpected() error {
	if p.pos >= len(p.text) {
		return errors.New("it ends too early")
	}
	return fmt.Errorf("byte %d is not as JSON has it", p.pos+1)
}

// peek skips blanks and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	p.space()
	if p.pos >= len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

// value reads a value into n, which holds its key already.
func (p *parser) value(n node, depth int) error {
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth == maxDepth {
			return fmt.Errorf("it nests more than %d levels deep", maxDepth)
		}
		return p.container(n, c, depth)
	case c == '"':
		from, to, escaped, err := p.string()
		n.kind, n.from, n.to, n.escaped = kindString, from, to, escaped
		p.add(n)
		return err
	case c == '-' || '0' <= c && c <= '9':
		from, to, err := p.number()
		n.kind, n.from, n.to = kindNumber, from, to
		p.add(n)
		return err
	case c == 't':
		return p.word(n, kindTrue, "true")
	case c == 'f':
		return p.word(n, kindFalse, "false")
	case c == 'n':
		return p.word(n, kindNull, "null")
	}
	return p.unexpected()
}

func (p *parser) add(n node) {
	n.end = uint32(len(p.nodes) + 1)
	p.nodes = append(p.nodes, n)
}

func (p *parser) word(n node, k kind, word string) error {
	if !bytes.HasPrefix(p.text[p.pos:], []byte(word)) {
		return p.unexpected()
	}
	n.kind, n.from, n.to = k, uint32(p.pos), uint32(p.pos+len(word))
	p.pos += len(word)
	p.add(n)
	return nil
}

// container reads an object or an array.
func (p *parser) container(n node, open byte, depth int) error {
	n.kind, n.from = kindArray, uint32(p.pos)
	shut := byte(']')
	if open == '{' {
		n.kind, shut = kindObject, '}'
	}
	at := len(p.nodes)
	p.add(n)
	p.pos++
	for first := true; ; first = false {
		c := p.peek()
		if c == shut && first {
			break
		}
		var child node
		if open == '{' {
			if err := p.key(&child); err != nil {
				return err
			}
		}
		if err := p.value(child, depth+1); err != nil {
			return err
		}
		if c = p.peek(); c == shut {
			break
		}
		if c != ',' {
			return p.unexpected()
		}
		p.pos++
	}
	p.pos++
	p.nodes[at].to, p.nodes[at].end = uint32(p.pos), uint32(len(p.nodes))
	return nil
}

func (p *parser) key(n *node) error {
	if p.peek() != '"' {
		return p.unexpected()
	}
	from, to, escaped, err := p.string()
	if err != nil {
		return err
	}
	n.key, n.keyEnd, n.keyEscaped = from, to, escaped
	if p.peek() != ':' {
		return p.unexpected()
	}
	p.pos++
	return nil
}

// string reads a string, the position being at its opening quote.
func (p *parser) string() (from, to uint32, escaped bool, err error) {
	text, i := p.text, p.pos+1
	from = uint32(i)
	for i < len(text) {
		switch c := text[i]; {
		case c == '"':
			p.pos = i + 1
			return from, uint32(i), escaped, nil
		case c == '\\':
			escaped, p.pos = true, i
			if !p.escape() {
				return from, from, escaped, p.unexpected()
			}
			i = p.pos
		case c < ' ':
			p.pos = i
			return from, from, escaped, p.unexpected()
		default:
			i++
		}
	}
	p.pos = i
	return from, from, escaped, p.unexpected()
}

// escape passes over one escape.
func (p *parser) escape() bool {
	p.pos++
	if p.pos >= len(p.text) {
		return false
	}
	switch p.text[p.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.pos++
		return true
	case 'u':
		p.pos++
		for range 4 {
			if p.pos >= len(p.text) || !isHex(p.text[p.pos]) {
				return false
			}
			p.pos++
		}
		return true
	}
	return false
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// number reads a number as JSON has it: no leading zeros, no bare point.
func (p *parser) number() (from, to uint32, err error) {
	from = uint32(p.pos)
	p.skip("-")
	zero := p.pos < len(p.text) && p.text[p.pos] == '0'
	whole := p.digits()
	good := whole == 1 || whole > 1 && !zero
	if good && p.skip(".") {
		good = p.digits() > 0
	}
	if good && p.skip("eE") {
		p.skip("+-")
		good = p.digits() > 0
	}
	if !good {
		return from, from, p.unexpected()
	}
	return from, uint32(p.pos), nil
}

// skip passes over one byte where it is one of those asked for.
func (p *parser) skip(any string) bool {
	if p.pos >= len(p.text) || strings.IndexByte(any, p.text[p.pos]) < 0 {
		return false
	}
	p.pos++
	return true
}

func (p *parser) digits() int {
	from := p.pos
	for p.pos < len(p.text) && '0' <= p.text[p.pos] && p.text[p.pos] <= '9' {
		p.pos++
	}
	return p.pos - from
}

func (e element) exists() bool { return e.doc != nil }

// kind is null for an element that is not there.
func (e element) kind() kind {
	if e.doc == nil {
		return kindNull
	}
	return e.doc.nodes[e.at].kind
}

// raw is the element as it stands in the answer.
func (e element) raw() []byte {
	if e.doc == nil {
		return nil
	}
	n := &e.doc.nodes[e.at]
	if n.kind == kindString {
		return e.doc.text[n.from-1 : n.to+1]
	}
	return e.doc.text[n.from:n.to]
}

// children yields the items of an array or the members of an object.
func (e element) children() iter.Seq[element] {
	return func(yield func(element) bool) {
		if e.kind() < kindArray {
			return
		}
		nodes := e.doc.nodes
		for at := e.at + 1; at < nodes[e.at].end; at = nodes[at].end {
			if !yield(element{e.doc, at}) {
				return
			}
		}
	}
}

// count is how many children an element has.
func (e element) count() int {
	n := 0
	for range e.children() {
		n++
	}
	return n
}

// name is the element's key in the object that holds it.
func (e element) name() string {
	n := &e.doc.nodes[e.at]
	text := e.doc.text[n.key:n.keyEnd]
	if n.keyEscaped {
		return string(unescape(nil, text))
	}
	return string(text)
}

// named tells whether this is the element's key.
func (e element) named(key string) bool {
	n := &e.doc.nodes[e.at]
	if n.keyEscaped {
		return e.name() == key
	}
	return string(e.doc.text[n.key:n.keyEnd]) == key
}

// get follows keys through objects, and indexes through arrays.
func (e element) get(path ...string) element {
	for _, key := range path {
		e = e.child(key)
	}
	return e
}

func (e element) child(key string) element {
	switch e.kind() {
	case kindObject:
		return e.member(key)
	case kindArray:
		index := 0
		for child := range e.children() {
			if strconv.Itoa(index) == key {
				return child
			}
			index++
		}
	}
	return element{}
}

// member looks a key up by its length first: an offer has a hundred of them,
// and is asked for many.
func (e element) member(key string) element {
	nodes, text, end := e.doc.nodes, e.doc.text, e.doc.nodes[e.at].end
	for at := e.at + 1; at < end; at = nodes[at].end {
		n := &nodes[at]
		if int(n.keyEnd-n.key) == len(key) && string(text[n.key:n.keyEnd]) == key ||
			n.keyEscaped && string(unescape(nil, text[n.key:n.keyEnd])) == key {
			return element{e.doc, at}
		}
	}
	return element{}
}

// appendText appends a string without its escapes, or a number or a word as it
// stands. Null and containers have no text.
func (e element) appendText(dst []byte) []byte {
	switch k := e.kind(); {
	case k == kindNull || k >= kindArray:
		return dst
	case k == kindString && e.doc.nodes[e.at].escaped:
		n := &e.doc.nodes[e.at]
		return unescape(dst, e.doc.text[n.from:n.to])
	}
	n := &e.doc.nodes[e.at]
	return append(dst, e.doc.text[n.from:n.to]...)
}

func (e element) text() string { return string(e.appendText(nil)) }

// id reads a whole number, whether it came as number or as text. It never goes
// through a float.
func (e element) id() (id int64, ok bool) {
	if k := e.kind(); k != kindNumber && k != kindString {
		return 0, false
	}
	id, err := strconv.ParseInt(e.text(), 10, 64)
	return id, err == nil
}

// unescape resolves the escapes of a string that was parsed. Half a surrogate
// pair becomes U+FFFD, as in encoding/json.
func unescape(dst, text []byte) []byte {
	for len(text) > 0 {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		text = text[i+1:]
		if text[0] != 'u' {
			dst = append(dst, escapes(text[0]))
			text = text[1:]
			continue
		}
		r := hex4(text[1:])
		text = text[5:]
		if utf16.IsSurrogate(r) {
			r, text = pair(r, text)
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

func escapes(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

func hex4(text []byte) rune {
	n, _ := strconv.ParseUint(string(text[:4]), 16, 16) // the parser has seen the digits
	return rune(n)
}

// pair joins a surrogate with the escape that follows, where that is its other half.
func pair(first rune, rest []byte) (rune, []byte) {
	if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		if r := utf16.DecodeRune(first, hex4(rest[2:])); r != utf8.RuneError {
			return r, rest[6:]
		}
	}
	return utf8.RuneError, rest
}
