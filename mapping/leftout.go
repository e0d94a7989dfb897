package mapping

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// leftOut tells of a row below the column names that is no offer and no child: the
// template's example, a sum, a remark. ok is false for any other row. Flat are the
// bindings of the children that stand in it.
func (b *binding) leftOut(row sheet.Row, rec *record, key string, flat []*binding, creates bool) (m sheet.Message, ok bool) {
	if len(row.Flaws) > 0 && !isExample(key) || b.table.Origin != nil && !isExample(key) {
		return m, false
	}
	m = rec.message(sheet.LevelWarning, codeNoOffer, -1, "")
	switch {
	case isExample(key) && b.part > 0 && b.table.Origin == nil && !rec.asExample():
		return m, false // a row that was written over it, or copied from it
	case isExample(key):
		m.Level, m.Code, m.Text = sheet.LevelInfo, codeExample, "the template's example row was left out"
		if b.part == 0 && !rec.asExample() {
			m.Level = sheet.LevelWarning
			m.Text = fmt.Sprintf("the row is called %s and is not sent, but it is not the template's example any more: give it a key of its own in %s",
				ExampleKey, schemaRules().key.Name)
		}
		return m, true
	case rec.filled == 0 && !slices.ContainsFunc(flat, func(f *binding) bool { return f.holds(row) }):
		m.Text = fmt.Sprintf("the row was not read: it has nothing in the columns of %s", b.def.Sheet)
		return m, true
	case !creates:
		return m, false
	case isSum(row.Cells):
		m.Text = "the row was not read: it looks like a sum of the rows above"
		return m, true
	}
	if text := b.remark(row.Cells); text != "" {
		m.Text = fmt.Sprintf("the row was not read: %s stands alone in it, as a remark does", quote(text))
		return m, true
	}
	return m, false
}

// holds tells whether a row has something in the binding's columns.
func (b *binding) holds(row sheet.Row) bool {
	return slices.ContainsFunc(b.columns, func(c bound) bool {
		cell := row.Cell(c.from)
		return cell.Kind != sheet.Blank && !blank(cell.Text)
	})
}

// asExample tells whether an offer's row still is of what the template's is of, and
// whether a child's still holds what the template's holds.
func (r *record) asExample() bool {
	differs := func(col *affise.Column) bool {
		c := r.of(col)
		return c != nil && clean(c.Text).text != col.Example && !(plainAmount(c.Text) && plainAmount(col.Example) && compare(c.Text, col.Example) == 0)
	}
	if r.bind.part == 0 {
		return !slices.ContainsFunc(schemaRules().identity, differs)
	}
	return !slices.ContainsFunc(r.bind.columns, func(c bound) bool { return c.col.Kind != affise.KindParent && differs(c.col) })
}

// isSum tells whether a row consists of a word such as Total, and of numbers.
func isSum(cells []sheet.Cell) bool {
	if slices.ContainsFunc(cells, func(c sheet.Cell) bool { return strings.Contains(c.Text, "://") }) {
		return false // nearly every row: told before its words are looked at
	}
	word, numbers := false, false
	for _, c := range cells {
		switch {
		case c.Kind == sheet.Blank || blank(c.Text):
		case c.Kind == sheet.Text && saysSum(c.Text):
			word = true
		case !strings.ContainsAny(c.Text, "0123456789"):
			return false
		default:
			numbers = true
		}
	}
	return word && numbers
}

func saysSum(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	return len(words) > 0 && len(words) < 4 && slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme", "somme", "totale", "suma", "итого", "всего", "сумма"}, w)
	})
}

// remark is the text of a row that holds nothing else, blank where it may be an
// offer or a child that somebody has begun: a title, a key.
func (b *binding) remark(cells []sheet.Cell) string {
	only := -1
	for i, c := range cells {
		if c.Kind == sheet.Blank || blank(c.Text) {
			continue
		}
		if only >= 0 {
			return ""
		}
		only = i
	}
	if only < 0 || cells[only].Kind != sheet.Text {
		return ""
	}
	text := strings.TrimSpace(cells[only].Text)
	book := schemaRules()
	in := func(cols ...*affise.Column) bool {
		return slices.ContainsFunc(b.columns, func(c bound) bool { return c.from == only && slices.Contains(cols, c.col) })
	}
	isKey := in(book.key, book.ref) || b.parent() >= 0 && b.columns[b.parent()].from == only
	several := strings.ContainsFunc(text, unicode.IsSpace)
	switch {
	case len(b.columns) < 2, b.part == 0 && in(book.title), strings.Contains(text, "://"):
		return ""
	case isKey && !several, !several && strings.ContainsAny(text, "0123456789"):
		return ""
	}
	return text
}
