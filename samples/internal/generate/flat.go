package main

// flat is a single file that holds everything: five offers, their children in
// numbered columns.
func flat() sheet {
	return newSheet("flat", `external_offer_id title advertiser url url_preview status privacy categories tags stop_date
		payout_type payout_currency payout_total payout_revenue payout_countries payout_goal
		payout_2_type payout_2_currency payout_2_total payout_2_revenue payout_2_countries payout_2_affiliates
		cap_period cap_type cap_value cap_country_type cap_country
		target_country_allow target_device_type target_os_allow target_2_affiliates target_2_country_allow
		landing_title landing_url landing_url_preview`,
		row{"external_offer_id": "flat-1", "title": "Puzzle Island US", "advertiser": northwindGames, "url": track("flat-1"),
			"url_preview": "https://www.example.com/puzzle", "status": "active", "privacy": "public", "categories": gamesCategory, "tags": "games, puzzle",
			"stop_date": date("2031-12-31"), "payout_type": "fixed", "payout_currency": "USD", "payout_total": "1.80", "payout_revenue": "1.20",
			"payout_countries": "US", "payout_goal": "install", "payout_2_type": "fixed", "payout_2_currency": "USD", "payout_2_total": "1.80",
			"payout_2_revenue": "1.50", "payout_2_countries": "US", "payout_2_affiliates": "7;12", "cap_period": "day", "cap_type": "conversions", "cap_value": "300",
			"target_country_allow": "US", "target_device_type": "mobile, tablet", "target_os_allow": "Android >= 9; iOS"},
		row{"external_offer_id": "flat-2", "title": "Kredit bez spravok — заявка", "advertiser": lumenFinance, "url": track("flat-2"),
			"status": "active", "privacy": "protected", "categories": financeCategory, "payout_type": "fixed", "payout_currency": "KZT",
			"payout_total": "1500", "payout_revenue": "1100", "payout_countries": "KZ", "target_country_allow": "KZ", "target_2_affiliates": "500",
			"target_2_country_allow": "KZ, UZ"},
		row{"external_offer_id": "flat-3", "title": "City breaks, \"last minute\"", "advertiser": harborTravel, "url": track("flat-3"),
			"status": "stopped", "privacy": "private", "categories": travelCategory, "payout_type": "percent", "payout_currency": "EUR",
			"payout_total": "8", "payout_revenue": "6", "payout_countries": "EU", "landing_title": "Rome", "landing_url": track("flat-3") + "&lp=rome",
			"landing_url_preview": "https://www.example.com/rome"},
		row{"external_offer_id": "flat-4", "title": "スキンケア定期便", "advertiser": verdeNutrition, "url": track("flat-4"), "status": "active",
			"privacy": "public", "payout_type": "fixed", "payout_currency": "JPY", "payout_total": "2400", "payout_revenue": "1800", "payout_countries": "JP",
			"cap_period": "month", "cap_type": "budget", "cap_value": "1000000", "cap_country_type": "exact", "cap_country": "JP", "target_country_allow": "JP"},
		row{"external_offer_id": "flat-5", "title": "Cloud backup trial", "advertiser": cobaltSoftware, "url": track("flat-5"), "status": "active",
			"privacy": "public", "categories": utilitiesCategory, "payout_type": "first_cpa", "payout_currency": "USD", "payout_total": "9.99",
			"payout_revenue": "7", "payout_goal": "trial", "payout_2_type": "first_cps", "payout_2_currency": "USD", "payout_2_total": "49.90",
			"payout_2_revenue": "35.25", "payout_2_countries": "US, GB, CA, AU", "target_device_type": "desktop"},
	)
}
