package profile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"offerlift/mapping"
)

// YAML writes the proposal as a profile of a name. It can be loaded as it is;
// what it could not know is said in it.
func (p *Proposal) YAML(name string) string {
	w := &writer{p: p, name: name}
	w.line("# proposed by offerlift match from %s: look it over, above all at the money and the macros", p.Table.File)
	w.line("name: %s", q(name))
	w.line("title: %s", q(p.Table.File))
	w.line("money: %s", q(p.money()))
	if key := p.guessOf("key"); key == nil || !strings.EqualFold(key.Header, "external_offer_id") { // our own ids are whole
		w.line("prefix: %s", q(name+"-"))
	}
	if p.dates != "" {
		w.line("dates: %s", p.dates)
	}
	w.line("options:")
	w.line(`  currency: {value: %s, help: "for offers that name no currency: --set currency=USD"}`, q(p.currencyNamed()))
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
	p    *Proposal
	name string
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

// macros writes the macros that the URLs have. Two that would end in one sub
// are left to the user.
func (w *writer) macros() {
	if len(w.p.macros) == 0 || w.p.guessOf("url") == nil && w.p.guessOf("impressions_url") == nil {
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
				entries[strings.ToLower(name)] = mapping.Meant("macro", name)
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

// guessedValue is the value of ours that a word of theirs stands for. What is
// near to suspended is taken for stopped, where no click costs anything.
func guessedValue(g *Guess, value string) string {
	switch yes := mapping.Meant("flag", value) == "yes"; {
	case g.meaning().column != nil:
		return ownValue(g.meaning(), value)
	case g.Means == "type":
		return mapping.Meant("payout type", value)
	case g.Means == "device_type":
		return mapping.Meant("device", value)
	case g.Means == "connection":
		return mapping.Meant("connection", value)
	case g.look.share(g.look.flags) < 1: // its values are words
	case g.Means == "status" && saysStopped(g):
		return pick(yes, "stopped", "active")
	case g.Means == "privacy" && asks(g, "auto*"): // approved by itself
		return pick(yes, "public", "protected")
	case g.Means == "privacy" && asks(g, "private", "closed", "hidden", "restricted", "exclusive", "invite*"):
		return pick(yes, "private", "public")
	case g.Means == "privacy":
		return pick(yes == asks(g, "approv*", "request*", "requires", "needs", "appl*", "freigabe", "модерац*", "aprob*", "aprova*", "valid*"), "protected", "public")
	}
	ours := mapping.Meant(g.Means, value)
	if ours == "suspended" && fold(value) != ours {
		return "stopped"
	}
	return ours
}

// commas puts commas where people put strokes between values: Mob+Web, DE/AT.
var commas = strings.NewReplacer("/", ", ", "+", ", ")

// saysStopped tells whether yes stands for what does not run.
func saysStopped(g *Guess) bool {
	return g.look.share(g.look.flags) == 1 && asks(g, "paused", "pause", "inactive", "stopped", "archived", "closed", "pausiert", "pausado", "pausada", "пауза", "стоп")
}

// asks tells whether a header has one of some words: Paused? is no for what runs.
func asks(g *Guess, words ...string) bool { return anyWord(texts(tokensOf(g.Header)), words) }

// values writes the tables that translate words: status, privacy and type, and
// devices and connections where they are not called as ours. A value that is not
// known asks the user when it is met.
func (w *writer) values() {
	head := false
	for _, guess := range w.p.Guesses {
		words, means := w.p.tableOf(guess.Means), guess.Means
		if len(words) == 0 {
			continue
		}
		if !head {
			w.line("values:")
			head = true
		}
		w.line("  %s:", means)
		for _, value := range words {
			w.value(w.p.guessOf(means), value)
		}
	}
}

// tableOf are the words of a column that a table is to translate; none for a
// column that needs no table.
func (p *Proposal) tableOf(means string) []string {
	g := p.guessOf(means)
	if g == nil || means == "" || p.crowded(g) || g.meaning().column == nil && !slices.Contains([]string{"status", "privacy", "type", "device_type", "connection"}, means) {
		return nil
	}
	values := g.values
	switch {
	case g.meaning().column != nil:
		values = g.refused()
	case means == "device_type" || means == "connection":
		values = nil
		for _, value := range g.values {
			values = append(values, splitList(commas.Replace(value))...)
		}
		if !slices.ContainsFunc(values, func(value string) bool { return fold(guessedValue(g, value)) != fold(value) }) {
			return nil
		}
	case means == "status" && saysStopped(g):
		values = append(slices.Clone(values), "no") // what a blank cell stands for
	}
	var words []string
	for _, value := range values {
		if !slices.ContainsFunc(words, func(word string) bool { return fold(word) == fold(value) }) {
			words = append(words, value)
		}
	}
	return words
}

// value writes what one word stands for.
func (w *writer) value(g *Guess, value string) {
	ours := guessedValue(g, value)
	switch {
	case ours == "percent" && slices.Contains([]string{"cps", "sale", "sales", "share"}, fold(value)) && !w.inPercent():
		w.line("    %s: {ask: %s}", q(value), q("whether it is paid by amount or by percentage is not known: write fixed or percent in its place"))
	case ours == "stopped" && fold(value) != "stopped":
		w.line("    %s: {to: stopped, changed: %s}", q(value), q("Affise has stopped, where links do not work, and suspended, where clicks still count"))
	case ours == "*":
		w.line(`    %s: ""`, q(value))
	case ours != "":
		w.line("    %s: %s", q(value), q(ours))
	case g.meaning().column != nil && mapping.Meant("nothing", value) != "", g.meaning().column != nil && mapping.Meant("device", value) == "*":
		w.line(`    %s: ""`, q(value))
	case g.meaning().column != nil:
		w.line("    %s: {ask: %s}", q(value), q("it is not written as "+g.meaning().column.Name+" takes it: "+strings.TrimSuffix(g.meaning().help, ".")))
	default:
		w.line("    %s: {ask: %s}", q(value), q("what it stands for is not known: write one of our values in its place"))
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
	w.key()
	w.line("    records:")
	w.offer()
	w.payout()
	w.caps()
	w.target()
	w.records()
	w.left()
}

// key writes where the offers' ids come from: their column, else what tells the
// offers apart.
func (w *writer) key() {
	if key := w.p.guessOf("key"); key != nil {
		w.line("    key: %s", q(key.Header))
		return
	}
	apart := w.p.apart()
	if len(apart) == 1 {
		w.line("    key: %s", q(apart[0].Header))
		return
	}
	parts := []string{q(w.name)}
	for _, g := range apart {
		parts = append(parts, fmt.Sprintf("row[%s]", q(g.Header)))
	}
	w.line("    key: {expr: %s} # no column holds an id: these together tell the offers apart", q(strings.Join(parts, ` + "-" + `)))
}

// apart are the columns whose values together tell the offers apart: the title,
// and as many others as are needed. It is the title alone where none help.
func (p *Proposal) apart() []*Guess {
	var some []*Guess
	for _, means := range []string{"title", "country_allow", "os_allow", "device_type", "goal", "advertiser"} {
		if g := p.guessOf(means); g != nil {
			some = append(some, g)
		}
		if unique(some) {
			return some
		}
	}
	if len(some) == 0 {
		return []*Guess{&p.Guesses[0]}
	}
	return some[:1]
}

// unique tells whether no row has the same values in some columns as another.
func unique(some []*Guess) bool {
	seen := map[string]bool{}
	for row := 0; len(some) > 0 && row < len(some[0].look.cells); row++ {
		all := ""
		for _, g := range some {
			all += g.look.cells[row] + "\x00"
		}
		if seen[all] {
			return false
		}
		seen[all] = true
	}
	return len(some) > 0
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
	if key := w.p.guessOf("key"); key != nil && w.p.guessOf("title") == nil {
		w.from("title", "key", "")
	}
	w.from("title", "title", "")
	if w.p.guessOf("advertiser") == nil {
		w.line(`          advertiser: {value: "*", ids: advertisers}`)
	}
	w.ids("advertiser", "")
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
	w.inLanguage("description")
	w.inLanguage("kpi")
	w.from("notes", "notes", "")
	w.ids("categories", ", missing: warn")
	w.from("tags", "tags", "")
	w.ids("sources", ", missing: warn")
	w.from("managers", "managers", ", ids: managers, missing: warn")
	w.from("start_at", "start_at", ", take: start")
	w.from("stop_date", "stop_date", ", take: day, blank: [never, none, open]")
	w.from("bundle_id", "bundle_id", "")
	w.from("is_top", "is_top", "")
	w.from("allow_deeplink", "allow_deeplink", "")
	w.from("trafficback_url", "trafficback_url", "")
	w.from("impressions_url", "impressions_url", more)
	w.number("hold_period", "hold_period")
	if g := w.p.guessOf("click_session"); g != nil {
		w.made("click_session", g, span(g))
	}
	w.ownColumns("")
}

// ids writes a column of names, or of ids there, for which the account's are
// looked up; the account's own are taken as they are.
func (w *writer) ids(means, more string) {
	if g := w.p.guessOf(means); g != nil && g.hasIDs() {
		w.from(means, means, "")
		return
	}
	kind := map[string]string{"advertiser": "advertisers"}[means]
	w.from(means, means, ", ids: "+cmp.Or(kind, means)+more)
}

// inLanguage writes a text into the column of the language that it is in.
func (w *writer) inLanguage(means string) {
	if g := w.p.guessOf(means); g != nil {
		w.from(means+"_"+g.look.language(), means, "")
	}
}

// translated writes a column whose values go through a table, where it has one.
func (w *writer) translated(means string) {
	if g := w.p.guessOf(means); len(w.p.tableOf(means)) > 0 {
		more := ", values: " + means
		if means == "status" && saysStopped(g) { // Paused?, blank for what runs
			more += ", default: \"no\""
		}
		w.from(means, means, more)
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
		w.line("          type: {expr: %s}", q(typeOf(amount)))
	default:
		w.line("          type: {value: fixed}")
	}
	w.currency()
	w.from("goal", "goal", "")
	for _, side := range []string{"revenue", "total"} {
		if g := w.p.guessOf(side); g != nil {
			w.made(side, g, withoutSigns(g, false))
		}
	}
	w.ownColumns("payout")
	affiliate, advertiser := w.p.guessOf("revenue"), w.p.guessOf("total")
	if affiliate != nil && advertiser != nil {
		w.line("        tell:")
		w.line("          percent: {when: %s, at: %s, ask: %s}", q(fmt.Sprintf(`(row[%s] contains "%%") != (row[%s] contains "%%")`, q(affiliate.Header), q(advertiser.Header))),
			q(affiliate.Header), q("one of the two amounts is a percentage and the other is not: Affise has one type for both, so change one of them"))
	}
}

// number writes a column of numbers: see counted. Any other that is not a number
// is left for the check to find.
func (w *writer) number(ours, means string) {
	g := w.p.guessOf(means)
	if g == nil {
		return
	}
	w.made(ours, g, counted(g))
}

// made writes a column that an expression makes of theirs, or that is taken as
// it is where that is blank.
func (w *writer) made(ours string, g *Guess, expression string) {
	if expression == "" {
		w.line("          %s: {from: %s}", ours, q(g.Header))
		return
	}
	w.line("          %s: {expr: %s}", ours, q(expression))
}

// currency writes where the currency comes from: a column, or the signs beside
// the amounts; else the option says it.
func (w *writer) currency() {
	w.from("currency", "currency", `, default: "{option.currency}"`)
	if w.p.guessOf("currency") != nil {
		return
	}
	for _, means := range []string{"revenue", "total"} {
		g := w.p.guessOf(means)
		if g == nil {
			continue
		}
		expression := ""
		for _, sign := range g.look.signs() {
			expression += fmt.Sprintf("row[%s] contains %q ? %q : ", q(g.Header), sign, cmp.Or(mapping.Meant("currency", sign), strings.ToUpper(sign)))
		}
		if expression != "" {
			w.line(`          currency: {expr: %s, default: "{option.currency}"}`, q(expression+`""`))
			return
		}
	}
	w.line(`          currency: {value: "{option.currency}"}`)
}

// currencyNamed is the currency that the name of a column of amounts tells:
// Payout (EUR), Payout €. A dollar may be one of several.
func (p *Proposal) currencyNamed() string {
	var tokens []token
	for _, means := range []string{"revenue", "total"} {
		if g := p.guessOf(means); g != nil {
			tokens = append(tokens, tokensOf(g.Header)...)
		}
	}
	for _, t := range tokens {
		switch code := strings.ToUpper(t.text); {
		case t.text == "$":
		case len(code) == 3 && mapping.IsCurrency(code) && mapping.Meant("currency", t.text) == "":
			return code
		case len([]rune(t.text)) == 1:
			if code := mapping.Meant("currency", t.text); code != "" {
				return code
			}
		case mapping.Meant("currency", t.text) == code:
			return code
		}
	}
	return ""
}

func (w *writer) caps() {
	for _, c := range capKinds() {
		if g := w.p.guessOf(c.means); g != nil {
			w.line("      %s:", c.means)
			w.line("        into: Caps")
			w.line("        when: %s", q(fmt.Sprintf("some(row[%s]) && !(lower(row[%s]) in %s)", q(g.Header), q(g.Header), list(g.look.nothings()))))
			w.line("        columns:")
			w.line("          period: {value: %s}", c.period)
			w.line("          type: {value: %s}", c.kind)
			if signs := withoutSigns(g, true); c.kind == "budget" && signs != "" {
				w.line("          value: {expr: %s, changed: %s}", q(signs), q("a budget has no currency of its own here: look whether it is in that of the payouts"))
				continue
			}
			w.number("value", c.means)
		}
	}
}

func (w *writer) target() {
	var columns, filled []string
	for _, means := range []string{"country_allow", "country_deny", "device_type", "os_allow", "connection", "sub_deny", "sub_allow"} {
		if g := w.p.guessOf(means); g != nil {
			ours, more := means, ""
			if strings.HasPrefix(means, "sub_") {
				ours = "sub1" + strings.TrimPrefix(means, "sub")
			}
			if len(w.p.tableOf(means)) > 0 {
				more = ", values: " + means
			}
			source := "from: " + q(g.Header)
			if g.look.strokes() {
				source = "expr: " + q(fmt.Sprintf(`replace(replace(row[%s], "/", ", "), "+", ", ")`, q(g.Header)))
			}
			columns = append(columns, fmt.Sprintf("%s: {%s, blank: [all, any]%s}", ours, source, more))
			filled = append(filled, fmt.Sprintf(`!(lower(row[%s]) in ["", "all", "any"])`, q(g.Header)))
		}
	}
	own, some := w.ownTargets()
	columns, filled = append(columns, own...), append(filled, some...)
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
	for i, g := range w.p.Guesses {
		crowded := w.p.crowded(&w.p.Guesses[i])
		if g.Means != "" && !crowded || g.Header == "" || g.Repeats() {
			continue
		}
		if !head {
			w.line("    left:")
			head = true
		}
		why := g.Why
		if crowded {
			why = "a group of targets has one list, of what is let in or of what is kept out, and another column is the former"
		} else if why == "" || why == saidSo {
			why = "match did not recognise the column; write where it belongs, or why it does not matter"
		}
		w.line("      %s: %s", q(g.Header), q(why))
	}
}
