package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// How a cell of ours is made: where its value comes from, and what it means
// here.

// cell makes a cell of ours.
func (r *reader) cell(c *boundColumn) sheet.Cell {
	if c.choices != nil {
		for _, choice := range c.choices {
			if r.holds(choice.when) {
				return r.cell(choice)
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
	return r.translate(c, cell)
}

func (r *reader) isBlank(c *boundColumn, text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || c.take != "" && isNoDate(text) {
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
		cell.From = r.from(c)
		return cell
	case c.program != nil:
		from := r.from(c)
		result, ok := r.run(c.program, c.name())
		if !ok {
			return sheet.Cell{From: from}
		}
		text, err := resultText(result)
		if err != nil {
			r.failed(c.program, c.name(), err)
		}
		return textCell(text, from)
	case c.choices != nil:
		return r.cell(c)
	}
	return textCell(c.constant.render(r.text), 0)
}

// name is our column's; blank for a key.
func (c *boundColumn) name() string {
	if c.column == nil {
		return ""
	}
	return c.column.Name
}

// from is the column of the file, counted from 1, at which a value is told: its
// own, or of an expression's the first that it names and the row fills, else the
// first that the file has; 0 for none.
func (r *reader) from(c *boundColumn) (column int) {
	if c.place >= 0 {
		return r.columns[c.place] + 1
	}
	if c.program == nil {
		return 0
	}
	for _, place := range c.program.columns {
		col := r.columns[place] + 1
		if col > 0 && r.text(place) != "" {
			return col
		}
		column = cmp.Or(column, col)
	}
	return column
}

// translate turns a value into what it means here.
func (r *reader) translate(c *boundColumn, cell sheet.Cell) sheet.Cell {
	before := cell.Text
	switch {
	case c.take != "":
		cell = r.date(c, cell)
	case c.values != "":
		cell = r.value(c, cell)
	case c.macros != "":
		cell = r.url(c, cell)
	case c.ids != "":
		cell = r.id(c, cell)
	}
	if c.columnSpec.changed != "" && cell.Kind != sheet.Blank {
		what := quote(before)
		if cell.Text != before {
			what += " became " + quote(cell.Text)
		}
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, c.name(), what+": "+c.changed.render(r.text))
	}
	return cell
}

// value looks a value up in its table, or each of a list of them.
func (r *reader) value(c *boundColumn, cell sheet.Cell) sheet.Cell {
	several := c.column != nil && (c.column.List || c.column.Kind == affise.KindVersions)
	items := splitList(cell.Text)
	if !several || len(items) < 2 {
		return r.oneValue(c, cell)
	}
	var list []string
	for _, item := range items {
		if text := r.oneValue(c, textCell(item, cell.From)).Text; text != "" {
			list = append(list, text)
		}
	}
	return textCell(joinList(list), cell.From)
}

func (r *reader) oneValue(c *boundColumn, cell sheet.Cell) sheet.Cell {
	table := r.profile.values[c.values]
	tr, ok := table.find(cell.Text)
	if !ok {
		r.flawAt(sheet.LevelError, codeValue, cell.From, c.name(), table.unknownValue(cell.Text, r.sourceOf(cell.From, c.values), r.profile.Name))
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
	r.flawAt(o.level(), o.code, cell.From, c.name(), text+": "+r.words.plain(o.text))
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
func (r *reader) url(c *boundColumn, cell sheet.Cell) sheet.Cell {
	s := r.profile.swap(r.profile.macros[c.macros], cell.Text)
	cell.Text = s.text
	cell.Kind = sheet.Text
	for _, macro := range s.unknown {
		r.flawAt(r.profile.unknown.level(), codeMacro, cell.From, c.name(), r.unknownMacro(c.macros, macro))
	}
	for _, n := range s.notes {
		r.flawAt(n.level(), n.code, cell.From, c.name(), fmt.Sprintf("%s: %s", n.macro, r.words.plain(n.text)))
	}
	if len(s.pairs) > 0 {
		r.flawAt(sheet.LevelInfo, CodeCarried, cell.From, c.name(), "macros: "+strings.Join(s.pairs, ", ")+r.profile.linkAdvice(s.slots))
	}
	if r.linked != nil {
		r.linked(s.slots)
	}
	return cell
}

// unknownMacro is what is said of a macro that a table does not have; an export
// has few, in many rows.
func (r *reader) unknownMacro(table, macro string) string {
	key := [2]string{table, macro}
	text, told := r.unknownMacros[key]
	if !told {
		text = fmt.Sprintf("%s is not a macro that profile %s knows%s", macro, r.profile.Name, r.profile.macros[table].suggest(macro))
		r.unknownMacros[key] = text
	}
	return text
}

func (t *macroTable) suggest(written string) string {
	return didYouMean(strings.TrimFunc(written, func(r rune) bool { return strings.ContainsRune("{}[]<>()#%=$!*@^|~_", r) }), t.names)
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
func (r *reader) id(c *boundColumn, cell sheet.Cell) sheet.Cell {
	items := []string{strings.TrimSpace(cell.Text)}
	if c.column.List || c.column.Kind == affise.KindIDsByCountry {
		items = splitList(cell.Text)
	}
	var found []string
	for _, item := range items {
		known := r.lookup(c.ids, item)
		if len(known.IDs) != 1 {
			r.missingID(c, item, known, cell.From)
			continue
		}
		if id := placeID(c.column, item, known.IDs[0]); !slices.Contains(found, id) {
			found = append(found, id) // two of theirs may be one of the account's
		}
	}
	cell = textCell(joinList(found), cell.From)
	return cell
}

// lookup finds the account's id of a source's id or name: in the user's tables,
// else by the name in the account.
func (r *reader) lookup(kind, item string) mapping.Found {
	if id, ok := r.ids.Find(kind, item); ok {
		return mapping.Found{IDs: []string{id}}
	}
	if r.opts.Lookup == nil || mapping.LooksLikeID(item) {
		return mapping.Found{} // an affiliate whose login happens to be 12 is not their affiliate 12
	}
	if isPlace := kind == string(affise.Regions) || kind == string(affise.Cities); isPlace && !strings.Contains(item, ":") {
		return r.lookupPlace(kind, item)
	}
	return r.opts.Lookup(kind, item)
}

// lookupPlace looks a region or a city up in the countries that our row names.
func (r *reader) lookupPlace(kind, item string) (found mapping.Found) {
	for _, column := range []string{"country_allow", "country_deny", "countries"} {
		for _, country := range splitList(r.made(column).Text) {
			code, ok := mapping.Country(country)
			if !ok {
				continue
			}
			there := r.opts.Lookup(kind, code+":"+item)
			for _, id := range there.IDs {
				found.IDs = append(found.IDs, code+":"+id)
			}
			found.Near = cmp.Or(found.Near, there.Near)
		}
	}
	return found
}

// placeID is an id as our column writes it: that of a place with its country,
// where the column takes ids by country.
func placeID(col *affise.Column, item, id string) string {
	_, alone, has := strings.Cut(id, ":")
	switch {
	case has && col.Kind == affise.KindID:
		return alone
	case !has && col.Kind == affise.KindIDsByCountry:
		if country, _, of := strings.Cut(item, ":"); of {
			return country + ":" + id
		}
	}
	return id
}

func (r *reader) missingID(c *boundColumn, item string, known mapping.Found, from int) {
	if r.missing != nil {
		r.missing(c.ids, item, known, r.row, from-1)
	}
	why := "it has no id of the account"
	if len(known.IDs) > 1 {
		why = mapping.WhyMissing(c.ids, item, known, true)
	}
	if c.lenient {
		r.flawAt(sheet.LevelWarning, CodeLost, from, c.name(), fmt.Sprintf("%s %s is not carried over: %s; give one with --ids%s", singular(c.ids), quote(item), why, idExample(c.column)))
		return
	}
	if len(known.IDs) < 2 {
		why = fmt.Sprintf("%s %s has no id of the account: `offerlift ids FILE` writes a file to fill in, and --ids takes it", singular(c.ids), quote(item))
	}
	r.flawAt(sheet.LevelError, codeID, from, c.name(), why+didYouMean(known.Near, []string{known.Near}))
}

// idExample shows ids that are not written as one would think.
func idExample(col *affise.Column) string {
	if col.Kind == affise.KindIDsByCountry {
		return ", with its country: US:33"
	}
	return ""
}

// date takes what our column can hold of a date: the day alone, or a start that
// is not past. What is no ISO date is left to the mapping.
func (r *reader) date(c *boundColumn, cell sheet.Cell) sheet.Cell {
	day, clock, ok := takeDate(cell.Text, r.profile.Dates)
	if !ok {
		return cell
	}
	out := cell
	out.Kind, out.Format, out.Text = sheet.Text, "", day
	switch {
	case c.take == "start" && day < r.today:
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, c.name(), fmt.Sprintf("%s is past, and Affise takes a start of today or later: the offer starts at once", quote(cell.Text)))
		return sheet.Cell{From: cell.From}
	case c.take == "start" && clock != "" && clock != "00:00:00":
		out.Text = day + " " + clock
	case c.take == "day" && clock != "" && clock != "00:00:00":
		r.flawAt(sheet.LevelWarning, CodeChanged, cell.From, c.name(), fmt.Sprintf("%s became %s: Affise keeps the day and no time", quote(cell.Text), quote(day)))
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
	if t, timed, ok := mapping.NamedMonth(text); ok {
		if timed {
			clock = t.Format(time.TimeOnly)
		}
		return t.Format(time.DateOnly), clock, true
	}
	return "", "", false
}
