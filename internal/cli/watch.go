package cli

import (
	"fmt"
	"slices"
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
	if w.quiet || w.state.Failed > firstFailures {
		return
	}
	w.failure(r)
}

// failure shows the first error of an offer, and says how many more it has.
func (w *watch) failure(r importer.Result) {
	var wrong []sheet.Message
	for _, m := range r.Messages {
		if m.Level == sheet.LevelError {
			wrong = append(wrong, m)
		}
	}
	if len(wrong) == 0 {
		return
	}
	if w.env.voice.terminal {
		wrong[0].Text = short(wrong[0].Text, failureLines*w.env.voice.width)
	}
	text := w.env.voice.message(wrong[0])
	if more := len(wrong) - 1; more > 0 {
		text += " and " + group(more) + " more of this offer"
	}
	w.env.voice.note("%s", text)
}

func (w *watch) throttled(rate float64, pause time.Duration) {
	text := "the server asks to slow down"
	if rate > 0 { // else there is no limit
		text += ": " + rateText(rate) + "/s"
	}
	if pause >= time.Second {
		text += " after " + span(pause)
	}
	w.waiting(text)
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

// ending is how a run ended: what to tell of it in one screen.
type ending struct {
	sum    importer.Summary
	files  []reports.File
	resume string // the command that goes on with it; blank where none can
}

// brokenJournal puts into words for people why the journal ended the run.
func (n *ending) brokenJournal(e *env, path string, cause error) {
	t := troubleOf(path, cause)
	n.sum.Stopped = t.what
	if isRemembered(e, path, n.sum.Run) {
		n.sum.Stopped = strings.TrimSuffix(t.what+"; "+t.mend, "; ")
	} else {
		n.resume = ""
	}
}

// tell says how many went where, the commonest problems, which file to open,
// what to do next.
func (n ending) tell(v *voice) {
	v.say("")
	for _, s := range statuses {
		if count := n.sum.Counts[s]; count > 0 {
			v.say("%s  %s", v.paint(statusColor(s), fmt.Sprintf("%9s %-9s", group(count), s)), s.Meaning(n.sum.Mode))
		}
	}
	if orphans, rows, _ := n.sum.Orphans(); orphans > 0 {
		v.say("%s", v.paint(red, oneLine(fmt.Sprintf("%9s NOT sent:  %s, without an offer", group(orphans), rows))))
	}
	if changed := n.sum.Changed(); changed > 0 {
		v.say("%s", v.paint(yellow, fmt.Sprintf("%9s NOT changed: an earlier run made them, and they have other values by now", group(changed))))
	}
	problems(v, n.sum.Problems)
	tellFiles(v, n.files)
	next := append([]string{n.next()}, n.leftOver()...)
	for i, step := range slices.DeleteFunc(next, func(s string) bool { return s == "" }) {
		if i == 0 {
			v.say("")
		}
		v.say("%s %s", v.paint(bold, "next:"), oneLine(step))
	}
}

// leftOver says what to do about what was not sent without having failed.
func (n ending) leftOver() (steps []string) {
	again := "offerlift import " + strings.Join(n.sum.Input, " ") + " --mode upsert"
	if orphans, rows, at := n.sum.Orphans(); orphans > 0 {
		steps = append(steps, fmt.Sprintf("mend %s in your own file (%s, without an offer and not sent); %s sends them, where the offers are there by now",
			strings.Join(at, ", "), rows, again))
	}
	if changed := n.sum.Changed(); changed > 0 {
		steps = append(steps, fmt.Sprintf("%s sends the new values of %s that an earlier run made", again, count(changed, "offer")))
	}
	return steps
}

// tellFiles names the reports, a line each; those for scripts share one.
func tellFiles(v *voice, files []reports.File) {
	scripts, purpose := "", ""
	if len(files) > 0 {
		v.say("")
	}
	for _, f := range files {
		what, forScripts := strings.CutSuffix(f.What, ", for scripts")
		switch {
		case !forScripts:
			v.say("%s", v.aside("  "+f.Path, what))
		case scripts == "":
			scripts, purpose = f.Path, what
		default:
			scripts, purpose = scripts+", "+f.Name, purpose+", "+what
		}
	}
	if scripts != "" {
		v.say("%s", v.aside("  "+scripts, "for scripts: "+purpose))
	}
}

// The closing lists so many kinds of problem, each in about so many lines, so
// that it fits a screen.
const (
	mostProblems = 4
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

// next says what to do now; blank where nothing is left to do.
func (n ending) next() string {
	failed := ""
	for _, f := range n.files {
		if strings.HasPrefix(f.Name, "failed") {
			failed = f.Path
		}
	}
	switch {
	case n.sum.Stopped != "" && n.resume == "":
		return n.sum.Stopped + ": this run cannot go on; import the file again in a minute, what is in the account is not sent twice"
	case n.sum.Stopped != "":
		return n.sum.Stopped + "; " + beforeResume(n.sum.Stopped) + n.resume + " goes on"
	case n.sum.Counts[importer.StatusUnknown] > 0:
		return n.resume + " looks again for the unknown ones"
	case n.sum.Missing() != nil:
		return "mend your own file, since no mending of cells helps: " + n.sum.Missing().Example
	case strings.HasSuffix(failed, ".csv") || strings.HasSuffix(failed, "/"):
		return fmt.Sprintf("mend what the message column of %s names and import that", failed)
	case failed != "":
		return fmt.Sprintf("mend the marked cells in %s and import that file", failed)
	case n.sum.Counts[importer.StatusFailed] > 0:
		return "mend the cells named above and import the file again: what is there is not sent twice"
	}
	return ""
}

// beforeResume is what there is to do first, by why the run stopped: the journal
// has no more of that than the text of the importer's error.
func beforeResume(stopped string) string {
	for _, s := range []struct {
		why  error
		what string
	}{
		{importer.ErrUnauthorised, "get a key that may edit offers, and then "},
		{importer.ErrUnreachable, "look at the network and at the base URL, and then "},
		{importer.ErrAccount, "look at the network and at the base URL, and then "},
		{importer.ErrErrorLimit, "mend the input where it says so, and then "},
		{importer.ErrCanary, "look at them in the account, and then "},
		{importer.ErrInput, "mend the input, and then "},
	} {
		if strings.HasPrefix(stopped, s.why.Error()) {
			return s.what
		}
	}
	return ""
}
