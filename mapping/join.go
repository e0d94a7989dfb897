package mapping

import (
	"offerlift/internal/sheet"
)

// rows runs over the table's offers. Rows that are none go to left, where it is not
// nil. The cells are used again for the next row.
func (t *offerTable) rows(take func(row sheet.Row, self record) error, left func(sheet.Message)) error {
	key, cells := schemaRules().key, make([]sheet.Cell, len(t.own.columns))
	for row, err := range t.table.Scan() {
		if err != nil {
			return err
		}
		self := t.own.take(row, cells)
		if m, ok := t.own.leftOut(row, &self, nameIn(self.of(key)), t.flat, t.creates); ok {
			if left != nil {
				left(m)
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
	var content []string
	for _, t := range m.offers {
		t.first = m.index.len()
		err := t.rows(func(row sheet.Row, self record) error {
			t.nameless = m.watchNameless(t.table, t.nameless, row)
			m.env.note(t.own, row)
			for _, b := range t.flat {
				m.env.note(b, row)
			}
			n := self.names()
			m.index.add(row.Number, n.action == actionSkip, n.key, n.ref)
			if !n.made && n.action != actionSkip {
				content = self.content(content[:0])
				m.index.addContent(content)
			}
			return nil
		}, func(msg sheet.Message) { m.messages = append(m.messages, msg) })
		if err != nil {
			return err
		}
	}
	m.index.content = nil // what is alike is known now
	return nil
}

// spoolTable reads a child table and sets its rows aside for their offers.
func (m *Mapper) spoolTable(t *childTable) error {
	parent := t.own.parent()
	cells := make([]sheet.Cell, len(t.own.columns))
	var above rowAbove
	for row, err := range t.table.Scan() {
		if err != nil {
			return err
		}
		rec := t.own.take(row, cells)
		t.nameless = m.watchNameless(t.table, t.nameless, row)
		m.env.note(t.own, row)
		name := nameIn(&cells[parent])
		ordinal, ok := m.index.find(name)
		if name == "" || !ok {
			if msg, left := t.own.leftOut(row, &rec, name, nil, true); left {
				m.messages = append(m.messages, msg)
			} else {
				m.takeOrphan(t, &rec, name, above)
			}
			if name != "" {
				above = rowAbove{}
			}
			continue
		}
		above = rowAbove{name, ordinal, t.table}
		if err := m.spool.add(&t.region, ordinal, &rec); err != nil {
			return err
		}
	}
	return nil
}
