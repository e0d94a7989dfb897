package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func listIDs(t *testing.T, s *Server, query string) []int {
	t.Helper()
	var ids []int
	for _, o := range must(t, s, "GET", "/3.0/offers?"+query, "")["offers"].([]any) {
		ids = append(ids, int(o.(map[string]any)["id"].(float64)))
	}
	return ids
}

func TestFilters(t *testing.T) {
	now := today()
	s := newServer(t, Config{Now: func() time.Time { return now }})
	second := Advertisers()[1].ID
	for _, body := range []string{
		valid + "&external_offer_id=a b&title=Apple pie&bundle_id=com.x&status=active",
		strings.Replace(valid, "573c69a33b7d9b0e638b4576", second, 1) + "&title=Banana&privacy=protected&payments[0][countries][]=US&categories[]=" + cat1,
		valid + "&title=Cherry&privacy=private&targeting[0][country][allow][]=DE&status=suspended",
	} {
		must(t, s, "POST", "/3.0/admin/offer", body)
		now = now.Add(24 * time.Hour)
	}
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{903, 902, 901}}, {"sort[id]=asc", []int{901, 902, 903}}, {"sort[id]=desc", []int{903, 902, 901}},
		{"external_offer_id=a+b", []int{901}}, {"external_offer_id=a", nil}, {"external_offer_id=", []int{903, 902, 901}},
		{"int_id[]=903&int_id[]=901&int_id[]=5&int_id[]=901", []int{903, 901}},
		{"int_id[]=902&external_offer_id=a+b", nil},
		{"q=apple", []int{901}}, {"q=902", []int{902}}, {"q=90", nil},
		{"advertiser[]=" + second, []int{902}},
		{"status[]=active&status[]=suspended", []int{903, 901}},
		{"bundle_id=com.x", []int{901}}, {"categories[]=" + cat1, []int{902}},
		{"countries[]=US", []int{902}}, {"countries[]=US&countries[]=DE", []int{903, 902}}, {"countries[]=FR", nil},
		{"privacy[]=0", []int{901}}, {"privacy[]=1", []int{902}}, {"privacy[]=2&privacy[]=1", []int{903, 902}},
		{"updated_at=2026-11-24", []int{903, 902}}, {"updated_at=2026-11-26", nil},
		{"status[]=stopped&privacy[]=1", []int{902}},
	} {
		if got := listIDs(t, s, c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.query, got, c.want)
		}
	}
	for _, query := range []string{
		"limit=x", "page=0", "limit=0", "status=active", "status[]=x", "external_offer=a", "sort=id", "sort[title]=asc", "sort[id]=up",
		"updated_at=yesterday", "int_id[]=x", "int_id=901", "privacy[]=3", "page[]=1", "external_offer_id[]=a",
	} {
		if code, answer := do(t, s, request("GET", "/3.0/offers?"+query, "")); code != 400 || answer["status"] != 2.0 {
			t.Errorf("%s: %d %v", query, code, answer)
		}
	}
	// An edit is found under what it says now.
	must(t, s, "POST", "/3.0/admin/offer/901", "title=Date")
	if got := listIDs(t, s, "q=apple"); got != nil {
		t.Errorf("apple is gone, yet %v", got)
	}
	if got := listIDs(t, s, "q=DATE&updated_at=2026-11-26"); !slices.Equal(got, []int{901}) {
		t.Errorf("date: %v", got)
	}
}

func TestPages(t *testing.T) {
	s := newServer(t, Config{})
	for range 1203 {
		must(t, s, "POST", "/3.0/admin/offer", valid)
	}
	for _, c := range []struct {
		query string
		n     int
		want  string
	}{
		{"", 100, `{"next_page":2,"page":1,"per_page":100,"total_count":1203}`},
		{"limit=500&page=2", 500, `{"next_page":3,"page":2,"per_page":500,"total_count":1203}`},
		{"limit=500&page=3", 203, `{"page":3,"per_page":500,"total_count":1203}`},
		{"limit=9999", 500, `{"next_page":2,"page":1,"per_page":500,"total_count":1203}`},
		{"limit=1203&page=4", 0, `{"page":4,"per_page":500,"total_count":1203}`},
		{"int_id[]=901", 1, `{"page":1,"per_page":100,"total_count":1}`},
	} {
		answer := must(t, s, "GET", "/3.0/offers?"+c.query, "")
		if got := jsonText(t, answer["pagination"]); got != c.want || len(answer["offers"].([]any)) != c.n {
			t.Errorf("%s: %d offers, %s", c.query, len(answer["offers"].([]any)), got)
		}
	}
	seen := map[int]bool{}
	for page := 1; page <= 13; page++ {
		for _, id := range listIDs(t, s, fmt.Sprintf("page=%d&sort[id]=asc", page)) {
			seen[id] = true
		}
	}
	if len(seen) != 1203 {
		t.Errorf("the pages hold %d offers", len(seen))
	}
	answer := must(t, s, "GET", "/3.0/admin/advertisers?limit=3&page=2", "")
	if got := jsonText(t, answer["pagination"]); got != `{"next_page":3,"page":2,"per_page":3,"total_count":10}` {
		t.Error(got)
	}
}

func TestListDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, Config{ListDelay: 500 * time.Millisecond})
		must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
		if got := listIDs(t, s, "external_offer_id=k"); got != nil {
			t.Errorf("listed at once: %v", got)
		}
		must(t, s, "GET", "/3.0/offer/901", "")
		time.Sleep(499 * time.Millisecond)
		if got := must(t, s, "GET", "/3.0/offers", "")["pagination"]; jsonText(t, got) != `{"page":1,"per_page":100,"total_count":0}` {
			t.Errorf("counted early: %v", got)
		}
		time.Sleep(time.Millisecond)
		if got := listIDs(t, s, "external_offer_id=k"); !slices.Equal(got, []int{901}) {
			t.Errorf("not listed in time: %v", got)
		}
	})
}

func TestLookups(t *testing.T) {
	s := newServer(t, Config{})
	for path, want := range map[string]string{
		"/3.0/admin/advertisers":                `advertisers.0.id "573c69a33b7d9b0e638b4576"`,
		"/3.0/offer/categories?limit=1":         `categories.0.title "Games"`,
		"/3.0/admin/offer/sources":              `sources.0.title_lang {"en":"Banner"}`,
		"/3.0/admin/currency":                   `quotes.USD 1`,
		"/3.0/admin/domains":                    `domains.0.url "track.example.com"`,
		"/3.0/admin/partners":                   `partners.2.id 71`,
		"/3.0/admin/users":                      `users.0.first_name "Ana"`,
		"/3.0/admin/smartlink/categories":       `data.0.name "Mainstream"`,
		"/3.1/countries":                        `countries.0.code "AF"`,
		"/3.1/oses":                             `oses.1 "Android"`,
		"/3.1/oses/Mac%20OS%20X":                `versions.0 "10.12"`,
		"/3.1/devices":                          `devices.1 "mobile"`,
		"/3.1/browsers":                         `browsers.0 "Chrome"`,
		"/3.1/connection-types":                 `types.1 "cellular"`,
		"/3.1/isp?country=US&q=com":             `isps.0.name "Comcast"`,
		"/3.1/isp?country=AF":                   `isps []`,
		"/3.1/regions?country[]=DE":             `regions.1.name "Bavaria"`,
		"/3.1/cities?country[]=DE&country[]=GB": `cities.5.country_code "GB"`,
		"/3.1/vendors?q=sam":                    `vendors ["Samsung"]`,
	} {
		answer := must(t, s, "GET", path, "")
		key, value, _ := strings.Cut(want, " ")
		if got := jsonText(t, dig(t, answer, key)); got != value {
			t.Errorf("%s: %s is %s, want %s", path, key, got, value)
		}
	}
	for _, path := range []string{"/3.1/isp", "/3.1/isp?country=XX", "/3.1/regions", "/3.1/cities?country=DE", "/3.1/countries?q=x", "/3.0/admin/users?x=1"} {
		if _, answer := do(t, s, request("GET", path, "")); answer["status"] != 2.0 {
			t.Errorf("%s: %v", path, answer)
		}
	}
	if n := len(countries()); n != 249 {
		t.Errorf("%d countries", n)
	}
	ids := map[string]bool{}
	for _, a := range Advertisers() {
		ids[a.ID] = hexID(a.ID)
	}
	for _, list := range [][]Category{Categories(), Sources(), smartlinkCategories()} {
		for _, c := range list {
			ids[c.ID] = hexID(c.ID)
		}
	}
	if len(ids) != 34 {
		t.Errorf("%d different ids", len(ids))
	}
	for id, ok := range ids {
		if !ok {
			t.Errorf("%s is not an id", id)
		}
	}
}

func TestFileSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "offers.json")
	s := newServer(t, Config{File: file})
	must(t, s, "POST", "/3.0/admin/offer", landing+"&external_offer_id=k&title=%3C%26%22%F0%9F%8D%8E")
	must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
	must(t, s, "POST", "/3.0/admin/offer", valid)
	must(t, s, "POST", "/3.0/admin/offer/delete", "offer_id[]=903")
	must(t, s, "POST", "/3.0/offer/enable-affiliate", "offer_id[]=901&pid=7")
	must(t, s, "POST", "/3.0/admin/category", "title=Pets")
	want, categories := jsonText(t, s.Offers()), len(s.lists.allCategories())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = newServer(t, Config{File: file})
	if got := jsonText(t, s.Offers()); got != want {
		t.Errorf("after the restart:\n%s\nwant\n%s", got, want)
	}
	if got := jsonText(t, s.Duplicates()); got != `{"k":[901,902]}` || !slices.Equal(s.store.grants[901], []int{7}) || len(s.lists.allCategories()) != categories {
		t.Errorf("duplicates %s, affiliates %v, %d categories", got, s.store.grants[901], len(s.lists.allCategories()))
	}
	if got := listIDs(t, s, "external_offer_id=k"); !slices.Equal(got, []int{902, 901}) {
		t.Errorf("listed: %v", got)
	}
	next := must(t, s, "POST", "/3.0/admin/offer", valid)
	if next["id"] != 904.0 || dig(t, next, "offer.payments.0.id") == dig(t, s.Offers()[0], "payments.0.id") {
		t.Errorf("an id came twice: %v", next["id"])
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".sandbox-*")); left != nil {
		t.Errorf("temporary files stay: %v", left)
	}
}

func TestFileIsWrittenInTheBackground(t *testing.T) {
	file := filepath.Join(t.TempDir(), "offers.json")
	s := newServer(t, Config{File: file})
	must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=early")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		data, _ := os.ReadFile(file)
		if strings.Contains(string(data), `"external_offer_id":"early"`) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the file does not have the offer: %q", data)
		}
	}
}

func TestBadFile(t *testing.T) {
	for _, text := range []string{"{", `{"offers":[{"id":5}]}`, `{"offers":[{"id":"x"}]}`, `[]`} {
		file := filepath.Join(t.TempDir(), "offers.json")
		os.WriteFile(file, []byte(text), 0o600)
		if _, err := New(Config{File: file}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", text, err)
		}
	}
	file := filepath.Join(t.TempDir(), "gone", "offers.json")
	if _, err := New(Config{File: file}); err == nil {
		t.Error("a file that cannot be written is not an error")
	}
}
