// Reports measures what writing the reports of 100,000 offers costs beside
// reading them: `offerlift check` of a workbook, then `offerlift report` of a
// run that imported it, of which one offer in ten failed. Both are processes of
// their own, so that their peak memory can be told. The workbook has a second
// sheet of as many payouts.
//
//	go run ./bench/reports -offers 100000 -rounds 3
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/xuri/excelize/v2"
)

func main() {
	offers := flag.Int("offers", 100_000, "how many offers")
	rounds := flag.Int("rounds", 3, "how often each is run; the best counts")
	most := flag.Float64("most", 0, "fail where writing takes more than this share of reading; 0 = only tell")
	flag.Parse()
	log.SetFlags(0)
	if err := measure(*offers, *rounds, *most); err != nil {
		log.Fatal(err)
	}
}

// cost is what one process took.
type cost struct {
	wall time.Duration
	peak int64 // KiB
}

func measure(offers, rounds int, most float64) error {
	dir, err := os.MkdirTemp("", "reports")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, input := filepath.Join(dir, "offerlift"), filepath.Join(dir, "big.xlsx")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %v\n%s", err, out)
	}
	if err := writeBook(input, offers); err != nil {
		return err
	}
	b := bench{dir: dir, binary: binary}
	if _, err := b.run("import", input, "--sandbox", "--rate", "0", "--workers", "64", "--assume-new", "-q", "--out", filepath.Join(dir, "first")); err != nil {
		return err
	}
	var read, write cost
	for range rounds {
		r, err := b.run("check", input)
		if err != nil {
			return err
		}
		w, err := b.run("report", "last", "--out", filepath.Join(dir, "again"))
		if err != nil {
			return err
		}
		read, write = best(read, r), best(write, w)
	}
	share := write.wall.Seconds() / read.wall.Seconds()
	fmt.Printf("%d offers, %d rounds\n", offers, rounds)
	fmt.Printf("check   %6.2f s  %4d MB\n", read.wall.Seconds(), read.peak/1024)
	fmt.Printf("report  %6.2f s  %4d MB  %.2f of check\n", write.wall.Seconds(), write.peak/1024, share)
	if most > 0 && share > most {
		return fmt.Errorf("writing took %.2f of reading, at most %.2f is wanted", share, most)
	}
	return nil
}

func best(a, b cost) cost {
	if a.wall == 0 || b.wall < a.wall {
		return b
	}
	return a
}

type bench struct{ dir, binary string }

// run runs offerlift; that rows are wrong is what it is there to find.
func (b bench) run(args ...string) (cost, error) {
	cmd := exec.Command(b.binary, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(b.dir, "state"))
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start)}
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		return c, fmt.Errorf("offerlift %s: %v", args[0], err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = usage.Maxrss
	}
	return c, nil
}

// writeBook writes the workbook; the status of every tenth offer is misspelt.
func writeBook(name string, offers int) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "Offers"); err != nil {
		return err
	}
	if _, err := f.NewSheet("Payouts"); err != nil {
		return err
	}
	err := writeSheet(f, "Offers", offers, []any{"external_offer_id", "title", "advertiser", "url", "url_preview", "status", "privacy"}, func(n string, i int) []any {
		return []any{"b-" + n, "Offer number " + n, "573c69a33b7d9b0e638b4576", "https://track.example.com/click?o=" + n + "&c={clickid}",
			"https://www.example.com/" + n, []string{"stopped", "stoped"}[(i%10)/9], "protected"}
	})
	if err != nil {
		return err
	}
	err = writeSheet(f, "Payouts", offers, []any{"offer", "type", "currency", "total", "revenue"}, func(n string, i int) []any {
		return []any{"b-" + n, "fixed", "USD", i%7 + 2, i%7 + 1}
	})
	if err != nil {
		return err
	}
	return f.SaveAs(name)
}

func writeSheet(f *excelize.File, name string, rows int, header []any, row func(n string, i int) []any) error {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := w.SetRow("A1", header); err != nil {
		return err
	}
	for i := range rows {
		if err := w.SetRow("A"+strconv.Itoa(i+2), row(strconv.Itoa(i), i)); err != nil {
			return err
		}
	}
	return w.Flush()
}
