package notify

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const secretPath = "/services/T000/B000/secret-path"

// hook is a server that answers with one status after the other.
type hook struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	bodies   []string
	paths    []string
}

func newHook(t *testing.T, statuses ...int) *hook {
	h := &hook{statuses: statuses}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	h.bodies = append(h.bodies, string(body))
	h.paths = append(h.paths, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type"))
	status := h.statuses[min(len(h.bodies), len(h.statuses))-1]
	if status/100 == 3 {
		w.Header().Set("Location", h.URL+"/elsewhere")
	}
	w.WriteHeader(status)
	io.WriteString(w, "no such page: "+r.URL.Path)
}

func webhook(t *testing.T, address string) *Webhook {
	t.Helper()
	w, err := NewWebhook(address)
	if err != nil {
		t.Fatal(err)
	}
	w.pause, w.timeout = time.Millisecond, 200*time.Millisecond
	return w
}

func TestWebhook(t *testing.T) {
	tests := []struct {
		name     string
		statuses []int
		posts    int
		wrong    string // in the error; blank: none
	}{
		{"delivered", []int{200}, 1, ""},
		{"no content", []int{204}, 1, ""},
		{"a bad moment", []int{500, 200}, 2, ""},
		{"too many", []int{429, 200}, 2, ""},
		{"down", []int{503}, 2, "503 Service Unavailable, twice"},
		{"refused", []int{400}, 1, "answered 400 Bad Request"},
		{"taken back", []int{404}, 1, "wrong or was taken back"},
		{"moved for good", []int{301}, 1, "redirects are not followed"},
		{"moved", []int{307}, 1, "redirects are not followed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHook(t, tt.statuses...)
			err := webhook(t, h.URL+secretPath).Send(t.Context(), Message{Subject: "s", Text: "t"})
			checkError(t, err, tt.wrong)
			if len(h.bodies) != tt.posts {
				t.Errorf("%d posts, not %d", len(h.bodies), tt.posts)
			}
			if want := "POST " + secretPath + " application/json"; slices.ContainsFunc(h.paths, func(p string) bool { return p != want }) {
				t.Errorf("requests %q, not only %q", h.paths, want)
			}
		})
	}
}

func checkError(t *testing.T, err error, wrong string) {
	t.Helper()
	switch {
	case wrong == "" && err != nil:
		t.Errorf("error %v", err)
	case wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)):
		t.Errorf("error %v, which does not say %q", err, wrong)
	case err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "services")):
		t.Errorf("the error shows the secret path: %v", err)
	}
}

func TestWebhookBody(t *testing.T) {
	h := newHook(t, 200)
	err := webhook(t, h.URL+secretPath).Send(t.Context(), Message{Subject: "3 of <!channel>.xlsx & more", Text: "Übersicht\n“quoted” \"text\""})
	checkError(t, err, "")
	var body map[string]string
	if err := json.Unmarshal([]byte(h.bodies[0]), &body); err != nil {
		t.Fatal(err)
	}
	want := "*3 of &lt;!channel&gt;.xlsx &amp; more*\nÜbersicht\n“quoted” \"text\""
	if len(body) != 1 || body["text"] != want {
		t.Errorf("body %q, not %q", body, want)
	}
}

func TestWebhookHangs(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer s.Close()
	told := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-release // what comes after the status
	}))
	defer told.Close()
	defer close(release) // first of these: a server's Close waits for its handlers
	err := webhook(t, s.URL+secretPath).Send(t.Context(), Message{})
	checkError(t, err, "did not answer within 200ms, twice")
	w := webhook(t, told.URL+secretPath)
	w.timeout = time.Hour
	checkError(t, w.Send(t.Context(), Message{}), "")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	checkError(t, webhook(t, s.URL+secretPath).Send(ctx, Message{}), "canceled")
}

// A cut-off answer and a server that is not there name the host alone.
func TestWebhookNetworkErrors(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		conn.Close()
	}))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	checkError(t, webhook(t, s.URL+secretPath).Send(t.Context(), Message{}), host)
	s.Close()
	checkError(t, webhook(t, s.URL+secretPath).Send(t.Context(), Message{}), "refused, twice")

	plain := newHook(t, 200)
	over := strings.Replace(plain.URL, "http:", "https:", 1)
	checkError(t, webhook(t, over+secretPath).Send(t.Context(), Message{}), "TLS handshake")
}

func TestNewWebhook(t *testing.T) {
	tests := []struct{ address, wrong string }{
		{"https://hooks.example.com" + secretPath, ""},
		{"http://localhost:8080" + secretPath, ""},
		{"http://127.0.0.1:8080" + secretPath, ""},
		{"http://[::1]:8080" + secretPath, ""},
		{"http://hooks.example.com" + secretPath, "hooks.example.com must begin with https://"},
		{"http://127.0.0.1.example.com" + secretPath, "must begin with https://"},
		{"ftp://localhost" + secretPath, "must begin with https://"},
		{"https://user:secret@hooks.example.com" + secretPath, "user name"},
		{"hooks.example.com" + secretPath, "not an address"},
		{"https://" + secretPath, "not an address"},
		{"https://hooks.example.com/secret%zz", "not an address"},
		{"https://hooks.example.com/secret\nhttps://hooks.example.com/2", "not an address"},
		{"", "not an address"},
	}
	for _, tt := range tests {
		w, err := NewWebhook(tt.address)
		checkError(t, err, tt.wrong)
		if err == nil && strings.Contains(w.Target(), "secret") {
			t.Errorf("the target shows the secret: %s", w.Target())
		}
	}
}
