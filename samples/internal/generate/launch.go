package main

// launch is a network's launch list: twelve offers, all of them valid.
func launch() []sheet {
	return []sheet{
		launchOffers(), launchPayouts(), launchCaps(), launchTargeting(), launchLandings(), launchTiers(),
		newSheet("Html creatives", "offer name width height code asset_mapping",
			row{"offer": "latam-dating", "name": "Corazón 300x250", "width": num("300"), "height": num("250"),
				"code": `<a href="{url}"><b>¿Hablamos?</b></a>`},
			row{"offer": "summer-games-us", "name": "Leaderboard 728x90", "width": num("728"), "height": num("90"),
				"code": "<a href=\"{url}\">Play \"Summer Games\",\nfree & fair</a>"},
		),
		newSheet("Sub restrictions", "offer sub1 sub2",
			row{"offer": "vpn-worldwide", "sub1": "source-7", "sub2": "placement-3"},
			row{"offer": "vpn-worldwide", "sub1": "source-9", "sub2": "placement-1"},
			row{"offer": "uk-sweeps", "sub2": "incent"},
		),
	}
}

func launchOffers() sheet {
	s := newSheet("Offers", `external_offer_id title advertiser url url_preview status privacy privacy_level is_top categories tags sources managers
		bundle_id description_en description_ru description_es description_de description_fr kpi_en kpi_de notes
		start_at stop_date schedule_enabled schedule_date_start schedule_timezone schedule_intervals hold_period click_session minimal_click_session
		allow_deeplink macro_url trafficback_url hide_caps caps_timezone caps_status enabled_commission_tiers strictly_devices allowed_ip`,
		append(launchApps(), append(launchLeads(), launchShops()...)...)...)
	s.lists = statuses()
	s.notes = map[string]string{
		"external_offer_id": "Our own name of the offer. The other sheets refer to it. Please never change it.",
		"stop_date":         "Last day of the campaign, from the signed order.",
	}
	return s
}

func launchApps() []row {
	return []row{
		{
			"external_offer_id": "summer-games-us", "title": "Summer Games 🎮 US/CA", "advertiser": northwindGames,
			"url": track("summer-games-us") + "&aff={pid}", "url_preview": "https://store.example.com/summer-games",
			"status": "active", "privacy": "public", "is_top": "yes", "categories": gamesCategory + ", " + mobileCategory,
			"tags": "q3, games, \"iOS, Android\"", "sources": inAppSource + "; " + socialSource, "managers": anaSilva,
			"bundle_id": "com.example.summergames", "description_en": "No incentives.\nNo brand bidding.", "kpi_en": "D1 retention above 30 %",
			"start_at": date("2031-06-01"), "stop_date": date("2031-09-30"), "hold_period": num("30"), "click_session": "7d",
			"minimal_click_session": "10s", "allow_deeplink": "yes", "macro_url": "&sub1={sub1}&sub2={sub2}", "strictly_devices": "mobile; tablet",
		},
		{
			"external_offer_id": "igra-cis", "title": "Летние игры — установка (СНГ)", "advertiser": northwindGames,
			"url": track("igra-cis"), "url_preview": "https://store.example.com/ru/summer-games",
			"status": "active", "privacy": "protected", "categories": gamesCategory, "tags": "игры | лето", "sources": socialSource,
			"bundle_id": "com.example.summergames.ru", "description_ru": "Без мотивированного трафика. Ёлки — можно.",
			"description_en": "No incentives.", "stop_date": date("2031-12-31"), "hold_period": num("14"), "click_session": "30d",
		},
		{
			"external_offer_id": "app-kr", "title": "여름 앱 출시 – 앱 설치", "advertiser": kestrelMobile,
			"url": track("app-kr"), "url_preview": "https://store.example.com/kr/app",
			"status": "stopped", "privacy": "private", "privacy_level": num("3"), "categories": mobileCategory, "tags": "한국",
			"bundle_id": "com.example.kr.app", "start_at": date("2031-07-01 09:00:00"), "stop_date": date("2032-01-31"),
			"click_session": "1d12h", "allow_deeplink": "no",
		},
		{
			"external_offer_id": "vpn-worldwide", "title": "Cobalt VPN, worldwide", "advertiser": cobaltSoftware,
			"url": track("vpn-worldwide"), "url_preview": "https://vpn.example.com/",
			"status": "active", "privacy": "public", "is_top": "yes", "categories": utilitiesCategory, "tags": "vpn, evergreen",
			"sources": bannerSource + ", " + pushSource + ", " + nativeSource, "description_en": "All traffic but spam & bots.",
			"click_session": "1y2m", "trafficback_url": "https://go.example.com/rest?c={clickid}",
			"allowed_ip": "192.0.2.1\n192.0.2.16/28\n198.51.100.1-198.51.100.9",
		},
	}
}

func launchLeads() []row {
	return []row{
		{
			"external_offer_id": "neobank-dach", "title": "Neobank: Konto & Karte (DACH)", "advertiser": lumenFinance,
			"url": track("neobank-dach"), "url_preview": "https://bank.example.com/konto?src=a+b",
			"status": "active", "privacy": "protected", "categories": financeCategory, "tags": "cpa, finance",
			"sources":        searchSource + "\n" + nativeSource,
			"description_de": "Zählt erst nach geprüfter Identität. Kein Größenwahn in den Anzeigen!", "description_en": "Counts after the identity check.",
			"kpi_de": "Aktivierung > 60 %", "kpi_en": "Activation above 60 %", "start_at": date("2031-03-01"), "stop_date": date("2031-08-31"),
			"hold_period": num("45"), "caps_timezone": "Europe/Berlin", "caps_status": "confirmed, pending, hold",
		},
		{
			"external_offer_id": "fr-assurance", "title": "Assurance auto – devis gratuit", "advertiser": atlasInsurance,
			"url": track("fr-assurance"), "url_preview": "https://assurance.example.com/devis", "status": "active", "privacy": "private",
			"categories": insuranceCategory, "description_fr": "Pas d’e-mail. « Devis » ou rien.", "description_en": "No e-mail traffic.",
			"notes": "Only for the four affiliates of the test", "hold_period": num("30"), "hide_caps": "yes",
		},
		{
			"external_offer_id": "uk-sweeps", "title": "Win a Holiday (UK, office hours)", "advertiser": harborTravel,
			"url": track("uk-sweeps") + "&src={sub2}", "url_preview": "https://win.example.com/", "status": "active", "privacy": "public",
			"categories": sweepstakesCategory + "," + travelCategory, "tags": "sweeps", "schedule_enabled": "yes",
			"schedule_date_start": date("2031-04-01 08:00:00"), "schedule_timezone": "Europe/London",
			"schedule_intervals": "0: 9-18; 1: 9-12, 14-18; 2: 9-18; 3: 9-18; 4: 9-17", "caps_timezone": "Europe/London",
		},
		{
			"external_offer_id": "latam-dating", "title": "Corazón: registro gratis (LATAM) ❤️", "advertiser": bluebirdDating,
			"url": track("latam-dating"), "url_preview": "https://corazon.example.com/", "status": "active", "privacy": "protected",
			"categories": datingCategory, "tags": "dating;soi", "managers": anaSilva + ", " + benOkafo,
			"description_es": "Registro con correo confirmado. ¡Sin menores!", "description_en": "Confirmed e-mail. 18+.", "click_session": "14d",
		},
		{
			"external_offer_id": "energia-nordics", "title": "Green Energy – Norden (å ä ö)", "advertiser": zenithUtilities,
			"url": track("energia-nordics"), "url_preview": "https://energy.example.com/", "status": "active", "privacy": "public",
			"categories": utilitiesCategory, "enabled_commission_tiers": "yes", "stop_date": date("2032-06-30"),
		},
	}
}

func launchShops() []row {
	return []row{
		{
			"external_offer_id": "shop-jp", "title": "夏のセール 2031", "advertiser": orchardRetail,
			"url": track("shop-jp"), "url_preview": "https://shop.example.com/jp/", "status": "active", "privacy": "public",
			"categories": shopsCategory, "tags": "セール、夏", "stop_date": date("2031-08-31"), "hold_period": num("60"), "click_session": "30d",
		},
		{
			"external_offer_id": "curso-es", "title": "Curso de inglés — España 🎓", "advertiser": cobaltSoftware,
			"url": track("curso-es"), "url_preview": "https://curso.example.com/", "status": "suspended", "privacy": "protected",
			"categories": educationCategory, "description_es": "Sólo escritorio. Año escolar 2031/32.", "start_at": date("2031-09-01"),
		},
		{
			"external_offer_id": "0042", "title": "Vitamins trial, Baltics & Poland", "advertiser": verdeNutrition,
			"url": track("0042"), "url_preview": "https://vitamins.example.com/", "status": "active", "privacy": "protected",
			"categories": nutraCategory, "tags": "trial", "notes": "the key has leading zeros: it is 0042, not 42", "hold_period": num("20"),
		},
	}
}

// payout is a payout whose revenue is the usual share of the total, worked out
// by the sheet.
func payout(offer, currency, total, revenue string, more row) row {
	r := row{"offer": offer, "type": "fixed", "currency": currency, "total": num(total),
		"revenue": formula{text: "ROUND(G#*0.7,2)", value: revenue}}
	for column, cell := range more {
		r[column] = cell
	}
	return r
}

func launchPayouts() sheet {
	s := newSheet("Payouts", "offer title goal affiliates type currency total revenue countries country_exclude devices os sub1 custom_field1 url baseline_value",
		payout("summer-games-us", "USD", "2", "1.4", row{"title": "Install", "goal": "install", "countries": "US", "os": "iOS"}),
		payout("summer-games-us", "USD", "1.5", "1.05", row{"title": "Install", "goal": "install", "countries": "US, CA", "os": "Android"}),
		payout("summer-games-us", "USD", "10", "7", row{"title": "Level 5", "goal": "level5"}),
		row{"offer": "summer-games-us", "title": "Install, Orion and Pixel", "goal": "install", "affiliates": "7, 12", "type": "fixed",
			"currency": "USD", "total": num("2"), "revenue": num("1.75"), "countries": "US"},
		payout("igra-cis", "USD", "0.6", "0.42", row{"title": "Установка", "goal": "install", "countries": "KZ, UZ, AM", "devices": "mobile, tablet"}),
		payout("app-kr", "USD", "3", "2.1", row{"title": "설치", "type": "mixed", "countries": "KR"}),
		row{"offer": "vpn-worldwide", "title": "Sale", "goal": "sale", "type": "percent", "currency": "USD", "total": num("50"), "revenue": num("40")},
		row{"offer": "vpn-worldwide", "title": "Sale, not at home", "goal": "sale", "type": "percent", "currency": "USD", "total": num("35"),
			"revenue": num("30"), "countries": "AQ, BV", "country_exclude": "yes", "custom_field1": "annual,biennial"},
		payout("neobank-dach", "EUR", "40", "28", row{"title": "Konto", "goal": "account", "countries": "DACH"}),
		payout("neobank-dach", "EUR", "10", "7", row{"title": "Karte", "goal": "card", "countries": "DE, AT"}),
		row{"offer": "neobank-dach", "title": "Konto (Vertrag 2031)", "goal": "account", "affiliates": "500", "type": "fixed", "currency": "EUR",
			"total": num("40"), "revenue": num("32.5"), "countries": "DE", "url": track("neobank-dach-500")},
		row{"offer": "fr-assurance", "title": "Devis", "type": "baseline_accumulating", "currency": "EUR", "total": num("12.35"),
			"revenue": num("9"), "countries": "FR", "baseline_value": num("100")},
		payout("uk-sweeps", "GBP", "1.5", "1.05", row{"title": "Entry", "countries": "UK", "sub1": "banner,native"}),
		payout("latam-dating", "USD", "2.5", "1.75", row{"title": "Registro", "goal": "soi", "countries": "LATAM"}),
		payout("latam-dating", "USD", "4", "2.8", row{"title": "Registro BR", "goal": "soi", "countries": "Brazil", "devices": "mobile"}),
		payout("energia-nordics", "EUR", "30", "21", row{"title": "Contract", "goal": "contract", "countries": "Nordics"}),
		row{"offer": "shop-jp", "title": "購入", "goal": "sale", "type": "percent", "currency": "JPY", "total": num("10"), "revenue": num("7"), "countries": "JP"},
		row{"offer": "curso-es", "title": "Clic", "type": "cpc", "currency": "EUR", "total": num("0.125"), "revenue": num("0.0875"), "countries": "ES"},
		payout("0042", "EUR", "20", "14", row{"title": "Trial", "type": "first_cpa", "countries": "EE; LV; LT; PL"}),
	)
	s.lists = payoutLists()
	s.notes = map[string]string{
		"total":      "total = what the advertiser pays us",
		"revenue":    noRevenueAbove,
		"affiliates": "Leave blank for everybody. With ids: a special deal for these alone.",
	}
	return s
}

func launchCaps() sheet {
	return newSheet("Caps", "offer period type value goal_type goals affiliate_type affiliates country_type country sub_number sub_value",
		row{"offer": "summer-games-us", "period": "day", "type": "conversions", "value": num("500"), "goal_type": "all", "affiliate_type": "all", "country_type": "all"},
		row{"offer": "summer-games-us", "period": "day", "type": "conversions", "value": num("120"), "goal_type": "exact", "goals": "level5", "affiliate_type": "each"},
		row{"offer": "neobank-dach", "period": "month", "type": "budget", "value": num("25000.5"), "country_type": "exact", "country": "DE, AT"},
		row{"offer": "neobank-dach", "period": "month", "type": "conversions", "value": num("40"), "affiliate_type": "exact", "affiliates": "500; 600"},
		row{"offer": "fr-assurance", "period": "all", "type": "budget", "value": num("9999.99"), "affiliate_type": "exact", "affiliates": "7, 12, 71, 2048"},
		row{"offer": "uk-sweeps", "period": "day", "type": "clicks", "value": num("20000"), "sub_number": num("2"), "sub_value": "newsletter, push"},
		row{"offer": "vpn-worldwide", "period": "month", "type": "impressions", "value": num("5000000"), "country_type": "each"},
	)
}

func launchTargeting() sheet {
	return newSheet("Targeting", `offer name enabled condition affiliates country_allow country_deny region_allow city_allow isp_allow os_allow os_deny browser_allow
		browser_version_allow device_type device_type_deny connection ip_allow sub1_allow sub2_deny sub_deny_groups block_proxy block_known_bots url urls`,
		row{"offer": "summer-games-us", "name": "Phones and tablets", "enabled": "yes", "condition": "and", "country_allow": "United States, Canada",
			"os_allow": "Android >= 10; iOS >= 15.0", "device_type": "mobile, tablet", "block_known_bots": "yes"},
		row{"offer": "summer-games-us", "name": "Orion: California and New York only", "affiliates": "7", "country_allow": "US", "region_allow": "US:4, US:9",
			"isp_allow": "US:Verizon Wireless, US:Comcast"},
		row{"offer": "igra-cis", "name": "СНГ", "country_allow": "CIS", "country_deny": "", "connection": "wi-fi; cellular"},
		row{"offer": "app-kr", "name": "새 안드로이드", "country_allow": "KOR", "os_allow": "Android < 8.0", "os_deny": "yes"},
		row{"offer": "vpn-worldwide", "name": "Everywhere, two pages", "country_allow": "WW", "block_proxy": "no",
			"sub_deny_groups": "sub1=source-7, sub2=test; sub3=",
			"urls":            "https://track.example.com/a?c={clickid} 50; https://track.example.com/b?c={clickid} 50"},
		row{"offer": "vpn-worldwide", "name": "Delta: no push", "affiliates": "500", "sub2_deny": "push, pop"},
		row{"offer": "neobank-dach", "name": "DACH", "country_allow": "DACH", "city_allow": "", "block_proxy": "yes"},
		row{"offer": "uk-sweeps", "name": "London, Leeds", "country_allow": "UK", "city_allow": "GB:5016, GB:5015", "device_type": "desktop",
			"browser_version_allow": "Chrome >= 100; Safari"},
		row{"offer": "latam-dating", "name": "LATAM", "country_allow": "LATAM", "sub1_allow": "newsletter, search"},
		row{"offer": "latam-dating", "name": "Tall Pine: own page", "affiliates": "1024", "country_allow": "MX, CO", "url": track("latam-dating-1024")},
		row{"offer": "energia-nordics", "name": "Norden", "country_allow": "Nordics", "ip_allow": "192.0.2.0/24, 2001:db8::1"},
		row{"offer": "shop-jp", "name": "日本", "country_allow": "Japan", "device_type": "smartwatch, tv", "device_type_deny": "yes"},
		row{"offer": "curso-es", "name": "Escritorio", "country_allow": "ES", "device_type": "desktop", "browser_allow": "Chrome, Firefox"},
		row{"offer": "0042", "name": "Baltics and Poland", "country_allow": "Baltics, PL"},
	)
}

func launchLandings() sheet {
	landing := func(offer, title, page string) row {
		return row{"offer": offer, "title": title, "url": track(offer) + "&lp=" + page, "url_preview": "https://pages.example.com/" + page}
	}
	quiz := landing("neobank-dach", "Quiz davor", "quiz")
	quiz["type"] = "transit"
	return newSheet("Landings", "offer title url url_preview type",
		landing("summer-games-us", "Video", "video"), landing("summer-games-us", "Wheel of fortune 🎡", "wheel"),
		landing("neobank-dach", "Kontovergleich", "vergleich"), quiz,
		landing("uk-sweeps", "Beach", "beach"), landing("latam-dating", "Página principal", "principal"),
	)
}

func launchTiers() sheet {
	return newSheet("Commission tiers", `offer timeframe type value modifier_value modifier_type modifier_payment_type goals target_goals affiliate_type affiliates countries conversion_status`,
		row{"offer": "energia-nordics", "timeframe": "month", "type": "conversions", "value": num("100"), "modifier_value": num("5"),
			"modifier_type": "by_percent", "modifier_payment_type": "payout", "affiliate_type": "each", "conversion_status": "confirmed"},
		row{"offer": "energia-nordics", "timeframe": "month", "type": "conversions", "value": num("500"), "modifier_value": num("10"),
			"modifier_type": "by_percent", "modifier_payment_type": "payout", "goals": "contract", "target_goals": "contract",
			"affiliate_type": "exact", "affiliates": "7, 610", "countries": "SE, NO", "conversion_status": "confirmed, pending"},
	)
}
