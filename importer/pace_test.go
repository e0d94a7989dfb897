package importer

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"offerlift/internal/affise"
)

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name     string
		pace     pace
		achieved float64
		want     float64
	}{
		{"halves", pace{limit: 50, rate: 50, step: 5}, 49, 25},
		{"halves again", pace{limit: 50, rate: 25, step: 5}, 24, 12.5},
		{"has a floor", pace{limit: 50, rate: .3, step: 5}, .3, slowest},
		{"never above the limit", pace{limit: .1, rate: .1, step: .01}, .1, .1},
		{"without a limit starts from what was achieved", pace{}, 400, 200},
		{"without anything achieved", pace{}, 0, .5},
	} {
		if got := c.pace.throttled(c.achieved); got.rate != c.want {
			t.Errorf("%s: %v, not %v", c.name, got.rate, c.want)
		}
	}
	grown, left := pace{limit: 50, rate: 25, step: 5}.quiet(2500 * time.Millisecond)
	if grown.rate != 35 || left != 500*time.Millisecond {
		t.Error(grown, left)
	}
	if grown, _ := (pace{limit: 50, rate: 45, step: 5}).quiet(time.Hour); grown.rate != 50 || grown.slow() {
		t.Error(grown)
	}
	if grown, _ := (pace{}).throttled(100).quiet(20 * time.Second); grown.rate != 250 || !grown.slow() {
		t.Error(grown)
	}
	for n, want := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 7: 32 * time.Second, 8: time.Minute, 100: time.Minute} {
		if got := pauseAfter(n, 0); got != want {
			t.Errorf("after %d throttles: %v", n, got)
		}
	}
	if pauseAfter(3, time.Hour) != time.Hour {
		t.Error("Retry-After is not kept")
	}
}

// TestWindow: however late requests leave, no second holds more than the limit.
func TestWindow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		limit := rapid.IntRange(1, 60).Draw(r, "limit")
		w := newWindow(float64(limit), 1)
		now := time.Unix(1000, 0)
		var left []time.Time
		for range 200 {
			place, at := w.reserve(now)
			at = at.Add(time.Duration(rapid.IntRange(0, 30).Draw(r, "late")) * time.Millisecond)
			w.note(place, at)
			left = append(left, at)
			now = at
		}
		for i := limit; i < len(left); i++ {
			if span := left[i].Sub(left[i-limit]); span < time.Second {
				r.Fatalf("%d requests within %v", limit+1, span)
			}
		}
	})
}

// departures are the times at which n requests leave a limiter, in a bubble.
func departures(t *testing.T, l *limiter, n int) (times []time.Duration) {
	t.Helper()
	began := time.Now()
	for range n {
		if err := l.wait(); err != nil {
			t.Fatal(err)
		}
		if err := l.depart(); err != nil {
			t.Fatal(err)
		}
		times = append(times, time.Since(began))
	}
	return times
}

func quietLimiter(limit float64, burst int) *limiter {
	l := newLimiter(limit, burst, make(chan struct{}))
	l.throttles = func(float64, time.Duration) {}
	return l
}

func TestLimiterSlowsAndRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := quietLimiter(10, 1)
		departures(t, l, 20)
		left := time.Now()
		l.throttled(left, 3*time.Second)
		l.throttled(left, 3*time.Second) // of the same moment: one throttle
		if l.pace.rate != 5 {
			t.Errorf("the rate is %v", l.pace.rate)
		}
		times := departures(t, l, 100)
		if times[0] < 3*time.Second || times[1]-times[0] < 160*time.Millisecond {
			t.Errorf("first %v, second %v", times[0], times[1])
		}
		if gap := times[99] - times[98]; gap > 110*time.Millisecond || l.pace.slow() {
			t.Errorf("the rate has not come back: a gap of %v", gap)
		}
	})
}

func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		times := departures(t, quietLimiter(5, 3), 8)
		if times[2] != 0 || times[3] < 190*time.Millisecond {
			t.Error(times)
		}
	})
}

func TestBreakerLetsSingleCallsProbe(t *testing.T) {
	broken := 0
	b := newBreaker(make(chan struct{}), func() { broken++ })
	leave, _ := b.enter()
	leave(refused)
	first, _ := b.enter()
	entered := make(chan struct{})
	go func() {
		second, _ := b.enter()
		close(entered)
		second(accepted)
	}()
	select {
	case <-entered:
		t.Error("two calls go while the key is in doubt")
	case <-time.After(20 * time.Millisecond):
	}
	first(refused)
	<-entered
	for range refusals {
		leave, _ := b.enter()
		leave(refused)
	}
	if broken != 1 {
		t.Errorf("broken %d times", broken)
	}
}

func TestFingerprint(t *testing.T) {
	sent := affise.Map(affise.Field{Key: "title", Value: affise.Text("x")}, affise.Field{Key: "payments", Value: affise.List()}, affise.Field{Key: "kpi", Value: affise.Text("")})
	stored := `{"id": 9, "title" : "a \"quoted\", b", "payments": [{"total": 1, "x": "]"}, {}], "updated_at": "now" }`
	print := fingerprint(sent, json.RawMessage(stored))
	if strings.Count(print, "=") != 2 || !strings.HasPrefix(print, "title=") {
		t.Fatal(print)
	}
	if keys := edited(print, json.RawMessage(strings.Replace(stored, "now", "then", 1))); len(keys) > 0 {
		t.Error(keys)
	}
	if keys := edited(print, json.RawMessage(strings.Replace(stored, "1", "2", 1))); len(keys) != 1 || keys[0] != "payments" {
		t.Error(keys)
	}
}

// FuzzMembers holds the scanner against the standard library.
func FuzzMembers(f *testing.F) {
	f.Add(`{"a":1,"b":[1,{"c":"}"}],"d":{"e":null}, "f" : "\"\\" , "g":-1.5e3,"h":true}`)
	f.Add(` { } `)
	f.Add(" \"") // not JSON: no more than no panic is asked for
	f.Fuzz(func(t *testing.T, text string) {
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(text), &want) == nil && want != nil
		got := map[string]string{}
		for key, value := range members([]byte(text)) {
			got[string(key)] = string(value)
		}
		if !valid || strings.Contains(text, `\`) { // keys with escapes are compared as they stand
			return
		}
		for key, value := range want {
			if got[key] != string(value) {
				t.Errorf("%q: %q, not %q", key, got[key], value)
			}
		}
	})
}

// TestWaitersGrowWithTheRate: who waits since the rate was at its lowest does
// not wait at that rate when it has long grown back.
func TestWaitersGrowWithTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(200, 1, nil)
		l.throttles = func(float64, time.Duration) {}
		for range 12 {
			l.throttled(time.Now(), 0)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(maxPause)
		l.mu.Lock()
		l.pace.rate, l.grownAt = slowest, time.Now()
		l.slots.SetLimitAt(time.Now(), slotRate(slowest))
		l.mu.Unlock()
		began := time.Now()
		var waiters sync.WaitGroup
		for range 64 {
			waiters.Go(func() { l.wait() })
		}
		waiters.Wait()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("64 requests waited %v", took)
		}
	})
}
