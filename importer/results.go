package importer

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// Results streams what became of each offer of a run, in the order of the input.
// It reads the journal alone, also while the run goes on or after it was killed:
// an offer whose request was under way then is unknown.
func Results(ctx context.Context, j *journal.Journal, run string) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		found, err := j.Run(ctx, run)
		if err != nil {
			yield(Result{}, err)
			return
		}
		for row, err := range j.Items(ctx, found.Number) {
			var result Result
			if err == nil {
				result, err = resultOf(row)
			}
			if !yield(result, err) || err != nil {
				return
			}
		}
	}
}

func resultOf(row journal.Item) (Result, error) {
	messages, err := unpackMessages(row.Messages)
	if err != nil {
		return Result{}, err
	}
	if row.State == journal.Sent {
		messages = append(messages, inFlight(row))
	}
	children, err := unpackRefs(row.Children)
	return newResult(row, messages, children), err
}

func newResult(row journal.Item, messages []sheet.Message, children []Ref) Result {
	return Result{Key: row.Key, File: row.File, Sheet: row.Sheet, Row: row.Row, Title: row.Title, Action: Action(row.Action),
		Status: statusOf(row.State), OfferID: row.OfferID, Attempts: row.Attempts, Messages: messages,
		StartedAt: timeOrNil(row.StartedAt), FinishedAt: timeOrNil(row.FinishedAt), Children: children}
}

// statusOf tells what is known: an intent without an outcome is not.
func statusOf(s journal.State) Status {
	if s == journal.Sent {
		return StatusUnknown
	}
	return Status(s)
}

func inFlight(row journal.Item) sheet.Message {
	o := offer{Item: Item{Key: row.Key, At: Ref{File: row.File, Sheet: row.Sheet, Row: row.Row}}}
	o.note(sheet.LevelError, "in_flight", "it was being sent when the run was cut off: it may or may not be stored. Resume looks for it")
	return o.Messages[0]
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Summarise sums a run up from the journal alone, also one that goes on or was
// killed; such a run has no FinishedAt, and the exit code 3.
func Summarise(ctx context.Context, j *journal.Journal, run string) (Summary, error) {
	r, err := j.Run(ctx, run)
	if err != nil {
		return Summary{}, err
	}
	totals, err := j.Totals(ctx, r.Number)
	if err != nil {
		return Summary{}, err
	}
	s := summaryOf(r, totals)
	if s.Messages, err = unpackMessages(r.Messages); err != nil {
		return Summary{}, err
	}
	s.Problems, err = problems(ctx, j, r, totals.States[journal.Sent])
	return s, err
}

func summaryOf(r journal.Run, totals journal.Totals) Summary {
	s := Summary{Run: r.Name, Input: r.Input, Account: r.Account, Mode: Mode(r.Mode), Profile: r.Profile, StartedAt: r.StartedAt,
		FinishedAt: timeOrNil(r.FinishedAt), ExitCode: r.ExitCode, Stopped: r.Stopped, Counts: map[Status]int{},
		Requests: Requests{Sent: totals.Sent, Retried: totals.Retried, Throttled: totals.Throttled, LookedUp: totals.LookedUp},
		Rate:     Rate{Limit: r.RateLimit}}
	for state, n := range totals.States {
		s.Counts[statusOf(state)] += n
	}
	if r.Active > 0 && r.Requests > 1 {
		s.Rate.Achieved = float64(r.Requests) / r.Active.Seconds()
	}
	if s.FinishedAt == nil {
		s.ExitCode, s.Stopped = 3, "it goes on, or was cut off"
	}
	return s
}

// problems counts the messages by code, the most frequent first.
func problems(ctx context.Context, j *journal.Journal, r journal.Run, inFlights int) ([]Problem, error) {
	byCode := map[string]*Problem{}
	count := func(text string) error {
		messages, err := unpackMessages(text)
		for _, m := range messages {
			p := byCode[m.Code]
			if p == nil {
				p = &Problem{Code: m.Code, Level: m.Level, Example: m.Place() + ": " + m.Text}
				byCode[m.Code] = p
			}
			p.N++
		}
		return err
	}
	if err := count(r.Messages); err != nil {
		return nil, err
	}
	for text, err := range j.Messages(ctx, r.Number) {
		if err == nil {
			err = count(text)
		}
		if err != nil {
			return nil, err
		}
	}
	if inFlights > 0 {
		byCode["in_flight"] = &Problem{Code: "in_flight", Level: sheet.LevelError, N: inFlights, Example: inFlight(journal.Item{}).Text}
	}
	list := make([]Problem, 0, len(byCode))
	for _, p := range byCode {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Problem) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code)) })
	return list, nil
}
