package profile

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// reader makes our rows of a table's rows. It is used by one goroutine, for one
// reading of the table.
type reader struct {
	*bound
	eval  *evaluator
	row   sheet.Row
	flaws []sheet.Message // of the row that is being made
	cells []sheet.Cell    // its cells
	rec   *boundRecord    // what it is made by

	unknownMacros map[[2]string]string // what is said of a table's unknown macros

	missing func(kind, value string, known mapping.Found, row sheet.Row, col int) // is told of each id that is not known
	linked  func(slots []int)                                                     // is told of the slots that each URL uses
	count   func(told []sheet.Message)                                            // is told what is said of a row that is not made
}

// partRows is what a table becomes of one part: the columns of ours, and its rows.
type partRows struct {
	part   *affise.Part
	header []*affise.Column
	rows   *sheet.Rows
}

func (b *bound) reader() *reader {
	return &reader{bound: b, eval: newEvaluator(&b.words), unknownMacros: map[[2]string]string{}}
}

// takeParts lists the parts that a table's records make, the offer first, and
// the places of their columns.
func (b *bound) takeParts() {
	for _, part := range affise.Parts() {
		if slices.ContainsFunc(b.records, func(r *boundRecord) bool { return r.part.Key == part.Key }) {
			rows := b.book.NewRows()
			if part.Key == "" {
				rows.Late = b.unused
			}
			b.parts = append(b.parts, partRows{part: &part, header: b.header(&part), rows: rows})
		}
	}
	for _, r := range b.records {
		r.to = slices.IndexFunc(b.parts, func(p partRows) bool { return p.part.Key == r.part.Key })
		for _, c := range r.columns {
			r.filled = append(r.filled, slices.Index(b.parts[r.to].header, c.column))
		}
	}
}

// read makes our rows of a source row, each with what is to be said of it. They
// hold until take returns. What belongs to the source row as a whole is said at
// the first of them.
func (r *reader) read(row sheet.Row, take func(to partRows, row sheet.Row) error) (empty bool, err error) {
	r.row = row
	key := r.keyText()
	first := r.isFirst(key)
	empty = true
	for _, rec := range r.records {
		if !first && !rec.each {
			continue
		}
		r.flaws = r.flaws[:0]
		if !r.holds(rec.when) {
			continue
		}
		if empty {
			r.flaws = append(r.flaws, row.Flaws...)
			r.whole(key, first)
		}
		empty = false
		made := r.record(rec, key)
		if rec.part.Key != "" && key != "" && isOnlyTold(made) {
			r.count(made.Flaws)
			r.tellLate(key)
			continue
		}
		if err := take(r.parts[rec.to], made); err != nil {
			return false, err
		}
	}
	return empty, nil
}

// text is the trimmed text at a place.
func (r *reader) text(place int) string { return strings.TrimSpace(r.cellAt(place).Text) }

func (r *reader) cellAt(place int) sheet.Cell {
	if col := r.columns[place]; col >= 0 {
		cell := r.row.Cell(col)
		if isNull(cell.Text) {
			return sheet.Cell{}
		}
		return cell
	}
	if ref, ok := r.refs[place]; ok {
		return r.joinedCell(ref)
	}
	if place == r.fileID {
		name := strings.TrimSuffix(r.origin.File, path.Ext(r.origin.File))
		if at := strings.LastIndex(name, "-"); at >= 0 {
			return textCell(name[at+1:], 0)
		}
	}
	return sheet.Cell{}
}

// keyText is the offer's key, with the profile's prefix. A key that an
// expression makes is taken as it is.
func (r *reader) keyText() string {
	cell := r.source(r.key)
	text := strings.TrimSpace(cell.Text)
	if text == "" || r.key.place < 0 {
		return text
	}
	return r.profile.Prefix + text
}

// whole says what belongs to the source row as a whole: conflicts, and what is
// not carried over.
func (r *reader) whole(key string, first bool) {
	if g := r.groups[key]; first && g != nil {
		r.flaws = append(r.flaws, g.conflicts...)
	}
	if !first && !r.leftDiffers(key) {
		return
	}
	for _, l := range r.left {
		cell := r.cellAt(l.place)
		if cell.Kind == sheet.Blank || isNothing(cell.Text) {
			continue
		}
		name := r.sourceName(l.place)
		r.flaw(sheet.LevelWarning, CodeLost, l.place, name, fmt.Sprintf("%s %s is not carried over: %s", name, quote(cell.Text), l.reason))
	}
}

// valuesTold is how many values of a row of which nothing was made are told.
const valuesTold = 8

// tellUnused says at its offer that nothing was made of the row, and what it
// holds: first what decided so.
func (r *reader) tellUnused() {
	var places []int
	add := func(place int) {
		if !slices.Contains(places, place) && r.text(place) != "" {
			places = append(places, place)
		}
	}
	for _, rec := range r.records {
		rec.when.places(add)
	}
	for place, name := range r.words.names {
		if r.columns[place] >= 0 && place != r.key.place && !isNothing(r.text(place)) && !strings.HasPrefix(name, "parent.") && !strings.ContainsAny(name, "[{") {
			add(place)
		}
	}
	var values []string
	for _, place := range places[:min(len(places), valuesTold)] {
		values = append(values, r.sourceName(place)+" "+quote(r.text(place)))
	}
	text := "the row is not carried over, since " + r.whyUnused()
	if len(values) > 0 {
		text += ": " + strings.Join(values, ", ")
	}
	r.flaws = r.flaws[:0]
	r.flaw(sheet.LevelWarning, CodeLost, -1, "", text)
	r.tellLate(r.keyText())
}

// tellLate says the flaws at hand at the offer itself.
func (r *reader) tellLate(key string) {
	if key != "" {
		r.unused[key] = append(r.unused[key], r.flaws...)
	}
}

// isOnlyTold tells whether a row holds nothing but its key: a group of an API's
// reply that restricts nothing, or one whose only region has no id, which was told.
func isOnlyTold(row sheet.Row) bool {
	filled := slices.ContainsFunc(row.Cells[1:], func(c sheet.Cell) bool { return c.Kind != sheet.Blank })
	refused := slices.ContainsFunc(row.Flaws, func(m sheet.Message) bool { return m.Level == sheet.LevelError })
	return !filled && !refused
}

func (b *bound) whyUnused() string {
	return cmp.Or(b.spec.unused, "profile "+b.profile.Name+" makes nothing of such rows")
}

// record makes one of our rows.
func (r *reader) record(rec *boundRecord, key string) sheet.Row {
	header := r.parts[rec.to].header
	r.rec = rec
	r.cells = slices.Grow(r.cells[:0], len(header))[:len(header)]
	clear(r.cells)
	out := sheet.Row{Number: r.row.Number, Line: r.row.Line, Cells: r.cells}
	out.Cells[0] = textCell(key, r.from(r.key))
	for i, c := range rec.columns {
		out.Cells[rec.filled[i]] = r.cell(c)
	}
	for _, t := range rec.tells {
		if r.holds(t.when) {
			column := ""
			if t.place >= 0 {
				column = r.sourceName(t.place)
			}
			r.flaw(t.level(), t.code, t.place, column, t.text.render(r.text))
		}
	}
	if rec.part.Key == payments {
		r.tellMoney()
	}
	out.Flaws = r.flaws
	return out
}

const payments = "payments"

// tellMoney says in plain words which amount is whose.
func (r *reader) tellMoney() {
	text := func(name string) string { return strings.TrimSpace(r.made(name).Text) }
	switch {
	case text("type") == "":
		return
	case text("revenue") == "" && text("total") == "":
		r.flaw(sheet.LevelError, CodeDecision, -1, "revenue", "the payout holds neither what the affiliate gets nor what the advertiser pays: write the amounts, or take it out")
		return
	}
	unit := " " + text("currency")
	if text("type") == "percent" {
		unit = " percent"
	}
	amount := func(name string) string {
		if text(name) == "" {
			return "nothing that is known"
		}
		amount := strings.TrimSpace(strings.TrimSuffix(text(name), "%") + unit)
		if from := r.made(name).From; from > 0 && from <= len(r.origin.Header) {
			amount += " (" + r.sourceOf(from, "") + ", " + r.origin.Place(from-1, r.row.Number) + ")"
		}
		return amount
	}
	level, code := sheet.LevelInfo, CodeCarried
	if text("revenue") == "" || text("total") == "" {
		level, code = sheet.LevelWarning, CodeDecision
	}
	r.flaw(level, code, -1, "revenue", fmt.Sprintf("the affiliate gets %s, the advertiser pays %s", amount("revenue"), amount("total")))
}

// made is the cell of our row that a column has got so far; blank for none.
func (r *reader) made(name string) sheet.Cell {
	for i, c := range r.rec.columns {
		if c.column.Name == name {
			return r.cells[r.rec.filled[i]]
		}
	}
	return sheet.Cell{}
}

// holds tells whether a condition holds on the row; none always does.
func (r *reader) holds(p *program) bool {
	if p == nil {
		return true
	}
	result, ok := r.run(p, "")
	return ok && result == true
}

// run evaluates an expression on the row; a failure is an error of the row.
func (r *reader) run(p *program, column string) (any, bool) {
	result, err := r.eval.run(p, r.text)
	if err != nil {
		r.failed(p, column, err)
		return nil, false
	}
	return result, true
}

func (r *reader) failed(p *program, column string, err error) {
	place := -1
	if len(p.columns) > 0 {
		place = p.columns[0]
	}
	r.flaw(sheet.LevelError, codeFailed, place, column, fmt.Sprintf("an expression of the profile failed on this row: %v", err))
}

// level is how bad an outcome is.
func (o outcome) level() sheet.Level {
	switch {
	case o.error:
		return sheet.LevelError
	case o.code == CodeCarried:
		return sheet.LevelInfo
	}
	return sheet.LevelWarning
}

// flaw notes a message about the cell at a place of the row, or about the row
// as a whole where place is -1.
func (r *reader) flaw(level sheet.Level, code string, place int, column, text string) {
	from := 0
	if place >= 0 {
		from = r.columns[place] + 1
	}
	r.flawAt(level, code, from, column, text)
}

// flawAt is flaw with a column of the file, counted from 1; 0 for none.
func (r *reader) flawAt(level sheet.Level, code string, from int, column, text string) {
	if r.opts.Strict && (code == CodeChanged || code == CodeLost || code == CodeDecision) {
		level = sheet.LevelError
	}
	m := sheet.Message{Level: level, File: r.origin.File, Sheet: r.origin.Sheet, Column: column, Code: code, Text: text}
	m.Cell = r.origin.Place(from-1, r.row.Number)
	r.flaws = append(r.flaws, m)
}
