package profile

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	yaml "go.yaml.in/yaml/v3"

	"offerlift/internal/affise"
	"offerlift/mapping"
)

// What a profile writes into our columns is judged when it is read, so that a
// mistake is told once, at its line, and not at every cell of an export.

// columns runs over every column of every record, choices included.
func (p *Profile) columns() iter.Seq[*columnSpec] {
	return func(yield func(*columnSpec) bool) {
		done := false
		for _, t := range p.Tables {
			for _, r := range t.records {
				for _, c := range r.columns {
					c.walk(func(c *columnSpec) { done = done || !yield(c) })
				}
			}
		}
	}
}

// dates reads the format of the dates.
func (d *decoder) dates(p *Profile) func(string, *yaml.Node) {
	return func(key string, n *yaml.Node) {
		d.text(&p.Dates)(key, n)
		if err := (mapping.Options{DateFormat: p.Dates}).Check(); err != nil {
			d.fail(n, "dates: %v", err)
		}
	}
}

// allowed checks that our columns take the constants of a profile, and what its
// tables of values make.
func (d *decoder) allowed(p *Profile, c *columnSpec) {
	if c.column == nil {
		return
	}
	if t := p.values[c.values]; t != nil {
		for _, word := range t.words {
			d.judge(p, c, t.entries[fold(word)].to, t.entries[fold(word)].at)
		}
		if t.other != nil {
			d.judge(p, c, t.other.to, t.other.at)
		}
	}
	if c.values != "" || c.ids != "" || c.macros != "" {
		return // a constant is translated first
	}
	if c.constant != nil {
		d.judge(p, c, *c.constant, c.at)
	}
	d.judge(p, c, c.fallback, c.at)
}

// judge checks one text. One that names columns or options is known only when a
// row is read.
func (d *decoder) judge(p *Profile, c *columnSpec, text string, at position) {
	col := c.column
	switch {
	case text == "" || strings.Contains(text, "{"):
	case len(col.Allowed) > 0:
		if !slices.ContainsFunc(col.Allowed, func(a string) bool { return fold(a) == fold(text) }) {
			d.problem(at, "`%s` is no value of our %s%s", text, col.Name, didYouMeanOr(text, col.Allowed, "it has"))
		}
	default:
		if why := mapping.Refusal(partOf(col), col, text, mapping.Options{DateFormat: p.Dates}); why != "" {
			d.problem(at, "our %s does not take it: %s", col.Name, why)
		}
	}
}

// partOf finds the part that a column belongs to.
func partOf(col *affise.Column) *affise.Part {
	parts := affise.Parts()
	i := slices.IndexFunc(parts, func(p affise.Part) bool {
		return col.Index < len(p.Columns) && &p.Columns[col.Index] == col
	})
	return &parts[i]
}

// targets checks that Affise replaces, in a column, what a table of macros puts
// there. A macro that the table says something of is taken as meant: an account
// may have more than we know of.
func (d *decoder) targets(p *Profile, c *columnSpec) {
	t := p.macros[c.macros]
	if t == nil || c.column == nil {
		return
	}
	for _, name := range t.names {
		tr := t.entries[strings.ToLower(name)]
		if tr.code != "" || tr.slot > 0 {
			continue
		}
		for _, to := range strings.Fields(tr.to) {
			if why := mapping.UnknownMacro(c.column, to); why != "" {
				d.problem(tr.at, "%s", why)
			}
		}
	}
}

// tablesUsed finds tables of values and macros that no column asks for: most are
// misspelt. One of a profile below may have lost its column here.
func (d *decoder) tablesUsed(p *Profile, root *yaml.Node) {
	used := map[string][]string{}
	for c := range p.columns() {
		used["values"], used["macros"] = append(used["values"], c.values), append(used["macros"], c.macros)
	}
	for _, kind := range []string{"values", "macros"} {
		under := child(root, kind)
		for i := 0; under != nil && i+1 < len(under.Content); i += 2 {
			key := under.Content[i]
			setting := kind == "macros" && slices.Contains([]string{"spelling", "unknown"}, key.Value)
			if !setting && d.files[key] == d.top && !slices.Contains(used[kind], key.Value) {
				d.fail(key, "no column asks for the table `%s` under %s%s", key.Value, kind, didYouMean(key.Value, used[kind]))
			}
		}
	}
}

// expressions checks how expressions are written; their names need a file.
func (d *decoder) expressions(p *Profile) {
	check := func(code string, at position) {
		if code == "" {
			return
		}
		var place *file.Error
		if _, err := parser.Parse(code); errors.As(err, &place) {
			d.problem(at, "%s", wrongAt(place))
		}
	}
	for _, t := range p.Tables {
		check(t.lead, t.at)
		for _, r := range t.records {
			check(r.when, r.at)
			for _, tell := range r.tells {
				check(tell.when, tell.pos)
			}
		}
		t.key.walk(func(c *columnSpec) { check(c.code, c.at) })
	}
	for c := range p.columns() {
		check(c.when, c.at)
		check(c.code, c.at)
	}
}
