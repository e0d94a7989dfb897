package mapping

import (
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/sheet"
)

// rows runs over the table's offers, example rows left out. The cells are used
// again for the next row.
func (t *offerTable) rows(take func(row sheet.Row, self record) error, example func(row sheet.Row)) error {
	key, cells := schemaRules().key, make([]sheet.Cell, len(t.own.columns))
	for row, err := range t.table.Scan() {
		if err != nil {
			return err
		}
		self := t.own.take(row, cells)
		if isExample(nameIn(self.of(key))) {
			if example != nil {
				example(row)
			}
			continue
		}
		if err := take(row, self); err != nil {
			return err
		}
	}
	return nil
}

// indexOffers reads the offers' tables for their keys alone.
func (m *Mapper) indexOffers() error {
	for _, t := range m.offers {
		t.first = m.index.len()
		err := t.rows(func(row sheet.Row, self record) error {
			t.nameless = m.watchNameless(t.table, t.nameless, row)
			n := self.names()
			m.index.add(row.Number, n.action == actionSkip, n.key, n.ref)
			return nil
		}, func(row sheet.Row) { m.leaveOutExample(t.table, row) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Mapper) leaveOutExample(t *sheet.Table, row sheet.Row) {
	m.messages = append(m.messages, sheet.Message{Level: sheet.LevelInfo, File: t.File, Sheet: t.Sheet,
		Cell: fmt.Sprint(row.Number), Code: codeExample, Text: "the template's example row was left out"})
}

// orphansShown is how many child rows without an offer are told one by one,
// for each table.
const orphansShown = 1000

// orphan is a child row that names no offer of the input.
type orphan struct {
	row  sheet.Row
	name string
}

// spoolTable reads a child table and sets its rows aside for their offers.
func (m *Mapper) spoolTable(t *childTable) error {
	parent := t.own.parent()
	cells := make([]sheet.Cell, len(t.own.columns))
	var orphans []orphan
	more := 0
	for row, err := range t.table.Scan() {
		if err != nil {
			return err
		}
		rec := t.own.take(row, cells)
		t.nameless = m.watchNameless(t.table, t.nameless, row)
		name := nameIn(&cells[parent])
		if isExample(name) {
			m.leaveOutExample(t.table, row)
			continue
		}
		ordinal, ok := m.index.find(name)
		if name == "" || !ok {
			if len(orphans) == orphansShown {
				more++
				continue
			}
			row.Cells = slices.Clone(row.Cells)
			orphans = append(orphans, orphan{row, name})
			continue
		}
		if err := m.spool.add(&t.region, ordinal, &rec); err != nil {
			return err
		}
	}
	return m.tellOrphans(t, orphans, more)
}

// tellOrphans says of each row without an offer what it names, and which offer
// it may mean. Rows with a flaw of their own tell that too.
func (m *Mapper) tellOrphans(t *childTable, orphans []orphan, more int) error {
	near, err := m.nearKeys(orphans)
	if err != nil {
		return err
	}
	parent := t.own.parent()
	for _, o := range orphans {
		rec := t.own.take(o.row, make([]sheet.Cell, len(t.own.columns)))
		text := fmt.Sprintf("the row names no offer: write the offer's %s", schemaRules().key.Name)
		if o.name != "" {
			text = fmt.Sprintf("no offer has the key %s: write it as it stands in %s on the Offers sheet", quote(o.name), schemaRules().key.Name)
		}
		if near[o.name] != "" {
			text += fmt.Sprintf(". Did you mean %s?", quote(near[o.name]))
		}
		m.messages = append(m.messages, placed(o.row.Flaws, t.table)...)
		m.messages = append(m.messages, rec.message(sheet.LevelError, codeOrphan, parent, text))
	}
	if more > 0 {
		m.note(t.table, sheet.LevelError, codeOrphan, fmt.Sprintf("%d more rows of this sheet name no offer that is there", more))
	}
	return nil
}

// nearKeys finds, for names that no offer has, the key that differs in case or
// blanks alone, or is a few letters away. It reads the offers once more.
func (m *Mapper) nearKeys(orphans []orphan) (map[string]string, error) {
	near := map[string]string{}
	wanted := map[string][]string{}
	for _, o := range orphans {
		if o.name != "" && !slices.Contains(wanted[fold(o.name)], o.name) {
			wanted[fold(o.name)] = append(wanted[fold(o.name)], o.name)
		}
	}
	if len(wanted) == 0 {
		return near, nil
	}
	const compared = 2_000_000 // names held against each other, letter by letter
	letters := len(wanted)*m.index.len() <= compared
	best := map[string]int{}
	for _, t := range m.offers {
		err := t.rows(func(_ sheet.Row, self record) error {
			n := self.names()
			for _, key := range []string{n.key, n.ref} {
				for _, name := range wanted[fold(key)] {
					near[name], best[name] = key, -1
				}
				if letters && key != "" && !n.made {
					closer(near, best, wanted, key)
				}
			}
			return nil
		}, nil)
		if err != nil {
			return near, err
		}
	}
	return near, nil
}

// closer takes a key as the nearest of every name that it is nearer to than
// the one before.
func closer(near map[string]string, best map[string]int, wanted map[string][]string, key string) {
	for _, names := range wanted {
		for _, name := range names {
			limit := min(3, max(1, len(name)/3))
			if b, ok := best[name]; ok {
				limit = b - 1
			}
			if limit < 1 {
				continue
			}
			if d := distance(strings.ToLower(name), strings.ToLower(key), limit); d <= limit {
				near[name], best[name] = key, d
			}
		}
	}
}
