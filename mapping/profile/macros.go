package profile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	yaml "go.yaml.in/yaml/v3"
)

// spelling is how a network writes its macros.
type spelling string

// The spellings of the networks that we know. Each is matched plain and percent-encoded, #{x} before {x}.
const (
	braces     spelling = "{x}"
	hashes     spelling = "#x#"
	hashBraces spelling = "#{x}"
	percents   spelling = "%%x%%"
	brackets   spelling = "[=x=]"
)

var spellings = []spelling{hashBraces, braces, hashes, percents, brackets}

// patterns find the macros of a spelling; the group is the name. They run on
// the raw text, before anyone takes the URL apart: a parser would end it at #.
var patterns = sync.OnceValue(func() map[spelling]*regexp.Regexp {
	const name = `([A-Za-z0-9_.:|=\- ]+?)`
	return map[spelling]*regexp.Regexp{
		braces:     regexp.MustCompile(`\{` + name + `\}|(?i:%7B)` + name + `(?i:%7D)`),
		hashes:     regexp.MustCompile(`#([A-Za-z0-9_]+)#|%23([A-Za-z0-9_]+)%23`),
		hashBraces: regexp.MustCompile(`#\{` + name + `\}|%23(?i:%7B)` + name + `(?i:%7D)`),
		percents:   regexp.MustCompile(`%%` + name + `%%|%25%25` + name + `%25%25`),
		brackets:   regexp.MustCompile(`\[=` + name + `=\]|(?i:%5B)(?:=|(?i:%3D))` + name + `(?:=|(?i:%3D))(?i:%5D)`),
	}
})

// form is a spelling that a profile names, and what finds its macros.
type form struct {
	begin   string // what stands before the name
	pattern *regexp.Regexp
}

// form takes a spelling apart: x is the name, and what is around it must be too
// odd to stand in a URL by chance. It is one of those above, or one of the
// network's own, such as [[x]], each sign of which is matched encoded as well.
func (s spelling) form() (f form, ok bool) {
	begin, end, ok := strings.Cut(string(s), "x")
	if !ok || !isFence(begin) || !isFence(end) {
		return f, false
	}
	f = form{begin: begin, pattern: patterns()[s]}
	if f.pattern == nil {
		f.pattern = regexp.MustCompile(either(begin) + `([A-Za-z0-9_.:|=\- ]+?)` + either(end))
	}
	return f, true
}

// isFence tells whether signs can stand around a macro: two of them, or one that
// has no meaning of its own in a URL.
func isFence(signs string) bool {
	odd := strings.IndexFunc(signs, func(r rune) bool {
		return r <= ' ' || r > '~' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}) >= 0
	return !odd && (len(signs) > 1 || strings.Contains("{}[]<>()#$!*@^|~", signs) && signs != "")
}

// either matches signs as they are and percent-encoded.
func either(signs string) string {
	var b strings.Builder
	for _, sign := range []byte(signs) {
		fmt.Fprintf(&b, "(?:%s|(?i:%%%02X))", regexp.QuoteMeta(string(sign)), sign)
	}
	return b.String()
}

// macroTable translates the macros of one kind of URL.
type macroTable struct {
	entries map[string]translation // by the lower-case name
	names   []string
}

// macros reads the macros: how they are spelt, what becomes of those that no
// table has, and the tables.
func (d *decoder) macros(p *Profile, n *yaml.Node) {
	d.pairs(n, "macros", func(key, value *yaml.Node) {
		switch key.Value {
		case "spelling":
			d.spellings(p, value)
		case "unknown":
			d.unknownMacros(p, value)
		default:
			p.macros[key.Value] = d.macroTable(value)
		}
	})
	if len(p.forms) == 0 {
		form, _ := braces.form()
		p.forms = append(p.forms, form)
	}
}

func (d *decoder) spellings(p *Profile, n *yaml.Node) {
	var list []string
	d.list(&list)("spelling", n)
	for _, s := range list {
		form, ok := spelling(s).form()
		if !ok {
			d.fail(n, "`%s` is no spelling of macros: x stands for the name, between signs, as in {x}, #x#, #{x}, %%%%x%%%%, [=x=] or [[x]]", s)
			continue
		}
		p.forms = append(p.forms, form)
	}
	slices.SortStableFunc(p.forms, func(a, b form) int { return cmp.Compare(len(b.begin), len(a.begin)) }) // #{x} before {x}
}

func (d *decoder) unknownMacros(p *Profile, n *yaml.Node) {
	switch n.Value {
	case "error":
	case "warn":
		p.unknown.error = false
	default:
		d.fail(n, "`unknown: %s` is neither error nor warn", n.Value)
	}
}

func (d *decoder) macroTable(n *yaml.Node) *macroTable {
	t := &macroTable{entries: map[string]translation{}}
	d.pairs(n, "a table of macros", func(key, value *yaml.Node) {
		name := strings.ToLower(key.Value)
		if _, twice := t.entries[name]; twice {
			d.fail(key, "the macro `%s` is there twice", key.Value)
		}
		t.entries[name] = d.translation(value)
		t.names = append(t.names, key.Value)
	})
	return t
}

// maxSlots is how many subs an account has at most.
const maxSlots = 30

// slots gives the macros that the slots name to every table of macros, and
// refuses two that would end in one sub.
func (d *decoder) slots(p *Profile, root *yaml.Node) {
	at := cmp.Or(child(root, "slots"), root)
	if len(p.Slots) > maxSlots {
		d.fail(at, "there are %d slots, and an account has at most %d", len(p.Slots), maxSlots)
	}
	for i, macro := range p.Slots {
		if macro == "" {
			continue
		}
		if first := slices.Index(p.Slots, macro); first < i {
			d.fail(at, "`%s` is in slot %d and in slot %d: take one of them out", macro, first+1, i+1)
		}
		for _, t := range p.macros {
			t.entries[strings.ToLower(macro)] = translation{to: "sub" + strconv.Itoa(i+1), slot: i + 1}
		}
	}
	for name, t := range p.macros {
		for macro, tr := range t.entries {
			number, _ := strconv.Atoi(strings.TrimPrefix(tr.to, "sub"))
			if tr.slot == 0 && strings.HasPrefix(tr.to, "sub") && number > 0 && number <= len(p.Slots) && p.Slots[number-1] != "" && !strings.EqualFold(p.Slots[number-1], macro) {
				d.fail(at, "macros, %s: `%s` goes to sub%d, which slot %d gives to `%s`: choose another", name, macro, number, number, p.Slots[number-1])
			}
		}
	}
}

// swapped is what replacing the macros of a text came to.
type swapped struct {
	text    string
	pairs   []string // {transaction_id} → {clickid}, each once
	slots   []int    // those that were used, in their order
	unknown []string
	notes   []noted
}

type noted struct {
	macro string
	outcome
}

// swap replaces the macros in a raw text.
func (p *Profile) swap(t *macroTable, text string) swapped {
	var out swapped
	for _, f := range p.forms {
		text = f.swap(t, text, &out)
	}
	out.text = strings.NewReplacer("\x02", "{", "\x03", "}").Replace(text)
	slices.Sort(out.slots)
	p.tellHidden(t, &out)
	return out
}

// tellHidden tells of macros that are encoded twice. Such a one stands in an
// address within the address: who takes that apart may replace it, and it was
// written so to hide it from whoever is before. It may be either's, so a person
// must say. One that has the same name here means the same as it did.
func (p *Profile) tellHidden(t *macroTable, out *swapped) {
	if !strings.Contains(out.text, "%25") {
		return
	}
	once := strings.ReplaceAll(out.text, "%25", "%")
	for _, f := range p.forms {
		for _, m := range f.pattern.FindAllStringSubmatch(once, -1) {
			name := strings.ToLower(strings.Join(m[1:], ""))
			tr, known := t.entries[name]
			if known && tr.to != "" && tr.to != name && strings.HasPrefix(m[0], "%") {
				out.note(strings.ReplaceAll(m[0], "%", "%25"), outcome{code: CodeDecision,
					text: fmt.Sprintf("it is encoded twice, as in an address within the address, and was left as it is: write {%s} where a click of this offer is meant", tr.to)})
			}
		}
	}
}

// swap replaces the macros of one spelling. What it writes has marks for braces,
// so that a later spelling does not take it for a macro.
func (f form) swap(t *macroTable, text string, out *swapped) string {
	if !strings.Contains(text, "%") && !strings.Contains(text, f.begin) {
		return text
	}
	var b strings.Builder
	for {
		m := f.pattern.FindStringSubmatchIndex(text)
		if m == nil {
			b.WriteString(text)
			return b.String()
		}
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		b.WriteString(text[:m[0]])
		b.WriteString(t.one(text[from:to], text[m[0]:m[1]], out))
		text = text[m[1]:]
	}
}

// one returns what takes a macro's place.
func (t *macroTable) one(name, written string, out *swapped) string {
	tr, ok := t.entries[strings.ToLower(name)]
	if !ok {
		if base, _, modified := strings.Cut(name, "|"); modified {
			if _, known := t.entries[strings.ToLower(base)]; known {
				out.note(written, outcome{code: CodeLost, text: "Affise macros take no modifier", error: true})
				return marked(written)
			}
		}
		if !slices.Contains(out.unknown, written) {
			out.unknown = append(out.unknown, written)
		}
		return marked(written)
	}
	if tr.code != "" {
		out.note(written, tr.outcome)
	}
	if tr.to == "" {
		if tr.error {
			return marked(written)
		}
		return ""
	}
	if tr.slot > 0 && !slices.Contains(out.slots, tr.slot) {
		out.slots = append(out.slots, tr.slot)
	}
	if pair := fmt.Sprintf("%s → {%s}", written, tr.to); written != "{"+tr.to+"}" && !slices.Contains(out.pairs, pair) {
		out.pairs = append(out.pairs, pair)
	}
	return strings.Join(mapped(strings.Fields(tr.to)), "")
}

// mapped writes our macros with marks for their braces. A name of two words is
// two macros.
func mapped(names []string) []string {
	for i, n := range names {
		names[i] = "\x02" + n + "\x03"
	}
	return names
}

func marked(written string) string {
	return strings.NewReplacer("{", "\x02", "}", "\x03").Replace(written)
}

func (s *swapped) note(macro string, o outcome) {
	n := noted{macro, o}
	if !slices.Contains(s.notes, n) {
		s.notes = append(s.notes, n)
	}
}
