package mapping

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"offerlift/internal/affise"
)

// What people write where a date, a moment or a time zone is taken.

// dateForm is how dates are written here, for messages that know no better.
const dateForm = "write it as year-month-day, such as 2030-12-31"

// dateHint says how to write what may be a date, and reads like none.
func (c *cell) dateHint(text string) string {
	day, month, year := dateWords(text)
	const moment = "2006-01-02T15:04:05"
	switch {
	case len(text) > len(moment) && isISO(text[:len(moment)]): // 2030-06-01T18:30:00+02:00
		return "leave the zone out, and write " + strings.Replace(text[:len(moment)], "T", " ", 1)
	case month == 0 || day == 0:
		if c.col.Kind == affise.KindMoment {
			return dateForm + " or 2030-12-31 18:00:00"
		}
		return dateForm
	case year > 0:
		if _, ok := buildDate(year, month, day, ""); ok {
			return fmt.Sprintf("write it as %04d-%02d-%02d", year, month, day)
		}
		return c.noDayHint(year, month, day)
	}
	today := c.env.today
	year, _ = strconv.Atoi(today[:4])
	if next := fmt.Sprintf("%04d-%02d-%02d", year, month, day); next < today {
		year++
	}
	return fmt.Sprintf("it has no year, so write it as year-month-day, such as %04d-%02d-%02d", year, month, day)
}

// formatsLike are the two formats of a numeric date, with its own sign between the
// numbers: a format with another one would not read it.
func formatsLike(text string) string {
	sign := "/"
	if at := strings.IndexAny(text, "./-"); at >= 0 {
		sign = text[at : at+1]
	}
	return strings.ReplaceAll("DD/MM/YYYY or MM/DD/YYYY", "/", sign)
}

func isISO(text string) bool {
	_, timed, ok := isoMoment(text)
	return ok && timed
}

// dateWords finds a month by its name in the languages of sheets, and a day and a
// year beside it; what is not there is 0. So it does where East Asian signs stand
// behind the numbers.
func dateWords(text string) (day, month, year int) {
	if n, _ := fmt.Sscanf(text, "%d年%d月%d日", &year, &month, &day); n == 3 {
		return day, month, year
	}
	day, month, year = 0, 0, 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		digits, rest := leadingDigits(word)
		n, _ := strconv.Atoi(digits)
		switch m := monthNamed(word); {
		case m > 0 && month == 0:
			month = m
		case digits != "" && rest != "" && !strings.Contains(" st nd rd th er º ", " "+strings.ToLower(rest)+" "):
		case len(digits) == 4 && year == 0:
			year = n
		case len(digits) > 0 && len(digits) < 3 && n <= 31 && day == 0:
			day = n
		}
	}
	return day, month, year
}

// monthNamed is the month that a word means by its first letters, which tell it
// from all others, or 0.
func monthNamed(word string) int {
	const months = "jan:1 ene:1 янв:1 sty:1 gen:1 feb:2 fev:2 fév:2 фев:2 lut:2 mar:3 mär:3 mrz:3 мар:3 apr:4 abr:4 avr:4 апр:4 kwi:4 " +
		"may:5 mai:5 maj:5 mag:5 май:5 мая:5 maio:5 jun:6 juin:6 июн:6 cze:6 giu:6 jul:7 juil:7 июл:7 lip:7 lug:7 aug:8 ago:8 aoû:8 aou:8 авг:8 sie:8 " +
		"sep:9 set:9 сен:9 wrz:9 oct:10 okt:10 out:10 ott:10 окт:10 paź:10 nov:11 ноя:11 lis:11 dec:12 dez:12 dic:12 déc:12 дек:12 gru:12 des:12 " +
		"oca:1 şub:2 nis:4 haz:6 tem:7 ağu:8 eyl:9 eki:10 kas:11 ara:12 "
	letters := []rune(strings.ToLower(word))
	if len(letters) < 3 || !unicode.IsLetter(letters[0]) {
		return 0
	}
	for _, n := range []int{min(4, len(letters)), 3} { // juin and juil differ in the fourth
		if _, rest, ok := strings.Cut(" "+months, " "+string(letters[:n])+":"); ok {
			number, _, _ := strings.Cut(rest, " ")
			month, _ := strconv.Atoi(number)
			return month
		}
	}
	return 0
}

// noDayHint says why a day is none: its month is shorter, or is none.
func (c *cell) noDayHint(year, month, day int) string {
	if month < 1 || month > 12 || year < 1000 || day < 29 || day > 31 {
		return dateForm
	}
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
	return fmt.Sprintf("that month ends on %s", last.Format(time.DateOnly))
}

// inFullYears writes a date of two years' digits with four, in each order that
// makes a date.
func inFullYears(numbers [3]int) []string {
	var ways []string
	for _, order := range [][3]int{{2, 1, 0}, {2, 0, 1}} {
		when, ok := buildDate(2000+numbers[order[0]], numbers[order[1]], numbers[order[2]], "")
		if way := when.Format(time.DateOnly); ok && numbers[2] < 100 && (len(ways) == 0 || ways[0] != way) {
			ways = append(ways, way)
		}
	}
	if len(ways) == 0 {
		ways = append(ways, "it as year-month-day, such as 2030-12-31")
	}
	return ways
}

func isClock(text string) bool {
	_, ok := buildDate(2000, 1, 1, text)
	return ok
}

// clockHint says how to write a date behind which stands more than a time of day:
// a zone, or am and pm.
func (c *cell) clockHint(numbers [3]int, text string) string {
	if allDigits(text[:min(4, len(text))]) {
		numbers = [3]int{numbers[2], numbers[1], numbers[0]}
	}
	days := inFullYears([3]int{numbers[0], numbers[1], numbers[2] - 2000})
	_, rest, _ := strings.Cut(text, " ")
	clock := ""
	for _, layout := range []string{"15:04:05", "15:04", "3:04 PM", "3:04PM", "3:04:05 PM", "3 PM", "3PM"} {
		for n := len(rest); n > 0 && clock == ""; n-- {
			if when, err := time.Parse(layout, strings.ToUpper(rest[:n])); err == nil && (strings.Contains(layout, "PM") || !strings.ContainsAny(strings.ToUpper(rest[n:]), "AP")) {
				clock = when.Format(time.TimeOnly)
			}
		}
	}
	if c.col.Kind != affise.KindMoment || clock == "" {
		return "write " + orList(days) + " alone"
	}
	for i := range days {
		days[i] += " " + clock
	}
	return "write " + orList(days) + ", without a zone, which has a column of its own where the offer takes one"
}

// serialDay is the day that a spreadsheet stores as this number, blank for one
// that hardly means a day of our time.
func serialDay(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 40000 || n > 80000 {
		return ""
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (c *cell) serialHint(number string) string {
	whole, _, _ := strings.Cut(number, ".")
	if day := serialDay(whole); day != "" {
		return fmt.Sprintf(": it is the number by which spreadsheets store %s: write that, or format the cell as a date", day)
	}
	return ": format the cell as a date, or " + dateForm
}

// zoneMeant is the time zone of a city that is written without its continent, or
// of a word that people say for it.
func (e *env) zoneMeant(text string) string {
	if zone := spokenZone(text); zone != "" {
		return zone
	}
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

// spokenZone is the zone that is called so where it is used; blank for none.
func spokenZone(word string) string {
	word = strings.TrimSuffix(strings.TrimSuffix(fold(word), "time"), "standard")
	switch word {
	case "pacific", "pst", "pdt", "pt", "uspacific":
		return "America/Los_Angeles"
	case "mountain", "mst", "mdt":
		return "America/Denver"
	case "central", "cdt":
		return "America/Chicago"
	case "eastern", "est", "edt", "et", "useastern", "newyork":
		return "America/New_York"
	case "hst", "hawaii":
		return "Pacific/Honolulu"
	case "cet", "cest", "mez", "mesz", "met", "centraleuropean":
		return "Europe/Berlin"
	case "eet", "eest", "easterneuropean":
		return "Europe/Athens"
	case "wet", "west":
		return "Europe/Lisbon"
	case "bst", "uk", "british":
		return "Europe/London"
	case "msk", "moscow", "мск":
		return "Europe/Moscow"
	case "ist", "india":
		return "Asia/Kolkata"
	case "jst":
		return "Asia/Tokyo"
	case "sgt":
		return "Asia/Singapore"
	case "aest", "aedt":
		return "Australia/Sydney"
	}
	return ""
}

// warnShortZone warns of zones by letters, some of which have no summer time.
func (c *cell) warnShortZone(name string) {
	if zone := spokenZone(name); zone != "" && name == strings.ToUpper(name) {
		c.warn(codeDoubtfulZone, "%s may have no summer time: where the time of a place is meant, write that, such as %s", quote(name), zone)
	}
}

// offsetPlaces names places for UTC+2; blank for what is no such distance.
func offsetPlaces(text string) string {
	text = strings.ReplaceAll(strings.ToUpper(text), " ", "")
	text = strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(text, "UTC"), "GMT"), "−", "-")
	if text == "" || !strings.ContainsAny(text[:1], "+-") {
		return ""
	}
	digits, rest := leadingDigits(text[1:])
	if len(digits) > 2 {
		digits, rest = digits[:len(digits)-2], ":"+digits[len(digits)-2:]
	}
	if digits == "" || rest != "" && rest != ":00" && rest != ":30" {
		return ""
	}
	places := map[string]string{
		"-8": "America/Los_Angeles", "-7": "America/Denver", "-6": "America/Chicago", "-5": "America/New_York", "-3": "America/Sao_Paulo", "+0": "UTC",
		"+1": "Europe/Berlin", "+2": "Europe/Athens or Africa/Cairo", "+3": "Europe/Moscow", "+4": "Asia/Dubai", "+5": "Asia/Tashkent", "+5:30": "Asia/Kolkata",
		"+7": "Asia/Bangkok", "+8": "Asia/Singapore", "+9": "Asia/Tokyo", "+10": "Australia/Sydney",
	}
	if place := places[text[:1]+withoutZeros(digits)+strings.TrimSuffix(rest, ":00")]; place != "" {
		return place
	}
	return "Europe/Berlin"
}
