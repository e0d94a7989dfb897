package profile

import (
	"fmt"
	"hash/maphash"
	"strings"

	"offerlift/internal/sheet"
)

// group is what is known of the rows of one offer before they are read for
// good. Only hashes are kept: an export may have a million offers.
type group struct {
	first     int  // the number of the row that speaks for the offer
	begins    int  // the number of the first of its rows
	led       bool // the lead's condition holds on first
	parents   uint64
	left      uint64
	differs   bool // the rows say different things of the offer
	leftVary  bool // the rows differ in what is not carried over
	conflicts []sheet.Message
}

// takeGroups finds the rows that are one offer, and those that contradict each
// other.
func (b *bound) takeGroups() error {
	if !b.spec.group {
		return nil
	}
	b.groups = map[string]*group{}
	seed := maphash.MakeSeed()
	conflict := false
	r := b.reader()
	for row, err := range b.origin.Scan() {
		if err != nil {
			return err
		}
		r.row = row
		key := r.keyText()
		if key == "" {
			continue
		}
		parents, left := r.hash(seed, b.parents), r.hashLeft(seed)
		g := b.groups[key]
		if g == nil {
			g = &group{first: row.Number, begins: row.Number, parents: parents, left: left}
			b.groups[key] = g
		}
		if b.lead != nil && !g.led && r.holds(b.lead) {
			g.first, g.led = row.Number, true
		}
		g.differs = g.differs || g.parents != parents
		g.leftVary = g.leftVary || g.left != left
		conflict = conflict || g.differs
	}
	if conflict {
		return b.takeConflicts()
	}
	return nil
}

func (r *reader) hash(seed maphash.Seed, places []int) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, place := range places {
		h.WriteString(r.text(place))
		h.WriteByte(0)
	}
	return h.Sum64()
}

func (r *reader) hashLeft(seed maphash.Seed) uint64 {
	places := make([]int, len(r.left))
	for i, l := range r.left {
		places[i] = l.place
	}
	return r.hash(seed, places)
}

// takeConflicts reads the table once more and says of each offer whose rows
// disagree which cells do.
func (b *bound) takeConflicts() error {
	firsts := map[*group][]string{}
	r := b.reader()
	for row, err := range b.origin.Scan() {
		if err != nil {
			return err
		}
		r.row = row
		g := b.groups[r.keyText()]
		switch {
		case g == nil || !g.differs:
		case g.begins == row.Number:
			firsts[g] = make([]string, len(b.parents))
			for i, place := range b.parents {
				firsts[g][i] = r.text(place)
			}
		default:
			r.flaws = g.conflicts
			r.tellConflicts(g, firsts[g])
			g.conflicts = r.flaws
		}
	}
	return nil
}

// conflictsTold is how many disagreements of one offer are told.
const conflictsTold = 10

func (r *reader) tellConflicts(g *group, first []string) {
	for i, place := range r.parents {
		if r.text(place) == first[i] || len(r.flaws) == conflictsTold {
			continue
		}
		name, col := r.sourceName(place), r.columns[place]
		r.flaw(sheet.LevelError, codeConflict, place, name, fmt.Sprintf("%s is %s, and %s of the same offer %s says %s: the rows of one offer must agree",
			name, quote(r.text(place)), r.origin.Place(col, g.begins), quote(strings.TrimPrefix(r.keyText(), r.profile.Prefix)), quote(first[i])))
	}
}

// isFirst tells whether a row is the first of its offer; where rows are not
// grouped, each is.
func (r *reader) isFirst(key string) bool {
	g := r.groups[key]
	return g == nil || g.first == r.row.Number
}

func (r *reader) leftDiffers(key string) bool {
	g := r.groups[key]
	return g != nil && g.leftVary
}
