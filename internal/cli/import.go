package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"offerlift/importer"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
	"offerlift/reports"
)

// importCmd sends the offers of an input. Its fields marshal: a run keeps them,
// without the key, so that resume and report need nothing but its name.
type importCmd struct {
	inputFlags
	accountFlags
	journalFlags
	sendFlags
	outputFlags
	nightFlags

	AllOrNothing bool `help:"Send nothing where any row is wrong."`
	Yes          bool `short:"y" help:"Ask no question."`
}

// sendFlags say how to send.
type sendFlags struct {
	Mode      string        `enum:"create,update,upsert" default:"create" help:"create (never touches an offer that exists), update or upsert."`
	Rate      float64       `default:"5" help:"Requests per second over all calls; 0 for no limit."`
	Burst     int           `default:"1" help:"How many requests may go at once after a pause."`
	Workers   int           `default:"8" help:"Concurrent requests."`
	MaxErrors int           `help:"Stop after this many failed rows; 0 for never." placeholder:"N"`
	Canary    int           `help:"Send this many rows, then stop and wait for resume." placeholder:"N"`
	AssumeNew bool          `help:"Do not ask the account which offers it has."`
	Verify    bool          `help:"Fetch each offer again where the answer did not carry it, to compare."`
	SettleFor time.Duration `default:"15s" help:"How long to look for an offer whose answer was lost before it is sent again." placeholder:"TIME"`
	Timeout   time.Duration `default:"60s" help:"How long one request may take." placeholder:"TIME"`
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
	if err := c.sendFlags.judge(); err != nil {
		return err
	}
	return c.attended(e, func() error { return c.begin(e) })
}

// begin reads the input and sends it as a new run.
func (c *importCmd) begin(e *env) error {
	acc, err := c.connect(e, c.Timeout, c.Workers, &c.journalFlags)
	if err != nil {
		return err
	}
	defer acc.Close()
	in, err := c.open(e, importer.Mode(c.Mode), newLookup(acc.client, c.Rate))
	if err != nil {
		return err
	}
	defer in.Close()
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
		Run:  importer.RunInfo{ID: past.name, Input: kept.Paths, Account: acc.name, Config: config},
		Rate: c.Rate, Burst: c.Burst, Workers: c.Workers, MaxErrors: c.MaxErrors, Canary: c.Canary,
		AssumeNew: c.AssumeNew, Verify: c.Verify, Settle: importer.Settle{Pauses: pauses(c.SettleFor)},
		Stop: e.stop, Messages: in.mapper.Messages(), Now: e.now,
	}
	watch := newWatch(e, in.mapper.Len(), c.Quiet || c.JSON)
	cfg.Hooks = e.night.hooks(watch.hooks(), acc.name, c.Mode, in.mapper.Len())
	sum, stopped := importer.Run(e.ctx, items(e.ctx, in), cfg)
	watch.close()
	if sum.Run == "" {
		return refuseJournal(stopped)
	}
	return kept.finish(e, j, c.outputFlags, sum, stopped)
}

// items is the input as the importer takes it.
func items(ctx context.Context, in *input) iter.Seq2[importer.Item, error] {
	return func(yield func(importer.Item, error) bool) {
		for o, err := range in.mapper.Offers(ctx) {
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
	for o, err := range in.mapper.Offers(e.ctx) {
		if err != nil {
			return refuse("", "%v", err)
		}
		if !o.Valid() {
			wrong++
			problems.add(o.Messages)
		}
	}
	problems.add(in.mapper.Messages())
	problems.close()
	if wrong == 0 && !hasError(in.mapper.Messages()) {
		return nil
	}
	return refuse("mend the cells above, or leave --all-or-nothing away to send the others", "nothing was sent: %s wrong", isAre(wrong, "offer"))
}

// confirm asks before real offers go to a real account, where there is someone
// to ask.
func (c *importCmd) confirm(e *env, account string, n int) error {
	stdin, ok := e.stdin.(*os.File)
	if c.Yes || c.Sandbox || !ok || !term.IsTerminal(int(stdin.Fd())) {
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

// pauses are growing ones, before each look for a lost offer, that together
// take about as long as is said.
func pauses(whole time.Duration) []time.Duration {
	var list []time.Duration
	sum := time.Duration(0)
	for next := whole / 32; sum < whole && next > 0; next *= 2 {
		list = append(list, min(next, whole-sum))
		sum += list[len(list)-1]
	}
	if len(list) == 0 {
		list = append(list, 0)
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
	for _, t := range in.book.Tables {
		k.Tables = append(k.Tables, reports.TableInfoOf(t))
	}
	var err error
	if k.Paths, err = absolute(c.Paths); err != nil {
		return k, err
	}
	if err := k.keepInputs(j.Path(), past.Inputs); err != nil {
		e.voice.note("%s the journal keeps no copy of the input, so that reports need the file itself: %v", e.voice.paint(yellow, "warning:"), err)
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

// openJournal opens the journal that the flags name, to write.
func (f *journalFlags) openJournal(e *env, wait bool) (*journal.Journal, error) {
	path, err := f.path(e)
	if err != nil {
		return nil, err
	}
	locks, err := stateDir(e.getenv)
	if err != nil {
		locks = ""
	}
	ctx, cancel := e.untilStop(0)
	defer cancel()
	j, err := journal.Open(ctx, path, journal.Options{Wait: wait, Waiting: func(text string) { e.night.waiting(e, text) }, LockDir: locks})
	return j, refuseJournal(err)
}

// refuseJournal says why a journal cannot be used, and the way out.
func refuseJournal(err error) error {
	var busy *journal.BusyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &busy):
		return refuse("give --wait to start when it has ended; nothing was sent", "%v", err)
	case errors.Is(err, context.Canceled) || errors.Is(err, importer.ErrInterrupted):
		return refuse("", "interrupted before anything was sent")
	}
	return refuse("give another place with --journal FILE", "%v", err)
}

// finish writes the reports and says how it went. The reports are written also
// where the run was cut short: they tell what is left to do.
func (k *kept) finish(e *env, j *journal.Journal, out outputFlags, sum importer.Summary, stopped error) error {
	files, err := k.report(context.WithoutCancel(e.ctx), e, j, sum, out.Out)
	defer e.night.finished(e, sum, files)
	if err != nil {
		return &failure{code: max(sum.ExitCode, exitRows), text: fmt.Sprintf("the reports could not be written: %v", err),
			hint: "nothing is lost: offerlift report " + sum.Run + " --out DIR writes them again"}
	}
	if out.JSON {
		if err := e.voice.json(sum); err != nil {
			return err
		}
		return ended(sum.ExitCode)
	}
	closing(e.voice, sum, stopped, files)
	return ended(sum.ExitCode)
}

func isAre(n int, noun string) string {
	if n == 1 {
		return count(n, noun) + " is"
	}
	return count(n, noun) + " are"
}

// problemList prints the messages of many rows, the first hundred in full.
type problemList struct {
	voice *voice
	shown int
	more  int
}

const mostShown = 100

func newProblemList(v *voice) *problemList { return &problemList{voice: v} }

func (p *problemList) add(messages []sheet.Message) {
	for _, m := range messages {
		if m.Level == sheet.LevelInfo {
			continue
		}
		if p.shown == mostShown {
			p.more++
			continue
		}
		p.shown++
		p.voice.say("%s", p.voice.message(m))
	}
}

func (p *problemList) close() {
	if p.more > 0 {
		p.voice.say("… and %s more; --json lists all", group(p.more))
	}
}
