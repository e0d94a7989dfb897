package profile

import (
	"slices"
	"strings"
	"testing"
)

// Each line of the table of headers' words is of a meaning or of a list that a
// name or a rule asks for, stands there once, and has no word twice. Each meaning
// that no rule tells has names.
func TestHeaderWords(t *testing.T) {
	x, seen := headerWords(), map[string]bool{}
	for line := range strings.Lines(headerText) {
		name, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(name, "# ") {
			continue
		}
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
		if meaning := strings.TrimPrefix(name, "-"); !strings.ContainsAny(name[:1], "@~=") && !slices.Contains(Meanings(), meaning) && !slices.Contains(x.nothing, meaning) {
			t.Errorf("%s is no meaning", name)
		}
		var had []string
		for _, word := range strings.Split(plainLetters(words), "|") {
			if slices.Contains(had, word) || strings.TrimSpace(word) != word || word == "" {
				t.Errorf("%s: %q is blank or there twice", name, word)
			}
			had = append(had, word)
			for _, part := range strings.Fields(word) {
				if list, is := strings.CutPrefix(part, "@"); is && x.lists[list] == nil {
					t.Errorf("%s: there is no list %s", name, list)
				}
			}
		}
	}
	for _, m := range meanings() {
		if ruled := m.name == "revenue" || m.name == "total" || strings.HasPrefix(m.name, "cap_"); !ruled && !seen[m.name] {
			t.Errorf("%s has no names", m.name)
		}
	}
}
