package profile

import (
	"slices"
	"strings"
	"sync"

	"offerlift/internal/affise"
)

// meaning is what a column of an unknown file can be. Its names stand in
// match.txt, or are told by a rule. Those that are called as a column of a flat
// sheet of ours are written into that column.
type meaning struct {
	name, help string
	fits       func(l *look, col int) float64 // how the values look: -1 to 1
	unnamed    bool                           // values alone may tell
	column     *affise.Column                 // of ours, where it is called so
	part       *affise.Part                   // its part
	nth        string                         // which of the part's records, such as _2; blank for the first
}

// meanings are all that a column may be told to be by its words or its values.
var meanings = sync.OnceValue(func() []meaning {
	list := commonMeanings()
	for _, c := range capKinds() {
		fits := fitCount
		if c.kind == "budget" {
			fits = fitBudget
		}
		list = append(list, meaning{name: c.means, help: c.help, fits: fits})
	}
	for _, own := range flatMeanings() {
		own.part, own.nth, own.column = flatColumn(own.name)
		own.help = own.column.Help
		list = append(list, own)
	}
	return list
})

// commonMeanings are those that have names of their own here.
func commonMeanings() []meaning {
	return []meaning{
		{name: "key", help: "the offer's id there", fits: fitKey, unnamed: true},
		{name: "title", help: "the offer's name", fits: fitTitle, unnamed: true},
		{name: "advertiser", help: "the advertiser's id or name there", fits: fitID, unnamed: true},
		{name: "url", help: "where a click goes, with macros", fits: fitTracking, unnamed: true},
		{name: "url_preview", help: "the page as a visitor sees it", fits: fitPage, unnamed: true},
		{name: "status", help: "active, paused …", fits: fitStatus, unnamed: true},
		{name: "privacy", help: "who may see it", fits: fitPrivacy, unnamed: true},
		{name: "description", help: "the text for affiliates", fits: fitRules, unnamed: true},
		{name: "kpi", help: "what is expected of the traffic", fits: fitText, unnamed: true},
		{name: "notes", help: "a note for your team", fits: fitText, unnamed: true},
		{name: "categories", help: "the category's name there", fits: fitGroup, unnamed: true},
		{name: "tags", help: "tags", fits: fitTags},
		{name: "sources", help: "traffic sources that are allowed", fits: fitSources, unnamed: true},
		{name: "managers", help: "the manager in your team", fits: fitWord},
		{name: "start_at", help: "the day on which it starts", fits: fitDate}, // most dates say when a row was written
		{name: "stop_date", help: "the day on which it stops", fits: fitDate},
		{name: "currency", help: "three letters, such as USD", fits: fitOf(func(l *look) int { return l.currency }), unnamed: true},
		{name: "type", help: "how it is paid: CPA, CPC, percent …", fits: fitType, unnamed: true},
		{name: "goal", help: "the goal that is paid for", fits: fitGoal, unnamed: true},
		{name: "revenue", help: "what the affiliate gets", fits: fitMoney}, // amounts whose name says nothing: see eliminate
		{name: "total", help: "what the advertiser pays", fits: fitMoney},
		{name: "country_allow", help: "countries that are let in", fits: fitOf((*look).countries), unnamed: true},
		{name: "country_deny", help: "countries that are kept out", fits: fitOf((*look).countries)},
		{name: "device_type", help: "devices that are let in", fits: fitOf(func(l *look) int { return l.devices }), unnamed: true},
		{name: "os_allow", help: "systems that are let in", fits: fitOf(func(l *look) int { return l.systems }), unnamed: true},
		{name: "connection", help: "connections that are let in: wi-fi, cellular", fits: fitOf(func(l *look) int { return l.network }), unnamed: true},
		{name: "sub_deny", help: "values of sub1 that are kept out", fits: fitWordOrNumber},
		{name: "sub_allow", help: "values of sub1 that are let in", fits: fitWordOrNumber},
		{name: "bundle_id", help: "the app's bundle or package", fits: fitOf(func(l *look) int { return l.bundles }), unnamed: true},
		{name: "click_session", help: "for how many days a click counts", fits: fitDuration},
		{name: "hold_period", help: "for how many days conversions are held", fits: fitDuration},
		{name: "is_top", help: "whether it is a top offer", fits: fitFlag},
		{name: "allow_deeplink", help: "whether affiliates may add deep links", fits: fitFlag},
		{name: "trafficback_url", help: "where refused clicks go", fits: fitPage},
		{name: "impressions_url", help: "where an impression is counted", fits: fitAnyURL},
		{name: "prelander", help: "the page before the one that clicks go to", fits: fitPage},
	}
}

// flatMeanings are those that are called as columns of our flat sheets.
func flatMeanings() []meaning {
	return []meaning{
		{name: "target_browser_allow", fits: fitOf(func(l *look) int { return l.browsers }), unnamed: true},
		{name: "target_browser_deny", fits: fitOf(func(l *look) int { return l.browsers })},
		{name: "target_isp_allow", fits: fitCarrier, unnamed: true},
		{name: "target_isp_deny", fits: fitCarrier},
		{name: "target_os_deny", fits: fitOf(func(l *look) int { return l.systems })},
		{name: "target_device_type_deny", fits: fitOf(func(l *look) int { return l.devices })},
		{name: "target_brand_allow", fits: fitWord},
		{name: "target_device_model_allow", fits: fitWord},
		{name: "restriction_os", fits: fitVersion, unnamed: true},
		{name: "target_region_allow", fits: fitWord},
		{name: "target_region_deny", fits: fitWord},
		{name: "target_city_allow", fits: fitWord},
		{name: "target_city_deny", fits: fitWord},
		{name: "target_zip_allow", fits: fitWordOrNumber},
		{name: "target_zip_deny", fits: fitWordOrNumber},
		{name: "target_ip_allow", fits: fitOf(func(l *look) int { return l.ips })},
		{name: "target_ip_deny", fits: fitOf(func(l *look) int { return l.ips }), unnamed: true},
		{name: "allowed_ip", fits: fitOf(func(l *look) int { return l.ips })},
		{name: "target_referrer_allow", fits: fitWordOrNumber},
		{name: "target_referrer_deny", fits: fitWordOrNumber},
		{name: "target_block_proxy", fits: fitFlag},
		{name: "target_block_known_bots", fits: fitFlag},
		{name: "caps_timezone", fits: fitOf(func(l *look) int { return l.zones }), unnamed: true},
		{name: "schedule_timezone", fits: fitOf(func(l *look) int { return l.zones })},
		{name: "schedule_intervals", fits: fitHours, unnamed: true},
		{name: "payout_title", fits: fitGoal},
		{name: "payout_baseline_value", fits: fitMoney},
		{name: "product_feed_id", fits: fitWordOrNumber},
		{name: "creative_downloads", fits: fitMaterial},
		{name: "freshness", fits: fitWord},
		{name: "note_sales", fits: fitText},
		{name: "note_aff", fits: fitText},
		{name: "redirect_type", fits: fitOf(func(l *look) int { return l.redirects })},
		{name: "hide_referer", fits: fitFlag},
		{name: "hide_payments", fits: fitFlag},
		{name: "hide_caps", fits: fitFlag},
		{name: "overcap", fits: fitFlag},
		{name: "is_redirect_overcap", fits: fitFlag},
		{name: "notice_percent_overcap", fits: fitCount},
		{name: "allow_impressions", fits: fitFlag},
		{name: "uniq_ip_only", fits: fitFlag},
		{name: "hosts_only", fits: fitFlag},
		{name: "minimal_click_session", fits: fitDuration},
		{name: "duplicate_clicks_threshold", fits: fitCount},
		{name: "auto_offer_connect", fits: fitFlag},
		{name: "send_emails", fits: fitFlag},
		{name: "is_cpi", fits: fitFlag},
		{name: "tracking_domain", fits: fitOf(func(l *look) int { return l.domains })},
		{name: "parallel_tracking_url", fits: fitAnyURL},
		{name: "macro_url", fits: fitWordOrNumber},
		{name: "skad_app_id", fits: fitWordOrNumber},
		{name: "smartlink_categories", fits: fitWord},
	}
}

// capKind is a cap that a column may be.
type capKind struct{ means, period, kind, help string }

// capKinds are the caps that a column may be: of conversions where the name says
// no more.
func capKinds() []capKind {
	return []capKind{
		{"cap_hour", "hour", "conversions", "conversions an hour"},
		{"cap_day", "day", "conversions", "conversions a day"},
		{"cap_month", "month", "conversions", "conversions a month"},
		{"cap_all", "all", "conversions", "conversions in all"},
		{"cap_hour_clicks", "hour", "clicks", "clicks an hour"},
		{"cap_day_clicks", "day", "clicks", "clicks a day"},
		{"cap_month_clicks", "month", "clicks", "clicks a month"},
		{"cap_all_clicks", "all", "clicks", "clicks in all"},
		{"cap_day_impressions", "day", "impressions", "impressions a day"},
		{"cap_month_impressions", "month", "impressions", "impressions a month"},
		{"cap_all_impressions", "all", "impressions", "impressions in all"},
		{"cap_day_budget", "day", "budget", "money a day"},
		{"cap_month_budget", "month", "budget", "money a month"},
		{"cap_all_budget", "all", "budget", "money in all"},
	}
}

// flatColumn is our column that a flat sheet calls by a name, such as
// payout_2_total, its part, and which of the part's records it is of; nil for
// all other names, and for what is not sent.
func flatColumn(name string) (part *affise.Part, nth string, column *affise.Column) {
	parts := affise.Parts()
	for i := len(parts) - 1; i >= 0; i-- { // the offer's columns have no prefix
		rest := name
		if prefix := parts[i].Prefix; prefix != "" {
			var prefixed bool
			if rest, prefixed = strings.CutPrefix(name, prefix+"_"); !prefixed {
				continue
			}
			nth = shapes()["ordinal"].FindString(rest)
			rest = strings.TrimPrefix(rest, nth)
		}
		if col, has := parts[i].Column(rest); has && col.Kind != affise.KindLocal && col.Kind != affise.KindParent && (parts[i].Prefix == "" || rest != "id") {
			return &parts[i], strings.TrimSuffix(nth, "_"), col
		}
	}
	return nil, "", nil
}

// flatNames are our columns that have names of their own here.
var flatNames = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"external_offer_id": "key", "payout_revenue": "revenue", "payout_total": "total", "payout_type": "type", "payout_currency": "currency", "payout_goal": "goal",
		"target_country_allow": "country_allow", "target_country_deny": "country_deny", "target_device_type": "device_type", "target_os_allow": "os_allow",
		"target_connection": "connection", "target_sub1_deny": "sub_deny", "target_sub1_allow": "sub_allow",
	}
})

// ownMeaning is what a header says that names a column of ours as a flat sheet
// does; nil for all others. A word that others use too is one only where the
// values do not speak against it.
func ownMeaning(header string) *meaning {
	name := strings.Join(strings.FieldsFunc(strings.ToLower(strings.TrimSpace(header)), func(r rune) bool { return r == ' ' || r == '_' }), "_")
	if short, known := flatNames()[name]; known {
		name = short
	}
	all := meanings()
	if i := slices.IndexFunc(all, func(m meaning) bool { return m.name == name }); i >= 0 {
		return &all[i]
	}
	if !strings.Contains(name, "_") {
		return nil
	}
	part, nth, column := flatColumn(name)
	if column == nil {
		return nil
	}
	return &meaning{name: name, help: column.Help, fits: func(*look, int) float64 { return 0.3 }, part: part, nth: nth, column: column}
}

// Meanings are the names of all that a column can be taken for by its words or
// its values. Each column of a flat sheet of ours can be said besides.
func Meanings() []string {
	var names []string
	for _, m := range meanings() {
		names = append(names, m.name)
	}
	return names
}

// MeaningHelp says in words what a meaning is.
func MeaningHelp(name string) string {
	if m := meaningOf(name); m != nil {
		return m.help
	}
	return ""
}

// meaningOf is the meaning of a name, or of a column's name in a flat sheet of
// ours; nil for all else.
func meaningOf(name string) *meaning {
	for _, m := range meanings() {
		if m.name == name {
			return &m
		}
	}
	if m := ownMeaning(name); m != nil && m.name == name {
		return m
	}
	return nil
}

// Looks of values, each for a kind of column.

func mostly(share float64) float64 {
	switch {
	case share > 0.85:
		return 1
	case share > 0.5:
		return 0.4
	case share > 0.2:
		return 0
	}
	return -0.7
}

func fitMoney(l *look, _ int) float64 {
	if s := l.share(l.numbers + min(l.mixed, l.numbers)); s < 0.8 {
		return mostly(s) - 0.5
	}
	if l.counter() {
		return -0.7
	}
	if l.decimals > 0 {
		return 0.6
	}
	return 0.1
}

func fitCount(l *look, _ int) float64 {
	switch {
	case l.integers == l.filled:
		return 0.5
	case l.share(l.counts) > 0.8:
		return 0.3
	}
	return -0.7
}

// fitRules: text, or what is allowed or not.
func fitRules(l *look, col int) float64 {
	if l.share(l.traffic) > 0.5 && l.share(l.numbers) == 0 {
		return 0.3
	}
	return fitText(l, col)
}

// fitBudget: money rather than a count.
func fitBudget(l *look, col int) float64 {
	if l.share(l.numbers+l.counts) < 0.5 {
		return -0.7
	}
	return max(fitCount(l, col), 0.3)
}

// fitDuration: 30, 30d, 30 days.
func fitDuration(l *look, col int) float64 {
	if l.share(l.spans) > 0.8 {
		return 0.6
	}
	return fitCount(l, col)
}

// fitVersion: 9, 9.0+, Android 9.
func fitVersion(l *look, _ int) float64 { return min(mostly(l.share(l.versions)), 0) } // of which system?

// fitHours: 9-18, Mon-Fri 9:00-18:00, 24/7.
func fitHours(l *look, _ int) float64 { return mostly(l.share(l.hours)) }

// fitCarrier: there are more carriers than anyone can list.
func fitCarrier(l *look, col int) float64 {
	if l.share(l.companies) > 0.3 && l.share(l.carriers) < 0.5 {
		return -0.6
	}
	switch s := mostly(l.share(l.carriers)); {
	case s > 0:
		return s
	case l.carriers == 0 && l.filled > 2:
		return -0.5
	}
	return min(fitWord(l, col), 0.1)
}

// fitMaterial: addresses of files to take.
func fitMaterial(l *look, _ int) float64 {
	if l.share(l.urls) < 0.5 {
		return -1
	}
	return pick(l.share(l.files) > 0.5, 0.8, 0.1)
}

// fitSources: kinds of traffic.
func fitSources(l *look, col int) float64 {
	switch {
	case l.share(l.traffic) > 0.6 && l.share(l.bans) < 0.3:
		return 1
	case l.share(l.long) > 0.5:
		return 0
	}
	return fitGroup(l, col)
}

func fitText(l *look, _ int) float64 {
	switch {
	case l.share(l.numbers) > 0.5 || l.share(l.urls) > 0.5 || l.share(l.dates) > 0.5:
		return -0.8
	case l.share(l.flags) > 0.8 || l.share(l.events) > 0.5 && l.share(l.long) < 0.3:
		return -0.3
	case l.share(l.long)+l.share(l.html)+l.share(l.bans) > 0.5:
		return 0.8
	}
	return 0.1
}

func fitDate(l *look, _ int) float64 { return mostly(l.share(l.dates)) }

func fitKey(l *look, col int) float64 {
	switch {
	case !l.unique() || l.share(l.long) > 0.2 || l.share(l.urls) > 0 || l.share(l.dates) > 0.5:
		return -0.5
	case l.integers == l.filled && col == 0, l.share(l.codes) > 0.85:
		return 1
	case l.integers == l.filled:
		return 0.4
	case l.titles == 0 && col == 0:
		return 0.6
	}
	return 0
}

func fitTitle(l *look, _ int) float64 {
	switch {
	case l.share(l.numbers) > 0.5 || l.share(l.urls) > 0.1 || l.share(l.dates) > 0.3 || l.share(l.long) > 0.7:
		return -0.8
	case l.share(l.codes) > 0.8:
		return -0.8
	case l.share(l.bundles) > 0.8:
		return 0
	case l.share(l.titles) > 0.6 && float64(len(l.seen)) > 0.8*float64(l.filled):
		return 1
	}
	return 0.1
}

func fitWord(l *look, _ int) float64 {
	if l.amounts() {
		return -1.2
	}
	if l.share(l.numbers) > 0.8 || l.share(l.urls) > 0.2 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.5 {
		return -0.6
	}
	return 0.3
}

func fitWordOrNumber(l *look, _ int) float64 {
	if l.share(l.urls) > 0.2 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.5 {
		return -0.6
	}
	return 0.1
}

// fitGroup: what puts offers together comes more than once, or is short.
func fitGroup(l *look, col int) float64 {
	if l.unique() && l.share(l.titles) > 0.6 {
		return -0.3
	}
	return fitWord(l, col)
}

// fitTags: of one offer there are several.
func fitTags(l *look, col int) float64 {
	if l.share(l.lists) > 0.4 {
		return fitGroup(l, col) + 0.3
	}
	return fitGroup(l, col)
}

func fitID(l *look, _ int) float64 {
	switch {
	case l.share(l.companies) > 0.5:
		return 0.9
	case l.share(l.hexes) > 0.8:
		return 0.9
	case l.decimals > l.filled/2: // amounts
		return -1.2
	case l.share(l.urls) > 0.1 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.2:
		return -0.6
	case l.filled > 2 && len(l.seen) == 1: // a network has several
		return 0
	}
	return 0.3
}

func fitTracking(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5:
		return -1
	case l.share(l.macros) > 0.5:
		return 1
	case l.share(l.macros+l.queries) > 0.5:
		return 0.7
	}
	return 0
}

func fitPage(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5:
		return -1
	case l.share(l.macros) > 0.5:
		return -0.5
	case l.share(l.files) > 0.5:
		return 0
	case l.share(l.queries) > 0.5:
		return 0.4
	}
	return 0.9
}

func fitAnyURL(l *look, _ int) float64 { return mostly(l.share(l.urls)) }

func fitFlag(l *look, _ int) float64 { return min(mostly(l.share(l.flags)), 0.6) }

func fitOf(count func(*look) int) func(*look, int) float64 {
	return func(l *look, _ int) float64 { return mostly(l.share(count(l))) }
}

// fitStatus: a status may be told by yes and no.
// fitStatus: a few codes that nobody else knows may be those of states.
func fitStatus(l *look, _ int) float64 {
	if fit := orFlags(l, l.status); fit >= 0 || !l.marks() {
		return fit
	}
	return 0
}

func fitPrivacy(l *look, _ int) float64 { return orFlags(l, l.privacy) }

func orFlags(l *look, n int) float64 {
	if s := mostly(l.share(n)); s > 0 || l.share(n+l.flags) < 0.85 {
		return s
	}
	return 0.3
}

// fitType: words such as lead say how it is paid and what for, and COD says the
// latter alone.
func fitType(l *look, _ int) float64 {
	switch {
	case l.amounts():
		return -1.2
	case l.share(l.model) > 0.3:
		return mostly(l.share(l.either))
	case l.share(l.either) > 0.8:
		return 0.2
	}
	return -0.7
}

func fitGoal(l *look, col int) float64 {
	switch {
	case l.share(l.model) > 0.3:
		return -0.6
	case l.share(l.events) > 0.5:
		return 0.9
	}
	return min(fitWord(l, col), 0)
}
