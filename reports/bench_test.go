package reports

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// bigWorkbook writes a workbook of so many offers in 30 columns, each with a
// payout on a sheet of its own.
func bigWorkbook(tb testing.TB, name string, rows int) {
	tb.Helper()
	f := excelize.NewFile()
	defer f.Close()
	f.SetSheetName("Sheet1", "Offers")
	f.NewSheet("Payouts")
	offers, err := f.NewStreamWriter("Offers")
	if err != nil {
		tb.Fatal(err)
	}
	header := []any{"external_offer_id", "title", "status"}
	for i := len(header); i < 30; i++ {
		header = append(header, fmt.Sprintf("column_%d", i))
	}
	offers.SetRow("A1", header)
	for row := 2; row <= rows+1; row++ {
		cells := []any{fmt.Sprintf("k-%d", row), fmt.Sprintf("Offer number %d of the launch", row), "actve"}
		for i := len(cells); i < 30; i++ {
			if i%3 == 0 {
				cells = append(cells, row*i)
			} else {
				cells = append(cells, fmt.Sprintf("text %d of row %d", i, row))
			}
		}
		offers.SetRow("A"+strconv.Itoa(row), cells)
	}
	offers.Flush()
	payouts, err := f.NewStreamWriter("Payouts")
	if err != nil {
		tb.Fatal(err)
	}
	payouts.SetRow("A1", []any{"offer", "total", "revenue", "currency"})
	for row := 2; row <= rows+1; row++ {
		payouts.SetRow("A"+strconv.Itoa(row), []any{fmt.Sprintf("k-%d", row), 5.5, 4.4, "USD"})
	}
	payouts.Flush()
	if err := f.SaveAs(name); err != nil {
		tb.Fatal(err)
	}
}

// manyResults yields a result a row; every tenth failed.
func manyResults(rows int) func() iter.Seq2[importer.Result, error] {
	return func() iter.Seq2[importer.Result, error] {
		return func(yield func(importer.Result, error) bool) {
			start := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
			for row := 2; row <= rows+1; row++ {
				at := start.Add(time.Duration(row) * 20 * time.Millisecond)
				res := importer.Result{Key: fmt.Sprintf("k-%d", row), File: "big.xlsx", Sheet: "Offers", Row: row, Title: "Offer", Action: importer.ActionCreate,
					Status: importer.StatusCreated, OfferID: int64(row), Attempts: 1, FinishedAt: &at, Children: []importer.Ref{{File: "big.xlsx", Sheet: "Payouts", Row: row}}}
				if row%10 == 0 {
					res.Status, res.OfferID = importer.StatusFailed, 0
					res.Messages = []sheet.Message{{Level: sheet.LevelError, Sheet: "Offers", Cell: fmt.Sprintf("C%d", row), Column: "status", Code: "not_allowed",
						Text: fmt.Sprintf("`actve %d` is not a status: active, stopped or suspended", row)},
						{Level: sheet.LevelWarning, Sheet: "Payouts", Cell: fmt.Sprintf("C%d", row), Column: "revenue", Code: "payout_above", Text: "the affiliate gets more than the advertiser pays"}}
				}
				if !yield(res, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkWrite writes every report of 2,000 offers, or of as many as
// OFFERLIFT_BENCH_ROWS says, the workbook kept in OFFERLIFT_BENCH_FILE, and tells the peak of memory in use.
func BenchmarkWrite(b *testing.B) {
	rows := 2000
	if n, err := strconv.Atoi(os.Getenv("OFFERLIFT_BENCH_ROWS")); err == nil {
		rows = n
	}
	dir := b.TempDir()
	in := filepath.Join(dir, "big.xlsx")
	if kept := os.Getenv("OFFERLIFT_BENCH_FILE"); kept != "" { // so that making it counts for nothing
		in = kept
	}
	if _, err := os.Stat(in); err != nil {
		bigWorkbook(b, in, rows)
	}
	opts := options(filepath.Join(dir, "out"), []TableInfo{
		{File: "big.xlsx", Path: in, Sheet: "Offers", HeaderRow: 1, Columns: make([]string, 30), Facts: sheet.Facts{Format: "xlsx"}},
		{File: "big.xlsx", Path: in, Sheet: "Payouts", HeaderRow: 1, Columns: make([]string, 4), Facts: sheet.Facts{Format: "xlsx"}}})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			book, err := sheet.Open([]string{in}, sheet.Options{})
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for _, t := range book.Tables {
				for _, err := range t.Rows() {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			book.Close()
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "offers/s")
	})
	b.Run("write", func(b *testing.B) {
		peak := watchMemory(b)
		many := Run{Results: manyResults(rows), Summary: launch("big.xlsx").whole().Summary}
		for b.Loop() {
			if _, err := Write(context.Background(), many, opts); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "offers/s")
		b.ReportMetric(float64(peak())/1e6, "peak-MB")
	})
}

// watchMemory samples the heap; the function it returns ends that and tells the peak.
func watchMemory(b *testing.B) func() uint64 {
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(25 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); return <-peak }
}
