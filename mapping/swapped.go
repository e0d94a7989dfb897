package mapping

import (
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// Two columns whose names, or whose values, stand in each other's place. Told
// value by value that is a heap of mistakes; told as what it is, one deed mends it.

// tally counts a table's payouts that name both amounts, and those of them by
// which the affiliate gets more than the advertiser pays.
type tally struct {
	total, revenue  int // the table's columns, where it has both; else they are one
	payouts, losses int
}

func newTally(b *binding) (t tally) {
	book := schemaRules()
	if b.part == book.payouts && b.place(book.total) >= 0 && b.place(book.revenue) >= 0 {
		t.total, t.revenue = b.columns[b.place(book.total)].from, b.columns[b.place(book.revenue)].from
	}
	return t
}

// fewLosses is how many payouts at a loss may each be meant.
const fewLosses = 3

// swapped tells whether the two amounts are in each other's column: a loss in most
// rows is not a matter of single ones.
func (t *tally) swapped() bool { return t.losses >= fewLosses && 2*t.losses > t.payouts }

// weigh takes a row's amounts up into the tally of a binding of payouts.
func (e *env) weigh(b *binding, row sheet.Row) {
	t := &b.tally
	if t.total == t.revenue || max(t.total, t.revenue) >= len(row.Cells) {
		return
	}
	total, revenue := e.amountIn(b, &row.Cells[t.total]), e.amountIn(b, &row.Cells[t.revenue])
	if total == "" || revenue == "" {
		return
	}
	t.payouts++
	if compare(revenue, total) > 0 {
		t.losses++
	}
}

// amountIn is the amount in a cell, blank where none can be read.
func (e *env) amountIn(b *binding, raw *sheet.Cell) string {
	if plainAmount(raw.Text) || raw.Kind == sheet.Blank {
		return raw.Text
	}
	c := cell{env: e, rec: &record{bind: b}, raw: raw}
	a, _ := readAmount(raw.Text, c.decimal())
	return a.number
}

// swappedAmounts is what is said at each payout of a table in which most are at a
// loss: the same of all, so that they are told as one.
func (b *binding) swappedAmounts() string {
	book := schemaRules()
	total, revenue := b.nameOf(book.total), b.nameOf(book.revenue)
	how := "look at what the profile takes them from"
	if b.table.Origin == nil {
		how = "swap the names of the two columns"
		if b.table.HeaderRow > 0 {
			how += fmt.Sprintf(" (%s and %s)", b.headerCell(book.total), b.headerCell(book.revenue))
		}
	}
	return fmt.Sprintf("%s (what the affiliate gets) is above %s (what the advertiser pays) in %d of %d rows, so the two look swapped and these are not sent: %s; where a loss is meant, start with --allow-loss",
		revenue, total, b.tally.losses, b.tally.payouts, how)
}

// headerCell is the cell that holds a bound column's name.
func (b *binding) headerCell(col *affise.Column) string {
	return sheet.Address(b.columns[b.place(col)].from, b.table.HeaderRow)
}

// exchanges finds the pairs of cells of a row that was read which hold each
// other's values. They are sure where they leave hardly another mistake: in a row
// that stands off, each cell may fit beside by chance.
func (a *assembly) exchanges(r *values) (pairs [][2]int, sure bool) {
	if r.rec.bind.table.Origin != nil {
		return nil, false
	}
	var done []int
	mistaken := 0
	for i := range r.fields {
		if r.fields[i].state != wrong || slices.Contains(done, i) {
			continue
		}
		mistaken++
		for j := range r.fields {
			if !slices.Contains(done, j) && a.exchanged(r, i, j) {
				done = append(done, i, j)
				pairs = append(pairs, [2]int{min(i, j), max(i, j)})
				mistaken--
				break
			}
		}
	}
	return pairs, len(pairs) > 0 && mistaken <= len(pairs)
}

// place tells how far a row stands off that was read, with its flat children, or
// says of its cells since that they hold each other's values.
func (a *assembly) place(r *values, flat []record, since int) offset {
	if !slices.ContainsFunc(r.fields, func(f field) bool { return f.state == wrong }) {
		return offset{} // as nearly all
	}
	if pairs, sure := a.exchanges(r); sure {
		a.tellExchanges(r, pairs, since)
		return offset{}
	}
	return a.shifted(r, flat)
}

// tellExchanges says it of each pair in place of what was said of its cells since.
func (a *assembly) tellExchanges(r *values, pairs [][2]int, since int) {
	for _, p := range pairs {
		a.unsay(r.rec, since, p[0], p[1])
		a.add(r.rec.message(sheet.LevelError, codeSwapped, p[0], r.rec.exchange(p[0], p[1])))
	}
}

// exchanged tells whether two cells, of which the first is wrong, each hold what
// the other's column takes. A text may hold anything, so there it takes an id to
// be sure.
func (a *assembly) exchanged(r *values, i, j int) bool {
	one, two := cellOf{rec: r.rec, place: i}, cellOf{rec: r.rec, place: j}
	if i == j || two.blank() || anyText(one.column()) || !a.fits(two, r.rec, i) {
		return false
	}
	if text := strings.TrimSpace(r.rec.cells[j].Text); anyText(two.column()) {
		return two.column().Kind == affise.KindText && len(text) == 24 && isHex(text)
	}
	return r.fields[j].state == wrong && a.fits(one, r.rec, j)
}

// unsay takes back what was said since of the cells at two places.
func (a *assembly) unsay(rec *record, since, i, j int) {
	first, second := rec.message("", "", i, ""), rec.message("", "", j, "")
	a.messages = append(a.messages[:since], slices.DeleteFunc(a.messages[since:], func(m sheet.Message) bool {
		return m.Sheet == first.Sheet && m.File == first.File && (m.Cell == first.Cell || m.Cell == second.Cell)
	})...)
}

// exchange says of two cells what to do with them, the same in each row.
func (r *record) exchange(i, j int) string {
	b := r.bind
	return fmt.Sprintf("%s (%s) and %s (%s) hold each other's values: swap the two cells, or the names of the columns where every row is so",
		b.columns[i].name, sheet.ColumnName(r.column(i)), b.columns[j].name, sheet.ColumnName(r.column(j)))
}
