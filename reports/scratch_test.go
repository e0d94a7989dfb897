package reports

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWhatAKilledProcessLeftIsTakenAway by the next that writes into the folder,
// and nothing that another one still works on.
func TestWhatAKilledProcessLeftIsTakenAway(t *testing.T) {
	dir := t.TempDir()
	living, err := newScratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := newScratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed.dir, "report-1"), []byte("half a report"), 0o600); err != nil {
		t.Fatal(err)
	}
	killed.lock.Unlock() // as the system does
	writeInto(t, dir, launch("openpyxl.xlsx"), "testdata/openpyxl.xlsx")
	left, err := filepath.Glob(filepath.Join(dir, ".offerlift-*"))
	if err != nil || len(left) != 1 || left[0] != living.dir {
		t.Errorf("%v, %v", left, err)
	}
	living.close()
	if _, err := os.Stat(living.dir); err == nil {
		t.Error("it stays when its owner is done")
	}
}
