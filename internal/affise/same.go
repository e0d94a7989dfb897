package affise

import (
	"bytes"
	"slices"
	"strings"
)

// same tells whether an answer means what was sent. got may be missing.
func same(col *Column, sent Value, got element) bool {
	if sent.blank() {
		return got.blank() || got.is(col.Default)
	}
	if !got.exists() {
		return sent.IsText() && (sent.text == col.Default || (col.Kind == KindFlag || col.Kind == KindTrueFalse) && !truth(sent.text))
	}
	switch col.Kind {
	case KindIDsByCountry, KindNamesByCountry:
		return sameByCountry(col.Kind, sent, got)
	case KindVersions, KindWeighted, KindISPs, KindCreatives, KindOSes, KindSubGroups:
		return sameRecords(col.Kind, sent, got)
	case KindIntervals:
		return sameIntervals(sent, got)
	}
	switch {
	case sent.IsList():
		return sameList(col.Kind, sent.Items(), got)
	case got.kind() >= kindArray && (col.Kind == KindText || col.Kind == KindSubValues || col.Kind == KindIPs):
		return sameList(col.Kind, texts(col.Kind, sent.text), got)
	}
	return sameText(col.Kind, sent.text, got)
}

// texts takes apart what is sent as one text and answered as a list.
func texts(k Kind, text string) []Value {
	apart := func(r rune) bool { return r == ',' }
	if k == KindIPs {
		apart = func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }
	}
	var items []Value
	for item := range strings.FieldsFuncSeq(text, apart) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, Text(item))
		}
	}
	return items
}

// blank tells whether a value clears what is stored.
func (v Value) blank() bool {
	for _, item := range v.Items() {
		if !item.blank() {
			return false
		}
	}
	for _, f := range v.Fields() {
		if !f.Value.blank() {
			return false
		}
	}
	return v.text == ""
}

// blank tells whether nothing is stored: null, "", 0, false, [], {}, or a list
// of these.
func (e element) blank() bool {
	switch e.kind() {
	case kindNull, kindFalse:
		return true
	case kindTrue:
		return false
	case kindNumber:
		return sameNumber("0", e.raw())
	case kindString:
		return len(e.raw()) == len(`""`)
	}
	for child := range e.children() {
		if !child.blank() {
			return false
		}
	}
	return true
}

// is tells whether a leaf has this very text.
func (e element) is(text string) bool {
	if k := e.kind(); k == kindNull || k >= kindArray {
		return false
	}
	if !e.doc.nodes[e.at].escaped {
		n := &e.doc.nodes[e.at]
		return string(e.doc.text[n.from:n.to]) == text
	}
	var room [256]byte
	return string(e.appendText(room[:0])) == text
}

// sameText compares a leaf.
func sameText(k Kind, sent string, got element) bool {
	if got.is(sent) {
		return true
	}
	switch k {
	case KindMoney, KindInt, KindID:
		return sameNumber(sent, []byte(got.text())) || got.blank() && sameNumber(sent, []byte("0")) || anyName(k, sent, got)
	case KindFlag, KindTrueFalse:
		yes, known := got.truth()
		return known && yes == truth(sent)
	case KindCountry, KindCurrency, KindEnum:
		text := got.text()
		return strings.EqualFold(text, sent) || sent == "protected" && text == "premoderated"
	case KindDate:
		text := got.text()
		return len(text) >= len("2006-01-02") && strings.HasPrefix(text, sent)
	case KindMoment:
		return moment(got.text()) == moment(sent)
	case KindSpan:
		return sameSpan(sent, got.text())
	case KindIPs:
		return sameLines(sent, got.text())
	case KindJSON:
		return sameJSON(sent, got)
	}
	return anyName(k, sent, got) || strings.Contains(sent, "\r") && got.is(strings.ReplaceAll(sent, "\r\n", "\n"))
}

// anyName: answers put objects where ids or names were sent, such as
// {"id":5001,"name":"Chicago"} for a city.
func anyName(k Kind, sent string, got element) bool {
	if got.kind() != kindObject {
		return false
	}
	for _, key := range []string{"id", "_id", "name", "title", "value"} {
		if e := got.child(key); e.kind() < kindArray && e.exists() && sameText(k, sent, e) {
			return true
		}
	}
	return false
}

func truth(text string) bool { return text == "1" || text == "true" }

// truth reads a flag, however it is written.
func (e element) truth() (yes, known bool) {
	switch e.kind() {
	case kindTrue:
		return true, true
	case kindNull, kindFalse:
		return false, true
	case kindNumber:
		return !e.blank(), true
	case kindString:
		switch strings.ToLower(e.text()) {
		case "1", "true", "yes", "on":
			return true, true
		case "", "0", "false", "no", "off":
			return false, true
		}
	}
	return false, false
}

// moment writes a date and time in one way: a date alone is its midnight.
func moment(text string) string {
	text = strings.Replace(text, "T", " ", 1)
	if len(text) == len("2006-01-02") {
		return text + " 00:00:00"
	}
	return text[:min(len(text), len("2006-01-02 15:04:05"))]
}

// sameLines compares texts of one item a line.
func sameLines(a, b string) bool {
	one, two := texts(KindIPs, a), texts(KindIPs, b)
	return subset(one, two) && subset(two, one)
}

func subset(some, of []Value) bool {
	for _, v := range some {
		if !slices.ContainsFunc(of, func(o Value) bool { return o.text == v.text }) {
			return false
		}
	}
	return true
}

// sameSpan compares spans such as 30d: 7d is 1w and 24h is 1d, but a month has
// no fixed length in days.
func sameSpan(a, b string) bool {
	monthsA, secondsA, okA := span(a)
	monthsB, secondsB, okB := span(b)
	return okA && okB && monthsA == monthsB && secondsA == secondsB
}

func span(text string) (months, seconds int64, ok bool) {
	n, digits := int64(0), 0
	for _, c := range []byte(text) {
		if '0' <= c && c <= '9' {
			n, digits = n*10+int64(c-'0'), digits+1
			continue
		}
		if digits == 0 || digits > 9 {
			return 0, 0, false
		}
		switch c {
		case 'y':
			months += 12 * n
		case 'm':
			months += n
		case 'w':
			seconds += 7 * 86400 * n
		case 'd':
			seconds += 86400 * n
		case 'h':
			seconds += 3600 * n
		case 'i':
			seconds += 60 * n
		case 's':
			seconds += n
		default:
			return 0, 0, false
		}
		n, digits = 0, 0
	}
	return months, seconds, digits == 0 && text != ""
}

// sameNumber compares decimals by value, digit by digit: 1.40 is 1.4 and 2e1 is
// 20. What is no number is the same as nothing.
func sameNumber(a string, b []byte) bool {
	var roomA, roomB [64]byte
	negA, digitsA, pointA, okA := decimal(roomA[:0], []byte(a))
	negB, digitsB, pointB, okB := decimal(roomB[:0], b)
	return okA && okB && negA == negB && pointA == pointB && bytes.Equal(digitsA, digitsB)
}

// decimal reads a number into the digits that matter and where the point stands
// before or after them: 0.0120 is 12 with the point at -1. Zero has no digits.
func decimal(room, text []byte) (negative bool, digits []byte, point int, ok bool) {
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative, text = text[0] == '-', text[1:]
	}
	if i := bytes.IndexAny(text, "eE"); i > 0 {
		if point, ok = exponent(text[i+1:]); !ok {
			return false, nil, 0, false
		}
		text = text[:i]
	}
	whole, fraction, pointed := bytes.Cut(text, []byte("."))
	if len(whole) == 0 || pointed && len(fraction) == 0 {
		return false, nil, 0, false
	}
	digits = append(append(room, whole...), fraction...)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false, nil, 0, false
		}
	}
	point += len(whole)
	trimmed := bytes.TrimLeft(digits, "0")
	point -= len(digits) - len(trimmed)
	if digits = bytes.TrimRight(trimmed, "0"); len(digits) == 0 {
		return false, nil, 0, true
	}
	return negative, digits, point, true
}

func exponent(text []byte) (n int, ok bool) {
	negative := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative, text = text[0] == '-', text[1:]
	}
	if len(text) == 0 || len(text) > 3 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// sameList compares lists by what they hold: in their order first, as most are,
// then in any order. An answer may hold a map of goals, or a text with commas.
func sameList(k Kind, sent []Value, got element) bool {
	if got.kind() == kindString {
		return len(sent) == 1 && sameText(k, sent[0].text, got) || sameLines(joined(sent), got.text())
	}
	if got.kind() < kindArray {
		return len(sent) == 1 && sameText(k, sent[0].text, got)
	}
	return inSameOrder(k, sent, got) || inAnyOrder(k, sent, got)
}

func joined(items []Value) string {
	texts := make([]string, len(items))
	for i := range items {
		texts[i] = items[i].text
	}
	return strings.Join(texts, ",")
}

func inSameOrder(k Kind, sent []Value, got element) bool {
	i := 0
	for e := range got.children() {
		if i == len(sent) || !sameItem(k, sent[i].text, e) {
			return false
		}
		i++
	}
	return i == len(sent)
}

func inAnyOrder(k Kind, sent []Value, got element) bool {
	for e := range got.children() {
		if !slices.ContainsFunc(sent, func(v Value) bool { return sameItem(k, v.text, e) }) && !e.blank() {
			return false
		}
	}
	for _, v := range sent {
		if !got.holds(func(e element) bool { return sameItem(k, v.text, e) }) {
			return false
		}
	}
	return true
}

// sameItem compares an item of a list; in a map, its name counts as well.
func sameItem(k Kind, sent string, e element) bool {
	return sameText(k, sent, e) || e.doc.nodes[e.at].keyEnd > 0 && e.named(sent)
}

// holds tells whether a child passes a test.
func (e element) holds(passes func(element) bool) bool {
	for child := range e.children() {
		if passes(child) {
			return true
		}
	}
	return false
}

// leaves tells whether every text of a value stands somewhere in an answer:
// for an answer of a shape that nobody has documented.
func (e element) leaves(v Value) bool {
	if v.IsText() {
		return v.text == "" || e.anywhere(v.text)
	}
	for _, item := range v.Items() {
		if !e.leaves(item) {
			return false
		}
	}
	for _, f := range v.Fields() {
		if !e.leaves(f.Value) {
			return false
		}
	}
	return true
}

func (e element) anywhere(text string) bool {
	return e.is(text) || e.holds(func(child element) bool { return child.named(text) || child.anywhere(text) })
}
