package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// offerTable is a table whose rows are offers.
type offerTable struct {
	table    *sheet.Table
	own      *binding
	flat     []*binding // in the order of the parts and their numbers
	nameless []int      // columns without a name
	first    int        // the ordinal of its first offer
}

// childTable is a table whose rows are children of offers.
type childTable struct {
	table    *sheet.Table
	own      *binding
	nameless []int
	region   region // of the spool
}

// bind gives every table its role and every header its meaning. What it
// returns keeps the input from being read.
func (m *Mapper) bind(book *sheet.Book) (problems []sheet.Message) {
	roles := m.roles(book.Tables)
	if len(book.Tables) > 0 && !slices.Contains(roles, 0) {
		return []sheet.Message{noOffers(book.Tables)}
	}
	if len(book.Tables) == 0 {
		return []sheet.Message{{Level: sheet.LevelError, Code: codeNoOffers, Text: "there is nothing to read: no sheet and no CSV file was found"}}
	}
	for i, t := range book.Tables {
		switch {
		case roles[i] == 0:
			problems = append(problems, m.bindOffers(t)...)
		case roles[i] > 0:
			problems = append(problems, m.bindChildren(t, roles[i])...)
		}
	}
	return problems
}

func noOffers(tables []*sheet.Table) sheet.Message {
	var names []string
	for _, t := range tables {
		names = append(names, quote(t.Sheet))
	}
	return sheet.Message{Level: sheet.LevelError, File: tables[0].File, Code: codeNoOffers, Text: fmt.Sprintf(
		"there is no Offers sheet among %s: give the sheet that holds the offers the name Offers, or its CSV file the name offers.csv", strings.Join(names, ", "))}
}

// notRead is the role of a table that is left out.
const notRead = -1

// roles gives each table the index of its part, or notRead. Where no table is
// named Offers, those of other names that have the columns of offers are.
func (m *Mapper) roles(tables []*sheet.Table) []int {
	roles := make([]int, len(tables))
	for i, t := range tables {
		roles[i] = words().partOf(t.Sheet)
	}
	if !slices.Contains(roles, 0) {
		for i, t := range tables {
			if roles[i] == notRead && (len(tables) == 1 || looksLikeOffers(t)) {
				roles[i] = 0
			}
		}
		m.tellTaken(tables, roles)
	}
	for i, t := range tables {
		if roles[i] == notRead {
			m.leaveOut(t)
		}
	}
	return roles
}

// tellTaken says which sheets were taken as Offers. One of several that lacks a
// column which offers need may hold something else.
func (m *Mapper) tellTaken(tables []*sheet.Table, roles []int) {
	all := slices.DeleteFunc(slices.Clone(roles), func(role int) bool { return role != 0 })
	for i, t := range tables {
		text := fmt.Sprintf("sheet %s was taken as the Offers sheet", quote(t.Sheet))
		switch {
		case roles[i] != 0:
		case len(all) > 1 && neededColumns(t) < len(someNames(0)):
			m.note(t, sheet.LevelWarning, codeSheetTaken, text+": where it holds something else, give it the name of that, such as Payouts")
		default:
			m.note(t, sheet.LevelInfo, codeSheetTaken, text)
		}
	}
}

// looksLikeOffers tells whether a table has at least two of the columns that
// an offer needs.
func looksLikeOffers(t *sheet.Table) bool { return neededColumns(t) >= 2 }

// neededColumns counts the columns of a table that an offer needs.
func neededColumns(t *sheet.Table) int {
	needed := 0
	for _, c := range t.Header {
		m, ok := words().find(0, c.Text)
		if ok && m.part == 0 && words().parts[0].Columns[m.column].Required {
			needed++
		}
	}
	return needed
}

// leaveOut says that a sheet is not read: in passing where it holds no data of
// ours by its name, as a warning elsewhere.
func (m *Mapper) leaveOut(t *sheet.Table) {
	if slices.Contains([]string{fold(affise.GuideSheet), "importsummary", "readme", "instructions", "lists"}, fold(t.Sheet)) {
		m.note(t, sheet.LevelInfo, codeSheetLeftOut, fmt.Sprintf("sheet %s was left out: it holds no offers", quote(t.Sheet)))
		return
	}
	text := fmt.Sprintf("sheet %s is not known and was not read", quote(t.Sheet))
	text += didYouMean(words().suggestSheet(t.Sheet))
	m.note(t, sheet.LevelWarning, codeUnknownSheet, text)
}

func (m *Mapper) note(t *sheet.Table, level sheet.Level, code, text string) {
	at := told(t)
	m.messages = append(m.messages, sheet.Message{Level: level, File: at.File, Sheet: at.Sheet, Code: code, Text: text})
}

// headers is what a table's header row means.
type headers struct {
	meanings map[meaning]int // to the column of the table
	nameless []int
	problems []sheet.Message
}

// readHeaders finds the meaning of each header of a table that plays a part.
func (m *Mapper) readHeaders(t *sheet.Table, part int) headers {
	h := headers{meanings: map[meaning]int{}}
	for col, cell := range t.Header {
		if blank(cell.Text) {
			h.nameless = append(h.nameless, col)
			continue
		}
		found, ok := words().find(part, clean(cell.Text).text)
		if !ok {
			found, ok = m.underBanner(t, part, col)
		}
		switch {
		case ok:
			h.add(t, found, col)
		case !words().results[fold(cell.Text)]:
			m.unknownColumn(t, part, col)
		}
	}
	if len(h.meanings) == 0 {
		text := "no column of this sheet is known"
		if t.HeaderRow > 0 {
			text += fmt.Sprintf(": row %d was taken as the column names", t.HeaderRow)
		}
		h.problems = append(h.problems, headerMessage(t, 0, codeNoMatch, fmt.Sprintf(
			"%s, and the %s sheet has columns such as %s: write these names above the columns that hold them", text, words().parts[part].Sheet, strings.Join(someNames(part), ", "))))
	}
	return h
}

// underBanner finds the meaning of a header that alone has none by the name of
// its group in the row above: total beneath Payout is payout_total.
func (m *Mapper) underBanner(t *sheet.Table, part, col int) (meaning, bool) {
	if col >= len(t.Banner) || t.Banner[col] == "" {
		return meaning{}, false
	}
	found, ok := words().find(part, clean(t.Banner[col]+" "+t.Header[col].Text).text)
	if ok {
		b := newBinding(t, found)
		msg := headerMessage(t, col, codeRepaired, fmt.Sprintf("column %s beneath %s was read as %s",
			quote(t.Header[col].Text), quote(t.Banner[col]), b.nameOf(&b.def.Columns[found.column])))
		msg.Level = sheet.LevelInfo
		m.messages = append(m.messages, msg)
	}
	return found, ok
}

// add notes a header's meaning; two with one meaning are a problem.
func (h *headers) add(t *sheet.Table, found meaning, col int) {
	first, twice := h.meanings[found]
	if !twice {
		h.meanings[found] = col
		return
	}
	b := newBinding(t, found)
	name := b.nameOf(&b.def.Columns[found.column])
	h.problems = append(h.problems, headerMessage(t, col, codeTwice, fmt.Sprintf(
		"%s (%s) and %s (%s) are both the column %s: take one of them out",
		sheet.Address(first, t.HeaderRow), quote(t.Header[first].Text), sheet.Address(col, t.HeaderRow), quote(t.Header[col].Text), name)))
}

func someNames(part int) []string {
	var names []string
	for _, c := range words().parts[part].Columns {
		if c.Required || c.Kind == affise.KindParent {
			names = append(names, c.Name)
		}
	}
	return names
}

func headerMessage(t *sheet.Table, col int, code, text string) sheet.Message {
	at := told(t)
	m := sheet.Message{Level: sheet.LevelError, File: at.File, Sheet: at.Sheet, Code: code, Text: text}
	if at == t && t.HeaderRow > 0 { // a derived table's header stands nowhere, nor do the names in JSON
		m.Cell = at.Place(col, t.HeaderRow)
	}
	return m
}

func (m *Mapper) unknownColumn(t *sheet.Table, part, col int) {
	text := fmt.Sprintf("column %s is not known and was not read", quote(t.Header[col].Text))
	text += didYouMean(cmp.Or(words().headerMeant(part, t.Header[col].Text), words().suggest(part, t.Header[col].Text)))
	msg := headerMessage(t, col, codeUnknownColumn, text)
	msg.Level = sheet.LevelWarning
	m.messages = append(m.messages, msg)
}

func (m *Mapper) bindOffers(t *sheet.Table) []sheet.Message {
	h := m.readHeaders(t, 0)
	o := &offerTable{table: t, nameless: h.nameless, own: newBinding(t, meaning{})}
	groups := map[[2]int]*binding{}
	for found, col := range h.meanings {
		b := o.own
		if found.part > 0 {
			group := [2]int{found.part, found.number}
			if groups[group] == nil {
				groups[group] = newBinding(t, found)
				o.flat = append(o.flat, groups[group])
			}
			b = groups[group]
		}
		b.add(found.column, col)
	}
	slices.SortFunc(o.flat, func(a, b *binding) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.number, b.number))
	})
	o.own.finish()
	for _, b := range o.flat {
		b.finish()
	}
	m.offers = append(m.offers, o)
	return h.problems
}

func (m *Mapper) bindChildren(t *sheet.Table, part int) []sheet.Message {
	h := m.readHeaders(t, part)
	c := &childTable{table: t, nameless: h.nameless, own: newBinding(t, meaning{part: part})}
	for found, col := range h.meanings {
		c.own.add(found.column, col)
	}
	c.own.finish()
	if len(h.meanings) > 0 && c.own.parent() < 0 {
		h.problems = append(h.problems, headerMessage(t, 0, codeNoParent, fmt.Sprintf(
			"the sheet has no column %s: it says to which offer each row belongs, by the offer's %s",
			parentColumn(c.own.def).Name, schemaRules().key.Name)))
	}
	m.children = append(m.children, c)
	return h.problems
}

func parentColumn(part *affise.Part) *affise.Column {
	i := slices.IndexFunc(part.Columns, func(c affise.Column) bool { return c.Kind == affise.KindParent })
	return &part.Columns[i]
}

// noRows is the problem of tables that have names of columns and nothing else.
func (m *Mapper) noRows() []sheet.Message {
	var problems []sheet.Message
	for _, o := range m.offers {
		text := fmt.Sprintf("the sheet has no offers: there is nothing below the column names in row %d", o.table.HeaderRow)
		problems = append(problems, headerMessage(o.table, 0, codeNoRows, text))
	}
	return problems
}

// watchNameless warns once of each column that has values but no name. It returns
// the columns that are still to be watched.
func (m *Mapper) watchNameless(t *sheet.Table, columns []int, row sheet.Row) []int {
	if len(columns) == 0 {
		return columns
	}
	return slices.DeleteFunc(columns, func(col int) bool {
		if c := row.Cell(col); c.Kind == sheet.Blank || blank(c.Text) {
			return false
		}
		msg := headerMessage(t, col, codeNoName, fmt.Sprintf(
			"column %s has values but no name in %s: it was not read", sheet.ColumnName(col), sheet.Address(col, t.HeaderRow)))
		msg.Level, msg.Cell = sheet.LevelWarning, row.Address(col)
		m.messages = append(m.messages, msg)
		return true
	})
}
