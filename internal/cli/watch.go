package cli

import (
	"fmt"
	"path/filepath"
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
	told  []string // the failures that were shown

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
	if !w.quiet && len(w.told) < firstFailures {
		w.failure(r)
	}
}

// failure shows the first error of an offer, and says how many more it has. What
// says the same as one that was shown is left to the summary.
func (w *watch) failure(r importer.Result) {
	var wrong []sheet.Message
	for _, m := range r.Messages {
		if m.Level == sheet.LevelError {
			wrong = append(wrong, m)
		}
	}
	if len(wrong) == 0 || slices.Contains(w.told, wrong[0].Text) {
		return
	}
	w.told = append(w.told, wrong[0].Text)
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
	force  string // of an undo: the command that takes back also what was edited since
}

// newEnding is the end of a run; again are the flags to find its journal by, undo
// is what it was to take back.
func newEnding(sum importer.Summary, again string, undo *undoCmd) ending {
	n := ending{sum: sum, resume: "offerlift resume " + sum.Run + again}
	if undo != nil {
		n.force = "offerlift undo " + undo.Name + " --how " + undo.How + " --force" + again
	}
	return n
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
	counts, files, steps := n.counts(v), fileLines(v, n.files), n.steps(v)
	most := mostProblems
	if v.terminal { // with blank lines between, one for those that are not listed, and the prompt
		left := screenLines - v.rows(slices.Concat(counts, files, steps)) - 6
		most = min(max(left/problemLines, 1), most)
	}
	for _, block := range [][]string{counts, problemLinesOf(v, n.sum.Problems, most), files, steps} {
		if len(block) > 0 {
			v.say("")
		}
		for _, line := range block {
			v.say("%s", line)
		}
	}
}

// counts says how many offers, and rows of none, went where.
func (n ending) counts(v *voice) (lines []string) {
	for _, s := range statuses {
		if count := n.sum.Counts[s]; count > 0 {
			status := fmt.Sprintf("%9s %-9s", group(count), s)
			lines = append(lines, v.paint(statusColor(s), status)+v.aside(status, s.Meaning(n.sum.Mode))[len(status):])
		}
	}
	if orphans, rows, _ := n.sum.Orphans(); orphans > 0 {
		lines = append(lines, v.paint(red, fmt.Sprintf("%9s NOT sent:  %s, without an offer", group(orphans), rows)))
	}
	if changed := n.sum.Changed(); changed > 0 {
		lines = append(lines, v.paint(yellow, fmt.Sprintf("%9s NOT changed: an earlier run made them, and they have other values by now", group(changed))))
	}
	if left := n.leftAlone(); left > 0 {
		lines = append(lines, v.paint(yellow, fmt.Sprintf("%9s NOT taken back: somebody edited them since, as far as can be seen", group(left))))
	}
	if n := numberOf(n.sum.Problems, "repaired"); n > 0 {
		text := fmt.Sprintf("%9s %-9s", group(n), "repaired")
		lines = append(lines, v.paint(cyan, text)+v.aside(text, "in the input: the offers' messages say how these cells were read")[len(text):])
	}
	return lines
}

// leftAlone counts the offers that an undo did not dare to take back.
func (n ending) leftAlone() int {
	if n.force == "" {
		return 0
	}
	return numberOf(n.sum.Problems, "edited", "not_comparable")
}

// numberOf counts the messages of some codes.
func numberOf(all []importer.Problem, codes ...string) (n int) {
	for _, p := range all {
		if slices.Contains(codes, p.Code) {
			n += p.N
		}
	}
	return n
}

// steps say what to do now.
func (n ending) steps(v *voice) (lines []string) {
	for _, step := range append([]string{n.next()}, n.leftOver()...) {
		if step != "" {
			lines = append(lines, v.paint(bold, "next:")+" "+oneLine(step))
		}
	}
	return lines
}

// leftOver says what to do about what was not sent without having failed.
func (n ending) leftOver() (steps []string) {
	again := "offerlift import " + shellWords(n.sum.Input) + " --mode upsert"
	if orphans, rows, at := n.sum.Orphans(); orphans > 0 {
		steps = append(steps, fmt.Sprintf("mend %s in your own file (%s, without an offer and not sent); %s sends them, where the offers are there by now",
			strings.Join(at, ", "), rows, again))
	}
	if changed := n.sum.Changed(); changed > 0 {
		steps = append(steps, fmt.Sprintf("%s sends the new values of %s that an earlier run made", again, count(changed, "offer")))
	}
	if left := n.leftAlone(); left > 0 {
		steps = append(steps, fmt.Sprintf("look at %s in the account; %s takes them back all the same", count(left, "offer"), n.force))
	}
	return steps
}

// fileLines name the reports, a line each; those for scripts share one. A narrow
// terminal gets their names alone, below their folder.
func fileLines(v *voice, files []reports.File) (lines []string) {
	if v.terminal && v.width < 60 && len(files) > 0 {
		var names []string
		for _, f := range files {
			names = append(names, f.Name)
		}
		return []string{"  in " + filepath.Dir(files[0].Path) + ":", "  " + strings.Join(names, ", ")}
	}
	scripts, purpose := "", ""
	for _, f := range files {
		what, forScripts := strings.CutSuffix(f.What, ", for scripts")
		switch {
		case !forScripts:
			lines = append(lines, v.aside("  "+f.Path, what))
		case scripts == "":
			scripts, purpose = f.Path, what
		default:
			scripts, purpose = scripts+", "+f.Name, purpose+", "+what
		}
	}
	if scripts != "" {
		lines = append(lines, v.aside("  "+scripts, "for scripts: "+purpose))
	}
	return lines
}

// The closing lists so many kinds of problem, each in at most so many lines, or as
// many as fit a screen of so many.
const (
	mostProblems = 4
	problemLines = 2
	screenLines  = 24
)

func problemLinesOf(v *voice, all []importer.Problem, most int) (lines []string) {
	for _, p := range all {
		if p.Level == sheet.LevelInfo {
			continue
		}
		if len(lines) == most {
			return append(lines, "  … more kinds of problem in the report")
		}
		room := problemLines*v.width - len("  12345 × : ") - len(p.Code)
		lines = append(lines, fmt.Sprintf("  %s %s: %s", v.paint(levelColor(p.Level), fmt.Sprintf("%5s ×", group(p.N))), p.Code, short(oneLine(p.Example), max(room, 16))))
	}
	return lines
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
	case failed != "" && !strings.HasSuffix(failed, ".xlsx"): // a CSV file, or a folder of them
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
