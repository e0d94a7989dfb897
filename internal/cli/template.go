package cli

import (
	"errors"
	"io/fs"
	"os"

	"offerlift/templates"
)

// templateCmd writes the workbook to fill.
type templateCmd struct {
	Out   string `arg:"" optional:"" default:"offerlift-template.xlsx" help:"The workbook to write; offerlift-template.xlsx otherwise." type:"path"`
	Force bool   `help:"Write over a file that is there."`
}

// Run is the command.
func (c *templateCmd) Run(e *env) error {
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if c.Force {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(c.Out, mode, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return refuse("name another file, or give --force to write over it", "%s is there already", c.Out)
	}
	if err != nil {
		return refuse("", "%s cannot be written: %v", c.Out, plain(err))
	}
	if err := errors.Join(templates.Workbook(f), f.Close()); err != nil {
		return refuse("", "%s cannot be written: %v", c.Out, err)
	}
	e.voice.say("wrote %s: open it, read the first sheet, fill the others, and run: offerlift check %s", c.Out, shellWord(c.Out))
	return nil
}
