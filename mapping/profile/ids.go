package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/sheet"
)

// Kinds are the kinds of ids that mean nothing in another account.
func Kinds() []string {
	return []string{"advertisers", "affiliates", "categories", "goals", "sources", "managers", "regions", "cities"}
}

// IDs turns the source's ids or names into the account's, by kind. The source
// * stands for every one that is not listed.
type IDs map[string]map[string]string

// Find returns the account's id. An id that the account is known to have may
// stand in the source already.
func (ids IDs) Find(kind, source string) (string, bool) {
	if id, ok := ids.Exact(kind, source); ok {
		return id, true
	}
	table := ids[kind]
	for _, id := range table {
		if id == source {
			return id, true
		}
	}
	id, ok := table[anyOther]
	return id, ok
}

// Exact is Find without the id for every other source.
func (ids IDs) Exact(kind, source string) (string, bool) {
	id, ok := ids[kind][fold(source)]
	return id, ok
}

// add takes up a pair; two account's ids for one source's are an error.
func (ids IDs) add(kind, source, id string) error {
	if ids[kind] == nil {
		ids[kind] = map[string]string{}
	}
	key := fold(source)
	if source == anyOther {
		key = anyOther
	}
	if other, twice := ids[kind][key]; twice && other != id {
		return fmt.Errorf("%s %s is there twice, with %s and with %s: keep one", kind, quote(source), quote(other), quote(id))
	}
	ids[kind][key] = id
	return nil
}

// Open reads a file of ids, a CSV file or a workbook: see [IDs.Read].
func (ids IDs) Open(path string) error {
	book, err := sheet.Open([]string{path}, sheet.Options{HeaderRow: 1})
	if err != nil {
		return err
	}
	return errors.Join(ids.Read(book), book.Close())
}

// Read takes up the tables of a book: two columns, the source's id or name and
// the account's id, of a kind that the sheet's or file's name or the first
// header tells; or such as offerlift ids writes, with a column for the kind.
// Rows whose account id is blank are passed over.
func (ids IDs) Read(book *sheet.Book) error {
	for _, t := range book.Tables {
		if err := ids.readTable(t); err != nil {
			return err
		}
	}
	return nil
}

func (ids IDs) readTable(t *sheet.Table) error {
	layout, err := layoutOf(t)
	if err != nil {
		return err
	}
	for row, err := range t.Rows() {
		if err != nil {
			return err
		}
		source, id := strings.TrimSpace(row.Cell(layout.source).Text), strings.TrimSpace(row.Cell(layout.id).Text)
		kind := layout.kind
		if kind == "" {
			if kind = kindNamed(row.Cell(layout.kindAt).Text); kind == "" {
				return fmt.Errorf("%s, %s: %s is no kind of id: %s", t.File, row.Address(layout.kindAt), quote(row.Cell(layout.kindAt).Text), strings.Join(Kinds(), ", "))
			}
		}
		if source == "" || id == "" {
			continue
		}
		if err := ids.add(kind, source, id); err != nil {
			return fmt.Errorf("%s, %s: %w", t.File, row.Address(layout.source), err)
		}
	}
	return nil
}

// layout says where a table of ids has what.
type layout struct {
	kind               string // of all rows; blank where a column says it
	kindAt, source, id int
}

func layoutOf(t *sheet.Table) (layout, error) {
	at := func(names ...string) int {
		return slices.IndexFunc(t.Header, func(c sheet.Cell) bool { return slices.Contains(names, fold(c.Text)) })
	}
	l := layout{kindAt: at("kind"), source: at("source", "sourceid", "from"), id: at("accountid", "account", "affiseid", "id", "to")}
	if l.source < 0 || l.id < 0 || l.source == l.id {
		l.source, l.id = 0, 1
	}
	if len(t.Header) < 2 {
		return l, fmt.Errorf("%s: a table of ids has two columns, the source's id or name and the account's id", t.File)
	}
	if l.kindAt >= 0 {
		return l, nil
	}
	for _, name := range []string{t.Sheet, t.Header[0].Text, t.Header[1].Text} {
		if l.kind = kindIn(name); l.kind != "" {
			return l, nil
		}
	}
	return l, fmt.Errorf("%s: neither its name nor its first header says of which kind the ids are: name it %s", t.File, strings.Join(Kinds(), ".csv, ")+".csv")
}

// kindNamed reads a kind in the singular or the plural.
func kindNamed(text string) string {
	folded := fold(text)
	for _, kind := range Kinds() {
		if folded == kind || folded == singular(kind) {
			return kind
		}
	}
	return ""
}

// kindIn finds a kind in a longer name: tune-advertisers.
func kindIn(text string) string {
	folded := fold(text)
	for _, kind := range Kinds() {
		if strings.Contains(folded, kind) || strings.Contains(folded, singular(kind)) {
			return kind
		}
	}
	return ""
}
