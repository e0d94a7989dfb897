package affise_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
)

// account is a look-alike server and a client for it.
func account(t testing.TB) *affise.Client {
	t.Helper()
	server, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server)
	t.Cleanup(func() {
		s.Close()
		server.Close()
	})
	return newClient(t, s.URL)
}

func create(t rapid.TB, client *affise.Client, offer affise.Value) affise.Stored {
	t.Helper()
	got, err := client.Create(context.Background(), offer)
	if err != nil {
		t.Fatalf("%v\n%s", err, affise.AppendForm(nil, offer))
	}
	return got
}

// The look-alike shares nothing with this package, so that what both agree on is
// what the reference says.
func TestAnyOfferStoredAsSentShowsNoDifference(t *testing.T) {
	client := account(t)
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		stored := create(t, client, offer)
		differences, err := affise.Differences(offer, stored.Offer)
		if err != nil || len(differences) > 0 {
			t.Fatalf("%v, %+v\n%s", err, differences, stored.Offer)
		}
	})
}

// place is a parameter that was sent and where the answer has it.
type place struct {
	key  string
	part int
	col  affise.Column
	base map[string]any
}

// places lists the parameters of an offer that are compared.
func places(offer affise.Value, stored map[string]any) (all []place) {
	add := func(prefix string, part int, columns []affise.Column, sent affise.Value, base map[string]any) {
		for _, c := range columns {
			if v, ok := sent.Get(c.Path...); ok && c.ReadPath != nil && c.Path != nil && tell(v) != "" {
				key := prefix + "[" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(c.Key, "[]"), "]", ""), "[", "][") + "]"
				if prefix == "" {
					key = strings.TrimSuffix(c.Key, "[]")
				}
				all = append(all, place{key + map[bool]string{true: "[]"}[c.List], part, c, base})
			}
		}
	}
	for _, p := range affise.Parts() {
		if p.Key == "" {
			add("", -1, p.Columns, offer, stored)
			continue
		}
		for _, key := range []string{p.Key, affise.Personal} {
			rows, _ := offer.Get(key)
			for i, row := range rows.Items() {
				if key == p.Key || p.Key == "payments" {
					add(fmt.Sprintf("%s[%d]", key, i), i, p.Columns, row, stored[key].([]any)[i].(map[string]any))
				}
			}
		}
	}
	return all
}

// tell is blank for what clears a parameter.
func tell(v affise.Value) string {
	return strings.NewReplacer("[", "", "]", "", "\"", "", ",", "").Replace(marshalled(v))
}

func marshalled(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func exact(t rapid.TB, text []byte) (v map[string]any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// change makes another value of one that is stored.
func change(t *rapid.T, c affise.Column, v any) any {
	switch v := v.(type) {
	case string:
		return "¬" + v
	case bool:
		return !v
	case json.Number:
		if c.Kind == affise.KindFlag {
			return 1 - len(strings.Trim(v.String(), "0"))
		}
		return json.Number("9" + v.String())
	case []any:
		if len(v) == 0 || rapid.Bool().Draw(t, "more") && fmt.Sprintf("%T", v[0]) == "string" {
			return append(v, "¬")
		}
		i := rapid.IntRange(0, len(v)-1).Draw(t, "item")
		v[i] = change(t, c, v[i])
		return v
	case map[string]any:
		if c.Name == "goals" {
			return map[string]any{"¬": "¬"}
		}
		key := "id"
		if _, ok := v[key]; !ok {
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			key = rapid.SampledFrom(keys).Draw(t, "member")
		}
		v[key] = change(t, c, v[key])
		return v
	}
	return "¬"
}

// at returns the object that holds a path's last key.
func at(base map[string]any, path []string) map[string]any {
	for _, key := range path[:len(path)-1] {
		base = base[key].(map[string]any)
	}
	return base
}

func TestEachChangeOfWhatIsStoredIsOneDifference(t *testing.T) {
	client := account(t)
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		stored := exact(t, create(t, client, offer).Offer)
		all := places(offer, stored)
		p := all[rapid.IntRange(0, len(all)-1).Draw(t, "place")]
		holder, last := at(p.base, p.col.ReadPath), p.col.ReadPath[len(p.col.ReadPath)-1]
		was := marshalled(holder[last])
		holder[last] = change(t, p.col, holder[last])
		differences, err := affise.Differences(offer, []byte(marshalled(stored)))
		if err != nil || len(differences) != 1 || differences[0].Key != p.key || differences[0].Part != p.part ||
			differences[0].Column != p.col.Name || differences[0].Missing || differences[0].Sheet == "" {
			t.Fatalf("%s was %s and is %s: %v, %+v", p.key, was, marshalled(holder[last]), err, differences)
		}
		seen[p.col.Name] = true
	})
	if len(seen) < 30 {
		t.Errorf("only %d columns were tried", len(seen))
	}
}

func TestWhatTheAnswerLacksIsMissingOnce(t *testing.T) {
	client := account(t)
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		stored := exact(t, create(t, client, offer).Offer)
		all := places(offer, stored)
		p := all[rapid.IntRange(0, len(all)-1).Draw(t, "place")]
		sent, _ := offer.Get(p.col.Path...)
		if p.part >= 0 {
			array, _, _ := strings.Cut(p.key, "[")
			rows, _ := offer.Get(array)
			sent, _ = rows.Items()[p.part].Get(p.col.Path...)
		}
		delete(at(p.base, p.col.ReadPath), p.col.ReadPath[len(p.col.ReadPath)-1])
		differences, err := affise.Differences(offer, []byte(marshalled(stored)))
		if sent.Str() == p.col.Default && sent.IsText() || sent.Str() == "0" && p.col.Kind == affise.KindFlag || sent.Str() == "false" {
			if err != nil || len(differences) != 0 {
				t.Fatalf("%s means nothing: %v, %+v", p.key, err, differences)
			}
			return
		}
		if err != nil || len(differences) != 1 || differences[0].Key != p.key || !differences[0].Missing || differences[0].Stored != "" {
			t.Fatalf("%s is gone: %v, %+v", p.key, err, differences)
		}
	})
}

// field and row build what was sent in the tests below.
func text(key, value string) affise.Field {
	return affise.Field{Key: key, Value: affise.Text(value)}
}

func list(key string, items ...string) affise.Field {
	return affise.Field{Key: key, Value: affise.Texts(items...)}
}

func sub(key string, fields ...affise.Field) affise.Field {
	return affise.Field{Key: key, Value: affise.Map(fields...)}
}

func rows(key string, items ...affise.Value) affise.Field {
	return affise.Field{Key: key, Value: affise.List(items...)}
}

func TestOneMeaningInManySpellings(t *testing.T) {
	target := func(f affise.Field) affise.Field { return rows("targeting", affise.Map(f)) }
	tests := []struct {
		sent   affise.Field
		stored string // the offer
		same   bool
	}{
		{text("hold_period", "30"), `{"hold_period":"030"}`, true},
		{text("hold_period", "0"), `{"hold_period":null}`, true},
		{text("hold_period", "30"), `{"hold_period":31}`, false},
		{rows("payments", affise.Map(text("total", "1.40"))), `{"payments":[{"total":1.4}]}`, true},
		{rows("payments", affise.Map(text("total", "20"))), `{"payments":[{"total":"2.0e+1"}]}`, true},
		{rows("payments", affise.Map(text("total", "0.00001"))), `{"payments":[{"total":1e-5}]}`, true},
		{rows("payments", affise.Map(text("total", "0.30000000000000004"))), `{"payments":[{"total":0.3}]}`, false},
		{rows("payments", affise.Map(text("total", "9007199254740993"))), `{"payments":[{"total":9007199254740992}]}`, false},
		{rows("payments", affise.Map(text("total", "1.4"))), `{"payments":[{"total":-1.4}]}`, false},
		{rows("payments", affise.Map(text("total", "14"))), `{"payments":[{"total":1.4}]}`, false},
		{rows("payments", affise.Map(text("total", "0"))), `{"payments":[{"total":0.0}]}`, true},
		{rows("payments", affise.Map(text("currency", "USD"))), `{"payments":[{"currency":"usd"}]}`, true},
		{rows("payments", affise.Map(text("sub1", "a, b"))), `{"payments":[{"sub1":["b","a"]}]}`, true},
		{rows("payments", affise.Map(text("sub1", "a,b"))), `{"payments":[{"sub1":"a,b"}]}`, true},
		{rows("payments", affise.Map(text("sub1", "a,b"))), `{"payments":[{"sub1":["a"]}]}`, false},
		{rows("payments", affise.Map(text("goal", "1"))), `{"payments":[{"goal":1}]}`, true},
		{rows("payments", affise.Map(text("goal", "01"))), `{"payments":[{"goal":1}]}`, false},
		{rows("payments", affise.Map(list("cities", "5001", "7"))), `{"payments":[{"cities":[{"id":7,"name":"x"},{"id":"5001"}]}]}`, true},
		{rows("payments", affise.Map(list("countries", "US", "CA"))), `{"payments":[{"countries":["ca","us"]}]}`, true},
		{rows("payments", affise.Map(list("countries", "US", "CA"))), `{"payments":[{"countries":["CA","US","MX"]}]}`, false},
		{rows("payments", affise.Map(list("countries", ""))), `{"payments":[{"countries":[]}]}`, true},
		{rows("payments", affise.Map(list("countries", ""))), `{"payments":[{"countries":null}]}`, true},
		{rows("payments", affise.Map(list("countries", ""))), `{"payments":[{}]}`, true},
		{rows("payments", affise.Map(list("countries", ""))), `{"payments":[{"countries":["US"]}]}`, false},
		{rows("partner_payments", affise.Map(list("partners", "71"))), `{"partner_payments":[{"partners":["71"]}]}`, true},
		{rows("partner_payments", affise.Map(list("partners", "71"))), `{"partner_payments":[{"partners":[72]}]}`, false},
		{rows("caps", affise.Map(list("goals", "install", "1"))), `{"caps":[{"goals":{"1":"First","install":"Install"}}]}`, true},
		{rows("caps", affise.Map(list("goals", "install"))), `{"caps":[{"goals":{"1":"First"}}]}`, false},
		{rows("caps", affise.Map(list("country", "US"))), `{"caps":[{"country":null}]}`, false},
		{text("is_top", "1"), `{"is_top":true}`, true},
		{text("is_top", "1"), `{"is_top":"1"}`, true},
		{text("is_top", "0"), `{"is_top":""}`, true},
		{text("is_top", "0"), `{"is_top":1}`, false},
		{text("is_top", "1"), `{"is_top":"maybe"}`, false},
		{text("consider_personal_targeting_only", "true"), `{"consider_personal_targeting_only":1}`, true},
		{text("uniqIpOnly", "1"), `{"uniqIpOnly":true,"uniq_ip_only":false}`, false},
		{text("uniqIpOnly", "1"), `{"uniq_ip_only":true}`, true},
		{text("privacy", "protected"), `{"privacy":"premoderated"}`, true},
		{text("privacy", "protected"), `{"privacy":"private"}`, false},
		{text("stopDate", "2030-08-01"), `{"stop_at":"2030-08-01 00:00:00"}`, true},
		{text("stopDate", "2030-08-01"), `{"stop_at":"2030-08-02 00:00:00"}`, false},
		{text("stopDate", "2030-08-01"), `{"stop_at":null}`, false},
		{text("stopDate", ""), `{"stop_at":null}`, true},
		{text("start_at", "2030-08-01"), `{"start_at":"2030-08-01T00:00:00+00:00"}`, true},
		{text("start_at", "2030-08-01"), `{"start_at":"2030-08-01 12:00:00"}`, false},
		{text("start_at", "2030-08-01 12:00:00"), `{"start_at":"2030-08-01"}`, false},
		{text("click_session", "7d"), `{"click_session":"1w"}`, true},
		{text("click_session", "12m"), `{"click_session":"1y"}`, true},
		{text("click_session", "30d"), `{"click_session":"1m"}`, false},
		{text("click_session", ""), `{"click_session":"1y"}`, true},
		{text("notes", "a\r\nb"), `{"notes":"a\nb"}`, true},
		{text("notes", "Spiel & Spaß 🎮/"), `{"notes":"Spiel &amp; Spaß"}`, false},
		{text("notes", "Spiel & Spaß 🎮/"), `{"notes":"Spiel \u0026 Spa\u00df \ud83c\udfae\/"}`, true},
		{text("notes", " a"), `{"notes":"a"}`, false},
		{text("notes", ""), `{"notes":null}`, true},
		{text("notes", ""), `{}`, true},
		{text("note_aff", "a"), `{}`, true},
		{text("allowed_ip", "192.0.2.1\r\n192.0.2.7"), `{"allowed_ip":"192.0.2.7\n192.0.2.1\n"}`, true},
		{text("allowed_ip", "192.0.2.1\n192.0.2.7"), `{"allowed_ip":["192.0.2.1","192.0.2.7"]}`, true},
		{text("allowed_ip", "192.0.2.1"), `{"allowed_ip":"192.0.2.1\n192.0.2.7"}`, false},
		{text("sub_account_1", "a,b"), `{"sub_accounts":{"1":{"value":"a,b","except":true}}}`, true},
		{text("sub_account_1", "a,b"), `{"sub_accounts":{"1":{"value":["b","a"]}}}`, true},
		{text("sub_account_2_except", "1"), `{"sub_accounts":{"1":{"except":true},"2":{"except":false}}}`, false},
		{list("tags", "a", "b"), `{"tags":"b, a"}`, true},
		{list("tags", "a,b"), `{"tags":["a,b"]}`, true},
		{list("tags", "a", "b"), `{"tags":["a"]}`, false},
		{list("managers", "7"), `{"managers":[{"id":7,"first_name":"Ana"}]}`, true},
		{sub("description_lang", text("en", "x"), text("ru", "я")), `{"description_lang":{"ru":"\u044f","en":"x","es":""}}`, true},
		{sub("description_lang", text("en", "x")), `{"description_lang":{"en":"y"}}`, false},
		{sub("schedule", rows("intervals")), `{"schedule":[]}`, true},
		{sub("schedule", sub("intervals", rows("0", affise.Map(text("From", "9"), text("To", "18"))))), `{"schedule":{"intervals":[{"day_of_week":0,"from":"09","to":18}]}}`, true},
		{sub("schedule", sub("intervals", rows("1", affise.Map(text("From", "9"), text("To", "18"))))), `{"schedule":{"intervals":{"1":[{"From":"9","To":"18"}]}}}`, true},
		{sub("schedule", sub("intervals", rows("0", affise.Map(text("From", "9"), text("To", "18"))))), `{"schedule":{"intervals":[[{"From":"9","To":"18"}]]}}`, true},
		{sub("schedule", sub("intervals", rows("1", affise.Map(text("From", "9"), text("To", "18"))))), `{"schedule":{"intervals":[{"day_of_week":2,"from":9,"to":18}]}}`, false},
		{target(sub("country", list("allow", "US"))), `{"targeting":[{"country":{"allow":["us"],"deny":[]}}]}`, true},
		{target(sub("country", list("allow", "US"))), `{"targeting":[{"country":[]}]}`, false},
		{target(sub("region", sub("allow", list("US", "33", "57"), list("DE", "1")))), `{"targeting":[{"region":{"allow":{"DE":[1],"US":["57",33],"FR":[]}}}]}`, true},
		{target(sub("region", sub("allow", list("US", "33")))), `{"targeting":[{"region":{"allow":{"US":[33],"FR":[7]}}}]}`, false},
		{target(sub("isp", sub("deny", list("US", "AT&T")))), `{"targeting":[{"isp":{"deny":{"us":["AT&T"]}}}]}`, true},
		{target(sub("os", rows("allow", affise.Map(text("name", "iOS"), text("comparison", "GTE"), text("version", "13")), affise.Map(text("name", "Android"))))),
			`{"targeting":[{"os":{"allow":[{"name":"Android","comparison":"","version":null},{"version":13,"comparison":"GTE","name":"iOS"}]}}]}`, true},
		{target(sub("os", rows("allow", affise.Map(text("name", "iOS"), text("comparison", "GTE"), text("version", "13"))))),
			`{"targeting":[{"os":{"allow":[{"name":"iOS","comparison":"GT","version":"13"}]}}]}`, false},
		{target(sub("os", rows("allow", affise.Map(text("name", "iOS"))))), `{"targeting":[{"os":{"allow":[],"deny":[{"name":"iOS"}]}}]}`, true},
		{target(text("os_deny", "1")), `{"targeting":[{"os":{"deny":[{"name":"iOS"}]}}]}`, true},
		{target(text("os_deny", "1")), `{"targeting":[{"os":{"deny":[]},"os_deny":false}]}`, false},
		{target(sub("sub", sub("allow", list("1", "x", "y")))), `{"targeting":[{"sub":{"allow":{"1":["y","x"]}}}]}`, true},
		{target(sub("sub", sub("allow", list("1", "x")))), `{"targeting":[{"sub":{"allow":{"2":["x"]}}}]}`, false},
		{target(sub("sub", rows("deny_groups", affise.Map(text("1", "a"), text("2", ""))))), `{"targeting":[{"sub":{"deny_groups":[{"1":"a","2":""}]}}]}`, true},
		{target(sub("sub", rows("deny_groups", affise.Map(text("1", "a"), text("2", ""))))), `{"targeting":[{"sub":{"deny_groups":[{"1":"a"}]}}]}`, false},
		{target(sub("sub", rows("deny_groups", affise.Map(text("1", "a"))))), `{"targeting":[{"sub":{"deny_groups":[{"1":"a","2":"b"}]}}]}`, false},
		{target(rows("urls", affise.Map(text("url", "https://a.example.com"), text("weight", "050")))), `{"targeting":[{"urls":[{"url":"https:\/\/a.example.com","weight":50,"spt_url":null}]}]}`, true},
		{rows("additional_impression_destination_urls", affise.Map(text("url", "https://a.example.com"))), `{"additional_impression_destination_urls":"https://a.example.com"}`, true},
		{rows("restriction_os", affise.Map(text("os", "iOS"), list("versions", ">=10", "<14"))), `{"strictly_os":[{"os":"iOS","versions":["<14",">=10"]}]}`, true},
		{rows("restriction_os", affise.Map(text("os", "iOS"), list("versions", ">=10"))), `{"strictly_os":{"iOS":[">=10"]}}`, true},
		{rows("restriction_os", affise.Map(text("os", "iOS"), list("versions", ">=10"))), `{"strictly_os":{"iOS":[">=11"]}}`, false},
		{rows("restriction_os", affise.Map(text("os", "iOS"))), `{"strictly_os":[{"os":"iOS","versions":[]}]}`, true},
		{rows("restriction_os", affise.Map(text("os", "iOS"))), `{"strictly_os":[{"os":"iOS","versions":[">=11"]}]}`, false},
		{target(sub("os", rows("allow", affise.Map(text("name", "iOS"))))), `{"targeting":[{"os":{"allow":[{"name":"iOS","comparison":"GT","version":"13"}]}}]}`, false},
		{rows("restriction_isp", affise.Map(text("country", "US"), text("name", "x"))), `{"restriction_isp":[{"country":"us","name":"x"}]}`, true},
		{rows("restriction_isp", affise.Map(text("country", "US"), text("name", "x"))), `{"restriction_isp":[{"country":"US","name":"x"},{"country":"US","name":"y"}]}`, false},
		{rows("creativesHtml", affise.Map(text("asset_mapping", `{"a": 1.0, "b":[]}`))), `{"creativesHtml":[{"asset_mapping":"{\"b\":{},\"a\":1}"}]}`, true},
		{rows("creativesHtml", affise.Map(text("asset_mapping", `{"a":[1,2]}`))), `{"creativesHtml":[{"asset_mapping":{"a":[1,2]}}]}`, true},
		{rows("creativesHtml", affise.Map(text("asset_mapping", `{"a":[1,2]}`))), `{"creativesHtml":[{"asset_mapping":{"a":[2,1]}}]}`, false},
		{text("not_in_the_schema", "x"), `{"not_in_the_schema":"x"}`, true},
		{text("not_in_the_schema", "x"), `{"not_in_the_schema":"y"}`, false},
		{rows("payments", affise.Text("")), `{"payments":[]}`, true},
		{rows("payments", affise.Text("")), `{"payments":[{"total":1}]}`, false},
	}
	for _, tt := range tests {
		got, err := affise.Differences(affise.Map(tt.sent), []byte(tt.stored))
		want := 1
		if tt.same {
			want = 0
		}
		if err != nil || len(got) != want {
			t.Errorf("%s and %s: %v, %+v", marshalled(affise.Map(tt.sent)), tt.stored, err, got)
		}
	}
}

func TestRowsAreFoundWhereverTheyStand(t *testing.T) {
	payout := func(title, total string) affise.Value {
		return affise.Map(text("title", title), text("total", total))
	}
	sent := affise.Map(rows("payments", payout("a", "1"), payout("b", "2"), payout("c", "3")))
	tests := []struct {
		name, stored string
		want         []affise.Difference
	}{
		{"in another order", `[{"title":"c","total":3},{"title":"a","total":1},{"title":"b","total":2}]`, nil},
		{"one changed", `[{"title":"a","total":1},{"title":"b","total":9},{"title":"c","total":3}]`,
			[]affise.Difference{{Key: "payments[1][total]", Part: 1, Column: "total", Sheet: "Payouts", Sent: "2", Stored: "9"}}},
		{"one changed, in another order", `[{"title":"b","total":9},{"title":"c","total":3},{"title":"a","total":1}]`,
			[]affise.Difference{{Key: "payments[1][total]", Part: 1, Column: "total", Sheet: "Payouts", Sent: "2", Stored: "9"}}},
		{"the last cut off", `[{"title":"a","total":1},{"title":"b","total":2}]`,
			[]affise.Difference{{Key: "payments[2]", Part: 2, Sheet: "Payouts", Sent: `{"title":"c","total":"3"}`, Missing: true}}},
		{"the first cut off", `[{"title":"b","total":2},{"title":"c","total":3}]`,
			[]affise.Difference{{Key: "payments[0]", Part: 0, Sheet: "Payouts", Sent: `{"title":"a","total":"1"}`, Missing: true}}},
		{"half a row", `[{"title":"a","total":1},{"title":"b","total":2},{"title":"c"}]`,
			[]affise.Difference{{Key: "payments[2][total]", Part: 2, Column: "total", Sheet: "Payouts", Sent: "3", Missing: true}}},
		{"one more", `[{"title":"a","total":1},{"title":"b","total":2},{"title":"c","total":3},{"title":"d","total":4}]`,
			[]affise.Difference{{Key: "payments", Part: -1, Sheet: "Payouts", Sent: "3 rows", Stored: "4 rows"}}},
		{"as a map", `{"0":{"title":"a","total":1},"2":{"title":"b","total":2},"5":{"title":"c","total":3}}`, nil},
	}
	for _, tt := range tests {
		got, err := affise.Differences(sent, []byte(`{"payments":`+tt.stored+`}`))
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", tt.name, err, diff)
		}
	}
	got, err := affise.Differences(sent, []byte(`{"title":"x"}`))
	want := []affise.Difference{{Key: "payments", Part: -1, Sheet: "Payouts", Sent: "3 rows", Missing: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("no array: %v\n%s", err, diff)
	}
}

func TestDifferencesOfNoOffer(t *testing.T) {
	for _, stored := range []string{"", "null", "[]", `{"title":`, `"x"`, strings.Repeat("[", 300) + strings.Repeat("]", 300)} {
		if got, err := affise.Differences(affise.Map(text("title", "x")), []byte(stored)); err == nil {
			t.Errorf("%q: %+v", stored, got)
		}
	}
}

// PHP cuts a long body: what that does to an offer shows.
func TestACutBodyShows(t *testing.T) {
	offer := typical("cut")
	before, _, _ := strings.Cut(string(affise.AppendForm(nil, offer)), "targeting%5B0%5D%5Bos%5D")
	server, err := sandbox.New(sandbox.Config{MaxInputVars: strings.Count(before, "&") - 1})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := httptest.NewServer(server)
	defer s.Close()
	stored := create(t, newClient(t, s.URL), offer)
	differences, err := affise.Differences(offer, stored.Offer)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range differences {
		got = append(got, fmt.Sprintf("%s missing %v", d.Key, d.Missing))
	}
	want := []string{"targeting[0][os][allow] missing true", "targeting[0][sub][deny][1][] missing true", "landings[0] missing true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// parameters.txt lists what the API's reference documents, one parameter a line.
func TestEveryDocumentedParameterHasAColumn(t *testing.T) {
	content, err := os.ReadFile("testdata/parameters.txt")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			if documented[line] {
				t.Errorf("%s stands twice in the list", line)
			}
			documented[line] = true
		}
	}
	if len(documented) < 200 {
		t.Fatalf("only %d parameters are listed", len(documented))
	}
	covered := map[string]bool{}
	for _, p := range affise.Parts() {
		for i := range p.Columns {
			for _, key := range parametersOf(p, &p.Columns[i]) {
				covered[key] = true
				if !documented[key] {
					t.Errorf("column %s of %s writes %s, which the reference does not have", p.Columns[i].Name, p.Sheet, key)
				}
			}
		}
	}
	for key := range documented {
		if !covered[key] {
			t.Errorf("%s has no column", key)
		}
	}
}

// parametersOf spells the parameters that a column writes: indexes of rows are
// [], countries and weekdays their name.
func parametersOf(p affise.Part, c *affise.Column) (keys []string) {
	if c.Key == "" {
		return nil
	}
	below := map[affise.Kind][]string{
		affise.KindIDsByCountry: {"[COUNTRY][]"}, affise.KindNamesByCountry: {"[COUNTRY][]"},
		affise.KindVersions: {"[][name]", "[][comparison]", "[][version]"}, affise.KindSubGroups: {"[][N]"},
		affise.KindWeighted: {"[][url]", "[][weight]"}, affise.KindIntervals: {"[WEEKDAY][][From]", "[WEEKDAY][][To]"},
		affise.KindOSes: {"[][os]", "[][versions][]"}, affise.KindISPs: {"[][country]", "[][name]"},
		affise.KindCreatives: {"[][file_name]", "[][width]", "[][height]"},
	}[c.Kind]
	if c.Name == "urls" {
		below = append(below, "[][spt_url]")
	}
	if below == nil {
		below = []string{""}
	}
	arrays := []string{""}
	switch {
	case p.Key == "payments" && c.Key == "partners[]":
		arrays = []string{affise.Personal}
	case p.Key == "payments":
		arrays = []string{p.Key, affise.Personal}
	case p.Key != "":
		arrays = []string{p.Key}
	}
	for _, array := range arrays {
		key := c.Key
		if array != "" {
			first, rest, nested := strings.Cut(c.Key, "[")
			key = array + "[][" + first + "]"
			if nested {
				key += "[" + rest
			}
		}
		for n := 1; n <= 8; n++ { // sub[allow][1][] … are one parameter of the reference
			key = strings.Replace(key, "[sub][allow]["+strconv.Itoa(n)+"]", "[sub][allow][N]", 1)
			key = strings.Replace(key, "[sub][deny]["+strconv.Itoa(n)+"]", "[sub][deny][N]", 1)
		}
		for _, b := range below {
			keys = append(keys, key+b)
		}
	}
	return keys
}

func BenchmarkDifferences(b *testing.B) {
	offer := typical("summer-01")
	stored := create(b, account(b), offer).Offer
	b.SetBytes(int64(len(stored)))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := affise.Differences(offer, stored); err != nil || len(got) > 0 {
			b.Fatal(err, got)
		}
	}
}

func BenchmarkCreate(b *testing.B) {
	answer := []byte(`{"status":1,"offer":` + string(create(b, account(b), typical("summer-01")).Offer) + `,"id":901}`)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Write(answer)
	}))
	defer s.Close()
	client := newClient(b, s.URL, func(c *affise.Config) { c.Connections = 64 })
	offer := typical("summer-01")
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.Create(b.Context(), offer); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
