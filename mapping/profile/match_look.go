package profile

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// look is how a column's values look: how many are of which kind.
type look struct {
	filled    int
	example   string
	examples  []string       // the first three that differ
	cells     []string       // by row
	seen      map[string]int // different values, up to a bound
	amount    []float64      // by row, NaN for none: for weighing two columns against each other; never sent
	numbers   int
	mixed     int // 60.00 + 25%, up to 40 %, 5-7 $
	decimals  int
	integers  int
	counts    int // numbers, as caps and days have them: 100 a day, 5k, 30d
	urls      int
	macros    int // URLs with macros
	queries   int // URLs with a query and no macros
	files     int // URLs of pictures and of shared files
	codes     int // short words with a number: MU-1, AK12
	dates     int
	hexes     int // 24 hexadecimal digits
	country   int
	all       int // where others are countries, all of them
	currency  int
	flags     int
	bundles   int
	lists     int
	html      int
	long      int // texts of several words
	status    int
	privacy   int
	model     int // how it is paid: CPA, percent
	events    int // what is paid for: SOI, FTD, install
	either    int // words such as lead, which may say both
	browsers  int
	carriers  int // DE: O2, Vodafone
	zones     int // Europe/Berlin, EST
	traffic   int // kinds of traffic: push, adult
	bans      int // texts that allow or forbid
	hours     int // 9-18, 24/7
	spans     int // 30d, 24 hours
	versions  int // 9.0+
	ips       int
	domains   int
	companies int // Example Ltd, Beispiel GmbH
	redirects int
	devices   int
	systems   int
	network   int // kinds of connections
	contacts  int // addresses of mail, and names in chats
	titles    int // a few words that begin with a capital
}

// distinctMost is how many different values are kept.
const distinctMost = 400

func newLook() *look { return &look{seen: map[string]int{}} }

var shapes = sync.OnceValue(func() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"number":    regexp.MustCompile(`^([^\d\s.,-]{0,3})\s?(-?\d{1,3}(?:[ ,.]?\d{3})*(?:[.,]\d+)?)\s?([^\d\s.,]{0,4})\.?$`),
		"count":     regexp.MustCompile(`^\d[\d., ]*[kK]?\s*([a-zа-я/]+\.?\s*){0,3}$`),
		"date":      regexp.MustCompile(`^(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-./]\d\d?[-./]\d{2,4}|20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|\d\d?[- ]\p{L}{3,9}\.?[- ]\d{2,4}|[A-Z][a-z]{2,8} \d\d?,? \d{4})([T ].*)?$|^1[5-9]\d{8}$`),
		"file":      regexp.MustCompile(`(?i)\.(png|jpe?g|gif|svg|webp|zip|rar|pdf|mp4)(\?|$)|//(drive|docs|disk|img|images|cdn|files)\.|dropbox`),
		"id":        regexp.MustCompile(`^#?[A-Za-z]{1,4}[-_ ]?\d{1,8}$|^#\d{1,8}$`),
		"hex":       regexp.MustCompile(`^[0-9a-f]{24}$`),
		"bundle":    regexp.MustCompile(`^([a-z][a-z0-9_]+\.){2,}[A-Za-z0-9_]+$|^(com|net|org|io|app|co|me|air)\.[A-Za-z0-9_.]+$|^id\d{6,}$`),
		"macro":     regexp.MustCompile(`\{[A-Za-z0-9_.:-]+\}|%7[Bb][A-Za-z0-9_.]+%7[Dd]|#\{?[A-Za-z0-9_.]+[#}]|%%[A-Za-z0-9_|:.]+%%|\[=[A-Za-z0-9_]+=\]`),
		"span":      regexp.MustCompile(`(?i)^\d{1,4}\s*(s|sec|min|h|hr|hrs|hours?|d|days?|w|weeks?|m|months?|tage?|std|stunden|wochen|monate?|dni|dias?|días?|jours?|j|gg|giorni|ore|gün|dagen|ч|час\p{L}*|д|дн|дня|дней|день|сут\p{L}*)\.?$`),
		"version":   regexp.MustCompile(`(?i)^((android|ios|win|windows)\s*)?([>≥]=?\s*)?v?\d{1,2}(\.\d+){0,2}\s*(\+|and up|or higher|or later|и выше)?$`),
		"hours":     regexp.MustCompile(`(?i)\b\d{1,2}([:.]\d\d)?\s*(am?|pm?|h|uhr)?\s*(-|–|to|bis|до|a)\s*\d{1,2}([:.]\d\d)?\s*(am?|pm?|h|uhr)?\b|^24\s*[/x]\s*7|\b(mon|mo|пн|lun|seg)\w*\s*[-–]\s*(fri|fr|sun|so|sa|sat|пт|вс|vie|sex)`),
		"company":   regexp.MustCompile(`(?i)^(ооо|ооo|ип|ао|тов|пао|зао)\s|\s(ltd|limited|llc|l\.l\.c|inc|corp|plc|gmbh|ag|kg|ug|e\.?k|mbh|s\.?a|s\.?l|s\.?l\.?u|s\.?a\.?u|sarl|sas|sasu|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|a/s|aps|ab|oy|oyj|as|asa|sp\.? ?z ?o\.? ?o|s\.?r\.?o|a\.?s|kft|zrt|d\.?o\.?o|pte|pty|pvt|lda|ltda|s\.?a\.?s|eood|ood|a\.?ş|şti|gbr|se|co|holdings?|group|gruppe|bv|ооо|тов|fze|llp|lp)\.?$`),
		"thousands": regexp.MustCompile(`^[0-9]+([.,][0-9]+)? ?[kK]$`),                                        // 5k, 1.5K
		"ordinal":   regexp.MustCompile(`^[2-9][0-9]?_`),                                                      // payout_2_
		"model":     regexp.MustCompile(`(?i)^(cp[acdeilmors]|rp[aceilms]|rps|rev ?share|flat|fixed)\s*:\s*`), // CPA: $31.00
		"mixed":     regexp.MustCompile(`(?i)^(up to|from|до|от|bis|ab|hasta|até|fino a|do)?\s*[^\d\s.,]{0,3}\s?\d[\d.,]*\s?[^\d\s.,+/&–-]{0,4}\s*([+/&–-]\s*[^\d\s.,]{0,3}\s?\d[\d.,]*\s?[^\d\s.,]{0,4})?$`),
		"domain":    regexp.MustCompile(`^(https?://)?([\w-]+\.)+[a-z]{2,}/?$`),
		"zone":      regexp.MustCompile(`^(utc|gmt)?\s*[+-]\d{1,2}(:\d\d)?$`),
		"ban":       regexp.MustCompile(`(?i)(^|[\s(])(no|not|non|only|without|allowed|forbidden|prohibited|except|must|don't|banned|без|только|нельзя|запрещ\p{L}*|разреш\p{L}*|кроме|кein|kein\p{L}*|nur|ohne|verboten|erlaubt|nicht|sin|solo|sólo|prohibid\p{L}*|permitid\p{L}*|sem|somente|apenas|proibid\p{L}*|não|pas de|sans|uniquement|interdit\p{L}*|autoris\p{L}*|senza|vietat\p{L}*|tylko|bez|zakaz\p{L}*|geen|alleen|yasak|sadece|заборон\p{L}*|лише|тільки|brak|nie)([\s:,.;)]|$)`),
		"prefix":    regexp.MustCompile(`^[A-Z]{2}\s*[:/|-]\s*|\s+\(?[A-Z]{2}\)?$`),
		"contact":   regexp.MustCompile(`^@[\w.]{3,}$|^\S+@\S+\.[a-z]{2,}$|^\+\d[\d ()-]{7,}$`),
	}
})

// add takes up a value.
func (l *look) add(c sheet.Cell) {
	text := strings.TrimSpace(c.Text)
	l.cells, l.amount = append(l.cells, text), append(l.amount, math.NaN())
	if c.Kind == sheet.Blank || text == "" {
		return
	}
	l.filled++
	if l.example == "" || isNothing(l.example) && !isNothing(text) {
		l.example = text
	}
	if len(l.examples) < 3 && !isNothing(text) && !slices.Contains(l.examples, text) {
		l.examples = append(l.examples, text)
	}
	if _, known := l.seen[text]; known || len(l.seen) < distinctMost {
		l.seen[text]++
	}
	l.addShape(text, c.Kind)
	l.addWords(text)
}

func (l *look) addShape(text string, kind sheet.Kind) {
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	amount, digits := readNumber(text)
	number := amount || digits != ""
	count(&l.numbers, number)
	count(&l.mixed, !number && shapes()["mixed"].MatchString(text) && !shapes()["date"].MatchString(text))
	count(&l.integers, number && strings.Trim(text, "0123456789") == "")
	count(&l.decimals, number && (amount || strings.ContainsAny(digits, ".,")))
	count(&l.counts, number && !amount || shapes()["count"].MatchString(strings.ToLower(text)) || mapping.Meant("nothing", text) != "")
	if v, err := strconv.ParseFloat(digits, 64); err == nil {
		l.amount[len(l.amount)-1] = v
	}
	url := strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
	macro := shapes()["macro"].MatchString(text)
	count(&l.urls, url)
	count(&l.macros, url && macro)
	count(&l.queries, url && !macro && strings.Contains(text, "?"))
	count(&l.files, url && shapes()["file"].MatchString(text))
	count(&l.contacts, !url && shapes()["contact"].MatchString(text))
	count(&l.codes, shapes()["id"].MatchString(text))
	count(&l.dates, kind == sheet.Date || shapes()["date"].MatchString(text) || isNoDate(text))
	count(&l.hexes, shapes()["hex"].MatchString(text))
	count(&l.bundles, shapes()["bundle"].MatchString(text))
	count(&l.html, strings.Contains(text, "</") || strings.Contains(text, "<br"))
	count(&l.spans, shapes()["span"].MatchString(text))
	count(&l.versions, shapes()["version"].MatchString(text))
	count(&l.hours, !url && shapes()["hours"].MatchString(text) && !shapes()["date"].MatchString(text))
	count(&l.bans, !url && shapes()["ban"].MatchString(text))
	count(&l.companies, shapes()["company"].MatchString(text))
	count(&l.domains, shapes()["domain"].MatchString(text))
	count(&l.ips, isAddress(text))
	words := len(strings.Fields(text))
	count(&l.long, !url && (words > 5 || len(text) > 60))
	first := []rune(text)[0]
	count(&l.titles, !url && !number && words >= 2 && words <= 8 && (unicode.IsUpper(first) || unicode.IsDigit(first)))
}

// kinds are the values that are told by their words, and how a word of each is
// told.
func (l *look) kinds() map[*int]func(string) bool {
	word := func(concept string) func(string) bool {
		return func(text string) bool { return mapping.Meant(concept, text) != "" }
	}
	system, model, flag := word("os"), word("payout type"), word("flag")
	beyond := func(concept string) func(string) bool { // yes and 1 may say anything
		return func(text string) bool { return word(concept)(text) && !flag(text) }
	}
	event := func(text string) bool { // approved lead
		words := strings.Fields(text)
		return mapping.Meant("event", text) != "" || len(words) < 4 && slices.ContainsFunc(words, word("event"))
	}
	return map[*int]func(string) bool{
		&l.currency: mapping.IsCurrency, &l.country: func(text string) bool { return mapping.IsCountry(text) && !event(text) }, &l.flags: word("flag"),
		&l.all:    func(text string) bool { return !mapping.IsCountry(text) && mapping.Meant("device", text) == "*" },
		&l.status: beyond("status"), &l.privacy: beyond("privacy"), &l.model: func(text string) bool { return model(text) && !event(text) }, &l.either: model, &l.events: event, &l.devices: word("device"), &l.network: word("connection"),
		&l.browsers: word("browser"), &l.carriers: isCarrier, &l.traffic: isTraffic, &l.zones: isZone, &l.redirects: word("redirect"),
		&l.systems: func(text string) bool { return system(text) || system(strings.Fields(text)[0]) }, // Android 9
	}
}

// marks tells of a few short words that come again and again: ACT, SUS.
func (l *look) marks() bool {
	for text := range l.seen {
		if len(text) > 4 {
			return false
		}
	}
	return len(l.seen) < 6 && len(l.seen) < l.filled && l.numbers+l.currency == 0 && l.share(l.country) < 0.5
}

// countries is how many values name countries, or all of them where others do.
func (l *look) countries() int {
	if l.country > l.all {
		return l.country + l.all
	}
	return l.country
}

// isCarrier tells of the name of a provider, with a country beside it or not.
func isCarrier(text string) bool {
	return mapping.Meant("carrier", text) != "" || mapping.Meant("carrier", shapes()["prefix"].ReplaceAllString(text, "")) != ""
}

// isTraffic tells of a kind of traffic, with the word beside it or not.
func isTraffic(text string) bool {
	if mapping.Meant("traffic", text) != "" {
		return true
	}
	words := strings.Fields(text)
	return len(words) > 1 && len(words) < 4 && slices.ContainsFunc(words, func(w string) bool { return len(w) > 3 && mapping.Meant("traffic", w) != "" })
}

// isZone tells of a time zone, in whatever way it is written.
func isZone(text string) bool {
	if mapping.Meant("zone", text) != "" || shapes()["zone"].MatchString(strings.ToLower(text)) && !strings.HasPrefix(text, "-") {
		return true
	}
	if !strings.Contains(text, "/") {
		return false
	}
	_, err := time.LoadLocation(text)
	return err == nil
}

// isAddress tells of IP addresses, networks and ranges, one or several.
func isAddress(text string) bool {
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;- \n", r) }) {
		address, _, _ := strings.Cut(item, "/")
		if _, err := netip.ParseAddr(address); err != nil {
			return false
		}
	}
	return true
}

// addWords looks for words that are known; of a list, all must be.
func (l *look) addWords(text string) {
	items := splitList(strings.NewReplacer("/", ",", "+", ",").Replace(text))
	if len(items) > 1 && len(items[0]) == 2 { // us,ca
		items = append(items[:0:0], items...)
		for i, item := range items {
			if len(item) == 2 {
				items[i] = strings.ToUpper(item)
			}
		}
	}
	if len(text) > 200 || len(items) == 0 {
		return
	}
	if len(items) > 1 {
		l.lists++
	}
	for n, is := range l.kinds() {
		if is(text) || !slices.ContainsFunc(items, func(item string) bool { return !is(item) }) {
			*n++
		}
	}
}

// share is the part of the filled values that are of a kind.
func (l *look) share(n int) float64 {
	if l.filled == 0 {
		return 0
	}
	return float64(n) / float64(l.filled)
}

// average is the mean of the numbers.
func (l *look) average() float64 {
	sum, n := 0.0, 0.0
	for _, v := range l.amount {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / max(n, 1)
}

// under tells whether the amounts are below those of another column as a
// payout is below what is earned: less, and not by far.
func (l *look) under(other *look) bool {
	fits, n := 0, 0
	for row, v := range l.amount {
		if w := other.amount[row]; v > 0 && w > 0 {
			n++
			if v < w && w < 3*v {
				fits++
			}
		}
	}
	return n > 0 && 10*fits >= 9*n
}

// before tells whether the days are before those of another column, row by row.
func (l *look) before(other *look) bool {
	n := 0
	for row, text := range l.cells {
		first, last := dayOf(text), dayOf(other.cells[row])
		if first == "" || last == "" {
			continue
		}
		if n++; first >= last {
			return false
		}
	}
	return n > 1
}

// dayOf writes a day so that texts compare as days do; blank for what is none.
// Where day and month could be either, the day is taken to be first.
func dayOf(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	if len(parts) < 3 || len(parts[0]) > 4 || len(parts[1]) > 2 {
		return ""
	}
	if len(parts[0]) < 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts[0]) == 2 {
		parts[0] = "20" + parts[0]
	}
	return fmt.Sprintf("%4s-%02s-%02s", parts[0], parts[1], parts[2])
}

// amounts tells whether a column holds money, as it seems.
func (l *look) amounts() bool { return l.share(l.numbers) > 0.8 && l.decimals > 0 }

// names tells whether a column holds a few short names, as those of companies.
func (l *look) names() bool {
	short := 0
	for text := range l.seen {
		if r := []rune(text)[0]; unicode.IsUpper(r) && len(strings.Fields(text)) < 4 {
			short++
		}
	}
	return short == len(l.seen) && l.filled > 0 && l.numbers+l.country+l.status+l.events+l.systems+l.devices+l.lists+l.model == 0
}

// groups tells whether a column holds a few words that come again and again, as
// the names of categories do.
func (l *look) groups() bool {
	for text := range l.seen {
		if words := len(strings.Fields(text)); words > 3 || len([]rune(text)) < 4 {
			return false
		}
	}
	return l.filled > 2 && 10*len(l.seen) < 8*l.filled+5 && len(l.seen) > 1 && l.numbers+l.country+l.status+l.flags+l.events+l.systems+l.devices+l.model+l.urls+l.dates+l.contacts+l.codes+l.spans == 0
}

// unique tells whether no value comes twice.
func (l *look) unique() bool {
	return l.filled > 1 && (len(l.seen) == l.filled || len(l.seen) == distinctMost)
}

// counter tells whether the values are 1, 2, 3 and so on.
func (l *look) counter() bool {
	return l.filled > 2 && l.integers == l.filled && l.seen["1"] == 1 && l.seen[strconv.Itoa(l.filled)] == 1
}

// unit is what all counts carry after the number, blank where they differ.
func (l *look) unit() string {
	unit, any := "", false
	for text := range l.seen {
		rest := strings.TrimLeft(text, "0123456789")
		if rest == text {
			continue
		}
		if any && rest != unit || strings.ContainsAny(rest, ".,%$€£0123456789") || anyWord(strings.FieldsFunc(strings.ToLower(rest), notLetter), headerWords().lists["weekly"]) {
			return ""
		}
		unit, any = rest, true
	}
	return unit
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// strokes tells whether strokes stand between values: Mob+Web, DE/AT.
func (l *look) strokes() bool {
	return slices.ContainsFunc(l.cells, func(text string) bool { return strings.ContainsAny(text, "/+") && !strings.Contains(text, "://") })
}

// nothings are the values that say that there is no number, in small letters, and
// words that often do.
func (l *look) nothings() []string {
	words := []string{"unlimited", "open", "no cap"}
	for _, text := range sortedKeys(l.seen) {
		if word := strings.ToLower(text); mapping.Meant("nothing", text) != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// dateFormat tells how a column's dates are written: with points the day comes
// first; with slashes, where a number above 12 says so.
func (l *look) dateFormat() string {
	if l.share(l.dates) < 0.8 {
		return ""
	}
	format := ""
	for text := range l.seen {
		at := strings.IndexAny(text, "/.-")
		if at < 0 {
			return pick(len(text) == 8, "YYYYMMDD", "")
		}
		sign := text[at : at+1]
		parts := strings.Split(text, sign)
		if len(parts) < 3 || sign != "-" && strings.Contains(text, "-") {
			return ""
		}
		first, _ := strconv.Atoi(parts[0])
		second, _ := strconv.Atoi(parts[1])
		switch {
		case first > 31 && sign == "-", second == 0: // ISO, or the month is a word
			return ""
		case first > 31:
			format = strings.Join([]string{"YYYY", "MM", "DD"}, sign)
		case sign == ".", first > 12:
			format = strings.Join([]string{"DD", "MM", "YYYY"}, sign)
		case second > 12:
			format = strings.Join([]string{"MM", "DD", "YYYY"}, sign)
		}
	}
	return format
}

// distinct are the different values where they are few.
func (l *look) distinct() []string {
	if len(l.seen) > 30 {
		return nil
	}
	return sortedKeys(l.seen)
}

// readNumber reads a number, and tells whether a currency or a percent sign makes
// an amount of it. Digits are blank for what is no number.
func readNumber(text string) (amount bool, digits string) {
	m := shapes()["number"].FindStringSubmatch(shapes()["model"].ReplaceAllString(text, ""))
	if m == nil {
		return false, ""
	}
	for _, sign := range []string{m[1], m[3]} {
		if sign != "" && sign != "%" && !mapping.IsCurrency(sign) {
			return false, ""
		}
		amount = amount || sign != ""
	}
	digits = strings.NewReplacer(" ", "", ",", ".").Replace(m[2])
	if i := strings.LastIndex(digits, "."); strings.Count(digits, ".") > 1 { // 1.234.50
		digits = strings.ReplaceAll(digits[:i], ".", "") + digits[i:]
	}
	return amount, digits
}

// signs are the currencies beside the amounts, but for the dollar, which may be one
// of several.
func (l *look) signs() []string {
	var found []string
	for _, text := range sortedKeys(l.seen) {
		m := shapes()["number"].FindStringSubmatch(text)
		if m == nil {
			continue
		}
		for _, sign := range []string{strings.TrimSpace(m[1]), m[3]} {
			if sign != "" && sign != "$" && sign != "%" && mapping.IsCurrency(sign) && !slices.Contains(found, sign) {
				found = append(found, sign)
			}
		}
	}
	return found
}

// languages are the languages that texts can be in, with words that tell them.
var languages = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"de": strings.Fields("der die das und nicht keine kein nur für mit bei oder auf nach"),
		"es": strings.Fields("el los las con para sin solo sólo por del una se"),
		"pt": strings.Fields("não com sem somente apenas os uma dos é em"),
		"fr": strings.Fields("le les des et pas sans avec pour une sur du"),
	}
})

// language is the language of a column's texts, as our columns name it: en where
// nothing else is told.
func (l *look) language() string {
	found := map[string]int{}
	for text := range l.seen {
		if strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0 {
			found["ru"] += 5
		}
		for _, word := range strings.Fields(strings.ToLower(text)) {
			for language, words := range languages() {
				if slices.Contains(words, strings.Trim(word, ".,:;!")) {
					found[language]++
				}
			}
			if slices.Contains([]string{"the", "and", "of", "only", "not", "for", "with", "are", "is"}, word) {
				found["en"]++
			}
		}
	}
	best := "en"
	for _, language := range sortedKeys(found) {
		if found[language] > found[best] {
			best = language
		}
	}
	return best
}

func (l *look) takeMacros(to map[string]int) {
	if l.share(l.urls) < 0.5 {
		return
	}
	for text, n := range l.seen {
		for _, m := range shapes()["macro"].FindAllString(text, -1) {
			to[m] += n
		}
	}
}
