package reports

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// writeCSVs writes the results and the failed rows of CSV files: one file for
// one, a folder for several. The failed rows keep their cells as they are, a
// formula too: they are read again, and an apostrophe before it would be data.
func (w *writer) writeCSVs(tables []*tableIndex) error {
	offers := slices.DeleteFunc(slices.Clone(tables), func(t *tableIndex) bool { return !t.isOffers() })
	one := func(*tableIndex) string { return "results.csv" }
	if len(offers) > 1 {
		one = func(t *tableIndex) string { return "results/" + csvName(t) }
	}
	for _, t := range offers {
		if err := w.csvFile(one(t), t, csvResults); err != nil {
			return err
		}
	}
	if len(offers) > 1 {
		w.folder("results/", "your files with what became of each offer")
	} else {
		w.tell("results.csv", "your rows with what became of each offer")
	}
	if !slices.ContainsFunc(offers, (*tableIndex).hasFailedOffers) {
		return nil
	}
	return w.failedCSVs(tables)
}

// failedCSVs writes the failed rows under the names of their files.
func (w *writer) failedCSVs(tables []*tableIndex) error {
	if len(tables) == 1 {
		if err := w.csvFile("failed.csv", tables[0], csvFailed); err != nil {
			return err
		}
		w.tell("failed.csv", "only the failed offers: mend what the message column says and import this file")
		return nil
	}
	for _, t := range tables {
		if t.Unread {
			if err := w.copyUnread(t); err != nil {
				return err
			}
		}
		if len(t.failed) == 0 {
			continue
		}
		if err := w.csvFile("failed/"+csvName(t), t, csvFailed); err != nil {
			return err
		}
	}
	w.folder("failed/", "only the failed offers: mend what the message columns say and import this folder")
	return nil
}

// copyUnread copies a file that was not read as it is, since somebody may have to
// mend it: in a workbook of failed offers such a sheet stays, too. One that is
// gone is no loss to the others.
func (w *writer) copyUnread(t *tableIndex) error {
	in, err := w.openCSV(t)
	if err != nil {
		return nil
	}
	defer in.Close()
	name := "failed/" + csvName(t)
	if err := os.MkdirAll(filepath.Join(w.opts.Dir, "failed"), 0o700); err != nil {
		return fmt.Errorf("cannot make the folder for the reports: %w", err)
	}
	return w.file(File{Name: name}, func(out io.Writer) error {
		_, err := io.Copy(out, in)
		return err
	})
}

// openCSV opens the CSV file that a table was read from, which may stand in a zip.
func (w *writer) openCSV(t *tableIndex) (io.ReadCloser, error) {
	if t.Facts.Format != "csv" {
		return nil, errors.ErrUnsupported
	}
	in, err := os.Open(w.pathOf(t))
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(w.pathOf(t))
	if err != nil {
		return in, nil
	}
	in.Close()
	_, name, _ := strings.Cut(t.File, filepath.Base(w.pathOf(t))+"/")
	entry, err := archive.Open(name)
	if err != nil {
		archive.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{entry, archive}, nil
}

// csvName is the name of a table's file, without the zip that it stood in. A
// JSON file has several tables, so each gets a file of its own name.
func csvName(t *tableIndex) string {
	if t.Facts.Format == "json" {
		return path.Base(filepath.ToSlash(t.Sheet)) + ".csv"
	}
	return path.Base(filepath.ToSlash(t.File))
}

// csvFile writes one CSV file. Where the encoding of the input lacks a letter of
// a message, the file is written in UTF-8.
func (w *writer) csvFile(name string, t *tableIndex, write csvReport) error {
	full := filepath.Join(w.opts.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return fmt.Errorf("cannot make the folder for the reports: %w", err)
	}
	job := &csvJob{writer: w, table: t, name: name, times: w.stamps()}
	err := w.file(File{Name: name}, func(out io.Writer) error { return job.run(out, write) })
	var lost *letterError
	if errors.As(err, &lost) {
		job.style.UTF8 = true
		err = w.file(File{Name: name}, func(out io.Writer) error { return job.run(out, write) })
	}
	return err
}

// csvReport makes one record of the report out of a row of the input, nil for none.
type csvReport func(job *csvJob, row sheet.Row) ([]string, error)

// csvJob is one CSV file on its way into a report.
type csvJob struct {
	*writer
	table *tableIndex
	texts *texts
	name  string
	style sheet.CSVStyle
	cols  [4]int
	times stamps
	only  int // the message column where the report adds no other, -1 = it adds all
	width int
}

// letterError is a letter that the encoding of the input does not have.
type letterError struct{ err error }

func (e *letterError) Error() string { return e.err.Error() }

// run writes the report of one table.
func (j *csvJob) run(out io.Writer, report csvReport) error {
	book, table, err := j.reopen(0)
	if err != nil {
		return err
	}
	defer book.Close()
	failed := strings.HasPrefix(j.name, "failed")
	if j.texts = j.idx.texts(nil); failed {
		j.texts = j.idx.texts(j.idx.failedRow)
	}
	j.style.Facts = j.table.Facts
	j.style.Defuse = !failed
	if err := j.layOut(table, failed); err != nil {
		return err
	}
	csv, err := sheet.NewCSVWriter(out, j.style)
	if err != nil {
		return &inputError{err}
	}
	if failed {
		if err := j.above(csv); err != nil {
			return err
		}
	}
	if err := j.write(csv, j.header()); err != nil {
		return err
	}
	for row, err := range table.Rows() {
		if err != nil {
			return &inputError{err}
		}
		record, err := report(j, row)
		if err != nil {
			return err
		}
		if record != nil {
			if err := j.write(csv, record); err != nil {
				return err
			}
		}
	}
	return csv.Flush()
}

func (j *csvJob) write(csv *sheet.CSVWriter, record []string) error {
	if err := csv.Write(record); err != nil && !j.style.UTF8 && strings.Contains(err.Error(), "encoding") {
		return &letterError{err}
	} else if err != nil {
		return err
	}
	return nil
}

// reopen reads the table again. Its header is the row with the names that it
// had, or the one that is named.
func (j *csvJob) reopen(headerRow int) (*sheet.Book, *sheet.Table, error) {
	t := j.table
	names := map[string]bool{}
	for _, c := range t.Columns {
		names[c] = true
	}
	opts := sheet.Options{HeaderRow: headerRow, Known: func(h string) bool { return names[h] }}
	if !strings.Contains(t.File, "/") { // what is told of one file is told of all in its zip
		opts.Encoding = t.Facts.Encoding
		opts.Delimiter = delimiter(t.Facts.Delimiter)
	}
	book, err := sheet.Open([]string{j.pathOf(t)}, opts)
	if err != nil {
		return nil, nil, &inputError{err}
	}
	for _, table := range book.Tables {
		if table.File == t.File && table.Sheet == t.Sheet {
			return book, table, nil
		}
	}
	book.Close()
	return nil, nil, &inputError{fmt.Errorf("%s is no longer there", t.File)}
}

func delimiter(name string) rune {
	switch name {
	case "":
		return 0
	case "tab":
		return '\t'
	}
	return rune(name[0])
}

// layOut finds the places of the report's columns: those of an earlier report,
// or after the last cell of the widest row.
func (j *csvJob) layOut(table *sheet.Table, failed bool) error {
	j.only = -1
	j.width = len(j.table.Columns)
	for row, err := range table.Rows() {
		if err != nil {
			return &inputError{err}
		}
		j.width = max(j.width, len(row.Cells))
	}
	if failed && !j.table.isOffers() {
		j.only = j.width
		if n := len(j.table.Columns); n == j.width && strings.EqualFold(strings.TrimSpace(j.table.Columns[n-1]), sheet.ResultColumns()[2]) {
			j.only = n - 1
		}
		j.width = j.only + 1
		return nil
	}
	j.cols = oldColumns(j.table.Columns)
	for i := range j.cols {
		if j.cols[i] < 0 {
			j.cols[i] = j.width
			j.width++
		}
	}
	return nil
}

// above writes the rows above the header, so that the file reads as the input
// did, whatever was said on the command line.
func (j *csvJob) above(csv *sheet.CSVWriter) error {
	if j.table.HeaderRow <= 1 {
		return nil
	}
	var rows []sheet.Row
	for first := 1; first < j.table.HeaderRow && rows == nil; first++ {
		book, table, err := j.reopen(first)
		if err != nil {
			continue // a blank row is no header
		}
		rows = append(rows, sheet.Row{Number: first, Cells: table.Header})
		for row, err := range table.Rows() {
			if err != nil || row.Number >= j.table.HeaderRow {
				break
			}
			rows = append(rows, row)
		}
		book.Close()
	}
	next := 1
	for _, row := range rows {
		for ; next < row.Number; next++ {
			if err := j.write(csv, make([]string, 2)); err != nil {
				return err
			}
		}
		next++
		if err := j.write(csv, cellTexts(row)); err != nil {
			return err
		}
	}
	return nil
}

func cellTexts(row sheet.Row) []string {
	record := make([]string, max(len(row.Cells), 1))
	for i, c := range row.Cells {
		record[i] = c.Text
	}
	return record
}

// record is a row's cells with room for the report's.
func (j *csvJob) record(row sheet.Row) []string {
	record := make([]string, j.width)
	for i, c := range row.Cells {
		if i < j.width {
			record[i] = c.Text
		}
	}
	return record
}

func (j *csvJob) header() []string {
	record := make([]string, j.width)
	copy(record, j.table.Columns)
	if j.only >= 0 {
		record[j.only] = sheet.ResultColumns()[2]
		return record
	}
	for i, name := range sheet.ResultColumns() {
		record[j.cols[i]] = name
	}
	return record
}

// csvResults is every row with what became of its offer.
func csvResults(j *csvJob, row sheet.Row) ([]string, error) {
	record := j.record(row)
	for _, col := range j.cols {
		record[col] = ""
	}
	e, ok := j.table.offer(row.Number)
	if !ok {
		return record, nil
	}
	text, err := j.texts.get(e.text)
	if err != nil {
		return nil, err
	}
	number := row.Number
	if j.texts.move != nil {
		number, _ = j.texts.move(j.table, number)
	}
	for i, value := range []string{e.status.String(), idText(e.id), text.in(number), j.times.text(e.when)} {
		record[j.cols[i]] = value
	}
	return record, nil
}

// csvFailed is a row of a failed offer, nil for any other.
func csvFailed(j *csvJob, row sheet.Row) ([]string, error) {
	if !j.table.hasFailed(row.Number) {
		return nil, nil
	}
	if j.only < 0 {
		return csvResults(j, row)
	}
	record := j.record(row)
	var parts []string
	number, _ := j.idx.failedRow(j.table, row.Number)
	for _, m := range j.table.marksOf(row.Number) {
		text, err := j.texts.get(m.text)
		if err != nil {
			return nil, err
		}
		place := ""
		if m.col >= 0 {
			place = sheet.Address(int(m.col), number) + " "
		}
		parts = append(parts, place+text.in(number))
	}
	record[j.only] = strings.Join(parts, " | ")
	return record, nil
}

// writePlain lists the results without the input's columns: for an input that
// is no table, or that is gone.
func (w *writer) writePlain(out io.Writer) error {
	buf := bufio.NewWriter(out)
	csv, err := sheet.NewCSVWriter(buf, sheet.CSVStyle{Defuse: true})
	if err != nil {
		return err
	}
	if err := csv.Write([]string{"key", "row", "title", "import status", "offer id", "message", "when"}); err != nil {
		return err
	}
	times := w.stamps()
	for res, err := range w.run.Results() {
		if err != nil {
			return err
		}
		if err := csv.Write(plainRecord(&res, &times)); err != nil {
			return err
		}
	}
	return errors.Join(csv.Flush(), buf.Flush())
}

// plainRecord is a result without the input's columns.
func plainRecord(res *importer.Result, times *stamps) []string {
	place := strconv.Itoa(res.Row)
	if res.Sheet != "" {
		place = res.Sheet + "!" + place
	}
	when := ""
	if res.FinishedAt != nil {
		when = times.text(res.FinishedAt.Unix())
	}
	return []string{res.Key, place, res.Title, string(res.Status), idText(res.OfferID), newPhrase(string(appendMessages(nil, res)), nil).in(res.Row), when}
}

// idText is an offer's id, blank where it has none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
