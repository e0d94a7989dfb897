package journal

import (
	"context"
	"database/sql"
	"iter"
)

const selectItem = `SELECT i.id, i.run_id, i.seq, i.key, i.title, i.file, i.sheet, i.row, coalesce(i.children, ''), i.action, i.status,
  coalesce(i.offer_id, 0), i.attempts, coalesce(i.body_sha256, ''), coalesce(i.messages, ''), i.started_at, i.sent_at, i.finished_at,
  coalesce(i.updated_at, ''), coalesce(i.stored, ''), coalesce(i.undone_by, 0) FROM items i `

// Items streams a run's items in the order of the input.
func (j *Journal) Items(ctx context.Context, run int64) iter.Seq2[Item, error] {
	return j.items(ctx, selectItem+`WHERE i.run_id = ? ORDER BY i.seq, i.id`, run)
}

// Failed streams the keys of a run's failed items.
func (j *Journal) Failed(ctx context.Context, run int64) iter.Seq2[string, error] {
	return stream(ctx, j, func(rows *sql.Rows) (key string, err error) { return key, rows.Scan(&key) },
		`SELECT key FROM items WHERE run_id = ? AND status = 'failed'`, run)
}

// Messages streams the messages of a run's items, each the JSON list of one
// item, in the order of the input.
func (j *Journal) Messages(ctx context.Context, run int64) iter.Seq2[string, error] {
	return stream(ctx, j, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) },
		`SELECT messages FROM items WHERE run_id = ? AND messages IS NOT NULL ORDER BY seq, id`, run)
}

// ByKey returns what the imports of an account sent under a key and did not
// delete again, and the run's own item with that key, the oldest first.
func (j *Journal) ByKey(ctx context.Context, account string, run int64, key string) ([]Item, error) {
	var list []Item
	for item, err := range j.items(ctx, selectItem+`JOIN runs r ON r.id = i.run_id JOIN accounts a ON a.id = r.account_id
  LEFT JOIN runs u ON u.id = i.undone_by
  WHERE i.key = ?1 AND a.name = ?2 AND (i.run_id = ?3 OR i.attempts > 0 AND r.kind = 'import' AND coalesce(u.mode, '') <> 'delete')
  ORDER BY i.id`, key, account, run) {
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

// Created streams those of a run's items that it created and that are not
// deleted again.
func (j *Journal) Created(ctx context.Context, run int64) iter.Seq2[Item, error] {
	return j.items(ctx, selectItem+`LEFT JOIN runs u ON u.id = i.undone_by
  WHERE i.run_id = ? AND i.status = 'created' AND coalesce(u.mode, '') <> 'delete' ORDER BY i.seq, i.id`, run)
}

// HasSent tells whether any run has ever sent something to the account.
func (j *Journal) HasSent(ctx context.Context, account string) (has bool, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items i JOIN runs r ON r.id = i.run_id JOIN accounts a ON a.id = r.account_id
  WHERE a.name = ? AND i.attempts > 0)`, account).Scan(&has)
	return has, j.wrap(err)
}

// Totals are a run's figures.
type Totals struct {
	States    map[State]int
	Sent      int // requests that were to change an offer
	Retried   int // those beyond each offer's first
	Throttled int // requests of any kind that were answered by a throttle
	LookedUp  int // requests that only read
}

// Totals counts.
func (j *Journal) Totals(ctx context.Context, run int64) (t Totals, err error) {
	t.States = map[State]int{}
	rows, err := j.read.QueryContext(ctx, `SELECT status, count(*), sum(attempts), sum(max(attempts - 1, 0)) FROM items WHERE run_id = ? GROUP BY status`, run)
	if err != nil {
		return t, j.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var state State
		var n, sent, retried int
		if err := rows.Scan(&state, &n, &sent, &retried); err != nil {
			return t, j.wrap(err)
		}
		t.States[state] = n
		t.Sent, t.Retried = t.Sent+sent, t.Retried+retried
	}
	if err := rows.Err(); err != nil {
		return t, j.wrap(err)
	}
	err = j.read.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE outcome = 'throttled'), count(*) FILTER (WHERE call IN ('find', 'get', 'list'))
  FROM attempts WHERE run_id = ?`, run).Scan(&t.Throttled, &t.LookedUp)
	return t, j.wrap(err)
}

func (j *Journal) items(ctx context.Context, query string, args ...any) iter.Seq2[Item, error] {
	return stream(ctx, j, scanItem, query, args...)
}

func stream[T any](ctx context.Context, j *Journal, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := j.read.QueryContext(ctx, query, args...)
		if err != nil {
			yield(none, j.wrap(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if !yield(v, j.wrap(err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, j.wrap(err))
		}
	}
}

func scanItem(rows *sql.Rows) (i Item, err error) {
	var started, sent, finished sql.NullString
	err = rows.Scan(&i.ID, &i.Run, &i.Seq, &i.Key, &i.Title, &i.File, &i.Sheet, &i.Row, &i.Children, &i.Action, &i.State,
		&i.OfferID, &i.Attempts, &i.BodySHA256, &i.Messages, &started, &sent, &finished, &i.UpdatedAt, &i.Stored, &i.UndoneBy)
	i.StartedAt, i.SentAt, i.FinishedAt = parseTime(started), parseTime(sent), parseTime(finished)
	return i, err
}
