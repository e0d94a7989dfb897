package profile_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
	"offerlift/templates"
)

var update = os.Getenv("UPDATE_GOLDEN") != ""

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func library() profile.Library { return profile.Library{Files: templates.Profiles()} }

const networks = "../../samples/networks"

// taken is what became of a sample.
type taken struct {
	Offers   []offer         `json:"offers"`
	Messages []string        `json:"messages"`
	Report   *profile.Report `json:"report"`
	bodies   map[string]affise.Value
}

type offer struct {
	Key      string          `json:"key"`
	Action   string          `json:"action,omitempty"`
	Rows     []int           `json:"rows"`
	Valid    bool            `json:"valid"`
	Body     json.RawMessage `json:"body,omitempty"`
	Messages []string        `json:"messages,omitempty"`
}

func load(t testing.TB, name string, set map[string]string) *profile.Profile {
	t.Helper()
	p, err := library().Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range set {
		if p, err = p.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func readBook(t testing.TB, paths ...string) *sheet.Book {
	t.Helper()
	book, err := sheet.Open(paths, sheet.Options{Known: mapping.Known})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

// take reads a file with a profile, as an import does.
func take(t testing.TB, path string, p *profile.Profile, settings profile.Settings) taken {
	t.Helper()
	settings.Now = noon
	if settings.IDs == nil {
		settings.IDs = profile.IDs{}
		if ids := strings.TrimSuffix(path, filepath.Ext(path)) + "-ids.csv"; exists(ids) {
			if err := settings.IDs.Open(ids); err != nil {
				t.Fatal(err)
			}
		}
	}
	derived, report, err := profile.Apply(readBook(t, path), p, settings)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.New(derived, mapping.Options{DateFormat: p.Dates, Now: noon, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	out := taken{Report: report, bodies: map[string]affise.Value{}}
	for o, err := range m.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out.Offers = append(out.Offers, golden(t, o))
		if o.Valid() && o.Action != "skip" {
			out.bodies[o.Key] = o.Body
		}
	}
	out.Messages = lines(m.Messages())
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func golden(t testing.TB, o mapping.Offer) offer {
	g := offer{Key: o.Key, Action: o.Action, Rows: []int{o.At.Row}, Valid: o.Valid(), Messages: lines(o.Messages)}
	for _, c := range o.Children {
		g.Rows = append(g.Rows, c.Row)
	}
	if o.Valid() && o.Action != "skip" {
		body, err := o.Body.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		g.Body = bytes.ReplaceAll(body, []byte(`\u0026`), []byte("&"))
	}
	return g
}

func lines(messages []sheet.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, string(m.Level)+" "+m.Code+" "+m.File+", "+m.Sheet+"!"+m.Cell+" "+m.Column+": "+m.Text)
	}
	return list
}

// Each sample goes through check and into the account, and the bodies are those
// that we looked at once, line by line.
func TestSamples(t *testing.T) {
	samples, err := os.ReadDir(networks)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range samples {
		name, _, _ := strings.Cut(s.Name(), ".")
		if strings.HasSuffix(name, "-ids") {
			continue
		}
		n++
		t.Run(s.Name(), func(t *testing.T) { testSample(t, s.Name(), name) })
	}
	if n == 0 {
		t.Fatal("there are no samples")
	}
}

// choices are what a sample needs besides its ids to show anything.
var choices = map[string]map[string]string{"impact": {"share": "70"}, "offer18-api": {"conditional": "same_price"}}

func testSample(t *testing.T, file, name string) {
	network := name
	if !slices.Contains(library().Names(), name) {
		network, _, _ = strings.Cut(name, "-") // trackier-api
	}
	got := take(t, filepath.Join(networks, file), load(t, network, choices[name]), profile.Settings{})
	if len(got.bodies) == 0 {
		t.Error("no offer of the sample is valid: it shows nothing")
	}
	send(t, got.bodies)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", name+".json")
	if filepath.Ext(file) == "" {
		path = filepath.Join("testdata", "golden", name+"-folder.json")
	}
	if update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s differs from what it was; if that is right, run with UPDATE_GOLDEN=1:\n%s", path, diff)
	}
}

// accountKey is in none of the bodies: the client hides it wherever an answer
// holds it.
const accountKey = "f9a1c7-samples"

// send puts the bodies into a look-alike account, which refuses what the API
// refuses.
func send(t *testing.T, bodies map[string]affise.Value) {
	server, err := sandbox.New(sandbox.Config{Key: accountKey, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()
	defer server.Close()
	client, err := affise.NewClient(affise.Config{BaseURL: web.URL, Key: accountKey})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for key, body := range bodies {
		stored, err := client.Create(t.Context(), body)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		differences, err := affise.Differences(body, stored.Offer)
		if err != nil {
			t.Errorf("%s: %v", key, err)
		}
		for _, d := range differences {
			t.Errorf("%s: stored is not what was sent: %+v", key, d)
		}
	}
}
