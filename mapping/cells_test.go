package mapping

import (
	"math/rand/v2"
	"slices"
	"testing"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// TestTypedCells: the cell's type and format decide what a workbook's cell means.
func TestTypedCells(t *testing.T) {
	cases := []struct {
		name, part, column string
		raw                sheet.Cell
		want, say          string
	}{
		{"error cell", "", "title", sheet.Cell{Kind: sheet.Error, Text: "#N/A"}, "", "cell_error the cell holds the spreadsheet error #N/A"},
		{"formula without value", "payments", "total", sheet.Cell{Kind: sheet.Formula, Text: "=A1*2"}, "", "no_value open the file in Excel, save it, and import it again"},
		{"date in a date column", "", "stop_date", sheet.Cell{Kind: sheet.Date, Text: "2030-12-31"}, `"2030-12-31"`, ""},
		{"date and time", "", "start_at", sheet.Cell{Kind: sheet.Date, Text: "2030-12-31 18:00:00"}, `"2030-12-31 18:00:00"`, ""},
		{"a time alone", "", "start_at", sheet.Cell{Kind: sheet.Date, Text: "18:00:00"}, "", "bad_date"},
		{"1-2 became a date", "", "schedule_intervals", sheet.Cell{Kind: sheet.Date, Text: "2026-02-01"}, "", "made_date `1-2`"},
		{"1.5 became a date", "payments", "total", sheet.Cell{Kind: sheet.Date, Text: "2026-05-01"}, "", "made_date `1.5`"},
		{"a date in an id", "", "external_offer_id", sheet.Cell{Kind: sheet.Date, Text: "2026-03-04"}, "", "made_date takes no date"},
		{"a number in a date column", "", "stop_date", number("47848", ""), "", "bad_date format the cell as a date"},
		{"zeros before an id", "", "external_offer_id", number("123", "00000"), `"00123"`, "repaired it was read as 00123"},
		{"an id", "payments", "affiliates", number("17", ""), `["17"]`, ""},
		{"16 digits", "", "external_offer_id", number("1234567890123456", ""), "", "lost_digits more than 15 digits"},
		{"15 digits", "", "external_offer_id", number("123456789012345", "0.00E+00"), `"123456789012345"`, ""},
		{"percent in money", "payments", "revenue", number("0.155", "0.0%"), `"15.5"`, "repaired read as 15.5 percent"},
		{"percent in a text", "", "kpi_en", number("0.02", "0%"), `"2%"`, "repaired"},
		{"percent in a whole number", "", "notice_percent_overcap", number("0.8", "0%"), `"80"`, ""},
		{"money is never ambiguous as a number", "payments", "total", number("1.234", "0.00"), `"1.234"`, ""},
		{"long decimals stay", "payments", "total", number("274.66", "General"), `"274.66"`, ""},
		{"a % that stands beside the number", "payments", "total", number("15.5", `0.00\%`), `"15.5"`, "repaired read as 15.5 percent"},
		{"a format with a part for percentages", "payments", "total", number("2", "[<1]0%;0"), `"2"`, ""},
		{"bool in a flag", "", "is_top", sheet.Cell{Kind: sheet.Bool, Text: "TRUE"}, `"1"`, ""},
		{"bool in an enum", "", "status", sheet.Cell{Kind: sheet.Bool, Text: "TRUE"}, "", "not_allowed"},
		{"number in a text", "", "title", number("2048", ""), `"2048"`, ""},
		{"the reader's repair", "", "title", sheet.Cell{Kind: sheet.Text, Text: "x", Repair: "a broken quote was closed"}, `"x"`, "repaired a broken quote was closed"},
		{"blank", "", "title", sheet.Cell{}, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, _, messages := readCell(t, c.part, c.column, c.raw, Options{})
			if got != c.want {
				t.Errorf("value %s, want %s", got, c.want)
			}
			checkSaid(t, c.say, messages)
		})
	}
}

// A % multiplies what is shown only where it is neither quoted nor escaped, and
// only in the part of a format that shows the number.
func TestPercentIn(t *testing.T) {
	for _, c := range []struct {
		format, number string
		shown, scaled  bool
	}{
		{"0%", "0.5", true, true}, {"0.00%;-0.00%", "-0.5", true, true}, {"0.00", "0.5", false, false}, {"", "0.5", false, false},
		{`0.00\%`, "15.5", true, false}, {`0.00"%"`, "15.5", true, false}, {`0" % off"`, "15.5", true, false}, {`_%0`, "1", false, false},
		{"[<1]0%;0", "0.5", true, true}, {"[<1]0%;0", "2", false, false}, {"[>=1]0;0%", "1", false, false}, {"[>=1]0;0%", "0.99", true, true},
		{"[=0]0;[<>1]0%;0", "0", false, false}, {"[=0]0;[<>1]0%;0", "1.0", false, false}, {"[=0]0;[<>1]0%;0", "-3", true, true},
		{"0%;0;0.0", "-1", false, false}, {"0;0%;0.0", "-1", true, true}, {"0%;0%;0", "0", false, false}, {"[Red]0%", "1", true, true},
		{`"open`, "1", false, false}, {`0%\`, "1", true, true}, {"[", "1", false, false}, {"[<", "1", false, false}, {";;;%", "1", false, false},
	} {
		if shown, scaled := percentIn(c.format, c.number); shown != c.shown || scaled != c.scaled {
			t.Errorf("%s of %s: %v %v", c.format, c.number, shown, scaled)
		}
	}
}

func TestShift(t *testing.T) {
	for number, want := range map[string]string{"0.155": "15.5", "1": "100", "-0.5": "-50", "0.00005": "0.005", "0": "0", "1.234567": "123.4567"} {
		if got := shift(number, 2); got != want {
			t.Errorf("shift(%s) is %s, want %s", number, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	ordered := []string{"-10", "-9.5", "-0.5", "0", "0.05", "0.5", "00.51", "1", "1.10", "9.99", "10", "100.0", "100.01"}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := compare(a, b); got != sign2(i-j) {
				t.Errorf("compare(%s, %s) is %d", a, b, got)
			}
		}
	}
	for _, same := range [][2]string{{"1", "1.00"}, {"0", "-0.0"}, {"007", "7"}} {
		if compare(same[0], same[1]) != 0 {
			t.Errorf("%v differ", same)
		}
	}
}

func sign2(n int) int {
	if n == 0 {
		return 0
	}
	return sign(n)
}

// A cell is read the same whatever stands above it: what is remembered of the
// one before must not show.
func TestCellsBelowEachOther(t *testing.T) {
	texts := []string{"1", "0", "12.5", "10%", "$5", "yes", "US", "US, DE", "DACH", "WW", "USD", "active", "actve", "day", "exact", "2030-12-31", "03/04/2030",
		"[]", " US ", "17", "17, 18", anAdvertiser, "https://a.example.com/{clickid}", "https://a.example.com/{clikid}", "1y2m", "Europe/Berlin", "Android >= 6.0",
		"sub1=a", "{}", "192.0.2.1", "0012", "#N/A", ""}
	opts := Options{FilesDir: t.TempDir()}
	draws := rand.New(rand.NewPCG(1, 2))
	for _, part := range affise.Parts() {
		for _, col := range part.Columns {
			read := cellReader(t, part.Key, col.Name, opts)
			for range 40 {
				raw := sheet.Cell{Kind: sheet.Text, Text: texts[draws.IntN(len(texts))]}
				switch draws.IntN(8) {
				case 0:
					raw.Kind = sheet.Number
				case 1:
					raw.Kind, raw.Format = sheet.Number, "0%"
				case 2:
					raw.Repair = "mended"
				}
				for range 1 + draws.IntN(2) {
					want, wantField, wantSaid := readCell(t, part.Key, col.Name, raw, opts)
					got, field, said := read(raw)
					if got != want || field != wantField || !slices.Equal(said, wantSaid) {
						t.Fatalf("%s %s of %+v: %s %+v %v, alone %s %+v %v", part.Key, col.Name, raw, got, field, said, want, wantField, wantSaid)
					}
				}
			}
		}
	}
}

// A value may be shared by rows, so no column may put something into another's.
func TestNoColumnStandsWithinAnother(t *testing.T) {
	for _, part := range affise.Parts() {
		for i := range part.Columns {
			for j := range part.Columns {
				a, b := part.Columns[i].Path, part.Columns[j].Path
				if i != j && len(a) > 0 && len(b) > len(a) && slices.Equal(a, b[:len(a)]) {
					t.Errorf("%s: %s is within %s", part.Key, part.Columns[j].Key, part.Columns[i].Key)
				}
			}
		}
	}
}
