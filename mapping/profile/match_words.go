package profile

import (
	"maps"
	"slices"
	"sync"
)

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

// meaning is what a column of an unknown file can be.
type meaning struct {
	name  string
	words []string // names that such columns have, in lower case
	not   []string // words that say that it is something else
	help  string
	fits  func(l *look, col int) float64 // how the values look: -1 to 1
}

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
	if l.decimals > 0 {
		return 0.6
	}
	return 0.1
}

func fitCount(l *look, _ int) float64 {
	if l.share(l.numbers) < 0.8 {
		return -0.7
	}
	if l.integers == l.filled {
		return 0.5
	}
	return 0
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
	case l.integers == l.filled && col == 0:
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

func fitID(l *look, _ int) float64 {
	switch {
	case l.share(l.hexes) > 0.8:
		return 0.9
	case l.share(l.urls) > 0.1 || l.share(l.dates) > 0.5 || l.share(l.long) > 0.2 || l.decimals > l.filled/2:
		return -0.6
	}
	return 0.3
}

func fitTracking(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5:
		return -1
	case l.share(l.tracking) > 0.5:
		return 1
	}
	return 0
}

func fitPage(l *look, _ int) float64 {
	switch {
	case l.share(l.urls) < 0.5:
		return -1
	case l.share(l.tracking) > 0.5:
		return 0
	}
	return 0.9
}

func fitFlag(l *look, _ int) float64 { return mostly(l.share(l.flags)) * 0.6 }

func fitOf(count func(*look) int) func(*look, int) float64 {
	return func(l *look, _ int) float64 { return mostly(l.share(count(l))) }
}

// fitStatus: what may be a status may be a privacy too, where all is open.
var fitStatus = fitOf(func(l *look) int { return l.status })

var meanings = sync.OnceValue(func() []meaning {
	return []meaning{
		{"key", []string{"id", "offer id", "campaign id", "program id", "programme id", "nr", "no", "number", "ref", "reference", "key", "code", "sku", "offer code", "offer number", "oid", "cid", "pid", "uid", "external id", "kennung", "nummer", "id oferty", "номер"}, []string{"advertiser", "affiliate", "publisher", "category", "manager", "app", "network", "account", "parent", "goal", "group", "url", "link", "country", "package", "client", "brand", "merchant", "bundle", "store", "user"}, "the offer's id there", fitKey},
		{"title", []string{"title", "name", "offer", "campaign", "offer name", "campaign name", "program name", "program", "offer title", "product", "product name", "angebot", "titel", "kampagne", "nombre", "nom", "название", "headline", "advert name", "display name"}, []string{"advertiser", "affiliate", "manager", "category", "app", "company", "client", "brand", "merchant", "file", "domain", "goal", "event", "user", "store", "package", "contact", "publisher", "account", "vertical", "network", "image"}, "the offer's name", fitTitle},
		{"advertiser", []string{"advertiser", "advertiser id", "advertiser name", "brand", "merchant", "client", "customer", "company", "partner company", "merchant id", "merchant name", "brand name", "client name", "network", "advertiser account", "werbetreibender", "kunde", "рекламодатель", "supplier", "vendor", "sponsor"}, []string{"url", "link", "price", "payout", "cost", "pays", "rate", "email", "amount", "revenue", "manager", "terms", "contact"}, "the advertiser's id or name there", fitID},
		{"url", []string{"url", "link", "tracking url", "tracking link", "offer url", "destination url", "click url", "landing url", "target url", "offer link", "redirect url", "default url", "destination", "final url", "tracker", "tracking", "click link", "landing page url", "default landing page", "landing page", "ziel url", "deeplink url", "ссылка", "track link", "advertiser link", "advertiser url"}, []string{"preview", "logo", "image", "banner", "creative", "terms", "impression", "pixel", "postback", "support", "fallback", "trafficback", "icon", "thumbnail", "suppression", "unsubscribe", "privacy", "store", "site", "home"}, "where a click goes, with macros", fitTracking},
		{"url_preview", []string{"preview", "preview url", "preview link", "website", "site", "lp preview", "landing preview", "home page", "homepage", "store url", "app url", "store link", "web site", "vorschau", "public url", "page preview", "lp", "product page", "product url", "website url"}, []string{"tracking", "click", "logo", "image", "banner", "creative", "pixel", "postback", "icon", "thumbnail", "terms", "impression", "privacy"}, "the page as a visitor sees it", fitPage},
		{"status", []string{"status", "state", "offer status", "campaign status", "active", "live", "is active", "lifecycle", "zustand", "статус", "enabled"}, []string{"conversion", "payout", "advertiser", "link", "check"}, "active, paused …", fitStatus},
		{"privacy", []string{"privacy", "visibility", "access", "offer type access", "require approval", "approval", "visible", "access type", "sichtbarkeit", "public private", "public or private", "permission", "audience", "approval type"}, []string{"url", "link", "page", "policy"}, "who may see it", fitOf(func(l *look) int { return l.privacy })},
		{"description", []string{"description", "desc", "details", "about", "offer description", "terms", "long description", "restrictions", "rules", "beschreibung", "описание", "summary", "info", "offer details", "public description", "traffic rules", "conditions"}, []string{"internal", "url", "kpi", "private"}, "the text for affiliates", fitText},
		{"kpi", []string{"kpi", "kpis", "goal kpi", "kpi text", "quality", "targets", "performance target", "quality kpi", "kpi requirements"}, []string{"event"}, "what is expected of the traffic", fitText},
		{"notes", []string{"note", "notes", "internal note", "internal notes", "comment", "comments", "remark", "remarks", "private note", "memo", "bemerkung", "admin notes", "manager notes", "staff notes", "internal comment"}, nil, "a note for your team", fitText},
		{"categories", []string{"category", "categories", "vertical", "verticals", "niche", "industry", "sector", "kategorie", "topic", "категория", "group", "branche", "vertical name", "segment"}, nil, "the category's name there", fitWord},
		{"tags", []string{"tags", "tag", "labels", "label", "keywords"}, nil, "tags", fitWord},
		{"start_at", []string{"start", "start date", "starts", "launch", "launch date", "begin", "valid from", "from", "live from", "go live", "start time", "date start", "beginn", "startdatum", "start at", "active from", "begins"}, []string{"created", "updated", "modified", "expiration", "traffic"}, "the day on which it starts", fitDate},
		{"stop_date", []string{"end", "end date", "ends", "expiry", "expiration", "expiration date", "expires", "expire", "valid until", "valid to", "until", "stop date", "live until", "to", "date end", "enddatum", "ende", "expiry date", "end time", "stop", "deadline", "active until", "last day", "expires on"}, []string{"created", "updated", "modified"}, "the day on which it stops", fitDate},
		{"currency", []string{"currency", "ccy", "curr", "currency code", "cur", "währung", "waehrung", "валюта", "payout currency", "money", "iso currency"}, nil, "three letters, such as USD", fitOf(func(l *look) int { return l.currency })},
		{"type", []string{"type", "model", "payout type", "pricing model", "price model", "payment type", "payment model", "commission type", "deal type", "payout model", "objective", "price format", "pricing", "business model", "conversion type", "buying model", "flow", "modell", "billing type", "cost model", "leadflow", "offer type"}, []string{"device", "os", "connection", "conversion_tracking", "cap", "redirect", "access", "traffic", "creative"}, "how it is paid: CPA, CPC, percent …", fitOf(func(l *look) int { return l.model })},
		{"revenue", []string{"payout", "affiliate payout", "aff payout", "publisher payout", "partner payout", "pub payout", "commission", "payout amount", "they get", "affiliate commission", "affiliate price", "affiliate rate", "out", "payout $", "pay", "publisher rate", "payout to affiliate", "payout to publisher", "price affiliate", "provision", "partner commission", "publisher commission", "affiliate gets", "affiliate amount", "affiliate pay", "cost", "publisher bid", "выплата", "net payout", "reward", "vergütung", "affiliate earns", "payout rate", "pub rate", "publisher price"}, []string{"type", "model", "cap", "currency", "advertiser", "client", "brand", "merchant", "goal", "event", "percent_type", "min", "hold", "terms", "date", "adv", "gross"}, "what the affiliate gets", fitMoney},
		{"total", []string{"revenue", "advertiser price", "advertiser payout", "price", "received", "we get", "in", "advertiser pays", "advertiser rate", "income", "gross", "price advertiser", "bid", "revenue amount", "client pays", "client price", "client rate", "amount", "rate", "total", "buy rate", "advertiser bid", "advertiser cost", "adv payout", "adv price", "revenue $", "gross payout", "brand pays", "доход", "umsatz", "advertiser revenue", "sell price", "network revenue", "advertiser amount", "erlös", "merchant pays", "full price", "invoice", "charge", "earning"}, []string{"type", "model", "cap", "currency", "affiliate", "publisher", "partner", "aff", "pub", "goal", "event", "terms", "budget", "date", "conversion", "conversions", "clicks", "cr", "rating", "share", "success", "hold", "refresh", "frame"}, "what the advertiser pays", fitMoney},
		{"country_allow", []string{"country", "countries", "geo", "geos", "geo targeting", "allowed countries", "target countries", "targeting", "market", "markets", "region", "land", "länder", "laender", "geo allow", "allowed geo", "territory", "territories", "страны", "гео", "coverage", "geo coverage", "countries allowed", "allowed geos", "geo target", "target geo", "supported countries"}, []string{"blocked", "excluded", "banned", "deny", "block", "code_phone", "exclude"}, "countries that are let in", fitOf(func(l *look) int { return l.country })},
		{"country_deny", []string{"blocked countries", "excluded countries", "geo deny", "banned countries", "blocked geo", "excluded geos", "country block", "countries blocked", "excluded geo", "deny geo"}, nil, "countries that are kept out", fitOf(func(l *look) int { return l.country })},
		{"device_type", []string{"device", "devices", "device type", "device types", "gerät", "geräte", "allowed devices"}, []string{"blocked", "excluded", "deny", "os", "version"}, "devices that are let in", fitOf(func(l *look) int { return l.devices })},
		{"os_allow", []string{"os", "operating system", "platform", "platforms", "operating systems", "os targeting", "allowed os", "betriebssystem", "system"}, []string{"blocked", "excluded", "deny", "version", "min", "tracking"}, "systems that are let in", fitOf(func(l *look) int { return l.systems })},
		{"bundle_id", []string{"bundle", "bundle id", "app id", "package", "package name", "application id", "app bundle", "store id", "app", "appid", "app package"}, []string{"url", "link", "name"}, "the app's bundle or package", fitOf(func(l *look) int { return l.bundles })},
		{"goal", []string{"goal", "event", "goal name", "event name", "conversion goal", "action", "payable event", "conversion event", "ziel", "payout event", "conversion point", "kpi event", "target action"}, []string{"kpi", "url", "type", "cap", "revenue", "payout"}, "the goal that is paid for", fitWord},
		{"cap_day", []string{"cap", "daily cap", "cap daily", "day cap", "daily limit", "cap per day", "conversions per day", "daily conversion cap", "cap day", "limit day", "max per day", "tageslimit", "daily conversions", "leads per day", "daily volume", "limit per day", "capping", "daily"}, []string{"weekly", "week", "click", "clicks", "hourly", "budget", "payout", "revenue", "spend", "monthly", "month", "total", "lifetime", "overall", "type", "timezone", "impression", "impressions", "cost", "value"}, "conversions a day", fitCount},
		{"cap_month", []string{"monthly cap", "cap monthly", "month cap", "monthly limit", "cap per month", "monthly conversion cap", "cap month", "max per month", "monthly conversions", "monatslimit", "limit per month", "monthly volume", "monthly"}, []string{"weekly", "week", "click", "clicks", "hourly", "budget", "payout", "revenue", "spend", "type", "timezone", "impressions"}, "conversions a month", fitCount},
		{"cap_all", []string{"total cap", "overall cap", "lifetime cap", "cap total", "global cap", "lifetime conversion cap", "overall limit", "cap overall", "total limit", "lifetime limit", "gesamtlimit", "max conversions"}, []string{"weekly", "week", "click", "clicks", "hourly", "budget", "payout", "revenue", "spend", "type", "timezone", "impressions", "daily", "monthly"}, "conversions in all", fitCount},
		{"click_session", []string{"cookie", "cookie days", "cookie life", "cookie duration", "attribution window", "cookie lifetime", "cookie window", "click lifetime", "cookie length", "lookback", "attribution days", "click window", "click attribution window", "cookie laufzeit"}, nil, "for how many days a click counts", fitCount},
		{"hold_period", []string{"hold", "hold period", "hold days", "lock days", "locking period", "validation period", "holding period", "validation days", "approval days", "pending days"}, nil, "for how many days conversions are held", fitCount},
		{"is_top", []string{"top", "featured", "is top", "highlight", "top offer", "is featured", "hot", "recommended"}, nil, "whether it is a top offer", fitFlag},
		{"allow_deeplink", []string{"deeplink", "deep link", "deep linking", "deeplinks", "allow deeplink", "deeplinking", "deep links", "allows deep linking", "deep link allowed", "deeplink allowed"}, []string{"url", "domain", "domains"}, "whether affiliates may add deep links", fitFlag},
		{"trafficback_url", []string{"trafficback", "traffic back", "fallback", "fallback url", "trafficback url", "backup url", "redirect fallback", "geo redirect", "overflow url"}, []string{"logo", "image", "banner", "creative", "icon", "thumbnail", "pixel", "postback", "terms"}, "where refused clicks go", fitPage},
	}
})
