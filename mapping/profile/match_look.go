package profile

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"offerlift/internal/sheet"
)

// look is how a column's values look: how many are of which kind.
type look struct {
	filled   int
	example  string
	seen     map[string]int // different values, up to a bound
	sum      float64        // for weighing two columns against each other; never sent
	numbers  int
	decimals int
	integers int
	percents int
	urls     int
	tracking int // URLs with macros or a query
	dates    int
	hexes    int // 24 hexadecimal digits
	country  int
	currency int
	flags    int
	bundles  int
	lists    int
	html     int
	long     int // texts of several words
	status   int
	privacy  int
	model    int
	devices  int
	systems  int
	titles   int // a few words that begin with a capital
}

// distinctMost is how many different values are kept.
const distinctMost = 400

func newLook() *look { return &look{seen: map[string]int{}} }

var shapes = sync.OnceValue(func() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"number": regexp.MustCompile(`^[$€£]?\s?-?\d{1,3}([ ,.]?\d{3})*([.,]\d+)?\s?([$€£%]|USD|EUR|GBP)?$`),
		"date":   regexp.MustCompile(`^(\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{2,4}|\d\d? [A-Z][a-z]{2,8} \d{4})([T ].*)?$`),
		"hex":    regexp.MustCompile(`^[0-9a-f]{24}$`),
		"bundle": regexp.MustCompile(`^([a-z][a-z0-9_]*\.)+[A-Za-z0-9_]+$|^id\d{6,}$`),
		"macro":  regexp.MustCompile(`\{[A-Za-z0-9_.:-]+\}|%7[Bb][A-Za-z0-9_.]+%7[Dd]|#\{?[A-Za-z0-9_.]+[#}]|%%[A-Za-z0-9_|:.]+%%|\[=[A-Za-z0-9_]+=\]`),
		"code":   regexp.MustCompile(`^[A-Z]{2}$`),
	}
})

var sets = sync.OnceValue(func() map[string]map[string]bool {
	of := func(list string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.Split(list, ",") {
			set[fold(w)] = true
		}
		return set
	}
	return map[string]map[string]bool{
		"currency": of("USD,EUR,GBP,JPY,CHF,AUD,CAD,INR,BRL,RUB,UAH,KZT,PLN,SEK,NOK,DKK,CZK,HUF,RON,TRY,MXN,CNY,SGD,HKD,ZAR,ILS,AED,THB,IDR,VND,KRW,$,€,£,dollar,euro"),
		"country": of("US,USA,UK,GB,DE,FR,IT,ES,PT,NL,BE,AT,CH,PL,CZ,SE,NO,DK,FI,IE,CA,AU,NZ,IN,BR,MX,AR,CL,CO,PE,ZA,NG,KE,EG,MA,TR,RU,UA,KZ,RO,HU,BG,GR,JP,KR,CN,TW,HK,SG,MY,TH,VN,ID,PH,AE,SA,IL,LT,LV,EE,SK,SI,HR,RS," +
			"United States,United Kingdom,Germany,France,Italy,Spain,Canada,Australia,India,Brazil,Mexico,Japan,Netherlands,Austria,Switzerland,Poland,Sweden,Norway,Denmark,Worldwide,WW,Global,All,DACH,LATAM,Nordics,Tier 1,Deutschland,Österreich,Schweiz"),
		"flag":    of("yes,no,true,false,y,n,on,off,enabled,disabled,ja,nein"),
		"status":  of("active,paused,stopped,pending,inactive,live,disabled,enabled,expired,deleted,archived,running,suspended,testing,draft,approved,closed,on hold,aktiv,inaktiv,online,offline,open,hold,launched"),
		"privacy": of("public,private,protected,permission,require approval,approval required,by request,on request,apply to run,open,hidden,restricted,invite only,premoderated,request,approval,pre-approval,need approval"),
		"model":   of("cpa,cpl,cpi,cpc,cpm,cps,rev share,revshare,revenue share,fixed,percent,flat,cpa flat,cpe,cpr,soi,doi,hybrid,mixed,sale,lead,install,click,per sale,per lead"),
		"device":  of("mobile,desktop,tablet,tv,phone,web,all devices,smartphone,handset"),
		"system":  of("ios,android,windows,macos,linux,ipados"),
	}
})

// add takes up a value.
func (l *look) add(c sheet.Cell) {
	text := strings.TrimSpace(c.Text)
	if c.Kind == sheet.Blank || text == "" {
		return
	}
	l.filled++
	if l.example == "" || isNothing(l.example) && !isNothing(text) {
		l.example = text
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
	number := shapes()["number"].MatchString(text)
	count(&l.numbers, number)
	count(&l.percents, strings.HasSuffix(text, "%"))
	count(&l.integers, number && strings.Trim(text, "0123456789") == "")
	count(&l.decimals, number && strings.ContainsAny(text, ".,$€£%"))
	if number {
		digits := strings.ReplaceAll(strings.Trim(text, "$€£% USDEGBPR"), ",", ".")
		if v, err := strconv.ParseFloat(digits, 64); err == nil {
			l.sum += v
		}
	}
	url := strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
	count(&l.urls, url)
	count(&l.tracking, url && (shapes()["macro"].MatchString(text) || strings.Contains(text, "?")))
	count(&l.dates, kind == sheet.Date || shapes()["date"].MatchString(text) || isZeroDate(text))
	count(&l.hexes, shapes()["hex"].MatchString(text))
	count(&l.bundles, shapes()["bundle"].MatchString(text))
	count(&l.html, strings.Contains(text, "</") || strings.Contains(text, "<br"))
	words := len(strings.Fields(text))
	count(&l.long, !url && (words > 5 || len(text) > 60))
	first := []rune(text)[0]
	count(&l.titles, !url && !number && words >= 2 && words <= 8 && (unicode.IsUpper(first) || unicode.IsDigit(first)))
}

// addWords looks for values of known sets; of a list, all must be.
func (l *look) addWords(text string) {
	items := splitList(strings.ReplaceAll(text, "/", ","))
	if len(text) > 200 || len(items) == 0 {
		return
	}
	if len(items) > 1 {
		l.lists++
	}
	for name, n := range map[string]*int{"currency": &l.currency, "country": &l.country, "flag": &l.flags, "status": &l.status,
		"privacy": &l.privacy, "model": &l.model, "device": &l.devices, "system": &l.systems} {
		all := true
		for _, item := range append([]string{}, items...) {
			all = all && (sets()[name][fold(item)] || name == "system" && sets()[name][strings.ToLower(strings.Fields(item + " x")[0])])
		}
		if !all && sets()[name][fold(text)] {
			all = true
		}
		if all {
			*n++
		}
	}
	if text == "0" || text == "1" {
		l.flags++
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
	if l.numbers == 0 {
		return 0
	}
	return l.sum / float64(l.numbers)
}

// unique tells whether no value comes twice.
func (l *look) unique() bool {
	return l.filled > 1 && (len(l.seen) == l.filled || len(l.seen) == distinctMost)
}

// dateFormat tells how a column's dates are written: with points the day comes
// first; with slashes, where a number above 12 says so.
func (l *look) dateFormat() string {
	if l.share(l.dates) < 0.8 {
		return ""
	}
	format := ""
	for text := range l.seen {
		parts := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '.' })
		if len(parts) < 3 || strings.Contains(text, "-") {
			return ""
		}
		first, _ := strconv.Atoi(parts[0])
		second, _ := strconv.Atoi(parts[1])
		switch {
		case strings.Contains(text, "."):
			format = "DD.MM.YYYY"
		case first > 12:
			format = "DD/MM/YYYY"
		case second > 12:
			format = "MM/DD/YYYY"
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
