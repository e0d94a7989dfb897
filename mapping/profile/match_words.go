package profile

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// headerText has the words of headers: see there for how they are written.
//
//go:embed match.txt
var headerText string

// lexicon is what the words of headers say.
type lexicon struct {
	lists    map[string][]string  // words that have one sense, such as those of links
	names    map[string][]pattern // by meaning, what such columns are called
	not      map[string][]pattern // by meaning, what says that it is something else
	nothing  []string             // meanings of columns that an offer has no place for
	inFull   map[string]string    // by abbreviation
	wordsAll map[string]bool      // every word, without its *
	stems    map[string]bool      // those that others may begin with
}

// pattern is a name of several words, each of which may be one of some. They
// come in any order.
type pattern [][]string

var headerWords = sync.OnceValue(func() *lexicon {
	x := &lexicon{lists: map[string][]string{}, names: map[string][]pattern{}, not: map[string][]pattern{}, inFull: map[string]string{}, wordsAll: map[string]bool{}, stems: map[string]bool{}}
	for line := range strings.Lines(headerText) {
		line = strings.TrimSpace(line)
		name, rest, ok := strings.Cut(line, "\t")
		if !ok || line[0] == '#' && !strings.HasPrefix(line, "#\t") {
			continue
		}
		x.add(name, strings.Split(plainLetters(rest), "|"))
	}
	return x
})

// add takes up a line. Lists stand before the lines that use them.
func (x *lexicon) add(name string, words []string) {
	for _, word := range words {
		for _, part := range strings.Fields(word) {
			stem, open := strings.CutSuffix(part, "*")
			x.wordsAll[stem] = true
			if open {
				x.stems[stem] = true
			}
		}
	}
	switch kind, rest := name[0], name[1:]; kind {
	case '@':
		x.lists[rest] = words
	case '=':
		for _, word := range words {
			x.inFull[word] = rest
		}
	case '-':
		x.not[rest] = x.patterns(words)
	case '~':
		x.nothing = append(x.nothing, rest)
		x.names[rest] = x.patterns(words)
	default:
		x.names[name] = x.patterns(words)
	}
}

// knows tells whether a word stands in any line.
func (x *lexicon) knows(word string) bool {
	for end := range word {
		if x.stems[word[:end]] {
			return true
		}
	}
	return x.wordsAll[word] || x.stems[word] || x.wordsAll[strings.TrimSuffix(word, "s")]
}

func (x *lexicon) patterns(words []string) []pattern {
	var all []pattern
	for _, word := range words {
		var p pattern
		for _, part := range strings.Fields(word) {
			if list, ok := strings.CutPrefix(part, "@"); ok {
				p = append(p, x.lists[list])
			} else {
				p = append(p, []string{part})
			}
		}
		all = append(all, p)
	}
	return all
}

// plainLetters takes the accents off letters.
func plainLetters(text string) string {
	text = strings.NewReplacer("°", "o", "º", "o", "ı", "i", "ł", "l", "ø", "o", "ß", "ss", "đ", "d").Replace(strings.ToLower(text)) // N°
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) && r != '\u0306' { // й is a letter of its own
			return -1
		}
		return r
	}, norm.NFD.String(text)))
}

// token is a word of a header.
type token struct {
	text  string
	aside bool                // it stands in brackets
	short bool                // a point says that it is not written in full
	known bool                // it stands in the table of words
	same  map[string]float64  // how surely it is each word that it was held against
	lists map[*string]float64 // and each list, by its first word
}

// fillers are words of headers that say nothing.
var fillers = strings.Fields("the of for default current a an list values full per and or by on in our der die das des fur pro von und je im de del la el los las le les du y e et para por pour par da do dos di per в за на для по и от")

// tokensOf takes a header apart: OfferID, offer_id, Offer (ID), Klicklink.
func tokensOf(header string) []token {
	var tokens []token
	aside := false
	for _, word := range splitHeader(header) {
		switch word {
		case "(", "[":
			aside = true
			continue
		case ")", "]":
			aside = false
			continue
		case ".":
			if n := len(tokens); n > 0 {
				tokens[n-1].short = true
			}
			continue
		}
		if full, ok := headerWords().inFull[word]; ok {
			word = full
		}
		for _, part := range compound(word) {
			tokens = append(tokens, newToken(part, aside))
		}
	}
	return tokens
}

func newToken(text string, aside bool) token {
	return token{text: text, aside: aside, known: headerWords().knows(text), same: map[string]float64{}, lists: map[*string]float64{}}
}

// splitHeader splits where blanks, signs, capitals and digits begin anew.
// Brackets, $ and % are words, and so is a point that ends one.
func splitHeader(header string) []string {
	var b strings.Builder
	runes := []rune(strings.TrimSpace(header))
	for i, r := range runes {
		switch {
		case strings.ContainsRune("()[]$%€£#№", r), r == '.' && (i == len(runes)-1 || !unicode.IsLetter(runes[i+1])):
			b.WriteString(" " + string(r) + " ")
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
			b.WriteByte(' ')
			continue
		case i > 0 && begins(runes, i):
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.Fields(plainLetters(b.String()))
}

// begins tells whether a word begins in the middle of letters: offerID, URLPreview,
// cap1; not in GEOs and eCPM.
func begins(runes []rune, i int) bool {
	last, r := runes[i-1], runes[i]
	after := func(n int) bool { return i+n < len(runes) && unicode.IsLower(runes[i+n]) }
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(last):
		return i > 1 && unicode.IsLetter(runes[i-2])
	case unicode.IsUpper(r) && unicode.IsUpper(last):
		return after(1) && (runes[i+1] != 's' || after(2))
	}
	return unicode.IsDigit(r) && unicode.IsLetter(last) && i > 1
}

// compound splits a word as German puts them together, where both of its parts
// are known.
func compound(word string) []string {
	x, runes := headerWords(), []rune(word)
	if len(runes) < 7 || x.wordsAll[word] {
		return []string{word}
	}
	for i := len(runes) - 2; i >= 3; i-- {
		head, tail := string(runes[:i]), string(runes[i:])
		if !x.wordsAll[tail] || len(tail) < 3 && tail != "nr" && tail != "id" {
			continue
		}
		for _, joint := range []string{"", "s", "n", "en", "e"} {
			if first, ok := strings.CutSuffix(head, joint); ok && len(first) > 2 && x.wordsAll[first] {
				return []string{first, tail}
			}
		}
	}
	return []string{word}
}

func texts(tokens []token) []string {
	all := make([]string, len(tokens))
	for i, t := range tokens {
		all[i] = t.text
	}
	return all
}

// named says how like a header is to the names of a meaning: 1 where it is one.
func (x *lexicon) named(tokens []token, meaning string) (score float64, word string) {
	for _, p := range x.names[meaning] {
		if s, words := p.like(tokens); s > score {
			score, word = s, words
		}
	}
	if score < 0.5 || score < 0.99 && x.denies(tokens, meaning) {
		return 0, ""
	}
	return score, word
}

// whole is named for what an offer has no place for: each further word that has
// a sense, of which told are all of the header, takes more away.
func (x *lexicon) whole(tokens []token, told []string, meaning string) (score float64, word string) {
	for _, p := range x.names[meaning] {
		s, words := p.like(tokens)
		if s <= score {
			continue
		}
		used := strings.Fields(words)
		for _, t := range told {
			if !slices.Contains(used, t) {
				s -= 0.25
			}
		}
		if s > score {
			score, word = s, words
		}
	}
	if score < 0.5 || score < 0.99 && x.denies(tokens, meaning) {
		return 0, ""
	}
	return score, word
}

// telling are the words of a header that have a sense of their own.
func (x *lexicon) telling(tokens []token) []string {
	return slices.DeleteFunc(texts(tokens), func(t string) bool {
		return utf8.RuneCountInString(t) == 1 || t == "am" || slices.Contains(fillers, t) || !x.knows(t) || x.besides(t)
	})
}

// besides tells of words that may stand beside any name.
func (x *lexicon) besides(word string) bool {
	return slices.ContainsFunc([]string{"offer", "us", "affiliate", "advertiser", "link", "name", "date", "id", "type", "daily", "monthly", "weekly", "overall"}, func(list string) bool {
		return anyWord([]string{word}, x.lists[list])
	})
}

// namedInParts is named for a header that may give several names, with a stroke
// between: Goal / Event.
func (x *lexicon) namedInParts(h *heading, meaning string) (score float64, word string) {
	score, word = x.named(h.tokens, meaning)
	for _, part := range h.parts {
		if s, w := x.named(part, meaning); 0.85*s > score {
			score, word = 0.85*s, w
		}
	}
	return score, word
}

// denies tells whether a header says that a column is something else.
func (x *lexicon) denies(tokens []token, meaning string) bool {
	return slices.ContainsFunc(x.not[meaning], func(p pattern) bool {
		var words []string
		for _, t := range tokens {
			if !t.aside {
				words = append(words, t.text)
			}
		}
		return !slices.ContainsFunc(p, func(some []string) bool { return !anyWord(words, some) })
	})
}

// like says how like a header is to a name. All words of the name must be
// there; each that the header has beside them takes something away.
func (p pattern) like(tokens []token) (score float64, word string) {
	used := make([]bool, len(tokens))
	var words []string
	for _, some := range p {
		best, at := 0.0, -1
		for i, t := range tokens {
			if s := t.anyOf(some); s > best && !used[i] {
				best, at = s, i
			}
		}
		if at < 0 {
			return 0, ""
		}
		used[at] = true
		score += best / float64(len(p))
		words = append(words, tokens[at].text)
	}
	beside := 0.0
	for i, t := range tokens {
		if !used[i] {
			beside += t.weight()
		}
	}
	score -= min(beside, 0.4+(beside-0.4)/4) // a name that is a sentence has many
	score += 0.02 * float64(len(p)-1)        // of two names, the one that says more
	return score, strings.Join(words, " ")
}

// weight is how much a word of a header takes away where a name lacks it.
func (t token) weight() float64 {
	switch {
	case slices.Contains(fillers, t.text), len(t.text) == 1:
		return 0
	case anyWord([]string{t.text}, headerWords().lists["offer"]):
		return 0.04
	case t.aside, anyWord([]string{t.text}, []string{"usd", "eur", "inr", "days", "tage", "dias", "jours", "дней", "дни", "csv", "iso", "optional", "required"}):
		return 0.06
	}
	return 0.2
}

// anyOf says how surely a word of a header is one of some. One that is known is
// short for no other.
func (t token) anyOf(words []string) float64 {
	switch len(words) {
	case 0:
		return 0
	case 1:
		return t.sure(words[0])
	}
	best, held := t.lists[&words[0]]
	if held {
		return best
	}
	for _, word := range words {
		best = max(best, t.sure(word))
	}
	t.lists[&words[0]] = best
	return best
}

// sure says how surely a word of a header is a word, and remembers it.
func (t token) sure(word string) float64 {
	sure, held := t.same[word]
	if !held {
		sure = t.is(word)
		t.same[word] = sure
	}
	return sure
}

func (t token) is(word string) float64 {
	switch sure := sameWord(t.text, word); {
	case sure > 0.94 || !t.known && sure > 0:
		return sure
	case t.short && len(t.text) > 1 && strings.HasPrefix(word, t.text):
		return 0.85
	case t.known:
		return 0
	}
	return t.cognate(word)
}

// cognate says how surely a word is one of some in another language: validación,
// walidacja, валидация.
func (t token) cognate(word string) float64 {
	mine, other := sound(t.text), sound(strings.TrimSuffix(word, "*"))
	same := 0
	for same < len(mine) && same < len(other) && mine[same] == other[same] {
		same++
	}
	if longer := max(len(mine), len(other)); same > 5 && 10*same >= 6*longer || same == 5 && 10*same >= 8*longer {
		return 0.8
	}
	return 0
}

// latin writes Cyrillic letters as Latin ones, and those that languages use for
// one sound as one.
var latin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "е", "e", "є", "e", "ж", "j", "з", "z", "и", "i", "і", "i", "ї", "i", "й", "i",
	"к", "c", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "h", "ц", "c", "ч", "c", "ш", "s", "щ", "s", "ъ", "",
	"ы", "i", "ь", "", "э", "e", "ю", "u", "я", "a", "k", "c", "w", "v", "y", "i", "ph", "f", "ss", "s", "ff", "f", "ll", "l", "mm", "m", "nn", "n", "tt", "t", "pp", "p", "cc", "c", "ł", "l")

func sound(text string) string { return latin.Replace(latin.Replace(text)) }

// anyWord tells whether one of the words is among the tokens; one of several
// words must be there as a whole.
func anyWord(tokens, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(strings.Fields(word), func(part string) bool {
			return !slices.ContainsFunc(tokens, func(t string) bool { return isWord(t, part) })
		})
	})
}

// sameWord says how surely a word of a header is one that we know: itself, its
// plural, one that begins so, an abbreviation, or the end of a compound.
func sameWord(token, word string) float64 {
	stem, open := strings.CutSuffix(word, "*")
	switch {
	case open && utf8.RuneCountInString(token) > utf8.RuneCountInString(stem)+6 && strings.HasPrefix(token, stem): // a word put together
		return 0.95
	case isWord(token, word), token+"s" == stem:
		return 1
	case open:
		return 0
	}
	t, w := utf8.RuneCountInString(token), utf8.RuneCountInString(word)
	switch {
	case t > 3 && w > 6 && strings.HasPrefix(word, token):
		return 0.9
	case w > 4 && t > w+2 && strings.HasSuffix(token, word), isShortFor(token, word):
		return 0.85
	case w > 5 && token[0] == word[0] && max(t, w)-min(t, w) < 2 && distance(token, word) == 1:
		return 0.9
	}
	return 0
}

// isWord tells whether a word of a header is one that we know, or its plural.
func isWord(token, word string) bool {
	stem, open := strings.CutSuffix(word, "*")
	return token == stem || token == stem+"s" && len(stem) > 2 || open && strings.HasPrefix(token, stem)
}

// isShortFor tells whether a word was written without some of its letters: mthly,
// ctry.
func isShortFor(token, word string) bool {
	short, long := []rune(token), []rune(word)
	n, m := len(short), len(long)
	if n < 4 || n >= m || 2*n < m || short[0] != long[0] || short[n-1] != long[m-1] {
		return false
	}
	at := 0
	for _, r := range long {
		if at < n && r == short[at] {
			at++
		}
	}
	return at == n
}
