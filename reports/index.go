package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// index remembers of the results what the tables' reports need, by table and
// row: numbers in memory, texts in the spool.
type index struct {
	spool  *spool
	tables []*tableIndex
	byName map[tableName]*tableIndex
	counts map[importer.Status]int
	causes sheet.Causes
	text   []byte          // room for the one that is added
	sealed bool            // nothing is added any more: it may be read by several goroutines
	ticks  map[int64]*tick // by Unix second
	unsent int             // that failed before a request was made for them
}

type tableName struct{ file, sheet string }

// tableIndex is the index of one table.
type tableIndex struct {
	TableInfo
	offers []entry // sorted by row
	marks  []mark  // sorted by row and column
	failed []int32 // rows of failed offers and of their children, sorted

	relay   *relay                     // from the results to the failed rows; nil: each reads the sheet
	wanted  func()                     // tells that it is a table of offers
	surveys [3]func() (*survey, error) // by depth
}

// entry is what became of the offer in a row.
type entry struct {
	row    int32
	status status
	id     int64
	when   int64 // Unix seconds; 0 = never finished
	text   span  // what the message column says
}

// mark is a message on a cell, or on a whole row where col is -1.
type mark struct {
	row   int32
	col   int32
	level level
	text  span
}

// level orders the levels by how much they matter.
type level uint8

const (
	levelNone level = iota
	levelWarning
	levelError
)

// status is an importer.Status in one byte: its place in statuses.
type status uint8

// statuses lists them in the order in which the reports name them.
func statuses() []importer.Status {
	return []importer.Status{importer.StatusCreated, importer.StatusUpdated, importer.StatusUnchanged,
		importer.StatusSkipped, importer.StatusFailed, importer.StatusUnknown, importer.StatusPending}
}

const statusFailed = 4 // the place of importer.StatusFailed

func statusOf(s importer.Status) status {
	return status(max(slices.Index(statuses(), s), 0))
}

func (s status) String() string { return string(statuses()[s]) }

func newIndex(tables []TableInfo, sp *spool) *index {
	idx := &index{spool: sp, byName: map[tableName]*tableIndex{}, counts: map[importer.Status]int{}, ticks: map[int64]*tick{}}
	for _, info := range tables {
		t := &tableIndex{TableInfo: info, wanted: func() {}}
		idx.tables = append(idx.tables, t)
		idx.byName[tableName{info.File, info.Sheet}] = t
	}
	return idx
}

// table finds the table that a message names, or nil. One without a file belongs
// to the only table with such a sheet.
func (idx *index) table(file, sheet string) *tableIndex {
	for _, t := range idx.tables[:min(len(idx.tables), 4)] { // a map takes longer
		if t.Sheet == sheet && t.File == file {
			return t
		}
	}
	if t := idx.byName[tableName{file, sheet}]; t != nil {
		return t
	}
	if file != "" {
		return nil
	}
	var found *tableIndex
	for _, t := range idx.tables {
		if t.Sheet == sheet {
			if found != nil {
				return nil
			}
			found = t
		}
	}
	if found != nil && !idx.sealed {
		idx.byName[tableName{file, sheet}] = found
	}
	return found
}

// add remembers one result.
func (idx *index) add(res *importer.Result) error {
	idx.counts[res.Status]++
	idx.tick(res)
	if t := idx.table(res.File, res.Sheet); t != nil {
		e := entry{row: int32(res.Row), status: statusOf(res.Status), id: res.OfferID}
		if res.FinishedAt != nil {
			e.when = res.FinishedAt.Unix()
		}
		var err error
		idx.text = appendMessages(idx.text[:0], res)
		if e.text, err = idx.spool.put(idx.text); err != nil {
			return err
		}
		t.offers = push(t.offers, e)
		if len(t.offers) == 1 {
			t.wanted()
		}
	}
	if res.Status == importer.StatusFailed {
		idx.keep(res)
	}
	for _, m := range res.Messages {
		if err := idx.mark(m, res.File, res.Sheet); err != nil {
			return err
		}
	}
	return nil
}

// keep notes that the rows of a failed offer belong into the failed file.
func (idx *index) keep(res *importer.Result) {
	idx.keepRow(res.File, res.Sheet, res.Row)
	for _, ref := range res.Children {
		idx.keepRow(cmp.Or(ref.File, res.File), ref.Sheet, ref.Row)
	}
}

func (idx *index) keepRow(file, sheetName string, row int) {
	if t := idx.table(file, sheetName); t != nil {
		t.failed = push(t.failed, int32(row))
	}
}

// push appends to a list that may grow long: what grows by doubling is copied
// once, not four times.
func push[T any](list []T, v T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, len(list)+16)
	}
	return append(list, v)
}

// addLoose remembers a message that belongs to no offer. A row that was not
// imported because of it goes along with the failed ones: its offer may have
// failed for the want of it.
func (idx *index) addLoose(m sheet.Message) error {
	_, row, ok := parseCell(m.Cell)
	if t := idx.table(m.File, m.Sheet); t != nil && ok && m.Level == sheet.LevelError && row > t.HeaderRow {
		t.failed = append(t.failed, int32(row))
	}
	return idx.mark(m, m.File, m.Sheet)
}

func (idx *index) mark(m sheet.Message, file, sheetName string) error {
	m.File, m.Sheet = cmp.Or(m.File, file), cmp.Or(m.Sheet, sheetName)
	idx.causes.Add(m)
	t, lv := idx.table(m.File, m.Sheet), levelOf(m.Level)
	col, row, ok := parseCell(t.cellOf(m))
	if t == nil || lv == levelNone || !ok {
		return nil
	}
	idx.text = appendNote(idx.text[:0], m)
	text, err := idx.spool.put(idx.text)
	if err != nil {
		return err
	}
	t.marks = push(t.marks, mark{row: int32(row), col: int32(col), level: lv, text: text})
	return nil
}

// cellOf is the cell of a message. Where a message has a row and a column's name
// only, as what the server refused has, the header tells the cell.
func (t *tableIndex) cellOf(m sheet.Message) string {
	col, row, ok := parseCell(m.Cell)
	if t == nil || !ok || col >= 0 || m.Column == "" {
		return m.Cell
	}
	if col = slices.IndexFunc(t.Columns, func(header string) bool { return plainName(header) == plainName(m.Column) }); col < 0 {
		return m.Cell
	}
	return sheet.Address(col, row)
}

// plainName is a column's name without what people write in different ways.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == ' ' || r == '-' || r == '*' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func levelOf(l sheet.Level) level {
	switch l {
	case sheet.LevelError:
		return levelError
	case sheet.LevelWarning:
		return levelWarning
	}
	return levelNone
}

// done sorts what was added: results come in input order, child rows as they
// are joined.
func (idx *index) done() error {
	for _, t := range idx.tables {
		inOrder(t.offers, func(a, b entry) int { return cmp.Compare(a.row, b.row) })
		inOrder(t.marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
		inOrder(t.failed, cmp.Compare[int32])
		t.failed = slices.Compact(t.failed)
	}
	idx.sealed = true
	return idx.spool.flush()
}

// inOrder sorts a list, which mostly is.
func inOrder[T any](list []T, compare func(a, b T) int) {
	if !slices.IsSortedFunc(list, compare) {
		slices.SortStableFunc(list, compare)
	}
}

// offer is what became of the offer in a row.
func (t *tableIndex) offer(row int) (entry, bool) {
	i, ok := place(t.offers, row, func(e entry) int32 { return e.row })
	if !ok {
		return entry{}, false
	}
	return t.offers[i], true
}

// marksOf are the marks of a row, by column.
func (t *tableIndex) marksOf(row int) []mark {
	from, _ := place(t.marks, row, mark.rowOf)
	to := from
	for to < len(t.marks) && t.marks[to].row == int32(row) {
		to++
	}
	return t.marks[from:to]
}

func (m mark) rowOf() int32 { return m.row }

// hasFailed tells whether a row is a failed offer's or one of its children.
func (t *tableIndex) hasFailed(row int) bool {
	_, ok := place(t.failed, row, func(row int32) int32 { return row })
	return ok
}

// place is where a row comes, or would come, first in a list that is sorted by
// row. It looks first where it is in a list that has every row once, as most
// have nearly.
func place[T any](list []T, row int, rowOf func(T) int32) (int, bool) {
	if len(list) > 0 {
		if i := row - int(rowOf(list[0])); i >= 0 && i < len(list) && int(rowOf(list[i])) == row && (i == 0 || int(rowOf(list[i-1])) < row) {
			return i, true
		}
	}
	return slices.BinarySearchFunc(list, int32(row), func(v T, row int32) int { return cmp.Compare(rowOf(v), row) })
}

// isOffers tells whether the table's rows are offers.
func (t *tableIndex) isOffers() bool { return len(t.offers) > 0 }

// stamps tells times as the reports show them. Each goroutine has its own: most
// offers end in the same second as the one before.
type stamps struct {
	zone *time.Location
	last int64
	said string
}

func (w *writer) stamps() stamps { return stamps{zone: w.zone} }

// text is a Unix time as a text, blank for 0.
func (s *stamps) text(unix int64) string {
	if unix == 0 {
		return ""
	}
	if unix != s.last {
		s.last, s.said = unix, time.Unix(unix, 0).In(s.zone).Format(time.DateTime)
	}
	return s.said
}

// parseCell takes D7 apart: its column from 0 and its row. The column of a row
// alone, 7, is -1.
func parseCell(s string) (col, row int, ok bool) {
	letters := strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
	if letters < 0 || letters > 3 {
		return 0, 0, false
	}
	for _, r := range s[:letters] {
		col = col*26 + int(r-'A') + 1
	}
	row, err := strconv.Atoi(s[letters:])
	return col - 1, row, err == nil && row > 0 && row < 1<<31-1
}

// hasFailedOffers tells whether an offer of the table failed.
func (t *tableIndex) hasFailedOffers() bool {
	return slices.ContainsFunc(t.offers, func(e entry) bool { return e.status == statusFailed })
}

// rowMove says which number a row of a table has in a report, and whether it is
// in it.
type rowMove func(t *tableIndex, row int) (int, bool)

// failedRow is the rowMove of the file of failed offers.
func (idx *index) failedRow(t *tableIndex, row int) (int, bool) {
	return (&renumber{header: t.HeaderRow, kept: t.failed}).row(row)
}

// texts reads the texts of the index for one report. Each goroutine has its own.
type texts struct {
	spoolReader
	idx     *index
	move    rowMove // where rows are in the report; nil: where they are in the input
	phrases map[span]*phrase
}

// maxPhrases bounds the phrases that are kept.
const maxPhrases = 1024

func (idx *index) texts(move rowMove) *texts {
	return &texts{spoolReader: spoolReader{spool: idx.spool}, idx: idx, move: move, phrases: map[span]*phrase{}}
}

// get is a text of the index.
func (x *texts) get(text span) (*phrase, error) {
	if p, ok := x.phrases[text]; ok {
		return p, nil
	}
	raw, err := x.spoolReader.get(text)
	if err != nil {
		return nil, err
	}
	if len(x.phrases) == maxPhrases {
		clear(x.phrases)
	}
	p := x.phrase(string(raw))
	x.phrases[text] = p
	return p, nil
}

// phrase is a text with marks, with the cells of other rows where they are in the
// report.
func (x *texts) phrase(text string) *phrase {
	if x.move == nil {
		return newPhrase(text, nil)
	}
	return newPhrase(text, func(file, sheetName, cell string) string {
		col, row, ok := parseCell(cell)
		t := x.idx.table(file, sheetName)
		if !ok || t == nil {
			return cell
		}
		row, _ = x.move(t, row)
		if col < 0 {
			return strconv.Itoa(row)
		}
		return sheet.Address(col, row)
	})
}
