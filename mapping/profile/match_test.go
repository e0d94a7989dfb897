package profile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// Six sheets as people keep them, none of a network that we know. What each
// column is stands in the first line; a dash is nothing that we have.
var unseen = []string{
	`key;title;advertiser;url;url_preview;country_allow;revenue;total;currency;status;cap_day;description
Offer ID;Offer Name;Advertiser;Tracking Link;Preview;GEO;Aff Payout;Adv Price;Currency;Status;Daily Cap;Restrictions
501;Casino Royal DE CPA;BetCo;https://t.example.com/?c={click_id}&a={aff_id};https://royal.example.com;DE,AT;120;150;EUR;Live;20;No brand bidding and no incentive traffic of any kind, please
502;Slots NZ;BetCo;https://t.example.com/2?c={click_id}&a={aff_id};https://slots.example.com;NZ;90;110;USD;Paused;;No adult traffic of any kind, and no toolbar or adware traffic
503;Bingo UK;LuckyLtd;https://t.example.com/3?c={click_id};https://bingo.example.com;UK;45.50;60;GBP;Live;50;Social media is fine, search on the brand is not allowed at all`,
	`key;title;url;type;total;revenue;stop_date;categories;os_allow;cap_all;notes;bundle_id
campaignNumber;campaignTitle;clickUrl;pricingModel;weGet;publisherRate;validUntil;vertical;platform;totalCap;internalComment;packageName
9001;Puzzle World iOS;https://go.example.com/x?tid=#{id};CPI;2.10;1.50;2030-01-31;Games;iOS;1000;Ask Kim before changing the bid of this campaign at all;com.example.puzzle
9002;Runner Android;https://go.example.com/y?tid=#{id};CPI;1.80;1.20;2030-03-31;Games;Android;500;;com.example.runner
9003;Shop App;https://go.example.com/z?tid=#{id};CPE;4;2.75;2030-12-31;Shopping;Android;0;They pay late and argue about every single install there is;com.example.shop`,
	`title;advertiser;country_allow;total;revenue;url;start_at;stop_date;-;cap_month;privacy
Kampagne;Kunde;Länder;Umsatz;Provision;Ziel-URL;Beginn;Ende;Ansprechpartner;Monatslimit;Sichtbarkeit
Strom Wechsel;Energie AG;DE;40,00;28,00;https://e.example.com/?s=1&c={clickid};01.02.2030;31.12.2030;anna@example.com;300;public
Handyvertrag Plus;Mobil GmbH;DE, AT;55,50;35,00;https://m.example.com/?s=2&c={clickid};15.03.2030;31.12.2030;bernd@example.com;200;on request
Girokonto Bonus;Bank AG;CH;90,00;60,00;https://b.example.com/?s=3&c={clickid};01.01.2030;30.06.2030;anna@example.com;;private`,
	`key;advertiser;title;description;url;url_preview;revenue;currency;click_session;allow_deeplink;country_allow;-;categories
Program ID;Merchant;Program Name;Description;Click Link;Website;Commission;Currency Code;Cookie Days;Deep Link Allowed;Market;Logo URL;Category
11;ToyLand;ToyLand US;Everything a child could wish for, from wooden trains to robots;https://n.example.com/c?id=11&u=1;https://toyland.example.com/;6%;USD;30;yes;US;https://img.example.com/11.png;Toys
12;BookNest;BookNest UK;Books, calendars and gifts for readers, shipped within a day;https://n.example.com/c?id=12&u=1;https://booknest.example.com/;8%;GBP;45;no;GB;https://img.example.com/12.png;Books
13;VeloShop;VeloShop DE;Bicycles and all that belongs to them, in store and online;https://n.example.com/c?id=13&u=1;https://veloshop.example.com/;5.5%;EUR;30;yes;DE;https://img.example.com/13.png;Sports`,
	`key;title;status;revenue;total;goal;country_allow;device_type;url;trafficback_url;is_top;hold_period;-
#;Name;Active;Payout;Revenue;Event;Countries;Devices;URL;Fallback URL;Featured;Hold Days;Created
1;VPN Trial Annual;yes;12;18;trial;US|CA|GB;desktop, mobile;https://vpn.example.com/?click=%%click%%;https://back.example.com/;1;14;2025-02-01
2;Antivirus Pro;yes;25;33;sale;WW;desktop;https://av.example.com/?click=%%click%%;https://back.example.com/;0;30;2025-03-11
3;Cloud Backup;no;9.5;14;signup;US;mobile;https://cb.example.com/?click=%%click%%;https://back.example.com/;0;7;2025-04-21`,
	`key;title;advertiser;type;total;revenue;url;start_at;country_deny;tags;kpi;cap_day;-;status
Ref;Headline;Client;Deal Type;Gross Payout;Net Payout;Destination;Go Live;Blocked Countries;Labels;KPI Requirements;Leads per day;Weekly Cap;State
A-17;Solar Leads Italy;SunCo;CPL;30.00;21.00;https://s.example.com/?x=[=ClickID=];2030-05-01;VA;solar, home;Contact rate above 60 percent within the first week;40;150;Open
A-18;Heat Pump France;WarmCo;CPL;45.00;31.50;https://h.example.com/?x=[=ClickID=];2030-05-15;;heat, home;At least one in five leads must become an appointment;25;100;Closed
A-19;Loan Switch Spain;BancoEx;CPL;22.00;15.40;https://l.example.com/?x=[=ClickID=];2030-06-01;AD;finance;No duplicates within ninety days, counted by phone number;60;200;Open`,
}

// At least nine columns in ten are right, and the wrong ones are doubted.
func TestMatchUnseenSheets(t *testing.T) {
	right, all, wrongAndSure := 0, 0, 0
	for i, text := range unseen {
		wanted, body, _ := strings.Cut(text, "\n")
		p := proposal(t, body)
		for col, want := range strings.Split(wanted, ";") {
			g := p.Guesses[col]
			all++
			switch {
			case g.Means == want || want == "-" && g.Means == "":
				right++
			case !g.Doubtful() && g.Means != "":
				wrongAndSure++
				t.Logf("sheet %d: %s is %s, and was surely (%.2f) taken for %s", i+1, g.Header, want, g.Sure, g.Means)
			default:
				t.Logf("sheet %d: %s is %s, and was taken for %q (%.2f)", i+1, g.Header, want, g.Means, g.Sure)
			}
		}
	}
	t.Logf("%d of %d columns are right", right, all)
	if right*10 < all*9 {
		t.Errorf("only %d of %d columns are right, want nine in ten", right, all)
	}
	if wrongAndSure > 1 {
		t.Errorf("%d columns are wrong without a doubt", wrongAndSure)
	}
}

func proposal(t testing.TB, text string) *profile.Proposal {
	t.Helper()
	path := filepath.Join(write(t, map[string]string{"unseen.csv": text + "\n"}), "unseen.csv")
	book, err := sheet.Open([]string{path}, sheet.Options{Known: mapping.Known, HeaderRow: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	p, err := profile.Propose(book)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The profile that is proposed can be loaded, knows its own file again, and
// makes offers of it.
func TestProposedProfileWorks(t *testing.T) {
	for i, text := range unseen {
		_, body, _ := strings.Cut(text, "\n")
		p := proposal(t, body)
		dir := write(t, map[string]string{"mine.yaml": p.YAML("mine"), "mine.csv": body + "\n"})
		loaded, err := library().Load(filepath.Join(dir, "mine.yaml"))
		if err != nil {
			text, _ := os.ReadFile(filepath.Join(dir, "mine.yaml"))
			t.Fatalf("sheet %d: %v\n%s", i+1, err, text)
		}
		if loaded, err = loaded.Set("currency", "USD"); err != nil {
			t.Fatal(err)
		}
		book := readBook(t, filepath.Join(dir, "mine.csv"))
		if got, _ := profile.Recognise(book, []*profile.Profile{loaded}); got == nil {
			t.Errorf("sheet %d is not known again", i+1)
		}
		ids := profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}}
		got := take(t, filepath.Join(dir, "mine.csv"), loaded, profile.Settings{IDs: ids})
		for _, o := range got.Offers {
			if o.Valid {
				continue
			}
			for _, m := range o.Messages {
				if strings.HasPrefix(m, "error") && !strings.Contains(m, "needs_decision") && !strings.Contains(m, "not_a_decimal") {
					t.Errorf("sheet %d: %s", i+1, m)
				}
			}
		}
	}
}

// Two columns whose names say one thing and whose amounts say another are both
// doubted.
func TestMoneyTheWrongWayRoundIsDoubted(t *testing.T) {
	p := proposal(t, "ID,Name,URL,Payout,Revenue\n1,Some offer,https://a.example.com/?c={clickid},5.00,3.50\n2,Other offer,https://b.example.com/?c={clickid},4.00,2.50")
	for _, g := range p.Guesses[3:] {
		if !g.Doubtful() || !strings.Contains(g.Why, "larger") {
			t.Errorf("%s: %+v is not doubted", g.Header, g)
		}
	}
	if err := p.Say(3, "total"); err != nil {
		t.Fatal(err)
	}
	if err := p.Say(4, "revenue"); err != nil {
		t.Fatal(err)
	}
	if y := p.YAML("x"); !strings.Contains(y, `revenue: {from: "Revenue"}`) || !strings.Contains(y, `total: {from: "Payout"}`) {
		t.Errorf("what was said did not count:\n%s", y)
	}
	if err := p.Say(3, "totl"); err == nil || !strings.Contains(err.Error(), "Did you mean total?") {
		t.Errorf("%v, want a suggestion", err)
	}
}
