package cli

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"

	"offerlift/importer"
	"offerlift/mapping"
)

// idsCmd writes the table of ids to fill in: what an input names that has no id
// of the account yet.
type idsCmd struct {
	inputFlags `group:"The input:"`
	Output     string `short:"o" default:"ids.csv" type:"path" help:"The file to write." placeholder:"FILE"`
}

// Run is the command.
func (c *idsCmd) Run(e *env) error {
	r, err := c.judge(e, importer.ModeCreate)
	if err != nil {
		return err
	}
	in, err := r.open(e, nil)
	if err != nil {
		return err
	}
	defer in.Close()
	missing := in.missing()
	if len(missing) == 0 {
		e.voice.say("nothing is missing: every id of the input has its id of the account")
		return nil
	}
	if err := writeIDs(c.Output, missing); err != nil {
		return err
	}
	e.voice.say("%s in %s: fill in the account's ids, and start with --ids %s", count(len(missing), "id"), c.Output, c.Output)
	return nil
}

// writeIDs writes the table. It never writes over one: someone may have filled
// it in.
func writeIDs(path string, missing []mapping.Missing) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return refuse("give --output another name; a table that is filled in goes to --ids, and what it lacks is written then", "%s is there already", path)
	}
	if err != nil {
		return refuse("", "%s cannot be written: %v", path, plain(err))
	}
	w := csv.NewWriter(f)
	rows := [][]string{{"kind", "source", "account id", "needed by rows", "first place"}}
	for _, m := range missing {
		rows = append(rows, []string{m.Kind, m.Value, "", strconv.Itoa(m.Count), m.Places[0]})
	}
	return errors.Join(w.WriteAll(rows), f.Close())
}
