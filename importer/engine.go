package importer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// Grace is how long after the second step of a stop what is left of the input is
// still taken, so that results have a line for it.
const Grace = 500 * time.Millisecond

const (
	flushing      = 400 * time.Millisecond // and how long after that outcomes may still be written
	progressEvery = 250 * time.Millisecond

	// ahead is how many offers are on their way for each request that may be: while
	// some wait for the disk, others keep the requests going.
	ahead = 3
	// leastOpen is how many offers are open at least, however few may be on their
	// way: those that wait for their next look let others go on.
	leastOpen = 24
)

// engine is one sitting of a run.
type engine struct {
	cfg     Config
	run     journal.Run
	resumed bool
	started time.Time

	ctx       context.Context // ends with the second step of a stop: cuts requests off
	going     context.Context // ends with the first step
	taking    context.Context // ends a moment after ctx: rows are taken until then
	recording context.Context // ends a moment after taking: outcomes are written until then
	release   []func()

	stops sync.Mutex
	cause error // why the run stops
	halt  func()
	cut   atomic.Bool // the stop left something undone

	winding atomic.Bool // no new rows are taken

	limiter *limiter
	hands   chan struct{} // holds one for each offer on its way, but for those that wait for their next look
	flights chan struct{} // holds one for each request under way
	breaker *breaker
	account *account
	looker  Looker

	history bool                 // earlier rows may hold keys of this input
	failed  map[keyHash]struct{} // keys that had failed when the run was resumed
	seen    map[keyHash]struct{} // keys of the input so far

	keysOnce  sync.Once
	keys      map[int64]string // of the account's offers, by id; see former
	keysFault error

	hooks     sync.Mutex
	runNames  map[int64]string
	done      atomic.Int64
	failures  atomic.Int64
	newErrors atomic.Int64
	allowed   atomic.Int64 // sends that the canary has let pass
	answers   atomic.Int64 // requests that were answered clearly
}

// keyHash stands for a key where a hundred thousand of them are held.
type keyHash [16]byte

func hashKey(key string) (h keyHash) {
	sum := sha256.Sum256([]byte(key))
	copy(h[:], sum[:])
	return h
}

// begin takes the account, and makes or reopens the run. run tells what kind of
// run it is.
func begin(ctx context.Context, cfg Config, run journal.Run) (*engine, error) {
	e := &engine{cfg: cfg, run: run, started: cfg.Now(), failed: map[keyHash]struct{}{}, seen: map[keyHash]struct{}{}, runNames: map[int64]string{}}
	e.contexts(ctx)
	if err := cfg.Journal.LockAccount(e.going, cfg.Run.Account); err != nil {
		return nil, e.abandon(err)
	}
	e.release = append(e.release, func() { cfg.Journal.UnlockAccount(cfg.Run.Account) })
	e.limiter = newLimiter(cfg.Rate, cfg.Burst, e.going.Done())
	e.limiter.throttles = func(rate float64, pause time.Duration) { e.tell(func() { cfg.Hooks.Throttled(rate, pause) }) }
	e.flights = make(chan struct{}, cfg.Workers)
	e.breaker = newBreaker(e.going.Done(), func() { e.stop(ErrUnauthorised) })
	if err := e.open(); err != nil {
		return nil, e.abandon(err)
	}
	e.tell(func() { cfg.Hooks.Started(e.run.Name, e.resumed) })
	return e, nil
}

// abandon ends a run that did not begin. A stop that came first is the reason,
// whatever it broke.
func (e *engine) abandon(err error) error {
	var busy *journal.BusyError
	if e.stopping() && !errors.As(err, &busy) {
		err = ErrInterrupted
	}
	e.close()
	return err
}

// contexts derives the others from the caller's and watches for both steps of a
// stop.
func (e *engine) contexts(ctx context.Context) {
	e.ctx = ctx
	e.going, e.halt = context.WithCancel(ctx)
	var leave, drop context.CancelFunc
	e.recording, drop = context.WithCancel(context.WithoutCancel(ctx))
	e.taking, leave = context.WithCancel(e.recording)
	quit := make(chan struct{})
	var watchers sync.WaitGroup
	watchers.Go(func() {
		select {
		case <-e.cfg.Stop:
			e.stop(ErrInterrupted)
		case <-quit:
		}
	})
	watchers.Go(func() {
		defer drop()
		select {
		case <-ctx.Done():
			e.stop(ErrInterrupted)
			_ = sleep(Grace, quit)
			leave()
			_ = sleep(flushing, quit)
		case <-quit:
		}
	})
	e.release = append(e.release, func() {
		close(quit)
		watchers.Wait()
		e.halt()
	})
}

// stop begins the end of the run, for the first reason that is given. What the
// second step of a stop broke is no reason of its own.
func (e *engine) stop(cause error) {
	e.stops.Lock()
	defer e.stops.Unlock()
	if e.ctx.Err() != nil {
		cause = ErrInterrupted
	}
	if e.cause == nil {
		e.cause = cause
	}
	e.halt()
}

// cutOff stops the run where part of the input is left as it is.
func (e *engine) cutOff(cause error) {
	e.cut.Store(true)
	e.stop(cause)
}

// windDown takes no new rows, and lets those that are on their way get to their
// end.
func (e *engine) windDown(cause error) {
	e.stops.Lock()
	defer e.stops.Unlock()
	e.winding.Store(true)
	if e.cause == nil {
		e.cause = cause
	}
}

// reason is why the run stops, nil where it does not. A stop that came when all
// was done is none.
func (e *engine) reason() error {
	e.stops.Lock()
	defer e.stops.Unlock()
	if e.cause == nil && e.ctx.Err() != nil { // who watches for it has yet to tell
		e.cause = ErrInterrupted
	}
	if !e.cut.Load() && (e.cause == ErrInterrupted || e.cause == ErrErrorLimit) {
		return nil
	}
	return e.cause
}

// stopping tells whether no new rows are taken.
func (e *engine) stopping() bool { return e.winding.Load() || isClosed(e.going.Done()) }

func (e *engine) close() {
	for i := len(e.release) - 1; i >= 0; i-- {
		e.release[i]()
	}
}

// open makes the run's row, or takes the one that is to go on.
func (e *engine) open() error {
	messages, err := packMessages(e.cfg.Messages)
	if err != nil {
		return err
	}
	given := e.cfg.Run
	e.run.Name, e.run.Account, e.run.Profile, e.run.Input, e.run.Config = given.ID, given.Account, given.Profile, given.Input, given.Config
	e.run.Messages, e.run.RateLimit, e.run.StartedAt = messages, e.cfg.Rate, e.started
	if e.history, err = e.cfg.Journal.HasSent(e.ctx, e.run.Account); err != nil {
		return err
	}
	return e.openRun(messages)
}

func (e *engine) openRun(messages string) error {
	earlier, err := e.earlierRun()
	switch {
	case err != nil:
		return err
	case !e.resumed:
		e.run.Name = orElse(e.run.Name, newRunName(e.started))
		return journalError(e.cfg.Journal.Begin(e.going, &e.run))
	case earlier.Account != e.run.Account || earlier.Kind != e.run.Kind || earlier.Undoes != e.run.Undoes:
		return fmt.Errorf("run %s is another %s, to %s", earlier.Name, earlier.Kind, earlier.Account)
	}
	earlier.Messages, earlier.RateLimit = messages, e.cfg.Rate
	if len(e.run.Config) > 0 {
		earlier.Config = e.run.Config
	}
	e.run, e.history = earlier, true
	for key, err := range e.cfg.Journal.Failed(e.ctx, e.run.Number) {
		if err != nil {
			return err
		}
		e.failed[hashKey(key)] = struct{}{}
	}
	return journalError(e.cfg.Journal.Reopen(e.going, e.run))
}

func (e *engine) earlierRun() (journal.Run, error) {
	if e.run.Name == "" {
		return journal.Run{}, nil
	}
	run, err := e.cfg.Journal.Run(e.ctx, e.run.Name)
	if errors.Is(err, journal.ErrNoRun) || err == nil && run.Name != e.run.Name {
		return journal.Run{}, nil
	}
	e.resumed = err == nil
	return run, err
}

// newRunName is short, can be read out, and sorts by time.
func newRunName(now time.Time) string {
	var b [3]byte
	rand.Read(b[:])
	tail := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))[:4]
	return now.UTC().Format("20060102-1504") + "-" + tail
}

// work passes what feed gives through a pool of workers. After a stop the rest
// of it goes through as well, to be written down as pending; a moment after the
// second step that ends too.
func (e *engine) work(feed func(chan<- *offer) error, handle func(*offer) error) {
	quit := make(chan struct{})
	var reporter sync.WaitGroup
	reporter.Go(func() { e.report(quit) })
	offers := make(chan *offer, e.cfg.Workers)
	var pool errgroup.Group
	hands := ahead * e.cfg.Workers
	open := max(hands, leastOpen)
	if e.cfg.Canary > 0 {
		hands, open = 1, 1 // so that it is the first rows that are sent
	}
	e.hands = make(chan struct{}, hands)
	for range open {
		pool.Go(func() error { return e.worker(offers, handle) })
	}
	if err := feed(offers); err != nil {
		e.cutOff(err)
	}
	close(offers)
	if err := pool.Wait(); err != nil {
		e.cutOff(err)
	}
	close(quit)
	reporter.Wait()
}

// worker returns an error only where the journal cannot be used. It goes on
// taking offers then, so that the reader is not left waiting.
func (e *engine) worker(offers <-chan *offer, handle func(*offer) error) error {
	var broken error
	for o := range offers {
		if broken != nil {
			continue
		}
		e.hands <- struct{}{}
		err := handle(o)
		<-e.hands
		if err != nil {
			broken = err
			e.cutOff(err)
		}
	}
	return broken
}

// input reads the items, and at their end what a resumed run sent, or has still
// open, of rows that are no longer among them.
func (e *engine) input(items iter.Seq2[Item, error], offers chan<- *offer) error {
	read, last := 0, Ref{}
	for item, err := range items {
		if err != nil {
			e.noteUnread(read, e.cfg.Count, last)
			return fmt.Errorf("%w: %w", ErrInput, err)
		}
		hash := hashKey(item.Key)
		_, twice := e.seen[hash]
		e.seen[hash] = struct{}{}
		_, failed := e.failed[hash]
		o := newOffer(e, item, read+1)
		o.twice, o.failedBefore = twice, failed
		if err := e.pass(o, offers); err != nil {
			e.noteUnread(read, e.cfg.Count, last)
			return err
		}
		read, last = read+1, item.At
	}
	return e.left(offers)
}

// noteUnread tells how many of all rows the results may have no line for, since
// the input was left at its last row that was read.
func (e *engine) noteUnread(read, all int, last Ref) {
	if read >= all {
		return
	}
	m := sheet.Message{Level: sheet.LevelWarning, Code: "not_read", File: last.File, Sheet: last.Sheet}
	m.Text = fmt.Sprintf("the run was cut off before it read any of the %d rows: resume reads them", all)
	if read > 0 {
		m.Cell = strconv.Itoa(last.Row)
		unlisted := "they"
		if e.resumed {
			unlisted = "those that were not done before"
		}
		m.Text = fmt.Sprintf("the run was cut off here and left %d of %d rows unread: %s have no line in the results; resume reads them", all-read, all, unlisted)
	}
	e.cfg.Messages = append(slices.Clone(e.cfg.Messages), m)
}

func (e *engine) left(offers chan<- *offer) error {
	if !e.resumed {
		return nil
	}
	for row, err := range e.cfg.Journal.Items(e.taking, e.run.Number) {
		if err != nil {
			return journalError(err)
		}
		if _, seen := e.seen[hashKey(row.Key)]; seen || final(row.State) && row.OfferID == 0 {
			continue
		}
		if err := e.pass(leftOffer(row), offers); err != nil {
			return err
		}
	}
	return nil
}

// pass hands an offer to the workers.
func (e *engine) pass(o *offer, offers chan<- *offer) error {
	if isClosed(e.taking.Done()) { // a select would take its chance of both
		return ErrInterrupted
	}
	select {
	case offers <- o:
		return nil
	case <-e.taking.Done():
		return ErrInterrupted
	}
}

func (e *engine) report(quit <-chan struct{}) {
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.progress()
		case <-quit:
			e.progress()
			return
		}
	}
}

func (e *engine) progress() {
	p := Progress{Done: int(e.done.Load()), Failed: int(e.failures.Load()), Total: e.cfg.Count,
		Rate: e.limiter.speed(), Elapsed: e.cfg.Now().Sub(e.started)}
	e.tell(func() { e.cfg.Hooks.Progress(p) })
}

func (e *engine) tell(hook func()) {
	e.hooks.Lock()
	defer e.hooks.Unlock()
	hook()
}

// finish writes how the run ended and sums it up. A journal that cannot be
// written keeps what it has; the summary tells of that.
func (e *engine) finish() (Summary, error) {
	if err := e.conclude(); err != nil {
		e.cut.Store(true)
		e.stop(journalError(err))
	}
	cause := e.reason()
	summary, err := Summarise(context.WithoutCancel(e.ctx), e.cfg.Journal, e.run.Name)
	summary.Run = e.run.Name // also where the journal could not be read
	if cause == nil {
		cause = journalError(err)
	}
	if cause != nil && summary.FinishedAt == nil {
		summary.Stopped = cause.Error() // the journal could not be told
	}
	return summary, cause
}

func (e *engine) conclude() error {
	if err := e.cfg.Journal.Flush(e.recording); err != nil {
		return err
	}
	totals, err := e.cfg.Journal.Totals(e.recording, e.run.Number)
	if err != nil {
		return err
	}
	cause := e.reason()
	e.run.Stopped = "" // what an earlier sitting left
	if cause != nil {
		e.run.Stopped = cause.Error()
	}
	e.run.ExitCode = exitCode(cause, totals, e.cfg.Messages)
	e.run.FinishedAt = e.cfg.Now()
	e.run.Requests, e.run.Active = e.limiter.totals()
	if e.run.Messages, err = packMessages(e.cfg.Messages); err != nil {
		return err
	}
	return e.cfg.Journal.Finish(e.recording, e.run)
}

// exitCode is the command line's: 0 all is well, 1 some rows failed, be they of an
// offer or of none, 2 nothing was sent, 3 stopped before the end.
func exitCode(cause error, totals journal.Totals, loose []sheet.Message) int {
	early := errors.Is(cause, ErrInput) || errors.Is(cause, ErrAccount) || errors.Is(cause, ErrJournal)
	switch {
	case early && totals.Sent == 0:
		return 2
	case cause != nil:
		return 3
	case totals.States[journal.Failed]+totals.States[journal.Unknown]+totals.States[journal.Sent] > 0:
		return 1
	case slices.ContainsFunc(loose, func(m sheet.Message) bool { return m.Level == sheet.LevelError }):
		return 1
	}
	return 0
}

func journalError(err error) error {
	if err == nil || errors.Is(err, ErrJournal) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrJournal, err)
}
