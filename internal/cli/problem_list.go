package cli

import (
	"offerlift/internal/sheet"
)

// problemList prints what is wrong in many rows: what has one cause in one line,
// so many lines in all, and so many of one kind, that a column which is wrong in
// every row leaves room for the rest.
type problemList struct {
	voice  *voice
	causes sheet.Causes
}

// problemKind is one sort of message in one column.
type problemKind struct {
	sheet, column, code string
	shown, more         int
}

const (
	mostShown   = 100
	mostAlike   = 25
	mostTallied = 10
	mostPlaces  = 6 // stretches of cells in one line
)

func newProblemList(v *voice) *problemList { return &problemList{voice: v} }

func (p *problemList) add(messages []sheet.Message) {
	for _, m := range messages {
		if m.Level != sheet.LevelInfo {
			p.causes.Add(m)
		}
	}
}

// close prints them, and says how many of each kind are not shown.
func (p *problemList) close() {
	shown := 0
	var kinds []*problemKind
	for _, c := range p.causes.Each() {
		kind := kindOf(&kinds, c)
		if c.Mixed || shown == mostShown || kind.shown == mostAlike {
			kind.more += c.N
			continue
		}
		shown++
		kind.shown++
		p.voice.say("%s", p.voice.cause(c))
	}
	p.tally(kinds)
}

func kindOf(kinds *[]*problemKind, c *sheet.Cause) *problemKind {
	for _, k := range *kinds {
		if k.code == c.Code && k.column == c.Column && k.sheet == c.Sheet {
			return k
		}
	}
	k := &problemKind{sheet: c.Sheet, column: c.Column, code: c.Code}
	*kinds = append(*kinds, k)
	return k
}

func (p *problemList) tally(kinds []*problemKind) {
	tallied, rest := 0, 0
	for _, k := range kinds {
		switch {
		case k.more == 0:
		case tallied == mostTallied:
			rest += k.more
		default:
			tallied++
			p.voice.say("… and %s more [%s] in %s", group(k.more), k.code, oneLine(joined(k.sheet, k.column)))
		}
	}
	if rest > 0 {
		p.voice.say("… and %s more", group(rest))
	}
	if tallied > 0 {
		p.voice.say("offerlift check --json lists all")
	}
}

// joined puts a blank between words that are there.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
