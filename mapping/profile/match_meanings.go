package profile

import "sync"

// meaning is what a column of an unknown file can be. Its names stand in
// match.txt, or are told by a rule.
type meaning struct {
	name, help string
	fits       func(l *look, col int) float64 // how the values look: -1 to 1
	unnamed    bool                           // values alone may tell
}

var meanings = sync.OnceValue(func() []meaning {
	return []meaning{
		{"key", "the offer's id there", fitKey, true},
		{"title", "the offer's name", fitTitle, true},
		{"advertiser", "the advertiser's id or name there", fitID, true},
		{"url", "where a click goes, with macros", fitTracking, true},
		{"url_preview", "the page as a visitor sees it", fitPage, true},
		{"status", "active, paused …", fitStatus, true},
		{"privacy", "who may see it", fitPrivacy, true},
		{"description", "the text for affiliates", fitText, true},
		{"kpi", "what is expected of the traffic", fitText, true},
		{"notes", "a note for your team", fitText, true},
		{"categories", "the category's name there", fitGroup, true},
		{"tags", "tags", fitTags, false},
		{"sources", "traffic sources that are allowed", fitGroup, false},
		{"managers", "the manager in your team", fitWord, false},
		{"start_at", "the day on which it starts", fitDate, false}, // most dates say when a row was written
		{"stop_date", "the day on which it stops", fitDate, false},
		{"currency", "three letters, such as USD", fitOf(func(l *look) int { return l.currency }), true},
		{"type", "how it is paid: CPA, CPC, percent …", fitType, true},
		{"goal", "the goal that is paid for", fitGoal, true},
		{"revenue", "what the affiliate gets", fitMoney, false}, // amounts whose name says nothing: see eliminate
		{"total", "what the advertiser pays", fitMoney, false},
		{"country_allow", "countries that are let in", fitOf(func(l *look) int { return l.country }), true},
		{"country_deny", "countries that are kept out", fitOf(func(l *look) int { return l.country }), false},
		{"device_type", "devices that are let in", fitOf(func(l *look) int { return l.devices }), true},
		{"os_allow", "systems that are let in", fitOf(func(l *look) int { return l.systems }), true},
		{"connection", "connections that are let in: wi-fi, cellular", fitOf(func(l *look) int { return l.network }), true},
		{"sub_deny", "values of sub1 that are kept out", fitWordOrNumber, false},
		{"bundle_id", "the app's bundle or package", fitOf(func(l *look) int { return l.bundles }), true},
		{"cap_day", "conversions a day", fitCount, false},
		{"cap_month", "conversions a month", fitCount, false},
		{"cap_all", "conversions in all", fitCount, false},
		{"click_session", "for how many days a click counts", fitCount, false},
		{"hold_period", "for how many days conversions are held", fitCount, false},
		{"is_top", "whether it is a top offer", fitFlag, false},
		{"allow_deeplink", "whether affiliates may add deep links", fitFlag, false},
		{"trafficback_url", "where refused clicks go", fitPage, false},
		{"impressions_url", "where an impression is counted", fitAnyURL, false},
	}
})

// Meanings are the names of all that a column can be taken for.
func Meanings() []string {
	var names []string
	for _, m := range meanings() {
		names = append(names, m.name)
	}
	return names
}

// MeaningHelp says in words what a meaning is.
func MeaningHelp(name string) string {
	for _, m := range meanings() {
		if m.name == name {
			return m.help
		}
	}
	return ""
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
	if s := l.share(l.numbers); s < 0.8 {
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

func fitText(l *look, _ int) float64 {
	switch {
	case l.share(l.numbers) > 0.5 || l.share(l.urls) > 0.5 || l.share(l.dates) > 0.5:
		return -0.8
	case l.share(l.long)+l.share(l.html) > 0.5:
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
	case l.share(l.bundles) > 0.8 || l.share(l.codes) > 0.8:
		return 0
	case l.share(l.titles) > 0.6 && float64(len(l.seen)) > 0.8*float64(l.filled):
		return 1
	}
	return 0.1
}

func fitWord(l *look, _ int) float64 {
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
	case l.share(l.hexes) > 0.8:
		return 0.9
	case l.share(l.urls) > 0.1 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.2 || l.decimals > l.filled/2:
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
func fitStatus(l *look, _ int) float64 { return orFlags(l, l.status) }

func fitPrivacy(l *look, _ int) float64 { return orFlags(l, l.privacy) }

func orFlags(l *look, n int) float64 {
	if s := mostly(l.share(n)); s > 0 || l.share(l.flags) < 0.85 {
		return s
	}
	return 0.3
}

// fitType: words such as lead say how it is paid and what for, and COD says the
// latter alone.
func fitType(l *look, _ int) float64 {
	switch {
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
