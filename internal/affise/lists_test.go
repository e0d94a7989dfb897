package affise_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
)

// sandboxAccount is a look-alike account.
func sandboxAccount(t *testing.T) (*affise.Client, string) {
	t.Helper()
	server, err := sandbox.New(sandbox.Config{Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(func() { web.Close(); server.Close() })
	return newClient(t, web.URL), web.URL
}

// allNames follows the pages of a directory.
func allNames(t *testing.T, c *affise.Client, d affise.Directory) (all []affise.Named, pages int) {
	t.Helper()
	for page := 1; page != 0; pages++ {
		p, err := c.Names(t.Context(), d, page)
		if err != nil {
			t.Fatal(err)
		}
		all, page = append(all, p.Entries...), p.Next
	}
	return all, pages
}

func TestNamesOfTheAccount(t *testing.T) {
	want := map[affise.Directory][]affise.Named{}
	for _, a := range sandbox.Advertisers() {
		want[affise.Advertisers] = append(want[affise.Advertisers], affise.Named{ID: a.ID, Names: []string{a.Title}})
	}
	for _, c := range sandbox.Categories() {
		want[affise.Categories] = append(want[affise.Categories], affise.Named{ID: c.ID, Names: []string{c.Title}})
	}
	for _, c := range sandbox.Sources() {
		want[affise.Sources] = append(want[affise.Sources], affise.Named{ID: c.ID, Names: []string{c.Title}})
	}
	for _, a := range sandbox.Affiliates() {
		want[affise.Affiliates] = append(want[affise.Affiliates], affise.Named{ID: strconv.Itoa(a.ID), Names: []string{a.Login, a.Email}})
	}
	for _, m := range sandbox.Managers() {
		want[affise.Managers] = append(want[affise.Managers], affise.Named{ID: m.ID, Names: []string{m.Email, m.FirstName + " " + m.LastName}})
	}
	c, _ := sandboxAccount(t)
	for d, list := range want {
		if got, _ := allNames(t, c, d); len(got) == 0 || !cmp.Equal(got, list) {
			t.Errorf("%s: %s", d, cmp.Diff(list, got))
		}
	}
}

func TestNamesFollowPages(t *testing.T) {
	c, base := sandboxAccount(t)
	const added = 2 * affise.MaxLimit
	for i := range added {
		form := strings.NewReader(url.Values{"title": {fmt.Sprint("Category ", i)}}.Encode())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/3.0/admin/category", form)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Api-Key", testKey)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	got, pages := allNames(t, c, affise.Categories)
	ids := map[string]bool{}
	for _, n := range got {
		ids[n.ID] = true
	}
	if want := added + len(sandbox.Categories()); len(ids) != want || len(got) != want || pages != 3 {
		t.Errorf("%d entries with %d ids on %d pages, want %d on 3", len(got), len(ids), pages, want)
	}
}

func TestNamesJudgeAnswers(t *testing.T) {
	full := strings.TrimSuffix(strings.Repeat(`{"id":1,"login":"a"},`, affise.MaxLimit), ",")
	tests := []struct {
		name, body string
		code       int
		outcome    affise.Outcome // 0: fine
		says       string
		want       affise.NamePage
	}{
		{name: "large id as number", code: 200, body: `{"status":1,"partners":[{"id":9007199254740993,"login":"a"}]}`,
			want: affise.NamePage{Entries: []affise.Named{{ID: "9007199254740993", Names: []string{"a"}}}, Total: 1}},
		{name: "id as text, names blank", code: 200, body: `{"status":1,"partners":[{"id":"007","name":" ","login":null}],"pagination":{"total_count":1}}`,
			want: affise.NamePage{Entries: []affise.Named{{ID: "007"}}, Total: 1}},
		{name: "a smaller page than asked for", code: 200, body: `{"status":1,"partners":[{"id":1}],"pagination":{"per_page":1,"total_count":2}}`,
			want: affise.NamePage{Entries: []affise.Named{{ID: "1"}}, Total: 2, Next: 2}},
		{name: "none", code: 200, body: `{"status":1,"partners":[],"pagination":{"total_count":0}}`},
		{name: "no list", code: 200, body: `{"status":1}`, outcome: affise.Unknown, says: "holds no list of partners"},
		{name: "no id", code: 200, body: `{"status":1,"partners":[{"id":1},{"login":"b"}]}`, outcome: affise.Unknown, says: "entry 2 of the list has no id"},
		{name: "id is no whole number", code: 200, body: `{"status":1,"partners":[{"id":1e3}]}`, outcome: affise.Unknown, says: "entry 1"},
		{name: "full page without a total", code: 200, body: `{"status":1,"partners":[` + full + `]}`, outcome: affise.Unknown, says: "how many there are"},
		{name: "refused", code: 403, body: `{"status":2,"error":"Auth Denied"}`, outcome: affise.Unauthorised, says: "list affiliates: Auth Denied; the API key is refused"},
		{name: "busy", code: 429, outcome: affise.Throttled},
		{name: "page of HTML", code: 200, body: "<html>", outcome: affise.Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := answers(t, test.code, nil, test.body)
			got, err := c.Names(t.Context(), affise.Affiliates, 1)
			if test.outcome == 0 {
				if err != nil || !cmp.Equal(got, test.want) {
					t.Fatalf("%v\n%s", err, cmp.Diff(test.want, got))
				}
				return
			}
			if e := asError(t, err); e.Outcome != test.outcome || !strings.Contains(e.Error(), test.says) {
				t.Errorf("%s: %v, want %s: %q", e.Outcome, e, test.outcome, test.says)
			}
		})
	}
}

// A list without end ends, an unknown one is no call, and a stopped one sends
// nothing.
func TestNamesAskNothing(t *testing.T) {
	c, n := answers(t, 200, nil, `{"status":1,"partners":[]}`)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for says, call := range map[string]func() error{
		"the list has no end":        func() error { _, err := c.Names(t.Context(), affise.Affiliates, 1001); return err },
		"list goals: there is no":    func() error { _, err := c.Names(t.Context(), "goals", 1); return err },
		"stopped before it was sent": func() error { _, err := c.Names(stopped, affise.Affiliates, 1); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	if n.Load() != 0 {
		t.Errorf("%d requests were sent", n.Load())
	}
}

// Regions and cities are listed by country, and an answer that holds a part of
// them is an error: the name that is looked for may be in the rest.
func TestPlaces(t *testing.T) {
	c, _ := sandboxAccount(t)
	for d, want := range map[affise.Directory]affise.Named{
		affise.Regions: {ID: "10", Names: []string{"Texas"}}, affise.Cities: {ID: "5001", Names: []string{"Chicago"}},
	} {
		got, err := c.Places(t.Context(), d, "US")
		if err != nil || !slices.ContainsFunc(got.Entries, func(n affise.Named) bool { return cmp.Equal(n, want) }) {
			t.Errorf("%s: %v, %v; want %v among them", d, got, err, want)
		}
	}
	if _, err := c.Places(t.Context(), affise.Managers, "US"); err == nil {
		t.Error("managers are of no country")
	}
	part, _ := answers(t, 200, nil, `{"status":1,"cities":[{"id":1,"name":"a"}],"pagination":{"page":1,"per_page":1,"total_count":2}}`)
	if _, err := part.Places(t.Context(), affise.Cities, "US"); err == nil || !strings.Contains(err.Error(), "1 of 2") {
		t.Errorf("a part of a list: %v", err)
	}
}
