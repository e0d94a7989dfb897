package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// bound is a profile's table bound to a table of the export: every name is a
// place, every expression compiled.
type bound struct {
	*application
	spec    *Table
	origin  *sheet.Table
	words   vocabulary
	columns []int // by the place in words: the column of the origin, or -1
	key     *boundColumn
	lead    *program
	records []*boundRecord
	parts   []partRows
	left    []boundLeft
	absent  []string        // columns that the profile reads and the file does not have
	unknown []int           // columns of the file that nothing reads
	fileID  int             // the place of the word for what the file's name ends with; -1 where it is a column's
	wrong   []sheet.Message // what is said of names that the file does not have
	parents []int           // places of what rows of one offer must agree on
	groups  map[string]*group
	joins   []*joined
	refs    map[int]joinRef // by the place: the words that stand for a joined column
}

type boundRecord struct {
	*record
	to      int   // its part
	filled  []int // the places of its columns in the part's header
	when    *program
	columns []*boundColumn
	tells   []boundTell
}

// boundColumn is a column whose source is known. Place is -1 but for from.
type boundColumn struct {
	*columnSpec
	place    int
	constant template
	fallback template
	program  *program
	when     *program
	choices  []*boundColumn
	changed  template
}

type boundTell struct {
	*tell
	when  *program
	place int
	text  template
}

type boundLeft struct {
	leftColumn
	place int
}

// bind matches the headers of a table and compiles everything. What is wrong
// with the profile is an [*Invalid].
func (a *application) bind(spec *Table, origin *sheet.Table) (*bound, error) {
	b := &bound{application: a, spec: spec, origin: origin}
	b.takeHeaders()
	if err := b.takeJoins(); err != nil {
		return nil, err
	}
	var problems []error
	var err error
	if b.key, err = b.column(spec.key); err != nil {
		problems = append(problems, err)
	}
	if b.lead, err = b.condition(spec.lead, spec.at); err != nil {
		problems = append(problems, err)
	}
	for _, r := range spec.records {
		br, err := b.record(r)
		problems = append(problems, err...)
		b.records = append(b.records, br)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, &Invalid{Problems: strings.Split(err.Error(), "\n")}
	}
	if err := b.keyIsThere(); err != nil {
		return nil, err
	}
	b.takeParts()
	used := b.sortColumns()
	b.wrong = b.misspelt(used)
	return b, b.loadJoins(used)
}

// takeHeaders makes the vocabulary: the file's own headers, under the profile's
// names where it knows them, and the columns that the profile knows besides.
func (b *bound) takeHeaders() {
	b.words = vocabulary{place: map[string]int{}, groups: []string{"parent"}, options: b.profile.Options}
	for _, j := range b.spec.joins {
		b.words.groups = append(b.words.groups, j.name)
	}
	known := b.spec.known()
	taken := map[int]bool{}
	for _, name := range known {
		col := b.spec.find(b.origin.Header, name)
		if col >= 0 && taken[col] {
			col = -1
		}
		taken[col] = true
		b.addWord(name, col)
	}
	for col, cell := range b.origin.Header {
		name := b.spec.word(cell)
		if _, there := b.words.place[name]; name != "" && !there && !taken[col] {
			b.addWord(name, col)
			b.unknown = append(b.unknown, col)
		}
	}
	if _, there := b.words.place[fileID]; !there {
		b.addWord(fileID, -1)
	}
	if b.fileID = b.words.place[fileID]; b.columns[b.fileID] >= 0 {
		b.fileID = -1
	}
}

// fileID is the word for what the file's name ends with, 31 of goals-31.json: an
// API's reply about one offer often names it nowhere.
const fileID = "file_id"

func (b *bound) addWord(name string, col int) {
	b.words.place[name] = len(b.words.names)
	b.words.names = append(b.words.names, name)
	b.columns = append(b.columns, col)
}

// known lists the source columns that a profile names, outside expressions,
// each once. Expressions may name these and what the file has.
func (t *Table) known() []string {
	var names []string
	add := func(list ...string) {
		for _, name := range list {
			if name != "" && !slices.Contains(names, name) && !strings.HasSuffix(name, anyOther) {
				names = append(names, name)
			}
		}
	}
	add(t.Has...)
	t.key.walk(func(c *columnSpec) { add(c.from) })
	for _, r := range t.records {
		for _, c := range r.columns {
			c.walk(func(c *columnSpec) { add(c.from) })
		}
		for _, tell := range r.tells {
			add(tell.at)
		}
	}
	for _, j := range t.joins {
		add(j.by...)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(t.joins, func(j join) bool { return strings.HasPrefix(name, j.name+".") })
	})
	for _, l := range t.left {
		add(l.name)
	}
	add(t.ignored...)
	add(sortedKeys(t.headers)...)
	return names
}

func (c *columnSpec) walk(visit func(*columnSpec)) {
	if c == nil {
		return
	}
	visit(c)
	for _, choice := range c.first {
		choice.walk(visit)
	}
}

// find returns the column of a header that has a name, or another spelling of
// it; an exact match goes before one but for case and punctuation. Of JSON, a
// list of what stands in several objects is not what stands in one.
func (t *Table) find(header []sheet.Cell, name string) int {
	names := append([]string{name}, t.headers[name]...)
	if t.within != "" {
		names = append([]string{t.within + "." + name}, names...)
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, func(a, b string) bool {
		return fold(a) == fold(b) && fold(a) != "" && strings.HasSuffix(a, "{}") == strings.HasSuffix(b, "{}") && strings.Count(a, "[].") == strings.Count(b, "[].")
	}} {
		for _, n := range names {
			if i := slices.IndexFunc(header, func(c sheet.Cell) bool { return same(strings.TrimSpace(c.Text), n) }); i >= 0 {
				return i
			}
		}
	}
	return -1
}

// word is a header as the profile's expressions and patterns name it.
func (t *Table) word(cell sheet.Cell) string {
	name := strings.TrimSpace(cell.Text)
	if t.within == "" {
		return name
	}
	return strings.TrimPrefix(name, t.within+".")
}

func (b *bound) record(r *record) (*boundRecord, []error) {
	br := &boundRecord{record: r}
	var problems []error
	keep := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	var err error
	br.when, err = b.condition(r.when, r.at)
	keep(err)
	for _, c := range r.columns {
		bc, err := b.column(c)
		keep(err)
		br.columns = append(br.columns, bc)
	}
	for _, t := range r.tells {
		bt, err := b.tell(t)
		keep(err)
		br.tells = append(br.tells, bt)
	}
	return br, problems
}

func (b *bound) condition(code string, at position) (*program, error) {
	if code == "" {
		return nil, nil
	}
	return b.words.compile(code, at, true)
}

func (b *bound) column(c *columnSpec) (*boundColumn, error) {
	bc := &boundColumn{columnSpec: c, place: -1}
	var problems []error
	var err error
	if bc.when, err = b.condition(c.when, c.at); err != nil {
		problems = append(problems, err)
	}
	switch {
	case c.from != "":
		bc.place, err = b.placeOf(c.from, c.at)
	case c.code != "":
		bc.program, err = b.words.compile(c.code, c.at, false)
	case c.constant != nil:
		bc.constant, err = b.words.template(*c.constant, c.at)
	}
	problems = append(problems, err)
	if bc.fallback, err = b.words.template(c.fallback, c.at); err != nil {
		problems = append(problems, err)
	}
	if bc.changed, err = b.words.template(c.changed, c.at); err != nil {
		problems = append(problems, err)
	}
	for _, choice := range c.first {
		bound, err := b.column(choice)
		problems = append(problems, err)
		bc.choices = append(bc.choices, bound)
	}
	if c.values != "" {
		problems = append(problems, b.values(b.profile.values[c.values]))
	}
	return bc, errors.Join(problems...)
}

// values checks that the columns which a table of values names are there.
func (b *bound) values(t *valueTable) error {
	var problems []error
	for _, word := range t.words {
		tr := t.entries[fold(word)]
		_, err := b.words.template(tr.to, tr.at)
		problems = append(problems, err)
	}
	if t.other != nil {
		_, err := b.words.template(t.other.to, t.other.at)
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// placeOf finds a column. Those of the table itself are all in the vocabulary,
// so only a joined one can be missing.
func (b *bound) placeOf(name string, at position) (int, error) {
	place, ok := b.words.place[name]
	if !ok {
		return -1, fmt.Errorf("%s: there is no column `%s`%s", at, name, didYouMean(name, b.words.names))
	}
	return place, nil
}

func (b *bound) tell(t *tell) (boundTell, error) {
	bt := boundTell{tell: t, place: -1}
	var err, texts error
	if bt.when, err = b.condition(t.when, t.pos); err != nil {
		return bt, err
	}
	if bt.text, texts = b.words.template(t.outcome.text, t.pos); texts != nil {
		return bt, texts
	}
	if t.at != "" {
		bt.place, err = b.placeOf(t.at, t.pos)
	} else if len(bt.when.columns) > 0 {
		bt.place = bt.when.columns[0]
	}
	return bt, err
}

// sortColumns finds out what is left, what is not known, and what the rows of
// one offer must agree on. It returns the places that are used.
func (b *bound) sortColumns() map[int]bool {
	used := map[int]bool{}
	for _, l := range b.spec.left {
		for place, name := range b.words.names {
			if _, joined := b.refs[place]; l.matches(name) && !used[place] && !joined {
				used[place] = true
				b.left = append(b.left, boundLeft{l, place})
			}
		}
	}
	for place, name := range b.words.names {
		if slices.ContainsFunc(b.spec.ignored, func(i string) bool { return leftColumn{name: i}.matches(name) }) {
			used[place] = true
		}
	}
	b.markUsed(used)
	b.unknown = slices.DeleteFunc(b.unknown, func(col int) bool {
		return used[b.words.place[b.spec.word(b.origin.Header[col])]] || b.isElsewhere(strings.TrimSpace(b.origin.Header[col].Text))
	})
	b.unknown = append(b.unknown, b.unread(used)...)
	for place, name := range b.words.names {
		if b.columns[place] < 0 && b.isMissed(place, name) {
			b.absent = append(b.absent, name)
		}
	}
	return used
}

// isMissed tells whether a column that the file does not have would have been
// carried over from it.
func (b *bound) isMissed(place int, name string) bool {
	_, joined := b.refs[place]
	left := slices.ContainsFunc(b.spec.left, func(l leftColumn) bool { return l.name == name })
	return !joined && place != b.fileID && !left && !b.spec.ofJSON(name) && !slices.Contains(b.spec.ignored, name)
}

// ofJSON tells whether only JSON has a column of a name.
func (t *Table) ofJSON(name string) bool {
	return slices.ContainsFunc(append([]string{name}, t.headers[name]...), func(n string) bool { return strings.ContainsAny(n, "[{") })
}

// isElsewhere tells whether a column says what another says too: that of the row
// above in JSON, a list of what a table below holds, an object as one cell, what
// a report added.
func (b *bound) isElsewhere(name string) bool {
	if slices.ContainsFunc(sheet.ResultColumns(), func(r string) bool { return fold(r) == fold(name) }) {
		return true
	}
	path, _, list := strings.Cut(name, "[]")
	return strings.HasPrefix(name, "parent.") || strings.HasSuffix(name, "{}") || list && slices.Contains(b.read, b.origin.Sheet+"."+path)
}

func (l leftColumn) matches(name string) bool {
	if begin, ok := strings.CutSuffix(l.name, anyOther); ok {
		return strings.HasPrefix(name, begin) && !strings.HasSuffix(name, "{}")
	}
	return l.name == name
}

// markUsed marks the places that records read, and keeps those that belong to
// the offer as a whole.
func (b *bound) markUsed(used map[int]bool) {
	b.key.places(func(place int) { used[place] = true })
	for _, j := range b.joins {
		for _, place := range j.by { // of a join before it, where it is joined on what that one brings
			used[place] = true
		}
	}
	for _, r := range b.records {
		r.places(func(place int) {
			used[place] = true
			if !r.each && !slices.Contains(b.parents, place) && !slices.Contains(b.spec.vary, b.words.names[place]) {
				b.parents = append(b.parents, place)
			}
		})
	}
}

// places visits every place that a record reads.
func (r *boundRecord) places(visit func(int)) {
	r.when.places(visit)
	for _, c := range r.columns {
		c.places(visit)
	}
	for _, t := range r.tells {
		t.when.places(visit)
		for _, p := range t.text {
			if p.place >= 0 {
				visit(p.place)
			}
		}
	}
}

func (p *program) places(visit func(int)) {
	if p == nil {
		return
	}
	for _, place := range p.columns {
		visit(place)
	}
}

func (c *boundColumn) places(visit func(int)) {
	if c.place >= 0 {
		visit(c.place)
	}
	c.program.places(visit)
	c.when.places(visit)
	for _, choice := range c.choices {
		choice.places(visit)
	}
}

// header is what a derived table of a part has for columns: the offer's key,
// and every column that a record of that part fills.
func (b *bound) header(part *affise.Part) []*affise.Column {
	key := "offer"
	if part.Key == "" {
		key = "external_offer_id"
	}
	first, _ := part.Column(key)
	header := []*affise.Column{first}
	for _, r := range b.records {
		for _, c := range r.columns {
			if r.part.Key == part.Key && !slices.Contains(header, c.column) {
				header = append(header, c.column)
			}
		}
	}
	return header
}

// sourceName is the name of a place as the file has it.
func (b *bound) sourceName(place int) string {
	if col := b.columns[place]; col >= 0 {
		return strings.TrimSpace(b.origin.Header[col].Text)
	}
	return b.words.names[place]
}

// notes says which columns the file lacks.
func (b *bound) notes() []sheet.Message {
	notes := b.wrong
	if len(b.absent) > 0 && b.origin.Facts.Format != "json" { // JSON leaves out what is not set
		notes = append(notes, sheet.Message{Level: sheet.LevelInfo, File: b.origin.File, Sheet: b.origin.Sheet, Code: codeAbsent,
			Text: fmt.Sprintf("profile %s can read more than the file has: no column %s", b.profile.Name, strings.Join(b.absent, ", "))})
	}
	return notes
}
