package cli

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// A column that is wrong in every row does not push out the one that is wrong
// once, what has one cause is one line, and what is not shown is counted.
func TestAProblemOfEveryRowLeavesRoomForTheOthers(t *testing.T) {
	var out bytes.Buffer
	list := newProblemList(&voice{out: &out, err: &out})
	for row := 2; row <= 1001; row++ {
		at := strconv.Itoa(row)
		list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "B" + at, Column: "title", Code: "missing", Text: "it is blank"}})
		list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: at, Code: "missing", Text: "there is no column url"}})
		list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "D" + at, Column: "url", Code: "bad_url", Text: at + " is no address"}})
	}
	list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Caps", Cell: "C2", Column: "value", Code: "bad_amount", Text: "no amount"}})
	list.close()
	got := out.String()
	for _, line := range []string{
		"error: Offers!B2:B1001 title: it is blank [missing] 1,000 times\n",
		"error: Offers rows 2-1001: there is no column url [missing] 1,000 times\n",
		"error: Offers!D2 url: 2 is no address [bad_url]\n",
		"error: Caps!C2 value: no amount [bad_amount]\n",
		"… and 975 more [bad_url] in Offers url\n",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("there is no %q", line)
		}
	}
	if lines := 2 + mostAlike + 1 + 2; strings.Count(got, "\n") != lines {
		t.Errorf("not %d lines:\n%s", lines, got)
	}
}
