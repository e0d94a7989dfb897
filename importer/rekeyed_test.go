package importer

import (
	"testing"
	"testing/synctest"

	"offerlift/internal/sheet"
)

// was makes each result a row of the next import, under another key.
func was(results []Result, key string) []Item {
	items := make([]Item, len(results))
	for i, r := range results {
		items[i] = testItem(key+r.Key, r.Row)
		items[i].Was = r.OfferID
	}
	return items
}

// TestARefusedRowKeepsItsOffer in its results, so that it is refused again when
// they are imported as they are: also where the row was wrong besides, and where
// the run stopped before it came to it.
func TestARefusedRowKeepsItsOffer(t *testing.T) {
	for name, change := range map[string]func([]Item, *Config){
		"refused": func([]Item, *Config) {},
		"wrong": func(items []Item, _ *Config) {
			items[0].Messages = []sheet.Message{{Level: sheet.LevelError, Code: "required"}}
		},
		"skipped":     func(items []Item, _ *Config) { items[0].Action = ActionSkip },
		"not come to": func(_ []Item, c *Config) { stopAtOnce(c) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
				_, first, err := w.process(dir, "", offers(1), nil)
				if err != nil {
					t.Fatal(err)
				}
				items := was(first, "new-")
				_, second, _ := w.process(dir, "", items, func(c *Config) { change(items, c) })
				_, third, err := w.process(dir, "", was(second, ""), nil)
				if err != nil || len(w.offers) != 1 || second[0].OfferID != 1 || codes(third[0])[0] != "rekeyed" {
					t.Errorf("%v: %+v, then %+v", err, second, third)
				}
			})
		})
	}
}

// stopAtOnce stops a run when it has just begun.
func stopAtOnce(c *Config) {
	stop := make(chan struct{})
	c.Stop = stop
	c.Hooks.Started = func(string, bool) {
		close(stop)
		synctest.Wait()
	}
}

// TestResultsOfAnotherAccount are new offers, although an offer of this one has
// the same number.
func TestResultsOfAnotherAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trial, w, dir := newWorld(func(string) fault { return fine }), newWorld(func(string) fault { return fine }), fastDir(t)
		_, tried, err := trial.process(dir, "", was(make([]Result, 1), "trial"), func(c *Config) { c.Run.Account = "trial" })
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.process(dir, "", offers(1), nil); err != nil {
			t.Fatal(err)
		}
		_, results, err := w.process(dir, "", was(tried, ""), nil)
		if err != nil || results[0].Status != StatusCreated || results[0].OfferID != 2 {
			t.Errorf("%v: %+v", err, results)
		}
	})
}

// TestResultsOfWhatWasDeleted are new offers under any key, also where another run
// had met the offer before it was deleted.
func TestResultsOfWhatWasDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		_, first, _ := w.process(dir, "r", offers(1), nil)
		_, met, _ := w.process(dir, "", offers(1), nil)
		if _, err := w.undo(dir, "u", ActionDelete); err != nil || met[0].OfferID != first[0].OfferID {
			t.Fatal(err, met)
		}
		_, results, err := w.process(dir, "", was(first, "new-"), nil)
		if err != nil || results[0].Status != StatusCreated {
			t.Errorf("%v: %+v", err, results)
		}
	})
}
