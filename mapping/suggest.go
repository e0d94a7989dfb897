package mapping

import (
	"math/bits"
	"strings"
	"time"
	"unicode/utf8"
)

// nearest returns the candidate that a person may have meant by word: within a
// third of its letters, at most three edits. It is blank where none is near,
// or where two different ones are equally near.
func nearest(word string, candidates []string) string {
	s := newSearch(word)
	for _, c := range candidates {
		s.try(newCandidate(c))
	}
	return s.found()
}

// candidate is a word with what tells quickly that another is not near it.
type candidate struct {
	word, low string
	runes     int
	letters   uint64
}

func newCandidate(word string) candidate {
	low := strings.ToLower(word)
	return candidate{word, low, utf8.RuneCountInString(low), letters(low)}
}

// search holds a word against candidates.
type search struct {
	from         []rune
	letters      uint64
	limit, least int
	best         string
	tie          bool
}

func newSearch(word string) *search {
	word = strings.ToLower(word)
	s := &search{from: []rune(word), letters: letters(word)}
	s.limit = min(3, max(1, len(s.from)/3))
	s.least = s.limit + 1
	return s
}

func (s *search) try(c candidate) {
	if abs := len(s.from) - c.runes; abs > s.least || -abs > s.least || bits.OnesCount64(s.letters^c.letters) > 2*s.least {
		return // an edit adds or takes one letter, and changes two at most
	}
	switch d := distance(s.from, c.low, s.least); {
	case d < s.least:
		s.best, s.least, s.tie = c.word, d, false
	case d == s.least && d <= s.limit && c.word != s.best:
		s.tie = true
	}
}

// found is the nearest, blank where none is or two are, or where it has other
// numbers.
func (s *search) found() string {
	if s.tie || s.best != "" && digitsDiffer(string(s.from), s.best) {
		return ""
	}
	return s.best
}

// letters is the set of a word's letters without accents, some of which share a
// bit with a digit.
func letters(word string) (set uint64) {
	for i := range len(word) {
		if word[i] < utf8.RuneSelf {
			set |= 1 << (word[i] & 63)
		}
	}
	return set
}

// longestCompared is the longest word that is held against others letter by
// letter: no name of ours is longer.
const longestCompared = 64

// distance counts the letters to add, drop, change or swap with their
// neighbour (Damerau and Levenshtein, each letter edited once). It gives up
// above limit and then returns limit+1.
func distance(from []rune, b string, limit int) int {
	n := utf8.RuneCountInString(b)
	if len(from)-n > limit || n-len(from) > limit || n >= longestCompared {
		return limit + 1
	}
	var to [longestCompared]rune
	j := 0
	for _, r := range b {
		to[j] = r
		j++
	}
	var rows [3][longestCompared]int
	before, last, row := rows[0][:n+1], rows[1][:n+1], rows[2][:n+1]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		least := i
		for j := 1; j <= n; j++ {
			cost := 1
			if from[i-1] == to[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit+1 { // a swap looks back one row more
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[n], limit+1)
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

// Quote shows a user's value in a message, cut where it is long.
func Quote(value string) string { return quote(value) }

// Fold reduces a name to its letters and digits in small letters, so that Offer
// ID, offer_id and offerId are one.
func Fold(name string) string { return fold(name) }

// SplitList takes the list that a cell holds apart.
func SplitList(cell string) []string { return splitList(cell, listSeparators) }

// NamedMonth reads a date whose month is a word, and tells whether it has a time
// of day: 1 Sep 2031.
func NamedMonth(text string) (when time.Time, timed, ok bool) { return namedMonth(text) }

// Singular is one of a kind of names: category of categories.
func Singular(kind string) string { return singular(kind) }

// Edits counts the letters to add, drop, change or swap between two words; of
// more than three it says four.
func Edits(a, b string) int { return distance([]rune(a), b, 3) }
