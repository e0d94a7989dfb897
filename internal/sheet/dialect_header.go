package sheet

import (
	"fmt"
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// findHeader finds the header among the sample's records.
func (t *csvTable) findHeader(records []csvRecord, opts Options) error {
	first, err := firstRows(t.sampleRows(records), opts)
	if err != nil {
		return err
	}
	found := findHeader(first, opts)
	switch {
	case len(first) == 0 && opts.HeaderRow == 0:
		return emptyFile(t.source.file)
	case found.Index < 0:
		return noHeader(t.source.file, "", opts)
	}
	row := first[found.Index]
	t.table.Header, t.table.HeaderRow, t.table.Banner = found.Cells, row.Number, found.Banner
	for _, note := range found.Notes {
		t.tell(note)
	}
	t.habits = rowHabits{width: rowWidth(found.Cells), header: len(row.Cells)}
	return t.undivided()
}

// undivided refuses column names that all stand in one cell: the rows are in
// quotes as a whole, or something divides them that divides no cells here.
func (t *csvTable) undivided() error {
	if t.known == nil || filledCells(t.table.Header) != 1 {
		return nil
	}
	text := t.table.Header[t.habits.width-1].Text
	by, names := dividerOf(text, t.known)
	if names < 2 || t.known(text) {
		return nil
	}
	e := &FileError{File: t.table.File, Place: fmt.Sprint("row ", t.table.HeaderRow), Code: "dialect"}
	switch {
	case strings.ContainsRune(",;\t|", by):
		e.Text = fmt.Sprintf("all column names stand in one cell, so that nothing can be read: the rows are in quotes as a whole; "+
			"export the file again, or open it in Excel, divide column A with Data, Text to Columns at each `%c`, and save it", by)
	case by == ' ':
		e.Text = "all column names stand in one cell, so that nothing can be read: blanks seem to divide the columns; export the file with commas"
	case by < utf8.RuneSelf:
		e.Text = fmt.Sprintf("all column names stand in one cell, so that nothing can be read: where `%c` divides the columns, say --delimiter '%c'", by, by)
	default:
		e.Text = fmt.Sprintf("all column names stand in one cell, so that nothing can be read: `%c` seems to divide the columns; export the file with commas", by)
	}
	return e
}

// dividerOf finds the character that divides a text into the most names that
// are known, and how many these are. Most of the pieces must be.
func dividerOf(text string, known func(string) bool) (by rune, names int) {
	tried := map[rune]bool{}
	for _, r := range text {
		if tried[r] || unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.", r) {
			continue
		}
		tried[r] = true
		n, pieces := 0, strings.FieldsFunc(text, func(c rune) bool { return c == r })
		for _, piece := range pieces {
			if known(strings.Trim(piece, " \"'")) {
				n++
			}
		}
		if n > names && 2*n >= len(pieces) {
			by, names = r, n
		}
	}
	return by, names
}

func (t *csvTable) sampleRows(records []csvRecord) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, rec := range records {
			if !yield(Row{Table: t.table, Number: rec.number, Line: rec.line, Cells: rec.cells}, nil) {
				return
			}
		}
	}
}

// learn looks at the sample's rows below the header: where a second table
// starts, how wide rows are, and how numbers are written.
func (t *csvTable) learn(records []csvRecord, opts Options) {
	second := secondTable{header: t.table.Header, known: t.known, last: t.table.HeaderRow}
	var rows []Row
	for row := range t.sampleRows(records) {
		if row.Number <= t.table.HeaderRow || blankCells(row.Cells) {
			continue
		}
		if second.has(row) {
			break
		}
		if t.repeats(row) {
			continue
		}
		rows = append(rows, row)
	}
	t.habits.learn(rows)
	t.unnamed(rows)
	t.table.Facts.Decimal = findDecimal(rows)
	if opts.Decimal != 0 {
		t.table.Facts.Decimal = string(opts.Decimal)
	}
}

// learn finds out whether rows leave out blank cells at their end. A file that
// does so never ends a row with a blank cell, and does it more than once.
func (h *rowHabits) learn(rows []Row) {
	widths := map[int]int{}
	h.rows = len(rows)
	short, padded, blankEnds := 0, 0, 0
	for _, row := range rows {
		n := len(row.Cells)
		widths[n]++
		switch {
		case n < h.width:
			short++
		case n > h.header && rowWidth(row.Cells) <= h.width:
			padded++
		}
		if n > 1 && row.Cells[n-1].Kind == Blank {
			blankEnds++
		}
	}
	for n, count := range widths {
		if count > widths[h.usual] || count == widths[h.usual] && n < h.usual {
			h.usual = n
		}
	}
	h.trims = blankEnds == 0 && short > 1 && short*10 >= len(rows)
	h.pads = padded > 1 && padded*5 >= len(rows)
}

// unnamed tells of columns that hold values and have no name. At the header's
// end they count as columns only where values are usual there: else a value is
// there because a delimiter stands in a cell without quotes.
func (t *csvTable) unnamed(rows []Row) {
	for col := range t.habits.header {
		if headerName(cellAt(t.table.Header, col)) != "" {
			continue
		}
		filled := 0
		for _, row := range rows {
			if !blankCell(row.Cell(col)) {
				filled++
			}
		}
		if filled == 0 || col >= t.habits.width && (filled < 2 || filled*10 < len(rows)) {
			continue
		}
		t.habits.width = max(t.habits.width, col+1)
		t.tell(Message{Level: LevelWarning, Cell: Address(col, t.table.HeaderRow), Code: "unnamed_column",
			Text: fmt.Sprintf("column %s holds values and has no name: it is not read; name it, or delete it", ColumnName(col))})
	}
}

// findDecimal tells the decimal sign where the numbers leave no doubt: some
// column of numbers has it, and none has the other.
func findDecimal(rows []Row) string {
	point, comma := false, false
	for col := range maxWidth(rows) {
		p, c := decimalsIn(rows, col)
		point, comma = point || p, comma || c
	}
	switch {
	case point && !comma:
		return "."
	case comma && !point:
		return ","
	}
	return ""
}

func maxWidth(rows []Row) int {
	n := 0
	for _, row := range rows {
		n = max(n, len(row.Cells))
	}
	return n
}

// decimalsIn tells the decimal signs of a column all of whose values are
// numbers. 1.500 has none for certain: it may be 1500.
func decimalsIn(rows []Row, col int) (point, comma bool) {
	number := regexp.MustCompile(`^[-+]?(\d{1,3}([.,' \x{a0}\x{202f}]\d{3})+|\d+)([.,]\d+)?$`)
	for _, row := range rows {
		text := strings.Trim(row.Cell(col).Text, " \t\u00a0$€£¥₽%")
		if text == "" {
			continue
		}
		if !number.MatchString(text) {
			return false, false
		}
		switch decimalSign(text) {
		case '.':
			point = true
		case ',':
			comma = true
		}
	}
	return point, comma
}

// decimalSign is the decimal sign of a number, 0 where it has none for certain.
func decimalSign(text string) byte {
	text = strings.TrimLeft(text, "+-")
	last := strings.LastIndexAny(text, ".,")
	if last < 0 {
		return 0
	}
	sign, digits := text[last], len(text)-last-1
	other := byte('.' + ',' - sign)
	switch {
	case strings.IndexByte(text, other) >= 0:
		return sign
	case strings.Count(text, string(sign)) > 1:
		return 0 // 1.500.000
	case digits != 3, last == 0, last > 3, text[0] == '0':
		return sign
	}
	return 0
}
