package profile

import "strings"

// Known returns what tells whether a text is a header of a network's export
// that one of the profiles knows. A number alone, as keys in JSON are, does not
// tell a row of names from one of values.
func Known(profiles []*Profile) func(header string) bool {
	known := map[string]bool{}
	for _, p := range profiles {
		for _, t := range p.Tables {
			for _, name := range t.known() {
				known[fold(name)] = true
				for _, other := range t.headers[name] {
					known[fold(other)] = true
				}
			}
		}
	}
	return func(header string) bool {
		folded := fold(header)
		return strings.Trim(folded, "0123456789") != "" && known[folded]
	}
}
