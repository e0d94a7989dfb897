package affise

import (
	"regexp"
	"strconv"
	"strings"
)

// Place is where a parameter stands in an offer: the column that it belongs to
// and, for a part of the offer, its array and the row's index in it.
type Place struct {
	Array  string // payments; blank for the offer itself
	Part   int    // from 0; -1 for the offer itself, or an array as a whole
	Column string // the schema's name; blank where only the row is known
}

var parameterName = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*(\[[^\[\]\s]*\])*`)

// PlaceOf finds the first parameter that a text names in bracket form, such as
// payments[0][currency]. A name without brackets is taken where it is the whole
// text or a colon follows, since title and status are words of prose as well.
func PlaceOf(text string) (Place, bool) {
	for _, at := range parameterName.FindAllStringIndex(text, -1) {
		name := text[at[0]:at[1]]
		told := name == text || strings.HasSuffix(name, "]") || strings.HasPrefix(text[at[1]:], ":")
		if place, ok := placeOf(keySteps(name)); ok && told {
			return place, true
		}
	}
	return Place{}, false
}

// keySteps takes a name in bracket form apart; empty brackets are no step.
func keySteps(name string) []string {
	var steps []string
	for _, step := range strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' }) {
		if step != "" {
			steps = append(steps, step)
		}
	}
	return steps
}

func placeOf(steps []string) (Place, bool) {
	array, ok := layouts()[steps[0]]
	if !ok {
		column := layouts()[""].root.find(steps)
		return Place{Part: -1, Column: column}, column != ""
	}
	place := Place{Array: steps[0], Part: -1}
	if len(steps) == 1 {
		return place, true
	}
	part, err := strconv.Atoi(steps[1])
	if err != nil || part < 0 {
		return place, true
	}
	place.Part, place.Column = part, array.root.find(steps[2:])
	return place, true
}

// find follows the steps of a key as far as they lead to a column: what comes
// below the column is the value's own.
func (b *branch) find(steps []string) string {
	for _, step := range steps {
		if b = b.below[step]; b == nil {
			return ""
		}
		if b.column != nil {
			return b.column.Name
		}
	}
	return ""
}
