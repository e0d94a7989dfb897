package cli

import (
	"testing"

	"offerlift/internal/sheet"
)

// TestHiddenRowsAreTold with the rows that were read: an import's summary may have
// no room for the warning.
func TestHiddenRowsAreTold(t *testing.T) {
	table := &sheet.Table{Notes: []sheet.Message{
		{Code: "merged_rows", Text: "merged over several rows: A2:A4; unmerge them"},
		{Code: "hidden_rows", Text: "hidden and not read: row 4-6; show the rows if they are meant"},
		{Code: "hidden_rows", Text: "hidden by the filter and not read: row 9; clear the filter if they are meant"},
	}}
	if got, want := hiddenIn(table), "; hidden and not read: row 4-6; hidden by the filter and not read: row 9"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}
