package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
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

// ofBlank says where a zero comes from that nobody typed.
const ofBlank = "a formula that points to a blank cell gives 0"

// amountHint says how to mend what is no amount.
func (c *cell) amountHint(text string) string {
	amounts := c.amountsIn(text)
	switch {
	case isCurrency(strings.ToUpper(strings.TrimSpace(text))):
		return "it is a currency, which has a column of its own; write the amount as 1234.50"
	case saysNone(text) && c.col.Required:
		return "a row without one says nothing, so take the row out"
	case saysNone(text):
		return "clear the cell where there is none"
	case c.isRange(text):
		return "it is a range; write one amount" + c.rowPerCase()
	case len(amounts) == 1 && strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")"):
		return "brackets mean minus" + c.minusHint(amounts[0].number)
	case len(amounts) == 1 && c.col == schemaRules().capValue && isMost(text):
		return "write " + amounts[0].number + " alone"
	case len(amounts) > 0 && isVague(text):
		return "it says no certain amount; write " + c.certain() + c.rowPerCase()
	case len(amounts) == 1:
		return "write " + amounts[0].number + " alone"
	case len(amounts) > 1 && strings.IndexFunc(text, unicode.IsLetter) < 0 && !strings.ContainsAny(text, "/;|&+"):
		return "write it as 1234.50" // 1 2: digits that a blank parts
	case len(amounts) == 2 && amounts[0].percent != amounts[1].percent:
		return "it is an amount and a percentage; write one, and " + c.oneMore()
	case len(amounts) == 2 && c.otherSide() != "":
		return fmt.Sprintf("it holds 2 amounts; write one, and the other into %s; else %s", c.otherSide(), c.oneMore())
	case len(amounts) > 1:
		return fmt.Sprintf("it holds %d amounts; write one, and %s", len(amounts), c.oneMore())
	}
	if full := inFull(text); full != "" {
		return "write " + full
	}
	switch fold(text) {
	case "free", "gratis", "kostenlos", "umsonst", "gratuit", "бесплатно", "darmowe":
		return "write 0 where nothing is paid"
	}
	if _, p := readAmount(withoutUnit(strings.TrimSpace(text)), c.decimal()); p.code == codeAmbiguous {
		return p.text
	}
	return "write it as 1234.50"
}

// amountsIn are the words of a text that are amounts.
func (c *cell) amountsIn(text string) (amounts []amount) {
	for _, word := range strings.FieldsFunc(withoutGroups(text), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/;|&+()~<>≤≥≈", r) }) {
		if a, p := readAmount(withoutUnit(strings.Trim(word, ",:")), c.decimal()); p.code == "" {
			amounts = append(amounts, a)
		}
	}
	return amounts
}

// spacedGroups finds a number whose thousands a blank parts: 1 000 000.
var spacedGroups = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b[1-9]\d{0,2}(?:[  ]\d{3})+\b`) })

// withoutGroups takes the blanks out of such numbers.
func withoutGroups(text string) string {
	return spacedGroups().ReplaceAllStringFunc(text, func(number string) string {
		return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(number)
	})
}

// withoutUnit takes a currency, or the dash that stands for no decimals, off an
// amount: R$12,50, 12元, 900.-, 25,-.
func withoutUnit(word string) string {
	first, last := strings.IndexFunc(word, isDigit), strings.LastIndexFunc(word, isDigit)
	if first < 0 || inFull(word) != "" {
		return word
	}
	before, after := strings.TrimSuffix(word[:first], "-"), word[last+1:]
	for _, dash := range []string{".-", ",-", ".–", ",–", ".—", ",—"} {
		after = strings.TrimPrefix(after, dash)
	}
	if isUnit(before) && isUnit(after) {
		return word[first : last+1]
	}
	return word
}

// isUnit tells of what stands beside an amount for its currency.
func isUnit(text string) bool {
	foreign := func(r rune) bool { return r > unicode.MaxLatin1 && unicode.IsLetter(r) }
	return text == "" || isSign(text) || Meant("currency", text) != "" || strings.IndexFunc(text, func(r rune) bool { return !foreign(r) }) < 0
}

// isRange tells of two amounts with a sign or a word for up to between.
func (c *cell) isRange(text string) bool {
	text = strings.ToLower(text)
	for _, between := range []string{"-", "–", "—", " to ", " bis ", " до ", " a ", "..", "…"} {
		from, to, ok := strings.Cut(text, between)
		if ok && len(c.amountsIn(from)) == 1 && len(c.amountsIn(to)) == 1 {
			return true
		}
	}
	return false
}

// isVague tells of an amount that is a bound or a guess.
func isVague(text string) bool {
	if strings.ContainsAny(text, "~<>≤≥≈±?") {
		return true
	}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		switch strings.Trim(word, ".:") {
		case "up", "upto", "from", "max", "maximum", "min", "minimum", "approx", "about", "around", "circa", "ca", "bis", "ab", "etwa", "до", "от", "около", "hasta", "desde", "jusqu'à", "jusque", "fino", "até":
			return true
		}
	}
	return false
}

// certain is what is wanted in place of a bound or a guess.
func (c *cell) certain() string {
	if c.rec.bind.part == schemaRules().payouts {
		return "what is paid"
	}
	return "one number"
}

// isMost tells of an amount that is the most: so are all caps.
func isMost(text string) bool {
	word, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(text, "<≤ ")), " ")
	switch strings.Trim(word, ".:") {
	case "max", "maximum", "up", "upto", "bis", "до", "hasta", "jusqu'à", "até":
		return true
	}
	return strings.HasPrefix(text, "<") || strings.HasPrefix(text, "≤")
}

// rowPerCase says where several amounts go, in a part that takes several.
func (c *cell) rowPerCase() string {
	if c.rec.bind.part != schemaRules().payouts {
		return ""
	}
	return ", or give each case a row of its own in Payouts"
}

func (c *cell) minusHint(number string) string {
	if c.col.Min == "0" {
		return ", and " + c.rec.bind.nameOf(c.col) + " cannot be below 0; where no minus is meant, write " + number + " alone"
	}
	return ": write -" + number
}

// otherSide is the column of the amount that is mostly written beside this one:
// what the advertiser pays / what the affiliate gets.
func (c *cell) otherSide() string {
	switch book := schemaRules(); c.col {
	case book.total:
		return c.rec.bind.nameOf(book.revenue) + " if it is what the affiliate gets"
	case book.revenue:
		return c.rec.bind.nameOf(book.total) + " if it is what the advertiser pays"
	}
	return ""
}

// oneMore says where a second value goes: a child of the offer's own row has
// numbered columns.
func (c *cell) oneMore() string {
	b := c.rec.bind
	if b.number > 0 {
		return fmt.Sprintf("put the other into a column %s_%d_%s", b.def.Prefix, b.number+1, c.col.Name)
	}
	return "give the other a row of its own in " + b.def.Sheet
}

// inFull writes 1.4k as 1400, and is blank for what is no such number.
func inFull(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) })
	number := strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsLetter(r) || r == '.' || unicode.IsSpace(r) })
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

// saysNone tells of words and dashes that people write where a cell should be
// blank.
func saysNone(text string) bool {
	return strings.Trim(text, "-–— ") == "" || Meant("nothing", text) != ""
}

// standsForNothing tells of words that people write into a cell of a kind where
// it should be blank.
func standsForNothing(kind affise.Kind, text string) bool {
	switch fold(text) {
	case "":
		return strings.Trim(text, "-–—?./ ") == ""
	case "na", "none", "null", "nil", "nan", "tbd", "tba", "tbc", "todo", "empty", "blank", "leer", "keine", "kein", "ninguno", "aucun", "нет":
		return true
	case "unlimited", "asap", "never", "ongoing", "open", "openend", "unbegrenzt", "nolimit", "nocap", "nodate", "noend", "no", "unknown", "бессрочно":
		return kind == affise.KindDate || kind == affise.KindMoment || kind == affise.KindInt || kind == affise.KindSpan
	}
	return false
}

// isDitto tells of marks by which people ask for what stands above, and of words
// where these are wanted too: same may be a value.
func isDitto(text string, words bool) bool {
	if text = strings.TrimSpace(text); text == "" || len(text) > len("как выше") || isDigit(rune(text[0])) {
		return false // nearly every text: told before it is lowered
	}
	switch text = strings.ToLower(text); text {
	case `"`, `""`, "''", "”", "„", "“", "〃", "″", "-\"-", "-//-", "—//—", "-||-", "↑", "same as above", "as above", "see above", "wie oben", "siehe oben", "см. выше", "как выше":
		return true
	case "same", "ditto", "idem", "dito", "dto", "dto.", "s.o.", "то же":
		return words
	}
	return false
}

// suchAs gives a column's example, where it has one.
func (c *cell) suchAs() string {
	if c.col.Example == "" {
		return ""
	}
	return ", such as " + c.col.Example
}

// orBlank ends a message where the cell may as well be blank.
func (c *cell) orBlank() string {
	if c.col.Required {
		return ""
	}
	return ", or clear the cell"
}

// onlyInteger is the one whole number that 30 days or net 30 holds, or blank.
func onlyInteger(text string) string {
	first := strings.IndexAny(text, "0123456789")
	if first < 0 {
		return ""
	}
	digits, rest := leadingDigits(text[first:])
	if strings.ContainsAny(rest, "0123456789") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ",") || strings.HasSuffix(text[:first], "-") {
		return ""
	}
	return digits
}

// foreignMacro finds a macro that other trackers write between other signs:
// [CLICK_ID], #clickid#, %CLICKID%, ${CLICK_ID}, {{clickid}}, <click>, {CLICKID}, %7Bclickid%7D.
var foreignMacro = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\$\{\w+\}|%7B\w+?%7D|\{\{\w+\}\}|\{\w+\}|\[+\w+\]+|<\w+>|\(\w+\)|#+\w+#+|%+(?:click|aff|sub|tid|transaction|cid)\w*%+`)
})

// clickHint says where the click id goes in a URL that does not pass it on.
func clickHint(text string) string {
	for _, macro := range foreignMacro().FindAllString(text, -1) {
		if name := strings.Trim(macro, "${}[]<>()#%"); macroMeant(name, trackingMacros()) == clickMacros[0] || strings.HasPrefix(fold(name), "click") {
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

// clickPlaceholders are the macros of other systems in a URL that can only stand
// for the click id, each once.
func clickPlaceholders(text string) (macros []string) {
	for _, macro := range foreignMacro().FindAllString(text, -1) {
		name := strings.Trim(encodedBrace().ReplaceAllString(macro, ""), "${}[]<>#%")
		if synonym(name, clickMacros[:1]) != "" && !slices.Contains(macros, macro) {
			macros = append(macros, macro)
		}
	}
	return macros
}

// encodedBrace finds a brace that a browser encoded.
var encodedBrace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)%7[BD]`) })

// headerMeant is the column that a header in two languages names in one of
// them: Title / Название.
func (v *vocabulary) headerMeant(part int, header string) string {
	pieces := strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune("/|\n\\", r) })
	for _, piece := range pieces {
		if m, ok := v.find(part, piece); ok && len(pieces) > 1 {
			return newBinding(&sheet.Table{}, m).nameOf(&v.parts[m.part].Columns[m.column])
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
		return c.leaveOutHint("the countries that are left out")
	}
	if word, ok := withoutOnly(item); ok {
		if _, known := world().country(word); known {
			return "write " + word + " alone"
		}
	}
	if i := strings.Index(item, " -"); i > 0 && !strings.HasPrefix(item[i:], " - ") { // US -CA
		return "put commas between several; " + c.leaveOutHint("those that are left out")
	}
	if codes := codesOf(strings.FieldsFunc(wordsForAnd().ReplaceAllString(item, "/"), func(r rune) bool { return strings.ContainsRune("/+&", r) })); len(codes) > 1 {
		return "put commas between several: " + strings.Join(codes, ", ")
	}
	pieces := strings.FieldsFunc(item, func(r rune) bool { return strings.ContainsRune("/+&.-–", r) || unicode.IsSpace(r) })
	if codes := codesOf(pieces); len(codes) > 1 {
		return "put commas between several: " + strings.Join(codes, ", ")
	}
	return ""
}

// wordsForAnd finds them between two values.
var wordsForAnd = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i) (?:and|und|et|y|e|и|i|og|och|en|ve) `)
})

// codesOf are the codes of countries; none where one of the names is none.
func codesOf(pieces []string) []string {
	codes := make([]string, len(pieces))
	for i, piece := range pieces {
		code, ok := world().country(strings.TrimSpace(piece))
		if !ok {
			return nil
		}
		codes[i] = code
	}
	return codes
}

// withoutOnly takes from US only the word that a list has no need of.
func withoutOnly(text string) (rest string, ok bool) {
	words := strings.Fields(text)
	only := func(word string) bool {
		return strings.Contains(" only nur solo seulement только лишь ", " "+strings.ToLower(word)+" ")
	}
	switch n := len(words); {
	case n > 1 && only(words[n-1]):
		return strings.Join(words[:n-1], " "), true
	case n > 1 && only(words[0]):
		return strings.Join(words[1:], " "), true
	}
	return "", false
}

// addressHint says how to mend what is no single web address.
func addressHint(text string) string {
	if !strings.Contains(text, ".") {
		return noAddress(text)
	}
	if n := strings.Count(text, "://"); n > 1 && !strings.Contains(text, "=http") {
		return fmt.Sprintf("holds %d addresses: write one", n)
	}
	if alone := onlyAddress(text); alone != "" {
		return "holds words beside the address: write " + alone + " alone"
	}
	if mended := blankMacro().ReplaceAllStringFunc(text, mendedMacro); mended != text && badURL(mended) == "" {
		return "has a macro with a blank in it: write " + mended
	}
	return "holds a blank or a line break: write one address, with %20 for a blank"
}

// onlyAddress is the one web address among the words of a text, blank where there
// is none or where the words may belong to it.
func onlyAddress(text string) string {
	for i, word := range strings.Fields(text) {
		if word = strings.Trim(word, `<>()"',;`); i > 0 && strings.HasPrefix(word, "http") && strings.HasSuffix(text, word) && badURL(word) == "" {
			return word
		}
	}
	return ""
}

// blankMacro finds a macro that holds a blank: {click id}.
var blankMacro = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^{}]*\s[^{}]*\}`) })

// mendedMacro is such a macro as it is meant, or as it stands.
func mendedMacro(macro string) string {
	if meant := macroMeant(strings.Trim(macro, "{} "), trackingMacros()); meant != "" {
		return "{" + meant + "}"
	}
	return macro
}
