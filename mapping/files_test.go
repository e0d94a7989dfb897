package mapping

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesOfTheInput: the files that cells name are known before any offer is
// made, those that are gone by their copies.
func TestFilesOfTheInput(t *testing.T) {
	dir, aside := t.TempDir(), t.TempDir()
	for path, content := range map[string]string{
		filepath.Join(dir, "here.gif"): "GIF89a", filepath.Join(aside, "gone.gif"): "GIF89a",
		filepath.Join(dir, "offers.csv"): lines(offersHeader+",logo,creative_files,payout_type,payout_currency,payout_total,payout_revenue",
			goodOffer("a")+`,here.gif,"gone.gif, here.gif",fixed,USD,2,1`, goodOffer("b")+"&b,../out.gif,never.gif,fixed,USD,2,1"),
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(aside, "gone.gif")
	m, err := openPath(t, filepath.Join(dir, "offers.csv"), Options{FileCopies: map[string]string{filepath.Join(dir, "gone.gif"): copied}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{copied, filepath.Join(dir, "here.gif")}
	slices.Sort(want)
	if got := m.Files(); !slices.Equal(got, want) {
		t.Errorf("the files are %v, want %v", got, want)
	}
	offers := collect(t, m)
	if files, _ := offers[0].Body.Get("creativeFiles"); !offers[0].Valid() || len(files.Items()) != 2 || files.Items()[0].Str() != copied {
		t.Errorf("%v %v", offers[0].Messages, files)
	}
	if offers[1].Valid() || !strings.Contains(offers[1].Messages[0].Text, "leads out of the folder") {
		t.Errorf("%v", offers[1].Messages)
	}
}
