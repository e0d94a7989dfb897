package mapping

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines without a zone database
	"unicode"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// dateLayout is a layout of time.Parse.
type dateLayout string

// dateLayouts turns a format as users write it, DD.MM.YYYY or MM/DD/YYYY
// HH:MM, into layouts, with a time of day and without where it names none.
func dateLayouts(format string) ([]dateLayout, error) {
	if format == "" {
		return nil, nil
	}
	var layout strings.Builder
	seen := map[string]bool{}
	for rest := format; rest != ""; {
		run := leadingRun(rest)
		token := strings.ToUpper(run)
		if strings.HasPrefix(token, "M") && seen["HH"] && len(token) < 3 {
			token = "MI" // minutes, where the hours came before
		}
		text, name := layoutToken(token, run)
		if seen[name] && name != "" || text == "" {
			return nil, fmt.Errorf("`%s` is not a date format: write it as DD.MM.YYYY, MM/DD/YYYY or YYYY-MM-DD HH:MM", format)
		}
		seen[name] = true
		layout.WriteString(text)
		rest = rest[len(run):]
	}
	if !seen["YYYY"] || !seen["MM"] || !seen["DD"] {
		return nil, fmt.Errorf("`%s` is not a date format: it needs a day, a month and a year, such as DD.MM.YYYY", format)
	}
	base := dateLayout(layout.String())
	if seen["HH"] {
		return []dateLayout{base}, nil
	}
	return []dateLayout{base, base + " 15:04:05", base + " 15:04"}, nil
}

// leadingRun is the first letters that are the same, or one other character.
func leadingRun(s string) string {
	n := 1
	for n < len(s) && s[n]|0x20 == s[0]|0x20 && 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z' {
		n++
	}
	return s[:n]
}

// layoutToken is a format's token as time.Parse writes it, and its name.
func layoutToken(token, run string) (layout, name string) {
	switch token {
	case "YYYY":
		return "2006", "YYYY"
	case "YY":
		return "06", "YYYY"
	case "MMM":
		return "Jan", "MM"
	case "MMMM":
		return "January", "MM"
	case "MM", "M":
		return "1", "MM"
	case "DD", "D":
		return "2", "DD"
	case "HH", "H":
		return "15", "HH"
	case "MI", "I", "II":
		return "04", "MI"
	case "SS", "S":
		return "05", "SS"
	}
	if strings.Contains(" .-/,:", run) {
		return run, ""
	}
	if run == "T" {
		return run, ""
	}
	return "", ""
}

const clock = " 15:04:05"

// date reads a day, or a moment where the column takes a time of day too.
func (c *cell) date(text string) (string, bool) {
	when, timed, ok := c.moment(strings.TrimSpace(text))
	if !ok {
		return "", false
	}
	if when.Year() < 1970 || when.Year() > 2199 {
		c.fail(codeBadDate, "%s is in the year %d, which cannot be meant: write the day, or clear the cell where there is none", quote(text), when.Year())
		return "", false
	}
	day := when.Format(time.DateOnly)
	switch {
	case !timed:
		return day, true
	case c.col.Kind == affise.KindMoment:
		return when.Format(time.DateTime), true
	case when.Format(clock) != " 00:00:00":
		c.warn(codeTimeDropped, "%s was left out: %s takes a day without a time", when.Format(time.TimeOnly), c.col.Name)
	}
	return day, true
}

// moment tries what has one reading: ISO, the told format, a month by its
// name, and days and months that cannot be mistaken for each other.
func (c *cell) moment(text string) (when time.Time, timed, ok bool) {
	if when, timed, ok = isoMoment(text); ok {
		return when, timed, true
	}
	if c.raw.Kind == sheet.Number || allDigits(text) && serialDay(text) != "" {
		c.fail(codeBadDate, "%s is a number, not a date%s", quote(text), c.serialHint(text))
		return when, false, false
	}
	for i, layout := range c.env.dates {
		if when, err := time.Parse(string(layout), text); err == nil {
			return when, i > 0 || strings.Contains(string(layout), "15"), true
		}
	}
	if when, timed, ok = namedMonth(text); ok {
		c.info(codeRepaired, "%s was read as %s", quote(text), when.Format(time.DateOnly))
		return when, timed, true
	}
	return c.numericDate(text)
}

// isoMoment reads 2030-12-31 with or without a time of day, with - / or .
func isoMoment(text string) (when time.Time, timed, ok bool) {
	if len(text) < len("2006-1-2") || !allDigits(text[:4]) || !strings.ContainsRune("-/.", rune(text[4])) {
		return when, false, false
	}
	if len(text) == len(time.DateOnly) && text[4] == '-' {
		when, err := time.Parse(time.DateOnly, text)
		return when, false, err == nil
	}
	sep := text[4:5]
	date := "2006" + sep + "1" + sep + "2"
	for i, layout := range []string{date, date + " 15:04:05", date + " 15:04", date + "T15:04:05", date + "T15:04"} {
		if when, err := time.Parse(layout, text); err == nil {
			return when, i > 0, true
		}
	}
	return when, false, false
}

// namedMonth reads 4 Mar 2026 and March 4, 2026.
func namedMonth(text string) (when time.Time, timed, ok bool) {
	for _, layout := range []string{"2 Jan 2006", "2 January 2006", "2-Jan-2006", "Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "January 2 2006"} {
		for i, tail := range []string{"", clock, " 15:04"} {
			if when, err := time.Parse(layout+tail, text); err == nil {
				return when, i > 0, true
			}
		}
	}
	return when, false, false
}

// numericDate reads 31.12.2030 and 12/31/2030, where one order alone makes a
// date.
func (c *cell) numericDate(text string) (when time.Time, timed, ok bool) {
	numbers, rest, ok := threeNumbers(text)
	if !ok {
		c.fail(codeBadDate, "%s is not a date: %s%s", quote(text), c.dateHint(text), c.orBlank())
		return when, false, false
	}
	if c.env.dateFormat != "" {
		c.fail(codeBadDate, "%s is not a date in the format %s, nor year-month-day, such as 2030-12-31", quote(text), c.env.dateFormat)
		return when, false, false
	}
	if rest != "" && !isClock(rest) {
		c.fail(codeBadDate, "%s is not a date: %s", quote(text), c.clockHint(numbers, text))
		return when, false, false
	}
	if allDigits(text[:min(4, len(text))]) { // the year first, and yet no date
		c.fail(codeBadDate, "%s is not a day of the calendar: %s", quote(text), c.noDayHint(numbers[0], numbers[1], numbers[2]))
		return when, false, false
	}
	timed = rest != ""
	dayFirst, okDay := buildDate(numbers[2], numbers[1], numbers[0], rest)
	monthFirst, okMonth := buildDate(numbers[2], numbers[0], numbers[1], rest)
	switch {
	case numbers[2] < 1000:
		c.fail(codeBadDate, "%s has a year of two digits: write %s", quote(text), orList(inFullYears(numbers)))
		return when, false, false
	case okDay && okMonth && !dayFirst.Equal(monthFirst):
		c.fail(codeAmbiguousDate, "%s can be %s or %s: write one of the two as it stands here, or say which comes first with --date-format %s",
			quote(text), dayFirst.Format(time.DateOnly), monthFirst.Format(time.DateOnly), formatsLike(text))
		return when, false, false
	case !okDay && !okMonth:
		c.fail(codeBadDate, "%s is not a day of the calendar: %s", quote(text), c.noDayHint(numbers[2], numbers[1], numbers[0]))
		return when, false, false
	case okMonth:
		dayFirst = monthFirst
	}
	c.info(codeRepaired, "%s was read as %s", quote(text), dayFirst.Format(time.DateOnly))
	return dayFirst, timed, true
}

// threeNumbers takes a date's numbers apart, and what stands behind them.
func threeNumbers(text string) (numbers [3]int, rest string, ok bool) {
	date, rest, _ := strings.Cut(text, " ")
	parts := strings.FieldsFunc(date, func(r rune) bool { return strings.ContainsRune("./-", r) })
	if len(parts) != 3 {
		return numbers, "", false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || len(p) > 4 {
			return numbers, "", false
		}
		numbers[i] = n
	}
	return numbers, strings.TrimSpace(rest), true
}

// buildDate makes a moment of numbers that may not be one.
func buildDate(year, month, day int, rest string) (time.Time, bool) {
	text := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if rest == "" {
		when, err := time.Parse(time.DateOnly, text)
		return when, err == nil
	}
	for _, layout := range []string{clock, " 15:04"} {
		if when, err := time.Parse(time.DateOnly+layout, text+" "+rest); err == nil {
			return when, true
		}
	}
	return time.Time{}, false
}

// spanUnits are the letters of the API's units, in the order in which a span
// names them.
const spanUnits = "ymwdhis"

// span reads a length of time and returns it as the API writes it: 1y2m3w4d.
func (c *cell) span(text string) (string, bool) {
	counts := map[byte]string{}
	rest := strings.ToLower(text)
	for strings.TrimSpace(rest) != "" {
		number, after := leadingDigits(strings.TrimLeft(rest, " ,"))
		word := strings.TrimLeft(after, " ")
		letters := word[:len(word)-len(strings.TrimLeftFunc(word, unicode.IsLetter))]
		unit := spanUnit(letters)
		if number == "" || unit == 0 || counts[unit] != "" || len(number) > 6 {
			c.badSpan(text, number, letters)
			return "", false
		}
		counts[unit] = withoutZeros(number)
		if letters == "m" && smallNumber(number) > 12 {
			c.warn(codeMonths, "%s%s is %s months in this API: where minutes are meant, write %si", number, letters, number, number)
		}
		rest = strings.TrimPrefix(word[len(letters):], ".")
	}
	var canonical strings.Builder
	for i := range len(spanUnits) {
		if n := counts[spanUnits[i]]; n != "" {
			canonical.WriteString(n)
			canonical.WriteByte(spanUnits[i])
		}
	}
	return canonical.String(), canonical.Len() > 0
}

func (c *cell) badSpan(text, number, letters string) {
	if number != "" && letters == "" {
		c.fail(codeBadSpan, "%s has no unit: write %sd for days, %sh for hours or %si for minutes", quote(text), number, number, number)
		return
	}
	c.fail(codeBadSpan, "%s is not a length of time: write it such as 30d, 12h or 1y2m3w4d5h6i7s "+
		"(y year, m month, w week, d day, h hour, i minute, s second)", quote(text))
}

// spanUnit is the letter of a unit, or 0.
func spanUnit(word string) byte {
	if unit := cmp.Or(Meant("span unit", word), word); len(unit) == 1 && strings.Contains(spanUnits, unit) {
		return unit[0]
	}
	return 0
}

// zone checks the name of a time zone, and puts its letters' case right.
func (c *cell) zone(text string) (string, bool) {
	if c.env.zoneExists(text) {
		c.warnShortZone(text)
		return text, true
	}
	if titled := titleZone(text); c.env.zoneExists(titled) {
		c.info(codeRepaired, "%s was read as %s", quote(text), titled)
		return titled, true
	}
	if places := offsetPlaces(text); places != "" {
		c.fail(codeBadZone, "%s is a distance from UTC, not the name of a zone: write a place that has it, such as %s", quote(text), places)
		return "", false
	}
	c.fail(codeBadZone, "%s is not a time zone: write a name such as Europe/Berlin, America/New_York or UTC%s", quote(text), didYouMean(c.env.zoneMeant(text)))
	return "", false
}

func (e *env) zoneExists(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	if known, ok := e.zones.Load(name); ok {
		return known.(bool)
	}
	_, err := time.LoadLocation(name)
	if len(name) < 64 {
		e.zones.Store(name, err == nil)
	}
	return err == nil
}

// titleZone writes a zone's name as the names are: america/new york is
// America/New_York.
func titleZone(name string) string {
	if strings.EqualFold(name, "utc") || strings.EqualFold(name, "gmt") {
		return strings.ToUpper(name)
	}
	b := []byte(strings.ToLower(strings.ReplaceAll(name, " ", "_")))
	start := true
	for i, ch := range b {
		if start && 'a' <= ch && ch <= 'z' {
			b[i] = ch - 'a' + 'A'
		}
		start = ch == '/' || ch == '_' || ch == '-'
	}
	return string(b)
}
