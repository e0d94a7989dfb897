package importer

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
)

// BenchmarkRun is what durability costs: the same offers to the same sandbox over
// loopback, 64 requests at once, through the importer with its journal on a disk,
// through the importer with a journal that keeps nothing, and through a bare pool
// that knows of neither. They take turns, so that whatever else the machine does
// meets them all. Without latency the processor is the bound, and it serves the
// sandbox as well; with some, as every real account has, the requests under way
// are. TMPDIR must be on a real disk.
//
//	go test ./importer -run xxx -bench Run -benchtime 20000x
func BenchmarkRun(b *testing.B) {
	for _, latency := range []time.Duration{0, 10 * time.Millisecond} {
		b.Run("latency="+latency.String(), func(b *testing.B) { benchmarkRun(b, latency) })
	}
}

// took is what some offers took.
type took struct{ wall, cpu time.Duration }

func benchmarkRun(b *testing.B, latency time.Duration) {
	const turn = 2500
	var journaled, forgetful, bare took
	importing := func(options journal.Options) func(*affise.Client, []Item) {
		return func(client *affise.Client, items []Item) { benchImport(b, client, items, options) }
	}
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		bare.add(b, latency, n, func(client *affise.Client, items []Item) { barePool(b, client, items) })
		forgetful.add(b, latency, n, importing(journal.Options{Forget: true}))
		journaled.add(b, latency, n, importing(journal.Options{}))
	}
	b.ReportMetric(0, "ns/op") // of all three, which says nothing
	for name, t := range map[string]took{"journal": journaled, "forgetful": forgetful, "bare": bare} {
		b.ReportMetric(float64(b.N)/t.wall.Seconds(), name+"-offers/s")
		b.ReportMetric(float64(t.cpu.Microseconds())/float64(b.N), name+"-cpu-µs")
	}
	b.ReportMetric(100*(1-forgetful.wall.Seconds()/journaled.wall.Seconds()), "%-for-durability")
}

// add sends n offers and notes what that took, without what has to be made
// ready.
func (t *took) add(b *testing.B, latency time.Duration, n int, send func(*affise.Client, []Item)) {
	b.Helper()
	server, err := sandbox.New(sandbox.Config{AnyAdvertiser: true, Latency: latency})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := affise.NewClient(affise.Config{BaseURL: web.URL, Key: "test-key", Connections: 64})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	items := offers(n)
	runtime.GC()
	began, before := time.Now(), cpuTime()
	send(client, items)
	t.wall, t.cpu = t.wall+time.Since(began), t.cpu+cpuTime()-before
}

func benchImport(b *testing.B, client *affise.Client, items []Item, options journal.Options) {
	b.Helper()
	j, err := journal.Open(context.Background(), filepath.Join(b.TempDir(), "journal.db"), options)
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	_, err = Run(context.Background(), each(items), Config{Sender: client, Journal: j, Run: RunInfo{Account: "bench"}, Count: len(items), Workers: 64})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkEngine is the importer and its journal alone: the sender answers at
// once.
func BenchmarkEngine(b *testing.B) {
	items := offers(b.N)
	j := benchJournal(b)
	before := cpuTime()
	b.ResetTimer()
	_, err := Run(context.Background(), each(items), Config{Sender: &instant{}, Journal: j, Run: RunInfo{Account: "bench"}, Workers: 64})
	if err != nil {
		b.Fatal(err)
	}
	report(b, before)
}

// instant is a sender that stores nothing and answers at once.
type instant struct {
	Sender
	last atomic.Int64
}

func (s *instant) Create(context.Context, affise.Value) (affise.Stored, error) {
	return affise.Stored{ID: s.last.Add(1)}, nil
}

func (s *instant) List(context.Context, int, int) (affise.Page, error) {
	return affise.Page{Page: 1}, nil
}

func benchJournal(b *testing.B) *journal.Journal {
	b.Helper()
	j, err := journal.Open(context.Background(), filepath.Join(b.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { j.Close() })
	return j
}

func barePool(b *testing.B, client *affise.Client, items []Item) {
	queue := make(chan Item)
	var pool sync.WaitGroup
	for range 64 {
		pool.Go(func() {
			for item := range queue {
				stored, err := client.Create(context.Background(), item.Body)
				if err == nil {
					_, err = affise.Differences(item.Body, stored.Offer)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	pool.Wait()
}

func report(b *testing.B, before time.Duration) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "offers/s")
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/offer")
}
