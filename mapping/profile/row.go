package profile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// reader makes our rows of a table's rows. It is used by one goroutine, for one
// reading of the table.
type reader struct {
	*bound
	eval  *evaluator
	row   sheet.Row
	flaws []sheet.Message
	parts []partRows

	missing func(kind, value string, row sheet.Row, place int) // is told of each id that is not known
	linked  func(slots []int)                                  // is told of the slots that each URL uses
}

// partRows is what a reader makes of one part: the columns of its table.
type partRows struct {
	part   *affise.Part
	header []*affise.Column
}

func (b *bound) reader() *reader { return &reader{bound: b, eval: newEvaluator(&b.words)} }

// made is one of our rows.
type made struct {
	part int // in reader.parts
	row  sheet.Row
}

// parts lists the parts that a table's records make, the offer first.
func (b *bound) parts() []partRows {
	var list []partRows
	for _, part := range affise.Parts() {
		if slices.ContainsFunc(b.records, func(r *boundRecord) bool { return r.part.Key == part.Key }) {
			list = append(list, partRows{&part, b.header(&part)})
		}
	}
	return list
}

// read makes our rows of a source row: those of the parts of a reader, each
// with what is to be said of it. What belongs to the source row as a whole is
// said at the first row that any part makes of it, so that it is said once.
func (r *reader) read(row sheet.Row) (rows []made, empty bool) {
	r.row = row
	key := r.keyText()
	first := r.isFirst(key)
	empty = true
	for _, rec := range r.records {
		if !first && !rec.each {
			continue
		}
		r.flaws = nil
		if !r.holds(rec.when) {
			continue
		}
		if empty {
			r.flaws = append(r.flaws, row.Flaws...)
			r.whole(key, first)
		}
		empty = false
		i := slices.IndexFunc(r.parts, func(p partRows) bool { return p.part.Key == rec.part.Key })
		if i < 0 {
			continue
		}
		rows = append(rows, made{i, r.record(rec, r.parts[i], key)})
	}
	return rows, empty
}

// text is the trimmed text at a place.
func (r *reader) text(place int) string { return strings.TrimSpace(r.cellAt(place).Text) }

func (r *reader) cellAt(place int) sheet.Cell {
	if col := r.columns[place]; col >= 0 {
		return r.row.Cell(col)
	}
	if ref, ok := r.refs[place]; ok {
		return r.joinedCell(ref)
	}
	return sheet.Cell{}
}

// keyText is the offer's key, with the profile's prefix. A key that an
// expression makes is taken as it is.
func (r *reader) keyText() string {
	cell := r.source(r.key)
	text := strings.TrimSpace(cell.Text)
	if text == "" || r.key.place < 0 {
		return text
	}
	return r.profile.Prefix + text
}

// whole says what belongs to the source row as a whole: conflicts, and what is
// not carried over.
func (r *reader) whole(key string, first bool) {
	if g := r.groups[key]; first && g != nil {
		r.flaws = append(r.flaws, g.conflicts...)
	}
	if !first && !r.leftDiffers(key) {
		return
	}
	for _, l := range r.left {
		cell := r.cellAt(l.place)
		if cell.Kind == sheet.Blank || strings.TrimSpace(cell.Text) == "" || !l.always && isNothing(cell.Text) {
			continue
		}
		name := r.sourceName(l.place)
		r.flaw(sheet.LevelWarning, CodeLost, l.place, name, fmt.Sprintf("%s %s is not carried over: %s", name, quote(cell.Text), l.reason))
	}
}

// record makes one of our rows.
func (r *reader) record(rec *boundRecord, to partRows, key string) sheet.Row {
	out := sheet.Row{Number: r.row.Number, Line: r.row.Line, Cells: make([]sheet.Cell, len(to.header))}
	from := 0
	if r.key.place >= 0 {
		from = r.columns[r.key.place] + 1
	} else {
		from = r.firstColumn(r.key)
	}
	if key != "" {
		out.Cells[0] = sheet.Cell{Kind: sheet.Text, Text: key, From: from}
	} else {
		out.Cells[0].From = from
	}
	for _, c := range rec.columns {
		out.Cells[slices.Index(to.header, c.column)] = r.cell(c, c.column.Name)
	}
	for _, t := range rec.tells {
		if r.holds(t.when) {
			r.say(t.outcome, t.place, "", t.text.render(r.text))
		}
	}
	if rec.part.Key == payments {
		r.tellMoney(out, to.header)
	}
	out.Flaws = r.flaws
	return out
}

const payments = "payments"

// tellMoney says in plain words which amount is whose.
func (r *reader) tellMoney(row sheet.Row, header []*affise.Column) {
	values, places := map[string]string{}, map[string]string{}
	for i, col := range header {
		cell := row.Cells[i]
		values[col.Name] = strings.TrimSpace(cell.Text)
		if cell.From > 0 && cell.From <= len(r.origin.Header) {
			places[col.Name] = fmt.Sprintf(" (%s, %s)", strings.TrimSpace(r.origin.Header[cell.From-1].Text), r.origin.Place(cell.From-1, r.row.Number))
		}
	}
	if values["revenue"] == "" && values["total"] == "" || values["type"] == "" {
		return
	}
	unit := " " + values["currency"]
	if values["type"] == "percent" {
		unit = " percent"
	}
	amount := func(name string) string {
		if values[name] == "" {
			return "nothing that is known"
		}
		return strings.TrimSpace(strings.TrimSuffix(values[name], "%")+unit) + places[name]
	}
	r.flaw(sheet.LevelInfo, CodeCarried, -1, "revenue", fmt.Sprintf("the affiliate gets %s, the advertiser pays %s", amount("revenue"), amount("total")))
}

// holds tells whether a condition holds on the row; none always does.
func (r *reader) holds(p *program) bool {
	if p == nil {
		return true
	}
	result, ok := r.run(p, "")
	return ok && result == true
}

// run evaluates an expression on the row; a failure is an error of the row.
func (r *reader) run(p *program, column string) (any, bool) {
	r.eval.set(p, r.text)
	result, err := r.eval.run(p)
	if err != nil {
		r.failed(p, column, err)
		return nil, false
	}
	return result, true
}

func (r *reader) failed(p *program, column string, err error) {
	place := -1
	if len(p.columns) > 0 {
		place = p.columns[0]
	}
	r.flaw(sheet.LevelError, codeFailed, place, column, fmt.Sprintf("an expression of the profile failed on this row: %v", err))
}

// cell makes a cell of ours.
func (r *reader) cell(c *boundColumn, name string) sheet.Cell {
	if c.choices != nil {
		for _, choice := range c.choices {
			if r.holds(choice.when) {
				return r.cell(choice, name)
			}
		}
		return sheet.Cell{}
	}
	cell := r.source(c)
	if cell.Kind != sheet.Blank && r.isBlank(c, cell.Text) {
		cell = sheet.Cell{From: cell.From}
	}
	if cell.Kind == sheet.Blank && c.columnSpec.fallback != "" {
		cell = textCell(c.fallback.render(r.text), cell.From)
	}
	if cell.Kind == sheet.Blank {
		return cell
	}
	return r.translate(c, cell, name)
}

func (r *reader) isBlank(c *boundColumn, text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || c.take != "" && isZeroDate(text) {
		return true
	}
	return slices.ContainsFunc(c.blank, func(b string) bool {
		return strings.EqualFold(b, text) || b == "0" && isZero(text)
	})
}

func textCell(text string, from int) sheet.Cell {
	if strings.TrimSpace(text) == "" {
		return sheet.Cell{From: from}
	}
	return sheet.Cell{Kind: sheet.Text, Text: text, From: from}
}

// source is what a column is made from, before it is translated.
func (r *reader) source(c *boundColumn) sheet.Cell {
	switch {
	case c.place >= 0:
		cell := r.cellAt(c.place)
		cell.From = r.columns[c.place] + 1
		return cell
	case c.program != nil:
		from := r.firstColumn(c)
		result, ok := r.run(c.program, columnName(c))
		if !ok {
			return sheet.Cell{From: from}
		}
		text, err := resultText(result)
		if err != nil {
			r.failed(c.program, columnName(c), err)
		}
		return textCell(text, from)
	case c.choices != nil:
		return r.cell(c, columnName(c))
	}
	return textCell(c.constant.render(r.text), 0)
}

func columnName(c *boundColumn) string {
	if c.column == nil {
		return ""
	}
	return c.column.Name
}

// firstColumn is the column, counted from 1, at which an expression's value is
// told: the first that it names and the file has; 0 for none.
func (r *reader) firstColumn(c *boundColumn) int {
	if c.program != nil {
		for _, place := range c.program.columns {
			if col := r.columns[place]; col >= 0 {
				return col + 1
			}
		}
	}
	return 0
}

// translate turns a value into what it means here.
func (r *reader) translate(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	before := cell.Text
	switch {
	case c.take != "":
		cell = r.date(c, cell, name)
	case c.values != "":
		cell = r.value(c, cell, name)
	case c.macros != "":
		cell = r.url(c, cell, name)
	case c.ids != "":
		cell = r.id(c, cell, name)
	}
	if c.columnSpec.changed != "" && cell.Kind != sheet.Blank {
		what := quote(before)
		if cell.Text != before {
			what += " became " + quote(cell.Text)
		}
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, name, what+": "+c.changed.render(r.text))
	}
	return cell
}

// value looks a value up in its table, or each of a list of them.
func (r *reader) value(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	several := c.column != nil && (c.column.List || c.column.Kind == affise.KindVersions)
	items := splitList(cell.Text)
	if !several || len(items) < 2 {
		return r.oneValue(c, cell, name)
	}
	var list []string
	for _, item := range items {
		if text := r.oneValue(c, textCell(item, cell.From), name).Text; text != "" {
			list = append(list, text)
		}
	}
	return textCell(joinList(list), cell.From)
}

func (r *reader) oneValue(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	table := r.profile.values[c.values]
	tr, ok := table.find(cell.Text)
	if !ok {
		r.flawAt(sheet.LevelError, codeValue, cell.From, name, table.unknownValue(cell.Text, r.sourceOf(cell.From, c.values), r.profile.Name))
		return sheet.Cell{From: cell.From}
	}
	to, err := r.words.template(tr.to, c.at)
	if err != nil { // told when the table was bound
		return sheet.Cell{From: cell.From}
	}
	out := textCell(to.render(r.text), cell.From)
	if tr.code == "" {
		return out
	}
	text := fmt.Sprintf("%s %s", r.sourceOf(cell.From, c.values), quote(cell.Text))
	switch {
	case out.Kind != sheet.Blank:
		text += " became " + quote(out.Text)
	case tr.code == CodeLost:
		text += " is not carried over"
	}
	o := tr.outcome
	r.flawAt(o.level(), o.code, cell.From, name, text+": "+r.words.plain(o.text))
	return out
}

// sourceOf names a source column.
func (r *reader) sourceOf(from int, otherwise string) string {
	if from > 0 && from <= len(r.origin.Header) {
		return strings.TrimSpace(r.origin.Header[from-1].Text)
	}
	return otherwise
}

// plain renders a text of the profile that knows options alone.
func (v *vocabulary) plain(text string) string {
	for _, o := range v.options {
		text = strings.ReplaceAll(text, "{option."+o.Name+"}", o.Value)
	}
	return text
}

// url replaces the macros of a URL, and says what affiliates must change.
func (r *reader) url(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	s := r.profile.swap(r.profile.macros[c.macros], cell.Text)
	cell.Text = s.text
	cell.Kind = sheet.Text
	for _, macro := range s.unknown {
		r.flawAt(r.profile.unknown.level(), codeMacro, cell.From, name, fmt.Sprintf(
			"%s is not a macro that profile %s knows%s", macro, r.profile.Name, r.profile.macros[c.macros].suggest(macro)))
	}
	for _, n := range s.notes {
		r.flawAt(n.level(), n.code, cell.From, name, fmt.Sprintf("%s: %s", n.macro, r.words.plain(n.text)))
	}
	if len(s.pairs) > 0 {
		r.flawAt(sheet.LevelInfo, CodeCarried, cell.From, name, "macros: "+strings.Join(s.pairs, ", ")+r.profile.linkAdvice(s.slots))
	}
	if r.linked != nil {
		r.linked(s.slots)
	}
	return cell
}

func (t *macroTable) suggest(written string) string {
	return didYouMean(strings.Trim(written, "{}#%[]="), t.names)
}

// linkAdvice says which parameters affiliates write from now on.
func (p *Profile) linkAdvice(slots []int) string {
	var list []string
	for _, n := range slots {
		if p.Slots[n-1] == fmt.Sprintf("sub%d", n) {
			continue
		}
		list = append(list, fmt.Sprintf("sub%d= in place of %s=", n, p.Slots[n-1]))
	}
	if len(list) == 0 {
		return ""
	}
	return "; in their links, affiliates write " + strings.Join(list, ", ")
}

// id looks up an id, or each of a list of them.
func (r *reader) id(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	items := []string{strings.TrimSpace(cell.Text)}
	if c.column.List {
		items = splitList(cell.Text)
	}
	var found []string
	for _, item := range items {
		id, ok := r.ids.Find(c.ids, item)
		if !ok && r.opts.Lookup != nil {
			id, ok = r.opts.Lookup(c.ids, item)
		}
		if !ok {
			r.missingID(c, item, cell.From, name)
			continue
		}
		found = append(found, id)
	}
	cell = textCell(joinList(found), cell.From)
	return cell
}

func (r *reader) missingID(c *boundColumn, item string, from int, name string) {
	if r.missing != nil {
		r.missing(c.ids, item, r.row, from-1)
	}
	if c.lenient {
		r.flawAt(sheet.LevelWarning, CodeLost, from, name, fmt.Sprintf("%s %s is not carried over: it has no id of the account; give one with --ids", singular(c.ids), quote(item)))
		return
	}
	r.flawAt(sheet.LevelError, codeID, from, name, fmt.Sprintf("%s %s has no id of the account: `offerlift ids FILE` writes a file to fill in, and --ids takes it", singular(c.ids), quote(item)))
}

// date takes what our column can hold of a date: the day alone, or a start that
// is not past. What is no ISO date is left to the mapping.
func (r *reader) date(c *boundColumn, cell sheet.Cell, name string) sheet.Cell {
	day, clock, ok := takeDate(cell.Text, r.profile.Dates)
	if !ok {
		return cell
	}
	out := cell
	out.Kind, out.Format, out.Text = sheet.Text, "", day
	switch {
	case c.take == "start" && day < r.today:
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, name, fmt.Sprintf("%s is past, and Affise takes a start of today or later: the offer starts at once", quote(cell.Text)))
		return sheet.Cell{From: cell.From}
	case c.take == "start" && clock != "" && clock != "00:00:00":
		out.Text = day + " " + clock
	case c.take == "day" && clock != "" && clock != "00:00:00":
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, name, fmt.Sprintf("%s became %s: Affise keeps the day and no time", quote(cell.Text), quote(day)))
	}
	return out
}

// takeDate takes 2030-01-31 23:59:59, 2030-01-31T23:59:59Z and the like apart,
// and what is written in the profile's own format.
func takeDate(text, format string) (day, clock string, ok bool) {
	text = strings.TrimSpace(text)
	layouts := []string{time.DateOnly, time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04"}
	if format != "" {
		own := strings.NewReplacer("YYYY", "2006", "DD", "02", "HH:MM:SS", "15:04:05", "HH:MM", "15:04", "MM", "01").Replace(format)
		layouts = append(layouts, own, own+" 15:04:05", own+" 15:04")
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			if strings.Contains(layout, "15") {
				clock = t.Format(time.TimeOnly)
			}
			return t.Format(time.DateOnly), clock, true
		}
	}
	return "", "", false
}

// level is how bad an outcome is.
func (o outcome) level() sheet.Level {
	switch {
	case o.error:
		return sheet.LevelError
	case o.code == CodeCarried:
		return sheet.LevelInfo
	}
	return sheet.LevelWarning
}

func (r *reader) say(o outcome, place int, column, text string) {
	if column == "" && place >= 0 {
		column = r.sourceName(place)
	}
	r.flaw(o.level(), o.code, place, column, text)
}

// flaw notes a message about the cell at a place of the row, or about the row
// as a whole where place is -1.
func (r *reader) flaw(level sheet.Level, code string, place int, column, text string) {
	from := 0
	if place >= 0 {
		from = r.columns[place] + 1
	}
	r.flawAt(level, code, from, column, text)
}

// flawAt is flaw with a column of the file, counted from 1; 0 for none.
func (r *reader) flawAt(level sheet.Level, code string, from int, column, text string) {
	if r.opts.Strict && (code == CodeChanged || code == CodeLost || code == CodeDecision) {
		level = sheet.LevelError
	}
	m := sheet.Message{Level: level, File: r.origin.File, Sheet: r.origin.Sheet, Column: column, Code: code, Text: text}
	m.Cell = r.origin.Place(from-1, r.row.Number)
	r.flaws = append(r.flaws, m)
}
