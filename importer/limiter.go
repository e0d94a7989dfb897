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

	queue chan struct{} // held by the first of those that wait to send
	slot  chan struct{} // held by the one that waits for the next slot

	mu       sync.Mutex
	pace     pace
	slots    *rate.Limiter
	window   *window
	until    time.Time     // nobody sends before
	inRow    int           // throttles since a request last went through
	passes   int           // requests that went through since the last throttle that counted
	refused  int           // and that did not
	cutAt    time.Time     // of the last throttle that counted
	grownAt  time.Time     // up to when growth is counted
	changed  chan struct{} // closed when what was reserved no longer holds
	requests int
	began    time.Time // of the first request
	sent     *meter
	accepted *meter // of the requests that the server let through
}

func newLimiter(limit float64, burst int, stop <-chan struct{}) *limiter {
	l := &limiter{stop: stop, queue: make(chan struct{}, 1), slot: make(chan struct{}, 1),
		pace: newPace(limit), window: newWindow(limit, burst), changed: make(chan struct{}),
		sent: newMeter(tenth, 3*time.Second), accepted: newMeter(4*time.Second, 10*time.Second)}
	l.slots = rate.NewLimiter(slotRate(limit), max(burst, int(limit*lateness.Seconds())))
	if limit >= 1 && burst == 1 { // who sent to the account a moment ago has used up the slot
		l.slots.ReserveN(time.Now(), 1)
	}
	return l
}

// growEvery is how often one that waits for a slow rate looks whether it has
// grown.
const growEvery = time.Second

// lateness is how late a timer may wake the one that waits without a slot being
// lost.
const lateness = 5 * time.Millisecond

func slotRate(perSecond float64) rate.Limit {
	if perSecond <= 0 {
		return rate.Inf
	}
	return rate.Limit(perSecond / (1 + slack))
}

// turn is the right to send. A throttle takes it back, by closing it.
type turn <-chan struct{}

// wait waits for the turn to send. It returns errStopped where the run stops
// first.
func (l *limiter) wait() (turn, error) {
	select {
	case l.queue <- struct{}{}:
	case <-l.stop:
		return nil, errStopped
	}
	defer func() { <-l.queue }()
	return l.take()
}

// take waits for the next slot. One at a time does: slots that many have
// reserved cannot be given back when the pace changes.
func (l *limiter) take() (turn, error) {
	select {
	case l.slot <- struct{}{}:
	case <-l.stop:
		return nil, errStopped
	}
	defer func() { <-l.slot }()
	for {
		if isClosed(l.stop) {
			return nil, errStopped
		}
		ready, d, cancel, changed := l.reserve()
		if ready {
			return changed, nil
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
			if cancel != nil && !isClosed(changed) {
				return changed, nil
			}
		case <-changed:
		case <-l.stop:
		}
		timer.Stop()
		if cancel != nil {
			cancel()
		}
	}
}

// reserve takes the next slot. Without a cancel the time is a pause, after which
// to ask again.
func (l *limiter) reserve() (ready bool, d time.Duration, cancel func(), changed turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if d := l.until.Sub(now); d > 0 {
		return false, d, nil, l.changed
	}
	l.grow(now)
	if l.pace.rate == 0 {
		return true, 0, nil, l.changed
	}
	slot := l.slots.ReserveN(now, 1)
	d = slot.DelayFrom(now)
	if d > growEvery && l.pace.slow() { // the rate will have grown before: a slot of now would come too late
		slot.CancelAt(now)
		return false, growEvery, nil, l.changed
	}
	return d == 0, d, slot.Cancel, l.changed
}

func (l *limiter) grow(now time.Time) {
	if l.pace.slow() {
		l.pace = l.pace.quiet(now.Sub(l.grownAt))
		l.slots.SetLimitAt(now, slotRate(l.pace.rate))
	}
	l.grownAt = now
}

// depart waits until a request may really leave, and notes that it does. It is
// called right before. A throttle may have come since the request's turn did,
// while its intent went to the disk: then it waits for another.
func (l *limiter) depart(t turn) (err error) {
	for {
		for isClosed(t) {
			if t, err = l.take(); err != nil {
				return err
			}
		}
		place, at := l.place()
		if err := sleep(time.Until(at), l.stop); err != nil {
			return err
		}
		if !isClosed(t) {
			l.leave(place)
			return nil
		}
	}
}

// place is a request's place in the window, and when it may leave.
func (l *limiter) place() (place int, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.window == nil {
		return 0, time.Time{}
	}
	return l.window.reserve(time.Now())
}

func (l *limiter) leave(place int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.window != nil {
		l.window.note(place, now)
	}
	if l.began.IsZero() {
		l.began = now
	}
	l.requests++
	l.sent.add(now)
}

// throttled makes all wait, and halves the rate unless the request left before
// it was last halved: a throttle of many requests at once is one throttle.
func (l *limiter) throttled(left time.Time, retryAfter time.Duration) {
	l.mu.Lock()
	now := time.Now()
	l.refused++
	if left.After(l.cutAt) {
		l.inRow++
		l.cutAt = now
		l.pace = l.pace.throttled(throttle{at: now, inRow: l.inRow, passed: l.passes, refused: l.refused,
			sent: l.sent.rate(now), accepted: l.accepted.rate(now)})
		l.passes, l.refused = 0, 0
		l.slots.SetLimitAt(now, slotRate(l.pace.rate))
	}
	pause := pauseAfter(max(l.inRow, 1), retryAfter)
	if until := now.Add(pause); until.After(l.until) {
		l.until = until
	}
	l.grownAt = l.until
	close(l.changed)
	l.changed = make(chan struct{})
	allowed := l.pace.rate
	l.mu.Unlock()
	l.throttles(allowed, pause)
}

// passed notes that the server took a request.
func (l *limiter) passed() {
	l.mu.Lock()
	l.inRow = 0
	l.passes++
	l.accepted.add(time.Now())
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
	return l.sent.rate(time.Now())
}

// meter measures the rate of the last seconds, by tenths of a second.
type meter struct {
	counts []int // a ring
	least  int64 // tenths that a rate is of at least
	last   int64 // the tenth that was counted last
	first  int64
}

// newMeter measures over a span at most. What came within the least span counts
// as if it had taken so long: a burst is no rate.
func newMeter(least, most time.Duration) *meter {
	return &meter{counts: make([]int, most/tenth), least: int64(least / tenth)}
}

const tenth = time.Second / 10

func (m *meter) move(now time.Time) {
	current := now.UnixMilli() / tenth.Milliseconds()
	if m.first == 0 {
		m.first, m.last = current, current
	}
	m.last = max(m.last, current-int64(len(m.counts)))
	for m.last < current {
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
	tenths := min(max(m.last-m.first+1, m.least), int64(len(m.counts)))
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
