package cli

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/reports"
)

// What a cell holds cannot steer the terminal, with colours or without.
func TestCellsCannotSteerTheTerminal(t *testing.T) {
	evil := "\x1b[2J\x1b]0;pwned\x07\x9b31m\u202eabc\r\x7f\nerror: made up"
	for _, color := range []bool{false, true} {
		var out bytes.Buffer
		v := &voice{out: &out, err: &out, color: color, width: 80}
		v.say("%s", v.message(sheet.Message{Level: sheet.LevelError, Sheet: evil, Cell: "A1", Column: evil, Code: "bad", Text: evil}))
		v.note("%s", evil)
		v.progress(evil)
		got := strings.NewReplacer("\x1b[31m", "", endPaint, "", "\r\x1b[J", "").Replace(out.String())
		if strings.ContainsAny(got, "\x1b\x07\r\x7f\u009b\u202e") {
			t.Errorf("colour %t: %q", color, got)
		}
		if line, _, _ := strings.Cut(got, "\n"); !strings.Contains(line, "[bad]") {
			t.Errorf("a message with a line break is not one line: %q", got)
		}
		if color && !strings.Contains(out.String(), "\x1b[31merror:"+endPaint) {
			t.Errorf("our own colours are gone: %q", out.String())
		}
	}
}

func TestProgressFitsTheWidth(t *testing.T) {
	var p pace
	start := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	p.add(start, 0)
	p.add(start.Add(10*time.Second), 1200)
	s := state{Done: 1200, Failed: 31, Total: 100_000, Waiting: "looking for 日本語のオファー\x1b[2J" + strings.Repeat("k", 90)}
	for _, width := range []int{40, 60, 80, 200} {
		line := p.line(s, width)
		if w := screenWidth(line); w >= width || !strings.Contains(line, "120/s") || !strings.Contains(line, "13 min 43 s") && !strings.Contains(line, "14 min") {
			t.Errorf("%d columns: %d in use by %q", width, w, line)
		}
	}
}

func TestRunsAreAligned(t *testing.T) {
	rows := [][]string{{"run-1", "import", "just now", "8 created", strings.Repeat("long-", 40) + ".xlsx"}, {"run-22", "undo", "3 days ago", "1,008 created, 5 failed", "日本.xlsx"}}
	lines := aligned(rows, 79)
	for _, line := range lines {
		if screenWidth(line) > 79 {
			t.Errorf("%d columns: %q", screenWidth(line), line)
		}
	}
	if strings.Index(lines[0], "long-") != strings.Index(lines[1], "日本") {
		t.Errorf("not aligned:\n%s", strings.Join(lines, "\n"))
	}
}

// A progress line that a narrower window broke into several is taken off whole.
func TestTheProgressLineIsTakenOffANarrowerWindow(t *testing.T) {
	var out bytes.Buffer
	v := &voice{out: &out, err: &out, width: 80}
	v.progress(strings.Repeat("#", 50))
	v.width = 20
	out.Reset()
	v.note("hello")
	if got := out.String(); !strings.HasPrefix(got, "\r\x1b[2A\x1b[Jhello\n###") {
		t.Errorf("%q", got)
	}
}

// The time left follows the rate of the last seconds, not that of the whole run.
func TestTheTimeLeftFollowsTheRate(t *testing.T) {
	var p pace
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	done := 0
	run := func(seconds, perSecond int) time.Duration {
		for range seconds * 4 {
			at, done = at.Add(250*time.Millisecond), done+perSecond/4
			p.add(at, done)
		}
		left, ok := p.left(state{Done: done, Total: 100_000})
		if !ok {
			t.Fatal("nobody can tell")
		}
		return left
	}
	p.add(at, 0)
	for _, perSecond := range []int{100, 8, 400} {
		left := run(60, perSecond)
		want := time.Duration(100_000-done) * time.Second / time.Duration(perSecond)
		if diff := (left - want).Abs(); diff > want/20 {
			t.Errorf("at %d/s: %v left, not %v", perSecond, left, want)
		}
	}
}

// A line that says what to run can be pasted, whatever the file is called.
func TestPathsArePastable(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	for path, want := range map[string]string{
		"launch.xlsx":            "launch.xlsx",
		"My Offers/May 2031.csv": `"My Offers/May 2031.csv"`,
		"Anna's (new).xlsx":      `"Anna's (new).xlsx"`,
		"$HOME & `id`'s.xlsx":    `'$HOME & ` + "`id`" + `'\''s.xlsx'`,
		`back\slash "q" 5!.xlsx`: `'back\slash "q" 5!.xlsx'`,
	} {
		if got := shellWord(path); got != want {
			t.Errorf("%s: %s instead of %s", path, got, want)
		}
		if out, err := exec.Command(sh, "-c", "printf %s "+shellWord(path)).Output(); err != nil || string(out) != path {
			t.Errorf("sh reads %s as %s: %v", shellWord(path), out, err)
		}
	}
	var out bytes.Buffer
	ending{sum: importer.Summary{Input: []string{"My Offers/May 2031.csv", "b.csv"}, Mode: importer.ModeCreate,
		Problems: []importer.Problem{{Code: "changed_since", N: 2}}}}.tell(&voice{out: &out, err: &out, width: 80})
	if !strings.Contains(out.String(), `next: offerlift import "My Offers/May 2031.csv" b.csv --mode upsert sends`) {
		t.Error(out.String())
	}
}

// What a run came to fits a screen of 24 lines with the prompt below it.
func TestClosingFitsAScreen(t *testing.T) {
	sum := importer.Summary{Run: "20310501-0900-abcd", Mode: importer.ModeCreate, Input: []string{"offers/launch of may.xlsx"},
		Counts:   map[importer.Status]int{importer.StatusCreated: 12345, importer.StatusSkipped: 8, importer.StatusFailed: 1055},
		Messages: []sheet.Message{{Level: sheet.LevelError, Code: "orphan", Sheet: "Payouts", Cell: "A63"}}}
	for range 9 {
		sum.Problems = append(sum.Problems, importer.Problem{Code: "not_allowed", Level: sheet.LevelError, N: 212,
			Example: "launch of may.xlsx, Offers!E2 status: `actve` is not a status: stopped, active or suspended. " + strings.Repeat("Did you mean active? ", 20)})
	}
	var files []reports.File
	for i, name := range []string{"results.xlsx", "failed.xlsx", "report.html", "results.jsonl", "summary.json"} {
		what := "your workbook with what became of each offer; wrong cells are red"
		if i > 2 {
			what = "one line an offer, for scripts"
		}
		files = append(files, reports.File{Name: name, Path: "offerlift-20310501-0900-abcd/" + name, What: what})
	}
	for _, width := range []int{40, 50, 60, 80, 200} {
		var out bytes.Buffer
		ending{sum: sum, files: files, resume: "offerlift resume " + sum.Run}.tell(&voice{out: &out, err: &out, terminal: true, color: true, width: width})
		lines := 0
		plain := regexp.MustCompile("\x1b\\[\\d+m").ReplaceAllString(out.String(), "")
		for line := range strings.Lines(plain) {
			lines += 1 + max(screenWidth(strings.TrimRight(line, "\n"))-1, 0)/width
		}
		if lines > 23 || lines < 20 && width < 100 {
			t.Errorf("%d columns: %d lines\n%s", width, lines, plain)
		}
		for _, want := range []string{"12,345 created", "1,055 failed", "NOT sent", "failed.xlsx", "next: mend Payouts!A63"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%d columns: no %q in\n%s", width, want, plain)
			}
		}
	}
}
