package profile

import (
	"fmt"
	"strings"
)

// template is a text with {columns} and {option.names} in it.
type template []piece

// piece is a text, or a column's place where it is not negative.
type piece struct {
	text  string
	place int
}

// template takes a text apart. A name in braces that is neither a column nor an
// option is an error; a brace that is not closed is text.
func (v *vocabulary) template(text string, at position) (template, error) {
	var t template
	for {
		before, rest, ok := strings.Cut(text, "{")
		if before != "" {
			t = append(t, piece{before, -1})
		}
		if !ok {
			return t, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return append(t, piece{"{" + rest, -1}), nil
		}
		p, err := v.piece(name, at)
		if err != nil {
			return nil, err
		}
		t = append(t, p)
		text = after
	}
}

func (v *vocabulary) piece(name string, at position) (piece, error) {
	if place, ok := v.place[name]; ok {
		return piece{place: place}, nil
	}
	if option, ok := strings.CutPrefix(name, "option."); ok {
		var names []string
		for _, o := range v.options {
			if o.Name == option {
				return piece{o.Value, -1}, nil
			}
			names = append(names, o.Name)
		}
		return piece{}, fmt.Errorf("%s: there is no option `%s`%s", at, option, didYouMean(option, names))
	}
	return piece{}, fmt.Errorf("%s: {%s} is neither a column of the table nor an {option.name}%s", at, name, didYouMean(name, v.names))
}

func (t template) render(value func(place int) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.place < 0 {
			b.WriteString(p.text)
		} else {
			b.WriteString(value(p.place))
		}
	}
	return b.String()
}
