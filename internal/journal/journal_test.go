package journal

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("JOURNAL_TEST_WRITER"); path != "" {
		writeUntilKilled(path)
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t *testing.T, path string, options Options) *Journal {
	t.Helper()
	j, err := Open(context.Background(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func begin(t *testing.T, j *Journal, name string) Run {
	t.Helper()
	run := Run{Name: name, Account: "https://api.example.com", Kind: "import", Mode: "create", Input: []string{"launch.xlsx"}, StartedAt: time.Now()}
	if err := j.Begin(context.Background(), &run); err != nil {
		t.Fatal(err)
	}
	return run
}

func newItem(j *Journal, run Run, seq int, state State) *Item {
	item := &Item{Run: run.Number, Seq: seq, Key: "key-" + strconv.Itoa(seq), State: state, Action: "create", Attempts: 1}
	j.NewItem(item)
	return item
}

func states(t *testing.T, j *Journal, run Run) string {
	t.Helper()
	var list []string
	for item, err := range j.Items(context.Background(), run.Number) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(item.State))
	}
	return strings.Join(list, " ")
}

func TestEveryTransitionIsHeldAgainstTheTable(t *testing.T) {
	all := []State{New, Pending, Sent, Created, Updated, Unchanged, Skipped, Failed, Unknown}
	for _, from := range all {
		for _, to := range all[1:] {
			if err := transition(t, from, to); (err == nil) != from.May(to) {
				t.Errorf("%q to %q: %v, the table says %v", from, to, err, from.May(to))
			}
		}
	}
	if Sent.May(Sent) || Unknown.May(Sent) || Created.May(Sent) || Created.May(Pending) {
		t.Error("something may be sent twice")
	}
}

// transition brings an item to a state by a legal way and then tries the change.
func transition(t *testing.T, from, to State) error {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	defer j.Close()
	item := newItem(j, begin(t, j, "r"), 1, from)
	way := map[State][]State{Pending: {Pending}, Sent: {Sent}, Created: {Sent, Created}, Updated: {Sent, Updated},
		Unchanged: {Unchanged}, Skipped: {Skipped}, Failed: {Failed}, Unknown: {Unknown}}[from]
	at := New
	for _, state := range append(way, to) {
		item.State = state
		if err := j.Commit(context.Background(), Change{Item: item, From: at}); err != nil {
			return err
		}
		at = state
	}
	return nil
}

// TestAnItemThatWasNeverWrittenKeepsItsId: requests that were made for it are
// not those of another one.
func TestAnItemThatWasNeverWrittenKeepsItsId(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, path, Options{})
	run := begin(t, j, "cut off")
	unwritten := newItem(j, run, 1, Pending)
	look := Attempt{Run: run.Number, Item: unwritten.ID, Call: "find", SentAt: time.Now(), AnsweredAt: time.Now(), Outcome: "found"}
	if err := errors.Join(j.Commit(context.Background(), Change{Attempts: []Attempt{look}}), j.Close()); err != nil {
		t.Fatal(err)
	}
	j = open(t, path, Options{})
	if next := newItem(j, begin(t, j, "next"), 1, Pending); next.ID <= unwritten.ID {
		t.Errorf("item %d after item %d", next.ID, unwritten.ID)
	}
}

// TestAChangeMustLeaveTheStateThatTheRowHas is what keeps two senders of one
// offer apart.
func TestAChangeMustLeaveTheStateThatTheRowHas(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	run := begin(t, j, "r")
	item := newItem(j, run, 1, Pending)
	if err := j.Commit(context.Background(), Change{Item: item}); err != nil {
		t.Fatal(err)
	}
	item.State = Created
	if err := j.Commit(context.Background(), Change{Item: item, From: Sent}); err == nil {
		t.Error("a row that is pending was taken for sent")
	}
	if err := j.Post(context.Background(), Change{Item: newItem(j, run, 2, Sent)}); err == nil {
		t.Error("the writer goes on after it failed")
	}
	if got := states(t, j, run); got != "pending" {
		t.Error(got)
	}
}

func TestManySendersShareCommits(t *testing.T) {
	var commits atomic.Int64
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{BeforeCommit: func() error { commits.Add(1); return nil }})
	run := begin(t, j, "r")
	var senders sync.WaitGroup
	for i := range 64 {
		senders.Go(func() {
			for k := range 10 {
				if err := sendOne(context.Background(), j, run.Number, i*10+k); err != nil {
					t.Error(err)
				}
			}
		})
	}
	senders.Wait()
	if err := j.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	totals, err := j.Totals(context.Background(), run.Number)
	if err != nil || totals.States[Created] != 640 || totals.Sent != 640 {
		t.Fatalf("%+v, %v", totals, err)
	}
	if n := commits.Load(); n > 400 {
		t.Errorf("%d commits for 1,280 changes", n)
	}
}

func TestAFullDiskReachesEveryone(t *testing.T) {
	full := errors.New("no space left on device")
	var fail atomic.Bool
	j, err := Open(context.Background(), filepath.Join(t.TempDir(), "journal.db"), Options{BeforeCommit: func() error {
		if fail.Load() {
			return full
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	run := begin(t, j, "r")
	fail.Store(true)
	if err := j.Commit(context.Background(), Change{Item: newItem(j, run, 1, Sent)}); !errors.Is(err, full) {
		t.Errorf("the intent that was not written: %v", err)
	}
	if err := j.Post(context.Background(), Change{Item: newItem(j, run, 2, Sent)}); !errors.Is(err, full) {
		t.Errorf("the next sender: %v", err)
	}
	if err := j.Close(); !errors.Is(err, full) {
		t.Errorf("close: %v", err)
	}
}

// TestASlowDiskMakesSendersWait also shows that the wait ends with the context,
// and that a change that was not taken is told from one that may be written.
func TestASlowDiskMakesSendersWait(t *testing.T) {
	hold := make(chan struct{})
	var blocked atomic.Bool
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{BeforeCommit: func() error {
		if blocked.Load() {
			<-hold
		}
		return nil
	}})
	run := begin(t, j, "r")
	blocked.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	taken := 0
	var err error
	for err == nil {
		taken++
		err = j.Post(ctx, Change{Item: newItem(j, run, taken, Pending)})
	}
	if !errors.Is(err, ErrNotTaken) || taken < backlog || taken > backlog+batchSize+2 {
		t.Errorf("%d changes were taken, then: %v", taken, err)
	}
	blocked.Store(false)
	close(hold)
	if err := j.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	if totals, err := j.Totals(context.Background(), run.Number); err != nil || totals.States[Pending] != taken-1 {
		t.Errorf("%d were written of %d: %v", totals.States[Pending], taken-1, err)
	}
}

func TestASecondProcessLeavesOrWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	first := open(t, path, Options{})
	begin(t, first, "20261123-0915-abcd")
	var busy *BusyError
	if _, err := Open(context.Background(), path, Options{}); !errors.As(err, &busy) || !strings.Contains(err.Error(), "run 20261123-0915-abcd, process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("%v", err)
	}
	told := make(chan string, 1)
	got := make(chan error, 1)
	go func() {
		j, err := Open(context.Background(), path, Options{Wait: true, Waiting: func(text string) { told <- text }})
		if err == nil {
			err = j.Close()
		}
		got <- err
	}()
	if text := <-told; !strings.Contains(text, "waiting until it ends") {
		t.Error(text)
	}
	first.Close()
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestTwoJournalsDoNotShareAnAccount(t *testing.T) {
	locks := t.TempDir()
	a := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{LockDir: locks})
	b := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{LockDir: locks})
	if err := a.LockAccount(context.Background(), "https://api.example.com"); err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	begin(t, b, "killed") // never finished, by a process that is gone
	gone := op{work: func(tx *sql.Tx) error { _, err := tx.Exec(`UPDATE runs SET process = 1`); return err }}
	if err := b.await(context.Background(), gone); err != nil {
		t.Fatal(err)
	}
	if err := b.LockAccount(context.Background(), "https://api.example.com"); !errors.As(err, &busy) || busy.Who != fmt.Sprint("process ", os.Getpid()) {
		t.Errorf("%v", err)
	}
	if err := b.LockAccount(context.Background(), "https://api2.example.com"); err != nil {
		t.Error(err)
	}
	a.UnlockAccount("https://api.example.com")
	if err := b.LockAccount(context.Background(), "https://api.example.com"); err != nil {
		t.Error(err)
	}
}

func TestReadingBesideAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with ? and #", "journal.db")
	j := open(t, path, Options{})
	run := begin(t, j, "r1")
	if err := j.Commit(context.Background(), Change{Item: newItem(j, run, 1, Sent)}); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := states(t, r, run); got != "sent" {
		t.Error(got)
	}
	if err := r.Flush(context.Background()); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
	if found, err := r.Run(context.Background(), "r"); err != nil || found.Name != "r1" || found.Input[0] != "launch.xlsx" {
		t.Errorf("%+v %v", found, err)
	}
	if _, err := r.Run(context.Background(), "x"); !errors.Is(err, ErrNoRun) {
		t.Error(err)
	}
}

func TestItIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are another matter there")
	}
	path := filepath.Join(t.TempDir(), "state", "journal.db")
	j := open(t, path, Options{})
	run := begin(t, j, "r")
	if err := j.Commit(context.Background(), Change{Item: newItem(j, run, 1, Sent)}); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.Walk(filepath.Dir(path), func(name string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has rights %v", name, info.Mode().Perm())
		}
		seen++
		return err
	})
	if err != nil || seen < 4 { // the folder, the file, its log and the lock
		t.Errorf("%d files, %v", seen, err)
	}
}

func TestTheSettingsHold(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		if err := j.writer.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, not %s: %v", pragma, got, want, err)
		}
	}
	if !older("3.51.2", oldest) || older("3.51.3", oldest) || older("3.54.1", oldest) || !older("3.9", oldest) {
		t.Error("versions are compared as texts")
	}
}

func TestANewerJournalIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	open(t, path, Options{}).Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(context.Background(), path, Options{}); err == nil || !strings.Contains(err.Error(), "newer offerlift") {
		t.Error(err)
	}
	if _, err := OpenReader(context.Background(), path); err == nil {
		t.Error("a layout that is not known was read")
	}
}

// TestKillLosesNothing kills a process that writes, and looks for every change
// that it had confirmed.
func TestKillLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	confirmed := 0
	for round := range 3 {
		confirmed = max(confirmed, killWriter(t, path, time.Duration(30+40*round)*time.Millisecond))
	}
	j := open(t, path, Options{})
	last := 0
	for item, err := range j.Items(context.Background(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		last = max(last, item.Seq)
	}
	if confirmed == 0 || last < confirmed {
		t.Errorf("%d changes were confirmed, the last that is there is %d", confirmed, last)
	}
	var check string
	if err := j.read.QueryRow("PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Error(check, err)
	}
}

// killWriter returns the last change that the process had confirmed.
func killWriter(t *testing.T, path string, after time.Duration) (last int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_WRITER="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var once sync.Once
	for lines.Scan() {
		once.Do(func() { time.AfterFunc(after, func() { cmd.Process.Kill() }) })
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			last = n
		}
	}
	cmd.Wait()
	return last
}

func writeUntilKilled(path string) {
	ctx := context.Background()
	j, err := Open(ctx, path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	run, err := j.Run(ctx, "killed")
	if err != nil {
		run = Run{Name: "killed", Account: "a", Kind: "import", StartedAt: time.Now()}
		err = j.Begin(ctx, &run)
	}
	for n := int(j.lastItem.Load()) + 1; err == nil; n++ {
		if err = j.Commit(ctx, Change{Item: newItem(j, run, n, Sent)}); err == nil {
			fmt.Println(n)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestAJournalThatIsTakenAway writes nothing more: what it would write nobody
// would ever read.
func TestAJournalThatIsTakenAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be deleted there")
	}
	for _, file := range []string{"", "-wal", ".lock"} {
		path := filepath.Join(t.TempDir(), "journal.db")
		j := open(t, path, Options{})
		run := begin(t, j, "r1")
		if err := os.Remove(path + file); err != nil {
			t.Fatal(err)
		}
		if err := j.Commit(context.Background(), Change{Item: newItem(j, run, 1, Sent)}); !errors.Is(err, ErrGone) {
			t.Errorf("without journal.db%s: %v", file, err)
		}
	}
}
