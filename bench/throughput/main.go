// Throughput measures the main job end to end: 10,000 offers, each with three
// payouts, two caps and a target group, from CSV files to a loopback server
// without latency, with 64 workers and no rate limit; beside it a bare loop
// that joins and posts the same data without checks or a journal. Each runs as
// a process of its own, in turns, so that its peak memory can be told and the
// machine's noise meets both.
//
//	go run ./bench/throughput -offers 10000 -rounds 3
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	offers := flag.Int("offers", 10000, "how many offers")
	rounds := flag.Int("rounds", 3, "how often each is run")
	workers := flag.Int("workers", 64, "concurrent requests")
	bare := flag.String("bare", "", "post this folder to -to with the bare loop, and end")
	to := flag.String("to", "", "the address that the bare loop posts to")
	flag.Parse()
	log.SetFlags(0)
	if *bare != "" {
		if err := postBare(*bare, *to, *workers); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := compare(*offers, *rounds, *workers); err != nil {
		log.Fatal(err)
	}
}

// run is what one process took.
type run struct {
	wall time.Duration
	cpu  time.Duration
	peak int64 // KiB
}

func compare(offers, rounds, workers int) error {
	dir, err := os.MkdirTemp("", "throughput")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, "offers")
	if err := writeData(data, offers); err != nil {
		return err
	}
	binary := filepath.Join(dir, "offerlift.exe") // Windows asks for the ending, others do not mind
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %v\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var ours, bares []run
	for round := range rounds {
		r, err := measure(offers, func(url string) *exec.Cmd {
			cmd := exec.Command(binary, "import", data, "--base-url", url, "--rate", "0", "--workers", fmt.Sprint(workers),
				"--journal", filepath.Join(dir, fmt.Sprint("journal", round, ".db")), "--out", filepath.Join(dir, "out"), "--yes", "--quiet")
			cmd.Env = append(os.Environ(), "AFFISE_API_KEY=benchmark")
			return cmd
		})
		if err != nil {
			return err
		}
		ours = append(ours, r)
		r, err = measure(offers, func(url string) *exec.Cmd {
			return exec.Command(self, "-bare", data, "-to", url, "-workers", fmt.Sprint(workers))
		})
		if err != nil {
			return err
		}
		bares = append(bares, r)
	}
	a, b := best(ours), best(bares)
	fmt.Printf("%-10s %12s %10s %10s\n", "", "offers/s", "CPU s", "peak MB")
	tell("offerlift", offers, a)
	tell("bare loop", offers, b)
	fmt.Printf("offerlift does %.2f of the bare loop\n", b.wall.Seconds()/a.wall.Seconds())
	return nil
}

func tell(name string, offers int, r run) {
	fmt.Printf("%-10s %12.0f %10.2f %10.0f\n", name, float64(offers)/r.wall.Seconds(), r.cpu.Seconds(), float64(r.peak)/1024)
}

// best is the round that the machine's other work disturbed least.
func best(runs []run) run {
	return slices.MinFunc(runs, func(a, b run) int { return int(a.wall - b.wall) })
}

// measure runs a command against a server of its own and checks that every
// offer arrived, once.
func measure(offers int, command func(url string) *exec.Cmd) (run, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return run{}, err
	}
	server := newServer()
	web := &http.Server{Handler: server}
	go web.Serve(listener)
	defer web.Shutdown(context.Background())
	cmd := command("http://" + listener.Addr().String())
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		return run{}, fmt.Errorf("%s: %v\n%s", filepath.Base(cmd.Path), err, out)
	}
	if got := server.created.Load(); got != int64(offers) {
		return run{}, fmt.Errorf("%s: %d offers arrived, %d were sent\n%s", filepath.Base(cmd.Path), got, offers, out)
	}
	return run{wall: took, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak: peak(cmd.ProcessState)}, nil
}
