// Package importer sends offers through a paced pool of workers, each exactly
// once, on an API that has no idempotency.
//
// [Run] takes a stream of [Item]s, a [Sender] and a journal, and returns a
// [Summary]; [Results] streams one [Result] per item in the order of the input.
// A failed row is data. A run that ends early returns one of the errors of
// this package with the summary of what was done. [Undo] takes a run back.
//
// What an offer goes through stands in the journal:
//
//	               +--- not applied, throttled, or looked for and not there ---+
//	               v                                                           |
//	(row) ----> pending ----------------------> sent -------------------------+
//	               |                             |  answer: stored ----> created, updated
//	               |  not to be sent             |  answer: refused ---> failed
//	               v                             |  no clear answer      ^   ^
//	unchanged, skipped, failed                   v                       |   |
//	                                          unknown -- looked for, there --+
//	                                           |   ^
//	                                           +---+ looked for, still unclear
//
// "sent" is the intent: it is on the disk before the request leaves. Only what
// is pending is sent, so nothing is ever sent twice unseen: what stands as sent
// after a crash, and what stands as unknown, is looked for by its key first,
// several times, since a new offer may be listed late. What failed, and what was
// skipped because its row said so, is decided anew when its run is resumed.
// [journal.State.May] is the table, and every change in the journal is held
// against it.
//
// It promises:
//
//   - an offer that was stored is never sent again, whatever ends the process and
//     whichever run meets its key next;
//   - no request without a turn of the one pace of the run; a throttle slows all;
//   - nothing that waits holds up a stop by more than a second. Closing
//     [Config].Stop lets requests in flight finish; cancelling the context cuts
//     them off, and they stand as unknown until the next run looks for them;
//   - it reads as much of the input as it needs, and holds no offer that is done.
package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// Sender is the part of the API that an import needs; *affise.Client is one.
// Its errors are *[affise.Error]; any other is taken as an unknown outcome.
type Sender interface {
	Looker
	Create(ctx context.Context, body affise.Value) (affise.Stored, error)
	Edit(ctx context.Context, id int64, body affise.Value) (affise.Stored, error)
	List(ctx context.Context, page, limit int) (affise.Page, error)
}

// Looker is the part of the API by which offers are looked for.
type Looker interface {
	Get(ctx context.Context, id int64) (affise.Stored, error)
	Find(ctx context.Context, key string, page int) (affise.Page, error)
	Resembling(ctx context.Context, body affise.Value) ([]affise.Stored, error)
	ListWhole(ctx context.Context, page, limit int) (affise.Page, error)
}

// RunInfo is what a run is remembered by.
type RunInfo struct {
	ID      string // of a run in the journal: that run goes on. Else the new run's id; blank: one is made
	Input   []string
	Account string // the API's address
	Profile string
	Config  json.RawMessage // what the caller needs to resume; never the key
}

// Config says how to run. The zero value of a field is its default.
type Config struct {
	Sender  Sender
	Journal *journal.Journal
	Run     RunInfo
	Mode    Mode // default: create
	Count   int  // how many items there are; 0 = not known

	Rate    float64 // requests per second over all calls; 0 = no limit
	Burst   int     // default 1
	Workers int     // requests at once, default 8

	MaxErrors   int  // stop after so many rows that failed anew, besides those on their way by then; 0 = never
	Canary      int  // send so many of the first rows, one after the other, then stop; 0 = all
	AssumeNew   bool // do not ask what the account has
	Verify      bool // fetch what was stored where the answer does not tell
	MaxAttempts int  // sends of one offer whose answers told nothing, default 5
	Settle      Settle

	Stop     <-chan struct{} // closed: no new rows, what is in flight finishes
	Messages []sheet.Message // what belongs to no offer
	Hooks    Hooks
	Now      func() time.Time // default time.Now
}

// Settle says how an offer is looked for whose request had no clear answer.
type Settle struct {
	Pauses []time.Duration // before each look; default 0.5, 1, 2, 4 and 8 s
}

// Hooks tell of a run while it goes on. All are optional. They are called from
// several goroutines, but one at a time, and must not block.
type Hooks struct {
	Started   func(run string, resumed bool)
	Done      func(Result) // an offer of the input is done with, for now
	Progress  func(Progress)
	Throttled func(rate float64, pause time.Duration) // the server asks for less: the rate from now on, 0 = no limit, and the pause before
	Settling  func(key string)                        // an offer is being looked for
}

// Progress is how far a run is.
type Progress struct {
	Done, Failed int
	Total        int     // 0 = not known
	Rate         float64 // requests per second, over the last seconds
	Elapsed      time.Duration
}

// Why a run ended early. The summary, which comes with the error, tells what was
// done until then.
var (
	ErrInput        = errors.New("the input could not be read to its end")
	ErrAccount      = errors.New("what the account has could not be learnt")
	ErrJournal      = errors.New("the journal could not be written")
	ErrUnauthorised = errors.New("the API key is refused")
	ErrUnreachable  = errors.New("the API could not be reached")
	ErrErrorLimit   = errors.New("too many rows failed")
	ErrCanary       = errors.New("the canary rows are sent")
	ErrInterrupted  = errors.New("interrupted")
)

// errStopped ends whatever waits when a run stops.
var errStopped = errors.New("the run stops")

// Run sends the items and returns when all are done or the run stops. The error
// is nil where every item was come to, also where some failed; else it wraps one
// of the errors above, or it is a *[journal.BusyError], and nothing was sent.
func Run(ctx context.Context, items iter.Seq2[Item, error], cfg Config) (Summary, error) {
	if cfg.Sender == nil {
		return Summary{}, errors.New("a run needs a sender")
	}
	if err := cfg.complete(); err != nil {
		return Summary{}, err
	}
	e, err := begin(ctx, cfg, journal.Run{Kind: "import", Mode: string(cfg.Mode)})
	if err != nil {
		return Summary{}, err
	}
	defer e.close()
	e.account, e.looker = newAccount(e), cfg.Sender
	e.work(func(offers chan<- *offer) error { return e.input(items, offers) }, e.handle)
	return e.finish()
}

// complete judges what was given, and puts the defaults where nothing was.
func (c *Config) complete() error {
	switch {
	case c.Journal == nil:
		return errors.New("a run needs a journal")
	case c.Rate < 0 || c.Burst < 0 || c.Workers < 0 || c.MaxErrors < 0 || c.Canary < 0 || c.MaxAttempts < 0:
		return errors.New("rate, burst, workers and limits cannot be below 0")
	case c.Mode != "" && c.Mode != ModeCreate && c.Mode != ModeUpdate && c.Mode != ModeUpsert:
		return fmt.Errorf("%q is not a mode: create, update or upsert", c.Mode)
	}
	c.Mode = orElse(c.Mode, ModeCreate)
	c.Burst = orElse(c.Burst, 1)
	c.Workers = orElse(c.Workers, 8)
	c.MaxAttempts = orElse(c.MaxAttempts, 5)
	if len(c.Settle.Pauses) == 0 {
		c.Settle.Pauses = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Hooks.complete()
	return nil
}

func (h *Hooks) complete() {
	if h.Started == nil {
		h.Started = func(string, bool) {}
	}
	if h.Done == nil {
		h.Done = func(Result) {}
	}
	if h.Progress == nil {
		h.Progress = func(Progress) {}
	}
	if h.Throttled == nil {
		h.Throttled = func(float64, time.Duration) {}
	}
	if h.Settling == nil {
		h.Settling = func(string) {}
	}
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
