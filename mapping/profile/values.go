package profile

import (
	"fmt"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// valueTable translates the values of a column, by their folded form.
type valueTable struct {
	entries map[string]translation
	words   []string // as they are written, for suggestions
	other   *translation
}

// translation is what becomes of a value or a macro. Of a macro, to is the name
// of ours; blank where there is none. Slot is the number of the sub that takes
// it, 0 for none.
type translation struct {
	to   string
	slot int
	outcome
	at position
}

// anyOther is the key of a table's entry for values that it does not list.
const anyOther = "*"

func (d *decoder) values(n *yaml.Node) *valueTable {
	t := &valueTable{entries: map[string]translation{}}
	d.pairs(n, "a table of values", func(key, value *yaml.Node) {
		tr := d.translation(value)
		if key.Value == anyOther {
			t.other = &tr
			return
		}
		if _, twice := t.entries[fold(key.Value)]; twice {
			d.fail(key, "the value `%s` is there twice: case, blanks and punctuation do not count", key.Value)
		}
		t.entries[fold(key.Value)] = tr
		t.words = append(t.words, key.Value)
	})
	return t
}

func (d *decoder) translation(n *yaml.Node) translation {
	tr := translation{at: d.at(n)}
	if n.Kind == yaml.ScalarNode {
		d.text(&tr.to)("a value", n)
		return tr
	}
	o := outcomeFields{}
	f := o.fields(d)
	f["to"] = d.text(&tr.to)
	d.mapping(n, "a value", f)
	tr.outcome = o.outcome(d, n)
	if tr.code == CodeDecision && tr.to != "" && o.level == "" {
		tr.error = false // there is a safe value meanwhile
	}
	return tr
}

// find returns what becomes of a value.
func (t *valueTable) find(value string) (translation, bool) {
	if tr, ok := t.entries[fold(value)]; ok {
		return tr, true
	}
	if t.other != nil {
		return *t.other, true
	}
	return translation{}, false
}

// unknownValue is what is said of a value that the table does not have.
func (t *valueTable) unknownValue(value, source, profile string) string {
	hint := didYouMean(value, t.words)
	if near := nearest(value, t.words); strings.HasSuffix(fold(value), fold(near)) {
		hint = "" // inactive is not active
	}
	return fmt.Sprintf("%s is not a value of %s that profile %s knows: it has %s%s", quote(value), source, profile, strings.Join(t.words, ", "), hint)
}
