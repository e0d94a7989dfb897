package mapping

import (
	"encoding/json"
	"strings"
	"unicode"

	"golang.org/x/text/currency"
)

// listSeparators stand between the values of a list.
const listSeparators = ",;|\n\r"

// splitList splits at separators; a value in "…" keeps those within it, and ""
// is a quote there. Blanks around values and empty values are left out.
func splitList(text, separators string) []string {
	if !strings.ContainsAny(text, separators) && !strings.Contains(text, `"`) {
		if text = strings.TrimSpace(text); text == "" {
			return nil
		}
		return []string{text}
	}
	var items []string
	for rest := text; rest != ""; {
		var item string
		item, rest = cutItem(rest, separators)
		if item != "" {
			items = append(items, item)
		}
	}
	return items
}

// cutItem takes the first value off a list. A quote that is never closed is an
// ordinary character.
func cutItem(text, separators string) (item, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if strings.HasPrefix(text, `"`) {
		if inner, after, ok := unquote(text[1:]); ok {
			end := strings.IndexAny(after, separators)
			if end < 0 {
				end = len(after)
			}
			if strings.TrimSpace(after[:end]) == "" {
				return strings.TrimSpace(inner), strings.TrimLeft(after[end:], separators)
			}
		}
	}
	end := strings.IndexAny(text, separators)
	if end < 0 {
		return strings.TrimSpace(text), ""
	}
	return strings.TrimSpace(text[:end]), text[end+1:]
}

// unquote reads up to the closing quote.
func unquote(text string) (inner, after string, ok bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(text[:i])
		if !strings.HasPrefix(text[i+1:], `"`) {
			return b.String(), text[i+1:], true
		}
		b.WriteByte('"')
		text = text[i+2:]
	}
}

// synonyms are words that mean one of the API's values beyond doubt, by their
// folded form. They count only in columns that take the value.
func synonym(folded string) string {
	switch folded {
	case "daily", "perday":
		return "day"
	case "monthly", "permonth":
		return "month"
	case "weekly", "perweek":
		return "week"
	case "hourly", "perhour":
		return "hour"
	case "total", "overall", "lifetime", "alltime":
		return "all"
	case "phone", "smartphone", "mobilephone":
		return "mobile"
	case "pc", "computer":
		return "desktop"
	case "television", "smarttv":
		return "tv"
	case "approved":
		return "confirmed"
	case "rejected":
		return "declined"
	case "day":
		return "days"
	case "hour":
		return "hours"
	}
	return ""
}

// enum finds the allowed value that a text means.
func (c *cell) enum(text string) (string, bool) {
	for _, allowed := range c.col.Allowed {
		if text == allowed {
			return allowed, true
		}
	}
	folded := fold(text)
	for _, allowed := range c.col.Allowed {
		if folded == fold(allowed) || synonym(folded) == allowed {
			return allowed, true
		}
	}
	c.fail(codeNotAllowed, "%s is %s: %s%s", quote(text), c.notOfKind(), orList(c.col.Allowed), didYouMean(meant(text, c.col.Allowed)))
	return "", false
}

// notOfKind says that a value is none of the column's: "not a status", "not
// taken in devices".
func (c *cell) notOfKind() string {
	name := strings.ReplaceAll(c.col.Name, "_", " ")
	switch {
	case c.col.List:
		return "not taken in " + c.col.Name
	case strings.ContainsAny(name[:1], "aeio"):
		return "not an " + name
	}
	return "not a " + name
}

// flag reads yes and no in the ways that people write them.
func (c *cell) flag(text, yes, no string) (string, bool) {
	switch strings.ToLower(text) {
	case "1", "yes", "y", "true", "t", "on", "enabled", "да", "ja", "+",
		"истина", "wahr", "vrai", "verdadero", "verdadeiro", "prawda": // TRUE as spreadsheets write it into CSV files
		return yes, true
	case "0", "no", "n", "false", "f", "off", "disabled", "нет", "nein", "-",
		"ложь", "falsch", "faux", "falso", "fałsz":
		return no, true
	}
	c.fail(codeBadFlag, "%s is neither yes nor no: write yes or no", quote(text))
	return "", false
}

// currency finds an ISO 4217 code.
func (c *cell) currency(text string) (string, bool) {
	if code := signCurrency(text); code != "" {
		c.info(codeRepaired, "%s was read as %s", quote(text), code)
		return code, true
	}
	code := strings.ToUpper(text)
	if isCurrency(code) {
		return code, true
	}
	if plainAmount(text) {
		c.fail(codeBadCurrency, "%s is an amount, not a currency: look whether the row's values are a column off, and write three letters such as USD here", quote(text))
		return "", false
	}
	c.fail(codeBadCurrency, "%s is not a currency: write its three letters, such as USD or EUR%s", quote(text), didYouMean(currencyMeant(text)))
	return "", false
}

// isCurrency tells of the codes of money that is paid with: XXX and XTS, which
// mean none and test, are not.
func isCurrency(code string) bool {
	if len(code) != 3 || code == "XXX" || code == "XTS" {
		return false
	}
	_, err := currency.ParseISO(code)
	return err == nil
}

// signCurrency is the code of a sign that one currency alone has.
func signCurrency(sign string) string {
	switch strings.ToLower(sign) {
	case "€", "euro":
		return "EUR"
	case "₽":
		return "RUB"
	case "₴":
		return "UAH"
	case "₹":
		return "INR"
	case "₸":
		return "KZT"
	case "us$", "us dollar", "us dollars":
		return "USD"
	}
	return ""
}

// signFits tells whether an amount with this sign may be in a currency.
func signFits(sign, code string) bool {
	if exact := signCurrency(sign); exact != "" {
		return exact == code
	}
	switch sign {
	case "$":
		return strings.HasSuffix(code, "D") || code == "MXN" || code == "ARS" || code == "CLP" || code == "COP" || code == "UYU"
	case "£":
		return code == "GBP" || code == "EGP"
	case "¥":
		return code == "JPY" || code == "CNY"
	case "zł":
		return code == "PLN"
	case "₺":
		return code == "TRY"
	case "₪":
		return code == "ILS"
	case "₩":
		return code == "KRW"
	case "฿":
		return code == "THB"
	case "₫":
		return code == "VND"
	}
	return strings.EqualFold(sign, code)
}

func (c *cell) json(text string) (string, bool) {
	if !json.Valid([]byte(text)) {
		c.fail(codeBadJSON, "the text is not JSON: write it such as {\"aaa\":0}, with straight quotes")
		return "", false
	}
	return strings.TrimSpace(text), true
}

// subValues reads the values of a sub, of which the API takes few characters.
func (c *cell) subValues(text string) (string, bool) {
	values := splitList(text, ",;|\n\r")
	for _, v := range values {
		for _, r := range v {
			if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || strings.ContainsRune("._-{}+=/:~", r) {
				continue
			}
			c.fail(codeBadCharacter, "%s holds %s: only letters a-z, digits and . _ - { } + = / : ~ are taken, with commas between values",
				quote(v), characterName(r))
			return "", false
		}
	}
	return strings.Join(values, ","), len(values) > 0
}

func characterName(r rune) string {
	if unicode.IsSpace(r) {
		return "a blank"
	}
	return quote(string(r))
}
