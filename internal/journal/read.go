package journal

import (
	"context"
	"database/sql"
	"iter"
	"strings"
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

// selectOutcome has the texts of a row in one column, since columns cost the
// driver more than what is in them, parted by outcomeSeparator.
const (
	selectOutcome = `SELECT id, row, attempts, offer_id, concat_ws(char(31), key, title, file, sheet, action, status,
  ifnull(started_at, ''), ifnull(finished_at, ''), CASE status WHEN 'failed' THEN ifnull(children, '') ELSE '' END, ifnull(messages, ''))
  FROM items WHERE run_id = ? ORDER BY seq, id`
	outcomeSeparator = 31 // the unit separator; JSON escapes it
)

// Outcomes streams a run's items in the order of the input as [Journal.Items]
// does, several times as fast, with no more than tells what became of them:
// id, place, title, action, state, offer, attempts, messages, when it began and
// ended, and the children of failed items alone.
func (j *Journal) Outcomes(ctx context.Context, run int64) iter.Seq2[Item, error] {
	var o outcomeRow
	rows := ahead(stream(ctx, j, func(rows *sql.Rows) (outcomeRow, error) {
		err := rows.Scan(&o.id, &o.row, &o.attempts, &o.offer, &o.text)
		return o, err
	}, selectOutcome, run))
	return func(yield func(Item, error) bool) {
		for row, err := range rows {
			var item Item
			if err == nil {
				item, err = j.outcome(ctx, row)
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// outcomeRow is a row of selectOutcome with its numbers as the driver gives them.
type outcomeRow struct {
	id, row, attempts, offer any
	text                     string
}

// outcome makes an item of a row.
func (j *Journal) outcome(ctx context.Context, o outcomeRow) (item Item, err error) {
	item.ID, _ = o.id.(int64)
	if !item.takeTexts(o.text) {
		return j.slowOutcome(ctx, item.ID)
	}
	item.OfferID, _ = o.offer.(int64) // or NULL
	row, _ := o.row.(int64)
	attempts, _ := o.attempts.(int64)
	item.Row, item.Attempts = int(row), int(attempts)
	return item, nil
}

// takeTexts takes the texts of selectOutcome apart. It cannot where a separator
// stands in one.
func (i *Item) takeTexts(text string) bool {
	var state string
	var started, finished sql.NullString
	parts := [...]*string{&i.Key, &i.Title, &i.File, &i.Sheet, &i.Action, &state, &started.String, &finished.String, &i.Children, &i.Messages}
	last := len(parts) - 1
	for _, part := range parts[:last] {
		end := strings.IndexByte(text, outcomeSeparator)
		if end < 0 {
			return false
		}
		*part, text = text[:end], text[end+1:]
	}
	*parts[last] = text
	i.State, i.StartedAt, i.FinishedAt = State(state), parseTime(started), parseTime(finished)
	return strings.IndexByte(text, outcomeSeparator) < 0
}

// slowOutcome is an item as [Journal.Outcomes] tells of it, read in another way.
func (j *Journal) slowOutcome(ctx context.Context, id int64) (i Item, err error) {
	for i, err = range j.items(ctx, selectItem+`WHERE i.id = ?`, id) {
		if err != nil {
			return i, err
		}
	}
	if i.State != Failed {
		i.Children = ""
	}
	return i, nil
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

// Keyed is an offer of an account, and the key under which an import made or
// found it.
type Keyed struct {
	OfferID int64
	Key     string
}

// standsForOffer is an item whose offer the account has, or had, under its key. One
// that was not sent may have the offer that its row was in an earlier run.
const standsForOffer = `r.kind = 'import' AND i.offer_id IS NOT NULL AND i.body_sha256 IS NOT NULL AND i.status NOT IN ('failed', 'pending')`

// Keys streams the offers of an account that imports made or found, the oldest
// first, but for those that an undo deleted.
func (j *Journal) Keys(ctx context.Context, account string) iter.Seq2[Keyed, error] {
	return stream(ctx, j, func(rows *sql.Rows) (k Keyed, err error) {
		err = rows.Scan(&k.OfferID, &k.Key)
		return k, err
	}, `SELECT i.offer_id, i.key FROM items i JOIN runs r ON r.id = i.run_id JOIN accounts a ON a.id = r.account_id
  WHERE a.name = ?1 AND `+standsForOffer+`
  AND i.offer_id NOT IN (SELECT d.offer_id FROM items d JOIN runs u ON u.id = d.undone_by JOIN accounts b ON b.id = u.account_id
    WHERE b.name = ?1 AND u.mode = 'delete' AND d.offer_id IS NOT NULL)
  ORDER BY i.id`, account)
}

// Elsewhere tells whether imports made or found an offer under a key in another
// account.
func (j *Journal) Elsewhere(ctx context.Context, account string, offer int64, key string) (is bool, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items i JOIN runs r ON r.id = i.run_id JOIN accounts a ON a.id = r.account_id
  WHERE i.key = ? AND i.offer_id = ? AND a.name <> ? AND `+standsForOffer+`)`, key, offer, account).Scan(&is)
	return is, j.wrap(err)
}

// Made streams those of a run's items that it created, or may have created, and
// that are not deleted again.
func (j *Journal) Made(ctx context.Context, run int64) iter.Seq2[Item, error] {
	return j.items(ctx, selectItem+`LEFT JOIN runs u ON u.id = i.undone_by
  WHERE i.run_id = ? AND (i.status = 'created' OR i.status IN ('sent', 'unknown') AND i.action = 'create') AND coalesce(u.mode, '') <> 'delete' ORDER BY i.seq, i.id`, run)
}

// HasSent tells whether any run has ever sent something to the account.
func (j *Journal) HasSent(ctx context.Context, account string) (has bool, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items i JOIN runs r ON r.id = i.run_id JOIN accounts a ON a.id = r.account_id
  WHERE a.name = ? AND i.attempts > 0)`, account).Scan(&has)
	return has, j.wrap(err)
}

// Totals count a run's items and the requests that were to change an offer.
type Totals struct {
	States map[State]int
	Sent   int
}

// Totals counts.
func (j *Journal) Totals(ctx context.Context, run int64) (t Totals, err error) {
	t.States = map[State]int{}
	rows, err := j.read.QueryContext(ctx, `SELECT status, count(*), sum(attempts) FROM items WHERE run_id = ? GROUP BY status`, run)
	if err != nil {
		return t, j.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var state State
		var n, sent int
		if err := rows.Scan(&state, &n, &sent); err != nil {
			return t, j.wrap(err)
		}
		t.States[state] = n
		t.Sent += sent
	}
	return t, j.wrap(rows.Err())
}

// Asides counts a run's requests of any kind that were answered by a throttle,
// and those that only read.
func (j *Journal) Asides(ctx context.Context, run int64) (throttled, lookedUp int, err error) {
	err = j.read.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE outcome = 'throttled'), count(*) FILTER (WHERE call IN ('find', 'get', 'list'))
  FROM attempts WHERE run_id = ?`, run).Scan(&throttled, &lookedUp)
	return throttled, lookedUp, j.wrap(err)
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
