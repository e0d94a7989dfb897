package cli

import (
	"cmp"
	"strings"

	"offerlift/internal/journal"
)

// resumeCmd goes on where a run stopped, with what the run was started with.
type resumeCmd struct {
	Name string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	journalFlags
	outputFlags
	nightFlags `group:"Where nobody watches:"`
	paceFlags
	APIKeyFile string `name:"api-key-file" help:"A file that holds the API key; or set AFFISE_API_KEY." type:"path" placeholder:"FILE"`
	MaxErrors  *int   `help:"Another limit of failed rows." placeholder:"N"`
	Wait       bool   `help:"Wait where another import runs on the same journal."`
}

// paceFlags say how fast to work on a run that the journal has.
type paceFlags struct {
	Rate    *float64 `help:"Another rate than the run was started with." placeholder:"N"`
	Workers *int     `help:"Other workers than the run was started with." placeholder:"N"`
}

// over lays the flags over those of the run.
func (f paceFlags) over(run sendFlags) sendFlags {
	run.Rate, run.Workers = *cmp.Or(f.Rate, &run.Rate), *cmp.Or(f.Workers, &run.Workers)
	return run
}

// Run is the command.
func (c *resumeCmd) Run(e *env) error {
	j, err := c.openJournal(e, c.Wait)
	if err != nil {
		return err
	}
	defer j.Close()
	past, err := find(e, j, c.Name)
	if err != nil {
		return err
	}
	if c.Name == "last" && !c.Quiet && !c.JSON { // an undo that was killed before it began is no run
		e.voice.note("last is run %s, %s of %s", past.name, past.kind(), oneLine(strings.Join(past.Paths, ", ")))
	}
	if past.Undo != nil {
		return c.undo(e, j, past)
	}
	send := c.over(past.importCmd)
	return send.attended(e, func() error { return send.goOn(e, j, past) })
}

// goOn sends what a run has left. The input is read as it is now: its rows may
// have been mended.
func (c *importCmd) goOn(e *env, j *journal.Journal, past pastRun) error {
	source, gone := past.readable(e, j.Path())
	if len(gone) > 0 {
		what := " is gone; going on from the copy that was kept beside the journal"
		if len(gone) > 1 {
			what = " are gone; going on from the copies that were kept beside the journal"
		}
		e.voice.note("%s %s%s", e.voice.paint(yellow, "warning:"), strings.Join(gone, ", "), what)
	}
	acc, in, err := c.ready(e, source)
	if err != nil {
		return err
	}
	defer acc.Close()
	defer in.Close()
	return c.send(e, acc, in, j, past)
}

// undo goes on with an undo. What it takes back is the run that its own record
// was copied from.
func (c *resumeCmd) undo(e *env, j *journal.Journal, past pastRun) error {
	again := *past.Undo
	again.journalFlags, again.outputFlags, again.Yes = c.journalFlags, c.outputFlags, true
	again.nightFlags = c.nightFlags.over(again.nightFlags)
	again.Rate, again.Workers = cmp.Or(c.Rate, again.Rate), cmp.Or(c.Workers, again.Workers)
	again.MaxErrors = *cmp.Or(c.MaxErrors, &again.MaxErrors)
	if c.APIKeyFile != "" {
		again.APIKeyFile = c.APIKeyFile
	}
	undone, err := find(e, j, again.Name)
	if err != nil {
		return err
	}
	return again.attended(e, func() error { return again.run(e, j, undone, past.name) })
}

// over lays the flags of resume over those of the run. A canary has done its
// work once its run is resumed.
func (c *resumeCmd) over(run importCmd) importCmd {
	run.journalFlags, run.outputFlags = c.journalFlags, c.outputFlags
	run.nightFlags = c.nightFlags.over(run.nightFlags)
	run.sendFlags = c.paceFlags.over(run.sendFlags)
	run.Canary, run.Wait, run.MaxErrors = 0, c.Wait, *cmp.Or(c.MaxErrors, &run.MaxErrors)
	if c.APIKeyFile != "" {
		run.APIKeyFile = c.APIKeyFile
	}
	return run
}
