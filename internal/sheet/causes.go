package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Causes gathers messages by what one deed mends: those of one column and one
// code that say the same are one cause. A million rows may be wrong in a million
// ways, so of each column only so many texts are kept apart.
type Causes struct {
	columns map[causeColumn]*columnCauses
	order   []*columnCauses
	seen    int
}

// causeColumn is where messages are looked at together. Those that have no cell
// are about whole sheets and files: all of one code are.
type causeColumn struct {
	file, sheet, column, code string
	level                     Level
}

type columnCauses struct {
	texts map[string]*Cause
	rest  *Cause // of all texts beyond the first so many; nil where there are none
}

// Cause is the messages that have one cause: the first of them, how many there
// are, and where.
type Cause struct {
	Message
	N     int
	Mixed bool // they do not all say what the first says

	seen      int // its place among the causes, by the first message
	stretches []stretch
}

// stretch is consecutive rows of one column: E2:E301 has the stem E. What is no
// such address is a stem alone.
type stretch struct {
	stem        string
	first, last int
}

const (
	mostTexts     = 50  // of a column are kept apart
	mostStretches = 200 // of a cause are kept
)

// Add counts messages.
func (c *Causes) Add(messages ...Message) {
	for _, m := range messages {
		c.add(m)
	}
}

func (c *Causes) add(m Message) {
	column := c.columns[columnOf(m)]
	if column == nil {
		if c.columns == nil {
			c.columns = map[causeColumn]*columnCauses{}
		}
		column = &columnCauses{texts: map[string]*Cause{}}
		c.columns[columnOf(m.clone())] = column
		c.order = append(c.order, column)
	}
	c.seen++
	column.cause(m, c.seen).count(m)
}

func columnOf(m Message) causeColumn {
	if m.Cell == "" {
		return causeColumn{code: m.Code, level: m.Level}
	}
	return causeColumn{m.File, m.Sheet, m.Column, m.Code, m.Level}
}

// clone is the message with texts of its own: a reader's may be a part of a block
// that is otherwise done with.
func (m Message) clone() Message {
	for _, text := range []*string{&m.File, &m.Sheet, &m.Cell, &m.Column, &m.Code, &m.Text} {
		*text = strings.Clone(*text)
	}
	return m
}

// cause finds the cause of a message, or begins it.
func (cc *columnCauses) cause(m Message, seen int) *Cause {
	if known := cc.texts[m.Text]; known != nil {
		return known
	}
	switch {
	case len(cc.texts) < mostTexts:
		fresh := &Cause{Message: m.clone(), seen: seen}
		cc.texts[fresh.Text] = fresh
		return fresh
	case cc.rest == nil:
		cc.rest = &Cause{Message: m.clone(), seen: seen, Mixed: true}
	}
	return cc.rest
}

func (c *Cause) count(m Message) {
	c.N++
	a := stretchOf(m)
	if n := len(c.stretches); n > 0 && c.stretches[n-1].takes(a) {
		c.stretches[n-1].last = a.last
	} else if n < mostStretches {
		a.stem = strings.Clone(a.stem)
		c.stretches = append(c.stretches, a)
	}
}

func stretchOf(m Message) stretch {
	if m.Cell == "" {
		return stretch{stem: m.Spot()}
	}
	stem := strings.TrimRight(m.Cell, "0123456789")
	row, err := strconv.Atoi(m.Cell[len(stem):])
	if err != nil || strings.ContainsFunc(stem, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return stretch{stem: m.Cell}
	}
	return stretch{stem, row, row}
}

// takes tells whether b goes on where a ends, or is in it.
func (a stretch) takes(b stretch) bool {
	return a.stem == b.stem && a.first <= b.first && b.first <= a.last+1
}

func (a stretch) String() string {
	if a.first == 0 {
		return a.stem
	}
	text := a.stem + strconv.Itoa(a.first)
	switch {
	case a.last == a.first:
	case a.stem == "":
		text += "-" + strconv.Itoa(a.last)
	default:
		text += ":" + a.stem + strconv.Itoa(a.last)
	}
	return text
}

// Places names where the messages belong, at most so many stretches of cells, and how
// many messages are elsewhere: "launch.xlsx, Offers!E2:E301, E310 and 12 more".
func (c *Cause) Places(most int) string {
	if c.N == 1 {
		return c.Spot()
	}
	stretches := c.merged()
	told, names := 0, make([]string, 0, most)
	for _, a := range stretches[:min(len(stretches), most)] {
		told += a.last - a.first + 1
		names = append(names, a.String())
	}
	text := strings.Join(names, ", ")
	switch at := c.Message; {
	case c.Cell == "": // their names are places already
	case stretches[0].first > 0 && stretches[0].stem == "":
		at.Cell = ""
		word := " rows "
		if len(stretches) == 1 && stretches[0].first == stretches[0].last { // that several are about
			word = " row "
		}
		text = strings.TrimSpace(at.Spot() + word + text)
	default:
		at.Cell = text
		text = at.Spot()
	}
	if more := c.N - told; more > 0 && len(stretches) > most {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// Told is where the messages are and what they say, or what the first of them
// does.
func (c *Cause) Told(most int) string {
	if c.Mixed {
		return c.Places(most) + ": such as " + c.Text
	}
	return c.Places(most) + ": " + c.Text
}

// merged puts the stretches in order, and those together that touch: children come in
// the order of their offers.
func (c *Cause) merged() []stretch {
	stretches := slices.Clone(c.stretches)
	slices.SortStableFunc(stretches, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(len(a.stem), len(b.stem)), cmp.Compare(a.stem, b.stem), cmp.Compare(a.first, b.first))
	})
	out := stretches[:1]
	for _, a := range stretches[1:] {
		if last := &out[len(out)-1]; last.takes(a) {
			last.last = max(last.last, a.last)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// Each lists the causes in the order in which they were met.
func (c *Causes) Each() []*Cause {
	var list []*Cause
	for _, column := range c.order {
		list = append(list, column.all()...)
	}
	slices.SortFunc(list, func(a, b *Cause) int { return cmp.Compare(a.seen, b.seen) })
	return list
}

func (cc *columnCauses) all() []*Cause {
	list := make([]*Cause, 0, len(cc.texts)+1)
	for _, cause := range cc.texts {
		list = append(list, cause)
	}
	if cc.rest != nil {
		list = append(list, cc.rest)
	}
	return list
}

// Commonest lists errors before warnings and those before infos, the most
// frequent first. What a column says only once or twice stands together.
func (c *Causes) Commonest() []*Cause {
	var list []*Cause
	for _, column := range c.order {
		list = append(list, column.together()...)
	}
	slices.SortFunc(list, func(a, b *Cause) int {
		return cmp.Or(cmp.Compare(rank(a.Level), rank(b.Level)), cmp.Compare(b.N, a.N), cmp.Compare(a.seen, b.seen))
	})
	return list
}

// oftenEnough is how often the same is said to be a cause of its own among others
// of its column.
const oftenEnough = 3

func (cc *columnCauses) together() []*Cause {
	var list []*Cause
	var rest *Cause
	all := cc.all()
	slices.SortFunc(all, func(a, b *Cause) int { return cmp.Compare(a.seen, b.seen) })
	for _, cause := range all {
		switch {
		case cause.N >= oftenEnough && !cause.Mixed:
			list = append(list, cause)
		case rest == nil:
			first := *cause
			first.stretches = slices.Clone(cause.stretches)
			rest = &first
			list = append(list, rest)
		default:
			rest.Mixed = true
			rest.N += cause.N
			rest.stretches = append(rest.stretches, cause.stretches[:min(len(cause.stretches), mostStretches-min(mostStretches, len(rest.stretches)))]...)
		}
	}
	return list
}

func rank(l Level) int { return slices.Index([]Level{LevelError, LevelWarning, LevelInfo}, l) }
