package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"offerlift/internal/sandbox"
)

// TestChaos sends offers through a hostile server while the process is ended
// again and again at instants that the seed picks: most often by kill -9, at
// times by one signal or two. Each seed draws its own mix of faults, rate and
// workers. In the end each offer is there once, and each row has the right id.
// CHAOS_SEEDS=50 CHAOS_OFFERS=300 runs it long, CHAOS_FROM=7 begins with the
// seventh seed, and CHAOS_FAULTS=lost=0.05,429=0.03 gives all seeds one mix.
func TestChaos(t *testing.T) {
	t.Parallel()
	binary := program(t)
	seeds, offers, from := setting("CHAOS_SEEDS", 2), setting("CHAOS_OFFERS", 40), setting("CHAOS_FROM", 2)
	for seed := range uint64(seeds) {
		seed += uint64(from)
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			t.Parallel()
			chaos(t, binary, seed, offers)
		})
	}
}

// program is offerlift as a process of its own, which signals reach and kill -9
// ends: this test binary under another name, as TestMain has it.
func program(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("offerlift")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// mix is a server as bad as one may meet: most faults that lose an answer or a
// request, each as often as the dice say, and some that are rare.
func mix(dice *rand.Rand) sandbox.Faults {
	faults := sandbox.Faults{}
	most := []float64{0.03, 0.06, 0.15}[dice.IntN(3)]
	for _, name := range []string{"lost", "500-after", "502-after", "half", "html", "empty", "no-id", "wrong-offer",
		"drop-before", "500-before", "503-before", "429", "look-fail"} {
		if dice.IntN(3) > 0 {
			faults[name] = math.Round(dice.Float64()*most*1000) / 1000
		}
	}
	for _, name := range []string{"hang", "slow", "redirect", "status2-200", "forbidden", "unauthorized"} {
		if dice.IntN(4) == 0 {
			faults[name] = 0.01
		}
	}
	return faults
}

func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

func chaos(t *testing.T, binary string, seed uint64, offers int) {
	dice := rand.New(rand.NewPCG(seed, 7))
	faults := mix(dice)
	if text := os.Getenv("CHAOS_FAULTS"); text != "" {
		var err error
		if faults, err = sandbox.ParseFaults(text); err != nil {
			t.Fatal(err)
		}
	}
	rate, workers := []string{"0", "50", "200"}[dice.IntN(3)], []string{"2", "8", "16", "64"}[dice.IntN(4)]
	t.Logf("--rate %s --workers %s, faults: %v", rate, workers, faults)
	server, err := sandbox.New(sandbox.Config{Key: testKey, Faults: faults, Seed: seed, AnyAdvertiser: true, ListDelay: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	web := httptest.NewServer(server)
	defer web.Close()
	defer web.CloseClientConnections()

	dir := t.TempDir()
	input := filepath.Join(dir, "offers.csv")
	writeOffers(t, input, offers)
	out := filepath.Join(dir, "out")
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, append(args, "--journal", filepath.Join(dir, "journal.db"), "--out", out, "--quiet")...)
		cmd.Env = append(os.Environ(), "AFFISE_API_KEY="+testKey, "AFFISE_BASE_URL="+web.URL)
		return cmd
	}
	send := []string{"import", input, "--rate", rate, "--workers", workers, "--settle-for", "2s", "--timeout", "2s", "--yes"}
	args := send
	for range 4 {
		interrupted(t, run(args...), dice, out)
		args = send
		if dice.IntN(2) == 0 {
			args = []string{"resume", "last"}
		}
	}
	finish(t, run, send)
	stats := server.Stats()
	t.Logf("%d requests %v, %d throttled, at most %d in a second", stats.Requests, stats.Calls, stats.Throttled, stats.Busiest)
	if got := len(server.Offers()); got != offers {
		t.Errorf("the account holds %d offers, not %d", got, offers)
	}
	if twice := server.Duplicates(); len(twice) > 0 {
		t.Errorf("offers stored twice: %v", twice)
	}
	checkIDs(t, filepath.Join(dir, "out", "results.jsonl"), server, offers)
}

func writeOffers(t *testing.T, path string, n int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("external_offer_id,title,advertiser,url,payout_type,payout_currency,payout_total,payout_revenue\n")
	for i := range n {
		fmt.Fprintf(&b, "chaos-%d,Offer %d,573c69a33b7d9b0e638b4576,https://t.example.com/?c={clickid},fixed,USD,2,1\n", i, i)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// interrupted runs a command and ends it at an instant that the dice pick; that
// it may have ended before is part of the game.
func interrupted(t *testing.T, cmd *exec.Cmd, dice *rand.Rand, out string) {
	t.Helper()
	moment := instant(dice, out)
	signals := [][]os.Signal{{os.Kill}, {os.Kill}, {os.Kill}, {os.Interrupt, os.Kill}, {os.Interrupt, os.Interrupt}}[dice.IntN(5)]
	between := time.Duration(dice.IntN(400)) * time.Millisecond
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		moment(ended)
		for _, signal := range signals {
			cmd.Process.Signal(signal)
			pause(between, ended)
		}
	})
	var exit *exec.ExitError
	err := cmd.Wait()
	close(ended)
	killer.Wait()
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
}

// instant picks when a run is to be ended: right at its start, while it sends,
// or while it writes its reports.
func instant(dice *rand.Rand, out string) (wait func(ended <-chan struct{})) {
	after := time.Duration(100+dice.IntN(900)) * time.Millisecond
	switch dice.IntN(6) {
	case 0:
		after = time.Duration(dice.IntN(80)) * time.Millisecond
	case 1:
		old, _ := os.Stat(out)
		return func(ended <-chan struct{}) {
			for now := old; ; now, _ = os.Stat(out) {
				if now != nil && (old == nil || now.ModTime() != old.ModTime()) || pause(time.Millisecond, ended) {
					return
				}
			}
		}
	}
	return func(ended <-chan struct{}) { pause(after, ended) }
}

// pause waits, and tells whether the process ended meanwhile.
func pause(d time.Duration, ended <-chan struct{}) bool {
	select {
	case <-time.After(d):
		return false
	case <-ended:
		return true
	}
}

// finish runs until nothing is left to settle, as a person would.
func finish(t *testing.T, run func(args ...string) *exec.Cmd, send []string) {
	t.Helper()
	var out []byte
	var err error
	for range 10 {
		if out, err = run(send...).CombinedOutput(); err == nil {
			return
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3 {
			break
		}
	}
	t.Fatalf("the import does not come to a good end: %v\n%s", err, out)
}

// checkIDs holds every line of the results against what the account has.
func checkIDs(t *testing.T, path string, server *sandbox.Server, offers int) {
	t.Helper()
	ids := map[string]string{}
	for _, o := range server.Offers() {
		ids[fmt.Sprint(o["external_offer_id"])] = fmt.Sprint(o["id"])
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := 0
	for scan := bufio.NewScanner(f); scan.Scan(); lines++ {
		var r struct {
			Key, Status string
			OfferID     json.Number `json:"offer_id"`
			Row         int
		}
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.OfferID.String() != ids[r.Key] || r.Key != fmt.Sprint("chaos-", r.Row-2) {
			t.Errorf("row %d: key %s has id %s, the account says %s (%s)", r.Row, r.Key, r.OfferID, ids[r.Key], r.Status)
		}
	}
	if lines != offers {
		t.Errorf("%d lines of results, not %d", lines, offers)
	}
}
