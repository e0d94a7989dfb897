package profile

import (
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/mapping"
)

// How a proposal writes what goes into a column of ours under that column's own
// name: browsers, hours, a second payout.

// ours are the guesses that go into the nth record of a part; all records beside
// the first are told apart by what follows the prefix: _2.
func (p *Proposal) ours(prefix, nth string) []*Guess {
	var found []*Guess
	for i := range p.Guesses {
		if m := p.Guesses[i].meaning(); m != nil && m.column != nil && m.part.Prefix == prefix && m.nth == nth {
			found = append(found, &p.Guesses[i])
		}
	}
	return found
}

func (g *Guess) meaning() *meaning { return meaningOf(g.Means) }

// denied are the columns of ours that are a list and a flag which says that it
// is one of what is kept out.
func denied(means string) (list string, is bool) {
	list, is = map[string]string{"target_os_deny": "os_allow", "target_device_type_deny": "device_type"}[means]
	return list, is
}

// crowded tells whether a column lists what is kept out, and another what is let
// in, where a group of targets has one list for the one or the other.
func (p *Proposal) crowded(g *Guess) bool {
	list, is := denied(g.Means)
	return is && p.guessOf(list) != nil
}

// own is what a profile's column is written as that takes a guess: its name and
// where it comes from.
func (w *writer) own(g *Guess) (name, source string) {
	m, more := g.meaning(), ""
	name = m.column.Name
	if ids := m.column.IDs; ids != "" && !g.hasIDs() {
		more = fmt.Sprintf(", ids: %s, missing: warn", ids)
	} else if len(w.p.tableOf(g.Means)) > 0 {
		more = ", values: " + g.Means
	}
	if m.column.Kind == affise.KindDate || m.column.Kind == affise.KindMoment {
		more += ", take: day"
	}
	return name, fmt.Sprintf("{from: %s%s}", q(g.Header), more)
}

// hasIDs tells whether a column holds the account's ids already.
func (g *Guess) hasIDs() bool {
	hex := func(text string) bool {
		return !slices.ContainsFunc(splitList(text), func(item string) bool { return !shapes()["hex"].MatchString(item) })
	}
	if g.look.share(g.look.hexes) > 0.9 {
		return true
	}
	return g.look.filled > 0 && !slices.ContainsFunc(sortedKeys(g.look.seen), func(text string) bool { return !hex(text) })
}

// ownColumns writes those of a record.
func (w *writer) ownColumns(prefix string) {
	for _, g := range w.p.ours(prefix, "") {
		name, source := w.own(g)
		w.line("          %s: %s", name, source)
	}
}

// ownTargets are the columns of the group of targets, and what says that there
// is one.
func (w *writer) ownTargets() (columns, filled []string) {
	for _, g := range w.p.ours("target", "") {
		name, source := w.own(g)
		if w.p.crowded(g) {
			continue
		}
		if list, is := denied(g.Means); is {
			columns = append(columns, name+`: {value: "yes"}`)
			name = list
		}
		columns = append(columns, name+": "+source)
		filled = append(filled, fmt.Sprintf("some(row[%s])", q(g.Header)))
	}
	return columns, filled
}

// records writes the records that the file has under our own names beside the
// offer, its payout and its group of targets.
func (w *writer) records() {
	var done []string
	for i := range w.p.Guesses {
		m := w.p.Guesses[i].meaning()
		if m == nil || m.column == nil || m.part.Prefix == "" || m.nth == "" && (m.part.Prefix == "payout" || m.part.Prefix == "target") {
			continue
		}
		if name := m.part.Prefix + m.nth; !slices.Contains(done, name) {
			done = append(done, name)
			w.record(m.part, m.nth)
		}
	}
	if g := w.p.guessOf("prelander"); g != nil {
		w.line("      prelander:")
		w.line("        into: Landings")
		w.line("        when: %s", q(fmt.Sprintf("some(row[%s])", q(g.Header))))
		w.line("        columns: {type: {value: transit}, title: {value: Prelander}, url: %[1]s, url_preview: %[1]s}", q(g.Header))
	}
}

// record writes one of them. What it needs and the file does not have is what
// most have.
func (w *writer) record(part *affise.Part, nth string) {
	var columns, names, filled []string
	for _, g := range w.p.ours(part.Prefix, nth) {
		name, source := w.own(g)
		columns, names = append(columns, name+": "+source), append(names, name)
		filled = append(filled, fmt.Sprintf("some(row[%s])", q(g.Header)))
	}
	usual := map[string]string{"period": "day", "type": "conversions", "currency": "{option.currency}", "timeframe": "month"}
	if part.Prefix == "payout" {
		usual["type"] = "fixed"
	}
	if g := w.p.guessOf("currency"); g != nil && part.Prefix == "payout" && !slices.Contains(names, "currency") {
		columns, names = append(columns, fmt.Sprintf("currency: {from: %s, default: \"{option.currency}\"}", q(g.Header))), append(names, "currency")
	}
	for _, col := range part.Columns {
		if col.Required && !slices.Contains(names, col.Name) && usual[col.Name] != "" {
			columns = append(columns, fmt.Sprintf("%s: {value: %s}", col.Name, q(usual[col.Name])))
		}
	}
	w.line("      %s%s:", part.Prefix, nth)
	w.line("        into: %s", part.Sheet)
	w.line("        when: %s", q(strings.Join(filled, " || ")))
	w.line("        columns: {%s}", strings.Join(columns, ", "))
}

// refused are the values of a column of ours, or of the lists in it, where any
// would be refused: they go through a table that says so.
func (g *Guess) refused() []string {
	m := g.meaning()
	if m == nil || m.column == nil || m.column.IDs != "" || m.column.Kind == affise.KindDate || m.column.Kind == affise.KindMoment {
		return nil
	}
	var values []string
	for _, text := range g.values {
		items := []string{text}
		if m.column.List || m.column.Kind == affise.KindVersions {
			items = splitList(text)
		}
		values = append(values, items...)
	}
	if !slices.ContainsFunc(values, func(text string) bool { return ownValue(m, text) != text }) {
		return nil
	}
	return values
}

// ownValue is what a value is as our column takes it; blank for one that it does
// not take.
func ownValue(m *meaning, text string) string {
	taken := func(text string) bool {
		return text != "" && mapping.Refusal(m.part, m.column, text, mapping.Options{}) == ""
	}
	concept := map[string]string{"redirect_type": "redirect", "device_type": "device", "connection": "connection"}[m.column.Name]
	switch {
	case taken(text):
		return text
	case m.column.Kind == affise.KindFlag || m.column.Kind == affise.KindTrueFalse:
		return mapping.Meant("flag", text)
	case concept != "" && taken(mapping.Meant(concept, text)):
		return mapping.Meant(concept, text)
	}
	return ""
}

// counted is a column of counts as a number: 5k is 5000, and a unit that all
// carry is taken off.
func counted(g *Guess) string {
	row := fmt.Sprintf("row[%s]", q(g.Header))
	if unit := g.look.unit(); unit != "" && strings.ToLower(strings.TrimSpace(unit)) != "k" {
		return fmt.Sprintf(`replace(%s, %s, "")`, row, q(unit))
	}
	if !slices.ContainsFunc(g.look.cells, shapes()["thousands"].MatchString) {
		return ""
	}
	plain := fmt.Sprintf(`replace(replace(lower(%s), " ", ""), ",", ".")`, row)
	digits := fmt.Sprintf(`split(replace(%s, "k", "") + ".", ".")`, plain)
	return fmt.Sprintf(`%[1]s matches "^[0-9]+([.][0-9]+)?k$" ? %[2]s[0] + (%[2]s[1] + "000")[0:3] : %[3]s`, plain, digits, row)
}

// span is a column of lengths of time where it holds bare numbers, which are days.
// It is blank where the column can be taken as it is.
func span(g *Guess) string {
	if g.look.integers < g.look.filled {
		return ""
	}
	row := fmt.Sprintf("row[%s]", q(g.Header))
	return fmt.Sprintf(`some(%[1]s) ? %[1]s + "d" : ""`, row)
}

// signs are those beside a column's amounts without which alone an amount is
// taken, such as R$, or all where a column takes none.
func signs(g *Guess, none bool) []string {
	part, _, column := flatColumn("payout_total")
	var found []string
	for _, text := range sortedKeys(g.look.seen) {
		text = shapes()["model"].ReplaceAllString(text, "")
		digits := strings.Trim(text, "0123456789., ")
		taken := func(text string) bool { return mapping.Refusal(part, column, text, mapping.Options{}) == "" }
		rest := strings.TrimSpace(strings.ReplaceAll(text, digits, ""))
		if digits != "" && len([]rune(digits)) < 4 && digits != "%" && !slices.Contains(found, digits) && (none || !taken(text)) && taken(rest) {
			found = append(found, digits)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) }) // R$ before $
	return found
}

// typeOf is how an amount is paid, by what it says of itself: 5 %, CPC: $0.10.
func typeOf(g *Guess) string {
	row, plain := fmt.Sprintf("row[%s]", q(g.Header)), `"fixed"`
	if slices.ContainsFunc(g.look.cells, shapes()["model"].MatchString) {
		plain = fmt.Sprintf(`lower(split(%s, ":")[0]) in ["cpc", "cpm"] ? lower(split(%[1]s, ":")[0]) : "fixed"`, row)
	}
	return fmt.Sprintf(`%s contains "%%" ? "percent" : %s`, row, plain)
}

// withoutSigns is a column of amounts without the signs that it cannot keep;
// blank where it has none.
func withoutSigns(g *Guess, none bool) string {
	expression := fmt.Sprintf("row[%s]", q(g.Header))
	if slices.ContainsFunc(g.look.cells, shapes()["model"].MatchString) {
		expression = fmt.Sprintf(`replace(%[1]s, split(%[1]s, ":")[0] + ":", "")`, expression)
	}
	for _, sign := range signs(g, none) {
		expression = fmt.Sprintf(`replace(%s, %s, "")`, expression, q(sign))
	}
	if !strings.HasPrefix(expression, "replace") {
		return ""
	}
	return "trim(" + expression + ")"
}
