package profile

import (
	"fmt"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"offerlift/internal/sheet"
)

// A profile may name more columns than an export has. In one of the user's own
// such a column is more likely misspelt, and what it should have brought would
// be missing in every offer without a word.

// namesOf reads a list of source columns, and notes where they stand.
func (d *decoder) namesOf(t *Table, to *[]string) func(string, *yaml.Node) {
	return func(key string, n *yaml.Node) {
		d.list(to)(key, n)
		items := n.Content
		if n.Kind == yaml.ScalarNode {
			items = []*yaml.Node{n}
		}
		for _, item := range items {
			t.named = append(t.named, mention{key, item.Value, d.at(item)})
		}
	}
}

// mentions are all places at which a table names a source column, those of its
// records first.
func (t *Table) mentions() []mention {
	var list []mention
	add := func(name string) func(*columnSpec) {
		return func(c *columnSpec) {
			if c.from != "" {
				list = append(list, mention{name, c.from, c.at})
			}
		}
	}
	for _, r := range t.records {
		for _, c := range r.columns {
			c.walk(add(c.column.Name))
		}
		for _, tell := range r.tells {
			if tell.at != "" {
				list = append(list, mention{"tell", tell.at, tell.pos})
			}
		}
	}
	for _, j := range t.joins {
		for _, by := range j.by {
			list = append(list, mention{"join", by, j.at})
		}
	}
	return append(list, t.named...)
}

// keyIsThere refuses a file without the column by which its offers are known.
func (b *bound) keyIsThere() error {
	from := b.key.columnSpec.from
	if from == "" || b.isThere(from) || b.key.columnSpec.fallback != "" {
		return nil
	}
	return &Invalid{Problems: []string{fmt.Sprintf("%s: the key is the column `%s`, and %s has none of this name%s",
		b.key.at, from, b.origin.File, didYouMean(from, b.headers()))}}
}

// misspelt warns of the columns that the user's own profile names and the file
// does not have, each once.
func (b *bound) misspelt(used map[int]bool) (notes []sheet.Message) {
	told := map[string]bool{}
	for _, m := range b.spec.mentions() {
		if !m.at.own || told[m.name] || strings.HasSuffix(m.name, anyOther) || b.isThere(m.name) {
			continue
		}
		near, lost := b.meant(m), b.isLost(m, used)
		if near == "" && !lost {
			continue
		}
		told[m.name] = true
		text := fmt.Sprintf("%s, %s: the file has no column `%s`%s", m.at, m.key, m.name, didYouMean(m.name, []string{near}))
		b.absent = slices.DeleteFunc(b.absent, func(name string) bool { return name == m.name })
		if slices.Contains(b.misnamed, text) {
			continue // as of a file before this one
		}
		b.misnamed = append(b.misnamed, text)
		notes = append(notes, sheet.Message{Level: sheet.LevelWarning, File: b.origin.File, Sheet: b.origin.Sheet, Code: codeAbsent,
			Text: text})
	}
	return notes
}

// isThere tells whether the file has a column of a name, or a join brings it.
func (b *bound) isThere(name string) bool {
	place, ok := b.words.place[name]
	_, joined := b.refs[place]
	return ok && (joined || b.columns[place] >= 0)
}

// unread are the columns by which the user's own profile knows the file, and
// which nothing reads. A built-in one would read them if they held something to
// carry over.
func (b *bound) unread(used map[int]bool) (columns []int) {
	for _, m := range b.spec.named {
		if place, ok := b.words.place[m.name]; ok && m.key == "has" && m.at.own && !used[place] && b.columns[place] >= 0 {
			columns = append(columns, b.columns[place])
		}
	}
	return columns
}

// meant is the column of the file that a name may mean: one that nothing reads,
// else one that something else reads too.
func (b *bound) meant(m mention) string {
	var names []string
	for _, col := range b.unknown {
		names = append(names, b.spec.word(b.origin.Header[col]))
	}
	near := nearest(m.name, names)
	if near == "" && m.key != "left" && m.key != "ignore" {
		near = nearest(m.name, b.headers())
	}
	return near
}

// headers are the file's, as the profile names them.
func (b *bound) headers() (names []string) {
	for _, cell := range b.origin.Header {
		names = append(names, b.spec.word(cell))
	}
	return names
}

// isLost tells whether something comes of it that a column is not there, and it
// was not said that it may be missing. JSON leaves out what is not set.
func (b *bound) isLost(m mention, used map[int]bool) bool {
	others, listed := b.spec.headers[m.name]
	place, known := b.words.place[m.name]
	switch {
	case b.origin.Facts.Format == "json" || listed && len(others) == 0 && known && used[place]:
		return false
	case m.key == "headers":
		return !used[place]
	}
	return m.key != "left" && m.key != "ignore"
}
