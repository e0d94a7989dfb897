package mapping

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"offerlift/internal/sheet"
)

// shift moves the decimal point of a plain decimal n places to the right:
// 0.155 by 2 is 15.5.
func shift(number string, n int) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, decimals, _ := strings.Cut(number, ".")
	decimals += strings.Repeat("0", max(0, n-len(decimals)))
	whole, decimals = whole+decimals[:n], strings.TrimRight(decimals[n:], "0")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if decimals != "" {
		whole += "." + decimals
	}
	return sign + whole
}

// compare orders two plain decimals by their value.
func compare(a, b string) int {
	negA, negB := negative(a), negative(b)
	switch {
	case negA && !negB:
		return -1
	case negB && !negA:
		return 1
	case negA:
		return compareDigits(b[1:], a[1:])
	}
	return compareDigits(a, b)
}

// negative tells whether a decimal is below zero; -0 is not.
func negative(n string) bool {
	return strings.HasPrefix(n, "-") && strings.Trim(n, "-0.") != ""
}

func compareDigits(a, b string) int {
	wholeA, decA, _ := strings.Cut(strings.TrimPrefix(a, "-"), ".")
	wholeB, decB, _ := strings.Cut(strings.TrimPrefix(b, "-"), ".")
	wholeA, wholeB = strings.TrimLeft(wholeA, "0"), strings.TrimLeft(wholeB, "0")
	if len(wholeA) != len(wholeB) {
		return sign(len(wholeA) - len(wholeB))
	}
	if d := strings.Compare(wholeA, wholeB); d != 0 {
		return d
	}
	return strings.Compare(strings.TrimRight(decA, "0"), strings.TrimRight(decB, "0"))
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// within checks a number against the column's bounds.
func (c *cell) within(number string) bool {
	if c.col.Min != "" && compare(number, c.col.Min) < 0 {
		c.fail(codeOutOfRange, "%s is below %s, the least that %s takes", number, c.col.Min, c.col.Name)
		return false
	}
	if c.col.Max != "" && compare(number, c.col.Max) > 0 {
		c.fail(codeOutOfRange, "%s is above %s, the most that %s takes", number, c.col.Max, c.col.Name)
		return false
	}
	return true
}

// integer reads a whole number.
func (c *cell) integer(text string) (string, bool) {
	number := text
	if c.col.Max == "100" {
		number = strings.TrimSpace(strings.TrimSuffix(text, "%"))
	}
	unsigned := strings.TrimPrefix(number, "-")
	if !allDigits(unsigned) || len(unsigned) > 15 {
		how := "write digits only"
		if alone := onlyInteger(number); alone != "" {
			how = "write " + alone + " alone"
			if hold := c.holdHint(number); hold != "" {
				how = hold
			}
		}
		c.fail(codeBadNumber, "%s is not a whole number: %s%s", quote(text), how, c.orBlank())
		return "", false
	}
	number = number[:len(number)-len(unsigned)] + withoutZeros(unsigned)
	return number, c.within(number)
}

// holdHint says how a time on hold is written that names another unit than days,
// which have a column of their own; blank where it does not.
func (c *cell) holdHint(text string) string {
	book := schemaRules()
	unit := fold(strings.TrimLeft(text, "0123456789 ,.-"))
	if c.col != book.hold || unit == "" {
		return ""
	}
	switch first, _ := utf8.DecodeRuneInString(unit); {
	case strings.HasPrefix(unit, "h") || strings.HasPrefix(unit, "std") || strings.HasPrefix(unit, "ч"):
		return fmt.Sprintf("write %s alone, and hours into %s", onlyInteger(text), book.holdUnit.Name)
	case strings.ContainsRune("mwysмнг", first):
		return fmt.Sprintf("write how many days that is, or how many hours with hours in %s, in digits only", book.holdUnit.Name)
	}
	return ""
}

// withoutZeros takes the zeros off the front of digits, the last one excepted.
func withoutZeros(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

// id reads a number that the account gave.
func (c *cell) id(text string) (string, bool) {
	id, country, name := "", "", text
	if isPlace(c.col) {
		country, name = cutCountry(text)
	}
	switch id = c.named(country, name); {
	case allDigits(id) && len(id) <= 20:
		return id, true
	case Meant("device", text) == "*":
		c.fail(codeBadID, "%s is not an id: clear the cell where every one is meant", quote(text))
	case idMeant(text) != "":
		c.fail(codeBadID, "%s is not an id: %s", quote(text), idMeant(text))
	case allDigits(id) || c.col.IDs == "" || isPlace(c.col) && country == "":
		c.fail(codeBadID, "%s is not an id: %s takes the numbers that the account shows, such as 17%s", quote(text), c.col.Name, c.orPlace())
	default:
		c.noID(country, name)
	}
	return "", false
}

// idMeant says which id a text means that is one with something beside it: #7,
// aff 12; or several, of which a decimal number was made: 7.12.
func idMeant(text string) string {
	whole, decimals, point := strings.Cut(strings.ReplaceAll(text, ",", "."), ".")
	if point && allDigits(whole) && allDigits(decimals) {
		return fmt.Sprintf("where %s and %s are meant, format the cell as text and write %s, %s", whole, decimals, whole, decimals)
	}
	if several := strings.Fields(text); len(several) > 1 && allDigits(strings.Join(several, "")) {
		return "put commas between several: " + strings.Join(several, ", ")
	}
	number := onlyInteger(text)
	switch fold(strings.Replace(text, number, "", 1)) {
	case "", "id", "aff", "affid", "affiliate", "affiliateid", "pid", "partner", "partnerid", "publisher", "pub", "no", "nr", "num", "webmaster", "wm":
		if number != "" {
			return "write " + number
		}
	}
	return ""
}

// orPlace says how the name of a place is written.
func (c *cell) orPlace() string {
	if isPlace(c.col) {
		return ", or names with their country, such as US:Chicago"
	}
	return ""
}

// cutCountry takes US:Chicago apart; country is blank where there is none.
func cutCountry(text string) (country, name string) {
	before, after, named := strings.Cut(text, ":")
	if code, ok := world().country(strings.TrimSpace(before)); named && ok {
		return code, strings.TrimSpace(after)
	}
	return "", text
}

// id24 reads an id of 24 hexadecimal digits.
func (c *cell) id24(text string) (string, bool) {
	id := strings.ToLower(c.named("", text))
	switch {
	case len(id) == 24 && isHex(id):
		return id, true
	case len(text) > 18 && isHex(text):
		c.fail(codeBadID, "%s is not an id of 24 characters 0-9 and a-f, such as 573c69a33b7d9b0e638b4576: it has %d, so copy it from the account again", quote(text), len(text))
	case len(text) == 24 && !strings.Contains(text, " ") && len(strings.Trim(hexless(text), " ")) <= 4:
		c.fail(codeBadID, "%s is not an id of 24 characters 0-9 and a-f, such as 573c69a33b7d9b0e638b4576: %s", quote(text), strayLetter(text))
	case allDigits(text) || c.col.IDs == "":
		c.fail(codeBadID, "%s is not an id of 24 characters 0-9 and a-f, such as 573c69a33b7d9b0e638b4576: copy it from the account", quote(text))
	default:
		c.noID("", text)
	}
	return "", false
}

// hexless is what an id holds besides hexadecimal digits.
func hexless(id string) string {
	return strings.Map(func(r rune) rune {
		if isHex(string(r)) {
			return -1
		}
		return r
	}, id)
}

// strayLetter names the first character that an id cannot hold, and the digit for
// which it was taken.
func strayLetter(id string) string {
	at := 0
	for _, r := range id {
		if at++; isHex(string(r)) {
			continue
		}
		meant := map[rune]string{'O': "0", 'o': "0", 'l': "1", 'I': "1", 'i': "1"}[r]
		if meant != "" {
			return fmt.Sprintf("character %d is the letter %c, maybe for the digit %s", at, r, meant)
		}
		return fmt.Sprintf("character %d is %s", at, characterName(r))
	}
	return ""
}

// money reads an amount and returns it as plain digits, with a point where
// there are decimals. What it cannot read in one way only is an error.
func (c *cell) money(text string) (string, bool) {
	if plainAmount(text) {
		return text, c.within(text)
	}
	a, problem := readAmount(text, c.decimal())
	if problem.code == codeBadAmount && dayAndMonth(strings.TrimSpace(text)) {
		problem = problem.madeDate(text)
	} else if problem.code == codeBadAmount {
		problem.text = quote(text) + " is not an amount: " + c.amountHint(text)
	}
	if problem.code != "" {
		c.fail(problem.code, "%s", problem.text)
		return "", false
	}
	c.field.percent = c.field.percent || a.percent
	c.field.sign = a.sign
	if doubt := thousandOr(text, a.number); doubt != "" && c.raw.Kind == sheet.Text && c.rec.bind.table.Origin == nil {
		if c.isCount() {
			whole, _, _ := strings.Cut(a.number, ".")
			c.fail(codeAmbiguous, "%s can be %s or %s000: write one of them, without the sign", quote(text), whole, whole)
			return "", false
		}
		c.warn(codeThousand, "%s", doubt)
	}
	return a.number, c.within(a.number)
}

// isCount tells of a cap on anything but a budget: what is counted in whole numbers
// has no decimals, so a sign before three digits parts thousands.
func (c *cell) isCount() bool {
	book := schemaRules()
	if c.col != book.capValue || c.mute {
		return false
	}
	kind := c.rec.of(book.capType)
	return kind != nil && !strings.EqualFold(clean(kind.Text).text, "budget")
}

// madeDate says of 01. Mai what may have been typed.
func (problem) madeDate(text string) problem {
	first, second := splitDayAndMonth(strings.TrimSpace(text))
	ways := ""
	if month := monthNamed(second); month > 0 {
		ways = fmt.Sprintf(", such as %s.%d or %d.%s", withoutZeros(first), month, month, withoutZeros(first))
	}
	return problem{codeMadeDate, fmt.Sprintf("%s is a date that a spreadsheet made of what was typed%s: format the cell as text, then type the amount again", quote(text), ways)}
}

// decimal is the decimal sign that is known for the cell, or 0.
func (c *cell) decimal() rune {
	if c.raw.Kind == sheet.Number {
		return '.'
	}
	if c.env.decimal != 0 {
		return c.env.decimal
	}
	r, _ := utf8.DecodeRuneInString(c.rec.bind.table.Facts.Decimal)
	if r == utf8.RuneError {
		return 0
	}
	return r
}

// amount is what an amount's text holds.
type amount struct {
	number  string // plain: -1234.50
	sign    string // $ or EUR, as it stood beside the digits
	percent bool
}

// problem is why a text cannot be read; its code is blank where it can.
type problem struct{ code, text string }

// readAmount takes an amount apart: sign of a currency, digits in groups,
// decimals, percent. Decimal is the sign that is known to be the decimal one,
// or 0.
func readAmount(text string, decimal rune) (amount, problem) {
	var a amount
	body := strings.TrimFunc(text, unicode.IsSpace)
	body, a.percent = strings.CutSuffix(body, "%")
	body, a.sign = cutCurrency(strings.TrimSpace(body))
	minus := ""
	if rest, ok := strings.CutPrefix(body, "-"); ok {
		minus, body = "-", rest
	}
	whole, decimals, p := readDigits(text, body, decimal)
	if p.code != "" {
		return amount{}, p
	}
	a.number = minus + withoutZeros(whole)
	if decimals != "" {
		a.number += "." + decimals
	}
	if len(whole) > 15 {
		return amount{}, problem{codeOutOfRange, quote(text) + " is more than any amount can be"}
	}
	return a, problem{}
}

// cutCurrency takes a sign or a code off either end of an amount.
func cutCurrency(text string) (body, sign string) {
	isBody := func(r rune) bool { return isDigit(r) || r == '-' || r == '.' || r == ',' }
	first, last := strings.IndexFunc(text, isBody), strings.LastIndexFunc(text, isBody)
	if first < 0 {
		return text, ""
	}
	before, after := strings.TrimSpace(text[:first]), strings.TrimSpace(text[last+1:])
	switch {
	case before == "" && after == "":
		return text, ""
	case before != "" && after != "":
		return text, "" // no amount: the digits' reader will say so
	case before == "-": // -$5
		return text, ""
	}
	if sign = before + after; !isSign(sign) {
		return text, ""
	}
	return strings.TrimSpace(text[first : last+1]), sign
}

// isSign tells whether a text beside digits can be a currency.
func isSign(s string) bool {
	if isCurrency(strings.ToUpper(s)) || signCurrency(s) != "" || s == "zł" {
		return true
	}
	r, size := utf8.DecodeRuneInString(s)
	return size == len(s) && unicode.Is(unicode.Sc, r)
}

// readDigits finds out which signs group digits and which one, if any, is the
// decimal sign.
func readDigits(text, body string, decimal rune) (whole, decimals string, p problem) {
	body = strings.Map(func(r rune) rune {
		if r == '’' || unicode.IsSpace(r) {
			return '\''
		}
		return r
	}, body)
	if body == "" || strings.Trim(body, "0123456789.,'") != "" || strings.Trim(body, ".,'") == "" {
		return "", "", notAmount(text)
	}
	point, p := decimalSign(text, body, decimal)
	if p.code != "" {
		return "", "", p
	}
	whole = body
	if point != 0 {
		i := strings.LastIndexByte(body, point)
		whole, decimals = body[:i], body[i+1:]
	}
	whole, ok := ungroup(whole)
	if !ok || strings.Trim(decimals, "0123456789") != "" {
		return "", "", notAmount(text)
	}
	return whole, decimals, problem{}
}

func notAmount(text string) problem {
	return problem{codeBadAmount, quote(text) + " is not an amount: write it as 1234.50"}
}

// plainAmount tells whether an amount is as it is sent already: the common
// case, told without taking it apart.
func plainAmount(text string) bool {
	whole, decimals, point := strings.Cut(text, ".")
	return allDigits(whole) && len(whole) <= 15 && (whole[0] != '0' || whole == "0") &&
		(!point || allDigits(decimals) && (len(decimals) != 3 || whole == "0"))
}

// decimalSign is the sign before the decimals, or 0 where there are none.
func decimalSign(text, body string, known rune) (byte, problem) {
	dot, comma := strings.Count(body, "."), strings.Count(body, ",")
	last := strings.LastIndexAny(body, ".,")
	switch {
	case dot+comma == 0:
		return 0, problem{}
	case dot > 0 && comma > 0: // 1.234,50 or 1,234.50
		return body[last], problem{}
	case dot+comma > 1: // 1.234.567
		return 0, problem{}
	}
	groups := len(body)-last-1 == 3 && last >= 1 && last <= 3 && body[0] != '0' && !strings.Contains(body, "'")
	switch {
	case !groups || rune(body[last]) == known:
		return body[last], problem{}
	case known != 0:
		return 0, problem{}
	}
	whole, rest := body[:last], body[last+1:]
	return 0, problem{codeAmbiguous, fmt.Sprintf("%s can be %s.%s or %s%s: write %s or %s%s, or say which sign is the decimal one with --decimal",
		quote(text), whole, rest, whole, rest, beyondDoubt(whole, rest), whole, rest)}
}

// beyondDoubt writes a number of three decimals so that they can be nothing else:
// 1.000 as 1, 1.250 as 1.25, 1.234 as 1.2340.
func beyondDoubt(whole, decimals string) string {
	switch short := strings.TrimRight(decimals, "0"); len(short) {
	case 0:
		return whole
	case 3:
		return whole + "." + decimals + "0"
	default:
		return whole + "." + short
	}
}

// ungroup takes out the signs between groups of three digits, or of two before the
// last three; ok is false where the groups are no such ones, or different signs stand between them.
func ungroup(whole string) (digits string, ok bool) {
	if whole == "" {
		return "0", true
	}
	at := strings.IndexAny(whole, ".,'")
	if at < 0 {
		return whole, true
	}
	groups := strings.Split(whole, whole[at:at+1])
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return "", false
	}
	last := len(groups) - 1
	lakhs := last > 1 && len(groups[0]) < 3 && len(groups[1]) == 2 // 1,00,000: India groups thousands, then by two
	for i, g := range groups {
		size := 3
		if lakhs && i < last {
			size = 2
		}
		if strings.Trim(g, "0123456789") != "" || i > 0 && len(g) != size {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}
