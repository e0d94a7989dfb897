package mapping

import (
	"slices"
	"strings"
	"testing"

	"offerlift/internal/affise"
)

// TestTradeTable holds the table of words against the schema: a concept that no
// code asks for or a value that the API does not take would help nobody.
func TestTradeTable(t *testing.T) {
	legal := tradeValues(t)
	seen := map[string]string{} // by concept and folded word: the value that it stands for
	for n, line := range slices.Collect(strings.Lines(tradeText)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Errorf("line %d has %d fields, want a concept, a value and words", n+1, len(fields))
			continue
		}
		concept, value := fields[0], fields[1]
		if isLegal := legal[concept]; isLegal == nil {
			t.Errorf("line %d: %q is no concept", n+1, concept)
		} else if !isLegal(value) {
			t.Errorf("line %d: %q is no value of %s", n+1, value, concept)
		}
		for _, word := range strings.Split(fields[2], "|") {
			word, sure := strings.CutPrefix(word, "!")
			folded := foldWord(word)
			before, twice := seen[concept+"\t"+folded]
			switch {
			case folded == "":
				t.Errorf("line %d: a word of %s is blank", n+1, value)
			case twice:
				t.Errorf("line %d: %q stands for %s and again for %s in %s", n+1, word, before, value, concept)
			case folded == foldWord(value) && !sure: // a value is a word for itself
				t.Errorf("line %d: %q is the value itself", n+1, word)
			}
			seen[concept+"\t"+folded] = value
		}
	}
}

// tradeValues tells of each concept which values it may have.
func tradeValues(t *testing.T) map[string]func(string) bool {
	t.Helper()
	of := func(values ...string) func(string) bool {
		return func(value string) bool { return slices.Contains(values, value) }
	}
	enum := func(prefix, name string) []string {
		for _, part := range affise.Parts() {
			if col, has := part.Column(name); has && part.Prefix == prefix && len(col.Allowed) > 0 {
				return col.Allowed
			}
		}
		t.Fatalf("the schema has no list of values of %s %s", prefix, name)
		return nil
	}
	orAll := func(values []string) func(string) bool { return of(append(slices.Clone(values), "*")...) }
	return map[string]func(string) bool{
		"status":         of(enum("", "status")...),
		"privacy":        of(enum("", "privacy")...),
		"existing":       of(enum("", "action")...),
		"span unit":      of(strings.Split(spanUnits, "")...),
		"time unit":      of(enum("", "hold_type")...),
		"redirect":       of(enum("", "redirect_type")...),
		"conversion":     of(enum("", "caps_status")...),
		"payout type":    of(enum("payout", "type")...),
		"cap type":       of(enum("cap", "type")...),
		"goals":          of(enum("cap", "goal_type")...),
		"cap period":     of(append(slices.Clone(enum("cap", "period")), enum("tier", "timeframe")...)...),
		"device":         orAll(enum("target", "device_type")),
		"connection":     of(enum("target", "connection")...),
		"landing":        of(enum("landing", "type")...),
		"os":             orAll(commonNames("oses")),
		"currency":       isCurrency,
		"macro":          of(trackingMacros()...),
		"postback macro": of(postbackMacros()...),
		"flag":           of("yes", "no"),
		"event":          of("*"),
		"browser":        of("*"),
		"carrier":        of("*"),
		"zone":           of("*"),
		"traffic":        of("*"),
		"nothing":        of("*"),
	}
}
