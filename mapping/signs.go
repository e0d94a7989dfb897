package mapping

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"offerlift/internal/affise"
)

// Signs in a word may turn it into its opposite: -US is all but US. So a word
// is looked up by its letters only where its signs are those of its spelling.

// joiners stand between the letters of names: Guinea-Bissau, Bosnia &
// Herzegovina, Côte d'Ivoire.
const joiners = "-‐‑–—&'’ʼ"

// spelt tells whether a text is letters and digits with no other signs than
// blanks, points behind a letter, commas and brackets behind a word, and joiners
// and more of them between two.
func spelt(text, more string) bool {
	open, before := 0, ' ' // before: the last sign that is not a blank
	for _, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		behind := before == 'x' || before == '.' || before == ')'
		switch {
		case unicode.IsSpace(r):
			continue
		case letter:
			r = 'x'
		case strings.ContainsRune(joiners, r) || strings.ContainsRune(more, r):
			if !behind {
				return false
			}
			r = '-'
		case r == '.' && before == 'x', r == ',' && behind:
		case r == '(' && behind:
			open++
		case r == ')' && open > 0 && before != '(':
			open--
		default:
			return false
		}
		if before == '-' && r != 'x' && r != '(' {
			return false
		}
		before = r
	}
	return open == 0 && before != '-'
}

// againstSigns stand before what is to be left out.
const againstSigns = "-‐‑–—−!~^¬≠❌✗✘🚫"

// againstWords do too.
var againstWords = strings.Fields("not no non minus except excl excl. excluding exclude without but nicht kein keine ohne außer sauf sans hors pas sin excepto menos кроме не без")

// leftOut is what a text says is to be left out: US of -US and not US, blank for
// nothing.
func leftOut(text string) string {
	text = strings.TrimSpace(text)
	rest := strings.TrimLeft(text, againstSigns+" \ufe0f")
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune(againstSigns, first) && strings.ContainsFunc(rest, unicode.IsLetter) {
		return rest
	}
	first, rest, _ := strings.Cut(text, " ")
	if first == strings.ToUpper(first) && utf8.RuneCountInString(first) == 2 {
		return "" // NO is Norway
	}
	if rest = strings.TrimLeft(rest, " :"); rest != "" && slices.Contains(againstWords, strings.TrimSuffix(strings.ToLower(first), ":")) {
		return rest
	}
	return ""
}

// refuseLeftOut tells an error where a value of a list says what is to be left
// out, which the column would let in.
func (c *cell) refuseLeftOut(item string) bool {
	word := leftOut(item)
	if word == "" {
		return false
	}
	c.fail(codeNegated, "%s looks as if %s were to be left out: %s", quote(item), word, c.leaveOutHint(word))
	return true
}

// leaveOutHint says where that which is left out goes.
func (c *cell) leaveOutHint(word string) string {
	def, name := c.rec.bind.def, c.rec.bind.nameOf(c.col)
	if strings.HasSuffix(c.col.Name, "_deny") {
		return fmt.Sprintf("write %s alone, since %s leaves out what it names", word, name)
	}
	if c.col == schemaRules().countries {
		return fmt.Sprintf("write %s alone, and yes into %s", word, c.rec.bind.nameOf(schemaRules().exclude))
	}
	base := strings.TrimSuffix(c.col.Name, "_allow")
	deny, ok := def.Column(base + "_deny")
	switch {
	case ok && deny.Kind == affise.KindFlag:
		return fmt.Sprintf("write %s alone, and yes into %s", word, c.rec.bind.nameOf(deny))
	case ok:
		return fmt.Sprintf("write %s into %s", word, c.rec.bind.nameOf(deny))
	}
	return "write those that are meant, one by one: " + name + " cannot leave any out"
}

// signsIn says which signs keep a word from being read, and how it is written
// without them.
func signsIn(text, word string) string {
	if strings.Contains(text, "?") {
		return fmt.Sprintf("has a question mark: write %s if it is sure", word)
	}
	return fmt.Sprintf("has signs that mean nothing here: write %s alone", word)
}

// withoutSigns is a text without what stands around its letters and digits.
func withoutSigns(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// digitsDiffer tells whether two names have other numbers: oc-1 is not oc-2
// misspelt, while 008 and 8 are one number.
func digitsDiffer(a, b string) bool {
	if !strings.ContainsFunc(a, isDigit) && !strings.ContainsFunc(b, isDigit) {
		return false // most names: told before they are cut
	}
	numbers := func(s string) []string {
		fields := strings.FieldsFunc(s, func(r rune) bool { return !isDigit(r) })
		for i := range fields {
			fields[i] = withoutZeros(fields[i])
		}
		return fields
	}
	return !slices.Equal(numbers(a), numbers(b))
}
