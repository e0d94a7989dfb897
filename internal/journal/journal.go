// Package journal remembers, in a SQLite file that a person can open, what was
// intended, sent and answered for every offer of every run.
//
// [Open] takes the journal for this process alone; [OpenReader] reads beside a
// process that writes. A change of an offer's state is written with
// [Journal.Commit], which returns when it is on the disk, or [Journal.Post],
// which returns when there is room for it. All changes go through one
// goroutine, which commits whatever has come together: many senders share one
// write to the disk.
//
// It promises: an intent that Commit confirmed survives kill -9 and power loss;
// changes take effect in the order in which they were given; a state changes
// only as [State.May] allows, else it is an error; and once a write has failed
// every later one fails with the same error, so that nobody sends what could
// not be remembered.
package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver
)

// ErrClosed is given to a change that comes after Close, ErrReadOnly to one that
// comes to a journal opened for reading, ErrGone where the file was taken away,
// and ErrNotTaken to one whose context ended while the disk was behind: it will
// not be written.
var (
	ErrClosed   = errors.New("the journal is closed")
	ErrReadOnly = errors.New("the journal was opened for reading")
	ErrGone     = errors.New("the journal was deleted or replaced while it was in use; what was sent is known to the account alone: import the file again in a minute")
	ErrNotTaken = errors.New("the disk is too slow to take the change in time")
)

// Options say how to open a journal. The zero value will do.
type Options struct {
	Wait    bool              // wait for a process that holds the journal or the account; else leave with a [BusyError]
	Waiting func(text string) // told once what is waited for
	LockDir string            // where accounts are locked; blank: the journal's folder

	// Forget has changes confirmed and not kept, runs aside: a benchmark sees by it
	// what keeping them costs.
	Forget bool

	// BeforeCommit is called before each write to the disk; its error is the
	// write's. Tests fill disks and crash with it.
	BeforeCommit func() error
}

// Journal is an open journal. Its methods may be called from several goroutines.
type Journal struct {
	path    string
	options Options
	lock    *flock.Flock
	read    *sql.DB
	writer  *writer // nil where opened for reading

	files map[string]os.FileInfo // the journal's own, which must stay where they are

	lastItem    atomic.Int64
	lastAttempt atomic.Int64

	accounts sync.Mutex
	held     map[string]*flock.Flock
}

// Open opens a journal to write, making it and its folder where they are not
// there. One process at a time has it: another one waits, or leaves with a
// *[BusyError].
func Open(ctx context.Context, path string, options Options) (*Journal, error) {
	if options.LockDir == "" {
		options.LockDir = filepath.Dir(path)
	}
	j := &Journal{path: path, options: options, held: map[string]*flock.Flock{}}
	if err := j.open(ctx); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) open(ctx context.Context) error {
	if err := create(j.path); err != nil {
		return fmt.Errorf("journal %s cannot be written: %w", j.path, err)
	}
	var err error
	if j.lock, err = j.acquire(ctx, j.path+".lock", "journal "+j.path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(j.path, "rwc", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "wal_autocheckpoint(4000)"))
	if err != nil {
		return j.wrap(err)
	}
	db.SetMaxOpenConns(1)
	if err := prepare(ctx, db); err != nil {
		return errors.Join(j.wrap(err), db.Close())
	}
	if err := j.number(ctx, db); err != nil {
		return errors.Join(j.wrap(err), db.Close())
	}
	if err := j.know(); err != nil {
		return errors.Join(j.wrap(err), db.Close())
	}
	if j.writer, err = newWriter(db, j.before, j.options.Forget); err != nil {
		return errors.Join(j.wrap(err), db.Close())
	}
	j.read, err = reader(ctx, j.path)
	return j.wrap(err)
}

// know notes which files the journal is.
func (j *Journal) know() error {
	j.files = map[string]os.FileInfo{}
	for _, path := range []string{j.path, j.path + "-wal", j.path + ".lock"} {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		j.files[path] = info
	}
	return nil
}

// before is what comes before each write to the disk. A journal whose files were
// deleted would go on in files without a name, until another process makes new
// ones, knows of nothing, and sends it all again.
func (j *Journal) before() error {
	for path, was := range j.files {
		if now, err := os.Stat(path); err != nil || !os.SameFile(was, now) {
			return fmt.Errorf("%w: %s is not there any more", ErrGone, path)
		}
	}
	if j.options.BeforeCommit != nil {
		return j.options.BeforeCommit()
	}
	return nil
}

// OpenReader opens a journal to read, also while another process writes.
func OpenReader(ctx context.Context, path string) (*Journal, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("journal %s: %w", path, err)
	}
	j := &Journal{path: path}
	var err error
	if j.read, err = reader(ctx, path); err != nil {
		return nil, j.wrap(err)
	}
	version, err := userVersion(ctx, j.read)
	if err == nil && version != len(migrations()) {
		err = fmt.Errorf("it has layout %d, this offerlift reads layout %d", version, len(migrations()))
	}
	if err != nil {
		return nil, errors.Join(j.wrap(err), j.Close())
	}
	return j, nil
}

// Close writes what is still to be written and lets the journal go. It returns
// the writer's error. Where a disk is so slow that the context of the last
// change ended before it was written, Close does not wait for the disk either: it
// returns [ErrNotTaken], and the locks are let go when the write has ended.
func (j *Journal) Close() error {
	var errs []error
	if j.read != nil {
		errs = append(errs, j.read.Close())
	}
	if j.writer != nil {
		err := j.writer.close()
		errs = append(errs, j.wrap(err))
		if errors.Is(err, ErrNotTaken) {
			go func() {
				<-j.writer.finished
				_ = j.unlock() // nobody is left to be told
			}()
			return errors.Join(errs...)
		}
	}
	return errors.Join(append(errs, j.unlock())...)
}

func (j *Journal) unlock() error {
	j.accounts.Lock()
	held := slices.Collect(maps.Keys(j.held))
	j.accounts.Unlock()
	for _, name := range held {
		j.UnlockAccount(name)
	}
	if j.lock == nil {
		return nil
	}
	return j.lock.Unlock()
}

// Path is the journal's file.
func (j *Journal) Path() string { return j.path }

func (j *Journal) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("journal %s: %w", j.path, err)
}

// create makes the file for its owner alone; SQLite gives its companion files
// the same rights.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	return errors.Join(err, f.Close())
}

// reader opens the file to read. On a disk that cannot be written SQLite cannot
// make the companion files that reading beside a writer takes; nobody writes
// there, so it is opened as one that does not change.
func reader(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, "ro", "query_only(1)"))
	if err != nil {
		return nil, err
	}
	if err = hold(ctx, db); err == nil {
		return db, nil
	}
	db.Close()
	if _, walErr := os.Stat(path + "-wal"); !errors.Is(walErr, fs.ErrNotExist) {
		return nil, err
	}
	return sql.Open("sqlite", dsn(path, "ro", "query_only(1)")+"&immutable=1")
}

// readers is how many reads of a report go on at once.
const readers = 3

// hold opens as many connections and keeps them: what they have open can be read
// to its end where the file is deleted meanwhile.
func hold(ctx context.Context, db *sql.DB) error {
	db.SetMaxIdleConns(readers)
	for range readers {
		c, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer c.Close()
		if _, err := userVersion(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func dsn(path, mode string, pragmas ...string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	query := url.Values{"mode": {mode}, "_txlock": {"immediate"}}
	query["_pragma"] = append([]string{"busy_timeout(10000)"}, pragmas...)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// number finds where the items' ids go on. Counting here lets a change name its
// row before the row is written, and a request as well: a run that was cut off
// may have left requests of rows that were never written.
func (j *Journal) number(ctx context.Context, db *sql.DB) error {
	var last int64
	err := db.QueryRowContext(ctx, `SELECT max((SELECT coalesce(max(id), 0) FROM items), (SELECT coalesce(max(item_id), 0) FROM attempts
  WHERE run_id IN (SELECT id FROM runs WHERE finished_at IS NULL OR exit_code = 3)))`).Scan(&last)
	j.lastItem.Store(last)
	return err
}

// timeFormat sorts as text and is read by people and by SQLite alike.
const timeFormat = "2006-01-02T15:04:05.000Z"

func timeText(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(timeFormat)
}

func parseTime(text sql.NullString) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text.String) // for which it has a short cut
	if err != nil {
		return time.Time{}
	}
	return t
}
