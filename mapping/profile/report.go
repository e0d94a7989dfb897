package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// Report is what became of an export, in sum. Everything in it is also told
// offer by offer, at its cell.
type Report struct {
	Profile string            `json:"profile"`
	Title   string            `json:"title"`
	Money   string            `json:"money"` // which amount is whose, in plain words
	Offers  int               `json:"offers"`
	Sums    []Sum             `json:"sums"`              // by code and column, the weightiest first
	Missing []mapping.Missing `json:"missing,omitempty"` // ids that the account's are not known of
	Links   []Link            `json:"links,omitempty"`   // what affiliates must change in their links
	Advice  []string          `json:"advice,omitempty"`  // what else they are to be told

	messages        []sheet.Message
	sums            map[sumKey]*Sum
	ids             map[idKey]*mapping.Missing
	links           map[int]int
	slots           []string
	unmappedColumns map[*bound]map[int]*unmapped
	unusedRows      map[*bound]*unused
}

// Sum is how often one thing was said of one column.
type Sum struct {
	Code    string        `json:"code"`
	Column  string        `json:"column"`
	Count   int           `json:"count"`
	Example sheet.Message `json:"example"`
}

// Link is a sub that takes what another parameter took before.
type Link struct {
	Parameter string `json:"parameter"` // as affiliates wrote it in the source
	Sub       string `json:"sub"`       // as they write it now
	Offers    int    `json:"offers"`    // the URLs that use it
}

type sumKey struct{ code, column, sheet string }
type idKey struct{ kind, value string }

// placesShown is how many rows of which nothing was made are named.
const placesShown = 20

// unmapped is a column that the profile does not know and that holds values.
type unmapped struct {
	count int
	first sheet.Message
}

// unused are rows of which nothing was made.
type unused struct {
	count int
	rows  []string
}

func newReport(p *Profile) *Report {
	return &Report{Profile: p.Name, Title: p.Title, Money: p.Money, Advice: p.Advice, Sums: []Sum{}, slots: p.Slots,
		sums: map[sumKey]*Sum{}, ids: map[idKey]*mapping.Missing{}, links: map[int]int{},
		unmappedColumns: map[*bound]map[int]*unmapped{}, unusedRows: map[*bound]*unused{}}
}

// count sums up what is said of a row.
func (r *Report) count(messages []sheet.Message) {
	for _, m := range messages {
		key := sumKey{code: m.Code, column: m.Column}
		s := r.sums[key]
		if s == nil {
			s = &Sum{Code: m.Code, Column: m.Column, Example: m}
			r.sums[key] = s
		}
		s.Count++
	}
}

// missing returns what notes the ids of a table that are not known.
func (r *Report) missing(b *bound) func(kind, value string, known mapping.Found, row sheet.Row, col int) {
	return func(kind, value string, known mapping.Found, row sheet.Row, col int) {
		key := idKey{kind, fold(value)}
		m := r.ids[key]
		if m == nil {
			m = &mapping.Missing{Kind: kind, Value: value, IDs: known.IDs}
			r.ids[key] = m
		}
		m.Add(sheet.Message{File: b.origin.File, Sheet: b.origin.Sheet, Cell: b.origin.Place(col, row.Number)}.Place())
	}
}

func (r *Report) linked(slots []int) {
	for _, n := range slots {
		if r.slots[n-1] != fmt.Sprintf("sub%d", n) {
			r.links[n]++
		}
	}
}

// unmapped notes a row's values in columns that the profile does not know.
func (r *Report) unmapped(b *bound, row sheet.Row) {
	for _, col := range b.unknown {
		cell := row.Cell(col)
		if strings.TrimSpace(cell.Text) == "" {
			continue
		}
		if r.unmappedColumns[b] == nil {
			r.unmappedColumns[b] = map[int]*unmapped{}
		}
		u := r.unmappedColumns[b][col]
		if u == nil {
			name := strings.TrimSpace(b.origin.Header[col].Text)
			u = &unmapped{first: sheet.Message{Level: sheet.LevelWarning, File: b.origin.File, Sheet: b.origin.Sheet,
				Cell: b.origin.Place(col, row.Number), Column: name, Code: CodeUnmapped,
				Text: fmt.Sprintf("column %s holds values such as %s, and profile %s does not know it: it is not carried over%s",
					quote(name), quote(cell.Text), b.profile.Name, didYouMean(name, b.absent))}}
			r.unmappedColumns[b][col] = u
		}
		u.count++
	}
}

func (r *Report) unused(b *bound, row sheet.Row) {
	u := r.unusedRows[b]
	if u == nil {
		u = &unused{}
		r.unusedRows[b] = u
	}
	u.count++
	if len(u.rows) < placesShown {
		u.rows = append(u.rows, b.origin.Place(-1, row.Number))
	}
}

// close puts everything in order and returns what belongs to no offer.
func (r *Report) close(strict bool) []sheet.Message {
	level := sheet.LevelWarning
	if strict {
		level = sheet.LevelError
	}
	for b, u := range r.unusedRows {
		r.tell(u.count, sheet.Message{Level: level, File: b.origin.File, Sheet: b.origin.Sheet, Cell: u.rows[0], Code: CodeLost,
			Text: fmt.Sprintf("%s not carried over, since %s: %s", rowsAre(u.count), b.whyUnused(), strings.Join(u.rows, ", "))})
	}
	for _, columns := range r.unmappedColumns {
		for _, u := range columns {
			u.first.Level = level
			r.tell(u.count, u.first)
		}
	}
	for _, s := range r.sums {
		r.Sums = append(r.Sums, *s)
	}
	slices.SortFunc(r.Sums, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(weight(a.Code), weight(b.Code)), cmp.Compare(b.Count, a.Count), strings.Compare(a.Code+a.Column, b.Code+b.Column),
			strings.Compare(a.Example.Place(), b.Example.Place()))
	})
	r.closeIDs()
	for _, n := range sortedKeys(r.links) {
		r.Links = append(r.Links, Link{Parameter: r.slots[n-1], Sub: fmt.Sprintf("sub%d", n), Offers: r.links[n]})
	}
	slices.SortStableFunc(r.messages, func(a, b sheet.Message) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Sheet, b.Sheet), strings.Compare(a.Code, b.Code), strings.Compare(a.Column, b.Column))
	})
	return r.messages
}

func rowsAre(n int) string {
	if n == 1 {
		return "1 row is"
	}
	return fmt.Sprintf("%d rows are", n)
}

// tell says something of a table as a whole, and counts it.
func (r *Report) tell(count int, m sheet.Message) {
	r.messages = append(r.messages, m)
	r.sums[sumKey{m.Code, m.Column, m.Sheet}] = &Sum{Code: m.Code, Column: m.Column, Count: count, Example: m}
}

func weight(code string) int {
	return slices.Index([]string{CodeDecision, CodeLost, CodeUnmapped, CodeChanged, CodeCarried}, code)
}

// closeIDs lists each missing id once, with the rows that need it.
func (r *Report) closeIDs() {
	for _, m := range r.ids {
		r.Missing = append(r.Missing, *m)
	}
	mapping.SortMissing(r.Missing, Kinds())
}
