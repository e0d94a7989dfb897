package mapping

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"offerlift/internal/affise"
)

// entrySeparators stand between entries whose values have commas of their own.
const entrySeparators = ";|\n\r"

func pair(key, value string) affise.Field { return affise.Field{Key: key, Value: affise.Text(value)} }

// byCountry reads US:33, US:57 into lists by country. A value without a country
// belongs to the one before it.
func (c *cell) byCountry(text string) (affise.Value, bool) {
	var tree affise.Value
	country, ok := "", true
	for _, item := range splitList(text, listSeparators) {
		value := item
		if before, after, named := strings.Cut(item, ":"); named {
			country, value = c.oneCountry(before), strings.TrimSpace(after)
			if ok = ok && country != ""; country == "" {
				continue
			}
		}
		switch {
		case c.refuseLeftOut(value):
			ok = false
		case country == "":
			c.fail(codeBadList, "%s has no country before it: write it as US:%s", quote(item), item)
			ok = false
		case value == "":
			c.fail(codeBadList, "%s has no value after it: write it such as %s:33", quote(item), country)
			ok = false
		case c.col.Kind == affise.KindIDsByCountry:
			id := c.named(country, value)
			if !allDigits(id) {
				c.noID(country, value)
				ok = false
			}
			tree.Append(country, affise.Text(id))
		default:
			tree.Append(country, affise.Text(value))
		}
	}
	return tree, ok && len(tree.Fields()) > 0
}

// oneCountry returns a single country's code, or blank after it said why not.
func (c *cell) oneCountry(text string) string {
	text = strings.TrimSpace(text)
	code, ok := world().country(text)
	if !ok {
		c.badCountry(text)
	}
	return code
}

// version is a name with one comparison, or none.
type version struct{ name, operator, number string }

// versions reads Android >= 6.0; iOS. An entry that begins with its comparison
// belongs to the name before it.
func (c *cell) versions(text string) (affise.Value, bool) {
	var list []affise.Value
	name, ok := "", true
	for _, item := range splitList(text, listSeparators) {
		v, fine := c.version(item)
		if ok = ok && fine; !fine {
			continue
		}
		if v.name == "" {
			v.name = name
		}
		if name = v.name; name == "" {
			c.fail(codeBadList, "%s has no name before it: write it as Android %s", quote(item), item)
			return affise.Value{}, false
		}
		fields := []affise.Field{pair("name", v.name)}
		if v.operator != "" {
			fields = append(fields, pair("comparison", v.operator), pair("version", v.number))
		}
		list = append(list, affise.Map(fields...))
	}
	return affise.List(list...), ok && len(list) > 0
}

// version takes an entry apart: name, comparison, version.
func (c *cell) version(item string) (version, bool) {
	v := splitVersion(item)
	if c.refuseLeftOut(item) {
		return v, false
	}
	var ok bool
	if v.name, ok = c.listed(v.name); !ok {
		return v, false
	}
	switch {
	case v.operator == "" && numberedName(v.name) != "":
		c.warn(codeDoubtfulName, "%s was taken as a name: where a version is meant, write %s", quote(item), numberedName(v.name))
	case v.operator != "" && !isVersion(v.number):
		c.fail(codeBadList, "%s has no version after its comparison: write it as %s >= 6.0", quote(item), cmp.Or(v.name, "Android"))
		return v, false
	}
	return v, true
}

// splitVersion finds the comparison in an entry. 6.0+ means 6.0 or later.
func splitVersion(item string) version {
	if i := strings.IndexAny(item, "<>=≤≥"); i >= 0 {
		rest := strings.TrimLeft(item[i:], "<>=≤≥")
		operator := comparison(item[i : len(item)-len(rest)])
		return version{strings.TrimSpace(item[:i]), operator, strings.TrimSpace(rest)}
	}
	words := strings.Fields(item)
	for i, w := range words {
		if operator := comparison(strings.ToUpper(w)); operator != "" && i == len(words)-2 {
			return version{strings.Join(words[:i], " "), operator, words[i+1]}
		}
	}
	if last := len(words) - 1; last > 0 && strings.HasSuffix(words[last], "+") && isVersion(strings.TrimSuffix(words[last], "+")) {
		return version{strings.Join(words[:last], " "), "GTE", strings.TrimSuffix(words[last], "+")}
	}
	return version{name: strings.TrimSpace(item)}
}

// comparison is the API's word for a sign, blank for none.
func comparison(sign string) string {
	switch sign {
	case "<", "LT":
		return "LT"
	case "<=", "=<", "≤", "LTE":
		return "LTE"
	case "=", "==", "EQ":
		return "EQ"
	case ">=", "=>", "≥", "GTE":
		return "GTE"
	case ">", "GT":
		return "GT"
	}
	return ""
}

// isVersion tells whether a text is a version: digits with points between.
func isVersion(s string) bool {
	return s != "" && isDigit(rune(s[0])) && strings.Trim(s, "0123456789.") == "" && !strings.HasSuffix(s, ".")
}

// numberedName says how to write the version that a name holds, as in Android
// 6.0 and up; it is blank where the name holds none.
func numberedName(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		if i > 0 && isVersion(word) {
			system := strings.Join(words[:i], " ")
			return fmt.Sprintf("%s = %s or %s >= %s", system, word, system, word)
		}
	}
	return ""
}

// oses reads Android >=10, <14; iOS into the systems with their versions.
func (c *cell) oses(text string) (affise.Value, bool) {
	var list []affise.Value
	ok := true
	for _, entry := range splitList(text, entrySeparators) {
		for _, item := range splitList(entry, ",") {
			name, number := splitOS(item)
			name, fine := c.listed(name)
			switch {
			case !fine || c.refuseLeftOut(item):
				ok = false
				continue
			case name == "" && len(list) == 0:
				c.fail(codeBadList, "%s has no system before it: write it as Android %s", quote(item), item)
				ok = false
				continue
			case name != "":
				list = append(list, affise.Map(pair("os", name)))
			}
			if number == "" {
				continue
			}
			if !isVersion(strings.TrimLeft(number, "<>= ")) {
				c.fail(codeBadList, "%s is not a version: write it as Android >=10, <14", quote(number))
				ok = false
				continue
			}
			list[len(list)-1].Append("versions", affise.Text(strings.ReplaceAll(number, " ", "")))
		}
	}
	return affise.List(list...), ok && len(list) > 0
}

// splitOS cuts an entry where its version begins.
func splitOS(item string) (name, version string) {
	if i := strings.IndexAny(item, "<>="); i >= 0 {
		return strings.TrimSpace(item[:i]), strings.TrimSpace(item[i:])
	}
	i := strings.LastIndexByte(item, ' ')
	if isVersion(item[i+1:]) {
		return strings.TrimSpace(item[:i+1]), item[i+1:]
	}
	return strings.TrimSpace(item), ""
}

// isps reads US: Comcast; DE: Telekom into providers with their countries.
func (c *cell) isps(text string) (affise.Value, bool) {
	var list []affise.Value
	country, ok := "", true
	for _, item := range splitList(text, listSeparators) {
		name := item
		if before, after, named := strings.Cut(item, ":"); named {
			country, name = c.oneCountry(before), strings.TrimSpace(after)
			if ok = ok && country != ""; country == "" {
				continue
			}
		}
		if c.refuseLeftOut(name) {
			ok = false
			continue
		}
		if country == "" || name == "" {
			c.fail(codeBadList, "%s needs a country and a provider: write it as US: Comcast", quote(item))
			ok = false
			continue
		}
		list = append(list, affise.Map(pair("country", country), pair("name", name)))
	}
	return affise.List(list...), ok && len(list) > 0
}

// subGroups reads sub1=a, sub2=b; sub3= into combinations of subs.
func (c *cell) subGroups(text string) (affise.Value, bool) {
	var list []affise.Value
	ok := true
	for _, entry := range splitList(text, entrySeparators) {
		var group affise.Value
		for _, item := range splitList(entry, ",") {
			name, value, named := strings.Cut(item, "=")
			number := strings.TrimPrefix(fold(name), "sub")
			if !named || len(number) != 1 || number < "1" || number > "8" {
				c.fail(codeBadList, "%s is not a sub with its value: write it as sub1=a, sub2=b, with the subs 1 to 8", quote(item))
				ok = false
				continue
			}
			if _, twice := group.Get(number); twice {
				c.fail(codeBadList, "%s names sub%s twice in one combination: put ; between combinations", quote(entry), number)
				ok = false
			}
			group.Set(affise.Text(strings.TrimSpace(value)), number)
		}
		list = append(list, group)
	}
	return affise.List(list...), ok && len(list) > 0
}

// weighted reads URLs, each with a weight and maybe a server-postback URL.
func (c *cell) weighted(text string) (affise.Value, bool) {
	var list []affise.Value
	ok := true
	for _, entry := range splitList(text, entrySeparators) {
		words := strings.FieldsFunc(entry, unicode.IsSpace)
		if len(words) == 0 { // a quoted blank
			continue
		}
		address, fine := c.url(strings.TrimSuffix(words[0], ","))
		ok = ok && fine
		fields := []affise.Field{pair("url", address)}
		for i, word := range words[1:] {
			weight := strings.TrimSuffix(word, "%")
			switch {
			case i == 0 && allDigits(weight) && compare(weight, "100") <= 0:
				fields = append(fields, pair("weight", withoutZeros(weight)))
			case i == len(words)-2 && badURL(word) == "":
				fields = append(fields, pair("spt_url", word))
			default:
				c.fail(codeBadList, "%s is neither a weight 0 to 100 nor a URL: write entries as https://a.example.com 50, with ; between them", quote(word))
				ok = false
			}
		}
		list = append(list, affise.Map(fields...))
	}
	return affise.List(list...), ok && len(list) > 0
}

// intervals reads 0: 9-18; 1: 9-12, 14-18 into hours by the number of the
// weekday.
func (c *cell) intervals(text string) (affise.Value, bool) {
	var tree affise.Value
	ok := true
	for _, entry := range splitList(text, entrySeparators) {
		days, hours, named := strings.Cut(entry, ":")
		first, last, fine := c.weekdays(entry, days, named)
		spans, good := c.hours(hours, fine)
		if ok = ok && fine && good; !ok {
			continue
		}
		for day := first; day <= last; day++ {
			for _, span := range spans {
				tree.Append(strconv.Itoa(day), span)
			}
		}
	}
	return tree, ok && len(tree.Fields()) > 0
}

// weekdays reads a weekday's number or a range of them. Names are refused:
// nothing documents which day is 0.
func (c *cell) weekdays(entry, days string, named bool) (first, last int, ok bool) {
	from, to, ranged := strings.Cut(strings.TrimSpace(days), "-")
	if !ranged {
		to = from
	}
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	switch {
	case isWeekday(from):
		c.fail(codeBadList, "%s names a weekday: the API counts them from 0 to 6 and does not say which day is 0, "+
			"so look in the account which number the day has, and write that", quote(entry))
	case !named || len(from) != 1 || len(to) != 1 || from < "0" || from > "6" || to < from || to > "6":
		c.fail(codeBadList, "%s does not begin with a weekday's number 0 to 6: write it as 1: 9-12, 14-18", quote(entry))
	default:
		return int(from[0] - '0'), int(to[0] - '0'), true
	}
	return 0, -1, false
}

func isWeekday(word string) bool {
	word = fold(word)
	if len(word) < 2 {
		return false
	}
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
		"понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "пн", "вт", "ср", "чт", "пт", "сб", "вс"} {
		if strings.HasPrefix(day, word) {
			return true
		}
	}
	return false
}

// hours reads 9-12, 14-18.
func (c *cell) hours(text string, wanted bool) (spans []affise.Value, ok bool) {
	if !wanted {
		return nil, false
	}
	ok = true
	for _, item := range splitList(text, ",") {
		from, to, ranged := strings.Cut(item, "-")
		start, okStart := hour(from)
		end, okEnd := hour(to)
		switch {
		case !ranged || !okStart || !okEnd:
			c.fail(codeBadList, "%s is not a range of hours 0 to 23: write it as 9-18", quote(item))
			ok = false
		case end < start:
			c.fail(codeBadList, "%s goes past midnight: write %d-23 on this day and 0-%d on the next", quote(item), start, end)
			ok = false
		default:
			spans = append(spans, affise.Map(pair("From", strconv.Itoa(start)), pair("To", strconv.Itoa(end))))
		}
	}
	if ok && len(spans) == 0 {
		c.fail(codeBadList, "a weekday has no hours after it: write it as 1: 9-12, 14-18")
	}
	return spans, ok && len(spans) > 0
}

// hour reads 9, 09 and 9:00.
func hour(text string) (int, bool) {
	text = strings.TrimSuffix(strings.TrimSpace(text), ":00")
	n, err := strconv.Atoi(text)
	return n, err == nil && allDigits(text) && n <= 23
}

// creatives reads banner.png 300x250; top.png 728x90.
func (c *cell) creatives(text string) (affise.Value, bool) {
	var list []affise.Value
	ok := true
	for _, entry := range splitList(text, listSeparators) {
		i := strings.LastIndexAny(entry, " \t")
		size := strings.FieldsFunc(strings.ToLower(entry[i+1:]), func(r rune) bool { return r == 'x' || r == '×' || r == '*' })
		if i < 0 || len(size) != 2 || !allDigits(size[0]) || !allDigits(size[1]) {
			c.fail(codeBadList, "%s has no size after the file's name: write it as banner.png 300x250", quote(entry))
			ok = false
			continue
		}
		list = append(list, affise.Map(pair("file_name", strings.TrimSpace(entry[:i])),
			pair("width", withoutZeros(size[0])), pair("height", withoutZeros(size[1]))))
	}
	return affise.List(list...), ok && len(list) > 0
}
