package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// handle brings one offer as far as it gets. An error is one of the journal.
func (e *engine) handle(o *offer) error {
	earlier, err := e.recall(o)
	if err != nil {
		return err
	}
	if o.from == journal.New || !final(o.from) {
		err = e.decide(o, earlier)
	} else {
		err = e.keep(o)
	}
	if errors.Is(err, errStopped) {
		return e.setAside(o)
	}
	return err
}

func final(s journal.State) bool {
	return s == journal.Created || s == journal.Updated || s == journal.Unchanged || s == journal.Skipped
}

// recall finds the run's own row for the key, and what other runs sent under it.
func (e *engine) recall(o *offer) (others []journal.Item, err error) {
	if o.left || !e.history || o.Key == "" || o.twice {
		return nil, nil
	}
	if !e.resumed && e.stopping() { // it has no row of its own, and nothing is sent
		return nil, nil
	}
	// Also after both steps of a stop: a key without its row would get a second one.
	rows, err := e.cfg.Journal.ByKey(e.recording, e.run.Account, e.run.Number, o.Key)
	if err != nil {
		return nil, journalError(err)
	}
	for _, row := range rows {
		if row.Run == e.run.Number {
			o.adopt(row)
		} else {
			others = append(others, row)
		}
	}
	return others, nil
}

// keep leaves what an earlier sitting of the run finished as it is, at its place
// in the input of now.
func (e *engine) keep(o *offer) (err error) {
	wrong := o.wrong()
	if o.Messages, err = unpackMessages(o.row.Messages); err != nil {
		return journalError(err)
	}
	o.noteGone()
	if err := e.noteUndone(o); err != nil {
		return err
	}
	if !wrong && !o.left {
		o.noteChanged(e.run.Name)
	}
	if o.moved {
		if err := e.post(o, o.from); err != nil {
			return err
		}
	}
	e.announce(o)
	return nil
}

// noteUndone tells of an offer that an undo took back after an earlier sitting
// made it.
func (e *engine) noteUndone(o *offer) error {
	if o.row.UndoneBy == 0 || o.told("undone_since") {
		return nil
	}
	undo, err := e.runName(o.row.UndoneBy)
	if err != nil {
		return err
	}
	o.note(sheet.LevelWarning, "undone_since", "run %s has taken offer %d back since: start it again in Affise or, where it was deleted, import the file anew", undo, o.row.OfferID)
	o.moved = true
	return nil
}

// told tells whether a sitting before has said so.
func (o *offer) told(code string) bool {
	return slices.ContainsFunc(o.Messages, func(m sheet.Message) bool { return m.Code == code })
}

// noteChanged tells of an offer that an earlier sitting made, or found made, from
// other values than its row has by now.
func (o *offer) noteChanged(run string) {
	if o.told("changed_since") || o.row.BodySHA256 == "" || o.row.BodySHA256 == hashBody(o.Body) {
		return
	}
	o.note(sheet.LevelInfo, "changed_since", "the row was changed after run %s was done with it (offer %d): import again with --mode upsert to send the new values", run, o.row.OfferID)
	o.moved = true
}

// noteGone tells of an offer that is in the account although its row is no longer
// in the input: it was taken out of the sheet, or has another key by now.
func (o *offer) noteGone() {
	if !o.left || o.told("row_gone") || o.from != journal.Created && o.from != journal.Updated {
		return
	}
	o.note(sheet.LevelWarning, "row_gone", "it is in the account as offer %d, but its row is no longer in the sheet, or has another external_offer_id by now", o.row.OfferID)
	o.moved = true
}

// decide settles what is open and then does what the item and the mode say.
func (e *engine) decide(o *offer, others []journal.Item) error {
	if done, err := e.settleOwn(o); done || err != nil {
		return err
	}
	switch {
	case o.left:
		o.note(sheet.LevelInfo, "row_gone", "it was not stored, and its row is no longer in the sheet")
		return e.end(o, journal.Skipped)
	case o.wrong():
		return e.end(o, journal.Failed)
	case o.Key == "":
		o.note(sheet.LevelError, "no_key", "it has no external_offer_id, by which it would be known: give it one")
		return e.end(o, journal.Failed)
	case o.twice:
		o.note(sheet.LevelError, "duplicate_key", "another row has the external_offer_id %q: give each offer its own", o.Key)
		return e.end(o, journal.Failed)
	case o.Action == ActionSkip:
		return e.end(o, journal.Skipped)
	case e.stopping():
		return errStopped
	}
	known, done, err := e.settleOthers(o, others)
	if done || err != nil {
		return err
	}
	return e.dispatch(o, known)
}

// dispatch creates, edits or skips, by what the account has.
func (e *engine) dispatch(o *offer, known []journal.Item) error {
	h, err := e.holds(o, known)
	if err != nil {
		return e.unreadable(err)
	}
	if wrong, err := e.rekeyed(o, h); wrong || err != nil {
		return err
	}
	action := orElse(o.Action, map[Mode]Action{ModeCreate: ActionCreate, ModeUpdate: ActionUpdate}[e.cfg.Mode])
	switch {
	case action == ActionCreate && h.id != 0:
		return e.exists(o, h)
	case action == ActionUpdate && h.id == 0:
		o.row.Action = string(ActionUpdate)
		o.note(sheet.LevelError, "no_such_offer", "the account has no offer with the external_offer_id %q to update: use action create, or --mode upsert", o.Key)
		return e.end(o, journal.Failed)
	case h.id == 0:
		return e.create(o)
	}
	return e.edit(o, h)
}

// unreadable ends the run where the account cannot be asked at all: to go on
// would be to guess.
func (e *engine) unreadable(err error) error {
	if !errors.Is(err, errStopped) && !errors.Is(err, ErrJournal) {
		e.stop(fmt.Errorf("%w: %w", ErrAccount, err))
		return errStopped
	}
	return err
}

// exists is a row whose offer the account has, in mode create.
func (e *engine) exists(o *offer, h holding) error {
	o.row.Action, o.row.OfferID, o.row.BodySHA256 = string(ActionCreate), h.id, hashBody(o.Body)
	switch {
	case h.run == "":
		o.note(sheet.LevelInfo, "exists", "the account has it already, as offer %d", h.id)
	case h.undone != "":
		o.note(sheet.LevelInfo, "undone_since", "run %s created it as offer %d, and run %s took it back: start it again in Affise if it is wanted", h.run, h.id, h.undone)
	case h.bodySHA256 != "" && h.bodySHA256 != hashBody(o.Body):
		o.note(sheet.LevelInfo, "changed_since", "run %s created it as offer %d with other values: --mode upsert would send the new ones", h.run, h.id)
	default:
		o.note(sheet.LevelInfo, "created_before", "run %s created it as offer %d", h.run, h.id)
	}
	o.noteTwins(h.id, h.twins)
	return e.end(o, journal.Skipped)
}

func (o *offer) noteTwins(id int64, twins []int64) {
	if len(twins) == 0 {
		return
	}
	ids := make([]string, len(twins))
	for i, twin := range twins {
		ids[i] = strconv.FormatInt(twin, 10)
	}
	o.note(sheet.LevelWarning, "duplicate_in_account", "the account has more than one offer with this external_offer_id: besides offer %d also %s; look which one is to stay",
		id, strings.Join(ids, ", "))
}

// job is a request that changes an offer, and how to find out whether it did.
type job struct {
	call   string
	done   journal.State
	do     func(context.Context) (affise.Stored, error)
	settle func(since time.Time) (settled, error)
}

func (e *engine) create(o *offer) error {
	o.row.Action, o.row.OfferID, o.row.BodySHA256 = string(ActionCreate), 0, hashBody(o.Body)
	return e.send(o, job{
		call: "create", done: journal.Created,
		do:     func(ctx context.Context) (affise.Stored, error) { return e.cfg.Sender.Create(ctx, o.Body) },
		settle: func(since time.Time) (settled, error) { return e.settleCreate(o, since) },
	})
}

func (e *engine) edit(o *offer, h holding) error {
	o.row.Action, o.row.OfferID, o.row.BodySHA256 = string(ActionUpdate), h.id, hashBody(o.Body)
	o.noteTwins(h.id, h.twins)
	if h.stored != nil && len(h.stored.Offer) > 0 {
		if differences, err := affise.Differences(o.Body, h.stored.Offer); err == nil && len(differences) == 0 {
			return e.end(o, journal.Unchanged)
		}
	}
	return e.send(o, job{
		call: "edit", done: journal.Updated,
		do:     func(ctx context.Context) (affise.Stored, error) { return e.cfg.Sender.Edit(ctx, h.id, o.Body) },
		settle: func(time.Time) (settled, error) { return e.settleEdit(o, h.id) },
	})
}

// send makes the request until it is clear what became of it. Only what is
// certainly not stored is sent again.
func (e *engine) send(o *offer, j job) error {
	if !e.allow() {
		return errStopped
	}
	for tries := 1; ; {
		var s affise.Stored
		a, err := e.request(j.call, func() error { return e.intend(o) }, func(ctx context.Context) (err error) {
			s, err = j.do(ctx)
			return err
		})
		if a.SentAt.IsZero() {
			return e.takeBack(o, err)
		}
		if err == nil {
			return e.succeeded(o, j, s, a)
		}
		next, err := e.failedSend(o, j, a, err, tries)
		if next == over || err != nil {
			return err
		}
		if next == counted {
			tries++
		}
	}
}

// verdicts of failedSend: whether there is another try, and whether it counts.
type sequel int

const (
	over    sequel = iota // nothing more to do
	free                  // send again; the server did not look at it
	counted               // send again, as one more try
)

// failedSend writes down what a failed request means, and settles what is
// unclear.
func (e *engine) failedSend(o *offer, j job, a journal.Attempt, failure error, tries int) (sequel, error) {
	switch outcomeOf(failure) {
	case affise.Rejected:
		o.noteRejection(failure)
		return over, e.end(o, journal.Failed, a)
	case affise.Throttled:
		return free, e.post(o, journal.Pending, a)
	case affise.Unauthorised:
		return e.refused(o, a, failure)
	case affise.NotApplied:
		if err := e.post(o, journal.Pending, a); err != nil {
			return over, err
		}
		if tries >= e.cfg.MaxAttempts {
			e.stop(fmt.Errorf("%w: %w", ErrUnreachable, failure))
			return over, errStopped
		}
		return counted, sleep(backOff(tries), e.going.Done())
	}
	o.row.FinishedAt = a.AnsweredAt
	if err := e.post(o, journal.Unknown, a); err != nil {
		return over, err
	}
	found, err := j.settle(a.AnsweredAt)
	if err != nil {
		return over, e.unsettled(o, failure, err)
	}
	return e.afterLook(o, j, found, failure, tries)
}

// refused is an offer for which the key was refused. Where the key is refused
// for all, the breaker stops the run; where others pass meanwhile, it is the
// offer that the key may not touch.
func (e *engine) refused(o *offer, a journal.Attempt, failure error) (sequel, error) {
	if o.refusals++; o.refusals <= refusals || e.stopping() {
		return free, e.post(o, journal.Pending, a)
	}
	o.noteRejection(failure)
	return over, e.end(o, journal.Failed, a)
}

func (e *engine) afterLook(o *offer, j job, found settled, failure error, tries int) (sequel, error) {
	switch found.verdict {
	case there:
		return over, e.adopt(o, j.done, found)
	case unclear:
		return over, e.stillUnclear(o, found.stored)
	}
	if saysDone(failure) {
		o.note(sheet.LevelError, "unknown_outcome", "%v, and a look does not find it: look in Affise for its title before you resume, which would send it again", failure)
		return over, e.end(o, journal.Unknown)
	}
	if err := e.post(o, journal.Pending); err != nil {
		return over, err
	}
	if tries < e.cfg.MaxAttempts {
		return counted, nil
	}
	o.note(sheet.LevelError, "gave_up", "Affise gave no clear answer %d times (%v); a look after each shows that it was not carried out: try again later",
		tries, failure)
	return over, e.end(o, journal.Failed)
}

func saysDone(failure error) bool {
	var answer *affise.Error
	return errors.As(failure, &answer) && answer.Done
}

// intend puts the intent on the disk.
func (e *engine) intend(o *offer) error {
	o.row.Attempts++
	o.row.SentAt = e.cfg.Now()
	if o.row.StartedAt.IsZero() {
		o.row.StartedAt = o.row.SentAt
	}
	err := e.commit(o, journal.Sent)
	if err != nil && o.from != journal.Sent {
		o.row.Attempts--
	}
	return err
}

// takeBack undoes an intent whose request never left, since the run stops.
func (e *engine) takeBack(o *offer, cause error) error {
	if errors.Is(cause, errStopped) && o.from == journal.Sent {
		if o.row.Attempts--; o.row.Attempts == 0 {
			o.row.StartedAt, o.row.SentAt = time.Time{}, time.Time{}
		}
		if err := e.post(o, journal.Pending); err != nil {
			return err
		}
	}
	return cause
}

// allow counts the rows that are sent against the canary's number.
func (e *engine) allow() bool {
	if e.stopping() {
		return false
	}
	if e.cfg.Canary > 0 && int(e.allowed.Add(1)) > e.cfg.Canary {
		e.windDown(ErrCanary)
		return false
	}
	return true
}

func (e *engine) succeeded(o *offer, j job, s affise.Stored, a journal.Attempt) error {
	if s.ID <= 0 { // the answer to an edit; a create without an id is the client's error
		s.ID = o.row.OfferID
	}
	a.Outcome, a.OfferID = "stored", s.ID
	if e.cfg.Verify && !affise.Whole(s.Offer) {
		var err error
		if s, err = e.verify(o, s); err != nil {
			return err
		}
	}
	o.stored(s)
	o.compare(s)
	return e.end(o, j.done, a)
}

// adopt takes an offer that was found for the one that was sent.
func (e *engine) adopt(o *offer, state journal.State, found settled) error {
	s := found.stored[0]
	o.stored(s)
	o.note(sheet.LevelInfo, "adopted", "the answer to the request was lost; a look shows that it was carried out: it is offer %d", s.ID)
	var twins []int64
	for _, twin := range found.stored[1:] {
		twins = append(twins, twin.ID)
	}
	o.noteTwins(s.ID, twins)
	if !o.left {
		o.compare(s)
	}
	return e.end(o, state)
}

// noteRejection says why an offer was not stored. The API's own words are
// quoted, each at the row and column that they name.
func (o *offer) noteRejection(failure error) {
	var answer *affise.Error
	if !errors.As(failure, &answer) {
		answer = &affise.Error{HTTP: -1, Message: failure.Error()}
	}
	switch {
	case answer.HTTP == 0:
		o.note(sheet.LevelError, "not_sendable", "it was not sent: %s", answer.Message)
	case answer.Said == "" || answer.Outcome == affise.Unauthorised:
		o.note(sheet.LevelError, "rejected", "Affise refused it: %s", answer.Message)
	default:
		for _, c := range affise.Complaints(answer.Said) {
			o.noteComplaint(c)
		}
	}
}

func (o *offer) noteComplaint(c affise.Complaint) {
	m := o.placedAt(c.Place, c.Known, sheet.Message{Level: sheet.LevelError, Code: "rejected"})
	m.Text = fmt.Sprintf("Affise refused %s: \"%s\"", orElse(m.Column, "it"), c.Text)
	o.Messages = append(o.Messages, m)
}
