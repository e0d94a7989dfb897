package reports

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"

	"offerlift/internal/sheet"
)

// sheetJob is one sheet of the workbook that gets something written into it.
type sheetJob struct {
	book  *workbookJob
	part  string
	name  string
	table *tableIndex // nil: no table was read from it
	rows  *renumber   // nil: every row stays
	found *survey
	cols  [4]int // of the result columns
	old   bool   // the sheet had result columns already

	notes    []note
	noteLink string // the relation of the notes' drawing where the sheet had none
	linkID   int    // the number in the first link's relation, the others follow
	linked   int    // so many offers have a link as an element of the sheet
	lastLink int32  // the row of the last of them
	head     int    // style of the result columns' headers
	deselect bool   // it was the one that is open
	spliced  bool

	goneTables []string // relations of tables that are left out
}

// survey is what must be known of a sheet before it is written anew.
type survey struct {
	prefix   string
	dialect  dialect
	relName  string // the prefix of relations with its colon, as the root declares it
	lastCol  int    // the last column with something in it from the header down, from 0
	widest   int    // the last column with a cell, empty or not, in any row
	lastRow  int
	columns  []columnRange
	merged   [][2]int // from which column to which areas reach that end below the header, from 0
	drawing  string   // relation ids
	legacy   string
	links    int
	formulas bool // there are some
	stale    bool // there are fills of an earlier report
	tidy     bool // every row is written the way that nearly all are: see [rowReader]
	steady   bool // nothing changes in a file of failed offers but the rows that it lacks
	head     int  // style of the last header before the result columns
}

// columnRange is an element of <cols>; columns are counted from 1.
type columnRange struct{ min, max, style int }

// depth is how much of a sheet a survey reads.
type depth int

const (
	ofHead  depth = iota // what comes before its rows
	ofRows               // its rows, and what comes after them
	ofCells              // its cells, too: result columns are placed beside them
)

// surveyAhead has the sheets of offers surveyed in goroutines of their own, once
// for all reports, as soon as their table is known to be one of offers.
func (w *writer) surveyAhead() {
	for _, t := range w.idx.tables {
		if t.Facts.Format == "xlsx" {
			for d := range t.surveys {
				t.surveys[d] = sync.OnceValues(func() (*survey, error) { return w.surveySheet(t, depth(d)) })
			}
			t.wanted = func() { w.ahead.Go(func() { t.surveys[ofCells]() }) }
		}
	}
}

// survey surveys the table's sheet, at least so deep.
func (t *tableIndex) survey(d depth) (*survey, error) {
	if t.isOffers() {
		d = ofCells
	}
	return t.surveys[d]()
}

// surveySheet surveys the sheet of a table.
func (w *writer) surveySheet(t *tableIndex, d depth) (*survey, error) {
	p, err := w.openPack(w.pathOf(t))
	if err != nil {
		return nil, err
	}
	defer p.close()
	b := &workbookJob{writer: w, pack: p}
	if err := b.readWorkbook(); err != nil {
		return nil, err
	}
	if err := b.readStyles(); err != nil {
		return nil, err
	}
	part, err := b.partOf(t)
	if err != nil {
		return nil, err
	}
	rels, err := p.relationsOf(part)
	if err != nil {
		return nil, err
	}
	if _, has := rels.byKind("vmlDrawing"); has {
		d = max(d, ofRows) // its place is told after the rows
	}
	if len(b.styles.stale) > 0 {
		d = ofCells
	}
	r, err := p.open(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := surveyor{survey: &survey{lastCol: -1, widest: -1, dialect: transitional(), tidy: d == ofCells, steady: true},
		depth: d, header: t.HeaderRow, cols: oldColumns(t.Columns), stale: b.styles.stale}
	return s.survey, s.read(newScanner(r))
}

// surveyor is one pass over a sheet to survey it.
type surveyor struct {
	*survey
	depth  depth
	header int
	cols   [4]int // of an earlier report
	stale  map[int]int
}

func (f *surveyor) read(s *scanner) error {
	rows := newRowReader(s)
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		if t.opens("row") && rowDepth(s, t) {
			if err := f.row(&rows, t); err != nil {
				return &inputError{err}
			}
			continue
		}
		if t.kind == tokStart || t.kind == tokEmpty {
			f.element(t)
		}
		if t.opens("sheetData") && f.depth == ofHead {
			return nil
		}
	}
}

func (f *surveyor) element(t token) {
	switch string(t.name) {
	case "worksheet":
		f.root(t)
	case "col":
		c := columnRange{}
		c.min, _ = intAttr(t.raw, "min")
		c.max, _ = intAttr(t.raw, "max")
		c.style, _ = intAttr(t.raw, "style")
		f.columns = append(f.columns, c)
	case "drawing":
		f.drawing = attr(t.raw, ":id")
	case "legacyDrawing":
		f.legacy = attr(t.raw, ":id")
	case "hyperlink":
		f.links++
	case "mergeCell":
		f.merge(attr(t.raw, "ref"))
	case "autoFilter", "sortState", "rowBreaks", "ignoredErrors", "cellWatches", "tablePart":
		f.steady = false
	}
}

// merge notes the columns of a merged area that hides what is written into it.
// One that begins in the first column is a headline.
func (f *surveyor) merge(ref string) {
	from, to, _ := strings.Cut(ref, ":")
	columns := [2]int{columnOf([]byte(from)), columnOf([]byte(to))}
	if columns[0] > 0 && columns[1] > f.lastCol && rowOf(to) >= f.header && !slices.Contains(f.merged, columns) {
		f.merged = append(f.merged, columns)
	}
}

// root reads the namespaces of the sheet.
func (f *survey) root(t token) {
	f.prefix = t.prefix()
	if strings.Contains(string(t.raw), `"`+strict().main+`"`) {
		f.dialect = strict()
	}
	f.relName = namespacePrefix(t.raw, f.dialect.rel)
}

// namespacePrefix is the prefix with its colon that a tag declares for a
// namespace, blank where it declares none.
func namespacePrefix(tag []byte, namespace string) string {
	before, _, ok := strings.Cut(string(tag), `="`+namespace+`"`)
	if i := strings.LastIndex(before, "xmlns:"); ok && i >= 0 {
		return before[i+len("xmlns:"):] + ":"
	}
	return ""
}

// row reads a row.
func (f *surveyor) row(rows *rowReader, t token) error {
	f.lastRow = max(f.lastRow, rows.numberOf(t))
	rows.s.hold(t)
	defer rows.s.release()
	if f.depth == ofCells {
		row, err := rows.read(t)
		if err == nil {
			f.steady = f.steady && !bytes.Contains(row.tag.raw, []byte("hidden"))
			f.look(row)
		}
		return err
	}
	prefix := t.prefix()
	f.steady = f.steady && !bytes.Contains(t.raw, []byte("hidden"))
	err := rows.skip(t)
	f.steady = f.steady && !hasFormula(rows.s.heldBytes(), prefix)
	return err
}

// hasFormula tells whether there may be a formula in a row. It looks for the f,
// of which a row has a few: it has hundreds of <.
func hasFormula(row []byte, prefix string) bool {
	for at := 0; ; at++ {
		i := bytes.IndexByte(row[at:], 'f')
		if i < 0 {
			return false
		}
		if at += i; bytes.HasSuffix(row[:at], []byte("<"+prefix)) {
			return true
		}
	}
}

// look notes the columns in use.
func (f *surveyor) look(row *sheetRow) {
	f.tidy = f.tidy && row.plain && row.sorted
	if row.number == f.header {
		f.head = f.headStyle(row)
	}
	for _, c := range row.cells {
		if c.formula {
			f.formulas, f.steady = true, false
		}
		f.widest = max(f.widest, c.col)
		if c.filled && c.col > f.lastCol && row.number >= f.header && !slices.Contains(f.cols[:], c.col) {
			f.lastCol = c.col
		}
		if len(f.stale) > 0 && !f.survey.stale {
			_, f.survey.stale = f.stale[c.style]
		}
	}
}

// headStyle is the style of the last header before the result columns.
func (f *surveyor) headStyle(row *sheetRow) int {
	style := 0
	for _, c := range row.cells {
		if c.filled && !slices.Contains(f.cols[:], c.col) {
			style = c.style
		}
	}
	return style
}

// baseStyle is the style that a cell has, or would have if it were there.
func (j *sheetJob) baseStyle(row *sheetRow, col int) int {
	if c, ok := row.cell(col); ok {
		return c.style
	}
	if s, ok := intAttr(row.tag.raw, "s"); ok && boolAttr(row.tag.raw, "customFormat") {
		return s
	}
	for _, c := range j.found.columns {
		if c.min <= col+1 && col+1 <= c.max {
			return c.style
		}
	}
	return 0
}

// oldColumns finds the result columns of an earlier report by the first of them,
// whose name nothing else has; -1 for each that is not there.
func oldColumns(columns []string) [4]int {
	names := sheet.ResultColumns()
	cols := [4]int{-1, -1, -1, -1}
	at := func(name string, from, to int) int {
		for i := from; i < min(to, len(columns)); i++ {
			if strings.EqualFold(strings.TrimSpace(columns[i]), name) {
				return i
			}
		}
		return -1
	}
	first := at(names[0], 0, len(columns))
	if first < 0 {
		return cols
	}
	for i, name := range names {
		cols[i] = at(name, first, first+len(names))
	}
	return cols
}

// placeColumns gives the result columns that are missing their places: after
// the last column in use and clear of pictures, charts and merged cells.
func (j *sheetJob) placeColumns(anchors [][2]int) {
	next := j.found.lastCol + 1
	for _, c := range j.cols {
		next = max(next, c+1)
	}
	for _, m := range j.table.marks { // a cell that is missing is still the user's
		if !j.old {
			next = max(next, int(m.col)+1)
		}
	}
	if !j.old {
		for again := true; again; {
			again = false
			for _, a := range anchors {
				if a[0] < next+len(j.cols) && a[1] >= next {
					next, again = a[1]+1, true
				}
			}
		}
	}
	for i, c := range j.cols {
		if c < 0 {
			j.cols[i] = next
			next++
		}
	}
}

// isResult tells whether a column is one of the report's.
func (j *sheetJob) isResult(col int) bool { return col >= 0 && slices.Contains(j.cols[:], col) }

// rowDepth tells whether an element that has just begun stands where rows do.
func rowDepth(s *scanner, t token) bool {
	return t.kind == tokStart && s.depth == 3 || t.kind == tokEmpty && s.depth == 2
}
