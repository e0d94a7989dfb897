package journal

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestOutcomesTellWhatItemsTell, whatever stands in the texts.
func TestOutcomesTellWhatItemsTell(t *testing.T) {
	ctx := context.Background()
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	run := begin(t, j, "r")
	at := time.Date(2026, 11, 23, 5, 55, 27, 274e6, time.UTC)
	for seq, item := range []Item{
		{Key: "a", State: Pending},
		{Key: "\x00nul", Title: "7 8 ", File: "ключ.xlsx", Sheet: "😀", Row: 1 << 20, Children: "[1]", State: Failed, Messages: "[\x00,\"é\"]", FinishedAt: at},
		{Key: "u\x1f", Title: "\x1f\x1f", Children: "[3]", State: Failed, OfferID: 7},
		{Key: "v", Title: "in \x1f", Children: "[3]", State: Unchanged, OfferID: 8},
		{Key: " ", Title: "\xff\xfe", Row: 3, Children: "[2]", Action: "create", State: Sent, Attempts: 2, StartedAt: at},
		{Key: "d", State: Skipped, OfferID: 1<<63 - 1, StartedAt: at, FinishedAt: at.Add(1500 * time.Millisecond)},
	} {
		item.Run, item.Seq = run.Number, 9-seq
		j.NewItem(&item)
		if err := j.Commit(ctx, Change{Item: &item}); err != nil {
			t.Fatal(err)
		}
	}
	var want, got []Item
	for item, err := range j.Items(ctx, run.Number) {
		if err != nil {
			t.Fatal(err)
		}
		if item.State != Failed {
			item.Children = ""
		}
		want = append(want, item)
	}
	for item, err := range j.Outcomes(ctx, run.Number) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item)
	}
	told := cmpopts.IgnoreFields(Item{}, "Run", "Seq")
	if diff := cmp.Diff(want, got, told); len(got) != 6 || diff != "" {
		t.Error(diff)
	}
}
