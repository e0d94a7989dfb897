package affise_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"offerlift/internal/affise"
)

const testKey = "k3y-Recognisable-0123456789"

func newClient(t testing.TB, base string, change ...func(*affise.Config)) *affise.Client {
	t.Helper()
	config := affise.Config{BaseURL: base, Key: testKey, Timeout: 5 * time.Second}
	for _, f := range change {
		f(&config)
	}
	c, err := affise.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func offer(key string) affise.Value {
	return affise.Map(
		affise.Field{Key: "external_offer_id", Value: affise.Text(key)},
		affise.Field{Key: "title", Value: affise.Text("Summer")})
}

// answers serves one canned answer and counts the requests.
func answers(t *testing.T, code int, header map[string]string, body string) (*affise.Client, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		io.Copy(io.Discard, r.Body)
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return newClient(t, s.URL), &n
}

func asError(t *testing.T, err error) *affise.Error {
	t.Helper()
	var e *affise.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T) is no *affise.Error", err, err)
	}
	return e
}

func TestCreateJudgesEnvelopeAndCodeTogether(t *testing.T) {
	const html = "<html><body><h1>502 Bad Gateway</h1></body></html>"
	tests := []struct {
		name    string
		code    int
		header  map[string]string
		body    string
		outcome affise.Outcome // 0: stored
		says    string
	}{
		{name: "id at the top and in the offer", code: 200, body: `{"status":1,"offer":{"id":936,"external_offer_id":"a"},"id":936}`},
		{name: "id in the offer alone", code: 200, body: `{"status":1,"offer":{"id":"936","external_offer_id":"a"}}`},
		{name: "id at the top alone, as text", code: 201, body: ` {"status":"1","id":"936"} `},
		{name: "offer without its key", code: 200, body: `{"status":1,"offer":{"id":936,"external_offer_id":null}}`},
		{name: "status 2 with 200", code: 200, body: `{"status":2,"message":"Title is empty"}`, outcome: affise.Rejected, says: "create offer: Title is empty (HTTP 200)"},
		{name: "status 2 with an object", code: 200, body: `{"status":2,"message":{"title":["Too long","Odd"],"payments":{"0":{"currency":"Unknown"}}}}`, outcome: affise.Rejected, says: "title: Too long; title: Odd; payments.0.currency: Unknown"},
		{name: "error instead of message", code: 200, body: `{"status":2,"error":"400 Bad Request"}`, outcome: affise.Rejected, says: "400 Bad Request"},
		{name: "status 2 without a word", code: 200, body: `{"status":2}`, outcome: affise.Rejected, says: "refused without a reason"},
		{name: "400", code: 400, body: `{"status":2,"message":"advertiser not found"}`, outcome: affise.Rejected, says: "advertiser not found (HTTP 400)"},
		{name: "400 HTML", code: 400, body: html, outcome: affise.Rejected, says: "web page"},
		{name: "404 envelope", code: 404, body: `{"status":2,"error":"no such offer"}`, outcome: affise.Rejected, says: "no such offer"},
		{name: "404 HTML", code: 404, body: html, outcome: affise.Rejected, says: "does not look like an Affise API"},
		{name: "413", code: 413, body: html, outcome: affise.Rejected, says: "too large"},
		{name: "415", code: 415, body: "", outcome: affise.Rejected, says: "empty"},
		{name: "422", code: 422, body: `{"status":2,"message":"x"}`, outcome: affise.Rejected},
		{name: "401", code: 401, body: `{"status":2,"error":"Token is necessary"}`, outcome: affise.Unauthorised, says: "Token is necessary; the API key is refused"},
		{name: "403", code: 403, body: `{"status":2,"error":"Auth Denied"}`, outcome: affise.Unauthorised, says: "Auth Denied"},
		{name: "403 empty", code: 403, outcome: affise.Unauthorised, says: "key is refused"},
		{name: "429", code: 429, body: `{"status":2,"message":"Too many"}`, outcome: affise.Throttled},
		{name: "429 empty", code: 429, outcome: affise.Throttled},
		{name: "408", code: 408, body: `{"status":2}`, outcome: affise.Unknown},
		{name: "425", code: 425, outcome: affise.Unknown},
		{name: "500", code: 500, body: `{"status":2,"message":"oops"}`, outcome: affise.Unknown, says: "oops"},
		{name: "502 HTML", code: 502, body: html, outcome: affise.Unknown, says: "web page"},
		{name: "503", code: 503, outcome: affise.Unknown},
		{name: "500 with status 1", code: 500, body: `{"status":1,"id":5}`, outcome: affise.Unknown, says: "both"},
		{name: "400 with status 1", code: 400, body: `{"status":1,"id":5}`, outcome: affise.Unknown},
		{name: "429 with status 1", code: 429, body: `{"status":1,"id":5}`, outcome: affise.Unknown},
		{name: "301", code: 301, header: map[string]string{"Location": "/elsewhere"}, outcome: affise.Unknown, says: "not followed"},
		{name: "307", code: 307, header: map[string]string{"Location": "/elsewhere"}, outcome: affise.Unknown},
		{name: "304", code: 304, outcome: affise.Unknown},
		{name: "200 HTML", code: 200, body: html, outcome: affise.Unknown, says: "web page"},
		{name: "200 empty", code: 200, outcome: affise.Unknown, says: "empty"},
		{name: "204", code: 204, outcome: affise.Unknown},
		{name: "200 text", code: 200, body: "OK " + testKey, outcome: affise.Unknown, says: "OK [key]"},
		{name: "200 half", code: 200, body: `{"status":1,"offer":{"id":936`, outcome: affise.Unknown, says: "broke off"},
		{name: "200 two answers", code: 200, body: `{"status":1,"id":1}{"status":1,"id":2}`, outcome: affise.Unknown},
		{name: "200 list", code: 200, body: `[]`, outcome: affise.Unknown},
		{name: "200 without status", code: 200, body: `{"offer":{"id":936}}`, outcome: affise.Unknown, says: "no status"},
		{name: "status true", code: 200, body: `{"status":true,"id":936}`, outcome: affise.Unknown},
		{name: "no id", code: 200, body: `{"status":1,"offer":{"title":"x"}}`, outcome: affise.Unknown, says: "under which id"},
		{name: "id 0", code: 200, body: `{"status":1,"id":0}`, outcome: affise.Unknown},
		{name: "id a fraction", code: 200, body: `{"status":1,"id":936.5}`, outcome: affise.Unknown},
		{name: "another offer", code: 200, body: `{"status":1,"offer":{"id":936,"external_offer_id":"b"}}`, outcome: affise.Unknown, says: `"b" instead of "a"`},
		{name: "another title", code: 200, body: `{"status":1,"offer":{"id":936,"title":"Other"}}`, outcome: affise.Unknown, says: `titled "Other"`},
		{name: "its title, no key", code: 200, body: `{"status":1,"offer":{"id":936,"title":"summer "}}`},
		{name: "the key in capitals", code: 200, body: `{"status":1,"offer":{"id":936,"title":"Summer","external_offer_id":"A"}}`},
		{name: "the key in capitals, another title", code: 200, body: `{"status":1,"offer":{"id":936,"title":"Other","external_offer_id":"A"}}`, outcome: affise.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, n := answers(t, tt.code, tt.header, tt.body)
			got, err := client.Create(t.Context(), offer("a"))
			if n.Load() != 1 {
				t.Errorf("the server saw %d requests", n.Load())
			}
			if tt.outcome == 0 {
				if err != nil || got.ID != 936 {
					t.Fatalf("stored as %d, %v", got.ID, err)
				}
				return
			}
			e := asError(t, err)
			if e.Outcome != tt.outcome || e.HTTP != tt.code && e.HTTP != 0 || e.Message == "" {
				t.Errorf("got %v, HTTP %d, %q; want %v", e.Outcome, e.HTTP, e.Message, tt.outcome)
			}
			if !strings.Contains(e.Error(), tt.says) {
				t.Errorf("says %q, which lacks %q", e.Error(), tt.says)
			}
		})
	}
}

func TestLargeIDsStayExact(t *testing.T) {
	client, _ := answers(t, 200, nil, `{"status":1,"offer":{"id":9007199254740993,"external_offer_id":"a"}}`)
	got, err := client.Create(t.Context(), offer("a"))
	if err != nil || got.ID != 9007199254740993 {
		t.Fatalf("got %d, %v", got.ID, err)
	}
}

func TestCreateReturnsTheStoredOffer(t *testing.T) {
	client, _ := answers(t, 200, nil, `{"status":1,"offer":{"id":936,"external_offer_id":"a","title":"Spiel & Spa\u00df","status":"active","updated_at":"2026-01-02 03:04:05"},"id":936}`)
	got, err := client.Create(t.Context(), offer("a"))
	want := affise.Stored{ID: 936, Key: "a", Title: "Spiel & Spaß", Status: "active", UpdatedAt: "2026-01-02 03:04:05",
		Offer: []byte(`{"id":936,"external_offer_id":"a","title":"Spiel & Spa\u00df","status":"active","updated_at":"2026-01-02 03:04:05"}`)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
}

func TestRequestCarriesWhatTheAPIWants(t *testing.T) {
	var got *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got, body = r.Clone(context.Background()), string(text)
		io.WriteString(w, `{"status":1,"id":7}`)
	}))
	defer s.Close()
	client := newClient(t, s.URL+"/")
	if _, err := client.Edit(t.Context(), 7, offer("a b")); err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.URL.String() != "/3.0/admin/offer/7" || body != "external_offer_id=a+b&title=Summer" {
		t.Errorf("%s %s %q", got.Method, got.URL, body)
	}
	want := http.Header{"Api-Key": {testKey}, "Accept": {"application/json"}, "Accept-Encoding": {"identity"}, "User-Agent": {"offerlift"},
		"Content-Type": {"application/x-www-form-urlencoded"}, "Content-Length": {"34"}}
	if diff := cmp.Diff(want, got.Header); diff != "" {
		t.Error(diff)
	}
	if len(got.TransferEncoding) != 0 || got.ContentLength != 34 {
		t.Errorf("sent in chunks: %v, length %d", got.TransferEncoding, got.ContentLength)
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"":    0,
		"7":   7 * time.Second,
		" 2 ": 2 * time.Second,
		"-5":  0,
		"x":   0,
		time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat): 90 * time.Second,
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):       0,
	} {
		client, _ := answers(t, 429, map[string]string{"Retry-After": header}, "")
		_, err := client.Create(t.Context(), offer("a"))
		if e := asError(t, err); e.Outcome != affise.Throttled || (e.RetryAfter-want).Abs() > 2*time.Second {
			t.Errorf("%q: %v, %v", header, e.Outcome, e.RetryAfter)
		}
	}
}

// raw serves connections by hand and counts the POSTs that arrive.
func raw(t *testing.T, serve func(n int64, conn net.Conn, r *bufio.Reader)) (base string, posts *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	posts = new(atomic.Int64)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go func() {
				defer conn.Close()
				r := bufio.NewReader(conn)
				for {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					n := posts.Add(1)
					io.Copy(io.Discard, req.Body)
					serve(n, conn, r)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String(), posts
}

const stored = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":1,\"id\":1}"

func reset(conn net.Conn) {
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

func TestWhateverBreaksAfterTheBodyIsUnknownAndSentOnce(t *testing.T) {
	tests := map[string]func(conn net.Conn){
		"closed without an answer": func(c net.Conn) { c.Close() },
		"reset":                    reset,
		"half a status line":       func(c net.Conn) { io.WriteString(c, "HTTP/1.1 20"); c.Close() },
		"half the headers":         func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le"); c.Close() },
		"half the answer": func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":1,\"id\":1}")
			c.Close()
		},
		"half a chunk": func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"status\":1,\"id\":1}\r\n")
			c.Close()
		},
		"no HTTP at all":        func(c net.Conn) { io.WriteString(c, "SSH-2.0-x\r\n\r\n"); c.Close() },
		"the request come back": func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nApi-Key "+testKey+"\r\n\r\n"); c.Close() },
		"headers without end": func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for range 1 << 12 {
				if _, err := io.WriteString(c, "X-Filler: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
					return
				}
			}
		},
		"never an answer": func(c net.Conn) { io.Copy(io.Discard, c) }, // until the client goes
		"one byte at a time": func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			for { // for good, unless the client goes
				if _, err := io.WriteString(c, " "); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		},
	}
	for name, serve := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, posts := raw(t, func(_ int64, c net.Conn, _ *bufio.Reader) { serve(c) })
			client := newClient(t, base, func(c *affise.Config) { c.Timeout = 300 * time.Millisecond })
			_, err := client.Create(t.Context(), offer("a"))
			e := asError(t, err)
			if e.Outcome != affise.Unknown || posts.Load() != 1 {
				t.Errorf("%v after %d requests: %v", e.Outcome, posts.Load(), err)
			}
			if strings.Contains(fmt.Sprintf("%+v %v", e, errors.Unwrap(e)), testKey) {
				t.Errorf("the key is in %q", err)
			}
		})
	}
}

func TestALookUpThatBreaksIsUnknown(t *testing.T) {
	base, _ := raw(t, func(_ int64, c net.Conn, _ *bufio.Reader) { c.Close() })
	if _, err := newClient(t, base).Get(t.Context(), 7); asError(t, err).Outcome != affise.Unknown {
		t.Error(err)
	}
	if _, err := newClient(t, base).Find(t.Context(), "a", 1); asError(t, err).Outcome != affise.Unknown {
		t.Error(err)
	}
}

// A connection that the server closed while it was idle is where net/http
// repeats requests by itself.
func TestNoPostIsRepeatedOnAReusedConnection(t *testing.T) {
	for name, end := range map[string]func(net.Conn){"closed": func(c net.Conn) { c.Close() }, "reset": reset} {
		t.Run(name, func(t *testing.T) {
			base, posts := raw(t, func(n int64, c net.Conn, _ *bufio.Reader) {
				if n%2 == 1 {
					io.WriteString(c, stored)
					return
				}
				end(c)
			})
			client := newClient(t, base)
			for i := range 6 {
				_, err := client.Create(t.Context(), offer("a"))
				if i%2 == 1 && asError(t, err).Outcome != affise.Unknown {
					t.Errorf("call %d: %v", i+1, err)
				}
			}
			if posts.Load() != 6 {
				t.Errorf("6 calls, but the server saw %d POSTs", posts.Load())
			}
		})
	}
}

// The server answers and closes at once, without saying so: the next POST goes
// out on a connection that may or may not be known to be dead.
func TestNoPostIsRepeatedWhereTheServerClosesSilently(t *testing.T) {
	base, posts := raw(t, func(_ int64, c net.Conn, _ *bufio.Reader) {
		io.WriteString(c, stored)
		c.Close()
	})
	client := newClient(t, base)
	lost := 0
	for range 200 {
		if _, err := client.Create(t.Context(), offer("a")); err != nil {
			if o := asError(t, err).Outcome; o != affise.Unknown && o != affise.NotApplied {
				t.Fatal(err)
			}
			lost++
		}
	}
	if got := int(posts.Load()); got > 200 || got < 200-lost {
		t.Errorf("200 calls, %d of them lost, but the server saw %d POSTs", lost, got)
	}
}

func TestNothingSentIsNotApplied(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	plain, _ := raw(t, func(int64, net.Conn, *bufio.Reader) {})
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name, base, says string
		ctx              context.Context
	}{
		{"refused", "http://" + closed.Addr().String(), "could not be reached", t.Context()},
		{"no TLS there", "https://" + strings.TrimPrefix(plain, "http://"), "could not be reached", t.Context()},
		{"certificate", secure.URL, "not trusted", t.Context()},
		{"stopped before", plain, "stopped before it was sent", stopped},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := newClient(t, tt.base, func(c *affise.Config) { c.Timeout = time.Second })
			_, err := client.Create(tt.ctx, offer("a"))
			if e := asError(t, err); e.Outcome != affise.NotApplied || !strings.Contains(e.Message, tt.says) {
				t.Errorf("%v: %v", e.Outcome, err)
			}
		})
	}
}

// While all connections are taken a call waits, and a stop finds it unsent.
func TestWaitingForAConnectionIsNotApplied(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	base, posts := raw(t, func(_ int64, c net.Conn, _ *bufio.Reader) {
		close(arrived)
		<-release
		io.WriteString(c, stored)
	})
	client := newClient(t, base, func(c *affise.Config) { c.Connections = 1 })
	first := make(chan error, 1)
	go func() {
		_, err := client.Create(t.Context(), offer("a"))
		first <- err
	}()
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Create(ctx, offer("b"))
	if e := asError(t, err); e.Outcome != affise.NotApplied || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v: %v", e.Outcome, err)
	}
	close(release)
	if err := <-first; err != nil || posts.Load() != 1 {
		t.Errorf("%v after %d requests", err, posts.Load())
	}
}

func TestAStopWhileWaitingIsUnknown(t *testing.T) {
	arrived := make(chan struct{})
	base, _ := raw(t, func(_ int64, c net.Conn, _ *bufio.Reader) { close(arrived); time.Sleep(time.Second) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := newClient(t, base).Create(ctx, offer("a"))
	if e := asError(t, err); e.Outcome != affise.Unknown || !errors.Is(err, context.Canceled) {
		t.Errorf("%v: %v", e.Outcome, err)
	}
}

// deaf is a transport that knows nothing of traces.
type deaf struct{ read bool }

func (d deaf) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.read {
		io.Copy(io.Discard, r.Body)
	}
	r.Body.Close()
	return nil, errors.New("broken")
}

func TestOutcomeHoldsForAnyTransport(t *testing.T) {
	for read, want := range map[bool]affise.Outcome{false: affise.NotApplied, true: affise.Unknown} {
		client := newClient(t, "https://api-acme.affise.com", func(c *affise.Config) { c.Transport = deaf{read} })
		_, err := client.Create(t.Context(), offer("a"))
		if got := asError(t, err).Outcome; got != want {
			t.Errorf("body read %v: %v, want %v", read, got, want)
		}
	}
}

func TestAnswerAboveTheLimit(t *testing.T) {
	var written atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		block := []byte(strings.Repeat(" ", 64<<10))
		if r.URL.Path == "/3.0/admin/offer/2" {
			w.Header().Set("Content-Length", "100000000")
		}
		for range 1600 {
			n, err := w.Write(block)
			written.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	defer s.Close()
	client := newClient(t, s.URL, func(c *affise.Config) { c.MaxAnswer = 100_000 })
	for id := range int64(2) {
		_, err := client.Edit(t.Context(), id+1, offer("a"))
		if e := asError(t, err); e.Outcome != affise.Unknown || !strings.Contains(e.Message, "longer than 100000 bytes") {
			t.Errorf("%v: %v", e.Outcome, err)
		}
	}
	if written.Load() > 60_000_000 {
		t.Errorf("%d bytes were taken", written.Load())
	}
}

func TestMessagesAreShortAndClean(t *testing.T) {
	client, _ := answers(t, 400, nil, `{"status":2,"message":"a\u0000\u001b[31m\n b\u202e `+testKey+` `+strings.Repeat("ü", 1000)+`"}`)
	_, err := client.Create(t.Context(), offer("a"))
	message := asError(t, err).Message
	if !strings.HasPrefix(message, "a [31m b [key] üüü") || len([]rune(message)) != 300 || !strings.HasSuffix(message, "…") {
		t.Errorf("%d characters: %q", len([]rune(message)), message)
	}
}

func TestEditInsistsOnItsOffer(t *testing.T) {
	client, _ := answers(t, 200, nil, `{"status":1,"offer":{"id":8}}`)
	_, err := client.Edit(t.Context(), 7, affise.Map(affise.Field{Key: "title", Value: affise.Text("x")}))
	if e := asError(t, err); e.Outcome != affise.Unknown || !strings.Contains(e.Message, "offer 8") {
		t.Errorf("%v", err)
	}
	client, _ = answers(t, 200, nil, `{"status":1}`)
	got, err := client.Edit(t.Context(), 7, affise.Map(affise.Field{Key: "title", Value: affise.Text("x")}))
	if err != nil || got.ID != 7 {
		t.Errorf("%d, %v", got.ID, err)
	}
}

func TestGet(t *testing.T) {
	client, _ := answers(t, 200, nil, `{"status":1,"offer":{"id":7,"external_offer_id":"a"}}`)
	if got, err := client.Get(t.Context(), 7); err != nil || got.Key != "a" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := client.Get(t.Context(), 8); asError(t, err).Outcome != affise.Unknown {
		t.Errorf("%v", err)
	}
}

// pages serves /3.0/offers from keys, per offers a page, whatever filter is asked for.
func pages(t *testing.T, keys []string, per int, next bool) *affise.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var page int
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		from, to := min((page-1)*per, len(keys)), min(page*per, len(keys))
		var offers []string
		for i, key := range keys[from:to] {
			offers = append(offers, fmt.Sprintf(`{"id":%d,"external_offer_id":%q,"title":"t"}`, from+i+1, key))
		}
		after := "null"
		if next && to < len(keys) {
			after = fmt.Sprint(page + 1)
		}
		fmt.Fprintf(w, `{"status":1,"pagination":{"per_page":%d,"total_count":%d,"page":%d,"next_page":%s},"offers":[%s]}`,
			per, len(keys), page, after, strings.Join(offers, ","))
	}))
	t.Cleanup(s.Close)
	return newClient(t, s.URL)
}

func TestFindFiltersAgain(t *testing.T) {
	keys := []string{"a", "A", "ab", "b", " a", "a"}
	for _, next := range []bool{true, false} { // without next_page the total tells
		client := pages(t, keys, 2, next)
		for page, want := range [][]int64{{1}, nil, {6}} {
			p, err := client.Find(t.Context(), "a", page+1)
			var ids []int64
			for _, s := range p.Offers {
				ids = append(ids, s.ID)
			}
			if err != nil || !slices.Equal(ids, want) || p.Next != []int{2, 3, 0}[page] {
				t.Errorf("next_page %v, page %d: %+v, %v", next, page+1, p, err)
			}
		}
		p, err := client.Find(t.Context(), "a", 3)
		if err != nil || string(p.Offers[0].Offer) != `{"id":6,"external_offer_id":"a","title":"t"}` {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

func TestResembling(t *testing.T) {
	offers := []string{
		`"external_offer_id":"abc-1","title":"Offer &amp; more"`,
		`"external_offer_id":"abc-12","title":"Offer &amp; more"`,
		`"external_offer_id":"abc-1","title":"Offer"`,
		`"title":"Offer & more","url":"https://example.com/a","advertiser":{"id":"573c","title":"Acme"}`,
		`"title":"Offer & more","url":"https://example.com/b","advertiser":"573c"`,
	}
	var asked url.Values
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Query()
		var list []string
		for i, offer := range offers {
			list = append(list, fmt.Sprintf(`{"id":%d,%s}`, i+1, offer))
		}
		fmt.Fprintf(w, `{"status":1,"pagination":{"total_count":%d},"offers":[%s]}`, len(offers), strings.Join(list, ","))
	}))
	t.Cleanup(s.Close)
	sent := affise.Map(affise.Field{Key: "title", Value: affise.Text("Offer & more")}, affise.Field{Key: "url", Value: affise.Text("https://example.com/a")},
		affise.Field{Key: "advertiser", Value: affise.Text("573c")}, affise.Field{Key: "external_offer_id", Value: affise.Text("AbC-1")})
	found, err := newClient(t, s.URL).Resembling(t.Context(), sent)
	if err != nil || len(found) != 2 || found[0].ID != 1 || found[1].ID != 4 {
		t.Errorf("%+v, %v", found, err)
	}
	title := affise.Map(affise.Field{Key: "title", Value: affise.Text("Offer & more")}, affise.Field{Key: "external_offer_id", Value: affise.Text("other")})
	found, err = newClient(t, s.URL).Resembling(t.Context(), title)
	if err != nil || len(found) != 2 || found[0].ID != 4 || found[1].ID != 5 {
		t.Errorf("by its title: %+v, %v", found, err)
	}
	if asked.Get("q") != "Offer & more" || asked.Get("sort[id]") != "desc" {
		t.Error(asked)
	}
}

func TestList(t *testing.T) {
	client := pages(t, []string{"a", "b", "c"}, 2, true)
	got, err := client.List(t.Context(), 1, 2)
	want := affise.Page{Offers: []affise.Stored{{ID: 1, Key: "a", Title: "t"}, {ID: 2, Key: "b", Title: "t"}}, Total: 3, Page: 1, Next: 2}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	last, err := client.List(t.Context(), 2, 2)
	if err != nil || last.Next != 0 || len(last.Offers) != 1 {
		t.Errorf("%+v, %v", last, err)
	}
}

func TestAListThatMayBeIncompleteIsAnError(t *testing.T) {
	for _, body := range []string{
		`{"status":1}`, `{"status":1,"offers":null,"pagination":{"total_count":5}}`, `{"status":1,"offers":{"id":1}}`,
		`{"status":1,"offers":[{"title":"x"}],"pagination":{"total_count":1}}`,
		`{"status":1,"offers":[{"id":1},{"id":2}]}`, // a full page, and no word of how many there are
	} {
		client, _ := answers(t, 200, nil, body)
		if _, err := client.List(t.Context(), 1, 2); err == nil || asError(t, err).Outcome != affise.Unknown {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestDeleteAndSetStatus(t *testing.T) {
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got = append(got, r.URL.Path+" "+string(text))
		io.WriteString(w, `{"status":1}`)
	}))
	defer s.Close()
	client := newClient(t, s.URL)
	if err := errors.Join(client.Delete(t.Context(), 1, 2), client.SetStatus(t.Context(), "stopped", 3)); err != nil {
		t.Fatal(err)
	}
	want := []string{"/3.0/admin/offer/delete offer_id%5B%5D=1&offer_id%5B%5D=2",
		"/3.0/admin/offer/mass-update offer_id%5B%5D=3&status=stopped"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNewClientRefusesWhatWouldNotWork(t *testing.T) {
	tests := []struct{ base, key, says, never string }{
		{"", testKey, "https://api-COMPANY.affise.com", "\x00"},
		{"api-acme.affise.com", testKey, "https://api-COMPANY.affise.com", "\x00"},
		{"ftp://api-acme.affise.com", testKey, "https://", "\x00"},
		{"http://api-acme.affise.com", testKey, "use https://api-acme.affise.com", "\x00"},
		{"http://127.0.0.1.example.com", testKey, "use https://", "\x00"},
		{"https://me:hunter2@api-acme.affise.com", testKey, "use https://api-acme.affise.com", "hunter2"},
		{"https://api-acme.affise.com?api-key=hunter2", testKey, "use https://api-acme.affise.com", "hunter2"},
		{"https://api-acme.affise.com/#hunter2", testKey, "use https://api-acme.affise.com", "hunter2"},
		{"https://api-acme.affise.com/3.0/admin/offer", testKey, "use https://api-acme.affise.com", "\x00"},
		{"https://hunter2:x y@%zz", testKey, "not an address", "hunter2"},
		{"https://api-COMPANY.affise.com", testKey, "your company's name", "\x00"},
		{"https://", testKey, "not an address", "\x00"},
		{"https://api-acme.affise.com", "", "API key is missing", "\x00"},
		{"https://api-acme.affise.com", "hunter2\n", "position 8", "hunter2"},
		{"https://api-acme.affise.com", "hünter2", "position 2", "nter2"},
	}
	for _, tt := range tests {
		_, err := affise.NewClient(affise.Config{BaseURL: tt.base, Key: tt.key})
		if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), tt.never) {
			t.Errorf("%q %q: %v", tt.base, tt.key, err)
		}
	}
	same, err := affise.NewClient(affise.Config{BaseURL: " HTTPS://API-Acme.affise.com:443/ ", Key: testKey})
	if err != nil || same.Account() != "https://api-acme.affise.com" {
		t.Errorf("%v, %v", same, err)
	}
	for _, base := range []string{"https://api-acme.affise.com", "https://offers.example.com:8443/", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080"} {
		client, err := affise.NewClient(affise.Config{BaseURL: base, Key: testKey})
		if err != nil || client.Account() != strings.TrimSuffix(base, "/") {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestAKeyWithinTheStoredOfferIsTakenOut(t *testing.T) {
	client, _ := answers(t, 200, nil, `{"status":1,"offer":{"id":936,"external_offer_id":"a","notes":"Api-Key `+testKey+`"}}`)
	got, err := client.Create(t.Context(), offer("a"))
	if err != nil || strings.Contains(string(got.Offer), testKey) || !strings.Contains(string(got.Offer), "[key]") {
		t.Errorf("%s, %v", got.Offer, err)
	}
}
