package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/reports"
)

// watch shows a run as it goes: a line drawn in place on a terminal, a plain
// line every few seconds elsewhere, and the first failures as they come.
type watch struct {
	env   *env
	quiet bool

	mu    sync.Mutex
	state state
	pace  pace
	shown int // failures that were shown

	stop, done chan struct{}
}

// How often a terminal is drawn, how often a plain line comes, and how many
// failures are shown while the run goes on.
const (
	drawEvery     = 150 * time.Millisecond
	plainEvery    = 5 * time.Second
	firstFailures = 10
	failureLines  = 3 // of the terminal, about, for each of them
)

func newWatch(e *env, total int, quiet bool) *watch {
	w := &watch{env: e, quiet: quiet || e.night.alone, stop: make(chan struct{}), done: make(chan struct{})}
	w.state.Total = total
	w.pace.add(e.now(), 0)
	go w.loop()
	return w
}

// hooks are what the importer calls.
func (w *watch) hooks() importer.Hooks {
	return importer.Hooks{Done: w.result, Throttled: w.throttled, Settling: func(key string) { w.waiting("looking for " + key) }}
}

func (w *watch) result(r importer.Result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Done++
	w.state.Waiting = ""
	if r.Status != importer.StatusFailed && r.Status != importer.StatusUnknown {
		return
	}
	w.state.Failed++
	w.shown++
	if w.quiet || w.shown > firstFailures {
		return
	}
	for _, m := range r.Messages {
		if m.Level == sheet.LevelError {
			if w.env.voice.terminal {
				m.Text = short(m.Text, failureLines*w.env.voice.width)
			}
			w.env.voice.note("%s", w.env.voice.message(m))
			return
		}
	}
}

func (w *watch) throttled(rate float64, pause time.Duration) {
	w.waiting(fmt.Sprintf("the server asks for less: %s/s after %s", rateText(rate), span(pause)))
}

func (w *watch) waiting(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Waiting = text
}

func (w *watch) loop() {
	defer close(w.done)
	every := plainEvery
	if w.env.voice.terminal {
		every = drawEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-tick.C:
			w.draw()
		}
	}
}

func (w *watch) draw() {
	w.mu.Lock()
	w.env.voice.measure()
	s := w.state
	w.pace.add(w.env.now(), s.Done)
	line, words := w.pace.line(s, w.env.voice.width), w.pace.words(s)
	w.mu.Unlock()
	switch {
	case w.quiet:
	case w.env.voice.terminal:
		w.env.voice.progress(line)
	default:
		w.env.voice.note("%s", words)
	}
}

// close takes the line away.
func (w *watch) close() {
	close(w.stop)
	<-w.done
	if w.env.voice.terminal && !w.quiet {
		w.env.voice.progress("")
	}
}

// statuses in the order in which people ask for them.
var statuses = []importer.Status{
	importer.StatusCreated, importer.StatusUpdated, importer.StatusUnchanged, importer.StatusSkipped,
	importer.StatusFailed, importer.StatusUnknown, importer.StatusPending,
}

func statusColor(s importer.Status) string {
	switch s {
	case importer.StatusFailed, importer.StatusUnknown:
		return red
	case importer.StatusPending:
		return yellow
	}
	return green
}

// closing is the end of a run in one screen: how many went where, the
// commonest problems, which file to open, what to do next.
func closing(v *voice, sum importer.Summary, stopped error, files []reports.File) {
	v.say("")
	for _, s := range statuses {
		if n := sum.Counts[s]; n > 0 {
			v.say("%s  %s", v.paint(statusColor(s), fmt.Sprintf("%9s %-9s", group(n), s)), s.Meaning(sum.Mode))
		}
	}
	problems(v, sum.Problems)
	if len(files) > 0 {
		v.say("")
		for _, f := range files {
			v.say("  %s  %s", f.Path, f.What)
		}
	}
	if next := nextStep(sum, stopped, files); next != "" {
		v.say("")
		v.say("%s %s", v.paint(bold, "next:"), next)
	}
}

// The closing lists so many kinds of problem, each in about so many lines, so
// that it fits a screen.
const (
	mostProblems = 5
	problemLines = 2
)

func problems(v *voice, all []importer.Problem) {
	listed := 0
	for _, p := range all {
		if p.Level == sheet.LevelInfo {
			continue
		}
		if listed == 0 {
			v.say("")
		}
		if listed++; listed > mostProblems {
			v.say("  … more kinds of problem in the report")
			return
		}
		room := problemLines*max(v.width, 60) - len("  12345 × : ") - len(p.Code)
		v.say("  %s %s: %s", v.paint(levelColor(p.Level), fmt.Sprintf("%5s ×", group(p.N))), p.Code, short(oneLine(p.Example), room))
	}
}

// nextStep says what to do now; blank where nothing is left to do.
func nextStep(sum importer.Summary, stopped error, files []reports.File) string {
	failed := ""
	for _, f := range files {
		if strings.HasPrefix(f.Name, "failed") {
			failed = f.Path
		}
	}
	switch {
	case stopped != nil || sum.Stopped != "":
		return fmt.Sprintf("%s; offerlift resume %s goes on", sum.Stopped, sum.Run)
	case sum.Counts[importer.StatusUnknown] > 0:
		return fmt.Sprintf("offerlift resume %s looks again for the unknown ones", sum.Run)
	case strings.HasSuffix(failed, ".csv") || strings.HasSuffix(failed, "/"):
		return fmt.Sprintf("mend what the message column of %s names and import that", failed)
	case failed != "":
		return fmt.Sprintf("mend the marked cells in %s and import that file", failed)
	case sum.Counts[importer.StatusFailed] > 0:
		return "mend the cells named above and import the file again: what is there is not sent twice"
	}
	return ""
}
