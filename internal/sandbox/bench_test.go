package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// usualBody is a create as an import sends it: 3 payouts, 2 caps, 1 target group.
func usualBody(n int) string {
	var b strings.Builder
	add := func(key, value string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(key) + "=" + url.QueryEscape(value))
	}
	add("title", fmt.Sprintf("Offer %d – Приложение", n))
	add("advertiser", Advertisers()[0].ID)
	add("url", fmt.Sprintf("https://track.example.com/c/%d?click={clickid}&pid={pid}", n))
	add("external_offer_id", fmt.Sprintf("bench-%d", n))
	add("status", "active")
	add("description_lang[en]", strings.Repeat("A fine offer. ", 10))
	for i, goal := range []string{"install", "registration", "deposit"} {
		p := fmt.Sprintf("payments[%d]", i)
		for _, kv := range [][2]string{{"[total]", "2.50"}, {"[revenue]", "1.75"}, {"[currency]", "USD"}, {"[type]", "fixed"},
			{"[title]", goal}, {"[goal]", goal}, {"[countries][]", "US"}, {"[countries][]", "GB"}, {"[os][]", "iOS"}, {"[devices][]", "mobile"}} {
			add(p+kv[0], kv[1])
		}
	}
	for i, period := range []string{"day", "month"} {
		p := fmt.Sprintf("caps[%d]", i)
		for _, kv := range [][2]string{{"[period]", period}, {"[type]", "conversions"}, {"[value]", "100"}, {"[goal_type]", "all"}, {"[affiliate_type]", "all"}, {"[country_type]", "all"}} {
			add(p+kv[0], kv[1])
		}
	}
	for _, kv := range [][2]string{{"[country][allow][]", "US"}, {"[country][allow][]", "GB"}, {"[os][allow][0][name]", "iOS"},
		{"[os][allow][0][comparison]", "GTE"}, {"[os][allow][0][version]", "13.0"}, {"[sub][deny][1][]", "bad"}, {"[device_type][]", "mobile"}} {
		add("targeting[0]"+kv[0], kv[1])
	}
	return b.String()
}

type sink struct {
	h    http.Header
	code int
}

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(code int)        { s.code = code }

// BenchmarkCreate is the handler alone, without a connection.
func BenchmarkCreate(b *testing.B) {
	s, _ := New(Config{})
	defer s.Close()
	body := usualBody(1)
	b.ReportAllocs()
	for b.Loop() {
		r := &http.Request{Method: "POST", URL: &url.URL{Path: "/3.0/admin/offer"}, ContentLength: int64(len(body)),
			Header: http.Header{"Api-Key": {"k"}, "Content-Type": {"application/x-www-form-urlencoded"}}, Body: io.NopCloser(strings.NewReader(body))}
		w := &sink{h: http.Header{}}
		if s.ServeHTTP(w, r); w.code != 200 {
			b.Fatal(w.code)
		}
	}
}

// BenchmarkCreateOverHTTP shares the machine with its client.
func BenchmarkCreateOverHTTP(b *testing.B) {
	s, _ := New(Config{})
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	body := usualBody(1)
	var left atomic.Int64
	left.Store(int64(b.N))
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				r, _ := http.NewRequest("POST", server.URL+"/3.0/admin/offer", strings.NewReader(body))
				r.Header.Set("API-Key", "k")
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				resp, err := client.Do(r)
				if err != nil || resp.StatusCode != 200 {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "offers/s")
}
