package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Config says how the look-alike behaves. The zero value stores in memory, takes any key and is fast and faultless.
type Config struct {
	Key           string           // the API key that is accepted; blank = any non-blank key
	AnyAdvertiser bool             // accept every advertiser id of 24 hexadecimal digits, not only those of Advertisers
	File          string           // where the offers are kept between starts; blank = in memory only
	Rate          float64          // requests per second over all calls, with a burst of a tenth of it; beyond it: 429. 0 = no limit
	RetryAfter    bool             // whether the limit's 429 carries Retry-After: 1
	Faults        Faults           // shares of requests that go wrong
	Seed          uint64           // of the fault dice: the same seed and order of requests give the same faults
	Latency       time.Duration    // added to every answer
	ListDelay     time.Duration    // a new offer is listed only after this long; GET /3.0/offer/{id} shows it at once
	MaxInputVars  int              // PHP's max_input_vars: variables beyond it are dropped without a word; 0 = 1000
	RefuseKeyFrom int              // from this request on (1 is the first) every key is refused, by turns with 401 and 403; 0 = never
	Now           func() time.Time // for created_at, updated_at and what today is; nil = time.Now. Pace and delays run on real time
}

// Server is the look-alike. It is safe for concurrent use.
type Server struct {
	cfg           Config
	table         *fields
	lists         *lists
	zones         zones
	store         *store
	limit         *rate.Limiter
	writes, reads odds
	walks         sync.Pool // of *walk
	readings      sync.Pool // of *reading
	closed        chan struct{}
	closeOnce     sync.Once
	closeErr      error
	began         time.Time

	gate   sync.Mutex // guards what follows, for a moment on each request
	stats  Stats
	window window
	dice   *rand.Rand
}

// New makes a server and reads its file. It fails where the configuration makes no sense or the file cannot be read.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	st, err := openStore(cfg.File)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, table: offerFields(), lists: newLists(), store: st,
		writes: cfg.Faults.odds("writes"), reads: cfg.Faults.odds("reads"),
		closed: make(chan struct{}), began: time.Now(), dice: newDice(cfg.Seed),
		stats: Stats{Calls: map[string]int{}, Faults: map[string]int{}},
	}
	if cfg.Rate > 0 {
		s.limit = rate.NewLimiter(rate.Limit(cfg.Rate), roundUp(cfg.Rate))
	}
	for _, c := range st.added {
		s.lists.addCategory(c)
	}
	s.readings.New = func() any { return new(reading) }
	s.walks.New = func() any {
		return &walk{
			lists: s.lists, zones: &s.zones, anyAdvertiser: cfg.AnyAdvertiser,
			parts: func() uint64 { return st.nextPart.Add(1) - 1 },
		}
	}
	return s, nil
}

func (c Config) check() error {
	switch {
	case c.Rate < 0:
		return errors.New("the sandbox's rate cannot be negative")
	case c.Latency < 0 || c.ListDelay < 0:
		return errors.New("the sandbox's latency and list delay cannot be negative")
	case c.MaxInputVars < 0 || c.RefuseKeyFrom < 0:
		return errors.New("the sandbox's max input vars and refuse key from cannot be negative")
	}
	return c.Faults.check()
}

// Close writes the file once more, lets go of hanging requests and returns the error of the last write. Requests that
// come later are answered, but what they store may not reach the file.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.closeErr = s.store.close()
	})
	return s.closeErr
}

// Offers returns the stored offers in the order of their ids, in the read shape. Numbers are json.Number.
func (s *Server) Offers() []map[string]any {
	records := s.store.all()
	offers := make([]map[string]any, len(records))
	for i, r := range records {
		offers[i] = decodeDoc(r.doc)
	}
	return offers
}

func decodeDoc(doc []byte) map[string]any {
	offer := map[string]any{}
	d := json.NewDecoder(strings.NewReader(string(doc)))
	d.UseNumber()
	if err := d.Decode(&offer); err != nil {
		panic(fmt.Sprintf("sandbox: a stored offer is not JSON: %v", err)) // written by this package
	}
	return offer
}

// Duplicates returns the ids of the offers that share an external_offer_id, by that id.
func (s *Server) Duplicates() map[string][]int { return s.store.duplicates() }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := s.route(r)
	number, roll := s.arrive(route.call)
	if !s.wait(r, s.cfg.Latency) {
		drop()
	}
	if s.limit != nil && !s.limit.Allow() {
		s.throttle(w, map[bool]string{true: "1"}[s.cfg.RetryAfter])
		return
	}
	if refused, ok := s.checkKey(r, number); !ok {
		s.send(w, refused)
		return
	}
	fault, place := s.fault(r.Method, roll)
	if s.strikeBefore(w, r, fault, place) {
		return
	}
	a := route.handle(r)
	if a.rejected {
		s.count(func(st *Stats) { st.Rejected++ })
	}
	if !s.strikeAfter(w, r, fault, a) {
		s.send(w, a)
	}
}

func (s *Server) fault(method string, roll float64) (string, float64) {
	o := s.reads
	if method != http.MethodGet && method != http.MethodHead {
		o = s.writes
	}
	name, place := o.pick(roll)
	if name != "" {
		s.count(func(st *Stats) { st.Faults[name]++ })
	}
	return name, place
}

// wait reports false where the client or the server went away first.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

func (s *Server) checkKey(r *http.Request, number int) (answer, bool) {
	key := r.Header.Get("API-Key")
	switch {
	case s.cfg.RefuseKeyFrom > 0 && number >= s.cfg.RefuseKeyFrom:
		return keyRefused(number%2 == 1), false
	case keyInQuery(r):
		return refusal(http.StatusUnauthorized, "error", "Token is necessary: send it in the API-Key header, a key in the address ends up in logs"), false
	case key == "":
		return keyRefused(true), false
	case s.cfg.Key != "" && key != s.cfg.Key:
		return keyRefused(false), false
	}
	return answer{}, true
}

func keyInQuery(r *http.Request) bool {
	if r.URL.RawQuery == "" {
		return false
	}
	for name := range r.URL.Query() {
		switch strings.ToLower(strings.ReplaceAll(name, "_", "-")) {
		case "api-key", "apikey":
			return true
		}
	}
	return false
}

func (s *Server) throttle(w http.ResponseWriter, retryAfter string) {
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	s.send(w, refusal(http.StatusTooManyRequests, "error", "Too Many Requests"))
}
