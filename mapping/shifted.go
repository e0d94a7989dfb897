package mapping

import (
	"cmp"
	"fmt"
	"slices"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// A cell that was inserted or deleted moves the rest of its row into the columns
// beside its own. Each of its values is then wrong in a way of its own, and what
// helps is one move.

// offset says how far a row stands from where it belongs; the zero value stands
// right.
type offset struct {
	table *sheet.Table
	by    int // columns too far to the right; below 0: to the left
	col   int // of the table: the blank cell that moved the row, or the first that stands wrong
	row   int
}

// cellOf is a filled cell of a row with its column of ours.
type cellOf struct {
	rec      *record
	place    int
	from     int  // the table's column
	mistaken bool // it is no value of its column
}

// shifted tells how far an offer's row, or a child's, stands off: its flat
// children are in the same row.
func (a *assembly) shifted(r *values, flat []record) offset {
	if r.rec.bind.table.Origin != nil {
		return offset{}
	}
	cells, mistaken := a.rowCells(r, flat)
	if mistaken < fewMoved {
		return offset{}
	}
	slices.SortFunc(cells, func(x, y cellOf) int { return cmp.Compare(x.from, y.from) })
	for _, by := range []int{1, -1} {
		if at, ok := a.movedBy(cells, by); ok {
			return offset{r.rec.bind.table, by, at, r.rec.row}
		}
	}
	return offset{}
}

// fewMoved is how many cells that would fit beside make a row that stands off.
const fewMoved = 2

// rowCells are the cells of a row that was read and of its flat children, which
// were not, until the next call. Mistaken is how many of them are.
func (a *assembly) rowCells(r *values, flat []record) (cells []cellOf, mistaken int) {
	cells = a.cells[:0]
	add := func(rec *record, right func(place int) bool) {
		for place := range rec.cells {
			c := cellOf{rec: rec, place: place, from: rec.bind.columns[place].from}
			c.mistaken = !c.blank() && !right(place) && !a.fits(c, rec, place)
			if c.mistaken {
				mistaken++
			}
			cells = append(cells, c)
		}
	}
	add(r.rec, func(place int) bool { return r.fields[place].state != wrong })
	for i := range flat {
		rec := &flat[i]
		if rec.bind.number > 0 && rec.bind.table == r.rec.bind.table && rec.row == r.rec.row {
			above := a.above[rec.bind]
			add(rec, func(place int) bool { return above != nil && above[place].is(&rec.cells[place], rec.textAt(place)) })
		}
	}
	a.cells = cells
	return cells, mistaken
}

// movedBy tells whether cells stand so many columns off: two at least fit the
// column there and not their own, and hardly any other is wrong. at is the column
// at which that begins.
func (a *assembly) movedBy(cells []cellOf, by int) (at int, ok bool) {
	first, fit, mistaken := -1, 0, 0
	for i, c := range cells {
		if !c.mistaken {
			continue
		}
		mistaken++
		j := slices.IndexFunc(cells, func(o cellOf) bool { return o.from == c.from-by })
		if j < 0 {
			continue
		}
		there := cells[j]
		switch {
		case anyText(there.column()):
			mistaken-- // as likely as not
		case a.fits(c, there.rec, there.place):
			fit++
		default:
			continue
		}
		if first < 0 {
			first = i
		}
	}
	if fit < fewMoved || 3*fit < 2*mistaken {
		return 0, false
	}
	if by < 0 {
		return cells[first].from, true
	}
	for i := first; i >= 0; i-- {
		if cells[i].blank() {
			return cells[i].from, true
		}
	}
	return 0, false
}

func (c cellOf) blank() bool            { return c.rec.cells[c.place].Kind == sheet.Blank }
func (c cellOf) column() *affise.Column { return c.rec.bind.columns[c.place].col }

// anyText tells of columns that take nearly every text, so that what stands in
// them says nothing.
func anyText(col *affise.Column) bool {
	switch col.Kind {
	case affise.KindText, affise.KindParent, affise.KindLocal, affise.KindFile, affise.KindSubValues:
		return len(col.Allowed) == 0
	}
	return false
}

// fits tells whether a cell's value is one of a column.
func (a *assembly) fits(c cellOf, rec *record, place int) bool {
	raw := c.rec.cells[c.place]
	var told []sheet.Message
	var f field
	trial := cell{env: &a.m.env, rec: &record{bind: rec.bind, row: rec.row}, place: place, col: rec.bind.columns[place].col, raw: &raw, field: &f, out: &told, mute: true}
	trial.read(raw.Text)
	return f.state != wrong
}

// misplaced is the one message of a row that stands off.
func (r *record) misplaced(s offset) sheet.Message {
	return r.message(sheet.LevelError, codeShifted, -1, s.text(s.row))
}

// text says it of all rows up to the last; of one row alone without its number, so
// that rows of children, which do not stand together, are told as one.
func (s offset) text(last int) string {
	rows, cells := "this row stands", "its cell in "+sheet.ColumnName(s.col)
	if last > s.row {
		rows, cells = fmt.Sprintf("rows %d to %d stand", s.row, last), sheet.Address(s.col, s.row)+":"+sheet.Address(s.col, last)
	}
	if s.by > 0 {
		return fmt.Sprintf("%s one column too far to the right, from %s on: delete %s, and have the cells shifted left", rows, sheet.ColumnName(s.col), cells)
	}
	return fmt.Sprintf("%s one column too far to the left, from %s on: insert cells at %s, and have those behind shifted right", rows, sheet.ColumnName(s.col), cells)
}

// mostShifted is how many offers wait for the end of a block of rows that stand
// off.
const mostShifted = 5000

// shiftedBlock holds back the offers of rows that stand off alike, one below the
// other, so that each says it of all.
type shiftedBlock struct {
	offers []Offer
}

// takes tells whether an offer goes on the block.
func (b *shiftedBlock) takes(o Offer) bool {
	if o.shift.table == nil || len(b.offers) == mostShifted {
		return false
	}
	if len(b.offers) == 0 {
		return true
	}
	last := b.offers[len(b.offers)-1].shift
	return o.shift == offset{last.table, last.by, last.col, last.row + 1}
}

// end hands over what was held back.
func (b *shiftedBlock) end(yield func(Offer, error) bool) bool {
	held := b.offers
	b.offers = nil
	for _, o := range held {
		o.Messages[len(o.Messages)-1].Text = held[0].shift.text(held[len(held)-1].shift.row)
		if !yield(o, nil) {
			return false
		}
	}
	return true
}

// pass hands an offer over, or holds it back.
func (b *shiftedBlock) pass(o Offer, yield func(Offer, error) bool) bool {
	if b.takes(o) {
		b.offers = append(b.offers, o)
		return true
	}
	if !b.end(yield) {
		return false
	}
	if b.takes(o) {
		b.offers = append(b.offers, o)
		return true
	}
	return yield(o, nil)
}
