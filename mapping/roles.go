package mapping

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// notRead is the role of a table that is left out.
const notRead = -1

// role is what a table is taken for: the index of its part, or notRead. Form
// says by what, where its name is not one of ours: the name that is left of it.
type role struct {
	part   int
	form   bool   // the name is a form of ours: Payout, Caps - Table 1, payouts (1)
	prefix string // what stands before our name: the workbook's, of a sheet that was downloaded as CSV
}

// roles gives each table its role. Where no table is named Offers, those of other
// names that have the columns of offers are. Two tables for one role are a
// problem where one has a form of the other's name: nobody knows which is meant.
func (m *Mapper) roles(tables []*sheet.Table) []role {
	roles := make([]role, len(tables))
	offers := false
	for i, t := range tables {
		roles[i] = words().roleOf(t.Sheet)
		offers = offers || roles[i].part == 0
	}
	m.rivals = rivals(tables, roles)
	for i, t := range tables {
		if roles[i].form && t.Origin == nil {
			m.note(t, sheet.LevelInfo, codeSheetTaken, fmt.Sprintf("%s was read as %s", called(t), words().parts[roles[i].part].Sheet))
		}
	}
	if !offers {
		for i, t := range tables {
			if roles[i].part == notRead && (len(tables) == 1 || looksLikeOffers(t)) {
				roles[i].part = 0
			}
		}
		m.tellTaken(tables, roles)
	}
	for i, t := range tables {
		if roles[i].part == notRead {
			m.leaveOut(t)
		}
	}
	return roles
}

// formed cuts off what programs add to the name of a sheet: Numbers a table, a
// browser the number of a further download.
var formed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\s*(?:[-–]\s*(?:table|tabelle|tableau|tabla|tabella|таблица)\s*\d+|\(\d+\))$`)
})

// roleOf finds the part whose sheet has this name or a form of it.
func (v *vocabulary) roleOf(name string) role {
	if part := v.partOf(name); part >= 0 {
		return role{part: part}
	}
	short := name
	for cut := formed().ReplaceAllString(short, ""); cut != short; cut = formed().ReplaceAllString(short, "") {
		short = cut
	}
	prefix := ""
	part := v.numberless(short)
	if i := strings.LastIndex(short, " - "); i >= 0 && part < 0 {
		prefix = short[:i]
		part = v.numberless(short[i+3:])
	}
	return role{part: part, form: part >= 0, prefix: prefix}
}

// numberless is partOf for a name in the singular or the plural.
func (v *vocabulary) numberless(name string) int {
	folded := fold(name)
	if part := max(v.partOf(folded), v.partOf(folded+"s")); part >= 0 {
		return part
	}
	if one := strings.TrimSuffix(folded, "s"); !strings.HasSuffix(one, "s") { // not of Capss
		return v.partOf(one)
	}
	return notRead
}

// rivals tells of tables that stand side by side for one part.
func rivals(tables []*sheet.Table, roles []role) (problems []sheet.Message) {
	for i, t := range tables {
		for j, other := range tables[:i] {
			if roles[i].part < 0 || roles[i].part != roles[j].part || t.Origin != nil || !sideBySide(t, other) {
				continue
			}
			workbooks := roles[i].prefix != "" && roles[j].prefix != "" && roles[i].prefix != roles[j].prefix
			if !workbooks && (roles[i].form || roles[j].form || t.Facts.Format != "xlsx") {
				one, two := other, t
				if roles[j].form && !roles[i].form {
					one, two = t, other
				}
				problems = append(problems, sheet.Message{Level: sheet.LevelError, File: two.File, Sheet: two.Sheet, Code: codeTwoSheets, Text: fmt.Sprintf(
					"%s and %s both look like %s, so nothing is sent: take out the one that is not meant, or leave it out, such as with %s",
					called(one), called(two), words().parts[roles[i].part].Sheet, ignoring(two))})
			}
		}
	}
	return problems
}

// sideBySide tells whether two tables stand in one workbook, or in one folder.
func sideBySide(a, b *sheet.Table) bool {
	if a.Facts.Format == "xlsx" || b.Facts.Format == "xlsx" {
		return a.Path == b.Path
	}
	return filepath.Dir(a.Path) == filepath.Dir(b.Path) && path.Dir(a.File) == path.Dir(b.File)
}

// called is a table as its owner knows it.
func called(t *sheet.Table) string {
	if t.Facts.Format == "xlsx" {
		return "sheet " + quote(t.Sheet)
	}
	return "file " + quote(path.Base(t.File))
}

// ignoring is the flag that leaves a table out.
func ignoring(t *sheet.Table) string {
	if strings.ContainsFunc(t.Sheet, func(r rune) bool { return !isDigit(r) && fold(string(r)) == "" && r != '_' && r != '-' }) {
		return fmt.Sprintf("--ignore-sheet %q", t.Sheet)
	}
	return "--ignore-sheet " + t.Sheet
}

// tellTaken says which sheets were taken as Offers. One of several that lacks a
// column which offers need may hold something else.
func (m *Mapper) tellTaken(tables []*sheet.Table, roles []role) {
	all := slices.DeleteFunc(slices.Clone(roles), func(r role) bool { return r.part != 0 })
	for i, t := range tables {
		text := fmt.Sprintf("sheet %s was taken as the Offers sheet", quote(t.Sheet))
		switch {
		case roles[i].part != 0:
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
// ours by its name, as a warning elsewhere. Whether it is of ours is for
// judgeUnread to say, when the offers' keys are known.
func (m *Mapper) leaveOut(t *sheet.Table) {
	if slices.Contains([]string{fold(affise.GuideSheet), "importsummary", "readme", "instructions", "lists"}, fold(t.Sheet)) {
		m.note(t, sheet.LevelInfo, codeSheetLeftOut, fmt.Sprintf("sheet %s was left out: it holds no offers", quote(t.Sheet)))
		return
	}
	m.unread = append(m.unread, t)
}

// judgeUnread tells of the sheets that are not read. One that looks like ours is a
// problem: the offers would go live without their caps, or half of them not at all.
func (m *Mapper) judgeUnread() (problems []sheet.Message, err error) {
	for _, t := range m.unread {
		part, why, err := m.looksLike(t)
		if err != nil {
			return nil, err
		}
		if part >= 0 {
			name := words().parts[part].Sheet
			if t.Facts.Format != "xlsx" {
				name = strings.ReplaceAll(strings.ToLower(name), " ", "_") + path.Ext(t.File)
			}
			problems = append(problems, sheet.Message{Level: sheet.LevelError, File: t.File, Sheet: t.Sheet, Code: codeSheetNotRead, Text: fmt.Sprintf(
				"%s looks like %s (%s) and would not be read, so nothing is sent: %s, or leave it out with %s",
				called(t), words().parts[part].Sheet, why, m.mend(part, name), ignoring(t))})
			continue
		}
		text := fmt.Sprintf("sheet %s is not known and was not read", quote(t.Sheet)) + didYouMean(words().suggestSheet(t.Sheet))
		m.note(t, sheet.LevelWarning, codeUnknownSheet, text)
	}
	return problems, nil
}

// mend is what to do with a table that looks like a part: there may be one of its
// name already.
func (m *Mapper) mend(part int, name string) string {
	if part == 0 {
		return "move its rows to " + called(told(m.offers[0].table))
	}
	for _, c := range m.children {
		if c.own.part == part {
			return "move its rows to " + called(told(c.table))
		}
	}
	return "rename it to " + name
}

// looksLike finds the part that a table which is not read seems to be of, or
// notRead, and says by what.
func (m *Mapper) looksLike(t *sheet.Table) (part int, why string, err error) {
	best, names := partLike(t)
	if best < 0 {
		return notRead, "", nil
	}
	_, parent := columnsOf(t, best)
	why = strings.Join(names[:min(5, len(names))], ", ")
	rows, found, err := m.namesOffers(t, parent)
	named := words().suggestSheet(t.Sheet) == words().parts[best].Sheet
	switch {
	case err != nil || rows == 0:
		return notRead, "", err
	case best > 0 && found > 0:
		return best, fmt.Sprintf("%s; %d of its rows name offers of this input", why, found), nil
	case named || best == 0:
		return best, why, nil
	}
	return notRead, "", nil
}

// partLike is the part whose columns a table has, with their names there; notRead
// where it has those of none.
func partLike(t *sheet.Table) (part int, names []string) {
	part = notRead
	for i := range words().parts {
		known, parent := columnsOf(t, i)
		if len(known) >= 2 && len(known) >= len(names) && (parent >= 0 || i == 0 && looksLikeOffers(t)) {
			part, names = i, known
		}
	}
	return part, names
}

// columnsOf are the names of the columns of a table that a part's sheet has too,
// where they are most of it, and the column that names a child's offer, or -1.
func columnsOf(t *sheet.Table, part int) (names []string, parent int) {
	parent = -1
	filled := 0
	for col, c := range t.Header {
		if blank(c.Text) || words().results[fold(c.Text)] {
			continue
		}
		filled++
		if found, ok := words().find(part, clean(c.Text).text); ok {
			names = append(names, c.Text)
			if found.part == part && words().parts[part].Columns[found.column].Kind == affise.KindParent {
				parent = col
			}
		}
	}
	if 2*len(names) <= filled {
		return nil, -1
	}
	return names, parent
}

// namesOffers counts the rows of a table, examples left out, and those whose cell
// in a column has an offer's key.
func (m *Mapper) namesOffers(t *sheet.Table, parent int) (rows, found int, err error) {
	key := max(parent, 0)
	for row, err := range t.Scan() {
		if err != nil {
			return rows, found, err
		}
		c := row.Cell(key)
		name := nameIn(&c)
		if isExample(name) {
			continue
		}
		rows++
		if _, ok := m.index.find(name); ok && parent >= 0 {
			found++
		}
	}
	return rows, found, nil
}
