package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"
)

// BusyError tells that another process works on the journal or the account.
type BusyError struct {
	What string // "journal PATH" or "account URL"
	Who  string // "run NAME, process 4711" or "process 4711"; blank where it is not known
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
// whole rate, and could both send one key. Where another process has it, it is
// waited for, or the error is a *[BusyError].
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
		if got && !inPlace(lock, path) {
			lock.Unlock() // it was taken away between opening and locking: that is no lock
			continue
		}
		if got {
			// Only for the message that another process gives: where it cannot be
			// written, that message names nobody.
			_ = os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600)
			return lock, nil
		}
		busy := &BusyError{What: what, Who: j.holder(ctx, path)}
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

// inPlace tells whether a lock's file is still the one that others will open.
func inPlace(lock *flock.Flock, path string) bool {
	held, err := lock.Stat()
	now, nowErr := os.Stat(path)
	return err == nil && nowErr == nil && os.SameFile(held, now)
}

// holder names the process that holds a lock, and its run where this journal
// knows it: a process that works on the account by another journal has its runs
// there, and what is unfinished here may be of one that was killed.
func (j *Journal) holder(ctx context.Context, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	process, err := strconv.Atoi(string(text))
	if err != nil {
		return ""
	}
	who := fmt.Sprintf("process %d", process)
	db, err := reader(ctx, j.path)
	if err != nil {
		return who
	}
	defer db.Close()
	var name string
	err = db.QueryRowContext(ctx, `SELECT name FROM runs WHERE finished_at IS NULL AND process = ? ORDER BY id DESC LIMIT 1`, process).Scan(&name)
	if err != nil {
		return who
	}
	return "run " + name + ", " + who
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
