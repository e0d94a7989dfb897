package journal

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestPrune forgets what ended long ago and owes nothing to anybody, with all
// that belongs to it, and leaves everything else as it was.
func TestPrune(t *testing.T) {
	long, recent := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)
	for name, r := range map[string]struct {
		begun      time.Time
		exit       int
		unfinished bool
		state      State
		stays      bool
	}{
		"done":        {begun: long, state: Created},
		"with failed": {begun: long, exit: 1, state: Failed},
		"refused":     {begun: long, exit: 2, state: Skipped},
		"recent":      {begun: recent, state: Created, stays: true},
		"killed":      {begun: long, unfinished: true, state: Created, stays: true},
		"pending":     {begun: long, exit: 3, state: Pending, stays: true},
		"in flight":   {begun: long, exit: 3, state: Sent, stays: true},
		"unknown":     {begun: long, exit: 1, state: Unknown, stays: true},
		"cut short":   {begun: long, exit: 3, state: Created, stays: true}, // rows that were never read have no row here
	} {
		t.Run(name, func(t *testing.T) {
			j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
			keeper := begin(t, j, "keeper") // began now
			run := past(t, j, "old", r.begun, r.state, r.exit, r.unfinished)
			n, err := j.Prune(context.Background(), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
			if err != nil || n != map[bool]int64{false: 1}[r.stays] {
				t.Fatalf("%d forgotten, %v", n, err)
			}
			want := []string{"keeper"}
			if r.stays {
				want = append(want, "old")
			}
			if got := names(t, j); !slices.Equal(got, want) {
				t.Errorf("the runs are %q, not %q", got, want)
			}
			if left := rowsOf(t, j, run.Number); (left == [2]int{1, 1}) != r.stays || (left == [2]int{}) == r.stays {
				t.Errorf("%v items and attempts are left of it", left)
			}
			if got := rowsOf(t, j, keeper.Number); got != [2]int{} {
				t.Errorf("%v items and attempts of another run", got)
			}
		})
	}
}

// TestPruneKeepsWhatAnUndoBelongsTo: the undone run and its undo know each other.
func TestPruneKeepsWhatAnUndoBelongsTo(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	long := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	undone := past(t, j, "undone", long, Created, 0, false)
	undo := Run{Name: "undo", Account: "https://api.example.com", Kind: "undo", Mode: "stop", Undoes: undone.Number, StartedAt: long}
	if err := j.Begin(context.Background(), &undo); err != nil {
		t.Fatal(err)
	}
	item := &Item{Run: undo.Number, Seq: 1, Key: "k", Action: "stop", State: Sent, Attempts: 1}
	j.NewItem(item)
	if err := j.Commit(context.Background(), Change{Item: item}); err != nil {
		t.Fatal(err)
	}
	item.State = Updated
	if err := j.Commit(context.Background(), Change{Item: item, From: Sent, Undone: 1}); err != nil {
		t.Fatal(err)
	}
	undo.FinishedAt = long
	if err := j.Finish(context.Background(), undo); err != nil {
		t.Fatal(err)
	}
	if n, err := j.Prune(context.Background(), time.Now()); n != 0 || err != nil {
		t.Errorf("%d forgotten, %v", n, err)
	}
	if got := names(t, j); !slices.Equal(got, []string{"undone", "undo"}) {
		t.Errorf("the runs are %q", got)
	}
}

// past is a run with one item and one attempt.
func past(t *testing.T, j *Journal, name string, begun time.Time, state State, exit int, unfinished bool) Run {
	t.Helper()
	ctx := context.Background()
	run := Run{Name: name, Account: "https://api.example.com", Kind: "import", Mode: "create", StartedAt: begun, ExitCode: exit, FinishedAt: begun.Add(time.Hour)}
	if err := j.Begin(ctx, &run); err != nil {
		t.Fatal(err)
	}
	item := &Item{Run: run.Number, Seq: 1, Key: "k", Action: "create", State: Pending, Attempts: 1}
	j.NewItem(item)
	if err := j.Commit(ctx, Change{Item: item, Attempts: []Attempt{{Run: run.Number, Item: item.ID, Call: "create", SentAt: begun, AnsweredAt: begun, Outcome: "stored"}}}); err != nil {
		t.Fatal(err)
	}
	for _, next := range map[bool][]State{true: {state}, false: {Sent, state}}[state == Skipped] {
		if state == Pending || next == item.State {
			continue
		}
		from := item.State
		item.State = next
		if err := j.Commit(ctx, Change{Item: item, From: from}); err != nil {
			t.Fatal(err)
		}
	}
	if unfinished {
		return run
	}
	if err := j.Finish(ctx, run); err != nil {
		t.Fatal(err)
	}
	return run
}

func names(t *testing.T, j *Journal) (list []string) {
	t.Helper()
	runs, err := j.Runs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		list = append(list, r.Name)
	}
	return list
}

// rowsOf counts a run's items and attempts.
func rowsOf(t *testing.T, j *Journal, run int64) (n [2]int) {
	t.Helper()
	err := j.read.QueryRow(`SELECT (SELECT count(*) FROM items WHERE run_id = ?1), (SELECT count(*) FROM attempts WHERE run_id = ?1)`, run).Scan(&n[0], &n[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
