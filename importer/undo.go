package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// Undoer is the part of the API that an undo needs; *affise.Client is one.
type Undoer interface {
	Looker
	SetStatus(ctx context.Context, status string, ids ...int64) error
	Delete(ctx context.Context, ids ...int64) error
}

// UndoConfig says how to take a run back. The zero value of a field is its
// default, as in [Config].
type UndoConfig struct {
	Sender  Undoer
	Journal *journal.Journal
	Undo    string  // the run to take back
	Run     RunInfo // of the undo itself; ID of an undo in the journal: it goes on. Account is the undone run's
	How     Action  // [ActionStop] (default) or [ActionDelete]
	Force   bool    // also offers that somebody edited since

	Rate      float64
	Burst     int
	Workers   int
	MaxErrors int
	Stop      <-chan struct{}
	Hooks     Hooks
	Now       func() time.Time
}

// UndoStep is what an undo is to do with one offer.
type UndoStep struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	At      Ref    `json:"at"`
	OfferID int64  `json:"offer_id"`      // 0: its answer was lost, and it is looked for first
	Action  Action `json:"action"`        // stop, delete, or skip
	Why     string `json:"why,omitempty"` // why it is skipped
}

// Undo takes back what a run created: it stops or deletes each offer, after a
// look that nobody has edited it since. It is a run itself, with results,
// resumed like an import. Its rows end as updated (taken back), skipped (gone,
// already stopped, edited since) or failed.
func Undo(ctx context.Context, cfg UndoConfig) (Summary, error) {
	u, err := beginUndo(ctx, cfg)
	if err != nil {
		return Summary{}, err
	}
	defer u.close()
	u.work(u.feed, u.handle)
	return u.finish()
}

// PlanUndo says what [Undo] would do, and changes nothing. It reads the account
// by its list or offer by offer, whichever is fewer calls. Where the account
// cannot be asked the error wraps [ErrUnauthorised] or [ErrUnreachable], and
// where ctx ends first it is [ErrInterrupted].
func PlanUndo(ctx context.Context, cfg UndoConfig) ([]UndoStep, error) {
	u, err := newUndo(ctx, cfg)
	if err != nil {
		return nil, err
	}
	rows, err := u.rows(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	found, err := u.survey(ctx, slices.DeleteFunc(slices.Clone(rows), unsettledRow))
	if err != nil {
		return nil, err
	}
	steps := make([]UndoStep, len(rows))
	for i, row := range rows {
		steps[i] = UndoStep{Key: row.Key, Title: row.Title, At: Ref{File: row.File, Sheet: row.Sheet, Row: row.Row}, OfferID: row.OfferID, Action: u.config.How}
		if unsettledRow(row) {
			continue
		}
		if _, why := u.obstacle(row, found[row.OfferID]); why != "" {
			steps[i].Action, steps[i].Why = ActionSkip, why
		}
	}
	return steps, nil
}

// undo is an engine that takes a run back.
type undo struct {
	*engine
	config UndoConfig
	undone journal.Run
}

func newUndo(ctx context.Context, cfg UndoConfig) (*undo, error) {
	cfg.How = orElse(cfg.How, ActionStop)
	switch {
	case cfg.Sender == nil || cfg.Journal == nil:
		return nil, errors.New("an undo needs a sender and a journal")
	case cfg.How != ActionStop && cfg.How != ActionDelete:
		return nil, fmt.Errorf("%q is not a way to take a run back: stop or delete", cfg.How)
	}
	run, err := cfg.Journal.Run(ctx, cfg.Undo)
	switch {
	case err != nil:
		return nil, err
	case run.Kind != "import":
		return nil, fmt.Errorf("run %s is an undo, which cannot be taken back", run.Name)
	case cfg.Run.Account != "" && cfg.Run.Account != run.Account:
		return nil, fmt.Errorf("run %s was to %s, not to %s", run.Name, run.Account, cfg.Run.Account)
	}
	cfg.Run.Account = run.Account
	return &undo{config: cfg, undone: run}, nil
}

// run is the config of the undo as a run.
func (c UndoConfig) run() (Config, error) {
	run := Config{Journal: c.Journal, Run: c.Run, Rate: c.Rate, Burst: c.Burst, Workers: c.Workers, MaxErrors: c.MaxErrors,
		Stop: c.Stop, Hooks: c.Hooks, Now: c.Now}
	return run, run.complete()
}

func beginUndo(ctx context.Context, cfg UndoConfig) (*undo, error) {
	u, err := newUndo(ctx, cfg)
	if err != nil {
		return nil, err
	}
	config, err := u.config.run()
	if err != nil {
		return nil, err
	}
	u.engine, err = begin(ctx, config, journal.Run{Kind: "undo", Undoes: u.undone.Number, Mode: string(u.config.How)})
	if err != nil {
		return nil, err
	}
	u.engine.looker = cfg.Sender
	return u, nil
}

// rows are what the run created, or may have created, and nobody deleted by an
// undo.
func (u *undo) rows(ctx context.Context) (list []journal.Item, err error) {
	for row, err := range u.config.Journal.Made(ctx, u.undone.Number) {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

func (u *undo) feed(offers chan<- *offer) error {
	rows, err := u.rows(u.recording)
	if err != nil {
		return journalError(err)
	}
	last := Ref{}
	for i, row := range rows {
		children, err := unpackRefs(row.Children)
		if err != nil {
			return journalError(err)
		}
		item := Item{Key: row.Key, Title: row.Title, At: Ref{File: row.File, Sheet: row.Sheet, Row: row.Row}, Children: children, Action: u.config.How}
		o := newOffer(u.engine, item, row.Seq)
		o.row.OfferID, o.original = row.OfferID, row
		_, o.failedBefore = u.failed[hashKey(row.Key)]
		if err := u.pass(o, offers); err != nil {
			u.noteUnread(i, len(rows), last)
			return err
		}
		last = item.At
	}
	return nil
}

// handle takes one offer back. An error is one of the journal.
func (u *undo) handle(o *offer) error {
	if _, err := u.recall(o); err != nil {
		return err
	}
	if o.from != journal.New && final(o.from) {
		return u.keep(o)
	}
	err := u.reverse(o)
	if errors.Is(err, errStopped) {
		return u.setAside(o)
	}
	return err
}

// reverse looks at the offer and then stops or deletes it. Both may be repeated
// without harm, so that an unknown outcome needs no more than the next look.
func (u *undo) reverse(o *offer) error {
	if u.stopping() {
		return errStopped
	}
	if unsettledRow(o.original) {
		if done, err := u.settleMade(o); done || err != nil {
			return err
		}
	}
	s, err := u.fetch(o, o.row.OfferID)
	switch {
	case errors.Is(err, errStopped) || errors.Is(err, ErrJournal):
		return err
	case err != nil:
		o.note(sheet.LevelError, "not_looked_at", "it was left alone, since it could not be looked at: %v", err)
		return u.end(o, journal.Failed)
	}
	if code, why := u.obstacle(o.original, s); code != "" {
		return u.leave(o, code, why)
	}
	if !o.from.Settled() {
		if err := u.post(o, journal.Pending); err != nil {
			return err
		}
	}
	return u.send(o, u.job(o))
}

// unsettledRow tells whether nobody knows yet if the run made the offer.
func unsettledRow(row journal.Item) bool { return row.State != journal.Created }

// settleMade finds out whether the run made the offer. done means that there is
// nothing to take back, or that nobody can tell.
func (u *undo) settleMade(o *offer) (done bool, err error) {
	made := leftOffer(o.original)
	if made.Messages, err = unpackMessages(o.original.Messages); err != nil {
		return true, journalError(err)
	}
	found, err := u.settleOther(made)
	switch {
	case err != nil:
		return true, err
	case found.verdict == there:
		o.original, o.row.OfferID = made.row, made.row.OfferID
		return false, nil
	case found.verdict == unclear:
		o.note(sheet.LevelError, "not_looked_at", "it may or may not have been made: no look shows it beyond doubt. Look in Affise for %q, or resume the undo later", o.Title)
		return true, u.end(o, journal.Failed)
	}
	o.note(sheet.LevelInfo, "gone", "it was never made: a look does not find it")
	return true, u.end(o, journal.Skipped)
}

// leave is an offer that is not touched. One that is as the undo would have it,
// although its request had no answer, was taken back by it.
func (u *undo) leave(o *offer, code, why string) error {
	done := code == "gone" || code == "stopped_already"
	o.gone = done
	if done && !o.from.Settled() {
		return u.end(o, journal.Updated)
	}
	if !o.from.Settled() {
		if err := u.post(o, journal.Pending); err != nil {
			return err
		}
	}
	level := sheet.LevelWarning
	if done {
		level = sheet.LevelInfo
	}
	o.note(level, code, "%s", why)
	return u.end(o, journal.Skipped)
}

func (u *undo) job(o *offer) job {
	id := o.row.OfferID
	return job{
		call: string(u.config.How), done: journal.Updated,
		do: func(ctx context.Context) (affise.Stored, error) {
			if err := u.change(ctx, id); err != nil {
				return affise.Stored{}, err
			}
			o.note(sheet.LevelInfo, "undone", "offer %d is taken back: %s", id, u.config.How)
			return affise.Stored{ID: id}, nil
		},
		settle: func(time.Time) (settled, error) { return u.settle(o) },
	}
}

func (u *undo) change(ctx context.Context, id int64) error {
	if u.config.How == ActionDelete {
		return u.config.Sender.Delete(ctx, id)
	}
	return u.config.Sender.SetStatus(ctx, "stopped", id)
}

// settle looks whether a request whose answer was lost took the offer back.
func (u *undo) settle(o *offer) (settled, error) {
	s, err := u.fetch(o, o.row.OfferID)
	switch {
	case errors.Is(err, errStopped) || errors.Is(err, ErrJournal):
		return settled{}, err
	case err != nil:
		return settled{verdict: unclear}, nil
	case u.done(s):
		return settled{verdict: there, stored: []affise.Stored{{ID: o.row.OfferID}}}, nil
	}
	return settled{verdict: missing}, nil
}

// done tells whether the offer is as the undo would have it. s is nil where it
// is gone.
func (u *undo) done(s *affise.Stored) bool {
	return s == nil || u.config.How == ActionStop && s.Status == "stopped"
}

// obstacle says why an offer is to be left alone; blank where nothing speaks
// against taking it back.
func (u *undo) obstacle(row journal.Item, s *affise.Stored) (code, why string) {
	switch {
	case s == nil:
		return "gone", fmt.Sprintf("the account no longer has offer %d", row.OfferID)
	case u.done(s):
		return "stopped_already", fmt.Sprintf("offer %d is stopped already", row.OfferID)
	case s.Key != "" && s.Key != row.Key:
		return "edited", fmt.Sprintf("offer %d now has the external_offer_id %q: left alone", row.OfferID, s.Key)
	case u.config.Force:
		return "", ""
	}
	keys := edited(row.Stored, s.Offer)
	if row.UndoneBy != 0 { // stopped by an undo, which changed the status and the time
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == "status" })
		row.UpdatedAt = ""
	}
	switch {
	case row.Stored == "" && row.UpdatedAt == "":
		return "not_comparable", fmt.Sprintf("it cannot be seen whether somebody edited offer %d since: left alone", row.OfferID)
	case len(keys) > 0:
		return "edited", fmt.Sprintf("somebody edited offer %d since (%s): left alone", row.OfferID, strings.Join(keys, ", "))
	case row.UpdatedAt != "" && s.UpdatedAt != row.UpdatedAt:
		return "edited", fmt.Sprintf("somebody edited offer %d since (at %s): left alone", row.OfferID, s.UpdatedAt)
	}
	return "", ""
}

// survey looks at the offers of a plan. Offers that the account no longer has are
// not in the map.
func (u *undo) survey(ctx context.Context, rows []journal.Item) (map[int64]*affise.Stored, error) {
	config, err := u.config.run()
	if err != nil {
		return nil, err
	}
	e := &engine{cfg: config, ctx: ctx}
	e.going, e.halt = context.WithCancel(ctx)
	defer e.halt()
	e.limiter = newLimiter(config.Rate, config.Burst, e.going.Done())
	e.limiter.throttles = config.Hooks.Throttled
	e.breaker = newBreaker(e.going.Done(), func() {})
	e.flights = make(chan struct{}, 1)
	s := &survey{engine: e, sender: u.config.Sender, wanted: map[int64]bool{}, found: map[int64]*affise.Stored{}}
	for _, row := range rows {
		s.wanted[row.OfferID] = true
	}
	err = s.look()
	if errors.Is(err, errStopped) {
		err = cmp.Or(e.cause, ErrInterrupted)
	}
	return s.found, err
}

// survey reads offers without a run of its own.
type survey struct {
	*engine
	sender Undoer
	wanted map[int64]bool
	found  map[int64]*affise.Stored
}

func (s *survey) look() error {
	page, err := s.page(1)
	if err != nil {
		return err
	}
	if (page.Total-1)/pageLimit < len(s.wanted) {
		for page.Next > page.Page {
			if page, err = s.page(page.Next); err != nil {
				return err
			}
		}
	}
	for id := range s.wanted {
		if s.found[id] == nil {
			if err := s.one(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// page keeps those of a page's offers that are asked for.
func (s *survey) page(n int) (page affise.Page, err error) {
	err = s.ask(func(ctx context.Context) (err error) {
		page, err = s.sender.ListWhole(ctx, n, pageLimit)
		return err
	})
	for _, stored := range page.Offers {
		if s.wanted[stored.ID] {
			stored.Offer = slices.Clone(stored.Offer)
			s.found[stored.ID] = &stored
		}
	}
	return page, err
}

func (s *survey) one(id int64) error {
	err := s.ask(func(ctx context.Context) error {
		stored, err := s.sender.Get(ctx, id)
		if err == nil {
			s.found[id] = &stored
		}
		return err
	})
	if outcomeOf(err) == affise.Rejected {
		return nil
	}
	return err
}

// ask makes a request that nothing is written of. A refused key ends it.
func (s *survey) ask(do func(context.Context) error) error {
	refused := func(a journal.Attempt) error {
		if a.Outcome == affise.Unauthorised.String() {
			return fmt.Errorf("%w: %s", ErrUnauthorised, a.Detail)
		}
		return nil
	}
	return s.read("survey", refused, func(ctx context.Context) (string, error) { return "found", do(ctx) })
}
