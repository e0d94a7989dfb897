package reports

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// tokenKind is what a scanner met.
type tokenKind uint8

const (
	tokText  tokenKind = iota
	tokStart           // <row …>
	tokEmpty           // <row …/>
	tokEnd             // </row>
	tokCDATA           // <![CDATA[…]]>
	tokOther           // a comment, an instruction, a document type
)

// token is a piece of a part, byte for byte. Both slices hold until the next call.
type token struct {
	kind tokenKind
	raw  []byte
	name []byte // an element's name without its prefix
}

// scanner cuts a part into tokens that, written one after the other, are the
// part again. It is there for copying: whether a part is well-formed was judged
// when it was read. Its memory grows with the longest piece that is held only.
type scanner struct {
	src   io.Reader
	buf   []byte
	pos   int // buf[pos:end] is still to be cut
	end   int
	held  int // bytes from here on are kept, -1 = only the token itself
	eof   bool
	depth int // open elements after the token
}

const (
	scanBuffer = 128 << 10
	// scanMost bounds one token or held row: a row of 2,048 cells of text.
	scanMost = 256 << 20
)

var errXML = errors.New("the workbook's XML is damaged")

func newScanner(src io.Reader) *scanner {
	return &scanner{src: src, buf: make([]byte, scanBuffer), held: -1}
}

func scanBytes(b []byte) *scanner {
	return &scanner{buf: b, end: len(b), held: -1, eof: true}
}

// next cuts the next token; io.EOF where there is none.
func (s *scanner) next() (token, error) {
	if s.pos == s.end {
		if err := s.more(); err != nil {
			return token{}, err
		}
	}
	if s.buf[s.pos] != '<' {
		return s.text()
	}
	n, err := s.find(">", 1)
	if err != nil {
		return token{}, err
	}
	switch s.buf[s.pos+1] {
	case '!':
		return s.declaration(n)
	case '?':
		return s.until("?>", tokOther)
	case '/':
		s.depth--
		raw := s.take(n + 1)
		return token{kind: tokEnd, raw: raw, name: localName(raw[2:])}, nil
	}
	return s.startTag(n)
}

// text cuts up to the next tag.
func (s *scanner) text() (token, error) {
	n, err := s.find("<", 0)
	if err == errXML && s.eof {
		n, err = s.end-s.pos, nil
	}
	if err != nil {
		return token{}, err
	}
	return token{kind: tokText, raw: s.take(n)}, nil
}

// startTag cuts a tag; the > at n may stand within an attribute's quotes.
func (s *scanner) startTag(n int) (token, error) {
	for {
		quote, open := openQuote(s.buf[s.pos : s.pos+n])
		if !open {
			break
		}
		closed, err := s.find(string(quote), n+1)
		if err != nil {
			return token{}, err
		}
		if n, err = s.find(">", closed+1); err != nil {
			return token{}, err
		}
	}
	raw := s.take(n + 1)
	t := token{kind: tokStart, raw: raw, name: localName(raw[1:])}
	if raw[n-1] == '/' {
		t.kind = tokEmpty
	} else {
		s.depth++
	}
	return t, nil
}

// openQuote tells whether a quote of the tag is not closed.
func openQuote(tag []byte) (quote byte, open bool) {
	for {
		i := bytes.IndexByte(tag, '"')
		if j := bytes.IndexByte(tag[:max(i, 0)], '\''); j >= 0 || i < 0 {
			if i < 0 {
				j = bytes.IndexByte(tag, '\'')
			}
			i = j
		}
		if i < 0 {
			return 0, false
		}
		quote = tag[i]
		n := bytes.IndexByte(tag[i+1:], quote)
		if n < 0 {
			return quote, true
		}
		tag = tag[i+n+2:]
	}
}

func (s *scanner) declaration(n int) (token, error) {
	const section = "<![CDATA["
	for s.end-s.pos < len(section) && !s.eof {
		if err := s.more(); err != nil && err != io.EOF {
			return token{}, err
		}
	}
	switch rest := s.buf[s.pos:s.end]; {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.until("-->", tokOther)
	case bytes.HasPrefix(rest, []byte(section)):
		return s.until("]]>", tokCDATA)
	}
	return token{kind: tokOther, raw: s.take(n + 1)}, nil
}

func (s *scanner) until(end string, kind tokenKind) (token, error) {
	n, err := s.find(end, 2)
	if err != nil {
		return token{}, err
	}
	return token{kind: kind, raw: s.take(n + len(end))}, nil
}

// find returns where the text stands after pos, looking from there plus from.
func (s *scanner) find(text string, from int) (int, error) {
	for {
		if s.pos+from <= s.end {
			if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(text)); i >= 0 {
				return from + i, nil
			}
			from = max(from, s.end-s.pos-len(text)+1)
		}
		if err := s.more(); err == io.EOF {
			return 0, errXML
		} else if err != nil {
			return 0, err
		}
	}
}

// rowEnd returns where the end tag of a row stands after pos, -1 where it is not
// among so many bytes. It looks for the w, which stands nowhere else in a row's
// tags: a row has hundreds of < and /.
func (s *scanner) rowEnd(tag string, most int) int {
	for from := 0; ; {
		rest := s.buf[s.pos:s.end]
		for {
			i := bytes.IndexByte(rest[from:], 'w')
			if i < 0 {
				from = max(from, len(rest)-len(tag))
				break
			}
			from += i + 1
			start := from - len(tag) + 1
			if from == len(rest) {
				from--
				break
			}
			if start >= 0 && string(rest[start:from+1]) == tag {
				return start
			}
		}
		if s.end-s.pos > most || s.more() != nil {
			return -1
		}
	}
}

func (s *scanner) take(n int) []byte {
	raw := s.buf[s.pos : s.pos+n]
	s.pos += n
	return raw
}

// hold keeps all that follows until release, so that it can be asked for whole.
func (s *scanner) hold(t token) { s.held = s.pos - len(t.raw) }

// heldBytes is all since hold; heldSize their number.
func (s *scanner) heldBytes() []byte { return s.buf[s.held:s.pos] }
func (s *scanner) heldSize() int     { return s.pos - s.held }
func (s *scanner) release()          { s.held = -1 }

// more reads on; io.EOF where nothing is left.
func (s *scanner) more() error {
	if s.eof {
		return io.EOF
	}
	keep := s.pos
	if s.held >= 0 {
		keep = s.held
	}
	copy(s.buf, s.buf[keep:s.end])
	s.end -= keep
	s.pos -= keep
	s.held = min(s.held, 0)
	if s.end == len(s.buf) {
		if len(s.buf) >= scanMost {
			return errXML
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	n, err := io.ReadFull(s.src, s.buf[s.end:])
	s.end += n
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		s.eof = true
		if n == 0 {
			return io.EOF
		}
		return nil
	}
	return err
}

// localName is the name at the start of b, without its prefix.
func localName(b []byte) []byte {
	from := 0
	for i, c := range b {
		switch c {
		case ':':
			from = i + 1
		case ' ', '\t', '\r', '\n', '/', '>':
			return b[from:i]
		}
	}
	return b[from:]
}

func (t token) is(name string) bool { return string(t.name) == name }

// opens tells whether the token begins an element of that name, empty or not.
func (t token) opens(name string) bool {
	return (t.kind == tokStart || t.kind == tokEmpty) && t.is(name)
}

// prefix is the prefix of an element's name with its colon, or blank.
func (t token) prefix() string {
	from := 1
	if t.kind == tokEnd {
		from = 2
	}
	if i := bytes.IndexByte(t.raw[from:], ':'); i >= 0 && bytes.HasPrefix(t.raw[from+i+1:], t.name) {
		return string(t.raw[from : from+i+1])
	}
	return ""
}

// attrSpan finds an attribute's value in a tag, between its quotes. A name that
// begins with a colon matches whatever the prefix is.
func attrSpan(tag []byte, name string) (from, to int, ok bool) {
	_, from, to, ok = attrPlace(tag, name)
	return from, to, ok
}

// attrPlace is attrSpan that also tells where the attribute's name begins.
func attrPlace(tag []byte, name string) (start, from, to int, ok bool) {
	i := bytes.IndexAny(tag, " \t\r\n")
	for i > 0 && i < len(tag) {
		for i < len(tag) && tag[i] <= ' ' {
			i++
		}
		start = i
		eq := bytes.IndexByte(tag[i:], '=')
		if eq < 0 {
			return 0, 0, 0, false
		}
		key := bytes.TrimRight(tag[i:i+eq], " \t\r\n")
		i += eq + 1
		for i < len(tag) && tag[i] <= ' ' {
			i++
		}
		if i >= len(tag) {
			return 0, 0, 0, false
		}
		end := bytes.IndexByte(tag[i+1:], tag[i])
		if end < 0 {
			return 0, 0, 0, false
		}
		if string(key) == name || name[0] == ':' && bytes.HasSuffix(key, []byte(name)) {
			return start, i + 1, i + 1 + end, true
		}
		i += end + 2
	}
	return 0, 0, 0, false
}

// attr is an attribute's value as it stands in the tag, blank where it is missing.
func attr(tag []byte, name string) string {
	from, to, _ := attrSpan(tag, name)
	return string(tag[from:to])
}

func intAttr(tag []byte, name string) (int, bool) {
	from, to, ok := attrSpan(tag, name)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(string(tag[from:to]))
	return n, err == nil
}

// boolAttr is an XML flag.
func boolAttr(tag []byte, name string) bool {
	v := attr(tag, name)
	return v == "1" || v == "true"
}

// setAttr returns the tag with the attribute set, added where it is missing.
// The value must need no escaping.
func setAttr(tag []byte, name, value string) []byte {
	if from, to, ok := attrSpan(tag, name); ok {
		return concat(tag[:from], []byte(value), tag[to:])
	}
	before, after := splitTag(tag)
	return concat(before, []byte(" "+name+`="`+value+`"`), after)
}

// splitTag splits a tag where another attribute can stand.
func splitTag(tag []byte) (before, after []byte) {
	end := len(tag) - 1
	if tag[end-1] == '/' {
		end--
	}
	last := end
	for tag[last-1] <= ' ' {
		last--
	}
	return tag[:last], tag[end:]
}

// dropAttr returns the tag without the attribute.
func dropAttr(tag []byte, name string) []byte {
	start, _, to, ok := attrPlace(tag, name)
	if !ok {
		return tag
	}
	return concat(bytes.TrimRight(tag[:start], " \t\r\n"), tag[to+1:])
}

func concat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// plainText tells whether a text is the same in XML as it is, and whether it has
// white space that is lost unless it is said to count.
func plainText(s string) (plain, blanks bool) {
	plain, blank := true, true // a blank at its start counts
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && blank || c == '\n' || c == '\t':
			blanks = true
		case c < ' ' || c > '~' || c == '&' || c == '<' || c == '>' || c == '"' || c == '_' && i+1 < len(s) && s[i+1] == 'x':
			plain = false
		}
		blank = s[i] == ' '
	}
	return plain, blanks || blank
}

// xmlText escapes a text for an element or attribute, in the way that keeps it
// whole in a cell: what XML cannot hold is written as spreadsheets do, _x0007_.
func xmlText(s string) string {
	if plain, _ := plainText(s); plain {
		return s
	}
	var b strings.Builder
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '_' && looksEscaped(s[i:]):
			b.WriteString("_x005F_")
		case r < ' ' && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
			b.WriteString("_x" + strings.ToUpper(strconv.FormatInt(0x10000+int64(r), 16)[1:]) + "_")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// looksEscaped tells whether a text begins as an escaped character does: _x0007_.
func looksEscaped(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 32)
	return err == nil
}

// xmlValue is the text that an attribute's value or an element's text stands for.
func xmlValue(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		end := strings.IndexByte(s[max(i, 0):], ';')
		if i < 0 || end < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		b.WriteString(entity(s[i+1 : i+end]))
		s = s[i+end+1:]
	}
}

func entity(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil {
		return "&" + name + ";"
	}
	return string(rune(n))
}
