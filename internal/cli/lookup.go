package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// lookup finds the account's ids by the names that an export holds. The list of
// a kind is fetched at the first name of it, and once. It paces its calls by
// itself: the importer, which paces the run, is not up yet.
type lookup struct {
	client *affise.Client
	now    func() time.Time
	asked  requests
	pace   *rate.Limiter
	lists  map[string]map[string][]string // by kind: the ids that have a name, which is folded
	twice  []sheet.Message                // names that are there more than once, each told once
	err    error                          // why a list could not be fetched; nothing is asked after it
}

func newLookup(client *affise.Client, perSecond float64, now func() time.Time) *lookup {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond)
	}
	return &lookup{client: client, now: now, pace: rate.NewLimiter(limit, 1), lists: map[string]map[string][]string{}}
}

// directoryOf is where the account keeps the names of a kind. Goals have none:
// they are no objects of their own.
func directoryOf(kind string) (affise.Directory, bool) {
	for _, d := range []affise.Directory{affise.Advertisers, affise.Affiliates, affise.Categories, affise.Sources, affise.Managers} {
		if string(d) == kind {
			return d, true
		}
	}
	return "", false
}

// find returns the id of the one entry that has the name. A text that looks
// like an id of the other network is no name: an affiliate whose login happens
// to be 12 is not their affiliate 12.
func (l *lookup) find(ctx context.Context, kind, name string) (id string, ok bool) {
	directory, has := directoryOf(kind)
	if !has || l.err != nil || looksLikeID(name) {
		return "", false
	}
	list, fetched := l.lists[kind]
	if !fetched {
		if list, l.err = l.fetch(ctx, directory); l.err != nil {
			return "", false
		}
		l.lists[kind] = list
	}
	ids := list[foldName(name)]
	if len(ids) > 1 {
		l.tellTwice(kind, name, ids)
	}
	if len(ids) != 1 {
		return "", false
	}
	return ids[0], true
}

// foldName is what two spellings of a name have in common.
func foldName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// looksLikeID tells digits alone, and the 24 hexadecimal digits of Affise.
func looksLikeID(text string) bool {
	text = strings.TrimSpace(text)
	digits := strings.Trim(text, "0123456789") == ""
	return digits || len(text) == 24 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

func (l *lookup) tellTwice(kind, name string, ids []string) {
	text := fmt.Sprintf("the account has %d %s of the name `%s`, with the ids %s: say by --ids which one is meant",
		len(ids), kind, strings.TrimSpace(name), strings.Join(ids, ", "))
	told := slices.ContainsFunc(l.twice, func(m sheet.Message) bool { return strings.EqualFold(m.Text, text) })
	if !told {
		l.twice = append(l.twice, sheet.Message{Level: sheet.LevelWarning, Code: "missing_id", Text: text})
	}
}

// fetch reads a whole list. An entry that moved to the next page meanwhile is
// met twice, and is still one.
func (l *lookup) fetch(ctx context.Context, d affise.Directory) (map[string][]string, error) {
	list := map[string][]string{}
	for page := 1; page != 0; {
		p, err := l.page(ctx, d, page)
		if err != nil {
			return nil, err
		}
		for _, entry := range p.Entries {
			for _, name := range entry.Names {
				if key := foldName(name); !slices.Contains(list[key], entry.ID) {
					list[key] = append(list[key], entry.ID)
				}
			}
		}
		page = p.Next
	}
	return list, nil
}

// page reads one page, again where the account was busy or did not answer.
func (l *lookup) page(ctx context.Context, d affise.Directory, page int) (affise.NamePage, error) {
	for attempt := 0; ; attempt++ {
		if err := l.pace.Wait(ctx); err != nil {
			return affise.NamePage{}, err
		}
		sent := l.now()
		p, err := l.client.Names(ctx, d, page)
		l.asked = append(l.asked, record(sent, l.now(), err))
		pause, again := askAgain(err, attempt)
		if !again {
			return p, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return p, ctx.Err()
		}
	}
}

// longestPause is the longest that the account may ask us to wait here, with
// nothing begun yet.
const longestPause = time.Minute

// askAgain tells whether, and after which pause, a list is asked for again.
func askAgain(err error, attempt int) (pause time.Duration, again bool) {
	var failed *affise.Error
	if !errors.As(err, &failed) || attempt == 3 {
		return 0, false
	}
	switch failed.Outcome {
	case affise.Throttled, affise.NotApplied, affise.Unknown:
		pause = max(failed.RetryAfter, 500*time.Millisecond<<attempt)
		return pause, pause <= longestPause
	}
	return 0, false
}

// close leaves the account its pause before the importer's first call, which
// knows nothing of ours, and says why names could not be looked up.
func (l *lookup) close(ctx context.Context) error {
	err := l.err
	if err == nil && len(l.lists) > 0 {
		err = l.pace.Wait(ctx)
	}
	var failed *affise.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return refuse("", "interrupted before anything was sent")
	case errors.As(err, &failed) && failed.Outcome == affise.Unauthorised:
		return refuse("use a key that may read this list; or give every id with --ids, and nothing is looked up",
			"nothing was sent: names are to be looked up in the account, and it does not let us: %v", err)
	}
	return refuse("start again later; or give every id with --ids, and nothing is looked up",
		"nothing was sent: names could not be looked up in the account: %v", err)
}

// requests are those that were made before there was a run to record them.
type requests []journal.Attempt

// record is a request for a list as the journal keeps it.
func record(sent, answered time.Time, err error) journal.Attempt {
	a := journal.Attempt{Call: "list", SentAt: sent, AnsweredAt: answered, Outcome: "found"}
	var failed *affise.Error
	if errors.As(err, &failed) {
		a.Outcome, a.HTTP, a.Detail = failed.Outcome.String(), failed.HTTP, failed.Message
	}
	return a
}

// count has the journal count them among those of a run. A journal that cannot
// be written ends the run by itself.
func (r requests) count(ctx context.Context, j *journal.Journal, name string) {
	run, err := j.Run(ctx, name)
	if err != nil || len(r) == 0 {
		return
	}
	for i := range r {
		r[i].Run = run.Number
	}
	_ = j.Post(ctx, journal.Change{Attempts: r}) //nolint // the run's next write fails as well, and says why
}
