package reports

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// source is a part of the input that gets reports of its own: a workbook, or all
// CSV files together.
type source struct {
	path   string // blank for the CSV files
	tables []*tableIndex
}

// sources are the parts of the input, in its order.
func (w *writer) sources() []source {
	var out []source
	for _, t := range w.idx.tables {
		path := w.pathOf(t)
		if t.Facts.Format != "xlsx" {
			path = ""
		}
		i := slices.IndexFunc(out, func(s source) bool { return s.path == path })
		if i < 0 {
			i = len(out)
			out = append(out, source{path: path})
		}
		out[i].tables = append(out[i].tables, t)
	}
	return slices.DeleteFunc(out, func(s source) bool {
		return !slices.ContainsFunc(s.tables, (*tableIndex).isOffers)
	})
}

// pathOf is the file to open for a table: where the table does not tell, the
// input of its name.
func (w *writer) pathOf(t *tableIndex) string {
	if t.Path != "" {
		return t.Path
	}
	for _, input := range w.opts.Inputs {
		if filepath.Base(input) == t.File {
			return input
		}
	}
	return t.File
}

// writeTables writes the results beside the input's own rows, and the failed
// rows alone.
func (w *writer) writeTables() error {
	sources := w.sources()
	if len(sources) == 0 {
		return errors.Join(w.plainResults("one row an offer"), w.removeOld())
	}
	var errs []error
	for _, s := range sources {
		err := w.writeSource(s, len(sources) > 1)
		var lost *inputError
		if errors.As(err, &lost) {
			err = w.plainResults("one row an offer, without your own columns: " + lost.Error())
		}
		errs = append(errs, err)
	}
	return errors.Join(append(errs, w.removeOld())...)
}

// writeSource writes the results and the failed rows of one part of the input.
// Of several, each workbook's have its name.
func (w *writer) writeSource(s source, several bool) error {
	if s.path == "" {
		return w.writeCSVs(s.tables)
	}
	end := workbookExt(s.path)
	if several {
		end = "-" + strings.TrimSuffix(filepath.Base(s.path), filepath.Ext(s.path)) + end
	}
	all := w.target(File{Name: "results" + end, What: "your workbook with what became of each offer; wrong cells are red"})
	results := func() error { return w.file(all, w.writeWorkbook(s.path, s.tables, false)) }
	if !slices.ContainsFunc(s.tables, (*tableIndex).hasFailedOffers) {
		return results()
	}
	part := File{Name: "failed" + end, What: "only the failed offers: mend the red cells and import this file"}
	failed := func() error { return w.file(part, w.writeWorkbook(s.path, s.tables, true)) }
	leaves := func(t *tableIndex) bool { return !t.staysWhole() }
	if slices.ContainsFunc(s.tables, func(t *tableIndex) bool { return t.isOffers() && leaves(t) }) {
		if w.isLocked(s.path) { // they are written one after the other
			return together(results, failed)
		}
		return inStep(s.tables, results, failed)
	}
	whole := false
	err := together(results, func() error { whole = !slices.ContainsFunc(s.tables, leaves); return nil })
	if err != nil || !whole || w.isLocked(s.path) {
		return errors.Join(err, failed())
	}
	return w.file(part, w.retellWorkbook(all.Path, s.tables))
}

// inStep writes the results and the failed rows at once; what the results are
// written into is read for both.
func inStep(tables []*tableIndex, results, failed func() error) error {
	var relays []*relay
	for _, t := range tables {
		if t.isOffers() || len(t.marks) > 0 {
			t.relay = newRelay()
			relays = append(relays, t.relay)
		}
	}
	return together(func() error {
		err := results()
		for _, r := range relays {
			r.w.CloseWithError(cmp.Or(err, errNotRelayed)) // where it was not closed before
		}
		return err
	}, func() error {
		err := failed()
		for _, r := range relays {
			r.r.Close()
		}
		return err
	})
}

// staysWhole tells whether a table is the same in the results and in the file of
// failed offers, since all its rows failed.
func (t *tableIndex) staysWhole() bool {
	found, err := t.survey(ofRows)
	last := (&renumber{header: t.HeaderRow, kept: t.failed}).last()
	return err == nil && found.steady && last == max(found.lastRow, t.HeaderRow) && (len(t.failed) == 0 || t.hasFailed(last))
}

// workbookExt is the ending that a report on a workbook needs: one with macros
// must not pass for one without.
func workbookExt(path string) string {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".xlsm", ".xltx", ".xltm":
		return ext
	}
	return ".xlsx"
}

// plainResults writes results.csv without the input's columns.
func (w *writer) plainResults(what string) error {
	return w.file(File{Name: "results.csv", What: what}, w.writePlain)
}
