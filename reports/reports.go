// Package reports writes what became of a run into files that people and
// scripts open: the results as JSON lines and CSV, the user's own workbook with
// the results in it, a file of the failed offers alone to mend and import
// again, and one HTML page.
//
// [Write] makes them all from a run's results, which it reads once, and its
// summary. A report is a pure function of these two and of the input files: it
// can be made again at any time. The input is never changed, each file is written under a temporary
// name and then renamed, and what a report costs in memory does not grow with
// the texts of the results: only a few numbers a row are held.
package reports

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"time"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// Run is what is reported.
type Run struct {
	// Results yields the run's results in input order, from the start each time
	// that it is called. After an error there are no more.
	Results func() iter.Seq2[importer.Result, error]
	// Summary is what they come to; it is asked for once they were read.
	Summary func() (importer.Summary, error)
}

// TableInfo says where a table that the run read stands and how it looked, so
// that the results can be written beside its rows.
type TableInfo struct {
	File      string      `json:"file"`       // as in sheet.Table: launch.xlsx, launch.zip/offers.csv
	Path      string      `json:"path"`       // the file to open; the zip where the table stands in one
	Sheet     string      `json:"sheet"`      // the sheet's name
	HeaderRow int         `json:"header_row"` // from 1
	Columns   []string    `json:"columns"`    // the header's texts from column A on, blank where there is none
	Facts     sheet.Facts `json:"facts"`
	Unread    bool        `json:"unread,omitempty"` // it was not known as one of ours
}

// TableInfoOf is what a table that was read tells of itself.
func TableInfoOf(t *sheet.Table) TableInfo {
	info := TableInfo{File: t.File, Path: t.Path, Sheet: t.Sheet, HeaderRow: t.HeaderRow, Facts: t.Facts}
	for _, c := range t.Header {
		info.Columns = append(info.Columns, c.Text)
	}
	return info
}

// Options say where the reports go and what they are made from.
type Options struct {
	Dir    string      // made where it is missing, for its owner alone
	Inputs []string    // the input as the user named it: files, folders, zips
	Tables []TableInfo // every table of the input

	// Resume is the command that goes on with the run where it has something
	// left; blank where none can.
	Resume string
	// Password tells the password of an encrypted workbook of the input, by its
	// path; the reports on it then have the same. Blank or nil: it is not known.
	Password func(path string) (string, error)
	// PanelURL is the address of an offer in the account's panel. Nil: no links.
	PanelURL func(offerID int64) string
	// Now tells the time at which the reports are made; its location is the one
	// in which they show times. Nil: time.Now.
	Now func() time.Time
}

// File is a report that was written.
type File struct {
	Name string // below Options.Dir, a folder with a slash at its end: results.xlsx, failed/
	Path string
	What string // in words for the user: "your workbook with the results in it"
}

// Write writes every report of a run into opts.Dir and returns them in the
// order in which a user should be told of them. An input that can no longer be
// read costs only the reports that are made from it: results.csv then lists the
// results without the input's own columns, and its What says why. Where Write
// fails it returns what it has written together with the error.
func Write(ctx context.Context, run Run, opts Options) ([]File, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder for the reports: %w", err)
	}
	scratch, err := newScratch(opts.Dir)
	if err != nil {
		return nil, err
	}
	defer scratch.close()
	w := &writer{ctx: ctx, run: run, opts: opts, zone: opts.Now().Location(), scratch: scratch.dir, vault: vault{password: opts.Password}}
	spool, err := newSpool(scratch.dir)
	if err != nil {
		return nil, err
	}
	defer spool.close()
	if w.pageRows, err = newRowFile(scratch.dir, w.stamps()); err != nil {
		return nil, err
	}
	defer w.pageRows.close()
	w.idx = newIndex(opts.Tables, spool)
	w.surveyAhead()
	defer w.ahead.Wait()
	err = w.all()
	return w.files, err
}

// writer is one call of Write.
type writer struct {
	ctx  context.Context
	run  Run
	sum  importer.Summary // once the results were read
	opts Options
	zone *time.Location
	idx  *index

	scratch  string // the folder for files that are not yet reports
	vault    vault
	pageRows *rowFile
	ahead    sync.WaitGroup // what is read before it is asked for

	listing sync.Mutex // guards files
	files   []File
}

// all writes the files. What reads the results comes first: the rest is made
// from the index that it leaves.
func (w *writer) all() error {
	lines := File{Name: "results.jsonl", What: "one line an offer, for scripts"}
	if err := w.file(lines, w.writeLines); err != nil {
		return err
	}
	if err := w.file(File{Name: "summary.json", What: "the run's counts, for scripts"}, w.writeSummary); err != nil {
		return err
	}
	err := together(w.writeTables, func() error {
		return w.file(File{Name: "report.html", What: "the run on one page: counts, timeline, problems, every offer"}, w.writePage)
	})
	w.order()
	return err
}

// together does several things at once and returns all that went wrong.
func together(do ...func() error) error {
	errs := make([]error, len(do))
	var wg sync.WaitGroup
	for i, f := range do {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
