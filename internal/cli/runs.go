package cli

import (
	"path/filepath"
	"strings"
	"time"

	"offerlift/importer"
)

// runsCmd lists what the journal remembers.
type runsCmd struct {
	List  runsListCmd  `cmd:"" default:"withargs" help:"List past runs."`
	Show  runsShowCmd  `cmd:"" help:"Tell of one run: its counts and problems."`
	Prune runsPruneCmd `cmd:"" help:"Forget runs that ended long ago."`
}

type runsListCmd struct {
	journalFlags
	JSON bool `name:"json" help:"Print the runs as JSON on standard output."`
}

// Run is the command.
func (c *runsListCmd) Run(e *env) error {
	j, err := c.read(e)
	if err != nil {
		return err
	}
	defer j.Close()
	runs, err := j.Runs(e.ctx)
	if err != nil {
		return unread(j.Path(), err)
	}
	list := make([]importer.Summary, 0, len(runs))
	for _, r := range runs {
		sum, err := importer.Summarise(e.ctx, j, r.Name)
		if err != nil {
			return unread(j.Path(), err)
		}
		list = append(list, sum)
	}
	if c.JSON {
		return e.voice.json(list)
	}
	rows := make([][]string, len(list))
	for i, sum := range list {
		rows[i] = []string{sum.Run, runs[i].Kind, age(e.now().Sub(sum.StartedAt)), counts(sum), shortNames(sum)}
	}
	for _, line := range aligned(rows, max(e.voice.width, 80)-1) {
		e.voice.say("%s", line)
	}
	return nil
}

// aligned lays rows out in columns, two blanks apart; the last one gets the
// room that the others leave of a width, at least some.
func aligned(rows [][]string, width int) []string {
	const least = 16
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], screenWidth(cell))
		}
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		at := 0
		for i, cell := range row {
			if i == len(row)-1 {
				cell = short(cell, max(width-at, least))
			}
			lines[n] += cell + strings.Repeat(" ", max(widths[i]+2-screenWidth(cell), 0))
			at += widths[i] + 2
		}
		lines[n] = strings.TrimRight(lines[n], " ")
	}
	return lines
}

// counts says how many offers of a run went where, and whether it came to its
// end.
func counts(sum importer.Summary) string {
	var parts []string
	for _, s := range statuses {
		if n := sum.Counts[s]; n > 0 {
			parts = append(parts, group(n)+" "+string(s))
		}
	}
	switch {
	case sum.FinishedAt == nil:
		parts = append(parts, "not finished")
	case sum.Stopped != "":
		parts = append(parts, "stopped")
	}
	return strings.Join(parts, ", ")
}

// shortNames are the names of the input's files without their folders.
func shortNames(sum importer.Summary) string {
	var names []string
	for _, path := range sum.Input {
		names = append(names, oneLine(filepath.Base(path)))
	}
	return strings.Join(names, ", ")
}

type runsShowCmd struct {
	Name string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	journalFlags
	JSON bool `name:"json" help:"Print the summary as JSON on standard output."`
}

// Run is the command.
func (c *runsShowCmd) Run(e *env) error {
	j, past, err := c.past(e, c.Name)
	if err != nil {
		return err
	}
	defer j.Close()
	sum, err := importer.Summarise(e.ctx, j, past.name)
	if err != nil {
		return unread(j.Path(), err)
	}
	if c.JSON {
		return e.voice.json(sum)
	}
	v := e.voice
	v.say("run       %s, begun %s (%s)", sum.Run, sum.StartedAt.Local().Format(time.DateTime), age(e.now().Sub(sum.StartedAt)))
	v.say("input     %s", strings.Join(sum.Input, ", "))
	v.say("account   %s", sum.Account)
	v.say("requests  %s sent, %s again, %s throttled, %s looked up",
		group(sum.Requests.Sent), group(sum.Requests.Retried), group(sum.Requests.Throttled), group(sum.Requests.LookedUp))
	newEnding(sum, c.again(e), past.Undo).tell(v)
	return nil
}

type runsPruneCmd struct {
	journalFlags
	OlderThan int `default:"90" help:"Days since the run began."`
}

// Run is the command.
func (c *runsPruneCmd) Run(e *env) error {
	j, err := c.openJournal(e, false)
	if err != nil {
		return err
	}
	defer j.Close()
	n, err := j.Prune(e.ctx, e.now().AddDate(0, 0, -c.OlderThan))
	if err != nil {
		return unread(j.Path(), err)
	}
	copies, err := pruneInputs(e, j)
	if err != nil {
		return refuse("", "%s forgotten, but the copies of their input are still there: %v", count(int(n), "run"), err)
	}
	e.voice.say("%s forgotten, %s of input removed", count(int(n), "run"), countOf(copies, "copy", "copies"))
	return nil
}
