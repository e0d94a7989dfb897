package templates

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

// note explains a column on its header: what it is, what a cell may hold, what
// holds where it is blank.
func note(cell string, c affise.Column) excelize.Comment {
	lines := noteLines(c)
	height := 14
	for _, line := range lines {
		height += 15 * (1 + utf8.RuneCountInString(line)/46)
	}
	runs := []excelize.RichTextRun{{Text: heading(c), Font: &excelize.Font{Bold: true, Size: 9, Family: "Tahoma"}}}
	for _, line := range lines {
		runs = append(runs, excelize.RichTextRun{Text: "\n" + line, Font: &excelize.Font{Size: 9, Family: "Tahoma"}})
	}
	return excelize.Comment{Author: "offerlift", Cell: cell, Paragraph: runs, Width: 300, Height: uint(height + 15)}
}

func heading(c affise.Column) string {
	if c.Required {
		return c.Name + " (REQUIRED to create)"
	}
	return c.Name
}

func noteLines(c affise.Column) []string {
	lines := []string{sentence(c.Help), "Holds: " + holds(c) + "."}
	if c.Default != "" {
		lines = append(lines, "If blank: "+c.Default+".")
	}
	if c.Example != "" {
		lines = append(lines, "Example: "+c.Example)
	}
	if c.Group != "" {
		lines = append(lines, "Group: "+c.Group+".")
	}
	return lines
}

// holds says in words what a cell of the column may hold, with its choices and
// bounds.
func holds(c affise.Column) string {
	words := kindWords(c.Kind)
	if c.IDs != "" {
		words += ", or a name that the account has once"
	}
	switch {
	case len(c.Allowed) > 0 && c.List:
		words = "one or more of " + strings.Join(c.Allowed, ", ")
	case len(c.Allowed) > 0:
		words = "one of " + strings.Join(c.Allowed, ", ")
	case c.List:
		words += "; several are separated by commas"
	}
	if c.Kind == affise.KindInt || c.Kind == affise.KindMoney {
		if b := boundWords(c); b != "" {
			words += ", " + b
		}
	} else if c.Max != "" {
		words += ", at most " + c.Max
	}
	if c.Len > 0 {
		words += fmt.Sprintf(", at most %d characters", c.Len)
	}
	return words
}

func boundWords(c affise.Column) string {
	switch {
	case c.Min != "" && c.Min == c.Max:
		return "which is " + c.Min
	case c.Min != "" && c.Max != "":
		return "from " + c.Min + " to " + c.Max
	case c.Min != "":
		return "not below " + c.Min
	case c.Max != "":
		return "at most " + c.Max
	}
	return ""
}

func kindWords(k affise.Kind) string {
	switch k {
	case affise.KindText, affise.KindEnum:
		return "text"
	case affise.KindInt:
		return "a whole number"
	case affise.KindID:
		return "an id of digits alone"
	case affise.KindID24:
		return "an id of 24 characters 0-9 and a-f"
	case affise.KindMoney:
		return "a plain number such as 1.40"
	case affise.KindFlag, affise.KindTrueFalse:
		return "yes or no"
	case affise.KindDate:
		return "a date: 2030-12-31"
	case affise.KindMoment:
		return "a date, or a date and a time: 2030-12-31 18:00:00"
	case affise.KindSpan:
		return "a length of time such as 30d or 1y2m"
	case affise.KindZone:
		return "a time zone such as Europe/Berlin"
	case affise.KindCountry:
		return "a country such as US or United States, or a group such as DACH"
	case affise.KindCurrency:
		return "a currency of three letters"
	}
	return writtenWords(k)
}

// writtenWords tells of the kinds that have a way of writing of their own.
func writtenWords(k affise.Kind) string {
	switch k {
	case affise.KindURL:
		return "an address with https://, or a macro"
	case affise.KindQuery:
		return "the end of an address, such as &sub1={sub1}"
	case affise.KindIP, affise.KindIPs:
		return "an IP address, a range such as 192.0.2.1-192.0.2.9, or a network such as 192.0.2.0/24"
	case affise.KindSubValues:
		return "values of letters, digits and ,._-{}+=/:~"
	case affise.KindJSON:
		return "JSON"
	case affise.KindFile:
		return "the name of a file in the folder of this sheet"
	case affise.KindIDsByCountry:
		return "ids with their country: US:33, US:57"
	case affise.KindNamesByCountry:
		return "names with their country: US:Comcast, US:Verizon"
	case affise.KindVersions, affise.KindOSes:
		return "names, with a version where one matters: Android >= 6.0; iOS"
	case affise.KindSubGroups:
		return "subs that belong together, groups separated by semicolons: sub1=a, sub2=b; sub3="
	case affise.KindWeighted:
		return "addresses, each with a weight: https://a.example.com 50; https://b.example.com 50"
	case affise.KindIntervals:
		return "hours by weekday number: 0: 9-18; 1: 9-12, 14-18"
	case affise.KindISPs:
		return "providers with their country: US: Comcast; DE: Telekom"
	case affise.KindCreatives:
		return "file names with their size: banner.png 300x250"
	case affise.KindLocal:
		return "text for offerlift alone, which is not sent"
	case affise.KindParent:
		return "the key of an offer on the first sheet"
	}
	panic(fmt.Sprintf("templates: no words for a column of kind %q", k))
}

// sentence makes a help text begin with a capital letter and end with a stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}
