package importer

import (
	"testing"
	"time"

	"offerlift/internal/sandbox"
)

// TestRateIsKeptAndUsed measures at the server, in real time, over real
// connections.
func TestRateIsKeptAndUsed(t *testing.T) {
	const limit, n = 50, 110
	b := newBench(t, sandbox.Config{Latency: 5 * time.Millisecond})
	began := time.Now()
	summary, _, err := b.run(offers(n), func(c *Config) { c.Rate = limit })
	took := time.Since(began).Seconds()
	if err != nil || summary.Counts[StatusCreated] != n {
		t.Fatalf("%+v, %v", summary, err)
	}
	stats := b.server.Stats()
	t.Logf("%d requests in %.2f s, busiest second %d, achieved %.2f", stats.Requests, took, stats.Busiest, summary.Rate.Achieved)
	if stats.Busiest > limit {
		t.Errorf("%d requests in one second, the limit is %d", stats.Busiest, limit)
	}
	if used := summary.Rate.Achieved / limit; used < .94 { // .99 on a machine that has nothing else to do
		t.Errorf("%.1f %% of the rate is used", used*100)
	}
}
