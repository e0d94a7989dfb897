package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// In a column of ids a name may stand in the place of an id: it is looked up,
// once for all its cells, before any offer is made.

// Found is what was found of a name: its ids, of which one can be meant where
// there is one, and where there is none a name that may have been meant.
type Found struct {
	IDs  []string
	Near string
}

// Missing is a name, or an id of elsewhere, of which the account's id is not
// known, with the cells that need it.
type Missing struct {
	Kind   string   `json:"kind"` // advertisers, affiliates, categories …
	Value  string   `json:"value"`
	IDs    []string `json:"ids,omitempty"` // those of the account that have the name, where there are several
	Count  int      `json:"count"`         // the cells that need it
	Places []string `json:"places"`        // the first of them
}

// PlacesShown is how many cells a Missing names.
const PlacesShown = 20

// Add takes up one more cell.
func (m *Missing) Add(place string) {
	m.Count++
	if len(m.Places) < PlacesShown {
		m.Places = append(m.Places, place)
	}
}

// SortMissing puts them in the order of their kinds, then of their values.
func SortMissing(list []Missing, kinds []string) {
	slices.SortFunc(list, func(a, b Missing) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(len(a.Value), len(b.Value)), strings.Compare(a.Value, b.Value))
	})
}

// WhyMissing says why a name has no id; kind is a plural. asked tells whether
// there was an account to ask.
func WhyMissing(kind, name string, found Found, asked bool) string {
	switch {
	case len(found.IDs) > 1:
		return fmt.Sprintf("the account has %d %s of the name %s, with the ids %s: say by --ids which one is meant", len(found.IDs), kind, quote(name), orList(found.IDs))
	case asked:
		return fmt.Sprintf("the account has no %s of the name %s%s", singular(kind), quote(name), didYouMean(found.Near))
	}
	return fmt.Sprintf("%s is a name: import looks it up in the account, and check has no account to ask; to be sure now, write the id, or give it with --ids", quote(name))
}

func singular(kind string) string {
	if stem, ok := strings.CutSuffix(kind, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(kind, "s")
}

// Nearest is the name that a misspelt one may mean, or blank.
func Nearest(name string, names []string) string { return nearest(name, names) }

// Country is the ISO 3166 alpha-2 code of a country's code or name.
func Country(text string) (code string, ok bool) { return world().country(strings.TrimSpace(text)) }

// LooksLikeID tells texts that are no names: digits alone, and 24 hexadecimal
// ones, or what is left of them where some were lost.
func LooksLikeID(text string) bool {
	return allDigits(text) || len(text) > 18 && isHex(text) || lostToExponent(text)
}

func isHex(text string) bool { return strings.Trim(text, "0123456789abcdefABCDEF") == "" }

// nameKey is a name of a kind as its spellings have it in common; that of a
// place begins with its country: US:texas.
type nameKey struct{ kind, name string }

func keyOfName(kind affise.Directory, country, name string) nameKey {
	name = strings.ToLower(strings.TrimSpace(name))
	if country != "" {
		name = country + ":" + name
	}
	return nameKey{string(kind), name}
}

// nameIndex is what was found of every name of the input. It is written by New
// alone.
type nameIndex struct {
	given  func(kind, text string) (id string, ok bool)
	lookup func(kind, name string) Found
	found  map[nameKey]*named
}

type named struct {
	Found
	missing Missing
}

// find looks a name up, at its first cell. A text that looks like an id is one,
// unless the user gave another for it.
func (x *nameIndex) find(kind affise.Directory, country, text string) *named {
	key := keyOfName(kind, country, text)
	if n := x.found[key]; n != nil {
		return n
	}
	name := text
	if country != "" {
		name = country + ":" + text
	}
	n := &named{missing: Missing{Kind: string(kind), Value: name}}
	id, ok := "", false
	if x.given != nil {
		id, ok = x.given(string(kind), name)
	}
	switch {
	case ok:
		n.IDs = []string{strings.TrimPrefix(id, country+":")}
	case LooksLikeID(text):
		n.IDs = []string{text}
	case x.lookup != nil:
		n.Found = x.lookup(string(kind), name)
	}
	n.missing.IDs = n.IDs
	x.found[key] = n
	return n
}

// id is the one id of a name that was looked up; an id's is itself.
func (x *nameIndex) id(kind affise.Directory, country, text string) (id string, ok bool) {
	if x.given == nil && LooksLikeID(text) {
		return text, true
	}
	n := x.found[keyOfName(kind, country, text)]
	if n == nil || len(n.IDs) != 1 {
		return "", false
	}
	return n.IDs[0], true
}

// note looks up the names in a row of a table.
func (x *nameIndex) note(b *binding, row sheet.Row) {
	if b.table.Origin != nil {
		return // by a profile, which looked them up
	}
	for _, place := range b.ids {
		c := row.Cell(b.columns[place].from)
		if c.Kind != sheet.Text && c.Kind != sheet.Number || x.given == nil && !hasName(c.Text) {
			continue
		}
		col := b.columns[place].col
		if col.Kind == affise.KindID24 && standsBeside(row, b.columns[place].from) {
			continue
		}
		for _, item := range namesIn(col, clean(c.Text).text) {
			if x.given == nil && LooksLikeID(item.text) {
				continue
			}
			if n := x.find(col.IDs, item.country, item.text); len(n.IDs) != 1 {
				at := sheet.Message{File: b.table.File, Sheet: b.table.Sheet, Cell: b.table.Place(b.columns[place].from, row.Number)}
				n.missing.Add(at.Place())
			}
		}
	}
}

// standsBeside tells whether an id stands in a column beside its own, where a
// name is: the row was moved, and is told as a whole.
func standsBeside(row sheet.Row, col int) bool {
	isID := func(col int) bool { text := row.Cell(col).Text; return len(text) == 24 && isHex(text) }
	return !isID(col) && (isID(col-1) || isID(col+1))
}

// note takes up what a row names, before any of it is read: names, values of the
// account's lists, and files.
func (e *env) note(b *binding, row sheet.Row) {
	e.names.note(b, row)
	e.account.note(b, row)
	e.files.note(b, row)
	e.weigh(b, row)
}

// hasName tells whether a cell of ids can hold a name.
func hasName(text string) bool {
	return !LooksLikeID(text) && strings.Trim(text, "0123456789, ") != ""
}

// nameItem is one entry of a cell of ids.
type nameItem struct{ country, text string }

// namesIn takes a cell of ids apart. What is wrong with it is told when the cell
// is read.
func namesIn(col *affise.Column, text string) (items []nameItem) {
	texts := []string{strings.TrimSpace(text)}
	if col.List || composite(col.Kind) {
		texts = splitList(text, listSeparators)
	}
	country := ""
	for _, item := range texts {
		if code, name := cutCountry(item); isPlace(col) && code != "" {
			country, item = code, name
		}
		if isPlace(col) && country == "" {
			continue // of nowhere
		}
		if item != "" && item != clearMark {
			items = append(items, nameItem{country, item})
		}
	}
	return items
}

// isPlace tells of columns whose names are told apart by their country.
func isPlace(col *affise.Column) bool { return col.IDs == affise.Regions || col.IDs == affise.Cities }

// Missing lists the names of which the account's id is not known.
func (m *Mapper) Missing() (list []Missing) {
	for _, n := range m.env.names.found {
		if n.missing.Count > 0 {
			list = append(list, n.missing)
		}
	}
	return list
}

// named is the id of a name in the cell. The text stays where it is none.
func (c *cell) named(country, text string) string {
	id, ok := c.env.names.id(c.col.IDs, country, text)
	if !ok || id == text {
		return text
	}
	c.info(codeNamed, "%s is the %s %s", quote(text), singular(string(c.col.IDs)), id)
	return id
}

// noID says why a text that looks like no id has none.
func (c *cell) noID(country, text string) {
	name := text
	if country != "" {
		name = country + ":" + text
	}
	n, asked := c.env.names.found[keyOfName(c.col.IDs, country, text)], c.env.names.lookup != nil
	code := codeUnknownName
	if n == nil {
		n = &named{}
	} else if len(n.IDs) > 1 {
		code = codeAmbiguousName
	}
	c.fail(code, "%s", WhyMissing(string(c.col.IDs), name, n.Found, asked))
}
