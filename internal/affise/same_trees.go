package affise

import (
	"slices"
	"strconv"
	"strings"
)

// sameByCountry compares {US: [33, 57]}.
func sameByCountry(k Kind, sent Value, got element) bool {
	item := KindText
	if k == KindIDsByCountry {
		item = KindID
	}
	if got.kind() != kindObject {
		return !got.blank() && got.leaves(sent)
	}
	for e := range got.children() {
		_, asked := sent.Get(strings.ToUpper(e.name()))
		if !asked && !e.blank() {
			return false
		}
	}
	for _, f := range sent.Fields() {
		if !got.holds(func(e element) bool {
			return strings.EqualFold(e.name(), f.Key) && sameList(item, f.Value.Items(), e)
		}) {
			return false
		}
	}
	return true
}

// sameRecords compares lists of small records, such as versions, in any order.
func sameRecords(k Kind, sent Value, got element) bool {
	if got.kind() != kindArray || got.holds(func(e element) bool { return e.kind() != kindObject }) {
		return !got.blank() && got.leaves(sent)
	}
	var left []element
	for e := range got.children() {
		left = append(left, e)
	}
	for _, record := range sent.Items() {
		i := slices.IndexFunc(left, func(e element) bool { return sameRecord(k, record, e) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}

// narrowing is the field of a kind's records that must not come out of nowhere;
// beside these an answer may say more than was sent.
func narrowing(k Kind) string {
	switch k {
	case KindVersions:
		return "version"
	case KindOSes:
		return "versions"
	case KindWeighted:
		return "spt_url"
	}
	return ""
}

// sameRecord compares what was sent. Of subs that are blocked together each
// counts, and an empty one means an empty sub.
func sameRecord(k Kind, sent Value, got element) bool {
	if k == KindSubGroups && got.count() != len(sent.Fields()) {
		return false
	}
	if _, asked := sent.Get(narrowing(k)); !asked && !got.child(narrowing(k)).blank() {
		return false
	}
	for _, f := range sent.Fields() {
		e := got.child(f.Key)
		switch {
		case f.Value.IsList():
			if !sameList(KindText, f.Value.Items(), e) {
				return false
			}
		case k == KindSubGroups && !e.exists(), !f.Value.blank() && !sameField(f, e), f.Value.blank() && !e.blank():
			return false
		}
	}
	return true
}

func sameField(f Field, e element) bool {
	switch f.Key {
	case "weight", "width", "height":
		return sameText(KindInt, f.Value.text, e)
	case "country":
		return sameText(KindCountry, f.Value.text, e)
	}
	return sameText(KindText, f.Value.text, e)
}

// interval is some hours of a weekday.
type interval struct{ day, from, to string }

// sameIntervals compares {weekday: [{From, To}]} with the same, or with the list
// of {day_of_week, from, to} that answers have.
func sameIntervals(sent Value, got element) bool {
	var asked, stored []interval
	for _, day := range sent.Fields() {
		for _, hours := range day.Value.Items() {
			from, _ := hours.Get("From")
			to, _ := hours.Get("To")
			asked = append(asked, interval{day.Key, plainNumber(from.text), plainNumber(to.text)})
		}
	}
	index := 0
	for e := range got.children() {
		if of := e.child("day_of_week"); of.exists() {
			stored = append(stored, hoursOf(e, plainNumber(of.text())))
		} else {
			day := e.name()
			if got.kind() == kindArray {
				day = strconv.Itoa(index)
			}
			for hours := range e.children() {
				stored = append(stored, hoursOf(hours, day))
			}
		}
		index++
	}
	return len(asked) > 0 && covers(asked, stored) && covers(stored, asked)
}

func hoursOf(e element, day string) interval {
	i := interval{day: day}
	for child := range e.children() {
		switch strings.ToLower(child.name()) {
		case "from":
			i.from = plainNumber(child.text())
		case "to":
			i.to = plainNumber(child.text())
		}
	}
	return i
}

// plainNumber writes 09 as 9.
func plainNumber(text string) string {
	if n, err := strconv.Atoi(text); err == nil {
		return strconv.Itoa(n)
	}
	return text
}

func covers(all, some []interval) bool {
	return !slices.ContainsFunc(some, func(i interval) bool { return !slices.Contains(all, i) })
}

// sameJSON compares JSON that was sent as a text, whether it is answered as a
// text or as what it says.
func sameJSON(sent string, got element) bool {
	a, err := parse([]byte(sent))
	if err != nil {
		return false
	}
	if got.kind() != kindString {
		return sameElement(a.root(), got)
	}
	b, err := parse([]byte(got.text()))
	return err == nil && sameElement(a.root(), b.root())
}

func sameElement(a, b element) bool {
	if a.kind() != b.kind() {
		return a.kind() >= kindArray && b.kind() >= kindArray && a.count() == 0 && b.count() == 0 // PHP's [] is {}
	}
	switch a.kind() {
	case kindNumber:
		return sameNumber(a.text(), b.raw())
	case kindString:
		return b.is(a.text())
	case kindObject:
		return a.count() == b.count() && !a.holds(func(e element) bool { return !sameElement(e, b.child(e.name())) })
	case kindArray:
		index := 0
		return a.count() == b.count() && !a.holds(func(e element) bool {
			index++
			return !sameElement(e, b.child(strconv.Itoa(index-1)))
		})
	}
	return true
}
