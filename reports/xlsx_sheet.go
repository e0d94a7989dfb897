package reports

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// splice copies the sheet to out with the results written into it. Whatever is
// not touched is copied byte for byte, known or not.
func (j *sheetJob) splice(out io.Writer) (err error) {
	r, err := j.source()
	if err != nil {
		return err
	}
	defer r.Close()
	w := &sheetWriter{sheetJob: j, s: newScanner(r), out: out,
		line: rowWriter{tags: newRowTags(j.found.prefix), values: j.rows != nil, out: &bytes.Buffer{}}}
	w.rows = newRowReader(w.s)
	w.tidy, w.times = w.areTidy(), j.book.stamps()
	for _, s := range statuses() {
		w.statuses = append(w.statuses, newPhrase(string(s), nil))
	}
	if j.table != nil && j.table.relay != nil && !j.book.failed {
		w.next = newBehind(j.table.relay.w, relayPieces)
		defer func() {
			_ = w.next.close() // the other report says itself what went wrong
			j.table.relay.w.CloseWithError(err)
		}()
	}
	return w.copy()
}

// source is where the sheet is read from.
func (j *sheetJob) source() (io.ReadCloser, error) {
	if j.isRelayed() {
		return j.table.relay.r, nil
	}
	part, err := j.book.pack.open(j.part)
	if err != nil {
		return nil, err
	}
	return newBefore(part), nil
}

// isRelayed tells whether the rows come from the results, which copies them at
// the same time.
func (j *sheetJob) isRelayed() bool { return j.book.failed && j.table != nil && j.table.relay != nil }

// sheetWriter is one pass over a sheet.
type sheetWriter struct {
	*sheetJob
	s     *scanner
	out   io.Writer
	rows  rowReader
	line  rowWriter
	edits []cellEdit
	marks []mark // of a row; see marksOf
	tidy  bool
	next  *behind // nil: the sheet is not handed on

	formats  formats
	statuses []*phrase // by status
	times    stamps
	when     *phrase // of the time that was written last

	hasCols, hasLinks, hasLegacy bool // seen, or no longer wanted
}

func (w *sheetWriter) copy() error {
	for {
		t, err := w.s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		w.s.hold(t)
		if err := w.copyPiece(t); err != nil {
			return err
		}
		w.s.release()
	}
}

// copyPiece copies a row or a child of the root, or a tag or text around them.
func (w *sheetWriter) copyPiece(t token) (err error) {
	depth := w.s.depth
	if t.kind == tokStart {
		depth--
	}
	switch {
	case t.opens("row") && rowDepth(w.s, t):
		return w.copyRow(t)
	case (t.kind == tokStart || t.kind == tokEmpty) && depth == 1:
		err = w.element(t)
	case t.kind == tokEnd && depth == 0:
		if err = w.insertBefore(""); err == nil {
			_, err = w.out.Write(t.raw)
		}
	default:
		_, err = w.out.Write(t.raw)
	}
	if err == nil && w.next != nil {
		_, err = w.next.Write(w.s.heldBytes())
	}
	return err
}

// handOn hands a row on that is wanted among the failed ones, with its number,
// which it cannot tell by its place any more.
func (w *sheetWriter) handOn(row, tagSize int) error {
	if row > w.table.HeaderRow && !w.table.hasFailed(row) {
		return nil
	}
	raw := w.s.heldBytes()
	tag := raw[:tagSize]
	if _, ok := intAttr(tag, "r"); !ok {
		tag = setAttr(tag, "r", strconv.Itoa(row))
	}
	w.next.Write(tag)
	_, err := w.next.Write(raw[tagSize:])
	return err
}

// copyRow copies one row, or leaves it out.
func (w *sheetWriter) copyRow(t token) error {
	was, tagSize := w.rows.numberOf(t), len(t.raw)
	number, keep := w.newRow(was)
	if !keep {
		return w.skip(t)
	}
	if w.table == nil { // nothing is said of its rows
		if err := w.skip(t); err != nil {
			return err
		}
		_, err := w.out.Write(w.s.heldBytes())
		return err
	}
	w.line.out.Reset()
	w.line.number = number
	w.line.unhide = w.sheetJob.rows != nil && was > w.table.HeaderRow
	done, err := false, error(nil)
	if w.tidy && was == number && was > w.table.HeaderRow && t.kind == tokStart {
		done, err = w.copyTidy(t)
	}
	if !done && err == nil {
		err = w.copyAny(t)
	}
	if err == nil {
		_, err = w.out.Write(w.line.out.Bytes())
	}
	if err == nil && w.next != nil {
		err = w.handOn(was, tagSize)
	}
	return err
}

func (w *sheetWriter) skip(t token) error {
	if err := w.rows.skip(t); err != nil {
		return &inputError{err}
	}
	return nil
}

// copyAny copies a row, however it is written.
func (w *sheetWriter) copyAny(t token) error {
	row, err := w.rows.read(t)
	if err != nil {
		return &inputError{err}
	}
	w.edits = w.edits[:0]
	if err := w.editRow(row); err != nil {
		return err
	}
	if w.found.stale {
		w.cleanRow(row)
	}
	w.line.write(row, w.edits)
	return nil
}

// areTidy tells whether rows may be copied by [sheetWriter.copyTidy]: all that is
// written into them but styles stands after their last cell.
func (w *sheetWriter) areTidy() bool {
	f := w.found
	return w.table != nil && f.tidy && !f.stale && !w.old && !(w.line.values && f.formulas) && (!w.isOffers() || slices.Min(w.cols[:]) > f.widest)
}

// copyTidy copies a row of a tidy sheet: nothing has to be known of it but where
// it ends, and where the cells with a problem are. It does nothing where one of
// these is missing.
func (w *sheetWriter) copyTidy(t token) (done bool, err error) {
	end := "</" + t.prefix() + "row>"
	n := w.s.rowEnd(end, plainRow)
	if n < 0 {
		return false, nil
	}
	raw := w.s.buf[w.s.held : w.s.pos+n]
	t.raw = raw[:w.s.heldSize()]
	w.edits = w.edits[:0]
	last := -1
	if w.isOffers() {
		last = w.cols[3]
		if err := w.resultEdits(w.line.number, nil); err != nil {
			return false, err
		}
	}
	w.line.writeTag(t, w.line.number, last)
	at := len(t.raw)
	for _, m := range w.marksOf(w.line.number) {
		from, to := w.line.find(raw[at:], int(m.col))
		if from < 0 {
			w.line.out.Reset()
			return false, nil
		}
		w.line.out.Write(raw[at : at+from])
		w.line.restyle(raw[at+from:at+to], func(style int) int { return w.book.styles.marked(style, m.level) })
		at += to
	}
	w.line.out.Write(raw[at:])
	w.line.addAll(w.edits, t)
	w.s.take(n + len(end))
	w.s.depth--
	return true, nil
}

// newRow is the number that a row gets in the report.
func (j *sheetJob) newRow(row int) (int, bool) {
	if j.rows == nil {
		return row, true
	}
	return j.rows.row(row)
}

// editRow collects what becomes of the row's cells.
func (w *sheetWriter) editRow(row *sheetRow) error {
	for _, m := range w.marksOf(row.number) {
		col := int(m.col)
		if w.isResult(col) {
			continue
		}
		w.edits = append(w.edits, cellEdit{col: col, style: w.book.styles.marked(w.baseStyle(row, col), m.level)})
	}
	if !w.table.isOffers() || row.number < w.table.HeaderRow {
		return nil
	}
	if row.number == w.table.HeaderRow {
		w.headEdits()
	} else if err := w.resultEdits(row.number, row); err != nil {
		return err
	}
	slices.SortFunc(w.edits, func(a, b cellEdit) int { return a.col - b.col })
	return nil
}

// marksOf are the marks of a row that stand on a cell, one a column, the worst
// of each. A mark on a whole row of a child sheet stands on its first cell; that
// of an offer stands in its message.
func (w *sheetWriter) marksOf(row int) []mark {
	out := w.marks[:0]
	for _, m := range w.table.marksOf(row) {
		if m.col < 0 && w.table.isOffers() && row > w.table.HeaderRow {
			continue
		}
		m.col = max(m.col, 0)
		if n := len(out); n > 0 && out[n-1].col == m.col {
			out[n-1].level = max(out[n-1].level, m.level)
			continue
		}
		out = append(out, m)
	}
	w.marks = out
	return out
}

func (w *sheetWriter) headEdits() {
	for i, name := range sheet.ResultColumns() {
		w.edits = append(w.edits, textEdit(w.cols[i], w.head, newPhrase(name, nil)))
	}
}

// resultEdits are the result columns of an offer's row. A row that is none gets
// nothing but what an earlier report wrote there is taken away; it is nil where
// there is nothing of the kind.
func (w *sheetWriter) resultEdits(number int, row *sheetRow) error {
	e, ok := w.table.offer(number)
	if !ok {
		for _, col := range w.cols {
			if row == nil {
				break
			}
			if _, there := row.cell(col); there {
				w.edits = append(w.edits, textEdit(col, 0, nil))
			}
		}
		return nil
	}
	text, err := w.book.texts.get(e.text)
	if err != nil {
		return err
	}
	if when := w.times.text(e.when); w.when.in(0) != when {
		w.when = newPhrase(when, nil)
	}
	st := w.book.resultStyles
	w.edits = append(w.edits,
		textEdit(w.cols[0], st.status[e.status], w.statuses[e.status]),
		w.idEdit(e),
		textEdit(w.cols[2], st.plain, text),
		textEdit(w.cols[3], st.plain, w.when))
	return nil
}

// idEdit is the cell with the offer's id: a number where a spreadsheet can hold
// it exactly. Past the number of links that a sheet may have, the link is a
// formula.
func (w *sheetWriter) idEdit(e entry) cellEdit {
	id := idText(e.id)
	if e.id == 0 {
		return textEdit(w.cols[1], w.book.resultStyles.plain, nil)
	}
	style := w.book.resultStyles.plain
	if w.book.opts.PanelURL != nil {
		style = w.book.resultStyles.link
	}
	if w.book.opts.PanelURL != nil && e.row > w.lastLink {
		return cellEdit{col: w.cols[1], style: style, replace: true, kind: "str", value: id,
			formula: `HYPERLINK("` + strings.ReplaceAll(w.book.opts.PanelURL(e.id), `"`, `""`) + `","` + id + `")`}
	}
	if len(id) > 15 {
		return textEdit(w.cols[1], style, newPhrase(id, nil))
	}
	return numberEdit(w.cols[1], style, id)
}

// cleanRow takes the fills of an earlier report away where nothing is wrong now.
func (w *sheetWriter) cleanRow(row *sheetRow) {
	n := len(w.edits)
	for _, c := range row.cells {
		if clean := w.book.styles.clean(c.style); clean != c.style &&
			!slices.ContainsFunc(w.edits[:n], func(e cellEdit) bool { return e.col == c.col }) {
			w.edits = append(w.edits, cellEdit{col: c.col, style: clean})
		}
	}
	slices.SortFunc(w.edits, func(a, b cellEdit) int { return a.col - b.col })
}

// element handles a child of the sheet's root.
func (w *sheetWriter) element(t token) error {
	name := string(t.name)
	if err := w.insertBefore(name); err != nil {
		return err
	}
	switch name {
	case "cols":
		w.hasCols = true
	case "hyperlinks":
		w.hasLinks = true
	case "legacyDrawing":
		w.hasLegacy = true
	case "sheetData":
		_, err := w.out.Write(t.raw)
		return err
	}
	edit := w.editorOf(name)
	if edit == nil && name != "conditionalFormatting" {
		_, err := w.out.Write(t.raw)
		return err
	}
	if err := skipElement(w.s, t); err != nil {
		return &inputError{unexpected(err)}
	}
	if name == "conditionalFormatting" {
		w.holdFormat(slices.Clone(w.s.heldBytes()))
		return nil
	}
	_, err := w.out.Write(edit(slices.Clone(w.s.heldBytes())))
	return err
}

// editorOf is what changes an element of the sheet; nil where nothing does.
func (w *sheetWriter) editorOf(name string) func([]byte) []byte {
	switch name {
	case "dimension":
		if w.table != nil {
			return w.dimension
		}
	case "sheetViews":
		if w.deselect || w.sheetJob.rows != nil {
			return w.views
		}
	case "cols":
		if w.isOffers() {
			return w.widen
		}
	case "hyperlinks":
		if w.isOffers() || w.sheetJob.rows != nil {
			return w.hyperlinks
		}
	}
	switch {
	case name == "tableParts" && len(w.goneTables) > 0:
		return w.tableParts
	case name == "extLst" && w.formats.ours > 0:
		return w.moveRules
	}
	if w.sheetJob.rows != nil {
		return w.sheetJob.rows.editorOf(name)
	}
	return nil
}

// tableParts leaves out the tables of which no row is left.
func (w *sheetWriter) tableParts(raw []byte) []byte {
	return editList(raw, "tablePart", ":id", func(element []byte) string {
		if id := attr(element, ":id"); !slices.Contains(w.goneTables, id) {
			return id
		}
		return ""
	})
}

func (j *sheetJob) isOffers() bool { return j.table != nil && j.table.isOffers() }

// dimension widens the sheet's extent by the result columns.
func (w *sheetWriter) dimension(raw []byte) []byte {
	from, to, _ := strings.Cut(attr(raw, "ref"), ":")
	if to == "" {
		to = from
	}
	firstCol, firstRow := columnOf([]byte(from)), rowOf(from)
	lastCol, lastRow := columnOf([]byte(to)), max(rowOf(to), w.found.lastRow)
	if w.isOffers() {
		lastCol = max(lastCol, slices.Max(w.cols[:]))
	}
	if w.sheetJob.rows != nil {
		lastRow = w.sheetJob.rows.last()
	}
	if firstCol < 0 || firstRow < 1 || lastCol < 0 {
		return raw
	}
	return setAttr(raw, "ref", sheet.Address(firstCol, min(firstRow, lastRow))+":"+sheet.Address(lastCol, lastRow))
}

// rowOf is the row of an address.
func rowOf(ref string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return n
}

// views leaves the sheet as it is shown but for being the one that is open.
func (w *sheetWriter) views(raw []byte) []byte {
	var out bytes.Buffer
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return out.Bytes()
		}
		tag := t.raw
		if t.opens("sheetView") && w.deselect {
			tag = dropAttr(tag, "tabSelected")
		}
		if w.sheetJob.rows != nil && (t.kind == tokStart || t.kind == tokEmpty) {
			tag = w.sheetJob.rows.view(tag)
		}
		out.Write(tag)
	}
}

// widths of the result columns, in characters.
func resultWidths() [4]int { return [4]int{14, 12, 110, 20} }

// widen gives the result columns a width.
func (w *sheetWriter) widen(raw []byte) []byte {
	p := w.found.prefix
	end := bytes.LastIndex(raw, []byte("</"+p+"cols"))
	if end < 0 {
		return raw
	}
	own := w.ownColumns()
	pieces := map[int][]byte{} // by their first column
	for i, c := range w.cols {
		if own[c] {
			pieces[c] = w.column(c, resultWidths()[i])
		}
	}
	for s := scanBytes(raw[:end]); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		if t.opens("col") {
			first, _ := intAttr(t.raw, "min")
			last, _ := intAttr(t.raw, "max")
			cutColumns(pieces, own, wholeElement(s, t), first-1, last-1)
		}
	}
	var out bytes.Buffer
	out.WriteString("<" + p + "cols>")
	for _, c := range slices.Sorted(maps.Keys(pieces)) {
		out.Write(pieces[c])
	}
	out.Write(raw[end:])
	return out.Bytes()
}

// ownColumns are the result columns whose looks are ours to say: all but those
// of an earlier report, which its reader may have set.
func (w *sheetWriter) ownColumns() map[int]bool {
	own := map[int]bool{}
	for _, c := range w.cols {
		set := slices.ContainsFunc(w.found.columns, func(r columnRange) bool { return r.min <= c+1 && c+1 <= r.max })
		if !w.old || !set {
			own[c] = true
		}
	}
	return own
}

// cutColumns adds an element of <cols> for the columns from first to last
// without the result columns: one that hides all that is right of the data, as
// people do, or that gives it a width, would take them along.
func cutColumns(pieces map[int][]byte, own map[int]bool, raw []byte, first, last int) {
	add := func(from, to int) {
		if from > to {
			return
		}
		pieces[from] = setAttr(setAttr(raw, "min", strconv.Itoa(from+1)), "max", strconv.Itoa(to+1))
	}
	for _, c := range slices.Sorted(maps.Keys(own)) {
		if first <= c && c <= last {
			add(first, c-1)
			first = c + 1
		}
	}
	add(first, last)
}

func (w *sheetWriter) column(col, width int) []byte {
	return fmt.Appendf(nil, `<%scol min="%d" max="%d" width="%d" customWidth="1"/>`, w.found.prefix, col+1, col+1, width)
}

// hyperlinks takes out the links of the result columns, which are written anew,
// and those of rows that are left out, and adds the offers'.
func (w *sheetWriter) hyperlinks(raw []byte) []byte {
	var out bytes.Buffer
	for s := scanBytes(raw); ; {
		t, err := s.next()
		switch {
		case err != nil:
			return out.Bytes()
		case t.opens("hyperlinks"):
			tag := t.raw
			if t.kind == tokEmpty {
				tag = concat(bytes.TrimRight(tag[:len(tag)-2], " "), []byte(">"))
			}
			out.Write(w.declareRelations(tag))
			if t.kind == tokEmpty {
				w.writeLinks(&out)
				out.WriteString("</" + w.found.prefix + "hyperlinks>")
			}
			continue
		case t.kind == tokEnd && t.is("hyperlinks"):
			w.writeLinks(&out)
		case t.opens("hyperlink"):
			tag, keep := w.keepLink(t.raw)
			if !keep {
				skipElement(s, t)
				continue
			}
			out.Write(tag)
			continue
		}
		out.Write(t.raw)
	}
}

// keepLink tells whether a link of the sheet stays, and where.
func (w *sheetWriter) keepLink(tag []byte) ([]byte, bool) {
	ref := attr(tag, "ref")
	if w.table != nil && w.isResult(columnOf([]byte(ref))) && rowOf(ref) >= w.table.HeaderRow && !strings.Contains(ref, ":") {
		return nil, false
	}
	if w.sheetJob.rows == nil {
		return tag, true
	}
	moved := w.sheetJob.rows.ref(ref)
	if moved == "" {
		return nil, false
	}
	return setAttr(tag, "ref", moved), true
}

// relationPrefix is the prefix for relation ids in this sheet.
func (w *sheetWriter) relationPrefix() string {
	if w.found.relName != "" {
		return w.found.relName
	}
	return "olr:"
}

// declareRelations declares the prefix in an element where the root does not.
func (w *sheetWriter) declareRelations(tag []byte) []byte {
	if w.found.relName != "" || w.linked == 0 && w.noteLink == "" {
		return tag
	}
	return setAttr(tag, "xmlns:olr", w.found.dialect.rel)
}

func (w *sheetWriter) writeLinks(out *bytes.Buffer) {
	if w.linked == 0 {
		return
	}
	start, middle := "<"+w.found.prefix+`hyperlink ref="`, `" `+w.relationPrefix()+`id="rId`
	var line []byte
	id := w.linkID
	for e := range w.withID() {
		if e.row > w.lastLink {
			return
		}
		row, _ := w.newRow(int(e.row))
		line = append(appendAddress(append(line[:0], start...), w.cols[1], row), middle...)
		line = append(strconv.AppendInt(line, int64(id), 10), `"/>`...)
		out.Write(line)
		id++
	}
}

// insertBefore writes what the sheet must have and has not, before the first
// element that has to follow it. A blank name is the end of the sheet.
func (w *sheetWriter) insertBefore(name string) error {
	var out bytes.Buffer
	p := w.found.prefix
	if !w.hasCols && w.isOffers() && name == "sheetData" {
		w.hasCols = true
		out.WriteString("<" + p + "cols>")
		cols := slices.Sorted(slices.Values(w.cols[:]))
		for _, c := range cols {
			out.Write(w.column(c, resultWidths()[slices.Index(w.cols[:], c)]))
		}
		out.WriteString("</" + p + "cols>")
	}
	if len(w.formats.theirs) > 0 && follows(name, "conditionalFormatting") {
		w.writeFormats(&out)
	}
	if !w.hasLinks && w.linked > 0 && follows(name, "hyperlinks") {
		w.hasLinks = true
		out.Write(w.declareRelations([]byte("<" + p + "hyperlinks>")))
		w.writeLinks(&out)
		out.WriteString("</" + p + "hyperlinks>")
	}
	if !w.hasLegacy && w.noteLink != "" && follows(name, "legacyDrawing") {
		w.hasLegacy = true
		out.Write(w.declareRelations([]byte("<" + p + "legacyDrawing " + w.relationPrefix() + `id="` + w.noteLink + `"/>`)))
	}
	_, err := w.out.Write(out.Bytes())
	return err
}

// follows tells whether an element of a sheet stands after another one.
func follows(name, other string) bool {
	order := []string{"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
		"sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews",
		"mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
		"pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
		"drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
		"tableParts", "extLst"}
	if name == "AlternateContent" { // stands in for oleObjects or controls
		name = "oleObjects"
	}
	i := slices.Index(order, name)
	return name == "" || i > slices.Index(order, other)
}

// resultStyles are the styles of the result columns.
type resultStyles struct {
	status      []int // by status
	plain, link int
}

func newResultStyles(b *styleBook) resultStyles {
	st := resultStyles{plain: b.style(look{}), link: b.style(look{link: true})}
	for _, s := range statuses() {
		switch s {
		case importer.StatusFailed:
			st.status = append(st.status, b.style(look{fill: fillError, bold: true}))
		case importer.StatusUnknown:
			st.status = append(st.status, b.style(look{fill: fillWarning, bold: true}))
		default:
			st.status = append(st.status, b.style(look{}))
		}
	}
	return st
}
