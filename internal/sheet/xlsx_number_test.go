package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAppendNumber(t *testing.T) {
	for raw, want := range map[string]string{
		"0": "0", "1": "1", "-1": "-1", "1200": "1200", "0.5": "0.5", "-0.25": "-0.25",
		"1.10": "1.1", "007": "7", "-0": "0", "0.0": "0", "+5": "5", ".5": "0.5", "5.": "5", " 7 ": "7",
		"1.1000000000000001": "1.1", "274.65999999999997": "274.66", "0.30000000000000004": "0.3",
		"1.0000000000000001E-5": "0.00001", "1E-5": "0.00001", "1.5E+3": "1500", "1e3": "1000",
		"123456789012345": "123456789012345", "999999999999999": "999999999999999",
		"0.123456789012345678": "0.123456789012346", "99999999999.99999999": "100000000000",
		"1E-20": "0.00000000000000000001", "1.7976931348623157E-308": "0." + strings.Repeat("0", 307) + "179769313486232",
	} {
		got, long, ok := appendNumber([]byte("x"), []byte(raw))
		if string(got) != "x"+want || long || !ok {
			t.Errorf("%s: %s, %v, %v, want %s", raw, got, long, ok, want)
		}
	}
}

func TestAppendNumberLong(t *testing.T) {
	for raw, want := range map[string]string{
		"1234567890123456": "1234567890123456", "1000000000000000": "1000000000000000",
		"12345678901234567890": "12345678901234567890", "1.2345678901234567E+19": "12345678901234567000",
		"-1E+20": "-100000000000000000000", "1e15": "1000000000000000",
	} {
		got, long, ok := appendNumber(nil, []byte(raw))
		if string(got) != want || !long || !ok {
			t.Errorf("%s: %s, %v, %v, want %s", raw, got, long, ok, want)
		}
	}
}

func TestAppendNumberNone(t *testing.T) {
	for _, raw := range []string{"", "x", "1,5", "0x10", "inf", "NaN", "1_000", "1e999", "1e", "--1", "1.2.3", "1 2", "e5", "1e+-5"} {
		if got, _, ok := appendNumber(nil, []byte(raw)); ok {
			t.Errorf("%q is %s", raw, got)
		}
	}
}

// Whatever is stored, the text is a plain decimal and reads back to the stored
// number as far as 15 digits go.
func FuzzCellNumber(f *testing.F) {
	for _, seed := range []string{"0", "1.1000000000000001", "-274.65999999999997", "1E-5", "1.2345678901234567E+19", "000.000", "1e-400", "9.99999999999999999"} {
		f.Add(seed)
	}
	plain := regexp.MustCompile(`^(0|-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?)$`)
	f.Fuzz(func(t *testing.T, raw string) {
		got, long, ok := appendNumber(nil, []byte(raw))
		if !ok {
			return
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
		if err != nil {
			t.Fatalf("%q is no number, but %s", raw, got)
		}
		if !plain.Match(got) || long != (math.Abs(v) >= 1e15) {
			t.Fatalf("%q: %s, %v", raw, got, long)
		}
		back, err := strconv.ParseFloat(string(got), 64)
		if digits := strconv.FormatFloat(v, 'e', 14, 64); err != nil || strconv.FormatFloat(back, 'e', 14, 64) != digits && v != 0 {
			t.Fatalf("%q: %s reads back to %v, not to %s", raw, got, back, digits)
		}
	})
}

// A number that a person typed with up to 15 digits comes back as typed.
func TestTypedNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`-?[1-9][0-9]{0,7}\.[0-9]{0,5}[1-9]`).Draw(t, "typed")
		v, err := strconv.ParseFloat(typed, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range []string{typed, strconv.FormatFloat(v, 'g', 17, 64), strconv.FormatFloat(v, 'E', 16, 64)} {
			if got, _, ok := appendNumber(nil, []byte(raw)); string(got) != typed || !ok {
				t.Fatalf("%s stored as %s: %s", typed, raw, got)
			}
		}
	})
}

func TestAppendDate(t *testing.T) {
	const both = showsDate | showsTime
	for _, c := range []struct {
		raw   string
		parts timeParts
		want  string
	}{
		{"46085", showsDate, "2026-03-04"}, {"46085.75", showsDate, "2026-03-04 18:00:00"},
		{"46085", both, "2026-03-04 00:00:00"}, {"46085.75", both, "2026-03-04 18:00:00"},
		{"46085.75", showsTime, "2026-03-04 18:00:00"}, {"0.75", showsTime, "18:00:00"}, {"0", showsTime, "00:00:00"},
		{"0.75", both, "18:00:00"}, {"46085.7499999", both, "2026-03-04 18:00:00"},
		{"46085.999999", both, "2026-03-05 00:00:00"}, {"0.9999999", showsTime, "1900-01-01 00:00:00"},
		{"1", showsDate, "1900-01-01"}, {"59", showsDate, "1900-02-28"}, {"60", showsDate, "1900-02-29"}, {"61", showsDate, "1900-03-01"},
		{"0", showsDate, "1900-01-00"}, {"2958465", showsDate, "9999-12-31"}, {"4.6085E+4", showsDate, "2026-03-04"},
		{"46085", showsEither, "2026-03-04"}, {"0.5", showsEither, "12:00:00"}, {"46085.5", showsEither, "2026-03-04 12:00:00"},
		{"-1", showsDate, ""}, {"2958466", showsDate, ""}, {"x", showsDate, ""}, {"1e300", showsDate, ""}, {"NaN", showsDate, ""},
	} {
		got, ok := appendDate(nil, []byte(c.raw), c.parts, false)
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.raw, got, ok, c.want)
		}
	}
	for raw, want := range map[string]string{"0": "1904-01-01", "44623": "2026-03-04", "0.75": "1904-01-01 18:00:00", "2957003": "9999-12-31", "2957004": ""} {
		if got, ok := appendDate(nil, []byte(raw), showsDate, true); string(got) != want || ok != (want != "") {
			t.Errorf("1904, %s: %q, %v, want %q", raw, got, ok, want)
		}
	}
}

// Every second of the calendar survives the way through a binary fraction of days.
func TestDateTrip(t *testing.T) {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		at := epoch.Add(time.Duration(rapid.Int64Range(61*daySeconds, 200*365*daySeconds).Draw(t, "seconds")) * time.Second)
		serial := strconv.FormatFloat(at.Sub(epoch).Seconds()/daySeconds, 'g', -1, 64)
		if got, ok := appendDate(nil, []byte(serial), showsDate|showsTime, false); string(got) != at.Format(time.DateTime) || !ok {
			t.Fatalf("%s as %s: %s", at, serial, got)
		}
	})
}

func TestAppendISO(t *testing.T) {
	for _, c := range []struct {
		raw   string
		parts timeParts
		want  string
	}{
		{"2026-03-04", showsDate, "2026-03-04"}, {"2026-03-04T00:00:00", showsDate, "2026-03-04"},
		{"2026-03-04T18:00:00Z", showsDate, "2026-03-04 18:00:00"}, {"2026-03-04T18:00", 0, "2026-03-04 18:00:00"},
		{"2026-03-04T17:59:59.9996", 0, "2026-03-04 18:00:00"}, {"2026-03-04", showsDate | showsTime, "2026-03-04 00:00:00"},
		{"18:00:00", showsTime, "18:00:00"}, {"1899-12-31T18:00:00", showsTime, "18:00:00"},
		{"2026-13-04", showsDate, ""}, {"2026-03-04T18:00:00+02:00", 0, ""}, {"soon", 0, ""},
	} {
		if got, ok := appendISO(nil, []byte(c.raw), c.parts); string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.raw, got, ok, c.want)
		}
	}
}
