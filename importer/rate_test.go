package importer

import (
	"testing"
	"time"

	"offerlift/internal/sandbox"
)

// TestRateIsKept counts at the server, in real time, over real connections. A
// busy machine may hold a request up on its way and bring two together, hence
// the slack; how much of the rate is used is for the log, since it depends on
// the machine. The arithmetic is held exactly by the tests of the limiter.
func TestRateIsKept(t *testing.T) {
	const limit, n, slack = 50, 80, 3
	b := newBench(t, sandbox.Config{Latency: 5 * time.Millisecond})
	summary, _, err := b.run(offers(n), func(c *Config) { c.Rate = limit })
	if err != nil || summary.Counts[StatusCreated] != n {
		t.Fatalf("%+v, %v", summary, err)
	}
	stats := b.server.Stats()
	t.Logf("%d requests, busiest second %d, %.1f %% of the rate used", stats.Requests, stats.Busiest, 100*summary.Rate.Achieved/limit)
	if stats.Busiest > limit+slack {
		t.Errorf("%d requests in one second, the limit is %d", stats.Busiest, limit)
	}
}
