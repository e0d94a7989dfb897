package importer

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
	"offerlift/internal/sheet"
)

func TestMain(m *testing.M) {
	if underRace {
		flag.Set("rapid.checks", "30") // each takes ten times as long
	}
	goleak.VerifyTestMain(m)
}

// bench is a sandbox with a client, and a journal that can be opened again.
type bench struct {
	*testing.T
	server *sandbox.Server
	client *affise.Client
	path   string
}

func newBench(t *testing.T, cfg sandbox.Config) *bench {
	t.Helper()
	cfg.AnyAdvertiser = true
	server, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	client, err := affise.NewClient(affise.Config{BaseURL: web.URL, Key: "test-key", Connections: 64, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Close()
		web.Close()
	})
	return &bench{T: t, server: server, client: client, path: filepath.Join(t.TempDir(), "journal.db")}
}

// open opens the bench's journal; it is closed at the latest with the test.
func (b *bench) open() *journal.Journal {
	b.Helper()
	j, err := journal.Open(context.Background(), b.path, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { j.Close() })
	return j
}

// run is one sitting on a journal of its own.
func (b *bench) run(items []Item, change func(*Config)) (Summary, []Result, error) {
	b.Helper()
	j := b.open()
	defer j.Close()
	cfg := Config{Sender: b.client, Journal: j, Run: RunInfo{Account: "sandbox"}, Count: len(items), Settle: quick()}
	if change != nil {
		change(&cfg)
	}
	summary, err := Run(context.Background(), each(items), cfg)
	return summary, b.results(j, summary.Run), err
}

func (b *bench) results(j *journal.Journal, run string) (list []Result) {
	b.Helper()
	for result, err := range Results(context.Background(), j, run) {
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, result)
	}
	return list
}

// quick looks often enough for a sandbox that lists new offers half a second
// late.
func quick() Settle {
	return Settle{Pauses: []time.Duration{20 * time.Millisecond, 180 * time.Millisecond, 500 * time.Millisecond}}
}

func each(items []Item) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func offers(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = testItem(fmt.Sprintf("tune-%d", i+1), i+2)
	}
	return items
}

func testItem(key string, row int) Item {
	payouts := []Ref{{File: "launch.xlsx", Sheet: "Payouts", Row: 2 * row}, {File: "launch.xlsx", Sheet: "Payouts", Row: 2*row + 1}}
	return Item{Key: key, Title: "Offer " + key, At: Ref{File: "launch.xlsx", Sheet: "Offers", Row: row},
		Children: payouts, Arrays: []Rows{{Key: "payments", At: payouts}}, Body: testBody(key)}
}

func testBody(key string) affise.Value {
	payment := func(total, revenue string) affise.Value {
		return affise.Map(affise.Field{Key: "currency", Value: affise.Text("USD")}, affise.Field{Key: "type", Value: affise.Text("fixed")},
			affise.Field{Key: "total", Value: affise.Text(total)}, affise.Field{Key: "revenue", Value: affise.Text(revenue)},
			affise.Field{Key: "countries", Value: affise.Texts("DE", "AT")})
	}
	return affise.Map(
		affise.Field{Key: "title", Value: affise.Text("Offer " + key)},
		affise.Field{Key: "advertiser", Value: affise.Text("56cc7d8c668bc03c1f8b4568")},
		affise.Field{Key: "url", Value: affise.Text("https://example.com/?c={clickid}")},
		affise.Field{Key: "external_offer_id", Value: affise.Text(key)},
		affise.Field{Key: "status", Value: affise.Text("active")},
		affise.Field{Key: "payments", Value: affise.List(payment("2.5", "2"), payment("3", "2.40"))},
	)
}

// expectExactlyOnce holds the account and the results against the input: each
// key stored once, and each row with the id under which it is stored.
func (b *bench) expectExactlyOnce(items []Item, results []Result) {
	b.Helper()
	if twins := b.server.Duplicates(); len(twins) > 0 {
		b.Errorf("stored more than once: %v", twins)
	}
	ids := map[string]string{}
	for _, o := range b.server.Offers() {
		ids[fmt.Sprint(o["external_offer_id"])] = fmt.Sprint(o["id"])
	}
	if len(ids) != len(items) {
		b.Errorf("%d offers are stored, not %d", len(ids), len(items))
	}
	if len(results) != len(items) {
		b.Fatalf("%d results for %d rows", len(results), len(items))
	}
	for i, r := range results {
		if r.Key != items[i].Key || r.Row != items[i].At.Row {
			b.Errorf("result %d is of %s in row %d, not of %s in row %d", i, r.Key, r.Row, items[i].Key, items[i].At.Row)
		}
		if got := fmt.Sprint(r.OfferID); got != ids[r.Key] {
			b.Errorf("%s is %s with id %s, it is stored as %s: %v", r.Key, r.Status, got, ids[r.Key], r.Messages)
		}
	}
}

func codes(r Result) (list []string) {
	for _, m := range r.Messages {
		list = append(list, m.Code)
	}
	return list
}

func TestImportAndAgain(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	items := offers(40)
	summary, results, err := b.run(items, nil)
	if err != nil || summary.Counts[StatusCreated] != 40 || summary.ExitCode != 0 {
		t.Fatalf("%+v, %v", summary, err)
	}
	b.expectExactlyOnce(items, results)
	if len(results[0].Messages) > 0 || results[3].StartedAt == nil {
		t.Errorf("%+v", results[0])
	}
	before := b.server.Stats()
	summary, results, err = b.run(items, nil)
	if err != nil || summary.Counts[StatusSkipped] != 40 {
		t.Fatalf("%+v, %v", summary, err)
	}
	b.expectExactlyOnce(items, results)
	if now := b.server.Stats(); now.Calls["create"] != before.Calls["create"] || now.Requests != before.Requests+1 {
		t.Errorf("an import that has nothing to do made %d requests: %v", now.Requests-before.Requests, now.Calls)
	}
	if got := codes(results[0]); len(got) != 1 || got[0] != "created_before" {
		t.Errorf("codes %v", got)
	}
}

func TestHostileServer(t *testing.T) {
	for seed := range 2 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandbox.Config{Seed: uint64(seed), ListDelay: 500 * time.Millisecond, Faults: sandbox.Faults{
				"lost": .05, "500-after": .04, "502-after": .03, "half": .03, "drop-before": .03, "500-before": .03,
				"429": .03, "look-fail": .05, "html": .01, "empty": .01, "no-id": .01, "wrong-offer": .01, "503-before": .01, "redirect": .01}})
			items := offers(50)
			summary, results, err := b.run(items, func(c *Config) { c.Workers = 32 })
			if err != nil || summary.Counts[StatusCreated] != len(items) {
				t.Errorf("%+v, %v", summary, err)
			}
			b.expectExactlyOnce(items, results)
			t.Logf("%+v %v", summary.Requests, b.server.Stats().Faults)
		})
	}
}

func TestRefusedKey(t *testing.T) {
	b := newBench(t, sandbox.Config{RefuseKeyFrom: 20})
	items := offers(60)
	summary, results, err := b.run(items, nil)
	if !errors.Is(err, ErrUnauthorised) || summary.ExitCode != 3 || summary.Counts[StatusPending] != len(items)-18 {
		t.Fatalf("%+v, %v", summary, err)
	}
	if n := b.server.Stats().Refused; n > refusals+8 {
		t.Errorf("%d requests with a refused key", n)
	}
	if len(results) != len(items) {
		t.Errorf("%d results", len(results))
	}
}

func TestErrorRows(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	items := offers(3)
	items[1].Messages = []sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "C3", Code: "not_allowed", Text: "wrong"}}
	summary, results, err := b.run(items, nil)
	if err != nil || summary.ExitCode != 1 || summary.Counts[StatusFailed] != 1 || results[1].Status != StatusFailed || results[1].Attempts != 0 || len(results[1].Children) != 2 {
		t.Fatalf("%+v %+v %v", summary, results, err)
	}
}

// TestWhatIsCutOffIsTold: the server drops a body's last variables without a
// word, as PHP does.
func TestWhatIsCutOffIsTold(t *testing.T) {
	b := newBench(t, sandbox.Config{MaxInputVars: 14})
	_, results, err := b.run(offers(1), nil)
	if err != nil || results[0].Status != StatusCreated {
		t.Fatal(results, err)
	}
	found := false
	for _, m := range results[0].Messages {
		if m.Code != "stored_differently" || m.Level != sheet.LevelWarning {
			t.Errorf("%+v", m)
		}
		found = found || m.Sheet == "Payouts" && m.Cell == "5" // the second payout's row
	}
	if !found {
		t.Errorf("%+v", results[0].Messages)
	}
}

func TestDuplicatesInTheAccountAreTold(t *testing.T) {
	b := newBench(t, sandbox.Config{})
	for range 2 {
		if _, err := b.client.Create(context.Background(), testBody("tune-1")); err != nil {
			t.Fatal(err)
		}
	}
	_, results, err := b.run(offers(1), nil)
	if err != nil || results[0].Status != StatusSkipped || results[0].OfferID == 0 {
		t.Fatal(results, err)
	}
	if got := codes(results[0]); len(got) != 2 || got[1] != "duplicate_in_account" {
		t.Error(got)
	}
}

// TestTheSameInputTwiceAtOnce: the second run has to leave, whether it has the
// same journal or another one.
func TestTheSameInputTwiceAtOnce(t *testing.T) {
	b := newBench(t, sandbox.Config{Latency: 50 * time.Millisecond})
	locks := t.TempDir()
	journals := make([]*journal.Journal, 2)
	for i := range journals {
		var err error
		if journals[i], err = journal.Open(context.Background(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{LockDir: locks}); err != nil {
			t.Fatal(err)
		}
		defer journals[i].Close()
	}
	started := make(chan struct{})
	done := make(chan error)
	cfg := Config{Sender: b.client, Journal: journals[0], Run: RunInfo{Account: "a"}, Workers: 2, Hooks: Hooks{Started: func(string, bool) { close(started) }}}
	items := offers(10)
	go func() {
		_, err := Run(context.Background(), each(items), cfg)
		done <- err
	}()
	<-started
	for _, j := range []*journal.Journal{journals[0], journals[1]} {
		second := cfg
		second.Journal, second.Hooks = j, Hooks{}
		var busy *journal.BusyError
		if _, err := Run(context.Background(), each(items), second); !errors.As(err, &busy) {
			t.Errorf("%v", err)
		}
	}
	if err := <-done; err != nil || len(b.server.Offers()) != len(items) || len(b.server.Duplicates()) > 0 {
		t.Error(err, len(b.server.Offers()))
	}
}

// TestAKilledRunCanBeRead: what was under way is unknown until it is looked for.
func TestAKilledRunCanBeRead(t *testing.T) {
	w := newWorld(func(call string) fault {
		if call == "create" {
			return crashAfter
		}
		return fine
	})
	summary, results, err := w.process(t.TempDir(), "r", offers(1), nil)
	if err == nil || summary.FinishedAt != nil || summary.ExitCode != 3 || summary.Counts[StatusUnknown] != 1 {
		t.Errorf("%v: %+v", err, summary)
	}
	if results[0].Status != StatusUnknown || codes(results[0])[0] != "in_flight" || summary.Problems[0].Code != "in_flight" {
		t.Errorf("%+v %+v", results, summary.Problems)
	}
}

// TestAnOfferMadeAMomentAgo is one that the account does not show yet, neither in
// the list nor by its id, when the next import meets its key.
func TestAnOfferMadeAMomentAgo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		w.delay = 2 * time.Second
		if _, _, err := w.process(dir, "first", offers(5), nil); err != nil {
			t.Fatal(err)
		}
		summary, _, err := w.process(dir, "second", offers(5), nil)
		if err != nil || summary.Counts[StatusSkipped] != 5 || len(w.offers) != 5 {
			t.Errorf("%v: %v, and %d offers in the account", err, summary.Counts, len(w.offers))
		}
	})
}

// gappy leaves offers out of its list.
type gappy struct{ *world }

func (g gappy) List(ctx context.Context, page, limit int) (affise.Page, error) {
	p, err := g.world.List(ctx, page, limit)
	p.Offers = nil
	return p, err
}

func TestAListWithGapsIsNotBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		for i, dir := range []string{fastDir(t), fastDir(t)} { // the second journal knows nothing
			summary, _, err := w.process(dir, "", offers(10), func(c *Config) { c.Sender = gappy{w} })
			if err != nil || len(w.offers) != 10 {
				t.Errorf("process %d: %v: %v, and %d offers in the account", i+1, err, summary.Counts, len(w.offers))
			}
		}
	})
}

// mangling stores each offer under another key and does not say which.
type mangling struct{ *world }

func (m mangling) Create(ctx context.Context, body affise.Value) (affise.Stored, error) {
	s, err := m.world.Create(ctx, body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.offers[s.ID-1].Key = "?"
	return affise.Stored{}, errors.Join(err, &affise.Error{Outcome: affise.Unknown, Done: true, Message: "stored, but not under which id"})
}

func TestWhatIsSaidToBeStoredIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		summary, results, err := w.process(fastDir(t), "", offers(3), func(c *Config) { c.Sender = mangling{w} })
		if err != nil || summary.Counts[StatusUnknown] != 3 || len(w.offers) != 3 {
			t.Errorf("%v: %v, and %d offers in the account", err, summary.Counts, len(w.offers))
		}
		if text := results[0].Messages[0].Text; !strings.Contains(text, "before you resume") {
			t.Error(text)
		}
	})
}

// lowering stores each key in small letters, and loses the answer.
type lowering struct{ *world }

func (l lowering) Create(ctx context.Context, body affise.Value) (affise.Stored, error) {
	s, err := l.world.Create(ctx, body)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.offers[s.ID-1].Key = strings.ToLower(s.Key)
	return affise.Stored{}, errors.Join(err, &affise.Error{Outcome: affise.Unknown, Message: "no answer"})
}

// TestAnotherRunsOfferIsKnownByItsBody, as long as its row is what it was: an
// offer of the same title and another URL, which somebody made by hand, is not it.
func TestAnotherRunsOfferIsKnownByItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir, item := newWorld(func(string) fault { return fine }), fastDir(t), testItem("tune-1", 2)
		byHand := testBody("tune-1")
		byHand.Set(affise.Text(""), "external_offer_id")
		byHand.Set(affise.Text("https://example.com/by-hand"), "url")
		w.Create(t.Context(), byHand)
		w.faults = map[string]fault{"tune-1": crashBefore}
		w.process(dir, "", []Item{item}, nil)
		_, results, err := w.process(dir, "", []Item{item}, nil)
		if err != nil || results[0].Status != StatusCreated {
			t.Errorf("%v: %+v", err, results)
		}
	})
}

// TestAKeyThatTheServerRewrites leaves a doubt where the answer was lost, which
// ends when somebody gives the offer its key.
func TestAKeyThatTheServerRewrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		item := testItem("Tune-1", 2)
		for range 2 {
			_, results, err := w.process(dir, "r", []Item{item}, func(c *Config) { c.Sender = lowering{w} })
			if err != nil || results[0].Status != StatusUnknown || len(w.offers) != 1 {
				t.Fatalf("%v: %+v, and %d offers in the account", err, results[0], len(w.offers))
			}
			if m := results[0].Messages; !strings.Contains(m[len(m)-1].Text, `offer 1, which has its title and the external_offer_id "tune-1": look in Affise`) {
				t.Error(m)
			}
		}
		w.offers[0].Key = item.Key
		if _, results, err := w.process(dir, "r", []Item{item}, nil); err != nil || results[0].Status != StatusCreated || len(w.offers) != 1 {
			t.Errorf("%v: %+v, and %d offers in the account", err, results[0], len(w.offers))
		}
	})
}

// TestTheClockIsPutBack between a crash and the resume: nothing waits until it is
// as late as it was.
func TestTheClockIsPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		w.faults = map[string]fault{"tune-1": crashAfter}
		w.process(dir, "run", offers(3), func(c *Config) { c.Now = func() time.Time { return time.Now().Add(time.Hour) } })
		began := time.Now()
		summary, _, err := w.process(dir, "run", offers(3), nil)
		if took := time.Since(began); err != nil || took > time.Minute || summary.Counts[StatusCreated] != 3 || len(w.offers) != 3 {
			t.Errorf("%v after %v: %v, and %d offers in the account", err, took, summary.Counts, len(w.offers))
		}
	})
}

// TestARowMendedAfterItWasSent is not sent again by a resume, which says so.
func TestARowMendedAfterItWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		items := offers(4)
		if _, _, err := w.process(dir, "run", items, func(c *Config) { c.Canary = 1 }); !errors.Is(err, ErrCanary) {
			t.Fatal(err)
		}
		items[0] = testItem(items[0].Key, 2)
		items[0].Body.Set(affise.Text("mended"), "title")
		_, results, err := w.process(dir, "run", items, nil)
		if err != nil || len(w.offers) != 4 || len(results[0].Messages) != 1 || results[0].Messages[0].Code != "changed_since" {
			t.Errorf("%v: %+v", err, results[0])
		}
		if len(results[1].Messages) != 0 {
			t.Errorf("%+v", results[1])
		}
	})
}

// TestARowOfTheResultsWithAnotherKey would be its offer once more. A copy of a row
// whose offer id is cleared, and a row from another account's results, are new.
func TestARowOfTheResultsWithAnotherKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
		_, first, err := w.process(dir, "run", offers(2), nil)
		if err != nil {
			t.Fatal(err)
		}
		again := []Item{testItem(first[0].Key+"-b", 2), testItem("copy", 3), testItem("elsewhere", 4), testItem(first[1].Key, 5)}
		again[0].Was, again[2].Was, again[3].Was = first[0].OfferID, 777, first[1].OfferID
		summary, results, err := w.process(dir, "next", again, nil)
		if err != nil || len(w.offers) != 4 || summary.Counts[StatusCreated] != 2 || results[0].Status != StatusFailed || results[0].Messages[0].Code != "rekeyed" || results[3].Status != StatusSkipped {
			t.Errorf("%v: %+v, and %d offers in the account", err, results, len(w.offers))
		}
	})
}

// TestRowsOfTheResultsWithEachOthersKeys would each change the other's offer: so it
// is where the keys alone were sorted.
func TestRowsOfTheResultsWithEachOthersKeys(t *testing.T) {
	for _, mode := range []Mode{ModeCreate, ModeUpdate, ModeUpsert} {
		synctest.Test(t, func(t *testing.T) {
			w, dir := newWorld(func(string) fault { return fine }), fastDir(t)
			_, first, err := w.process(dir, "run", offers(2), nil)
			if err != nil {
				t.Fatal(err)
			}
			again := []Item{testItem(first[1].Key, 2), testItem(first[0].Key, 3)}
			again[0].Was, again[1].Was, again[0].KeyCell = first[0].OfferID, first[1].OfferID, "A2"
			again[0].Body.Set(affise.Text("another"), "title")
			summary, results, err := w.process(dir, "next", again, func(c *Config) { c.Mode = mode })
			if err != nil || summary.Counts[StatusFailed] != 2 || results[0].Messages[0].Code != "rekeyed" || results[0].Messages[0].Cell != "A2" {
				t.Errorf("%s: %v: %+v", mode, err, results)
			}
		})
	}
}

// TestALookOfManyPages takes a turn of the pace for each, and counts an offer once
// that stands on two.
func TestALookOfManyPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(func(string) fault { return fine })
		for range 5 {
			w.Create(t.Context(), testBody("tune-1"))
		}
		w.offers[3].ID = w.offers[2].ID
		began := time.Now()
		summary, results, err := w.process(fastDir(t), "", offers(1), func(c *Config) { c.Rate, c.Sender = 1, gappy{w} })
		if took := time.Since(began); err != nil || summary.Requests.LookedUp != 6 || took < 5*time.Second { // the list, and each page
			t.Fatalf("%v after %v: %+v", err, took, summary)
		}
		if text := results[0].Messages[1].Text; !strings.Contains(text, "besides offer 1 also 2, 3, 5;") {
			t.Error(text)
		}
	})
}
