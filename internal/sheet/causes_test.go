package sheet

import (
	"fmt"
	"strconv"
	"testing"
)

func status(cell, text string) Message {
	return Message{Level: LevelError, File: "launch.xlsx", Sheet: "Offers", Cell: cell, Column: "status", Code: "not_allowed", Text: text}
}

// The same mistake in many cells is one cause, wherever the others of its column
// stand, and its cells are named as ranges.
func TestCausesAreWhatOneDeedMends(t *testing.T) {
	var c Causes
	for row := 2; row <= 301; row++ {
		c.Add(status("E"+strconv.Itoa(row), "`Live` is not a status"))
	}
	c.Add(status("E310", "`Live` is not a status"), status("E309", "`Live` is not a status"), status("E302", "`x` is not a status"), status("E303", "`y` is not a status"))
	c.Add(Message{Level: LevelWarning, Sheet: "Caps", Cell: "7", Code: "orphan", Text: "no offer"}, Message{Level: LevelWarning, Sheet: "Caps", Cell: "8", Code: "orphan", Text: "no offer"})
	for _, text := range []string{"no advertiser", "no url"} {
		c.Add(Message{Level: LevelWarning, Sheet: "Caps", Cell: "2", Code: "missing_column", Text: text})
	}
	c.Add(Message{Level: LevelWarning, Sheet: "Payment", Code: "unknown_sheet", Text: "it was not read"}, Message{Level: LevelWarning, Sheet: "Capping", Code: "unknown_sheet", Text: "it was not read"})
	want := []string{
		"302 launch.xlsx, Offers!E2:E301, E309:E310: `Live` is not a status",
		"2 launch.xlsx, Offers!E302:E303: such as `x` is not a status",
		"2 Caps rows 7-8: no offer",
		"2 Caps row 2: such as no advertiser",
		"2 Capping, Payment: it was not read",
	}
	check(t, c.Commonest(), want)
	check(t, c.Each(), []string{want[0], "1 launch.xlsx, Offers!E302: `x` is not a status", "1 launch.xlsx, Offers!E303: `y` is not a status", want[2], "1 Caps row 2: no advertiser", "1 Caps row 2: no url", want[4]})
}

func check(t *testing.T, causes []*Cause, want []string) {
	t.Helper()
	var got []string
	for _, cause := range causes {
		got = append(got, fmt.Sprint(cause.N, " ", cause.Told(6)))
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// However many ways there are to be wrong, so many are kept, and all are counted.
func TestCausesStaySmall(t *testing.T) {
	var c Causes
	for row := 1; row <= 10_000; row++ {
		c.Add(status("E"+strconv.Itoa(2*row), fmt.Sprintf("`%d` is not a status", row)))
	}
	all := c.Each()
	if len(all) != mostTexts+1 || !all[mostTexts].Mixed || all[mostTexts].N != 10_000-mostTexts || len(all[mostTexts].stretches) > mostStretches {
		t.Errorf("%d causes, the last %+v", len(all), all[len(all)-1])
	}
	want := "launch.xlsx, Offers!E2, E4 and 9998 more: such as `1` is not a status"
	if one := c.Commonest(); len(one) != 1 || one[0].N != 10_000 || one[0].Told(2) != want {
		t.Errorf("%d %q\nwant %q", len(one), one[0].Told(2), want)
	}
}
