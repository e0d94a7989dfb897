package importer

import (
	"math"
	"time"
)

const (
	slowest   = 0.2 // requests per second below which no throttle brings the rate
	boundless = 1e5 // requests per second from which on a rate is none

	faster  = 1.5  // what a second without a throttle makes of a rate that is not near the ceiling
	near    = 0.1  // how near that is, as a part of the ceiling
	careful = 0.01 // the part of the ceiling that a second adds near it

	trial      = 10 * time.Second // how long a rate is tried whatever throttles come
	patience   = 4                // halvings without effect before the first trial
	impatience = 8                // and after many trials that brought nothing
	proof      = 0.8              // below this part of what was let through, the rate is not the reason for a throttle
	better     = 1.3              // a trial that brings so many times as much was worth it
	worse      = 0.6              // one that brings less than this part shows that the server's limit has come down
	fade       = time.Minute      // after which what was let through counts for half

	firstPause = 250 * time.Millisecond // after a throttle that does not say how long
	maxPause   = time.Minute
)

// pace is a rate that halves when the server throttles and grows back to its
// limit: quickly to near where it was halved, carefully around there, since that
// is where the server's own limit may be, and quickly again beyond. Where most is
// throttled, it falls at once to what was let through.
//
// Some servers throttle a part of all requests, however few come. A rate that
// halves each time would crawl. Two things tell such a server from one that has a
// limit: it throttles at a rate well below what it has been letting through, and
// halvings follow each other before the rate has grown back to where the last
// one was. Then the halvings are taken back, and twice the rate is tried for a
// while in which throttles only make all wait. What the server lets through
// meanwhile shows whether that was right; where it was not, the next trial comes
// later.
//
// It is arithmetic alone; [limiter] does the waiting.
type pace struct {
	limit    float64   // requests per second that the user allows; 0 = any
	rate     float64   // that hold now; 0 = any
	ceiling  float64   // the rate that was halved last; 0 = none
	top      float64   // the rate before the halvings that it has not grown back from
	halvings int       // in a row that came before the rate had grown back
	patience int       // how many of those there may be before a trial
	trialEnd time.Time // zero where none is going on, or has yet to be judged
	proven   float64   // the most requests per second that the server let through
	provenAt time.Time // up to when it has faded
}

func newPace(limit float64) pace { return pace{limit: limit, rate: limit, patience: patience} }

// throttle is a moment at which the server asked for less.
type throttle struct {
	at       time.Time
	inRow    int     // how many there were since a request last went through
	passed   int     // requests that went through since the throttle before
	refused  int     // and that did not
	sent     float64 // requests per second that were sent lately
	accepted float64 // requests per second that the server let through lately
}

// crowded tells whether hardly any request goes through.
func (t throttle) crowded() bool {
	return t.inRow >= 3 || t.refused >= 3 && t.refused > t.passed
}

// flooded tells whether the server is sent many times what it lets through.
func (t throttle) flooded() bool { return t.refused >= 5 && t.refused > 2*t.passed }

// throttled is the pace after a throttle.
func (p pace) throttled(t throttle) pace {
	if t.at.Before(p.trialEnd) && !t.crowded() {
		return p
	}
	p = p.learn(t)
	inVain := p.rate != 0 && p.rate < proof*p.proven
	if !t.crowded() && (inVain || p.halvings >= p.patience) {
		return p.tried(t.at)
	}
	return p.halved(t)
}

// learn judges a trial that has ended, and keeps the most that the server has
// let through.
func (p pace) learn(t throttle) pace {
	p.proven *= math.Exp2(-t.at.Sub(p.provenAt).Seconds() / fade.Seconds())
	switch {
	case p.trialEnd.IsZero():
	case t.accepted > p.proven*better:
		p.patience = patience
	default:
		p.patience = min(2*p.patience, impatience)
		if t.accepted < p.proven*worse {
			p.proven = t.accepted
		}
	}
	p.proven, p.provenAt, p.trialEnd = max(p.proven, t.accepted), t.at, time.Time{}
	return p
}

// tried is twice the rate from before the halvings, for a while.
func (p pace) tried(now time.Time) pace {
	p.rate, p.ceiling, p.halvings, p.trialEnd = 2*p.top, 0, 0, now.Add(trial)
	return p.bounded()
}

// halved halves the rate. Where there was none, what was sent is halved, and
// from then on there is one.
func (p pace) halved(t throttle) pace {
	switch {
	case p.rate >= p.ceiling*0.97: // it had grown back, but for what a moment adds
		p.halvings = 0
	case t.passed >= 3: // else it is on its way down to a limit far below
		p.halvings++
	}
	if p.rate >= p.ceiling*(1-near) {
		p.top = p.rate
	}
	p.ceiling = p.rate
	if p.rate == 0 {
		p.ceiling = max(t.sent, 1)
	}
	p.rate = max(p.ceiling/2, slowest)
	if t.flooded() { // what went through tells more than what was sent
		p.rate = min(p.rate, max(t.accepted, 1))
		p.ceiling = min(p.ceiling, 2*p.rate)
		p.top = p.ceiling
	}
	return p.bounded()
}

func (p pace) bounded() pace {
	if p.limit > 0 {
		p.rate = min(p.rate, p.limit)
	}
	return p
}

// quiet is the pace after a time without a throttle.
func (p pace) quiet(d time.Duration) pace {
	const step = 0.1 // seconds
	for left := d.Seconds(); left > 0 && p.slow(); left -= step {
		p = p.grown(min(left, step)).bounded()
	}
	return p
}

func (p pace) grown(seconds float64) pace {
	if math.Abs(p.rate-p.ceiling) <= near*p.ceiling {
		p.rate += careful * p.ceiling * seconds
	} else {
		p.rate *= math.Pow(faster, seconds)
	}
	if p.limit == 0 && p.rate > boundless {
		p.rate, p.ceiling = 0, 0
	}
	return p
}

// slow tells whether the rate is below what the user allows.
func (p pace) slow() bool { return p.rate != 0 && (p.limit == 0 || p.rate < p.limit) }

// longestPause is how long a server is believed to want no request at all. It is
// asked again then, which harms nobody; a wrong clock or number could say years.
const longestPause = 15 * time.Minute

// pauseAfter is how long all are to wait after the nth throttle in a row.
func pauseAfter(n int, retryAfter time.Duration) time.Duration {
	if retryAfter > 0 {
		return min(retryAfter, longestPause)
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
