package sheet

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"
)

// rowsOf makes rows of lines with | between cells; a blank line is a blank row.
// A cell of digits is a number.
func rowsOf(lines ...string) []Row {
	var rows []Row
	for i, line := range lines {
		row := Row{Number: i + 1}
		for _, text := range strings.Split(line, "|") {
			c := Cell{Kind: Text, Text: text}
			if text == "" {
				c = Cell{}
			} else if _, err := strconv.Atoi(text); err == nil {
				c.Kind = Number
			}
			row.Cells = append(row.Cells, c)
		}
		rows = append(rows, row)
	}
	return rows
}

func sequence(rows []Row, err error) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if err != nil {
			yield(Row{}, err)
		}
	}
}

func TestFindHeader(t *testing.T) {
	known := knows("offer", "title", "status", "total", "country", "payout type", "cap type", "cap value")
	for name, c := range map[string]struct {
		rows   []Row
		opts   Options
		header string // "" = none
		row    int
		notes  string
	}{
		"first row":                     {rowsOf("Offer|Title", "1|a"), Options{Known: known}, "Offer Title", 1, ""},
		"no rows":                       {nil, Options{Known: known}, "", 0, ""},
		"title and notes above":         {rowsOf("My offers", "", "made on 5 May|by Ann|of Sales", "Offer|Title|Status", "1|a|b"), Options{Known: known}, "Offer Title Status", 4, "header_row"},
		"most known wins":               {rowsOf("Title", "Offer|Title|Status", "title|status|x"), Options{Known: known}, "Offer Title Status", 2, "header_row"},
		"earliest on a tie":             {rowsOf("Offer|Title", "Status|Total"), Options{Known: known}, "Offer Title", 1, ""},
		"a name twice counts once":      {rowsOf("Title|Title|Title", "Offer|Title|x"), Options{Known: known}, "Offer Title x", 2, "header_row"},
		"asked for":                     {rowsOf("Offer|Title", "a|b", "c|d"), Options{Known: known, HeaderRow: 2}, "a b", 2, ""},
		"asked for a blank one":         {rowsOf("Offer|Title", "", "c|d"), Options{HeaderRow: 2}, "", 0, ""},
		"unknown":                       {rowsOf("a|b|c", "1|x|2"), Options{Known: known}, "a b c", 1, ""},
		"unknown below a title":         {rowsOf("My offers", "a|b|c", "1|x|2", "2|y|3"), Options{}, "a b c", 2, "header_row"},
		"unknown below numbers":         {rowsOf("1|2|3", "a|b|c", "1|x|2"), Options{}, "a b c", 2, "header_row"},
		"one column":                    {rowsOf("url", "https://a.example", "https://b.example"), Options{}, "url", 1, ""},
		"narrower than one of two rows": {rowsOf("a|b", "x|y", "x|y|z"), Options{}, "a b", 1, ""},
		"narrower than the rows":        {rowsOf("a|b", "1|2|3", "1|2|3"), Options{}, "a b", 1, ""},
		"nothing like a header":         {rowsOf("1|2", "3|4"), Options{}, "1 2", 1, ""},

		"banner": {rowsOf("General|||Payout||Cap", "Offer|Title|Note|Total|Country|Value", "1|a|b|2|US|3"), Options{Known: known},
			"Offer Title Note Total Country Cap Value", 2, "header_joined"},
		"banner over names that stand twice": {rowsOf("||Payout||Cap|", "Offer|Title|Type|Total|Type|Value", "1|a|b|2|c|3"), Options{Known: known},
			"Offer Title Payout Type Total Cap Type Cap Value", 2, "header_joined"},
		"banner that names columns of its own": {rowsOf("Offer|Title|Payout||Cap|", "||Type|Total|Type|Value", "1|a|b|2|c|3"), Options{Known: known},
			"Offer Title Payout Type Total Cap Type Cap Value", 2, "header_joined"},
		"title over names that stand twice": {rowsOf("My offers||", "Offer|Type|Type", "1|a|b"), Options{Known: known}, "Offer Type Type", 2, "header_row"},
		"banner not right above":            {rowsOf("||Payout||Cap|", "", "Offer|Title|Type|Total|Type|Value"), Options{Known: known}, "Offer Title Type Total Type Value", 3, "header_row"},
		"a header with a gap is no banner":  {rowsOf("Offer|Title||Status", "x|y|z|w"), Options{Known: known}, "Offer Title - Status", 1, ""},
		"a sum below unknown names":         {rowsOf("Bill 118", "", "Pos|What|Count|Price|Sum", "1|x|2|3|6", "", "|||Total|6"), Options{Known: known}, "Pos What Count Price Sum", 3, "header_row"},
		"title above a banner": {rowsOf("My offers", "||Payout||Cap|", "Offer|Title|Type|Total|Type|Value"), Options{Known: known},
			"Offer Title Payout Type Total Cap Type Cap Value", 3, "header_joined header_row"},
	} {
		first, err := firstRows(sequence(c.rows, nil), c.opts)
		if err != nil {
			t.Fatal(err)
		}
		found := findHeader(first, c.opts)
		if c.header == "" {
			if found.Index >= 0 {
				t.Errorf("%s: found %+v", name, found)
			}
			continue
		}
		if found.Index < 0 {
			t.Errorf("%s: nothing found", name)
			continue
		}
		var names []string
		for _, cell := range found.Cells {
			if cell.Kind == Blank {
				cell.Text = "-"
			}
			names = append(names, cell.Text)
		}
		if got := strings.Join(names, " "); got != c.header || first[found.Index].Number != c.row || noteCodes(found.Notes) != c.notes {
			t.Errorf("%s: %s in row %d, %+v", name, got, first[found.Index].Number, found.Notes)
		}
	}
}

func TestBannerAboveHeader(t *testing.T) {
	rows := rowsOf("Offer||Payout|", "Offer|Title|Total|Country", "1|a|2|US")
	found := findHeader(rows, Options{Known: knows("offer", "title", "total", "country")})
	if got := strings.Join(found.Banner, "|"); got != "Offer|Offer|Payout|Payout" || found.Index != 1 {
		t.Errorf("%s over row %d", got, found.Index+1)
	}
	if found = findHeader(rows[1:], Options{}); found.Banner != nil {
		t.Errorf("a header without a row above it has the banner %v", found.Banner)
	}
}

func TestFirstRows(t *testing.T) {
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprint(i), "")
	}
	broken := errors.New("broken")
	for _, c := range []struct {
		rows        []Row
		header      int
		first, last int
		err         error
	}{
		{rowsOf(lines...), 0, 1, 59, nil},
		{rowsOf(lines...), 101, 101, 159, nil},
		{rowsOf(lines[:3]...), 0, 1, 3, broken},
	} {
		got, err := firstRows(sequence(c.rows, broken), Options{HeaderRow: c.header})
		if err != c.err || got[0].Number != c.first || got[len(got)-1].Number != c.last {
			t.Errorf("%d to %d, %v", got[0].Number, got[len(got)-1].Number, err)
		}
	}
}

func TestSecondTable(t *testing.T) {
	known := knows("offer", "country", "total", "affiliate")
	header := rowsOf("Offer|Title|Note")[0].Cells
	for name, c := range map[string]struct {
		rows []Row
		want int // the row that starts it
	}{
		"another header":             {rowsOf("Offer|Title|Note", "1|a|b", "", "Offer|Country|Total"), 4},
		"the same header":            {rowsOf("Offer|Title|Note", "1|a|b", "", "offer| title |NOTE"), 0},
		"the same in another order":  {rowsOf("Offer|Title|Note", "1|a|b", "Note|Title|Offer"), 3},
		"no blank row":               {rowsOf("Offer|Title|Note", "1|a|b", "Offer|Country|Total"), 3},
		"no blank row, most known":   {rowsOf("Offer|Title|Note", "1|a|b", "Offer|Country|Other"), 0},
		"most are known":             {rowsOf("Offer|Title|Note", "", "", "Offer|Country|Other"), 4},
		"half are known":             {rowsOf("Offer|Title|Note", "", "Offer|Country|Other|More"), 0},
		"two cells":                  {rowsOf("Offer|Title|Note", "", "Offer|Country"), 0},
		"a number among them":        {rowsOf("Offer|Title|Note", "", "Offer|Country|Total|5"), 0},
		"right below a row left out": {rowsOf("Offer|Title|Note", "left", "Offer|Country|Other"), 0},
	} {
		s := secondTable{header: header, known: known, last: 1}
		got := 0
		for _, row := range c.rows[1:] {
			if blankCells(row.Cells) {
				continue
			}
			if row.Cells[0].Text == "left" {
				s.left(row.Number)
				continue
			}
			if s.has(row) && got == 0 {
				got = row.Number
			}
		}
		if got != c.want {
			t.Errorf("%s: row %d, want %d", name, got, c.want)
		}
	}
}

// Further tables below are told apart, each with its last row.
func TestTablesBelow(t *testing.T) {
	s := secondTable{header: rowsOf("Offer|Title|Note")[0].Cells, known: knows("offer", "country", "total", "value"), last: 1}
	for _, row := range rowsOf("Offer|Title|Note", "1|a|b", "CAPS", "Offer|Value|Total", "1|2|3", "", "1|5|6", "Offer|Country|Total", "1|US|3")[1:] {
		if !blankCells(row.Cells) && s.has(row) != (row.Number >= 4) {
			t.Errorf("row %d", row.Number)
		}
	}
	if len(s.below) != 2 || s.below[0].Row != 4 || s.below[0].Last != 7 || s.below[1].Row != 8 || s.below[1].Last != 9 || s.below[1].Header[1].Text != "Country" {
		t.Errorf("%+v", s.below)
	}
}

// A very wide header is no reason to wait: each of the rows that may be the
// header is compared with the names that are known.
func BenchmarkWideHeader(b *testing.B) {
	names := make([]string, 2048)
	for i := range names {
		names[i] = "name " + ColumnName(i)
	}
	var lines []string
	for range headerLook {
		lines = append(lines, strings.Join(names, "|"))
	}
	for b.Loop() {
		if found := findHeader(rowsOf(lines...), Options{Known: knows("name a")}); found.Index != 0 {
			b.Fatalf("row %d", found.Index)
		}
	}
}
