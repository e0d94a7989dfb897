package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"offerlift/importer"
	"offerlift/internal/journal"
)

// undoCmd takes back what a run created. Its fields marshal, so that resume
// can go on with it.
type undoCmd struct {
	Name       string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	How        string `enum:"stop,delete" default:"stop" help:"What to do with the offers: stop or delete."`
	Force      bool   `help:"Take back also offers that somebody edited since."`
	APIKeyFile string `name:"api-key-file" help:"A file that holds the API key; or set AFFISE_API_KEY." type:"path" placeholder:"FILE"`
	MaxErrors  int    `help:"Stop after this many offers that could not be taken back. 0 for never." placeholder:"N"`
	Yes        bool   `short:"y" help:"Ask no question."`
	Wait       bool   `help:"Wait where another import runs on the same journal."`
	journalFlags
	outputFlags
	paceFlags
	nightFlags `group:"Where nobody watches:"`
}

// Run is the command.
func (c *undoCmd) Run(e *env) error { return c.attended(e, func() error { return c.begin(e) }) }

// begin finds the run and takes it back.
func (c *undoCmd) begin(e *env) error {
	j, err := c.openJournal(e, c.Wait)
	if err != nil {
		return err
	}
	defer j.Close()
	past, err := find(e, j, c.Name, "import")
	if err != nil {
		return err
	}
	return c.run(e, j, past, "")
}

// run takes a run back; an undo that is named goes on.
func (c *undoCmd) run(e *env, j *journal.Journal, past pastRun, undo string) error {
	flags := past.accountFlags
	if c.APIKeyFile != "" {
		flags.APIKeyFile = c.APIKeyFile
	}
	send := c.paceFlags.over(past.sendFlags)
	send.MaxErrors = c.MaxErrors
	if err := send.judge(); err != nil {
		return err
	}
	acc, err := flags.connect(e, send.Timeout, send.Workers, &c.journalFlags)
	if err != nil {
		return err
	}
	defer acc.Close()
	kept := c.keep(past)
	config, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	cfg := importer.UndoConfig{
		Sender: acc.client, Journal: j, Undo: past.name, How: importer.Action(c.How), Force: c.Force,
		Run:  importer.RunInfo{ID: undo, Input: past.Paths, Account: acc.name, Config: config},
		Rate: send.Rate, Burst: send.Burst, Workers: send.Workers, MaxErrors: send.MaxErrors, Stop: e.stop, Now: e.now,
	}
	n, err := c.announce(e, cfg)
	if errors.Is(err, importer.ErrInterrupted) {
		return c.interrupted(e, cfg)
	}
	if err != nil || n == 0 && undo == "" {
		return err
	}
	watch := newWatch(e, n, c.Quiet || c.JSON)
	cfg.Hooks = e.night.hooks(watch.hooks(), acc.name, c.How, n)
	sum, stopped := importer.Undo(e.ctx, cfg)
	watch.close()
	switch {
	case sum.Run == "" && errors.Is(stopped, importer.ErrInterrupted):
		return c.interrupted(e, cfg)
	case sum.Run == "":
		return refuseJournal(j.Path(), stopped)
	}
	return kept.finish(e, j, c.outputFlags, sum, stopped)
}

// keep is what the journal keeps of the undo: what it kept of the run, and how
// that is taken back.
func (c *undoCmd) keep(past pastRun) kept {
	named := *c
	named.Name = past.name // where the user said last, another run is last by now
	past.Undo, past.journalFlags = &named, c.journalFlags
	return past.kept
}

// interrupted is the end of an undo that was stopped before it began. One that
// is new is not in the journal: resume last would go on with the import.
func (c *undoCmd) interrupted(e *env, cfg importer.UndoConfig) error {
	again := "offerlift undo " + cfg.Undo + " --how " + c.How
	if cfg.Run.ID != "" {
		again = "offerlift resume " + cfg.Run.ID
	}
	return refuse(again+c.again(e)+" begins again", "interrupted before anything was taken back")
}

// mostSteps is how many offers are named before the question.
const mostSteps = 20

// announce says what the undo will do, and asks. It returns how many offers
// the run made.
func (c *undoCmd) announce(e *env, cfg importer.UndoConfig) (int, error) {
	ctx, cancel := e.untilStop(0)
	defer cancel()
	if !c.Quiet && !c.JSON { // a kill from here on leaves no run: this line says so
		e.voice.note("looking at what run %s made: nothing is taken back yet", cfg.Undo)
	}
	steps, err := importer.PlanUndo(ctx, cfg)
	switch {
	case err != nil && ctx.Err() != nil:
		return 0, importer.ErrInterrupted
	case err != nil:
		return 0, refuse("", "nothing was taken back: %v", err)
	}
	if len(steps) == 0 {
		e.voice.say("run %s made no offers that are not taken back yet: nothing to do", cfg.Undo)
		return 0, nil
	}
	doing := 0
	for i, s := range steps {
		if s.Action != importer.ActionSkip {
			doing++
		}
		if i < mostSteps && !c.JSON {
			e.voice.say("  %s", step(s))
		}
	}
	if len(steps) > mostSteps && !c.JSON {
		e.voice.say("  … and %s more", group(len(steps)-mostSteps))
	}
	if c.Yes || doing == 0 {
		return len(steps), nil
	}
	return len(steps), ask(e, c.How+" "+count(doing, "offer")+" in "+cfg.Run.Account+"?", "nothing was taken back")
}

// step is one offer of the plan, as a line.
func step(s importer.UndoStep) string {
	if s.OfferID == 0 {
		return fmt.Sprintf("%-6s %s %q if it was made: its answer was lost, so it is looked for first", s.Action, s.Key, s.Title)
	}
	return fmt.Sprintf("%-6s offer %d %s %q %s", s.Action, s.OfferID, s.Key, s.Title, s.Why)
}
