package importer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
)

// undo takes a run back on a journal of its own.
func (b *bench) undo(run string, change func(*UndoConfig)) (Summary, []Result, []UndoStep) {
	b.Helper()
	j := b.open()
	defer j.Close()
	cfg := UndoConfig{Sender: b.client, Journal: j, Undo: run}
	if change != nil {
		change(&cfg)
	}
	steps, err := PlanUndo(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	summary, err := Undo(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	return summary, b.results(j, summary.Run), steps
}

func (b *bench) statuses() map[string]int {
	counts := map[string]int{}
	for _, o := range b.server.Offers() {
		counts[fmt.Sprint(o["status"])]++
	}
	return counts
}

func TestUndoLeavesEditedOffers(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	first, results, err := b.run(offers(6), nil)
	if err != nil {
		t.Fatal(err)
	}
	edit := affise.Map(affise.Field{Key: "title", Value: affise.Text("touched")})
	if _, err := b.client.Edit(context.Background(), results[2].OfferID, edit); err != nil {
		t.Fatal(err)
	}
	if err := b.client.Delete(context.Background(), results[4].OfferID); err != nil {
		t.Fatal(err)
	}
	summary, undone, steps := b.undo(first.Run, nil)
	want := []Status{StatusUpdated, StatusUpdated, StatusSkipped, StatusUpdated, StatusSkipped, StatusUpdated}
	for i, r := range undone {
		if r.Status != want[i] || (steps[i].Action == ActionSkip) != (want[i] == StatusSkipped) {
			t.Errorf("row %d: %s, planned %+v: %v", i, r.Status, steps[i], r.Messages)
		}
	}
	if got := b.statuses(); got["active"] != 1 || got["stopped"] != 4 || summary.ExitCode != 0 || summary.Mode != "stop" {
		t.Errorf("%v %+v", got, summary)
	}
	if got := codes(undone[2]); got[0] != "edited" {
		t.Error(got)
	}
}

// TestAnUndoStopsAtItsLimit of offers that could not be taken back, and goes on
// with the others.
func TestAnUndoStopsAtItsLimit(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	first, _, err := b.run(offers(9), nil)
	if err != nil {
		t.Fatal(err)
	}
	j := b.open()
	defer j.Close()
	cfg := UndoConfig{Sender: stubborn{b.client}, Journal: j, Undo: first.Run, Workers: 1, MaxErrors: 2}
	summary, err := Undo(context.Background(), cfg)
	if failed := summary.Counts[StatusFailed]; !errors.Is(err, ErrErrorLimit) || failed < 2 || failed >= 2+ahead || summary.ExitCode != 3 {
		t.Errorf("%v: %+v", err, summary)
	}
	cfg.Sender, cfg.Run.ID = b.client, summary.Run
	if summary, err = Undo(context.Background(), cfg); err != nil || summary.Counts[StatusUpdated] != 9 {
		t.Errorf("%v: %+v", err, summary)
	}
}

// TestAnUndoGoesOnPastWhatFailedBefore: its limit is of offers that fail anew.
func TestAnUndoGoesOnPastWhatFailedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		if _, _, err := w.process(dir, "r", offers(20), nil); err != nil {
			t.Fatal(err)
		}
		cfg := UndoConfig{Sender: stubbornFor{w, 8}, Journal: openJournal(t, dir), Undo: "r", Workers: 1, MaxErrors: 3}
		var summary Summary
		for sitting := range 4 {
			var err error
			summary, err = Undo(t.Context(), cfg)
			if (err == nil) != (summary.Counts[StatusPending] == 0) {
				t.Errorf("sitting %d: %v, %v", sitting, err, summary.Counts)
			}
			cfg.Run.ID = summary.Run
		}
		if summary.Counts[StatusFailed] != 8 || summary.Counts[StatusUpdated] != 12 {
			t.Error(summary.Counts)
		}
	})
}

// stubbornFor refuses to stop the first offers.
type stubbornFor struct {
	*world
	n int64
}

func (s stubbornFor) SetStatus(ctx context.Context, status string, ids ...int64) error {
	if ids[0] <= s.n {
		return stubborn{}.SetStatus(ctx, status, ids...)
	}
	return s.world.SetStatus(ctx, status, ids...)
}

// TestAnUndoThatIsCutOffAtOnce has not come to its end.
func TestAnUndoThatIsCutOffAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		if _, _, err := w.process(dir, "r", offers(2), nil); err != nil {
			t.Fatal(err)
		}
		ctx, cut := context.WithCancel(t.Context())
		started := func(string, bool) { cut(); synctest.Wait() }
		summary, err := Undo(ctx, UndoConfig{Sender: w, Journal: openJournal(t, dir), Undo: "r", Hooks: Hooks{Started: started}})
		if !errors.Is(err, ErrInterrupted) || summary.ExitCode != 3 {
			t.Errorf("%v: %+v", err, summary)
		}
	})
}

// TestAnUndoCountsWhatHasNoLine where a second signal leaves no time for it.
func TestAnUndoCountsWhatHasNoLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		if _, _, err := w.process(dir, "r", offers(3), nil); err != nil {
			t.Fatal(err)
		}
		ctx, cut := context.WithCancel(t.Context())
		u, err := beginUndo(ctx, UndoConfig{Sender: w, Journal: openJournal(t, dir), Undo: "r"})
		if err != nil {
			t.Fatal(err)
		}
		defer u.close()
		cut()
		time.Sleep(Grace + flushing/2)
		u.work(u.feed, u.handle)
		summary, err := u.finish()
		if !errors.Is(err, ErrInterrupted) || len(summary.Messages) != 1 || !strings.Contains(summary.Messages[0].Text, "any of the 3 rows") {
			t.Errorf("%v: %+v", err, summary)
		}
	})
}

// TestAnUndoDoesNotSayThatItWasNeverMade of an offer that may be stored under
// another key: the next sitting of the import would make it again.
func TestAnUndoDoesNotSayThatItWasNeverMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		w.faults = map[string]fault{"Tune-A": crashAfter}
		lower := func(c *Config) { c.Sender = lowering{w} }
		items := []Item{testItem("Tune-A", 2)}
		w.process(dir, "r", items, lower)
		summary, err := w.undo(dir, "u", ActionStop)
		if err != nil || summary.Counts[StatusFailed] != 1 || summary.Problems[0].Code != "not_looked_at" {
			t.Errorf("%v: %+v", err, summary)
		}
		for _, run := range []string{"r", "another"} {
			_, results, err := w.process(dir, run, items, lower)
			if err != nil || len(w.offers) != 1 || !strings.Contains(results[0].Messages[0].Text, "it may be stored as offer 1") {
				t.Errorf("%s: %v: %+v", run, err, results)
			}
		}
	})
}

// stubborn refuses to stop an offer.
type stubborn struct{ Undoer }

func (stubborn) SetStatus(context.Context, string, ...int64) error {
	return &affise.Error{Outcome: affise.Rejected, HTTP: 200, Message: "no"}
}

// TestAPlanWithoutAnAPI ends, and says why.
func TestAPlanWithoutAnAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, w := fastDir(t), newWorld(func(string) fault { return fine })
		if _, _, err := w.process(dir, "r", offers(2), nil); err != nil {
			t.Fatal(err)
		}
		w.next = func(string) fault { return dropped }
		j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if _, err := PlanUndo(t.Context(), UndoConfig{Sender: w, Journal: j, Undo: "r"}); !errors.Is(err, ErrUnreachable) {
			t.Error(err)
		}
	})
}

func TestWhatIsDeletedIsNewAgain(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	items := offers(30)
	first, _, err := b.run(items, nil)
	if err != nil {
		t.Fatal(err)
	}
	summary, _, _ := b.undo(first.Run, func(c *UndoConfig) { c.How = ActionDelete })
	if summary.Counts[StatusUpdated] != 30 || len(b.server.Offers()) != 0 {
		t.Fatalf("%+v, %d offers left", summary, len(b.server.Offers()))
	}
	summary, results, err := b.run(items, nil)
	if err != nil || summary.Counts[StatusCreated] != 30 {
		t.Fatalf("%+v %v", summary, err)
	}
	b.expectExactlyOnce(items, results)
}

// TestAnUndoThatWasCutOffCountsAsDone: the offer was stopped, and the process
// died before it knew.
func TestAnUndoThatWasCutOffCountsAsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := fastDir(t)
		w := newWorld(func(call string) fault {
			if call == "stop" {
				return crashAfter
			}
			return fine
		})
		if _, _, err := w.process(dir, "r", offers(1), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := w.undo(dir, "u", ActionStop); err == nil {
			t.Fatal("the process did not die")
		}
		if summary, err := w.undo(dir, "u", ActionStop); err != nil || summary.Counts[StatusUpdated] != 1 {
			t.Errorf("%+v, %v", summary, err)
		}
	})
}

// TestUndoLooksForWhatWasOnItsWay: the process died with an offer stored and its
// answer lost, and with another that was sent and never arrived.
func TestUndoLooksForWhatWasOnItsWay(t *testing.T) {
	for name, f := range map[string]fault{"stored": crashAfter, "never arrived": crashBefore} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
				w.faults = map[string]fault{"tune-2": f}
				w.process(dir, "r", offers(2), func(c *Config) { c.Rate = 1 })
				summary, err := w.undo(dir, "u", ActionDelete)
				if err != nil || summary.ExitCode != 0 || len(w.visible()) != 0 {
					t.Errorf("%v: %+v, and %d offers in the account", err, summary, len(w.visible()))
				}
				if want := map[fault]int{crashAfter: 0, crashBefore: 1}[f]; summary.Counts[StatusSkipped] != want {
					t.Errorf("%+v", summary.Counts)
				}
			})
		})
	}
}

// TestWhatWasTakenBackIsSaid where the offer is met again.
func TestWhatWasTakenBackIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		for _, run := range []string{"r", "again", "r"} {
			_, results, err := w.process(dir, run, offers(1), nil)
			if err != nil || run == "again" && codes(results[0])[0] != "undone_since" {
				t.Errorf("%s: %v: %+v", run, err, results)
			}
			if run == "r" {
				w.undo(dir, "u", ActionStop)
			}
		}
		_, results, err := w.process(dir, "r", offers(1), nil)
		if err != nil || codes(results[0])[0] != "undone_since" || len(w.offers) != 1 {
			t.Errorf("%v: %+v", err, results)
		}
	})
}
