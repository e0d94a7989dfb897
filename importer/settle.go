package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// settled is what looking for an offer brought.
type settled struct {
	verdict lookVerdict
	stored  []affise.Stored // where it is there: the oldest first, never empty; where it is unclear: which may be it
}

type lookVerdict int

const (
	missing lookVerdict = iota // every look was answered, and it was in none
	there
	unclear // the looks themselves failed, or another offer may be it
)

// settleCreate looks for an offer by its key.
func (e *engine) settleCreate(o *offer, since time.Time) (settled, error) {
	e.tell(func() { e.cfg.Hooks.Settling(o.Key) })
	found, err := e.looks(since, func() ([]affise.Stored, error) { return e.find(o) })
	switch {
	case err == nil && len(found) > 0:
		return settled{there, found}, nil
	case err == nil:
		found, err = e.alike(o)
	}
	switch {
	case errors.Is(err, errStopped) || errors.Is(err, ErrJournal):
		return settled{}, err
	case err != nil:
		return settled{verdict: unclear}, nil
	case len(found) > 0:
		return settled{unclear, found}, nil
	}
	return settled{verdict: missing}, nil
}

// alike looks for what may be the offer under another key: one that a server has
// rewritten, or dropped.
func (e *engine) alike(o *offer) (found []affise.Stored, err error) {
	body := o.Body
	if len(body.Fields()) == 0 { // the journal keeps no bodies
		body = affise.Map(affise.Field{Key: "title", Value: affise.Text(o.Title)}, affise.Field{Key: "external_offer_id", Value: affise.Text(o.Key)})
	}
	err = e.read("find", e.keeper(o), func(ctx context.Context) (outcome string, err error) {
		if found, err = e.looker.Resembling(ctx, body); len(found) == 0 {
			return "not found", err
		}
		return "found", err
	})
	return found, err
}

// looks looks for an offer at growing distances from the request that was to
// make it, until it is there: a new offer may be listed late, and a request that
// was given up may still be carried out. Looks whose time has passed are left
// out, but never the last. A request of the future was made before the clock was
// put back.
func (e *engine) looks(since time.Time, look func() ([]affise.Stored, error)) ([]affise.Stored, error) {
	due := since
	if now := e.cfg.Now(); due.After(now) {
		due = now
	}
	for i, wait := range e.cfg.Settle.Pauses {
		due = due.Add(wait)
		later := e.cfg.Settle.Pauses[i+1:]
		if now := e.cfg.Now(); len(later) > 0 && due.Add(later[0]).Before(now) {
			continue
		}
		if err := e.idle(due.Sub(e.cfg.Now())); err != nil {
			return nil, err
		}
		if found, err := look(); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// idle waits for an offer's next look, and lets another offer go on meanwhile.
func (e *engine) idle(d time.Duration) error {
	<-e.hands
	defer func() { e.hands <- struct{}{} }()
	return sleep(d, e.going.Done())
}

// find looks once, and again where the look itself failed. Each page is a look
// with its own turn.
func (e *engine) find(o *offer) (found []affise.Stored, err error) {
	for page := 1; page != 0 && err == nil; {
		err = e.read("find", e.keeper(o), func(ctx context.Context) (string, error) {
			p, err := e.looker.Find(ctx, o.Key, page)
			if err != nil {
				return "", err
			}
			found, page = append(found, p.Offers...), p.Next
			if len(p.Offers) == 0 {
				return "not found", nil
			}
			return "found", nil
		})
	}
	return distinct(found), err
}

// distinct puts the oldest offer first, and leaves each out that was on two
// pages: they may overlap.
func distinct(found []affise.Stored) []affise.Stored {
	slices.SortFunc(found, func(a, b affise.Stored) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(found, func(a, b affise.Stored) bool { return a.ID == b.ID })
}

// fetch reads an offer by its id. It is nil where the account does not have it:
// where the API says so by its code, or refuses the look twice.
func (e *engine) fetch(o *offer, id int64) (*affise.Stored, error) {
	for again := false; ; again = true {
		var s affise.Stored
		err := e.read("get", e.keeper(o), func(ctx context.Context) (outcome string, err error) {
			s, err = e.looker.Get(ctx, id)
			return "found", err
		})
		if err == nil {
			return &s, nil
		}
		if outcomeOf(err) != affise.Rejected {
			return nil, err
		}
		if again || notThere(err) {
			return nil, nil
		}
	}
}

func notThere(err error) bool {
	var answer *affise.Error
	return errors.As(err, &answer) && answer.HTTP == http.StatusNotFound
}

// keeper writes each request that reads into the attempts table.
func (e *engine) keeper(o *offer) func(journal.Attempt) error {
	return func(a journal.Attempt) error {
		if o != nil {
			e.identify(o)
			a.Item = o.row.ID
		}
		return journalError(e.cfg.Journal.Post(e.recording, journal.Change{Attempts: []journal.Attempt{a}}))
	}
}

// settleEdit looks whether the stored offer has what was sent. An edit that is
// repeated changes nothing more, so one clear look is enough.
func (e *engine) settleEdit(o *offer, id int64) (settled, error) {
	e.tell(func() { e.cfg.Hooks.Settling(o.Key) })
	s, err := e.fetch(o, id)
	switch {
	case errors.Is(err, errStopped) || errors.Is(err, ErrJournal):
		return settled{}, err
	case err != nil || s == nil:
		return settled{verdict: unclear}, nil
	}
	differences, err := affise.Differences(o.Body, s.Offer)
	if err != nil || len(differences) > 0 || len(s.Offer) == 0 {
		return settled{verdict: missing}, nil
	}
	return settled{verdict: there, stored: []affise.Stored{*s}}, nil
}

// settleOwn settles what an earlier sitting of this run left open. done means
// that nothing is left to do for the offer.
func (e *engine) settleOwn(o *offer) (done bool, err error) {
	if o.from.Settled() || o.row.Attempts == 0 {
		return false, nil
	}
	var found settled
	switch {
	case o.row.Action != string(ActionUpdate):
		found, err = e.settleCreate(o, o.lastSeen())
	case o.left:
		return true, e.stillUnclear(o, nil)
	default:
		found, err = e.settleEdit(o, o.row.OfferID)
	}
	if err != nil {
		return true, err
	}
	switch found.verdict {
	case there:
		state := journal.Created
		if o.row.Action == string(ActionUpdate) {
			state = journal.Updated
		}
		return true, e.adopt(o, state, found)
	case unclear:
		return true, e.stillUnclear(o, found.stored)
	}
	return false, e.post(o, journal.Pending)
}

// settleOthers settles what other runs of the account left open under the
// offer's key, in their own rows. It returns the rows that stand for an offer
// in the account.
func (e *engine) settleOthers(o *offer, others []journal.Item) (known []journal.Item, done bool, err error) {
	for _, row := range others {
		switch {
		case row.State == journal.Created || row.State == journal.Updated:
			known = append(known, row)
		case row.State.Settled() || row.Action == string(ActionUpdate):
			// Not stored, or an edit, which is sent anew by what this run says.
		default:
			other := leftOffer(row)
			if row.BodySHA256 == hashBody(o.Body) {
				other.Body = o.Body
			}
			if other.Messages, err = unpackMessages(row.Messages); err != nil {
				return nil, true, journalError(err)
			}
			found, err := e.settleOther(other)
			if err != nil {
				return nil, true, err
			}
			if found.verdict == unclear {
				return nil, true, e.stillUnclear(o, found.stored)
			}
			if found.verdict == there {
				known = append(known, other.row)
			}
		}
	}
	return known, false, nil
}

// settleOther settles another run's row. It is not announced: it is no row of
// this input.
func (e *engine) settleOther(o *offer) (settled, error) {
	found, err := e.settleCreate(o, o.lastSeen())
	if err != nil {
		return found, err
	}
	state := journal.Pending
	switch found.verdict {
	case there:
		state = journal.Created
		o.stored(found.stored[0])
		o.row.FinishedAt = e.cfg.Now()
		o.note(sheet.LevelInfo, "adopted", "the answer to the request was lost; run %s found that it is stored, as offer %d", e.run.Name, found.stored[0].ID)
	case unclear:
		state = journal.Unknown
	}
	return found, e.post(o, state)
}

// stillUnclear leaves an offer of which nobody can say whether it is stored; like
// are those that may be it.
func (e *engine) stillUnclear(o *offer, like []affise.Stored) error {
	if len(like) > 0 {
		has := fmt.Sprintf("the external_offer_id %q", like[0].Key)
		if like[0].Key == "" {
			has = "no external_offer_id"
		}
		o.note(sheet.LevelError, "unknown_outcome", "it may be stored as offer %d, which has its title and %s: look in Affise. "+
			"Where it is, give it the external_offer_id %q there and resume; where it is not, give the two other titles", like[0].ID, has, o.Key)
		return e.end(o, journal.Unknown)
	}
	o.note(sheet.LevelError, "unknown_outcome", "it may or may not be stored: Affise gave no clear answer, and the looks for it failed as well. "+
		"Look in Affise for an offer with the external_offer_id %q, or resume later", o.Key)
	return e.end(o, journal.Unknown)
}

// unsettled is an offer whose looks a stop cut short.
func (e *engine) unsettled(o *offer, failure, err error) error {
	if !errors.Is(err, errStopped) {
		return err
	}
	e.cut.Store(true)
	o.note(sheet.LevelError, "unknown_outcome", "it may or may not be stored: %v, and the run stopped before it was looked for. Resume looks for it", failure)
	return e.end(o, journal.Unknown)
}
