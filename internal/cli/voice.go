package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"offerlift/internal/sheet"
)

// voice is the one place that speaks: results to standard output, all else to
// standard error, lower case and without a full stop, error first and hint
// below it. Where a progress line is drawn, other lines go above it. What comes
// out of a cell or from a server cannot steer the terminal: see [harmless].
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
		v.measure()
	}
	v.color = v.terminal && getenv("NO_COLOR") == ""
	return v
}

// measure asks a terminal for its width, which changes as people drag windows.
func (v *voice) measure() { v.width = v.columns() }

// columns is the terminal's width now.
func (v *voice) columns() int {
	if f, ok := v.err.(*os.File); ok && v.terminal {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return v.width
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
	v.erase()
	fmt.Fprintln(w, v.safe(text))
	if v.line != "" {
		fmt.Fprint(v.err, v.line)
	}
}

// progress draws the progress line anew; blank takes it away.
func (v *voice) progress(line string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if line = oneLine(line); line == v.line {
		return
	}
	v.erase()
	fmt.Fprint(v.err, line)
	v.line = line
}

// erase takes the progress line off the screen. In a window that became narrower
// since it was drawn, it stands on several lines.
func (v *voice) erase() {
	if v.line == "" {
		return
	}
	fmt.Fprint(v.err, "\r")
	if more := (screenWidth(v.line) - 1) / max(v.columns(), 1); more > 0 {
		fmt.Fprintf(v.err, "\x1b[%dA", more)
	}
	fmt.Fprint(v.err, "\x1b[J")
}

// rows is how many lines of the screen some lines take.
func (v *voice) rows(lines []string) (n int) {
	for _, line := range lines {
		for _, code := range paints() {
			line = strings.ReplaceAll(line, "\x1b["+code+"m", "")
		}
		n += 1 + max(screenWidth(line)-1, 0)/v.width
	}
	return n
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

const endPaint = "\x1b[0m"

// paints are all codes that we write.
func paints() []string { return []string{red, green, yellow, cyan, bold, "0"} }

func (v *voice) paint(color, text string) string {
	if !v.color {
		return text
	}
	return "\x1b[" + color + "m" + oneLine(text) + endPaint
}

// safe is a text of which only our own colours reach the terminal.
func (v *voice) safe(text string) string {
	if !v.color {
		return harmless(text)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "\x1b[")
		b.WriteString(harmless(before))
		if !found {
			return b.String()
		}
		code, after, ok := strings.Cut(rest, "m")
		if ok && slices.Contains(paints(), code) {
			b.WriteString("\x1b[" + code + "m")
			text = after
			continue
		}
		b.WriteString(harmless("\x1b["))
		text = rest
	}
}

// harmless shows characters that would steer a terminal, or turn the order of a
// line around, as the signs for them. Line breaks and tabs stay.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r < ' ':
			return r + '␀'
		case r == 0x7f:
			return '␡'
		case r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return utf8.RuneError
		}
		return r
	}, text)
}

// oneLine is harmless for what must stay on its line.
func oneLine(text string) string {
	return strings.NewReplacer("\n", "␊", "\t", "␉").Replace(harmless(text))
}

// short cuts a text to so many columns of the screen.
func short(text string, columns int) string {
	width := 0
	for i, r := range text {
		if width += columnsOf(r); width > columns {
			cut := []rune(text[:i])
			for len(cut) > 0 && width > columns-1 {
				width -= columnsOf(cut[len(cut)-1])
				cut = cut[:len(cut)-1]
			}
			return string(cut) + "…"
		}
	}
	return text
}

// screenWidth is how many columns of the screen a text takes.
func screenWidth(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// columnsOf is how many columns a character takes: wide ones, such as Chinese,
// take two.
func columnsOf(r rune) int {
	if r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd {
		return 2
	}
	return 1
}

// aside is a text with a remark beside it, of which a terminal shows what fits
// its line.
func (v *voice) aside(text, remark string) string {
	if room := v.width - screenWidth(text) - 3; v.terminal && screenWidth(remark) > room {
		if room < 16 {
			return text
		}
		remark = short(remark, room)
	}
	return text + "  " + remark
}

// message is one message in one line: where, what, and its code for the docs.
func (v *voice) message(m sheet.Message) string { return v.placed(m.Spot(), m) }

// cause is all messages of one cause in one line.
func (v *voice) cause(c *sheet.Cause) string {
	text := v.placed(c.Places(mostPlaces), c.Message)
	if c.N > 1 {
		text += " " + group(c.N) + " times"
	}
	return text
}

func (v *voice) placed(place string, m sheet.Message) string {
	if m.Column != "" {
		place = strings.TrimSpace(place + " " + m.Column)
	}
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s %s%s [%s]", v.paint(levelColor(m.Level), string(m.Level)+":"), oneLine(place), oneLine(m.Text), m.Code)
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
func count(n int, noun string) string { return countOf(n, noun, noun+"s") }

// countOf is count for nouns with a plural of their own.
func countOf(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return group(n) + " " + many
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
