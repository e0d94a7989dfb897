package reports

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
)

// noteAuthor signs our notes; noteLine parts what we add to a note of the user's
// from what they wrote. Both tell a later report what is ours.
const (
	noteAuthor = "offerlift"
	noteLine   = "――― offerlift ―――"
)

// maxNotes bounds the notes of a sheet: with more of them spreadsheets take
// minutes to open it. Fills and messages are on every row all the same.
const maxNotes = 10000

// note is what a note on a cell says, at the cell's place in the report.
type note struct {
	col, row int
	text     span
	more     []span // further messages on the cell
}

// collectNotes lists the notes of a sheet, in the order of its rows.
func (j *sheetJob) collectNotes() {
	for _, m := range j.table.marks {
		if m.col < 0 && j.table.isOffers() && int(m.row) > j.table.HeaderRow || j.isResult(int(m.col)) {
			continue
		}
		row, keep := j.newRow(int(m.row))
		if !keep {
			continue
		}
		n := note{col: max(int(m.col), 0), row: row, text: m.text}
		if last := len(j.notes) - 1; last >= 0 && j.notes[last].col == n.col && j.notes[last].row == n.row {
			if m.text != j.notes[last].text && !slices.Contains(j.notes[last].more, m.text) {
				j.notes[last].more = append(j.notes[last].more, m.text)
			}
			continue
		}
		if len(j.notes) == maxNotes {
			j.book.notesLeftOut = true
			return
		}
		j.notes = append(j.notes, n)
	}
}

// noteText is the whole text of a note.
func (j *sheetJob) noteText(n note) (string, error) {
	var b strings.Builder
	for i, sp := range append([]span{n.text}, n.more...) {
		text, err := j.book.texts.get(sp)
		if err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(text.in(n.row))
	}
	return clip(b.String(), maxMessage), nil
}

// noteParts has the sheet's notes written: into the parts that hold its notes
// already, or into new ones. They are made when they are written, since many
// notes are much text.
func (j *sheetJob) noteParts() error {
	p := j.book.pack
	rels, err := p.relationsOf(j.part)
	if err != nil {
		return err
	}
	existing, has := rels.byKind("comments")
	if !has && len(j.notes) == 0 {
		return nil
	}
	merge := &noteMerge{job: j, part: rels.part(existing)}
	if has {
		if err := merge.comments(io.Discard); err != nil || !merge.changed { // to know what it comes to
			return err
		}
	} else {
		merge.part, merge.fresh = p.free("xl/comments%d.xml"), j.notes
		rels.add("comments", merge.part)
	}
	p.set(merge.part, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml", merge.comments)
	if drawing, ok := rels.byID(j.found.legacy); ok {
		merge.drawing = rels.part(drawing)
	} else if len(merge.fresh) > 0 {
		merge.drawing = p.free("xl/drawings/vmlDrawing%d.vml")
		j.noteLink = rels.add("vmlDrawing", merge.drawing)
	} else {
		return nil
	}
	p.set(merge.drawing, "", merge.shapes)
	return nil
}

// noteMerge puts our notes among those of a sheet.
type noteMerge struct {
	job           *sheetJob
	part, drawing string // of the texts, of the shapes

	left    map[[2]int]note // by column and row; those that the part had no note for
	gone    map[[2]int]bool // cells of the input whose notes are taken out
	fresh   []note          // notes that get a shape
	changed bool
	ours    int    // our number among the authors, -1 = not among them
	p       string // the elements' prefix
	out     *bufio.Writer
}

// original is a part as the input has it, or one with nothing in it.
func (m *noteMerge) original(name, empty string) ([]byte, error) {
	if m.job.book.pack.parts[partKey(name)] == nil {
		return []byte(empty), nil
	}
	return m.job.book.pack.load(name)
}

// comments writes the part with the texts.
func (m *noteMerge) comments(w io.Writer) error {
	raw, err := m.original(m.part, xmlHeader+`<comments xmlns="`+m.job.found.dialect.main+`"><authors></authors><commentList></commentList></comments>`)
	if err != nil {
		return err
	}
	m.left, m.gone, m.fresh = map[[2]int]note{}, map[[2]int]bool{}, nil
	for _, n := range m.job.notes {
		m.left[[2]int{n.col, n.row}] = n
	}
	m.changed = len(m.left) > 0
	m.ours, m.out = -1, bufio.NewWriter(w)
	authors := 0
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err == io.EOF {
			return m.out.Flush()
		}
		if err != nil {
			return &inputError{err}
		}
		switch {
		case t.opens("comments"):
			m.p = t.prefix()
		case t.opens("author"):
			if t.raw = wholeElement(s, t); elementText(t.raw) == noteAuthor {
				m.ours = authors
			}
			authors++
		case t.opens("authors") && t.kind == tokEmpty, t.kind == tokEnd && t.is("authors"):
			m.authors(t, authors)
			continue
		case t.opens("comment"):
			if err := m.comment(wholeElement(s, t)); err != nil {
				return err
			}
			continue
		case t.opens("commentList") && t.kind == tokEmpty, t.kind == tokEnd && t.is("commentList"):
			if err := m.addAll(t); err != nil {
				return err
			}
			continue
		}
		m.out.Write(t.raw)
	}
}

// wholeElement is an element that has just begun, to its end. The scanner must
// be one of bytes.
func wholeElement(s *scanner, t token) []byte {
	from := s.pos - len(t.raw)
	_ = skipElement(s, t) // where it is cut off, the rest is what there is
	return s.buf[from:s.pos]
}

// elementText is all text within an element.
func elementText(element []byte) string {
	var b strings.Builder
	for s := scanBytes(element); ; {
		t, err := s.next()
		switch {
		case err != nil:
			return b.String()
		case t.kind == tokText:
			b.WriteString(xmlValue(string(t.raw)))
		case t.kind == tokCDATA:
			b.Write(t.raw[len("<![CDATA[") : len(t.raw)-len("]]>")])
		}
	}
}

// closing writes what ends an element that may be an empty one.
func (m *noteMerge) closing(t token, write func()) {
	name := m.p + string(t.name)
	if t.kind == tokEmpty {
		m.out.Write(bytes.TrimRight(t.raw[:len(t.raw)-2], " "))
		m.out.WriteByte('>')
	}
	write()
	m.out.WriteString("</" + name + ">")
}

// authors adds us to the authors where there is something to sign.
func (m *noteMerge) authors(t token, n int) {
	m.closing(t, func() {
		if m.ours < 0 && len(m.left) > 0 {
			m.ours = n
			m.out.WriteString("<" + m.p + "author>" + noteAuthor + "</" + m.p + "author>")
		}
	})
}

// comment copies a note of the sheet, with ours after it where there is one for
// its cell, and without what an earlier report said.
func (m *noteMerge) comment(element []byte) error {
	tag := firstTag(string(element))
	ref := attr(tag, "ref")
	at := [2]int{columnOf([]byte(ref)), rowOf(ref)}
	row, keep := m.job.newRow(at[1])
	author, _ := intAttr(tag, "authorId")
	text := elementText(element)
	if !keep || author == m.ours && (strings.HasPrefix(text, levelWord(sheet.LevelError)) || strings.HasPrefix(text, levelWord(sheet.LevelWarning))) {
		m.gone[at], m.changed = true, true
		return nil
	}
	add := ""
	if n, ok := m.left[[2]int{at[0], row}]; ok {
		delete(m.left, [2]int{at[0], row})
		var err error
		if add, err = m.job.noteText(n); err != nil {
			return err
		}
	}
	if row != at[1] {
		m.changed = true
		moved := setAttr(tag, "ref", sheet.Address(at[0], row))
		element = concat(moved, element[len(tag):])
	}
	if add == "" && !strings.Contains(text, noteLine) {
		m.out.Write(element)
		return nil
	}
	m.changed = true
	m.amend(element, add)
	return nil
}

// amend writes a note of the user's with our part after it, blank for none.
func (m *noteMerge) amend(element []byte, add string) {
	run := ""
	if add != "" {
		run = m.run("\n" + noteLine + "\n" + add)
	}
	cut, bare := false, false // past our old part; within a text without a run
	for s := scanBytes(element); ; {
		t, err := s.next()
		if err != nil {
			return
		}
		switch {
		case t.opens("text") && t.kind == tokEmpty:
			m.closing(t, func() { m.out.WriteString(run) })
			continue
		case t.kind == tokEnd && t.is("text"):
			m.out.WriteString(run)
			cut = false
		case cut && (t.kind == tokStart || t.kind == tokEmpty):
			_ = skipElement(s, t)
			continue
		case t.kind == tokStart && t.is("t") && s.depth == 3:
			bare = true
			m.out.WriteString("<" + m.p + "r>")
		case t.kind == tokEnd && t.is("t") && bare:
			bare = false
			m.out.WriteString("</" + m.p + "t></" + m.p + "r>")
			continue
		case t.kind == tokText && bytes.Contains(t.raw, []byte(noteLine)):
			before, _, _ := bytes.Cut(t.raw, []byte(noteLine))
			m.out.Write(bytes.TrimRight(before, "\r\n"))
			cut = true
			continue
		}
		m.out.Write(t.raw)
	}
}

func (m *noteMerge) run(text string) string {
	p := m.p
	return "<" + p + `r><` + p + `t xml:space="preserve">` + xmlText(text) + "</" + p + "t></" + p + "r>"
}

// addAll writes the notes on cells that had none.
func (m *noteMerge) addAll(t token) (err error) {
	m.closing(t, func() {
		for _, n := range m.job.notes {
			if _, left := m.left[[2]int{n.col, n.row}]; !left {
				continue
			}
			var text string
			if text, err = m.job.noteText(n); err != nil {
				return
			}
			m.fresh = append(m.fresh, n)
			m.out.WriteString("<" + m.p + `comment ref="` + sheet.Address(n.col, n.row) + `" authorId="` + strconv.Itoa(m.ours) +
				`" shapeId="0"><` + m.p + "text>" + m.run(text) + "</" + m.p + "text></" + m.p + "comment>")
		}
	})
	return err
}
