package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"offerlift/internal/journal"
)

// story is one interleaving: what goes wrong with the writes and the reads, one
// after another, in which commit each process dies, and how the next one goes on.
type story struct {
	writes, reads []fault
	commits       []int // for each process; below 0: it does not die in a commit
	resume        bool
	late          bool // new offers are listed late
	keys          int
}

func (s story) String() string {
	return fmt.Sprintf("writes %v, reads %v, commits %v, resume %v, late %v, %d keys", s.writes, s.reads, s.commits, s.resume, s.late, s.keys)
}

// world is where the story happens. Once its faults are used up all is well.
func (s story) world() *world {
	w := newWorld(func(call string) fault {
		faults := &s.reads
		if call == "create" || call == "edit" || call == "stop" || call == "delete" {
			faults = &s.writes
		}
		if len(*faults) == 0 {
			return fine
		}
		next := (*faults)[0]
		*faults = (*faults)[1:]
		if next == rejected && faults == &s.reads {
			return dropped // to refuse a look is to say that the offer is not there
		}
		return next
	})
	if s.late {
		w.delay = 600 * time.Millisecond
	}
	return w
}

// sittings starts one process after another until one comes to its end.
func (s story) sittings(w *world, process func() (Summary, error)) error {
	for sitting := range 40 {
		w.commits = -1
		if sitting < len(s.commits) {
			w.commits = s.commits[sitting]
		}
		summary, err := process()
		if err := w.never(); err != nil {
			return err
		}
		if err == nil && summary.Counts[StatusUnknown] == 0 && summary.Counts[StatusFailed] == 0 {
			return nil
		}
	}
	return errors.New("40 sittings did not end it")
}

// play lives a story to its end and returns what is wrong then.
func play(dir string, s story) error {
	w, items, run := s.world(), offers(s.keys), ""
	if s.resume {
		run = "r"
	}
	var results []Result
	err := s.sittings(w, func() (summary Summary, err error) {
		summary, results, err = w.process(dir, run, items, nil)
		return summary, err
	})
	if err != nil {
		return err
	}
	return w.ends(items, results)
}

// never is what must not be at any time.
func (w *world) never() error {
	for key, n := range w.received {
		if n > 1 {
			return fmt.Errorf("%s was stored %d times", key, n)
		}
	}
	return nil
}

// ends is what must be in the end.
func (w *world) ends(items []Item, results []Result) error {
	if len(w.offers) != len(items) || len(results) != len(items) {
		return fmt.Errorf("%d items, %d offers, %d results", len(items), len(w.offers), len(results))
	}
	for _, r := range results {
		if r.OfferID < 1 || int(r.OfferID) > len(w.offers) || w.offers[r.OfferID-1].Key != r.Key {
			return fmt.Errorf("%s is %s with id %d: %v", r.Key, r.Status, r.OfferID, r.Messages)
		}
	}
	return nil
}

// TestEveryShortStory goes through every pair of faults of a create, with and
// without a death in each of the first commits, by resume and by importing
// again. It tells every fourth unless OFFERLIFT_LONG is set, and fewer under the
// race detector, which makes each ten times as long and looks for something else.
func TestEveryShortStory(t *testing.T) {
	t.Parallel()
	n, every := 0, 4
	if underRace {
		every = 16
	}
	for first := range faults {
		for second := range faults {
			for commit := -1; commit < 7; commit++ {
				n++
				if os.Getenv("OFFERLIFT_LONG") == "" && (n+int(second))%every != 0 {
					continue
				}
				s := story{writes: []fault{first, second}, commits: []int{commit}, resume: n%8 < 4, late: n%3 == 0, keys: 1}
				dir := fastDir(t)
				synctest.Test(t, func(t *testing.T) {
					if err := play(dir, s); err != nil {
						t.Errorf("%v: %v", s, err)
					}
				})
			}
		}
	}
}

func drawFaults(r *rapid.T, label string, most int) []fault {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(0, int(faults)-1), func(n int) fault { return fault(n) }), 0, most).Draw(r, label)
}

func drawStory(r *rapid.T) story {
	return story{
		writes:  drawFaults(r, "writes", 15),
		reads:   drawFaults(r, "reads", 15),
		commits: rapid.SliceOfN(rapid.IntRange(-1, 15), 0, 5).Draw(r, "commits"),
		resume:  rapid.Bool().Draw(r, "resume"),
		late:    rapid.Bool().Draw(r, "late"),
		keys:    rapid.IntRange(1, 5).Draw(r, "keys"),
	}
}

// TestAnyStory tries long ones with several offers at once.
func TestAnyStory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s, dir := drawStory(r), fastDir(t)
		var wrong error
		synctest.Test(t, func(*testing.T) { wrong = play(dir, s) })
		if wrong != nil {
			r.Fatalf("%v: %v", s, wrong)
		}
	})
}

// TestAnyUndo takes a run back through faults and deaths.
func TestAnyUndo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s, dir := drawStory(r), fastDir(t)
		how := rapid.SampledFrom([]Action{ActionStop, ActionDelete}).Draw(r, "how")
		var wrong error
		synctest.Test(t, func(*testing.T) { wrong = playUndo(dir, s, how) })
		if wrong != nil {
			r.Fatalf("%v: %v", s, wrong)
		}
	})
}

func playUndo(dir string, s story, how Action) error {
	healthy := story{keys: s.keys}.world()
	if _, _, err := healthy.process(dir, "r", offers(s.keys), nil); err != nil {
		return err
	}
	w, run := s.world(), ""
	w.offers, w.listed = healthy.offers, healthy.listed
	if s.resume {
		run = "u"
	}
	if err := s.sittings(w, func() (Summary, error) { return w.undo(dir, run, how) }); err != nil {
		return err
	}
	want := map[Action]string{ActionStop: "stopped", ActionDelete: "deleted"}[how]
	for _, o := range w.offers {
		if o.Status != want {
			return fmt.Errorf("offer %d is %s", o.ID, o.Status)
		}
	}
	return nil
}

// undo takes run r back, in a process that may die.
func (w *world) undo(dir, run string, how Action) (Summary, error) {
	ctx, die := context.WithCancel(context.Background())
	defer die()
	w.mu.Lock()
	w.dead, w.die = false, die
	w.mu.Unlock()
	j, err := journal.Open(ctx, filepath.Join(dir, "journal.db"), journal.Options{BeforeCommit: w.commit})
	if err != nil {
		return Summary{}, err
	}
	defer j.Close()
	return Undo(ctx, UndoConfig{Sender: w, Journal: j, Undo: "r", Run: RunInfo{ID: run}, How: how, Workers: 2})
}

// fastDir is a folder in memory where there is one: the stories are about what
// was committed, not about the disk.
func fastDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "offerlift")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
