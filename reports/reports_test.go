package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xuri/excelize/v2"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// run is a run's results for a test.
type run struct {
	results []importer.Result
	sum     importer.Summary
}

func (r run) whole() Run {
	return Run{Summary: func() (importer.Summary, error) { return r.sum, nil }, Results: func() iter.Seq2[importer.Result, error] {
		return func(yield func(importer.Result, error) bool) {
			for _, res := range r.results {
				if !yield(res, nil) {
					return
				}
			}
		}
	}}
}

func finished(minute int) *time.Time {
	t := time.Date(2026, 11, 23, 14, minute%60, 5, 0, time.UTC)
	return &t
}

// tablesOf reads a file as a run would.
func tablesOf(t *testing.T, paths ...string) []TableInfo {
	t.Helper()
	book, err := sheet.Open(paths, sheet.Options{Known: func(h string) bool {
		return h == "external_offer_id" || h == "title" || h == "offer" || h == "total" || h == "status" || h == "import status"
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var out []TableInfo
	for _, table := range book.Tables {
		out = append(out, TableInfoOf(table))
	}
	return out
}

// launch is a run of the workbooks in testdata: the offers in rows 6, 9, 12 and
// 15 failed, 10 is unknown.
func launch(file string) run {
	var r run
	for row := 4; row < 16; row++ {
		res := importer.Result{Key: fmt.Sprintf("k-%d", row), File: file, Sheet: "Offers", Row: row, Title: fmt.Sprintf("Offer %d", row),
			Action: importer.ActionCreate, Status: importer.StatusCreated, OfferID: int64(900 + row), Attempts: 1, FinishedAt: finished(row),
			Children: []importer.Ref{{File: file, Sheet: "Payouts", Row: 2*row - 5}, {File: file, Sheet: "Payouts", Row: 2*row - 6}}}
		if row%3 == 0 {
			res.Status, res.OfferID = importer.StatusFailed, 0
			res.Messages = append(res.Messages, sheet.Message{Level: sheet.LevelError, File: file, Sheet: "Offers", Cell: fmt.Sprintf("E%d", row),
				Column: "status", Code: "not_allowed", Text: "`actve` is not a status: active, stopped or suspended. Did you mean active?"})
		}
		if row == 6 {
			res.Messages = append(res.Messages, sheet.Message{Level: sheet.LevelError, File: file, Sheet: "Payouts", Cell: "D7", Column: "currency",
				Code: "not_allowed", Text: "`USDD` is no currency: three letters such as USD"})
		}
		if row == 10 {
			res.Status, res.OfferID = importer.StatusUnknown, 0
			res.Messages = append(res.Messages, sheet.Message{Level: sheet.LevelWarning, File: file, Sheet: "Offers", Cell: "10", Code: "lost_answer", Text: "look in the panel whether the offer is there"})
		}
		if row == 5 {
			res.Messages = append(res.Messages, sheet.Message{Level: sheet.LevelWarning, File: file, Sheet: "Offers", Cell: "B5", Column: "title", Code: "title_long", Text: "the title is long"})
		}
		r.results = append(r.results, res)
	}
	r.sum = importer.Summary{Run: "r-1", Input: []string{file}, Account: "sandbox", Mode: importer.ModeCreate, StartedAt: *finished(0), FinishedAt: finished(20),
		ExitCode: 1, Counts: map[importer.Status]int{importer.StatusCreated: 7, importer.StatusFailed: 4, importer.StatusUnknown: 1},
		Requests: importer.Requests{Sent: 9, Retried: 1}, Rate: importer.Rate{Limit: 5, Achieved: 4.8},
		Problems: []importer.Problem{{Code: "not_allowed", Level: sheet.LevelError, N: 5, Example: "`actve` is not a status"}, {Code: "lost_answer", Level: sheet.LevelWarning, N: 1, Example: "look in the panel"}}}
	return r
}

func panel(id int64) string { return fmt.Sprintf("https://panel.example.com/offers/%d?a=1&b=2", id) }

func options(dir string, tables []TableInfo) Options {
	return Options{Dir: dir, Tables: tables, PanelURL: panel, Now: func() time.Time { return *finished(30) }}
}

// write writes the reports of a run over the given files into a new folder.
func write(t *testing.T, r run, inputs ...string) (dir string, files []File) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	return dir, writeInto(t, dir, r, inputs...)
}

func writeInto(t *testing.T, dir string, r run, inputs ...string) []File {
	t.Helper()
	opts := options(dir, tablesOf(t, inputs...))
	opts.Inputs = inputs
	files, err := Write(context.Background(), r.whole(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func names(files []File) (out []string) {
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func TestFiles(t *testing.T) {
	dir, files := write(t, launch("openpyxl.xlsx"), "testdata/openpyxl.xlsx")
	want := []string{"results.xlsx", "failed.xlsx", "report.html", "results.jsonl", "summary.json"}
	if got := names(files); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v %v, want 0700", info.Mode(), err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != len(want) {
		t.Errorf("%d files in the folder, want %d: temporary ones must be gone", len(entries), len(want))
	}
	for _, f := range files {
		if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, want 0600", f.Name, err)
		}
	}
}

func TestLinesAndSummary(t *testing.T) {
	r := launch("openpyxl.xlsx")
	dir, _ := write(t, r, "testdata/openpyxl.xlsx")
	raw, err := os.ReadFile(filepath.Join(dir, "results.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != len(r.results) {
		t.Fatalf("%d lines, want %d", len(lines), len(r.results))
	}
	for i, line := range lines {
		var got importer.Result
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		want := r.results[i]
		if got.Key != want.Key || got.Status != want.Status || got.OfferID != want.OfferID || len(got.Messages) != len(want.Messages) {
			t.Errorf("line %d: %s", i+1, line)
		}
		if got.Messages == nil {
			t.Errorf("line %d: messages is null, want a list", i+1)
		}
	}
	raw, err = os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sum importer.Summary
	if err := json.Unmarshal(raw, &sum); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.sum, sum); diff != "" {
		t.Error(diff)
	}
}

// A failed.xlsx of yesterday must not be imported today, and an input never be
// written over.
func TestOlderReports(t *testing.T) {
	r := launch("openpyxl.xlsx")
	dir, _ := write(t, r, "testdata/openpyxl.xlsx")
	input := filepath.Join(dir, "failed.xlsx")
	before, err := os.ReadFile(input)
	if err != nil {
		t.Fatal(err)
	}
	again := run{sum: r.sum}
	for i, row := range []int{4, 5, 6, 7} {
		res := importer.Result{Key: fmt.Sprint("k-", row), File: "failed.xlsx", Sheet: "Offers", Row: row, Status: importer.StatusCreated, OfferID: int64(i + 1), Attempts: 1}
		if row == 7 {
			res.Status, res.OfferID = importer.StatusFailed, 0
		}
		again.results = append(again.results, res)
	}
	files := writeInto(t, dir, again, input)
	if after, _ := os.ReadFile(input); !bytes.Equal(before, after) {
		t.Error("the input was changed")
	}
	if !slices.Contains(names(files), "failed-2.xlsx") {
		t.Errorf("files %v, want failed-2.xlsx beside the input failed.xlsx", names(files))
	}
	for i := range again.results {
		again.results[i].Status = importer.StatusCreated
	}
	writeInto(t, dir, again, filepath.Join("testdata", "openpyxl.xlsx"))
	if _, err := os.Stat(input); !os.IsNotExist(err) {
		t.Errorf("failed.xlsx of an earlier run is still there: %v", err)
	}
}

// A workbook that is gone costs results.xlsx only.
func TestLostInput(t *testing.T) {
	in := filepath.Join(t.TempDir(), "openpyxl.xlsx")
	raw, err := os.ReadFile("testdata/openpyxl.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	tables := tablesOf(t, in)
	os.Remove(in)
	r, opts := launch("openpyxl.xlsx"), options(t.TempDir(), tables)
	opts.Inputs = []string{in}
	files, err := Write(context.Background(), r.whole(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"results.csv", "report.html", "results.jsonl", "summary.json"}; !slices.Equal(names(files), want) {
		t.Errorf("files %v, want %v", names(files), want)
	}
	text, _ := os.ReadFile(filepath.Join(opts.Dir, "results.csv"))
	if !strings.Contains(string(text), "k-6,Offers!6,Offer 6,failed,,\"error: E6 status: `actve` is not a status") {
		t.Errorf("results.csv: %s", text)
	}
}

// A workbook that has a password gets no copy without one, and nobody is told to
// open a file that is not there.
func TestLockedWorkbook(t *testing.T) {
	in := filepath.Join(t.TempDir(), "openpyxl.xlsx")
	f, err := excelize.OpenFile("testdata/openpyxl.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.SaveAs(in, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	opts := options(t.TempDir(), tablesOf(t, "testdata/openpyxl.xlsx"))
	opts.Inputs = []string{in}
	for i := range opts.Tables {
		opts.Tables[i].Path = in
	}
	files, err := Write(context.Background(), launch("openpyxl.xlsx").whole(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"results.csv", "report.html", "results.jsonl", "summary.json"}; !slices.Equal(names(files), want) {
		t.Errorf("files %v, want %v", names(files), want)
	}
	if !strings.Contains(files[0].What, "without your own columns: your workbook has a password") {
		t.Errorf("results.csv: %s", files[0].What)
	}
	if page := readFile(t, opts.Dir, "report.html"); strings.Contains(page, "failed.xlsx") || !strings.Contains(page, "Mend the cells that the messages name in your own file") {
		t.Error("the page tells to open a file of failed offers that is not there")
	}
}

// An error of the journal ends the writing, and nothing half is left behind.
func TestJournalError(t *testing.T) {
	dir := t.TempDir()
	broken := func() iter.Seq2[importer.Result, error] {
		return func(yield func(importer.Result, error) bool) {
			if yield(importer.Result{Key: "a"}, nil) {
				yield(importer.Result{}, errors.New("disk gone"))
			}
		}
	}
	if _, err := Write(context.Background(), Run{Results: broken}, options(dir, nil)); err == nil || !strings.Contains(err.Error(), "disk gone") {
		t.Errorf("error %v, want that of the journal", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}
