package mapping

import (
	"strings"
	"unicode/utf8"
)

// nearest returns the candidate that a person may have meant by word: within a
// third of its letters, at most three edits. It is blank where none is near,
// or where two different ones are equally near.
func nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	limit := min(3, max(1, utf8.RuneCountInString(word)/3))
	best, least, tie := "", limit+1, false
	for _, c := range candidates {
		switch d := distance(word, strings.ToLower(c), least); {
		case d < least:
			best, least, tie = c, d, false
		case d == least && d <= limit && c != best:
			tie = true
		}
	}
	if tie {
		return ""
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their
// neighbour (Damerau and Levenshtein, each letter edited once). It gives up
// above limit and then returns limit+1.
func distance(a, b string, limit int) int {
	from, to := []rune(a), []rune(b)
	if len(from)-len(to) > limit || len(to)-len(from) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		for j := 1; j <= len(to); j++ {
			cost := 1
			if from[i-1] == to[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(to)], limit+1)
}

// orList joins words as in a sentence: a, b or c.
func orList(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// quote shows a user's value in a message, cut where it is long.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return "`" + strings.Join(strings.Fields(s), " ") + "`"
}
