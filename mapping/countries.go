package mapping

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"offerlift/internal/affise"
)

// countryWords holds the names of countries that the library does not have,
// and the groups: one a line, the codes, a tab, and the names with bars between.
//
//go:embed countries.txt
var countryWords string

// atlas is every country by its code and by its names.
type atlas struct {
	codes  map[string]bool
	names  map[string]string   // by folded name, the code
	shown  map[string]string   // by code, its English name
	groups map[string][]string // by folded name, the codes; none for the whole world
	long   []candidate         // the names of more than three letters, in their order
	meant  map[string]string   // by folded word, the code of the country that it may stand for
	vague  map[string]bool     // groups that mean different countries to different people
}

// world is made once: 249 countries of ISO 3166 and Kosovo, with their names
// in the languages that sheets are written in.
var world = sync.OnceValue(func() *atlas {
	a := &atlas{codes: map[string]bool{}, names: map[string]string{}, shown: map[string]string{},
		groups: map[string][]string{}, meant: map[string]string{}, vague: map[string]bool{}}
	a.addRegions()
	a.addWords()
	for name := range a.names {
		if len(name) > 3 {
			a.long = append(a.long, newCandidate(name))
		}
	}
	slices.SortFunc(a.long, func(x, y candidate) int { return strings.Compare(x.word, y.word) })
	return a
})

// addRegions takes the countries from the library.
func (a *atlas) addRegions() {
	a.addNames(display.English.Regions(), []display.Namer{
		display.English.Regions(), display.Russian.Regions(), display.German.Regions(), display.Spanish.Regions(),
		display.French.Regions(), display.Portuguese.Regions(), display.Italian.Regions(), display.Ukrainian.Regions(), display.Polish.Regions(),
	})
}

// addNames takes the countries that have a name in English with their names in
// languages. A name that means another country in another language belongs to the
// language that comes first.
func (a *atlas) addNames(english display.Namer, languages []display.Namer) {
	var regions []language.Region
	for i := range 26 * 26 {
		code := string([]byte{'A' + byte(i/26), 'A' + byte(i%26)})
		r, err := language.ParseRegion(code)
		if err != nil || !r.IsCountry() || r.String() != code || r.M49() == 0 || r.Canonicalize() != r || english.Name(r) == "" {
			continue
		}
		regions = append(regions, r)
		a.codes[code], a.shown[code] = true, english.Name(r)
		a.names[foldName(r.ISO3())] = code
	}
	for _, names := range languages {
		for _, r := range regions {
			if name := foldName(names.Name(r)); name != "" && a.names[name] == "" {
				a.names[name] = r.String()
			}
		}
	}
}

func (a *atlas) addWords() {
	for line := range strings.Lines(countryWords) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		codes, names, _ := strings.Cut(line, "\t")
		for _, name := range strings.Split(names, "|") {
			a.addWord(codes, foldName(name))
		}
	}
}

func (a *atlas) addWord(codes, name string) {
	switch {
	case codes == "*":
		a.groups[name] = []string{}
	case codes == "?":
		a.vague[name] = true
	case strings.HasPrefix(codes, "~"):
		a.meant[name] = codes[1:]
	case strings.Contains(codes, " "):
		a.groups[name] = strings.Fields(codes)
	default:
		a.names[name] = codes
	}
}

// foldName reduces a country's name to its letters without accents, in small
// letters, without "the" and "and": AND alone is Andorra.
func foldName(name string) string {
	var b strings.Builder
	words := strings.FieldsFunc(norm.NFD.String(strings.ToLower(name)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	})
	for _, word := range words {
		if len(words) > 1 && (word == "the" || word == "and") {
			continue
		}
		for _, r := range word {
			if !unicode.Is(unicode.Mn, r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// country finds one country by its code or name.
func (a *atlas) country(text string) (code string, ok bool) {
	if a.codes[text] {
		return text, true
	}
	if !spelt(text, "") {
		return "", false
	}
	if upper := strings.ToUpper(text); len(upper) == 2 && a.codes[upper] {
		return upper, true
	}
	if code, ok = a.names[foldName(text)]; !ok {
		code, ok = farNames()[foldName(text)]
	}
	return code, ok
}

// farNames are the names of countries in further languages, by folded name. They
// are made once a word is in none of those that most sheets are written in.
var farNames = sync.OnceValue(func() map[string]string {
	a := &atlas{codes: map[string]bool{}, names: map[string]string{}, shown: map[string]string{}}
	a.addNames(display.English.Regions(), []display.Namer{
		display.Norwegian.Regions(), display.Swedish.Regions(), display.Danish.Regions(), display.Finnish.Regions(), display.Dutch.Regions(),
		display.Czech.Regions(), display.Romanian.Regions(), display.Hungarian.Regions(), display.Greek.Regions(), display.Turkish.Regions(),
		display.Arabic.Regions(), display.Hebrew.Regions(), display.Hindi.Regions(), display.Thai.Regions(), display.Vietnamese.Regions(),
		display.Indonesian.Regions(), display.Japanese.Regions(), display.Chinese.Regions(), display.TraditionalChinese.Regions(), display.Korean.Regions(),
	})
	return a.names
})

// group finds the countries of a group; none of a group is the whole world.
func (a *atlas) group(text string) (codes []string, ok bool) {
	if !spelt(text, "") {
		return nil, false
	}
	codes, ok = a.groups[foldName(text)]
	return codes, ok
}

// countries reads a list of countries and groups. The whole world means that
// nothing is restricted.
func (c *cell) countries(text string) (affise.Value, bool) {
	if world().codes[text] && doubtfulCountry(text) == "" {
		return affise.Texts(text), true
	}
	var items []string
	for _, segment := range splitList(text, ";|\n\r") {
		pieces := splitList(segment, ",")
		if len(pieces) > 1 && slices.ContainsFunc(pieces, func(p string) bool { return len(p) > 3 }) {
			if _, whole := world().country(segment); whole { // Korea, Republic of
				pieces = []string{segment}
			}
		}
		items = append(items, pieces...)
	}
	var codes []string
	ok := true
	for _, item := range items {
		found, fine := c.countryItem(item, len(items))
		ok = ok && fine
		codes = add(codes, found...)
	}
	if !ok || c.field.state == unbound {
		return c.unrestricted(), ok
	}
	return affise.Texts(codes...), len(codes) > 0
}

// unrestricted is what is sent where every country is meant: an update has to
// empty what is stored.
func (c *cell) unrestricted() affise.Value {
	if c.env.mode == modeCreate {
		return affise.Value{}
	}
	return affise.Cleared()
}

func add(codes []string, more ...string) []string {
	for _, code := range more {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// countryItem reads one country or group of a list of n.
func (c *cell) countryItem(item string, n int) ([]string, bool) {
	if code, ok := world().country(item); ok {
		if what := doubtfulCountry(item); what != "" && n == 1 {
			c.warn(codeDoubtfulCountry, "%s was read as %s: %s", quote(item), world().shown[code], what)
		}
		return []string{code}, true
	}
	group, ok := world().group(item)
	switch {
	case ok && len(group) > 0:
		c.info(codeGroup, "%s is %s", item, strings.Join(group, ", "))
		return group, true
	case ok && n > 1:
		c.fail(codeBadCountry, "%s is every country: write it alone, or write the countries alone", quote(item))
	case ok:
		c.info(codeUnrestricted, "%s is every country: nothing is restricted, and %s is not sent", item, c.col.Name)
		c.field.state = unbound
		return nil, true
	case world().vague[foldName(item)]:
		c.fail(codeBadCountry, "%s means different countries to different people: write the countries", quote(item))
	case item == "0":
		c.fail(codeBadCountry, "`0` is not a country: %s; clear the cell where %s", ofBlank, c.whereNone())
	case saysNone(item) && n == 1:
		c.fail(codeBadCountry, "%s is not a country: clear the cell where %s", quote(item), c.whereNone())
	default:
		c.badCountry(item)
	}
	return nil, false
}

func (c *cell) badCountry(item string) {
	if c.mute {
		c.fail(codeBadCountry, "%s is not a country", quote(item))
		return
	}
	if c.refuseLeftOut(item) {
		return
	}
	if how := c.countryHint(item); how != "" {
		c.fail(codeBadCountry, "%s is not a country: %s", quote(item), how)
		return
	}
	word := withoutSigns(item)
	_, isCountry := world().country(word)
	if _, isGroup := world().group(word); isCountry || isGroup {
		c.fail(codeBadCountry, "%s %s", quote(item), signsIn(item, word))
		return
	}
	hint := ""
	if near := c.env.nearCountry(item); near != "" {
		hint = fmt.Sprintf("%s (%s)", world().shown[near], near)
	}
	c.fail(codeBadCountry, "%s is not a country: write its two letters, such as US, or its name%s", quote(item), didYouMean(hint))
}

// whereNone says what a blank cell of countries means.
func (c *cell) whereNone() string {
	if strings.HasSuffix(c.col.Name, "_deny") {
		return "none is kept out"
	}
	return "every country is meant"
}

// mostKept is how many words the countries near to them are kept of.
const mostKept = 1000

// nearCountry is near, kept for the next cell that holds the same: a mistake is
// seldom made once.
func (e *env) nearCountry(text string) string {
	if near, ok := e.near.Load(text); ok {
		return near.(string)
	}
	near := world().near(text)
	if e.kept.Add(1) <= mostKept {
		e.near.Store(text, near)
	}
	return near
}

// near is the code of the country whose name a text may mean. Two letters are
// near to too many.
func (a *atlas) near(text string) string {
	if code := a.meant[foldName(text)]; code != "" {
		return code
	}
	if len(text) < 4 {
		return ""
	}
	s := newSearch(foldName(text))
	for _, c := range a.long {
		s.try(c)
	}
	return a.names[s.found()]
}
