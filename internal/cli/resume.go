package cli

import (
	"path/filepath"
	"strings"

	"offerlift/importer"
	"offerlift/internal/journal"
)

// resumeCmd goes on where a run stopped, with what the run was started with.
type resumeCmd struct {
	Name string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	journalFlags
	outputFlags
	nightFlags
	APIKeyFile string   `name:"api-key-file" help:"A file that holds the API key; or set AFFISE_API_KEY." type:"path" placeholder:"FILE"`
	Rate       *float64 `help:"Another rate than the run was started with." placeholder:"RATE"`
	Workers    *int     `help:"Other workers than the run was started with." placeholder:"N"`
	MaxErrors  *int     `help:"Another limit of failed rows." placeholder:"N"`
	Wait       bool     `help:"Wait where another import runs on the same journal."`
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
	if past.Undo != nil {
		return c.undo(e, j, past)
	}
	send := c.over(past.importCmd)
	if err := send.judge(); err != nil {
		return err
	}
	return send.attended(e, func() error { return send.goOn(e, j, past) })
}

// goOn sends what a run has left. The input is read as it is now: its rows may
// have been mended.
func (c *importCmd) goOn(e *env, j *journal.Journal, past pastRun) error {
	acc, err := c.connect(e, c.Timeout, c.Workers, &c.journalFlags)
	if err != nil {
		return err
	}
	defer acc.Close()
	source := c.inputFlags
	var gone []string
	if source.Paths, gone = past.readable(j.Path()); len(gone) > 0 {
		e.voice.note("%s %s is gone; going on from the copy that was kept beside the journal", e.voice.paint(yellow, "warning:"), strings.Join(gone, ", "))
	}
	if len(gone) > 0 && source.Files == "" && isThere(filepath.Dir(gone[0])) {
		source.Files = filepath.Dir(gone[0]) // logos stand beside the file, not beside its copy
	}
	in, err := source.open(e, importer.Mode(c.Mode), newLookup(acc.client, c.Rate))
	if err != nil {
		return err
	}
	defer in.Close()
	return c.send(e, acc, in, j, past)
}

// undo goes on with an undo. What it takes back is the run that its own record
// was copied from.
func (c *resumeCmd) undo(e *env, j *journal.Journal, past pastRun) error {
	again := *past.Undo
	again.journalFlags, again.outputFlags, again.Yes = c.journalFlags, c.outputFlags, true
	again.nightFlags = c.nightFlags.over(again.nightFlags)
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
	run.Canary, run.Wait = 0, c.Wait
	if c.APIKeyFile != "" {
		run.APIKeyFile = c.APIKeyFile
	}
	if c.Rate != nil {
		run.Rate = *c.Rate
	}
	if c.Workers != nil {
		run.Workers = *c.Workers
	}
	if c.MaxErrors != nil {
		run.MaxErrors = *c.MaxErrors
	}
	return run
}
