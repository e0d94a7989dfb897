package profile_test

import (
	"path/filepath"
	"strings"
	"testing"

	"offerlift/mapping/profile"
)

// What an export means where its rows say little, or contradict each other: of
// each network, a small one.
func TestExports(t *testing.T) {
	for name, c := range exports {
		t.Run(name, func(t *testing.T) {
			ids := profile.IDs{}
			for _, kind := range []string{"advertisers", "affiliates", "categories"} {
				ids[kind] = map[string]string{"*": "573c69a33b7d9b0e638b4576"}
			}
			ids["affiliates"]["*"] = "71"
			network, _, _ := strings.Cut(name, ",")
			got := take(t, write(t, c.files), load(t, network, c.set), profile.Settings{IDs: ids})
			var bodies, told strings.Builder
			for _, o := range got.Offers {
				bodies.Write(o.Body)
				told.WriteString(strings.Join(o.Messages, "\n") + "\n")
			}
			told.WriteString(strings.Join(got.Messages, "\n"))
			for _, want := range c.body {
				without, denied := strings.CutPrefix(want, "!")
				if strings.Contains(bodies.String(), without) == denied {
					t.Errorf("want %s in the bodies:\n%s\n%s", want, &bodies, &told)
				}
			}
			for _, want := range c.told {
				without, denied := strings.CutPrefix(want, "!")
				if strings.Contains(told.String(), without) == denied {
					t.Errorf("want %q told:\n%s", want, &told)
				}
			}
			send(t, got.bodies)
		})
	}
}

// export is a folder, and what is in the bodies and told of it; with ! before
// it, what is not.
type export struct {
	files      map[string]string
	set        map[string]string
	body, told []string
}

const (
	tuneOffers = "id,name,advertiser_id,offer_url,preview_url,status,currency,payout_type,default_payout,revenue_type,max_payout,is_private,require_approval,enforce_geo_targeting\n" +
		"1,One,5,https://a.example.com/?c={transaction_id},https://a.example.com/,active,USD,cpa_flat,2,cpa_flat,3,0,0,0\n" +
		"2,Two,5,https://b.example.com/?c={transaction_id},https://b.example.com/,active,USD,cpa_flat,2,cpa_flat,3,0,0,1\n"
	cakeOffers = "offer_id,offer_name,advertiser/advertiser_id,offer_status/offer_status_name,currency/currency_abbr,default_offer_contract_id,offer_contract_id,offer_contract_name,price_format/price_format_name,payout/is_percentage,payout/amount,received/is_percentage,received/amount,offer_link,preview_link\n"
	cakeOwn    = "10,Auto,5,Public,EUR,101,101,Direct,CPA,false,0.70,false,1.10,https://a.example.com/?c=#reqid#,https://a.example.com/\n" +
		"10,Auto,5,Public,EUR,101,102,Long,CPA,false,1.50,false,2.40,https://a.example.com/long?c=#reqid#,https://a.example.com/long\n"
)

var exports = map[string]export{
	"tune, countries that are named and not enforced": {
		files: map[string]string{"offers.csv": tuneOffers, "countries.csv": "offer_id,countries\n1,DE\n2,FR\n"},
		body:  []string{`"targeting":[{"country":{"allow":["FR"]}}]`, `!DE`},
		told:  []string{"warning no_equivalent countries.csv, countries!B2 countries: the countries DE are named there", "!countries FR"},
	},
	"tune, JSON with countries that are not enforced": {
		files: map[string]string{"offers.json": `{"response":{"data":{"1":{"Offer":{"id":"1","name":"One","advertiser_id":"5","offer_url":"https://a.example.com/?c={transaction_id}","preview_url":"https://a.example.com/","status":"active","currency":"USD",
			"payout_type":"cpa_flat","default_payout":"2","revenue_type":"cpa_flat","max_payout":"3","is_private":"0","require_approval":"0","enforce_geo_targeting":"0"},"Country":{"DE":{"code":"DE"},"AT":{"code":"AT"}}}}}}`},
		body: []string{`!targeting`},
		told: []string{"no_equivalent offers.json, data!data[0].Country[].code Country[].code: the countries DE, AT are named there"},
	},
	"tune, a payout of a goal that is off": {
		files: map[string]string{"offers.csv": tuneOffers, "goals.csv": "id,offer_id,name,status,payout_type,default_payout,revenue_type,max_payout\n31,1,Old,deleted,cpa_flat,1,cpa_flat,2\n",
			"offer_payouts.csv": "affiliate_id,offer_id,goal_id,payout\n7,1,31,1.5\n", "offer_revenues.csv": "affiliate_id,offer_id,goal_id,revenue\n8,1,31,2.5\n"},
		body: []string{`"payments"`, `!partner_payments`},
		told: []string{"goal_id: the payout of affiliate 7 (1.5, or  percent) is of the goal Old, which is deleted there", "goal_id: the revenue of affiliate 8 (2.5, or  percent) is of the goal Old"},
	},
	"tune, caps of zero": {
		files: map[string]string{"offers.csv": tuneOffers, "offer_caps.csv": "offer_id,affiliate_id,conversion_cap,monthly_conversion_cap\n1,7,0,0\n1,8,5,0\n"},
		body:  []string{`"caps":[{"period":"day","type":"conversions","value":"5","affiliate_type":"exact","affiliates":["71"]}]`},
		told:  []string{"!offer_caps!2", "!not carried over"},
	},
	"tune, what a database writes for none": {
		files: map[string]string{"offers.csv": strings.Replace(tuneOffers, "https://a.example.com/,active,USD", `NULL,active,\N`, 1)},
		set:   map[string]string{"currency": "CHF"},
		body:  []string{`"title":"One"`, `"currency":"CHF"`, "!NULL", "!url_preview\":\"https://a"},
		told:  []string{"!cell_error"},
	},
	"everflow, every country, and a status that is not known": {
		files: map[string]string{"offers.csv": "network_offer_id,name,network_advertiser_id,destination_url,preview_url,offer_status,visibility,currency_id,payout_type,payout_amount,revenue_type,revenue_amount,countries\n" +
			"1,One,5,https://a.example.com/?c={transaction_id},https://a.example.com/,active,public,USD,cpa,2,rpa,3,ALL\n2,Two,5,https://b.example.com/?c={transaction_id},https://b.example.com/,inactive,public,USD,cpa,2,rpa,3,\n"},
		body: []string{`"title":"One"`, "!targeting"},
		told: []string{"!became allowed", "`inactive` is not a value of offer_status", "!Did you mean active"},
	},
	"tune, no advertiser": {
		files: map[string]string{"offers.csv": strings.Replace(tuneOffers, "1,One,5,", "1,One,,", 1)},
		told:  []string{"error needs_decision offers.csv, offers!C2 advertiser_id: the offer names no advertiser: give the account's id of one with --set advertiser="},
	},
	"impact, contracts that are over": {
		files: map[string]string{
			"campaigns.json": `{"Campaigns":[{"CampaignId":"1","CampaignName":"One","AdvertiserId":"5","AdvertiserName":"A","CampaignUrl":"https://a.example.com","ContractStatus":"Expired","TrackingLink":"https://go.example.com/1"},
				{"CampaignId":"2","CampaignName":"Two","AdvertiserId":"5","AdvertiserName":"A","CampaignUrl":"https://b.example.com","ContractStatus":"Active","TrackingLink":"https://go.example.com/2"}]}`,
			"contracts.json": `{"Contracts":[{"Id":"a","CampaignId":"1","Status":"EXPIRED","StartDate":"2020-01-01T00:00:00Z","EndDate":"2021-01-01T00:00:00Z","Terms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"11","EventTypeName":"Sale","EventCategory":"SALE","DefaultPayoutRate":"10"}]}},
				{"Id":"b","CampaignId":"2","Status":"EXPIRED","StartDate":"2020-01-01T00:00:00Z","EndDate":"2021-01-01T00:00:00Z","Terms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"21","EventTypeName":"Old","EventCategory":"SALE","DefaultPayoutRate":"20"}]}},
				{"Id":"c","CampaignId":"2","Status":"ACTIVE","StartDate":"2020-01-01T00:00:00Z","EndDate":"2032-02-02T00:00:00Z","Terms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"22","EventTypeName":"New","EventCategory":"SALE","DefaultPayoutRate":"30"}]}}]}`,
		},
		set: map[string]string{"share": "50"},
		body: []string{`"status":"stopped","privacy":"protected","payments":[{"title":"Sale","goal":"11","type":"percent","currency":"USD","total":"10","revenue":"5"}]`,
			`"status":"active","privacy":"protected","payments":[{"title":"New","goal":"22","type":"percent","currency":"USD","total":"30","revenue":"15"}]`},
		told: []string{"the contract is EXPIRED there, and the program has no other", "the contract c from 2020-01-01T00:00:00Z to 2032-02-02T00:00:00Z is not the first of its program", "since its contract is not active there", "EventTypeName `Old`"},
	},
	"trackier, goals and pages that name no campaign": {
		files: map[string]string{
			"campaigns-1.json":                    `{"data":[{"_id":"57c6c75934243d930c8b4500","display_id":"31","title":"One","url":"https://a.example.com/?c={click_id}","preview_url":"https://a.example.com/","status":"active","visibility":"public","advertiser_id":"3","model":"cpa","currency":"EUR","commissions":[{"payout":4,"revenue":6,"coverage":["ALL"]}]}]}`,
			"campaigns-2.json":                    `{"data":[{"_id":"57c6c75934243d930c8b4501","display_id":"32","title":"Two","url":"https://b.example.com/?c={click_id}","preview_url":"https://b.example.com/","status":"active","visibility":"public","advertiser_id":"3","model":"cpa","currency":"GBP","commissions":[{"payout":4,"revenue":6,"coverage":["ALL"]}]}]}`,
			"goals-31.json":                       `{"success":true,"currency":"EUR","goals":[{"goal":{"title":"Deposit","value":"dep","type":"public"},"payouts":[{"coverage":["ALL"],"revenue":20,"payout":10,"model":"percentage"}]},{"goal":{"title":"Bare","value":"bare","type":"public"},"payouts":[]}]}`,
			"goals-57c6c75934243d930c8b4501.json": `{"success":true,"goals":[{"goal":{"title":"Sale","value":"sale","type":"private"},"payouts":[{"coverage":["IN"],"revenue":9,"payout":7,"model":"fixed"}]}]}`,
			"pages-32.json":                       `{"success":true,"data":{"landing_pages":[{"int_id":1,"title":"Short","preview_url":"https://b.example.com/s","url":"https://b.example.com/s?c={click_id}"}]}}`,
			"goals-99.json":                       `{"success":true,"goals":[{"goal":{"title":"Lost","value":"lost","type":"public"},"payouts":[{"coverage":["ALL"],"revenue":2,"payout":1,"model":"fixed"}]}]}`,
		},
		body: []string{`{"title":"Deposit","goal":"dep","type":"percent","currency":"EUR","total":"20","revenue":"10"}`, `{"title":"Bare","goal":"bare","type":"fixed","currency":"EUR","total":"0","revenue":"0"}`,
			`{"title":"Sale","goal":"sale","type":"fixed","currency":"GBP","total":"9","revenue":"7","countries":["IN"]}`, `"landings":[{"title":"Short","url":"https://b.example.com/s?c={clickid}"`},
		told: []string{"the goal Sale is private there", "whose goal Lost is: name the file after its campaign", "the goal Bare has no payout there"},
	},
	"trackier, caps of zero": {
		files: map[string]string{"campaigns.json": `{"data":[{"display_id":"31","title":"One","url":"https://a.example.com/?c={click_id}","status":"active","visibility":"public","advertiser_id":"3","model":"cpa","currency":"EUR","commissions":[{"payout":4,"revenue":6}],
			"caps":[{"type":"conversion","daily":0,"monthly":0,"lifetime":0,"pids":["ALL"],"geo":["ALL"]},{"type":"pendingPayout","daily":100,"pids":["ALL"],"geo":["ALL"]}]}]}`},
		body: []string{`!"caps"`},
		told: []string{"the cap of pendingPayout (100 a day", "!caps[0]"},
	},
	"offer18, caps of zero": {
		files: map[string]string{"offers.json": `{"data":{"1":{"oid":"1","offer_name":"One","advertiser_id":"91","offer_url":"https://a.example.com/?c={tid}","currency":"USD","price_advertiser":"4","price_affiliate":"3","model_advertiser":"CPA","model_affiliate":"CPA","visibility":"public","status":"active",
			"capping":[{"rule_type":"shared_capping","event":"","type":"gross_conversions","period":"daily","value":0},{"rule_type":"shared_capping","event":"","type":"gross_conversions","period":"weekly","value":70}]}}}`},
		body: []string{`!"caps"`},
		told: []string{"the cap of 70 gross_conversions a week", "!zero_cap"},
	},
	"cake, a campaign without its contract": {
		files: map[string]string{"offers.csv": cakeOffers + cakeOwn,
			"campaigns.csv": "campaign_id,affiliate_id,offer_id,offer_contract_id,payout/amount,account_status_name,conversion_cap/limit,conversion_cap/cap_interval/cap_interval_name,click_cap/limit,click_cap/cap_interval/cap_interval_name\n1,7,10,,0.85,Active,50,Daily,900,Weekly\n2,7,10,102,1.95,Active,0,,,\n"},
		body: []string{`"partner_payments":[{"partners":["71"],"type":"fixed","currency":"EUR","total":"1.10","revenue":"0.85"},{"partners":["71"],"goal":"Long","type":"fixed","currency":"EUR","total":"2.40","revenue":"1.95"}]`,
			`"caps":[{"period":"day","type":"conversions","value":"50","affiliate_type":"exact","affiliates":["71"]}]`},
		told: []string{"the affiliate's cap of 900 clicks (interval Weekly) is not carried over"},
	},
	"cake, a campaign on a contract that is not there": {
		files: map[string]string{"offers.csv": cakeOffers + cakeOwn, "campaigns.csv": "campaign_id,affiliate_id,offer_id,offer_contract_id,payout/amount\n1,7,10,777,0.85\n"},
		told:  []string{"error needs_decision campaigns.csv, campaigns!D2 offer_contract_id: the campaign's contract (777;"},
	},
	"cake, the own contract is not there": {
		files: map[string]string{"offers.csv": cakeOffers + strings.ReplaceAll(cakeOwn, "101,101", "999,101")[:strings.Index(cakeOwn, "\n")+1],
			"caps.csv": "offer_contract_id,cap_type_id,cap_interval_id,cap_amount,send_alert_only\n101,2,1,42,false\n101,2,3,0,false\n101,2,2,70,false\n"},
		body: []string{`"payments":[{"title":"Direct","type":"fixed"`, `!landings`, `"caps":[{"period":"day","type":"conversions","value":"42"}]`},
		told: []string{"the default contract 999 is not in the export", "its link is https://a.example.com/?c=#reqid#", "the cap of 70 (kind 2, interval 2", "it became a cap of the offer as a whole", "!zero_cap", "!caps!3 "},
	},
	"cake, JSON with one contract an offer": {
		files: map[string]string{"offers.json": `{"offers":{"offer":[{"offer_id":1,"offer_name":"One","advertiser":{"advertiser_id":5},"offer_status":{"offer_status_name":"Public"},"currency":{"currency_abbr":"EUR"},"default_offer_contract_id":7,"preview_link":"https://a.example.com/","offer_contracts":{"offer_contract_info":{"offer_contract_id":7,"offer_contract_name":"A","price_format":{"price_format_name":"CPA"},"payout":{"is_percentage":false,"amount":1},"received":{"is_percentage":false,"amount":2},"offer_link":"https://a.example.com/1?c=#reqid#"}}}]}}`},
		body:  []string{`"url":"https://a.example.com/1?c={clickid}"`, `"payments":[{"title":"A","type":"fixed","currency":"EUR","total":"2","revenue":"1"}]`},
	},
	"cake, JSON with a list of one contract an offer": {
		files: map[string]string{"offers.json": `{"offers":[{"offer_id":1,"offer_name":"One","advertiser":{"advertiser_id":5},"offer_status":{"offer_status_name":"Public"},"currency":{"currency_abbr":"EUR"},"default_offer_contract_id":7,"preview_link":"https://a.example.com/","offer_contracts":{"offer_contract_info":[{"offer_contract_id":7,"offer_contract_name":"A","price_format":{"price_format_name":"CPA"},"payout":{"is_percentage":false,"amount":1},"received":{"is_percentage":false,"amount":2},"offer_link":"https://a.example.com/1?c=#reqid#"}]}}]}`},
		body:  []string{`"url":"https://a.example.com/1?c={clickid}"`, `"payments":[{"title":"A","type":"fixed","currency":"EUR","total":"2","revenue":"1"}]`},
	},
	"cake, JSON whose own contract is not there": {
		files: map[string]string{"offers.json": `{"offers":[{"offer_id":1,"offer_name":"One","advertiser":{"advertiser_id":5},"offer_status":{"offer_status_name":"Public"},"currency":{"currency_abbr":"EUR"},"default_offer_contract_id":9,"preview_link":"https://a.example.com/",
			"offer_contracts":{"offer_contract_info":[{"offer_contract_id":7,"offer_contract_name":"A","price_format":{"price_format_name":"CPA"},"payout":{"is_percentage":false,"amount":1},"received":{"is_percentage":false,"amount":2},"offer_link":"https://a.example.com/1?c=#reqid#"},
			{"offer_contract_id":8,"offer_contract_name":"B","price_format":{"price_format_name":"CPA"},"payout":{"is_percentage":false,"amount":3},"received":{"is_percentage":false,"amount":4},"offer_link":"https://a.example.com/2?c=#reqid#"}]}}]}`},
		body: []string{`"payments":[{"title":"A","type":"fixed"`, `{"title":"B","type":"fixed"`, `!landings`},
		told: []string{"every contract is a payout without a goal", "https://a.example.com/2?c=#reqid#"},
	},
	"scaleo, goals that are off, and their aliases": {
		files: map[string]string{"offers.csv": "ID,Title,Status,Advertiser,Currency,Default Landing Page,Preview URL,Visibility,Goal Title,Goal Alias,Goal Status,Goal Type,Revenue,Payout,Daily Cap\n" +
			"1,One,Active,A,EUR,https://a.example.com/?c={click_id},https://a.example.com/,Public,Trial,trial,Active,CPL,4,2.5,50\n1,One,Active,A,EUR,https://a.example.com/?c={click_id},https://a.example.com/,Public,Old,,Inactive,CPA,5,3,9\n"},
		body: []string{`"payments":[{"title":"Trial","goal":"trial","type":"fixed","currency":"EUR","total":"4","revenue":"2.5"}]`, `"caps":[{"period":"day","type":"conversions","value":"50","goal_type":"exact","goals":["trial"]}]`},
		told: []string{"the goal Old (CPA, payout 3, revenue 5) is Inactive there"},
	},
	"swaarm, payouts by sub and budgets that do not count": {
		files: map[string]string{"offers.json": `{"offers":[{"id":1,"name":"One","advertiser":"A","status":"ACTIVE","leadflow":"CPA","trackingUrl":"https://a.example.com/?c=#{id}","isPrivate":false,"isApprovalRequired":false,
			"payouts":[{"weGet":2,"theyGet":1},{"weGet":9,"theyGet":8,"subId":"x*"}],
			"budgets":[{"type":"WEGET","validity":"MONTHLY","threshold":"SOFT","amount":3000},{"type":"THEYGET","validity":"DAILY","threshold":"HARD","amount":50},{"type":"EVENT","validity":"DAILY","threshold":"HARD","amount":0}]}]}`},
		body: []string{`"payments":[{"type":"fixed","currency":"USD","total":"2","revenue":"1"}]`, `"caps":[{"period":"day","type":"budget","value":"50"`, `!3000`},
		told: []string{"the payout for the sub x* (publishers get 8, the advertiser pays 9", "the soft budget of 3000 WEGET (MONTHLY)", "!budgets of both sides", "!zero_cap"},
	},
	"swaarm, hard budgets of both sides": {
		files: map[string]string{"offers.json": `{"offers":[{"id":1,"name":"One","advertiser":"A","status":"ACTIVE","leadflow":"CPA","trackingUrl":"https://a.example.com/?c=#{id}","isPrivate":false,"isApprovalRequired":false,"payouts":[{"weGet":2,"theyGet":1}],
			"budgets":[{"type":"WEGET","validity":"MONTHLY","threshold":"HARD","amount":3000},{"type":"THEYGET","validity":"DAILY","amount":50}]}]}`},
		told: []string{"error needs_decision offers.json, offers!offers[0].budgets[].type"},
	},
	"affise, what is read in several shapes": {
		files: map[string]string{"offers.json": `{"status":1,"offers":[{"id":1,"advertiser":"573c69a33b7d9b0e638b4576","title":"One","url":"https://a.example.com/?c={clickid}&to=%257Bclickid%257D","url_preview":"https://a.example.com/","status":"active","privacy":"public",
			"payments":[{"total":2,"revenue":1,"currency":"USD","type":"fixed"}],"strictly_os":{"items":{"iOS":[">=13"]}},"restriction_isp":[{"country":"US","name":"Comcast, Inc"},{"country":"DE","name":"Telekom"}],
			"targeting":[{"urls":[{"url":"https://a.example.com/1?c={clickid}","weight":60,"spt_url":"https://s.example.com/?c={clickid}"},{"url":"https://a.example.com/2?c={clickid}","weight":40,"spt_url":null}],
				"sub":{"allow":[],"deny":[],"deny_groups":[{"1":"a","3":"b"},{"1":"c","3":"d"}]}}],
			"html_creatives":[{"id":5,"name":"Banner","width":300,"height":250,"code":"<a href=\"{url}\">x, y</a>","asset_mapping":{"pic":0}}]}]}`},
		body: []string{`"restriction_isp":[{"country":"US","name":"Comcast, Inc"},{"country":"DE","name":"Telekom"}]`, `"restriction_os":[{"os":"iOS","versions":["\u003e=13"]}]`, `"deny_groups":[{"1":"a","3":"b"},{"1":"c","3":"d"}]`,
			`{"url":"https://a.example.com/1?c={clickid}","weight":"60","spt_url":"https://s.example.com/?c={clickid}"},{"url":"https://a.example.com/2?c={clickid}","weight":"40"}`, `"creativesHtml":[{"name":"Banner","width":"300","height":"250","code":`},
		told: []string{"warning changed_meaning offers.json, offers!offers[0].strictly_os.items{}", "the files that the creative Banner uses (pic:0) do not travel", "!combinations of subs", "!encoded twice"},
	},
	"affise, strict systems, of which the first has no version": {
		files: map[string]string{"offers.json": `{"status":1,"offers":[{"id":1,"advertiser":"573c69a33b7d9b0e638b4576","title":"One","url":"https://a.example.com/?c={clickid}","status":"active","privacy":"public","payments":[{"total":2,"revenue":1,"currency":"USD","type":"fixed"}],
			"strictly_os":[{"os":"iOS","versions":[]},{"os":"Android","versions":[">=9","<14"]}]}]}`},
		body: []string{`"restriction_os":[{"os":"iOS"},{"os":"Android","versions":["\u003e=9","\u003c14"]}]`},
	},
	"affise, sources that are allowed": {
		files: map[string]string{"offers.json": `{"status":1,"offers":[{"id":1,"advertiser":"573c69a33b7d9b0e638b4576","title":"One","url":"https://a.example.com/?c={clickid}","status":"active","privacy":"public","payments":[{"total":2,"revenue":1,"currency":"USD","type":"fixed"}],
			"sources":[{"id":"1","title":"Push","allowed":true},{"id":"2","title":"Search","allowed":false}]},{"id":2,"advertiser":"573c69a33b7d9b0e638b4576","title":"Two","url":"https://b.example.com/?c={clickid}","status":"active","privacy":"public","payments":[{"total":2,"revenue":1,"currency":"USD","type":"fixed"}],
			"sources":[{"id":"1","title":"Pop","allowed":1},{"id":"2","title":"Mail","allowed":0}]}]}`},
		told: []string{"source `Push` is not carried over", "source `Pop` is not carried over", "!Search", "!Mail"},
	},
	"affise, combinations with an empty sub": {
		files: map[string]string{"offers.json": `{"status":1,"offers":[{"id":1,"advertiser":"573c69a33b7d9b0e638b4576","title":"One","url":"https://a.example.com/?c={clickid}","status":"active","privacy":"public","payments":[{"total":2,"revenue":1,"currency":"USD","type":"fixed"}],
			"targeting":[{"block_proxy":true,"sub":{"deny_groups":[{"1":"a","2":""},{"1":"b","2":"c"},{"3":""}]}}]}]}`},
		body: []string{`!deny_groups`, `"block_proxy":"1"`},
		told: []string{"(sub1 a, b,; sub2 , c,;", "a combination of empty subs is kept out there"},
	},
}

// With --strict a sheet that is not read is an error: what it holds is lost.
func TestStrictRefusesSheetsThatAreNotRead(t *testing.T) {
	dir := write(t, map[string]string{"offers.csv": tuneOffers, "pixels.csv": "pixel,affiliate\nhttps://p.example.com/,7\n"})
	for strict, level := range map[bool]string{false: "warning", true: "error"} {
		got := take(t, filepath.Clean(dir), load(t, "tune", nil), profile.Settings{IDs: profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}}, Strict: strict})
		if !has(got.Messages, level+" unknown_sheet pixels.csv, pixels!") {
			t.Errorf("strict %v: %q", strict, got.Messages)
		}
	}
}
