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

// Complaint is one of the things that the API says of an offer.
type Complaint struct {
	Text  string // the API's words, with columns' names in place of parameters'
	Place Place
	Known bool // the words name a parameter, and Place is where it stands
}

// Complaints takes apart what the API says of an offer: "name: text; name:
// text" are two.
func Complaints(text string) []Complaint {
	var list []Complaint
	from := 0
	for _, at := range parameterName.FindAllStringIndex(text, -1) {
		begins := at[0] > 0 && strings.HasSuffix(text[:at[0]], "; ") && strings.HasPrefix(text[at[1]:], ":")
		if _, ok := placeOf(keySteps(text[at[0]:at[1]])); ok && begins {
			list = append(list, complaint(strings.TrimSuffix(text[from:at[0]], "; ")))
			from = at[0]
		}
	}
	return append(list, complaint(text[from:]))
}

func complaint(text string) Complaint {
	c := Complaint{Text: text}
	c.Place, c.Known = PlaceOf(text)
	name, rest, named := strings.Cut(text, ":")
	if at := parameterName.FindStringIndex(name); named && c.Place.Column != "" && at != nil && at[0] == 0 && at[1] == len(name) {
		c.Text = strings.TrimSpace(rest)
	}
	c.Text = parameterName.ReplaceAllStringFunc(c.Text, func(name string) string {
		if place, ok := placeOf(keySteps(name)); ok && place.Column != "" && strings.Contains(name, "[") {
			return place.Column
		}
		return name
	})
	return c
}

// keySteps takes a name in bracket form apart; empty brackets are no step.
func keySteps(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' })
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
