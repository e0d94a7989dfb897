package cli

import (
	"encoding/json"

	"offerlift/importer"
	"offerlift/internal/journal"
)

// undoCmd takes back what a run created. Its fields marshal, so that resume
// can go on with it.
type undoCmd struct {
	Name       string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	How        string `enum:"stop,delete" default:"stop" help:"stop the offers, or delete them."`
	Force      bool   `help:"Take back also offers that somebody edited since."`
	APIKeyFile string `name:"api-key-file" help:"A file that holds the API key; or set AFFISE_API_KEY." type:"path" placeholder:"FILE"`
	Yes        bool   `short:"y" help:"Ask no question."`
	Wait       bool   `help:"Wait where another import runs on the same journal."`
	journalFlags
	outputFlags
	nightFlags
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
	acc, err := flags.connect(e, past.Timeout, past.Workers, &c.journalFlags)
	if err != nil {
		return err
	}
	defer acc.Close()
	kept := past.kept
	named := *c
	named.Name = past.name // where the user said last, another run is last by now
	kept.Undo = &named
	config, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	cfg := importer.UndoConfig{
		Sender: acc.client, Journal: j, Undo: past.name, How: importer.Action(c.How), Force: c.Force,
		Run:  importer.RunInfo{ID: undo, Input: past.Paths, Account: acc.name, Config: config},
		Rate: past.Rate, Burst: past.Burst, Workers: past.Workers, Stop: e.stop, Now: e.now,
	}
	n, err := c.announce(e, cfg)
	if err != nil || n == 0 && undo == "" {
		return err
	}
	watch := newWatch(e, n, c.Quiet || c.JSON)
	cfg.Hooks = e.night.hooks(watch.hooks(), acc.name, c.How, n)
	sum, stopped := importer.Undo(e.ctx, cfg)
	watch.close()
	if sum.Run == "" {
		return refuseJournal(stopped)
	}
	return kept.finish(e, j, c.outputFlags, sum, stopped)
}

// mostSteps is how many offers are named before the question.
const mostSteps = 20

// announce says what the undo will do, and asks. It returns how many offers
// the run made.
func (c *undoCmd) announce(e *env, cfg importer.UndoConfig) (int, error) {
	ctx, cancel := e.untilStop(0)
	defer cancel()
	steps, err := importer.PlanUndo(ctx, cfg)
	if err != nil {
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
			e.voice.say("  %-6s offer %d %s %q %s", s.Action, s.OfferID, s.Key, s.Title, s.Why)
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
