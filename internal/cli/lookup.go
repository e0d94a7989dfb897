package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
	"offerlift/mapping"
)

// lookup finds the account's ids by the names that an input holds. The list of a
// kind is fetched at the first name of it, and once. It paces its calls by
// itself: the importer, which paces the run, is not up yet.
type lookup struct {
	client *affise.Client
	now    func() time.Time
	asked  requests
	pace   *rate.Limiter
	lists  map[string]*nameList // by kind; of places also by country
	err    error                // why a list could not be fetched; nothing is asked after it
}

// nameList is one list of the account: the ids that have a name, which is
// folded, and the names as they stand.
type nameList struct {
	ids   map[string][]string
	names []string
}

func newLookup(client *affise.Client, perSecond float64, now func() time.Time) *lookup {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond)
	}
	return &lookup{client: client, now: now, pace: rate.NewLimiter(limit, 1), lists: map[string]*nameList{}}
}

// fetcher reads a page of a list; pages count from 1.
type fetcher func(ctx context.Context, page int) (affise.NamePage, error)

// listOf is the account's list of the names of a kind, and the name as it stands
// there: of a region or a city without its country. There is none of goals,
// which are no objects of their own, and none of places without a country.
func (l *lookup) listOf(kind, name string) (key, alone string, pages fetcher) {
	d := affise.Directory(kind)
	switch d {
	case affise.Advertisers, affise.Affiliates, affise.Categories, affise.Sources, affise.Managers:
		return kind, name, func(ctx context.Context, page int) (affise.NamePage, error) { return l.client.Names(ctx, d, page) }
	case affise.Regions, affise.Cities:
		country, alone, named := strings.Cut(name, ":")
		if country = strings.ToUpper(strings.TrimSpace(country)); named && len(country) == 2 {
			return kind + " " + country, alone, func(ctx context.Context, _ int) (affise.NamePage, error) { return l.client.Places(ctx, d, country) }
		}
	}
	return "", name, nil
}

// find returns the ids of all entries that have the name.
func (l *lookup) find(ctx context.Context, kind, name string) mapping.Found {
	key, name, pages := l.listOf(kind, name)
	if pages == nil || l.err != nil {
		return mapping.Found{}
	}
	list := l.lists[key]
	if list == nil {
		if list, l.err = l.fetch(ctx, pages); l.err != nil {
			return mapping.Found{}
		}
		l.lists[key] = list
	}
	if ids := list.ids[foldName(name)]; len(ids) > 0 {
		return mapping.Found{IDs: ids}
	}
	return mapping.Found{Near: mapping.Nearest(name, list.names)}
}

// foldName is what two spellings of a name have in common.
func foldName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// fetch reads a whole list. An entry that moved to the next page meanwhile is
// met twice, and is still one.
func (l *lookup) fetch(ctx context.Context, pages fetcher) (*nameList, error) {
	list := &nameList{ids: map[string][]string{}}
	for page := 1; page != 0; {
		p, err := l.page(ctx, pages, page)
		if err != nil {
			return nil, err
		}
		for _, entry := range p.Entries {
			list.add(entry)
		}
		page = p.Next
	}
	return list, nil
}

func (l *nameList) add(entry affise.Named) {
	for _, name := range entry.Names {
		key := foldName(name)
		if !slices.Contains(l.ids[key], entry.ID) {
			l.ids[key] = append(l.ids[key], entry.ID)
			l.names = append(l.names, name)
		}
	}
}

// page reads one page, again where the account was busy or did not answer.
func (l *lookup) page(ctx context.Context, pages fetcher, page int) (affise.NamePage, error) {
	for attempt := 0; ; attempt++ {
		if err := l.pace.Wait(ctx); err != nil {
			return affise.NamePage{}, err
		}
		sent := l.now()
		p, err := pages(ctx, page)
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

// finder is find with its context; nil where there is no account to ask.
func (l *lookup) finder(ctx context.Context) func(kind, name string) mapping.Found {
	if l == nil {
		return nil
	}
	return func(kind, name string) mapping.Found { return l.find(ctx, kind, name) }
}

// close leaves the account its pause before the importer's first call, which
// knows nothing of ours, and says why names could not be looked up.
func (l *lookup) close(ctx context.Context) error {
	if l != nil && l.err == nil && len(l.lists) > 0 {
		l.err = l.pace.Wait(ctx)
	}
	return l.failed(ctx)
}

// failed says why names could not be looked up.
func (l *lookup) failed(ctx context.Context) error {
	if l == nil {
		return nil
	}
	err := l.err
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
