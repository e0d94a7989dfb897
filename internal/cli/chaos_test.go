package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"offerlift/internal/sandbox"
)

// hostile is a server as bad as one may meet.
const hostile = "lost=0.05,500-after=0.04,502-after=0.03,half=0.03,drop-before=0.03,500-before=0.03,429=0.03,look-fail=0.05"

// TestChaos sends offers through a hostile server while the process is killed
// again and again at instants that the seed picks. In the end each offer is
// there once, and each row has the right id. CHAOS_SEEDS=50 CHAOS_OFFERS=300
// runs it long.
func TestChaos(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "offerlift")
	build := exec.Command("go", "build", "-o", binary, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	seeds, offers := setting("CHAOS_SEEDS", 2), setting("CHAOS_OFFERS", 80)
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) { chaos(t, binary, seed+1, offers) })
	}
}

func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

func chaos(t *testing.T, binary string, seed uint64, offers int) {
	faults, err := sandbox.ParseFaults(hostile)
	if err != nil {
		t.Fatal(err)
	}
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
	dice := rand.New(rand.NewPCG(seed, 7))
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, append(args, "--journal", filepath.Join(dir, "journal.db"), "--out", filepath.Join(dir, "out"), "--quiet")...)
		cmd.Env = append(os.Environ(), "AFFISE_API_KEY="+testKey, "AFFISE_BASE_URL="+web.URL)
		return cmd
	}
	send := []string{"import", input, "--rate", "200", "--workers", "16", "--settle-for", "3s", "--timeout", "5s", "--yes"}
	args := send
	for range 4 {
		killed(t, run(args...), time.Duration(100+dice.IntN(500))*time.Millisecond)
		if dice.IntN(2) == 0 {
			args = []string{"resume", "last"}
		} else {
			args = send
		}
	}
	finish(t, run, send)
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

// killed runs a command and kills it after a while; that it may have ended
// before is part of the game.
func killed(t *testing.T, cmd *exec.Cmd, after time.Duration) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
}

// finish runs until nothing is left to settle, as a person would.
func finish(t *testing.T, run func(args ...string) *exec.Cmd, send []string) {
	t.Helper()
	var out []byte
	var err error
	for range 5 {
		if out, err = run(send...).CombinedOutput(); err == nil {
			return
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
