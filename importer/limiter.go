package importer

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter is the one pace of a run: all workers and all calls go through it.
// Waiting ends at once when its stop channel closes.
type limiter struct {
	stop      <-chan struct{}
	throttles func(rate float64, pause time.Duration) // told of each time that it gives way

	mu       sync.Mutex
	pace     pace
	slots    *rate.Limiter
	window   *window
	until    time.Time     // nobody sends before
	inRow    int           // throttles since a request last went through
	cutAt    time.Time     // when the rate was last halved
	grownAt  time.Time     // up to when growth is counted
	changed  chan struct{} // closed when what was reserved no longer holds
	requests int
	began    time.Time // of the first request
	recent   meter
}

func newLimiter(limit float64, burst int, stop <-chan struct{}) *limiter {
	l := &limiter{stop: stop, pace: newPace(limit), window: newWindow(limit, burst), changed: make(chan struct{})}
	l.slots = rate.NewLimiter(slotRate(limit), burst)
	return l
}

func slotRate(perSecond float64) rate.Limit {
	if perSecond <= 0 {
		return rate.Inf
	}
	return rate.Limit(perSecond / (1 + slack))
}

// wait waits for the turn to send. It returns errStopped where the run stops
// first.
func (l *limiter) wait() error {
	for {
		if isClosed(l.stop) {
			return errStopped
		}
		ready, d, cancel, changed := l.reserve()
		if ready {
			return nil
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
			if cancel != nil && !isClosed(changed) {
				return nil
			}
		case <-changed:
		case <-l.stop:
			timer.Stop()
			if cancel != nil {
				cancel()
			}
			return errStopped
		}
		timer.Stop()
		if cancel != nil {
			cancel()
		}
	}
}

// reserve takes the next slot. Without a cancel the time is a pause, after which
// to ask again.
func (l *limiter) reserve() (ready bool, d time.Duration, cancel func(), changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if d := l.until.Sub(now); d > 0 {
		return false, d, nil, l.changed
	}
	l.grow(now)
	if l.pace.rate == 0 {
		return true, 0, nil, nil
	}
	slot := l.slots.ReserveN(now, 1)
	d = slot.DelayFrom(now)
	if d > growEvery && l.pace.slow() { // the rate will have grown long before: a slot of now would come too late
		slot.CancelAt(now)
		return false, growEvery, nil, l.changed
	}
	return d == 0, d, slot.Cancel, l.changed
}

func (l *limiter) grow(now time.Time) {
	if !l.pace.slow() {
		l.grownAt = now
		return
	}
	var left time.Duration
	l.pace, left = l.pace.quiet(now.Sub(l.grownAt))
	l.grownAt = now.Add(-left)
	l.slots.SetLimitAt(now, slotRate(l.pace.rate))
}

// depart waits until a request may really leave, and notes that it does. It is
// called right before.
func (l *limiter) depart() error {
	now := time.Now()
	l.mu.Lock()
	if l.began.IsZero() {
		l.began = now
	}
	if l.window == nil {
		l.count(now)
		l.mu.Unlock()
		return nil
	}
	place, at := l.window.reserve(now)
	l.mu.Unlock()
	if err := sleep(at.Sub(now), l.stop); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now = time.Now()
	l.window.note(place, now)
	l.count(now)
	return nil
}

func (l *limiter) count(now time.Time) {
	l.requests++
	l.recent.add(now)
}

// throttled makes all wait, and halves the rate unless the request left before
// it was last halved: a throttle of many requests at once is one throttle.
func (l *limiter) throttled(left time.Time, retryAfter time.Duration) {
	l.mu.Lock()
	now := time.Now()
	if left.After(l.cutAt) {
		l.inRow++
		l.pace = l.pace.throttled(l.recent.rate(now))
		l.cutAt = now
		l.slots.SetLimitAt(now, slotRate(l.pace.rate))
	}
	pause := pauseAfter(max(l.inRow, 1), retryAfter)
	if until := now.Add(pause); until.After(l.until) {
		l.until = until
	}
	l.grownAt = l.until
	close(l.changed)
	l.changed = make(chan struct{})
	rate := l.pace.rate
	l.mu.Unlock()
	l.throttles(rate, pause)
}

// passed notes that the server took a request.
func (l *limiter) passed() {
	l.mu.Lock()
	l.inRow = 0
	l.mu.Unlock()
}

// totals are the requests made and the time from the first until now.
func (l *limiter) totals() (requests int, active time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.requests == 0 {
		return 0, 0
	}
	return l.requests, time.Since(l.began)
}

// speed is the rate of the last seconds.
func (l *limiter) speed() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.rate(time.Now())
}

// meter measures the rate of the last seconds, by tenths of a second.
type meter struct {
	counts [30]int
	last   int64 // the tenth that was counted last
	first  int64
}

func (m *meter) move(now time.Time) {
	tenth := now.UnixMilli() / 100
	if m.first == 0 {
		m.first, m.last = tenth, tenth
	}
	for m.last < tenth {
		if tenth-m.last >= int64(len(m.counts)) {
			m.counts, m.last = [30]int{}, tenth
			return
		}
		m.last++
		m.counts[m.last%int64(len(m.counts))] = 0
	}
}

func (m *meter) add(now time.Time) {
	m.move(now)
	m.counts[m.last%int64(len(m.counts))]++
}

func (m *meter) rate(now time.Time) float64 {
	m.move(now)
	total := 0
	for _, n := range m.counts {
		total += n
	}
	tenths := min(m.last-m.first+1, int64(len(m.counts)))
	return float64(total) * 10 / float64(tenths)
}

// sleep waits, unless the run stops.
func sleep(d time.Duration, stop <-chan struct{}) error {
	if isClosed(stop) {
		return errStopped
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-stop:
		return errStopped
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
