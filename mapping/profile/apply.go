package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// Settings tell Apply what the profile leaves to its user.
type Settings struct {
	IDs    IDs
	Lookup func(kind, name string) mapping.Found // asks the account for a name that IDs does not have; nil: no one is asked
	Strict bool                                  // what is lost, changed or to be decided is an error
	Now    func() time.Time                      // nil: time.Now
}

// application is one use of a profile.
type application struct {
	profile  *Profile
	book     *sheet.Book // which keeps the rows that are made
	opts     Settings
	ids      IDs
	today    string
	read     []string                   // the names of the sheets that are read
	origins  map[string][]*sheet.Table  // by the profile's name of the table: the files and sheets that are one
	misnamed []string                   // what was said of names that a table does not have
	unused   map[string][]sheet.Message // by the offer's key: the rows of which nothing was made
}

// Apply makes our book of another network's: tables named Offers, Payouts and
// so on, whose rows have the numbers and whose cells the columns of those that
// they were made from. It reads every table once, grouped ones once more, and
// sets the rows that it makes aside. The book stands on the other, which must
// stay open. The error is an [*Invalid] of the profile, or of a file that cannot
// be read.
func Apply(book *sheet.Book, p *Profile, opts Settings) (*sheet.Book, *Report, error) {
	now := opts.Now
	if now == nil {
		now = time.Now
	}
	a := &application{profile: p, book: book, opts: opts, ids: opts.IDs, today: now().Format(time.DateOnly),
		origins: map[string][]*sheet.Table{}, unused: map[string][]sheet.Message{}}
	out := &sheet.Book{Notes: slices.Clone(book.Notes)}
	report := newReport(p)
	matches := p.assign(book.Tables)
	if !slices.ContainsFunc(matches, func(t *Table) bool { return t != nil && t.offers() }) {
		return nil, nil, p.noOffers(book)
	}
	for i, t := range book.Tables {
		if matches[i] != nil {
			a.origins[matches[i].Name] = append(a.origins[matches[i].Name], t)
			a.read = append(a.read, t.Sheet)
		}
	}
	for i, t := range book.Tables {
		out.Notes = append(out.Notes, placed(t)...)
		if matches[i] == nil && !a.isSeen(t) {
			out.Notes = append(out.Notes, a.leaveOut(t))
		}
	}
	for _, spec := range p.Tables { // in the profile's order: an offer's own payout goes before its goals'
		for i, t := range book.Tables {
			if matches[i] != spec {
				continue
			}
			tables, err := a.table(spec, t, report)
			if err != nil {
				return nil, nil, err
			}
			out.Tables = append(out.Tables, tables...)
		}
	}
	out.Notes = append(out.Notes, report.close(opts.Strict)...)
	return out, report, nil
}

// placed are a table's notes, with the table named in each.
func placed(t *sheet.Table) []sheet.Message {
	notes := slices.Clone(t.Notes)
	for i := range notes {
		notes[i].File, notes[i].Sheet = cmp.Or(notes[i].File, t.File), cmp.Or(notes[i].Sheet, t.Sheet)
	}
	return notes
}

// isSeen tells whether what a table of JSON holds is read as that of another: the
// row above it has it as lists, or it is the pages around the rows.
func (a *application) isSeen(t *sheet.Table) bool {
	return t.Facts.Format == "json" && (strings.Contains(t.Sheet, ".") || slices.ContainsFunc(a.read, func(name string) bool { return strings.HasPrefix(name, t.Sheet+".") }))
}

func (a *application) leaveOut(t *sheet.Table) sheet.Message {
	level := sheet.LevelWarning
	if a.opts.Strict {
		level = sheet.LevelError // what it holds is lost
	}
	return sheet.Message{Level: level, File: t.File, Sheet: t.Sheet, Code: codeSheet,
		Text: fmt.Sprintf("sheet %s is not known to profile %s and was not read", quote(t.Sheet), a.profile.Name)}
}

// table binds a table and makes ours of it.
func (a *application) table(spec *Table, t *sheet.Table, report *Report) ([]*sheet.Table, error) {
	b, err := a.bind(spec, t)
	if err != nil {
		return nil, err
	}
	if err := b.takeGroups(); err != nil {
		return nil, err
	}
	tables, err := b.translate(report)
	if err != nil {
		return nil, err
	}
	report.messages = append(report.messages, b.notes()...)
	return tables, nil
}

// translate reads the table, makes our rows of its rows, and sums up what is
// said of them. The rows of each part are a table.
func (b *bound) translate(report *Report) ([]*sheet.Table, error) {
	r := b.reader()
	r.missing, r.linked, r.count = report.missing(b), report.linked, report.count
	for row, err := range b.origin.Scan() {
		if err != nil {
			return nil, err
		}
		empty, err := r.read(row, func(to partRows, row sheet.Row) error {
			if to.part.Key == "" {
				report.Offers++
			}
			report.count(row.Flaws)
			return to.rows.Add(row)
		})
		if err != nil {
			return nil, err
		}
		if empty && b.spec.unused != elsewhere {
			report.unused(b, row)
			r.tellUnused()
		}
		report.unmapped(b, row)
	}
	var tables []*sheet.Table
	for _, p := range b.parts {
		if err := p.rows.Finish(); err != nil {
			return nil, err
		}
		tables = append(tables, b.derive(p))
	}
	return tables, nil
}

// derive makes our table of one part.
func (b *bound) derive(p partRows) *sheet.Table {
	header := make([]sheet.Cell, len(p.header))
	for i, col := range p.header {
		header[i] = sheet.Cell{Kind: sheet.Text, Text: col.Name}
	}
	return b.origin.Derive(p.part.Sheet, header, p.rows)
}

// assign gives each table the profile's table that it is, or nil: by its
// headers, else by its name.
func (p *Profile) assign(tables []*sheet.Table) []*Table {
	out := make([]*Table, len(tables))
	for i, t := range tables {
		best := 0
		for _, spec := range p.Tables {
			if score := spec.score(t); score > best {
				out[i], best = spec, score
			}
		}
	}
	return out
}

// score says how sure it is that a table is of this kind; 0: it is not.
func (t *Table) score(table *sheet.Table) int {
	score := 0
	if len(t.Has) > 0 && t.hasAll(table) {
		score = 10 + len(t.Has)
	}
	named := slices.ContainsFunc(t.Sheets, func(s string) bool {
		end, ends := strings.CutPrefix(s, anyOther) // *.payments
		return fold(s) == fold(table.Sheet) || ends && strings.HasSuffix(table.Sheet, end)
	})
	if named && (score > 0 || t.hasKey(table)) {
		score += 100
	}
	return score
}

func (t *Table) hasAll(table *sheet.Table) bool {
	return !slices.ContainsFunc(t.Has, func(name string) bool { return t.find(table.Header, name) < 0 })
}

func (t *Table) hasKey(table *sheet.Table) bool {
	return t.key.code != "" || t.key.from != "" && t.find(table.Header, t.key.from) >= 0
}

// noOffers says which columns a table of offers would have.
func (p *Profile) noOffers(book *sheet.Book) error {
	var lines []string
	for _, spec := range p.Tables {
		if !spec.offers() {
			continue
		}
		for _, t := range book.Tables {
			var lacks []string
			for _, name := range spec.Has {
				if spec.find(t.Header, name) < 0 {
					lacks = append(lacks, name)
				}
			}
			lines = append(lines, fmt.Sprintf("%s, %s: this is not a %s export as profile %s knows it: it has no column %s",
				t.File, t.Sheet, p.Title, p.Name, joinList(lacks)))
		}
	}
	return &Invalid{Problems: lines}
}

// Recognise returns the profile that a book is an export of, and how many of
// its headers told so; nil where none is.
func Recognise(book *sheet.Book, profiles []*Profile) (best *Profile, score int) {
	for _, p := range profiles {
		if s := p.recognises(book); s > score {
			best, score = p, s
		}
	}
	return best, score
}

// recognises counts the telling headers of the tables of a book that hold
// offers; 0 where a table lacks one.
func (p *Profile) recognises(book *sheet.Book) int {
	best := 0
	for _, spec := range p.Tables {
		for _, t := range book.Tables {
			if spec.offers() && len(spec.Has) > 0 && spec.hasAll(t) {
				best = max(best, len(spec.Has))
			}
		}
	}
	return best
}

// IsOurs tells whether a book is a workbook of our own, by the columns that an
// offer needs, spelt as our template spells them: other networks have a Title
// and an External Offer ID too. JSON never is ours.
func IsOurs(book *sheet.Book) bool {
	return slices.ContainsFunc(book.Tables, func(t *sheet.Table) bool {
		if t.Facts.Format == "json" {
			return false
		}
		has := func(name string) bool {
			return slices.ContainsFunc(t.Header, func(c sheet.Cell) bool { return strings.EqualFold(strings.TrimSpace(c.Text), name) })
		}
		return has("title") && (has("external_offer_id") || hasOwn(has))
	})
}

// hasOwn tells whether all columns that an offer needs are there.
func hasOwn(has func(string) bool) bool {
	for _, col := range affise.Parts()[0].Columns {
		if col.Required && !has(col.Name) {
			return false
		}
	}
	return true
}

// Taken says that a profile was taken by itself.
func Taken(p *Profile, book *sheet.Book) sheet.Message {
	m := sheet.Message{Level: sheet.LevelInfo, Code: codeTaken,
		Text: fmt.Sprintf("this looks like an export of %s: it is read with profile %s", p.Title, p.Name)}
	if len(book.Tables) > 0 {
		m.File = book.Tables[0].File
	}
	return m
}
