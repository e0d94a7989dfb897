package importer

import (
	"context"
	"iter"
	"sync"
	"time"

	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// Results streams what became of each offer of a run, in the order of the input.
// It reads the journal alone, also while the run goes on or after it was killed:
// an offer whose request was under way then is unknown.
func Results(ctx context.Context, j *journal.Journal, run string) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		r, err := Read(ctx, j, run)
		if err != nil {
			yield(Result{}, err)
			return
		}
		r.Results()(yield)
	}
}

// Reading is a run as the journal has it. It sums the run up while its results
// are read, since reading them takes longer than all else.
type Reading struct {
	ctx     context.Context
	journal *journal.Journal
	run     journal.Run
	summary *Summary // nil until all results were read
}

// Read finds a run.
func Read(ctx context.Context, j *journal.Journal, run string) (*Reading, error) {
	found, err := j.Run(ctx, run)
	return &Reading{ctx: ctx, journal: j, run: found}, err
}

// Results is [Results] of the run, from its start each time that it is called.
func (r *Reading) Results() iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		sum, err := r.outline()
		if err != nil {
			yield(Result{}, err)
			return
		}
		var asides error
		var counting sync.WaitGroup // beside the results: there are as many attempts
		counting.Go(func() {
			sum.Requests.Throttled, sum.Requests.LookedUp, asides = r.journal.Asides(r.ctx, r.run.Number)
		})
		defer counting.Wait()
		for row, err := range r.journal.Outcomes(r.ctx, r.run.Number) {
			var result Result
			if err == nil {
				result, err = resultOf(row)
			}
			sum.add(result)
			if !yield(result, err) || err != nil {
				return
			}
		}
		if counting.Wait(); asides != nil {
			yield(Result{}, asides)
			return
		}
		r.summary = sum.whole()
	}
}

// Summary is [Summarise] of the run. It reads the results where nobody has read
// them to their end.
func (r *Reading) Summary() (Summary, error) {
	if r.summary == nil {
		for _, err := range r.Results() {
			if err != nil {
				return Summary{}, err
			}
		}
	}
	return *r.summary, nil
}

// Summarise sums a run up from the journal alone, also one that goes on or was
// killed; such a run has no FinishedAt, and the exit code 3.
func Summarise(ctx context.Context, j *journal.Journal, run string) (Summary, error) {
	r, err := Read(ctx, j, run)
	if err != nil {
		return Summary{}, err
	}
	return r.Summary()
}

func resultOf(row journal.Item) (Result, error) {
	messages, err := unpackMessages(row.Messages)
	if err != nil {
		return Result{}, err
	}
	if row.State == journal.Sent {
		messages = append(messages, inFlight(row))
	}
	children, err := unpackRefs(row.Children) // of a failed offer alone, see journal.Outcomes
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
	o.note(sheet.LevelError, "in_flight", "it was being sent when the run was cut off: it may or may not be stored; resume, or another import, looks first")
	return o.Messages[0]
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// summing is a summary that results are still added to.
type summing struct {
	Summary
	causes sheet.Causes
}

// outline is what is known of a run without its results.
func (r *Reading) outline() (*summing, error) {
	run := r.run
	s := &summing{Summary: Summary{Run: run.Name, Input: run.Input, Account: run.Account, Mode: Mode(run.Mode),
		Profile: run.Profile, StartedAt: run.StartedAt, FinishedAt: timeOrNil(run.FinishedAt), ExitCode: run.ExitCode, Stopped: run.Stopped,
		Counts: map[Status]int{}, Rate: Rate{Limit: run.RateLimit}}}
	if run.Active > 0 && run.Requests > 1 {
		s.Rate.Achieved = float64(run.Requests) / run.Active.Seconds()
	}
	if s.FinishedAt == nil {
		s.ExitCode, s.Stopped = 3, "it goes on, or was cut off"
	}
	var err error
	s.Messages, err = unpackMessages(run.Messages)
	s.causes.Add(s.Messages...)
	return s, err
}

// add adds what became of an offer.
func (s *summing) add(r Result) {
	s.Counts[r.Status]++
	s.Requests.Sent += r.Attempts
	s.Requests.Retried += max(r.Attempts-1, 0)
	s.causes.Add(r.Messages...)
}

// whole is the summary of all that was added.
func (s *summing) whole() *Summary {
	s.Problems = []Problem{}
	for _, c := range s.causes.Commonest() {
		s.Problems = append(s.Problems, Problem{Code: c.Code, Level: c.Level, N: c.N, Example: c.Told(mostPlaces)})
	}
	return &s.Summary
}
