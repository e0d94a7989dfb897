package profile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"offerlift/internal/affise"
)

// decoder reads a profile out of its nodes. It goes on after a problem, so that
// all of them are told at once.
type decoder struct {
	files    map[*yaml.Node]string
	builtin  map[string]bool // by file
	top      string          // the file that is read, which may extend others
	problems []string
}

// own notes which file the nodes of a document stand in, since a merged
// profile has them from several.
func (d *decoder) own(n *yaml.Node, file string) {
	d.files[n] = file
	for _, c := range n.Content {
		d.own(c, file)
	}
}

// check refuses what no profile may have: aliases, and a key given twice.
func (d *decoder) check(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		d.fail(n, "`*%s` stands for another part of the file: write it out", n.Value)
		return
	}
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if first := indexOf(n.Content, n.Content[i].Value); first < i {
				d.fail(n.Content[i], "key `%s` is there twice, first in line %d: take one of them out", n.Content[i].Value, n.Content[first].Line)
			}
		}
	}
	for _, c := range n.Content {
		d.check(c)
	}
}

func (d *decoder) fail(n *yaml.Node, format string, args ...any) {
	d.problem(d.at(n), format, args...)
}

func (d *decoder) at(n *yaml.Node) position {
	return position{d.files[n], n.Line, !d.builtin[d.files[n]]}
}

// fields are the keys of a mapping, each with what reads its value.
type fields map[string]func(key string, value *yaml.Node)

// mapping reads a mapping that has these keys and no other.
func (d *decoder) mapping(n *yaml.Node, what string, f fields) {
	known := make([]string, 0, len(f))
	for key := range f {
		known = append(known, key)
	}
	d.pairs(n, what, func(key, value *yaml.Node) {
		read, ok := f[key.Value]
		if !ok {
			slices.Sort(known)
			d.fail(key, "%s has no key `%s`%s", what, key.Value, didYouMeanOr(key.Value, known, "it has"))
			return
		}
		read(key.Value, value)
	})
}

// pairs runs over a mapping's keys in their order.
func (d *decoder) pairs(n *yaml.Node, what string, take func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		if n.Tag != "!!null" {
			d.fail(n, "%s takes keys and values, such as `key: value`", what)
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i+1].Tag != "!!null" { // null takes a key out
			take(n.Content[i], n.Content[i+1])
		}
	}
}

// text reads a text, a number or a flag as it is written.
func (d *decoder) text(to *string) func(string, *yaml.Node) {
	return func(key string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			d.fail(n, "`%s` takes a text", key)
			return
		}
		if n.Tag != "!!null" {
			*to = n.Value
		}
	}
}

func (d *decoder) flag(to *bool) func(string, *yaml.Node) {
	return func(key string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			d.fail(n, "`%s` takes true or false", key)
			return
		}
		*to = n.Value == "true"
	}
}

// list reads a list of texts; one text alone is a list of one.
func (d *decoder) list(to *[]string) func(string, *yaml.Node) {
	return func(key string, n *yaml.Node) {
		items := n.Content
		if n.Kind == yaml.ScalarNode {
			items = []*yaml.Node{n}
		}
		*to = nil
		for _, item := range items {
			if item.Kind != yaml.ScalarNode || n.Kind == yaml.MappingNode {
				d.fail(item, "`%s` takes a list of texts", key)
				return
			}
			if item.Tag == "!!null" {
				*to = append(*to, "")
				continue
			}
			*to = append(*to, item.Value)
		}
	}
}

// profile reads the whole.
func (d *decoder) profile(root *yaml.Node) *Profile {
	p := &Profile{macros: map[string]*macroTable{}, values: map[string]*valueTable{}, unknown: outcome{code: codeMacro, error: true}}
	var base string
	d.mapping(root, "a profile", fields{
		"name": d.text(&p.Name), "title": d.text(&p.Title), "about": d.text(&p.About), "dates": d.dates(p), "money": d.text(&p.Money),
		"prefix": d.text(&p.Prefix), "confirm": d.flag(&p.Confirm), "extends": d.text(&base),
		"options": func(_ string, n *yaml.Node) { d.options(p, n) },
		"slots":   d.list(&p.Slots),
		"advice":  d.list(&p.Advice),
		"macros":  func(_ string, n *yaml.Node) { d.macros(p, n) },
		"values": func(_ string, n *yaml.Node) {
			d.pairs(n, "values", func(key, value *yaml.Node) { p.values[key.Value] = d.values(value) })
		},
		"tables": func(_ string, n *yaml.Node) {
			d.pairs(n, "tables", func(key, value *yaml.Node) { p.Tables = append(p.Tables, d.table(key, value)) })
		},
	})
	d.whole(p, root)
	return p
}

// whole checks what the parts of a profile say of each other.
func (d *decoder) whole(p *Profile, root *yaml.Node) {
	if !slices.ContainsFunc(p.Tables, (*Table).offers) {
		d.fail(root, "no table has a record `into: Offers`: a profile needs one")
	}
	d.slots(p, root)
	d.optionNames(p, root)
	d.optionsUsed(root)
	for c := range p.columns() {
		d.names(p, c)
	}
	if len(d.problems) == 0 { // what no column asks for is what one asks for under another name
		d.tablesUsed(p, root)
	}
	d.expressions(p)
}

// names checks that the tables that a column names are there.
func (d *decoder) names(p *Profile, c *columnSpec) {
	if c.values != "" && p.values[c.values] == nil {
		d.problem(c.at, "there is no table `%s` under values%s", c.values, didYouMean(c.values, sortedKeys(p.values)))
	}
	if c.macros != "" && p.macros[c.macros] == nil {
		d.problem(c.at, "there is no table `%s` under macros%s", c.macros, didYouMean(c.macros, sortedKeys(p.macros)))
	}
	d.allowed(p, c)
	d.targets(p, c)
}

// optionsUsed finds options that nothing asks for: most are misspelt.
func (d *decoder) optionsUsed(root *yaml.Node) {
	used := map[string]bool{}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, m := range optionUse.FindAllStringSubmatch(n.Value, -1) {
			used[m[1]] = true
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(root)
	options := child(root, "options")
	if options == nil {
		return
	}
	for i := 0; i+1 < len(options.Content); i += 2 {
		if key := options.Content[i]; !used[key.Value] {
			d.fail(key, "nothing asks for the option `%s`%s", key.Value, didYouMean(key.Value, sortedKeys(used)))
		}
	}
}

var optionUse = regexp.MustCompile(`option\.(\w+)`)

var optionName = regexp.MustCompile(`\{option\.([^}]*)\}`)

// optionNames checks that the options that texts name are there.
func (d *decoder) optionNames(p *Profile, n *yaml.Node) {
	for _, m := range optionName.FindAllStringSubmatch(n.Value, -1) {
		if !slices.ContainsFunc(p.Options, func(o Option) bool { return o.Name == m[1] }) {
			var names []string
			for _, o := range p.Options {
				names = append(names, o.Name)
			}
			d.fail(n, "there is no option `%s`%s", m[1], didYouMean(m[1], names))
		}
	}
	for _, c := range n.Content {
		d.optionNames(p, c)
	}
}

// problem notes a problem once: a table may serve several columns.
func (d *decoder) problem(at position, format string, args ...any) {
	if text := fmt.Sprintf("%s: %s", at, fmt.Sprintf(format, args...)); !slices.Contains(d.problems, text) {
		d.problems = append(d.problems, text)
	}
}

// options reads the options: a value alone, or value, of and help.
func (d *decoder) options(p *Profile, n *yaml.Node) {
	d.pairs(n, "options", func(key, value *yaml.Node) {
		o := Option{Name: key.Value}
		if value.Kind == yaml.ScalarNode {
			d.text(&o.Value)(key.Value, value)
		} else {
			d.mapping(value, "an option", fields{"value": d.text(&o.Value), "help": d.text(&o.Help), "of": d.list(&o.Of)})
		}
		if len(o.Of) > 0 && !slices.Contains(o.Of, o.Value) {
			d.fail(value, "option `%s` is `%s`, and takes %s", o.Name, o.Value, strings.Join(o.Of, ", "))
		}
		p.Options = append(p.Options, o)
	})
}

// table reads one table.
func (d *decoder) table(key, n *yaml.Node) *Table {
	t := &Table{Name: key.Value, headers: map[string][]string{}, at: d.at(key)}
	d.mapping(n, "a table", fields{
		"unused": d.text(&t.unused), "sheets": d.list(&t.Sheets), "has": d.namesOf(t, &t.Has), "group": d.flag(&t.group), "lead": d.text(&t.lead), "vary": d.namesOf(t, &t.vary),
		"within": d.text(&t.within), "ignore": d.namesOf(t, &t.ignored),
		"key":  func(_ string, n *yaml.Node) { t.key = d.column(n, nil) },
		"join": func(_ string, n *yaml.Node) { t.joins = d.joins(n) },
		"headers": func(_ string, n *yaml.Node) {
			d.pairs(n, "headers", func(key, value *yaml.Node) {
				var list []string
				d.list(&list)(key.Value, value)
				t.headers[key.Value] = list
				t.named = append(t.named, mention{"headers", key.Value, d.at(key)})
			})
		},
		"records": func(_ string, n *yaml.Node) {
			d.pairs(n, "records", func(key, value *yaml.Node) {
				if r := d.record(key, value); r != nil {
					t.records = append(t.records, r)
				}
			})
		},
		"left": func(_ string, n *yaml.Node) {
			d.pairs(n, "left", func(key, value *yaml.Node) {
				l := leftColumn{name: key.Value}
				d.text(&l.reason)(key.Value, value)
				t.left = append(t.left, l)
				t.named = append(t.named, mention{"left", key.Value, d.at(key)})
			})
		},
	})
	if t.key == nil {
		d.fail(key, "table `%s` has no key: it says which column holds the offer's id", t.Name)
	}
	return t
}

// record reads what a row becomes.
func (d *decoder) record(key, n *yaml.Node) *record {
	r := &record{at: d.at(key)}
	into, each := "", ""
	var columns *yaml.Node
	d.mapping(n, "a record", fields{
		"into": d.text(&into), "when": d.text(&r.when), "each": d.text(&each),
		"columns": func(_ string, n *yaml.Node) { columns = n },
		"tell": func(_ string, n *yaml.Node) {
			d.pairs(n, "tell", func(_, value *yaml.Node) { r.tells = append(r.tells, d.tell(value)) })
		},
	})
	if r.part = partNamed(into); r.part == nil {
		d.fail(key, "`into: %s` is none of our sheets%s", into, didYouMeanOr(into, partNames(), "they are"))
		return nil
	}
	switch each {
	case "", "offer":
	case "row":
		r.each = true
	default:
		d.fail(key, "`each: %s` is neither offer nor row", each)
	}
	if columns == nil {
		d.fail(key, "record `%s` has no columns", key.Value)
		return r
	}
	d.pairs(columns, "columns", func(key, value *yaml.Node) {
		col, ok := r.part.Column(key.Value)
		if !ok || col.Kind == affise.KindParent || r.part.Key == "" && col.Name == "external_offer_id" {
			d.fail(key, "%s has no column `%s` to fill%s", r.part.Sheet, key.Value, didYouMean(key.Value, columnNames(r.part)))
			return
		}
		r.columns = append(r.columns, d.column(value, col))
	})
	return r
}

func partNamed(sheet string) *affise.Part {
	parts := affise.Parts()
	i := slices.IndexFunc(parts, func(p affise.Part) bool { return fold(p.Sheet) == fold(sheet) })
	if i < 0 {
		return nil
	}
	return &parts[i]
}

func partNames() []string {
	var names []string
	for _, p := range affise.Parts() {
		names = append(names, p.Sheet)
	}
	return names
}

func columnNames(p *affise.Part) []string {
	var names []string
	for _, c := range p.Columns {
		names = append(names, c.Name)
	}
	return names
}

// column reads where a column comes from: a source column's name alone, or a
// mapping.
func (d *decoder) column(n *yaml.Node, col *affise.Column) *columnSpec {
	c := &columnSpec{column: col, at: d.at(n)}
	if n.Kind == yaml.ScalarNode {
		if c.from = n.Value; n.Tag == "!!null" || c.from == "" {
			d.fail(n, "a column takes a source column, or from, value, expr or first")
		}
		return c
	}
	missing, constant := "", ""
	d.mapping(n, "a column", fields{
		"from": d.text(&c.from), "expr": d.text(&c.code), "when": d.text(&c.when),
		"value": func(key string, n *yaml.Node) { d.text(&constant)(key, n); c.constant = &constant },
		"first": func(_ string, n *yaml.Node) { c.first = d.choices(n, col) },
		"blank": d.list(&c.blank), "default": d.text(&c.fallback), "values": d.text(&c.values), "macros": d.text(&c.macros),
		"ids": d.text(&c.ids), "missing": d.text(&missing), "take": d.text(&c.take), "changed": d.text(&c.changed),
	})
	d.checkColumn(n, c, missing)
	return c
}

func (d *decoder) choices(n *yaml.Node, col *affise.Column) []*columnSpec {
	var list []*columnSpec
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "`first` takes a list of columns, each but the last with a `when`")
		return nil
	}
	for _, item := range n.Content {
		list = append(list, d.column(item, col))
	}
	return list
}

func (d *decoder) checkColumn(n *yaml.Node, c *columnSpec, missing string) {
	sources := 0
	for _, given := range []bool{c.from != "", c.constant != nil, c.code != "", c.first != nil} {
		if given {
			sources++
		}
	}
	if sources != 1 {
		d.fail(n, "a column takes exactly one of from, value, expr and first")
	}
	if c.ids != "" && !slices.Contains(Kinds(), c.ids) {
		d.fail(n, "`ids: %s` is no kind of id%s", c.ids, didYouMeanOr(c.ids, Kinds(), "they are"))
	}
	if c.take != "" && c.take != "day" && c.take != "start" {
		d.fail(n, "`take: %s` is neither day nor start", c.take)
	}
	if c.column == nil && (c.values != "" || c.macros != "" || c.ids != "" || c.take != "" || c.changed != "") {
		d.fail(n, "a key is taken as it is: it has no values, macros, ids, take and changed")
	}
	switch missing {
	case "", "error":
	case "warn":
		c.lenient = true
	default:
		d.fail(n, "`missing: %s` is neither error nor warn", missing)
	}
}

// tell reads a message and the condition under which it is told.
func (d *decoder) tell(n *yaml.Node) *tell {
	t := &tell{pos: d.at(n)}
	o := outcomeFields{}
	f := o.fields(d)
	f["when"], f["at"] = d.text(&t.when), d.text(&t.at)
	d.mapping(n, "a message", f)
	t.outcome = o.outcome(d, n)
	if t.when == "" || t.code == "" {
		d.fail(n, "a message takes `when`, and one of carried, changed, lost and ask with its text")
	}
	return t
}

// outcomeFields are the keys with which a value, a macro or a message says what
// becomes of it. ask alone is an error; with a safe value it is a warning.
type outcomeFields struct {
	carried, changed, lost, ask string
	level                       string
}

func (o *outcomeFields) fields(d *decoder) fields {
	return fields{"carried": d.text(&o.carried), "changed": d.text(&o.changed), "lost": d.text(&o.lost), "ask": d.text(&o.ask), "level": d.text(&o.level)}
}

func (o *outcomeFields) outcome(d *decoder, n *yaml.Node) outcome {
	var out outcome
	given := 0
	for _, c := range []struct{ code, text string }{
		{CodeCarried, o.carried}, {CodeChanged, o.changed}, {CodeLost, o.lost}, {CodeDecision, o.ask},
	} {
		if c.text != "" {
			out = outcome{code: c.code, text: c.text, error: c.code == CodeDecision}
			given++
		}
	}
	if given > 1 {
		d.fail(n, "one of carried, changed, lost and ask can be given, not several")
	}
	switch o.level {
	case "":
	case "error", "warning":
		out.error = o.level == "error"
	default:
		d.fail(n, "`level: %s` is neither error nor warning", o.level)
	}
	return out
}
