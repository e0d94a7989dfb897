package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
)

// benchmarkCSV is a file of 30 columns, the eighth of them as given.
func benchmarkCSV(rows int, eighth string) []byte {
	var b bytes.Buffer
	for row := range rows + 1 {
		for col := range 30 {
			end := []string{",", "\n"}[col/29]
			switch {
			case row == 0:
				fmt.Fprintf(&b, "column_%d%s", col, end)
			case col == 7:
				b.WriteString(eighth + end)
			default:
				fmt.Fprintf(&b, "value %d of %d%s", col, row, end)
			}
		}
	}
	return b.Bytes()
}

// BenchmarkCSV reads 20,000 rows of 30 columns, by this package with all its
// checks and by encoding/csv with none.
func BenchmarkCSV(b *testing.B) {
	const rows = 20_000
	for _, c := range []struct{ name, eighth string }{{"plain", "https://a.example/"}, {"quoted", `"US, GB and ""others"""`}} {
		data := benchmarkCSV(rows, c.eighth)
		b.Run("ours/"+c.name, func(b *testing.B) { benchmarkOurs(b, data, rows) })
		b.Run("encoding_csv/"+c.name, func(b *testing.B) { benchmarkStandard(b, data, rows) })
	}
}

func benchmarkOurs(b *testing.B, data []byte, rows int) {
	table, err := openCSV(memorySource(data), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range table.rows() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchmarkStandard(b *testing.B, data []byte, rows int) {
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(data))
		n := -1
		for {
			_, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
