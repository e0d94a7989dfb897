package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// doubtProse tells of what went wrong with a text for people before it came here.
// What is sent is the text as it stands.
func (c *cell) doubtProse(text string) bool {
	isTitle := c.col == schemaRules().title
	if strings.ContainsRune(text, utf8.RuneError) {
		if isTitle {
			c.fail(codeBadCharacter, "the text holds the sign �, in whose place a character was lost: type it anew")
			return false
		}
		c.warn(codeBadCharacter, "the text holds the sign �, in whose place a character was lost: type it anew")
	}
	if what := formulaIn(text); what != "" {
		c.warn(codeDoubtfulText, "%s is sent as it stands: where it is a formula, type what it shows", quote(what))
	}
	if word, meant := twiceEncoded(text); word != "" {
		c.warn(codeDoubtfulText, "%s looks as if it were %s, saved in the wrong encoding: type it anew, or export the sheet anew as UTF-8", quote(word), meant)
	}
	if strings.Contains(text, "<script") || strings.Contains(text, "<SCRIPT") {
		c.warn(codeDoubtfulText, "the text holds a script, which affiliates' browsers may run: take it out")
	}
	if isTitle {
		switch fold(text) {
		case "", "na", "tbd", "tba", "tbc", "todo":
			if standsForNothing(c.col.Kind, text) {
				c.fail(codeMissing, "") // the words come with all that stands for nothing
				return false
			}
		}
		c.doubtTitle(text)
	}
	return true
}

// doubtTitle tells of what belongs into longer texts alone.
func (c *cell) doubtTitle(text string) {
	if strings.ContainsAny(strings.TrimSpace(text), "\r\n") {
		c.warn(codeDoubtfulText, "%s holds a line break, which is sent with it: take it out", c.col.Name)
	}
	if !strings.Contains(text, "&") {
		return
	}
	for _, entity := range []string{"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;", "&#39;"} {
		if strings.Contains(text, entity) {
			c.warn(codeDoubtfulText, "%s is sent as it stands: web pages write it for a sign, so write that", quote(entity))
		}
	}
}

// formulaIn is the formula that a text begins with, blank for none: a cell that
// is formatted as text shows it in place of its value.
func formulaIn(text string) string {
	if !strings.HasPrefix(text, "=") {
		return ""
	}
	name := text[1 : len(text)-len(strings.TrimLeftFunc(text[1:], func(r rune) bool { return unicode.IsLetter(r) || r == '.' }))]
	if name != "" && strings.HasPrefix(text[1+len(name):], "(") {
		return text
	}
	return ""
}

// twiceEncoded finds a word of UTF-8 that was read as Windows-1252, and what it
// was before; blank for none.
func twiceEncoded(text string) (word, meant string) {
	if plain(text) || !strings.Contains(text, "Ã") && !strings.Contains(text, "â€") && !strings.Contains(text, "Â") && !strings.Contains(text, "Ð") {
		return "", ""
	}
	for _, word := range strings.Fields(text) {
		raw, err := charmap.Windows1252.NewEncoder().String(word)
		if err != nil {
			raw, err = charmap.ISO8859_1.NewEncoder().String(word)
		}
		if err == nil && raw != word && utf8.ValidString(raw) {
			return word, raw
		}
	}
	return "", ""
}
