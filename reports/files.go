package reports

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// file writes a report under a temporary name, renames it and lists it.
func (w *writer) file(f File, write func(io.Writer) error) error {
	f = w.target(f)
	if err := w.place(f.Path, write); err != nil {
		return err
	}
	w.list(f)
	return nil
}

// target is where a report goes. It never takes the place of an input: it then
// gets another name.
func (w *writer) target(f File) File {
	for n := 2; ; n++ {
		f.Path = filepath.Join(w.opts.Dir, filepath.FromSlash(f.Name))
		if !w.isInput(f.Path) {
			return f
		}
		ext := filepath.Ext(f.Name)
		f.Name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(f.Name, ext), n, ext)
	}
}

// list lists a report in the place of one of its name.
func (w *writer) list(f File) {
	w.listing.Lock()
	defer w.listing.Unlock()
	w.files = slices.DeleteFunc(w.files, func(g File) bool { return g.Name == f.Name })
	w.files = append(w.files, f)
}

// listed tells whether a report of a name was written; the page may be listed at
// the same moment.
func (w *writer) listed(name string) bool {
	w.listing.Lock()
	defer w.listing.Unlock()
	return slices.ContainsFunc(w.files, func(f File) bool { return f.Name == name })
}

// isInput tells whether a path is a file of the input.
func (w *writer) isInput(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	same := func(name string) bool {
		other, err := os.Stat(name)
		return err == nil && os.SameFile(info, other)
	}
	return slices.ContainsFunc(w.opts.Inputs, same) ||
		slices.ContainsFunc(w.opts.Tables, func(t TableInfo) bool { return t.Path != "" && same(t.Path) })
}

// tell says what a file that was written is; folder puts one line in the place
// of its files.
func (w *writer) tell(name, what string) {
	w.listing.Lock()
	defer w.listing.Unlock()
	for i := range w.files {
		if w.files[i].Name == name {
			w.files[i].What = what
		}
	}
}

func (w *writer) folder(name, what string) {
	w.listing.Lock()
	defer w.listing.Unlock()
	w.files = slices.DeleteFunc(w.files, func(f File) bool { return strings.HasPrefix(f.Name, name) })
	w.files = append(w.files, File{Name: name, Path: filepath.Join(w.opts.Dir, name), What: what})
}

// place writes a file whole or not at all; its owner alone may read it.
func (w *writer) place(path string, write func(io.Writer) error) (err error) {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(w.scratch, "report-*") // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	buf := bufio.NewWriterSize(tmp, 1<<18)
	if err = write(buf); err != nil {
		return err
	}
	if err = errors.Join(buf.Flush(), tmp.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("cannot write %s (is it open in another program?): %w", path, err)
	}
	return nil
}

// removeOld takes older failed files away that this run has no content for: one
// of yesterday would be mended and imported today.
func (w *writer) removeOld() error {
	var errs []error
	for _, name := range []string{"failed.xlsx", "failed.xlsm", "failed.csv", "failed/"} {
		path := filepath.Join(w.opts.Dir, name)
		if w.listed(name) || w.isInput(path) {
			continue
		}
		var err error
		if strings.HasSuffix(name, "/") {
			err = w.removeFolder(path)
		} else if err = os.Remove(path); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("cannot remove an older report: %w", err))
		}
	}
	return errors.Join(errs...)
}

// removeFolder removes the CSV files of a folder, and the folder where nothing
// else is in it.
func (w *writer) removeFolder(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if filepath.Ext(name) != ".csv" || e.IsDir() || w.isInput(name) {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	_ = os.Remove(path) // fails where something else is in it
	return nil
}

// order lists first what a person opens.
func (w *writer) order() {
	rank := func(f File) int {
		switch {
		case f.Name == "results.jsonl":
			return 3
		case f.Name == "summary.json":
			return 4
		case f.Name == "report.html":
			return 2
		case strings.HasPrefix(f.Name, "failed"):
			return 1
		}
		return 0
	}
	slices.SortFunc(w.files, func(a, b File) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.Name, b.Name)) })
}
