package importer

import (
	"encoding/json"
	"strings"

	"offerlift/internal/sheet"
)

// packed reads the JSON that the journal has of messages and rows, which is
// written in one way only: no blanks, and objects of texts, numbers and lists of
// numbers. It reads several times as fast as encoding/json; what it does not
// know makes it bad, and is left to that.
type packed struct {
	left string
	bad  bool
}

// whole tells whether all was read as it is meant.
func (p *packed) whole() bool { return !p.bad && p.left == "" }

// next takes a character if it comes next.
func (p *packed) next(c byte) bool {
	if p.bad || p.left == "" || p.left[0] != c {
		return false
	}
	p.left = p.left[1:]
	return true
}

// must takes a character that has to come next.
func (p *packed) must(c byte) {
	if !p.next(c) {
		p.bad = true
	}
}

// list reads a list whose items are read by item.
func (p *packed) list(item func()) {
	p.must('[')
	if p.next(']') {
		return
	}
	for item(); p.next(','); item() {
	}
	p.must(']')
}

// object reads an object; field reads the value of the field that it is told.
func (p *packed) object(field func(name string)) {
	member := func() {
		name := p.text()
		p.must(':')
		field(name)
	}
	p.must('{')
	for member(); p.next(','); member() {
	}
	p.must('}')
}

func (p *packed) text() string {
	p.must('"')
	end := strings.IndexByte(p.left, '"')
	if p.bad || end < 0 {
		p.bad = true
		return ""
	}
	text := p.left[:end]
	if at := strings.IndexByte(text, '\\'); at >= 0 {
		return p.escaped(at)
	}
	p.left = p.left[end+1:]
	return text
}

// escaped reads a text with a backslash in it, the first of them at at.
func (p *packed) escaped(at int) (text string) {
	for at < len(p.left) && p.left[at] != '"' {
		if p.left[at] == '\\' {
			at++
		}
		at++
	}
	if at >= len(p.left) || json.Unmarshal([]byte(`"`+p.left[:at]+`"`), &text) != nil {
		p.bad = true
		return ""
	}
	p.left = p.left[at+1:]
	return text
}

func (p *packed) number() (n int) {
	digits := 0
	for digits < len(p.left) && p.left[digits] >= '0' && p.left[digits] <= '9' {
		n = n*10 + int(p.left[digits]-'0')
		digits++
	}
	p.bad = p.bad || digits == 0 || digits > 9
	p.left = p.left[digits:]
	return n
}

// messages reads what packMessages writes.
func (p *packed) messages() (list []sheet.Message) {
	p.list(func() {
		var m sheet.Message
		p.object(func(name string) {
			switch name {
			case "level":
				m.Level = sheet.Level(p.text())
			case "file":
				m.File = p.text()
			case "sheet":
				m.Sheet = p.text()
			case "cell":
				m.Cell = p.text()
			case "column":
				m.Column = p.text()
			case "code":
				m.Code = p.text()
			case "text":
				m.Text = p.text()
			default:
				p.bad = true
			}
		})
		list = append(list, m)
	})
	return list
}

// refs reads what packRefs writes.
func (p *packed) refs() (list []Ref) {
	p.list(func() {
		var at place
		p.object(func(name string) {
			switch name {
			case "file":
				at.File = p.text()
			case "sheet":
				at.Sheet = p.text()
			case "rows":
				p.list(func() { at.Rows = append(at.Rows, p.number()) })
			default:
				p.bad = true
			}
		})
		for _, row := range at.Rows {
			list = append(list, Ref{File: at.File, Sheet: at.Sheet, Row: row})
		}
	})
	return list
}
