package profile

import (
	"slices"
	"strings"
	"unicode/utf8"

	"offerlift/mapping"
)

// Names of money and of caps are told by what their words say together, since
// people put them together in too many ways for a list: whose money it is, and
// who does what with it; how long a cap lasts.

// ruling is what a rule tells of a name.
type ruling struct {
	means string
	score float64
}

// heading is a header with what is told of it alone.
type heading struct {
	text       string
	tokens     []token
	parts      [][]token // of several names with strokes between: Goal / Event
	money, cap ruling
}

func newHeading(text string) *heading {
	h := &heading{text: text, tokens: tokensOf(text)}
	if parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/|\n", r) }); len(parts) > 1 {
		for _, part := range parts {
			h.parts = append(h.parts, tokensOf(part))
		}
	}
	h.money.means, h.money.score = moneySide(texts(h.tokens))
	h.cap.means, h.cap.score = capPeriod(texts(h.tokens))
	return h
}

// moneySide says whose money a column of a name holds: revenue or total, or
// nothing. It is sure where the name says so, and unsure where it names an amount
// and no side, or both.
func moneySide(tokens []string) (means string, score float64) {
	tokens, loose := moneyWords(tokens)
	if loose {
		defer func() { score = min(score, 0.5) }()
	}
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
	case has("not money"), !amount && !affiliate && !advertiser && !us, rateOf(tokens):
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

// moneyWords leaves out of a header's words what an amount is paid for: income per
// conversion, payout/call. Loose are words that are amounts of other things as
// often: a basket, a deposit.
func moneyWords(tokens []string) (words []string, loose bool) {
	lists := headerWords().lists
	has := func(lists ...string) bool {
		return slices.ContainsFunc(lists, func(list string) bool { return anyWord(tokens, headerWords().lists[list]) })
	}
	sided := has("affiliate", "advertiser", "paid", "earned", "us") || hasAny(tokens, "per", "/")
	for i, t := range tokens {
		switch one := []string{t}; {
		case sided && i+1 < len(tokens) && anyWord(one, lists["counts as"]) && anyWord(tokens[i+1:i+2], lists["paid for"]): // per valid lead
		case i > 0 && hasAny(tokens[i-1:i], "per", "/", "pro", "por", "par", "за") && anyWord(one, lists["paid for"]):
		case sided && i > 0 && anyWord(one, lists["paid for"]):
		case sided && anyWord(one, lists["loose money"]):
			loose = true
		default:
			words = append(words, t)
		}
	}
	return words, loose
}

// rateOf tells of a share that is nobody's: Lead to install %.
func rateOf(tokens []string) bool {
	others := slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return t == "%" || slices.Contains(fillers, t) })
	return len(others) > 0 && slices.Contains(tokens, "%") && !slices.ContainsFunc([]string{"paid", "earned", "bare", "gets", "pays", "affiliate", "advertiser", "us", "outgoing", "incoming"}, func(list string) bool {
		return anyWord(others, headerWords().lists[list])
	})
}

// allKnown tells whether all words of a header are of money and its sides, or say
// nothing.
func allKnown(tokens []string) bool {
	return !slices.ContainsFunc(tokens, func(t string) bool {
		return utf8.RuneCountInString(t) > 1 && !slices.Contains(fillers, t) && !mapping.IsCurrency(t) && !slices.ContainsFunc([]string{"paid", "earned", "bare", "gets", "pays", "outgoing", "incoming", "paid for", "offer", "type", "us", "affiliate", "advertiser"}, func(list string) bool {
			return newToken(t, false).anyOf(headerWords().lists[list]) > 0
		})
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

// capPeriod says how long a cap of a name lasts and what it counts, as one of
// capKinds, or nothing where it is no cap.
func capPeriod(tokens []string) (means string, score float64) {
	tokens = slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return slices.Contains(fillers, t) })
	of := func(list string) func(t string) bool {
		return func(t string) bool { return newToken(t, false).anyOf(headerWords().lists[list]) > 0 }
	}
	has := func(lists ...string) bool {
		return slices.ContainsFunc(lists, func(list string) bool { return anyWord(tokens, headerWords().lists[list]) })
	}
	like := func(list string) bool { return slices.ContainsFunc(tokens, of(list)) }
	limit, counted, kind := has("cap"), has("counted"), ""
	switch {
	case has("cap budget"):
		limit, kind = true, "_budget"
	case hasAny(tokens, "cap", "caps", "limit", "лимит", "кап", "капа", "limite") && has("paid", "earned"):
		kind = "_budget"
	case limit && has("cap clicks"):
		kind = "_clicks"
	case limit && has("cap impressions"):
		kind = "_impressions"
	}
	sure := pick(limit, 1, pick(counted, 0.75, 0.5))
	if kind == "_budget" && has("paid") != has("earned") { // of one side's money
		sure = 0.7
	}
	rest := slices.DeleteFunc(slices.Clone(tokens), func(t string) bool {
		return anyWord([]string{t}, headerWords().lists["counted"]) || anyWord([]string{t}, headerWords().lists["offer"])
	})
	switch {
	case has("not cap"), !limit && counted && like("monthly"), // sales of the month are a statistic
		!limit && !counted && (like("overall") || len(tokens) > 1): // a period alone may do
		return "", 0
	case like("hourly") && limit && (kind == "" || kind == "_clicks"):
		return "cap_hour" + kind, sure
	case like("daily"), limit && slices.Contains(tokens, "d"):
		return "cap_day" + kind, sure
	case like("monthly"):
		return "cap_month" + kind, sure
	case like("overall"), limit && slices.Contains(tokens, "t"):
		return "cap_all" + kind, sure
	case limit && kind != "":
		return pick(kind == "_budget", "cap_all", "cap_day") + kind, bareCap
	case limit && len(rest) < 2 && has("offer") && len(tokens) > 1:
		return "cap_all", bareCap
	case limit && len(rest) < 2:
		return "cap_day", bareCap // most caps are a day's
	}
	return "", 0
}
