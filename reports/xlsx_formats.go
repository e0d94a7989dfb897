package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
)

// A user's conditional format lies above the fill of a cell. Where one covers a
// wrong cell, that cell gets a conditional format of ours before it: first in the
// sheet, which LibreOffice goes by, and of the first priority, which Excel goes
// by. Theirs stay as they are but for the numbers of their priorities.

// The ranges of marks that get such a format, in all and in one element: with
// more of them a spreadsheet becomes slow, and the fills are there all the same.
const (
	maxFormatted   = 20000
	formattedRange = 200
)

// formats are the sheet's conditional formats until the last of them is read.
type formats struct {
	theirs [][]byte
	ours   int // so many elements of ours were written, by which the priorities of theirs moved
}

// holdFormat takes up an element of the sheet that [sheetWriter.writeFormats] writes.
func (w *sheetWriter) holdFormat(raw []byte) {
	if w.book.styles.isOurFormat(raw) {
		return // of an earlier report
	}
	if w.sheetJob.rows != nil {
		if raw = w.sheetJob.rows.formatting(raw); raw == nil {
			return
		}
	}
	w.formats.theirs = append(w.formats.theirs, raw)
}

// writeFormats writes the sheet's conditional formats, ours before the others.
func (w *sheetWriter) writeFormats(out *bytes.Buffer) {
	theirs := w.formats.theirs
	w.formats.theirs = nil
	isPivot := func(raw []byte) bool { return bytes.Contains(raw, []byte("pivot=")) } // known by its priority elsewhere
	if w.table != nil && len(theirs) > 0 && !slices.ContainsFunc(theirs, isPivot) {
		w.writeOurFormats(out, theirs)
	}
	for _, raw := range theirs {
		out.Write(w.moveRules(raw))
	}
}

// moveRules makes room for the priorities of ours.
func (w *sheetWriter) moveRules(raw []byte) []byte {
	if w.formats.ours == 0 || !bytes.Contains(raw, []byte("cfRule")) {
		return raw
	}
	var out bytes.Buffer
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return out.Bytes()
		}
		if n, ok := intAttr(t.raw, "priority"); ok && t.opens("cfRule") {
			t.raw = setAttr(t.raw, "priority", strconv.Itoa(n+w.formats.ours))
		}
		out.Write(t.raw)
	}
}

// writeOurFormats writes ours for the marked cells that are within theirs.
func (w *sheetWriter) writeOurFormats(out *bytes.Buffer, theirs [][]byte) {
	var areas []cellArea
	for _, raw := range theirs {
		for _, ref := range strings.Fields(attr(firstTag(string(raw)), "sqref")) {
			areas = append(areas, areaOf(ref))
		}
	}
	p := w.found.prefix
	for lv, refs := range w.formatted(areas) {
		for part := range slices.Chunk(refs, formattedRange) {
			w.formats.ours++
			fmt.Fprintf(out, `<%[1]sconditionalFormatting sqref="%[2]s"><%[1]scfRule type="expression" dxfId="%[3]d" priority="%[4]d">`+
				`<%[1]sformula>TRUE</%[1]sformula></%[1]scfRule></%[1]sconditionalFormatting>`,
				p, strings.Join(part, " "), w.book.styles.markFormat(level(lv)), w.formats.ours)
		}
	}
}

// cellArea is a range of cells; columns are counted from 0.
type cellArea struct{ left, top, right, bottom int }

// areaOf is the area of A1:B9, A1 or A:B.
func areaOf(ref string) cellArea {
	from, to, isRange := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !isRange {
		to = from
	}
	a := cellArea{columnOf([]byte(from)), rowOf(from), columnOf([]byte(to)), rowOf(to)}
	if a.bottom == 0 {
		a.bottom = lastRow
	}
	return a
}

// lastRow is the last row that a sheet can have.
const lastRow = 1 << 20

// formatted are the ranges of marked cells within some areas, by level.
func (w *sheetWriter) formatted(areas []cellArea) (refs [levelError + 1][]string) {
	open := map[int32]cellArea{} // by column, the range that still grows
	levels := map[int32]level{}
	n := 0
	end := func(col int32) {
		a, ok := open[col]
		if delete(open, col); !ok || n == maxFormatted {
			return
		}
		ref := sheet.Address(a.left, a.top)
		if a.bottom > a.top {
			ref += ":" + sheet.Address(a.left, a.bottom)
		}
		refs[levels[col]] = append(refs[levels[col]], ref)
		n++
	}
	for i, m := range w.table.marks {
		row, keep := w.newRow(int(m.row))
		if !keep || i > 0 && m.row == w.table.marks[i-1].row {
			continue
		}
		for _, m := range w.marksOf(int(m.row)) {
			within := func(a cellArea) bool {
				return a.left <= int(m.col) && int(m.col) <= a.right && a.top <= row && row <= a.bottom
			}
			if w.isResult(int(m.col)) || !slices.ContainsFunc(areas, within) {
				continue
			}
			if a, ok := open[m.col]; ok && a.bottom == row-1 && levels[m.col] == m.level {
				a.bottom = row
				open[m.col] = a
				continue
			}
			end(m.col)
			open[m.col], levels[m.col] = cellArea{int(m.col), row, int(m.col), row}, m.level
		}
	}
	for col := range open {
		end(col)
	}
	for _, list := range refs {
		slices.SortStableFunc(list, byAddress)
	}
	return refs
}

// byAddress orders ranges by their first rows, those of one row by column, so that
// a report is the same however often it is made.
func byAddress(a, b string) int {
	x, y := areaOf(a), areaOf(b)
	return (x.top-y.top)*1<<15 + x.left - y.left
}

// markFormat is the number of the format that a mark has above others: its fill,
// and a text that can be read on it whatever colour theirs gives it.
func (b *styleBook) markFormat(lv level) int {
	p := b.prefix
	dxf := fmt.Sprintf(`<%[1]sdxf><%[1]sfont><%[1]scolor rgb="FF000000"/></%[1]sfont><%[1]sfill><%[1]spatternFill patternType="solid">`+
		`<%[1]sfgColor rgb="%[2]s"/><%[1]sbgColor rgb="%[2]s"/></%[1]spatternFill></%[1]sfill></%[1]sdxf>`, p, markFill(lv, false))
	if i := slices.Index(b.lists["dxfs"].items, dxf); i >= 0 {
		return i
	}
	return b.lists["dxfs"].add(dxf)
}

// isOurFormat tells whether a conditional format is of an earlier report.
func (b *styleBook) isOurFormat(raw []byte) bool {
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return false
		}
		if i, ok := intAttr(t.raw, "dxfId"); ok && t.opens("cfRule") && i < len(b.lists["dxfs"].items) {
			return isMarkFill(b.lists["dxfs"].items[i])
		}
	}
}
