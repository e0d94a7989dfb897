package main

// example is the vendor's worked example: one offer with both kinds of payout,
// a landing, a cap, and two target groups, of which the general one allows a
// sub1 value and the personal one denies a sub2 value.
func example() []sheet {
	offers := newSheet("Offers", "external_offer_id title advertiser url url_preview status privacy",
		row{"external_offer_id": "worked-example", "title": "Worked example", "advertiser": northwindGames,
			"url": track("worked-example"), "url_preview": "https://www.example.com/", "status": "active", "privacy": "public"})
	payouts := newSheet("Payouts", "offer title goal affiliates type currency total revenue countries",
		row{"offer": "worked-example", "title": "Sale", "goal": "1", "type": "fixed", "currency": "USD", "total": num("15"), "revenue": num("10"), "countries": "US"},
		row{"offer": "worked-example", "title": "Sale, special deal", "goal": "1", "affiliates": "7, 12", "type": "fixed", "currency": "USD",
			"total": num("15"), "revenue": num("12.5"), "countries": "US"})
	caps := newSheet("Caps", "offer period type value goal_type affiliate_type country_type",
		row{"offer": "worked-example", "period": "day", "type": "conversions", "value": num("100"), "goal_type": "all", "affiliate_type": "all", "country_type": "all"})
	targeting := newSheet("Targeting", "offer name affiliates country_allow sub1_allow sub2_deny",
		row{"offer": "worked-example", "name": "For everybody", "country_allow": "US", "sub1_allow": "newsletter"},
		row{"offer": "worked-example", "name": "For affiliate 7", "affiliates": "7", "country_allow": "US", "sub2_deny": "popup"})
	landings := newSheet("Landings", "offer title url url_preview type",
		row{"offer": "worked-example", "title": "Main page", "url": track("worked-example") + "&lp=1", "url_preview": "https://www.example.com/lp", "type": "landing"})
	offers.lists, payouts.lists = statuses(), payoutLists()
	return []sheet{offers, payouts, caps, targeting, landings}
}
