package cli

import (
	"errors"
	"runtime/debug"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// checkCmd reads and validates; nothing is sent.
type checkCmd struct {
	inputFlags `group:"The input:"`
	Mode       string `enum:"create,update,upsert" default:"create" help:"What the import will do: create, update or upsert."`
	JSON       bool   `name:"json" help:"Print what was read and every problem as JSON on standard output."`
	Quiet      bool   `short:"q" help:"Do not say what was read, only what is wrong."`
}

// checked is what --json prints behind the messages.
type checked struct {
	Tables    []readTable       `json:"tables"`
	Offers    int               `json:"offers"`
	Valid     int               `json:"valid"`
	Wrong     int               `json:"wrong"`
	Errors    int               `json:"errors"`
	Warnings  int               `json:"warnings"`
	Missing   []mapping.Missing `json:"missing,omitempty"`   // of our own workbook
	Migration *profile.Report   `json:"migration,omitempty"` // of another network's export

	loose   int               // errors of no offer
	repairs map[[2]string]int // by file and sheet
}

// readTable is how one table was read.
type readTable struct {
	File      string      `json:"file"`
	Sheet     string      `json:"sheet"`
	HeaderRow int         `json:"header_row"`
	Columns   []string    `json:"columns"`
	Rows      int         `json:"rows"`    // below the column names, blank ones left out
	Repairs   int         `json:"repairs"` // cells that were read as something else than what stands in them
	Facts     sheet.Facts `json:"facts"`
}

// Run is the command.
func (c *checkCmd) Run(e *env) error {
	if e.getenv("GOGC") == "" {
		debug.SetGCPercent(400) // little of what is read stays: an eighth less work for some thirty megabytes more
	}
	r, err := c.judge(e, importer.Mode(c.Mode))
	if err != nil {
		return err
	}
	r.offers.MessagesOnly = true
	in, err := r.open(e, nil)
	if err != nil {
		return err
	}
	defer in.Close()
	if in.translated != nil && e.getenv("GOGC") == "" {
		debug.SetGCPercent(200) // rows that were made of another network's are wide: there some megabytes would be hundreds
	}
	return c.tell(e, in)
}

// tell reads every offer and says what is wrong with it.
func (c *checkCmd) tell(e *env, in *input) error {
	result := checked{repairs: map[[2]string]int{}}
	take, end := c.teller(e, in)
	err := result.read(e, in, take)
	result.close(in)
	if err := errors.Join(err, end(result)); err != nil {
		return refuse("", "%v", err)
	}
	exit := exitFine
	if result.Errors > 0 {
		exit = exitRows
	}
	if !c.JSON {
		result.sum(e.voice, in.hint)
	}
	return ended(exit)
}

// read runs over the offers and counts.
func (r *checked) read(e *env, in *input, take func([]sheet.Message) error) error {
	first := in.mapper.Messages() // a column that is not read explains what is missing in every row
	r.count(first)
	r.loose = r.Errors
	if err := take(first); err != nil {
		return err
	}
	for o, err := range in.mapper.Offers(e.ctx) {
		if err != nil {
			return err
		}
		r.offer(o)
		r.count(o.Messages)
		if err := take(o.Messages); err != nil {
			return err
		}
	}
	return nil
}

// teller is what takes the messages, and what says the rest.
func (c *checkCmd) teller(e *env, in *input) (take func([]sheet.Message) error, end func(checked) error) {
	if c.JSON {
		d := newDocument(e.voice)
		return d.add, func(r checked) error { return d.close(r) }
	}
	list, found := newProblemList(e.voice), &found{}
	take = func(messages []sheet.Message) error {
		if in.translated != nil {
			messages = withoutMigration(messages)
		}
		list.add(messages)
		found.add(messages)
		return nil
	}
	return take, func(checked) error {
		list.close()
		if !c.Quiet {
			found.tell(e.voice, in, e.voice.say)
		}
		if in.translated != nil {
			tellMigration(e.voice, in.translated.report)
		}
		listMissing(e.voice, in.missing())
		return nil
	}
}

func (r *checked) offer(o mapping.Offer) {
	r.Offers++
	if o.Valid() {
		r.Valid++
	} else {
		r.Wrong++
	}
}

func (r *checked) count(messages []sheet.Message) {
	for _, m := range messages {
		if m.Code == "repaired" {
			r.repairs[[2]string{m.File, m.Sheet}]++
		}
		switch m.Level {
		case sheet.LevelError:
			r.Errors++
		case sheet.LevelWarning:
			r.Warnings++
		}
	}
}

// close takes up what is known when all was read.
func (r *checked) close(in *input) {
	if in.translated != nil {
		r.Migration = in.translated.report
	} else {
		r.Missing = in.missing()
	}
	for _, t := range in.book.Tables {
		r.Tables = append(r.Tables, readTable{t.File, t.Sheet, t.HeaderRow, texts(t.Header), t.Count(), r.repairs[[2]string{t.File, t.Sheet}], t.Facts})
	}
}

// sum is the last line.
func (r *checked) sum(v *voice, hint string) {
	if r.Errors == 0 {
		v.say("%s %s, %s; nothing was sent", v.paint(green, "fine:"), count(r.Offers, "offer"), count(r.Warnings, "warning"))
		return
	}
	others := ""
	if r.loose > 0 {
		others = " and " + count(r.loose, "row") + " of no offer"
	}
	v.say("%s %s of %s%s %s wrong: %s, %s; nothing was sent", v.paint(red, "wrong:"), group(r.Wrong), count(r.Offers, "offer"), others, are(r.Offers+r.loose), count(r.Errors, "error"), count(r.Warnings, "warning"))
	if hint != "" {
		v.note("%s %s", v.paint(cyan, "hint:"), hint)
	}
}

func texts(cells []sheet.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.Text
	}
	return out
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
