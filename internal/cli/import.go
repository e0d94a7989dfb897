package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"offerlift/importer"
	"offerlift/internal/journal"
	"offerlift/reports"
)

// importCmd sends the offers of an input. Its fields marshal: a run keeps them,
// without the key, so that resume and report need nothing but its name.
type importCmd struct {
	inputFlags   `group:"The input:"`
	accountFlags `group:"The account:"`
	sendFlags    `group:"Sending:"`
	journalFlags
	outputFlags
	nightFlags `group:"Where nobody watches:"`

	AllOrNothing bool `help:"Send nothing where any row is wrong."`
	Yes          bool `short:"y" help:"Ask no question."`
}

// sendFlags say how to send.
type sendFlags struct {
	Mode      string        `enum:"create,update,upsert" default:"create" help:"What to do: create (never touches an offer that exists), update or upsert."`
	Rate      float64       `default:"5" help:"Requests per second over all calls; 0 for no limit."`
	Burst     int           `default:"1" help:"How many requests may go at once after a pause."`
	Workers   int           `default:"8" help:"Concurrent requests."`
	MaxErrors int           `help:"Stop after this many failed rows; those on their way by then may fail as well. 0 for never." placeholder:"N"`
	Canary    int           `help:"Send this many of the first rows, one after the other, then stop and wait for resume." placeholder:"N"`
	AssumeNew bool          `help:"Do not ask the account which offers it has."`
	Verify    bool          `help:"Fetch each offer again where the answer did not carry it, to compare."`
	SettleFor time.Duration `default:"15s" help:"How long to look for an offer whose answer was lost before it is sent again; 15s by default." placeholder:"TIME"`
	Timeout   time.Duration `default:"60s" help:"How long one request may take; 60s by default." placeholder:"TIME"`
	Wait      bool          `help:"Wait where another import runs on the same journal."`
}

func (f *sendFlags) judge() error {
	switch {
	case f.Rate < 0:
		return refuse("requests per second, such as --rate 5, or 0 for no limit", "--rate %v is below zero", f.Rate)
	case f.Burst < 1:
		return refuse("--burst 1 spaces the requests evenly", "--burst %d is below one", f.Burst)
	case f.Workers < 1 || f.Workers > 1024:
		return refuse("--workers takes 1 to 1024", "--workers %d is out of bounds", f.Workers)
	case f.MaxErrors < 0 || f.Canary < 0:
		return refuse("give a number of rows, or leave the flag away", "--max-errors and --canary take no negative number")
	case f.SettleFor < 0 || f.Timeout <= 0:
		return refuse("such as --settle-for 15s --timeout 60s", "--settle-for and --timeout take no negative time")
	}
	return nil
}

// outputFlags say what to tell, and where.
type outputFlags struct {
	Out   string `help:"The folder that the reports go to; offerlift-RUN otherwise." placeholder:"DIR"`
	JSON  bool   `name:"json" help:"Print the summary as JSON on standard output."`
	Quiet bool   `short:"q" help:"No progress."`
}

// Run is the command.
func (c *importCmd) Run(e *env) error {
	return c.attended(e, func() error { return c.begin(e) })
}

// ready judges every flag, and only then reads the input and has an account to
// send it to. Both are to be closed.
func (c *importCmd) ready(e *env, source inputFlags) (*account, *input, error) {
	if err := c.sendFlags.judge(); err != nil {
		return nil, nil, err
	}
	r, err := source.judge(e, importer.Mode(c.Mode))
	if err != nil {
		return nil, nil, err
	}
	if !c.names() { // a file that is not there is told first
		if err := r.look(); err != nil {
			return nil, nil, err
		}
		defer func() { _ = r.opened.Close() }()
	}
	acc, err := c.connect(e, c.Timeout, c.Workers, &c.journalFlags)
	if err != nil {
		return nil, nil, err
	}
	in, err := r.open(e, newLookup(acc.client, c.Rate, e.now))
	if err != nil {
		return nil, nil, errors.Join(err, acc.Close())
	}
	in.profile, in.beside = r.flags.Profile, r.flags.beside(e)
	warnMissing(e.voice, in.missing())
	return acc, in, nil
}

// begin reads the input and sends it as a new run.
func (c *importCmd) begin(e *env) error {
	acc, in, err := c.ready(e, c.inputFlags)
	if err != nil {
		return err
	}
	defer acc.Close()
	defer in.Close()
	c.Profile = in.profile
	if !c.Quiet && !c.JSON && e.voice.log == nil {
		var found found
		found.add(in.mapper.Messages())
		found.tell(e.voice, in, e.voice.note)
	}
	if in.hint != "" && len(in.mapper.Messages()) > 0 {
		e.voice.note("%s %s", e.voice.paint(cyan, "hint:"), in.hint)
	}
	if c.AllOrNothing {
		if err := allValid(e, in); err != nil {
			return err
		}
	}
	if err := c.confirmDraft(e, in); err != nil {
		return err
	}
	if err := c.confirm(e, acc.name, in.mapper.Len()); err != nil {
		return err
	}
	j, err := c.openJournal(e, c.Wait)
	if err != nil {
		return err
	}
	defer j.Close()
	return c.send(e, acc, in, j, pastRun{})
}

// send runs the importer and reports, whatever it came to. A past run that is
// named goes on; otherwise a new one begins.
func (c *importCmd) send(e *env, acc *account, in *input, j *journal.Journal, past pastRun) error {
	kept, err := c.keep(e, in, j, past)
	if err != nil {
		return err
	}
	config, err := json.Marshal(kept.asBegun(past))
	if err != nil {
		return err
	}
	cfg := importer.Config{
		Sender: acc.client, Journal: j, Mode: importer.Mode(c.Mode), Count: in.mapper.Len(),
		Run:  importer.RunInfo{ID: past.name, Input: kept.Paths, Account: acc.name, Profile: c.Profile, Config: config},
		Rate: c.Rate, Burst: c.Burst, Workers: c.Workers, MaxErrors: c.MaxErrors, Canary: c.Canary,
		AssumeNew: c.AssumeNew, Verify: c.Verify, Settle: importer.Settle{Pauses: pauses(c.SettleFor)},
		Stop: e.stop, Messages: in.mapper.Messages(), Now: e.now,
	}
	watch := newWatch(e, in.mapper.Len(), c.Quiet || c.JSON)
	hooks := watch.hooks()
	hooks.Started = func(run string, _ bool) { in.asked.count(e.ctx, j, run) }
	cfg.Hooks = e.night.hooks(hooks, acc.name, c.Mode, in.mapper.Len())
	sum, stopped := importer.Run(e.ctx, items(e, in), cfg)
	watch.close()
	if sum.Run == "" {
		return refuseJournal(j.Path(), stopped)
	}
	return kept.finish(e, j, c.outputFlags, sum, stopped)
}

// items is the input as the importer takes it, which it may do for a moment after
// the second step of a stop.
func items(e *env, in *input) iter.Seq2[importer.Item, error] {
	return func(yield func(importer.Item, error) bool) {
		reading, end := context.WithCancel(context.WithoutCancel(e.ctx))
		defer end()
		defer context.AfterFunc(e.ctx, func() { time.AfterFunc(importer.Grace, end) })()
		for o, err := range in.mapper.Offers(reading) {
			if err != nil {
				yield(importer.Item{}, err)
				return
			}
			if !yield(item(o), nil) {
				return
			}
		}
	}
}

// allValid reads the whole input once and refuses it where any row is wrong.
func allValid(e *env, in *input) error {
	wrong := 0
	problems := newProblemList(e.voice)
	problems.add(in.mapper.Messages())
	for o, err := range in.mapper.Offers(e.ctx) {
		if err != nil {
			return refuse("", "%v", err)
		}
		if !o.Valid() {
			wrong++
			problems.add(o.Messages)
		}
	}
	problems.close()
	if wrong == 0 && !hasError(in.mapper.Messages()) {
		return nil
	}
	return refuse("mend the cells above, or leave --all-or-nothing away to send the others", "nothing was sent: %s wrong", isAre(wrong, "offer"))
}

// confirm asks before real offers go to a real account, where there is someone
// to ask.
func (c *importCmd) confirm(e *env, account string, n int) error {
	if c.Yes || c.Sandbox || !isTerminal(e.stdin) {
		return nil
	}
	return ask(e, fmt.Sprintf("send %s to %s?", count(n, "offer"), account), "nothing was sent")
}

// ask puts a question; on any answer but yes it refuses in the words given.
func ask(e *env, question, otherwise string) error {
	fmt.Fprintf(e.voice.err, "%s [y/N] ", question)
	answered := make(chan string, 1)
	go func() {
		answer, _ := bufio.NewReader(e.stdin).ReadString('\n')
		answered <- answer
	}()
	var answer string
	select {
	case answer = <-answered:
	case <-e.stop: // nobody waits for the reader: the process ends
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return refuse("--yes asks no question", "%s", otherwise)
}

// pauses double before each look for a lost offer, and together take as long as
// is said.
func pauses(whole time.Duration) []time.Duration {
	if whole < time.Second {
		return []time.Duration{whole}
	}
	var list []time.Duration
	for _, part := range []time.Duration{1, 2, 4, 8, 16} {
		list = append(list, whole*part/31)
	}
	return list
}

// kept is what the journal keeps of a run, so that resume, report and undo
// need nothing but its name.
type kept struct {
	importCmd
	Tables []reports.TableInfo
	Inputs []keptInput // the files of the tables, as far as they could be copied
	Undo   *undoCmd    `json:",omitempty"` // of an undo: how it takes the run back
}

func (c *importCmd) keep(e *env, in *input, j *journal.Journal, past pastRun) (kept, error) {
	k := kept{importCmd: *c}
	for _, t := range in.tables() {
		info := reports.TableInfoOf(t)
		info.Unread = isTold(t, in.mapper.Messages(), "unknown_sheet")
		k.Tables = append(k.Tables, info)
	}
	var err error
	if k.Paths, err = absolute(c.Paths); err != nil {
		return k, err
	}
	if err := errors.Join(k.keepInputs(j.Path(), past.Inputs, in.beside), k.keepNamed(j.Path(), past.Inputs, in.mapper.Files())); err != nil {
		e.voice.note("%s the journal keeps no copy of the input, so that reports and resume need the files themselves: %v", e.voice.paint(yellow, "warning:"), err)
	}
	if paths := k.changed(past.Inputs); len(paths) > 0 {
		e.voice.note("%s %s changed after the run began: what is left is read as it is now", e.voice.paint(yellow, "warning:"), strings.Join(paths, ", "))
	}
	return k, nil
}

// asBegun is what the journal keeps of a run that goes on: the input as it is
// now, and the flags with which the run began.
func (k kept) asBegun(past pastRun) kept {
	if past.name != "" {
		k.importCmd = past.importCmd
	}
	return k
}

// finish writes the reports and says how it went. The reports are written also
// where the run was cut short: they tell what is left to do.
func (k *kept) finish(e *env, j *journal.Journal, out outputFlags, sum importer.Summary, stopped error) error {
	end := newEnding(sum, k.again(e), k.Undo)
	if errors.Is(stopped, importer.ErrJournal) {
		end.brokenJournal(e, j.Path(), stopped)
	}
	ctx := context.WithoutCancel(e.ctx)
	run := reports.Run{
		Results: func() iter.Seq2[importer.Result, error] { return importer.Results(ctx, j, sum.Run) },
		Summary: func() (importer.Summary, error) { return end.sum, nil },
	}
	var err error
	end.files, err = reports.Write(ctx, run, k.reportOptions(e, j, sum.Run, out, end.resume))
	defer e.night.finished(e, end)
	if err != nil {
		again := ""
		if end.resume != "" {
			again = "nothing is lost: offerlift report " + sum.Run + k.again(e) + " --out DIR writes them again"
		}
		return &failure{code: max(sum.ExitCode, exitRows), text: fmt.Sprintf("the reports could not be written: %v", err), hint: again}
	}
	if out.JSON {
		if err := e.voice.json(end.sum); err != nil {
			return err
		}
		return ended(sum.ExitCode)
	}
	end.tell(e.voice)
	return ended(sum.ExitCode)
}

func isAre(n int, noun string) string {
	if n == 1 {
		return count(n, noun) + " is"
	}
	return count(n, noun) + " are"
}
