package sheet

import (
	"strings"
	"testing"
)

func TestFormatOf(t *testing.T) {
	const both = showsDate | showsTime
	for code, want := range map[string]timeParts{
		"": 0, "General": 0, "GENERAL": 0, "0": 0, "0.00%": 0, "00000": 0, "#,##0.00": 0, "@": 0, "0.00E+00": 0, "##0.0E+0": 0,
		`#,##0.00 "USD"`: 0, `0.00\ "руб."`: 0, "0.00 USD": 0, `[$€-407]\ #,##0.00`: 0, `#,##0.00\ [$₽-419]`: 0, "[Red]0.00": 0,
		`"Year" 0`: 0, `\d0`: 0, "# ?/?": 0, "General;[Red]-General": 0, `0" days"`: 0, `_-* #,##0.00\ "kr"_-`: 0, ";;;": 0, `"";"";""`: 0,
		"[h]:mm": 0, "[hh]:mm:ss": 0, "[mm]:ss": 0, "[ss]": 0, "[h]:mm:ss.0": 0,
		"yyyy-mm-dd": showsDate, "m/d/yy": showsDate, "mmm": showsDate, "dddd": showsDate, "m": showsDate, "YYYY": showsDate,
		"m/d/yy;@": showsDate, `dd\.mm\.yyyy`: showsDate, `[$-419]d\ mmm\ yyyy;@`: showsDate, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`: showsDate,
		`yyyy"年"m"月"d"日"`: showsDate, `[$-411]ggge"年"m"月"d"日";@`: showsDate, "d/m/bb": showsDate, "[Red]dd.mm.yyyy": showsDate,
		`[=0]"";yyyy-mm-dd`: showsDate, `"Start: "d.m.yy`: showsDate, "dd-mmm-yyyy*-": showsDate,
		"h:mm": showsTime, "hh:mm:ss": showsTime, "mm:ss": showsTime, "mm:ss.0": showsTime, "ss.000": showsTime, "h AM/PM": showsTime,
		"h:mm:ss AM/PM": showsTime, "h:mm A/P": showsTime, `[$-F400]h:mm:ss\ AM/PM`: showsTime, `h"時"mm"分"`: showsTime,
		"m/d/yyyy h:mm": both, `yyyy\-mm\-dd\ h:mm:ss`: both, `yyyy-mm-dd"T"hh:mm:ss.000"Z"`: both, "d.m.yy h:mm": both,
		`"unclosed`: 0, `[unclosed`: 0, `\`: 0,
	} {
		if got := formatOf(code); got.parts != want || got.code != code && !strings.EqualFold(code, "general") {
			t.Errorf("%s: %+v, want %d", code, got, want)
		}
	}
}

func TestBuiltinFormats(t *testing.T) {
	const both = showsDate | showsTime
	for id, want := range map[int]timeParts{
		0: 0, 1: 0, 5: 0, 9: 0, 10: 0, 11: 0, 13: 0, 14: showsDate, 15: showsDate, 16: showsDate, 17: showsDate, 18: showsTime,
		19: showsTime, 20: showsTime, 21: showsTime, 22: both, 27: showsDate, 31: showsDate, 32: showsEither, 36: showsDate,
		37: 0, 44: 0, 45: showsTime, 46: 0, 47: showsTime, 48: 0, 49: 0, 50: showsDate, 55: showsEither, 58: showsDate,
		59: 0, 71: showsDate, 77: both, 79: 0, 200: 0, -1: 0,
	} {
		if got := builtinFormat(id); got.parts != want {
			t.Errorf("%d: %+v, want %d", id, got, want)
		}
	}
	if got := builtinFormat(10).code; got != "0.00%" {
		t.Errorf("10: %s", got)
	}
}

func FuzzNumberFormat(f *testing.F) {
	for _, seed := range []string{"yyyy-mm-dd", `[$-F800]dddd\,\ mmmm;@`, "0.00E+00", "[h]:mm", `"`, "[", `\`, "_", ";;;", "general"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		got := formatOf(code)
		if quoted := formatOf(`"` + strings.ReplaceAll(code, `"`, "") + `"`); quoted.parts != 0 {
			t.Fatalf("%q within quotes shows %d", code, quoted.parts)
		}
		if number := formatOf("0" + code); number.parts != 0 {
			t.Fatalf("%q after a digit shows %d", code, number.parts)
		}
		if lower := formatOf(strings.ToUpper(code)); isASCII(code) && lower.parts != got.parts {
			t.Fatalf("%q shows %d, in capitals %d", code, got.parts, lower.parts)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}
