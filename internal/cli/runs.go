package cli

import (
	"strings"
	"time"

	"offerlift/importer"
	"offerlift/internal/journal"
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
		return refuse("", "%v", err)
	}
	list := make([]importer.Summary, 0, len(runs))
	for _, r := range runs {
		sum, err := importer.Summarise(e.ctx, j, r.Name)
		if err != nil {
			return refuse("", "%v", err)
		}
		list = append(list, sum)
	}
	if c.JSON {
		return e.voice.json(list)
	}
	for i, sum := range list {
		e.voice.say("%-20s %-7s %-12s %s  %s  %s", sum.Run, runs[i].Kind, age(e.now().Sub(sum.StartedAt)), counts(sum), inputNames(sum), standing(runs[i], sum))
	}
	return nil
}

// standing says how a run stands where it did not come to its end.
func standing(r journal.Run, sum importer.Summary) string {
	switch {
	case sum.Stopped != "":
		return "(stopped: " + sum.Stopped + ")"
	case r.FinishedAt.IsZero():
		return "(not finished)"
	}
	return ""
}

func counts(sum importer.Summary) string {
	var parts []string
	for _, s := range statuses {
		if n := sum.Counts[s]; n > 0 {
			parts = append(parts, group(n)+" "+string(s))
		}
	}
	return strings.Join(parts, ", ")
}

func inputNames(sum importer.Summary) string { return strings.Join(sum.Input, ", ") }

type runsShowCmd struct {
	Name string `arg:"" name:"run" help:"The run, or last."`
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
		return refuse("", "%v", err)
	}
	if c.JSON {
		return e.voice.json(sum)
	}
	v := e.voice
	v.say("run       %s, begun %s (%s)", sum.Run, sum.StartedAt.Local().Format(time.DateTime), age(e.now().Sub(sum.StartedAt)))
	v.say("input     %s", inputNames(sum))
	v.say("account   %s", sum.Account)
	v.say("requests  %s sent, %s again, %s throttled, %s looked up", group(sum.Requests.Sent), group(sum.Requests.Retried), group(sum.Requests.Throttled), group(sum.Requests.LookedUp))
	closing(v, sum, nil, nil)
	return nil
}

type runsPruneCmd struct {
	journalFlags
	OlderThan int  `default:"90" help:"Days since the run began."`
	Yes       bool `short:"y" help:"Ask no question."`
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
		return refuse("", "%v", err)
	}
	e.voice.say("%s forgotten", count(int(n), "run"))
	return nil
}
