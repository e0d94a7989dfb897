package samples_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/samples"
)

// now is a day before all dates of the samples but those that are meant to be
// past.
func now() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// mapped reads a sample as it is embedded, and returns its offers and the
// messages that belong to none.
func mapped(t *testing.T, name string) ([]mapping.Offer, []sheet.Message) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, samples.FS); err != nil {
		t.Fatal(err)
	}
	return read(t, filepath.Join(dir, name))
}

func read(t *testing.T, path string) ([]mapping.Offer, []sheet.Message) {
	t.Helper()
	book, err := sheet.Open([]string{path}, sheet.Options{Known: mapping.Known})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	m, err := mapping.New(book, mapping.Options{Mode: "create", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	var offers []mapping.Offer
	for o, err := range m.Offers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, o)
	}
	return offers, m.Messages()
}

func TestValidSamplesHaveNothingToMend(t *testing.T) {
	for name, want := range map[string]int{"launch.xlsx": 12, "launch": 12, "flat.csv": 5, "example.xlsx": 1} {
		offers, messages := mapped(t, name)
		if len(offers) != want {
			t.Errorf("%s has %d offers, want %d", name, len(offers), want)
		}
		for _, o := range offers {
			messages = append(messages, o.Messages...)
		}
		for _, m := range messages {
			if m.Level != sheet.LevelInfo {
				t.Errorf("%s: %s %s: %s", m.Place(), m.Level, m.Code, m.Text)
			}
		}
	}
}

func TestWorkbookAndFolderMeanTheSame(t *testing.T) {
	inBook, _ := mapped(t, "launch.xlsx")
	inFolder, _ := mapped(t, "launch")
	for i := range inBook {
		a, b := bodyOf(t, inBook[i]), bodyOf(t, inFolder[i])
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s: launch.xlsx and launch/ differ: %s", inBook[i].Key, diff)
		}
	}
}

func bodyOf(t *testing.T, o mapping.Offer) (body any) {
	t.Helper()
	text, err := json.Marshal(o.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// The sandbox refuses what the API refuses, unknown advertisers among it.
func TestSandboxTakesTheValidSamples(t *testing.T) {
	for _, name := range []string{"launch.xlsx", "flat.csv", "example.xlsx"} {
		server, err := sandbox.New(sandbox.Config{Key: "samples", Now: now})
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(server)
		client, err := affise.NewClient(affise.Config{BaseURL: web.URL, Key: "samples"})
		if err != nil {
			t.Fatal(err)
		}
		offers, _ := mapped(t, name)
		for _, o := range offers {
			if _, err := client.Create(t.Context(), o.Body); err != nil {
				t.Errorf("%s, %s: %v", name, o.Key, err)
			}
		}
		client.Close()
		web.Close()
		server.Close()
	}
}

func TestIDsAreOfTheSandboxAccount(t *testing.T) {
	known := accountIDs()
	hex := regexp.MustCompile(`^[0-9a-f]{24}$`)
	for _, name := range []string{"launch.xlsx", "flat.csv", "example.xlsx", "mistakes.xlsx"} {
		offers, _ := mapped(t, name)
		seen := 0
		for _, o := range offers {
			eachText(bodyOf(t, o), "", func(key, text string) {
				if !hex.MatchString(text) && key != "partners" && key != "affiliates" && key != "affiliate_id" {
					return
				}
				seen++
				if !slices.Contains(known[key], text) {
					t.Errorf("%s, %s: the sandbox has no %s %s", name, o.Key, key, text)
				}
			})
		}
		if seen < len(offers)/2 {
			t.Errorf("%s: only %d ids in %d offers", name, seen, len(offers))
		}
	}
}

// accountIDs are the ids that the sandbox knows, by the key that takes them.
func accountIDs() map[string][]string {
	ids := map[string][]string{}
	for _, a := range sandbox.Advertisers() {
		ids["advertiser"] = append(ids["advertiser"], a.ID)
	}
	for _, c := range sandbox.Categories() {
		ids["categories"] = append(ids["categories"], c.ID)
	}
	for _, s := range sandbox.Sources() {
		ids["sources"] = append(ids["sources"], s.ID)
	}
	for _, m := range sandbox.Managers() {
		ids["managers"] = append(ids["managers"], m.ID)
	}
	for _, a := range sandbox.Affiliates() {
		id, _ := json.Marshal(a.ID)
		for _, key := range []string{"partners", "affiliates", "affiliate_id"} {
			ids[key] = append(ids[key], string(id))
		}
	}
	return ids
}

// eachText visits the texts of a body with the nearest key above each.
func eachText(v any, key string, visit func(key, text string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			eachText(inner, k, visit)
		}
	case []any:
		for _, inner := range v {
			eachText(inner, key, visit)
		}
	case string:
		visit(key, v)
	}
}

// The launch list must show what the tool can do.
func TestLaunchUsesEverything(t *testing.T) {
	offers, _ := mapped(t, "launch.xlsx")
	keys := map[string]bool{}
	for _, o := range offers {
		text, err := json.Marshal(o.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range regexp.MustCompile(`"([a-zA-Z_0-9]+)":`).FindAllStringSubmatch(string(text), -1) {
			keys[k[1]] = true
		}
	}
	for _, want := range strings.Fields(`payments partner_payments partners caps country_type sub_value targeting affiliate_id sub deny_groups
		os urls weight landings stopDate start_at schedule intervals commission_tiers creativesHtml sub_restrictions description_lang`) {
		if !keys[want] {
			t.Errorf("no offer of launch.xlsx uses %s", want)
		}
	}
}

// The examples of docs/workbook.md must be as true as the samples.
func TestExamplesOfTheDocs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "workbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```csv\n(.*?)```").FindAllSubmatch(page, -1)
	if len(blocks) != 3 {
		t.Fatalf("docs/workbook.md has %d examples, want offers, payouts and a flat file", len(blocks))
	}
	dir := t.TempDir()
	for i, name := range []string{"two/offers.csv", "two/payouts.csv", "flat.csv"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, blocks[i][1], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"two", "flat.csv"} {
		offers, messages := read(t, filepath.Join(dir, name))
		if len(offers) != 1 {
			t.Fatalf("%s: %d offers", name, len(offers))
		}
		for _, m := range append(messages, offers[0].Messages...) {
			if m.Level != sheet.LevelInfo {
				t.Errorf("%s: %s %s: %s", m.Place(), m.Level, m.Code, m.Text)
			}
		}
		for _, part := range []string{"payments", "partner_payments"} {
			if list, ok := offers[0].Body.Get(part); !ok || len(list.Items()) != 1 {
				t.Errorf("%s: %s is %v", name, part, list)
			}
		}
	}
}
