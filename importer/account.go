package importer

import (
	"context"
	"errors"
	"slices"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
)

const (
	pageLimit = affise.MaxLimit
	// keepBytes is how much of the account's offers is kept to see which updates
	// change nothing. Offers beyond are updated without that look.
	keepBytes = 64 << 20
)

// account is what is known of the offers that the account had when the run
// began. It is learnt when it is first asked for, with as few calls as possible.
type account struct {
	engine *engine
	turn   chan struct{} // held by the worker that asks
	asked  bool
	err    error
	listed bool // ids holds every offer; else each key that is not in it is looked up
	seen   map[int64]struct{}
	total  int // as the pages tell it
	ids    map[keyHash][]int64
	offers map[int64]affise.Stored // only where updates are to be compared
	kept   int
}

func newAccount(e *engine) *account {
	return &account{engine: e, turn: make(chan struct{}, 1), ids: map[keyHash][]int64{}, seen: map[int64]struct{}{}, offers: map[int64]affise.Stored{}}
}

// holding is an offer that the account has. id is 0 where it has none.
type holding struct {
	id         int64
	twins      []int64 // other offers with the same key
	stored     *affise.Stored
	run        string // the run that created it, where the journal knows
	undone     string // the run that took it back since
	bodySHA256 string // what that run sent
}

// holds tells whether the account has the offer. What the journal knows is
// checked against the account, where an offer may have been deleted since; but an
// offer that is not listed is fetched by its id before it is believed gone, and
// one that was made a moment ago for as long as it may be listed late.
func (e *engine) holds(o *offer, known []journal.Item) (h holding, err error) {
	var last journal.Item
	if len(known) > 0 {
		last = known[len(known)-1]
		if h, err = e.remembered(last); err != nil {
			return h, err
		}
	}
	if e.cfg.AssumeNew {
		return h, nil
	}
	found, err := e.account.find(o)
	switch {
	case err != nil:
		return h, err
	case len(found) == 0 && h.id == 0:
		return holding{}, nil
	case len(found) == 0:
		return e.confirm(o, h, last)
	}
	if h.id == 0 || !slices.ContainsFunc(found, func(s affise.Stored) bool { return s.ID == h.id }) {
		h = holding{id: found[0].ID}
	}
	for _, s := range found {
		if s.ID == h.id {
			h.stored = &s
		} else {
			h.twins = append(h.twins, s.ID)
		}
	}
	return h, nil
}

// remembered is what the journal knows of an offer by the last row that made it.
func (e *engine) remembered(last journal.Item) (h holding, err error) {
	h = holding{id: last.OfferID, bodySHA256: last.BodySHA256}
	if h.run, err = e.runName(last.Run); err != nil {
		return h, err
	}
	h.undone, err = e.runName(last.UndoneBy)
	return h, err
}

// confirm fetches an offer that the journal knows and the list does not show.
func (e *engine) confirm(o *offer, h holding, last journal.Item) (holding, error) {
	since := last.FinishedAt
	if last.UndoneBy != 0 { // it may well be gone
		since = time.Time{}
	}
	found, err := e.looks(since, func() ([]affise.Stored, error) {
		s, err := e.fetch(o, h.id)
		if err != nil || s == nil {
			return nil, err
		}
		return []affise.Stored{*s}, nil
	})
	if err != nil || len(found) == 0 {
		return holding{}, err
	}
	h.stored = &found[0]
	return h, nil
}

// find returns the account's offers with the offer's key, the oldest first.
func (a *account) find(o *offer) ([]affise.Stored, error) {
	if err := a.learn(); err != nil {
		return nil, err
	}
	ids := a.ids[hashKey(o.Key)]
	if !a.listed && len(ids) == 0 {
		return a.engine.find(o)
	}
	var found []affise.Stored
	for _, id := range ids {
		s, ok := a.offers[id]
		if !ok {
			s = affise.Stored{ID: id, Key: o.Key}
		}
		found = append(found, s)
	}
	return distinct(found), nil
}

// learn reads the first page, which tells the account's size, and then the other
// pages, or leaves it to a look-up for each key where that is fewer calls.
func (a *account) learn() error {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-a.engine.going.Done():
		return errStopped
	}
	if a.asked {
		return a.err
	}
	page, err := a.page(1)
	if err == nil {
		a.take(page)
		others := (page.Total - 1) / pageLimit
		if count := a.engine.cfg.Count; count == 0 || others <= count || page.Next == 0 {
			err = a.rest(page)
			a.listed = len(a.seen) >= a.total // pages may leave out what moves between them
		}
	}
	if errors.Is(err, errStopped) {
		return err
	}
	a.asked, a.err = true, err
	return err
}

func (a *account) rest(page affise.Page) (err error) {
	for page.Next > page.Page {
		if page, err = a.page(page.Next); err != nil {
			return err
		}
		a.take(page)
	}
	return nil
}

func (a *account) page(n int) (page affise.Page, err error) {
	list := a.engine.cfg.Sender.List
	if a.compares() {
		list = a.engine.cfg.Sender.ListWhole
	}
	err = a.engine.read(listCall, a.engine.keeper(nil), func(ctx context.Context) (string, error) {
		page, err = list(ctx, n, pageLimit)
		return "found", err
	})
	return page, err
}

func (a *account) compares() bool { return a.engine.cfg.Mode != ModeCreate }

func (a *account) take(page affise.Page) {
	a.total = max(a.total, page.Total)
	for _, s := range page.Offers {
		a.seen[s.ID] = struct{}{}
		if s.Key == "" {
			continue
		}
		hash := hashKey(s.Key)
		a.ids[hash] = append(a.ids[hash], s.ID)
		if a.compares() && a.kept+len(s.Offer) <= keepBytes && len(s.Offer) > 0 {
			a.kept += len(s.Offer)
			s.Offer = slices.Clone(s.Offer) // the page would stay in memory for its sake
			a.offers[s.ID] = s
		}
	}
}

// runName names a run of the journal for people; blank for none.
func (e *engine) runName(number int64) (string, error) {
	if number == 0 {
		return "", nil
	}
	e.hooks.Lock()
	name, ok := e.runNames[number]
	e.hooks.Unlock()
	if ok {
		return name, nil
	}
	runs, err := e.cfg.Journal.Runs(e.recording)
	if err != nil {
		return "", journalError(err)
	}
	e.hooks.Lock()
	defer e.hooks.Unlock()
	for _, run := range runs {
		e.runNames[run.Number] = run.Name
	}
	return e.runNames[number], nil
}
