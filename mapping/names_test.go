package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const otherAdvertiser = "573c69a33b7d9b0e638b4577"

// someAccount is an account with these names, which notes what it is asked for.
func someAccount(asked *[]string) func(kind, name string) Found {
	names := map[string]Found{
		"advertisers acme": {IDs: []string{anAdvertiser}}, "advertisers twins": {IDs: []string{anAdvertiser, otherAdvertiser}}, "advertisers acne": {Near: "Acme"},
		"categories games": {IDs: []string{otherAdvertiser}}, "affiliates bob": {IDs: []string{"17"}}, "managers ana silva": {IDs: []string{otherAdvertiser}},
		"regions us:texas": {IDs: []string{"10"}}, "cities us:chicago": {IDs: []string{"5001"}},
	}
	return func(kind, name string) Found {
		*asked = append(*asked, kind+" "+name)
		return names[kind+" "+strings.ToLower(name)]
	}
}

// TestNames: names stand in the place of ids in every sheet, flat columns too.
// Each is looked up once, however often it is written.
func TestNames(t *testing.T) {
	var asked []string
	m, offers := mapFiles(t, map[string]string{
		"offers.csv": lines(offersHeader+",categories,managers,target_region_allow",
			`a,One,Acme,https://t.example.com/?c={clickid},"Games, `+anAdvertiser+`",Ana Silva,"US:Texas, 33"`,
			"b,Two, ACME ,https://t.example.com/?c={clickid},games,,"),
		"payouts.csv": lines(payoutHeader+",affiliates,cities", goodPayout("a")+",,", goodPayout("a")+`,"Bob, 18",US:Chicago`, goodPayout("b")+",,"),
		"caps.csv":    lines("offer,period,type,value,affiliate_type,affiliates", "a,day,clicks,10,exact,bob"),
	}, Options{Lookup: someAccount(&asked)})
	if diff := cmp.Diff([]string{"advertisers Acme", "categories Games", "managers Ana Silva", "affiliates bob", "cities US:Chicago", "regions US:Texas"}, asked, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("asked for other names: %s", diff)
	}
	want := `{"external_offer_id":"a","title":"One","advertiser":"` + anAdvertiser + `","url":"https://t.example.com/?c={clickid}","categories":["` + otherAdvertiser + `","` + anAdvertiser + `"],"managers":["` + otherAdvertiser + `"],` +
		`"payments":[{"type":"fixed","currency":"USD","total":"2.00","revenue":"1.40"}],` +
		`"partner_payments":[{"partners":["17","18"],"type":"fixed","currency":"USD","total":"2.00","revenue":"1.40","cities":["5001"]}],` +
		`"caps":[{"period":"day","type":"clicks","value":"10","affiliate_type":"exact","affiliates":["17"]}],"targeting":[{"region":{"allow":{"US":["10","33"]}}}]}`
	if got, err := offers[0].Body.MarshalJSON(); err != nil || string(got) != want {
		t.Errorf("%v %v\ngot  %s\nwant %s", offers[0].Messages, err, got, want)
	}
	if !offers[1].Valid() || len(m.Missing()) > 0 {
		t.Errorf("%v, missing %v", offers[1].Messages, m.Missing())
	}
	if !said(offers[0].Messages, "info", codeNamed) {
		t.Errorf("nothing says what became of the names: %v", offers[0].Messages)
	}
}

// TestNamesWithoutID: what is not known, or known twice, is an error of its
// cells, and listed once with all of them.
func TestNamesWithoutID(t *testing.T) {
	files := map[string]string{
		"offers.csv": lines(offersHeader,
			"a,One,Acne,https://t.example.com/?c={clickid}", "b,Two,twins,https://t.example.com/?c={clickid}", "c,Three,ACNE,https://t.example.com/?c={clickid}"),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"), goodPayout("c")),
	}
	var asked []string
	m, offers := mapFiles(t, files, Options{Lookup: someAccount(&asked)})
	for i, want := range []string{
		"unknown_name the account has no advertiser of the name `Acne`. Did you mean Acme?",
		"ambiguous_name the account has 2 advertisers of the name `twins`, with the ids " + anAdvertiser + " or " + otherAdvertiser,
		"unknown_name the account has no advertiser of the name `ACNE`",
	} {
		code, text, _ := strings.Cut(want, " ")
		if got := offers[i].Messages; len(got) != 1 || got[0].Level != "error" || got[0].Code != code || !strings.Contains(got[0].Text, text) {
			t.Errorf("%v, want %s", got, want)
		}
	}
	missing := m.Missing()
	SortMissing(missing, []string{"advertisers"})
	want := []Missing{
		{Kind: "advertisers", Value: "Acne", Count: 2, Places: []string{"offers.csv, offers!C2", "offers.csv, offers!C4"}},
		{Kind: "advertisers", Value: "twins", IDs: []string{anAdvertiser, otherAdvertiser}, Count: 1, Places: []string{"offers.csv, offers!C3"}},
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Error(diff)
	}
	_, offers = mapFiles(t, files, Options{})
	if !strings.Contains(offers[0].Messages[0].Text, "check has no account to ask") {
		t.Errorf("offline: %v", offers[0].Messages)
	}
}

// TestBrokenIDs: what was an id once is no name to ask for.
func TestBrokenIDs(t *testing.T) {
	var asked []string
	m, _ := mapFiles(t, map[string]string{
		"offers.csv":  lines(offersHeader, "a,One,"+anAdvertiser[:22]+",https://t.example.com/?c={clickid}"),
		"payouts.csv": lines(payoutHeader+",affiliates", goodPayout("a")+",1.00231E+11"),
	}, Options{Lookup: someAccount(&asked)})
	if len(asked) > 0 || len(m.Missing()) > 0 {
		t.Errorf("asked for %v, missing %v", asked, m.Missing())
	}
}

// TestGivenIDs: the user's own table goes before the account, and for ids too.
func TestGivenIDs(t *testing.T) {
	var asked []string
	given := func(kind, text string) (string, bool) {
		id, ok := map[string]string{"advertisers 12": anAdvertiser, "affiliates 7": "70", "regions US:TX": "US:10"}[kind+" "+text]
		return id, ok
	}
	_, offers := mapFiles(t, map[string]string{
		"offers.csv":  lines(offersHeader+",target_region_allow", "a,One,12,https://t.example.com/?c={clickid},US:TX"),
		"payouts.csv": lines(payoutHeader+",affiliates", goodPayout("a")+",", goodPayout("a")+`,"7, 8"`),
	}, Options{Given: given, Lookup: someAccount(&asked)})
	got, err := offers[0].Body.MarshalJSON()
	for _, want := range []string{`"advertiser":"` + anAdvertiser, `"partners":["70","8"]`, `"allow":{"US":["10"]}`} {
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%v %s, want %s", offers[0].Messages, got, want)
		}
	}
	if len(asked) > 0 {
		t.Errorf("the account was asked for %v", asked)
	}
}

// TestMadeKeyOfNames: an offer without a key of its own has the same one,
// whether its advertiser goes by name or by id: a second import must find it.
func TestMadeKeyOfNames(t *testing.T) {
	var asked []string
	keys := map[string]bool{}
	for _, advertiser := range []string{"Acme", anAdvertiser} {
		_, offers := mapFiles(t, map[string]string{"offers.csv": lines("title,advertiser,url,payout_type,payout_currency,payout_total,payout_revenue",
			"One,"+advertiser+",https://t.example.com/?c={clickid},fixed,USD,2,1")}, Options{Lookup: someAccount(&asked)})
		keys[offers[0].Key] = offers[0].Valid()
	}
	if len(keys) != 1 {
		t.Errorf("one offer has the keys %v", keys)
	}
}
