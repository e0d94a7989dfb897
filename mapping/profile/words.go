package profile

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"offerlift/mapping"
)

// The texts of a profile and its export are folded, quoted, held against others
// and taken apart as the mapping does it.

func fold(text string) string { return mapping.Fold(text) }

func quote(text string) string { return mapping.Quote(text) }

func nearest(word string, known []string) string { return mapping.Nearest(word, known) }

func distance(a, b string) int { return mapping.Edits(a, b) }

func singular(kind string) string { return mapping.Singular(kind) }

func splitList(text string) []string { return mapping.SplitList(text) }

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

// isYes tells whether a flag is set, however networks write it.
func isYes(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "1", "true", "yes", "y", "on", "enabled":
		return true
	}
	return false
}

// isNull tells whether a text is what a database writes for none.
func isNull(text string) bool {
	return len(text) >= 2 && len(text) < 8 && slices.Contains([]string{"NULL", "null", `\N`}, strings.TrimSpace(text))
}

// isNothing tells whether a value says no more than a blank: an export writes
// no, 0 or null into every row that does not use a feature.
func isNothing(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "", "false", "no", "n", "off", "disabled", "null", "none", "nan", "[]", "{}":
		return true
	}
	return isZero(text) || isNoDate(text)
}

// isZero tells whether a text is a number that is 0, with a percent sign or
// without.
func isZero(text string) bool {
	text = strings.TrimSuffix(strings.TrimSpace(text), "%")
	return strings.Contains(text, "0") && strings.Trim(text, "0.,") == ""
}

// isNoDate tells whether a text is the date that databases write for none, or for
// an end that never comes.
func isNoDate(text string) bool {
	zero := strings.Contains(text, "0000") && strings.Trim(text, "0-/:. tz") == ""
	return zero || endOfTime().MatchString(text)
}

var endOfTime = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(9999[-/.]?12[-/.]?31|31[-/.]?12[-/.]?9999|12[-/.]?31[-/.]?9999)([Tt ].*)?$`)
})

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
