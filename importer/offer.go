package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// offer is an item on its way through the engine, with its row in the journal.
type offer struct {
	Item
	row   journal.Item
	from  journal.State // the row's state in the journal; New: it has none
	moved bool          // the row's place in the input is to be written anew

	twice        bool // its key came before in this input
	failedBefore bool // it had failed when the run was resumed
	refusals     int  // of the key, for this offer
	left         bool // its row is no longer in the input: settle it, but send nothing

	original journal.Item // in an undo: the row that is taken back
	gone     bool         // it was found that there is nothing left to take back
}

func newOffer(e *engine, item Item, seq int) *offer {
	o := &offer{Item: item}
	o.row = journal.Item{Run: e.run.Number, Seq: seq, Key: item.Key, Title: item.Title, File: item.At.File, Sheet: item.At.Sheet,
		Row: item.At.Row, Children: packRefs(item.Children), Action: string(orElse(item.Action, e.usualAction()))}
	return o
}

func leftOffer(row journal.Item) *offer {
	return &offer{Item: Item{Key: row.Key, Title: row.Title, At: Ref{File: row.File, Sheet: row.Sheet, Row: row.Row}}, row: row, from: row.State, left: true}
}

// usualAction is what is shown for an offer before it is known what is done.
func (e *engine) usualAction() Action {
	if e.cfg.Mode == ModeUpdate {
		return ActionUpdate
	}
	return ActionCreate
}

// adopt makes the run's own earlier row the offer's row, at its place in the
// input of now.
func (o *offer) adopt(own journal.Item) {
	now := o.row
	o.row, o.from = own, own.State
	o.row.Seq, o.row.Title, o.row.File, o.row.Sheet, o.row.Row, o.row.Children = now.Seq, now.Title, now.File, now.Sheet, now.Row, now.Children
	o.moved = o.row != own
}

// note adds a message about the offer as a whole.
func (o *offer) note(level sheet.Level, code, format string, args ...any) {
	o.Messages = append(o.Messages, sheet.Message{Level: level, File: o.At.File, Sheet: o.At.Sheet, Cell: strconv.Itoa(o.At.Row),
		Code: code, Text: fmt.Sprintf(format, args...)})
}

func (o *offer) wrong() bool {
	for _, m := range o.Messages {
		if m.Level == sheet.LevelError {
			return true
		}
	}
	return false
}

// post writes the row's next state, with the requests that led there.
func (e *engine) post(o *offer, next journal.State, attempts ...journal.Attempt) error {
	c, err := e.change(o, next, attempts)
	if err != nil {
		return err
	}
	return journalError(e.cfg.Journal.Post(e.recording, c))
}

// commit is post that returns when the state is on the disk. Where the run stops
// first it returns errStopped, and the offer's state tells whether the change
// may still be written.
func (e *engine) commit(o *offer, next journal.State) error {
	was := o.from
	c, err := e.change(o, next, nil)
	if err != nil {
		return err
	}
	err = e.cfg.Journal.Commit(e.going, c)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, journal.ErrNotTaken):
		o.from = was
		return errStopped
	case e.going.Err() != nil && errors.Is(err, e.going.Err()):
		return errStopped
	}
	return journalError(err)
}

// identify gives the offer's row its id, by which requests that were made for it
// are kept, before it is written.
func (e *engine) identify(o *offer) {
	if o.row.ID == 0 {
		e.cfg.Journal.NewItem(&o.row)
	}
}

func (e *engine) change(o *offer, next journal.State, attempts []journal.Attempt) (journal.Change, error) {
	e.identify(o)
	for i := range attempts {
		attempts[i].Run, attempts[i].Item = o.row.Run, o.row.ID
	}
	var err error
	if o.row.Messages, err = packMessages(o.Messages); err != nil {
		return journal.Change{}, err
	}
	o.row.State = next
	c := journal.Change{Item: &o.row, From: o.from, Place: o.moved, Attempts: attempts}
	if next == journal.Updated || o.gone {
		c.Undone = o.original.ID
	}
	o.from, o.moved = next, false
	return c, nil
}

// end writes what became of the offer and tells of it.
func (e *engine) end(o *offer, state journal.State, attempts ...journal.Attempt) error {
	o.row.FinishedAt = e.cfg.Now()
	if state == journal.Failed || state == journal.Skipped {
		if err := e.remember(o); err != nil {
			return err
		}
	}
	if err := e.post(o, state, attempts...); err != nil {
		return err
	}
	e.announce(o)
	return nil
}

func (e *engine) announce(o *offer) {
	e.done.Add(1)
	if o.row.State == journal.Failed {
		e.failures.Add(1)
		if !o.failedBefore && int(e.newErrors.Add(1)) == e.cfg.MaxErrors {
			e.windDown(ErrErrorLimit)
		}
	}
	messages := o.Messages
	if messages == nil {
		messages = []sheet.Message{} // a list in JSON, never null
	}
	e.tell(func() { e.cfg.Hooks.Done(newResult(o.row, messages, o.Children)) })
}

// setAside leaves an offer for the run's next sitting. What has a row stays as
// it stands, but for its place.
func (e *engine) setAside(o *offer) error {
	e.cut.Store(true)
	switch {
	case o.from == journal.New:
		if err := e.remember(o); err != nil {
			return err
		}
		return e.post(o, journal.Pending)
	case o.moved:
		return e.place(o)
	}
	return nil
}

// place writes a row's place in the input of now, and nothing else.
func (e *engine) place(o *offer) (err error) {
	if o.Messages, err = unpackMessages(o.row.Messages); err != nil {
		return journalError(err)
	}
	return e.post(o, o.from)
}

// stored puts the offer as the account has it into the row.
func (o *offer) stored(s affise.Stored) {
	o.row.OfferID, o.row.UpdatedAt = s.ID, s.UpdatedAt
	o.row.Stored = fingerprint(o.Body, s.Offer)
}

// lastSeen is when the offer's last request left, or was given up.
func (o *offer) lastSeen() time.Time {
	if o.from == journal.Unknown && o.row.FinishedAt.After(o.row.SentAt) {
		return o.row.FinishedAt
	}
	return o.row.SentAt
}

// packMessages is blank for none.
func packMessages(messages []sheet.Message) (string, error) {
	if len(messages) == 0 {
		return "", nil
	}
	text, err := json.Marshal(messages)
	return string(text), err
}

func unpackMessages(text string) (messages []sheet.Message, err error) {
	if text == "" {
		return []sheet.Message{}, nil
	}
	p := packed{left: text}
	if messages = p.messages(); p.whole() {
		return messages, nil
	}
	messages = nil
	return messages, json.Unmarshal([]byte(text), &messages)
}

// place is the rows of one sheet that belong to an offer, as the journal has
// them.
type place struct {
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet"`
	Rows  []int  `json:"rows"`
}

func packRefs(refs []Ref) string {
	if len(refs) == 0 {
		return ""
	}
	var places []place
	for _, ref := range refs {
		last := len(places) - 1
		if last < 0 || places[last].File != ref.File || places[last].Sheet != ref.Sheet {
			places = append(places, place{File: ref.File, Sheet: ref.Sheet})
			last++
		}
		places[last].Rows = append(places[last].Rows, ref.Row)
	}
	text, err := json.Marshal(places)
	if err != nil {
		return ""
	}
	return string(text)
}

func unpackRefs(text string) (refs []Ref, err error) {
	if text == "" {
		return nil, nil
	}
	p := packed{left: text}
	if refs = p.refs(); p.whole() {
		return refs, nil
	}
	refs = nil
	var places []place
	if err := json.Unmarshal([]byte(text), &places); err != nil {
		return nil, err
	}
	for _, p := range places {
		for _, row := range p.Rows {
			refs = append(refs, Ref{File: p.File, Sheet: p.Sheet, Row: row})
		}
	}
	return refs, nil
}
