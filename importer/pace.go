package importer

import "time"

const (
	slowest    = 0.2                    // requests per second below which no throttle brings the rate
	growth     = 10                     // steps from nothing to the limit
	growEvery  = time.Second            // without a throttle, between two steps
	firstPause = 500 * time.Millisecond // after a throttle that does not say how long
	maxPause   = time.Minute
)

// pace is a rate that halves when the server throttles and grows back to its
// limit in steps. It is arithmetic alone; [limiter] does the waiting.
type pace struct {
	limit float64 // requests per second that the user allows; 0 = any
	rate  float64 // that hold now; 0 = any
	step  float64 // what a second without a throttle adds
}

func newPace(limit float64) pace { return pace{limit: limit, rate: limit, step: limit / growth} }

// throttled halves the rate. Where there was none, what was achieved is halved,
// and from then on there is one.
func (p pace) throttled(achieved float64) pace {
	from := p.rate
	if from == 0 {
		from = max(achieved, 1)
		p.step = from / growth
	}
	p.rate = max(from/2, slowest)
	if p.limit > 0 {
		p.rate = min(p.rate, p.limit)
	}
	return p
}

// quiet grows the rate by a step for each whole [growEvery], and returns what is
// left of the time.
func (p pace) quiet(d time.Duration) (pace, time.Duration) {
	steps := d / growEvery
	p.rate += float64(steps) * p.step
	if p.limit > 0 {
		p.rate = min(p.rate, p.limit)
	}
	return p, d - steps*growEvery
}

// slow tells whether the rate is below what the user allows.
func (p pace) slow() bool { return p.rate != 0 && (p.limit == 0 || p.rate < p.limit) }

// pauseAfter is how long all are to wait after the nth throttle in a row.
func pauseAfter(n int, retryAfter time.Duration) time.Duration {
	if retryAfter > 0 {
		return retryAfter
	}
	return min(firstPause<<min(n-1, 10), maxPause)
}

// slack is the part of the rate that is given up so that what leaves evenly
// does not arrive too densely: the network and the machine delay one request
// more than the next.
const slack = 0.012

// window is the rule that no n requests in a row leave within less than a span:
// the times of the last n. It holds by when requests really left, so that one
// that was late and one that was not never make a second too full.
type window struct {
	left []time.Time // a ring
	next int
	span time.Duration
}

// newWindow allows what the rate gives in a second, and a burst on top.
func newWindow(limit float64, burst int) *window {
	if limit <= 0 {
		return nil
	}
	n := min(max(1, int(limit)), 4096)
	span := time.Duration(float64(n) / limit * (1 + slack) * float64(time.Second))
	return &window{left: make([]time.Time, n+burst-1), span: span}
}

// reserve says when the next request may leave and keeps that place for it;
// note it with when it really left.
func (w *window) reserve(now time.Time) (place int, at time.Time) {
	place = w.next
	at = now
	if earliest := w.left[place].Add(w.span); !w.left[place].IsZero() && earliest.After(now) {
		at = earliest
	}
	w.left[place] = at
	w.next = (w.next + 1) % len(w.left)
	return place, at
}

func (w *window) note(place int, left time.Time) {
	if left.After(w.left[place]) {
		w.left[place] = left
	}
}
