//go:build unix

// Reports measures what writing the reports of 100,000 offers costs beside
// reading them: `offerlift check` of a workbook, then `offerlift report` of a
// run that imported it, for runs of which no offer failed, one in twenty, and
// every one. The workbook has a second sheet of as many payouts.
//
// Each is a process of its own, and so is the writing of the workbook: a process
// is told to have had the peak of the one that started it.
//
//	go run ./bench/reports -offers 100000 -rounds 3
package main

import (
	"errors"
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
	book := flag.String("book", "", "only write this workbook, with one of -every offers failing")
	every := flag.Int("every", 0, "see -book; 0 = none fails")
	flag.Parse()
	log.SetFlags(0)
	if *book != "" {
		if err := writeBook(*book, *offers, *every); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := measure(*offers, *rounds, *most); err != nil {
		log.Fatal(err)
	}
}

// cost is what one process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // KiB
}

func measure(offers, rounds int, most float64) error {
	dir, err := os.MkdirTemp("", "reports")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := bench{dir: dir, binary: filepath.Join(dir, "offerlift")}
	if out, err := exec.Command("go", "build", "-o", b.binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %v\n%s", err, out)
	}
	fmt.Printf("%d offers, the best of %d rounds\n%-18s %8s %8s %6s %8s\n", offers, rounds, "", "wall", "cpu", "peak", "of check")
	for _, mix := range []struct {
		name  string
		every int
	}{{"none failed", 0}, {"one in 20 failed", 20}, {"all failed", 1}} {
		share, err := b.mix(mix.name, offers, mix.every, rounds)
		if err != nil {
			return err
		}
		if most > 0 && share > most {
			return fmt.Errorf("writing took %.2f of reading, at most %.2f is wanted", share, most)
		}
	}
	return nil
}

type bench struct{ dir, binary string }

// mix tells what share of reading's time writing takes where one of every offers
// failed.
func (b bench) mix(name string, offers, every, rounds int) (float64, error) {
	input := filepath.Join(b.dir, "big.xlsx")
	if out, err := exec.Command(os.Args[0], "-book", input, "-offers", strconv.Itoa(offers), "-every", strconv.Itoa(every)).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("writing %s: %v\n%s", input, err, out)
	}
	if _, err := b.run("import", input, "--sandbox", "--rate", "0", "--workers", "64", "--assume-new", "-q", "--yes", "--out", filepath.Join(b.dir, "first")); err != nil {
		return 0, err
	}
	defer os.RemoveAll(filepath.Join(b.dir, "state"))
	var read, write cost
	for range rounds {
		r, err := b.run("check", input)
		if err != nil {
			return 0, err
		}
		out := filepath.Join(b.dir, "again") // a new folder: taking older reports away is not what is measured
		w, err := b.run("report", "last", "--out", out)
		if err := errors.Join(err, os.RemoveAll(out)); err != nil {
			return 0, err
		}
		read, write = best(read, r), best(write, w)
	}
	share := write.wall.Seconds() / read.wall.Seconds()
	fmt.Println(name)
	fmt.Printf("  check            %6.2f s %6.2f s %3d MB\n", read.wall.Seconds(), read.cpu.Seconds(), read.peak/1024)
	fmt.Printf("  report           %6.2f s %6.2f s %3d MB %8.2f\n", write.wall.Seconds(), write.cpu.Seconds(), write.peak/1024, share)
	return share, nil
}

// best is the least time of each, and the highest peak.
func best(a, b cost) cost {
	if a.wall == 0 {
		return b
	}
	return cost{min(a.wall, b.wall), min(a.cpu, b.cpu), max(a.peak, b.peak)}
}

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
		c.peak, c.cpu = usage.Maxrss, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	}
	return c, nil
}

// writeBook writes the workbook; the status of one of every offers is misspelt.
func writeBook(name string, offers, every int) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "Offers"); err != nil {
		return err
	}
	if _, err := f.NewSheet("Payouts"); err != nil {
		return err
	}
	status := func(i int) string {
		if every > 0 && i%every == every-1 {
			return "stoped"
		}
		return "stopped"
	}
	err := writeSheet(f, "Offers", offers, []any{"external_offer_id", "title", "advertiser", "url", "url_preview", "status", "privacy"}, func(n string, i int) []any {
		return []any{"b-" + n, "Offer number " + n, "573c69a33b7d9b0e638b4576", "https://track.example.com/click?o=" + n + "&c={clickid}",
			"https://www.example.com/" + n, status(i), "protected"}
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
