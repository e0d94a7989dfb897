package sheet

import (
	"bytes"
	"unicode/utf8"
)

// chars reads text up to the next tag. It returns xmlEOF for the blanks around
// the root.
func (x *xmlReader) chars() (xmlKind, error) {
	b := x.buf[x.pos:x.end]
	i := plainText(b)
	if i < len(b) && b[i] == '<' && x.squares == 0 {
		x.text = b[:i]
		x.pos += i
	} else if err := x.oddChars(); err != nil {
		return xmlEOF, err
	}
	if len(x.levels) > 0 {
		return xmlText, nil
	}
	if len(bytes.TrimLeft(x.text, " \t\r\n")) > 0 {
		return xmlEOF, x.wrong(0, "text stands outside the document")
	}
	return xmlEOF, nil
}

// plainText is the number of bytes at the start of b that mean themselves.
func plainText(b []byte) int {
	const stops = 1<<'&' | 1<<'<' | 1<<'>' | (1<<32-1)&^(1<<'\t'|1<<'\n')
	for i, c := range b {
		if c < 64 && stops>>c&1 != 0 {
			return i
		}
	}
	return len(b)
}

// oddChars reads text that is not plain, or that the buffer cuts in two.
func (x *xmlReader) oddChars() error {
	x.scratch = x.scratch[:0]
	for len(x.scratch) < xmlBuffer {
		if x.pos == x.end {
			if more, err := x.more(); err != nil {
				return err
			} else if !more {
				break
			}
		}
		b := x.buf[x.pos:x.end]
		n := plainText(b)
		x.countSquares(b[:n])
		x.scratch = append(x.scratch, b[:n]...)
		if x.pos += n; n == len(b) {
			continue
		}
		if b[n] == '<' {
			break
		}
		if err := x.oddChar(); err != nil {
			return err
		}
	}
	x.text = x.scratch
	return nil
}

// oddChar reads the entity, line end or > at pos.
func (x *xmlReader) oddChar() error {
	if err := x.ensure(16); err != nil {
		return err
	}
	b := x.buf[x.pos:x.end]
	n := 1
	switch {
	case b[0] == '&':
		size, err := x.entity(b, 0)
		if err != nil {
			return err
		}
		if size == 0 {
			return x.wrong(0, "an & does not begin an entity")
		}
		n = size
	case b[0] == '>' && x.squares < 2:
		x.scratch = append(x.scratch, '>')
	case b[0] == '\r':
		x.scratch = append(x.scratch, '\n')
		if len(b) > 1 && b[1] == '\n' {
			n = 2
		}
	default:
		return x.wrong(0, "a character stands where it may not")
	}
	x.squares = 0
	x.pos += n
	return nil
}

// countSquares keeps count of the ] at the end of the text so far: ]]> may not
// stand in it.
func (x *xmlReader) countSquares(b []byte) {
	n := 0
	for n < len(b) && b[len(b)-1-n] == ']' {
		n++
	}
	if n < len(b) {
		x.squares = 0
	}
	x.squares += n
}

// cdataText reads from within a CDATA section; it returns xmlEOF where nothing
// is left in it.
func (x *xmlReader) cdataText() (xmlKind, error) {
	x.scratch = x.scratch[:0]
	for len(x.scratch) < xmlBuffer {
		if err := x.ensure(3); err != nil {
			return xmlEOF, err
		}
		b := x.buf[x.pos:x.end]
		if len(b) < 3 {
			return xmlEOF, x.cut("in the middle of a CDATA section")
		}
		if b[0] == ']' && b[1] == ']' && b[2] == '>' {
			x.cdata = false
			x.pos += 3
			break
		}
		n := 1
		switch c := b[0]; {
		case c == '\r' && b[1] == '\n':
			n = 2
			fallthrough
		case c == '\r':
			x.scratch = append(x.scratch, '\n')
		case c < ' ' && !isSpace(c):
			return xmlEOF, x.wrong(0, "a character stands where it may not")
		default:
			x.scratch = append(x.scratch, c)
		}
		x.pos += n
	}
	x.text = x.scratch
	if len(x.text) == 0 {
		return xmlEOF, nil
	}
	return xmlText, nil
}

// entity decodes the entity at the start of b, which stands i bytes after pos,
// into scratch. It returns its size, or 0 where b ends before it does.
func (x *xmlReader) entity(b []byte, i int) (int, error) {
	const longest = len("&#x0010FFFF;")
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 0 {
		if len(b) < longest {
			return 0, nil
		}
		return 0, x.wrong(i, "an & does not begin an entity")
	}
	name := b[1:end]
	r := rune(-1)
	switch string(name) {
	case "amp":
		r = '&'
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		r = numericEntity(name)
	}
	if r < 0 {
		return 0, x.wrong(i, "an entity is not known")
	}
	x.scratch = utf8.AppendRune(x.scratch, r)
	return end + 1, nil
}

// numericEntity is the character that #65 or #x41 stands for, or -1.
func numericEntity(name []byte) rune {
	base, digits := rune(10), name
	switch {
	case len(name) > 2 && name[0] == '#' && name[1] == 'x':
		base, digits = 16, name[2:]
	case len(name) > 1 && name[0] == '#':
		digits = name[1:]
	default:
		return -1
	}
	r := rune(0)
	for _, c := range digits {
		d := hexDigit(c)
		if d < 0 || d >= base {
			return -1
		}
		if r = r*base + d; r > utf8.MaxRune {
			return -1
		}
	}
	if !isXMLChar(r) {
		return -1
	}
	return r
}

func hexDigit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// isXMLChar tells whether XML may hold a character.
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || ' ' <= r && r <= 0xD7FF ||
		0xE000 <= r && r <= 0xFFFD || 0x10000 <= r && r <= utf8.MaxRune
}
