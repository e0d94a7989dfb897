package mapping

import (
	"io"
	"reflect"

	"github.com/gocarina/gocsv"
)

// decoder turns the texts of records into the schema's row structs. What it
// needs for a batch serves the next one too.
type decoder struct{ groups map[*binding]*rowGroup }

// rowGroup is the records of one binding, which are decoded together.
type rowGroup struct {
	records []*record
	texts   []string
	rows    csvRows
	structs reflect.Value // a pointer to a list of pointers to structs
}

// decode decodes the records of a batch, with one call for each binding.
func (d *decoder) decode(units []unit) error {
	for i := range units {
		u := &units[i]
		d.add(&u.self)
		for j := range u.children {
			d.add(&u.children[j])
		}
	}
	for bind, g := range d.groups {
		if err := g.decode(bind); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) add(r *record) {
	g := d.groups[r.bind]
	if g == nil {
		g = &rowGroup{structs: r.bind.newRows()}
		d.groups[r.bind] = g
	}
	g.records = append(g.records, r)
}

// decode decodes the group's records, and empties it.
func (g *rowGroup) decode(bind *binding) error {
	if len(g.records) == 0 {
		return nil
	}
	g.texts, g.rows = g.texts[:0], append(g.rows[:0], bind.header)
	for _, r := range g.records {
		from := len(g.texts)
		for i := range r.cells {
			g.texts = append(g.texts, r.cells[i].Text)
		}
		g.rows = append(g.rows, g.texts[from:])
	}
	if err := gocsv.UnmarshalCSV(g.rows, g.structs.Interface()); err != nil {
		return err
	}
	for i, r := range g.records {
		r.text = g.structs.Elem().Index(i).Elem()
	}
	clear(g.records)
	g.records = g.records[:0]
	return nil
}

// csvRows gives the decoder rows that were read already, header first.
type csvRows [][]string

func (r csvRows) Read() ([]string, error)      { return nil, io.EOF }
func (r csvRows) ReadAll() ([][]string, error) { return r, nil }

// textAt is the text of the column at a place, as the decoder put it into the
// schema's struct.
func (r *record) textAt(place int) string {
	return r.text.Field(place).String()
}
