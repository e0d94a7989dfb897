package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// Doubts are warnings of what the API takes, and few who write it mean: each
// stands for a mistake that costs money once the offer runs.

// checkMoney: a payout says what is paid, and a payout in percent looks like
// one.
func (a *assembly) checkMoney(r *values) {
	book := schemaRules()
	total, revenue := r.of(book.total), r.of(book.revenue)
	missing := func(f field) bool { return f.state == absent || f.state == cleared }
	if !missing(total) && !missing(revenue) || r.edits() || r.rec.refused() {
		return
	}
	const zero = "fill it, or write 0 where that is meant"
	switch {
	case missing(total) && missing(revenue):
		a.doubt(r, codeNoAmount, book.total, book.revenue, "the payout has neither %s nor %s, so nobody pays and nobody is paid: fill them, or write 0 where that is meant",
			book.total.Name, book.revenue.Name)
	case missing(revenue) && total.state == given:
		a.doubt(r, codeNoAmount, book.revenue, book.total, "there is no %s, so the affiliate would get nothing of what the advertiser pays: %s", r.rec.bind.nameOf(book.revenue), zero)
	case missing(total) && revenue.state == given:
		a.doubt(r, codeNoAmount, book.total, book.revenue, "there is no %s, so the advertiser would pay nothing of what the affiliate gets: %s", r.rec.bind.nameOf(book.total), zero)
	}
}

// doubt tells a warning at a column's cell, or at the other column's where the
// table does not have the first.
func (a *assembly) doubt(r *values, code string, col, other *affise.Column, format string, args ...any) {
	if r.rec.bind.place(col) < 0 && other != nil {
		col = other
	}
	a.warn(r, code, col, format, args...)
}

// checkClicks: clicks and views have no goal but the one that every payout has
// where none is given.
func (a *assembly) checkClicks(r *values) {
	book := schemaRules()
	kind, goal := r.of(book.payType), r.of(book.goal)
	if goal.state == given && goal.text != "1" && (kind.text == "cpc" || kind.text == "cpm") {
		a.warn(r, codeClickGoal, book.goal, "the goal %s is of conversions, and %s is %s, which pays for each click or view: look which is meant", quote(goal.text), book.payType.Name, kind.text)
	}
}

// checkExclude: what is left out must be named.
func (a *assembly) checkExclude(r *values) {
	book := schemaRules()
	exclude, countries := r.of(book.exclude), r.of(book.countries)
	if exclude.text == "1" && (countries.state == absent || countries.state == cleared) && !r.edits() {
		a.doubt(r, codeNothingLeftOut, book.exclude, nil, "%s is yes and %s names none, so the payout counts in every country: write those that are left out", book.exclude.Name, book.countries.Name)
	}
}

// checkTarget: what a group lets in, it does not keep out as well.
func (a *assembly) checkTarget(r *values) {
	for _, f := range r.body {
		allow, _ := f.Value.Get("allow")
		deny, _ := f.Value.Get("deny")
		if both := inBoth(allow, deny, ""); both != "" {
			a.add(r.rec.message(sheet.LevelWarning, codeBothWays, r.placeOf(f.Key, "deny"), fmt.Sprintf(
				"%s %s is let in and kept out at once: take it out of %s_allow or of %s_deny", f.Key, quote(both), f.Key, f.Key)))
		}
	}
}

// inBoth is the first text that two lists, or two lists of one key, have both;
// blank for none.
func inBoth(a, b affise.Value, key string) string {
	for _, f := range a.Fields() {
		other, _ := b.Get(f.Key)
		if both := inBoth(f.Value, other, f.Key); both != "" {
			return both
		}
	}
	for _, item := range a.Items() {
		if item.IsText() && slices.ContainsFunc(b.Items(), func(v affise.Value) bool { return v.IsText() && v.Str() == item.Str() }) {
			return strings.TrimPrefix(key+":"+item.Str(), ":")
		}
	}
	return ""
}

// placeOf is the place of the column whose key begins so; -1 for none.
func (r *values) placeOf(path ...string) int {
	return slices.IndexFunc(r.rec.bind.columns, func(c bound) bool {
		return len(c.col.Path) >= len(path) && slices.Equal(c.col.Path[:len(path)], path)
	})
}

// earlier is a child of the offer at hand, for comparing those that follow.
type earlier struct {
	rec  record
	body []affise.Field
}

// mostCompared is how many children of one kind are held against each other.
const mostCompared = 250

// checkAlike: no two payouts are for the same conversions, and no two caps limit
// the same.
func (a *assembly) checkAlike(r *values) {
	rule := schemaRules().alike[r.rec.bind.part]
	if rule.what == "" || r.rec.bind.part == schemaRules().payouts && r.of(schemaRules().personal).state == wrong {
		return
	}
	if len(a.earlier) > 0 && a.earlier[0].rec.bind.part != r.rec.bind.part {
		a.earlier = a.earlier[:0]
	}
	for i := range a.earlier {
		e := &a.earlier[i]
		if rule.what == capsOfSame {
			a.checkCapOrder(r, e)
		}
		if sameFields(e.body, r.body, rule.free) {
			a.add(r.rec.message(sheet.LevelWarning, codeAlike, -1, fmt.Sprintf("%s and %s are %s: take one out, or tell them apart",
				r.rec.calledBeside(&e.rec), e.rec.calledBeside(r.rec), rule.what)))
			break
		}
	}
	if len(a.earlier) < mostCompared {
		a.earlier = append(a.earlier, earlier{*r.rec, r.body})
	}
}

// checkCapOrder: of two caps of the same, that of the longer period is the higher
// one.
func (a *assembly) checkCapOrder(r *values, e *earlier) {
	book := schemaRules()
	period, value := textOf(e.body, "period"), textOf(e.body, "value")
	own, limit := r.of(book.capPeriod).text, r.of(book.capValue).text
	if period == own || value == "" || limit == "" || !sameFields(e.body, r.body, []string{"period", "value"}) {
		return
	}
	long, most, short, least := own, limit, period, value
	if slices.Index(book.capPeriod.Allowed, period) > slices.Index(book.capPeriod.Allowed, own) {
		long, most, short, least = period, value, own, limit
	}
	if compare(most, least) < 0 {
		a.warn(r, codeCapOrder, book.capValue, "the cap of the %s is %s and that of the %s %s, which is never reached: look whether the two are swapped", periodName(long), most, periodName(short), least)
	}
}

func periodName(period string) string {
	if period == "all" {
		return "whole time"
	}
	return period
}

// textOf is the text of a field of a body.
func textOf(body []affise.Field, key string) string {
	for _, f := range body {
		if f.Key == key {
			return f.Value.Str()
		}
	}
	return ""
}

// calledBeside names a row beside another one: by its columns where both stand
// in one row.
func (r *record) calledBeside(other *record) string {
	if r.bind.number > 0 && r.row == other.row {
		return fmt.Sprintf("%s %d", r.bind.def.Prefix, r.bind.number)
	}
	m := r.message("", "", -1, "")
	if r.bind.table == other.bind.table {
		return cmp.Or(sheet.Message{Cell: m.Cell}.Place(), "the row")
	}
	return m.Place()
}

// sameFields tells whether two bodies agree in all but the keys that are free.
func sameFields(a, b []affise.Field, free []string) bool {
	next := func(list []affise.Field) []affise.Field {
		for len(list) > 0 && slices.Contains(free, list[0].Key) {
			list = list[1:]
		}
		return list
	}
	for a, b = next(a), next(b); len(a) > 0 && len(b) > 0; a, b = next(a[1:]), next(b[1:]) {
		if a[0].Key != b[0].Key || !sameValue(a[0].Value, b[0].Value) {
			return false
		}
	}
	return len(a) == 0 && len(b) == 0
}

func sameValue(a, b affise.Value) bool {
	return a.Str() == b.Str() && a.IsText() == b.IsText() && slices.EqualFunc(a.Items(), b.Items(), sameValue) &&
		slices.EqualFunc(a.Fields(), b.Fields(), func(x, y affise.Field) bool { return x.Key == y.Key && sameValue(x.Value, y.Value) })
}

// checkGoals: the goals that a cap or a tier names are those of the offer's
// payouts, where these have any.
func (a *assembly) checkGoals(r *values) {
	if len(a.goals) == 0 {
		return
	}
	for place, c := range r.rec.bind.columns {
		if c.col.Key != "goals[]" && c.col.Key != "target_goals[]" || r.fields[place].state != given {
			continue
		}
		list, _ := affise.Map(r.body...).Get(c.col.Path...)
		for _, goal := range list.Items() {
			if !slices.Contains(a.goals, goal.Str()) {
				a.noGoal(r, place, goal.Str())
			}
		}
	}
}

// noGoal tells of a goal that no payout of the offer has. One that is spelt nearly
// as a payout's can only be that one, and the offer would go live without the cap.
func (a *assembly) noGoal(r *values, place int, goal string) {
	level, near := sheet.LevelWarning, nearest(goal, a.goals)
	how := ": its payouts have " + orList(a.goals[:min(5, len(a.goals))])
	if near != "" {
		how = didYouMean(near)
		if needed, _ := a.needed(); needed == sheet.LevelError {
			level = needed
		}
	}
	a.add(r.rec.message(level, codeNoGoal, place, fmt.Sprintf("no payout of the offer has the goal %s, so nothing would count here%s", quote(goal), how)))
}

// thousandOr says of an amount of three zeros behind its sign that it may mean
// thousands, as elsewhere; blank for others.
func thousandOr(text, number string) string {
	whole, decimals, _ := strings.Cut(number, ".")
	if decimals != "000" || whole == "0" || len(whole) > 3 {
		return ""
	}
	return fmt.Sprintf("%s was read as %s: where %s thousand are meant, write %s000", quote(text), whole, whole, whole)
}

// doubtfulCountry says of a word what else it may mean than a country; blank for
// nothing. It stands alone in its cell.
func doubtfulCountry(word string) string {
	switch {
	case strings.EqualFold(word, "NA"):
		return "where not available is meant, clear the cell; where Namibia is, write its name"
	case word == "no" || word == "No":
		return "where the word no is meant, clear the cell; where Norway is, write its name"
	}
	return ""
}

// checkBraces tells an error where a macro lacks a brace or has one too many,
// since it would be passed on as it stands.
func (c *cell) checkBraces(text string) bool {
	ok := true
	for i := 0; i < len(text); i++ {
		if text[i] != '{' {
			continue
		}
		first := i
		for strings.HasPrefix(text[i+1:], "{") {
			i++
		}
		rest := text[i+1:]
		name := rest[:len(rest)-len(strings.TrimLeftFunc(rest, isWordRune))]
		if !isMacro(macrosOf(c.col), name) && !slices.Contains(clickMacros[:], strings.ToLower(name)) {
			continue
		}
		what := ""
		switch {
		case !strings.HasPrefix(rest[len(name):], "}"):
			what = "no brace behind it"
		case i > first:
			what = "two braces before it"
		case strings.HasSuffix(text[:first], "$") && c.col.Macros != "postback":
			what = "a $ before it"
		default:
			continue
		}
		c.fail(codeBraces, "the macro %s has %s, so it would be passed on as it stands: write {%s}, with one brace on each side", name, what, name)
		ok = false
	}
	return ok
}

// checkSameOffer: a row that was copied for another offer says something else
// than the first.
func (a *assembly) checkSameOffer(u *unit, own *values) {
	first, alike := a.m.index.alike[u.ordinal]
	if _, creates := a.needed(); !alike || !creates {
		return
	}
	a.add(own.rec.message(sheet.LevelWarning, codeSameOffer, own.rec.bind.place(schemaRules().key), fmt.Sprintf(
		"the row has the same advertiser, title and URL as the offer in %s, and another %s: take one out, unless two offers are meant",
		a.m.placeOf(first, own.rec.bind.table), schemaRules().key.Name)))
}

// checkURLKey: a URL that was copied from another offer's row carries its key.
func (a *assembly) checkURLKey(u *unit, own *values, key string) {
	book := schemaRules()
	url := own.of(book.url)
	if _, creates := a.needed(); !creates || url.state != given || key == "" || strings.Contains(url.text, key) {
		return
	}
	_, query, _ := strings.Cut(url.text, "?")
	for part := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(part, "=")
		if len(value) < 4 || value[0] == '{' || allDigits(value) {
			continue // short ones and numbers are of the advertiser as likely as not
		}
		if other, ok := a.m.index.find(value); ok && other != u.ordinal {
			a.warn(own, codeDoubtfulURL, book.url, "the URL carries %s, which is the key of the offer in %s: look whether it was copied from there and not changed", quote(value), a.m.placeOf(other, own.rec.bind.table))
			return
		}
	}
}
