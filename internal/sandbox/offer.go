package sandbox

import "strconv"

// offerFields is the table of all parameters of create and edit, in the order of the answer.
func offerFields() *fields {
	return newFields(checkOffer,
		identityParams(), linkParams(), textParams(), statusParams(), flagParams(), timeParams(),
		trafficParams(), listParams(), creativeParams(), partParams(), answeredParams())
}

func text(key string) param { return param{key: key, shape: scalar, check: isText(), blank: `""`} }

func link(key string) param { return param{key: key, shape: scalar, check: isURL(), blank: `""`} }

func one(key string, c *check, out writer, blank string) param {
	return param{key: key, shape: scalar, check: c, out: out, blank: blank}
}

func many(key string, c *check, out writer) param {
	return param{key: key, shape: list, check: c, out: out, blank: "[]"}
}

func table(key string, f *fields) param {
	return param{key: key, shape: rows, fields: f, blank: "[]"}
}

func answered(read, value string) param { return param{read: read, blank: value} }

// renamed answers p under another name.
func renamed(p param, read string) param {
	p.read = read
	return p
}

func required(p param) param {
	p.required, p.blank = true, ""
	return p
}

// unsaid leaves p out of the answer where nothing was sent.
func unsaid(p param) param {
	p.blank = ""
	return p
}

func identityParams() []param {
	return []param{
		required(one("advertiser", isAdvertiser(), nil, "")),
		required(one("title", isText(), nil, "")),
		text("external_offer_id"), text("bundle_id"), text("skad_app_id"), text("product_feed_id"),
	}
}

func linkParams() []param {
	return []param{
		required(link("url")),
		link("parallel_tracking_url"), link("cross_postback_url"),
		one("cross_postback_method", enum("get", "post"), nil, `"get"`),
		text("cross_postback_body"),
		one("macro_url", isFragment(), nil, "null"),
		link("url_preview"),
		{read: "preview_url", blank: `""`, derive: derivePreview},
		link("trafficback_url"), link("impressions_url"),
		{key: "additional_impression_destination_urls", shape: rows, fields: weightedURLs(), blank: "[]", textOK: true, check: isURL()},
		one("domain_url", isInteger(), asDomain, "null"),
		text("tracking_domain"),
	}
}

func weightedURLs(more ...param) *fields {
	return newFields(nil, append([]param{
		required(link("url")),
		one("weight", isBetween(0, 100), asIs, "0"),
	}, more...))
}

func textParams() []param {
	perLang := func(key string) param {
		return param{key: key, shape: perLanguage, check: isLongText(30000), blank: "[]"}
	}
	return []param{
		perLang("description_lang"), perLang("kpi"),
		text("notes"), text("note_aff"), text("note_sales"), text("hash_password"),
		text("redirect_param"), text("caps_goal_overcap"),
	}
}

func statusParams() []param {
	return []param{
		one("status", enum("stopped", "active", "suspended"), nil, `"stopped"`),
		one("privacy", enum("public", "protected", "private"), asPrivacy, `"public"`),
		{read: "required_approval", blank: "false", derive: deriveApproval},
		one("privacy_level", isBetween(0, 6), asIs, "0"),
		one("freshness", enum("default", "old", "fresh", "exclusive"), nil, `"default"`),
		one("host_uniqueness_type", enum("cookie", "sub3"), nil, `"cookie"`),
		one("redirect_type", enum("http302", "http302hidden", "js", "meta"), nil, `"http302"`),
		one("sign_clicks_integration", enum("no_sign", "appsflyer", "kochava"), nil, `"no_sign"`),
		one("strictly_connection_type", isConnection().orBlank(), nil, `""`),
	}
}

// flagParams: the API answers some flags as 0 and 1 and the others as booleans.
func flagParams() []param {
	var all []param
	for _, key := range []string{"is_top", "strictly_country", "allow_deeplink", "hide_referer", "hide_caps"} {
		all = append(all, one(key, isFlag(), asIs, "0"))
	}
	for _, key := range []string{
		"is_cpi", "hide_payments", "is_redirect_overcap", "overcap", "is_impression_overcap",
		"hosts_only", "allow_impressions", "auto_offer_connect", "send_emails", "enabled_commission_tiers",
	} {
		all = append(all, one(key, isFlag(), asBool, "false"))
	}
	return append(all,
		renamed(one("uniqIpOnly", isFlag(), asBool, "false"), "uniq_ip_only"),
		renamed(one("rejectNotUniqIp", isFlag(), asBool, "false"), "reject_not_uniq_ip"),
		one("consider_personal_targeting_only", enum("true", "false"), asIs, "false"))
}

func timeParams() []param {
	return []param{
		one("start_at", isComing(), asMoment, "null"),
		renamed(one("stopDate", isDate(), asMoment, "null"), "stop_at"),
		one("hold_period", isBetween(0, 60), asIs, "0"),
		one("hold_type", enum("days", "hours"), nil, `"days"`),
		one("click_session", isSpan(), nil, `"1y"`),
		one("minimal_click_session", isSpan(), nil, `"0s"`),
		one("caps_timezone", isTimezone(), nil, "null"),
		{key: "schedule", shape: group, fields: scheduleFields(), blank: "[]"},
	}
}

func scheduleFields() *fields {
	hour := func(key, read string) param {
		return renamed(required(one(key, isBetween(0, 23), asIs, "")), read)
	}
	return newFields(nil, []param{
		one("enabled", isFlag(), asBool, "false"),
		one("date_start", isMoment(), asMoment, "null"),
		one("date_to", isMoment(), asMoment, "null"),
		one("timezone", isTimezone(), nil, "null"),
		{key: "intervals", shape: intervals, fields: newFields(nil, []param{hour("From", "from"), hour("To", "to")}), blank: "[]"},
	})
}

func trafficParams() []param {
	all := []param{
		one("duplicate_clicks_threshold", isBetween(0, 100), asIs, "0"),
		one("notice_percent_overcap", isInteger().orBlank(), asIs, "null"),
		one("search_empty_sub", isBetween(1, 8).orBlank(), asIs, "null"),
		one("allowed_ip", isAddresses(), nil, `""`),
		one("disallowed_ip", isAddresses(), nil, `""`),
	}
	for _, key := range []string{"sub_account_1", "sub_account_2"} {
		all = append(all, renamed(one(key, isSubAccount(), nil, ""), "-"), renamed(one(key+"_except", isFlag(), nil, ""), "-"))
	}
	return append(all, param{read: "sub_accounts", derive: deriveSubAccounts})
}

func listParams() []param {
	managers := many("managers", isUserID(), nil)
	managers.most = 10
	return []param{
		many("categories", isHexID(), nil),
		{read: "full_categories", blank: "[]", derive: deriveCategories},
		many("sources", isHexID(), nil), many("smartlink_categories", isHexID(), nil),
		many("tags", isText(), nil), managers,
		many("strictly_devices", isDevice(), nil), many("strictly_brands", isText(), nil),
		many("caps_status", enum("confirmed", "pending", "hold", "declined"), nil),
		table("sub_restrictions", newFields(nil, subParams(isText(), nil, ""))),
		renamed(table("restriction_os", newFields(nil, []param{
			required(one("os", isOS(), nil, "")),
			many("versions", isVersionRange(), nil),
		})), "strictly_os"),
		table("restriction_isp", newFields(nil, []param{
			required(one("country", isCountry(), nil, "")),
			required(one("name", isText(), nil, "")),
		})),
		unsaid(param{key: "macros_replacement", shape: anything, check: isSubName()}),
		unsaid(param{key: "macros_replacement_enabled", shape: anything, check: isSubNameOrFlag()}),
	}
}

// subParams is sub1 to sub8.
func subParams(c *check, out writer, blank string) []param {
	var all []param
	for n := 1; n <= 8; n++ {
		all = append(all, one("sub"+strconv.Itoa(n), c, out, blank))
	}
	return all
}

func creativeParams() []param {
	var all []param
	for _, key := range []string{"creativeUrls", "creativeDownloads"} {
		all = append(all, unsaid(many(key, isURL(), nil)))
	}
	for _, key := range []string{"creativeFileTitles", "creativeUrlTitles", "creativeDownloadTitles"} {
		all = append(all, unsaid(many(key, isText(), nil)))
	}
	size := func(key string) param { return one(key, isInteger(), asIs, "0") }
	return append(all,
		param{read: "logo", blank: `"/images/cpa/logos/"`, derive: deriveLogo},
		param{key: "creatives", shape: rows, blank: "[]", derive: deriveCreatives, fields: newFields(nil, []param{
			required(one("file_name", isText(), nil, "")), size("width"), size("height"),
		})},
		unsaid(table("creativesHtml", newFields(nil, []param{
			required(one("name", isText(), nil, "")), size("width"), size("height"),
			text("code"), one("asset_mapping", isJSONText(), nil, `""`),
		}))))
}

func partParams() []param {
	payments := table("payments", newFields(checkPayment, paymentParams()))
	payments.required, payments.byID = true, true
	personal := table("partner_payments", newFields(checkPayment, paymentParams(), []param{
		required(many("partners", isInteger(), asIs)),
	}))
	personal.byID = true
	landings := table("landings", newFields(nil, []param{
		{key: "id", shape: scalar, check: isInteger(), out: asIs, derive: deriveNumber("")},
		required(text("title")), required(link("url")), required(link("url_preview")),
		one("type", enum("landing", "transit"), nil, `"landing"`),
	}))
	landings.byID = true
	return []param{
		payments, personal, landings,
		table("caps", newFields(checkCap, capParams())),
		table("targeting", newFields(nil, targetingParams())),
		table("commission_tiers", newFields(checkTier, tierParams())),
	}
}

func paymentParams() []param {
	all := []param{
		{key: "id", shape: scalar, check: isInteger(), derive: deriveNumber(`"`)},
		many("countries", isCountry(), nil), one("country_exclude", isFlag(), asBool, "false"),
		many("cities", isInteger(), asCity), many("devices", isDevice(), nil), many("os", isOS(), nil),
		text("goal"), one("total", isNumber(), asNumber, "0"), one("revenue", isNumber(), asNumber, "0"),
		required(one("currency", isCurrency(), asLower, "")), text("title"),
		required(one("type", enum("fixed", "percent", "mixed", "cpc", "cpm", "first_cpa", "first_cps",
			"baseline_onetime", "baseline_accumulating"), nil, "")),
		one("url", isURL(), nil, "null"),
		one("baseline_value", isNumber(), asNumber, ""),
		answered("with_regions", "false"),
	}
	all = append(all, subParams(isText(), asCommaList, "")...)
	for n := 1; n <= 15; n++ {
		all = append(all, unsaid(text("custom_field"+strconv.Itoa(n))))
	}
	return all
}

func capParams() []param {
	scope := func(key string) param { return one(key, enum("all", "each", "exact"), nil, `"all"`) }
	return []param{
		required(one("period", enum("hour", "day", "month", "all"), nil, "")),
		required(one("type", enum("budget", "conversions", "clicks", "impressions"), nil, "")),
		required(one("value", isNumber(), asNumber, "")),
		answered("current_value", "0"),
		scope("goal_type"), {key: "goals", shape: goalMap, check: isText(), blank: "{}"},
		scope("affiliate_type"), many("affiliates", isInteger(), asIs),
		scope("country_type"), {key: "country", shape: list, check: isCountry(), blank: "null"},
		one("sub_number", enum("2"), asIs, ""), unsaid(many("sub_value", isText(), nil)),
	}
}

func tierParams() []param {
	return []param{
		{read: "id", derive: deriveTierID},
		one("timeframe", enum("day", "week", "month", "all"), nil, ""),
		one("type", enum("budget", "conversions"), nil, ""),
		one("value", isNumber(), asNumber, ""), one("modifier_value", isNumber(), asNumber, ""),
		one("modifier_type", enum("by_fix", "by_percent", "to_fix", "to_percent"), nil, ""),
		one("modifier_payment_type", enum("payout", "total", "payout_and_total"), nil, `"payout"`),
		many("goals", isText(), nil), many("target_goals", isText(), nil),
		one("affiliate_type", enum("all", "each", "exact"), nil, `"each"`),
		many("affiliates", isInteger(), asIs), many("countries", isCountry(), nil),
		many("conversion_status", enum("confirmed", "pending", "declined", "hold"), nil),
	}
}

// answeredParams are what the API answers and nobody can set.
func answeredParams() []param {
	return []param{
		answered("use_https", "false"), answered("use_http", "true"), answered("logo_source", "null"),
		answered("creatives_zip", "null"), answered("strictly_isp", "[]"), answered("io_document", "null"),
		answered("cr", "0"), answered("epc", "0"),
	}
}

func checkOffer(w *walk, in input) {
	if id := in.text("advertiser"); hexID(id) && !w.anyAdvertiser && !w.lists.isAdvertiser(id) {
		w.enter("advertiser")
		w.problems = append(w.problems, problem{w.name(), "Advertiser " + id + " not found.", true})
		w.leave()
	}
	if in.text("cross_postback_method") == "post" && !in.filled("cross_postback_body") {
		w.missing("cross_postback_body")
	}
}

func checkPayment(w *walk, in input) {
	kind := in.text("type")
	baseline := kind == "baseline_onetime" || kind == "baseline_accumulating"
	if kind != "" && !baseline && in.text("baseline_value") != "" {
		w.wrongAt("baseline_value", "This value is only for the types baseline_onetime and baseline_accumulating.")
	}
}

func checkCap(w *walk, in input) {
	if v := in.text("value"); decimal(v) && !digitsOnly(v, 15) && in.text("type") != "budget" {
		w.wrongAt("value", "This value should be an integer.")
	}
	checkExact(w, in, "goal_type", "goals")
	checkExact(w, in, "affiliate_type", "affiliates")
	checkExact(w, in, "country_type", "country")
}

func checkTier(w *walk, in input) { checkExact(w, in, "affiliate_type", "affiliates") }

// checkExact: with exact the list beside it is required, with the others it must be empty.
func checkExact(w *walk, in input, kind, list string) {
	exact := in.text(kind) == "exact"
	switch {
	case exact && !in.filled(list):
		w.missing(list)
	case !exact && in.filled(list):
		w.wrongAt(list, "This list should be empty unless "+kind+" is exact.")
	}
}
