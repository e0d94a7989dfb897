package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"slices"

	"offerlift/importer"
	"offerlift/internal/journal"
	"offerlift/reports"
)

// reportCmd writes a run's reports again, from the journal.
type reportCmd struct {
	Name string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	journalFlags
	outputFlags
}

// Run is the command.
func (c *reportCmd) Run(e *env) error {
	j, past, err := c.past(e, c.Name)
	if err != nil {
		return err
	}
	defer j.Close()
	sum, err := importer.Summarise(e.ctx, j, past.name)
	if err != nil {
		return refuse("", "%v", err)
	}
	files, err := past.kept.report(e.ctx, e, j, sum, c.Out)
	if err != nil {
		return refuse("give another folder with --out DIR", "the reports could not be written: %v", err)
	}
	if c.JSON {
		return e.voice.json(sum)
	}
	closing(e.voice, sum, nil, files)
	return nil
}

// pastRun is a run that the journal remembers.
type pastRun struct {
	name string
	kept
}

// past opens the journal to read, and finds a run in it.
func (f *journalFlags) past(e *env, name string) (*journal.Journal, pastRun, error) {
	j, err := f.read(e)
	if err != nil {
		return nil, pastRun{}, err
	}
	past, err := find(e, j, name)
	if err != nil {
		j.Close()
	}
	return j, past, err
}

// read opens the journal to read, also while an import writes it.
func (f *journalFlags) read(e *env) (*journal.Journal, error) {
	path, err := f.path(e)
	if err != nil {
		return nil, err
	}
	j, err := journal.OpenReader(e.ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse("runs are remembered from the first import on", "there are no runs yet: %s is not there", path)
	}
	return j, refuseJournal(err)
}

// find finds a run by its name, by the start of its name, or as last: the
// latest of the kinds that are asked for, or of all.
func find(e *env, j *journal.Journal, name string, kinds ...string) (pastRun, error) {
	run, err := j.Run(e.ctx, name)
	if name == "last" {
		run, err = lastRun(e, j, kinds)
	}
	if err != nil {
		return pastRun{}, refuse("offerlift runs lists the runs", "%v", err)
	}
	past := pastRun{name: run.Name}
	if err := json.Unmarshal(run.Config, &past.kept); err != nil {
		return past, refuse("", "the journal's record of run %s cannot be read: %v", run.Name, err)
	}
	return past, nil
}

func lastRun(e *env, j *journal.Journal, kinds []string) (journal.Run, error) {
	runs, err := j.Runs(e.ctx)
	for _, run := range slices.Backward(runs) {
		if len(kinds) == 0 || slices.Contains(kinds, run.Kind) {
			return run, err
		}
	}
	return journal.Run{}, errors.Join(err, journal.ErrNoRun)
}

// report writes a run's reports; dir is blank for the run's own folder.
func (k *kept) report(ctx context.Context, e *env, j *journal.Journal, sum importer.Summary, dir string) ([]reports.File, error) {
	if dir == "" {
		dir = "offerlift-" + sum.Run
	}
	results := func() iter.Seq2[importer.Result, error] { return importer.Results(ctx, j, sum.Run) }
	return reports.Write(ctx, sum, results, reports.Options{
		Dir: dir, Inputs: k.named(), Tables: k.sources(j.Path()), PanelURL: k.panel(), Now: e.now,
	})
}
