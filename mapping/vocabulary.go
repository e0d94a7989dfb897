package mapping

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// vocabulary is what headers and sheet names can mean, by their folded form.
type vocabulary struct {
	parts    []affise.Part
	own      []map[string]int // by part: header to the column's index
	flat     []flatPrefix
	loose    map[string]meaning
	results  map[string]bool
	byColumn []string // every column's name, with its part's prefix, for suggestions
}

// flatPrefix begins the headers of a part's flat columns.
type flatPrefix struct {
	text string
	part int
}

// meaning is what a header stands for: a column of a part. Number tells
// several children of one row apart; it is 0 for a sheet's own column.
type meaning struct{ part, number, column int }

// words is made once, from the schema alone.
var words = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{parts: affise.Parts(), results: map[string]bool{}}
	for i := range v.parts {
		v.own = append(v.own, ownHeaders(&v.parts[i]))
		v.addPrefixes(i)
		v.addNames(i)
	}
	v.loose = v.looseHeaders()
	for _, name := range sheet.ResultColumns() {
		v.results[fold(name)] = true
	}
	return v
})

// ownHeaders maps a part's headers to its columns. A column's name goes before
// another's key, and both before synonyms.
func ownHeaders(part *affise.Part) map[string]int {
	own := map[string]int{}
	add := func(header string, column int) {
		if _, taken := own[fold(header)]; !taken && fold(header) != "" {
			own[fold(header)] = column
		}
	}
	for i, c := range part.Columns {
		add(c.Name, i)
	}
	for i, c := range part.Columns {
		add(c.Key, i)
	}
	for i, c := range part.Columns {
		for _, also := range c.Also {
			add(also, i)
		}
	}
	return own
}

func (v *vocabulary) addPrefixes(part int) {
	p := &v.parts[part]
	if p.Prefix == "" {
		return
	}
	for _, text := range append([]string{p.Prefix, p.Key, p.Sheet}, p.Also...) {
		prefix := flatPrefix{fold(text), part}
		if !slices.Contains(v.flat, prefix) {
			v.flat = append(v.flat, prefix)
		}
	}
}

func (v *vocabulary) addNames(part int) {
	p := &v.parts[part]
	for _, c := range p.Columns {
		if p.Prefix == "" {
			v.byColumn = append(v.byColumn, c.Name)
		} else if c.Kind != affise.KindParent {
			v.byColumn = append(v.byColumn, p.Prefix+"_"+c.Name)
		}
	}
}

// looseHeaders are synonyms of several words that mean one column of one kind
// of child, and so need no prefix in a flat sheet: "affiliate payout". Names of
// one word do not: revenue alone means something else in most other systems.
func (v *vocabulary) looseHeaders() map[string]meaning {
	loose, several := map[string]meaning{}, map[string]bool{}
	for i, p := range v.parts[1:] {
		for j, c := range p.Columns {
			for _, also := range c.Also {
				header := fold(also)
				if _, seen := loose[header]; seen {
					several[header] = true
				}
				if strings.Contains(also, " ") && c.Kind != affise.KindParent {
					loose[header] = meaning{part: i + 1, number: 1, column: j}
				}
			}
		}
	}
	for header := range several {
		delete(loose, header)
	}
	return loose
}

// Known tells whether a header means something in an import: a column of any
// sheet, a flat column, or a column that a report added.
func Known(header string) bool {
	v := words()
	for _, folded := range readings(header) {
		if v.results[folded] {
			return true
		}
		for part := range v.parts {
			if _, ok := v.findFolded(part, folded); ok {
				return true
			}
		}
	}
	return false
}

// find says what a header means on the sheet of a part. Flat columns stand on
// the sheet of the offers only.
func (v *vocabulary) find(part int, header string) (meaning, bool) {
	for _, folded := range readings(header) {
		if m, ok := v.findFolded(part, folded); ok {
			return m, true
		}
	}
	return meaning{}, false
}

func (v *vocabulary) findFolded(part int, folded string) (meaning, bool) {
	if column, ok := v.own[part][folded]; ok {
		return meaning{part: part, column: column}, true
	}
	if part != 0 || folded == "" {
		return meaning{}, false
	}
	if m, ok := v.findFlat(folded); ok {
		return m, true
	}
	m, ok := v.loose[folded]
	return m, ok
}

// readings are the folded forms of a header: as it stands, then without a
// remark.
func readings(header string) []string {
	forms := []string{fold(header)}
	if short := withoutRemark(header); short != header {
		forms = append(forms, fold(short))
	}
	return forms
}

// withoutRemark cuts a remark in brackets off a header: "Title (required)".
func withoutRemark(header string) string {
	if i := strings.IndexByte(header, '('); i > 0 {
		return header[:i]
	}
	return header
}

// findFlat reads prefix, number and column out of a folded header: payouttotal,
// payout2total, payouttotal2.
func (v *vocabulary) findFlat(header string) (meaning, bool) {
	for _, p := range v.flat {
		rest, ok := strings.CutPrefix(header, p.text)
		if !ok {
			continue
		}
		if column, ok := v.child(p.part, rest); ok {
			return meaning{p.part, 1, column}, true
		}
		digits, name := leadingDigits(rest)
		if column, ok := v.child(p.part, name); ok && digits != "" {
			return meaning{p.part, smallNumber(digits), column}, true
		}
		name, digits = trailingDigits(rest)
		if column, ok := v.child(p.part, name); ok && digits != "" {
			return meaning{p.part, smallNumber(digits), column}, true
		}
	}
	return meaning{}, false
}

// child finds a column of a child by its folded header, the parent's name left
// out: a flat child's parent is its row.
func (v *vocabulary) child(part int, header string) (int, bool) {
	column, ok := v.own[part][header]
	return column, ok && v.parts[part].Columns[column].Kind != affise.KindParent
}

func leadingDigits(s string) (digits, rest string) {
	rest = strings.TrimLeftFunc(s, isDigit)
	return s[:len(s)-len(rest)], rest
}

func trailingDigits(s string) (rest, digits string) {
	rest = strings.TrimRightFunc(s, isDigit)
	return rest, s[len(rest):]
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// smallNumber reads the number of a flat child. What is too long for one is
// taken as one big number, which is as good for telling children apart.
func smallNumber(digits string) int {
	n := 0
	for i := 0; i < len(digits) && i < 9; i++ {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

// suggest returns the name of the column that a header may have meant on the
// sheet of a part, or blank.
func (v *vocabulary) suggest(part int, header string) string {
	if part > 0 {
		names := make([]string, len(v.parts[part].Columns))
		for i, c := range v.parts[part].Columns {
			names[i] = c.Name
		}
		return nearest(underscored(header), names)
	}
	return nearest(underscored(header), v.byColumn)
}

// underscored writes a header as our columns are written.
func underscored(header string) string {
	fields := strings.FieldsFunc(strings.ToLower(header), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(fields, "_")
}

// partOf finds the part whose sheet has this name, or -1.
func (v *vocabulary) partOf(name string) int {
	for i, p := range v.parts {
		for _, known := range append([]string{p.Sheet}, p.Also...) {
			if fold(known) == fold(name) {
				return i
			}
		}
	}
	return -1
}

// suggestSheet returns the sheet that a name may have meant, or blank.
func (v *vocabulary) suggestSheet(name string) string {
	var names []string
	for _, p := range v.parts {
		names = append(names, p.Sheet)
	}
	return nearest(name, names)
}
