package affise

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Difference is a parameter that the account does not have as it was sent.
type Difference struct {
	Key     string // in bracket form: payments[0][total]
	Part    int    // the row's index in its array as sent; -1 where it belongs to the offer itself, or to an array as a whole
	Column  string // the schema's name: total; blank for a row or an array as a whole
	Sheet   string // Payouts
	Sent    string
	Stored  string // blank where Missing
	Missing bool   // the answer has no such parameter, or no such row
}

// Differences compares what was sent with the offer of an answer, parameter by
// parameter: numbers by value, flags whether they are 1, true or "1", dates
// whether or not a time follows, lists by what they hold in whatever order, and
// each parameter under the name that answers give it. A row is looked for at
// its own index first, then anywhere in its array.
//
// Parameters that answers leave out by design, and files, are passed over. One
// that the answer should have and has not is reported once, as Missing, unless
// what was sent means the same as nothing. Rows that were not sent are one
// difference of the array. The error is of an offer that is no JSON object.
func Differences(sent Value, stored json.RawMessage) ([]Difference, error) {
	doc, err := parseOffer(stored)
	if err != nil {
		return nil, err
	}
	return differences(sent, doc.root()), nil
}

// DifferencesOfWhole is Differences for an answer that may not carry the offer:
// whole is what [Whole] tells of it, and where it is false there are none. The
// answer is read once for both.
func DifferencesOfWhole(sent Value, stored json.RawMessage) (found []Difference, whole bool) {
	doc, err := parseOffer(stored)
	if err != nil || !isWhole(doc.root()) {
		return nil, false
	}
	return differences(sent, doc.root()), true
}

func differences(sent Value, root element) []Difference {
	c := comparison{layouts: layouts(), root: root}
	c.offer(sent)
	return c.found
}

func parseOffer(stored json.RawMessage) (*document, error) {
	doc, err := parse(stored)
	if err != nil {
		return nil, fmt.Errorf("stored offer: %w", err)
	}
	if doc.root().kind() != kindObject {
		return nil, fmt.Errorf("stored offer: not an object")
	}
	return doc, nil
}

// Whole tells whether an answer carries an offer as a whole, so that what it
// lacks was dropped: every parameter that an offer must have is in it. A server
// may answer with the id alone, which says nothing of the rest.
func Whole(stored json.RawMessage) bool {
	doc, err := parse(stored)
	return err == nil && isWhole(doc.root())
}

func isWhole(root element) bool {
	for i := range Parts()[0].Columns {
		if c := &Parts()[0].Columns[i]; c.Required && !root.child(c.Key).exists() {
			return false
		}
	}
	return true
}

// branch is a step on the way from a key to its column.
type branch struct {
	column *Column
	below  map[string]*branch
}

// layout is where a part's keys lead.
type layout struct {
	sheet string
	root  branch
}

// layouts returns every array's layout by its key, the offer's own under "".
var layouts = sync.OnceValue(func() map[string]*layout {
	all := map[string]*layout{}
	parts := Parts()
	for i := range parts {
		l := &layout{sheet: parts[i].Sheet}
		for j := range parts[i].Columns {
			l.root.plant(&parts[i].Columns[j])
		}
		all[parts[i].Key] = l
		if parts[i].Key == "payments" {
			all[Personal] = l
		}
	}
	return all
})

func (b *branch) plant(c *Column) {
	if len(c.Path) == 0 {
		return
	}
	for _, key := range c.Path {
		if b.below == nil {
			b.below = map[string]*branch{}
		}
		if b.below[key] == nil {
			b.below[key] = &branch{}
		}
		b = b.below[key]
	}
	b.column = c
}

// comparison is one run of Differences.
type comparison struct {
	layouts map[string]*layout
	root    element
	found   []Difference

	array   string // key of the array being compared, blank for the offer itself
	part    int
	layout  *layout
	probing bool // only whether a row differs is asked for
	differs bool
}

func (c *comparison) offer(sent Value) {
	for _, f := range sent.Fields() {
		if l := c.layouts[f.Key]; l != nil && f.Key != "" {
			c.rows(f.Key, l, f.Value)
			continue
		}
		c.array, c.part, c.layout = "", -1, c.layouts[""]
		var above [8]string // as deep as keys go
		c.field(&c.layout.root, f, above[:0], c.root)
	}
}

// field follows a key of what was sent to its column and compares that. A key
// that the schema does not know is compared as text under its own name.
func (c *comparison) field(at *branch, f Field, above []string, base element) {
	if c.probing && c.differs {
		return
	}
	below := at.below[f.Key]
	switch {
	case below == nil:
		path := append(append([]string(nil), above...), f.Key)
		c.column(&Column{Kind: KindText, List: f.Value.IsList(), Path: path, ReadPath: path}, f.Value, base)
	case below.column != nil:
		c.column(below.column, f.Value, base)
	default:
		path := append(above, f.Key)
		for _, sub := range f.Value.Fields() {
			c.field(below, sub, path, base)
		}
	}
}

func (c *comparison) column(col *Column, sent Value, base element) {
	if col.ReadPath == nil || col.Kind == KindFile {
		return
	}
	got := base.get(col.ReadPath...)
	if same(col, sent, got) || deniedOS(col, sent, base) {
		return
	}
	if c.probing {
		c.differs = true
		return
	}
	c.found = append(c.found, Difference{
		Key: c.key(col), Part: c.part, Column: col.Name, Sheet: c.layout.sheet,
		Sent: sent.summary(), Stored: got.summary(), Missing: !got.exists(),
	})
}

// deniedOS: answers may show the systems that os_deny keeps out under os[deny].
func deniedOS(col *Column, sent Value, base element) bool {
	denied := base.get("os", "deny")
	if denied.count() == 0 {
		return false
	}
	return col.Name == "os_allow" && same(col, sent, denied) || col.Name == "os_deny" && sent.Str() == "1"
}

// key names a column as the body does.
func (c *comparison) key(col *Column) string {
	var b strings.Builder
	path := col.Path
	if c.array != "" {
		fmt.Fprintf(&b, "%s[%d]", c.array, c.part)
	} else {
		b.WriteString(path[0])
		path = path[1:]
	}
	for _, key := range path {
		b.WriteString("[" + key + "]")
	}
	if col.List {
		b.WriteString("[]")
	}
	return b.String()
}

// rows compares an array of the offer.
func (c *comparison) rows(key string, l *layout, sent Value) {
	c.array, c.layout = key, l
	got := c.root.get(key)
	rows := sent.Items()
	if len(rows) == 1 && rows[0].IsText() { // it was cleared
		rows = nil
	}
	if !got.exists() && len(rows) > 0 {
		c.whole(len(rows), got)
		return
	}
	if !c.inOrder(rows, got) {
		c.matched(rows, got)
	}
	if got.count() > len(rows) {
		c.whole(len(rows), got)
	}
}

// whole reports an array whose rows are too few or too many.
func (c *comparison) whole(sent int, got element) {
	d := Difference{Key: c.array, Part: -1, Sheet: c.layout.sheet, Sent: rowCount(sent), Missing: !got.exists()}
	if !d.Missing {
		d.Stored = rowCount(got.count())
	}
	c.found = append(c.found, d)
}

func rowCount(n int) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.Itoa(n) + " rows"
}

// inOrder tells whether each row is stored under its own index, as almost all are.
func (c *comparison) inOrder(rows []Value, got element) bool {
	i := 0
	for stored := range got.children() {
		if i == len(rows) {
			return true
		}
		if !c.sameRow(rows[i], stored) {
			return false
		}
		i++
	}
	return i == len(rows)
}

func (c *comparison) sameRow(row Value, stored element) bool {
	c.probing, c.differs = true, false
	c.row(row, stored)
	c.probing = false
	return !c.differs
}

func (c *comparison) row(row Value, stored element) {
	var above [8]string
	for _, f := range row.Fields() {
		c.field(&c.layout.root, f, above[:0], stored)
	}
}

// matched finds a stored row for each that was sent: the same at its index,
// then the same anywhere, then what is left; and reports what still differs.
func (c *comparison) matched(rows []Value, got element) {
	var stored []element
	for e := range got.children() {
		stored = append(stored, e)
	}
	taken := make([]bool, len(stored))
	pair := make([]int, len(rows))
	for i := range rows {
		pair[i] = -1
		if i < len(stored) && c.sameRow(rows[i], stored[i]) {
			pair[i], taken[i] = i, true
		}
	}
	for i := range rows {
		for j := 0; pair[i] < 0 && j < len(stored); j++ {
			if !taken[j] && c.sameRow(rows[i], stored[j]) {
				pair[i], taken[j] = j, true
			}
		}
	}
	for i := range rows {
		if pair[i] < 0 {
			pair[i] = leftOver(taken, i)
			c.changedRow(i, rows[i], stored, pair[i])
		}
	}
}

// leftOver takes the row at an index, or the first that nobody has; -1 for none.
func leftOver(taken []bool, i int) int {
	if i < len(taken) && !taken[i] {
		taken[i] = true
		return i
	}
	for j := range taken {
		if !taken[j] {
			taken[j] = true
			return j
		}
	}
	return -1
}

func (c *comparison) changedRow(i int, row Value, stored []element, at int) {
	c.part = i
	if at >= 0 {
		c.row(row, stored[at])
		return
	}
	c.found = append(c.found, Difference{Key: fmt.Sprintf("%s[%d]", c.array, i), Part: i, Sheet: c.layout.sheet, Sent: row.summary(), Missing: true})
}

// maxSummary is how much of a value a difference shows.
const maxSummary = 200

// summary is a value for the eyes of a person: a text, a list with commas, or
// the JSON of anything deeper.
func (v Value) summary() string {
	switch {
	case v.shape == shapeText || v.shape == shapeFile:
		return cut(v.text)
	case v.shape == shapeList && leavesOnly(v.Items()):
		texts := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			texts[i] = item.text
		}
		return cut(strings.Join(texts, ", "))
	}
	text, err := json.Marshal(v)
	if err != nil { // texts always marshal
		return ""
	}
	return cut(string(text))
}

func (e element) summary() string {
	if e.kind() < kindArray {
		return cut(e.text())
	}
	var texts []string
	for child := range e.children() {
		if e.kind() == kindObject || child.kind() >= kindArray {
			return cut(string(e.raw()))
		}
		texts = append(texts, child.text())
	}
	return cut(strings.Join(texts, ", "))
}

func cut(text string) string {
	if len(text) <= maxSummary {
		return text
	}
	if runes := []rune(text); len(runes) > maxSummary {
		return string(runes[:maxSummary-1]) + "…"
	}
	return text
}
