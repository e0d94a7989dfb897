// Package notify tells people how a run ended, where nobody watches it: by a
// Slack-compatible webhook and by e-mail.
//
// [About] makes a [Message] of a run's summary, [Refused] one of a command that
// sent nothing; a [Webhook] and a [Mail] deliver it. Both give up after a while,
// so that a run never waits for them long, and no error of theirs holds a
// secret: not the path of a webhook's address, not a password.
package notify

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// Message is what people get to read. Subject is one line; Text is plain text
// that says the same and more.
type Message struct {
	Subject string
	Text    string
}

// mostProblems is how many kinds of problem a message quotes, mostQuoted how
// many characters of each; so many files are named, with so many characters
// each; mostSubject is how many characters a subject has.
const (
	mostProblems = 3
	mostQuoted   = 240
	mostNames    = 3
	mostName     = 80
	mostSubject  = 150
)

// About tells of a run: how many offers went where, the commonest problems,
// what to do now. reports is the folder of its reports, blank where they could
// not be written; resume is the command that goes on with it, blank where it
// cannot be gone on with.
func About(sum importer.Summary, reports, resume string) Message {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", headline(sum))
	for _, s := range []importer.Status{
		importer.StatusCreated, importer.StatusUpdated, importer.StatusUnchanged, importer.StatusSkipped,
		importer.StatusFailed, importer.StatusUnknown, importer.StatusPending,
	} {
		if n := sum.Counts[s]; n > 0 {
			fmt.Fprintf(&b, "%d %s: %s\n", n, s, s.Meaning(sum.Mode))
		}
	}
	b.WriteString(problems(sum.Problems))
	if next := nextStep(sum, reports, resume); next != "" {
		fmt.Fprintf(&b, "\nWhat to do now: %s\n", next)
	}
	fmt.Fprintf(&b, "\nRun: %s\nAccount: %s\n", sum.Run, sum.Account)
	if sum.FinishedAt != nil {
		fmt.Fprintf(&b, "Time taken: %s\n", sum.FinishedAt.Sub(sum.StartedAt).Round(time.Second))
	}
	if reports != "" {
		fmt.Fprintf(&b, "Reports: %s\n", reports)
	} else if resume != "" {
		fmt.Fprintf(&b, "The reports could not be written: offerlift report %s writes them again\n", sum.Run)
	}
	return Message{Subject: clip("offerlift: "+headline(sum), mostSubject), Text: b.String()}
}

// Refused tells of a command that ended before anything was sent.
func Refused(why, hint string) Message {
	m := Message{Subject: clip("offerlift did not start: "+why, mostSubject), Text: why + "\n\nThe command ended before anything was sent to the account.\n"}
	if hint != "" {
		m.Text += "\nWhat to do now: " + hint + "\n"
	}
	return m
}

// headline is the run in one line.
func headline(sum importer.Summary) string {
	total := 0
	for _, n := range sum.Counts {
		total += n
	}
	head := fmt.Sprintf("%d offers", total)
	if total == 1 {
		head = "1 offer"
	}
	if names := inputs(sum.Input); names != "" {
		head += " of " + names
	}
	if sum.Mode.Undoes() {
		head = "undo, " + head
	}
	failed, unknown := sum.Counts[importer.StatusFailed], sum.Counts[importer.StatusUnknown]
	var parts []string
	if sum.Stopped != "" {
		parts = append(parts, "stopped before the end ("+oneLine(sum.Stopped)+")")
	}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", failed))
	}
	if unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", unknown))
	}
	if len(parts) == 0 {
		return head + ": all fine"
	}
	return head + ": " + strings.Join(parts, ", ")
}

// inputs names the files, the first few where there are many.
func inputs(paths []string) string {
	var names []string
	for _, p := range paths[:min(len(paths), mostNames)] {
		names = append(names, clip(filepath.Base(p), mostName))
	}
	list := strings.Join(names, ", ")
	if more := len(paths) - len(names); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// problems quotes the first place of each of the commonest errors.
func problems(all []importer.Problem) string {
	var b strings.Builder
	n := 0
	for _, p := range all {
		if p.Level != sheet.LevelError {
			continue
		}
		if n++; n > mostProblems {
			b.WriteString("- more kinds of problem in the report\n")
			break
		}
		if n == 1 {
			b.WriteString("\nThe commonest problems:\n")
		}
		fmt.Fprintf(&b, "- %d times: %s\n", p.N, clip(p.Example, mostQuoted))
	}
	return b.String()
}

// nextStep says what a person should do; blank where nothing is left to do.
func nextStep(sum importer.Summary, reports, resume string) string {
	switch {
	case sum.Stopped != "" && resume == "":
		return "import the file again in a minute: this run cannot go on, and what is in the account is not sent twice"
	case sum.Stopped != "":
		return fmt.Sprintf("run %s, which goes on where it stopped and sends nothing twice", resume)
	case sum.Counts[importer.StatusUnknown] > 0:
		return fmt.Sprintf("run %s, which looks again for the unknown offers; do not make them by hand before", resume)
	case sum.Counts[importer.StatusFailed] > 0 && sum.Mode.Undoes():
		return "open report.html, which says why these offers were not taken back; then undo the run again"
	case sum.Counts[importer.StatusFailed] > 0 && reports != "":
		return "open the file of failed offers beside the report, mend the marked cells and import that file"
	case sum.Counts[importer.StatusFailed] > 0:
		return "mend the cells named above and import the file again: what is there is not sent twice"
	}
	return ""
}

// oneLine makes a text fit for one line: what is not to be printed becomes a
// blank, line breaks among it.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// clip is a text in one line of at most n characters.
func clip(s string, n int) string {
	s = oneLine(s)
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
