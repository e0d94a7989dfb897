package importer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
	"offerlift/internal/sheet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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
	if len(results[0].Messages) > 0 || results[3].StartedAt == nil || len(results[7].Children) != 2 {
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
	if err != nil || summary.ExitCode != 1 || summary.Counts[StatusFailed] != 1 || results[1].Status != StatusFailed || results[1].Attempts != 0 {
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
