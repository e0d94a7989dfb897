package importer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
	"offerlift/internal/sheet"
)

// hanging is a sender whose creates end with the context alone.
type hanging struct{ *world }

func (h hanging) Create(ctx context.Context, _ affise.Value) (affise.Stored, error) {
	<-ctx.Done()
	return affise.Stored{}, &affise.Error{Outcome: affise.Unknown, Message: "stopped while the answer was waited for"}
}

// later is a sender that always asks to come again in an hour.
type later struct{ *world }

func (later) Create(context.Context, affise.Value) (affise.Stored, error) {
	return affise.Stored{}, &affise.Error{Outcome: affise.Throttled, HTTP: 429, RetryAfter: time.Hour}
}

// sitting runs in a bubble of fake time. The run is asked to stop after a while,
// and once more after another; 0 is never. It returns how long it went on after
// the last.
func sitting(t *testing.T, n int, stopAfter, cutAfter time.Duration, options journal.Options, change func(*Config)) (Summary, []Result, time.Duration, error) {
	t.Helper()
	j, err := journal.Open(context.Background(), filepath.Join(fastDir(t), "journal.db"), options)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	ctx, cut := context.WithCancel(context.Background())
	defer cut()
	stop := make(chan struct{})
	cfg := Config{Sender: newWorld(func(string) fault { return fine }), Journal: j, Run: RunInfo{Account: "a"}, Count: n, Workers: 3, Stop: stop}
	change(&cfg)
	asked := time.Now().Add(stopAfter + cutAfter)
	time.AfterFunc(stopAfter, func() { close(stop) })
	if cutAfter > 0 {
		time.AfterFunc(stopAfter+cutAfter, cut)
	}
	summary, err := Run(ctx, each(offers(n)), cfg)
	results := (&bench{T: t}).results(j, summary.Run)
	j.Close()
	return summary, results, time.Since(asked), err
}

func TestNothingThatWaitsHoldsUpAStop(t *testing.T) {
	w := newWorld(func(call string) fault {
		if call == "create" {
			return dropped
		}
		return fine
	})
	for _, c := range []struct {
		name    string
		change  func(*Config)
		unknown int
	}{
		{"limiter", func(c *Config) { c.Rate = 1.0 / 60 }, 0},
		{"retry after an hour", func(c *Config) { c.Sender = later{newWorld(func(string) fault { return fine })} }, 0},
		{"settling", func(c *Config) { c.Sender, c.Settle.Pauses = w, []time.Duration{time.Hour} }, min(20, leastOpen)},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				summary, results, took, err := sitting(t, 20, 70*time.Second, 0, journal.Options{}, c.change)
				if !errors.Is(err, ErrInterrupted) || took > time.Second || summary.ExitCode != 3 {
					t.Errorf("%v after %v: %+v", err, took, summary)
				}
				if len(results) != 20 || summary.Counts[StatusUnknown] != c.unknown {
					t.Errorf("%d results, %v", len(results), summary.Counts)
				}
			})
		})
	}
}

func TestTheSecondStepCutsRequestsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		summary, results, took, err := sitting(t, 10, time.Second, 5*time.Second, journal.Options{}, func(c *Config) {
			c.Sender = hanging{newWorld(func(string) fault { return fine })}
		})
		if !errors.Is(err, ErrInterrupted) || took > time.Second || summary.Counts[StatusUnknown] != 3 {
			t.Errorf("%v after %v: %+v", err, took, summary)
		}
		for _, r := range results {
			if r.Status == StatusUnknown && (len(r.Messages) != 1 || r.Messages[0].Code != "unknown_outcome") || r.Status == StatusPending && r.StartedAt != nil {
				t.Errorf("%+v", r)
			}
		}
	})
}

// TestRowsThatWereNotReadAreCounted: a second signal comes while the input is
// slow. What the results have no line for is said, until a resume reads it.
func TestRowsThatWereNotReadAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		j := openJournal(t, dir)
		ctx, cut := context.WithCancel(t.Context())
		time.AfterFunc(4*time.Second, cut)
		cfg := Config{Sender: w, Journal: j, Run: RunInfo{ID: "r", Account: "world"}, Count: 100}
		summary, err := Run(ctx, slowly(offers(100)), cfg)
		results := (&bench{T: t}).results(j, "r")
		if !errors.Is(err, ErrInterrupted) || len(results) == 0 || len(summary.Messages) != 1 {
			t.Fatalf("%v: %d results, %+v", err, len(results), summary)
		}
		last := results[len(results)-1]
		m, unread := summary.Messages[0], fmt.Sprintf("left %d of 100 rows unread", 100-len(results))
		if m.Code != "not_read" || m.Cell != strconv.Itoa(last.Row) || m.File != last.File || !strings.Contains(m.Text, unread) {
			t.Errorf("%+v after %d results", m, len(results))
		}
		j.Close()
		if summary, results, err = w.process(dir, "r", offers(100), nil); err != nil || len(results) != 100 || len(summary.Messages) != 0 {
			t.Errorf("%v: %d results, %+v", err, len(results), summary)
		}
	})
}

// slowly yields items that take a tenth of a second each to read.
func slowly(items []Item) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for _, item := range items {
			if time.Sleep(100 * time.Millisecond); !yield(item, nil) {
				return
			}
		}
	}
}

// TestASecondSignalGivesNoOfferASecondLine where a resumed run comes to rows that
// it has done before.
func TestASecondSignalGivesNoOfferASecondLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		if _, _, err := w.process(dir, "r", offers(100), nil); err != nil {
			t.Fatal(err)
		}
		j := openJournal(t, dir)
		ctx, cut := context.WithCancel(t.Context())
		time.AfterFunc(4*time.Second, cut)
		summary, err := Run(ctx, slowly(offers(100)), Config{Sender: w, Journal: j, Run: RunInfo{ID: "r", Account: "world"}, Count: 100})
		if results := (&bench{T: t}).results(j, "r"); !errors.Is(err, ErrInterrupted) || len(results) != 100 || summary.Counts[StatusCreated] != 100 {
			t.Errorf("%v: %d results, %+v", err, len(results), summary)
		}
		if len(summary.Messages) != 1 || !strings.Contains(summary.Messages[0].Text, "those that were not done before have no line") {
			t.Errorf("%+v", summary.Messages)
		}
	})
}

// TestAStopLeavesWhatLeftTheSheet for the next sitting, where it comes before that
// is looked for.
func TestAStopLeavesWhatLeftTheSheet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir, stop := newWorld(func(string) fault { return fine }), fastDir(t), make(chan struct{})
		w.faults = map[string]fault{"tune-2": crashAfter}
		w.process(dir, "r", offers(2), func(c *Config) { c.Rate = 1 })
		w.dead = false
		summary, err := Run(t.Context(), func(yield func(Item, error) bool) {
			yield(offers(1)[0], nil)
			close(stop)
			time.Sleep(time.Second)
		}, Config{Sender: w, Journal: openJournal(t, dir), Stop: stop, Run: RunInfo{ID: "r", Account: "world"}})
		if !errors.Is(err, ErrInterrupted) || summary.ExitCode != 3 || summary.Counts[StatusUnknown] != 1 {
			t.Errorf("%v: %+v", err, summary)
		}
	})
}

func openJournal(t *testing.T, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func TestASlowDiskDoesNotHoldUpTheSecondStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Bool
		time.AfterFunc(time.Second, func() { slow.Store(true) })
		_, _, took, err := sitting(t, 100, 2*time.Second, time.Second, journal.Options{BeforeCommit: func() error {
			if slow.Load() {
				time.Sleep(30 * time.Second)
			}
			return nil
		}}, func(c *Config) { c.Rate = 20 })
		if err == nil || took > time.Second {
			t.Errorf("%v after %v", err, took)
		}
		time.Sleep(time.Minute) // the disk's own end
	})
}

func TestAFullDiskSendsNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		full, commits := errors.New("no space left on device"), 0
		summary, _, _, err := sitting(t, 50, time.Hour, 0, journal.Options{BeforeCommit: func() error {
			if commits++; commits > 10 {
				return full
			}
			return nil
		}}, func(c *Config) { c.Sender, c.Workers = w, 1 })
		if !errors.Is(err, ErrJournal) || !errors.Is(err, full) {
			t.Error(err)
		}
		if !strings.Contains(summary.Stopped, full.Error()) || summary.ExitCode != 3 {
			t.Errorf("the summary says %q, exit %d", summary.Stopped, summary.ExitCode)
		}
		if len(w.offers) > 10*ahead {
			t.Errorf("%d offers with 10 commits", len(w.offers))
		}
	})
}

func TestLimits(t *testing.T) {
	broken := newWorld(func(call string) fault {
		if call == "create" {
			return rejected
		}
		return fine
	})
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   error
		status Status
		n      int
		more   int // how many may be on their way when the limit is reached
	}{
		{"canary", func(c *Config) { c.Canary = 4 }, ErrCanary, StatusCreated, 4, 0},
		{"canary of all", func(c *Config) { c.Canary = 20 }, nil, StatusCreated, 20, 0},
		{"max errors", func(c *Config) { c.MaxErrors, c.Sender, c.Workers = 5, broken, 1 }, ErrErrorLimit, StatusFailed, 5, ahead - 1},
		{"unreachable", func(c *Config) {
			c.AssumeNew, c.Sender = true, newWorld(func(string) fault { return notApplied })
		}, ErrUnreachable, StatusPending, 20, 0},
		{"account unreadable", func(c *Config) { c.Sender = newWorld(func(string) fault { return dropped }) }, ErrAccount, StatusPending, 20, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				summary, results, _, err := sitting(t, 20, time.Hour, 0, journal.Options{}, c.change)
				n := summary.Counts[c.status]
				if !errors.Is(err, c.want) || n < c.n || n > c.n+c.more || len(results) != 20 {
					t.Errorf("%v: %+v", err, summary)
				}
			})
		})
	}
}

func TestAnInputThatBreaksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, err := journal.Open(context.Background(), filepath.Join(fastDir(t), "journal.db"), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		cause := errors.New("the sheet is damaged")
		items := func(yield func(Item, error) bool) {
			_ = yield(testItem("a", 2), nil) && yield(Item{}, cause)
		}
		summary, err := Run(context.Background(), items, Config{Sender: newWorld(func(string) fault { return fine }), Journal: j, Run: RunInfo{Account: "a"}})
		if !errors.Is(err, ErrInput) || !errors.Is(err, cause) || summary.Counts[StatusCreated]+summary.Counts[StatusPending] != 1 {
			t.Errorf("%v: %+v", err, summary)
		}
	})
}

// TestResumeWithAnotherSheet: the rows were sorted, one is gone, one was
// corrected, and one is new.
func TestResumeWithAnotherSheet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := fastDir(t)
		w := newWorld(func(string) fault { return fine })
		w.faults = map[string]fault{"tune-2": rejected, "tune-6": crashAfter}
		items := offers(6)
		items[4].Messages = []sheet.Message{{Level: sheet.LevelError, Code: "required", Text: "no title"}}
		_, _, err := w.process(dir, "r", items, func(c *Config) { c.Workers = 1 })
		if err == nil {
			t.Fatal("the process did not die")
		}
		w.faults = nil // where the process died before it met one
		again := []Item{testItem("tune-7", 2), testItem("tune-6", 3), testItem("tune-5", 4), testItem("tune-4", 5), testItem("tune-2", 6), testItem("tune-3", 7)}
		summary, results, err := w.process(dir, "r", again, nil)
		if err != nil || summary.Counts[StatusCreated] != len(w.offers) {
			t.Fatalf("%v: %+v", err, summary)
		}
		var created []Result
		for _, r := range results {
			if r.Status == StatusCreated {
				created = append(created, r)
			}
		}
		stored := again
		if len(w.offers) == 7 { // unless the process died before it came to the row that is gone
			stored = append(stored, testItem("tune-1", 2))
		}
		if err := errors.Join(w.never(), w.ends(stored, created)); err != nil {
			t.Error(err)
		}
	})
}

// TestARowThatCameBackIsSent, also one that was refused before it left the sheet,
// or that said to skip it.
func TestARowThatCameBackIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir, items := newWorld(func(string) fault { return fine }), fastDir(t), offers(3)
		w.faults = map[string]fault{"tune-2": rejected}
		items[2].Action = ActionSkip
		for _, n := range []int{3, 1} {
			if _, _, err := w.process(dir, "r", items[:n], nil); err != nil {
				t.Fatal(err)
			}
		}
		items[2].Action = ActionCreate
		summary, results, err := w.process(dir, "r", items, nil)
		if err != nil || summary.Counts[StatusCreated] != 3 || len(results) != 3 {
			t.Errorf("%v: %+v", err, results)
		}
	})
}

// TestRowsThatAreGoneAreTold: what was sent stays in the results when its row
// leaves the sheet, once with a word of it, however often the run goes on.
func TestRowsThatAreGoneAreTold(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	items := offers(6)
	first, _, err := b.run(items, func(c *Config) { c.Canary, c.Workers = 2, 1 })
	if !errors.Is(err, ErrCanary) {
		t.Fatal(err)
	}
	again := func(c *Config) { c.Run.ID = first.Run }
	for range 2 {
		summary, results, err := b.run(items[2:], again)
		if err != nil || summary.Counts[StatusCreated] != 6 {
			t.Fatalf("%+v, %v", summary, err)
		}
		told := map[string]int{}
		for _, r := range results {
			for _, code := range codes(r) {
				if code == "row_gone" {
					told[r.Key]++
				}
			}
		}
		if len(told) != 2 || told[items[0].Key] != 1 || told[items[1].Key] != 1 {
			t.Errorf("told of %v", told)
		}
	}
}

func TestUpdates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, w := fastDir(t), newWorld(func(string) fault { return fine })
		if _, _, err := w.process(dir, "", offers(2), nil); err != nil {
			t.Fatal(err)
		}
		items := offers(4)
		items[1].Body.Set(affise.Text("another title"), "title")
		items[3].Action = ActionSkip
		want := func(mode Mode, statuses ...Status) {
			t.Helper()
			_, results, err := w.process(dir, "", items, func(c *Config) { c.Mode = mode })
			for i, r := range results {
				if r.Status != statuses[i] {
					t.Errorf("mode %s, row %d: %s %v", mode, i, r.Status, r.Messages)
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
		want(ModeCreate, StatusSkipped, StatusSkipped, StatusCreated, StatusSkipped)
		want(ModeUpdate, StatusUnchanged, StatusUpdated, StatusUnchanged, StatusSkipped)
		items = append(items, testItem("tune-9", 9))
		want(ModeUpdate, StatusUnchanged, StatusUnchanged, StatusUnchanged, StatusSkipped, StatusFailed)
		want(ModeUpsert, StatusUnchanged, StatusUnchanged, StatusUnchanged, StatusSkipped, StatusCreated)
	})
}

// TestAnOutage: an API that answers nobody any more ends the run, before one row
// after the other is sent and left unclear.
func TestAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		w := newWorld(func(string) fault {
			if down.Load() {
				return dropped
			}
			return fine
		})
		time.AfterFunc(5*time.Second, func() { down.Store(true) })
		summary, results, _, err := sitting(t, 200, time.Hour, 0, journal.Options{}, func(c *Config) { c.Sender, c.Rate = w, 10 })
		if !errors.Is(err, ErrUnreachable) || summary.ExitCode != 3 || summary.Counts[StatusUnknown] > leastOpen || summary.Counts[StatusPending] < 120 {
			t.Errorf("%v: %+v", err, summary)
		}
		if len(results) != 200 {
			t.Errorf("%d results", len(results))
		}
	})
}
