package profile

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// YAML writes the proposal as a profile of a name. It can be loaded as it is;
// what it could not know is said in it.
func (p *Proposal) YAML(name string) string {
	w := &writer{p: p}
	w.line("# proposed by offerlift match from %s: look it over, above all at the money and the macros", p.Table.File)
	w.line("name: %s", q(name))
	w.line("title: %s", q(p.Table.File))
	w.line("money: %s", q(p.money()))
	w.line("prefix: %s", q(name+"-"))
	if p.dates != "" {
		w.line("dates: %s", p.dates)
	}
	w.line("options:")
	w.line(`  currency: {value: "", help: "for offers that name no currency: --set currency=USD"}`)
	w.macros()
	w.values()
	w.table()
	return w.String()
}

// money says in words which column is whose.
func (p *Proposal) money() string {
	side := func(means, words string) string {
		if g := p.guessOf(means); g != nil {
			return g.Header + " " + words
		}
		return "no column " + words
	}
	return side("revenue", "is what the affiliate gets (our revenue)") + "; " + side("total", "is what the advertiser pays (our total)")
}

// writer writes the YAML.
type writer struct {
	strings.Builder
	p *Proposal
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// q quotes a text as YAML takes it, which takes JSON's.
func q(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a text always can be
	return strings.TrimSuffix(b.String(), "\n")
}

// guessedMacros are the macros of ours that names of theirs stand for.
var guessedMacros = sync.OnceValue(func() map[string]string {
	of := map[string]string{}
	for ours, theirs := range map[string]string{
		"clickid":        "click_id,clickid,click,transaction_id,tid,reqid,cid,subid,tx_id,conversion_id,hash,session_id",
		"pid":            "affiliate_id,aff_id,affid,publisher_id,pub_id,pubid,partner_id,pid,aff,affiliate,partner,publisher,pub",
		"offer_id":       "offer_id,oid,offerid,campaign_id,camp_id,campaignid",
		"offer_name":     "offer_name,campaign_name,offername",
		"ip":             "ip,user_ip,ip_address",
		"geo":            "geo,country,country_code,cc",
		"city":           "city",
		"device_ua":      "ua,user_agent,useragent,device_ua",
		"affiliate_name": "affiliate_name,aff_name,publisher_name",
		"advertiser_id":  "advertiser_id,adv_id",
		"referrer":       "referrer,referer",
		"rand":           "rand,random,rnd",
		"time":           "time,timestamp,click_time",
		"deeplink":       "deeplink,deep_link",
		"sub1":           "sub1,aff_sub,sub_id1,s1,p1,subid1,aff_sub1,sub_1,sub",
		"sub2":           "sub2,aff_sub2,sub_id2,s2,p2,subid2,sub_2",
		"sub3":           "sub3,aff_sub3,sub_id3,s3,p3,subid3,sub_3",
		"sub4":           "sub4,aff_sub4,sub_id4,s4,p4,subid4,sub_4",
		"sub5":           "sub5,aff_sub5,sub_id5,s5,p5,subid5,sub_5",
		"sub6":           "source,source_id,sub6,site,site_id",
	} {
		for _, name := range strings.Split(theirs, ",") {
			of[name] = ours
		}
	}
	return of
})

// macros writes the macros that the URLs have. Two that would end in one sub
// are left to the user.
func (w *writer) macros() {
	if len(w.p.macros) == 0 {
		return
	}
	var used []spelling
	entries := map[string]string{}
	for _, written := range sortedKeys(w.p.macros) {
		for _, s := range spellings {
			if m := patterns()[s].FindStringSubmatch(written); m != nil && m[0] == written {
				name := m[1]
				if name == "" && len(m) > 2 {
					name = m[2]
				}
				entries[strings.ToLower(name)] = guessedMacros()[strings.ToLower(name)]
				if !slices.Contains(used, s) {
					used = append(used, s)
				}
				break
			}
		}
	}
	w.line("macros:")
	w.line("  spelling: %s", list(used))
	w.line("  unknown: error")
	w.line("  tracking:")
	taken := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		to := entries[name]
		if to == "" || taken[to] && strings.HasPrefix(to, "sub") {
			w.line("    %s: {ask: %s}", q(name), q("what it stands for is not known: write {to: …} with one of ours, or {lost: why}"))
			continue
		}
		taken[to] = true
		w.line("    %s: %s", q(name), to)
	}
}

func list[T ~string](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = q(string(item))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// guessedValues are the values of ours that words of theirs stand for.
var guessedValues = sync.OnceValue(func() map[string]map[string]string {
	of := func(table map[string]string) map[string]string {
		out := map[string]string{}
		for ours, theirs := range table {
			for _, word := range strings.Split(theirs, ",") {
				if folded := fold(word); folded != "" {
					out[folded] = ours
				}
			}
		}
		return out
	}
	return map[string]map[string]string{
		"status": of(map[string]string{
			"active":  "active,live,running,enabled,on,approved,approve,open,online,yes,y,1,true,launched,published,started,aktiv,läuft,ja,j,активен,активный,активна,активно,запущен,работает,вкл,да,activo,activa,sí,si,actif,active,oui,attivo,aktywny,aktywna",
			"stopped": "stopped,paused,pause,inactive,disabled,off,expired,pending,closed,draft,archived,on hold,hold,testing,offline,inaktiv,no,0,false,rejected,suspended,ended,finished,waiting,new,test,n,pausiert,gestoppt,beendet,archiviert,entwurf,nein,приостановлен,приостановлено,остановлен,остановлена,на паузе,пауза,стоп,на стопе,архив,черновик,отключен,неактивен,выкл,нет,тест,pausado,pausada,inactivo,detenido,en pause,inactif,arrêté,non,wstrzymany",
		}),
		"privacy": of(map[string]string{
			"public":    "public,open,all,everyone,anyone,all affiliates,yes,öffentlich,offen,публичный,публичная,открытый,открытая,público,pubblico",
			"protected": "protected,permission,require approval,requires approval,approval required,approval,by request,on request,request,apply to run,premoderated,pre-approval,need approval,apply,auf anfrage,nach freigabe,по запросу,с модерацией,bajo solicitud,sur demande",
			"private":   "private,hidden,restricted,invite only,closed,invite,exclusive,privat,geschlossen,приватный,приватная,закрытый,закрытая,privado,privé",
		}),
		"type": of(map[string]string{
			"fixed":   "cpa,cpl,cpi,cpe,fixed,flat,cpa flat,lead,install,sale fixed,per lead,soi,doi,cpr,per install,ppl,per sale,pps,fix,cpi install,ppi,cpo,festbetrag,фикс",
			"percent": "percent,cps,revshare,rev share,revenue share,rs,percentage,sale,%,cpa percentage,share,prozent,процент,ревшара,porcentaje,pourcentage",
			"cpc":     "cpc,click,per click,ppc",
			"cpm":     "cpm,impression,impressions",
		}),
	}
})

func guessedValue(means, value string) string {
	if means == "type" && value == "%" {
		return "percent"
	}
	return guessedValues()[means][fold(value)]
}

// values writes the tables that translate status, privacy and type. A value
// that is not known asks the user when it is met.
func (w *writer) values() {
	head := false
	for _, means := range []string{"status", "privacy", "type"} {
		g := w.p.guessOf(means)
		if g == nil || len(g.values) == 0 {
			continue
		}
		if !head {
			w.line("values:")
			head = true
		}
		w.line("  %s:", means)
		seen := map[string]bool{}
		for _, value := range g.values {
			if seen[fold(value)] {
				continue
			}
			seen[fold(value)] = true
			ours := guessedValue(means, value)
			switch {
			case ours == "percent" && slices.Contains([]string{"cps", "sale", "share"}, fold(value)) && !w.inPercent():
				w.line("    %s: {ask: %s}", q(value), q("whether it is paid by amount or by percentage is not known: write fixed or percent in its place"))
			case ours == "stopped" && fold(value) != "stopped":
				w.line("    %s: {to: stopped, changed: %s}", q(value), q("Affise has stopped, where links do not work, and suspended, where clicks still count"))
			case ours != "":
				w.line("    %s: %s", q(value), ours)
			default:
				w.line("    %s: {ask: %s}", q(value), q("what it stands for is not known: write one of our values in its place"))
			}
		}
	}
}

// inPercent tells whether the amounts carry percent signs.
func (w *writer) inPercent() bool {
	for _, means := range []string{"revenue", "total"} {
		if g := w.p.guessOf(means); g != nil && strings.Contains(g.Example, "%") {
			return true
		}
	}
	return false
}

// table writes the table with its records.
func (w *writer) table() {
	var has []string
	for _, g := range w.p.Guesses {
		if g.Means != "" && g.Header != "" {
			has = append(has, g.Header)
		}
	}
	w.line("tables:")
	w.line("  offers:")
	w.line("    sheets: [%s]", q(w.p.Table.Sheet))
	w.line("    has: %s", list(has))
	key := w.p.guessOf("key")
	if key == nil {
		key = w.p.guessOf("title")
	}
	if key == nil {
		key = &w.p.Guesses[0]
	}
	w.line("    key: %s", q(key.Header))
	w.line("    records:")
	w.offer()
	w.payout()
	w.caps()
	w.target()
	w.left()
}

// from writes a column that is taken from theirs, with what else is to be done
// to it.
func (w *writer) from(ours, means, more string) {
	if g := w.p.guessOf(means); g != nil {
		w.line("          %s: {from: %s%s}", ours, q(g.Header), more)
	}
}

func (w *writer) offer() {
	w.line("      offer:")
	w.line("        into: Offers")
	w.line("        columns:")
	w.from("title", "title", "")
	if w.p.guessOf("advertiser") == nil {
		w.line(`          advertiser: {value: "*", ids: advertisers}`)
	}
	w.from("advertiser", "advertiser", ", ids: advertisers")
	more := ""
	if len(w.p.macros) > 0 {
		more = ", macros: tracking"
	}
	w.from("url", "url", more)
	w.from("url_preview", "url_preview", "")
	if w.p.guessOf("status") == nil {
		w.line("          status: {value: stopped}")
	}
	w.translated("status")
	w.translated("privacy")
	w.from("description_en", "description", "")
	w.from("kpi_en", "kpi", "")
	w.from("notes", "notes", "")
	w.from("categories", "categories", ", ids: categories, missing: warn")
	w.from("tags", "tags", "")
	w.from("start_at", "start_at", ", take: start")
	w.from("stop_date", "stop_date", ", take: day, blank: [never, none, open]")
	w.from("bundle_id", "bundle_id", "")
	w.from("is_top", "is_top", "")
	w.from("allow_deeplink", "allow_deeplink", "")
	w.from("trafficback_url", "trafficback_url", "")
	w.from("hold_period", "hold_period", "")
	if g := w.p.guessOf("click_session"); g != nil {
		w.line("          click_session: {expr: %s}", q(fmt.Sprintf(`some(row[%s]) ? row[%s] + "d" : ""`, q(g.Header), q(g.Header))))
	}
}

// translated writes a column whose values go through a table, where it has one.
func (w *writer) translated(means string) {
	if g := w.p.guessOf(means); g != nil && len(g.values) > 0 {
		w.from(means, means, ", values: "+means)
	} else {
		w.from(means, means, "")
	}
}

func (w *writer) payout() {
	w.line("      payout:")
	w.line("        into: Payouts")
	w.line("        columns:")
	amount := w.p.guessOf("revenue")
	if amount == nil {
		amount = w.p.guessOf("total")
	}
	switch {
	case w.p.guessOf("type") != nil:
		w.translated("type")
	case amount != nil:
		w.line("          type: {expr: %s}", q(fmt.Sprintf(`row[%s] contains "%%" ? "percent" : "fixed"`, q(amount.Header))))
	default:
		w.line("          type: {value: fixed}")
	}
	if w.p.guessOf("currency") == nil {
		w.line(`          currency: {value: "{option.currency}"}`)
	}
	w.from("currency", "currency", `, default: "{option.currency}"`)
	w.from("goal", "goal", "")
	w.from("revenue", "revenue", "")
	w.from("total", "total", "")
	affiliate, advertiser := w.p.guessOf("revenue"), w.p.guessOf("total")
	if affiliate != nil && advertiser != nil {
		w.line("        tell:")
		w.line("          percent: {when: %s, at: %s, ask: %s}", q(fmt.Sprintf(`(row[%s] contains "%%") != (row[%s] contains "%%")`, q(affiliate.Header), q(advertiser.Header))),
			q(affiliate.Header), q("one of the two amounts is a percentage and the other is not: Affise has one type for both, so change one of them"))
	}
}

func (w *writer) caps() {
	for _, c := range []struct{ means, period string }{{"cap_day", "day"}, {"cap_month", "month"}, {"cap_all", "all"}} {
		if g := w.p.guessOf(c.means); g != nil {
			w.line("      %s:", c.means)
			w.line("        into: Caps")
			w.line("        when: %s", q(fmt.Sprintf("some(row[%s])", q(g.Header))))
			w.line("        columns: {period: {value: %s}, type: {value: conversions}, value: {from: %s}}", c.period, q(g.Header))
		}
	}
}

func (w *writer) target() {
	var columns, filled []string
	for _, means := range []string{"country_allow", "country_deny", "device_type", "os_allow"} {
		if g := w.p.guessOf(means); g != nil {
			columns = append(columns, fmt.Sprintf("%s: {from: %s, blank: [all, any]}", means, q(g.Header)))
			filled = append(filled, fmt.Sprintf(`!(lower(row[%s]) in ["", "all", "any"])`, q(g.Header)))
		}
	}
	if len(columns) > 0 {
		w.line("      target:")
		w.line("        into: Targeting")
		w.line("        when: %s", q(strings.Join(filled, " || ")))
		w.line("        columns: {%s}", strings.Join(columns, ", "))
	}
}

// left writes the columns that were not recognised, so that each offer tells of
// them.
func (w *writer) left() {
	head := false
	for _, g := range w.p.Guesses {
		if g.Means != "" || g.Header == "" || g.Repeats() {
			continue
		}
		if !head {
			w.line("    left:")
			head = true
		}
		w.line("      %s: %s", q(g.Header), q("match did not recognise the column; write where it belongs, or why it does not matter"))
	}
}
