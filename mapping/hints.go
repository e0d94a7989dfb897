package mapping

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"offerlift/internal/affise"
)

// What people write where something else is taken. A hint says in a message
// what may have been meant, and never changes what is sent.

// didYouMean ends a message with what may have been meant; blank for nothing.
func didYouMean(what string) string {
	if what == "" {
		return ""
	}
	return ". Did you mean " + what + "?"
}

// tradeWords lists, by the value of the API, what other systems and other
// languages call it, folded. A word may stand for several values, of which a
// column takes one.
const tradeWords = `
active: live running on enabled approved open aktiv activo activa actif ativo attivo активен активный активна включен включено запущен
stopped: paused pause inactive disabled off ended deleted archived draft pending pausiert gestoppt inaktiv inactivo pausado inactif остановлен остановлено пауза выключен неактивен черновик
suspended: onhold blocked gesperrt приостановлен
public: open everyone all öffentlich público открытый публичный
protected: approval approvalrequired requireapproval requiresapproval onrequest premoderated moderated semiprivate
private: invite inviteonly closed hidden selected privat privado закрытый приватный
fixed: fix fixe flat cpa cpl cpi cpr fixedamount perlead persale peraction фикс
percent: percentage revshare revenueshare rs cps prozent процент ревшара
mixed: hybrid cparevshare both
conversions: leads sales actions installs registrations signups orders conv лиды конверсии
budget: revenue spend money payout payouts бюджет
impressions: views shows
http302: 302 redirect
mobile: iphone android phones handy handys телефон мобильный
tablet: ipad tablets
desktop: pcs web laptop mac windows
wi-fi: wlan wireless
cellular: 3g 4g 5g lte mobile carrier gsm
transit: prelander prelanding prelanders
landing: lander lp
create: new add
update: edit change
skip: ignore none no
each: every per
exact: selected specific some
confirmed: paid
declined: reject refused
`

var meanings = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(tradeWords) {
		value, words, _ := strings.Cut(line, ":")
		for _, word := range strings.Fields(words) {
			m[word] = append(m[word], value)
		}
	}
	return m
})

// meant is the allowed value that a word may stand for: by its meaning, else by
// its letters. It is blank where none is near.
func meant(text string, allowed []string) string {
	for _, value := range meanings()[fold(text)] {
		if slices.Contains(allowed, value) {
			return value
		}
	}
	return nearest(text, allowed)
}

// currencyMeant is the currency that a word may stand for.
func currencyMeant(text string) string {
	switch strings.TrimRight(strings.ToLower(text), ".") {
	case "$", "dollar", "dollars", "bucks", "доллар", "долл", "долларов", "usdt", "us":
		return "USD"
	case "euros", "евро":
		return "EUR"
	case "руб", "р", "рублей", "рубль", "rubles", "ruble", "rouble", "rur":
		return "RUB"
	case "£", "pound", "pounds", "фунт", "sterling":
		return "GBP"
	case "грн", "гривна", "hryvnia":
		return "UAH"
	case "тенге", "tenge":
		return "KZT"
	case "rupee", "rupees", "rs":
		return "INR"
	case "zł", "zl", "zloty":
		return "PLN"
	case "yen", "¥":
		return "JPY"
	case "rmb", "yuan":
		return "CNY"
	case "real", "reais", "r$":
		return "BRL"
	}
	return nearest(text, []string{"USD", "EUR", "GBP", "RUB", "UAH", "INR", "BRL", "CNY", "JPY", "CAD", "AUD", "CHF", "PLN", "TRY", "KZT"})
}

// amountHint says how to mend what is no amount.
func (c *cell) amountHint(text string) string {
	var amounts []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/;|&+()", r) }) {
		if a, p := readAmount(strings.Trim(word, ",:"), c.decimal()); p.code == "" {
			amounts = append(amounts, a.number)
		}
	}
	switch {
	case isCurrency(strings.ToUpper(strings.TrimSpace(text))):
		return "it is a currency, which has a column of its own; write the amount as 1234.50"
	case saysNone(text) && c.col.Required:
		return "a row without one says nothing, so take the row out"
	case saysNone(text):
		return "leave the cell blank where there is none"
	case len(amounts) == 1:
		return "write " + amounts[0] + " alone"
	case len(amounts) > 1 && strings.IndexFunc(text, unicode.IsLetter) < 0 && !strings.ContainsAny(text, "/;|&"):
		return "write it as 1234.50" // 1 2: digits that a blank parts
	case len(amounts) > 1:
		return fmt.Sprintf("it holds %d amounts; write one, and %s", len(amounts), c.oneMore())
	}
	if full := inFull(text); full != "" {
		return "write " + full
	}
	return "write it as 1234.50"
}

// oneMore says where a second value goes: a child of the offer's own row has
// numbered columns.
func (c *cell) oneMore() string {
	b := c.rec.bind
	if b.number > 0 {
		return fmt.Sprintf("the other into a column %s_%d_%s", b.def.Prefix, b.number+1, c.col.Name)
	}
	return "give the other a row of its own in " + b.def.Sheet
}

// inFull writes 1.4k as 1400, and is blank for what is no such number.
func inFull(text string) string {
	number := strings.TrimRightFunc(strings.TrimSpace(text), func(r rune) bool { return unicode.IsLetter(r) || r == '.' || unicode.IsSpace(r) })
	a, p := readAmount(number, 0)
	if p.code != "" {
		return ""
	}
	switch fold(text[strings.Index(text, number)+len(number):]) {
	case "k", "tsd", "тыс", "т":
		return shift(a.number, 3)
	case "m", "mio", "mln", "млн":
		return shift(a.number, 6)
	}
	return ""
}

// saysNone tells of words that people write where a cell should be blank.
func saysNone(text string) bool {
	switch fold(text) {
	case "":
		return strings.Trim(text, "-–— ") == ""
	case "na", "none", "null", "nil", "no", "unlimited", "nolimit", "nocap", "uncapped", "unbegrenzt", "open", "infinite", "tbd", "tba",
		"asap", "never", "ongoing", "безлимит", "нет", "keine", "kein":
		return true
	}
	return false
}

// orBlank ends a message where the cell may as well be blank.
func (c *cell) orBlank() string {
	if c.col.Required {
		return ""
	}
	return ", or clear the cell"
}

// leadingInteger is the whole number with which 30 days begins, or blank.
func leadingInteger(text string) string {
	digits, rest := leadingDigits(text)
	if r, _ := utf8.DecodeRuneInString(rest); digits == "" || isDigit(r) || strings.ContainsAny(rest, "0123456789") || r == '.' || r == ',' {
		return ""
	}
	return digits
}

// macroMeant is the macro that a network's own one may stand for here; of
// macros is what the column takes.
func macroMeant(name string, macros []string) string {
	word := ""
	switch folded := fold(name); folded {
	case "clickid", "transactionid", "txid", "tid", "cid", "click", "requestid", "affclickid", "subid", "trackingid", "uniqueid":
		word = clickMacros[0]
		if folded == "transactionid" && slices.Contains(macros, "transactionid") {
			word = folded
		}
	case "affiliateid", "affid", "publisherid", "pubid", "partnerid", "affsid":
		word = "pid"
	case "payout", "amount", "revenue", "saleamount":
		word = "sum"
	case "affsub", "s1":
		word = "sub1"
	case "affsub2", "affsub3", "affsub4", "affsub5":
		word = "sub" + folded[len(folded)-1:]
	case "countrycode", "country":
		word = "geo"
	case "campaignid", "offer":
		word = "offer_id"
	}
	if word == "" || !slices.Contains(macros, word) {
		word = nearest(name, macros)
	}
	return word
}

// foreignMacro finds a macro that other trackers write between other signs:
// [CLICK_ID], #clickid#, %CLICKID%, ${CLICK_ID}, {{clickid}}, <click>.
var foreignMacro = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\$\{\w+\}|\{\{\w+\}\}|\[\w+\]|<\w+>|#\w+#|%(?:click|aff|sub|tid|transaction|cid)\w*%`)
})

// clickHint says where the click id goes in a URL that does not pass it on.
func clickHint(text string) string {
	for _, macro := range foreignMacro().FindAllString(text, -1) {
		if name := strings.Trim(macro, "${}[]<>#%"); macroMeant(name, trackingMacros()) == clickMacros[0] || strings.HasPrefix(fold(name), "click") {
			return fmt.Sprintf("write {%s} in place of %s", clickMacros[0], macro)
		}
	}
	for name := range macrosIn(text) {
		if macroMeant(name, trackingMacros()) == clickMacros[0] {
			return fmt.Sprintf("write {%s} in place of {%s}", clickMacros[0], name)
		}
	}
	return fmt.Sprintf("add it to the parameter in which the advertiser takes a click id, such as &click_id={%s}", clickMacros[0])
}

// zoneMeant is the time zone of a city that is written without its continent.
func (e *env) zoneMeant(text string) string {
	city := titleZone(strings.TrimSpace(text))
	if strings.Contains(city, "/") {
		return ""
	}
	for _, continent := range []string{"Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/"} {
		if e.zoneExists(continent + city) {
			return continent + city
		}
	}
	return ""
}

// headerMeant is the column that a header in two languages names in one of
// them: Title / Название.
func (v *vocabulary) headerMeant(part int, header string) string {
	pieces := strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune("/|\n\\", r) })
	for _, piece := range pieces {
		if m, ok := v.find(part, piece); ok && len(pieces) > 1 {
			return newBinding(nil, m).nameOf(&v.parts[m.part].Columns[m.column])
		}
	}
	return ""
}

// countryHint says how to write what holds countries and is not one: several
// between other signs than ours, or all but some.
func (c *cell) countryHint(item string) string {
	for _, word := range []string{"except", "excl", "without", " but ", "кроме", "außer", "ohne", "excepto"} {
		if !strings.Contains(strings.ToLower(item), word) {
			continue
		}
		if c.col.Name == "countries" {
			return "write the countries that are left out, and yes into country_exclude"
		}
		return "write the countries that are left out into country_deny of a target group"
	}
	pieces := strings.FieldsFunc(item, func(r rune) bool { return strings.ContainsRune("/+&.-–", r) || unicode.IsSpace(r) })
	codes := make([]string, len(pieces))
	for i, piece := range pieces {
		code, ok := world().country(piece)
		if !ok {
			return ""
		}
		codes[i] = code
	}
	if len(codes) < 2 {
		return ""
	}
	return "put commas between several: " + strings.Join(codes, ", ")
}

// addressHint says how to mend what is no single web address.
func addressHint(text string) string {
	if n := strings.Count(text, "://"); n > 1 && !strings.Contains(text, "=http") {
		return fmt.Sprintf("holds %d addresses: write one", n)
	}
	return "holds a blank or a line break: write one address, with %20 for a blank"
}

// regionHint says how ids by country are written.
func (c *cell) regionHint(item, country string) string {
	if c.col.Kind == affise.KindIDsByCountry && !allDigits(item) {
		return fmt.Sprintf("%s is not an id: write the country and the number that the account shows, such as %s:33", quote(item), cmp.Or(country, "US"))
	}
	return fmt.Sprintf("%s has no country before it: write it as US:%s", quote(item), item)
}
