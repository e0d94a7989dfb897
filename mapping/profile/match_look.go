package profile

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

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
	urls     int
	tracking int // URLs with macros or a query
	files    int // URLs of pictures and of shared files
	codes    int // short words with a number: MU-1, AK12
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
		"date":   regexp.MustCompile(`^(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[./]\d\d?[./]\d{2,4}|\d\d? [A-Z][a-z]{2,8} \d{4})([T ].*)?$`),
		"file":   regexp.MustCompile(`(?i)\.(png|jpe?g|gif|svg|webp|zip|rar|pdf|mp4)(\?|$)|//(drive|docs|disk|img|images|cdn)\.|dropbox`),
		"id":     regexp.MustCompile(`^[A-Za-z]{1,4}[-_ ]?\d{1,8}$`),
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
		"currency": of("$,€,£,₽,₴,dollar,dollars,euro,euros,pound,рубль,руб,рубли,доллар,евро"),
		"country": of("USA,UK,United States,United Kingdom,Germany,France,Italy,Spain,Canada,Australia,India,Brazil,Mexico,Japan,Netherlands,Austria,Switzerland,Poland,Sweden,Norway,Denmark,Finland,Portugal,Turkey,Ukraine,Kazakhstan,Russia," +
			"Worldwide,WW,Global,All,World,DACH,LATAM,Nordics,Baltics,CIS,EU,Tier 1,Tier 2,Tier 3,Deutschland,Österreich,Schweiz,España,Francia,Alemania,Россия,Украина,Казахстан,Беларусь,СНГ,весь мир,Germania,Italia,Frankreich,Spanien,Italien"),
		"flag":    of("yes,no,true,false,y,n,on,off,enabled,disabled,ja,nein,j,да,нет,вкл,выкл,si,sí,oui,non,x"),
		"status":  of("active,paused,pause,stopped,pending,inactive,live,disabled,enabled,expired,deleted,archived,running,suspended,testing,test,draft,approved,closed,on hold,online,offline,open,hold,launched,on,off,ended,finished,aktiv,inaktiv,pausiert,beendet,läuft,gestoppt,archiviert,entwurf,aktivní,activo,activa,pausado,pausada,inactivo,detenido,actif,active,en pause,inactif,arrêté,активен,активный,активна,активно,приостановлен,приостановлено,остановлен,остановлена,на паузе,пауза,стоп,архив,черновик,отключен,неактивен,запущен,работает,на стопе,вкл,выкл,тест"),
		"privacy": of("public,private,protected,permission,require approval,approval required,by request,on request,apply to run,open,hidden,restricted,invite only,premoderated,request,approval,pre-approval,need approval,everyone,anyone,all affiliates,exclusive,closed,öffentlich,privat,auf anfrage,nach freigabe,geschlossen,público,privado,bajo solicitud,privé,sur demande,публичный,публичная,приватный,приватная,по запросу,открытый,закрытый,с модерацией"),
		"model":   of("cpa,cpl,cpi,cpc,cpm,cps,cpo,rev share,revshare,revenue share,fixed,percent,flat,cpa flat,cpe,cpr,soi,doi,hybrid,mixed,sale,lead,install,click,per sale,per lead,percentage,%,pps,ppl,ppi,ppc,fix,prozent,provision,porcentaje,pourcentage,процент,ревшара,фикс"),
		"device":  of("mobile,desktop,tablet,tv,phone,web,all devices,smartphone,handset,pc,computer,handy,ordinateur,móvil,мобильные,десктоп,планшет"),
		"system":  of("ios,android,windows,macos,linux,ipados,mac os,mac,chrome os,tizen"),
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
	count(&l.files, url && shapes()["file"].MatchString(text))
	count(&l.codes, shapes()["id"].MatchString(text))
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
			all = all && (sets()[name][fold(item)] || name == "currency" && isCurrencyCode(item) || name == "country" && isCountryCode(item) || name == "system" && sets()[name][strings.ToLower(strings.Fields(item + " x")[0])])
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

func isCurrencyCode(text string) bool {
	_, err := currency.ParseISO(text)
	return err == nil && len(text) == 3
}

func isCountryCode(text string) bool {
	if len(text) < 2 || len(text) > 3 || text != strings.ToUpper(text) {
		return false
	}
	region, err := language.ParseRegion(text)
	return err == nil && region.IsCountry()
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

// amounts tells whether a column holds money, as it seems.
func (l *look) amounts() bool { return l.share(l.numbers) > 0.8 && l.decimals > 0 }

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
		case first > 31 && strings.Contains(text, "/"):
			format = "YYYY/MM/DD"
		case first > 31:
			format = "YYYY.MM.DD"
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
