//go:build unix

// Check measures how fast and in how much memory `offerlift check` reads,
// joins and validates: 100,000 offers flat in one file, and 100,000 offers with
// 600,000 rows of payouts, caps and targeting beside them, from CSV and from
// XLSX. Beside it stand encoding/csv, excelize's Rows and Python (csv, openpyxl
// read only) over the same files, which only read. Each runs as a process of
// its own, so that its peak memory can be told.
//
//	go run ./bench/check -offers 100000 -rounds 3 -children -million
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	offers := flag.Int("offers", 100_000, "how many offers")
	rounds := flag.Int("rounds", 1, "how often each is run; the best counts")
	children := flag.Bool("children", false, "also with six child rows an offer")
	million := flag.Bool("million", false, "also a million offers from a flat CSV file")
	write := flag.String("write", "", "only write the files to measure into this folder, and end")
	read := flag.String("read", "", "only read this file or folder with Go's own means, print how many rows it has, and end")
	flag.Parse()
	log.SetFlags(0)
	if *read != "" {
		rows, err := readBare(*read)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(rows)
		return
	}
	if *write != "" {
		if err := writeData(*write, *offers, *children); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := compare(*offers, *rounds, *children, *million); err != nil {
		log.Fatal(err)
	}
}

// bench is where everything is.
type bench struct {
	dir, binary, self string
	rounds            int
}

func compare(offers, rounds int, children, million bool) error {
	dir, err := os.MkdirTemp("", "check")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := bench{dir: dir, binary: filepath.Join(dir, "offerlift"), rounds: rounds}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if out, err := exec.Command("go", "build", "-o", b.binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %v\n%s", err, out)
	}
	fmt.Printf("%-34s %10s %12s %8s\n", "", "rows/s", "rows/CPU s", "peak MB")
	if err := b.flat(offers); err != nil {
		return err
	}
	if children {
		err = b.joined(offers)
	}
	if million && err == nil {
		err = b.million()
	}
	return err
}

// write makes the files in a process of its own: the peak memory of a process
// counts that of the one that started it.
func (b bench) write(offers int, children bool) (dir string, err error) {
	dir = filepath.Join(b.dir, fmt.Sprint(offers, children))
	out, err := exec.Command(b.self, "-write", dir, "-offers", fmt.Sprint(offers), fmt.Sprintf("-children=%t", children)).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("writing the files: %v\n%s", err, out)
	}
	return dir, nil
}

// flat measures offers that stand in one table.
func (b bench) flat(offers int) error {
	dir, err := b.write(offers, false)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%d offers flat, ", offers)
	csvFile, xlsxFile := filepath.Join(dir, "Offers.csv"), dir+".xlsx"
	return errors.Join(
		b.run(name+"CSV", offers, b.binary, "check", csvFile),
		b.run("  only read by encoding/csv", offers, b.self, "-read", csvFile),
		b.python("  only read by Python's csv", offers, pythonCSV, csvFile),
		b.run(name+"XLSX", offers, b.binary, "check", xlsxFile),
		b.run("  only read by excelize's Rows", offers, b.self, "-read", xlsxFile),
		b.python("  only read by openpyxl", offers, pythonXLSX, xlsxFile))
}

// million measures what does not fit into memory as it is.
func (b bench) million() error {
	dir, err := b.write(1_000_000, false)
	if err != nil {
		return err
	}
	return b.run("1000000 offers flat, CSV", 1_000_000, b.binary, "check", filepath.Join(dir, "Offers.csv"))
}

// joined measures offers with six child rows each in tables beside them.
func (b bench) joined(offers int) error {
	folder, err := b.write(offers, true)
	if err != nil {
		return err
	}
	rows, file := 7*offers, folder+".xlsx"
	name := fmt.Sprintf("%d rows joined, ", rows)
	return errors.Join(
		b.run(name+"CSV", rows, b.binary, "check", folder),
		b.run("  only read by encoding/csv", rows, b.self, "-read", folder),
		b.run(name+"XLSX", rows, b.binary, "check", file),
		b.run("  only read by excelize's Rows", rows, b.self, "-read", file))
}

func (b bench) python(name string, rows int, program, file string) error {
	python, err := exec.LookPath("/usr/bin/python3")
	if err == nil {
		err = exec.Command(python, "-c", "import openpyxl").Run()
	}
	if err != nil {
		fmt.Printf("%-34s is not installed\n", name)
		return nil
	}
	return b.run(name, rows, python, "-c", program, file)
}

const (
	pythonCSV  = "import csv, sys\nprint(sum(1 for row in csv.reader(open(sys.argv[1], newline='', encoding='utf-8'))))"
	pythonXLSX = "import openpyxl, sys\nbook = openpyxl.load_workbook(sys.argv[1], read_only=True)\n" +
		"print(sum(1 for sheet in book for row in sheet.iter_rows(values_only=True)))"
)

// run runs a command some times and prints its best.
func (b bench) run(name string, rows int, command string, args ...string) error {
	var took []usage
	for range b.rounds {
		u, err := measure(command, args...)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took = append(took, u)
	}
	best := slices.MinFunc(took, func(x, y usage) int { return int(x.wall - y.wall) })
	fmt.Printf("%-34s %10.0f %12.0f %8.0f\n", name, float64(rows)/best.wall.Seconds(), float64(rows)/best.cpu.Seconds(), float64(best.peak)/1024)
	return nil
}

// usage is what one process took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // KiB
}

func measure(command string, args ...string) (usage, error) {
	cmd := exec.Command(command, args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		return usage{}, fmt.Errorf("%s: %v\n%s", filepath.Base(command), err, out[:min(len(out), 2000)])
	}
	system := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return usage{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), system.Maxrss}, nil
}
