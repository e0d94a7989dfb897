package sheet

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Open finds out what each path is by what is in it, not by its ending, and
// lists its tables: a workbook, a CSV file, a folder of CSV files or a zip of
// them. Every error is a [*FileError] that says what the file is instead and
// what to do. Where no table at all has a row, that is an error too.
func Open(paths []string, opts Options) (*Book, error) {
	o := opener{book: &Book{}, opts: opts, seen: map[string]bool{}}
	for _, path := range paths {
		o.named = path
		if err := o.add(path); err != nil {
			o.book.Close()
			return nil, err
		}
	}
	if err := o.checkRows(); err != nil {
		o.book.Close()
		return nil, err
	}
	return o.book, nil
}

// opener fills a book.
type opener struct {
	book  *Book
	opts  Options
	named string          // the path that was named last
	seen  map[string]bool // absolute paths of the files opened
	csv   []*csvTable
}

// add opens one path as the user named it.
func (o *opener) add(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return pathError(path, err)
	}
	if info.IsDir() {
		return o.addFolder(path)
	}
	table, err := o.addFile(path, info)
	if err == nil && table != nil {
		o.addCSV(table)
	}
	return err
}

func (o *opener) addCSV(t *csvTable) {
	if isAmong(o.opts.Ignored, t.table.Sheet) {
		o.book.ignored = append(o.book.ignored, t.table.Sheet)
		return
	}
	o.csv = append(o.csv, t)
	o.book.Tables = append(o.book.Tables, t.table)
}

// addFile opens a file by what its first bytes say. Where it is a CSV file its
// table is returned for the caller to add or to leave.
func (o *opener) addFile(path string, info fs.FileInfo) (*csvTable, error) {
	if !info.Mode().IsRegular() {
		return nil, &FileError{File: path, Code: "not_a_file", Text: "it is neither a file nor a folder: save the data to a file and name that"}
	}
	if abs, err := filepath.Abs(path); err == nil {
		if o.seen[abs] {
			return nil, &FileError{File: path, Code: "duplicate_file", Text: "the file is named twice: name it once"}
		}
		o.seen[abs] = true
	}
	from := origin{path: path, size: info.Size(), changed: info.ModTime()}
	f, err := from.open()
	if err != nil {
		return nil, err
	}
	start := make([]byte, 512)
	n, err := io.ReadFull(f, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		f.Close()
		return nil, pathError(path, err)
	}
	switch format, refusal := sniff(start[:n]); format {
	case formatZip:
		return nil, o.addZip(from, f)
	case formatOLE:
		defer f.Close()
		return nil, o.addOLE(from, f)
	case formatRefused:
		f.Close()
		refusal.File = from.name()
		return nil, refusal
	}
	f.Close()
	if looksJSON(start[:n]) {
		return nil, o.addJSON(from)
	}
	return o.openText(from)
}

// openText opens a file that is none of the known binary ones.
func (o *opener) openText(from origin) (*csvTable, error) {
	table, err := openCSV(csvSource{file: from.name(), sheet: sheetName(from.path), path: from.path, open: from.reader}, o.opts)
	if err != nil {
		return nil, err
	}
	if end := strings.ToLower(filepath.Ext(from.path)); slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}, end) {
		table.tell(Message{Level: LevelInfo, Code: "wrong_ending", Text: "the file is named " + end + " and holds CSV text: it was read as that"})
	}
	return table, nil
}

// addWorkbook adds the tables of a workbook.
func (o *opener) addWorkbook(from origin, r io.ReaderAt, size int64) error {
	book, err := openWorkbook(from.name(), r, size, o.opts)
	if err != nil {
		return err
	}
	for _, t := range book.Tables {
		t.Path = from.path
	}
	if end := strings.ToLower(filepath.Ext(from.path)); slices.Contains(textEndings(), end) {
		o.book.Notes = append(o.book.Notes, Message{Level: LevelInfo, File: from.name(), Code: "wrong_ending",
			Text: "the file is named " + end + " and holds a workbook: it was read as that"})
	}
	o.book.Tables = append(o.book.Tables, book.Tables...)
	o.book.Notes = append(o.book.Notes, book.Notes...)
	o.book.ignored = append(o.book.ignored, book.ignored...)
	o.book.closers = append(o.book.closers, book.closers...)
	return nil
}

// checkRows tells of CSV files without rows, and refuses a book of only such.
func (o *opener) checkRows() error {
	if err := o.checkAsked(); err != nil {
		return err
	}
	var empty []*csvTable
	for _, t := range o.csv {
		if t.rowless() {
			empty = append(empty, t)
		}
	}
	if len(o.book.Tables) == 0 && o.named != "" {
		return &FileError{File: o.named, Code: "no_rows", Text: "there is no sheet with rows in it: nothing to read"}
	}
	if len(empty) > 0 && len(empty) == len(o.book.Tables) {
		return &FileError{File: empty[0].table.File, Code: "no_rows",
			Text: fmt.Sprintf("there is no row below the column names in row %d: nothing to read", empty[0].table.HeaderRow)}
	}
	for _, t := range empty {
		t.tell(Message{Level: LevelWarning, Code: "no_rows", Text: "there is no row below the column names"})
	}
	return nil
}

// isAmong tells whether a sheet is one of those that were named.
func isAmong(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(name)) })
}

// checkAsked refuses a sheet that was asked for and is not there, or that is to be
// ignored and is not: a misspelt name must not leave half of the input unread.
func (o *opener) checkAsked() error {
	for _, name := range o.opts.Sheets {
		found := slices.ContainsFunc(o.book.Tables, func(t *Table) bool { return strings.EqualFold(t.Sheet, name) })
		if !found {
			return &FileError{File: o.named, Code: "no_sheet", Text: fmt.Sprintf("no sheet with rows in it is named `%s`: look at the names on the sheets' tabs", name)}
		}
	}
	for _, name := range o.opts.Ignored {
		if !isAmong(o.book.ignored, name) {
			return &FileError{File: o.named, Code: "no_sheet", Text: fmt.Sprintf("no sheet that could be ignored is named `%s`: look at the names on the sheets' tabs", name)}
		}
	}
	return nil
}

// addFolder opens the CSV files of a folder, in the order of their names.
func (o *opener) addFolder(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return pathError(path, err)
	}
	names := members{where: path, sheets: o.opts.Sheets}
	for _, entry := range entries {
		if !names.take(entry.Name(), entry.IsDir()) {
			continue
		}
		file := filepath.Join(path, entry.Name())
		info, err := os.Stat(file)
		if err != nil {
			return pathError(file, err)
		}
		table, err := o.addFile(file, info)
		if err != nil {
			return err
		}
		o.addMember(&names, entry.Name(), table)
	}
	return o.endMembers(&names, "folder")
}

// addMember adds the table of a folder's or a zip's file. A text of one column
// among tables is a note to people.
func (o *opener) addMember(names *members, name string, t *csvTable) {
	switch {
	case t != nil && t.dialect.delimiter == 0 && strings.EqualFold(filepath.Ext(name), ".txt"):
		names.skipped = append(names.skipped, name)
		return
	case t != nil:
		o.addCSV(t)
	}
	names.taken++
}

// endMembers tells which files were left out, and refuses where all were.
func (o *opener) endMembers(m *members, what string) error {
	if m.taken > 0 {
		o.tellSkipped(m, what)
		return nil
	}
	e := &FileError{File: m.where, Code: "no_csv", Text: fmt.Sprintf("the %s holds no CSV file: expected offers.csv and others in it", what)}
	switch {
	case len(m.others) > 0:
		e.Code, e.Text = "no_sheet", fmt.Sprintf("the %s has no file for the sheets asked for: it has %s", what, listed(m.others))
	case len(m.skipped) > 0:
		e.Text = fmt.Sprintf("the %s holds no CSV file, only %s: name a workbook itself, or save its sheets as CSV", what, listed(m.skipped))
	}
	return e
}

// tellSkipped tells which files were left out. A workbook may hold what is missed
// elsewhere.
func (o *opener) tellSkipped(m *members, what string) {
	for _, kind := range []struct {
		level Level
		files []string
		way   string
	}{
		{LevelWarning, slices.DeleteFunc(slices.Clone(m.skipped), func(name string) bool { return !namesWorkbook(name) }), "; name a workbook itself, or save its sheets as CSV"},
		{LevelInfo, slices.DeleteFunc(slices.Clone(m.skipped), namesWorkbook), ""},
	} {
		if len(kind.files) > 0 {
			o.book.Notes = append(o.book.Notes, Message{Level: kind.level, File: filepath.Base(m.where), Code: "files_skipped",
				Text: fmt.Sprintf("not read, since a %s is read for its CSV files only: %s%s", what, listed(kind.files), kind.way)})
		}
	}
}

func namesWorkbook(name string) bool {
	return slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}, strings.ToLower(filepath.Ext(name)))
}

// members sorts the files of a folder or zip.
type members struct {
	where   string
	sheets  []string // only these, if any
	taken   int
	skipped []string // are no CSV files
	others  []string // are not asked for
}

// take tells whether a file is to be read. Hidden files, the lock files of a
// spreadsheet and our own reports are passed over in silence.
func (m *members) take(name string, folder bool) bool {
	base := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	switch {
	case strings.HasPrefix(name, "__MACOSX/"), strings.HasPrefix(base, "."), strings.HasPrefix(base, "~$"), base == "":
		return false
	case base == "results.csv", strings.HasPrefix(base, "failed"), base == "results.jsonl", base == "summary.json":
		return false
	case folder, filepath.Ext(base) != ".json" && !slices.Contains(textEndings(), filepath.Ext(base)):
		m.skipped = append(m.skipped, name)
		return false
	}
	asked := len(m.sheets) == 0 || isAmong(m.sheets, sheetName(name))
	if !asked {
		m.others = append(m.others, sheetName(name))
	}
	return asked
}

func textEndings() []string { return []string{".csv", ".tsv", ".txt"} }

// listed joins the first names of a list.
func listed(names []string) string {
	if len(names) > 8 {
		return strings.Join(names[:8], ", ") + fmt.Sprintf(" and %d more", len(names)-8)
	}
	return strings.Join(names, ", ")
}

// origin is a file as it was when it was opened first.
type origin struct {
	path    string
	size    int64
	changed time.Time
}

func (o origin) name() string { return filepath.Base(o.path) }

// open opens the file again, unless it is no longer the same.
func (o origin) open() (*os.File, error) {
	f, err := os.Open(o.path)
	if err != nil {
		return nil, pathError(o.path, err)
	}
	if err := o.check(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (o origin) check(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return pathError(o.path, err)
	}
	if info.Size() != o.size || !info.ModTime().Equal(o.changed) {
		return &FileError{File: o.name(), Code: "changed", Text: "the file was changed while it was read: run the command again"}
	}
	return nil
}

// reader opens the file for one reading from its start.
func (o origin) reader() (io.ReadCloser, error) {
	f, err := o.open()
	if err != nil {
		return nil, err
	}
	return &originReader{Reader: f, file: f, origin: o}, nil
}

// originReader reads what stands in a file. Its end is the end only where the
// file has not changed meanwhile.
type originReader struct {
	io.Reader
	file   *os.File
	origin origin
}

func (r *originReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF {
		if changed := r.origin.check(r.file); changed != nil {
			err = changed
		}
	}
	return n, err
}

func (r *originReader) Close() error {
	if c, ok := r.Reader.(io.Closer); ok && c != io.Closer(r.file) {
		return errors.Join(c.Close(), r.file.Close())
	}
	return r.file.Close()
}

func pathError(path string, err error) *FileError {
	e := &FileError{File: path, Code: "unreadable", Text: "the file cannot be read: " + err.Error(), Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Code, e.Text = "not_found", "there is no such file or folder: check the name and the folder you are in"
	case errors.Is(err, fs.ErrPermission):
		e.Code, e.Text = "no_permission", "you are not allowed to read it: ask its owner, or copy it to a folder of yours"
	}
	return e
}
