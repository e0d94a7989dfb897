package profile

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Names of money and of caps are told by what their words say together, since
// people put them together in too many ways for a list: whose money it is, and
// who does what with it; how long a cap lasts.

// moneySide says whose money a column of a name holds: revenue or total, or
// nothing. It is sure where the name says so, and unsure where it names an amount
// and no side, or both.
func moneySide(tokens []string) (means string, score float64) {
	has := func(lists ...string) bool {
		return slices.ContainsFunc(lists, func(list string) bool { return anyWord(tokens, headerWords().lists[list]) })
	}
	affiliate, advertiser, us := has("affiliate", "outgoing"), has("advertiser", "incoming"), has("us")
	if hasAny(tokens, "customer", "kunde", "kunden") && hasAny(tokens, "payable", "new", "existing", "neu", "bestand") {
		advertiser = false
	}
	paid, earned, gets, pays := has("paid"), has("earned"), has("gets"), has("pays")
	amount := paid || earned || has("bare") || gets || pays
	switch {
	case has("not money"), !amount && !affiliate && !advertiser && !us:
		return "", 0
	case !amount: // a side alone, and what it holds must look like money
		return pick(affiliate, "revenue", "total"), 0.3
	case us && pays && !paid && !advertiser && !has("affiliate") && has("outgoing"): // we pay out
		return "revenue", 0.5
	case affiliate && (advertiser || us), advertiser && us, gets && pays:
		return pick(paid && !earned, "revenue", "total"), 0.5
	case hasAny(tokens, "share", "split", "net", "netto", "доля"): // whose, and of what?
		return pick(affiliate || paid && !advertiser, "revenue", "total"), pick(affiliate != advertiser || paid, 1, 0.5)
	case affiliate && pays, advertiser && gets:
		return pick(affiliate, "revenue", "total"), 0.5
	case affiliate:
		return "revenue", 1
	case advertiser:
		return "total", 1
	case us && hasAny(tokens, "re", "are", "get", "to", "us", "uns", "nos", "нам", "ci"): // we are paid, they pay us
		return "total", 0.5
	case us && (pays || paid && !hasAny(tokens, "commission", "provision", "comision")):
		return "revenue", 0.5
	case us:
		return "total", pick(gets || earned, 1, 0.7)
	case paid && earned, paid && pays && len(tokens) > 2:
		return "revenue", 0.5
	case paid:
		return "revenue", pick(allKnown(tokens), 1, 0.5) // a commission of whom?
	case earned:
		return "total", pick(allKnown(tokens), 1, 0.5)
	case hasAny(tokens, "they") && gets:
		return "revenue", 1
	case hasAny(tokens, "you", "your") && gets:
		return "revenue", 0.5
	}
	return pick(pays, "revenue", "total"), 0.5
}

// allKnown tells whether all words of a header are known, or say nothing.
func allKnown(tokens []string) bool {
	return !slices.ContainsFunc(tokens, func(t string) bool {
		return utf8.RuneCountInString(t) > 1 && !slices.Contains(fillers, t) && !headerWords().knows(t)
	})
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func hasAny(tokens []string, words ...string) bool { return anyWord(tokens, words) }

// bareCap is how sure the name of a cap is that does not say how long it lasts.
const bareCap = 0.55

// capPeriod says how long a cap of a name lasts: cap_day, cap_month or cap_all,
// or nothing where it is no cap of conversions.
func capPeriod(tokens []string) (means string, score float64) {
	tokens = slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return slices.Contains(fillers, t) })
	of := func(list string) func(t string) bool {
		return func(t string) bool { return token{text: t}.anyOf(headerWords().lists[list]) > 0 }
	}
	has := func(list string) bool { return anyWord(tokens, headerWords().lists[list]) }
	like := func(list string) bool { return slices.ContainsFunc(tokens, of(list)) }
	limit, counted := has("cap"), has("counted")
	sure := pick(limit, 1, pick(counted, 0.75, 0.5))
	switch {
	case has("not cap"), !limit && !counted && (like("overall") || len(tokens) > 1): // a period alone may do
		return "", 0
	case like("daily"), limit && slices.Contains(tokens, "d"):
		return "cap_day", sure
	case like("monthly"):
		return "cap_month", sure
	case like("overall"), limit && slices.Contains(tokens, "t"):
		return "cap_all", sure
	case limit && len(slices.DeleteFunc(tokens, of("counted"))) == 1:
		return "cap_day", bareCap // most caps are a day's
	}
	return "", 0
}

// ruled tells which meanings are named by a rule, and by which.
func ruled(meaning string) func(tokens []string) (string, float64) {
	switch {
	case meaning == "revenue", meaning == "total":
		return moneySide
	case strings.HasPrefix(meaning, "cap_"):
		return capPeriod
	}
	return nil
}
