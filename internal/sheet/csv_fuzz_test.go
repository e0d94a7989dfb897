package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func addSeeds(f *testing.F, add func(data []byte)) {
	for _, c := range csvCases() {
		add([]byte(c.data))
	}
}

// FuzzCSV holds the parser to encoding/csv where that reads a text, and to
// itself: what it read is written and read again.
func FuzzCSV(f *testing.F) {
	addSeeds(f, func(data []byte) {
		f.Add(data, uint8(0), false)
		f.Add(data, uint8(1), true)
		f.Add(data, uint8(6), false)
	})
	f.Fuzz(func(t *testing.T, data []byte, kind uint8, cr bool) {
		d := dialect{delimiter: []byte{',', ';', '\t', '|', 0}[kind%5], quoting: quoting(kind/5) % 3, cr: cr}
		records, err := parseAll(data, d, csvBuffer)
		again, errAgain := parseAll(data, d, 3)
		if diff := cmp.Diff(records, again, cmp.AllowUnexported(csvRecord{})); diff != "" || (err == nil) != (errAgain == nil) {
			t.Fatalf("a small buffer makes a difference:\n%s\n%v, %v", diff, err, errAgain)
		}
		var told *FileError
		if err != nil && !errors.As(err, &told) {
			t.Fatalf("%v is no FileError", err)
		}
		for _, rec := range records {
			checkRewritten(t, rec)
		}
		if d == (dialect{delimiter: ','}) {
			checkAgainstStandard(t, data, records, err)
		}
	})
}

func parseAll(data []byte, d dialect, buffer int) ([]csvRecord, error) {
	p := newCSVParser(bytes.NewReader(data), "x.csv", d, csvLimits(Limits{}))
	p.buf = make([]byte, buffer)
	var records []csvRecord
	for {
		rec, err := p.next()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		records = append(records, rec)
	}
}

func checkRewritten(t *testing.T, rec csvRecord) {
	if len(rec.flaws) > 0 || len(rec.cells) == 0 {
		return
	}
	data := written(t, CSVStyle{Facts: Facts{Encoding: "utf-8"}}, texts(rec))
	again, err := parseAll([]byte(data), dialect{delimiter: ','}, csvBuffer)
	if err != nil || len(again) != 1 || !slices.Equal(texts(again[0]), texts(rec)) {
		if !strings.Contains(strings.Join(texts(rec), ""), "\r") { // CRs before an LF are one line break in a CR file alone
			t.Fatalf("%q was written as %q and read as %v, %v", texts(rec), data, again, err)
		}
	}
}

func texts(rec csvRecord) []string {
	list := make([]string, len(rec.cells))
	for i, c := range rec.cells {
		list[i] = c.Text
	}
	return list
}

// checkAgainstStandard leaves out what is read otherwise on purpose: CRCRLF and
// the DOS mark of the end.
func checkAgainstStandard(t *testing.T, data []byte, records []csvRecord, err error) {
	if bytes.Contains(data, []byte("\r\r")) || bytes.HasSuffix(data, []byte("\x1a")) {
		return
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	want, failed := r.ReadAll()
	if failed != nil {
		return
	}
	if err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	blank := func(r []string) bool { return len(r) == 0 || len(r) == 1 && r[0] == "" }
	var got [][]string
	for _, rec := range records {
		got = append(got, texts(rec))
	}
	got, want = slices.DeleteFunc(got, blank), slices.DeleteFunc(want, blank)
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Fatalf("%q:\ngot  %q\nwant %q", data, got, want)
	}
}

// FuzzDialect opens any bytes: it never fails but with a FileError, reads the
// same twice, keeps rows in order, and never writes U+FFFD for a lost character.
func FuzzDialect(f *testing.F) {
	addSeeds(f, func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := openCSV(memorySource(data), Options{Known: offerHeaders()})
		if err != nil {
			checkFileError(t, err)
			return
		}
		first, second := readRows(t, table), readRows(t, table)
		if !slices.Equal(first, second) {
			t.Fatalf("read %q, then %q", first, second)
		}
		genuine := bytes.Contains(data, []byte("\ufffd")) || strings.HasPrefix(table.table.Facts.Encoding, "utf-16")
		if !genuine && strings.Contains(strings.Join(first, ""), "\ufffd") {
			t.Fatalf("%s: characters were lost: %q", table.table.Facts.Encoding, first)
		}
	})
}

func checkFileError(t *testing.T, err error) {
	var e *FileError
	if !errors.As(err, &e) || e.Code == "" || e.Text == "" {
		t.Fatalf("%v is no full FileError", err)
	}
}

func readRows(t *testing.T, table *csvTable) []string {
	var list []string
	last := table.table.HeaderRow
	for row, err := range table.rows() {
		if err != nil {
			checkFileError(t, err)
			list = append(list, err.Error())
			continue
		}
		if row.Number <= last || row.Line < row.Number && table.dialect.sepLine {
			t.Fatalf("row %d on line %d after row %d", row.Number, row.Line, last)
		}
		last = row.Number
		list = append(list, rowText(row))
	}
	return list
}
