package mapping

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"offerlift/internal/sheet"
)

// batchSize is how many offers are decoded and mapped at a time.
const batchSize = 64

// unit is one offer of a batch: its row, and its children in the order of the
// parts, flat ones before those of child sheets.
type unit struct {
	ordinal  uint32
	self     record
	children []record
}

// batch is a run of offers. One goroutine reads it, another maps it; when its
// offers were handed over it serves again.
type batch struct {
	units  []unit
	rows   []record     // the units' children
	cells  []sheet.Cell // of the rows, with room for more
	offers []Offer
	err    error         // of decoding
	done   chan struct{} // tells that offers and err are there
}

// stream reads batches in one goroutine, maps them in as many as there are
// processors, and yields the offers in order. Both ends wait for each other,
// so no more than a few batches are in memory.
func (m *Mapper) stream(ctx context.Context, yield func(Offer, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *batch, workers), make(chan *batch, 2*workers)
	used := make(chan *batch, cap(order)+3) // room for all that there are: one more is read, one handed on, one yielded
	var readErr error
	var running sync.WaitGroup
	running.Go(func() {
		defer close(order)
		defer close(work)
		readErr = m.read(ctx, used, func(b *batch) bool { return hand(ctx, work, b) && hand(ctx, order, b) })
	})
	for range workers {
		running.Go(func() {
			w := m.newWorker()
			for b := range work {
				w.mapBatch(b)
			}
		})
	}
	defer running.Wait()
	defer cancel()
	var block shiftedBlock
	for b := range order {
		<-b.done
		for _, o := range b.offers {
			if !block.pass(o, yield) {
				return
			}
		}
		if b.err != nil {
			yield(Offer{}, b.err)
			return
		}
		used <- b
	}
	if !block.end(yield) {
		return
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

// read makes batches of the offers' rows, each with its children, out of those
// that were used where there are any.
func (m *Mapper) read(ctx context.Context, used <-chan *batch, emit func(*batch) bool) error {
	cursors := make([]*cursor, len(m.children))
	for i, c := range m.children {
		cursors[i] = m.spool.cursor(c)
	}
	ordinal, b := uint32(0), newBatch()
	for _, t := range m.offers {
		err := t.rows(func(row sheet.Row, self record) error {
			if err := b.add(t, row, self, ordinal, cursors); err != nil {
				return err
			}
			if ordinal++; len(b.units) < batchSize {
				return nil
			}
			full := b
			select {
			case b = <-used:
				b.reset()
			default:
				b = newBatch()
			}
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
	return &batch{units: make([]unit, 0, batchSize), offers: make([]Offer, 0, batchSize), done: make(chan struct{}, 1)}
}

// reset empties a batch whose offers were handed over.
func (b *batch) reset() {
	clear(b.offers) // they may be large
	b.units, b.rows, b.cells, b.offers = b.units[:0], b.rows[:0], b.cells[:0], b.offers[:0]
}

// room is n blank cells for a row of the batch.
func (b *batch) room(n int) []sheet.Cell {
	from := len(b.cells)
	if cap(b.cells)-from < n {
		from = 0
		b.cells = make([]sheet.Cell, 0, max(n, 2*cap(b.cells), batchSize)) // those in use stay with their rows
	}
	b.cells = b.cells[:from+n]
	cells := slices.Clip(b.cells[from:])
	clear(cells)
	return cells
}

// add takes up an offer's row with its children, the flat ones from the row
// itself.
func (b *batch) add(t *offerTable, row sheet.Row, self record, ordinal uint32, cursors []*cursor) error {
	shared := self.cells
	self.cells = b.room(len(shared))
	copy(self.cells, shared)
	from := len(b.rows)
	for _, bind := range t.flat {
		child := bind.take(row, b.room(len(bind.columns)))
		if child.filled == 0 {
			b.cells = b.cells[:len(b.cells)-len(child.cells)]
			continue
		}
		child.flaws = nil // the offer tells them
		b.rows = append(b.rows, child)
	}
	for _, c := range cursors {
		if err := c.rowsOf(ordinal, b); err != nil {
			return err
		}
	}
	children := slices.Clip(b.rows[from:])
	if len(cursors) > 1 || len(cursors) > 0 && len(t.flat) > 0 {
		slices.SortStableFunc(children, func(a, b record) int { return a.bind.part - b.bind.part })
	}
	b.units = append(b.units, unit{ordinal, self, children})
	return nil
}

// worker maps batches, one after the other.
type worker struct {
	decoder  decoder
	assembly assembly
}

func (m *Mapper) newWorker() *worker {
	return &worker{decoder{map[*binding]*rowGroup{}}, assembly{m: m, above: map[*binding][]seen{}}}
}

// mapBatch decodes the rows of a batch and maps its offers.
func (w *worker) mapBatch(b *batch) {
	if b.err = w.decoder.decode(b.units); b.err == nil {
		for i := range b.units {
			b.offers = append(b.offers, w.assembly.offer(&b.units[i]))
		}
	}
	b.done <- struct{}{}
}
