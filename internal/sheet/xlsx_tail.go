package sheet

import (
	"bytes"
	"fmt"
	"slices"
)

// span is a run of rows or columns, both ends in it.
type span struct{ first, last int }

// area is a range of cells, columns counted from 0 and rows from 1.
type area struct{ left, top, right, bottom int }

func (a area) String() string { return Address(a.left, a.top) + ":" + Address(a.right, a.bottom) }

// parseArea reads A1:B2, or A1 alone. Some programs write the range of a filter
// as $A$1:$B$2, and LibreOffice one over whole columns as A:B.
func parseArea(ref []byte) (area, error) {
	from, to, pair := bytes.Cut(bytes.ReplaceAll(ref, []byte("$"), nil), []byte(":"))
	switch {
	case !pair:
		to = from
	case !bytes.ContainsAny(from, "0123456789") && !bytes.ContainsAny(to, "0123456789"):
		from, to = fmt.Appendf(nil, "%s1", from), fmt.Appendf(nil, "%s%d", to, excelRows)
	}
	a := area{}
	a.left, a.top = parseAddress(from)
	a.right, a.bottom = parseAddress(to)
	if a.left < 0 || a.right < a.left || a.bottom < a.top || a.right >= excelColumns || a.bottom > excelRows {
		return area{}, &xmlError{text: fmt.Sprintf("%q is no range of cells", ref)}
	}
	return a, nil
}

// sheetTail is what stands behind a sheet's rows and changes what they mean.
type sheetTail struct {
	merges  []area
	filters []area // those that hide rows
	lists   []string
	links   *cellLinks // nil where nobody asks for them
}

// Bounds of a sheet's lists that are kept in memory.
const (
	maxMerges = 250_000
	maxTables = 1_000
)

// read takes in the child of a worksheet that has just begun.
func (t *sheetTail) read(x *xmlReader) error {
	switch string(x.name) {
	case "mergeCells":
		return x.children(func() error {
			a, err := parseArea(x.attr("ref"))
			if err != nil {
				return err
			}
			if len(t.merges) == maxMerges {
				return &xmlError{text: fmt.Sprintf("it has more than %d merged cells", maxMerges)}
			}
			t.merges = append(t.merges, a)
			return x.skip()
		})
	case "autoFilter":
		a, active, err := readFilter(x)
		if active && len(t.filters) < maxTables {
			t.filters = append(t.filters, a)
		}
		return err
	case "hyperlinks":
		if t.links == nil {
			return x.skip()
		}
		return x.children(func() error {
			t.links.take(x)
			return x.skip()
		})
	case "tableParts":
		return x.children(func() error {
			if len(t.lists) == maxTables {
				return &xmlError{text: fmt.Sprintf("it has more than %d tables", maxTables)}
			}
			t.lists = append(t.lists, string(x.foreignAttr("id")))
			return x.skip()
		})
	}
	return x.skip()
}

// readFilter reads the autoFilter that has just begun; it is active where it
// tests a column. One whose range cannot be read has the whole sheet: it decides
// no more than how a note is worded.
func readFilter(x *xmlReader) (a area, active bool, err error) {
	if a, err = parseArea(x.attr("ref")); err != nil {
		a = area{right: excelColumns - 1, bottom: excelRows}
	}
	err = x.children(func() error {
		active = active || string(x.name) == "filterColumn"
		return x.skip()
	})
	return a, active, err
}

// listArea is a range formatted as a table.
type listArea struct {
	area   area
	totals int // rows at its bottom that sum up the others
	filter bool
}

// readLists reads the tables that the sheet's tail names.
func (s *sheetPart) readLists() ([]listArea, error) {
	if len(s.tail.lists) == 0 {
		return nil, nil
	}
	links, err := s.wb.zip.relations(s.part)
	if err != nil {
		return nil, err
	}
	lists := make([]listArea, len(s.tail.lists))
	for i, id := range s.tail.lists {
		at := slices.IndexFunc(links, func(l relation) bool { return l.id == id && s.wb.zip.has(l.part) })
		if at < 0 {
			return nil, s.wb.zip.damaged(fmt.Sprintf("a table of its sheet %s is missing", s.name))
		}
		if err := s.wb.zip.scan(links[at].part, lists[i].read); err != nil {
			return nil, err
		}
	}
	return lists, nil
}

func (l *listArea) read(x *xmlReader) (err error) {
	l.totals, _ = smallInt(x.attr("totalsRowCount"))
	if l.area, err = parseArea(x.attr("ref")); err != nil {
		return err
	}
	return x.children(func() error {
		if string(x.name) != "autoFilter" {
			return x.skip()
		}
		_, active, err := readFilter(x)
		l.filter = active
		return err
	})
}

// isTotal tells whether a row sums up a table above it.
func (s *sheetPart) isTotal(row int) bool {
	for _, l := range s.lists {
		if row <= l.area.bottom && row > l.area.bottom-l.totals {
			return true
		}
	}
	return false
}

// filtered tells whether a hidden row is hidden by a filter.
func (s *sheetPart) filtered(row int) bool {
	for _, f := range s.tail.filters {
		if f.top < row && row <= f.bottom {
			return true
		}
	}
	for _, l := range s.lists {
		if l.filter && l.area.top < row && row <= l.area.bottom {
			return true
		}
	}
	return false
}

// mergeCover tells for the cells of one row after the other which lie beneath a
// merged one.
type mergeCover struct {
	areas  []area // of the sheet, in any order
	byTop  []area
	next   int
	latest []area // by column, the last that began there
}

// enter moves on to a row.
func (m *mergeCover) enter(row int) error {
	if len(m.areas) == 0 {
		return nil
	}
	if m.byTop == nil {
		m.byTop = slices.Clone(m.areas)
		slices.SortFunc(m.byTop, func(a, b area) int { return a.top - b.top })
		m.byTop = slices.Compact(m.byTop)
	}
	for ; m.next < len(m.byTop) && m.byTop[m.next].top <= row; m.next++ {
		if err := m.begin(m.byTop[m.next]); err != nil {
			return err
		}
	}
	return nil
}

func (m *mergeCover) begin(a area) error {
	if grow := a.right + 1 - len(m.latest); grow > 0 {
		m.latest = append(m.latest, make([]area, grow)...)
	}
	for col := a.left; col <= a.right; col++ {
		if old := m.latest[col]; old.bottom >= a.top {
			return &cellFault{a.String(), fmt.Sprintf("is merged, and so is %s, which overlaps it", old)}
		}
		m.latest[col] = a
	}
	return nil
}

// at is the merged area over a cell of the row entered last.
func (m *mergeCover) at(col, row int) (area, bool) {
	if col >= len(m.latest) {
		return area{}, false
	}
	a := m.latest[col]
	return a, a.top <= row && row <= a.bottom
}

// covers tells whether a cell lies beneath a merged one, so that nobody sees it.
func (m *mergeCover) covers(col, row int) bool {
	a, ok := m.at(col, row)
	return ok && (a.left != col || a.top != row)
}

// tallAt is the merged area over several rows that begins at a cell.
func (m *mergeCover) tallAt(col, row int) (area, bool) {
	a, ok := m.at(col, row)
	return a, ok && a.left == col && a.top == row && a.bottom > a.top
}

func indexFrom(b []byte, word string, from int) int {
	i := bytes.Index(b[from:], []byte(word))
	if i < 0 {
		return i
	}
	return from + i
}

// isZero tells whether a size is nothing.
func isZero(b []byte) bool {
	return len(b) > 0 && len(bytes.Trim(b, "0.")) == 0
}
