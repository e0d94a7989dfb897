package mapping

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// state is what became of a cell.
type state uint8

const (
	absent  state = iota // blank, or the table has no such column: not sent
	given                // a value is sent
	cleared              // [] stands in it: what is stored is emptied
	wrong                // an error was told
	unbound              // it says that nothing is restricted: not sent, and not missing
)

// field is what rules between columns know of a cell.
type field struct {
	state   state
	text    string // of a single value: as it is sent
	percent bool   // an amount that was written as a percentage
	sign    string // the currency sign or code that stood beside an amount
}

// clearMark empties what is stored.
const clearMark = "[]"

// cell reads one cell as its column's kind asks, and tells what it finds.
type cell struct {
	env   *env
	rec   *record
	place int
	col   *affise.Column
	raw   *sheet.Cell
	field *field
	out   *[]sheet.Message
	mute  bool // it is only asked whether the cell can be read: nobody hears what might be meant
}

func (c *cell) tell(level sheet.Level, code, format string, args ...any) {
	if c.mute {
		*c.out = append(*c.out, sheet.Message{Level: level, Code: code})
		return
	}
	*c.out = append(*c.out, c.rec.message(level, code, c.place, fmt.Sprintf(format, args...)))
}

func (c *cell) fail(code, format string, args ...any) {
	c.tell(sheet.LevelError, code, format, args...)
}
func (c *cell) warn(code, format string, args ...any) {
	c.tell(sheet.LevelWarning, code, format, args...)
}
func (c *cell) info(code, format string, args ...any) {
	c.tell(sheet.LevelInfo, code, format, args...)
}

// refused tells whether the row came with an error of this column.
func (c *cell) refused() bool {
	name := c.rec.bind.columns[c.place].name
	return slices.ContainsFunc(c.rec.flaws, func(m sheet.Message) bool { return m.Level == sheet.LevelError && m.Column == name })
}

// read returns the cell's value for the body. It is to be used only where the
// field's state says given or cleared.
func (c *cell) read(text string) affise.Value {
	if c.raw.Kind == sheet.Blank || c.raw.Kind == sheet.Text && blank(text) {
		return affise.Value{}
	}
	if c.raw.Repair != "" {
		c.info(codeRepaired, "%s", c.raw.Repair)
	}
	text, ok := c.screen(text)
	if !ok {
		c.field.state = wrong
		return affise.Value{}
	}
	if strings.TrimSpace(text) == clearMark {
		return c.clear()
	}
	told := len(*c.out)
	value, ok := c.value(text)
	if ok = ok && !c.refuseDitto(text); !ok {
		c.tellBlank(told, text)
	}
	switch {
	case !ok:
		c.field.state = wrong
		if len(*c.out) == told {
			c.fail(codeBadList, "%s holds no value: fill the cell, or clear it", quote(text))
		}
	case c.field.state == absent:
		c.field.state = given
	}
	return value
}

func (c *cell) clear() affise.Value {
	c.field.state = cleared
	if c.col.List || composite(c.col.Kind) {
		return affise.Cleared()
	}
	return affise.Text("")
}

// screen judges the cell by its type before its text is read, and takes from
// the text what spreadsheets add unseen.
func (c *cell) screen(text string) (string, bool) {
	switch c.raw.Kind {
	case sheet.Error:
		c.fail(codeCellError, "the cell holds the spreadsheet error %s: mend the formula, or type the value", text)
		return "", false
	case sheet.Formula:
		c.fail(codeNoValue, "the formula %s has no stored value: open the file in Excel, save it, and import it again", quote(text))
		return "", false
	case sheet.Date:
		return c.screenDate(text)
	case sheet.Number:
		return c.screenNumber(text)
	case sheet.Text:
		return c.screenText(text)
	}
	return text, true
}

// screenDate lets dates into columns of dates only: elsewhere the spreadsheet
// made one of something that was typed.
func (c *cell) screenDate(text string) (string, bool) {
	if c.col.Kind == affise.KindDate || c.col.Kind == affise.KindMoment {
		return text, true
	}
	c.fail(codeMadeDate, "the cell holds the date %s, and %s takes no date: spreadsheets make dates of what is typed, here maybe of %s. "+
		"Format the cell as text, then type the value again", text, c.col.Name, typedAs(text))
	return "", false
}

// typedAs lists what a person may have typed for a spreadsheet to make this
// date of it.
func typedAs(date string) string {
	if len(date) < len("2006-01-02") {
		return quote(date)
	}
	month, day := strings.TrimLeft(date[5:7], "0"), strings.TrimLeft(date[8:10], "0")
	if month == "" || day == "" {
		return quote(date)
	}
	ways := []string{quote(day + "-" + month), quote(month + "-" + day), quote(day + "." + month), quote(month + "/" + day)}
	if day == "1" { // 3-26 became the first of March 2026
		ways = append(ways, quote(month+"-"+date[2:4]))
	}
	return orList(ways)
}

// screenNumber undoes what number formats hide: zeros before an id, percents.
// Spreadsheets keep 15 digits of a number.
func (c *cell) screenNumber(text string) (string, bool) {
	percent, scaled := percentIn(c.raw.Format, text)
	switch c.col.Kind {
	case affise.KindMoney:
		c.field.percent = percent
		if scaled {
			text = shift(text, 2)
		}
		if percent {
			c.info(codeRepaired, "the cell shows a percentage and was read as %s percent", text)
		}
		return text, true
	case affise.KindInt:
		if scaled {
			text = shift(text, 2)
		}
		if percent && c.col.Max != "100" {
			c.fail(codeBadNumber, "%s%% is a percentage, and %s takes a whole number%s", text, c.col.Name, c.bounds())
			return "", false
		}
		return text, true
	case affise.KindDate, affise.KindMoment, affise.KindFlag, affise.KindTrueFalse:
		return text, true
	}
	if c.col.Kind == affise.KindID && c.col.List && len(text) > 3 && allDigits(text) && strings.Contains(c.raw.Format, ",") {
		c.fail(codeBadID, "the cell holds the number %s and is shown with commas: a spreadsheet makes one number of several ids, so format the cell as text and type them again", text)
		return "", false
	}
	if digits(text) > 15 {
		c.fail(codeLostDigits, "the cell shows %s, a number of more than 15 digits, of which a spreadsheet keeps no more: "+
			"format the column as text, then paste the ids again", shown(text))
		return "", false
	}
	if percent {
		if scaled {
			text = shift(text, 2)
		}
		text += "%"
		c.info(codeRepaired, "the cell shows a percentage and was read as %s", text)
		return text, true
	}
	padded, repaired := withZeros(text, c.raw.Format)
	if repaired {
		c.info(codeRepaired, "the cell shows %s and holds %s: it was read as %s", padded, text, padded)
	}
	return padded, true
}

// bounds says what a whole number must be within.
func (c *cell) bounds() string {
	if c.col.Min == "" || c.col.Max == "" {
		return ""
	}
	return fmt.Sprintf(" from %s to %s", c.col.Min, c.col.Max)
}

// shown is a long number as spreadsheets show it: 1.23E+17.
func shown(number string) string {
	whole, _, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	if whole = strings.TrimLeft(whole, "0"); len(whole) < 12 {
		return quote(number)
	}
	return fmt.Sprintf("`%s.%sE+%d`", whole[:1], whole[1:3], len(whole)-1)
}

// screenText cleans everything but prose and amounts, in which a no-break
// space has its meaning.
func (c *cell) screenText(text string) (string, bool) {
	if narrow := strings.TrimSpace(text); len(narrow) > 3 && strings.Trim(narrow, "#") == "" {
		c.fail(codeCellError, "the cell holds %s, which is what a column too narrow for its values shows: widen it where the values come from, and copy them again", narrow)
		return "", false
	}
	if errorText(text) {
		c.fail(codeCellError, "the cell holds the spreadsheet error %s: mend the formula, or type the value", strings.TrimSpace(text))
		return "", false
	}
	if c.col.Kind == affise.KindText && (text == "NULL" || text == `\N`) {
		c.fail(codeCellError, "the cell holds %s, which databases write for a blank cell: clear it", quote(text))
		return "", false
	}
	if c.prose() {
		return text, true
	}
	if lostToExponent(text) && c.col.Kind != affise.KindMoney {
		c.fail(codeLostDigits, "%s is a number that a spreadsheet cut short, so its digits are lost: "+
			"format the column as text in the spreadsheet, and save the CSV file again", quote(text))
		return "", false
	}
	if c.col.Kind == affise.KindMoney {
		return c.narrowed(text), true
	}
	done := clean(text)
	done.quotes = done.quotes && c.col.Kind != affise.KindCountry // Côte d’Ivoire
	switch c.col.Kind {
	case affise.KindURL, affise.KindID, affise.KindID24:
		done.unquote()
	}
	if c.col.List && c.col.Kind != affise.KindText && strings.Contains(done.text, "、") { // in a text it may be meant
		done.text, done.wide = strings.ReplaceAll(done.text, "、", ","), true
	}
	if c.col.Kind == affise.KindURL || c.col.Kind == affise.KindQuery {
		done.decodeEntities()
	}
	if what := done.what(); what != "" {
		c.info(codeRepaired, "%s", what)
	}
	if n := len(done.text); n > 15 && allDigits(done.text) && strings.HasSuffix(done.text, "000") && c.identifier() {
		c.warn(codeLostDigits, "%s ends in zeros after its 15th digit: if it came out of a spreadsheet, look whether its last digits were lost", done.text)
	}
	if c.identifier() && dayAndMonth(done.text) {
		c.warn(codeMadeDate, "%s looks like a date that a spreadsheet made of an id such as 1-2: if so, format the column as text, and type the ids again", quote(done.text))
	}
	return done.text, true
}

// narrowed is an amount in plain digits.
func (c *cell) narrowed(text string) string {
	if plain(text) {
		return text
	}
	done := cleaned{text: strings.Map(narrow, text)}
	if done.wide = done.text != text; done.wide {
		c.info(codeRepaired, "%s", done.what())
	}
	return done.text
}

// errorText tells of what stands in a CSV file where the spreadsheet had an
// error, in the languages that managers use.
func errorText(text string) bool {
	if len(text) == 0 || text[0] != '#' && text[0] != 'E' && text[0] != ' ' {
		return false
	}
	switch text = strings.TrimSpace(text); text {
	case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!",
		"#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!",
		"#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!",
		"#VALEUR!", "#NOM?", "#NOMBRE!", "#¡REF!", "#¡VALOR!", "#¡DIV/0!", "#¿NOMBRE?":
		return true
	}
	if code, ok := strings.CutPrefix(text, "Err:"); ok && len(code) == 3 {
		return allDigits(code)
	}
	return false
}

// prose tells whether a column's text is for people, so that every character
// of it is meant.
func (c *cell) prose() bool {
	return c.col.Kind == affise.KindText && !c.col.Token && !c.col.List || c.col.Kind == affise.KindJSON
}

// identifier tells whether a column holds ids.
func (c *cell) identifier() bool {
	return c.col.Token || c.col.Kind == affise.KindID || c.col.Kind == affise.KindParent
}

// withZeros puts the zeros before a whole number that its format shows: 123
// with the format 00000 is 00123.
func withZeros(number, format string) (text string, changed bool) {
	if len(format) <= len(number) || strings.Trim(format, "0") != "" || !allDigits(number) {
		return number, false
	}
	return strings.Repeat("0", len(format)-len(number)) + number, true
}

// dayAndMonth tells of what spreadsheets show, and write into a CSV file, where
// 1-2 was typed: 1-Feb, 01.фев, Feb-26.
func dayAndMonth(text string) bool {
	if len(text) < len("1-Feb") || len(text) > len("01. фев") {
		return false
	}
	first, second := splitDayAndMonth(text)
	return first != "" && len(first) <= 2 && allDigits(first) && len([]rune(second)) == 3 && monthNamed(second) > 0
}

// splitDayAndMonth cuts such a text; blank where it has no sign between the two.
func splitDayAndMonth(text string) (day, month string) {
	at := strings.IndexAny(text, "-.")
	if at < 1 {
		return "", ""
	}
	first, second := text[:at], strings.TrimSpace(text[at+1:])
	if text[at] == '-' && len(second) == 2 && allDigits(second) {
		first, second = second, first
	}
	return first, second
}

// lostToExponent tells whether a text is what a spreadsheet writes into a CSV
// file for a long number: 1.23457E+17.
func lostToExponent(text string) bool {
	if !strings.Contains(text, "E+") {
		return false
	}
	mantissa, exponent, _ := strings.Cut(strings.TrimSpace(text), "E+")
	whole, decimals, _ := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	return len(whole) == 1 && allDigits(whole+decimals) && allDigits(exponent)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// digits counts the digits of a plain decimal that carry its value: zeros
// before it do not.
func digits(number string) int {
	n := 0
	for _, r := range strings.TrimLeft(number, "-0.") {
		if isDigit(r) {
			n++
		}
	}
	return n
}

// value reads a text by the column's kind.
func (c *cell) value(text string) (affise.Value, bool) {
	switch {
	case c.col.Kind == affise.KindCountry:
		return c.countries(text)
	case c.col.Kind == affise.KindFile:
		return c.fileValue(text)
	case composite(c.col.Kind):
		return c.compositeValue(text)
	case c.col.List:
		return c.list(text)
	}
	one, ok := c.single(text)
	c.field.text = one
	return affise.Text(one), ok
}

// list reads several values of the column's kind.
func (c *cell) list(text string) (affise.Value, bool) {
	items := splitList(text, listSeparators)
	values := make([]affise.Value, 0, len(items))
	all := true
	for _, item := range items {
		one, ok := c.single(item)
		all = all && ok
		values = append(values, affise.Text(one))
	}
	if most := smallNumber(c.col.Max); c.col.Kind == affise.KindText && c.col.Max != "" && len(items) > most {
		c.fail(codeTooMany, "%s has %d values, at most %d are allowed", c.col.Name, len(items), most)
		return affise.Value{}, false
	}
	return affise.List(values...), all && len(values) > 0
}

// single reads one value and returns it as it is sent.
func (c *cell) single(text string) (string, bool) {
	switch c.col.Kind {
	case affise.KindText, affise.KindParent:
		return c.plainText(text)
	case affise.KindLocal:
		if len(c.col.Allowed) > 0 {
			return c.enum(text)
		}
		return c.plainText(text)
	case affise.KindEnum:
		return c.enum(text)
	case affise.KindInt:
		return c.integer(text)
	case affise.KindID:
		return c.id(text)
	case affise.KindID24:
		return c.id24(text)
	case affise.KindMoney:
		return c.money(text)
	case affise.KindFlag:
		return c.flag(text, "1", "0")
	case affise.KindTrueFalse:
		return c.flag(text, "true", "false")
	case affise.KindDate, affise.KindMoment:
		return c.date(text)
	case affise.KindSpan:
		return c.span(text)
	case affise.KindZone:
		return c.zone(text)
	case affise.KindCurrency:
		return c.currency(text)
	case affise.KindURL:
		return c.url(text)
	case affise.KindQuery:
		return c.query(text)
	case affise.KindIP:
		return c.ip(text)
	case affise.KindIPs:
		return c.ips(text)
	case affise.KindSubValues:
		return c.subValues(text)
	case affise.KindJSON:
		return c.json(text)
	}
	panic("mapping: the schema has a kind that no reader knows: " + string(c.col.Kind))
}

func (c *cell) plainText(text string) (string, bool) {
	if n := utf8.RuneCountInString(text); c.col.Len > 0 && n > c.col.Len {
		c.fail(codeTooLong, "the text has %d characters, at most %d are allowed: take %d out", n, c.col.Len, n-c.col.Len)
		return "", false
	}
	if c.col.Macros != "" {
		c.checkMacros(text)
	}
	if c.prose() && !c.doubtProse(text) {
		return "", false
	}
	if c.col.IDs != "" {
		text = c.named("", text)
		if !LooksLikeID(text) && (c.env.names.lookup != nil || strings.ContainsAny(text, " @")) { // whether other words are ids, only the account knows
			c.noID("", text)
			return "", false
		}
	}
	if c.limits() && c.refuseLeftOut(text) {
		return "", false
	}
	return c.listed(text)
}

// limits tells of columns whose values are let in, or kept out.
func (c *cell) limits() bool {
	return c.col.Values != "" || strings.HasSuffix(c.col.Name, "_allow") || strings.HasSuffix(c.col.Name, "_deny")
}

// refuseDitto tells an error where a cell asks for what stands above it.
func (c *cell) refuseDitto(text string) bool {
	if isDitto(text, false) {
		c.failDitto(text)
		return true
	}
	return false
}

func (c *cell) failDitto(text string) {
	c.fail(codeDitto, "%s asks for the value above it, which is not filled down: write the value", quote(text))
}

// tellBlank puts one message in the place of those that were told of a cell
// since: where it holds a word for nothing, or one for the value above it.
func (c *cell) tellBlank(since int, text string) {
	messages := (*c.out)[since:]
	switch {
	case len(messages) == 0 || messages[len(messages)-1].Code == codeDitto:
	case isDitto(text, true):
		*c.out = (*c.out)[:since]
		c.failDitto(text)
	case standsForNothing(c.col.Kind, text) && c.col.Kind != affise.KindMoney && c.col.Kind != affise.KindCountry:
		code := messages[len(messages)-1].Code
		*c.out = (*c.out)[:since]
		if c.col.Required {
			c.fail(code, "%s stands for nothing, and %s is needed: write it%s", quote(text), c.col.Name, c.suchAs())
			return
		}
		why := "where there is none"
		if c.col == schemaRules().start {
			why = "to start at once"
		}
		c.fail(code, "%s stands for nothing: clear the cell %s", quote(text), why)
	}
}

// composite tells of kinds whose value is a tree of its own.
func composite(k affise.Kind) bool {
	switch k {
	case affise.KindIDsByCountry, affise.KindNamesByCountry, affise.KindVersions, affise.KindSubGroups,
		affise.KindWeighted, affise.KindIntervals, affise.KindOSes, affise.KindISPs, affise.KindCreatives:
		return true
	}
	return false
}

func (c *cell) compositeValue(text string) (affise.Value, bool) {
	switch c.col.Kind {
	case affise.KindIDsByCountry, affise.KindNamesByCountry:
		return c.byCountry(text)
	case affise.KindVersions:
		return c.versions(text)
	case affise.KindSubGroups:
		return c.subGroups(text)
	case affise.KindWeighted:
		return c.weighted(text)
	case affise.KindIntervals:
		return c.intervals(text)
	case affise.KindOSes:
		return c.oses(text)
	case affise.KindISPs:
		return c.isps(text)
	}
	return c.creatives(text)
}
