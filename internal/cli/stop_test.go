package cli_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
)

// patience is how long a test waits for a process that was told to stop: much
// more than it needs on the busiest machine, and less than a minute, which is
// the least that anything here holds it up if it is waited for.
const patience = 40 * time.Second

// TestStops stops a process by signals while it waits for one thing or
// another. Whatever that is, it ends at once, says how to go on, and
// leaves the reports; and a resume by a better day creates what is missing, and
// nothing twice.
func TestStops(t *testing.T) {
	binary := program(t)
	hourLater := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	for name, s := range map[string]struct {
		faults  string
		latency time.Duration
		instead func(http.ResponseWriter, *http.Request) // answers the POSTs
		flags   []string
		signals int
	}{
		"sending":         {latency: 20 * time.Millisecond, flags: []string{"--rate", "20"}, signals: 1},
		"sending twice":   {latency: 20 * time.Millisecond, flags: []string{"--rate", "20"}, signals: 2},
		"pace":            {flags: []string{"--rate", "0.02"}, signals: 1},
		"pace twice":      {flags: []string{"--rate", "0.02"}, signals: 2},
		"retry after":     {instead: hourLater, flags: []string{"--rate", "0", "--settle-for", "2s"}, signals: 1},
		"retry after two": {instead: hourLater, flags: []string{"--rate", "0"}, signals: 2},
		"hanging":         {faults: "hang=1", flags: []string{"--rate", "0", "--workers", "4"}, signals: 2},
		"settling":        {faults: "lost=1", flags: []string{"--rate", "0", "--settle-for", "60s"}, signals: 1},
		"settling twice":  {faults: "lost=1", flags: []string{"--rate", "0", "--settle-for", "60s"}, signals: 2},
		"looks fail":      {faults: "lost=1,look-fail=0.5", flags: []string{"--rate", "0", "--settle-for", "60s", "--assume-new"}, signals: 1},
		"backing off":     {faults: "503-before=0.5,drop-before=0.5", flags: []string{"--rate", "0", "--settle-for", "2s"}, signals: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults, err := sandbox.ParseFaults(s.faults)
			if err != nil {
				t.Fatal(err)
			}
			w := newStopWorld(t, binary, sandbox.Config{Key: testKey, Faults: faults, Latency: s.latency, AnyAdvertiser: true, Seed: 1}, s.instead)
			out := w.stopped(1, s.signals, append([]string{"import", w.input, "--yes"}, s.flags...)...)
			if !strings.Contains(out, "resume") || w.code != 3 {
				t.Errorf("exit %d and no word of resume:\n%s", w.code, out)
			}
			if got := lineCount(t, filepath.Join(w.dir, "out", "results.jsonl")); got != stopOffers {
				t.Errorf("%d lines of results, not %d", got, stopOffers)
			}
			w.resumed(t)
		})
	}
}

// TestStopsBeforeTheFirstRequest stops what has nothing under way: a wait for
// another process, a question, the look before an undo. One signal is enough.
func TestStopsBeforeTheFirstRequest(t *testing.T) {
	binary := program(t)
	w := newStopWorld(t, binary, sandbox.Config{Key: testKey, AnyAdvertiser: true}, nil)
	if out, err := w.command("import", w.input, "--yes", "--rate", "0").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, s := range map[string]struct {
		command []string
		hold    bool // another process has the journal
		busy    bool // the account asks to come back in an hour
	}{
		"journal":  {command: []string{"import", w.input, "--yes", "--wait"}, hold: true},
		"question": {command: []string{"undo", "last", "--how", "delete"}},
		"survey":   {command: []string{"undo", "last", "--how", "delete", "--yes"}, busy: true},
	} {
		t.Run(name, func(t *testing.T) {
			if s.hold {
				j, err := journal.Open(t.Context(), filepath.Join(w.dir, "journal.db"), journal.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer j.Close()
			}
			w.busy.Store(s.busy)
			out := w.stopped(0, 1, s.command...)
			if w.code != 2 || strings.Contains(out, "context canceled") {
				t.Errorf("exit %d:\n%s", w.code, out)
			}
			if s.busy && (!strings.Contains(out, "hint: offerlift undo ") || !strings.Contains(out, "begins again")) {
				t.Errorf("no word of how to begin again:\n%s", out)
			}
			if got := len(w.before.Offers()); got != stopOffers {
				t.Errorf("the account holds %d offers", got)
			}
		})
	}
}

// TestStopWithAWebhookThatHangs: whoever is to be told does not hold up a stop.
func TestStopWithAWebhookThatHangs(t *testing.T) {
	w := newStopWorld(t, program(t), sandbox.Config{Key: testKey, AnyAdvertiser: true}, nil)
	asked := make(chan struct{}, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer hook.Close()
	t.Setenv("OFFERLIFT_WEBHOOK", hook.URL)
	out := w.stopped(1, 1, "import", w.input, "--yes", "--rate", "2")
	if w.code != 3 {
		t.Errorf("exit %d:\n%s", w.code, out)
	}
	select {
	case <-asked:
	default:
		t.Error("the webhook was not told at all")
	}
}

const stopOffers = 30

// stopWorld is an account, an input, and where the binary works.
type stopWorld struct {
	t           *testing.T
	binary, dir string
	input       string
	url         string
	code        int
	store       string
	busy        atomic.Bool // every request is to come back in an hour
	requests    atomic.Int64
	before      *sandbox.Server
	after       atomic.Pointer[sandbox.Server] // takes the requests once it is there
}

func newStopWorld(t *testing.T, binary string, cfg sandbox.Config, instead func(http.ResponseWriter, *http.Request)) *stopWorld {
	t.Helper()
	dir := t.TempDir()
	cfg.File = filepath.Join(dir, "account.json")
	server, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &stopWorld{t: t, binary: binary, dir: dir, input: filepath.Join(dir, "offers.csv"), store: cfg.File, before: server}
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.requests.Add(1)
		switch {
		case w.busy.Load():
			rw.Header().Set("Retry-After", "3600")
			rw.WriteHeader(http.StatusTooManyRequests)
		case w.after.Load() != nil:
			w.after.Load().ServeHTTP(rw, r)
		case instead != nil && r.Method == http.MethodPost:
			instead(rw, r)
		default:
			server.ServeHTTP(rw, r)
		}
	}))
	w.url = web.URL
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		if after := w.after.Load(); after != nil {
			after.Close()
		}
	})
	writeOffers(t, w.input, stopOffers)
	return w
}

func (w *stopWorld) command(args ...string) *exec.Cmd {
	cmd := exec.Command(w.binary, append(args, "--journal", filepath.Join(w.dir, "journal.db"), "--out", filepath.Join(w.dir, "out"))...)
	cmd.Env = append(os.Environ(), "AFFISE_API_KEY="+testKey, "AFFISE_BASE_URL="+w.url, "XDG_STATE_HOME="+w.dir)
	return cmd
}

// stopped runs a command and sends it signals half a second after so many
// requests have come. It returns what the command said.
func (w *stopWorld) stopped(requests int64, signals int, args ...string) string {
	w.t.Helper()
	var said transcript
	cmd := w.command(args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	stdin, err := cmd.StdinPipe() // nobody answers
	if err != nil {
		w.t.Fatal(err)
	}
	defer stdin.Close()
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for began := time.Now(); w.requests.Load() < requests && time.Since(began) < patience; {
		time.Sleep(5 * time.Millisecond) // a loaded machine takes its time to start
	}
	for i := range signals {
		select {
		case err := <-ended:
			w.t.Fatalf("it ended by itself: %v\n%s", err, said.String())
		case <-time.After([]time.Duration{600, 0}[i] * time.Millisecond):
		}
		sent := time.Now()
		cmd.Process.Signal(os.Interrupt)
		for !strings.Contains(said.String(), "stopping: ") && time.Since(sent) < patience {
			time.Sleep(time.Millisecond) // two signals that nobody took yet are one
		}
	}
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			w.code = exit.ExitCode()
		}
	case <-time.After(patience):
		cmd.Process.Kill()
		<-ended
		w.t.Fatalf("it does not end:\n%s", said.String())
	}
	return said.String()
}

// resumed goes on with the same account on a better day.
func (w *stopWorld) resumed(t *testing.T) {
	t.Helper()
	if err := w.before.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := sandbox.New(sandbox.Config{Key: testKey, File: w.store, AnyAdvertiser: true})
	if err != nil {
		t.Fatal(err)
	}
	w.after.Store(after)
	if out, err := w.command("resume", "last", "--rate", "0").CombinedOutput(); err != nil {
		t.Fatalf("resume: %v\n%s", err, out)
	}
	if got := len(after.Offers()); got != stopOffers {
		t.Errorf("the account holds %d offers, not %d", got, stopOffers)
	}
	if twice := after.Duplicates(); len(twice) > 0 {
		t.Errorf("offers stored twice: %v", twice)
	}
	checkIDs(t, filepath.Join(w.dir, "out", "results.jsonl"), after, stopOffers)
}

// transcript is what a process says, to be read while it speaks.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func lineCount(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	return bytes.Count(text, []byte("\n"))
}

// TestUndoKilled kills an undo, and goes on with it.
func TestUndoKilled(t *testing.T) {
	w := newStopWorld(t, program(t), sandbox.Config{Key: testKey, AnyAdvertiser: true, Latency: 20 * time.Millisecond}, nil)
	if out, err := w.command("import", w.input, "--yes", "--rate", "0", "--workers", "2").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	undo := w.command("undo", "last", "--how", "delete", "--yes")
	if err := undo.Start(); err != nil {
		t.Fatal(err)
	}
	for len(w.before.Offers()) > stopOffers/2 {
		time.Sleep(time.Millisecond)
	}
	undo.Process.Kill()
	if undo.Wait() == nil || len(w.before.Offers()) == 0 {
		t.Fatal("the undo was not killed half way")
	}
	if out, err := exec.Command(w.binary, "runs", "--journal", filepath.Join(w.dir, "journal.db")).Output(); err != nil || !strings.Contains(string(out), "not finished") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err := w.command("resume", "last").CombinedOutput()
	if got := len(w.before.Offers()); err != nil || got != 0 {
		t.Errorf("%d offers are left, %v\n%s", got, err, out)
	}
	results, err := os.ReadFile(filepath.Join(w.dir, "out", "results.jsonl"))
	if got := strings.Count(string(results), `"status":"updated"`); err != nil || got != stopOffers {
		t.Errorf("%d of %d offers are taken back, %v\n%s", got, stopOffers, err, results)
	}
}
