package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFaults(t *testing.T) {
	got, err := ParseFaults(" lost=0.05, 500-after = 1e-2 ,429=0")
	if diff := cmp.Diff(Faults{"lost": 0.05, "500-after": 0.01, "429": 0}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err := ParseFaults(" "); got != nil || err != nil {
		t.Error(got, err)
	}
	for text, want := range map[string]string{
		"lots=0.1": `"lots" is not a fault: the faults are lost, 500-after`, "lost": "want name=share", "lost=x": "want name=share",
		"lost=1.1": "a share is a number from 0 to 1", "lost=-1": "a share is a number", "lost=NaN": "a share is a number",
		"lost=0.6,half=0.5": "add up to 1.10", "429=0.6,look-fail=0.6": "strike reads add up to 1.20",
	} {
		if _, err := ParseFaults(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := ParseFaults("look-fail=0.6,lost=0.6"); err != nil {
		t.Errorf("faults of different requests: %v", err)
	}
}

// quiet sends a request to the handler itself and reports whether the connection was dropped.
func quiet(s *Server, r *http.Request) (code int, dropped bool) {
	w := &sink{h: http.Header{}}
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler {
				panic(v)
			}
			code, dropped = w.code, true
		}
	}()
	s.ServeHTTP(w, r)
	return w.code, false
}

// storesDespite tells the faults that spoil the answer of a create that is stored.
func storesDespite(fault string) bool {
	return slices.Contains([]string{"lost", "500-after", "502-after", "half", "html", "empty", "no-id", "wrong-offer", "huge", "hang", "slow"}, fault)
}

func TestEachFaultFiresAtItsRate(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel() // so that hang and slow do not wait for a client
	for _, doc := range FaultNames() {
		t.Run(doc.Name, func(t *testing.T) {
			n, share := 1200, 0.2
			if doc.Name == "huge" {
				n = 40
			}
			s := newServer(t, Config{Faults: Faults{doc.Name: share}, Seed: 7})
			for range n {
				r := request("POST", "/3.0/admin/offer", valid).WithContext(gone)
				if doc.Kind == "reads" {
					r = request("GET", "/3.0/offers", "")
				}
				quiet(s, r)
			}
			fired := s.Stats().Faults[doc.Name]
			if spread := 5 * math.Sqrt(share*(1-share)*float64(n)); math.Abs(float64(fired)-share*float64(n)) > spread {
				t.Errorf("fired %d times in %d", fired, n)
			}
			want := n - fired
			switch {
			case doc.Kind == "reads":
				want = 0
			case storesDespite(doc.Name):
				want = n
			}
			if st := s.Stats(); st.Created != want || len(s.Offers()) != want {
				t.Errorf("%d requests, %d faults, %d stored, want %d", n, fired, len(s.Offers()), want)
			}
		})
	}
}

func TestFaultsKeepToTheirKind(t *testing.T) {
	all := Faults{"lost": 1}
	s := newServer(t, Config{Faults: all})
	must(t, s, "GET", "/3.0/offers", "")
	for path, body := range map[string]string{"/3.0/admin/offer": valid, "/3.0/admin/category": "title=x"} {
		if _, dropped := quiet(s, request("POST", path, body)); !dropped {
			t.Errorf("%s was answered", path)
		}
	}
	s = newServer(t, Config{Faults: Faults{"look-fail": 1}})
	must(t, s, "POST", "/3.0/admin/offer", valid)
	if code, dropped := quiet(s, request("GET", "/3.0/offer/901", "")); code != 500 && !dropped {
		t.Errorf("the look succeeded: %d", code)
	}
}

func TestSameSeedSameFaults(t *testing.T) {
	run := func(seed uint64) string {
		s := newServer(t, Config{Faults: Faults{"lost": 0.3, "500-before": 0.3, "look-fail": 0.5}, Seed: seed})
		var log strings.Builder
		for i := range 200 {
			r := request("POST", "/3.0/admin/offer", valid)
			if i%3 == 0 {
				r = request("GET", "/3.0/offers", "")
			}
			code, dropped := quiet(s, r)
			fmt.Fprint(&log, code, dropped, " ")
		}
		return log.String()
	}
	if first := run(5); first != run(5) {
		t.Error("the same seed gave other faults")
	}
	if run(5) == run(6) {
		t.Error("another seed gave the same faults")
	}
}

// outcome is what a client makes of an answer.
func outcome(resp *http.Response, err error) string {
	if err != nil {
		return "no answer"
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, hugeSize+1000))
	if err != nil {
		return fmt.Sprintf("%d cut off", resp.StatusCode)
	}
	var envelope struct {
		Status int
		ID     int
		Offer  struct {
			ID  int
			Key string `json:"external_offer_id"`
		}
	}
	switch err := json.Unmarshal(body, &envelope); {
	case len(body) > hugeSize:
		return fmt.Sprintf("%d huge", resp.StatusCode)
	case len(body) == 0:
		return fmt.Sprintf("%d empty", resp.StatusCode)
	case err != nil:
		return fmt.Sprintf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	return fmt.Sprintf("%d status %d offer %d %s", resp.StatusCode, envelope.Status, envelope.Offer.ID, envelope.Offer.Key)
}

func TestFaultsAsAClientSeesThem(t *testing.T) {
	want := map[string]string{
		"lost": "no answer", "500-after": "500 status 2 offer 0 ", "502-after": "502 text/html", "half": "200 cut off", "html": "200 text/html",
		"empty": "200 empty", "no-id": "200 status 1 offer 0 ", "wrong-offer": "200 status 1 offer 902 not-k", "huge": "200 huge", "hang": "no answer",
		"drop-before": "no answer", "500-before": "500 status 2 offer 0 ", "503-before": "503 text/html", "status2-200": "200 status 2 offer 0 ",
		"429": "429 status 2 offer 0 ", "unauthorized": "401 status 2 offer 0 ", "forbidden": "403 status 2 offer 0 ",
	}
	client := &http.Client{
		Timeout:       300 * time.Millisecond,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for name, want := range want {
		if name == "huge" {
			client.Timeout = 0
		} else {
			client.Timeout = 300 * time.Millisecond
		}
		s := newServer(t, Config{Faults: Faults{name: 1}})
		server := httptest.NewServer(s)
		r := request("POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
		r, _ = http.NewRequest("POST", server.URL+r.URL.Path, r.Body)
		r.Header.Set("API-Key", "k")
		r.Header.Set("Content-Type", formType)
		if got := outcome(client.Do(r)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if stored := len(s.Offers()) == 1; stored != storesDespite(name) {
			t.Errorf("%s: stored is %v", name, stored)
		}
		s.Close()
		server.Close()
	}
}

func TestWrongOfferNamesAnotherOne(t *testing.T) {
	s := newServer(t, Config{Faults: Faults{"wrong-offer": 1}})
	for _, want := range []string{`902 "not-k"`, `901 "not-k"`} {
		_, answer := do(t, s, request("POST", "/3.0/admin/offer", valid+"&external_offer_id=k"))
		o := answer["offer"].(map[string]any)
		if got := fmt.Sprintf("%v %q", o["id"], o["external_offer_id"]); got != want || answer["id"] != o["id"] || o["title"] != "T" {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestRedirectAndRetryAfterVary(t *testing.T) {
	seen := map[string]int{}
	s := newServer(t, Config{Faults: Faults{"redirect": 0.5, "429": 0.5}})
	for range 300 {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, request("POST", "/3.0/admin/offer", valid))
		if w.Code != 429 {
			if w.Header().Get("Location") != "/moved/3.0/admin/offer" {
				t.Fatalf("redirect to %q", w.Header().Get("Location"))
			}
			seen[fmt.Sprint(w.Code)]++
			continue
		}
		switch after := w.Header().Get("Retry-After"); {
		case after == "":
			seen["none"]++
		case after == "1":
			seen["seconds"]++
		default:
			if _, err := http.ParseTime(after); err != nil {
				t.Fatal(err)
			}
			seen["date"]++
		}
	}
	for _, kind := range []string{"302", "307", "none", "seconds", "date"} {
		if seen[kind] < 25 {
			t.Errorf("%s came %d times", kind, seen[kind])
		}
	}
}

func TestSlowTakesThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, Config{Faults: Faults{"slow": 1}, Latency: time.Second})
		start := time.Now()
		must(t, s, "POST", "/3.0/admin/offer", valid)
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestCloseLetsGo(t *testing.T) {
	s := newServer(t, Config{Faults: Faults{"hang": 1}})
	done := make(chan bool)
	go func() {
		_, dropped := quiet(s, request("POST", "/3.0/admin/offer", valid))
		done <- dropped
	}()
	for s.Stats().Created == 0 {
		time.Sleep(time.Millisecond)
	}
	s.Close()
	select {
	case dropped := <-done:
		if !dropped {
			t.Error("a hanging request was answered")
		}
	case <-time.After(5 * time.Second):
		t.Error("a request hangs on after Close")
	}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, Config{Rate: 10, RetryAfter: true})
		passed := 0
		for range 100 { // 50 a second for two seconds
			w := httptest.NewRecorder()
			s.ServeHTTP(w, request("GET", "/3.0/offers", ""))
			switch {
			case w.Code == 200:
				passed++
			case w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `"status":2`):
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if st := s.Stats(); passed < 20 || passed > 22 || st.Throttled != 100-passed || st.Busiest != 50 {
			t.Errorf("%d passed, %+v", passed, st)
		}
	})
}

func TestSlidingWindow(t *testing.T) {
	for _, c := range []struct {
		ms   []int64
		want int
	}{
		{nil, 0}, {[]int64{0}, 1}, {[]int64{0, 999}, 2}, {[]int64{0, 1000}, 1}, {[]int64{0, 500, 999, 1000, 1499}, 4},
		{[]int64{900, 950, 1050, 1100, 3000}, 4}, {[]int64{0, 1000, 2000, 2001, 2002, 3001}, 3},
	} {
		var w window
		for _, at := range c.ms {
			w.arrive(at * int64(time.Millisecond))
		}
		if w.most != c.want {
			t.Errorf("%v: %d, want %d", c.ms, w.most, c.want)
		}
	}
	var w window // against counting, over a wrap of the ring
	var all []int64
	at, want := int64(0), 0
	for i := range 5000 {
		at += int64(i*i%97) * int64(time.Millisecond) / 10
		all = append(all, at)
		w.arrive(at)
		n := 0
		for _, other := range all {
			if at-other < int64(time.Second) {
				n++
			}
		}
		want = max(want, n)
	}
	if w.most != want || want < 100 {
		t.Errorf("%d, want %d", w.most, want)
	}
}

func TestStatsCountCalls(t *testing.T) {
	s := newServer(t, Config{})
	must(t, s, "POST", "/3.0/admin/offer", valid)
	must(t, s, "POST", "/3.0/admin/offer/901", "title=x")
	must(t, s, "GET", "/3.0/offer/901", "")
	must(t, s, "GET", "/3.0/offers", "")
	do(t, s, request("GET", "/moved/3.0/offers", ""))
	want := map[string]int{"create": 1, "edit": 1, "get": 1, "list": 1, "unknown": 1}
	st := s.Stats()
	if diff := cmp.Diff(want, st.Calls); diff != "" || st.Requests != 5 || st.Created != 1 || st.Edited != 1 {
		t.Errorf("%s %+v", diff, st)
	}
	st.Calls["create"] = 99
	if s.Stats().Calls["create"] != 1 {
		t.Error("Stats hands out its own map")
	}
}

func TestManyAtOnce(t *testing.T) {
	s := newServer(t, Config{File: t.TempDir() + "/o.json", Faults: Faults{"500-after": 0.1}})
	server := httptest.NewServer(s)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for i := range 50 {
				if err := createOver(client, server.URL, fmt.Sprintf("k%d-%d", worker, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	ids := map[string]bool{}
	for _, o := range s.Offers() {
		ids[string(o["id"].(json.Number))] = true
	}
	if len(ids) != 400 || s.Stats().Created != 400 || len(s.Duplicates()) != 0 {
		t.Errorf("%d offers, %+v", len(ids), s.Stats())
	}
}

func createOver(client *http.Client, address, key string) error {
	r, _ := http.NewRequest("POST", address+"/3.0/admin/offer", strings.NewReader(valid+"&external_offer_id="+key))
	r.Header.Set("API-Key", "k")
	r.Header.Set("Content-Type", formType)
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode == 200 && !strings.Contains(string(body), `"external_offer_id":"`+key+`"`) {
		err = errors.New("answered another offer: " + string(body))
	}
	return err
}
