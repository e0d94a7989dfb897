package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // time zones are checked on machines without a zone database too
)

// An Advertiser of the sandbox's account.
type Advertiser struct {
	ID    string `json:"id"` // 24 hexadecimal digits
	Title string `json:"title"`
	Email string `json:"email"`
	URL   string `json:"url"`
}

// A Category of offers; sources and smartlink categories look the same.
type Category struct {
	ID    string `json:"id"` // 24 hexadecimal digits
	Title string `json:"title"`
}

// Affiliate is what the API calls a partner.
type Affiliate struct {
	ID    int // the pid
	Email string
	Login string
}

// A Manager is a user of the admin panel.
type Manager struct {
	ID        string // 24 hexadecimal digits
	FirstName string
	LastName  string
	Email     string
}

// A domain is a tracking domain.
type domain struct {
	ID       int    `json:"id"`
	URL      string `json:"url"`
	UseHTTPS bool   `json:"use_https"`
}

// A place is a region or a city.
type place struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	Country string `json:"country_code"`
}

// Advertisers lists the advertisers that an offer can name.
func Advertisers() []Advertiser {
	var all []Advertiser
	for i, title := range []string{
		"Northwind Games", "Lumen Finance", "Harbor Travel", "Verde Nutrition", "Kestrel Mobile",
		"Atlas Insurance", "Bluebird Dating", "Cobalt Software", "Orchard Retail", "Zenith Utilities",
	} {
		name := strings.ToLower(strings.ReplaceAll(title, " ", "-"))
		all = append(all, Advertiser{
			ID:    []string{"573c69a33b7d9b0e638b4576", "573c69a33b7d9b0e638b4577"}[min(i, 1)],
			Title: title, Email: "offers@" + name + ".example.com", URL: "https://" + name + ".example.com",
		})
		if i > 1 {
			all[i].ID = fixedID("56cc49dc", i)
		}
	}
	return all
}

// fixedID makes an id of 24 hexadecimal digits that is the same in every run.
func fixedID(prefix string, i int) string {
	return prefix + "3b7d9b8905" + "8b45" + string([]byte{'0' + byte(i/10), '0' + byte(i%10)})
}

func categories(prefix string, titles ...string) []Category {
	var all []Category
	for i, title := range titles {
		all = append(all, Category{fixedID(prefix, i+1), title})
	}
	return all
}

// Categories lists the offer categories that the account starts with.
func Categories() []Category {
	return categories("5368a397", "Games", "Finance", "Travel", "Nutra", "Dating", "Utilities", "E-commerce", "Insurance",
		"Sweepstakes", "Mobile content", "Education", "Crypto")
}

// Sources lists the traffic sources.
func Sources() []Category {
	return categories("5405c6a1", "Banner", "Push", "Pop-under", "Search", "Social", "E-mail", "In-app", "Native")
}

// smartlinkCategories lists the smartlink categories.
func smartlinkCategories() []Category {
	return categories("595e3b5b", "Mainstream", "Mobile apps", "Sweepstakes", "Adult")
}

// Affiliates lists the affiliates of the account by their pid.
func Affiliates() []Affiliate {
	var all []Affiliate
	for i, login := range []string{"orion-media", "pixel-peak", "mint-traffic", "delta-leads", "quiet-river", "sunny-side", "tall-pine", "red-kite"} {
		all = append(all, Affiliate{[]int{7, 12, 71, 500, 600, 610, 1024, 2048}[i], "team@" + login + ".example.com", login})
	}
	return all
}

// Managers lists the users who can manage offers.
func Managers() []Manager {
	var all []Manager
	for i, name := range []string{"Ana Silva", "Ben Okafor", "Chloe Martin", "Dmitri Volkov", "Emi Tanaka", "Farid Haddad"} {
		first, last, _ := strings.Cut(name, " ")
		all = append(all, Manager{fixedID("55c1fa2d", i+1), first, last, strings.ToLower(first) + "@network.example.com"})
	}
	return all
}

// domains lists the tracking domains.
func domains() []domain {
	return []domain{
		{1, "track.example.com", true}, {2, "go.example.com", true}, {3, "click.example.com", true}, {4, "legacy.example.com", false},
	}
}

// devices lists the kinds of device.
func devices() []string {
	return []string{"mediahub", "mobile", "ereader", "console", "tv", "tablet", "desktop", "smartwatch"}
}

// osVersions returns the known systems with their versions.
func osVersions() map[string][]string {
	versions := func(list string) []string { return strings.Fields(list) }
	return map[string][]string{
		"Android":    versions("4.4 5.0 5.1 6.0 7.0 7.1 8.0 8.1 9 10 11 12 13 14 15 16"),
		"iOS":        versions("9.0 10.0 11.0 12.0 13.0 14.0 15.0 16.0 17.0 18.0 26.0"),
		"iPadOS":     versions("13.0 14.0 15.0 16.0 17.0 18.0 26.0"),
		"Windows":    versions("7 8 8.1 10 11"),
		"Mac OS X":   versions("10.12 10.13 10.14 10.15 11.0 12.0 13.0 14.0 15.0"),
		"macOS":      versions("11 12 13 14 15 26"),
		"Linux":      versions("4.0 5.0 6.0"),
		"Ubuntu":     versions("18.04 20.04 22.04 24.04"),
		"Chrome OS":  versions("90 100 110 120 130"),
		"Tizen":      versions("4.0 5.0 5.5 6.0 6.5"),
		"webOS TV":   versions("3.0 4.0 5.0 6.0"),
		"tvOS":       versions("14.0 15.0 16.0 17.0"),
		"watchOS":    versions("7.0 8.0 9.0 10.0"),
		"Fire OS":    versions("5 6 7 8"),
		"KaiOS":      versions("2.5 3.0"),
		"HarmonyOS":  versions("2.0 3.0 4.0"),
		"BlackBerry": versions("7.1 10.3"), "Windows Phone": versions("8.0 8.1 10"),
	}
}

// browsers lists the known browsers.
func browsers() []string {
	return []string{
		"Chrome", "Chrome Mobile", "Safari", "Mobile Safari", "Firefox", "Firefox Mobile", "Microsoft Edge", "Opera",
		"Opera Mini", "Samsung Browser", "UC Browser", "Yandex Browser", "Android Browser", "Facebook", "Instagram App",
	}
}

// vendorNames lists makers of devices.
func vendorNames() []string {
	return []string{
		"Apple", "Samsung", "Xiaomi", "Huawei", "Oppo", "Vivo", "Realme", "OnePlus", "Motorola", "Nokia", "Google", "Sony",
		"LG", "HTC", "Lenovo", "Asus", "ZTE", "Tecno", "Infinix", "Honor", "Alcatel", "Meizu",
	}
}

// providers returns names of internet providers by country. Only some countries have any.
func providers() map[string][]string {
	return map[string][]string{
		"US": {"AT&T", "Comcast", "T-Mobile USA", "Verizon Wireless", "Charter Communications"},
		"GB": {"BT", "EE", "O2", "Sky Broadband", "Vodafone UK"},
		"DE": {"Deutsche Telekom", "Telefonica Germany", "Vodafone Germany", "1&1"},
		"FR": {"Orange", "SFR", "Bouygues Telecom", "Free"},
		"BR": {"Claro", "Vivo", "TIM Brasil"},
		"IN": {"Reliance Jio", "Bharti Airtel", "Vodafone Idea", "BSNL"},
		"RU": {"MTS", "MegaFon", "Beeline", "Rostelecom"},
		"KZ": {"Kazakhtelecom", "Kcell", "Beeline KZ"},
	}
}

// regions lists regions of some countries.
func regions() []place {
	return places(1, map[string]string{
		"US": "Alabama,Alaska,Arizona,California,Colorado,Florida,Georgia,Illinois,New York,Texas,Washington",
		"DE": "Baden-Württemberg,Bavaria,Berlin,Hamburg,Hesse,Saxony",
		"GB": "England,Northern Ireland,Scotland,Wales", "CA": "Alberta,British Columbia,Ontario,Quebec",
		"FR": "Bretagne,Occitanie,Île-de-France", "BR": "Bahia,Rio de Janeiro,São Paulo",
	})
}

// cities lists cities of some countries.
func cities() []place {
	return places(5001, map[string]string{
		"US": "Chicago,Houston,Los Angeles,Miami,New York,Phoenix,Seattle",
		"DE": "Berlin,Cologne,Frankfurt am Main,Hamburg,Munich", "GB": "Birmingham,Edinburgh,Leeds,London,Manchester",
		"CA": "Montreal,Toronto,Vancouver", "FR": "Lyon,Marseille,Paris", "BR": "Brasília,Rio de Janeiro,São Paulo",
	})
}

// places numbers the names from first on, country after country.
func places(first int, names map[string]string) []place {
	var all []place
	for _, country := range []string{"US", "DE", "GB", "CA", "FR", "BR"} {
		for name := range strings.SplitSeq(names[country], ",") {
			all = append(all, place{first + len(all), name, country})
		}
	}
	return all
}

// exchangeRates returns what one US dollar is worth in each currency, as decimal text.
func exchangeRates() map[string]string {
	rates := map[string]string{}
	for line := range strings.SplitSeq(rateTable, "\n") {
		code, rate, _ := strings.Cut(line, " ")
		rates[code] = rate
	}
	return rates
}

// country is a code of ISO 3166-1 alpha-2 and a name.
type country struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// countries lists all countries by name.
func countries() []country {
	var all []country
	for line := range strings.SplitSeq(countryTable, "\n") {
		code, name, _ := strings.Cut(line, " ")
		all = append(all, country{code, name})
	}
	return all
}

// lists is the account's data in the form that checks ask for.
type lists struct {
	advertisers map[string]bool
	countries   [26 * 26]bool
	rates       map[string]string
	osVersions  map[string][]string
	domains     []domain
	cityNames   map[string]string

	mu         sync.RWMutex
	categories []Category // grows by POST /3.0/admin/category
	titles     map[string]string
}

func newLists() *lists {
	l := &lists{
		advertisers: map[string]bool{}, rates: exchangeRates(), osVersions: osVersions(), domains: domains(),
		cityNames: map[string]string{}, titles: map[string]string{},
	}
	for _, a := range Advertisers() {
		l.advertisers[a.ID] = true
	}
	for _, c := range countries() {
		l.countries[int(c.Code[0]-'A')*26+int(c.Code[1]-'A')] = true
	}
	for _, c := range cities() {
		l.cityNames[strconv.Itoa(c.ID)] = c.Name
	}
	for _, c := range Categories() {
		l.addCategory(c)
	}
	return l
}

func (l *lists) isAdvertiser(id string) bool { return l.advertisers[id] }

func (l *lists) isCountry(code string) bool {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return false
	}
	return l.countries[int(code[0]-'A')*26+int(code[1]-'A')]
}

func (l *lists) addCategory(c Category) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.categories = append(l.categories, c)
	l.titles[c.ID] = c.Title
}

func (l *lists) allCategories() []Category {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.categories)
}

func (l *lists) categoryTitle(id string) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.titles[id]
}

// zones remembers the zones that were found, as looking one up reads a file.
type zones struct{ found sync.Map }

func (z *zones) known(name string) bool {
	if _, ok := z.found.Load(name); ok {
		return true
	}
	if name == "" || name == "Local" {
		return false
	}
	if _, err := time.LoadLocation(name); err != nil {
		return false
	}
	z.found.Store(name, true)
	return true
}
