package reports

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// The file of failed rows is the same whether it reads its sheets itself or gets
// its rows from the results.
func TestOnePassForBoth(t *testing.T) {
	cell := func(text string) string { return `<c t="inlineStr"><is><t>` + text + `</t></is></c>` }
	bare := rawWorkbook(t, transitional(), `<worksheet xmlns="`+transitional().main+`"><!-- rows without numbers --><sheetData><row ht="9">`+cell("external_offer_id")+cell("status")+
		"</row>\n<row>"+cell("k-2")+`</row><row ht="20" >`+cell("k-3")+`<c><f>1+1</f><v>2</v></c></row><row/><row r="7">`+cell("k-7")+`</row><row>`+cell("k-8")+`</row><row>`+cell("k-9")+
		`</row></sheetData><autoFilter ref="A1:B9"/></worksheet>`)
	few := run{}
	for _, row := range []int{2, 3, 7, 8, 9} {
		res := importer.Result{Key: fmt.Sprint("k-", row), Sheet: "Offers", Row: row, Status: importer.StatusCreated}
		if row%3 == 0 || row == 8 {
			res.Status = importer.StatusFailed
			res.Messages = []sheet.Message{{Level: sheet.LevelError, Cell: fmt.Sprint("B", row), Column: "status", Code: "bad", Text: "wrong"}}
		}
		few.results = append(few.results, res)
	}
	for _, c := range []struct {
		in string
		r  run
	}{{bare, few}, {"testdata/openpyxl.xlsx", launch("openpyxl.xlsx")}, {"testdata/libreoffice.xlsx", launch("libreoffice.xlsx")}} {
		dir, _ := write(t, c.r, c.in)
		want := failedAlone(t, c.r, c.in)
		if diff := cmp.Diff(want, partsOf(t, filepath.Join(dir, "failed.xlsx"))); diff != "" {
			t.Errorf("%s: %s", c.in, diff)
		}
	}
}

// failedAlone are the parts of the file of failed rows, written on its own.
func failedAlone(t *testing.T, r run, in string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	w := &writer{ctx: t.Context(), run: r.whole(), opts: options(dir, tablesOf(t, in)), scratch: dir}
	w.zone = w.opts.Now().Location()
	spool, err := newSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer spool.close()
	if w.pageRows, err = newRowFile(dir, w.stamps()); err != nil {
		t.Fatal(err)
	}
	defer w.pageRows.close()
	w.idx = newIndex(w.opts.Tables, spool)
	w.surveyAhead()
	defer w.ahead.Wait()
	alone := filepath.Join(dir, "alone.xlsx")
	if err := errors.Join(w.writeLines(io.Discard), w.place(alone, w.writeWorkbook(in, w.idx.tables, true))); err != nil {
		t.Fatal(err)
	}
	return partsOf(t, alone)
}

// Neither report waits for ever for the other where that one comes to nothing.
func TestRelayEnds(t *testing.T) {
	full := errors.New("disk full")
	much := strings.Repeat("<row/>", 1<<16)
	for name, c := range map[string]struct {
		results func(*relay) error
		failed  func(*relay) error
	}{
		"no results": {func(*relay) error { return full }, func(r *relay) error {
			_, err := io.ReadAll(r.r)
			return err
		}},
		"not for the results": {func(*relay) error { return nil }, func(r *relay) error {
			if _, err := io.ReadAll(r.r); !errors.Is(err, errNotRelayed) {
				return err
			}
			return full
		}},
		"no failed": {func(r *relay) error {
			b := newBehind(r.w, 2)
			io.WriteString(b, much)
			b.close()
			return nil
		}, func(*relay) error { return full }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				table := &tableIndex{offers: make([]entry, 1)}
				err := inStep([]*tableIndex{table}, func() error { return c.results(table.relay) }, func() error { return c.failed(table.relay) })
				if !errors.Is(err, full) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// Sheets that are handed on keep the input's order: a report that waits for the
// second of them while the other has the first to give would wait for ever.
func TestTurns(t *testing.T) {
	p := &pack{zip: &zip.Reader{}, parts: map[string]*zip.File{}, changed: map[string]func(io.Writer) error{}, dropped: map[string]bool{"e": true},
		late: map[string]bool{}, types: &contentTypes{}}
	for _, name := range []string{"A", "b", "c", "D", "e", "f"} {
		entry := &zip.File{FileHeader: zip.FileHeader{Name: name}}
		p.zip.File = append(p.zip.File, entry)
		p.parts[partKey(name)] = entry
	}
	nothing := func(io.Writer) error { return nil }
	p.setLast("b", "", nothing)
	p.setLate("d", "", nothing)
	p.setLate("a", "", nothing)
	if got := strings.Join(p.names(), " "); got != "c f A D b" {
		t.Errorf("written in the order %s", got)
	}
}
