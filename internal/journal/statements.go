package journal

import (
	"database/sql"
	"errors"
	"strings"
)

const (
	insertItem = `INSERT INTO items (id, run_id, seq, key, title, file, sheet, row, children, action, status,
  offer_id, attempts, body_sha256, messages, started_at, sent_at, finished_at, updated_at, stored) VALUES `
	insertAttempt = `INSERT INTO attempts (run_id, id, item_id, call, sent_at, answered_at, outcome, http, offer_id, detail) VALUES `
	updateItems   = `UPDATE items SET action = v.column3, status = v.column4, offer_id = v.column5, attempts = v.column6, body_sha256 = v.column7,
  messages = v.column8, started_at = v.column9, sent_at = v.column10, finished_at = v.column11, updated_at = v.column12, stored = v.column13
  FROM (VALUES `
	whereUpdated = `) v WHERE items.id = v.column1 AND items.status = v.column2`
	updatePlace  = `UPDATE items SET seq = ?, title = ?, file = ?, sheet = ?, row = ?, children = ? WHERE id = ?`
	updateUndo   = `UPDATE items SET undone_by = ? WHERE id = ?`

	itemWidth    = 20
	attemptWidth = 10
	updateWidth  = 13
)

// statements are prepared once, for the writer's one connection.
type statements struct {
	db                       *sql.DB
	items, attempts, updates [len(heights)]*sql.Stmt // nil until they are needed
	place, undo              *sql.Stmt
}

// heights are the numbers of rows that one statement may carry: many rows a
// statement cost a third of one row a statement.
var heights = [...]int{32, 8, 1}

func newStatements(db *sql.DB) (*statements, error) {
	s := &statements{db: db}
	return s, errors.Join(s.prepare(&s.place, updatePlace), s.prepare(&s.undo, updateUndo), s.ready(1))
}

// ready prepares what a batch of a size will need. A small import never needs
// the tall statements, which take long to prepare. No transaction may be open:
// there is one connection.
func (s *statements) ready(size int) (err error) {
	for i, n := range heights {
		if n > size || s.items[i] != nil {
			continue
		}
		err = errors.Join(err, s.prepare(&s.items[i], insertItem+rows(n, itemWidth)), s.prepare(&s.attempts[i], insertAttempt+rows(n, attemptWidth)),
			s.prepare(&s.updates[i], updateItems+rows(n, updateWidth)+whereUpdated))
	}
	return err
}

func (s *statements) prepare(stmt **sql.Stmt, query string) (err error) {
	*stmt, err = s.db.Prepare(query)
	return err
}

// rows is n groups of width placeholders.
func rows(n, width int) string {
	row := "(" + strings.Repeat("?,", width-1) + "?)"
	return strings.Repeat(row+",", n-1) + row
}

// bound are the statements within a transaction.
type bound struct {
	tx                       *sql.Tx
	sql                      *statements
	items, attempts, updates bulk
	moving                   map[int64]Change // the items of the updates that are not written yet
}

func (s *statements) in(tx *sql.Tx) *bound {
	return &bound{tx: tx, sql: s, moving: map[int64]Change{},
		items:    bulk{tx: tx, stmts: s.items, width: itemWidth},
		attempts: bulk{tx: tx, stmts: s.attempts, width: attemptWidth},
		updates:  bulk{tx: tx, stmts: s.updates, width: updateWidth}}
}

// insert writes a new item.
func (b *bound) insert(c Change) error {
	if !New.May(c.Item.State) {
		return illegal(c)
	}
	return b.items.add(itemColumns(c.Item)...)
}

func (b *bound) apply(o op, tx *sql.Tx) error {
	if o.work != nil {
		return errors.Join(b.flush(), o.work(tx))
	}
	c := o.change
	if c.Item != nil && c.From != New {
		if err := b.move(c); err != nil {
			return err
		}
	}
	if c.Item != nil && c.Undone != 0 {
		if _, err := tx.Stmt(b.sql.undo).Exec(c.Item.Run, c.Undone); err != nil {
			return err
		}
	}
	for i := range c.Attempts {
		if err := b.attempts.add(attemptColumns(&c.Attempts[i])...); err != nil {
			return err
		}
	}
	return nil
}

// move changes an item's state.
func (b *bound) move(c Change) error {
	i := c.Item
	if !c.From.May(i.State) && !(c.Place && c.From == i.State) {
		return illegal(c)
	}
	if _, twice := b.moving[i.ID]; twice || len(b.moving) == heights[0] {
		if err := b.flushMoves(); err != nil {
			return err
		}
	}
	b.moving[i.ID] = c
	b.updates.args = append(b.updates.args, updateColumns(c)...)
	if c.Place {
		_, err := b.tx.Stmt(b.sql.place).Exec(i.Seq, i.Title, i.File, i.Sheet, i.Row, orNull(i.Children), i.ID)
		return err
	}
	return nil
}

// flushMoves writes the updates. Each row's own state must be the one that its
// change leaves: where it is not, two of us worked on one offer.
func (b *bound) flushMoves() error {
	if err := b.updates.flush(); err != nil {
		return err
	}
	if b.updates.changed != int64(len(b.moving)) {
		return b.misplaced()
	}
	b.updates.changed = 0
	clear(b.moving)
	return nil
}

// misplaced names an item whose row was not in the state that its change leaves.
func (b *bound) misplaced() error {
	for id, c := range b.moving {
		var now State
		err := b.tx.QueryRow(`SELECT status FROM items WHERE id = ?`, id).Scan(&now)
		if err != nil || now != c.Item.State {
			return errors.Join(illegal(c), err)
		}
	}
	return errors.New("an offer is not in the state that it was left in")
}

func (b *bound) flush() error {
	if err := b.items.flush(); err != nil {
		return err
	}
	if err := b.flushMoves(); err != nil {
		return err
	}
	return b.attempts.flush()
}

// bulk writes rows many at a time.
type bulk struct {
	tx      *sql.Tx
	stmts   [len(heights)]*sql.Stmt
	width   int
	args    []any
	changed int64
}

func (b *bulk) add(columns ...any) error {
	b.args = append(b.args, columns...)
	if len(b.args) < heights[0]*b.width {
		return nil
	}
	return b.flush()
}

func (b *bulk) flush() error {
	args := b.args
	for i, n := range heights {
		for b.stmts[i] != nil && len(args) >= n*b.width {
			done, err := b.tx.Stmt(b.stmts[i]).Exec(args[:n*b.width]...)
			if err != nil {
				return err
			}
			changed, err := done.RowsAffected()
			if err != nil {
				return err
			}
			b.changed += changed
			args = args[n*b.width:]
		}
	}
	b.args = b.args[:0]
	return nil
}

func itemColumns(i *Item) []any {
	return []any{i.ID, i.Run, i.Seq, i.Key, i.Title, i.File, i.Sheet, i.Row, orNull(i.Children), i.Action, string(i.State),
		orNull(i.OfferID), i.Attempts, orNull(i.BodySHA256), orNull(i.Messages), timeText(i.StartedAt), timeText(i.SentAt), timeText(i.FinishedAt),
		orNull(i.UpdatedAt), orNull(i.Stored)}
}

func updateColumns(c Change) []any {
	i := c.Item
	return []any{i.ID, string(c.From), i.Action, string(i.State), orNull(i.OfferID), i.Attempts, orNull(i.BodySHA256), orNull(i.Messages),
		timeText(i.StartedAt), timeText(i.SentAt), timeText(i.FinishedAt), orNull(i.UpdatedAt), orNull(i.Stored)}
}

func attemptColumns(a *Attempt) []any {
	return []any{a.Run, a.id, orNull(a.Item), a.Call, timeText(a.SentAt), timeText(a.AnsweredAt), a.Outcome,
		orNull(a.HTTP), orNull(a.OfferID), orNull(a.Detail)}
}

// orNull keeps what is not there out of the file.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}
