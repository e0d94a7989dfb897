package mapping

import (
	"encoding/json"
	"slices"
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

// enumSigns stand between the words of the API's values, besides joiners.
const enumSigns = "/_+"

// enum finds the allowed value that a text means.
func (c *cell) enum(text string) (string, bool) {
	for _, allowed := range c.col.Allowed {
		if text == allowed {
			return allowed, true
		}
	}
	if c.col.List && c.refuseLeftOut(text) {
		return "", false
	}
	folded, asSpelt := fold(text), spelt(text, enumSigns)
	for _, allowed := range c.col.Allowed {
		if asSpelt && folded == fold(allowed) {
			return allowed, true
		}
	}
	if value := synonym(text, c.col.Allowed); value != "" && asSpelt {
		return value, true
	}
	if c.col.List && Meant("device", text) == "*" {
		c.fail(codeNotAllowed, "%s is %s: clear the cell where every one is meant", quote(text), c.notOfKind())
		return "", false
	}
	if c.mute {
		c.fail(codeNotAllowed, "")
		return "", false
	}
	c.fail(codeNotAllowed, "%s is %s: %s%s", quote(text), c.notOfKind(), c.allowed(), c.enumHint(text))
	return "", false
}

// allowed lists the column's values, those of payouts with what they mean.
func (c *cell) allowed() string {
	if c.col != schemaRules().payType {
		return orList(c.col.Allowed)
	}
	values := slices.Clone(c.col.Allowed)
	for i, value := range values {
		switch value {
		case "fixed":
			values[i] = "fixed (an amount a conversion)"
		case "percent":
			values[i] = "percent (a share of the sale)"
		case "mixed":
			values[i] = "mixed (both)"
		case "cpc":
			values[i] = "cpc (a click)"
		case "cpm":
			values[i] = "cpm (a thousand views)"
		}
	}
	return orList(values)
}

// enumHint says what a word may have been meant for.
func (c *cell) enumHint(text string) string {
	if c.col == schemaRules().action {
		switch fold(text) {
		case "delete", "remove", "del", "archive", "löschen", "entfernen", "удалить", "supprimer", "eliminar", "borrar":
			return "; offers are deleted in Affise itself, and those that an import made by offerlift undo"
		}
	}
	if pieces := strings.FieldsFunc(wordsForAnd().ReplaceAllString(text, "/"), func(r rune) bool { return strings.ContainsRune("/+&", r) }); c.col.List && len(pieces) > 1 {
		for i, piece := range pieces {
			pieces[i] = meant(strings.TrimSpace(piece), c.col.Allowed)
		}
		if !slices.Contains(pieces, "") {
			return "; put commas between several: " + strings.Join(pieces, ", ")
		}
	}
	return didYouMean(meant(text, c.col.Allowed))
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
	word := synonym(text, []string{"yes", "no"})
	if strings.ContainsFunc(text, unicode.IsLetter) && !spelt(text, "") {
		word = "" // yes?
	}
	switch word {
	case "yes":
		return yes, true
	case "no":
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
	if text == "0" {
		c.fail(codeBadCurrency, "`0` is not a currency: %s; write three letters such as USD", ofBlank)
		return "", false
	}
	if plainAmount(text) {
		c.fail(codeBadCurrency, "%s is an amount, not a currency: look whether the row's values are a column off, and write three letters such as USD here", quote(text))
		return "", false
	}
	meant := currencyMeant(text)
	switch strings.ToLower(strings.Trim(text, " .")) {
	case "¥":
		meant = "CNY or JPY"
	case "kr":
		meant = "NOK, SEK or DKK"
	}
	c.fail(codeBadCurrency, "%s is not a currency: write its three letters, such as USD or EUR%s", quote(text), didYouMean(meant))
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
