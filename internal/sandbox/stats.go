package sandbox

import (
	"maps"
	"time"
)

// Stats counts what a server has seen since it was made.
type Stats struct {
	Requests  int            // all that arrived, whatever became of them
	Calls     map[string]int // by call: create, edit, get, list, delete, mass-update, …; unknown for an unknown path
	Created   int            // creates that stored an offer, answered or not
	Edited    int            // edits and mass updates, counted per offer
	Deleted   int
	Throttled int            // answered 429, by the limit or by a fault
	Refused   int            // answered 401 or 403, by the key or by a fault
	Rejected  int            // requests that were read and refused for what they say
	Cut       int            // bodies that lost variables to max_input_vars
	Faults    map[string]int // fired, by name
	Busiest   int            // most requests that arrived within any one second: a half-open window that slides
}

// window finds the most arrivals in any second. Times are nanoseconds that never go back.
type window struct {
	ring []int64 // arrivals of the last second, oldest at head
	head int
	n    int
	most int
}

func (w *window) arrive(now int64) {
	for w.n > 0 && now-w.ring[w.head] >= int64(time.Second) {
		w.head = (w.head + 1) % len(w.ring)
		w.n--
	}
	if w.n == len(w.ring) {
		w.grow()
	}
	w.ring[(w.head+w.n)%len(w.ring)] = now
	w.n++
	w.most = max(w.most, w.n)
}

func (w *window) grow() {
	ring := make([]int64, max(64, 2*len(w.ring)))
	for i := range w.n {
		ring[i] = w.ring[(w.head+i)%len(w.ring)]
	}
	w.ring, w.head = ring, 0
}

// arrive counts a request and rolls its die: one roll a request, whatever the request is, so that the same seed and
// the same order of requests give the same faults.
func (s *Server) arrive(call string) (number int, roll float64) {
	s.gate.Lock()
	defer s.gate.Unlock()
	s.stats.Requests++
	s.stats.Calls[call]++
	s.window.arrive(int64(time.Since(s.began)))
	return s.stats.Requests, s.dice.Float64()
}

func (s *Server) count(change func(*Stats)) {
	s.gate.Lock()
	defer s.gate.Unlock()
	change(&s.stats)
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.gate.Lock()
	defer s.gate.Unlock()
	copied := s.stats
	copied.Calls, copied.Faults = maps.Clone(s.stats.Calls), maps.Clone(s.stats.Faults)
	copied.Busiest = s.window.most
	return copied
}
