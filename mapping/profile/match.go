package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// Proposal is what a table that no profile knows seems to hold.
type Proposal struct {
	Table   *sheet.Table
	Guesses []Guess // one a column, in their order

	macros map[string]int // as they are written, with how often
	dates  string         // their format, blank where it is ISO or could be two
}

// Guess is what one column seems to be.
type Guess struct {
	Column  int     // counted from 0
	Header  string  // as the file has it
	Means   string  // one of Meanings; blank for nothing that we know
	Sure    float64 // 0 to 1; below [Doubt] a person should be asked
	Why     string  // what told so, in words
	Example string  // a value of the column
	Others  []string

	values []string // its different values, where they are few
}

// Doubt is how sure a guess must be to need no question.
const Doubt = 0.6

// least is how sure a guess must be to be made at all.
const least = 0.34

// Doubtful tells whether a person should be asked.
func (g Guess) Doubtful() bool { return g.Means != "" && g.Sure < Doubt }

// Unknown tells whether a column holds something, and nothing is known of it.
func (g Guess) Unknown() bool {
	return g.Means == "" && g.Why == "" && g.Example != "" && !g.Repeats()
}

// Repeats tells whether a column of JSON says what others beside it say.
func (g Guess) Repeats() bool { return strings.HasSuffix(g.Header, "{}") }

// sampleRows is how many rows are looked at.
const sampleRows = 2000

// Propose looks at the table of a book that seems to hold offers and says what
// each of its columns seems to be.
func Propose(book *sheet.Book) (*Proposal, error) {
	var best *Proposal
	most := 0.0
	for _, t := range book.Tables {
		p, err := propose(t)
		if err != nil {
			return nil, err
		}
		sum := 0.0
		for _, g := range p.Guesses {
			sum += g.Sure
		}
		if best == nil || sum > most {
			best, most = p, sum
		}
	}
	if best == nil {
		return nil, fmt.Errorf("there is no table to look at")
	}
	return best, nil
}

func propose(t *sheet.Table) (*Proposal, error) {
	p := &Proposal{Table: t, macros: map[string]int{}}
	looks := make([]*look, len(t.Header))
	for i := range looks {
		looks[i] = newLook()
	}
	rows := 0
	for row, err := range t.Rows() {
		if err != nil {
			return nil, err
		}
		for i := range looks {
			looks[i].add(row.Cell(i))
		}
		if rows++; rows == sampleRows {
			break
		}
	}
	for _, l := range looks {
		l.takeMacros(p.macros)
		p.dates = cmp.Or(p.dates, l.dateFormat())
	}
	p.assign(looks)
	return p, nil
}

// candidate is a column for a meaning.
type candidate struct {
	column, meaning int
	score           float64
	why             string
}

// assign gives each column the meaning that fits it best. No meaning is given
// twice: the surest column has it.
func (p *Proposal) assign(looks []*look) {
	var all []candidate
	for col := range looks {
		for m := range meanings() {
			header := p.Table.Header[col].Text
			c := judge(header, looks[col], col, m)
			if strings.Contains(header, "[]") { // a list of what stands in a table of its own
				c.score = min(c.score, Doubt-0.1)
			}
			if c.score >= least && !strings.HasSuffix(header, "{}") {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	given, taken := map[int]candidate{}, map[int]bool{}
	for _, c := range all {
		if _, done := given[c.column]; !done && !taken[c.meaning] {
			given[c.column], taken[c.meaning] = c, true
		}
	}
	for col, l := range looks {
		g := Guess{Column: col, Header: strings.TrimSpace(p.Table.Header[col].Text), Example: l.example, values: l.distinct()}
		if c, ok := given[col]; ok {
			g.Means, g.Sure, g.Why = meanings()[c.meaning].name, min(c.score, 1), c.why
		}
		for _, c := range all {
			if name := meanings()[c.meaning].name; c.column == col && name != g.Means && len(g.Others) < 3 {
				g.Others = append(g.Others, name)
			}
		}
		p.Guesses = append(p.Guesses, g)
	}
	p.needed(looks)
	p.eliminate(looks)
	p.weighMoney(looks)
}

// needed finds what every sheet of offers has, where no name told. It is doubted.
func (p *Proposal) needed(looks []*look) {
	for _, m := range meanings() {
		if !slices.Contains([]string{"title", "url", "key"}, m.name) || p.guessOf(m.name) != nil {
			continue
		}
		for i := range p.Guesses {
			if g := &p.Guesses[i]; g.Means == "" && m.fits(looks[i], i) == 1 {
				g.Means, g.Sure, g.Why = m.name, Doubt-0.15, "its values look so, and no other column's do"
				break
			}
		}
	}
}

// weighMoney looks whether the two sides of the money are the right way round:
// a network keeps a margin, so the advertiser pays more. Where names and
// amounts disagree, both are doubted.
func (p *Proposal) weighMoney(looks []*look) {
	affiliate, advertiser := p.guessOf("revenue"), p.guessOf("total")
	if affiliate == nil || advertiser == nil {
		return
	}
	a, b := looks[affiliate.Column].average(), looks[advertiser.Column].average()
	if a > b {
		for _, g := range []*Guess{affiliate, advertiser} {
			g.Sure = min(g.Sure, Doubt-0.1)
			g.Why += "; but what would be the affiliate's amount is the larger one"
		}
	}
}

func (p *Proposal) guessOf(means string) *Guess {
	i := slices.IndexFunc(p.Guesses, func(g Guess) bool { return g.Means == means })
	if i < 0 {
		return nil
	}
	return &p.Guesses[i]
}

// Say changes what a column is taken for; blank for nothing. The column that
// was taken for it before is nothing then.
func (p *Proposal) Say(column int, means string) error {
	if means != "" && !slices.Contains(Meanings(), means) {
		return fmt.Errorf("%s is nothing that a column can be%s", quote(means), didYouMean(means, Meanings()))
	}
	for i := range p.Guesses {
		g := &p.Guesses[i]
		if g.Means == means && means != "" && g.Column != column {
			g.Means, g.Sure = "", 0
		}
		if g.Column == column {
			g.Means, g.Sure, g.Why = means, 1, "you said so"
		}
	}
	return nil
}

// judge holds a column against a meaning: its name counts most, and how its
// values look speaks for it or against it.
func judge(header string, l *look, col, m int) candidate {
	meaning := meanings()[m]
	name, word := meaning.named(header)
	fit := meaning.fits(l, col)
	if name < 1 && anyWord(tokensOf(header), meaning.not) {
		name, fit = 0, min(fit, 0)
	}
	c := candidate{column: col, meaning: m}
	money := meaning.name == "revenue" || meaning.name == "total"
	switch {
	case l.filled == 0:
		c.score = name * 0.7
		c.why = fmt.Sprintf("its name is like %s, and it holds no value", quote(word))
	case fit < 0:
		c.score = name*0.8 + fit*0.6
		c.why = fmt.Sprintf("its name is like %s, but its values do not look so", quote(word))
	case money && name > 0 && name < 1:
		c.score = min(name*0.75+fit*0.3, Doubt-0.1)
		c.why = fmt.Sprintf("it holds amounts, and %s does not say well whose money it is", quote(header))
	case name > 0:
		c.score = name*0.75 + fit*0.3
		c.why = fmt.Sprintf("its name is like %s", quote(word))
		if fit > 0.3 {
			c.why += ", and its values look so"
		}
	case money: // amounts whose name says nothing: see eliminate
	case meaning.name == "start_at" || meaning.name == "stop_date": // most dates say when a row was written
	default:
		c.score = fit * 0.5
		c.why = "its values look so"
	}
	return c
}

// named says how like a header is to the names of a meaning: 1 where it is one.
func (m *meaning) named(header string) (score float64, word string) {
	if own := ownColumn(header); own != "" {
		if own != m.name {
			return 0, ""
		}
		return 1, header
	}
	rule := moneySide
	switch m.name {
	case "revenue", "total":
	case "cap_day", "cap_month", "cap_all":
		rule = capPeriod
	default:
		return nameScore(header, m.words)
	}
	means, score := rule(tokensOf(header))
	if means != m.name {
		return 0, ""
	}
	return score, m.help
}

// ownColumn is our column that a header names as our flat sheets do, with the
// sheet that it belongs to: payout_total is what the advertiser pays, though a
// payout is the affiliate's elsewhere. It is blank for all other headers.
func ownColumn(header string) string {
	header = strings.ToLower(strings.TrimSpace(header))
	for _, part := range affise.Parts() {
		name, prefixed := strings.CutPrefix(header, part.Prefix+"_")
		if _, has := part.Column(name); has && prefixed && slices.Contains(Meanings(), name) {
			return name
		}
	}
	return ""
}

// eliminate finds the sides of the money whose names say nothing: the one other
// column of amounts, or the only two. The advertiser pays more than the affiliate
// gets. What it finds is always doubted.
func (p *Proposal) eliminate(looks []*look) {
	affiliate, advertiser := p.guessOf("revenue"), p.guessOf("total")
	var left []int
	for i, g := range p.Guesses {
		if g.Means == "" && looks[i].amounts() && !anyWord(tokensOf(g.Header), moneyVocabulary().not) {
			left = append(left, i)
		}
	}
	say := func(col int, means, why string) {
		p.Guesses[col].Means, p.Guesses[col].Sure, p.Guesses[col].Why = means, Doubt-0.15, "it holds amounts, and "+why
	}
	switch {
	case affiliate != nil && advertiser == nil && len(left) == 1 && looks[left[0]].average() > looks[affiliate.Column].average():
		say(left[0], "total", quote(affiliate.Header)+" is the other side of the money")
	case affiliate == nil && advertiser != nil && len(left) == 1 && looks[left[0]].average() < looks[advertiser.Column].average():
		say(left[0], "revenue", quote(advertiser.Header)+" is the other side of the money")
	case affiliate == nil && advertiser == nil && len(left) == 2:
		low, high := left[0], left[1]
		if looks[low].average() > looks[high].average() {
			low, high = high, low
		}
		say(low, "revenue", "they are smaller than those of the other column of amounts")
		say(high, "total", "they are larger than those of the other column of amounts")
	}
}

// nameScore says how like a header is to one of several names: 1 where it is
// one.
func nameScore(header string, names []string) (best float64, word string) {
	tokens := tokensOf(header)
	for _, name := range names {
		score := likeness(tokens, strings.Fields(name))
		if folded := fold(header); folded == fold(name) {
			score = 1
		} else if d := distance(folded, fold(name)); len(folded) > 4 && d == 1 {
			score = max(score, 0.9)
		}
		if score > best {
			best, word = score, name
		}
	}
	if best < 0.5 {
		return 0, ""
	}
	return best, word
}

// likeness is the share of words that a header and a name have in common.
func likeness(header, name []string) float64 {
	common := 0.0
	for _, word := range name {
		best := 0.0
		for _, token := range header {
			best = max(best, sameWord(token, word))
		}
		if best == 0 { // a name must be there as a whole
			return 0
		}
		common += best
	}
	return 2 * common / float64(len(header)+len(name))
}

// sameWord says how surely a word of a header is one that we know: itself, its
// plural, one that begins so, an abbreviation, or the end of a compound.
func sameWord(token, word string) float64 {
	stem, open := strings.CutSuffix(word, "*")
	switch {
	case token == stem, open && strings.HasPrefix(token, stem), token == stem+"s", token+"s" == stem:
		return 1
	case open:
		return 0
	case len(token) >= 3 && len(word) >= 7 && strings.HasPrefix(word, token):
		return 0.9
	case len(word) >= 4 && len(token) >= len(word)+3 && strings.HasSuffix(token, word), isShortFor(token, word):
		return 0.85
	}
	return 0
}

// isShortFor tells whether a word was written without some of its letters: mthly,
// ctry.
func isShortFor(token, word string) bool {
	if len(token) < 4 || len(token) >= len(word) || 2*len(token) < len(word) || token[0] != word[0] || token[len(token)-1] != word[len(word)-1] {
		return false
	}
	at := 0
	for i := 0; i < len(word) && at < len(token); i++ {
		if word[i] == token[at] {
			at++
		}
	}
	return at == len(token)
}

// fillers are words of headers that say nothing.
var fillers = []string{"the", "of", "for", "default", "current", "offer", "campaign", "a", "list", "values", "text", "full", "per", "and", "der", "die", "das", "des", "für", "pro", "von", "de", "del", "la", "el", "le", "du", "para", "pour", "в", "за", "на", "angebot", "angebots", "оффера", "кампании"}

// tokensOf takes a header apart: OfferID, offer_id, Offer (ID). Words that say
// nothing are left out where others are left.
func tokensOf(header string) []string {
	var b strings.Builder
	runes := []rune(strings.TrimSpace(header))
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' && r != '$':
			b.WriteByte(' ')
			continue
		case unicode.IsUpper(r) && i > 0 && unicode.IsLower(runes[i-1]), unicode.IsDigit(r) && i > 0 && unicode.IsLetter(runes[i-1]):
			b.WriteByte(' ')
		case r == '$' || r == '%':
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	words := strings.Fields(b.String())
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(fillers, w) })
	if len(kept) == 0 {
		return words
	}
	return kept
}
