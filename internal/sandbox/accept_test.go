package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	cat1 = "5368a3973b7d9b89058b4501"
	man1 = "55c1fa2d3b7d9b89058b4501"
)

// An acceptance says what a parameter reads as. Paths are dotted.
type acceptance struct{ body, path, want string }

func accepted() []acceptance {
	return slices.Concat(acceptedSettings(), acceptedLists(), acceptedParts(), acceptedTargeting())
}

func acceptedSettings() []acceptance {
	return []acceptance{
		{"title=%D0%9F %22q%22%0A", "title", `"П \"q\"\n"`},
		{"url={macro}/x", "url", `"{macro}/x"`},
		{"external_offer_id=tune-1", "external_offer_id", `"tune-1"`},
		{"bundle_id=com.example.a", "bundle_id", `"com.example.a"`},
		{"skad_app_id=5", "skad_app_id", `"5"`},
		{"product_feed_id=6", "product_feed_id", `"6"`},
		{"parallel_tracking_url=https://p.example.com", "parallel_tracking_url", `"https://p.example.com"`},
		{"cross_postback_url=https://c.example.com&cross_postback_method=post&cross_postback_body=b", "cross_postback_method", `"post"`},
		{"cross_postback_body=b", "cross_postback_body", `"b"`},
		{"macro_url=%26sub1={IP}", "macro_url", `"&sub1={IP}"`},
		{"url_preview=https://v.example.com", "preview_url", `"https://v.example.com"`},
		{"trafficback_url=market://details?id=x", "trafficback_url", `"market://details?id=x"`},
		{"impressions_url=https://i.example.com", "impressions_url", `"https://i.example.com"`},
		{"additional_impression_destination_urls[0][url]=https://a.example.com&additional_impression_destination_urls[0][weight]=50", "additional_impression_destination_urls", `[{"url":"https://a.example.com","weight":50}]`},
		{"additional_impression_destination_urls=https://a.example.com", "additional_impression_destination_urls", `"https://a.example.com"`},
		{"domain_url=2", "domain_url", `"go.example.com"`},
		{"tracking_domain=go.example.com", "tracking_domain", `"go.example.com"`},
		{"description_lang[en]=A&description_lang[ru]=Б", "description_lang", `{"en":"A","ru":"Б"}`},
		{"kpi[en]=CR&kpi[ka]=", "kpi", `{"en":"CR","ka":""}`},
		{"notes=n", "notes", `"n"`}, {"note_aff=a", "note_aff", `"a"`}, {"note_sales=s", "note_sales", `"s"`},
		{"hash_password=h", "hash_password", `"h"`}, {"redirect_param=r", "redirect_param", `"r"`},
		{"caps_goal_overcap=install", "caps_goal_overcap", `"install"`},
		{"status=active", "status", `"active"`}, {"", "status", `"stopped"`},
		{"privacy=protected", "privacy", `"premoderated"`}, {"privacy=protected", "required_approval", `true`},
		{"privacy=private", "privacy", `"private"`},
		{"privacy_level=6", "privacy_level", `6`},
		{"freshness=fresh", "freshness", `"fresh"`},
		{"host_uniqueness_type=sub3", "host_uniqueness_type", `"sub3"`},
		{"redirect_type=js", "redirect_type", `"js"`},
		{"sign_clicks_integration=kochava", "sign_clicks_integration", `"kochava"`},
		{"strictly_connection_type=wi-fi", "strictly_connection_type", `"wi-fi"`},
		{"strictly_connection_type=", "strictly_connection_type", `""`},
		{"is_top=1", "is_top", `1`}, {"strictly_country=1", "strictly_country", `1`}, {"allow_deeplink=1", "allow_deeplink", `1`},
		{"hide_referer=1", "hide_referer", `1`}, {"hide_caps=1", "hide_caps", `1`},
		{"is_cpi=1", "is_cpi", `true`}, {"hide_payments=1", "hide_payments", `true`}, {"is_redirect_overcap=1", "is_redirect_overcap", `true`},
		{"overcap=1", "overcap", `true`}, {"is_impression_overcap=1", "is_impression_overcap", `true`}, {"hosts_only=1", "hosts_only", `true`},
		{"allow_impressions=1", "allow_impressions", `true`}, {"auto_offer_connect=1", "auto_offer_connect", `true`},
		{"send_emails=1", "send_emails", `true`}, {"enabled_commission_tiers=0", "enabled_commission_tiers", `false`},
		{"uniqIpOnly=1", "uniq_ip_only", `true`}, {"rejectNotUniqIp=1", "reject_not_uniq_ip", `true`},
		{"consider_personal_targeting_only=true", "consider_personal_targeting_only", `true`},
		{"start_at=2026-11-23", "start_at", `"2026-11-23 00:00:00"`},
		{"start_at=2026-12-01 10:30:00", "start_at", `"2026-12-01 10:30:00"`},
		{"stopDate=2027-02-28", "stop_at", `"2027-02-28 00:00:00"`}, {"", "stop_at", `null`}, {"stopDate=", "stop_at", `null`},
		{"hold_period=60", "hold_period", `60`}, {"hold_type=hours", "hold_type", `"hours"`},
		{"click_session=1y2m3w4d5h6i7s", "click_session", `"1y2m3w4d5h6i7s"`}, {"minimal_click_session=30s", "minimal_click_session", `"30s"`},
		{"caps_timezone=Europe/Moscow", "caps_timezone", `"Europe/Moscow"`},
		{"schedule[enabled]=1&schedule[date_start]=2027-01-01&schedule[date_to]=2027-01-02 03:04:05&schedule[timezone]=UTC", "schedule",
			`{"date_start":"2027-01-01 00:00:00","date_to":"2027-01-02 03:04:05","enabled":true,"intervals":[],"timezone":"UTC"}`},
		{"schedule[intervals][0][0][From]=1&schedule[intervals][0][0][To]=2&schedule[intervals][6][1][From]=0&schedule[intervals][6][1][To]=23", "schedule.intervals",
			`[{"day_of_week":0,"from":1,"to":2},{"day_of_week":6,"from":0,"to":23}]`},
		{"", "schedule", `[]`}, {"schedule=", "schedule", `[]`},
		{"duplicate_clicks_threshold=100", "duplicate_clicks_threshold", `100`},
		{"notice_percent_overcap=80", "notice_percent_overcap", `80`}, {"search_empty_sub=8", "search_empty_sub", `8`},
		{"allowed_ip=1.2.3.4%0D%0A1.2.3.4-1.2.3.9%0A2001:db8::/32", "allowed_ip", `"1.2.3.4\r\n1.2.3.4-1.2.3.9\n2001:db8::/32"`},
		{"disallowed_ip=10.0.0.0/255.0.0.0", "disallowed_ip", `"10.0.0.0/255.0.0.0"`},
		{"sub_account_1=a,b&sub_account_1_except=1&sub_account_2={x}:/~&sub_account_2_except=0", "sub_accounts", `{"1":{"except":true,"value":"a,b"},"2":{"except":false,"value":"{x}:/~"}}`},
	}
}

func acceptedLists() []acceptance {
	return []acceptance{
		{"categories[]=" + cat1, "full_categories", `[{"id":"` + cat1 + `","title":"Games"}]`},
		{"categories[]=" + cat1, "categories", `["` + cat1 + `"]`},
		{"sources[]=" + cat1, "sources", `["` + cat1 + `"]`}, {"smartlink_categories[]=" + cat1, "smartlink_categories", `["` + cat1 + `"]`},
		{"tags[]=q3&tags[]=a,b", "tags", `["q3","a,b"]`}, {"tags[]=", "tags", `[]`}, {"tags=", "tags", `[]`},
		{"managers[]=" + man1, "managers", `["` + man1 + `"]`},
		{"strictly_devices[]=tv", "strictly_devices", `["tv"]`}, {"strictly_brands[]=Apple", "strictly_brands", `["Apple"]`},
		{"caps_status[]=hold&caps_status[]=pending", "caps_status", `["hold","pending"]`},
		{"sub_restrictions[0][sub1]=a&sub_restrictions[0][sub8]=b", "sub_restrictions", `[{"sub1":"a","sub8":"b"}]`},
		{"restriction_os[0][os]=Android&restriction_os[0][versions][]=>%3D6.0&restriction_os[0][versions][]=<9", "strictly_os", `[{"os":"Android","versions":[">=6.0","<9"]}]`},
		{"restriction_isp[0][country]=US&restriction_isp[0][name]=Comcast", "restriction_isp", `[{"country":"US","name":"Comcast"}]`},
		{"macros_replacement[sub1]=x&macros_replacement[0][sub10]=y", "macros_replacement", `{"0":{"sub10":"y"},"sub1":"x"}`},
		{"macros_replacement_enabled[]=sub10", "macros_replacement_enabled", `["sub10"]`},
		{"creativeUrls[]=https://a.example.com/1.png", "creativeUrls", `["https://a.example.com/1.png"]`},
		{"creativeDownloads[]=https://a.example.com/1.zip", "creativeDownloads", `["https://a.example.com/1.zip"]`},
		{"creativeFileTitles[]=f", "creativeFileTitles", `["f"]`}, {"creativeUrlTitles[]=u", "creativeUrlTitles", `["u"]`},
		{"creativeDownloadTitles[]=d", "creativeDownloadTitles", `["d"]`},
		{"creatives[0][file_name]=a.png&creatives[0][width]=10&creatives[0][height]=20", "creatives", `[{"file_name":"a.png","height":20,"width":10}]`},
		{"creativesHtml[0][name]=a&creativesHtml[0][width]=1&creativesHtml[0][height]=2&creativesHtml[0][code]=<b>&creativesHtml[0][asset_mapping]={\"aaa\":0}", "creativesHtml",
			`[{"asset_mapping":"{\"aaa\":0}","code":"<b>","height":2,"name":"a","width":1}]`},
	}
}

func acceptedParts() []acceptance {
	return []acceptance{
		{"payments[0][total]=010.50&payments[0][revenue]=0.05", "payments.0.total", `10.5`},
		{"payments[0][total]=100.00", "payments.0.total", `100`},
		{"payments[0][total]=99999999999999999999.123456789", "payments.0.total", `99999999999999999999.123456789`},
		{"payments[0][revenue]=0.05", "payments.0.revenue", `0.05`},
		{"payments[0][type]=baseline_onetime&payments[0][baseline_value]=5.5", "payments.0.baseline_value", `5.5`},
		{"payments[0][title]=t&payments[0][goal]=g", "payments.0.goal", `"g"`}, {"payments[0][title]=t", "payments.0.title", `"t"`},
		{"payments[0][countries][]=US&payments[0][country_exclude]=1", "payments.0.country_exclude", `true`},
		{"payments[0][countries][]=US&payments[0][countries][]=GB", "payments.0.countries", `["US","GB"]`},
		{"payments[0][cities][]=5001&payments[0][cities][]=77", "payments.0.cities", `[{"id":5001,"name":"Chicago"},{"id":77}]`},
		{"payments[0][devices][]=smartwatch", "payments.0.devices", `["smartwatch"]`}, {"payments[0][os][]=iOS", "payments.0.os", `["iOS"]`},
		{"payments[0][sub8]=a, b", "payments.0.sub8", `["a","b"]`}, {"payments[0][custom_field15]=a,b", "payments.0.custom_field15", `"a,b"`},
		{"payments[0][url]=https://p.example.com", "payments.0.url", `"https://p.example.com"`}, {"", "payments.0.currency", `"usd"`},
		{"partner_payments[1][currency]=EUR&partner_payments[1][type]=percent&partner_payments[1][partners][]=71&partner_payments[1][partners][]=12", "partner_payments.0.partners", `[71,12]`},
		{"landings[3][title]=L&landings[3][url]=https://l.example.com&landings[3][url_preview]=https://l.example.com&landings[3][type]=transit", "landings.0.type", `"transit"`},
		{"caps[0][period]=hour&caps[0][type]=budget&caps[0][value]=900.50", "caps.0",
			`{"affiliate_type":"all","affiliates":[],"country":null,"country_type":"all","current_value":0,"goal_type":"all","goals":{},"period":"hour","type":"budget","value":900.5}`},
		{"caps[0][period]=all&caps[0][type]=clicks&caps[0][value]=9&caps[0][goal_type]=exact&caps[0][goals][]=install&caps[0][affiliate_type]=exact&caps[0][affiliates][]=7" +
			"&caps[0][country_type]=exact&caps[0][country][]=US&caps[0][sub_number]=2&caps[0][sub_value][]=x", "caps.0",
			`{"affiliate_type":"exact","affiliates":[7],"country":["US"],"country_type":"exact","current_value":0,"goal_type":"exact","goals":{"install":"install"},"period":"all","sub_number":2,"sub_value":["x"],"type":"clicks","value":9}`},
		{"commission_tiers[0][timeframe]=week&commission_tiers[0][type]=budget&commission_tiers[0][value]=55.6&commission_tiers[0][modifier_value]=10.02&commission_tiers[0][modifier_type]=to_percent" +
			"&commission_tiers[0][modifier_payment_type]=total&commission_tiers[0][goals][]=1&commission_tiers[0][target_goals][]=2&commission_tiers[0][affiliate_type]=exact" +
			"&commission_tiers[0][affiliates][]=7&commission_tiers[0][countries][]=US&commission_tiers[0][conversion_status][]=hold", "commission_tiers.0 -id",
			`{"affiliate_type":"exact","affiliates":[7],"conversion_status":["hold"],"countries":["US"],"goals":["1"],"modifier_payment_type":"total","modifier_type":"to_percent","modifier_value":10.02,"target_goals":["2"],"timeframe":"week","type":"budget","value":55.6}`},
	}
}

func acceptedTargeting() []acceptance {
	return []acceptance{
		{"targeting[0][id]=cc4fe1f5-3425-42ae-9874-a10fe29a2974", "targeting.0",
			`{"affiliate_id":[],"condition":"and","connection":[],"country":{"allow":[],"deny":[]},"device_type":[],"enabled":true,"id":"cc4fe1f5-3425-42ae-9874-a10fe29a2974","name":""}`},
		{"targeting[0][name]=g&targeting[0][enabled]=0&targeting[0][condition]=or", "targeting.0.condition", `"or"`},
		{"targeting[0][country][allow][]=US&targeting[0][country][deny][]=GB", "targeting.0.country", `{"allow":["US"],"deny":["GB"]}`},
		{"targeting[0][region][allow][US][]=1&targeting[0][region][deny][DE][]=12", "targeting.0.region", `{"allow":{"US":["1"]},"deny":{"DE":["12"]}}`},
		{"targeting[0][city][allow][US][]=5001", "targeting.0.city", `{"allow":{"US":["5001"]},"deny":[]}`},
		{"targeting[0][isp][deny][US][]=AT%26T", "targeting.0.isp", `{"allow":[],"deny":{"US":["AT&T"]}}`},
		{"targeting[0][os][allow][1][name]=Android&targeting[0][os][allow][1][comparison]=GTE&targeting[0][os][allow][1][version]=6.0&targeting[0][os_deny]=1", "targeting.0.os",
			`{"allow":[{"comparison":"GTE","name":"Android","version":"6.0"}],"deny":[]}`},
		{"targeting[0][os_deny]=1", "targeting.0.os_deny", `true`},
		{"targeting[0][browser][allow][]=Chrome", "targeting.0.browser", `{"allow":["Chrome"],"deny":[]}`},
		{"targeting[0][browser_version][deny][0][name]=Chrome&targeting[0][browser_version][deny][0][comparison]=LT&targeting[0][browser_version][deny][0][version]=90", "targeting.0.browser_version",
			`{"allow":[],"deny":[{"comparison":"LT","name":"Chrome","version":"90"}]}`},
		{"targeting[0][brand][allow][]=Apple", "targeting.0.brand.allow", `["Apple"]`}, {"targeting[0][device_model][deny][]=X", "targeting.0.device_model.deny", `["X"]`},
		{"targeting[0][zip][allow][]=01234", "targeting.0.zip.allow", `["01234"]`},
		{"targeting[0][ua][deny][]=bot&targeting[0][ua][deny_crawlers]=1", "targeting.0.ua", `{"allow":[],"deny":["bot"],"deny_crawlers":true}`},
		{"targeting[0][referrer][allow][]=^x&targeting[0][referrer][deny_empty]=1&targeting[0][referrer][is_regexp]=1", "targeting.0.referrer", `{"allow":["^x"],"deny":[],"deny_empty":true,"is_regexp":true}`},
		{"targeting[0][isp_organization][allow][]=o&targeting[0][isp_organization][deny_empty]=0", "targeting.0.isp_organization", `{"allow":["o"],"deny":[],"deny_empty":false}`},
		{"targeting[0][ip][allow][]=1.2.3.4&targeting[0][ip][deny][]=::1&targeting[0][ip][ipv6_deny]=1", "targeting.0.ip", `{"allow":["1.2.3.4"],"deny":["::1"],"ipv6_deny":true}`},
		{"targeting[0][device_type][]=mobile&targeting[0][device_type_deny]=1", "targeting.0.device_type_deny", `true`},
		{"targeting[0][connection][]=cellular&targeting[0][connection_deny]=1", "targeting.0.connection", `["cellular"]`},
		{"targeting[0][sub][allow][1][]=x&targeting[0][sub][deny][8][]=y&targeting[0][sub][deny_groups][0][1]=a&targeting[0][sub][deny_groups][0][2]=", "targeting.0.sub",
			`{"allow":{"1":["x"]},"deny":{"8":["y"]},"deny_groups":[{"1":"a","2":""}]}`},
		{"targeting[0][affiliate_id][]=71", "targeting.0.affiliate_id", `[71]`},
		{"targeting[0][block_proxy]=1&targeting[0][block_known_bots]=1", "targeting.0.block_proxy", `true`},
		{"targeting[0][url]=https://t.example.com", "targeting.0.url", `"https://t.example.com"`},
		{"targeting[0][urls][0][url]=https://t.example.com&targeting[0][urls][0][weight]=100&targeting[0][urls][0][spt_url]=https://s.example.com", "targeting.0.urls",
			`[{"spt_url":"https://s.example.com","url":"https://t.example.com","weight":100}]`},
	}
}

func TestEveryParameterIsStored(t *testing.T) {
	for _, c := range accepted() {
		s := newServer(t, Config{Now: today})
		answer := must(t, s, "POST", "/3.0/admin/offer", valid+"&"+c.body)
		stored := s.Offers()[0]
		path, without, _ := strings.Cut(c.path, " -")
		got := dig(t, stored, path)
		if m, ok := got.(map[string]any); ok && without != "" {
			delete(m, without)
		}
		if text := jsonText(t, got); text != c.want {
			t.Errorf("%s\n   %s is %s\nwant %s", c.body, path, text, c.want)
		}
		if jsonText(t, answer["offer"].(map[string]any)["title"]) != jsonText(t, stored["title"]) || answer["id"] != 901.0 {
			t.Errorf("answer %v", answer)
		}
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// dig follows a dotted path.
func dig(t *testing.T, v any, path string) any {
	t.Helper()
	for key := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(at) {
				t.Fatalf("%s: no %s in %v", path, key, at)
			}
			v = at[i]
		default:
			t.Fatalf("%s: no %s in %v", path, key, v)
		}
	}
	return v
}

// TestTableIsCovered holds the two tests above against the tables: a parameter that no case mentions fails.
func TestTableIsCovered(t *testing.T) {
	all := valid
	for _, c := range accepted() {
		all += "&" + c.body
	}
	mentioned := map[string]bool{}
	for _, key := range regexp.MustCompile(`[A-Za-z_0-9]+`).FindAllString(all, -1) {
		mentioned[strings.TrimRight(key, "0123456789")] = true
		mentioned[key] = true
	}
	count := 0
	var look func(f *fields, at string)
	look = func(f *fields, at string) {
		for _, p := range f.list {
			if p.key == "" {
				continue
			}
			count++
			if !mentioned[p.key] && !mentioned[strings.TrimRight(p.key, "0123456789")] {
				t.Errorf("no case sends %s%s", at, p.key)
			}
			if p.fields != nil {
				look(p.fields, at+p.key+".")
			}
		}
	}
	if look(offerFields(), ""); count < 250 {
		t.Errorf("the table has only %d parameters", count)
	}
}

func TestUploads(t *testing.T) {
	upload := func(field, name, kind string) map[string]any {
		body := new(bytes.Buffer)
		w := multipart.NewWriter(body)
		part, _ := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, field, name)}, "Content-Type": {kind},
		})
		part.Write([]byte("abc"))
		for _, pair := range strings.Split(valid, "&") {
			key, value, _ := strings.Cut(pair, "=")
			w.WriteField(key, value)
		}
		w.Close()
		r := httptest.NewRequest("POST", "/3.0/admin/offer", body)
		r.Header.Set("API-Key", "k")
		r.Header.Set("Content-Type", w.FormDataContentType())
		_, answer := do(t, newServer(t, Config{}), r)
		return answer
	}
	logo := upload("logo", "a.png", "image/png")
	if got := jsonText(t, logo["offer"].(map[string]any)["logo"]); got != `"/images/cpa/logos/a.png"` {
		t.Error(got)
	}
	zip := upload("creativeFiles[]", "a.zip", "application/zip")
	if got := jsonText(t, zip["offer"].(map[string]any)["creatives"]); got != `[{"file_name":"a.zip","size":3,"type":"application/zip"}]` {
		t.Error(got)
	}
	for _, c := range [][3]string{{"logo", "a.zip", "application/zip"}, {"creativeAssets[]", "a.exe", "application/octet-stream"}, {"banner", "a.png", "image/png"}} {
		if answer := upload(c[0], c[1], c[2]); answer["status"] != 2.0 {
			t.Errorf("%v was accepted: %v", c, answer)
		}
	}
}

// The vendor's worked example, as far as its shape is known: stray blanks after brackets, indexes from 1.
func TestStrayBlanksAndHoles(t *testing.T) {
	s := newServer(t, Config{})
	offer := must(t, s, "POST", "/3.0/admin/offer", "title=T&advertiser=573c69a33b7d9b0e638b4576&url=https://example.com"+
		"&payments[0][currency] =USD&payments[0][type]=fixed&payments[0][total]=3&partner_payments[1][currency]=EUR"+
		"&partner_payments[1][type]=fixed&partner_payments[1][partners][]=71&targeting[1][sub][allow][1][]=x&targeting[2][sub][deny][2][]=y&targeting[2][affiliate_id][]=71")["offer"]
	for path, want := range map[string]string{
		"payments.0.currency": `"usd"`, "partner_payments.0.currency": `"eur"`, "targeting.0.sub.allow": `{"1":["x"]}`,
		"targeting.1.sub.deny": `{"2":["y"]}`, "targeting.1.affiliate_id": `[71]`,
	} {
		if got := jsonText(t, dig(t, offer, path)); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	s := newServer(t, Config{Now: today})
	a := must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
	b := must(t, s, "POST", "/3.0/admin/offer", valid+"&external_offer_id=k")
	if a["id"] != 901.0 || b["id"] != 902.0 {
		t.Errorf("ids %v, %v", a["id"], b["id"])
	}
	first := a["offer"].(map[string]any)
	if !hexID(first["offer_id"].(string)) || first["offer_id"] == b["offer"].(map[string]any)["offer_id"] {
		t.Errorf("offer_id %v", first["offer_id"])
	}
	if first["created_at"] != "2026-11-23 15:04:05" || first["id"] != 901.0 {
		t.Errorf("%v", first)
	}
	if got := jsonText(t, s.Duplicates()); got != `{"k":[901,902]}` {
		t.Errorf("duplicates %s", got)
	}
	id := dig(t, a, "offer.payments.0.id")
	if other := dig(t, b, "offer.payments.0.id"); id == other || id == "" {
		t.Errorf("payments share the id %v", id)
	}
}
