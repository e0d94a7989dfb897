package journal

import (
	"context"
	"time"
)

// Item is one offer of a run: a row of the items table.
type Item struct {
	ID         int64 // given by [Journal.NewItem]
	Run        int64
	Seq        int
	Key, Title string
	File       string
	Sheet      string
	Row        int
	Children   string // JSON
	Action     string
	State      State
	OfferID    int64
	Attempts   int
	BodySHA256 string    // of what was sent, or would have been had the account not had the offer
	Messages   string    // JSON
	StartedAt  time.Time // of its first request
	SentAt     time.Time // of its last
	FinishedAt time.Time
	UpdatedAt  string // the account's time stamp of the stored offer
	Stored     string // short hashes of the stored values
	UndoneBy   int64  // the run that took it back
}

// Attempt is one request that came to an end.
type Attempt struct {
	Run        int64
	Item       int64 // 0 for what belongs to no offer
	Call       string
	SentAt     time.Time
	AnsweredAt time.Time
	Outcome    string
	HTTP       int
	OfferID    int64
	Detail     string

	id int64
}

// Change is what is to be written in one piece: an item as it is to stand from
// now on, the requests that led there, or both.
type Change struct {
	Item     *Item // nil: no item changes. It is copied
	From     State // the state that it leaves; New where its row is not written yet
	Place    bool  // write its title and its place in the input as well; New always does
	Attempts []Attempt
	Undone   int64 // an item that the item's run took back; 0 = none
}

// NewItem gives an item its id.
func (j *Journal) NewItem(item *Item) { item.ID = j.lastItem.Add(1) }

// Commit writes a change and returns when it is on the disk. Where the context
// ends first the change may be written later, unless the error is [ErrNotTaken].
func (j *Journal) Commit(ctx context.Context, c Change) error {
	return j.await(ctx, op{change: c})
}

// Post gives a change to the writer and returns as soon as there is room for
// it. An error may be that of an earlier change.
func (j *Journal) Post(ctx context.Context, c Change) error {
	return j.wrap(j.enqueue(ctx, op{change: c}))
}

// Flush returns when all that was given before is on the disk.
func (j *Journal) Flush(ctx context.Context) error { return j.Commit(ctx, Change{}) }

func (j *Journal) await(ctx context.Context, o op) error {
	o.done = make(chan error, 1)
	if err := j.enqueue(ctx, o); err != nil {
		return j.wrap(err)
	}
	select {
	case err := <-o.done:
		j.writer.hurried.Store(false)
		return j.wrap(err)
	case <-ctx.Done():
		j.writer.hurried.Store(true)
		return ctx.Err()
	}
}

func (j *Journal) enqueue(ctx context.Context, o op) error {
	if j.writer == nil {
		return ErrReadOnly
	}
	if o.change.Item != nil {
		item := *o.change.Item
		o.change.Item = &item
	}
	for i := range o.change.Attempts {
		o.change.Attempts[i].id = j.lastAttempt.Add(1)
	}
	return j.writer.enqueue(ctx, o)
}
