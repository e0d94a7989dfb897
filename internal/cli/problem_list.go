package cli

import (
	"offerlift/internal/sheet"
)

// problemList prints the messages of many rows: so many of all, and so many of
// one kind, that a column which is wrong in every row leaves room for the rest.
type problemList struct {
	voice *voice
	shown int
	kinds []*problemKind // in the order in which they were met
}

// problemKind is one sort of message in one column. What a column that is not
// there does to every row is the same in each.
type problemKind struct {
	sheet, column, code string
	text                string // where it is the same in every row
	shown, more         int
}

func kindOf(m sheet.Message) problemKind {
	k := problemKind{sheet: m.Sheet, column: m.Column, code: m.Code}
	if m.Code == "missing" && m.Column == "" {
		k.text = m.Text
	}
	return k
}

// most is how many of a kind are shown.
func (k *problemKind) most() int {
	if k.text != "" {
		return 1
	}
	return mostAlike
}

const (
	mostShown   = 100
	mostAlike   = 25
	mostTallied = 10
)

func newProblemList(v *voice) *problemList { return &problemList{voice: v} }

func (p *problemList) add(messages []sheet.Message) {
	for _, m := range messages {
		if m.Level == sheet.LevelInfo {
			continue
		}
		kind := p.kind(m)
		if p.shown == mostShown || kind.shown == kind.most() {
			kind.more++
			continue
		}
		p.shown++
		kind.shown++
		p.voice.say("%s", p.voice.message(m))
	}
}

func (p *problemList) kind(m sheet.Message) *problemKind {
	wanted := kindOf(m)
	for _, k := range p.kinds {
		if k.code == wanted.code && k.column == wanted.column && k.sheet == wanted.sheet && k.text == wanted.text {
			return k
		}
	}
	p.kinds = append(p.kinds, &wanted)
	return &wanted
}

// close says how many of each kind were not shown.
func (p *problemList) close() {
	tallied, rest := 0, 0
	for _, k := range p.kinds {
		switch {
		case k.more == 0:
		case tallied == mostTallied:
			rest += k.more
		case k.text != "":
			p.voice.say("… and in %s: %s [%s]", count(k.more, "more row"), oneLine(k.text), k.code)
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
