package journal

import (
	"database/sql"
	"strings"
)

const (
	insertItem = `INSERT INTO items (id, run_id, seq, key, title, file, sheet, row, children, action, status,
  offer_id, attempts, body_sha256, messages, started_at, sent_at, finished_at, updated_at, stored) VALUES `
	insertAttempt = `INSERT INTO attempts (run_id, id, item_id, call, sent_at, answered_at, outcome, http, offer_id, detail) VALUES `
	updateItem    = `UPDATE items SET action = ?, status = ?, offer_id = ?, attempts = ?, body_sha256 = ?, messages = ?,
  started_at = ?, sent_at = ?, finished_at = ?, updated_at = ?, stored = ? WHERE id = ? AND status = ?`
	updatePlace = `UPDATE items SET seq = ?, title = ?, file = ?, sheet = ?, row = ?, children = ? WHERE id = ?`
	updateUndo  = `UPDATE items SET undone_by = ? WHERE id = ?`

	itemWidth    = 20
	attemptWidth = 10
)

// statements are prepared once, for the writer's one connection.
type statements struct {
	items, attempts     [len(heights)]*sql.Stmt
	update, place, undo *sql.Stmt
}

// heights are the numbers of rows that one insert may carry: many rows a
// statement cost a third of one row a statement.
var heights = [...]int{32, 8, 1}

func newStatements(db *sql.DB) (*statements, error) {
	s := &statements{}
	var err error
	prepare := func(query string) *sql.Stmt {
		if err != nil {
			return nil
		}
		var stmt *sql.Stmt
		stmt, err = db.Prepare(query)
		return stmt
	}
	for i, n := range heights {
		s.items[i] = prepare(insertItem + rows(n, itemWidth))
		s.attempts[i] = prepare(insertAttempt + rows(n, attemptWidth))
	}
	s.update, s.place, s.undo = prepare(updateItem), prepare(updatePlace), prepare(updateUndo)
	return s, err
}

// rows is n groups of width placeholders.
func rows(n, width int) string {
	row := "(" + strings.Repeat("?,", width-1) + "?)"
	return strings.Repeat(row+",", n-1) + row
}

// bound are the statements within a transaction.
type bound struct {
	tx              *sql.Tx
	sql             *statements
	items, attempts bulk
}

func (s *statements) in(tx *sql.Tx) *bound {
	return &bound{tx: tx, sql: s,
		items:    bulk{tx: tx, stmts: s.items, width: itemWidth},
		attempts: bulk{tx: tx, stmts: s.attempts, width: attemptWidth}}
}

func (b *bound) apply(o op, tx *sql.Tx) error {
	if o.work != nil {
		return o.work(tx)
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

// move changes an item's state. The row's own state must be the one that the
// change leaves: where it is not, two of us worked on one offer.
func (b *bound) move(c Change) error {
	if !c.From.May(c.Item.State) && !(c.Place && c.From == c.Item.State) {
		return illegal(c)
	}
	i := c.Item
	done, err := b.tx.Stmt(b.sql.update).Exec(i.Action, string(i.State), orNull(i.OfferID), i.Attempts, orNull(i.BodySHA256), orNull(i.Messages),
		timeText(i.StartedAt), timeText(i.SentAt), timeText(i.FinishedAt), orNull(i.UpdatedAt), orNull(i.Stored), i.ID, string(c.From))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return illegal(c)
	}
	if c.Place {
		_, err = b.tx.Stmt(b.sql.place).Exec(i.Seq, i.Title, i.File, i.Sheet, i.Row, orNull(i.Children), i.ID)
	}
	return err
}

// bulk inserts rows many at a time.
type bulk struct {
	tx    *sql.Tx
	stmts [len(heights)]*sql.Stmt
	width int
	args  []any
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
		for len(args) >= n*b.width {
			if _, err := b.tx.Stmt(b.stmts[i]).Exec(args[:n*b.width]...); err != nil {
				return err
			}
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
