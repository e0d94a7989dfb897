package profile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"offerlift/internal/sheet"
	"offerlift/mapping"
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
	look   *look
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

// Examples are up to three different values of the column, in their order.
func (g Guess) Examples() []string {
	if g.look == nil || len(g.look.examples) == 0 {
		return []string{g.Example}
	}
	return g.look.examples
}

// saidSo is the reason of what a person answered.
const saidSo = "you said so"

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

// candidate is what a column may be: a meaning, or, where that is blank,
// something that an offer has no place for.
type candidate struct {
	means, why string
	score      float64
}

// assign gives each column what fits it, so that all columns together fit best.
// No meaning is given twice.
func (p *Proposal) assign(looks []*look) {
	can := make([]map[string]candidate, len(looks)) // by column and meaning
	weights := make([][]float64, len(looks))
	all := p.possible()
	for col, l := range looks {
		can[col] = p.candidates(col, l)
		weights[col] = make([]float64, len(all)+len(looks))
		for i, m := range all {
			weights[col][i] = weigh(can[col][m.name])
		}
		weights[col][len(all)+col] = weigh(can[col][""])
	}
	for col, place := range assignment(weights) {
		g := Guess{Column: col, Header: strings.TrimSpace(p.Table.Header[col].Text), Example: looks[col].example, values: looks[col].distinct(), look: looks[col]}
		means := ""
		if place < len(all) {
			means = all[place].name
		}
		if c := can[col][means]; c.score >= least {
			g.Means, g.Sure, g.Why = means, min(c.score, 1), c.why
		}
		g.Others = others(can[col], g.Means)
		p.Guesses = append(p.Guesses, g)
	}
	p.needed(looks)
	p.paired(looks)
	p.eliminate(looks)
	p.lastly(looks)
	p.weighMoney(looks)
}

// possible are the meanings that the columns may have: the common ones, and our
// own columns that the file has.
func (p *Proposal) possible() []meaning {
	all := slices.Clone(meanings())
	for _, cell := range p.Table.Header {
		if own := p.own(cell.Text); own != nil && !slices.ContainsFunc(all, func(m meaning) bool { return m.name == own.name }) {
			all = append(all, *own)
		}
	}
	return all
}

// own is what a header says that names a column of ours. A landing_url alone is
// a word of others too: a record's plainest columns are ours where another of
// them is there.
func (p *Proposal) own(header string) *meaning {
	own := ownMeaning(header)
	if own == nil || !strings.ContainsAny(strings.TrimSpace(header), "_ ") {
		return nil
	}
	if own.column == nil || own.part.Prefix == "" || !slices.Contains([]string{"url", "name", "title", "value", "type", "country", "goals"}, own.column.Name) || own.name == "payout_title" {
		return own
	}
	siblings := 0
	for _, cell := range p.Table.Header {
		if other := ownMeaning(cell.Text); other != nil && other.part != nil && other.part.Key == own.part.Key {
			siblings++
		}
	}
	return pick(siblings > 1, own, nil)
}

// weigh is what a candidate counts where columns contend for a meaning. An
// offer needs its name and its link before all.
func weigh(c candidate) float64 {
	if c.score >= least && (c.means == "title" || c.means == "url") {
		return square(c.score) + 0.15
	}
	return square(c.score)
}

func square(x float64) float64 { return x * x }

// candidates are all that a column may be, by meaning.
func (p *Proposal) candidates(col int, l *look) map[string]candidate {
	header := p.Table.Header[col].Text
	can := map[string]candidate{}
	if strings.HasSuffix(header, "{}") {
		return can
	}
	if own := p.own(header); own != nil {
		return map[string]candidate{own.name: judgeOwn(own, l)}
	}
	h := newHeading(header)
	for _, m := range meanings() {
		c := judge(h, l, col, m)
		if strings.Contains(header, "[]") { // a list of what stands in a table of its own
			c.score = min(c.score, Doubt-0.1)
		}
		if c.score >= least {
			can[m.name] = c
		}
	}
	if c := judgeNothing(h.tokens, l); c.score > Doubt-0.05 {
		can[""] = c
	}
	return can
}

// others are the next best meanings of a column.
func others(can map[string]candidate, means string) []string {
	names := slices.DeleteFunc(sortedKeys(can), func(name string) bool { return name == "" || name == means })
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(can[b].score, can[a].score) })
	return names[:min(len(names), 3)]
}

// assignment gives each row of weights a place of its own so that the weights
// sum up to the most: the Hungarian method, row by row with potentials. There are
// at least as many places as rows.
func assignment(weights [][]float64) []int {
	given := make([]int, len(weights))
	if len(weights) == 0 {
		return given
	}
	places := len(weights[0])
	rowOf := make([]int, places+1) // rows are counted from 1; 0 is free
	u, v := make([]float64, len(weights)+1), make([]float64, places+1)
	for row := range weights {
		augment(weights, rowOf, u, v, row+1)
	}
	for place, row := range rowOf[1:] {
		if row > 0 {
			given[row-1] = place
		}
	}
	return given
}

// augment finds a place for one more row along the cheapest path, on which other
// rows may move.
func augment(weights [][]float64, rowOf []int, u, v []float64, row int) {
	n := len(rowOf)
	least, from, done := make([]float64, n), make([]int, n), make([]bool, n)
	for j := range least {
		least[j] = math.Inf(1)
	}
	rowOf[0] = row
	at := 0
	for rowOf[at] != 0 {
		done[at] = true
		i, next, step := rowOf[at], 0, math.Inf(1)
		for j := 1; j < n; j++ {
			if done[j] {
				continue
			}
			if cost := -weights[i-1][j-1] - u[i] - v[j]; cost < least[j] {
				least[j], from[j] = cost, at
			}
			if least[j] < step {
				step, next = least[j], j
			}
		}
		for j := range n {
			if done[j] {
				u[rowOf[j]] += step
				v[j] -= step
			} else {
				least[j] -= step
			}
		}
		at = next
	}
	for at != 0 {
		rowOf[at] = rowOf[from[at]]
		at = from[at]
	}
}

// needed finds what every sheet of offers has, where no name told. It is doubted.
func (p *Proposal) needed(looks []*look) {
	if brand := p.guessOf("advertiser"); brand != nil && p.guessOf("title") == nil && looks[brand.Column].unique() { // each offer is called by its brand
		brand.Means, brand.Sure, brand.Why = "title", Doubt-0.1, "no other column names the offers"
		p.owner(looks)
	}
	for _, m := range meanings() {
		fits := map[string]float64{"title": 1, "url": 1, "key": 1, "advertiser": 0.3}[m.name]
		if fits == 0 || p.guessOf(m.name) != nil {
			continue
		}
		var best *Guess
		for i := range p.Guesses {
			g := &p.Guesses[i]
			if g.Means != "" || g.Why != "" || m.fits(looks[i], i) < fits || headerWords().denies(tokensOf(g.Header), m.name) || m.name == "advertiser" && !looks[i].names() {
				continue
			}
			if best == nil || m.name == "advertiser" && len(looks[i].seen) > len(looks[best.Column].seen) {
				best = g
			}
		}
		if best != nil {
			best.Means, best.Sure, best.Why = m.name, Doubt-0.15, "its values look so, and no other column's do"
		}
	}
}

// owner finds the advertiser where its brand names the offers: a column that is
// doubted to be something else, and could be called so.
func (p *Proposal) owner(looks []*look) {
	m := meaningOf("advertiser")
	for i := range p.Guesses {
		g := &p.Guesses[i]
		if name, word := m.named(newHeading(g.Header)); name > 0.9 && g.Means != "title" && (g.Means == "" || g.Doubtful()) && m.fits(looks[i], i) > 0 {
			g.Means, g.Sure, g.Why = "advertiser", Doubt-0.1, "its name is like "+quote(word)
			return
		}
	}
}

// paired finds the other of two days: by the word that the names share, Valid from
// where the column beside it is Valid to; else by the days, which are all before
// or all after the known ones. A start is told by nothing else where no end is
// known.
func (p *Proposal) paired(looks []*look) {
	for _, side := range [][2]string{{"start_at", "stop_date"}, {"stop_date", "start_at"}} {
		means, known := side[0], p.guessOf(side[1])
		if known == nil || p.guessOf(means) != nil {
			continue
		}
		for i := range p.Guesses {
			g := &p.Guesses[i]
			if g.Means != "" || g.Why != "" || fitDate(looks[i], i) <= 0 || headerWords().denies(tokensOf(g.Header), means) {
				continue
			}
			first, last := looks[i], looks[known.Column]
			if means == "stop_date" {
				first, last = last, first
			}
			switch {
			case shareWord(g.Header, known.Header):
				g.Means, g.Sure, g.Why = means, Doubt-0.1, "it holds days, and its name is like that of "+quote(known.Header)
			case first.before(last):
				g.Means, g.Sure, g.Why = means, Doubt-0.15, "it holds days, and they go with those of "+quote(known.Header)
			default:
				continue
			}
			break
		}
	}
}

// lastly says of columns that nothing told what they may be: texts that allow and
// forbid, and words that come again and again. All of it is doubted.
func (p *Proposal) lastly(looks []*look) {
	for i := range p.Guesses {
		g, l := &p.Guesses[i], looks[i]
		if g.Means != "" || g.Why != "" || l.filled == 0 || strings.HasSuffix(g.Header, "{}") {
			continue
		}
		tokens := tokensOf(g.Header)
		free := func(means string) bool { return p.guessOf(means) == nil && !headerWords().denies(tokens, means) }
		say := func(means, why string) { g.Means, g.Sure, g.Why = means, Doubt-0.2, why }
		switch {
		case l.share(l.urls) > 0.8 && l.share(l.macros) < 0.2 && free("url_preview"):
			say("url_preview", "it holds addresses, and no other column is the page")
		case l.share(l.traffic) > 0.5 && denying(tokens) || l.share(l.bans) > 0.5 && l.share(l.urls) == 0 && l.share(l.flags) < 0.5:
			if free("description") {
				say("description", "it says what is allowed and what is not")
			} else if free("kpi") {
				say("kpi", "it says what is allowed and what is not")
			}
		case l.groups() && free("categories") && !slices.ContainsFunc(texts(tokens), headerWords().knows):
			say("categories", "its words come again and again")
		}
	}
}

func denying(tokens []token) bool { return anyWord(texts(tokens), headerWords().lists["deny"]) }

func shareWord(a, b string) bool {
	others := texts(tokensOf(b))
	return slices.ContainsFunc(texts(tokensOf(a)), func(word string) bool {
		return len(word) > 2 && slices.Contains(others, word) && !anyWord([]string{word}, headerWords().lists["date"])
	})
}

// farAbove is how many times what the affiliate gets an advertiser hardly pays.
const farAbove = 2

// weighMoney looks whether the two sides of the money are the right way round:
// a network keeps a margin, so the advertiser pays more. Where names and
// amounts disagree, both are doubted, and where no name is sure, the amounts
// decide.
func (p *Proposal) weighMoney(looks []*look) {
	affiliate, advertiser := p.guessOf("revenue"), p.guessOf("total")
	if affiliate == nil || advertiser == nil {
		return
	}
	gets, pays := looks[affiliate.Column].average(), looks[advertiser.Column].average()
	if pays > farAbove*gets && !advertiser.Doubtful() {
		advertiser.Sure = Doubt - 0.1
		advertiser.Why += "; but it is far above what the affiliate gets, as the price that a buyer pays would be"
	}
	if gets <= pays {
		return
	}
	if affiliate.Doubtful() && advertiser.Doubtful() {
		affiliate.Means, advertiser.Means = "total", "revenue"
		affiliate.Why, advertiser.Why = affiliate.Why+"; its amounts are the larger ones", advertiser.Why+"; its amounts are the smaller ones"
		return
	}
	for _, g := range []*Guess{affiliate, advertiser} {
		g.Sure = min(g.Sure, Doubt-0.1)
		g.Why += "; but what would be the affiliate's amount is the larger one"
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
	if means != "" && meaningOf(means) == nil {
		return fmt.Errorf("%s is nothing that a column can be%s", quote(means), didYouMean(means, Meanings()))
	}
	for i := range p.Guesses {
		g := &p.Guesses[i]
		if g.Means == means && means != "" && g.Column != column {
			g.Means, g.Sure = "", 0
		}
		if g.Column == column {
			g.Means, g.Sure, g.Why = means, 1, saidSo
		}
	}
	return nil
}

// judgeOwn holds a column that is called as one of ours against its values.
func judgeOwn(own *meaning, l *look) candidate {
	c := candidate{means: own.name, score: 1, why: "it is called as our column"}
	switch {
	case l.filled == 0:
	case own.column != nil && len(own.column.Allowed) > 0 && refusal(own, l) != "":
		c.score, c.why = Doubt-0.1, "it is called as our column, but "+refusal(own, l)
	case own.fits(l, 1) < 0:
		c.score, c.why = Doubt-0.1, "it is called as our column, but its values do not look so"
	}
	return c
}

// refusal is what an import would say against the first of a column's values
// that it refuses; blank where there is none among a few.
func refusal(m *meaning, l *look) string {
	for _, text := range l.examples {
		if said := mapping.Refusal(m.part, m.column, text, mapping.Options{}); said != "" {
			return said
		}
	}
	return ""
}

// judge holds a column against a meaning: its name counts most, and how its
// values look speaks for it or against it.
func judge(h *heading, l *look, col int, m meaning) candidate {
	name, word := m.named(h)
	fit := m.fits(l, col)
	if name == 0 && headerWords().denies(h.tokens, m.name) {
		fit = min(fit, 0)
	}
	c := candidate{means: m.name}
	money := m.name == "revenue" || m.name == "total"
	switch {
	case l.filled == 0:
		c.score = name * 0.7
		c.why = fmt.Sprintf("its name is like %s, and it holds no value", quote(word))
	case fit < 0:
		c.score = name*0.8 + fit*0.6
		c.why = fmt.Sprintf("its name is like %s, but its values do not look so", quote(word))
	case money && name > 0 && name < 1:
		c.score = min(name*0.75+fit*0.3, Doubt-0.1)
		c.why = fmt.Sprintf("it holds amounts, and %s does not say well whose money it is", quote(h.text))
	case name > 0:
		c.score = name*0.75 + fit*0.3
		c.why = fmt.Sprintf("its name is like %s", quote(word))
		if fit > 0.3 {
			c.why += ", and its values look so"
		} else if name < 0.85 || fit == 0 && m.unnamed { // a word beside it, or its values, may make something else of it
			c.score = min(c.score, Doubt-0.05)
		}
	case m.unnamed:
		c.score = fit * 0.5
		c.why = "its values look so"
	}
	return c
}

// judgeNothing tells of columns that an offer has no place for. A name that has
// words of something else too, and values that look so, tell nothing.
func judgeNothing(tokens []token, l *look) candidate {
	best, told := candidate{}, headerWords().telling(tokens)
	for _, what := range headerWords().nothing {
		if name, _ := headerWords().whole(tokens, told, what); name*0.75+0.08 > best.score && name > 0 && mayBe(what, l) {
			best.score, best.why = name*0.75+0.08, "it is "+what
		}
	}
	if l.share(l.contacts) > 0.8 {
		return candidate{score: 0.95, why: "it is a contact"}
	}
	return best
}

// mayBe tells whether values do not speak against something that an offer has no
// place for.
func mayBe(what string, l *look) bool {
	some := func(n int) bool { return l.share(n) > 0.5 }
	if l.filled == 0 {
		return true
	}
	switch what {
	case "a statistic", "the margin":
		return !some(l.urls) && !some(l.country) && !some(l.long) && !some(l.bans) && !some(l.devices) && !some(l.systems) && !some(l.zones) && l.share(l.spans-l.numbers) < 0.5
	case "the date at which a row was written":
		return !some(l.urls) && !some(l.long) && !some(l.country) && !some(l.flags)
	case "who wrote the row":
		return !some(l.urls) && !some(l.numbers) && !some(l.country)
	case "a material, not a column of the offer":
		return !some(l.bans) && !(some(l.long) && !some(l.urls)) && !some(l.country)
	case "how the advertiser pays its bills":
		return !some(l.macros) && !some(l.country) && !l.amounts()
	case "nothing that an offer holds":
		return !some(l.macros) && !some(l.country)
	}
	return true
}

// named says how like a header is to the names of a meaning: 1 where it is one.
func (m *meaning) named(h *heading) (score float64, word string) {
	var told ruling
	switch {
	case m.name == "revenue", m.name == "total":
		told = h.money
	case strings.HasPrefix(m.name, "cap_"):
		told = h.cap
		if bare := told.score == bareCap && strings.HasPrefix(told.means, "cap_day"); bare && m.name == strings.Replace(told.means, "day", "all", 1) { // where another column is the day's
			return told.score - 0.05, m.help
		}
	default:
		return headerWords().namedInParts(h, m.name)
	}
	if told.means != m.name {
		return 0, ""
	}
	return told.score, m.help
}

// eliminate finds the sides of the money whose names say nothing: the one other
// column of amounts that goes with them, or the only two. The advertiser pays
// more than the affiliate gets. What it finds is always doubted.
func (p *Proposal) eliminate(looks []*look) {
	affiliate, advertiser := p.guessOf("revenue"), p.guessOf("total")
	var left []int
	for i, g := range p.Guesses {
		if g.Means == "" && g.Why == "" && looks[i].share(looks[i].numbers) > 0.8 && !anyWord(texts(tokensOf(g.Header)), headerWords().lists["not money"]) {
			left = append(left, i)
		}
	}
	say := func(col int, means, why string) {
		p.Guesses[col].Means, p.Guesses[col].Sure, p.Guesses[col].Why = means, Doubt-0.15, "it holds amounts, and "+why
	}
	one := func(fits func(i int) bool) (col int, found bool) {
		some := slices.DeleteFunc(slices.Clone(left), func(i int) bool { return !fits(i) })
		if len(some) != 1 {
			return 0, false
		}
		return some[0], true
	}
	under := func(low, high int) bool { return looks[low].under(looks[high]) }
	switch {
	case affiliate != nil && advertiser == nil:
		side := affiliate.Column
		if col, found := one(func(i int) bool { return under(side, i) }); found {
			say(col, "total", quote(affiliate.Header)+" is the other side of the money")
		} else if col, found := one(func(i int) bool { return under(i, side) }); found && affiliate.Doubtful() {
			say(side, "total", "they are larger than those of "+quote(p.Guesses[col].Header))
			say(col, "revenue", "they are smaller than those of "+quote(affiliate.Header))
		}
	case affiliate == nil && advertiser != nil:
		side := advertiser.Column
		if col, found := one(func(i int) bool { return under(i, side) }); found {
			say(col, "revenue", quote(advertiser.Header)+" is the other side of the money")
		} else if col, found := one(func(i int) bool { return under(side, i) }); found && advertiser.Doubtful() {
			say(side, "revenue", "they are smaller than those of "+quote(p.Guesses[col].Header))
			say(col, "total", "they are larger than those of "+quote(advertiser.Header))
		}
	case affiliate == nil && advertiser == nil:
		low, high, ok := sides(left, looks)
		if !ok {
			return
		}
		say(low, "revenue", "they are smaller than those of "+quote(p.Guesses[high].Header))
		say(high, "total", "they are larger than those of "+quote(p.Guesses[low].Header))
	}
}

// sides finds two columns of numbers of which one is below the other as a payout
// is below what is earned, row by row: the only two, or the only neighbours. Where
// there are but two columns of amounts, it is those.
func sides(columns []int, looks []*look) (low, high int, ok bool) {
	var pairs, beside [][2]int
	for _, a := range columns {
		for _, b := range columns {
			if a == b || looks[a].filled < 2 || !looks[a].under(looks[b]) {
				continue
			}
			pairs = append(pairs, [2]int{a, b})
			if a-b == 1 || b-a == 1 {
				beside = append(beside, [2]int{a, b})
			}
		}
	}
	for _, found := range [][][2]int{beside, pairs} {
		if len(found) == 1 {
			return found[0][0], found[0][1], true
		}
	}
	amounts := slices.DeleteFunc(slices.Clone(columns), func(i int) bool { return !looks[i].amounts() })
	if len(amounts) != 2 {
		return 0, 0, false
	}
	low, high = amounts[0], amounts[1]
	if looks[low].average() > looks[high].average() {
		low, high = high, low
	}
	return low, high, true
}
