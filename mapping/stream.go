package mapping

import (
	"context"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/gocarina/gocsv"

	"offerlift/internal/sheet"
)

// batchSize is how many offers are decoded and mapped at a time.
const batchSize = 256

// unit is one offer of a batch: its row, and its children in the order of the
// parts, flat ones before those of child sheets.
type unit struct {
	ordinal  uint32
	table    *offerTable
	self     record
	children []record
}

// batch is a run of offers. One goroutine reads it, another maps it.
type batch struct {
	units  []unit
	cells  []sheet.Cell // to be given to the offers' rows
	offers chan []Offer // gets the result; holds one
	err    error        // of decoding, set before offers is closed
}

// stream reads batches in one goroutine, maps them in as many as there are
// processors, and yields the offers in order. Both ends wait for each other,
// so no more than a few batches are in memory.
func (m *Mapper) stream(ctx context.Context, yield func(Offer, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	var readErr error
	var running sync.WaitGroup
	running.Go(func() {
		defer close(order)
		defer close(work)
		readErr = m.read(ctx, func(b *batch) bool { return hand(ctx, work, b) && hand(ctx, order, b) })
	})
	for range workers {
		running.Go(func() {
			for b := range work {
				m.mapBatch(b)
			}
		})
	}
	defer running.Wait()
	defer cancel()
	for b := range order {
		for _, o := range <-b.offers {
			if !yield(o, nil) {
				return
			}
		}
		if b.err != nil {
			yield(Offer{}, b.err)
			return
		}
	}
	if readErr == nil {
		readErr = ctx.Err()
	}
	if readErr != nil {
		yield(Offer{}, readErr)
	}
}

func hand(ctx context.Context, to chan<- *batch, b *batch) bool {
	select {
	case to <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// read makes batches of the offers' rows, each with its children.
func (m *Mapper) read(ctx context.Context, emit func(*batch) bool) error {
	cursors := make([]*cursor, len(m.children))
	for i, c := range m.children {
		cursors[i] = m.spool.cursor(c)
	}
	ordinal, family, b := uint32(0), 0, newBatch()
	for _, t := range m.offers {
		err := t.rows(func(row sheet.Row, cells []sheet.Cell) error {
			u := unit{ordinal: ordinal, table: t, children: make([]record, 0, family)}
			u.self = record{bind: t.own, row: row.Number, cells: b.clone(cells), flaws: row.Flaws}
			ordinal++
			if err := u.gather(row, cursors); err != nil {
				return err
			}
			family = min(len(u.children), 16) // the next one is likely to have as many
			if b.units = append(b.units, u); len(b.units) < batchSize {
				return nil
			}
			full := b
			b = newBatch()
			if !emit(full) {
				return context.Cause(ctx)
			}
			return nil
		}, nil)
		if err != nil {
			return err
		}
	}
	if len(b.units) > 0 && !emit(b) {
		return context.Cause(ctx)
	}
	return nil
}

func newBatch() *batch {
	return &batch{units: make([]unit, 0, batchSize), offers: make(chan []Offer, 1)}
}

// clone copies a row's cells, in one piece for many rows.
func (b *batch) clone(cells []sheet.Cell) []sheet.Cell {
	if cap(b.cells)-len(b.cells) < len(cells) {
		b.cells = make([]sheet.Cell, 0, batchSize*len(cells))
	}
	from := len(b.cells)
	b.cells = append(b.cells, cells...)
	return b.cells[from:len(b.cells):len(b.cells)]
}

// gather collects the children of an offer's row.
func (u *unit) gather(row sheet.Row, cursors []*cursor) error {
	for _, bind := range u.table.flat {
		cells := make([]sheet.Cell, len(bind.columns))
		if !bind.take(row, cells) {
			u.children = append(u.children, record{bind: bind, row: row.Number, cells: cells})
		}
	}
	var err error
	for _, c := range cursors {
		if u.children, err = c.rowsOf(u.ordinal, u.children); err != nil {
			return err
		}
	}
	if len(cursors) > 1 || len(u.table.flat) > 0 {
		slices.SortStableFunc(u.children, func(a, b record) int { return a.bind.part - b.bind.part })
	}
	return nil
}

// mapBatch decodes the rows of a batch and maps its offers.
func (m *Mapper) mapBatch(b *batch) {
	defer close(b.offers)
	if b.err = decode(b.units); b.err != nil {
		return
	}
	offers := make([]Offer, len(b.units))
	a := &assembly{m: m}
	for i := range b.units {
		offers[i] = a.offer(&b.units[i])
	}
	b.offers <- offers
}

// decode turns the texts of all records into the schema's row structs, one
// call of the decoder for each binding.
func decode(units []unit) error {
	groups := map[*binding][]*record{}
	for i := range units {
		u := &units[i]
		groups[u.self.bind] = append(groups[u.self.bind], &u.self)
		for j := range u.children {
			r := &u.children[j]
			groups[r.bind] = append(groups[r.bind], r)
		}
	}
	for bind, records := range groups {
		if err := decodeRecords(bind, records); err != nil {
			return err
		}
	}
	return nil
}

func decodeRecords(bind *binding, records []*record) error {
	width := len(bind.columns)
	texts := make([]string, width*len(records))
	rows := make(csvRows, 0, len(records)+1)
	rows = append(rows, bind.header)
	for i, r := range records {
		row := texts[i*width : (i+1)*width]
		for j := range r.cells {
			row[j] = r.cells[j].Text
		}
		rows = append(rows, row)
	}
	structs := bind.newRows()
	if err := gocsv.UnmarshalCSV(rows, structs.Interface()); err != nil {
		return err
	}
	for i, r := range records {
		r.text = structs.Elem().Index(i).Elem()
	}
	return nil
}

// csvRows gives the decoder rows that were read already, header first.
type csvRows [][]string

func (r csvRows) Read() ([]string, error)      { return nil, io.EOF }
func (r csvRows) ReadAll() ([][]string, error) { return r, nil }

// text is the text of the column at a place, as the decoder put it into the
// schema's struct.
func (r *record) textAt(place int) string {
	return r.text.Field(place).String()
}
