package sheet

import (
	"bytes"
	"fmt"
)

// startTag reads <name a="b">. It returns 0 where b ends before the tag does.
func (x *xmlReader) startTag(b []byte) (int, error) {
	x.attrs, x.scratch = x.attrs[:0], x.scratch[:0]
	i, colon := nameEnd(b, 1)
	name := b[1:i]
	for {
		space := i
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i+1 >= len(b) {
			if i < len(b) && b[i] == '>' {
				break
			}
			return 0, nil
		}
		if b[i] == '>' || b[i] == '/' && b[i+1] == '>' {
			break
		}
		if space == i {
			return 0, x.wrong(i, "a tag is not well-formed")
		}
		n, err := x.attribute(b, i)
		if n == 0 || err != nil {
			return 0, err
		}
		i = n
	}
	x.empty = b[i] == '/'
	if x.empty {
		i++
	}
	return i + 1, x.openElement(name, colon-1, i+1)
}

// attribute reads a="b" at b[i] and returns where it ends, or 0 as startTag does.
func (x *xmlReader) attribute(b []byte, i int) (int, error) {
	from := i
	i, colon := nameEnd(b, i)
	name := b[from:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i < len(b) && b[i] != '=' {
		return 0, x.wrong(i, "an attribute has no value")
	}
	for i++; i < len(b) && isSpace(b[i]); {
		i++
	}
	if i >= len(b) {
		return 0, nil
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return 0, x.wrong(i, "an attribute's value has no quotes")
	}
	i++
	value, n, err := x.attrValue(b, i, quote)
	if n == 0 || err != nil {
		return 0, err
	}
	if !isXMLName(name, colon-from) {
		return 0, x.wrong(from, "an attribute has no proper name")
	}
	return n, x.addAttr(name, value, from)
}

// attrValue reads a value up to its closing quote and returns where the rest begins.
func (x *xmlReader) attrValue(b []byte, from int, quote byte) (value []byte, n int, err error) {
	const stops = 1<<'&' | 1<<'<' | 1<<'"' | 1<<'\'' | 1<<32 - 1
	start, plain := len(x.scratch), from
	for i := from; i < len(b); i++ {
		c := b[i]
		if c >= 64 || stops>>c&1 == 0 {
			continue
		}
		switch {
		case c == quote && start == len(x.scratch) && plain == from:
			return b[from:i], i + 1, nil
		case c == quote:
			x.scratch = append(x.scratch, b[plain:i]...)
			return x.scratch[start:], i + 1, nil
		case c == '&':
			x.scratch = append(x.scratch, b[plain:i]...)
			size, err := x.entity(b[i:], i)
			if size == 0 || err != nil {
				return nil, 0, err
			}
			i += size - 1
			plain = i + 1
		case isSpace(c):
			x.scratch = append(append(x.scratch, b[plain:i]...), ' ')
			plain = i + 1
		case c == '<' || c < ' ':
			return nil, 0, x.wrong(i, "an attribute's value holds a character that it may not")
		}
	}
	return nil, 0, nil
}

func (x *xmlReader) addAttr(name, value []byte, at int) error {
	for i := range x.attrs {
		if string(x.attrs[i].name) == string(name) {
			return x.wrong(at, "an attribute stands twice")
		}
	}
	if len(x.attrs) == xmlMaxAttrs {
		return x.wrong(at, "a tag has too many attributes")
	}
	x.attrs = append(x.attrs, xmlAttr{name, value})
	return nil
}

// openElement notes that an element has begun, whose tag is n bytes long.
func (x *xmlReader) openElement(name []byte, colon, n int) error {
	switch {
	case !isXMLName(name, colon):
		return x.wrong(0, "a tag has no proper name")
	case len(x.levels) == xmlMaxDepth:
		return x.wrong(0, "elements stand too deep within each other")
	case len(x.levels) == 0 && x.started:
		return x.wrong(0, "something follows the end of the document")
	}
	x.started = true
	local := max(colon, -1) + 1
	x.levels = append(x.levels, xmlLevel{len(x.open), len(x.open) + local})
	x.open = append(x.open, name...)
	x.name = name[local:]
	x.pos += n
	return nil
}

// endTag reads </name>. It returns 0 where b ends before the tag does.
func (x *xmlReader) endTag(b []byte) (int, error) {
	if len(x.levels) == 0 {
		return 0, x.wrong(0, "a closing tag has no opening one")
	}
	want := x.open[x.levels[len(x.levels)-1].name:]
	i := 2 + len(want)
	if len(b) <= i {
		if bytes.IndexByte(b, '>') < 0 {
			return 0, nil
		}
		return 0, x.misplaced(want)
	}
	if string(b[2:i]) != string(want) {
		return 0, x.misplaced(want)
	}
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return 0, nil
	}
	if b[i] != '>' {
		return 0, x.misplaced(want)
	}
	x.pos += i + 1
	_, err := x.closeElement()
	return i + 1, err
}

func (x *xmlReader) misplaced(want []byte) error {
	return x.wrong(0, fmt.Sprintf("another closing tag stands where </%s> should", want))
}

func (x *xmlReader) closeElement() (xmlKind, error) {
	last := x.levels[len(x.levels)-1]
	x.name = x.open[last.local:]
	x.open, x.levels = x.open[:last.name], x.levels[:len(x.levels)-1]
	x.attrs = x.attrs[:0]
	return xmlEnd, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// nameEnd is where the name at b[i] ends, and where its last colon is, or -1.
func nameEnd(b []byte, i int) (end, colon int) {
	colon = -1
	for ; i < len(b) && isNameByte(b[i]); i++ {
		if b[i] == ':' {
			colon = i
		}
	}
	return i, colon
}

// isNameByte tells whether a name may hold c. Names of workbooks are ASCII.
func isNameByte(c byte) bool {
	const (
		low  = 1<<'-' | 1<<'.' | 1<<':' | (1<<10-1)<<'0'
		high = 1<<('_'-64) | (1<<26-1)<<('A'-64) | (1<<26-1)<<('a'-64)
	)
	if c < 64 {
		return uint64(low)>>c&1 != 0
	}
	return c < 128 && uint64(high)>>(c-64)&1 != 0
}

func isNameStart(c byte) bool { return c > ':' && isNameByte(c) }

// isXMLName tells whether bytes that isNameByte lets pass are a name, with one
// prefix at most. colon is below 0 where there is none.
func isXMLName(name []byte, colon int) bool {
	if len(name) == 0 || len(name) > xmlMaxName || !isNameStart(name[0]) {
		return false
	}
	return colon < 0 || colon+1 < len(name) && isNameStart(name[colon+1]) &&
		bytes.IndexByte(name, ':') == colon
}
