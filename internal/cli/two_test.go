package cli_test

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"offerlift/internal/sandbox"
)

// TestTwoProcesses starts the same import twice at once: on one journal, and on
// two journals to one account. No offer is there twice. The one that comes
// second says who was first and leaves without a request, or waits for it.
func TestTwoProcesses(t *testing.T) {
	binary := program(t)
	for name, s := range map[string]struct {
		second string   // its journal
		flags  []string // of both
		codes  [2]int   // the lower first
		says   string
	}{
		"one journal":           {second: "journal.db", codes: [2]int{0, 2}, says: "journal.db is in use by another offerlift"},
		"one journal, waiting":  {second: "journal.db", flags: []string{"--wait"}, says: "waiting until it ends"},
		"two journals":          {second: "other.db", codes: [2]int{0, 2}, says: "is in use by another offerlift"}, // the process is named once it has written its name
		"two journals, waiting": {second: "other.db", flags: []string{"--wait"}, says: "waiting until it ends"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newStopWorld(t, binary, sandbox.Config{Key: testKey, Latency: 40 * time.Millisecond, AnyAdvertiser: true}, nil)
			flags := append([]string{"import", w.input, "--yes", "--rate", "0", "--workers", "1"}, s.flags...)
			both := [2]*exec.Cmd{w.command(flags...), w.command(flags...)}
			both[1].Args = append(both[1].Args, "--journal", filepath.Join(w.dir, s.second), "--out", filepath.Join(w.dir, "out2"))
			said := [2]bytes.Buffer{}
			for i, cmd := range both {
				cmd.Stdout, cmd.Stderr = &said[i], &said[i]
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
			}
			codes := [2]int{exitOf(t, both[0]), exitOf(t, both[1])}
			if codes[0] > codes[1] {
				codes[0], codes[1] = codes[1], codes[0]
			}
			all := said[0].String() + said[1].String()
			if codes != s.codes || !strings.Contains(all, s.says) {
				t.Errorf("they exit with %v and say\n%s", codes, all)
			}
			if got, twice := len(w.before.Offers()), w.before.Duplicates(); got != stopOffers || len(twice) > 0 {
				t.Errorf("the account holds %d offers, not %d; twice: %v", got, stopOffers, twice)
			}
			if got := w.before.Stats().Requests; s.codes[1] == 2 && got != stopOffers+1 {
				t.Errorf("%d requests came, not a list and %d offers", got, stopOffers)
			}
		})
	}
}

func exitOf(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}
