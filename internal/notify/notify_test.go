package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

func summary() importer.Summary {
	start := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	end := start.Add(4*time.Minute + 5200*time.Millisecond)
	return importer.Summary{
		Run: "20261123-0200-abcd", Input: []string{"/home/anna/launch.xlsx"}, Account: "https://api-acme.affise.com", Mode: "create",
		StartedAt: start, FinishedAt: &end,
		Counts: map[importer.Status]int{importer.StatusCreated: 12},
	}
}

func TestAbout(t *testing.T) {
	sum := summary()
	sum.ExitCode = 1
	sum.Counts = map[importer.Status]int{importer.StatusCreated: 9, importer.StatusFailed: 3}
	sum.Problems = []importer.Problem{
		{Code: "past", Level: sheet.LevelWarning, N: 8, Example: "Offers!F2: it is past"},
		{Code: "not_allowed", Level: sheet.LevelError, N: 3, Example: "launch.xlsx, Offers!D7: `actve` is not a status: active, stopped or suspended.\nDid you mean active?"},
	}
	want := Message{
		Subject: "offerlift: 12 offers of launch.xlsx: 3 failed",
		Text: `12 offers of launch.xlsx: 3 failed

9 created: new in the account
3 failed: not done: its message says why and how to mend it

The commonest problems:
- 3 times: launch.xlsx, Offers!D7: ` + "`actve`" + ` is not a status: active, stopped or suspended. Did you mean active?

What to do now: open the file of failed offers beside the report, mend the marked cells and import that file

Run: 20261123-0200-abcd
Account: https://api-acme.affise.com
Time taken: 4m5s
Reports: /srv/reports/tonight
`,
	}
	if diff := cmp.Diff(want, About(sum, "/srv/reports/tonight", "")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAboutSaysWhatToDo(t *testing.T) {
	tests := []struct {
		name          string
		change        func(*importer.Summary)
		reports       string
		subject, text string
	}{
		{"fine", func(*importer.Summary) {}, "out", "offerlift: 12 offers of launch.xlsx: all fine", "Reports: out"},
		{"one", func(s *importer.Summary) { s.Counts = map[importer.Status]int{importer.StatusSkipped: 1} }, "out", "offerlift: 1 offer of launch.xlsx: all fine", "1 skipped: left alone"},
		{"stopped", func(s *importer.Summary) { s.Stopped = "the API key is refused" }, "out",
			"offerlift: 12 offers of launch.xlsx: stopped before the end (the API key is refused)", "What to do now: run offerlift resume 20261123-0200-abcd"},
		{"no journal", func(s *importer.Summary) { s.Stopped = "the journal was deleted" }, "out",
			"offerlift: 12 offers of launch.xlsx: stopped before the end (the journal was deleted)", "What to do now: import the file again"},
		{"unknown", func(s *importer.Summary) { s.Counts[importer.StatusUnknown] = 2 }, "out",
			"offerlift: 14 offers of launch.xlsx: 2 unknown", "offerlift resume 20261123-0200-abcd, which looks again"},
		{"no reports", func(*importer.Summary) {}, "", "offerlift: 12 offers of launch.xlsx: all fine", "offerlift report 20261123-0200-abcd writes them again"},
		{"undo", func(s *importer.Summary) {
			s.Mode = "delete"
			s.Counts = map[importer.Status]int{importer.StatusUpdated: 2, importer.StatusFailed: 1}
		}, "out", "offerlift: undo, 3 offers of launch.xlsx: 1 failed", "2 updated: taken back"},
		{"a hostile name", func(s *importer.Summary) { s.Input = []string{"a\r\nBcc: evil@example.com\x1b[31m.xlsx", "b.csv"} }, "out",
			"offerlift: 12 offers of a Bcc: evil@example.com [31m.xlsx, b.csv: all fine", "Run: 2026"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sum := summary()
			tt.change(&sum)
			resume := "offerlift resume " + sum.Run
			if tt.name == "no journal" {
				resume = ""
			}
			m := About(sum, tt.reports, resume)
			if m.Subject != tt.subject {
				t.Errorf("subject %q, not %q", m.Subject, tt.subject)
			}
			if !strings.Contains(m.Text, tt.text) {
				t.Errorf("%q is not in\n%s", tt.text, m.Text)
			}
		})
	}
}

// However much goes wrong, a message stays one that people read.
func TestAboutIsShort(t *testing.T) {
	sum := summary()
	for range 50 {
		sum.Input = append(sum.Input, strings.Repeat("long", 50)+".csv")
		sum.Problems = append(sum.Problems, importer.Problem{Level: sheet.LevelError, N: 1, Example: strings.Repeat("ж", 5000)})
	}
	m := About(sum, "out", "")
	if n := len([]rune(m.Subject)); n > mostSubject {
		t.Errorf("a subject of %d characters", n)
	}
	if strings.Count(m.Text, " times: ") != mostProblems || !strings.Contains(m.Text, "- more kinds of problem") {
		t.Errorf("not the first %d problems:\n%.2000s", mostProblems, m.Text)
	}
	for line := range strings.Lines(m.Text) {
		if n := len([]rune(line)); n > 600 {
			t.Errorf("a line of %d characters: %.80s", n, line)
		}
	}
}

func TestRefused(t *testing.T) {
	got := Refused("launch.xlsx is not there", "check the path")
	want := Message{Subject: "offerlift did not start: launch.xlsx is not there", Text: "launch.xlsx is not there\n\nThe command ended before anything was sent to the account.\n\nWhat to do now: check the path\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
