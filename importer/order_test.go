package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"offerlift/internal/affise"
)

// slowFirst answers looks for the first offers last.
type slowFirst struct{ gappy }

func (s slowFirst) Find(ctx context.Context, key string, page int) (affise.Page, error) {
	if key == "tune-1" || key == "tune-3" {
		time.Sleep(time.Second)
	}
	return s.gappy.Find(ctx, key, page)
}

// TestACanarySendsTheFirstRows, also where it is known later of a row before than
// of one behind it that it is to be sent.
func TestACanarySendsTheFirstRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		w.Create(t.Context(), testBody("tune-7")) // so that the list is not the whole account
		_, results, err := w.process(fastDir(t), "", offers(7), func(c *Config) { c.Sender, c.Canary, c.Workers = slowFirst{gappy{w}}, 4, 8 })
		if !errors.Is(err, ErrCanary) {
			t.Fatal(err)
		}
		for i, r := range results {
			if (r.Status == StatusCreated) != (i < 4) {
				t.Errorf("row %d is %s", i+1, r.Status)
			}
		}
	})
}

// TestLostRepliesDoNotHoldUpTheOthers: while offers are looked for, the one
// worker goes on with what is behind them.
func TestLostRepliesDoNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		w.faults = map[string]fault{}
		for n := range 5 {
			w.faults[fmt.Sprintf("tune-%d", n+1)] = dropped
		}
		began := time.Now()
		var late []string
		summary, _, err := w.process(fastDir(t), "", offers(40), func(c *Config) {
			c.Workers, c.Rate, c.Settle.Pauses = 1, 10, []time.Duration{time.Minute}
			c.Hooks.Done = func(r Result) {
				if time.Since(began) > 30*time.Second {
					late = append(late, r.Key)
				}
			}
		})
		slices.Sort(late)
		if err != nil || summary.Counts[StatusCreated] != 40 || fmt.Sprint(late) != "[tune-1 tune-2 tune-3 tune-4 tune-5]" {
			t.Errorf("%v: %v, late were %v", err, summary.Counts, late)
		}
	})
}

// TestEachLookIsKeptWithItsOffer, also one that was made before the offer had a
// row.
func TestEachLookIsKeptWithItsOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		w.Create(t.Context(), testBody("tune-3"))
		dir := fastDir(t)
		if _, _, err := w.process(dir, "", offers(3), func(c *Config) { c.Sender = gappy{w} }); err != nil {
			t.Fatal(err)
		}
		looks := map[string]int{}
		for _, key := range attemptKeys(t, dir, "find") {
			looks[key]++
		}
		if fmt.Sprint(looks) != "map[tune-1:1 tune-2:1 tune-3:1]" {
			t.Error(looks)
		}
	})
}

// attemptKeys are the keys of the offers that a journal's requests of a kind were
// for, blank where it does not tell.
func attemptKeys(t *testing.T, dir, call string) (keys []string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT coalesce(i.key, '') FROM attempts a LEFT JOIN items i ON i.id = a.item_id WHERE a.call = ?`, call)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}
