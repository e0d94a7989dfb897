package profile

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// fold is a text without case, blanks and punctuation, so that Offer ID,
// offer_id and offerId are one.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func quote(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return "`" + strings.Join(strings.Fields(text), " ") + "`"
}

// nearest returns the word that a misspelt one is likely to mean, or blank.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(fold(word))/3)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(fold(word), fold(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// didYouMean suggests the nearest known word.
func didYouMean(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return ". Did you mean " + near + "?"
	}
	return ""
}

// didYouMeanOr is didYouMean, or the list of what is known.
func didYouMeanOr(word string, known []string, list string) string {
	if hint := didYouMean(word, known); hint != "" {
		return hint
	}
	return "; " + list + " " + strings.Join(known, ", ")
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// distance counts the letters to change, add, take out, or swap with the next.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next[0] = i + 1
		for j := range y {
			cost := row[j]
			if x[i] != y[j] {
				cost++
			}
			next[j+1] = min(cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(y)]
}

// isYes tells whether a flag is set, however networks write it.
func isYes(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "1", "true", "yes", "y", "on", "enabled":
		return true
	}
	return false
}

// isNothing tells whether a value says no more than a blank: an export writes
// no, 0 or null into every row that does not use a feature.
func isNothing(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "", "false", "no", "n", "off", "disabled", "null", "none", "nan", "[]", "{}":
		return true
	}
	return isZero(text) || isZeroDate(text)
}

// isZero tells whether a text is a number that is 0, with a percent sign or
// without.
func isZero(text string) bool {
	text = strings.TrimSuffix(strings.TrimSpace(text), "%")
	return strings.Contains(text, "0") && strings.Trim(text, "0.,") == ""
}

// isZeroDate tells whether a text is the date that databases write for none.
func isZeroDate(text string) bool {
	return strings.Contains(text, "0000") && strings.Trim(text, "0-/:. tz") == ""
}

// splitList takes a list apart at commas, semicolons, bars and line breaks;
// quotes keep a separator inside a value.
func splitList(text string) []string {
	var list []string
	quoted, start := false, 0
	add := func(end int) {
		item := strings.TrimSpace(text[start:end])
		if n := len(item); n >= 2 && item[0] == '"' && item[n-1] == '"' {
			item = strings.ReplaceAll(item[1:n-1], `""`, `"`)
		}
		if item != "" {
			list = append(list, item)
		}
	}
	for i, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(",;|\n\r", r):
			add(i)
			start = i + 1
		}
	}
	add(len(text))
	return list
}

// joinList writes a list as a cell holds it.
func joinList(list []string) string {
	out := make([]string, len(list))
	for i, item := range list {
		if strings.ContainsAny(item, ",;|\n\r\"") {
			item = `"` + strings.ReplaceAll(item, `"`, `""`) + `"`
		}
		out[i] = item
	}
	return strings.Join(out, ", ")
}
