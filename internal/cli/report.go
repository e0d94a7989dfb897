package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"path/filepath"
	"runtime/debug"
	"slices"

	"offerlift/importer"
	"offerlift/internal/journal"
	"offerlift/reports"
)

// reportCmd writes a run's reports again, from the journal.
type reportCmd struct {
	Name         string `arg:"" name:"run" help:"The run, as offerlift runs lists it, or last."`
	PasswordFile string `help:"A file with the password of the run's encrypted workbook." type:"path" placeholder:"FILE"`
	journalFlags
	outputFlags
}

// Run is the command.
func (c *reportCmd) Run(e *env) error {
	if e.getenv("GOGC") == "" {
		debug.SetGCPercent(200) // as check has it
	}
	j, past, err := c.past(e, c.Name)
	if err != nil {
		return err
	}
	defer j.Close()
	past.PasswordFile = cmp.Or(c.PasswordFile, past.PasswordFile)
	run, err := importer.Read(e.ctx, j, past.name)
	if err != nil {
		return unread(j.Path(), err)
	}
	resume := "offerlift resume " + past.name + c.again(e)
	files, err := reports.Write(e.ctx, reports.Run{Results: run.Results, Summary: run.Summary}, past.reportOptions(e, j, past.name, c.outputFlags, resume))
	if err != nil {
		return refuse("give another folder with --out DIR", "the reports could not be written: %v", err)
	}
	sum, err := run.Summary()
	if err != nil {
		return unread(j.Path(), err)
	}
	if c.JSON {
		return e.voice.json(sum)
	}
	end := newEnding(sum, c.again(e), past.Undo)
	end.files = files
	end.tell(e.voice)
	return nil
}

// pastRun is a run that the journal remembers.
type pastRun struct {
	name string
	kept
}

// kind is what the run does, as a sentence has it.
func (p *pastRun) kind() string {
	if p.Undo != nil {
		return "an undo"
	}
	return "an import"
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

// find finds a run by its name, by the start of its name, or as last: the
// latest of the kinds that are asked for, or of all.
func find(e *env, j *journal.Journal, name string, kinds ...string) (pastRun, error) {
	run, err := j.Run(e.ctx, name)
	if name == "last" {
		run, err = lastRun(e, j, kinds)
	}
	switch {
	case errors.Is(err, journal.ErrNoRun):
		return pastRun{}, refuse("offerlift runs lists the runs", "%v", err)
	case err != nil:
		return pastRun{}, unread(j.Path(), err)
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

// reportOptions say how a run's reports are written: into its own folder where
// none is named. resume is the command that goes on with it, blank where none can.
func (k *kept) reportOptions(e *env, j *journal.Journal, run string, out outputFlags, resume string) reports.Options {
	return reports.Options{Dir: cmp.Or(out.Out, "offerlift-"+run), Inputs: k.named(), Tables: k.sources(j.Path()), Resume: resume, PanelURL: k.panel(), Now: e.now,
		Password: func(path string) (string, error) { return k.passwordOf(e, path) }}
}

// passwordOf is the password of a file of the run's input: the one that it was
// read with a moment ago, what the file holds that the run was given, or what
// is typed where somebody reads along.
func (k *kept) passwordOf(e *env, path string) (string, error) {
	if password, ok := e.passwords[filepath.Base(path)]; ok {
		return password, nil
	}
	if k.PasswordFile == "" && k.Undo != nil { // nobody waits to be asked when it has ended
		return "", nil
	}
	ask, err := k.password(e)
	if err != nil || ask == nil {
		return "", err
	}
	return ask(filepath.Base(path))
}
