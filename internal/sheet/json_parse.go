package sheet

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

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

// jsonParser takes valid JSON apart. What it returned holds until the next value
// is taken apart: the members of all lists and objects stand in one piece of
// memory.
type jsonParser struct {
	text    string
	at      int
	longest int // bytes of a text

	open   []jsonMember // of the lists and objects that are not closed yet
	closed []jsonMember
}

func (p *jsonParser) value(text string) (jsonNode, error) {
	p.text, p.at, p.open, p.closed = text, 0, p.open[:0], p.closed[:0]
	return p.node(1)
}

// next passes over blanks and what stands between values, and returns the byte
// after them.
func (p *jsonParser) next() byte {
	for {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			p.at++
		default:
			return c
		}
	}
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
	start := len(p.open)
	p.at++
	for c := p.next(); c != '}' && c != ']'; c = p.next() {
		var m jsonMember
		var err error
		if object {
			if m.key, err = p.string(); err != nil {
				return jsonNode{}, err
			}
		}
		if m.value, err = p.node(depth + 1); err != nil {
			return jsonNode{}, err
		}
		p.open = append(p.open, m)
	}
	p.at++
	n := jsonNode{object: object, list: !object, members: p.close(start)}
	if key, twice := n.twice(); twice {
		return n, fmt.Errorf("the key %q is there twice in one object", key)
	}
	if n.keyed() {
		n.object, n.list = false, true
	}
	return n, nil
}

// close takes the members from a place on for those of one list or object.
func (p *jsonParser) close(start int) []jsonMember {
	from := len(p.closed)
	p.closed = append(p.closed, p.open[start:]...) // where it moves, those that were taken stay where they are
	p.open = p.open[:start]
	return p.closed[from:len(p.closed):len(p.closed)]
}

// keyed tells whether an object is a list of objects whose ids are its keys:
// {"31": {"id": 31}}, {"US": {"code": "US"}}, {"31": {"Offer": {"id": 31}}},
// {"5bebd18c89d44647667249f3": {}}. Short keys alone do not tell: they may be the
// numbers of subs.
func (n *jsonNode) keyed() bool {
	if !n.object {
		return false
	}
	for i := range n.members {
		m := &n.members[i]
		if m.key == "" || !m.value.object || !isLongID(m.key) && !m.value.hasID(m.key, 2) {
			return false
		}
	}
	return len(n.members) > 0
}

// hasID tells whether an object has an id, itself or in an object in it.
func (n *jsonNode) hasID(id string, levels int) bool {
	return slices.ContainsFunc(n.members, func(own jsonMember) bool {
		if own.value.object && levels > 1 {
			return own.value.hasID(id, levels-1)
		}
		lower := strings.ToLower(own.key)
		return own.value.cell.Text == id && (lower == "code" || strings.HasSuffix(lower, "id"))
	})
}

// pairMost is how long a value may be that is written beside its key.
const pairMost = 64

// pairs tells whether an object holds short values, or lists of them, alone.
func (n *jsonNode) pairs() bool {
	short := func(m jsonMember) bool {
		return !m.value.object && !m.value.list && len(m.value.cell.Text) <= pairMost
	}
	for i := range n.members {
		v := &n.members[i].value
		if v.object || v.list && !all(v.members, short) || !v.list && !short(n.members[i]) {
			return false
		}
	}
	return len(n.members) > 0
}

func all(members []jsonMember, is func(jsonMember) bool) bool {
	return !slices.ContainsFunc(members, func(m jsonMember) bool { return !is(m) })
}

// pairsText writes such an object: US:33, US:57.
func (n *jsonNode) pairsText() string {
	var texts []string
	for i := range n.members {
		values := n.members[i : i+1]
		if v := n.members[i].value; v.list {
			values = v.members
		}
		for _, v := range values {
			texts = append(texts, quoted(n.members[i].key+":"+v.value.cell.Text))
		}
	}
	return strings.Join(texts, ", ")
}

// twice finds a key that an object has twice.
func (n *jsonNode) twice() (key string, twice bool) {
	if !n.object {
		return "", false
	}
	var seen map[string]bool // of an object with many members
	if len(n.members) > 32 {
		seen = make(map[string]bool, len(n.members))
	}
	for i := range n.members {
		key := n.members[i].key
		if seen[key] || seen == nil && slices.ContainsFunc(n.members[:i], func(m jsonMember) bool { return m.key == key }) {
			return key, true
		}
		if seen != nil {
			seen[key] = true
		}
	}
	return "", false
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
	if p.at-start > p.longest {
		return "", &FileError{Code: "too_large", Text: fmt.Sprintf("a text is longer than the limit of %d bytes", p.longest)}
	}
	inner := p.text[start+1 : p.at-1]
	switch {
	case !escaped:
		return inner, nil
	case !strings.Contains(inner, `\u`):
		return plainEscapes.Replace(inner), nil
	}
	var text string
	err := json.Unmarshal([]byte(p.text[start:p.at]), &text)
	return text, err
}

// plainEscapes are the escapes that name no character by its number. PHP writes
// one before every slash.
var plainEscapes = strings.NewReplacer(`\/`, "/", `\"`, `"`, `\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\b`, "\b", `\f`, "\f")

// bare reads a number, true, false or null. A number stays as it is written.
func (p *jsonParser) bare() Cell {
	end := strings.IndexAny(p.text[p.at:], " \t\r\n,]}")
	if end < 0 {
		end = len(p.text) - p.at
	}
	text := p.text[p.at : p.at+end]
	p.at += end
	switch {
	case text == "null":
		return Cell{}
	case text == "true":
		return Cell{Kind: Bool, Text: "TRUE"}
	case text == "false":
		return Cell{Kind: Bool, Text: "FALSE"}
	case strings.ContainsAny(text, "eE"):
		return Cell{Kind: Text, Text: text}
	}
	return Cell{Kind: Number, Text: text}
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
