package sandbox

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
)

// defaultMaxVars is PHP's own default of max_input_vars.
const defaultMaxVars = 1000

// maxNesting is PHP's default of max_input_nesting_level.
const maxNesting = 64

// A Node is what PHP makes of one request variable: a text, or an array, which in PHP is an ordered map.
// The zero Node is the empty text. A Node is read only.
type Node struct {
	text string
	arr  *array
}

// Text returns the text, and "" for an array.
func (n Node) Text() string { return n.text }

// Len returns the number of children: 0 for a text.
func (n Node) Len() int {
	if n.arr == nil {
		return 0
	}
	return len(n.arr.entries)
}

// Keys returns the keys of an array in PHP's order, and nil for a text. Integer keys read as PHP prints them.
func (n Node) Keys() []string {
	if n.arr == nil {
		return nil
	}
	keys := make([]string, len(n.arr.entries))
	for i := range n.arr.entries {
		keys[i] = n.arr.entries[i].key
	}
	return keys
}

// Get walks down by keys: Get("payments", "0", "countries") is $_POST['payments'][0]['countries'].
// It reports false where a key is missing or a text stands where an array was expected.
func (n Node) Get(path ...string) (Node, bool) {
	for _, key := range path {
		if n.arr == nil {
			return Node{}, false
		}
		i := n.arr.find(key)
		if i < 0 {
			return Node{}, false
		}
		n = n.arr.entries[i].node
	}
	return n, true
}

// JSON returns what PHP's json_encode would: a string for a text, a []any where the keys are 0, 1, 2 … in this order
// (and for an empty array), else a map[string]any.
func (n Node) JSON() any {
	if n.arr == nil {
		return n.text
	}
	if n.arr.isList() {
		list := make([]any, len(n.arr.entries))
		for i := range n.arr.entries {
			list[i] = n.arr.entries[i].node.JSON()
		}
		return list
	}
	object := make(map[string]any, len(n.arr.entries))
	for i := range n.arr.entries {
		object[n.arr.entries[i].key] = n.arr.entries[i].node.JSON()
	}
	return object
}

type entry struct {
	key  string
	node Node
}

// array is a PHP hash: insertion order, and the next free integer index that `[]` takes.
type array struct {
	entries []entry
	index   map[string]int // only for arrays too long to search one by one
	next    int64          // math.MinInt64 until an integer key was seen
}

// indexFrom is the length from which on an array keeps a map beside its entries.
const indexFrom = 32

func newArray() *array { return &array{next: math.MinInt64} }

// An arena makes the arrays of one tree, and makes them again from the same memory for the next one.
type arena struct {
	made  []*array
	used  int
	text  []byte
	spans []span
}

func (m *arena) array() *array {
	if m.used == len(m.made) {
		m.made = append(m.made, newArray())
	}
	a := m.made[m.used]
	m.used++
	a.entries, a.index, a.next = a.entries[:0], nil, math.MinInt64
	return a
}

// reset takes all arrays back: no Node made from them may be in use.
func (m *arena) reset() { m.used = 0 }

func (a *array) isList() bool {
	for i := range a.entries {
		if a.entries[i].key != strconv.Itoa(i) {
			return false
		}
	}
	return true
}

func (a *array) find(key string) int {
	if a.index != nil {
		if i, ok := a.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range a.entries {
		if a.entries[i].key == key {
			return i
		}
	}
	return -1
}

func (a *array) set(key string, n Node) {
	if i := a.find(key); i >= 0 {
		a.entries[i].node = n
		return
	}
	a.entries = append(a.entries, entry{key, n})
	if k, ok := integerKey(key); ok && k >= a.next {
		a.next = k
		if k < math.MaxInt64 {
			a.next++
		}
	}
	switch {
	case a.index != nil:
		a.index[key] = len(a.entries) - 1
	case len(a.entries) == indexFrom:
		a.reindex()
	}
}

// push stores under the next free index. It fails as PHP does where the largest integer is taken.
func (a *array) push(n Node) bool {
	next := max(a.next, 0)
	if a.next != math.MinInt64 {
		next = a.next
	}
	key := strconv.FormatInt(next, 10)
	if next == math.MaxInt64 && a.find(key) >= 0 {
		return false
	}
	a.set(key, n)
	return true
}

func (a *array) remove(key string) {
	i := a.find(key)
	if i < 0 {
		return
	}
	a.entries = append(a.entries[:i], a.entries[i+1:]...)
	if a.index != nil {
		a.reindex()
	}
}

func (a *array) reindex() {
	a.index = make(map[string]int, 2*len(a.entries))
	for i := range a.entries {
		a.index[a.entries[i].key] = i
	}
}

// child returns the array under key, making one where there is none or where a text stands: PHP throws the text away.
func (m *arena) child(a *array, key string) *array {
	if i := a.find(key); i >= 0 {
		if a.entries[i].node.arr == nil {
			a.entries[i].node = Node{arr: m.array()}
		}
		return a.entries[i].node.arr
	}
	c := m.array()
	a.set(key, Node{arr: c})
	return c
}

// integerKey reports whether PHP keeps key as an integer: "5" and "-5", not "05", "-0", "+5" nor " 5".
func integerKey(key string) (int64, bool) {
	digits := strings.TrimPrefix(key, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	if digits[0] == '0' && len(key) > 1 {
		return 0, false
	}
	k, err := strconv.ParseInt(key, 10, 64)
	return k, err == nil
}

// register is PHP's php_register_variable_ex: it puts one name=value into the tree.
func (m *arena) register(a *array, name, value string) {
	if i := strings.IndexByte(name, 0); i >= 0 {
		name = name[:i] // the name is a C string there
	}
	name = strings.TrimLeft(name, " ")
	bracket := strings.IndexByte(name, '[')
	if bracket < 0 {
		if name != "" {
			a.set(mangle(name, " ."), Node{text: value})
		}
		return
	}
	if bracket > 0 {
		m.registerNested(a, mangle(name[:bracket], " ."), name, bracket, value)
	}
}

// registerNested follows the brackets that begin at name[pos]. base is the mangled text before them.
func (m *arena) registerNested(a *array, base, name string, pos int, value string) {
	at, key, push := a, base, false
	for level := 1; pos < len(name) && name[pos] == '['; level++ {
		if level > maxNesting {
			a.remove(base)
			return
		}
		next, end := subscript(name, pos+1)
		if end < 0 { // no closing bracket: not a subscript
			if level == 1 {
				key = base + "_" + mangle(name[pos+1:], " .[")
			}
			break
		}
		if at = m.descend(at, key, push); at == nil {
			return
		}
		key, push = next, next == ""
		pos = end + 1
	}
	if push {
		at.push(Node{text: value})
		return
	}
	at.set(key, Node{text: value})
}

// subscript reads the key that begins at name[start] and returns it with the place of its closing bracket, -1 where
// there is none. One blank inside empty brackets does not count: `a[ ]` appends as `a[]` does.
func subscript(name string, start int) (string, int) {
	from := start
	if from < len(name) && isSpace(name[from]) {
		from++
	}
	if from < len(name) && name[from] == ']' {
		return "", from
	}
	end := strings.IndexByte(name[min(from, len(name)):], ']')
	if end < 0 {
		return "", -1
	}
	return name[start : from+end], from + end
}

func (m *arena) descend(at *array, key string, push bool) *array {
	if !push {
		return m.child(at, key)
	}
	c := m.array()
	if !at.push(Node{arr: c}) {
		return nil
	}
	return c
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// mangle writes '_' for each of the bytes in bad, which cannot stand in a PHP variable's name.
func mangle(name, bad string) string {
	clean := true
	for i := 0; i < len(name) && clean; i++ {
		clean = strings.IndexByte(bad, name[i]) < 0
	}
	if clean {
		return name
	}
	b := []byte(name)
	for i, c := range b {
		if strings.IndexByte(bad, c) >= 0 {
			b[i] = '_'
		}
	}
	return string(b)
}

// ParseForm reads an application/x-www-form-urlencoded body (or a query string) as PHP fills $_POST.
// Beyond maxVars (0 = 1,000) the rest is dropped without a word. As in PHP, one variable more than the limit is kept here,
// and an empty piece between two & counts as a variable.
func ParseForm(body []byte, maxVars int) Node {
	n, _ := new(arena).parseForm(body, maxVars)
	return n
}

// span is a decoded pair inside the one text that holds all of them.
type span struct{ start, mid, end int }

func (m *arena) parseForm(body []byte, maxVars int) (root Node, cut bool) {
	if maxVars <= 0 {
		maxVars = defaultMaxVars
	}
	m.text, m.spans = slices.Grow(m.text[:0], len(body)), m.spans[:0]
	for len(body) > 0 {
		piece := body
		if i := bytes.IndexByte(body, '&'); i >= 0 {
			piece, body = body[:i], body[i+1:]
		} else {
			body = nil
		}
		m.decodePair(piece)
		if len(m.spans) > maxVars {
			cut = len(body) > 0
			break
		}
	}
	all, a := string(m.text), m.array()
	for _, s := range m.spans {
		m.register(a, all[s.start:s.mid], all[s.mid:s.end])
	}
	return Node{arr: a}, cut
}

func (m *arena) decodePair(piece []byte) {
	name, value, _ := bytes.Cut(piece, []byte("="))
	s := span{start: len(m.text)}
	m.text = urlDecode(m.text, name)
	s.mid = len(m.text)
	m.text = urlDecode(m.text, value)
	s.end = len(m.text)
	m.spans = append(m.spans, s)
}

// urlDecode is php_url_decode: a + is a blank, %XX a byte, and a % without two hex digits stays as it is.
func urlDecode(to, from []byte) []byte {
	n := len(to)
	to = slices.Grow(to, len(from))[:n+len(from)] // decoding never makes it longer
	for i := 0; i < len(from); i++ {
		c := from[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(from) && isHex(from[i+1]) && isHex(from[i+2]):
			c = unhex(from[i+1])<<4 | unhex(from[i+2])
			i += 2
		}
		to[n] = c
		n++
	}
	return to[:n]
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
