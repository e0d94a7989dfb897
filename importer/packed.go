package importer

import (
	"encoding/json"
	"strings"

	"offerlift/internal/sheet"
)

// packed reads the JSON that the journal has of messages and rows, which is
// written in one way only: no blanks, and every field in its place. It reads many
// times as fast as encoding/json; what it does not know makes it bad, and is left
// to that.
type packed struct {
	left string
	bad  bool
}

// whole tells whether all was read as it is meant.
func (p *packed) whole() bool { return !p.bad && p.left == "" }

// next takes what comes next if it is that.
func (p *packed) next(text string) bool {
	rest, ok := strings.CutPrefix(p.left, text)
	p.left = rest
	return ok
}

// must takes what has to come next.
func (p *packed) must(text string) {
	if !p.next(text) {
		p.bad = true
	}
}

// field reads a text with what stands before it; it is blank where that does not
// come next.
func (p *packed) field(before string) string {
	if !p.next(before) {
		return ""
	}
	end := strings.IndexByte(p.left, '"')
	if end < 0 {
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
	p.must("[")
	for again := true; again && !p.bad; again = p.next(",") {
		list = append(list, sheet.Message{Level: sheet.Level(p.field(`{"level":"`)), File: p.field(`,"file":"`), Sheet: p.field(`,"sheet":"`),
			Cell: p.field(`,"cell":"`), Column: p.field(`,"column":"`), Code: p.field(`,"code":"`), Text: p.field(`,"text":"`)})
		p.must("}")
	}
	p.must("]")
	return list
}

// refs reads what packRefs writes.
func (p *packed) refs() (list []Ref) {
	p.must("[")
	for again := true; again && !p.bad; again = p.next(",") {
		p.must("{")
		at := Ref{File: p.field(`"file":"`)}
		if at.File != "" {
			p.must(",")
		}
		at.Sheet = p.field(`"sheet":"`)
		p.must(`,"rows":[`)
		for again := true; again && !p.bad; again = p.next(",") {
			at.Row = p.number()
			list = append(list, at)
		}
		p.must("]}")
	}
	p.must("]")
	return list
}
