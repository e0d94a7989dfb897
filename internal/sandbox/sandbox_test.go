package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func toBase64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func newServer(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("API-Key", "secret")
	if method == "POST" {
		r.Header.Set("Content-Type", formType)
	}
	return r
}

// do sends one request and decodes the answer.
func do(t *testing.T, s *Server, r *http.Request) (int, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, w.Body)
	}
	return w.Code, answer
}

// must sends a request that has to succeed.
func must(t *testing.T, s *Server, method, path, body string) map[string]any {
	t.Helper()
	code, answer := do(t, s, request(method, path, body))
	if code != 200 || answer["status"] != 1.0 {
		t.Fatalf("%s %s: %d %v", method, path, code, answer)
	}
	return answer
}

// valid is the least that creates an offer.
const valid = "title=T&advertiser=573c69a33b7d9b0e638b4576&url=https://example.com/?c={clickid}" +
	"&payments[0][currency]=USD&payments[0][type]=fixed&payments[0][total]=2&payments[0][revenue]=1"

const (
	capped  = valid + "&caps[0][period]=day&caps[0][type]=conversions&caps[0][value]=5"
	target  = valid + "&targeting[0][name]=g"
	partner = valid + "&partner_payments[0][currency]=USD&partner_payments[0][type]=fixed"
	landing = valid + "&landings[0][title]=L&landings[0][url]=https://l.example.com&landings[0][url_preview]=https://l.example.com"
)

func today() time.Time { return time.Date(2026, 11, 23, 15, 4, 5, 0, time.UTC) }

// A refusedCase is a create that has to be refused: with which code, and which text within the answer.
type refusedCase struct {
	name, body string
	code       int
	want       string
}

func unknownParameters() []refusedCase {
	return []refusedCase{
		{"unknown", valid + "&titel=x", 400, `"message":"unknown parameter titel"`},
		{"unknown in a payment", valid + "&payments[0][curency]=USD", 400, `unknown parameter payments[0][curency]`},
		{"unknown in a cap", capped + "&caps[0][countries][]=US", 400, `unknown parameter caps[0][countries]`},
		{"unknown in a target group", target + "&targeting[0][country][block][]=US", 400, `unknown parameter targeting[0][country][block]`},
		{"unknown in a landing", landing + "&landings[0][preview]=x", 400, `unknown parameter landings[0][preview]`},
		{"unknown row key", valid + "&payments[x][currency]=USD&payments[x][type]=fixed", 400, `unknown parameter payments[x]`},
		{"unknown list key", valid + "&tags[x]=y", 400, `unknown parameter tags[x]`},
		{"unknown language", valid + "&description_lang[EN]=y", 400, `unknown parameter description_lang[EN]`},
		{"unknown country key", target + "&targeting[0][region][allow][XX][]=3", 400, `unknown parameter targeting[0][region][allow][XX]`},
		{"unknown weekday", valid + "&schedule[intervals][7][0][From]=1&schedule[intervals][7][0][To]=2", 400, `unknown parameter schedule[intervals][7]`},
		{"answered only", valid + "&created_at=2020-01-01", 400, `unknown parameter created_at`},
		{"read name", valid + "&stop_at=2030-01-01", 400, `unknown parameter stop_at`},
		{"snake case", valid + "&uniq_ip_only=1", 400, `unknown parameter uniq_ip_only`},
		{"logo as text", valid + "&logo=x.png", 400, `unknown parameter logo`},
	}
}

func missingValues() []refusedCase {
	return []refusedCase{
		{"no title", strings.Replace(valid, "title=T", "title=", 1), 200, `"title":["This value should not be blank."]`},
		{"no advertiser", strings.Replace(valid, "advertiser=573c69a33b7d9b0e638b4576&", "", 1), 200, `"advertiser":["This`},
		{"no url", strings.Replace(valid, "url=https://example.com/?c={clickid}", "", 1), 200, `"url":["This`},
		{"no payments", "title=T&advertiser=573c69a33b7d9b0e638b4576&url=https://example.com", 200, `"payments":["This`},
		{"empty payments", "title=T&advertiser=573c69a33b7d9b0e638b4576&url=https://example.com&payments[]=", 200, `"payments":["This`},
		{"payment without currency", valid + "&payments[0][currency]=", 200, `"payments[0][currency]":["This`},
		{"payment without type", valid + "&payments[1][currency]=USD", 200, `"payments[1][type]":["This`},
		{"personal without partners", partner, 200, `"partner_payments[0][partners]":["This`},
		{"unknown advertiser", strings.Replace(valid, "573c69a33b7d9b0e638b4576", "573c69a33b7d9b0e638b4999", 1), 200, `Advertiser 573c69a33b7d9b0e638b4999 not found.`},
		{"landing without url", strings.Replace(landing, "landings[0][url]=https://l.example.com&", "", 1), 200, `"landings[0][url]":["This`},
		{"landing without title", strings.Replace(landing, "landings[0][title]=L&", "", 1), 200, `"landings[0][title]":["This`},
		{"landing without preview", strings.Replace(landing, "landings[0][url_preview]", "landings[0][type]", 1), 400, `"landings[0][url_preview]":["This`},
		{"postback without body", valid + "&cross_postback_method=post", 200, `"cross_postback_body":["This`},
		{"cap without period", strings.Replace(capped, "caps[0][period]=day&", "", 1), 200, `"caps[0][period]":["This`},
		{"exact cap without goals", capped + "&caps[0][goal_type]=exact", 200, `"caps[0][goals]":["This`},
		{"exact cap with blank goals", capped + "&caps[0][goal_type]=exact&caps[0][goals][]=", 200, `"caps[0][goals]":["This`},
		{"exact cap without affiliates", capped + "&caps[0][affiliate_type]=exact", 200, `"caps[0][affiliates]":["This`},
		{"exact cap without countries", capped + "&caps[0][country_type]=exact", 200, `"caps[0][country]":["This`},
		{"goals without exact", capped + "&caps[0][goal_type]=each&caps[0][goals][]=1", 400, `"caps[0][goals]":["This list should be empty`},
		{"affiliates without exact", capped + "&caps[0][affiliates][]=1", 400, `"caps[0][affiliates]":["This list should be empty`},
		{"country without exact", capped + "&caps[0][country_type]=all&caps[0][country][]=US", 400, `"caps[0][country]":["This list should be empty`},
		{"exact tier without affiliates", valid + "&commission_tiers[0][affiliate_type]=exact", 200, `"commission_tiers[0][affiliates]":["This`},
		{"os without name", target + "&targeting[0][os][allow][0][version]=6", 200, `"targeting[0][os][allow][0][name]":["This`},
		{"version without comparison", target + "&targeting[0][os][allow][0][name]=iOS&targeting[0][os][allow][0][version]=6", 200, `[comparison]":["This`},
	}
}

func wrongValues() []refusedCase {
	return []refusedCase{
		{"status", valid + "&status=actve", 400, `"status":["This value should be one of stopped, active, suspended."]`},
		{"blank status", valid + "&status=", 400, `"status":["This`},
		{"privacy as read", valid + "&privacy=premoderated", 400, `"privacy":["This`},
		{"flag", valid + "&is_top=yes", 400, `"is_top":["This value should be one of 0, 1."]`},
		{"text flag", valid + "&consider_personal_targeting_only=1", 400, `"consider_personal_targeting_only":["This`},
		{"hold period", valid + "&hold_period=61", 400, `"hold_period":["This value should be an integer from 0 to 60."]`},
		{"hold period padded", valid + "&hold_period=07", 400, `"hold_period":["This`},
		{"privacy level", valid + "&privacy_level=7", 400, `"privacy_level":["This`},
		{"clicks threshold", valid + "&duplicate_clicks_threshold=101", 400, `"duplicate_clicks_threshold":["This`},
		{"empty sub", valid + "&search_empty_sub=9", 400, `"search_empty_sub":["This`},
		{"amount with comma", valid + "&payments[0][total]=1,5", 400, `"payments[0][total]":["This`},
		{"negative amount", valid + "&payments[0][total]=-1", 400, `"payments[0][total]":["This`},
		{"exponent", valid + "&payments[0][revenue]=1e3", 400, `"payments[0][revenue]":["This`},
		{"baseline on fixed", valid + "&payments[0][baseline_value]=5", 400, `"payments[0][baseline_value]":["This`},
		{"currency", valid + "&payments[0][currency]=USX", 400, `"payments[0][currency]":["This`},
		{"currency in lower case", valid + "&payments[0][currency]=usd", 400, `"payments[0][currency]":["This`},
		{"payment type", valid + "&payments[0][type]=cpa", 400, `"payments[0][type]":["This`},
		{"country", valid + "&payments[0][countries][]=UK", 400, `"payments[0][countries][0]":["This`},
		{"device", valid + "&payments[0][devices][]=phone", 400, `"payments[0][devices][0]":["This`},
		{"os", valid + "&payments[0][os][]=android", 400, `"payments[0][os][0]":["This`},
		{"city", valid + "&payments[0][cities][]=Berlin", 400, `"payments[0][cities][0]":["This`},
		{"new payment with id", valid + "&payments[0][id]=5", 400, `"payments[0][id]":["This id does not exist in the offer."]`},
		{"partner", partner + "&partner_payments[0][partners][]=acme", 400, `"partner_payments[0][partners][0]":["This`},
		{"advertiser shape", strings.Replace(valid, "573c69a33b7d9b0e638b4576", "573C69A33B7D9B0E638B4576", 1), 400, `"advertiser":["This value should be an id of 24`},
		{"category shape", valid + "&categories[]=5", 400, `"categories[0]":["This`},
		{"eleven managers", valid + strings.Repeat("&managers[]=55c1fa2d3b7d9b89058b4501", 11), 400, `"managers":["This list should have at most 10 values."]`},
		{"start in the past", valid + "&start_at=2026-11-22", 400, `"start_at":["This value should be a date YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, today or later."]`},
		{"start shape", valid + "&start_at=23.11.2026", 400, `"start_at":["This`},
		{"no such day", valid + "&stopDate=2027-02-30", 400, `"stopDate":["This`},
		{"stop with time", valid + "&stopDate=2027-02-03 10:00:00", 400, `"stopDate":["This`},
		{"time zone", valid + "&caps_timezone=Moscow", 400, `"caps_timezone":["This`},
		{"span order", valid + "&click_session=1d2y", 400, `"click_session":["This`},
		{"span without unit", valid + "&click_session=30", 400, `"click_session":["This`},
		{"url with blank", valid + "&url_preview=https://a.example.com/x y", 400, `"url_preview":["This`},
		{"url without scheme", valid + "&trafficback_url=a.example.com", 400, `"trafficback_url":["This`},
		{"allowed ip", valid + "&allowed_ip=1.2.3.4%0A1.2.3.256", 400, `"allowed_ip":["This`},
		{"ip range backwards", target + "&targeting[0][ip][allow][]=1.2.3.9-1.2.3.1", 400, `"targeting[0][ip][allow][0]":["This`},
		{"ip mask", target + "&targeting[0][ip][deny][]=10.0.0.0/33", 400, `"targeting[0][ip][deny][0]":["This`},
		{"sub account", valid + "&sub_account_1=a b", 400, `"sub_account_1":["This`},
		{"period", capped + "&caps[0][period]=week", 400, `"caps[0][period]":["This`},
		{"decimal cap", capped + "&caps[0][value]=5.5", 400, `"caps[0][value]":["This value should be an integer."]`},
		{"cap sub", capped + "&caps[0][sub_number]=3", 400, `"caps[0][sub_number]":["This`},
		{"weight", target + "&targeting[0][urls][0][url]=https://a.example.com&targeting[0][urls][0][weight]=101", 400, `[weight]":["This`},
		{"uuid", target + "&targeting[0][id]=5", 400, `"targeting[0][id]":["This`},
		{"comparison", target + "&targeting[0][os][allow][0][name]=iOS&targeting[0][os][allow][0][comparison]=>=&targeting[0][os][allow][0][version]=6", 400, `[comparison]":["This`},
		{"hour", valid + "&schedule[intervals][1][0][From]=9&schedule[intervals][1][0][To]=24", 400, `"schedule[intervals][1][0][To]":["This`},
		{"isp country", valid + "&restriction_isp[0][country]=USA&restriction_isp[0][name]=x", 400, `"restriction_isp[0][country]":["This`},
		{"asset mapping", valid + "&creativesHtml[0][name]=a&creativesHtml[0][asset_mapping]={aaa}", 400, `"creativesHtml[0][asset_mapping]":["This`},
		{"tier type", valid + "&commission_tiers[0][type]=clicks", 400, `"commission_tiers[0][type]":["This`},
		{"landing type", landing + "&landings[0][type]=prelanding", 400, `"landings[0][type]":["This`},
		{"list for a text", valid + "&title[]=x", 400, `"title":["This`},
		{"list for a value", valid + "&notes[]=x", 400, `"notes":["This value should be one value, not a list."]`},
		{"text for a list", valid + "&tags=x", 400, `"tags":["This value should be a list."]`},
		{"text for rows", valid + "&caps=x", 400, `"caps":["This value should be a list."]`},
		{"text for a row", valid + "&caps[0]=x", 400, `"caps[0]":["This value should have fields."]`},
		{"blank in a list", valid + "&tags[]=x&tags[]=", 400, `"tags[1]":["This`},
		{"not UTF-8", valid + "&notes=%ff", 400, `"notes":["This value should be text in UTF-8."]`},
		{"description too long", valid + "&description_lang[en]=" + strings.Repeat("x", 30001), 400, `"description_lang[en]":["This`},
	}
}

func wrongNesting() []refusedCase {
	return []refusedCase{
		{"sub as list", target + "&targeting[0][sub][allow][]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub without list", target + "&targeting[0][sub][allow][1]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub the other way round", target + "&targeting[0][sub][1][allow][]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub too deep", target + "&targeting[0][sub][deny][1][0][]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub 9", target + "&targeting[0][sub][deny][9][]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub as text", target + "&targeting[0][sub]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
		{"sub groups", target + "&targeting[0][sub][deny_groups][1]=x", 400, `{"status":2,"error":"400 Bad Request"}`},
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range slices.Concat(unknownParameters(), missingValues(), wrongValues(), wrongNesting()) {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, Config{Now: today})
			w := httptest.NewRecorder()
			s.ServeHTTP(w, request("POST", "/3.0/admin/offer", c.body))
			if got := w.Body.String(); w.Code != c.code || !strings.Contains(got, c.want) || !strings.HasPrefix(got, `{"`) || !strings.Contains(got, `"status":2`) {
				t.Errorf("%d %s\nwant %d with %s", w.Code, got, c.code, c.want)
			}
			if len(s.Offers()) != 0 || s.Stats().Rejected != 1 {
				t.Errorf("a refused offer was stored: %v", s.Offers())
			}
		})
	}
}

func TestKey(t *testing.T) {
	s := newServer(t, Config{Key: "secret"})
	for _, c := range []struct {
		name, value, path string
		code              int
		want              string
	}{
		{"API-Key", "secret", "/3.0/offers", 200, ""},
		{"api-key", "secret", "/3.0/offers", 200, ""},
		{"API-Key", "other", "/3.0/offers", 403, "Auth Denied"},
		{"API-Key", "", "/3.0/offers", 401, "Token is necessary"},
		{"X", "", "/3.0/offers?API-Key=secret", 401, "Token is necessary: send it in the API-Key header, a key in the address ends up in logs"},
		{"API-Key", "secret", "/3.0/offers?api_key=secret", 401, "Token is necessary: send it in the API-Key header, a key in the address ends up in logs"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set(c.name, c.value)
		code, answer := do(t, s, r)
		if code != c.code || c.want != "" && (answer["error"] != c.want || answer["status"] != 2.0) {
			t.Errorf("%s: %q on %s: %d %v", c.name, c.value, c.path, code, answer)
		}
	}
	if got := s.Stats().Refused; got != 4 {
		t.Errorf("refused %d", got)
	}
}

func TestRefuseKeyFrom(t *testing.T) {
	s := newServer(t, Config{RefuseKeyFrom: 3})
	var codes []int
	for range 4 {
		code, _ := do(t, s, request("GET", "/3.0/offers", ""))
		codes = append(codes, code)
	}
	if codes[0] != 200 || codes[1] != 200 || codes[2] != 401 || codes[3] != 403 {
		t.Error(codes)
	}
}

func TestContentTypesAndPaths(t *testing.T) {
	s := newServer(t, Config{})
	for _, kind := range []string{"application/json", "", "text/plain", "multipart/form-data", ";"} {
		r := request("POST", "/3.0/admin/offer", valid)
		r.Header.Set("Content-Type", kind)
		if code, answer := do(t, s, r); code != 400 || answer["status"] != 2.0 {
			t.Errorf("%q: %d %v", kind, code, answer)
		}
	}
	r := request("POST", "/3.0/admin/offer", valid)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	if code, answer := do(t, s, r); code != 200 || answer["status"] != 1.0 {
		t.Errorf("with charset: %d %v", code, answer)
	}
	for _, c := range [][2]string{
		{"GET", "/"}, {"GET", "/3.0/admin/offer"}, {"POST", "/3.0/offers"}, {"GET", "/3.0/offer/x"}, {"GET", "/3.0/offer/5"},
		{"DELETE", "/3.0/admin/offer"}, {"POST", "/3.0/admin/offer/901x"}, {"GET", "/3.1/planets"}, {"GET", "/3.1/oses/BeOS"},
	} {
		if code, answer := do(t, s, request(c[0], c[1], "")); code != 404 || answer["status"] != 2.0 {
			t.Errorf("%v: %d %v", c, code, answer)
		}
	}
}

func TestAnyAdvertiser(t *testing.T) {
	body := strings.Replace(valid, "573c69a33b7d9b0e638b4576", "ffffffffffffffffffffffff", 1)
	must(t, newServer(t, Config{AnyAdvertiser: true}), "POST", "/3.0/admin/offer", body)
}

func TestConfigErrors(t *testing.T) {
	for _, cfg := range []Config{
		{Rate: -1}, {Latency: -1}, {ListDelay: -1}, {MaxInputVars: -1}, {RefuseKeyFrom: -1},
		{Faults: Faults{"lost": 2}}, {Faults: Faults{"lots": 0.1}}, {File: "no/such/folder/x.json/"},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}

func TestVariablesBeyondTheLimitVanish(t *testing.T) {
	s := newServer(t, Config{MaxInputVars: 8})
	offer := must(t, s, "POST", "/3.0/admin/offer", valid+"&tags[]=a&tags[]=b&tags[]=c&notes=gone")["offer"].(map[string]any)
	if got := offer["tags"].([]any); len(got) != 2 || offer["notes"] != "" || s.Stats().Cut != 1 {
		t.Errorf("tags %v, notes %q, stats %+v", got, offer["notes"], s.Stats())
	}
}
