package mapping

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"offerlift/internal/sheet"
)

// orphan is a child row that names no offer of the input: a cap or a country
// that an offer would go live without.
type orphan struct {
	name    string
	above   rowAbove
	part    int
	at      Ref
	message sheet.Message // at its cell, the text still to come
	flaws   []sheet.Message
}

// rowAbove is the offer that a child row's next one above names; its name is blank
// where that names none.
type rowAbove struct {
	name    string
	ordinal uint32
	table   *sheet.Table
}

// unmerge says what comes before writing into a cell of a table in which several
// are merged over rows; blank elsewhere.
func unmerge(t *sheet.Table) string {
	if t != nil && slices.ContainsFunc(t.Notes, func(note sheet.Message) bool { return note.Code == "merged_rows" }) {
		return "unmerge the cells, and "
	}
	return ""
}

func (r rowAbove) tell() string {
	return fmt.Sprintf("the row names no offer; %s, which stands above, is probably meant, and it is not sent without this row: %swrite %s here too",
		quote(r.name), unmerge(r.table), quote(r.name))
}

// Bounds of what is told and compared.
const (
	orphansShown  = 1000   // for each table, one by one
	orphansJudged = 20_000 // in all: the input is refused above
)

// takeOrphan notes a child row that names no offer.
func (m *Mapper) takeOrphan(t *childTable, rec *record, name string, above rowAbove) {
	if m.index.skipped[above.ordinal] || t.table.Origin != nil {
		above = rowAbove{}
	}
	o := orphan{name: name, above: above, part: t.own.part, at: rec.ref(), flaws: placed(rec.flaws, t.table)}
	o.message = rec.message(sheet.LevelError, codeOrphan, t.own.parent(), "")
	m.orphans = append(m.orphans, o)
}

// judgeOrphans puts each orphan to the offer that it is probably meant for, which
// then fails; the others are told by themselves. What it returns keeps the input
// from being read.
func (m *Mapper) judgeOrphans() error {
	switch {
	case len(m.orphans) == 0:
		return nil
	case !m.hasKeys() && slices.ContainsFunc(m.orphans, func(o orphan) bool { return o.name != "" }):
		return &Problems{[]sheet.Message{m.noKeyColumn()}}
	case len(m.orphans) > orphansJudged:
		return &Problems{[]sheet.Message{headerMessage(m.offers[0].table, 0, codeOrphan, fmt.Sprintf(
			"%s name no offer of this sheet: look whether their column offer holds what stands in %s here", m.orphanRows(), schemaRules().key.Name))}}
	}
	near, err := m.nearOffers()
	if err != nil {
		return err
	}
	m.awaited = map[uint32][]orphan{}
	loose, shown := m.messages, map[string]int{}
	for _, o := range m.orphans {
		n := near[o.name]
		switch {
		case n != nil && !n.several:
			o.message.Text = n.tell(o)
			m.awaited[n.ordinal] = append(m.awaited[n.ordinal], o)
		case o.name == "" && o.above.name != "":
			o.message.Text = o.above.tell()
			m.awaited[o.above.ordinal] = append(m.awaited[o.above.ordinal], o)
		case shown[o.message.Sheet] < orphansShown:
			shown[o.message.Sheet]++
			o.message.Text = m.looseText(o.name)
			loose = append(append(loose, o.flaws...), o.message)
		default:
			shown[o.message.Sheet]++
		}
	}
	m.messages = loose
	for _, c := range m.children {
		if more := shown[told(c.table).Sheet] - orphansShown; more > 0 {
			m.note(c.table, sheet.LevelError, codeOrphan, fmt.Sprintf("%d more rows of this sheet name no offer that is there", more))
			delete(shown, told(c.table).Sheet)
		}
	}
	m.orphans = nil
	return nil
}

// looseText says of a child row whose offer is not there what its key may be.
func (m *Mapper) looseText(name string) string {
	key := schemaRules().key.Name
	switch {
	case name == "":
		return fmt.Sprintf("the row names no offer, so it is not sent: write the offer's %s", key)
	case isExample(name):
		return fmt.Sprintf("the row is called %s and is not the template's example any more, so it is not sent: write the %s of its offer, or take the row out", ExampleKey, key)
	case name == "0" || lostToExponent(name):
		return fmt.Sprintf("no offer has the key %s, so the row is not sent: %s; write the key as it stands in %s on the Offers sheet", quote(name), spoiltBy(name), key)
	}
	return fmt.Sprintf("no offer has the key %s, so the row is not sent: write the key as it stands in %s on the Offers sheet, or take the row out%s", quote(name), key, m.maybeHidden(0))
}

// maybeHidden ends a message about a row of a part that is not there, where rows of
// the part are hidden; blank elsewhere.
func (m *Mapper) maybeHidden(part int) string {
	hides := func(b *binding) bool {
		return b.part == part && slices.ContainsFunc(b.table.Notes, func(note sheet.Message) bool { return note.Code == "hidden_rows" })
	}
	if slices.ContainsFunc(m.offers, func(t *offerTable) bool { return hides(t.own) }) || slices.ContainsFunc(m.children, func(t *childTable) bool { return hides(t.own) }) {
		return fmt.Sprintf("; %s has hidden rows, which are not read: show them where it stands there", words().parts[part].Sheet)
	}
	return ""
}

// spoiltBy says how a spreadsheet came to such a name.
func spoiltBy(name string) string {
	if name == "0" {
		return ofBlank
	}
	return "a spreadsheet cut a long number short, so format the column as text"
}

// hasKeys tells whether an Offers table has a column that names its offers.
func (m *Mapper) hasKeys() bool {
	return slices.ContainsFunc(m.offers, func(t *offerTable) bool {
		return t.own.place(schemaRules().key) >= 0 || t.own.place(schemaRules().ref) >= 0
	})
}

func (m *Mapper) noKeyColumn() sheet.Message {
	key := schemaRules().key.Name
	return headerMessage(m.offers[0].table, 0, codeNoKeyColumn, fmt.Sprintf(
		"there is no column %s, and %s name offers by it: put the column back, or write it above the one that holds the keys", key, m.orphanRows()))
}

// orphanRows counts the orphans and names their sheets.
func (m *Mapper) orphanRows() string {
	var sheets []string
	for _, o := range m.orphans {
		if !slices.Contains(sheets, o.message.Sheet) {
			sheets = append(sheets, o.message.Sheet)
		}
	}
	return fmt.Sprintf("%d rows of %s", len(m.orphans), andList(sheets))
}

func andList(items []string) string {
	if n := len(items) - 1; n > 0 {
		return strings.Join(items[:n], ", ") + " and " + items[n]
	}
	return strings.Join(items, "")
}

// nearOffer is the offer that a name which no offer has is probably meant for.
type nearOffer struct {
	kind    nearness
	ordinal uint32
	several bool   // other offers are as near
	key     string // blank where the offer has none of its own
	place   sheet.Message
}

// nearness says in what a name differs from an offer's, the least first.
type nearness int

const (
	spelling nearness = iota + 1 // case, blanks, dashes, zeros before a number
	byTitle                      // it is the offer's title
	oneEdit                      // a letter too many, too few or wrong
)

func (n *nearOffer) tell(o orphan) string {
	place := n.place
	if place.File == o.message.File {
		place.File = ""
	}
	switch {
	case n.key == "":
		return fmt.Sprintf("%s is the title of the offer in %s, which has no key and is therefore not sent: write one into its %s, and here",
			quote(o.name), place.Spot(), schemaRules().key.Name)
	case n.kind == byTitle:
		return fmt.Sprintf("%s is an offer's title, not its key: write %s; the offer (%s) is not sent without this row", quote(o.name), quote(n.key), place.Spot())
	}
	text := fmt.Sprintf("no offer has the key %s; %s (%s) is probably meant, and it is not sent without this row: write %s",
		quote(o.name), quote(n.key), place.Spot(), quote(n.key))
	if allDigits(o.name) && allDigits(n.key) {
		text += "; spreadsheets cut zeros off numbers, so format both columns as text"
	}
	return text
}

// nearOffers finds the offers that the orphans' names are near to. It reads the
// offers once more.
func (m *Mapper) nearOffers() (map[string]*nearOffer, error) {
	s := newNearSearch(m.orphans)
	for _, t := range m.offers {
		ordinal := uint32(t.first)
		err := t.rows(func(_ sheet.Row, self record) error {
			if n := self.names(); n.action != actionSkip {
				s.offer = nearOffer{ordinal: ordinal, place: self.message("", "", t.own.place(schemaRules().key), "")}
				s.hold(n, nameIn(self.of(schemaRules().title)))
			}
			ordinal++
			return nil
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	return s.found, nil
}

// nearSearch holds offers' names against those that orphans have.
type nearSearch struct {
	found  map[string]*nearOffer
	bare   map[string][]string // the orphans' names by what bare leaves of them
	titles map[string][]string // by their small letters
	edited map[string][]string // by what is left of each without one letter, and by themselves
	offer  nearOffer           // that is held
}

func newNearSearch(orphans []orphan) *nearSearch {
	s := &nearSearch{map[string]*nearOffer{}, map[string][]string{}, map[string][]string{}, map[string][]string{}, nearOffer{}}
	seen := map[string]bool{"": true}
	for _, o := range orphans {
		if seen[o.name] {
			continue
		}
		seen[o.name] = true
		small := strings.ToLower(o.name)
		s.bare[bareName(o.name)] = append(s.bare[bareName(o.name)], o.name)
		if long := inDigits(o.name); long != "" {
			s.bare[long] = append(s.bare[long], o.name)
		}
		s.titles[small] = append(s.titles[small], o.name)
		for short := range shortened(small) {
			s.edited[short] = append(s.edited[short], o.name)
		}
	}
	return s
}

// inDigits writes 1.5E+12 as 1500000000000, and is blank for what is no such number.
func inDigits(name string) string {
	if !lostToExponent(name) {
		return ""
	}
	mantissa, exponent, _ := strings.Cut(strings.Replace(name, ",", ".", 1), "E+")
	n := smallNumber(exponent)
	if n > 20 {
		return ""
	}
	return shift(mantissa, n)
}

// hold holds the names of an offer against the orphans'.
func (s *nearSearch) hold(n names, title string) {
	if !n.made {
		s.offer.key = n.key
	}
	for _, name := range s.titles[strings.ToLower(title)] {
		s.take(name, byTitle)
	}
	for _, key := range []string{s.offer.key, n.ref} {
		if key == "" {
			continue
		}
		s.offer.key = key
		for _, name := range s.bare[bareName(key)] {
			s.take(name, spelling)
		}
		small := strings.ToLower(key)
		for short := range shortened(small) {
			for _, name := range s.edited[short] {
				if digitsOf(name) == digitsOf(key) && distance([]rune(strings.ToLower(name)), small, 1) == 1 {
					s.take(name, oneEdit)
				}
			}
		}
	}
}

// take notes that the offer is near to a name.
func (s *nearSearch) take(name string, kind nearness) {
	best := s.found[name]
	switch {
	case best == nil || kind < best.kind:
		n := s.offer
		n.kind = kind
		s.found[name] = &n
	case kind == best.kind && best.ordinal != s.offer.ordinal:
		best.several = true
	}
}

// bareName is a name without what people get wrong of it: its case, what stands
// between letters and digits, zeros before a number, an O beside a digit that
// should be a 0.
func bareName(name string) string {
	runes := []rune(strings.ToLower(name))
	beside := func(i int) bool { return i >= 0 && i < len(runes) && isDigit(runes[i]) }
	for i, r := range runes {
		if (r == 'o' || r == 'о') && (beside(i-1) || beside(i+1)) { // Latin and Cyrillic
			runes[i] = '0'
		}
	}
	var b strings.Builder
	inNumber := false
	for i, r := range runes {
		switch {
		case r == '0' && !inNumber && beside(i+1): // a zero before a number
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
			inNumber = isDigit(r)
		default:
			inNumber = false
		}
	}
	return b.String()
}

// shortened yields a name and what is left of it without one of its letters;
// nothing of a short one, which is near to any other.
func shortened(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if utf8.RuneCountInString(name) < 4 || !yield(name) {
			return
		}
		for i, r := range name {
			if !yield(name[:i] + name[i+utf8.RuneLen(r):]) {
				return
			}
		}
	}
}

// digitsOf are the digits of a name.
func digitsOf(name string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, name)
}

// await fails an offer for which child rows are probably meant that name another:
// without them it would go live without its cap, or for the whole world.
func (a *assembly) await(u *unit, o *Offer) {
	rows := a.m.awaited[u.ordinal]
	if len(rows) == 0 {
		return
	}
	for _, r := range rows {
		a.messages = append(append(a.messages, r.flaws...), r.message)
		if !slices.Contains(o.Children, r.at) {
			o.Children = append(o.Children, r.at)
		}
		a.hasGeneral = a.hasGeneral || r.part == schemaRules().payouts
	}
	place, first, more := rows[0].message, "names "+quote(rows[0].name)+", which is no offer,", ""
	if rows[0].name == "" {
		first = "names no offer"
	}
	if place.File == told(u.self.bind.table).File {
		place.File = ""
	}
	if n := len(rows) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more so)", n)
	}
	a.add(u.self.message(sheet.LevelError, codeAwaited, u.self.bind.place(schemaRules().key), fmt.Sprintf(
		"%s %s%s and probably means this offer: it is not sent without that row; %swrite its key there, or take the row out",
		place.Spot(), first, more, unmerge(rows[0].above.table))))
}
