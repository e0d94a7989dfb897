// Package cli is the command line: one file a command, each an options struct
// and a run function. It joins the stages, and alone it does: sheets are read,
// mapped, sent and reported on by packages that know nothing of each other's
// downstream. voice.go holds what we say and how, exit.go the exit codes.
package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// app is every command and the flags that all share.
type app struct {
	Import   importCmd   `cmd:"" help:"Send the offers of a workbook or CSV files."`
	Check    checkCmd    `cmd:"" help:"Read and validate only: nothing is sent."`
	Template templateCmd `cmd:"" help:"Write a workbook to fill."`
	Resume   resumeCmd   `cmd:"" help:"Go on where a run stopped."`
	Report   reportCmd   `cmd:"" help:"Write a run's reports again."`
	Undo     undoCmd     `cmd:"" help:"Take back what a run created."`
	Profiles profilesCmd `cmd:"" help:"List the built-in profiles of other networks' exports, or show one."`
	Match    matchCmd    `cmd:"" help:"Propose a profile for a file that none fits."`
	IDs      idsCmd      `cmd:"" name:"ids" help:"Write the table of ids to fill in: of another network's export, and of names that your account does not have."`
	Runs     runsCmd     `cmd:"" help:"List past runs."`
	Sandbox  sandboxCmd  `cmd:"" help:"Serve a look-alike of the API to try things on."`

	Version kong.VersionFlag `help:"Print the version." short:"V"`
}

// Version is what --version prints.
const Version = "0.1.0"

// env is what a command meets of the world.
type env struct {
	ctx    context.Context // done at the second signal: cancel what is in flight
	stop   <-chan struct{} // closed at the first signal: begin nothing new
	stdin  io.Reader
	voice  *voice
	getenv func(string) string
	now    func() time.Time
	night  *night // who is told of a run

	passwords map[string]string // what encrypted files were opened with, by the files' names
}

// Main runs the command that args name and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	v := newVoice(stdout, stderr, os.Getenv)
	ctx, stop, release := signals(v)
	defer release()
	e := &env{ctx: ctx, stop: stop, stdin: stdin, voice: v, getenv: os.Getenv, now: time.Now, night: &night{log: slog.New(slog.DiscardHandler)}}
	return v.exit(run(e, args))
}

// helped is how kong's wish to exit, after it printed help, leaves the parser.
type helped int

func run(e *env, args []string) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case helped:
			err = nil
		default:
			panic(p)
		}
	}()
	var a app
	parser, err := kong.New(&a,
		kong.Name("offerlift"),
		kong.Description("Lifts affiliate offers out of spreadsheets into Affise, each exactly once."),
		kong.Writers(e.voice.out, e.voice.err),
		kong.Exit(func(code int) { panic(helped(code)) }),
		kong.Vars{"version": "offerlift " + Version},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Bind(e),
	)
	if err != nil {
		return err
	}
	parser.Model.HelpFlag.Help = "Show this help."
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		return usage(err)
	}
	return command.Run()
}

// usage turns the parser's error into ours.
func usage(err error) error {
	hint := "offerlift --help lists the commands"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil && parse.Context.Command() != "" {
		hint = "offerlift " + commandName(parse.Context) + " --help tells more"
	}
	text := err.Error()
	if missing, ok := strings.CutPrefix(text, "expected "); ok {
		text = strings.NewReplacer(`"<file> ..."`, "a file", `"<run>"`, "a run").Replace(missing) + " is to be named"
	}
	text = strings.NewReplacer("expected a float but got", "a number is needed, not", "expected duration but got", "a time such as 30s is needed, not",
		"expected a valid 64 bit int but got", "a whole number is needed, not").Replace(text)
	if word, ok := strings.CutPrefix(text, "unexpected argument "); ok && strings.HasPrefix(commandName(parse.Context), "runs") {
		for _, command := range []string{"list", "show", "prune"} {
			if word[0] == command[0] { // the parser has taken the word for an argument of runs list
				text += `, did you mean "runs ` + command + `"?`
			}
		}
	}
	return refuse(hint, "%s", text)
}

// commandName is a command as it is typed: import, runs show.
func commandName(c *kong.Context) string {
	if c == nil || c.Selected() == nil {
		return ""
	}
	_, name, _ := strings.Cut(c.Selected().FullPath(), " ")
	return name
}
