package mapping

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// tradeText is the one table of what people call the values of the API: it
// feeds the hints at a wrong cell, the words that are read as a value, and what
// a profile is proposed from.
//
//go:embed trade.txt
var tradeText string

// tradeWord is one sense of a word.
type tradeWord struct {
	concept, value string
	sure           bool // it means the value beyond doubt
}

// trade has the senses of each word, by its folded form, in the table's order.
// A value is a word for itself.
var trade = sync.OnceValue(func() map[string][]tradeWord {
	senses := map[string][]tradeWord{}
	add := func(word string, sense tradeWord) { senses[foldWord(word)] = append(senses[foldWord(word)], sense) }
	for line := range strings.Lines(tradeText) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		concept, rest, _ := strings.Cut(line, "\t")
		value, words, _ := strings.Cut(rest, "\t")
		add(value, tradeWord{concept, value, false})
		for _, word := range strings.Split(words, "|") {
			word, sure := strings.CutPrefix(word, "!")
			add(word, tradeWord{concept, value, sure})
		}
	}
	return senses
})

// foldWord folds a word, and leaves signs such as % and - as they are.
func foldWord(text string) string {
	if strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return strings.TrimSpace(text)
	}
	return fold(text)
}

// Meant is the value of ours that a word stands for where a concept of the
// trade is spoken of: "status", "privacy", "payout type", "device", "os",
// "currency", "flag", "macro", "event", "browser", "carrier", "zone", "traffic", or "nothing" of none at all. It is blank for a word that is not known, and *
// for one that restricts nothing.
func Meant(concept, word string) string {
	for _, sense := range trade()[foldWord(word)] {
		if sense.concept == concept {
			return sense.value
		}
	}
	return ""
}

// synonym is the allowed value that a word means beyond doubt, or blank.
func synonym(word string, allowed []string) string {
	for _, sense := range trade()[foldWord(word)] {
		if sense.sure && slices.Contains(allowed, sense.value) {
			return sense.value
		}
	}
	return ""
}

// meant is the allowed value that a word may stand for: by its meaning, else by
// its letters. It is blank where none is near.
func meant(text string, allowed []string) string {
	for _, sense := range trade()[foldWord(text)] {
		if slices.Contains(allowed, sense.value) {
			return sense.value
		}
	}
	return nearest(text, allowed)
}

// currencyMeant is the currency that a word may stand for.
func currencyMeant(text string) string {
	if code := Meant("currency", text); code != "" {
		return code
	}
	return nearest(text, []string{"USD", "EUR", "GBP", "RUB", "UAH", "INR", "BRL", "CNY", "JPY", "CAD", "AUD", "CHF", "PLN", "TRY", "KZT"})
}

// macroMeant is the macro that a network's own one may stand for here; of
// macros is what the column takes.
func macroMeant(name string, macros []string) string {
	for _, macro := range macros {
		if fold(macro) == fold(name) {
			return macro
		}
	}
	for _, concept := range []string{"macro", "postback macro"} {
		if macro := Meant(concept, name); slices.Contains(macros, macro) {
			return macro
		}
	}
	return nearest(name, macros)
}

// IsCountry tells whether a text names a country or a group of them, in words
// or in capital letters.
func IsCountry(text string) bool {
	name := foldName(text)
	if len(name) <= 3 && text != strings.ToUpper(text) {
		return false // in and no are words
	}
	_, known := world().country(text)
	_, group := world().group(text)
	return known || group || world().vague[name]
}

// IsCurrency tells whether a text is the code, the sign or the name of a
// currency.
func IsCurrency(text string) bool {
	return isCurrency(strings.ToUpper(strings.TrimSpace(text))) || Meant("currency", text) != ""
}
