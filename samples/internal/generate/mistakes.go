package main

import "strings"

// mistakes is one mistake of each kind that people make, each on an offer of its
// own whose title names it. All else about the offer is right.
func mistakes() []sheet {
	var m book
	offerMistakes(&m)
	dateMistakes(&m)
	payoutMistakes(&m)
	childMistakes(&m)
	spreadsheetMistakes(&m)
	m.add("payout", row{"offer": "no-such-offer", "title": "payout of an offer that is not in the list", "type": "fixed", "currency": "USD", "total": num("2"), "revenue": num("1")})
	return m.sheets()
}

// book gathers the rows of the sheets.
type book struct{ offers, payouts, caps, targeting, landings, tiers, creatives []row }

// offer adds an offer with a payout. What it should have otherwise stands in
// more; nil leaves a column blank.
func (m *book) offer(key, title string, more row) {
	m.bare(key, title, more)
	m.add("payout", row{"offer": key, "title": "Lead", "type": "fixed", "currency": "USD", "total": num("2"), "revenue": num("1.4"), "countries": "US"})
}

// bare adds an offer without a payout.
func (m *book) bare(key, title string, more row) {
	m.offers = append(m.offers, with(row{
		"external_offer_id": key, "title": title, "advertiser": northwindGames, "url": track(key), "status": "stopped",
	}, more))
}

// payout adds an offer with one payout, which has the mistake.
func (m *book) payout(key, title string, more row) {
	m.bare(key, title, nil)
	m.add("payout", with(row{"offer": key, "title": "Lead", "type": "fixed", "currency": "USD", "total": num("2"), "revenue": num("1.4")}, more))
}

// child adds an offer that is right and a row of another sheet with the mistake.
func (m *book) child(kind, key, title string, r row) {
	m.offer(key, title, nil)
	m.add(kind, with(row{"offer": key}, r))
}

func (m *book) add(kind string, r row) {
	rows := map[string]*[]row{"payout": &m.payouts, "cap": &m.caps, "target": &m.targeting, "landing": &m.landings,
		"tier": &m.tiers, "creative": &m.creatives}[kind]
	*rows = append(*rows, r)
}

func with(r, more row) row {
	for column, cell := range more {
		r[column] = cell
	}
	return r
}

func (m *book) sheets() []sheet {
	return []sheet{
		newSheet("Offers", `external_offer_id title advertiser url status start_at stop_date hold_period click_session is_top
			managers schedule_intervals caps_timezone cross_postback_url cross_postback_method cross_postback_body sub_account_1
			enabled_commission_tiers logo notes Titel`, m.offers...),
		newSheet("Payouts", "offer title affiliates type currency total revenue countries devices", m.payouts...),
		newSheet("Caps", "offer period type value affiliate_type affiliates country_type country", m.caps...),
		newSheet("Targeting", "offer name country_allow region_allow os_allow ip_allow urls", m.targeting...),
		newSheet("Landings", "offer title url url_preview", m.landings...),
		newSheet("Commission tiers", "offer timeframe type value modifier_value modifier_type", m.tiers...),
		newSheet("Html creatives", "offer name code asset_mapping", m.creatives...),
	}
}

func offerMistakes(m *book) {
	m.offer("status-misspelt", "status misspelt", row{"status": "actve"})
	m.offer("no-title", "", row{"title": nil, "notes": "the title is left out"})
	m.offer("no-advertiser", "advertiser left out", row{"advertiser": nil})
	m.offer("advertiser-short", "advertiser id cut off", row{"advertiser": "573c69a33b7d9b0e638b45"})
	m.offer("no-url", "tracking URL left out", row{"url": nil})
	m.offer("url-no-scheme", "URL without https://", row{"url": "track.example.com/click?c={clickid}"})
	m.offer("url-unknown-macro", "macro that does not exist", row{"url": "https://track.example.com/click?c={clickid}&s={sub_1}"})
	m.offer("url-no-clickid", "URL without {clickid}", row{"url": "https://track.example.com/click?offer=1"})
	m.offer("same-key", "key used twice (first)", nil)
	m.bare("same-key", "key used twice (second)", nil)
	m.offer("title-too-long", "title too long: "+strings.Repeat("buy now ", 40), nil)
	m.offer("flag-maybe", "neither yes nor no", row{"is_top": "maybe"})
	m.offer("hold-too-long", "hold above 60 days", row{"hold_period": num("90")})
	m.offer("session-unreadable", "click session that is none", row{"click_session": "a month"})
	m.offer("session-30-months", "30m is 30 months, minutes are 30i", row{"click_session": "30m"})
	m.offer("zone-misspelt", "time zone misspelt", row{"caps_timezone": "Europe/Berlni"})
	m.offer("managers-names", "managers: more than ten", row{"managers": strings.TrimSuffix(strings.Repeat(anaSilva+", ", 11), ", ")})
	m.offer("postback-no-body", "postback by POST without a body", row{"cross_postback_url": "https://post.example.com/?c={clickid}", "cross_postback_method": "post"})
	m.offer("sub-account-blank", "blank in sub account values", row{"sub_account_1": "good value!"})
	m.offer("file-outside", "file outside the folder", row{"logo": "../../private/logo.png"})
	m.offer("file-missing", "file that is not there", row{"logo": "logo-that-is-not-there.png"})
	m.offer("column-misspelt", "column named Titel", row{"Titel": "written into a column that does not exist"})
}

func dateMistakes(m *book) {
	m.offer("date-two-readings", "date with two readings", row{"stop_date": "03/04/2031"})
	m.offer("date-no-day", "date that is no day", row{"stop_date": "2031-02-30"})
	m.offer("start-past", "start date in the past", row{"start_at": date("2020-01-15")})
	m.offer("stop-past", "stop date in the past", row{"stop_date": date("2020-02-15")})
	m.offer("stop-before-start", "stop before the start", row{"start_at": date("2031-06-01"), "stop_date": date("2031-01-31")})
	m.offer("weekday-name", "weekday by name in the schedule", row{"schedule_intervals": "Mon: 9-18"})
	m.offer("hour-25", "hour 25 in the schedule", row{"schedule_intervals": "0: 9-25"})
}

func payoutMistakes(m *book) {
	m.bare("no-payout", "no payout", nil)
	m.payout("only-personal", "only a personal payout", row{"affiliates": "7"})
	m.payout("affiliate-name", "affiliate by name", row{"affiliates": "orion-media"})
	m.payout("currency-unknown", "unknown currency", row{"currency": "DOLLAR"})
	m.payout("no-currency", "currency left out", row{"currency": nil})
	m.payout("no-type", "payout type left out", row{"type": nil})
	m.payout("type-misspelt", "payout type misspelt", row{"type": "fixd"})
	m.payout("payout-above", "affiliate gets more than the advertiser pays", row{"total": num("1"), "revenue": num("2")})
	m.payout("percent-150", "more than 100 percent", row{"type": "percent", "total": num("150"), "revenue": num("90")})
	m.payout("money-euro-sign", "euro sign beside USD", row{"total": "€5"})
	m.payout("money-comma", "1,234 has two readings", row{"total": "1,234"})
	m.payout("money-words", "money with words", row{"total": "two dollars"})
	m.payout("money-negative", "negative money", row{"revenue": num("-1")})
	m.payout("money-percent", "percentage as an amount", row{"revenue": percent("0.7")})
	m.payout("country-misspelt", "country misspelt", row{"countries": "US, Germny"})
	m.payout("device-unknown", "unknown device", row{"devices": "mobile, fridge"})
}

func childMistakes(m *book) {
	m.child("cap", "cap-exact-no-list", "exact cap without its list", row{"period": "day", "type": "conversions", "value": num("10"), "country_type": "exact"})
	m.child("cap", "cap-list-not-exact", "list beside a cap that is not exact", row{"period": "day", "type": "conversions", "value": num("10"), "affiliate_type": "all", "affiliates": "7"})
	m.child("cap", "cap-decimal", "half a conversion", row{"period": "day", "type": "conversions", "value": num("10.5")})
	m.child("cap", "cap-period", "unknown cap period", row{"period": "weekly", "type": "conversions", "value": num("10")})
	m.child("cap", "cap-empty", "cap with nothing in it", nil)
	m.child("target", "region-no-country", "region without its country", row{"name": "Regions", "region_allow": "33, 57"})
	m.child("target", "os-no-comparison", "version without a comparison", row{"name": "Old phones", "os_allow": "Android 6.0"})
	m.child("target", "ip-outside", "IP address that is none", row{"name": "Office", "ip_allow": "192.0.2.300"})
	m.child("target", "weight-150", "weight above 100", row{"name": "Split", "urls": "https://track.example.com/a?c={clickid} 150"})
	m.child("landing", "landing-no-preview", "landing without a preview", row{"title": "Main page", "url": track("landing-no-preview")})
	m.child("tier", "tiers-off", "tiers that are not switched on", row{"timeframe": "month", "type": "conversions", "value": num("100"), "modifier_value": num("5"), "modifier_type": "by_fix"})
	m.offer("tier-no-type", "tier without a modifier type", row{"enabled_commission_tiers": "yes"})
	m.add("tier", row{"offer": "tier-no-type", "timeframe": "month", "type": "conversions", "value": num("100"), "modifier_value": num("5")})
	m.child("creative", "creative-json", "asset mapping that is no JSON", row{"name": "Banner", "code": "<b>Play</b>", "asset_mapping": "aaa=0"})
}

// spreadsheetMistakes are those that Excel makes for its users.
func spreadsheetMistakes(m *book) {
	m.payout("formula-no-value", "formula that was never worked out", row{"revenue": formula{text: "ROUND(F#*0.7,2)"}})
	m.payout("cell-error", "#N/A in a cell", row{"total": broken("#N/A")})
	m.offer("made-date", "1-2 turned into a date", row{"sub_account_1": date("2031-02-01")})
	m.payout("affiliate-scientific", "affiliate id in scientific notation", row{"affiliates": "1.00231E+11"})
	m.offer("advertiser-number", "advertiser id turned into a number", row{"advertiser": num("5.73694012345679e23")})
}
