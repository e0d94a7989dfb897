package reports

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"

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
	lastRow  int
	columns  []columnRange
	drawing  string // relation ids
	legacy   string
	tables   []string
	links    int
	selected bool
	formulas bool // the result columns have formulas
	head     int  // style of the last header before the result columns

	styles map[styleMark]bool // of cells with a problem, as they are
	stale  map[int]bool       // with fills of an earlier report
}

// columnRange is an element of <cols>; columns are counted from 1.
type columnRange struct{ min, max, style int }

// survey finds out what must be known of the sheet, and makes the styles for it.
// The sheet is read once for all reports.
func (j *sheetJob) survey() error {
	if err := j.readOnce(); err != nil {
		return err
	}
	for _, m := range slices.SortedFunc(maps.Keys(j.found.styles), func(a, b styleMark) int {
		return cmp.Or(a.base-b.base, int(a.level)-int(b.level))
	}) {
		j.book.styles.marked(m.base, m.level)
	}
	for _, style := range slices.Sorted(maps.Keys(j.found.stale)) {
		j.book.styles.clean(style)
	}
	j.head = j.book.styles.clean(j.found.head)
	return nil
}

// readOnce reads the sheet unless another report has.
func (j *sheetJob) readOnce() error {
	j.book.surveying.Lock()
	defer j.book.surveying.Unlock()
	if j.found = j.book.surveys[j.table]; j.found != nil {
		return nil
	}
	err := j.read()
	if err == nil {
		j.book.surveys[j.table] = j.found
	}
	return err
}

// read reads the sheet.
func (j *sheetJob) read() error {
	r, err := j.book.pack.open(j.part)
	if err != nil {
		return err
	}
	defer r.Close()
	j.found = &survey{lastCol: -1, dialect: transitional(), styles: map[styleMark]bool{}, stale: map[int]bool{}}
	s := newScanner(r)
	rows := rowReader{s: s}
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		if t.opens("row") && rowDepth(s, t) {
			rows.numberOf(t)
			row, err := rows.read(t)
			if err != nil {
				return &inputError{err}
			}
			j.surveyRow(row)
			s.release()
			continue
		}
		if t.kind == tokStart || t.kind == tokEmpty {
			j.surveyElement(t)
		}
	}
}

func (j *sheetJob) surveyElement(t token) {
	f := j.found
	switch string(t.name) {
	case "worksheet":
		f.root(t)
	case "sheetView":
		f.selected = f.selected || boolAttr(t.raw, "tabSelected")
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
	case "tablePart":
		f.tables = append(f.tables, attr(t.raw, ":id"))
	case "hyperlink":
		f.links++
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

// surveyRow notes the columns in use and asks for the styles of marked cells.
func (j *sheetJob) surveyRow(row *sheetRow) {
	f := j.found
	f.lastRow = max(f.lastRow, row.number)
	j.surveyStale(row)
	if j.table == nil {
		return
	}
	if row.number >= j.table.HeaderRow {
		for i := len(row.cells) - 1; i >= 0; i-- {
			if c := row.cells[i]; c.filled && !j.isResult(c.col) {
				f.lastCol = max(f.lastCol, c.col)
				if row.sorted {
					break
				}
			}
		}
	}
	if j.old && slices.ContainsFunc(row.cells, func(c sheetCell) bool { return c.formula && j.isResult(c.col) }) {
		f.formulas = true
	}
	if row.number == j.table.HeaderRow {
		f.head = j.headStyle(row)
	}
	for _, m := range j.marksOf(row.number) {
		f.styles[styleMark{j.baseStyle(row, int(m.col)), m.level}] = true
	}
}

// surveyStale looks for fills of an earlier report.
func (j *sheetJob) surveyStale(row *sheetRow) {
	if len(j.book.styles.stale) == 0 {
		return
	}
	for _, c := range row.cells {
		if _, ok := j.book.styles.stale[c.style]; ok {
			j.found.stale[c.style] = true
		}
	}
}

// headStyle is the style of the last header before the result columns.
func (j *sheetJob) headStyle(row *sheetRow) int {
	style := 0
	for _, c := range row.cells {
		if c.filled && !j.isResult(c.col) {
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

// marksOf are the marks of a row that stand on a cell, one a column, the worst
// of each. A mark on a whole row of a child sheet stands on its first cell; that
// of an offer stands in its message.
func (j *sheetJob) marksOf(row int) []mark {
	var out []mark
	for _, m := range j.table.marksOf(row) {
		if m.col < 0 && j.table.isOffers() && row > j.table.HeaderRow {
			continue
		}
		m.col = max(m.col, 0)
		if n := len(out); n > 0 && out[n-1].col == m.col {
			out[n-1].level = max(out[n-1].level, m.level)
			continue
		}
		out = append(out, m)
	}
	return out
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
// the last column in use and clear of pictures and charts.
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
