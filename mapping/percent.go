package mapping

import "strings"

// percentIn tells whether a number format shows a number as a percentage, and
// whether it multiplies it by 100 for that: a % that is quoted or escaped
// stands beside the number as it is.
func percentIn(format, number string) (shown, scaled bool) {
	if !strings.Contains(format, "%") {
		return false, false
	}
	s := sectionFor(formatSections(format), number)
	return s.literal || s.scales, s.scales
}

// formatSection is what a part of a number format says of percents; parts stand
// between semicolons, each for some of the numbers.
type formatSection struct {
	condition       string // such as <1; blank: by the number's sign
	literal, scales bool
}

func formatSections(format string) []formatSection {
	sections := make([]formatSection, 1, 4)
	for i := 0; i < len(format); i++ {
		s := &sections[len(sections)-1]
		rest := format[i+1:]
		switch format[i] {
		case ';':
			sections = append(sections, formatSection{})
		case '%':
			s.scales = true
		case '\\', '_', '*':
			s.literal = s.literal || format[i] == '\\' && strings.HasPrefix(rest, "%")
			i++
		case '"':
			text, _, _ := strings.Cut(rest, `"`)
			s.literal = s.literal || strings.Contains(text, "%")
			i += len(text) + 1
		case '[':
			text, _, _ := strings.Cut(rest, "]")
			if strings.IndexAny(text, "<>=") == 0 {
				s.condition = text
			}
			i += len(text) + 1
		}
	}
	return sections
}

// sectionFor is the part of a format that shows a number.
func sectionFor(sections []formatSection, number string) formatSection {
	sections = sections[:min(len(sections), 3)] // the fourth is for texts
	last := len(sections) - 1
	if sections[0].condition != "" {
		for _, s := range sections[:last] {
			if s.condition == "" || holds(s.condition, number) {
				return s
			}
		}
		return sections[last]
	}
	switch {
	case last > 0 && negative(number):
		return sections[1]
	case last > 1 && strings.Trim(number, "-0.") == "":
		return sections[2]
	}
	return sections[0]
}

// holds tells whether a condition such as >=1 is true of a number.
func holds(condition, number string) bool {
	bound := strings.TrimLeft(condition, "<>=")
	sign := condition[:len(condition)-len(bound)]
	switch d := compare(number, bound); sign {
	case "<":
		return d < 0
	case "<=":
		return d <= 0
	case ">":
		return d > 0
	case ">=":
		return d >= 0
	case "<>":
		return d != 0
	}
	return compare(number, bound) == 0
}
