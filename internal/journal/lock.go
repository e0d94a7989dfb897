package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// BusyError tells that another process works on the journal or the account.
type BusyError struct {
	What string // "journal PATH" or "account URL"
	Who  string // "run NAME, process 4711"; blank where it is not known
}

func (e *BusyError) Error() string {
	text := e.What + " is in use by another offerlift"
	if e.Who != "" {
		text += " (" + e.Who + ")"
	}
	return text
}

// poll is how often a process that waits asks for a lock again.
const poll = 100 * time.Millisecond

// LockAccount takes an account for this process until [Journal.UnlockAccount]
// or Close. Two journals on one machine would else each spend the account's
// whole rate, and could both send one key.
func (j *Journal) LockAccount(ctx context.Context, account string) error {
	if err := os.MkdirAll(j.options.LockDir, 0o700); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(account))
	path := filepath.Join(j.options.LockDir, "account-"+hex.EncodeToString(sum[:8])+".lock")
	lock, err := j.acquire(ctx, path, "account "+account)
	if err != nil {
		return err
	}
	j.accounts.Lock()
	defer j.accounts.Unlock()
	j.held[account] = lock
	return nil
}

// UnlockAccount lets an account go.
func (j *Journal) UnlockAccount(account string) {
	j.accounts.Lock()
	defer j.accounts.Unlock()
	if lock := j.held[account]; lock != nil {
		lock.Unlock()
		delete(j.held, account)
	}
}

// acquire takes a lock file. The system frees it when its process ends, however
// it ends, so the file itself may stay.
func (j *Journal) acquire(ctx context.Context, path, what string) (*flock.Flock, error) {
	lock := flock.New(path, flock.SetPermissions(0o600))
	told := false
	for {
		got, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("%s cannot be locked: %w", what, err)
		}
		if got {
			return lock, nil
		}
		busy := &BusyError{What: what, Who: j.holder(ctx)}
		if !j.options.Wait {
			return nil, busy
		}
		if !told && j.options.Waiting != nil {
			j.options.Waiting(busy.Error() + ": waiting until it ends")
		}
		told = true
		if err := pause(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// holder names the run that was begun last and is not finished.
func (j *Journal) holder(ctx context.Context) string {
	db, err := reader(ctx, j.path)
	if err != nil {
		return ""
	}
	defer db.Close()
	var name string
	var process int
	err = db.QueryRowContext(ctx, `SELECT name, process FROM runs WHERE finished_at IS NULL ORDER BY id DESC LIMIT 1`).Scan(&name, &process)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("run %s, process %d", name, process)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
