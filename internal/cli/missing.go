package cli

import (
	"slices"
	"strings"

	"offerlift/mapping"
)

// What is said of ids and names whose ids of the account are not known: once of
// each, with the cells that need it.

// mostMissing is how many are named: offerlift ids lists all.
const mostMissing = 20

// line is what is said of one.
func line(m mapping.Missing) string {
	what := "no id for " + m.Kind + " " + m.Value
	if len(m.IDs) > 1 {
		what = mapping.WhyMissing(m.Kind, m.Value, mapping.Found{IDs: m.IDs}, true)
	}
	return what + ": needed in " + count(m.Count, "cell") + ", the first at " + strings.Join(m.Places[:min(3, len(m.Places))], "; ")
}

// listMissing is what check says: it has no account to ask.
func listMissing(v *voice, missing []mapping.Missing) {
	for _, m := range missing[:min(len(missing), mostMissing)] {
		v.say("  %s", line(m))
	}
	if more := len(missing) - mostMissing; more > 0 {
		v.say("  … and %s more: offerlift ids writes all into a file to fill in, which --ids takes", group(more))
	}
	if slices.ContainsFunc(missing, isLookedUp) {
		v.say("  check asks no account: import looks names up in the account, and what has the same name there needs no --ids")
	}
}

// warnMissing is what an import says, which asked the account.
func warnMissing(v *voice, missing []mapping.Missing) {
	for _, m := range missing[:min(len(missing), mostMissing)] {
		v.note("%s %s", v.paint(yellow, "warning:"), line(m))
	}
	if more := len(missing) - mostMissing; more > 0 {
		v.note("… and %s more: offerlift ids writes all into a file to fill in, which --ids takes", group(more))
	}
}

// isLookedUp tells whether import would look a missing id up by its name.
func isLookedUp(m mapping.Missing) bool {
	return m.Kind != "goals" && !mapping.LooksLikeID(m.Value)
}
