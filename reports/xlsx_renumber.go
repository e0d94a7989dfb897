package reports

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
)

// renumber says where the rows of a sheet go of which only some stay: all down
// to the header, and of those below it the ones that are listed.
type renumber struct {
	header int
	kept   []int32 // rows of the input, sorted
}

// row is a row's new number.
func (r *renumber) row(row int) (int, bool) {
	if row <= r.header {
		return row, true
	}
	i, ok := place(r.kept, row, func(row int32) int32 { return row })
	return r.header + 1 + i, ok
}

// last is the last row that stays.
func (r *renumber) last() int { return r.header + len(r.kept) }

// rows maps the rows from first to last; none are left where ok is false.
func (r *renumber) rows(first, last int) (from, to int, ok bool) {
	from, exact := r.row(first)
	if !exact { // the first that stays below
		i, _ := slices.BinarySearch(r.kept, int32(first))
		from = r.header + 1 + i
	}
	to, exact = r.row(last)
	if !exact {
		to-- // the place at which it would stand
	}
	return from, to, from <= to
}

// ref maps a cell or a range; blank where nothing of it stays.
func (r *renumber) ref(ref string) string {
	from, to, isRange := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !isRange {
		to = from
	}
	first, last := rowOf(from), rowOf(to)
	if first == 0 || last == 0 {
		return ref // whole columns
	}
	first, last, ok := r.rows(first, last)
	if !ok {
		return ""
	}
	a, b := sheet.Address(columnOf([]byte(from)), first), sheet.Address(columnOf([]byte(to)), last)
	if !isRange {
		return a
	}
	return a + ":" + b
}

// wide maps the areas of a rule. One that begins at or above the first row of
// data stays as it is, so that it holds for rows that are added; rest is whether
// others, which moved, are among them.
func (r *renumber) wide(areas string) (out string, moved bool) {
	var kept []string
	for _, area := range strings.Fields(areas) {
		from, _, _ := strings.Cut(area, ":")
		if rowOf(from) <= r.header+1 {
			kept = append(kept, area)
			continue
		}
		moved = true
		if ref := r.ref(area); ref != "" {
			kept = append(kept, ref)
		}
	}
	return strings.Join(kept, " "), moved
}

// editorOf is what changes an element of a sheet whose rows moved.
func (r *renumber) editorOf(name string) func([]byte) []byte {
	switch name {
	case "mergeCells":
		return func(raw []byte) []byte { return editList(raw, "mergeCell", "ref", r.merge) }
	case "dataValidations":
		return func(raw []byte) []byte { return editList(raw, "dataValidation", "sqref", r.rule) }
	case "autoFilter":
		return emptied
	case "sortState", "rowBreaks", "ignoredErrors", "cellWatches":
		return func([]byte) []byte { return nil } // of rows that are gone, and nothing that is missed
	}
	return nil
}

// merge maps a merged area; one cell is none.
func (r *renumber) merge(element []byte) string {
	ref := r.ref(attr(element, "ref"))
	if from, to, ok := strings.Cut(ref, ":"); !ok || from == to {
		return ""
	}
	return ref
}

// rule maps the areas of a rule. One whose areas moved and whose formula counts
// from their first cell would say something else: it goes.
func (r *renumber) rule(element []byte) string {
	areas, moved := r.wide(attr(element, "sqref"))
	if moved && hasRelativeRow(element) {
		return ""
	}
	return areas
}

// hasRelativeRow tells whether a formula within an element names a row without $.
func hasRelativeRow(element []byte) bool {
	inFormula := false
	for s := scanBytes(element); ; {
		t, err := s.next()
		if err != nil {
			return false
		}
		switch {
		case t.kind == tokStart:
			inFormula = bytes.HasPrefix(t.name, []byte("formula"))
		case t.kind == tokEnd:
			inFormula = false
		case inFormula && relativeRow().Match(t.raw):
			return true
		}
	}
}

func relativeRow() *regexp.Regexp { return regexp.MustCompile(`\b\$?[A-Z]{1,3}[0-9]`) }

func (r *renumber) formatting(raw []byte) []byte {
	areas := r.rule(raw)
	if areas == "" {
		return nil
	}
	end := bytes.IndexByte(raw, '>') + 1
	return concat(setAttr(raw[:end], "sqref", areas), raw[end:])
}

// editList maps an attribute of every item of a list and leaves out those for which
// nothing is left; an empty list goes as a whole.
func editList(raw []byte, item, name string, change func([]byte) string) []byte {
	var out bytes.Buffer
	var head []byte
	n := 0
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		switch {
		case head == nil:
			head = t.raw
		case t.opens(item):
			tag, size := t.raw, len(t.raw)
			element := wholeElement(s, t)
			if value := change(element); value != "" {
				n++
				if name[0] != ':' {
					tag = setAttr(tag, name, value)
				}
				out.Write(tag)
				out.Write(element[size:])
			}
		default:
			out.Write(t.raw)
		}
	}
	if n == 0 {
		return nil
	}
	if attr(head, "count") != "" {
		head = setAttr(head, "count", strconv.Itoa(n))
	}
	return concat(head, out.Bytes())
}

// emptied is an element without its children: a filter that hides nothing.
func emptied(raw []byte) []byte {
	end := bytes.IndexByte(raw, '>')
	if raw[end-1] == '/' {
		return raw
	}
	return concat(raw[:end], []byte("/>"))
}

// view moves what is scrolled to and selected to the first row below the header.
func (r *renumber) view(tag []byte) []byte {
	for _, name := range []string{"topLeftCell", "activeCell", "sqref"} {
		ref := attr(tag, name)
		if from, _, _ := strings.Cut(ref, ":"); ref != "" && rowOf(strings.Fields(from)[0]) > r.header {
			tag = setAttr(tag, name, sheet.Address(max(columnOf([]byte(from)), 0), r.header+1))
		}
	}
	return tag
}

// threads moves threaded comments.
func (r *renumber) threads(raw []byte) []byte {
	var out bytes.Buffer
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return out.Bytes()
		}
		if !t.opens("threadedComment") {
			out.Write(t.raw)
			continue
		}
		tag := t.raw
		element := wholeElement(s, t)
		if ref := r.ref(attr(tag, "ref")); ref != "" {
			out.Write(setAttr(tag, "ref", ref))
			out.Write(element[len(tag):])
		}
	}
}

// table fits a table to the rows that are left: its header and at least one row
// below it. It is nil where the table stood below our own. Filters and a row of
// totals go.
func (r *renumber) table(raw []byte) []byte {
	ref := ""
	var out bytes.Buffer
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return out.Bytes()
		}
		switch {
		case t.opens("table"):
			if ref = r.tableRef(attr(t.raw, "ref")); ref == "" {
				return nil
			}
			out.Write(dropAttr(setAttr(t.raw, "ref", ref), "totalsRowCount"))
		case t.opens("autoFilter"):
			out.Write(emptied(setAttr(wholeElement(s, t), "ref", ref)))
		case t.opens("sortState"):
			_ = skipElement(s, t)
		default:
			out.Write(t.raw)
		}
	}
}

func (r *renumber) tableRef(ref string) string {
	from, to, _ := strings.Cut(ref, ":")
	first, last := rowOf(from), rowOf(to)
	if first > r.header || to == "" {
		return ""
	}
	if last > r.header {
		_, last, _ = r.rows(first, last)
		last = max(last, first+1, r.header+1)
	}
	return sheet.Address(columnOf([]byte(from)), first) + ":" + sheet.Address(columnOf([]byte(to)), last)
}
