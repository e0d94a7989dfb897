package cli

import (
	"slices"
	"strings"

	"offerlift/internal/sheet"
)

// found tells what was read and what was taken for granted: a line for each table,
// and one for each thing, however many cells it is about.
type found struct {
	things []*thing
}

// thing is all infos of one code about one table, or of one text where each text
// is a thing of its own.
type thing struct {
	first sheet.Message
	n     int
}

func (f *found) add(messages []sheet.Message) {
	for _, m := range messages {
		if m.Level != sheet.LevelInfo {
			continue
		}
		at := slices.IndexFunc(f.things, func(t *thing) bool {
			same := t.first.Code == m.Code && t.first.File == m.File && t.first.Sheet == m.Sheet
			return same && (m.Code != "country_group" || t.first.Text == m.Text)
		})
		if at < 0 {
			f.things = append(f.things, &thing{first: m})
			at = len(f.things) - 1
		}
		f.things[at].n++
	}
}

// leftOut tells whether a table was not read.
func leftOut(t *sheet.Table, messages []sheet.Message) bool {
	return isTold(t, messages, "unknown_sheet") || isTold(t, messages, "sheet_left_out")
}

// isTold tells whether a message of this code is about a table as a whole.
func isTold(t *sheet.Table, messages []sheet.Message, code string) bool {
	return slices.ContainsFunc(messages, func(m sheet.Message) bool {
		return m.File == t.File && m.Sheet == t.Sheet && m.Cell == "" && m.Code == code
	})
}

// tables are those whose rows reports may leave out: a sheet that was not read is
// to stay as it is beside those that were, since somebody may have to mend it.
func (in *input) tables() []*sheet.Table {
	messages := in.mapper.Messages()
	read := slices.DeleteFunc(slices.Clone(in.book.Tables), func(t *sheet.Table) bool { return leftOut(t, messages) })
	return slices.DeleteFunc(slices.Clone(in.book.Tables), func(t *sheet.Table) bool {
		return t.Facts.Format == "xlsx" && !slices.Contains(read, t) && slices.ContainsFunc(read, func(r *sheet.Table) bool { return r.Path == t.Path })
	})
}

// tell says it, each line by say.
func (f *found) tell(v *voice, in *input, say func(format string, args ...any)) {
	messages := in.mapper.Messages()
	for _, t := range in.book.Tables {
		if !leftOut(t, messages) {
			say("%s %s: %s", v.paint(cyan, "read:"), oneLine(sheet.Message{File: t.File, Sheet: t.Sheet}.Spot()), count(t.Count(), "row")+hiddenIn(t))
		}
	}
	for _, t := range f.things {
		if t.first.Cell != "" && leftOut(&sheet.Table{File: t.first.File, Sheet: t.first.Sheet}, messages) {
			continue
		}
		times := ""
		if t.n > 1 {
			times = " (" + group(t.n) + " times, the first here)"
		}
		say("%s %s%s%s [%s]", v.paint(cyan, "read:"), oneLine(placeOf(t.first)), oneLine(t.first.Text), times, t.first.Code)
	}
}

// hiddenIn says which rows of a table were passed over because they are hidden: who
// filtered a sheet and forgot it looks for offers that were never read.
func hiddenIn(t *sheet.Table) string {
	text := ""
	for _, note := range t.Notes {
		if note.Code == "hidden_rows" {
			what, _, _ := strings.Cut(note.Text, ";")
			text += "; " + what
		}
	}
	return text
}

func placeOf(m sheet.Message) string {
	if place := joined(m.Spot(), m.Column); place != "" {
		return place + ": "
	}
	return ""
}
