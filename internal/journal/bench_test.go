package journal

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkJournal is the journal's part of an offer: an intent that is waited
// for and an outcome with its attempt, 64 senders at once.
func BenchmarkJournal(b *testing.B) {
	ctx := context.Background()
	j, err := Open(ctx, filepath.Join(b.TempDir(), "journal.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	run := Run{Name: "bench", Account: "https://api.example.com", Kind: "import", Mode: "create", StartedAt: time.Now()}
	if err := j.Begin(ctx, &run); err != nil {
		b.Fatal(err)
	}
	var next atomic.Int64
	var senders sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		senders.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := sendOne(ctx, j, run.Number, int(n)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	senders.Wait()
	if err := j.Flush(ctx); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "offers/s")
}

func sendOne(ctx context.Context, j *Journal, run int64, n int) error {
	item := &Item{Run: run, Seq: n, Key: "tune-" + strconv.Itoa(n), Title: "Casino Royale DE", File: "launch.csv", Sheet: "offers", Row: n + 1,
		Children: `[{"file":"payouts.csv","sheet":"payouts","rows":[2,3,4]},{"file":"caps.csv","sheet":"caps","rows":[2,3]}]`,
		Action:   "create", State: Sent, Attempts: 1, BodySHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", StartedAt: time.Now()}
	j.NewItem(item)
	if err := j.Commit(ctx, Change{Item: item}); err != nil {
		return err
	}
	item.State, item.OfferID, item.FinishedAt = Created, int64(n), time.Now()
	return j.Post(ctx, Change{Item: item, From: Sent, Attempts: []Attempt{{Run: run, Item: item.ID, Call: "create",
		SentAt: item.StartedAt, AnsweredAt: item.FinishedAt, Outcome: "stored", HTTP: 200, OfferID: int64(n)}}})
}
