package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A walk checks a request against the tables and writes the read shape of the offer in the same pass.
type walk struct {
	lists         *lists
	zones         *zones
	parts         func() uint64 // the next number for a payment, landing or target group
	today         string        // YYYY-MM-DD in UTC
	anyAdvertiser bool

	buf       []byte
	path      []string
	sent      []*Node // the nodes of the levels being walked, level after level
	unknown   []string
	problems  []problem
	files     []File
	malformed bool // wrong nesting of targeting[][sub]
}

type problem struct {
	path, text string
	missing    bool
}

// reset makes a walk ready for the next request, keeping its buffers.
func (w *walk) reset(today time.Time) {
	w.today = today.UTC().Format(time.DateOnly)
	w.buf, w.path, w.sent = w.buf[:0], w.path[:0], w.sent[:0]
	w.unknown, w.problems, w.files, w.malformed = nil, nil, nil, false
}

func (w *walk) refused() bool { return w.malformed || len(w.unknown)+len(w.problems) > 0 }

// name writes the current path as the caller spelt it: payments[0][currency].
func (w *walk) name() string {
	if len(w.path) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(w.path[0])
	for _, key := range w.path[1:] {
		b.WriteString("[" + key + "]")
	}
	return b.String()
}

func (w *walk) enter(key string) { w.path = append(w.path, key) }
func (w *walk) leave()           { w.path = w.path[:len(w.path)-1] }

func (w *walk) wrong(text string) {
	w.problems = append(w.problems, problem{path: w.name(), text: text})
}

func (w *walk) wrongAt(key, text string) {
	w.enter(key)
	w.wrong(text)
	w.leave()
}

func (w *walk) missing(key string) {
	w.enter(key)
	w.problems = append(w.problems, problem{w.name(), "This value should not be blank.", true})
	w.leave()
}

func (w *walk) unknownKey(key string) {
	w.enter(key)
	w.unknown = append(w.unknown, w.name())
	w.leave()
}

// members writes the fields of one level without their braces, each followed by a comma.
func (w *walk) members(f *fields, n Node, stored map[string]json.RawMessage) {
	in := w.spread(f, n, stored)
	for i := range f.list {
		w.member(&f.list[i], w.sent[in.at+i], in)
	}
	if f.rule != nil {
		f.rule(w, in)
	}
	w.sent = w.sent[:in.at]
}

// spread lays a level's nodes out in the table's order and notes the keys that the table does not have.
func (w *walk) spread(f *fields, n Node, stored map[string]json.RawMessage) input {
	in := input{w: w, fields: f, at: len(w.sent), stored: stored}
	for range f.list {
		w.sent = append(w.sent, nil)
	}
	for i := range n.arr.entries {
		e := &n.arr.entries[i]
		if at, ok := f.byKey[e.key]; ok {
			w.sent[in.at+at] = &e.node
		} else if f.rigid {
			w.malformed = true
		} else {
			w.unknownKey(e.key)
		}
	}
	return in
}

func (w *walk) member(p *param, n *Node, in input) {
	if p.required && !in.filled(p.key) {
		w.missing(p.key)
		return
	}
	if p.derive != nil && p.derive(w, in) {
		return
	}
	if n == nil {
		if raw, ok := in.stored[p.read]; ok {
			w.buf = append(append(append(w.buf, p.quoted...), raw...), ',')
			return
		}
		w.buf = append(w.buf, p.absent...)
		return
	}
	w.enter(p.key)
	start := len(w.buf)
	w.buf = append(w.buf, p.quoted...)
	w.value(p, *n, in.stored)
	w.buf = append(w.buf, ',')
	if p.read == "-" {
		w.buf = w.buf[:start]
	}
	w.leave()
}

func (w *walk) value(p *param, n Node, stored map[string]json.RawMessage) {
	switch p.shape {
	case scalar:
		w.scalar(p, n)
	case list:
		w.list(p, n)
	case rows:
		w.rows(p, n, stored)
	case group:
		w.group(p, n)
	case perLanguage:
		w.perLanguage(p, n)
	case perCountry:
		w.perCountry(p, n)
	case perSub:
		w.perSub(p, n)
	case subGroups:
		w.subGroups(p, n)
	case intervals:
		w.intervals(p, n)
	case goalMap:
		w.goalMap(p, n)
	case anything:
		w.childKeys(p, n)
		w.anything(n)
	case constant:
		panic("sandbox: a constant has no key")
	}
}

func (w *walk) scalar(p *param, n Node) {
	switch {
	case n.arr != nil:
		w.wrong("This value should be one value, not a list.")
	case n.text == "" && p.check.blank:
		w.blank(p, "null")
	case !p.check.ok(w, n.text):
		w.wrong("This value should be " + p.check.want + ".")
	case p.out != nil:
		p.out(w, n.text)
	default:
		w.text(n.text)
	}
}

func (w *walk) blank(p *param, otherwise string) {
	if p.blank != "" {
		otherwise = p.blank
	}
	w.buf = append(w.buf, otherwise...)
}

// items returns the children of an array, and none where one empty value empties the list. Anything else but a list is
// wrong.
func (w *walk) items(n Node) []entry {
	if n.arr == nil && n.text != "" {
		w.wrong("This value should be a list.")
		return nil
	}
	if isBlank(n) {
		return nil
	}
	return n.arr.entries
}

func (w *walk) list(p *param, n Node) {
	items := w.items(n)
	if p.most > 0 && len(items) > p.most {
		w.wrong("This list should have at most " + strconv.Itoa(p.most) + " values.")
	}
	w.buf = append(w.buf, '[')
	for i := range items {
		w.item(p, &items[i])
	}
	w.close(']')
}

func (w *walk) item(p *param, e *entry) {
	w.enter(e.key)
	switch v := e.node; {
	case !digitsOnly(e.key, 9):
		w.unknown = append(w.unknown, w.name())
	case v.arr != nil:
		w.wrong("This value should be one value, not a list.")
	case v.text == "" || !p.check.ok(w, v.text):
		w.wrong("This value should be " + p.check.want + ".")
	case p.out != nil:
		p.out(w, v.text)
	default:
		w.text(v.text)
	}
	w.leave()
	w.buf = append(w.buf, ',')
}

// close ends a JSON list or object, dropping the comma after its last member.
func (w *walk) close(c byte) {
	if last := len(w.buf) - 1; w.buf[last] == ',' {
		w.buf[last] = c
		return
	}
	w.buf = append(w.buf, c)
}

func (w *walk) rows(p *param, n Node, stored map[string]json.RawMessage) {
	if p.textOK && n.arr == nil && n.text != "" {
		w.scalar(p, n)
		return
	}
	items := w.items(n)
	w.buf = append(w.buf, '[')
	for i := range items {
		w.row(p, &items[i], stored)
	}
	w.close(']')
}

func (w *walk) row(p *param, e *entry, stored map[string]json.RawMessage) {
	w.enter(e.key)
	defer w.leave()
	if !digitsOnly(e.key, 9) {
		w.unknown = append(w.unknown, w.name())
		return
	}
	if e.node.arr == nil {
		w.wrong("This value should have fields.")
		return
	}
	var old map[string]json.RawMessage
	if p.byID {
		old = w.storedRow(e.node, stored[p.read])
	}
	w.buf = append(w.buf, '{')
	w.members(p.fields, e.node, old)
	w.close('}')
	w.buf = append(w.buf, ',')
}

// storedRow finds the row that an edit names by its id. On a create nothing is stored, so every id is wrong.
func (w *walk) storedRow(n Node, stored json.RawMessage) map[string]json.RawMessage {
	id, ok := n.Get("id")
	if !ok || id.text == "" {
		return nil
	}
	var rows []map[string]json.RawMessage
	if len(stored) > 0 {
		_ = json.Unmarshal(stored, &rows) // our own JSON; `{}` and null hold no rows
	}
	for _, row := range rows {
		if strings.Trim(string(row["id"]), `"`) == id.text {
			return row
		}
	}
	w.wrongAt("id", "This id does not exist in the offer.")
	return nil
}

func (w *walk) group(p *param, n Node) {
	if n.arr == nil {
		if n.text != "" {
			w.malformed = w.malformed || p.fields.rigid
			w.wrong("This value should have fields.")
		}
		w.blank(p, "[]")
		return
	}
	w.buf = append(w.buf, '{')
	w.members(p.fields, n, nil)
	w.close('}')
}

// keyed writes an object with one member for each child, in PHP's manner: an empty one is [].
func (w *walk) keyed(n Node, each func(e *entry)) {
	items := w.items(n)
	if len(items) == 0 {
		w.buf = append(w.buf, "[]"...)
		return
	}
	w.buf = append(w.buf, '{')
	for i := range items {
		w.enter(items[i].key)
		w.text(items[i].key)
		w.buf = append(w.buf, ':')
		each(&items[i])
		w.buf = append(w.buf, ',')
		w.leave()
	}
	w.close('}')
}

func (w *walk) perLanguage(p *param, n Node) {
	w.keyed(n, func(e *entry) {
		if !languageCode(e.key) {
			w.unknown = append(w.unknown, w.name())
		}
		w.plain(p, e.node)
	})
}

// plain is scalar for values under a key of the caller's: an empty one stays an empty text.
func (w *walk) plain(p *param, n Node) {
	switch {
	case n.arr != nil:
		w.wrong("This value should be one value, not a list.")
	case !p.check.ok(w, n.text):
		w.wrong("This value should be " + p.check.want + ".")
	}
	w.text(n.text)
}

// languageCode accepts en, and en-GB or zh-hant alike.
func languageCode(v string) bool {
	main, sub, _ := strings.Cut(v, "-")
	lower := func(s string) bool { return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" }
	return (len(main) == 2 || len(main) == 3) && lower(main) && len(sub) <= 4 && lower(strings.ToLower(sub))
}

func (w *walk) perCountry(p *param, n Node) {
	w.keyed(n, func(e *entry) {
		if !w.lists.isCountry(e.key) {
			w.unknown = append(w.unknown, w.name())
		}
		w.list(p, e.node)
	})
}

func subNumber(key string) bool { return len(key) == 1 && key[0] >= '1' && key[0] <= '8' }

func (w *walk) perSub(p *param, n Node) {
	if n.arr == nil && n.text != "" {
		w.malformed = true
		return
	}
	w.keyed(n, func(e *entry) {
		if !subNumber(e.key) || e.node.arr == nil || hasArrays(e.node) {
			w.malformed = true
			return
		}
		w.list(p, e.node)
	})
}

func hasArrays(n Node) bool {
	for i := range n.arr.entries {
		if n.arr.entries[i].node.arr != nil {
			return true
		}
	}
	return false
}

// subGroups writes a list of combinations. An empty value is meant here: it blocks an empty sub.
func (w *walk) subGroups(p *param, n Node) {
	if n.arr == nil {
		w.malformed = w.malformed || n.text != ""
		w.buf = append(w.buf, "[]"...)
		return
	}
	w.buf = append(w.buf, '[')
	for i := range n.arr.entries {
		w.subGroup(p, n.arr.entries[i].node)
	}
	w.close(']')
}

func (w *walk) subGroup(p *param, n Node) {
	if n.arr == nil {
		w.malformed = w.malformed || n.text != ""
		return
	}
	w.buf = append(w.buf, '{')
	for i := range n.arr.entries {
		e := &n.arr.entries[i]
		if !subNumber(e.key) || e.node.arr != nil {
			w.malformed = true
			continue
		}
		w.text(e.key)
		w.buf = append(w.buf, ':')
		w.plain(p, e.node)
		w.buf = append(w.buf, ',')
	}
	w.close('}')
	w.buf = append(w.buf, ',')
}

// intervals turns [weekday][k][From|To] into the flat list that the API answers.
func (w *walk) intervals(p *param, n Node) {
	w.buf = append(w.buf, '[')
	for _, day := range w.items(n) {
		w.enter(day.key)
		if len(day.key) != 1 || day.key[0] < '0' || day.key[0] > '6' {
			w.unknown = append(w.unknown, w.name())
		}
		for _, hours := range w.items(day.node) {
			w.interval(p, day.key, &hours)
		}
		w.leave()
	}
	w.close(']')
}

func (w *walk) interval(p *param, day string, e *entry) {
	w.enter(e.key)
	defer w.leave()
	if e.node.arr == nil {
		w.wrong("This value should have From and To.")
		return
	}
	w.buf = append(append(append(w.buf, `{"day_of_week":`...), day...), ',')
	w.members(p.fields, e.node, nil)
	w.close('}')
	w.buf = append(w.buf, ',')
}

// goalMap turns a list of goals into the map of goal to title that the API answers for caps. Titles are not kept here,
// so a goal stands for its own.
func (w *walk) goalMap(p *param, n Node) {
	w.buf = append(w.buf, '{')
	for _, e := range w.items(n) {
		w.enter(e.key)
		w.text(e.node.text)
		w.buf = append(w.buf, ':')
		w.plain(p, e.node)
		w.buf = append(w.buf, ',')
		w.leave()
	}
	w.close('}')
}

func (w *walk) childKeys(p *param, n Node) {
	for _, key := range n.Keys() {
		if !digitsOnly(key, 9) && !p.check.ok(w, key) {
			w.unknownKey(key)
		}
	}
}

// anything copies texts and arrays as PHP's json_encode would.
func (w *walk) anything(n Node) {
	if n.arr == nil {
		w.text(n.text)
		return
	}
	open, end := byte('{'), byte('}')
	if n.arr.isList() {
		open, end = '[', ']'
	}
	w.buf = append(w.buf, open)
	for i := range n.arr.entries {
		e := &n.arr.entries[i]
		if open == '{' {
			w.text(e.key)
			w.buf = append(w.buf, ':')
		}
		w.anything(e.node)
		w.buf = append(w.buf, ',')
	}
	w.close(end)
}

// text appends a JSON string.
func (w *walk) text(v string) { w.buf = appendText(w.buf, v) }

func appendText(to []byte, v string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	done := 0
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		to = append(to, v[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n':
			to = append(to, '\\', 'n')
		default:
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(to, v[done:]...), '"')
}
