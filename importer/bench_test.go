package importer

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
)

// BenchmarkRun is what durability costs: the same offers to the same sandbox
// over loopback through the importer with its journal on a disk, and through a
// bare pool that remembers nothing. Both with 64 requests at once. Without
// latency the processor is the bound, and it serves the sandbox as well; with
// some, as every real account has, the requests under way are.
func BenchmarkRun(b *testing.B) {
	for _, latency := range []time.Duration{0, 10 * time.Millisecond} {
		b.Run("latency="+latency.String(), func(b *testing.B) { benchmarkRun(b, latency) })
	}
}

func benchmarkRun(b *testing.B, latency time.Duration) {
	b.Run("importer", func(b *testing.B) {
		client, items := benchClient(b, latency)
		j := benchJournal(b)
		before := cpuTime()
		b.ResetTimer()
		_, err := Run(context.Background(), each(items), Config{Sender: client, Journal: j, Run: RunInfo{Account: "bench"}, Count: len(items), Workers: 64})
		if err != nil {
			b.Fatal(err)
		}
		report(b, before)
	})
	b.Run("bare", func(b *testing.B) {
		client, items := benchClient(b, latency)
		before := cpuTime()
		b.ResetTimer()
		barePool(b, client, items)
		report(b, before)
	})
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

func benchClient(b *testing.B, latency time.Duration) (*affise.Client, []Item) {
	b.Helper()
	server, err := sandbox.New(sandbox.Config{AnyAdvertiser: true, Latency: latency})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(server)
	client, err := affise.NewClient(affise.Config{BaseURL: web.URL, Key: "test-key", Connections: 64})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		client.Close()
		web.Close()
		server.Close()
	})
	return client, offers(b.N)
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
