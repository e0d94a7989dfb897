package sheet

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// notedRanges is how many places a note names.
const notedRanges = 8

// sheetNotes gathers while a sheet is read what is left out of it.
type sheetNotes struct {
	filterMode bool // the sheet says that a filter hides rows

	hiddenRows   places
	filteredRows places
	totalRows    places
	hiddenCols   map[int]bool
	hiddenTexts  map[[2]int]string // by column and row, until the header is found
	merged       places            // cells that have a value beneath a merged one
	tall         places            // merged over several rows
	repeated     places            // the column names once more

	left func(row int) // told of rows that are left out
}

// places are cells or runs of rows: how many there are, and what the first are called.
type places struct {
	count   int
	names   []string
	unnamed bool
	run     span
}

func (p *places) add(name string) {
	p.count++
	p.name(name)
}

func (p *places) name(name string) {
	if len(p.names) == notedRanges {
		p.unnamed = true
		return
	}
	p.names = append(p.names, name)
}

// addRow adds a row, later than those before.
func (p *places) addRow(row int) {
	p.count++
	if p.run.first > 0 && p.run.last+1 == row {
		p.run.last = row
	} else {
		p.endRun()
		p.run = span{row, row}
	}
}

func (p *places) endRun() {
	if p.run.first > 0 {
		p.name(p.run.String())
	}
}

func (s span) String() string {
	if s.first == s.last {
		return fmt.Sprint(s.first)
	}
	return fmt.Sprintf("%d-%d", s.first, s.last)
}

// text names the places: "2, 5-7 and others, 12 in all".
func (p places) text() string {
	p.endRun()
	text := strings.Join(p.names, ", ")
	if p.unnamed {
		text += fmt.Sprintf(" and others, %d in all", p.count)
	}
	return text
}

func (n *sheetNotes) leaveOut(row int, hidden, filtered bool) {
	if n.left != nil {
		n.left(row)
	}
	switch {
	case !hidden:
		n.totalRows.addRow(row)
	case filtered:
		n.filteredRows.addRow(row)
	default:
		n.hiddenRows.addRow(row)
	}
}

func (n *sheetNotes) hiddenColumn(col int) {
	if n.hiddenCols == nil {
		n.hiddenCols = map[int]bool{}
	}
	n.hiddenCols[col] = true
}

// hiddenText notes what a hidden cell says that may be a column's name.
func (n *sheetNotes) hiddenText(col, row int, text string) {
	if n.hiddenTexts == nil {
		n.hiddenTexts = map[[2]int]string{}
	}
	n.hiddenTexts[[2]int{col, row}] = strings.TrimSpace(text)
}

func (n *sheetNotes) mergedValue(col, row int) { n.merged.add(Address(col, row)) }

func (n *sheetNotes) tallMerge(a area) { n.tall.add(a.String()) }

// notes are what there is to tell of a sheet whose reading seen has watched.
func (s *sheetPart) notes(seen *sheetNotes) []Message {
	notes := append([]Message(nil), s.found...)
	add := func(level Level, code, text string) {
		notes = append(notes, Message{Level: level, File: s.wb.file, Sheet: s.name, Code: code, Text: text})
	}
	if p := seen.hiddenRows; p.count > 0 {
		add(LevelWarning, "hidden_rows", fmt.Sprintf("hidden and not read: row %s; show the rows if they are meant", p.text()))
	}
	if p := seen.filteredRows; p.count > 0 {
		add(LevelWarning, "hidden_rows", fmt.Sprintf("hidden by the filter and not read: row %s; clear the filter if they are meant", p.text()))
	}
	if p := seen.totalRows; p.count > 0 {
		add(LevelInfo, "total_row", fmt.Sprintf("sums of a table and not read: row %s", p.text()))
	}
	if len(seen.hiddenCols) > 0 {
		add(LevelWarning, "hidden_columns", fmt.Sprintf("hidden and not read: column %s%s; show the columns if they are meant", columnNames(seen.hiddenCols), s.hiddenNames(seen.hiddenCols)))
	}
	if p := seen.merged; p.count > 0 {
		add(LevelInfo, "merged_value", fmt.Sprintf("beneath merged cells, where nobody sees them, and not read: the values in %s", p.text()))
	}
	if p := seen.tall; p.count > 0 {
		add(LevelWarning, "merged_rows", fmt.Sprintf("merged over several rows: %s; only the first row has the value: unmerge them and fill it down if each row should", p.text()))
	}
	if p := seen.repeated; p.count > 0 {
		add(LevelInfo, "repeated_header", fmt.Sprintf("the column names once more and not read as a row: row %s", p.text()))
	}
	return notes
}

// hiddenNames are the names of hidden columns, in brackets.
func (s *sheetPart) hiddenNames(cols map[int]bool) string {
	var names []string
	for _, col := range slices.Sorted(maps.Keys(cols)) {
		if name := s.hidden[col]; name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + listed(names) + ")"
}

// columnNames are the letters of columns in their order: B, D-F.
func columnNames(cols map[int]bool) string {
	var names []string
	for col := 0; col < excelColumns; col++ {
		if !cols[col] {
			continue
		}
		name := ColumnName(col)
		if from := col; cols[col+1] {
			for cols[col+1] {
				col++
			}
			name = ColumnName(from) + "-" + ColumnName(col)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
