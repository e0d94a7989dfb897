package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
)

// fault is what goes wrong with one call.
type fault int

const (
	fine       fault = iota
	lost             // carried out, the answer lost
	dropped          // not carried out, no answer
	delayed          // no answer; carried out three seconds later
	notApplied       // certainly not carried out
	throttled
	rejected
	crashBefore // the process dies before the request arrives
	crashAfter  // the process dies while the answer comes
	faults      // how many there are
)

// world is an account and a process that may die: from then on nothing that the
// process does has an effect, until it is revived.
type world struct {
	mu       sync.Mutex
	offers   []affise.Stored
	listed   map[int64]time.Time // when an offer is listed
	delay    time.Duration       // how late a new offer is shown
	next     func(call string) fault
	dead     bool
	commits  int // until the process dies in a commit; below 0: never
	die      context.CancelFunc
	received map[string]int   // creates that arrived, by key
	faults   map[string]fault // of a key's next create, before next is asked
}

var errDead = errors.New("the process is dead")

func newWorld(next func(call string) fault) *world {
	return &world{next: next, commits: -1, listed: map[int64]time.Time{}, received: map[string]int{}}
}

func (w *world) crash() {
	w.dead = true
	w.die()
}

// commit is called before each commit of the journal.
func (w *world) commit() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.commits == 0 {
		w.crash()
	}
	w.commits--
	if w.dead {
		return errDead
	}
	return nil
}

// call plays a call's fault around what it does.
func (w *world) call(name, key string, do func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	unknown := &affise.Error{Outcome: affise.Unknown, Call: name, Message: "no answer"}
	if w.dead {
		return unknown
	}
	next := w.next
	if f, ok := w.faults[key]; ok && name == "create" {
		delete(w.faults, key)
		next = func(string) fault { return f }
	}
	switch next(name) {
	case lost:
		do()
		return unknown
	case dropped:
		return unknown
	case delayed:
		time.AfterFunc(3*time.Second, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			do()
		})
		return unknown
	case notApplied:
		return &affise.Error{Outcome: affise.NotApplied, Call: name, Message: "refused the connection"}
	case throttled:
		return &affise.Error{Outcome: affise.Throttled, Call: name, HTTP: 429, Message: "slow down"}
	case rejected:
		return &affise.Error{Outcome: affise.Rejected, Call: name, HTTP: 400, Message: "no"}
	case crashBefore:
		w.crash()
		return unknown
	case crashAfter:
		do()
		w.crash()
		return unknown
	}
	return do()
}

func (w *world) Create(_ context.Context, body affise.Value) (s affise.Stored, err error) {
	key, _ := body.Get("external_offer_id")
	title, _ := body.Get("title")
	err = w.call("create", key.Str(), func() error {
		offer, err := json.Marshal(body)
		s = affise.Stored{ID: int64(len(w.offers) + 1), Key: key.Str(), Title: title.Str(), Status: "active", UpdatedAt: time.Now().Format(time.DateTime), Offer: offer}
		w.offers = append(w.offers, s)
		w.listed[s.ID] = time.Now().Add(w.delay)
		w.received[s.Key]++
		return err
	})
	return s, err
}

func (w *world) Edit(_ context.Context, id int64, body affise.Value) (s affise.Stored, err error) {
	err = w.call("edit", "", func() error {
		offer, err := json.Marshal(body)
		w.offers[id-1].Offer = offer
		s = w.offers[id-1]
		return err
	})
	return s, err
}

func (w *world) Get(_ context.Context, id int64) (s affise.Stored, err error) {
	err = w.call("get", "", func() error {
		if id < 1 || int(id) > len(w.offers) || w.offers[id-1].Status == "deleted" || w.listed[id].After(time.Now()) {
			return &affise.Error{Outcome: affise.Rejected, HTTP: 404, Message: "not found"}
		}
		s = w.offers[id-1]
		return nil
	})
	return s, err
}

// Find answers with one offer a page.
func (w *world) Find(_ context.Context, key string, page int) (p affise.Page, err error) {
	err = w.call("find", key, func() error {
		var found []affise.Stored
		for _, s := range w.visible() {
			if s.Key == key {
				found = append(found, s)
			}
		}
		p = affise.Page{Page: page, Total: len(found), Offers: found[min(page-1, len(found)):min(page, len(found))]}
		if page < len(found) {
			p.Next = page + 1
		}
		return nil
	})
	return p, err
}

// Resembling answers with what has the title, and the key in small letters, or no
// key and no other URL.
func (w *world) Resembling(_ context.Context, body affise.Value) (found []affise.Stored, err error) {
	key, _ := body.Get("external_offer_id")
	title, _ := body.Get("title")
	url, _ := body.Get("url")
	err = w.call("find", key.Str(), func() error {
		for _, s := range w.visible() {
			keyless := s.Key == "" && bytes.Contains(s.Offer, []byte(url.Str()))
			if s.Title == title.Str() && (keyless || s.Key == strings.ToLower(key.Str())) {
				found = append(found, s)
			}
		}
		return nil
	})
	return found, err
}

func (w *world) List(ctx context.Context, page, limit int) (affise.Page, error) {
	return w.ListWhole(ctx, page, limit)
}

func (w *world) ListWhole(_ context.Context, page, limit int) (p affise.Page, err error) {
	err = w.call("list", "", func() error {
		all := w.visible()
		from, to := min((page-1)*limit, len(all)), min(page*limit, len(all))
		p = affise.Page{Offers: all[from:to], Total: len(all), Page: page}
		if to < len(all) {
			p.Next = page + 1
		}
		return nil
	})
	return p, err
}

func (w *world) visible() (list []affise.Stored) {
	for _, s := range w.offers {
		if s.Status != "deleted" && !w.listed[s.ID].After(time.Now()) {
			list = append(list, s)
		}
	}
	return list
}

func (w *world) SetStatus(_ context.Context, status string, ids ...int64) error {
	return w.call("stop", "", func() error {
		for _, id := range ids {
			w.offers[id-1].Status = status
		}
		return nil
	})
}

func (w *world) Delete(ctx context.Context, ids ...int64) error {
	return w.call("delete", "", func() error {
		for _, id := range ids {
			w.offers[id-1].Status = "deleted"
		}
		return nil
	})
}

// process runs the importer once, in a process that may die.
func (w *world) process(dir string, run string, items []Item, change func(*Config)) (Summary, []Result, error) {
	ctx, die := context.WithCancel(context.Background())
	defer die()
	w.mu.Lock()
	w.dead, w.die = false, die
	w.mu.Unlock()
	j, err := journal.Open(ctx, filepath.Join(dir, "journal.db"), journal.Options{BeforeCommit: w.commit})
	if err != nil {
		return Summary{}, nil, err
	}
	defer j.Close()
	cfg := Config{Sender: w, Journal: j, Run: RunInfo{ID: run, Account: "world"}, Count: len(items), Workers: 2}
	if change != nil {
		change(&cfg)
	}
	summary, err := Run(ctx, each(items), cfg)
	var results []Result
	if summary.Run != "" {
		for r, err := range Results(context.Background(), j, summary.Run) {
			if err != nil {
				return summary, nil, err
			}
			results = append(results, r)
		}
	}
	return summary, results, err
}
