package journal

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	batchSize  = 256                    // changes in one commit
	backlog    = 1024                   // changes that wait; more make their senders wait
	gatherTime = 5 * time.Millisecond   // how long changes that nobody waits for gather
	crowd      = 4                      // changes waited for in one commit that tell of many senders
	crowdTime  = 4 * time.Millisecond   // how long their changes gather at most: fewer, fuller commits
	crowdGap   = 500 * time.Microsecond // no change for so long: all that will come has come
)

// op is a change, or work of another kind, on its way to the disk.
type op struct {
	change Change
	work   func(*sql.Tx) error // instead of a change
	done   chan error          // nil where nobody waits
}

// writer is the one goroutine that writes.
type writer struct {
	db       *sql.DB
	sql      *statements
	ops      chan op
	finished chan struct{}
	closing  error // of the database, once finished
	broken   atomic.Pointer[error]

	hurried atomic.Bool // the last that waited for the disk had no time left

	open   sync.RWMutex // held while an op is put into ops, so that close does not meet a sender
	closed bool

	waited int // ops of the last batch that somebody waited for

	before func() error // comes before each commit
	forget bool         // keep no change
}

func newWriter(db *sql.DB, before func() error, forget bool) (*writer, error) {
	statements, err := newStatements(db)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, sql: statements, ops: make(chan op, backlog), finished: make(chan struct{}), before: before, forget: forget}
	go w.run()
	return w, nil
}

// enqueue waits for room. A broken writer takes nothing more.
func (w *writer) enqueue(ctx context.Context, o op) error {
	if err := w.broken.Load(); err != nil {
		return *err
	}
	w.open.RLock()
	defer w.open.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.ops <- o:
		return nil
	default:
	}
	select {
	case w.ops <- o:
		return nil
	case <-ctx.Done():
		return ErrNotTaken
	}
}

// patience is how long close waits for a disk that somebody has given up waiting
// for.
const patience = 100 * time.Millisecond

// close writes what is left and returns the error that broke the writer. Where
// the disk was given up on, it is not waited for here either: the write ends by
// itself, or with the process as if that had been killed.
func (w *writer) close() error {
	w.open.Lock()
	if !w.closed {
		w.closed = true
		close(w.ops)
	}
	w.open.Unlock()
	var enough <-chan time.Time
	if w.hurried.Load() {
		enough = time.After(patience)
	}
	select {
	case <-w.finished:
	case <-enough:
		return ErrNotTaken
	}
	if err := w.broken.Load(); err != nil {
		return *err
	}
	return w.closing
}

func (w *writer) run() {
	defer func() {
		w.closing = w.db.Close()
		close(w.finished)
	}()
	batch := make([]op, 0, batchSize)
	for {
		batch = w.gather(batch[:0])
		if len(batch) == 0 {
			return
		}
		err := w.commit(batch)
		if err != nil {
			w.broken.CompareAndSwap(nil, &err)
		}
		for _, o := range batch {
			if o.done != nil {
				o.done <- err
			}
		}
		clear(batch)
	}
}

// gather takes what has come together, at least one op. It waits for more where
// nobody waits for any of it, or where many senders do: then a commit for a
// few of them costs more than it gains. Empty means that the writer was closed.
func (w *writer) gather(batch []op) []op {
	first, ok := <-w.ops
	if !ok {
		return batch
	}
	batch = append(batch, first)
	crowded := w.waited >= crowd
	w.waited = waits(first)
	began := time.Now()
	for len(batch) < batchSize {
		o, ok := w.more(began, crowded)
		if !ok {
			break
		}
		batch = append(batch, o)
		w.waited += waits(o)
	}
	return batch
}

func waits(o op) int {
	if o.done == nil {
		return 0
	}
	return 1
}

// more returns the next op, waiting as long as it is worth it.
func (w *writer) more(began time.Time, crowded bool) (o op, ok bool) {
	select {
	case o, ok = <-w.ops:
		return o, ok
	default:
	}
	wait := gatherTime - time.Since(began)
	if w.waited > 0 {
		wait = min(crowdGap, crowdTime-time.Since(began))
	}
	if wait <= 0 || w.waited > 0 && !crowded || w.forget {
		return o, false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case o, ok = <-w.ops:
		return o, ok
	case <-timer.C:
		return o, false
	}
}

// commit writes a batch in one transaction. Once one has failed none is tried
// again: what follows would stand on what is missing.
func (w *writer) commit(batch []op) error {
	if err := w.broken.Load(); err != nil {
		return *err
	}
	if err := w.before(); err != nil {
		return err
	}
	if w.forget {
		batch = slices.DeleteFunc(slices.Clone(batch), func(o op) bool { return o.work == nil })
	}
	if err := w.sql.ready(len(batch)); err != nil {
		return err
	}
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	if err := w.apply(tx, batch); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// apply writes new items first: each has its row before any change of it, since
// changes of one item come in order.
func (w *writer) apply(tx *sql.Tx, batch []op) error {
	b := w.sql.in(tx)
	for _, o := range batch {
		if c := o.change; c.Item != nil && c.From == New {
			if err := b.insert(c); err != nil {
				return err
			}
		}
	}
	if err := b.items.flush(); err != nil {
		return err
	}
	for _, o := range batch {
		if err := b.apply(o, tx); err != nil {
			return err
		}
	}
	return b.flush()
}

func illegal(c Change) error {
	return fmt.Errorf("offer %s cannot go from %q to %q", c.Item.Key, c.From, c.Item.State)
}
