package profile

import (
	"fmt"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"offerlift/internal/sheet"
)

// join lets a table's rows see a row of another table: NAME.column is the
// column of the row whose `on` is this row's `by`, one column or several.
type join struct {
	name, table string
	by, on      []string
	at          position
}

func (d *decoder) joins(n *yaml.Node) []join {
	var list []join
	d.pairs(n, "join", func(key, value *yaml.Node) {
		j := join{name: key.Value, at: d.at(key)}
		d.mapping(value, "a join", fields{"table": d.text(&j.table), "by": d.list(&j.by), "on": d.list(&j.on)})
		if !isIdentifier(j.name) || j.table == "" || len(j.by) == 0 || len(j.by) != len(j.on) {
			d.fail(key, "a join has a name of letters, and takes table, by and on: the other table, the column here and the one there, or as many of each")
		}
		list = append(list, j)
	})
	return list
}

// joined is a join that is bound: for each row there, the values of the columns
// that are used here.
type joined struct {
	join
	origins []*sheet.Table // the pages of one table may be a file each; none where the export does not have it
	spec    *Table
	by      []int // the places of the columns here
	places  []int // of the words that stand for columns there
	rows    map[string][]string
}

// joinRef says which value of which join a word stands for.
type joinRef struct{ join, index int }

// takeJoins adds the columns of joined tables to the vocabulary.
func (b *bound) takeJoins() error {
	b.refs = map[int]joinRef{}
	for i, j := range b.spec.joins {
		spec := b.profile.table(j.table)
		if spec == nil {
			return &Invalid{Problems: []string{fmt.Sprintf("%s: there is no table `%s`%s", j.at, j.table, didYouMean(j.table, b.profile.tableNames()))}}
		}
		on := &joined{join: j, spec: spec, origins: b.origins[j.table], rows: map[string][]string{}}
		for _, name := range spec.vocabularyOf(on.origins) {
			word := j.name + "." + name
			if _, there := b.words.place[word]; !there {
				b.refs[len(b.words.names)] = joinRef{i, len(on.places)}
				on.places = append(on.places, len(b.words.names))
				b.addWord(word, -1)
			}
		}
		for _, name := range j.by {
			place, ok := b.words.place[name]
			if !ok {
				return &Invalid{Problems: []string{fmt.Sprintf("%s: the table has no column `%s`%s", j.at, name, didYouMean(name, b.words.names))}}
			}
			on.by = append(on.by, place)
		}
		b.joins = append(b.joins, on)
	}
	return nil
}

func (p *Profile) tableNames() (names []string) {
	for _, t := range p.Tables {
		names = append(names, t.Name)
	}
	return names
}

func (p *Profile) table(name string) *Table {
	for _, t := range p.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// vocabularyOf lists the columns that a table is known to have, and those that
// its files have.
func (t *Table) vocabularyOf(origins []*sheet.Table) []string {
	names := t.known()
	for _, origin := range origins {
		for _, cell := range origin.Header {
			if name := strings.TrimSpace(cell.Text); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// loadJoins reads the joined tables' rows, but no column that is not used.
func (b *bound) loadJoins(used map[int]bool) error {
	for _, j := range b.joins {
		for _, origin := range j.origins {
			columns, has := make([]int, len(j.places)), false
			for i, place := range j.places {
				columns[i] = -1
				if used[place] {
					columns[i] = j.spec.find(origin.Header, strings.TrimPrefix(b.words.names[place], j.name+"."))
					has = has || columns[i] >= 0
				}
			}
			if !has {
				continue
			}
			if err := j.load(origin, columns); err != nil {
				return err
			}
		}
	}
	return nil
}

// load takes up the rows of one file: of those with one key the first counts.
func (j *joined) load(origin *sheet.Table, columns []int) error {
	on := make([]int, len(j.on))
	for i, name := range j.on {
		on[i] = j.spec.find(origin.Header, name)
	}
	for row, err := range origin.Scan() {
		if err != nil {
			return err
		}
		key := joinKey(on, func(col int) string { return textAt(row, col) })
		if _, there := j.rows[key]; there || on[0] < 0 || textAt(row, on[0]) == "" {
			continue
		}
		values := make([]string, len(columns))
		for i, col := range columns {
			values[i] = textAt(row, col)
		}
		j.rows[key] = values
	}
	return nil
}

func textAt(row sheet.Row, col int) string {
	if col < 0 {
		return ""
	}
	return strings.TrimSpace(row.Cell(col).Text)
}

// joinKey is what the columns of a join hold in a row.
func joinKey(columns []int, text func(int) string) string {
	if len(columns) == 1 {
		return text(columns[0])
	}
	parts := make([]string, len(columns))
	for i, col := range columns {
		parts[i] = text(col)
	}
	return strings.Join(parts, "\x00")
}

// joinedCell is the cell that a word of a join stands for.
func (r *reader) joinedCell(ref joinRef) sheet.Cell {
	j := r.joins[ref.join]
	values := j.rows[joinKey(j.by, r.text)]
	if ref.index >= len(values) {
		return sheet.Cell{}
	}
	return textCell(values[ref.index], 0)
}
