package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"offerlift/internal/sheet"
)

// voice is the one place that speaks: results to standard output, all else to
// standard error, lower case and without a full stop, error first and hint
// below it. Where a progress line is drawn, other lines go above it.
type voice struct {
	out, err io.Writer
	color    bool
	terminal bool
	width    int

	mu   sync.Mutex
	log  *slog.Logger // where notes go instead; nil for the screen
	line string       // the progress line that is on the screen, blank where there is none
}

func newVoice(out, err io.Writer, getenv func(string) string) *voice {
	v := &voice{out: out, err: err, width: 80}
	if f, ok := err.(*os.File); ok && term.IsTerminal(int(f.Fd())) && getenv("TERM") != "dumb" {
		v.terminal = enableTerminal(f)
		if w, _, sizeErr := term.GetSize(int(f.Fd())); sizeErr == nil && w > 0 {
			v.width = w
		}
	}
	v.color = v.terminal && getenv("NO_COLOR") == ""
	return v
}

// exit says what an error has to say and returns its exit code.
func (v *voice) exit(err error) int {
	if err == nil {
		return exitFine
	}
	f := &failure{code: exitNothing, text: err.Error()}
	errors.As(err, &f)
	if v.log != nil {
		if f.text != "" {
			v.log.Error("error", "text", f.text, "hint", f.hint, "exit_code", f.code)
		}
		return f.code
	}
	if f.text != "" {
		v.note("%s %s", v.paint(red, "error:"), f.text)
	}
	if f.hint != "" {
		v.note("%s %s", v.paint(cyan, "hint:"), f.hint)
	}
	return f.code
}

// say prints a line of the result.
func (v *voice) say(format string, args ...any) { v.print(v.out, fmt.Sprintf(format, args...)) }

// note prints a line about the work.
func (v *voice) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	v.mu.Lock()
	log := v.log
	v.mu.Unlock()
	if log != nil {
		log.Info("note", "text", text)
		return
	}
	v.print(v.err, text)
}

// logTo makes notes and errors events of a log that has standard error for
// itself.
func (v *voice) logTo(log *slog.Logger) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.log, v.color = log, false
}

func (v *voice) print(w io.Writer, text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.line != "" {
		fmt.Fprint(v.err, "\r\x1b[K")
	}
	fmt.Fprintln(w, text)
	if v.line != "" {
		fmt.Fprint(v.err, v.line)
	}
}

// progress draws the progress line anew; blank takes it away.
func (v *voice) progress(line string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if line == v.line {
		return
	}
	fmt.Fprint(v.err, "\r\x1b[K", line)
	v.line = line
}

// json prints a value as indented JSON.
func (v *voice) json(value any) error {
	enc := json.NewEncoder(v.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// The colours, as the terminal numbers them.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	bold   = "1"
)

func (v *voice) paint(color, text string) string {
	if !v.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// message is one message in one line: where, what, and its code for the docs.
func (v *voice) message(m sheet.Message) string {
	place := m.Place()
	if m.Column != "" {
		place = strings.TrimSpace(place + " " + m.Column)
	}
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s %s%s [%s]", v.paint(levelColor(m.Level), string(m.Level)+":"), place, m.Text, m.Code)
}

func levelColor(l sheet.Level) string {
	switch l {
	case sheet.LevelError:
		return red
	case sheet.LevelWarning:
		return yellow
	}
	return cyan
}

// count is a number with its noun: 1 offer, 12 offers.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return group(n) + " " + noun
}

// group puts thin separators into large numbers: 12,345.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// span is a duration as people say it: 45 s, 3 min 20 s, 2 h 5 min.
func span(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
}

// age is how long ago something was: just now, 5 min ago, 3 days ago.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d/time.Hour))
	}
	return fmt.Sprintf("%d days ago", int(d/(24*time.Hour)))
}
