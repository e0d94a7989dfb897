package mapping

import (
	"strings"
	"testing"
)

// payouts are the files of one good offer with these payouts.
func payouts(header string, rows ...string) map[string]string {
	return one("", "", "payouts.csv", lines(append([]string{header}, rows...)...))
}

// TestDoubts: what is sent as it stands, and is told because it costs money
// where it is a mistake; and what looks like it and is none.
func TestDoubts(t *testing.T) {
	const goals, geo = payoutHeader + ",goal", payoutHeader + ",countries,country_exclude"
	caps := func(rows ...string) map[string]string {
		return one("", "", "payouts.csv", lines(goals, goodPayout("a")+",install", goodPayout("a")+","),
			"caps.csv", lines(append([]string{"offer,period,type,value,goal_type,goals"}, rows...)...))
	}
	target := func(header, row string) map[string]string {
		return one("", "", "targeting.csv", lines("offer,"+header, "a,"+row))
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // "sheet!cell code text", the text in part; blank: nothing is said
	}{
		{"neither amount", payouts(payoutHeader, "a,fixed,USD,,"), "payouts!D2 no_amount neither total nor revenue"},
		{"no columns for them", payouts("offer,type,currency", "a,fixed,USD"), "payouts!2 no_amount neither total nor revenue"},
		{"no revenue", payouts(payoutHeader, "a,fixed,USD,2,"), "payouts!E2 no_amount the affiliate would get nothing of what the"},
		{"no total", payouts(payoutHeader, "a,fixed,USD,,2"), "payouts!D2 no_amount the advertiser would pay nothing of what the"},
		{"no column of the total", payouts("offer,type,currency,revenue", "a,fixed,USD,2"), "payouts!D2 no_amount the advertiser would pay nothing"},
		{"no total and no revenue to speak of", payouts(payoutHeader, "a,fixed,USD,,0"), "payouts!D2 no_amount the advertiser would pay nothing"},
		{"a zero that is written", payouts(payoutHeader, "a,fixed,USD,2,0"), ""},
		{"zeros that are written", payouts(payoutHeader, "a,fixed,USD,0,0"), ""},
		{"percent below one", payouts(payoutHeader, "a,percent,USD,10,0.07"), "payouts!E2 below_1_percent 0.07 is less than one percent: where 7 percent are meant"},
		{"percent that says so", payouts(payoutHeader, "a,percent,USD,10,0.07%"), ""},
		{"one percent", payouts(payoutHeader, "a,percent,USD,1,0"), ""},
		{"an amount below one", payouts(payoutHeader, "a,fixed,USD,0.10,0.07"), ""},
		{"a goal of clicks", payouts(goals, "a,cpc,USD,2,1,install"), "payouts!F2 goal_of_clicks"},
		{"the first goal of clicks", payouts(goals, "a,cpc,USD,2,1,1"), ""},
		{"clicks", payouts(goals, "a,cpc,USD,2,1,"), ""},
		{"nothing left out", payouts(geo, "a,fixed,USD,2,1,,yes"), "payouts!G2 nothing_excluded"},
		{"something left out", payouts(geo, "a,fixed,USD,2,1,US,yes"), ""},
		{"Namibia or nothing", payouts(geo, "a,fixed,USD,2,1,NA,"), "payouts!F2 doubtful_country `NA` was read as Namibia: where not available is meant"},
		{"Norway or no", payouts(geo, "a,fixed,USD,2,1,no,"), "payouts!F2 doubtful_country `no` was read as Norway"},
		{"Norway", payouts(geo, "a,fixed,USD,2,1,NO,"), ""},
		{"Namibia among others", payouts(geo, `a,fixed,USD,2,1,"NA, ZA",`), ""},
		{"Namibia by its name", payouts(geo, "a,fixed,USD,2,1,Namibia,"), ""},
		{"two payouts for the same", payouts(goals, "a,fixed,USD,2,1,x", "a,fixed,EUR,3,2,x"), "payouts!3 same_conditions row 3 and row 2 are payouts for the same conversions"},
		{"payouts for different goals", payouts(goals, "a,fixed,USD,2,1,x", "a,fixed,USD,2,1,y"), ""},
		{"payouts for different affiliates", payouts(payoutHeader+",affiliates", "a,fixed,USD,2,1,", "a,fixed,USD,2,1,7", "a,fixed,USD,2,1,8"), ""},
		{"two payouts for one affiliate", payouts(payoutHeader+",affiliates", "a,fixed,USD,2,1,", "a,fixed,USD,2,1,7", "a,fixed,USD,2,1.5,7"), "payouts!4 same_conditions row 4 and row 3"},
		{"two payouts in one row", one("payout_type,payout_currency,payout_total,payout_revenue,payout_2_type,payout_2_currency,payout_2_total,payout_2_revenue", "fixed,USD,2,1,fixed,USD,3,2", "payouts.csv", lines(payoutHeader, "a,cpc,USD,1,1")),
			"offers!2 same_conditions payout 2 and payout 1 are payouts"},
		{"two caps of the same", caps("a,day,clicks,10,,", "a,day,clicks,20,,"), "caps!3 same_conditions row 3 and row 2 are caps of the same"},
		{"caps of different periods", caps("a,day,clicks,10,,", "a,month,clicks,20,,"), ""},
		{"a month's cap below the day's", caps("a,day,clicks,100,,", "a,month,clicks,20,,"), "caps!D3 cap_order the cap of the month is 20 and that of the day 100"},
		{"a cap of all below the month's", caps("a,all,clicks,5,,", "a,month,clicks,20,,"), "caps!D3 cap_order the cap of the whole time is 5 and that of the month 20"},
		{"caps of different kinds", caps("a,day,clicks,100,,", "a,month,conversions,20,,"), ""},
		{"thousands or one", payouts(payoutHeader, "a,fixed,USD,1.000,0.700"), "payouts!D2 doubtful_amount `1.000` was read as 1: where 1 thousand are meant, write 1000"},
		{"a cap of nothing", caps("a,day,clicks,0,,"), "caps!D2 zero_cap"},
		{"a cap's goal", caps("a,day,conversions,5,exact,install"), ""},
		{"a cap's goal that is not there", caps("a,day,conversions,5,exact,deposit"), "caps!F2 unknown_goal no payout of the offer has the goal `deposit`, so nothing would count here: its payouts have install"},
		{"a cap's goal where payouts have none", one("", "", "caps.csv", lines("offer,period,type,value,goal_type,goals", "a,day,conversions,5,exact,install")), ""},
		{"in and out", target("country_allow,country_deny", `"US, CA","CA, MX"`), "targeting!C2 allowed_and_denied country `CA` is let in and kept out"},
		{"in and out by country", target("region_allow,region_deny", `"US:1, US:2","CA:1, US:2"`), "targeting!C2 allowed_and_denied region `US:2`"},
		{"in, and others out", target("country_allow,country_deny", `"US, CA",MX`), ""},
		{"a row that was copied", map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"), goodOffer("b")), "payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"))},
			"offers!A3 same_offer as the offer in A2"},
		{"the URL of another row", map[string]string{"offers.csv": lines(offersHeader, goodOffer("abc-1")+"&o=abc-1", goodOffer("abc-2")+"&o=abc-1&x=1"), "payouts.csv": lines(payoutHeader, goodPayout("abc-1"), goodPayout("abc-2"))},
			"offers!D3 doubtful_url the URL carries `abc-1`, which is the key of the offer in A2"},
		{"a number that is a key too", map[string]string{"offers.csv": lines(offersHeader, goodOffer("10001")+"&o=10002", goodOffer("10002")+"&o=10001"), "payouts.csv": lines(payoutHeader, goodPayout("10001"), goodPayout("10002"))}, ""},
		{"rows of the same title", map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"), goodOffer("b")+"&b"), "payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"))}, ""},
		{"a row that was copied and is skipped", map[string]string{"offers.csv": lines(offersHeader+",action", goodOffer("a")+",skip", goodOffer("b")+","), "payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"))}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, offers := mapFiles(t, c.files, Options{})
			said := 0
			for _, o := range offers {
				for _, m := range o.Messages {
					said++
					line := m.Sheet + "!" + m.Cell + " " + m.Code
					place, text, _ := strings.Cut(c.want, " ")
					code, text, _ := strings.Cut(text, " ")
					if m.Level != "warning" || line != place+" "+code || !strings.Contains(m.Text, text) {
						t.Errorf("said %s %s: %s, want %s", m.Level, line, m.Text, c.want)
					}
				}
			}
			if c.want != "" && said == 0 {
				t.Errorf("nothing was said, want %s", c.want)
			}
		})
	}
}

// TestDoubtsOfEdits: a row that changes what is stored leaves out what stays.
func TestDoubtsOfEdits(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{"offers.csv": lines("external_offer_id", "a"), "payouts.csv": lines("offer,id,goal", "a,5f,install")}, Options{Mode: "update"})
	if len(offers[0].Messages) > 0 {
		t.Errorf("said %v", offers[0].Messages)
	}
}

func TestBraces(t *testing.T) {
	const u = "https://t.example.com/?c="
	runKinds(t, Options{}, []kindCase{
		{"", "url", u + "{clickid", "", "macro_braces the macro clickid has no brace behind it, so it would be passed on as it stands: write {clickid}, with one brace on each side"},
		{"", "url", u + "{clickid&p={pid}", "", "macro_braces the macro clickid has no brace behind it"},
		{"", "url", u + "{clickid}&p={pid", "", "macro_braces the macro pid has no brace"},
		{"", "url", u + "{{clickid}}", "", "macro_braces the macro clickid has two braces before it"},
		{"", "url", u + "${clickid}", "", "macro_braces the macro clickid has a $ before it"},
		{"", "url", u + "{ClickID", "", "macro_braces the macro ClickID has no brace"},
		{"", "url", u + "{clickid}&p=$5", `"` + u + `{clickid}\u0026p=$5"`, ""},
		{"", "cross_postback_url", "https://p.example.com/?a=${sum}", `"https://p.example.com/?a=${sum}"`, ""},
		{"", "macro_url", "&sub1={sub1", "", "macro_braces the macro sub1"},
		{"", "url", u + "{clickid}&j={", `"` + u + `{clickid}\u0026j={"`, ""},
	})
	_, _, messages := readCell(t, "", "url", text(u+"{clickid"), Options{})
	if len(messages) != 1 {
		t.Errorf("one mistake is told as %v", messages)
	}
}

// TestCapOfThousands: what is counted has no decimals, so a cap of 1,000 is not
// read as 1 because amounts elsewhere have a comma before their decimals.
func TestCapOfThousands(t *testing.T) {
	for kind, want := range map[string]string{"conversions": codeAmbiguous, "budget": codeThousand} {
		_, offers := mapFiles(t, one("", "", "caps.csv", lines("offer,period,type,value", "a,day,"+kind+`,"1,000"`)), Options{Decimal: ','})
		if m := offers[0].Messages; len(m) != 1 || m[0].Code != want || offers[0].Valid() != (kind == "budget") {
			t.Errorf("%s: said %v", kind, m)
		}
	}
}
