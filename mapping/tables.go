package mapping

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
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
	creates  bool       // its rows make offers, where they do not say otherwise
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
func (m *Mapper) bind(book *sheet.Book) []sheet.Message {
	var problems []sheet.Message
	roles := m.roles(book.Tables)
	if len(book.Tables) > 0 && !slices.ContainsFunc(roles, func(r role) bool { return r.part == 0 }) {
		return []sheet.Message{noOffers(book.Tables)}
	}
	if len(book.Tables) == 0 {
		return []sheet.Message{{Level: sheet.LevelError, Code: codeNoOffers, Text: "there is nothing to read: no sheet and no CSV file was found"}}
	}
	for i, t := range book.Tables {
		switch {
		case roles[i].part == 0:
			problems = append(problems, m.bindOffers(t)...)
		case roles[i].part > 0:
			problems = append(problems, m.bindChildren(t, roles[i].part)...)
		}
	}
	return problems
}

func noOffers(tables []*sheet.Table) sheet.Message {
	var names []string
	for _, t := range tables {
		names = append(names, quote(t.Sheet))
	}
	way := "give the sheet that holds the offers the name Offers, or its CSV file the name offers.csv"
	if beside := besides(tables[0], 0); beside != "" {
		way = fmt.Sprintf("%s lies in the same folder: name the folder to have both read", quote(beside))
	}
	return sheet.Message{Level: sheet.LevelError, File: tables[0].File, Code: codeNoOffers, Text: fmt.Sprintf(
		"there is no Offers sheet among %s: %s", strings.Join(names, ", "), way)}
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
	before := len(m.messages)
	h := m.readHeaders(t, 0)
	if problem, ok := m.notOffers(t, &h); ok {
		m.messages = m.messages[:before] // that columns are not known is said by the one message
		return []sheet.Message{problem}
	}
	o := &offerTable{table: t, nameless: h.nameless, own: newBinding(t, meaning{})}
	o.own.names = m.env.names
	o.creates = m.env.mode == modeCreate
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

// notOffers tells of a table that holds something else than offers, or whose
// first offer stands where the names of its columns should.
func (m *Mapper) notOffers(t *sheet.Table, h *headers) (sheet.Message, bool) {
	if t.Origin != nil {
		return sheet.Message{}, false
	}
	var names []string
	for _, c := range t.Header {
		text := clean(c.Text).text
		if strings.Contains(text, "://") || len(text) == 24 && isHex(text) {
			return headerMessage(t, 0, codeNoHeader, fmt.Sprintf(
				"row %d holds an offer, not column names: insert a row above it with the name of each column, such as %s",
				t.HeaderRow, strings.Join(someNames(0), ", "))), len(h.meanings) == 0
		}
		if text != "" {
			names = append(names, text)
		}
	}
	updates := m.env.mode != modeCreate || h.has(schemaRules().action)
	needs := slices.ContainsFunc(words().parts[0].Columns, func(c affise.Column) bool { return c.Required && h.has(&c) })
	return headerMessage(t, 0, codeNotOffers, fmt.Sprintf(
		"this does not look like a sheet of offers: it has none of the columns %s; its columns in row %d are %s",
		strings.Join(someNames(0), ", "), t.HeaderRow, strings.Join(names, ", "))), len(h.meanings) > 0 && !needs && !updates
}

// has tells whether a column of the offers is there.
func (h *headers) has(col *affise.Column) bool {
	_, ok := h.meanings[meaning{column: col.Index}]
	return ok
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

// tablesBelow is the problem of further tables that stand below the rows of one,
// once all of them were read. One that is not of ours is passed over with a warning.
func (m *Mapper) tablesBelow() (problems []sheet.Message) {
	var seen []*sheet.Table
	look := func(t *sheet.Table) {
		if slices.Contains(seen, t) {
			return
		}
		seen = append(seen, t)
		for _, b := range t.Below {
			part, names := partLike(&sheet.Table{Header: b.Header})
			rows := fmt.Sprintf("rows %d to %d", b.Row, b.Last)
			msg := sheet.Message{Level: sheet.LevelWarning, File: t.File, Sheet: t.Sheet, Cell: fmt.Sprint(b.Row), Code: codeSecondTable,
				Text: fmt.Sprintf("row %d begins another table: %s were not read", b.Row, rows)}
			if part < 0 {
				m.messages = append(m.messages, msg)
				continue
			}
			where := "a sheet or a file of their own, named " + words().parts[part].Sheet
			if part == 0 {
				where = "the columns of the first table that have these names"
			}
			msg.Level, msg.Text = sheet.LevelError, fmt.Sprintf("row %d begins another table (%s), and %s would not be read, so nothing is sent: move them to %s",
				b.Row, strings.Join(names[:min(5, len(names))], ", "), rows, where)
			problems = append(problems, msg)
		}
	}
	for _, o := range m.offers {
		look(told(o.table))
	}
	for _, c := range m.children {
		look(told(c.table))
	}
	return problems
}

// whyNoPayout says why no offer can have a payout, blank where something holds
// payouts: a sheet that is missing is one cause, and not one for each offer.
func (m *Mapper) whyNoPayout() string {
	book := schemaRules()
	part := &words().parts[book.payouts]
	isPayouts := func(b *binding) bool { return b.part == book.payouts }
	if slices.ContainsFunc(m.children, func(c *childTable) bool { return isPayouts(c.own) }) ||
		slices.ContainsFunc(m.offers, func(o *offerTable) bool { return slices.ContainsFunc(o.flat, isPayouts) }) {
		return ""
	}
	why := fmt.Sprintf("no offer has a payout: there is neither a sheet %s, or a file %s.csv, nor a column such as %s_%s",
		part.Sheet, strings.ToLower(part.Sheet), part.Prefix, book.revenue.Name)
	if beside := besides(m.offers[0].table, book.payouts); beside != "" {
		why += fmt.Sprintf("; %s lies in the same folder: name the folder to have both read", quote(beside))
	}
	return why
}

// besides is a CSV file beside a table's, which was not named, that has the name of
// a part's; blank where there is none.
func besides(t *sheet.Table, part int) string {
	if t.Facts.Format != "csv" {
		return ""
	}
	entries, _ := os.ReadDir(filepath.Dir(t.Path)) // what cannot be read holds nothing that could be named
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if strings.EqualFold(ext, ".csv") && words().roleOf(strings.TrimSuffix(e.Name(), ext)).part == part {
			return e.Name()
		}
	}
	return ""
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
