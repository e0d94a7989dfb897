package sandbox

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Faults are shares between 0 and 1 by fault name: {"lost": 0.05} loses every twentieth answer.
type Faults map[string]float64

// A FaultDoc explains one fault. Kind is the requests that it strikes.
type FaultDoc struct {
	Name string
	Help string
	Kind string // writes (every POST), reads (every GET) or all
}

// FaultNames lists every fault there is.
func FaultNames() []FaultDoc {
	return []FaultDoc{
		{"lost", "stored, then the connection is closed without an answer", "writes"},
		{"500-after", "stored, then answered 500 in JSON", "writes"},
		{"502-after", "stored, then answered 502 with an HTML page", "writes"},
		{"half", "stored, then half the answer is sent under the full Content-Length and the connection closed", "writes"},
		{"html", "stored, then answered 200 with an HTML page", "writes"},
		{"empty", "stored, then answered 200 with an empty body", "writes"},
		{"no-id", "stored, then answered status 1 without offer and id", "writes"},
		{"wrong-offer", "stored, then answered status 1 with an offer of another id and external_offer_id", "writes"},
		{"huge", "stored, then answered with 100 MB", "writes"},
		{"hang", "stored, then no answer until the client goes away", "writes"},
		{"drop-before", "the connection is closed, nothing is stored", "writes"},
		{"500-before", "answered 500 in JSON, nothing is stored", "writes"},
		{"503-before", "answered 503 with an HTML page, nothing is stored", "writes"},
		{"status2-200", "answered 200 with status 2, nothing is stored", "writes"},
		{"redirect", "answered 302 or 307 to another path, nothing is stored", "writes"},
		{"look-fail", "a GET is answered 500, or its connection closed", "reads"},
		{"429", "answered 429 without Retry-After, with seconds, or with a date, in equal parts; nothing is stored", "all"},
		{"slow", "handled, then answered one byte at a time for three seconds", "all"},
		{"unauthorized", "answered 401, nothing is stored", "all"},
		{"forbidden", "answered 403, nothing is stored", "all"},
	}
}

// ParseFaults reads text such as "lost=0.05, 500-after=0.04". Blank text is no faults.
func ParseFaults(text string) (Faults, error) {
	faults := Faults{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, number, _ := strings.Cut(item, "=")
		share, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil {
			return nil, fmt.Errorf("fault %q: want name=share with a share from 0 to 1, such as lost=0.05", item)
		}
		faults[strings.TrimSpace(name)] = share
	}
	if len(faults) == 0 {
		return nil, nil
	}
	return faults, faults.check()
}

func (f Faults) check() error {
	var names []string
	sums := map[string]float64{}
	for _, doc := range FaultNames() {
		names = append(names, doc.Name)
		share := f[doc.Name]
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("fault %s=%v: a share is a number from 0 to 1", doc.Name, share)
		}
		for _, kind := range []string{"writes", "reads"} {
			if doc.Kind == kind || doc.Kind == "all" {
				sums[kind] += share
			}
		}
	}
	for name := range f {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%q is not a fault: the faults are %s", name, strings.Join(names, ", "))
		}
	}
	for kind, sum := range sums {
		if sum > 1+1e-9 {
			return fmt.Errorf("the faults that strike %s add up to %.2f: they cannot be more than 1", kind, sum)
		}
	}
	return nil
}

// odds are the faults of one kind of request laid out between 0 and 1.
type odds []struct {
	name string
	upto float64
}

func (f Faults) odds(kind string) odds {
	var all odds
	sum := 0.0
	for _, doc := range FaultNames() {
		if share := f[doc.Name]; share > 0 && (doc.Kind == kind || doc.Kind == "all") {
			sum += share
			all = append(all, struct {
				name string
				upto float64
			}{doc.Name, sum})
		}
	}
	return all
}

// pick returns the fault that a roll hits, "" for none, and where within the fault's share it fell, from 0 to 1.
func (o odds) pick(roll float64) (name string, place float64) {
	from := 0.0
	for _, f := range o {
		if roll < f.upto {
			return f.name, (roll - from) / (f.upto - from)
		}
		from = f.upto
	}
	return "", 0
}

func newDice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x6f666665726c6966)) }

// drop closes the connection without a further byte.
func drop() { panic(http.ErrAbortHandler) }

// strikeBefore plays the faults that happen instead of handling the request. It reports false where there is none.
func (s *Server) strikeBefore(w http.ResponseWriter, r *http.Request, fault string, place float64) bool {
	switch fault {
	case "drop-before":
		drop()
	case "500-before":
		s.send(w, serverError())
	case "503-before":
		s.send(w, htmlPage(http.StatusServiceUnavailable, "503 Service Temporarily Unavailable"))
	case "status2-200":
		s.send(w, refusal(http.StatusOK, "message", "Something went wrong, try again later"))
	case "redirect":
		w.Header().Set("Location", "/moved"+r.URL.Path)
		s.send(w, htmlPage([]int{http.StatusFound, http.StatusTemporaryRedirect}[int(2*place)], "Moved"))
	case "look-fail":
		if place >= 0.5 {
			drop()
		}
		s.send(w, serverError())
	case "429":
		s.throttle(w, []string{"", "1", time.Now().Add(time.Second).UTC().Format(http.TimeFormat)}[min(2, int(3*place))])
	case "unauthorized", "forbidden":
		s.send(w, keyRefused(fault == "unauthorized"))
	default:
		return false
	}
	return true
}

// strikeAfter spoils the answer of a request that was handled. It reports false where the answer goes out as it is.
func (s *Server) strikeAfter(w http.ResponseWriter, r *http.Request, fault string, a answer) bool {
	switch fault {
	case "lost":
		drop()
	case "500-after":
		s.send(w, serverError())
	case "502-after":
		s.send(w, htmlPage(http.StatusBadGateway, "502 Bad Gateway"))
	case "half":
		sendHalf(w, a)
	case "html":
		s.send(w, htmlPage(http.StatusOK, "Maintenance"))
	case "empty":
		s.send(w, answer{code: http.StatusOK, kind: "application/json"})
	case "huge":
		sendHuge(w)
	case "hang":
		s.hang(r)
	case "slow":
		s.sendSlowly(w, r, a)
	case "no-id":
		if a.doc == nil {
			return false
		}
		s.send(w, answer{code: a.code, kind: a.kind, body: []byte(`{"status":1}`)})
	case "wrong-offer":
		if a.doc == nil {
			return false
		}
		s.send(w, wrongOffer(a))
	default:
		return false
	}
	return true
}

func sendHalf(w http.ResponseWriter, a answer) {
	a.header(w)
	_, _ = w.Write(a.whole()[:a.length()/2])
	_ = http.NewResponseController(w).Flush()
	drop()
}

// hugeSize is the length of the huge answer.
const hugeSize = 100 << 20

func sendHuge(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	block := []byte(strings.Repeat("x", 64<<10))
	_, err := w.Write([]byte(`{"status":1,"offer":{"title":"`))
	for sent := 0; sent < hugeSize && err == nil; sent += len(block) {
		_, err = w.Write(block)
	}
	_, _ = w.Write([]byte(`"}}`))
}

// hang holds the connection until the client or the server goes away.
func (s *Server) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.closed:
	}
	drop()
}

const (
	slowPace  = 100 * time.Millisecond
	slowBytes = 30
)

func (s *Server) sendSlowly(w http.ResponseWriter, r *http.Request, a answer) {
	a.header(w)
	body, control := a.whole(), http.NewResponseController(w)
	for i := range min(slowBytes, len(body)) {
		_, _ = w.Write(body[i : i+1])
		_ = control.Flush()
		if !s.wait(r, slowPace) {
			drop()
		}
	}
	_, _ = w.Write(body[min(slowBytes, len(body)):])
}

// wrongOffer swaps the answer's ids for another offer's.
func wrongOffer(a answer) answer {
	offer := decodeDoc(a.doc)
	id, key := a.id+1, "not-"+fmt.Sprint(offer["external_offer_id"])
	if a.id > firstID {
		id = a.id - 1
	}
	doc := spliceMembers(a.doc, map[string]string{
		"id": strconv.Itoa(id), "offer_id": string(append(appendHexID([]byte{'"'}, uint64(id)), '"')),
		"external_offer_id": string(appendText(nil, key)),
	})
	return offerAnswer(doc, id)
}

// roundUp returns the burst that goes with a rate: a tenth of a second's requests, at least two.
func roundUp(rate float64) int { return max(2, int(math.Ceil(rate/10))) }
