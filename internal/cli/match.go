package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
	"offerlift/mapping/profile"
)

// matchCmd proposes a profile for a file that none fits.
type matchCmd struct {
	inputFlags
	Name   string `help:"The profile's name; made of the file's otherwise." placeholder:"NAME"`
	Output string `short:"o" help:"The file to write; among your own profiles otherwise, where import finds it by itself." type:"path" placeholder:"FILE"`
	Anyway bool   `help:"Propose a profile also where one fits the file already."`
	Yes    bool   `short:"y" help:"Ask no question: take what is likeliest."`
}

// Run is the command.
func (c *matchCmd) Run(e *env) error {
	book, err := c.openBook(e)
	if err != nil {
		return err
	}
	defer book.Close()
	if !c.Anyway {
		if known, err := c.knows(e, book); known || err != nil {
			return err
		}
	}
	p, err := profile.Propose(book)
	if err != nil {
		return refuse("", "%v", err)
	}
	tellGuesses(e.voice, p)
	if !c.Yes && isTerminal(e.stdin) {
		if err := askDoubts(e, p); err != nil {
			return err
		}
	}
	path, err := c.write(e, p)
	if err != nil {
		return err
	}
	v := e.voice
	v.say("the profile is in %s: look at it, above all at the money and the macros", path)
	if c.Output == "" {
		v.say("next: offerlift check %s", shellWords(c.Paths))
	} else {
		v.say("next: offerlift check --profile %s %s", shellWord(path), shellWords(c.Paths))
	}
	return nil
}

// knows tells of a file that needs no profile, or has one.
func (c *matchCmd) knows(e *env, book *sheet.Book) (bool, error) {
	if profile.IsOurs(book) {
		e.voice.say("the file has our own columns: it needs no profile")
		return true, nil
	}
	candidates, err := c.candidates(e)
	if err != nil {
		return false, err
	}
	if p, _ := profile.Recognise(book, candidates); p != nil {
		e.voice.say("profile %s fits the file already: import and check take it by themselves; --anyway proposes another", p.Name)
		return true, nil
	}
	return false, nil
}

// tellGuesses lists what each column seems to be, the doubtful ones marked.
func tellGuesses(v *voice, p *profile.Proposal) {
	v.say("%s %s", v.paint(bold, p.Table.File+":"), count(len(p.Guesses), "column"))
	for _, g := range p.Guesses {
		at := sheet.ColumnName(g.Column) + " " + g.Header
		example := ""
		if g.Example != "" {
			example = ", such as " + exampleOf(g)
		}
		switch {
		case g.Repeats():
		case g.Means == "":
			v.say("  %s %s: %s%s", v.paint(yellow, "-"), at, leftWhy(g), example)
		case g.Doubtful():
			v.say("  %s %s: perhaps %s, %.0f %% sure: %s%s", v.paint(yellow, "?"), at, g.Means, 100*g.Sure, g.Why, example)
		default:
			v.say("  %s %s: %s, %.0f %% sure%s", v.paint(green, "="), at, g.Means, 100*g.Sure, example)
		}
	}
}

// examplesOf are up to three different values of a column.
func examplesOf(g profile.Guess) []string {
	var texts []string
	for _, value := range g.Examples() {
		texts = append(texts, short(strings.Join(strings.Fields(value), " "), 24))
	}
	return texts
}

// leftWhy tells why a column is not carried.
func leftWhy(g profile.Guess) string {
	if g.Why == "" {
		return "not recognised"
	}
	return "not carried: " + g.Why
}

// exampleOf is a value in one line that is not too long.
func exampleOf(g profile.Guess) string {
	return short(strings.Join(strings.Fields(g.Example), " "), 60)
}

// askDoubts asks about each doubtful column, then about each that was not
// recognised and holds something.
func askDoubts(e *env, p *profile.Proposal) error {
	q := &questions{voice: e.voice, in: bufio.NewReader(e.stdin)}
	for _, which := range []func(profile.Guess) bool{profile.Guess.Doubtful, profile.Guess.Unknown} {
		for i := range p.Guesses { // an answer may change another guess
			if g := p.Guesses[i]; which(g) {
				if err := q.ask(p, g); err != nil || q.over {
					return err
				}
			}
		}
	}
	return nil
}

// questions asks a person.
type questions struct {
	voice *voice
	in    *bufio.Reader
	begun bool
	over  bool // the rest is to stay as it is
}

// ask asks about one column until the answer is one.
func (q *questions) ask(p *profile.Proposal, g profile.Guess) error {
	q.print("")
	if !q.begun {
		q.begun = true
		q.print("some columns are not sure: Enter takes choice 1, . ends the questions")
	}
	choices := choicesOf(g)
	q.show(g, choices)
	for {
		fmt.Fprint(q.voice.err, "  number, Enter = 1, - = leave it out, ? = all names: ")
		answer, err := q.in.ReadString('\n')
		if err != nil {
			q.print("")
			return refuse("--yes takes what is likeliest", "nothing was written")
		}
		switch answer = strings.TrimSpace(answer); answer {
		case ".":
			q.over = true
			return nil
		case "?":
			for _, name := range profile.Meanings() {
				q.print(fmt.Sprintf("  %-16s %s", name, profile.MeaningHelp(name)))
			}
			continue
		}
		err = p.Say(g.Column, chosen(answer, choices))
		if err == nil {
			return nil
		}
		q.print(err.Error())
	}
}

// show shows a column with a few of its values, and what it may be, the
// likeliest first.
func (q *questions) show(g profile.Guess, choices []string) {
	q.print(fmt.Sprintf("%s %s, such as %s", sheet.ColumnName(g.Column), short(g.Header, 40), strings.Join(examplesOf(g), " | ")))
	for i, means := range choices {
		text := means + ", " + profile.MeaningHelp(means)
		switch {
		case means == "":
			text = "nothing of ours: leave it out"
		case means == g.Means:
			text += fmt.Sprintf(" (%.0f %% sure)", 100*g.Sure)
		}
		q.print(fmt.Sprintf("  %d  %s", i+1, text))
	}
}

func (q *questions) print(line string) { fmt.Fprintln(q.voice.err, q.voice.safe(line)) }

// choicesOf are what a column may be, its guess first and nothing last; of a
// column that was not recognised, nothing is first.
func choicesOf(g profile.Guess) []string {
	if g.Means == "" {
		return append([]string{""}, g.Others...)
	}
	return append(append([]string{g.Means}, g.Others...), "")
}

// chosen is the name that an answer stands for: a choice's number, or a name.
func chosen(answer string, choices []string) string {
	switch answer {
	case "":
		return choices[0]
	case "-":
		return ""
	}
	if n, err := strconv.Atoi(answer); err == nil && n > 0 && n <= len(choices) {
		return choices[n-1]
	}
	return answer
}

// write writes the profile. It never writes over one.
func (c *matchCmd) write(e *env, p *profile.Proposal) (string, error) {
	name := c.Name
	if name == "" {
		name = slug(strings.TrimSuffix(filepath.Base(c.Paths[0]), filepath.Ext(c.Paths[0])))
	}
	path := c.Output
	if path == "" {
		dir, err := ownProfiles(e)
		if err != nil {
			return "", refuse("give --output FILE", "no place for your profiles: %v", err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", refuse("give --output FILE", "%s cannot be made: %v", dir, plain(err))
		}
		path = filepath.Join(dir, name+".yaml")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", refuse("give --name or --output another one, or take that file away", "%s is there already", path)
	}
	if err != nil {
		return "", refuse("", "%s cannot be written: %v", path, plain(err))
	}
	_, err = f.WriteString(p.YAML(name))
	return path, errors.Join(err, f.Close())
}

// slug makes a name of a file's: small letters, digits and hyphens.
func slug(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if len(words) == 0 {
		return "mine"
	}
	return strings.Join(words, "-")
}

// ownProfiles is the folder of the user's own profiles, which import knows like
// the built-in ones.
func ownProfiles(e *env) (string, error) {
	dir, err := stateDir(e.getenv)
	return filepath.Join(dir, "profiles"), err
}
