package cli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"offerlift/internal/sandbox"
)

// secretKey is a key that looks different wherever it is escaped or encoded.
const secretKey = "s3cr3t+Key/with=odd&signs"

// TestSecrets runs every command against every fault, and against a server that
// says the key back to us, and then looks for the key in all that was written.
// What is written is its owner's alone.
func TestSecrets(t *testing.T) {
	t.Parallel()
	binary := program(t)
	var all sync.WaitGroup
	byFile := false
	for pair := range slices.Chunk(sandbox.FaultNames(), 2) { // each pair is a server
		faults := sandbox.Faults{}
		for _, fault := range pair {
			faults[fault.Name] = 0.2
		}
		if faults["429"] > 0 { // each asks for a second of all
			faults["429"] = 0.1
		}
		byFile = !byFile // by turns
		all.Go(newSecretWorld(t, binary, faults, byFile).run)
	}
	for _, byFile := range []bool{true, false} {
		echoing := newSecretWorld(t, binary, nil, byFile)
		echoing.name, echoing.url = "echo", serve(t, echo())
		all.Go(echoing.run)
	}
	all.Go(newSecretWorld(t, binary, nil, false).run)
	all.Wait()
}

func serve(t *testing.T, handler http.Handler) (url string) {
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	t.Cleanup(web.CloseClientConnections)
	return web.URL
}

type secretWorld struct {
	t                *testing.T
	binary, dir, url string
	name             string
	byFile           bool
}

func newSecretWorld(t *testing.T, binary string, faults sandbox.Faults, byFile bool) *secretWorld {
	t.Helper()
	s := &secretWorld{t: t, binary: binary, dir: t.TempDir(), name: strings.Join(slices.Sorted(maps.Keys(faults)), " and "), byFile: byFile}
	server, err := sandbox.New(sandbox.Config{Key: secretKey, AnyAdvertiser: true, Seed: 3, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	s.url = serve(t, server)
	if err := os.Chmod(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	writeOffers(t, filepath.Join(s.dir, "in.csv"), 6)
	return s
}

// echo is a server that quotes the request's key in all it says: by turns in
// words, which become a message of the row, and in the address of a redirect.
func echo() http.Handler {
	var writes atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		key := r.Header.Get("API-Key")
		switch {
		case r.Method == http.MethodGet:
			io.WriteString(w, `{"status":1,"offers":[],"pagination":{"per_page":500,"total_count":0,"page":1}}`)
		case writes.Add(1)%2 == 0:
			w.Header().Set("Location", "/?key="+url.QueryEscape(key))
			w.WriteHeader(http.StatusFound)
		default:
			w.WriteHeader(http.StatusBadRequest)
			json.NewEncoder(w).Encode(map[string]any{"status": 2, "error": "title: the key " + key + " may not do this", "message": "key " + key})
		}
	})
}

// meetsFaults is how many of the commands make requests, or read what faults
// left in the journal. The others cannot tell one fault from another.
const meetsFaults = 8

func (s *secretWorld) run() {
	send := []string{"--yes", "--rate", "0", "--workers", "4", "--settle-for", "200ms", "--timeout", "700ms"}
	var said bytes.Buffer
	for n, args := range [][]string{
		append([]string{"import", "in.csv", "--out", "out", "--verify", "--log-file", "run.log", "--log-format", "json", "--metrics-file", "run.prom"}, send...),
		{"resume", "last", "--out", "out"},
		append([]string{"import", "in.csv", "--mode", "upsert", "--out", "out2", "--json"}, send...),
		append([]string{"import", "in.csv", "--mode", "update", "--assume-new", "--out", "out3", "--log-format", "json"}, send...),
		{"undo", "last", "--yes", "--out", "undone"},
		{"undo", "last", "--how", "delete", "--force", "--yes", "--out", "undone2"},
		{"report", "last", "--out", "again"},
		{"runs", "--json"}, {"runs", "show", "last"},
		{"runs"}, {"runs", "prune"}, {"check", "in.csv"}, {"template", "--out", "template.xlsx"}, {"profiles"}, {"match", "in.csv"}, {"ids", "in.csv"}, {"sandbox", "--list"},
	} {
		if n >= meetsFaults && s.name != "" && s.name != "echo" {
			break
		}
		cmd := exec.Command(s.binary, args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, &said, &said
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AFFISE_") }),
			"AFFISE_BASE_URL="+s.url, "XDG_STATE_HOME="+filepath.Join(s.dir, "state"), "HOME="+s.dir)
		cmd.Env, cmd.Args = s.give(cmd.Env, cmd.Args, args[0])
		fmt.Fprintf(&said, "--- %s\n", strings.Join(args, " "))
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			s.t.Errorf("%v: %v", args, err)
		}
		if code := cmd.ProcessState.ExitCode(); n < 2 && code == 2 && !strings.Contains(s.name, "unauthorized") {
			s.t.Errorf("%s: %v sent nothing: the test has lost its way\n%s", s.name, args, &said)
		}
	}
	s.search("what it said", said.Bytes())
	s.walk()
}

// give hands the key over.
func (s *secretWorld) give(env, args []string, command string) ([]string, []string) {
	if !s.byFile {
		return append(env, "AFFISE_API_KEY="+secretKey), args
	}
	path := filepath.Join(s.dir, "the.key")
	if err := os.WriteFile(path, []byte(secretKey+"\n"), 0o600); err != nil {
		s.t.Error(err)
	}
	if slices.Contains([]string{"import", "resume", "undo"}, command) {
		args = append(args, "--api-key-file", path)
	}
	return env, args
}

// walk looks at every file and folder that is there in the end.
func (s *secretWorld) walk() {
	journals := 0
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, s.dir)
		if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" && name != "/template.xlsx" && name != "/run.prom" {
			s.t.Errorf("%s: %s has the rights %v", s.name, name, info.Mode())
		}
		if d.IsDir() || name == "/the.key" {
			return nil
		}
		if strings.HasSuffix(name, "journal.db") {
			journals++
		}
		content, err := os.ReadFile(path)
		s.search(name, content)
		return err
	})
	if err != nil || journals != 1 {
		s.t.Errorf("%s: %d journals, %v", s.name, journals, err)
	}
}

func (s *secretWorld) search(where string, content []byte) {
	for _, form := range forms() {
		if at := bytes.Index(content, []byte(form)); at >= 0 {
			s.t.Errorf("%s: the key is in %s as %q: …%q", s.name, where, form, content[max(0, at-80):min(len(content), at+60)])
			return
		}
	}
}

// forms are the shapes in which the key could get out.
func forms() []string {
	quoted, _ := json.Marshal(secretKey)
	list := []string{secretKey, url.QueryEscape(secretKey), url.PathEscape(secretKey), html.EscapeString(secretKey),
		strings.Trim(string(quoted), `"`), hex.EncodeToString([]byte(secretKey))}
	for before := range 3 { // within a longer text the key starts at any of three places
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", before) + secretKey))
		list = append(list, text[4:len(text)-4], strings.NewReplacer("+", "-", "/", "_").Replace(text[4:len(text)-4]))
	}
	return list
}
