package cli

import (
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
}

// checked is what --json prints.
type checked struct {
	Tables   []readTable     `json:"tables"`
	Offers   int             `json:"offers"`
	Valid    int             `json:"valid"`
	Wrong    int             `json:"wrong"`
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`
	Messages []sheet.Message `json:"messages"`

	repairs   map[[2]string]int // by file and sheet
	Migration *profile.Report   `json:"migration,omitempty"` // of another network's export
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
	result := checked{Messages: []sheet.Message{}, repairs: map[[2]string]int{}}
	list := newProblemList(e.voice)
	take := func(messages []sheet.Message) {
		result.count(messages)
		if c.JSON {
			result.Messages = append(result.Messages, messages...)
		} else {
			if in.translated != nil {
				messages = withoutMigration(messages)
			}
			list.add(messages)
		}
	}
	take(in.mapper.Messages()) // first: a column that is not read explains what is missing in every row
	for o, err := range in.mapper.Offers(e.ctx) {
		if err != nil {
			return refuse("", "%v", err)
		}
		result.offer(o)
		take(o.Messages)
	}
	list.close()
	if in.translated != nil && !c.JSON {
		tellMigration(e.voice, in.translated.report)
	}
	return c.tell(e, in, result)
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

func (c *checkCmd) tell(e *env, in *input, r checked) error {
	if in.translated != nil {
		r.Migration = in.translated.report
	}
	for _, t := range in.book.Tables {
		r.Tables = append(r.Tables, readTable{t.File, t.Sheet, t.HeaderRow, texts(t.Header), t.Count(), r.repairs[[2]string{t.File, t.Sheet}], t.Facts})
	}
	exit := exitFine
	if r.Errors > 0 {
		exit = exitRows
	}
	if c.JSON {
		if err := e.voice.json(r); err != nil {
			return err
		}
		return ended(exit)
	}
	v := e.voice
	if r.Errors == 0 {
		v.say("%s %s, %s; nothing was sent", v.paint(green, "fine:"), count(r.Offers, "offer"), count(r.Warnings, "warning"))
		return nil
	}
	v.say("%s %s of %s wrong: %s, %s; nothing was sent", v.paint(red, "wrong:"), group(r.Wrong), isAre(r.Offers, "offer"), count(r.Errors, "error"), count(r.Warnings, "warning"))
	if in.hint != "" {
		v.note("%s %s", v.paint(cyan, "hint:"), in.hint)
	}
	return ended(exit)
}

func texts(cells []sheet.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.Text
	}
	return out
}
