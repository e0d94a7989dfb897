package cli

import (
	"context"

	"offerlift/internal/affise"
)

// values asks the account for a list of the names that it takes, such as those of
// operating systems; nil where there is no account to ask. Where the account does
// not answer, the names go unchecked: it judges them itself.
func (l *lookup) values(ctx context.Context) func(list string) []string {
	if l == nil {
		return nil
	}
	return func(list string) []string {
		if l.err != nil {
			return nil
		}
		found, err := l.fetch(ctx, func(ctx context.Context, _ int) (affise.NamePage, error) {
			names, err := l.client.Values(ctx, list)
			page := affise.NamePage{Total: len(names)}
			for _, name := range names {
				page.Entries = append(page.Entries, affise.Named{ID: name, Names: []string{name}})
			}
			return page, err
		})
		if err != nil {
			return nil
		}
		l.lists[list] = found
		return found.names
	}
}
