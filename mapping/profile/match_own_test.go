package profile_test

import (
	"path/filepath"
	"strings"
	"testing"

	"offerlift/mapping/profile"
)

// ownSheet has our own names for most of its columns, and theirs for a few.
const ownSheet = `external_offer_id;Name of offer;Advertiser;url;payout_total;payout_revenue;payout_currency;Country;cap_period;cap_type;cap_value;cap_2_period;cap_2_type;cap_2_value;target_browser_allow;caps_timezone;description_ru;payout_2_goal;payout_2_total;payout_2_revenue;landing_url;landing_title;landing_url_preview
sum-1;Summer Offer;573c69a33b7d9b0e638b4576;https://t.example.com/?c={clickid};2.00;1.40;USD;US;day;conversions;100;month;budget;5000;Chrome, Safari;Europe/Berlin;Без спама;dep;20.00;15.00;https://t.example.com/lp?c={clickid};Main;https://www.example.com/lp
sum-2;Winter Offer;573c69a33b7d9b0e638b4577;https://t.example.com/?c={clickid}&x=2;3.00;2.40;EUR;DE;day;conversions;50;;;;Chrome;Europe/Berlin;Без мотива;dep;22.00;16.00;;;`

// Our own names are known without a doubt, our ids are taken as they are, and an
// offer's key gets no prefix.
func TestMatchKnowsOurOwnColumns(t *testing.T) {
	p := proposal(t, ownSheet)
	short := map[string]string{"external_offer_id": "key", "payout_total": "total", "payout_revenue": "revenue", "payout_currency": "currency"}
	for _, g := range p.Guesses {
		want := g.Header
		if name := short[g.Header]; name != "" {
			want = name
		}
		if strings.ContainsAny(g.Header, "_") && (g.Means != want || g.Doubtful()) {
			t.Errorf("%s: %s (%.2f), want %s", g.Header, g.Means, g.Sure, want)
		}
	}
	offers := offersOf(t, p, ownSheet, nil)
	if len(offers) != 2 || offers[0].Key != "sum-1" || !offers[0].Valid || !offers[1].Valid {
		t.Fatalf("%+v", offers)
	}
	body := compact(offers[0].Body)
	for _, want := range []string{"573c69a33b7d9b0e638b4576", `"period":"month","type":"budget"`, `"dep"`, "/lp?c={clickid}", "Europe/Berlin", "Safari"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
}

// A landing_url alone is a word of others too.
func TestMatchTakesPlainWordsForTheirs(t *testing.T) {
	p := proposal(t, "ID;Name;landing_url;target_url\n1;Some offer;https://www.example.com/a;https://t.example.com/?c={clickid}\n2;Other offer;https://www.example.com/b;https://t.example.com/?d={clickid}")
	if p.Guesses[2].Means != "url_preview" || p.Guesses[3].Means != "url" {
		t.Errorf("%s and %s", p.Guesses[2].Means, p.Guesses[3].Means)
	}
}

// Caps such as 5k and 1,5k, spans such as 30 Tage, and amounts such as R$ 45,00 are
// read as what they are.
func TestMatchReadsNumbersWithUnits(t *testing.T) {
	const sheet = `ID;Name;Link;Payout;Revenue;Currency;Daily cap;Monthly budget;Cookie;Hours TZ
1;Some offer;https://t.example.com/?c={clickid};R$ 45,00;R$ 60,00;BRL;5k;$500;30 Tage;UTC
2;Other offer;https://t.example.com/?d={clickid};10,00;15,00;BRL;1,5k;$1500;7 Tage;UTC
3;Third offer;https://t.example.com/?e={clickid};11,00;16,00;BRL;120;;7 Tage;UTC`
	offers := offersOf(t, proposal(t, sheet), sheet, profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}})
	for i, wants := range [][]string{{`"value":"5000"`, `"45.00"`, `"60.00"`, `"500"`, `"30d"`}, {`"value":"1500"`, `"7d"`}, {`"value":"120"`}} {
		for _, want := range wants {
			if !offers[i].Valid || !strings.Contains(compact(offers[i].Body), want) {
				t.Errorf("offer %d: no %s in %s, %v", i+1, want, offers[i].Body, offers[i].Messages)
			}
		}
	}
}

// An amount may say itself how it is paid.
func TestMatchReadsTheTypeOfAnAmount(t *testing.T) {
	const sheet = `ID;Name;Link;Payout (default);Revenue (default);Currency
1;Some offer;https://t.example.com/?c={clickid};CPA: $24.00;CPA: $31.00;USD
2;Other offer;https://t.example.com/?d={clickid};CPC: $0.10;CPC: $0.15;USD
3;Third offer;https://t.example.com/?e={clickid};CPS: 5%;CPS: 8%;USD`
	offers := offersOf(t, proposal(t, sheet), sheet, profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}})
	for i, wants := range [][]string{{`"fixed"`, `"24.00"`, `"31.00"`}, {`"cpc"`, `"0.10"`, `"0.15"`}, {`"percent"`, `"5"`, `"8"`}} {
		for _, want := range wants {
			if !offers[i].Valid || !strings.Contains(compact(offers[i].Body), want) {
				t.Errorf("offer %d: no %s in %s, %v", i+1, want, offers[i].Body, offers[i].Messages)
			}
		}
	}
}

// What the advertiser pays is doubted where it is far above what the affiliate
// gets: it may be the price of the goods.
func TestPricesOfGoodsAreDoubted(t *testing.T) {
	p := proposal(t, "ID;Name;Link;Commission;Client price\n1;Some offer;https://a.example.com/?c={clickid};16;39.90\n2;Other offer;https://b.example.com/?c={clickid};18;49.00")
	if g := p.Guesses[4]; g.Means == "total" && !g.Doubtful() {
		t.Errorf("%+v", g)
	}
}

// What is kept out is never taken for what is let in.
func TestMatchTellsDeniedFromAllowed(t *testing.T) {
	for header, want := range map[string]string{
		"Blocked geos": "country_deny", "Geos closed": "country_deny", "Excluded carriers": "target_isp_deny", "Browsers not allowed": "target_browser_deny",
		"Excluded OS": "target_os_deny", "Excluded devices": "target_device_type_deny", "No-go states": "target_region_deny",
	} {
		value := map[string]string{"country_deny": "CN, IN", "target_isp_deny": "DE: O2", "target_browser_deny": "Opera", "target_os_deny": "iOS", "target_device_type_deny": "tablet", "target_region_deny": "TX, FL"}[want]
		p := proposal(t, "ID;Name;URL;"+header+"\n1;Some offer;https://a.example.com/?c={clickid};"+value+"\n2;Other offer;https://b.example.com/?c={clickid};"+value)
		if g := p.Guesses[3]; g.Means != want {
			t.Errorf("%s: %q (%.2f), want %s", header, g.Means, g.Sure, want)
		}
	}
}

// offersOf are the offers that a proposed profile makes of the sheet that it was
// proposed for.
func offersOf(t *testing.T, p *profile.Proposal, sheet string, ids profile.IDs) []offer {
	t.Helper()
	dir := write(t, map[string]string{"mine.yaml": p.YAML("mine"), "mine.csv": sheet + "\n"})
	loaded, err := library().Load(filepath.Join(dir, "mine.yaml"))
	if err != nil {
		t.Fatalf("%v\n%s", err, p.YAML("mine"))
	}
	got := take(t, filepath.Join(dir, "mine.csv"), loaded, profile.Settings{IDs: ids})
	return got.Offers
}

func compact(body []byte) string { return strings.Join(strings.Fields(string(body)), "") }
