package sheet

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
)

// headerLook is how many rows that are not blank are looked at for a header.
const headerLook = 30

// headerFound is where the header stands among a table's first rows.
type headerFound struct {
	Index  int       // of the header's (lower) row among the rows given; -1 = there is none
	Cells  []Cell    // its names, with those of a banner above where only both together tell
	Banner []string  // as in Table.Banner
	Notes  []Message // what to tell; File and Sheet are the caller's to fill
}

// firstRows takes from a reader the rows that [findHeader] wants to see: the
// first that are not blank, or with Options.HeaderRow those from the row above
// it on. It comes with what it has when the reader fails.
func firstRows(rows iter.Seq2[Row, error], opts Options) ([]Row, error) {
	var first []Row
	for row, err := range rows {
		if err != nil {
			return first, err
		}
		if row.Number < opts.HeaderRow-1 || blankCells(row.Cells) {
			continue
		}
		if first = append(first, row); len(first) == headerLook {
			break
		}
	}
	return first, nil
}

// findHeader finds the header among the first rows of a table, which may leave
// out blank ones. Options.HeaderRow decides; else the row, or the banner and the
// row below it, with most names that Options.Known knows, the earliest on a tie;
// where none is known, the first row that looks like a header.
func findHeader(first []Row, opts Options) headerFound {
	found := headerFound{Index: -1}
	switch {
	case len(first) == 0:
		return found
	case opts.HeaderRow > 0:
		found.Index = slices.IndexFunc(first, func(r Row) bool {
			return r.Number == opts.HeaderRow && !blankCells(r.Cells)
		})
	default:
		found.Index = mostKnown(first, opts.Known)
		if found.Index < 0 {
			found.Index = headerByLook(first)
		}
	}
	if found.Index < 0 {
		return found
	}
	joined := false
	found.Cells, joined = headerCells(first, found.Index, opts.Known)
	found.Banner = bannerOver(first, found.Index)
	found.Notes = headerNotes(first, found.Index, joined, opts)
	return found
}

// noHeader is the error of a table in whose rows [findHeader] found nothing.
func noHeader(file, sheet string, opts Options) *FileError {
	text := "it has no rows: expected a row with the column names and the offers below it"
	if opts.HeaderRow > 0 {
		text = fmt.Sprintf("row %d is blank, hidden or not there: --header-row must name the row with the column names", opts.HeaderRow)
	}
	return &FileError{File: file, Place: sheet, Code: "no_header", Text: text}
}

// mostKnown is the index of the row with most known names, or -1. A banner and
// its row count together where that makes more of them known than either alone.
func mostKnown(first []Row, known func(string) bool) int {
	best, most := -1, 0
	if known == nil {
		return best
	}
	for i := range first {
		cells, _ := headerCells(first, i, known)
		n := max(knownNames(first[i].Cells, known), knownNames(cells, known))
		if n > most && (n > 1 || filledCells(first[i].Cells) <= fewCells) { // a value too can be a name that is known
			best, most = i, n
		}
	}
	if look := headerByLook(first); most == 1 && look < best && filledCells(first[look].Cells) >= max(fewNames, filledCells(first[best].Cells)) {
		return look // one word below a row of names is a sum of theirs rather
	}
	return best
}

// fewCells is how many cells a row may have of which one known name makes a
// header.
const fewCells = 4

func knownNames(cells []Cell, known func(string) bool) int {
	seen := make(map[string]bool, len(cells))
	for _, c := range cells {
		if name := headerName(c); name != "" && !seen[name] && known != nil && known(name) {
			seen[name] = true
		}
	}
	return len(seen)
}

// headerByLook is the index of the first row that looks like a header: names
// only, most of its cells filled, as wide as the rows below it. Where none does,
// it is the first of several names, then the first that is as wide.
func headerByLook(first []Row) int {
	names, wide := -1, -1
	for i, row := range first {
		isWide := rowWidth(row.Cells) >= usualWidth(first[i+1:])
		isNames := namesOnly(row.Cells)
		filled := filledCells(row.Cells)
		switch {
		case isWide && isNames && 2*filled >= rowWidth(row.Cells):
			return i
		case isNames && filled > 1 && names < 0:
			names = i
		case isWide && wide < 0:
			wide = i
		}
	}
	if names >= 0 {
		return names
	}
	return max(wide, 0)
}

func usualWidth(rows []Row) int {
	if len(rows) == 0 {
		return 0
	}
	widths := make([]int, len(rows))
	for i, r := range rows {
		widths[i] = rowWidth(r.Cells)
	}
	slices.Sort(widths)
	return widths[(len(widths)-1)/2] // the smaller of two: a ragged row must not outvote the other
}

// namesOnly tells whether every filled cell could be a column's name: a text
// with a letter in it, and no address of a web page.
func namesOnly(cells []Cell) bool {
	for _, c := range cells {
		name := headerName(c)
		if name == "" && c.Kind != Number && c.Kind != Date {
			continue
		}
		if !strings.ContainsFunc(name, unicode.IsLetter) || strings.Contains(name, "://") {
			return false
		}
	}
	return true
}

// headerCells are the names in row i. Where the row above is a banner, a name
// that stands twice, or is known only together with the banner's, gets the
// banner's before it, and a column that only the banner names has that name.
func headerCells(first []Row, i int, known func(string) bool) (cells []Cell, joined bool) {
	below, banner := first[i].Cells, bannerOver(first, i)
	if banner == nil {
		return below, false
	}
	above := first[i-1].Cells
	cells = make([]Cell, len(banner))
	copy(cells, below)
	times := nameCounts(below)
	for col, group := range banner {
		own, name := headerName(cellAt(above, col)), headerName(cells[col])
		both := group + " " + name
		switch {
		case name == "" && own != "":
			cells[col] = Cell{Kind: Text, Text: own}
		case name == "" || group == "":
			continue
		case times[strings.ToLower(name)] > 1 || known != nil && !known(name) && known(both):
			cells[col].Text = both
		default:
			continue
		}
		joined = true
	}
	if joined && ambiguousNames(cells) >= max(ambiguousNames(below), 1) {
		return below, false // the banner does not tell them apart: it is a title
	}
	return cells, joined
}

// bannerOver is, for each column, the name of the group that the row above row i
// puts it into; nil where that row is no banner.
func bannerOver(first []Row, i int) []string {
	below := first[i].Cells
	if i == 0 || first[i-1].Number != first[i].Number-1 || !isBanner(first[i-1].Cells, below) {
		return nil
	}
	above := first[i-1].Cells
	banner, group := make([]string, max(len(below), len(above))), ""
	for col := range banner {
		if own := headerName(cellAt(above, col)); own != "" {
			group = own
		}
		banner[col] = group
	}
	return banner
}

// nameCounts counts how often each name stands in a row, in lower case.
func nameCounts(cells []Cell) map[string]int {
	times := make(map[string]int, len(cells))
	for _, c := range cells {
		if name := headerName(c); name != "" {
			times[strings.ToLower(name)]++
		}
	}
	return times
}

// ambiguousNames counts the filled cells whose name another one has too.
func ambiguousNames(cells []Cell) (n int) {
	for _, times := range nameCounts(cells) {
		if times > 1 {
			n += times
		}
	}
	return n
}

// isBanner tells whether a row names groups of the columns below it: names only,
// one of them over several columns, or names below that stand twice.
func isBanner(above, below []Cell) bool {
	if !namesOnly(above) || !namesOnly(below) || filledCells(above) == 0 {
		return false
	}
	spans := false
	for col := 1; col < len(below); col++ {
		over := headerName(cellAt(above, col-1)) != "" && headerName(cellAt(above, col)) == ""
		spans = spans || over && headerName(below[col]) != "" && headerName(below[col-1]) != ""
	}
	return spans || ambiguousNames(below) > 0
}

// headerNotes tell which row was taken where it is not the first.
func headerNotes(first []Row, i int, joined bool, opts Options) []Message {
	row := first[i].Number
	var notes []Message
	above := first[:i]
	if joined {
		above = first[:i-1]
		notes = append(notes, Message{Level: LevelInfo, Cell: fmt.Sprint(row), Code: "header_joined",
			Text: fmt.Sprintf("rows %d and %d together were taken as the column names", row-1, row)})
	}
	if len(above) > 0 && opts.HeaderRow == 0 {
		skipped := span{above[0].Number, above[len(above)-1].Number}
		notes = append(notes, Message{Level: LevelInfo, Cell: fmt.Sprint(row), Code: "header_row",
			Text: fmt.Sprintf("row %d was taken as the column names; what stands above it was not read: row %s", row, skipped)})
	}
	return notes
}

// Below is a further table that stands below a table's rows, on the same sheet.
// None of it is read.
type Below struct {
	Row, Last int    // the number of its header's row and of its last one
	Header    []Cell // that row's cells
}

// secondTable watches for further tables below the first. Both readers ask it
// about every row that they deliver.
type secondTable struct {
	header []Cell
	known  func(string) bool
	last   int // the number of the last row that was not blank
	below  []Below
}

// left tells that a row was left out though it was not blank, so that its place
// does not count as a blank row.
func (s *secondTable) left(number int) { s.last = number }

// has tells whether a row that is not blank belongs to a further table: it begins
// one, or stands below such a row.
func (s *secondTable) has(row Row) bool {
	gap := s.last > 0 && row.Number > s.last+1
	s.last = row.Number
	switch {
	case s.begins(row.Cells, gap):
		s.below = append(s.below, Below{row.Number, row.Number, append([]Cell(nil), row.Cells...)})
	case len(s.below) > 0:
		s.below[len(s.below)-1].Last = row.Number
	}
	return len(s.below) > 0
}

// fewNames is how many names make a row a header that stands below another.
const fewNames = 3

// begins tells whether a row is a header of other columns: of names that are known,
// or of several that the first header has. Below a blank row most suffice.
func (s *secondTable) begins(cells []Cell, gap bool) bool {
	if !namesOnly(cells) { // nearly every row, by one of its first cells
		return false
	}
	filled := filledCells(cells)
	if filled < fewNames || s.repeated(cells) {
		return false
	}
	known := knownNames(cells, s.known)
	return known == filled || gap && 2*known > filled || s.shared(cells) >= fewNames
}

// repeated tells whether a row is the first header once more: what stands below
// it has the same columns, and is read.
func (s *secondTable) repeated(cells []Cell) bool { return sameNames(cells, s.header) }

// shared counts the cells of a row that are names in the first header.
func (s *secondTable) shared(cells []Cell) (n int) {
	names := nameCounts(s.header)
	for name := range nameCounts(cells) {
		if names[name] > 0 {
			n++
		}
	}
	return n
}

func sameNames(a, b []Cell) bool {
	for col := range max(len(a), len(b)) {
		if !strings.EqualFold(headerName(cellAt(a, col)), headerName(cellAt(b, col))) {
			return false
		}
	}
	return true
}

// headerName is a cell's text as a column's name, blank where it is no text.
func headerName(c Cell) string {
	if c.Kind != Text {
		return ""
	}
	return strings.TrimSpace(c.Text)
}

func cellAt(cells []Cell, col int) Cell { return Row{Cells: cells}.Cell(col) }

func blankCells(cells []Cell) bool { return rowWidth(cells) == 0 }

// rowWidth is the number of columns up to the last that is not blank.
func rowWidth(cells []Cell) int {
	for n := len(cells); n > 0; n-- {
		if !blankCell(cells[n-1]) {
			return n
		}
	}
	return 0
}

func filledCells(cells []Cell) (n int) {
	for _, c := range cells {
		if !blankCell(c) {
			n++
		}
	}
	return n
}

func blankCell(c Cell) bool {
	return c.Kind == Blank || c.Kind == Text && strings.TrimSpace(c.Text) == ""
}
