package importer

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
	"pgregory.net/rapid"

	"offerlift/internal/affise"
)

func TestPaceHalvesAndGrowsBack(t *testing.T) {
	for _, c := range []struct {
		name string
		pace pace
		sent float64
		want float64
	}{
		{"halves", pace{limit: 50, rate: 50}, 49, 25},
		{"halves again", pace{limit: 50, rate: 25, ceiling: 50}, 24, 12.5},
		{"has a floor", pace{limit: 50, rate: .3}, .3, slowest},
		{"never above the limit", pace{limit: .1, rate: .1}, .1, .1},
		{"without a limit starts from what was sent", pace{}, 400, 200},
		{"without anything sent", pace{}, 0, .5},
	} {
		c.pace.patience = patience
		if got := c.pace.throttled(throttle{at: time.Unix(1000, 0), inRow: 1, sent: c.sent}); got.rate != c.want {
			t.Errorf("%s: %v, not %v", c.name, got.rate, c.want)
		}
	}
	for _, c := range []struct {
		name  string
		pace  pace
		quiet time.Duration
		want  float64
	}{
		{"quickly below the ceiling", pace{limit: 90, rate: 20, ceiling: 50}, time.Second, 30},
		{"carefully near it", pace{limit: 90, rate: 46, ceiling: 50}, 4 * time.Second, 48},
		{"quickly beyond", pace{limit: 900, rate: 60, ceiling: 50}, time.Second, 90},
		{"up to the limit", pace{limit: 50, rate: 45}, time.Hour, 50},
		{"away, where there is no limit", pace{rate: 45, ceiling: 60}, time.Hour, 0},
	} {
		if got := c.pace.quiet(c.quiet); math.Abs(got.rate-c.want) > .01*c.want || got.slow() != (c.want < c.pace.limit) {
			t.Errorf("%s: %v, not %v", c.name, got.rate, c.want)
		}
	}
	for n, want := range map[int]time.Duration{1: 250 * time.Millisecond, 2: 500 * time.Millisecond, 8: 32 * time.Second, 9: time.Minute, 100: time.Minute} {
		if got := pauseAfter(n, 0); got != want {
			t.Errorf("after %d throttles: %v", n, got)
		}
	}
	if pauseAfter(3, 10*time.Minute) != 10*time.Minute || pauseAfter(3, 1e6*time.Hour) != longestPause {
		t.Error("Retry-After is not kept")
	}
}

// TestPaceTries: throttles that come however slow the rate is are no reason for
// it, and a trial is judged by what it brings.
func TestPaceTries(t *testing.T) {
	at := time.Unix(1000, 0)
	single := func(accepted float64) throttle {
		return throttle{at: at, inRow: 1, passed: 9, refused: 1, accepted: accepted}
	}
	slow := pace{limit: 200, rate: 20, ceiling: 100, top: 100, patience: patience, proven: 40, provenAt: at}
	onTrial := slow.throttled(single(20))
	if onTrial.rate != 200 || onTrial.trialEnd != at.Add(trial) {
		t.Errorf("20 a second where 40 went through: %+v", onTrial)
	}
	if p := slow.throttled(throttle{at: at, inRow: 1, passed: 1, refused: 3, accepted: 20}); p.rate != 10 {
		t.Errorf("where hardly any goes through: %+v", p)
	}
	if p := onTrial.throttled(single(20)); p != onTrial {
		t.Errorf("a throttle during a trial: %+v", p)
	}
	if p := onTrial.throttled(throttle{at: at, inRow: 3, refused: 1}); p.rate != 100 {
		t.Errorf("three in a row during a trial: %+v", p)
	}
	at = at.Add(trial)
	if p := onTrial.throttled(single(10)); p.proven != 10 || p.patience != 2*patience || p.rate != 100 {
		t.Errorf("a trial that brought less: %+v", p)
	}
	if p := onTrial.throttled(single(60)); p.proven != 60 || p.patience != patience {
		t.Errorf("a trial that brought more: %+v", p)
	}
	p := pace{limit: 200, rate: 200, patience: patience}
	for range patience + 1 {
		p = p.throttled(single(0))
	}
	if p.rate != 6.25 {
		t.Errorf("after %d halvings: %+v", patience+1, p)
	}
	if p = p.throttled(single(0)); p.rate != 200 {
		t.Errorf("and once more: %+v", p)
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
		turn, err := l.wait()
		if err != nil {
			t.Fatal(err)
		}
		if err := l.depart(turn); err != nil {
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
		times := departures(t, l, 200)
		if times[0] < 3*time.Second || times[1]-times[0] < 160*time.Millisecond {
			t.Errorf("first %v, second %v", times[0], times[1])
		}
		if gap := times[199] - times[198]; gap > 110*time.Millisecond || l.pace.slow() {
			t.Errorf("the rate has not come back: a gap of %v", gap)
		}
	})
}

// TestAThrottleTakesTurnsBack: also from those whose intents go to the disk, or
// that wait until fewer requests are under way. All wait as long as they are to,
// and leave at the new pace.
func TestAThrottleTakesTurnsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := quietLimiter(0, 1)
		turns := make([]turn, 8)
		for i := range turns {
			turns[i], _ = l.wait()
		}
		began := time.Now()
		l.throttled(began, 2*time.Second)
		time.Sleep(3 * time.Second)
		var left []time.Duration
		for _, turn := range turns {
			if err := l.depart(turn); err != nil {
				t.Fatal(err)
			}
			left = append(left, time.Since(began))
		}
		if gap := left[7] - left[6]; left[0] < 2*time.Second || gap < 50*time.Millisecond {
			t.Errorf("%v", left)
		}
		turn, _ := l.wait()
		l.throttled(time.Now(), 2*time.Second)
		again := time.Now()
		if err := l.depart(turn); err != nil || time.Since(again) < 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(again))
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

// throttler is a server that throttles at random, or above a limit of its own,
// in fake time.
type throttler struct {
	latency time.Duration
	share   float64       // of the requests that are throttled for no reason
	limit   *rate.Limiter // nil: none

	mu              sync.Mutex
	dice            *rand.Rand
	passed, refused int
}

// answer tells whether a request is throttled, and what Retry-After says then: as
// the sandbox has it, nothing, a second, or a date within the next second.
func (s *throttler) answer() (throttled bool, retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	beyond := s.limit != nil && !s.limit.Allow()
	if !beyond && s.dice.Float64() >= s.share {
		s.passed++
		return false, 0
	}
	s.refused++
	asks := []time.Duration{0, time.Second, time.Duration(s.dice.Int64N(int64(time.Second)))}
	return true, asks[s.dice.IntN(len(asks))]
}

// load sends what workers can for a while.
func (s *throttler) load(limit float64, workers int, long time.Duration) {
	stop := make(chan struct{})
	time.AfterFunc(long, func() { close(stop) })
	l := newLimiter(limit, 1, stop)
	l.throttles = func(float64, time.Duration) {}
	flights := make(chan struct{}, workers)
	var pool sync.WaitGroup
	for range ahead * workers {
		pool.Go(func() {
			for turn, err := l.wait(); err == nil; turn, err = l.wait() {
				flights <- struct{}{}
				s.request(l, turn)
				<-flights
			}
		})
	}
	pool.Wait()
}

func (s *throttler) request(l *limiter, turn turn) {
	if l.depart(turn) != nil {
		return
	}
	left := time.Now()
	time.Sleep(s.latency)
	if throttled, after := s.answer(); throttled {
		l.throttled(left, after)
		return
	}
	l.passed()
}

// TestPaceOfAServerThatThrottlesAtRandom: each throttle holds all up, by 0.6
// seconds on the mean, and that is all that it should cost. No pace can do
// better than one request in 1/rate + share × pause; two thirds of that are
// asked for, and half where few requests tell little.
func TestPaceOfAServerThatThrottlesAtRandom(t *testing.T) {
	for _, c := range []struct {
		rate    float64
		share   float64
		workers int
		part    float64
	}{
		{200, .01, 16, .66}, {200, .03, 16, .66}, {200, .15, 16, .5}, {50, .03, 64, .66}, {50, .15, 8, .5},
		{5, .03, 8, .66}, {5, .15, 8, .5}, {0, .03, 8, .66}, {0, .15, 64, .66},
	} {
		t.Run(fmt.Sprintf("%v a second, %v throttled, %d workers", c.rate, c.share, c.workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const long = 5 * time.Minute
				s := &throttler{latency: 20 * time.Millisecond, share: c.share, dice: rand.New(rand.NewPCG(1, 1))}
				s.load(c.rate, c.workers, long)
				possible := float64(c.workers) / s.latency.Seconds()
				if c.rate > 0 {
					possible = min(possible, c.rate)
				}
				possible = 1 / (1/possible + c.share*0.6)
				got := float64(s.passed) / long.Seconds()
				t.Logf("%.1f requests a second of %.1f", got, possible)
				if got < c.part*possible {
					t.Errorf("%.1f requests a second, %.1f are possible", got, possible)
				}
			})
		})
	}
}

// TestPaceFindsTheServersLimit and keeps to it: nearly all of it is used, and
// few requests are throttled.
func TestPaceFindsTheServersLimit(t *testing.T) {
	for _, limit := range []float64{5, 50} {
		for _, workers := range []int{1, 64} {
			for _, asked := range []float64{0, 200} {
				t.Run(fmt.Sprintf("%v of %v a second, %d workers", limit, asked, workers), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						const long = 3 * time.Minute
						s := &throttler{latency: 2 * time.Millisecond, limit: rate.NewLimiter(rate.Limit(limit), max(1, int(limit/10))), dice: rand.New(rand.NewPCG(1, 1))}
						s.load(asked, workers, long)
						used, refused := float64(s.passed)/long.Seconds()/limit, float64(s.refused)/float64(s.passed+s.refused)
						t.Logf("%.0f %% of the limit used, %.1f %% throttled", 100*used, 100*refused)
						if used < .75 || refused > .15 {
							t.Errorf("%.0f %% of the limit used, %.1f %% throttled", 100*used, 100*refused)
						}
					})
				})
			}
		}
	}
}

// TestPaceFallsAtOnce to what a server lets through whose limit is far below what
// many workers send: it is not hammered while the limit is looked for.
func TestPaceFallsAtOnce(t *testing.T) {
	for _, asked := range []float64{0, 50, 200} {
		synctest.Test(t, func(t *testing.T) {
			const long = 30 * time.Second
			s := &throttler{latency: 2 * time.Millisecond, limit: rate.NewLimiter(10, 10), dice: rand.New(rand.NewPCG(1, 1))}
			s.load(asked, 64, long)
			used := float64(s.passed) / long.Seconds() / 10
			t.Logf("at %v a second: %.0f %% of the limit used, %d passed, %d throttled", asked, 100*used, s.passed, s.refused)
			if used < .6 || s.refused > s.passed/2 {
				t.Errorf("at %v a second: %.0f %% of the limit used, %d passed, %d throttled", asked, 100*used, s.passed, s.refused)
			}
		})
	}
}

// TestManyThatWaitCostNothing: slots that a throttle takes back are not lost.
func TestManyThatWaitCostNothing(t *testing.T) {
	passed := map[int]int{}
	for _, workers := range []int{1, 64} {
		synctest.Test(t, func(t *testing.T) {
			s := &throttler{latency: 2 * time.Millisecond, share: .03, dice: rand.New(rand.NewPCG(1, 1))}
			s.load(5, workers, 5*time.Minute)
			passed[workers] = s.passed
		})
	}
	if passed[64] < passed[1]*95/100 {
		t.Errorf("passed, by workers: %v", passed)
	}
}

// TestWaitersGrowWithTheRate: who waits since the rate was at its lowest does
// not wait at that rate when it has long grown back.
func TestWaitersGrowWithTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := quietLimiter(200, 1)
		l.pace.rate, l.grownAt = slowest, time.Now()
		l.slots.SetLimitAt(time.Now(), slotRate(slowest))
		began := time.Now()
		var waiters sync.WaitGroup
		for range 64 {
			waiters.Go(func() { l.wait() })
		}
		waiters.Wait()
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("64 requests waited %v", took)
		}
	})
}

// TestTheFirstRequestWaitsItsTurn: another process may have sent to the account a
// moment before.
func TestTheFirstRequestWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if times := departures(t, quietLimiter(5, 1), 1); times[0] < 200*time.Millisecond {
			t.Errorf("it leaves after %v", times[0])
		}
	})
}

// TestThrottlesInARow each make all wait twice as long.
func TestThrottlesInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := newWorld(func(call string) fault {
			if call != "create" {
				return fine
			}
			if n++; n > 6 {
				return fine
			}
			return throttled
		})
		began := time.Now()
		if _, _, err := w.process(fastDir(t), "", offers(1), nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 63*firstPause {
			t.Errorf("six throttles hold it up for %v", took)
		}
	})
}
