package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"offerlift/importer"
)

// maxPlaces is how many stretches of cells the page names of a problem.
const maxPlaces = 100

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
	case w.sum.Changed() > 0:
		parts = append(parts, grouped(w.sum.Changed())+" of them with other values than an earlier run sent")
	}
	if orphans, rows, _ := w.sum.Orphans(); orphans > 0 {
		parts = append(parts, rows+" NOT sent, without an offer")
	}
	switch {
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
		steps = append(steps, w.resumeStep())
	}
	if n(importer.StatusUnknown) > 0 {
		steps = append(steps, "Look in the panel for the offers that are still unclear after that.")
	}
	if n(importer.StatusFailed) > 0 {
		steps = append(steps, w.mendSteps()...)
	}
	if orphans, rows, at := w.sum.Orphans(); orphans > 0 {
		steps = append(steps, fmt.Sprintf("Mend %s in your own file: %s, without an offer and not sent. Import it with --mode upsert, since the offers may be there by now.",
			strings.Join(at, ", "), rows))
	}
	if changed := w.sum.Changed(); changed > 0 {
		steps = append(steps, counted(changed, "offer was", "offers were")+" made by an earlier run with other values and not changed. Import with --mode upsert to send the new ones.")
	}
	if len(steps) == 0 {
		steps = append(steps, "Nothing is left to do.")
	}
	return steps
}

func (w *writer) resumeStep() string {
	if w.opts.Resume == "" {
		return "Import the file again in a minute: this run cannot go on, and what is in the account is not sent twice."
	}
	return fmt.Sprintf("Run \"%s\": it sends what is not sent yet and looks up what is unclear. Nothing is sent twice.", w.opts.Resume)
}

// mendSteps say how the failed offers get into the account.
func (w *writer) mendSteps() []string {
	const again = "Save it and import it with the same command: what is in the account already is not sent again."
	switch name := w.failedName(); {
	case w.sum.Missing() != nil:
		return []string{"Mend your own file, since no mending of cells helps: " + w.sum.Missing().Example + ".", again}
	case name == "":
		return []string{"Mend the cells that the messages name in your own file.", again}
	case strings.HasPrefix(name, "failed.xl"):
		return []string{"Open the file of failed offers (" + name + ") and mend what its red cells and messages name.", again}
	default:
		return []string{"Open the file of failed offers (" + name + ") and mend what its message column names.", again}
	}
}

// failedName is what the file or folder of failed offers is called, blank where
// there is none, since the input cannot be written again.
func (w *writer) failedName() string {
	sources := w.sources()
	for _, s := range sources {
		if s.path != "" {
			p, err := w.openPack(s.path)
			if err != nil {
				return ""
			}
			p.close()
			return "failed" + workbookExt(s.path)
		}
		if len(s.tables) > 1 {
			return "failed/"
		}
	}
	if len(sources) == 0 {
		return ""
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
		parts = append(parts, "took "+lasted(f.Sub(w.sum.StartedAt)))
	} else {
		parts = append(parts, "did not come to its end")
	}
	if w.sum.Run != "" {
		parts = append(parts, "run "+w.sum.Run)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// lasted is a length of time in words.
func lasted(d time.Duration) string {
	if d = d.Round(time.Second); d > 0 {
		return d.String()
	}
	return "less than a second"
}

// requests tells of the requests in one line; what there was none of is left out.
func (w *writer) requests() string {
	r := w.sum.Requests
	parts := []string{counted(r.Sent, "request", "requests") + " sent"}
	for _, more := range []struct {
		n    int
		text string
	}{{r.Retried, grouped(r.Retried) + " of them again"}, {r.Throttled, "told to slow down " + counted(r.Throttled, "time", "times")}, {r.LookedUp, counted(r.LookedUp, "look-up", "look-ups")}} {
		if more.n > 0 {
			parts = append(parts, more.text)
		}
	}
	text := strings.Join(parts, ", ")
	if w.sum.Rate.Achieved > 0 {
		text += "; " + rate(w.sum.Rate.Achieved) + " requests a second"
		if w.sum.Rate.Limit > 0 {
			text += " of at most " + rate(w.sum.Rate.Limit)
		}
	}
	return text
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// rate is a rate as exactly as it is worth reading: 4.8, 5,406.
func rate(perSecond float64) string {
	if perSecond >= 100 {
		return grouped(int(perSecond + 0.5))
	}
	return strings.TrimSuffix(strconv.FormatFloat(perSecond, 'f', 1, 64), ".0")
}

// grouped is a number with its thousands apart: 12,345.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
