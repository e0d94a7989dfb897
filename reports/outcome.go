package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// problem is all messages of one code together.
type problem struct {
	code  string
	level sheet.Level
	n     int
	first sheet.Message

	places []string // of the first of them
}

// maxPlaces is how many places of a problem are named.
const maxPlaces = 300

// problems lists the problems of a run: errors first, then the commonest.
func (idx *index) problems() []problem {
	var out []problem
	for _, p := range idx.byCode {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b problem) int {
		return cmp.Or(cmp.Compare(levelOf(b.level), levelOf(a.level)), cmp.Compare(b.n, a.n), cmp.Compare(a.code, b.code))
	})
	return out
}

// headline tells in words what became of a run.
func (w *writer) headline() string {
	total := 0
	var parts []string
	for _, s := range statuses() {
		n := w.idx.counts[s]
		total += n
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", grouped(n), statusWord(s)))
		}
	}
	switch {
	case w.sum.Stopped != "" && total == 0:
		return "Not finished: no offer was sent yet"
	case w.sum.Stopped != "":
		return "Not finished: " + strings.Join(parts, ", ") + " so far"
	case total == 0:
		return "No offer was found in the input"
	case len(parts) == 1 && total == 1:
		return "The offer: " + strings.TrimPrefix(parts[0], "1 ")
	case len(parts) == 1:
		return "All " + grouped(total) + " offers: " + parts[0][strings.IndexByte(parts[0], ' ')+1:]
	}
	return grouped(total) + " offers: " + strings.Join(parts, ", ")
}

// statusWord is a status in a sentence.
func statusWord(s importer.Status) string {
	switch s {
	case importer.StatusUnchanged:
		return "already as they should be"
	case importer.StatusUnknown:
		return "unclear"
	case importer.StatusPending:
		return "not sent yet"
	}
	return string(s)
}

// nextSteps says what is left for the user to do, in the order to do it.
func (w *writer) nextSteps() []string {
	var steps []string
	n := func(s importer.Status) int { return w.idx.counts[s] }
	if w.sum.Stopped != "" || n(importer.StatusPending)+n(importer.StatusUnknown) > 0 {
		steps = append(steps, fmt.Sprintf("Run \"offerlift resume %s\": it sends what is not sent yet and looks up what is unclear. Nothing is sent twice.", w.sum.Run))
	}
	if n(importer.StatusUnknown) > 0 {
		steps = append(steps, "Look in the panel for the offers that are still unclear after that.")
	}
	if n(importer.StatusFailed) > 0 {
		named := "its red cells and messages name"
		if !strings.HasPrefix(w.failedName(), "failed.xl") {
			named = "its message column names"
		}
		steps = append(steps, "Open the file of failed offers ("+w.failedName()+") and mend what "+named+".",
			"Save it and import it with the same command: what is in the account already is not sent again.")
	}
	if len(steps) == 0 {
		steps = append(steps, "Nothing is left to do.")
	}
	return steps
}

// failedName is what the file or folder of failed offers is called.
func (w *writer) failedName() string {
	for _, s := range w.sources() {
		if s.path != "" {
			return "failed" + workbookExt(s.path)
		}
		if len(s.tables) > 1 {
			return "failed/"
		}
	}
	return "failed.csv"
}

// about names the run in one line.
func (w *writer) about() string {
	parts := []string{strings.Join(w.sum.Input, ", ")}
	if w.sum.Account != "" {
		parts = append(parts, "into "+w.sum.Account)
	}
	if !w.sum.StartedAt.IsZero() {
		parts = append(parts, "started "+w.sum.StartedAt.In(w.zone).Format("2006-01-02 15:04 MST"))
	}
	if f := w.sum.FinishedAt; f != nil {
		parts = append(parts, "took "+f.Sub(w.sum.StartedAt).Round(time.Second).String())
	} else {
		parts = append(parts, "did not come to its end")
	}
	if w.sum.Run != "" {
		parts = append(parts, "run "+w.sum.Run)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// grouped is a number with its thousands apart: 12,345.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
