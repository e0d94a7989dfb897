package cli

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// A column that is wrong in every row does not push out the one that is wrong
// once, and what is not shown is counted.
func TestAProblemOfEveryRowLeavesRoomForTheOthers(t *testing.T) {
	var out bytes.Buffer
	list := newProblemList(&voice{out: &out, err: &out})
	for row := range 1000 {
		list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: "B" + strconv.Itoa(row), Column: "title", Code: "missing", Text: "it is blank"}})
		list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: strconv.Itoa(row), Code: "missing", Text: "there is no column url"}})
	}
	list.add([]sheet.Message{{Level: sheet.LevelError, Sheet: "Caps", Cell: "C2", Column: "value", Code: "bad_amount", Text: "no amount"}})
	list.close()
	if got := out.String(); strings.Count(got, "\n") != mostAlike+5 || strings.Count(got, "no column url") != 2 || !strings.Contains(got, "Caps!C2") || !strings.Contains(got, "… and 975 more [missing] in Offers title") {
		t.Error(got)
	}
}
