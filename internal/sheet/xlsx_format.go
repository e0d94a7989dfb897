package sheet

import "strings"

// timeParts are what a number format shows of a number as a point in time.
type timeParts uint8

const (
	showsDate timeParts = 1 << iota
	showsTime
	showsEither // one of Excel's own formats that differ by country: the number tells
)

// numberFormat is how a cell's number is shown.
type numberFormat struct {
	code  string // blank for General
	parts timeParts
}

// formatOf judges a number format's code. A format shows a point in time where
// the first of its sections that shows a number at all has date or time letters
// outside quotes and brackets, and no digits but those of split seconds. Time
// that has passed, such as [h]:mm, is a quantity: 26:30 is no time of day.
func formatOf(code string) numberFormat {
	if strings.EqualFold(code, "general") {
		return numberFormat{}
	}
	format := numberFormat{code: code}
	for rest := code; ; {
		section := formatSection{rest: rest}
		section.read()
		if section.digits || section.elapsed {
			return format
		}
		if section.letters != "" {
			format.parts = partsOf(section.letters)
			return format
		}
		if section.rest == "" {
			return format
		}
		rest = section.rest[1:]
	}
}

// formatSection reads one section of a number format.
type formatSection struct {
	rest    string // from the ; that ends the section on
	letters string // its date and time letters, one for each run: ymdhms
	digits  bool   // it has places for digits
	elapsed bool   // it counts hours, minutes or seconds: [h]
	split   bool   // a decimal point after seconds came last
}

func (f *formatSection) read() {
	for f.rest != "" && f.rest[0] != ';' {
		n := f.token()
		f.rest = f.rest[min(n, len(f.rest)):]
	}
}

// token takes in what stands at the start of rest and returns its length.
func (f *formatSection) token() int {
	c := f.rest[0]
	switch {
	case c == '"':
		if i := strings.IndexByte(f.rest[1:], '"'); i >= 0 {
			return i + 2
		}
		return len(f.rest)
	case c == '\\' || c == '_' || c == '*':
		return 1 + runeLength(f.rest[1:])
	case c == '[':
		return f.bracket()
	case c == '.':
		f.split = strings.HasSuffix(f.letters, "s") || f.elapsed
		return 1
	}
	for _, word := range []string{"general", "am/pm", "a/p"} {
		if len(f.rest) >= len(word) && strings.EqualFold(f.rest[:len(word)], word) {
			f.digits = f.digits || word == "general"
			return len(word)
		}
	}
	f.symbol(c | 0x20)
	return runeLength(f.rest)
}

// symbol takes in one character, in lower case.
func (f *formatSection) symbol(c byte) {
	switch c {
	case '0', '#' | 0x20, '?':
		f.digits = f.digits || !f.split
		return
	case 'e':
		if len(f.rest) > 1 && (f.rest[1] == '+' || f.rest[1] == '-') {
			break // an exponent
		}
		f.letter('y')
	case 'b':
		f.letter('y')
	case 'y', 'm', 'd', 'h', 's':
		f.letter(c)
	}
	f.split = false
}

func (f *formatSection) letter(c byte) {
	if !strings.HasSuffix(f.letters, string(c)) && len(f.letters) < 32 { // more decide nothing
		f.letters += string(c)
	}
}

// bracket takes in a colour, condition, currency, language or elapsed time.
func (f *formatSection) bracket() int {
	i := strings.IndexByte(f.rest, ']')
	if i < 0 {
		return len(f.rest)
	}
	inner := strings.ToLower(f.rest[1:i])
	if inner != "" && strings.Trim(inner, inner[:1]) == "" && strings.Contains("hms", inner[:1]) {
		f.elapsed = true
	}
	return i + 1
}

// partsOf tells what date and time letters show. An m is minutes after hours and
// before seconds, else months.
func partsOf(letters string) (parts timeParts) {
	for i := range len(letters) {
		switch letters[i] {
		case 'y', 'd':
			parts |= showsDate
		case 'h', 's':
			parts |= showsTime
		case 'm':
			after, before := i > 0 && letters[i-1] == 'h', i+1 < len(letters) && letters[i+1] == 's'
			if after || before {
				parts |= showsTime
			} else {
				parts |= showsDate
			}
		}
	}
	return parts
}

// runeLength is the length of the first character of s, 0 where s is blank.
func runeLength(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

// builtinFormat is one of the formats that a workbook names by number alone.
func builtinFormat(id int) numberFormat {
	switch {
	case id >= 0 && id < len(builtinCodes()):
		return formatOf(builtinCodes()[id])
	case id >= 32 && id <= 35, id == 55, id == 56:
		return numberFormat{code: "date or time", parts: showsEither}
	case id >= 27 && id <= 36, id >= 50 && id <= 58, id >= 71 && id <= 74:
		return numberFormat{code: "yyyy-mm-dd", parts: showsDate}
	case id == 75, id == 76, id == 78, id == 80:
		return numberFormat{code: "h:mm:ss", parts: showsTime}
	case id == 77:
		return numberFormat{code: "yyyy-mm-dd h:mm", parts: showsDate | showsTime}
	case id == 79:
		return numberFormat{code: "[h]:mm:ss"}
	}
	if code := otherBuiltins()[id]; code != "" {
		return formatOf(code)
	}
	return numberFormat{}
}

// builtinCodes are the formats 0 to 22, as an American Excel shows them.
func builtinCodes() []string {
	return []string{"", "0", "0.00", "#,##0", "#,##0.00",
		`"$"#,##0_);\("$"#,##0\)`, `"$"#,##0_);[Red]\("$"#,##0\)`,
		`"$"#,##0.00_);\("$"#,##0.00\)`, `"$"#,##0.00_);[Red]\("$"#,##0.00\)`,
		"0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??",
		"m/d/yyyy", "d-mmm-yy", "d-mmm", "mmm-yy", "h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss", "m/d/yyyy h:mm"}
}

// otherBuiltins are further formats by number: accounts, elapsed time, text, Thai numbers.
func otherBuiltins() map[int]string {
	return map[int]string{
		37: `#,##0_);\(#,##0\)`, 38: `#,##0_);[Red]\(#,##0\)`,
		39: `#,##0.00_);\(#,##0.00\)`, 40: `#,##0.00_);[Red]\(#,##0.00\)`,
		41: `_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)`, 42: `_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)`,
		43: `_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)`, 44: `_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)`,
		45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
		59: "0", 60: "0.00", 61: "#,##0", 62: "#,##0.00", 67: "0%", 68: "0.00%", 69: "# ?/?", 70: "# ??/??",
	}
}
