package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// scratch is a folder beside the reports for files that have yet to become one:
// on the same disk, so that a file that is whole can be renamed to its place. A
// process that is killed leaves its scratch behind, and the next that writes
// reports here takes it away, since its lock is free by then.
type scratch struct {
	dir  string
	lock *flock.Flock
}

const (
	scratchBegin = ".offerlift-"
	scratchEnd   = ".tmp"
	scratchLock  = "lock"
)

func newScratch(dir string) (*scratch, error) {
	removeAbandoned(dir)
	made, err := os.MkdirTemp(dir, scratchBegin+"*"+scratchEnd) // mode 0700
	if err != nil {
		return nil, fmt.Errorf("cannot write into the folder for the reports: %w", err)
	}
	s := &scratch{dir: made, lock: flock.New(filepath.Join(made, scratchLock), flock.SetPermissions(0o600))}
	_, _ = s.lock.TryLock() // where the disk knows no locks, nobody takes it for abandoned either
	return s, nil
}

func (s *scratch) close() {
	s.lock.Unlock()
	os.RemoveAll(s.dir)
}

// removeAbandoned takes away what killed processes left in a folder. What cannot
// be locked, or removed, stays.
func removeAbandoned(dir string) {
	entries, _ := os.ReadDir(dir) // none where it cannot be read
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), scratchBegin) || !strings.HasSuffix(e.Name(), scratchEnd) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		lock := flock.New(filepath.Join(path, scratchLock), flock.SetFlag(os.O_RDWR)) // which is not made anew
		if free, err := lock.TryLock(); err == nil && free {
			lock.Unlock()
			os.RemoveAll(path)
		}
	}
}
