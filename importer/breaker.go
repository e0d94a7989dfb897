package importer

import "sync"

// refusals is how many refused keys in a row are one refused key.
const refusals = 5

// breaker holds all calls back as soon as the key is refused, and lets single
// ones through to see whether it stays so.
type breaker struct {
	stop   <-chan struct{}
	probe  chan struct{} // held by the one call that may go while the key is in doubt
	broken func()        // called once, when the key is refused for good

	mu      sync.Mutex
	refused int // in a row
}

func newBreaker(stop <-chan struct{}, broken func()) *breaker {
	return &breaker{stop: stop, probe: make(chan struct{}, 1), broken: broken}
}

// enter waits until a call may go; leave is to be called with whether the key
// was refused, or not at all answered.
func (b *breaker) enter() (leave func(verdict), err error) {
	if !b.doubt() {
		return func(v verdict) { b.judge(v, false) }, nil
	}
	select {
	case b.probe <- struct{}{}:
		return func(v verdict) {
			b.judge(v, true)
			<-b.probe
		}, nil
	case <-b.stop:
		return nil, errStopped
	}
}

// verdict is what an answer says of the key.
type verdict int

const (
	silent   verdict = iota // nothing
	accepted                // it is good
	refused                 // it is not
)

func (b *breaker) doubt() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused > 0
}

// judge counts refusals. Only a probe clears the key: any other call that was
// accepted may have left before the key was refused.
func (b *breaker) judge(v verdict, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case v == accepted && probe:
		b.refused = 0
	case v == refused:
		b.refused++
		if b.refused == refusals {
			b.broken()
		}
	}
}
