package reports

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// csvRun has one offer that was created and one that failed.
func csvRun(file, sheetName string, created, failed int) run {
	return run{results: []importer.Result{
		{Key: "a", File: file, Sheet: sheetName, Row: created, Status: importer.StatusCreated, OfferID: 7, FinishedAt: finished(1)},
		{Key: "b", File: file, Sheet: sheetName, Row: failed, Status: importer.StatusFailed, FinishedAt: finished(2),
			Messages: []sheet.Message{{Level: sheet.LevelError, File: file, Sheet: sheetName, Cell: sheet.Address(1, failed), Column: "title", Code: "required", Text: "the title is missing"}}}}}
}

// One file keeps its encoding, delimiter and line ends. What a spreadsheet would
// run is defused in the results, and not in what is imported again.
func TestOneCSV(t *testing.T) {
	for name, test := range map[string]struct {
		encoding encoding.Encoding
		end      string
	}{
		"windows-1251": {charmap.Windows1251, "\r\n"},
		"utf-16le":     {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "\r\n"},
		"utf-16be":     {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "\n"},
	} {
		t.Run(name, func(t *testing.T) { testOneCSV(t, test.encoding, test.end) })
	}
}

func testOneCSV(t *testing.T, enc encoding.Encoding, end string) {
	lines := func(text string) string { return strings.ReplaceAll(text, "\n", end) }
	text := lines("external_offer_id;title;note Заметка о предложении\na;Привет;=1+1\n\nb;;@b\n")
	encoded, err := enc.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(writeFiles(t, map[string]string{"launch.csv": encoded}), "launch.csv")
	dir, files := write(t, csvRun("launch.csv", "launch", 2, 4), in)
	if want := []string{"results.csv", "failed.csv", "report.html", "results.jsonl", "summary.json"}; !slices.Equal(names(files), want) {
		t.Fatalf("files %v, want %v", names(files), want)
	}
	head := "external_offer_id;title;note Заметка о предложении;import status;offer id;message;when\n"
	for name, want := range map[string]string{
		"results.csv": head + "a;Привет;'=1+1;created;7;;2026-11-23 14:01:05\n" + "b;;'@b;failed;;error: B4 title: the title is missing;2026-11-23 14:02:05\n",
		"failed.csv":  head + "b;;@b;failed;;error: B2 title: the title is missing;2026-11-23 14:02:05\n",
	} {
		want, err := enc.NewEncoder().String(lines(want))
		if err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, dir, name); got != want {
			t.Errorf("%s\n%q\nwant\n%q", name, got, want)
		}
	}
	again, _ := write(t, csvRun("failed.csv", "failed", 9, 2), filepath.Join(dir, "failed.csv"))
	got, err := enc.NewDecoder().String(readFile(t, again, "results.csv"))
	if err != nil || strings.Count(got, "import status") != 1 {
		t.Errorf("a report on a report has its columns twice: %q %v", got, err)
	}
}

// A message with a letter that the encoding has not turns the file to UTF-8.
func TestCSVLetters(t *testing.T) {
	encoded, _ := charmap.Windows1251.NewEncoder().String("external_offer_id,title\nb,Привет как дела\n")
	in := filepath.Join(writeFiles(t, map[string]string{"launch.csv": encoded}), "launch.csv")
	r := csvRun("launch.csv", "launch", 9, 2)
	r.results[1].Messages[0].Text = "日本 is no title"
	dir, _ := write(t, r, in)
	if got := readFile(t, dir, "failed.csv"); !strings.Contains(got, "日本 is no title") || !strings.Contains(got, "Привет") {
		t.Errorf("failed.csv %q", got)
	}
}

// A file that was not read is copied out of a zip too, byte for byte.
func TestUnreadFileOfAZip(t *testing.T) {
	const notes = "\xef\xbb\xbfwho;what\r\n\r\nAnna;\"asked\ntwice\""
	in := filepath.Join(t.TempDir(), "launch.zip")
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, f := range [][2]string{{"may/offers.csv", "external_offer_id,title\na,A\nb,\n"}, {"may/notes.csv", notes}} {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), os.WriteFile(in, packed.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	opts := options(filepath.Join(t.TempDir(), "out"), tablesOf(t, in))
	for i, table := range opts.Tables {
		opts.Tables[i].Unread = strings.HasSuffix(table.File, "notes.csv")
	}
	r := csvRun("launch.zip/may/offers.csv", opts.Tables[0].Sheet, 2, 3)
	if _, err := Write(t.Context(), r.whole(), opts); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, opts.Dir, "failed", "notes.csv"); got != notes {
		t.Errorf("notes.csv is %q", got)
	}
}

// A folder becomes a folder: the failed offers with their child rows, under the
// names of their files.
func TestCSVFolder(t *testing.T) {
	in := writeFiles(t, map[string]string{
		"offers.csv":  "Launch of March,\n\nexternal_offer_id,title\na,A\nb,\n",
		"payouts.csv": "offer\ttotal\na\t1\nb\tx\nb\t3\n",
	})
	r := csvRun("offers.csv", "offers", 4, 5)
	r.results[1].Children = []importer.Ref{{File: "payouts.csv", Sheet: "payouts", Row: 3}, {File: "payouts.csv", Sheet: "payouts", Row: 4}}
	r.results[1].Messages = append(r.results[1].Messages, sheet.Message{Level: sheet.LevelError, File: "payouts.csv", Sheet: "payouts", Cell: "B3", Code: "not_a_number", Text: "x is no amount"})
	dir, files := write(t, r, in)
	if want := []string{"results.csv", "failed/", "report.html", "results.jsonl", "summary.json"}; !slices.Equal(names(files), want) {
		t.Fatalf("files %v, want %v", names(files), want)
	}
	if got, want := readFile(t, dir, "failed", "payouts.csv"), "offer\ttotal\tmessage\nb\tx\tB2 error: x is no amount\nb\t3\t\n"; got != want {
		t.Errorf("payouts %q, want %q", got, want)
	}
	got := readFile(t, dir, "failed", "offers.csv")
	if !strings.HasPrefix(got, "Launch of March,") || !strings.Contains(got, "\nb,,failed,,error: B4 title: the title is missing | error: payouts!B2: x is no amount,") {
		t.Errorf("offers %q", got)
	}
	for _, table := range readTables(t, filepath.Join(dir, "failed")) {
		n := 0
		for row, err := range table.Rows() {
			if err != nil || row.Cell(0).Text != "b" {
				t.Errorf("%s: %v %v", table.File, row.Cells, err)
			}
			n++
		}
		if want := map[string]int{"offers": 1, "payouts": 2}[table.Sheet]; n != want {
			t.Errorf("%s: %d rows, want %d", table.File, n, want)
		}
	}
}
