package mapping

import (
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// ruleCase is a set of files with one offer "a", and what is said of it.
type ruleCase struct {
	name  string
	opts  Options
	files map[string]string
	want  []string // "level sheet!cell code"; none: the offer is valid and nothing is said
}

// one makes the files of one good offer with more columns and more files.
func one(columns, cells string, more ...string) map[string]string {
	header, row := offersHeader, goodOffer("a")
	if columns != "" {
		header, row = header+","+columns, row+","+cells
	}
	files := map[string]string{"offers.csv": lines(header, row), "payouts.csv": lines(payoutHeader, goodPayout("a"))}
	for i := 0; i+1 < len(more); i += 2 {
		files[more[i]] = more[i+1]
	}
	return files
}

func TestRules(t *testing.T) {
	caps := "offer,period,type,value,goal_type,goals,sub_number,sub_value"
	tiers := "offer,timeframe,type,value,modifier_value,modifier_type,affiliate_type,affiliates"
	update := Options{Mode: "update"}
	cases := []ruleCase{
		{"all is well", Options{}, one("", ""), nil},
		{"required", Options{}, map[string]string{"offers.csv": lines("external_offer_id,title,url", "a,,"), "payouts.csv": lines(payoutHeader, goodPayout("a"))},
			[]string{"error offers!B2 missing", "error offers!2 missing_column", "error offers!C2 missing"}},
		{"required, but updated", update, map[string]string{"offers.csv": lines("external_offer_id,title,status", "a,,active")}, nil},
		{"required, but the row updates", Options{}, map[string]string{"offers.csv": lines("external_offer_id,title,action", "a,,update")}, nil},
		{"required, updated, but the row creates", update, map[string]string{"offers.csv": lines(offersHeader+",action", goodOffer("a")+",create")},
			[]string{"error offers!2 no_payouts_sheet"}},
		{"maybe required", Options{Mode: "upsert"}, map[string]string{"offers.csv": lines("external_offer_id,status", "a,active")},
			[]string{"warning offers!2 missing_column", "warning offers!2 missing_column", "warning offers!2 missing_column", "warning offers!2 no_payouts_sheet"}},
		{"a new child in an update", update, one("", "", "landings.csv", lines("offer,title,url", "a,Main,https://l.example.com/{clickid}")),
			[]string{"error landings!2 missing_column"}},
		{"a child that is edited", update, one("", "", "landings.csv", lines("offer,id,title", "a,5f,Main")), nil},
		{"no payout", Options{}, map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"))}, []string{"error offers!2 no_payouts_sheet"}},
		{"personal payouts only", Options{}, one("", "", "payouts.csv", lines(payoutHeader+",affiliates", goodPayout("a")+",17")),
			[]string{"error offers!2 no_payout"}},
		{"exact without its list", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,exact,,,")), []string{"error caps!F2 exact_list"}},
		{"a list without exact", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,all,install,,")), []string{"error caps!F2 exact_list"}},
		{"a list without a type", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,,install,,")), []string{"error caps!F2 exact_list"}},
		{"exact with its list", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,exact,install,,")), nil},
		{"exact without the column", Options{}, one("", "", "caps.csv", lines("offer,period,type,value,goal_type", "a,day,clicks,10,exact")), []string{"error caps!E2 exact_list"}},
		{"sub_value alone", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,,,,x")), []string{"error caps!G2 needs_other"}},
		{"sub_number alone", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10,,,2,")), []string{"error caps!H2 needs_other"}},
		{"a cap in parts", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10.5,,,,")), []string{"error caps!D2 not_whole"}},
		{"a budget in parts", Options{}, one("", "", "caps.csv", lines(caps, "a,day,budget,10.5,,,,")), nil},
		{"a cap of 100.00", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,100.00,,,,")), nil},
		{"a sign on a cap", Options{}, one("", "", "caps.csv", lines(caps, "a,day,budget,$10,,,,")), []string{"error caps!D2 currency_mismatch"}},
		{"a percentage of a cap", Options{}, one("", "", "caps.csv", lines(caps, "a,day,clicks,10%,,,,")), []string{"error caps!D2 percent_mismatch"}},
		{"post without a body", Options{}, one("cross_postback_method,cross_postback_body", "post,"), []string{"error offers!F2 needs_other"}},
		{"get without a body", Options{}, one("cross_postback_method,cross_postback_body", "get,"), nil},
		{"post without the column", Options{}, one("cross_postback_method", "post"), []string{"error offers!E2 needs_other"}},
		{"baseline", Options{}, one("", "", "payouts.csv", lines(payoutHeader+",baseline_value", "a,baseline_onetime,USD,2,1,")), []string{"error payouts!F2 needs_other"}},
		{"a sign of another currency", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,USD,€2,1")), []string{"error payouts!D2 currency_mismatch"}},
		{"a sign of the same currency", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,CAD,$2,1")), nil},
		{"a percentage of a fixed payout", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,USD,20%,10")), []string{"error payouts!D2 percent_mismatch"}},
		{"a percentage of a percent payout", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,percent,USD,20%,10")), nil},
		{"a percentage and an amount", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,USD,2,70%")), []string{"error payouts!E2 percent_mismatch"}},
		{"above 100 percent", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,percent,USD,150,10")), []string{"warning payouts!D2 above_100_percent"}},
		{"payout above revenue", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,USD,9.5,10")), []string{"warning payouts!E2 payout_above_revenue"}},
		{"payout as high as revenue", Options{}, one("", "", "payouts.csv", lines(payoutHeader, "a,fixed,USD,10.0,10")), nil},
		{"tiers off", Options{}, one("enabled_commission_tiers", "no", "tiers.csv", lines(tiers, "a,month,conversions,100,10,by_percent,all,")),
			[]string{"warning offers!E2 tiers_off"}},
		{"tiers on", Options{}, one("enabled_commission_tiers", "yes", "tiers.csv", lines(tiers, "a,month,conversions,100,10%,by_percent,all,")), nil},
		{"a tier's percentage that is an amount", Options{}, one("enabled_commission_tiers", "yes", "tiers.csv", lines(tiers, "a,month,conversions,100,10%,by_fix,all,")),
			[]string{"error tiers!E2 percent_mismatch"}},
		{"a tier's list", Options{}, one("enabled_commission_tiers", "yes", "tiers.csv", lines(tiers, "a,month,conversions,100,10,by_fix,all,17")),
			[]string{"error tiers!H2 exact_list"}},
		{"a start that is past", Options{}, one("start_at", "2026-11-22"), []string{"error offers!E2 past_date"}},
		{"a start today", Options{}, one("start_at", "2026-11-23 01:00:00"), nil},
		{"an end that is past", Options{}, one("stop_date", "2026-11-22"), []string{"warning offers!E2 past_date"}},
		{"an end before the start", Options{}, one("start_at,stop_date", "2030-06-02 10:00:00,2030-06-01"), []string{"error offers!F2 date_order"}},
		{"an end on the day of the start", Options{}, one("start_at,stop_date", "2030-06-01 10:00:00,2030-06-01"), nil},
		{"a schedule that ends before it starts", Options{}, one("schedule_date_start,schedule_date_to", "2030-06-02,2030-06-01"), []string{"error offers!F2 date_order"}},
		{"an empty child", Options{}, one("", "", "targeting.csv", lines("offer,name", "a,")), []string{"error targeting!2 empty_row"}},
		{"an unknown action", Options{}, one("action", "delete"), []string{"error offers!E2 not_allowed"}},
		{"no key at all", update, map[string]string{"offers.csv": lines("external_offer_id,status", ",active")}, []string{"error offers!A2 no_key"}},
		{"a key that is cleared", Options{}, map[string]string{"offers.csv": lines(offersHeader, goodOffer("[]")), "payouts.csv": lines(payoutHeader, goodPayout("[]"))},
			[]string{"error offers!A2 no_key"}},
		{"too many values", Options{}, one("tags", `"`+strings.Repeat("x,", 960)+`"`), []string{"error offers!2 too_many_values"}},
		{"several in one row", Options{}, one("status,hold_period,payout_currency", "actve,99,XX", "caps.csv", lines(caps, "a,dai,clicks,x,,,,")),
			[]string{"error offers!E2 not_allowed", "error offers!F2 out_of_range", "error offers!G2 bad_currency", "error offers!2 missing_column", "warning offers!2 no_amount",
				"error caps!B2 not_allowed", "error caps!D2 bad_amount"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, offers := mapFiles(t, c.files, c.opts)
			if len(offers) != 1 {
				t.Fatalf("%d offers", len(offers))
			}
			got := short(offers[0].Messages)
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("said\n%s\nwant\n%s\n%v", strings.Join(got, "\n"), strings.Join(c.want, "\n"), offers[0].Messages)
			}
			if said(m.Messages(), sheet.LevelError, codeOrphan) {
				t.Errorf("orphans: %v", m.Messages())
			}
		})
	}
}

// TestBodyOrder: the key first, then the schema's order, general payouts before
// personal ones, flat children before those of sheets.
func TestBodyOrder(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{
		"offers.csv": lines("payout_2_currency,payout_2_type,url,payout_type,payout_currency,description_ru,advertiser,description_en,title",
			"EUR,fixed,https://t.example.com/{clickid},cpc,USD,Привет,"+anAdvertiser+",Hello,Summer"),
		"caps.csv":    lines("offer,period,type,value", madeKey([]string{anAdvertiser, "Summer", "https://t.example.com/{clickid}"})+",day,clicks,5"),
		"payouts.csv": lines(payoutHeader+",affiliates", goodPayout(madeKey([]string{anAdvertiser, "Summer", "https://t.example.com/{clickid}"}))+",17"),
	}, Options{})
	o := offers[0]
	if !o.Valid() {
		t.Fatal(o.Messages)
	}
	want := `{"external_offer_id":"` + o.Key + `","title":"Summer","advertiser":"` + anAdvertiser + `","url":"https://t.example.com/{clickid}",` +
		`"description_lang":{"en":"Hello","ru":"Привет"},` +
		`"payments":[{"type":"cpc","currency":"USD"},{"type":"fixed","currency":"EUR"}],` +
		`"partner_payments":[{"partners":["17"],"type":"fixed","currency":"USD","total":"2.00","revenue":"1.40"}],` +
		`"caps":[{"period":"day","type":"clicks","value":"5"}]}`
	got, err := o.Body.MarshalJSON()
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
	if !strings.HasPrefix(o.Key, "ol-") || len(o.Key) != 19 || len(o.Children) != 2 {
		t.Errorf("key %s, children %v", o.Key, o.Children)
	}
}
