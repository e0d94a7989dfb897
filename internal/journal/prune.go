package journal

import (
	"context"
	"database/sql"
	"time"
)

// prunable picks the runs that began before a time and may be forgotten: those
// that came to their end, left nothing to settle, and that no other run takes
// back. Exit code 3 is a run that resume goes on with, also where every row that
// it had read is done: a stop may leave the rest of the input unread.
const prunable = `SELECT r.id FROM runs r WHERE r.started_at < ?1 AND r.finished_at IS NOT NULL AND r.exit_code <> 3
  AND NOT EXISTS (SELECT 1 FROM items i WHERE i.run_id = r.id AND i.status IN ('sent', 'unknown', 'pending'))
  AND NOT EXISTS (SELECT 1 FROM runs u WHERE u.undoes = r.id)
  AND NOT EXISTS (SELECT 1 FROM items i WHERE i.undone_by = r.id)`

// Prune forgets the runs that began before a time, except for those that still
// have something to settle or that an undo belongs to. It returns how many it
// forgot.
func (j *Journal) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	err = j.await(ctx, op{work: func(tx *sql.Tx) error {
		for _, table := range []string{"attempts", "items"} {
			if _, err := tx.Exec(`DELETE FROM `+table+` WHERE run_id IN (`+prunable+`)`, timeText(before)); err != nil {
				return err
			}
		}
		done, err := tx.Exec(`DELETE FROM runs WHERE id IN (`+prunable+`)`, timeText(before))
		if err != nil {
			return err
		}
		n, err = done.RowsAffected()
		return err
	}})
	return n, err
}
