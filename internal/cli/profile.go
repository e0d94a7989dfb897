package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
	"offerlift/templates"
)

// profileFlags say how another network's export becomes ours.
type profileFlags struct {
	Profile string            `help:"How another network's columns become ours: a name that offerlift profiles lists, or a file of your own; found out by itself otherwise." placeholder:"NAME|FILE"`
	IDs     []string          `name:"ids" help:"A table that turns the source's ids or names into the account's; may be given several times." type:"path" placeholder:"FILE"`
	Set     map[string]string `help:"A choice that the profile leaves to you; may be given several times." placeholder:"NAME=VALUE"`
	Strict  bool              `help:"With a profile: what is lost, changes its meaning or is to be decided is an error."`

	copies map[string]string // of files that are gone since the run began, by their paths
}

// library is the built-in profiles, and the user's own.
func library(e *env) profile.Library {
	l := profile.Library{Files: templates.Profiles()}
	if dir, err := ownProfiles(e); err == nil {
		l.Own = dir
	}
	return l
}

// library is that of the run, which also has what is gone since.
func (f *profileFlags) library(e *env) profile.Library {
	l := library(e)
	l.Copies = f.copies
	return l
}

// translated is an export as our own book, and what became of it.
type translated struct {
	book    *sheet.Book
	profile *profile.Profile
	report  *profile.Report
}

// candidates are the profiles that the input may be of: the one that is named,
// or all built-in ones.
func (f *profileFlags) candidates(e *env) ([]*profile.Profile, error) {
	known := f.library(e)
	if f.Profile == "" {
		all, err := known.All()
		return all, refuseProfile(err)
	}
	p, err := known.Load(f.Profile)
	if err != nil {
		return nil, refuseProfile(err)
	}
	if !known.Has(f.Profile) { // a run that is resumed elsewhere must find it
		if f.Profile, err = filepath.Abs(f.Profile); err != nil {
			return nil, err
		}
	}
	p, err = f.set(p)
	return []*profile.Profile{p}, err
}

// set makes the choices that a profile leaves to its user.
func (f *profileFlags) set(p *profile.Profile) (*profile.Profile, error) {
	var err error
	for name, value := range f.Set {
		if p, err = p.Set(name, value); err != nil {
			return nil, refuse("offerlift profiles "+f.Profile+" lists what can be set", "%v", err)
		}
	}
	return p, nil
}

// openIDs reads the tables of ids.
func (r *reading) openIDs() error {
	for _, path := range r.flags.IDs {
		if err := r.ids.Open(path); err != nil {
			return refuse("a table of ids has the source's id or name and the account's id", "--ids: %v", err)
		}
	}
	return nil
}

// choose returns the profile that a book is read with; nil where it is ours.
// One that was recognised is kept by its name, so that a resumed run reads the
// same.
func (r *reading) choose(e *env, book *sheet.Book) (*profile.Profile, error) {
	f := r.flags
	if f.Profile != "" {
		return r.profiles[0], nil
	}
	if profile.IsOurs(book) {
		return nil, f.unused()
	}
	p, _ := profile.Recognise(book, r.profiles)
	if p == nil {
		return nil, f.unused()
	}
	f.Profile = p.Name
	m := profile.Taken(p, book)
	book.Notes = append(book.Notes, m)
	e.voice.note("%s", e.voice.message(m))
	return f.set(p)
}

// unused refuses flags that mean something with a profile alone.
func (f *profileFlags) unused() error {
	switch {
	case len(f.Set) > 0:
		return refuse("give --profile NAME", "--set needs a profile, and none fits the input")
	case f.Strict:
		return refuse("give --profile NAME", "--strict needs a profile, and none fits the input")
	}
	return nil
}

// translate reads a book with its profile; nil where it is ours. Names that
// --ids does not have are looked up, where there is an account to ask.
func (r *reading) translate(e *env, book *sheet.Book, find func(kind, name string) mapping.Found) (*translated, error) {
	p, err := r.choose(e, book)
	if p == nil || err != nil {
		return nil, err
	}
	derived, report, err := profile.Apply(book, p, profile.Settings{IDs: r.ids, Lookup: find, Strict: r.flags.Strict, Now: e.now})
	if err != nil {
		return nil, refuseProfile(err)
	}
	return &translated{derived, p, report}, nil
}

// refuseProfile tells everything that is wrong with a profile.
func refuseProfile(err error) error {
	var invalid *profile.Invalid
	if errors.As(err, &invalid) {
		return refuse("", "%s", strings.Join(invalid.Problems, "\n       "))
	}
	if err != nil {
		return refuse("", "%v", err)
	}
	return nil
}

// confirmDraft asks whether a draft's headers are the file's: they were made of
// labels, not of a real export.
func (c *importCmd) confirmDraft(e *env, in *input) error {
	if in.translated == nil || !in.translated.profile.Confirm || c.Yes || c.Sandbox {
		return nil
	}
	p := in.translated.profile
	e.voice.note("profile %s is a draft: its columns were made of labels, since no real export was at hand. %s", p.Name, p.Money)
	if !isTerminal(e.stdin) {
		return refuse("look at what offerlift check says, then start with --yes", "profile %s is a draft, and no one is there to confirm it", p.Name)
	}
	return ask(e, "are these the columns of your export, and are the amounts the right way round?", "nothing was sent")
}

// withoutMigration leaves out what the summary of a migration tells in sum.
func withoutMigration(messages []sheet.Message) []sheet.Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m sheet.Message) bool {
		return m.Level != sheet.LevelError && profile.IsMigration(m.Code)
	})
}

// tellMigration prints what became of an export, in sum.
func tellMigration(v *voice, r *profile.Report) {
	v.say("%s %s, with profile %s", v.paint(bold, "from "+r.Title+":"), count(r.Offers, "offer"), r.Profile)
	v.say("  money: %s", r.Money)
	for _, s := range r.Sums {
		if profile.IsMigration(s.Code) && s.Code != profile.CodeCarried && s.Example.Level != sheet.LevelError {
			v.say("  %s: %s, such as %s: %s", joined(strings.ReplaceAll(s.Code, "_", " "), s.Column), count(s.Count, "time"), s.Example.Spot(), s.Example.Text)
		}
	}
	for _, s := range r.Sums {
		if s.Code == profile.CodeCarried && s.Column == "revenue" {
			v.say("  such as %s: %s", s.Example.Spot(), s.Example.Text)
		}
	}
	for _, l := range r.Links {
		v.say("  tell affiliates: write %s= in place of %s= (%s)", l.Sub, l.Parameter, count(l.Offers, "URL"))
	}
	for _, a := range r.Advice {
		v.say("  mind: %s", a)
	}
}
