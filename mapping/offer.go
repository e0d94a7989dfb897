package mapping

import (
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// assembly puts offers together, one after the other.
type assembly struct {
	m          *Mapper
	action     string
	messages   []sheet.Message
	arrays     []Rows
	hasGeneral bool           // a payout that is for every affiliate
	goals      []string       // of the offer's payouts
	earlier    []earlier      // children of the part at hand; used again for the next
	cells      []cellOf       // of a row that may stand off; likewise
	twin       bool           // another offer has its key, and may have got its children
	own, child values         // of the offer's row and of the child at hand; used again for the next
	personal   array          // of the children at hand; likewise
	all        array          // of all children; likewise where nobody gets it
	fields     []affise.Field // of the bodies of an offer and its children; likewise
	cell       cell
	above      map[*binding][]seen // by the place of the column
}

// values is what one row was read into.
type values struct {
	rec    *record
	fields []field // by the place of the column
	body   []affise.Field
}

// of returns what is known of a column; absent where the table has none.
func (r *values) of(col *affise.Column) field {
	if place := r.rec.bind.place(col); place >= 0 {
		return r.fields[place]
	}
	return field{}
}

func (a *assembly) add(m sheet.Message) { a.messages = append(a.messages, m) }

// fail tells an error at a column's cell, or at the other column's where the
// table does not have the first.
func (a *assembly) fail(r *values, code string, col, other *affise.Column, format string, args ...any) {
	place := r.rec.bind.place(col)
	if place < 0 && other != nil {
		place = r.rec.bind.place(other)
	}
	a.add(r.rec.message(sheet.LevelError, code, place, fmt.Sprintf(format, args...)))
}

func (a *assembly) warn(r *values, code string, col *affise.Column, format string, args ...any) {
	a.add(r.rec.message(sheet.LevelWarning, code, r.rec.bind.place(col), fmt.Sprintf(format, args...)))
}

// offer maps one offer with its children.
func (a *assembly) offer(u *unit) Offer {
	n := u.self.names()
	o := Offer{Key: n.key, Title: u.title(), At: u.self.ref(), Action: n.action, Children: u.refs(), Was: u.self.was}
	if place := u.self.bind.place(schemaRules().key); o.Was != 0 && place >= 0 {
		o.KeyCell = u.self.message("", "", place, "").Cell
	}
	a.action, a.messages, a.hasGeneral, a.twin = n.action, nil, false, len(a.m.index.twins[u.ordinal]) > 0
	a.fields, a.goals, a.earlier = a.fields[:0], a.goals[:0], a.earlier[:0]
	if n.action == actionSkip {
		o.Messages = u.self.remarks()
		return o
	}
	a.await(u, &o)
	if u.self.unusable() {
		o.Messages = append(a.messages, placed(u.self.flaws, u.self.bind.table)...)
		return o
	}
	own, told := &a.own, len(a.messages)
	a.read(own, &u.self, u.arrays())
	if o.shift = a.place(own, u.children, told); o.shift.table != nil {
		o.Messages = append(append(a.messages[:told], u.self.remarks()...), u.self.misplaced(o.shift))
		return o
	}
	a.checkKey(u, own, n)
	own.body = withKey(own.body, n.key)
	a.finishRow(own)
	body := a.children(u, own.body)
	a.checkOffer(own, body)
	o.Action, o.Messages = own.of(schemaRules().action).text, a.messages
	if !a.m.opts.MessagesOnly {
		o.Body, o.Arrays = body, a.arrays
	}
	return o
}

// room makes a body that is to have n fields.
func (a *assembly) room(n int) []affise.Field {
	if !a.m.opts.MessagesOnly {
		return make([]affise.Field, 0, n)
	}
	from := len(a.fields)
	if cap(a.fields)-from < n {
		from = 0
		a.fields = make([]affise.Field, 0, 2*cap(a.fields)+n)
	}
	a.fields = a.fields[:from+n]
	return a.fields[from : from : from+n]
}

// remarks are what was said of a row on its way here, but for errors.
func (r *record) remarks() []sheet.Message {
	return slices.DeleteFunc(slices.Clone(r.flaws), func(m sheet.Message) bool { return m.Level == sheet.LevelError })
}

// withKey puts the key first, whether its cell holds it or it was made: what
// is sent is what the offer is known by.
func withKey(body []affise.Field, key string) []affise.Field {
	name := schemaRules().key.Path[0]
	switch {
	case key == "":
		return body
	case len(body) > 0 && body[0].Key == name:
		body[0].Value = affise.Text(key)
		return body
	}
	return append([]affise.Field{pair(name, key)}, body...)
}

func (u *unit) title() string {
	if c := u.self.of(schemaRules().title); c != nil {
		return strings.TrimSpace(c.Text)
	}
	return ""
}

// refs names the child rows; flat children stand in the offer's own row, and
// so may the children of derived tables, several in one.
func (u *unit) refs() []Ref {
	var refs []Ref
	for i := range u.children {
		c := &u.children[i]
		derived := c.bind.table.Origin != nil
		if c.bind.number > 0 || derived && (c.ref() == u.self.ref() || slices.Contains(refs, c.ref())) {
			continue
		}
		if refs == nil {
			refs = make([]Ref, 0, len(u.children)-i)
		}
		refs = append(refs, c.ref())
	}
	return refs
}

// seen is a cell of which nothing was to be said. Rows repeat those above them,
// and what is the same means the same. Texts and URLs are not worth the keeping:
// they are quick to read, and mostly differ.
type seen struct {
	kind         sheet.Kind
	text, format string
	field        field
	value        affise.Value
}

// read reads every cell of a row into the fields of its part. More is how many
// fields will follow in the body.
func (a *assembly) read(r *values, rec *record, more int) {
	if len(rec.flaws) > 0 {
		a.messages = append(a.messages, placed(rec.flaws, rec.bind.table)...)
	}
	above := a.above[rec.bind]
	if above == nil {
		above = make([]seen, len(rec.cells))
		a.above[rec.bind] = above
	}
	r.rec, r.fields = rec, append(r.fields[:0], make([]field, len(rec.cells))...)
	r.body = a.room(rec.filled + more)
	c := &a.cell
	c.env, c.rec, c.out = &a.m.env, rec, &a.messages
	for place := range rec.cells {
		if rec.cells[place].Kind == sheet.Blank {
			continue
		}
		c.place, c.col, c.raw, c.field = place, rec.bind.columns[place].col, &rec.cells[place], &r.fields[place]
		if value := c.readBelow(&above[place], rec.textAt(place)); c.isSent(value) {
			r.body = put(r.body, value, c.col.Path)
		}
	}
}

// readBelow reads the cell below another one.
func (c *cell) readBelow(above *seen, text string) affise.Value {
	if above.is(c.raw, text) {
		*c.field = above.field
		return above.value
	}
	told := len(*c.out)
	value := c.read(text)
	if len(*c.out) == told && c.col.Kind != affise.KindText && c.col.Kind != affise.KindURL {
		*above = seen{c.raw.Kind, text, c.raw.Format, *c.field, value}
	}
	return value
}

// is tells whether a cell with this text is the same.
func (s *seen) is(raw *sheet.Cell, text string) bool {
	return text == s.text && raw.Kind == s.kind && raw.Format == s.format && raw.Repair == ""
}

// isSent tells whether a value goes into the body.
func (c *cell) isSent(value affise.Value) bool {
	switch {
	case c.col.Key == "":
		return false
	case c.field.state == unbound:
		return !value.IsText()
	}
	return c.field.state == given || c.field.state == cleared
}

// put adds a value at its path. Columns of one tree follow one another, so the
// tree is the last field.
func put(body []affise.Field, value affise.Value, path []string) []affise.Field {
	if len(path) == 1 {
		return append(body, affise.Field{Key: path[0], Value: value})
	}
	for i := range body {
		if body[i].Key == path[0] {
			body[i].Value.Set(value, path[1:]...)
			return body
		}
	}
	field := affise.Field{Key: path[0]}
	field.Value.Set(value, path[1:]...)
	return append(body, field)
}

// checkKey: the offer can be known again, and no other has its key.
func (a *assembly) checkKey(u *unit, own *values, n names) {
	place := u.self.bind.place(schemaRules().key)
	if n.key == "" {
		a.add(own.rec.message(sheet.LevelError, codeNoKey, place, fmt.Sprintf(
			"the row has neither %s nor a title and a URL, so its offer cannot be known again: write an id of your own into %s", schemaRules().key.Name, schemaRules().key.Name)))
		return
	}
	if place >= 0 && own.fields[place].state == cleared {
		a.add(own.rec.message(sheet.LevelError, codeNoKey, place, fmt.Sprintf("%s cannot be cleared: it is how the offer is known", schemaRules().key.Name)))
	}
	if !n.made && standsForNothing(affise.KindText, n.key) {
		a.add(own.rec.message(sheet.LevelError, codeNoKey, place, fmt.Sprintf("%s stands for nothing, and %s is how the offer is known: write an id of your own, another for each offer", quote(n.key), schemaRules().key.Name)))
		return
	}
	twins := a.m.index.twins[u.ordinal]
	if len(twins) == 0 {
		a.checkSameOffer(u, own)
		if !n.made {
			a.checkURLKey(u, own, n.key)
		}
		return
	}
	where := make([]string, 0, len(twins))
	for _, ordinal := range twins[:min(3, len(twins))] {
		where = append(where, a.m.placeOf(ordinal, own.rec.bind.table))
	}
	text := fmt.Sprintf("%s is the key of the offer in %s too: each offer needs a key of its own, so none of them is sent; %s", quote(n.key), orList(where), a.m.index.howAlike(u.ordinal))
	if n.made {
		text = fmt.Sprintf("the row has the same advertiser, title and URL as the offer in %s: give each an %s, or take one out", orList(where), schemaRules().key.Name)
	}
	a.add(own.rec.message(sheet.LevelError, codeDuplicateKey, place, text))
}

// placeOf names the cell of an offer's key, with its sheet where that is
// another one.
func (m *Mapper) placeOf(ordinal uint32, here *sheet.Table) string {
	t := m.tableOf(ordinal)
	rec := record{bind: t.own, row: int(m.index.rows[ordinal])}
	msg := rec.message("", "", t.own.place(schemaRules().key), "")
	if t.table == here {
		if msg.Column == "" || rec.column(t.own.place(schemaRules().key)) < 0 {
			return "row " + msg.Cell
		}
		return msg.Cell
	}
	return msg.Spot()
}

// needed tells whether what is required to create is required here, and how
// bad it is where it is missing: an upsert may turn out to be an update.
func (a *assembly) needed() (sheet.Level, bool) {
	mode := a.m.env.mode
	if a.action != "" {
		mode = a.action
	}
	switch mode {
	case modeUpdate:
		return "", false
	case modeUpsert:
		return sheet.LevelWarning, true
	}
	return sheet.LevelError, true
}

// finishRow checks what needs the whole row.
func (a *assembly) finishRow(r *values) {
	level, needed := a.needed()
	if r.rec.bind.part > 0 {
		level, needed = sheet.LevelError, !r.edits()
	}
	if needed && !r.rec.refused() {
		a.checkRequired(r, level)
	}
	a.checkRow(r)
}

// refused tells whether a profile refused a part of the row: what is blank for
// that reason is not to be told twice.
func (r *record) refused() bool { return r.bind.table.Origin != nil && r.flawed() }

// unusable tells whether the reader found the row broken, its cells maybe in
// the wrong columns: what they hold is not to be judged.
func (r *record) unusable() bool { return r.bind.table.Origin == nil && r.flawed() }

func (r *record) flawed() bool {
	return slices.ContainsFunc(r.flaws, func(m sheet.Message) bool { return m.Level == sheet.LevelError })
}

// edits tells whether a child row names a stored child, which it then changes:
// what it leaves blank stays as it is.
func (r *values) edits() bool {
	for place, c := range r.rec.bind.columns {
		if c.col.Key == "id" {
			return r.fields[place].state == given
		}
	}
	return false
}

// children adds the parts of the offer's children to its body. Payouts that
// name affiliates go into a part of their own, after the general ones.
func (a *assembly) children(u *unit, body []affise.Field) affise.Value {
	n := len(u.children)
	all := array{a.all.items[:0], a.all.rows[:0]}
	a.arrays = a.arrays[:0]
	if !a.m.opts.MessagesOnly {
		all = array{make([]affise.Value, 0, n), make([]Ref, 0, n)}
		a.arrays = make([]Rows, 0, u.arrays())
	}
	for i := 0; i < n; {
		part := u.children[i].bind.part
		general, personal := len(all.items), &a.personal
		personal.items, personal.rows = personal.items[:0], personal.rows[:0]
		for ; i < n && u.children[i].bind.part == part; i++ {
			item, isPersonal := a.childItem(&u.children[i])
			if isPersonal {
				personal.add(item, u.children[i].ref())
			} else {
				all.add(item, u.children[i].ref())
			}
		}
		body = a.appendArray(body, words().parts[part].Key, all.from(general))
		all.items, all.rows = append(all.items, personal.items...), append(all.rows, personal.rows...)
		body = a.appendArray(body, affise.Personal, all.from(len(all.items)-len(personal.items)))
	}
	if a.m.opts.MessagesOnly {
		a.all = all
	}
	return affise.Map(body...)
}

// arrays is how many arrays the children can make, at most.
func (u *unit) arrays() int {
	n, part := 0, 0
	for i := range u.children {
		if c := u.children[i].bind; c.part != part {
			n, part = n+1, c.part
			if part == schemaRules().payouts {
				n++ // the personal ones
			}
		}
	}
	return n
}

// array is one array of a body, with the rows that its items come from.
type array struct {
	items []affise.Value
	rows  []Ref
}

// from is the part of the array that begins at an item.
func (l *array) from(i int) array {
	return array{slices.Clip(l.items[i:]), slices.Clip(l.rows[i:])}
}

func (l *array) add(item affise.Value, row Ref) {
	l.items, l.rows = append(l.items, item), append(l.rows, row)
}

func (a *assembly) appendArray(body []affise.Field, key string, l array) []affise.Field {
	if len(l.items) == 0 {
		return body
	}
	a.arrays = append(a.arrays, Rows{Key: key, At: l.rows})
	return append(body, affise.Field{Key: key, Value: affise.List(l.items...)})
}

// childItem maps one child row.
func (a *assembly) childItem(rec *record) (item affise.Value, personal bool) {
	before, book := len(a.messages), schemaRules()
	if rec.unusable() {
		a.messages = append(a.messages, placed(rec.flaws, rec.bind.table)...)
		a.hasGeneral = a.hasGeneral || rec.bind.part == book.payouts
		return affise.Value{}, false
	}
	r := &a.child
	a.read(r, rec, 0)
	if off := a.place(r, nil, before); off.table != nil && rec.bind.number == 0 {
		a.messages = append(a.messages[:before], rec.misplaced(off))
		a.hasGeneral = a.hasGeneral || rec.bind.part == book.payouts
		return affise.Value{}, false
	}
	if len(r.body) == 0 && len(a.messages) == before {
		a.add(rec.message(sheet.LevelError, codeEmptyRow, -1, "the row names an offer and nothing else: fill it, or take it out"))
	} else {
		a.finishRow(r)
		a.checkAlike(r)
	}
	if rec.bind.part == book.payouts {
		if goal := r.of(book.goal); goal.state == given {
			a.goals = append(a.goals, goal.text)
		}
		personal = r.of(book.personal).state == given
		a.hasGeneral = a.hasGeneral || !personal
	}
	return affise.Map(r.body...), personal
}
