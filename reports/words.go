package reports

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// maxMessage is how much of a message fits a cell: a spreadsheet's limit is
// 32,767 characters.
const maxMessage = 30000

// messageColumn is what stands in the message column of an offer's row: the
// errors, then the warnings, then what else there is to know, each with its
// cell, so that nobody needs the colours. Cells stand between marks, since rows
// have other numbers in a file of failed offers; see [index.message].
func messageColumn(res *importer.Result) string {
	switch len(res.Messages) {
	case 0:
		return ""
	case 1:
		return clip(levelWord(res.Messages[0].Level)+placed(res.Messages[0], res), maxMessage)
	}
	messages := slices.Clone(res.Messages)
	slices.SortStableFunc(messages, func(a, b sheet.Message) int {
		return cmp.Compare(levelOf(b.Level), levelOf(a.Level))
	})
	var parts []string
	size := 0
	for i, m := range messages {
		part := clip(levelWord(m.Level)+placed(m, res), maxMessage)
		if size += len(part); size > maxMessage && i > 0 {
			parts = append(parts, fmt.Sprintf("and %d more", len(messages)-i))
			break
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " | ")
}

// The marks around a cell in a text: file, sheet and cell, of which only the
// last is shown.
const (
	cellFrom = "\x01"
	cellNext = "\x02"
	cellTo   = "\x03"
)

// placed is a message with its place before it: "Payouts!D7 currency: …". The
// offer's own sheet goes without saying, and so does its row as a whole.
func placed(m sheet.Message, res *importer.Result) string {
	m.File, m.Sheet = cmp.Or(m.File, res.File), cmp.Or(m.Sheet, res.Sheet)
	own := m.File == res.File && m.Sheet == res.Sheet
	col, row, ok := parseCell(m.Cell)
	place := ""
	if !own {
		place = m.Sheet
	}
	if ok && (!own || col >= 0 || row != res.Row) {
		switch {
		case col < 0:
			place = strings.TrimSpace(place+" row ") + " "
		case !own:
			place += "!"
		}
		place += cellMark(m, m.Cell)
	}
	if m.Column != "" {
		place = strings.TrimSpace(place + " " + m.Column)
	}
	if place == "" {
		return textWithMarks(m)
	}
	return place + ": " + textWithMarks(m)
}

// unturned is a text without the invisible characters that turn the order of all
// that follows around.
func unturned(text string) string {
	if !strings.Contains(text, "\xe2\x80") && !strings.Contains(text, "\xe2\x81") { // how all of them begin
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return utf8.RuneError
		}
		return r
	}, text)
}

func cellMark(m sheet.Message, cell string) string {
	return cellFrom + m.File + cellNext + m.Sheet + cellNext + cell + cellTo
}

func twinCells() *regexp.Regexp { return regexp.MustCompile(`\b[A-Z]{0,3}[0-9]+\b`) }

// textWithMarks is a message's text with marks around the cells that it names:
// those of the other offers with one's key, of the same sheet, which stand
// between "the offer in" and the colon.
func textWithMarks(m sheet.Message) string {
	m.Text = unturned(m.Text)
	at := strings.LastIndex(m.Text, " the offer in ")
	if m.Code != "duplicate_key" || at < 0 {
		return m.Text
	}
	named, rest, _ := strings.Cut(m.Text[at:], ":")
	if strings.Contains(named, "!") { // on another sheet
		return m.Text
	}
	named = twinCells().ReplaceAllStringFunc(named, func(cell string) string { return cellMark(m, cell) })
	return m.Text[:at] + named + ":" + rest
}

// plainMessage is a message column's text with its cells as they are.
func plainMessage(text string) string { return moveCells(text, nil) }

// moveCells takes the marks around the cells of a text away and lets change, if
// it is not nil, say where each cell is now.
func moveCells(text string, change func(file, sheet, cell string) string) string {
	from := strings.IndexByte(text, cellFrom[0])
	if from < 0 {
		return text
	}
	b := make([]byte, 0, len(text))
	for ; from >= 0; from = strings.IndexByte(text, cellFrom[0]) {
		b = append(b, text[:from]...)
		mark, after, _ := strings.Cut(text[from+1:], cellTo)
		file, rest, _ := strings.Cut(mark, cellNext)
		if sheetName, cell, ok := strings.Cut(rest, cellNext); ok {
			if change != nil {
				cell = change(file, sheetName, cell)
			}
			b = append(b, cell...)
		}
		text = after
	}
	return string(append(b, text...))
}

// noteText is a message as the note on its cell says it.
func noteText(m sheet.Message) string { return levelWord(m.Level) + textWithMarks(m) }

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
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
