package mapping

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// This file holds the rules between columns, and with them every name of a
// column that the package knows. All else comes from the schema.

// The modes and actions.
const (
	modeCreate = "create"
	modeUpdate = "update"
	modeUpsert = "upsert"
	actionSkip = "skip"
)

// ruleBook is the rules with their columns looked up in the schema.
type ruleBook struct {
	key, ref, action, title *affise.Column
	url                     *affise.Column
	identity                []*affise.Column // what a key is made of where there is none
	exact                   []exactRule
	needs                   []needRule
	percents                []percentRule
	payouts, caps, tiers    int // the parts' indexes
	targets                 int
	personal                *affise.Column
	total, revenue          *affise.Column
	payType, goal           *affise.Column
	countries, exclude      *affise.Column
	alike                   map[int]alikeRule // by the part
	capValue, capType       *affise.Column
	capPeriod               *affise.Column
	tiersFlag               *affise.Column
	start, stop             *affise.Column
	hold, holdUnit          *affise.Column
	periods                 [][2]*affise.Column // first and last moment of a period
}

const capsOfSame = "caps of the same"

// alikeRule: no two children of an offer agree in all but the keys that are
// free.
type alikeRule struct {
	what string // what two such children are
	free []string
}

// exactRule: the list is filled if, and only if, the column says exact.
type exactRule struct {
	part         int
	column, list *affise.Column
}

// needRule: where the column is filled, with one of these values if it names
// any, the other must be filled too.
type needRule struct {
	part          int
	column, other *affise.Column
	values        []string
}

// percentRule: the amount is a percentage where the column has one of these
// values.
type percentRule struct {
	part           int
	amount, column *affise.Column
	values         []string
}

// schemaRules looks the rules' columns up once. A name that the schema does
// not have is a mistake in this file, so it panics, in every test.
var schemaRules = sync.OnceValue(func() *ruleBook {
	r := &ruleBook{
		key: column("", "external_offer_id"), ref: column("", "offer"), action: column("", "action"), title: column("", "title"), url: column("", "url"),
		identity: []*affise.Column{column("", "advertiser"), column("", "title"), column("", "url")},
		payouts:  partIndex("payments"), caps: partIndex("caps"), tiers: partIndex("commission_tiers"), targets: partIndex("targeting"),
		personal: column("payments", "affiliates"), total: column("payments", "total"), revenue: column("payments", "revenue"),
		payType: column("payments", "type"), goal: column("payments", "goal"),
		countries: column("payments", "countries"), exclude: column("payments", "country_exclude"),
		capValue: column("caps", "value"), capType: column("caps", "type"), capPeriod: column("caps", "period"),
		tiersFlag: column("", "enabled_commission_tiers"),
		start:     column("", "start_at"), stop: column("", "stop_date"),
		hold: column("", "hold_period"), holdUnit: column("", "hold_type"),
		periods: [][2]*affise.Column{
			{column("", "start_at"), column("", "stop_date")},
			{column("", "schedule_date_start"), column("", "schedule_date_to")},
		},
	}
	r.alike = map[int]alikeRule{
		r.payouts: {"payouts for the same conversions, and it is not said which of them counts", []string{"title", "currency", "total", "revenue", "url", "baseline_value"}},
		r.caps:    {capsOfSame, []string{"value"}},
	}
	r.addExact("caps", "goal_type", "goals")
	r.addExact("caps", "affiliate_type", "affiliates")
	r.addExact("caps", "country_type", "country")
	r.addExact("commission_tiers", "affiliate_type", "affiliates")
	r.addNeed("", "cross_postback_method", "cross_postback_body", "post")
	r.addNeed("payments", "type", "baseline_value", "baseline_onetime", "baseline_accumulating")
	r.addNeed("caps", "sub_number", "sub_value")
	r.addNeed("caps", "sub_value", "sub_number")
	r.addPercent("payments", "total", "type", "percent", "mixed", "first_cps")
	r.addPercent("payments", "revenue", "type", "percent", "mixed", "first_cps")
	r.addPercent("commission_tiers", "modifier_value", "modifier_type", "by_percent", "to_percent")
	return r
})

func partIndex(key string) int {
	i := slices.IndexFunc(words().parts, func(p affise.Part) bool { return p.Key == key })
	if i < 0 {
		panic("mapping: the schema has no part " + key)
	}
	return i
}

func column(part, name string) *affise.Column {
	col, ok := words().parts[partIndex(part)].Column(name)
	if !ok {
		panic(fmt.Sprintf("mapping: the schema has no column %s in %q", name, part))
	}
	return col
}

func (r *ruleBook) addExact(part, name, list string) {
	r.exact = append(r.exact, exactRule{partIndex(part), column(part, name), column(part, list)})
}

func (r *ruleBook) addNeed(part, name, other string, values ...string) {
	r.needs = append(r.needs, needRule{partIndex(part), column(part, name), column(part, other), values})
}

func (r *ruleBook) addPercent(part, amount, name string, values ...string) {
	r.percents = append(r.percents, percentRule{partIndex(part), column(part, amount), column(part, name), values})
}

// percentRule is the rule of an amount, or nil.
func (r *ruleBook) percentRule(part int, amount *affise.Column) *percentRule {
	i := slices.IndexFunc(r.percents, func(p percentRule) bool { return p.part == part && p.amount == amount })
	if i < 0 {
		return nil
	}
	return &r.percents[i]
}

// checkRow holds a row's values against the rules of its part.
func (a *assembly) checkRow(r *values) {
	book, bind := schemaRules(), r.rec.bind
	for i := range bind.exact {
		a.checkExact(r, &bind.exact[i])
	}
	for i := range bind.needs {
		a.checkNeed(r, &bind.needs[i])
	}
	a.checkAmounts(r)
	switch bind.part {
	case book.payouts:
		a.checkPayout(r)
		a.checkMoney(r)
		a.checkClicks(r)
		a.checkExclude(r)
	case book.caps:
		a.checkCap(r)
		a.checkGoals(r)
	case book.tiers:
		a.checkGoals(r)
	case book.targets:
		a.checkTarget(r)
	case 0:
		a.checkDates(r)
	}
}

func (a *assembly) checkExact(r *values, rule *exactRule) {
	kind, list := r.of(rule.column), r.of(rule.list)
	if kind.state == wrong || list.state == wrong {
		return
	}
	exact := kind.text == "exact"
	switch {
	case exact && list.state != given:
		a.fail(r, codeExact, rule.list, rule.column, "%s is exact, so %s must say which: fill it, or write all or each into %s",
			rule.column.Name, rule.list.Name, rule.column.Name)
	case !exact && list.state == given && kind.state == absent:
		a.fail(r, codeExact, rule.list, rule.column, "%s is filled, so %s must be exact: write it, or clear %s",
			rule.list.Name, rule.column.Name, rule.list.Name)
	case !exact && list.state == given:
		a.fail(r, codeExact, rule.list, rule.column, "%s is %s, so %s must be blank: clear it, or write exact into %s",
			rule.column.Name, kind.text, rule.list.Name, rule.column.Name)
	}
}

func (a *assembly) checkNeed(r *values, rule *needRule) {
	f, other := r.of(rule.column), r.of(rule.other)
	if f.state != given || other.state == given || other.state == wrong {
		return
	}
	if len(rule.values) == 0 {
		a.fail(r, codeNeeds, rule.other, rule.column, "%s is filled, so %s must be filled too: fill it, or clear both", rule.column.Name, rule.other.Name)
	} else if slices.Contains(rule.values, f.text) {
		a.fail(r, codeNeeds, rule.other, rule.column, "%s is %s, so %s must be filled too: fill it, or choose another %s", rule.column.Name, f.text, rule.other.Name, rule.column.Name)
	}
}

// checkAmounts looks at every amount of a row: its sign of a currency, and
// whether it is, or should be, a percentage.
func (a *assembly) checkAmounts(r *values) {
	for _, amount := range r.rec.bind.amounts {
		col, f := r.rec.bind.columns[amount.place].col, &r.fields[amount.place]
		if f.state != given {
			continue
		}
		if f.sign != "" {
			a.checkSign(r, col, f)
		}
		a.checkPercent(r, col, f, amount.rule)
	}
}

func (a *assembly) checkSign(r *values, col *affise.Column, f *field) {
	currency := r.rec.bind.currency
	if currency == nil {
		a.fail(r, codeCurrencySign, col, nil, "%s stands beside the amount, and %s takes none: write the digits alone", quote(f.sign), r.rec.bind.nameOf(col))
		return
	}
	other := r.of(currency)
	if other.state == given && !signFits(f.sign, other.text) {
		a.fail(r, codeCurrencySign, col, nil, "%s stands beside the amount, and %s is %s: mend one of the two, and write the digits alone",
			quote(f.sign), r.rec.bind.nameOf(currency), other.text)
	}
}

func (a *assembly) checkPercent(r *values, col *affise.Column, f *field, rule *percentRule) {
	if rule == nil {
		if f.percent {
			a.fail(r, codePercent, col, nil, "%s%% is a percentage, and %s takes an amount", f.text, col.Name)
		}
		return
	}
	kind := r.of(rule.column)
	if kind.state != given {
		return
	}
	percent := slices.Contains(rule.values, kind.text)
	switch {
	case f.percent && !percent:
		a.fail(r, codePercent, col, nil, "%s%% is a percentage, and %s is %s: write an amount, or %s into %s",
			f.text, rule.column.Name, kind.text, orList(rule.values), rule.column.Name)
	case percent && kind.text == rule.values[0] && compare(f.text, "100") > 0:
		a.warn(r, codeAboveHundred, col, "%s percent is above 100: look whether the amount is right", f.text)
	case percent && kind.text == rule.values[0] && !f.percent && compare(f.text, "0") > 0 && compare(f.text, "1") < 0:
		a.warn(r, codeBelowOne, col, "%s is less than one percent: where %s percent are meant, write that", f.text, shift(f.text, 2))
	}
}

// checkPayout: the affiliate's part is not above the whole.
func (a *assembly) checkPayout(r *values) {
	book := schemaRules()
	total, revenue := r.of(book.total), r.of(book.revenue)
	if total.state != given || revenue.state != given || total.percent != revenue.percent || compare(revenue.text, total.text) <= 0 {
		return
	}
	if bind := r.rec.bind; bind.tally.swapped() && !a.m.opts.AllowLoss {
		a.fail(r, codeSwapped, book.revenue, nil, "%s", bind.swappedAmounts())
	} else {
		a.warn(r, codeAboveRevenue, book.revenue, "the affiliate would get %s (%s) and the advertiser pay %s (%s): look whether the two are swapped",
			revenue.text, book.revenue.Name, total.text, book.total.Name)
	}
}

// checkCap: only a budget is counted in parts of one, and a cap of nothing is
// none.
func (a *assembly) checkCap(r *values) {
	book := schemaRules()
	value, kind := r.of(book.capValue), r.of(book.capType)
	_, decimals, _ := strings.Cut(value.text, ".")
	switch {
	case value.state != given:
	case kind.state == given && kind.text != "budget" && strings.Trim(decimals, "0") != "":
		a.fail(r, codeNotWhole, book.capValue, nil, "%s is not whole: %s are counted in whole numbers, only a budget may have decimals", value.text, kind.text)
	case strings.Trim(value.text, "0.") == "":
		a.warn(r, codeZeroCap, book.capValue, "a cap of 0 either stops the offer or counts as none: take the row out where there is no cap")
	}
}

// checkDates: an offer starts today or later, and ends after it starts.
func (a *assembly) checkDates(r *values) {
	book := schemaRules()
	today := a.m.env.today
	if start := r.of(book.start); start.state == given && start.text[:len(today)] < today {
		a.fail(r, codePastDate, book.start, nil, "%s is past: %s must be today or later; clear it to start at once", start.text, book.start.Name)
	}
	if stop := r.of(book.stop); stop.state == given && stop.text < today {
		a.warn(r, codePastDate, book.stop, "%s is past: the offer would be over when it is made; write a day to come, or clear the cell", stop.text)
	}
	for _, p := range book.periods {
		first, last := r.of(p[0]), r.of(p[1])
		n := min(len(first.text), len(last.text))
		if first.state == given && last.state == given && last.text[:n] < first.text[:n] {
			a.fail(r, codeDateOrder, p[1], nil, "%s %s is before %s %s: look whether the two are swapped, or mend one", p[1].Name, last.text, p[0].Name, first.text)
		}
	}
}

// checkRequired: every column that an offer or a new child needs is there.
func (a *assembly) checkRequired(r *values, level sheet.Level) {
	for _, col := range r.rec.bind.required {
		place := r.rec.bind.place(col)
		if f := r.of(col); f.state != absent && f.state != cleared {
			continue
		}
		who, what, code := "a new offer needs it", r.rec.bind.nameOf(col)+" is blank", codeMissing
		if r.rec.bind.part > 0 {
			who = fmt.Sprintf("every new row of %s needs it", r.rec.bind.def.Sheet)
		}
		if place < 0 {
			what, code = "there is no column "+r.rec.bind.nameOf(col), codeMissingColumn
		}
		a.add(r.rec.message(level, code, place, fmt.Sprintf("%s, and %s: %s", what, who, col.Help)))
	}
}

// checkOffer looks at the offer as a whole: its payouts, tiers and size.
func (a *assembly) checkOffer(own *values, body affise.Value) {
	book := schemaRules()
	parts := words().parts
	switch level, needed := a.needed(); {
	case !needed || a.hasGeneral || a.twin:
	case a.m.noPayouts != "":
		a.add(own.rec.message(level, codeNoPayouts, -1, a.m.noPayouts))
	case own.of(book.key).state == absent && own.of(book.ref).state == absent && len(a.m.children) > 0:
		a.add(own.rec.message(level, codeNoPayout, own.rec.bind.place(book.key), fmt.Sprintf(
			"the offer has no payout, and no key by which a row of %s could name it: fill %s, then write it into such a row", parts[book.payouts].Sheet, book.key.Name)))
	default:
		a.add(own.rec.message(level, codeNoPayout, -1, fmt.Sprintf(
			"the offer has no general payout, one for every affiliate: add a row with %s left blank to the %s sheet, or fill columns such as %s_%s here%s",
			book.personal.Name, parts[book.payouts].Sheet, parts[book.payouts].Prefix, book.revenue.Name, a.m.maybeHidden(book.payouts))))
	}
	if _, tiers := body.Get(parts[book.tiers].Key); tiers {
		flag := own.of(book.tiersFlag)
		if flag.state != wrong && flag.text != "1" {
			a.add(own.rec.message(sheet.LevelWarning, codeTiersOff, own.rec.bind.place(book.tiersFlag), fmt.Sprintf(
				"the offer has commission tiers, and %s is not yes: they would not count; write yes", book.tiersFlag.Name)))
		}
	}
	if n := body.Leaves(); n > affise.MaxVariables {
		a.add(own.rec.message(sheet.LevelError, codeTooManyValues, -1, fmt.Sprintf(
			"the offer has %d values with its child rows, at most %d can be sent at once: shorten its lists, or split it", n, affise.MaxVariables)))
	}
}
