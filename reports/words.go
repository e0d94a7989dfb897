package reports

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// maxMessage is how much of a message fits a cell: a spreadsheet's limit is
// 32,767 characters.
const maxMessage = 30000

// appendMessages appends what stands in the message column of an offer's row: the
// errors, then the warnings, then what else there is to know, each with its
// cell, so that nobody needs the colours. Cells stand between marks, since rows
// have other numbers in a file of failed offers; see [texts].
func appendMessages(b []byte, res *importer.Result) []byte {
	messages := res.Messages
	if len(messages) > 1 {
		messages = slices.Clone(messages)
		slices.SortStableFunc(messages, func(a, b sheet.Message) int {
			return cmp.Compare(levelOf(b.Level), levelOf(a.Level))
		})
	}
	size := 0
	for i, m := range messages {
		before := len(b)
		if i > 0 {
			b = append(b, " | "...)
		}
		from := len(b)
		b = appendPlaced(append(b, levelWord(m.Level)...), m, res)
		b = append(b[:from], clip(b[from:], maxMessage)...)
		if size += len(b) - from; size > maxMessage && i > 0 {
			return fmt.Appendf(b[:before], " | and %d more", len(messages)-i)
		}
	}
	return b
}

// appendPlaced appends a message with its place before it: "Payouts!D7 currency:
// …". The offer's own sheet goes without saying, and so does its row as a whole.
func appendPlaced(b []byte, m sheet.Message, res *importer.Result) []byte {
	m.File, m.Sheet = cmp.Or(m.File, res.File), cmp.Or(m.Sheet, res.Sheet)
	own := m.File == res.File && m.Sheet == res.Sheet
	col, row, ok := parseCell(m.Cell)
	from := len(b)
	if !own {
		b = append(b, m.Sheet...)
	}
	if ok && (!own || col >= 0 || row != res.Row) {
		switch {
		case col < 0 && own:
			b = append(b, "row "...)
		case col < 0:
			b = append(b, " row "...)
		case !own:
			b = append(b, '!')
		}
		b = appendMark(b, m, own && row == res.Row)
	}
	if m.Column != "" {
		if len(b) > from {
			b = append(b, ' ')
		}
		b = append(b, m.Column...)
	}
	if len(b) > from {
		b = append(b, ": "...)
	}
	return append(b, textWithMarks(m)...)
}

// The marks around a cell in a text: file, sheet and cell, of which only the
// last is shown. Of a cell in the text's own row there is the column alone, so
// that the same mistake has the same text in every row.
const (
	cellFrom = "\x01"
	cellNext = "\x02"
	cellTo   = "\x03"
)

// appendMark appends the cell of a message.
func appendMark(b []byte, m sheet.Message, ownRow bool) []byte {
	b = append(b, cellFrom...)
	if ownRow {
		b = append(append(b, strings.TrimRight(m.Cell, "0123456789")...), cellNext...)
	} else {
		for _, part := range []string{m.File, cellNext, m.Sheet, cellNext, m.Cell} {
			b = append(b, part...)
		}
	}
	return append(b, cellTo...)
}

// unturned is a text without the invisible characters that turn the order of all
// that follows around.
func unturned(text string) string {
	if strings.IndexByte(text, 0xe2) < 0 { // how all of them begin
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return utf8.RuneError
		}
		return r
	}, text)
}

func twinCells() *regexp.Regexp { return regexp.MustCompile(`\b[A-Z]{0,3}[0-9]+\b`) }

// textWithMarks is a message's text with marks around the cells that it names:
// those of the other offers with one's key, of the same sheet, which stand
// between "the offer in" and the colon.
func textWithMarks(m sheet.Message) string {
	m.Text = unturned(m.Text)
	if m.Code == "orphan" || m.Code == "row_not_joined" {
		return withOtherPlace(m)
	}
	if m.Code != "duplicate_key" {
		return m.Text
	}
	at := strings.LastIndex(m.Text, " the offer in ")
	if at < 0 {
		return m.Text
	}
	named, rest, _ := strings.Cut(m.Text[at:], ":")
	if strings.Contains(named, "!") { // on another sheet
		return m.Text
	}
	named = twinCells().ReplaceAllStringFunc(named, func(cell string) string {
		m.Cell = cell
		return string(appendMark(nil, m, false))
	})
	return m.Text[:at] + named + ":" + rest
}

func otherPlace() *regexp.Regexp {
	return regexp.MustCompile("(?:^|\\()(?:([^()`]+), )?([^()`]+)([! ])([A-Z]{1,3}[0-9]+)(?:\\)| names `)")
}

// withOtherPlace is the text of a child row that belongs to no offer, or of the
// offer that it probably means, with marks around the other's cell.
func withOtherPlace(m sheet.Message) string {
	at := otherPlace().FindStringSubmatchIndex(m.Text)
	if at == nil {
		return m.Text
	}
	other := sheet.Message{File: m.File, Sheet: m.Text[at[4]:at[5]], Cell: m.Text[at[8]:at[9]]}
	switch {
	case m.Text[at[6]:at[7]] == " ": // of a CSV file, which has its name alone
		other.File = other.Sheet
		other.Sheet = strings.TrimSuffix(path.Base(other.File), path.Ext(other.File))
	case at[2] >= 0:
		other.File = m.Text[at[2]:at[3]]
	}
	return string(append(appendMark([]byte(m.Text[:at[8]]), other, false), m.Text[at[9]:]...))
}

// phrase is a text without marks, cut where the number of its own row stands.
type phrase struct {
	parts  []string
	xml    []string // the same escaped for a cell
	blanks bool     // white space counts in it
}

// newPhrase makes the phrase of a text with marks, nil of a blank one; moved says
// where cells of other rows are, nil: where they were.
func newPhrase(text string, moved func(file, sheet, cell string) string) *phrase {
	if text == "" {
		return nil
	}
	p := &phrase{}
	var b []byte
	for marked := true; marked; {
		var before, mark string
		before, text, marked = strings.Cut(text, cellFrom)
		b = append(b, before...)
		mark, text, _ = strings.Cut(text, cellTo)
		switch at := strings.Split(mark, cellNext); {
		case len(at) == 2:
			p.parts = append(p.parts, string(append(b, at[0]...)))
			b = b[:0]
		case len(at) == 3 && moved != nil:
			b = append(b, moved(at[0], at[1], at[2])...)
		case len(at) == 3:
			b = append(b, at[2]...)
		}
	}
	p.parts = append(p.parts, string(b))
	for _, part := range p.parts {
		p.xml = append(p.xml, xmlText(part))
	}
	_, p.blanks = plainText(p.in(1))
	return p
}

// in is the text in a row.
func (p *phrase) in(row int) string {
	if p == nil {
		return ""
	}
	return strings.Join(p.parts, strconv.Itoa(row))
}

// appendNote appends a message as the note on its cell says it.
func appendNote(b []byte, m sheet.Message) []byte {
	return append(append(b, levelWord(m.Level)...), textWithMarks(m)...)
}

// levelWord says in words what a colour says to those who see it.
func levelWord(l sheet.Level) string {
	switch l {
	case sheet.LevelError:
		return "error: "
	case sheet.LevelWarning:
		return "warning: "
	}
	return "note: "
}

// clip cuts a text to at most n bytes, never inside a character.
func clip[T string | []byte](s T, n int) T {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return T(string(s[:n]) + "…")
}
