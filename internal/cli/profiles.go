package cli

import (
	"strings"
)

// profilesCmd lists the built-in profiles, or shows one.
type profilesCmd struct {
	Name string `arg:"" optional:"" help:"The profile to show: a name, or a file of your own, which is checked."`
	YAML bool   `name:"yaml" help:"Print a built-in profile as it is, to begin one of your own."`
}

// Run is the command.
func (c *profilesCmd) Run(e *env) error {
	if c.YAML {
		text, err := library(e).Source(c.Name)
		if err != nil {
			return refuseProfile(err)
		}
		e.voice.say("%s", strings.TrimRight(text, "\n"))
		return nil
	}
	if c.Name == "" {
		return c.list(e)
	}
	p, err := library(e).Load(c.Name)
	if err != nil {
		return refuseProfile(err)
	}
	v := e.voice
	v.say("%s (%s)", p.Title, p.Name)
	if p.Confirm {
		v.say("  a draft: its columns were made of labels, so import asks you to confirm them")
	}
	for line := range strings.Lines(strings.TrimSpace(p.About)) {
		v.say("  %s", strings.TrimSpace(line))
	}
	v.say("  money: %s", p.Money)
	for _, t := range p.Tables {
		known := "with the columns " + strings.Join(t.Has, ", ")
		if len(t.Has) == 0 { // or a list inside JSON, *.payments
			known = "or list named " + strings.Join(t.Sheets, ", ")
		}
		v.say("  table %s: a file %s", t.Name, known)
	}
	for _, o := range p.Options {
		of := ""
		if len(o.Of) > 0 {
			of = " (" + strings.Join(o.Of, ", ") + ")"
		}
		v.say("  --set %s=%s%s: %s", o.Name, o.Value, of, o.Help)
	}
	for i, macro := range p.Slots {
		if macro != "" {
			v.say("  sub%d takes %s", i+1, macro)
		}
	}
	return nil
}

func (c *profilesCmd) list(e *env) error {
	all, err := library(e).All()
	if err != nil {
		return refuseProfile(err)
	}
	width := 0
	for _, p := range all {
		width = max(width, len(p.Name))
	}
	for _, p := range all {
		note := ""
		if p.Confirm {
			note = ", a draft"
		}
		e.voice.say("%-*s  %s%s", width, p.Name, p.Title, note)
	}
	return nil
}
