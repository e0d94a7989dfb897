package sheet

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"iter"
	"strings"
)

// What Excel can hold.
const (
	excelRows    = 1 << 20
	excelColumns = 1 << 14
)

// workbook is an open workbook: what its sheets have in common.
type workbook struct {
	file     string // base name, for messages
	zip      *archive
	limits   Limits
	date1904 bool
	sheets   []sheetEntry
	styles   styles
	strings  *sharedStrings
}

// sheetEntry is what the workbook says of a sheet.
type sheetEntry struct {
	name   string
	hidden bool
	part   string // blank for charts, dialogs and macros
}

// openWorkbook lists the sheets of a workbook in a zip. name is the file's base
// name, for messages; the tables' Path is the caller's to fill. The tables read
// from r for as long as they are used.
//
// Each sheet that is wanted is passed over once, unparsed, for its merged cells,
// which stand behind its rows; then as many rows are read as its header takes.
func openWorkbook(name string, r io.ReaderAt, size int64, opts Options) (*Book, error) {
	limits := workbookLimits(opts.Limits)
	zipped, err := openArchive(name, r, size, limits)
	if err != nil {
		return nil, err
	}
	wb := &workbook{file: name, zip: zipped, limits: limits}
	if err := wb.load(); err != nil {
		return nil, err
	}
	book := &Book{}
	for _, entry := range wb.sheets {
		if err := wb.addSheet(book, entry, opts); err != nil {
			return nil, err
		}
	}
	if len(book.Tables) == 0 && len(opts.Sheets) == 0 {
		return nil, &FileError{File: name, Code: "no_rows",
			Text: "it has no rows to read: every sheet is empty or hidden; put the column names into the first row and the offers below"}
	}
	return book, nil
}

// workbookLimits fills in the defaults.
func workbookLimits(l Limits) Limits {
	l.Unpacked = cmp.Or(l.Unpacked, 4<<30)
	l.Ratio = cmp.Or(l.Ratio, 200)
	l.Rows = cmp.Or(l.Rows, excelRows)
	l.Columns = cmp.Or(l.Columns, 2048)
	l.CellLength = cmp.Or(l.CellLength, 1<<20)
	l.Strings = cmp.Or(l.Strings, 512<<20)
	return l
}

// addSheet adds a sheet's table to the book, or says why not.
func (wb *workbook) addSheet(book *Book, entry sheetEntry, opts Options) error {
	asked := isAmong(opts.Sheets, entry.name)
	switch {
	case entry.part == "" || len(opts.Sheets) > 0 && !asked:
		return nil
	case isAmong(opts.Ignored, entry.name):
		book.ignored = append(book.ignored, entry.name)
		return nil
	case entry.hidden && !asked:
		book.Notes = append(book.Notes, wb.hiddenNote(entry, opts))
		return nil
	}
	table, err := wb.openSheet(entry, opts)
	if err != nil {
		return err
	}
	if table == nil {
		book.Notes = append(book.Notes, wb.note(entry.name, "empty_sheet",
			fmt.Sprintf("the sheet %s is empty", entry.name)))
		return nil
	}
	book.Tables = append(book.Tables, table)
	if table.links != nil {
		book.closers = append(book.closers, table.links.spool.close)
	}
	return nil
}

// hiddenNote tells of a sheet that is hidden, with the names of its columns.
func (wb *workbook) hiddenNote(entry sheetEntry, opts Options) Message {
	var names []string
	if table, err := wb.openSheet(entry, opts); err == nil && table != nil { // what is wrong with it does not matter
		for _, c := range table.Header {
			if name := headerName(c); name != "" {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return wb.note(entry.name, "hidden_sheet", fmt.Sprintf("the sheet %s is hidden and was not read", entry.name))
	}
	note := wb.note(entry.name, "hidden_sheet", fmt.Sprintf("the sheet %s (%s) is hidden and was not read: "+
		"show it if it is meant, or ask for it with --sheet", entry.name, listed(names)))
	note.Level = LevelWarning
	return note
}

func (wb *workbook) note(sheet, code, text string) Message {
	return Message{Level: LevelInfo, File: wb.file, Sheet: sheet, Code: code, Text: text}
}

// openSheet makes the table of a sheet; nil where it has no rows.
func (wb *workbook) openSheet(entry sheetEntry, opts Options) (*Table, error) {
	s := &sheetPart{wb: wb, name: entry.name, part: entry.part}
	if err := s.look(); err != nil {
		return nil, err
	}
	var seen sheetNotes
	first, err := firstRows(s.rows(&seen, false), opts)
	if err != nil {
		return nil, err
	}
	found := findHeader(first, opts)
	if found.Index < 0 {
		if len(first) == 0 && opts.HeaderRow == 0 {
			return nil, nil
		}
		return nil, noHeader(wb.file, entry.name, opts)
	}
	s.table = &Table{File: wb.file, Sheet: entry.name, Header: found.Cells, HeaderRow: first[found.Index].Number, Banner: found.Banner,
		Facts: Facts{Format: "xlsx", Date1904: wb.date1904}}
	for _, note := range found.Notes {
		note.File, note.Sheet = wb.file, entry.name
		s.found = append(s.found, note)
	}
	s.known = opts.Known
	s.hidden = map[int]string{}
	for at, text := range seen.hiddenTexts {
		if at[1] == s.table.HeaderRow {
			s.hidden[at[0]] = text
		}
	}
	s.table.Notes = s.notes(&seen)
	s.table.links = s.links()
	s.table.rows = func() iter.Seq2[Row, error] { return s.data(false) }
	s.table.scan = func() iter.Seq2[Row, error] { return s.data(true) }
	return s.table, nil
}

// data streams the rows below the header, up to a further table. When they have
// all been read, the table's notes and Below are complete.
func (s *sheetPart) data(reuse bool) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var seen sheetNotes
		second := secondTable{header: s.table.Header, known: s.known, last: s.table.HeaderRow}
		seen.left = second.left
		for row, err := range s.rows(&seen, reuse) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if row.Number <= s.table.HeaderRow {
				continue
			}
			if second.has(row) {
				continue
			}
			if second.repeated(row.Cells) {
				seen.repeated.addRow(row.Number)
				continue
			}
			if !yield(row, nil) {
				return
			}
		}
		s.table.Notes = s.notes(&seen)
		s.table.Below = second.below
	}
}

// archive is the zip that a workbook is, its parts found by name without regard
// to case and slashes.
type archive struct {
	file   string
	parts  map[string]*zip.File
	limits Limits
}

// openArchive lists a zip's parts. It refuses what could cost too much before
// anything is unpacked.
func openArchive(file string, r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &FileError{File: file, Code: "broken_zip", Err: err,
			Text: "it is not a whole workbook: it may have been cut short on its way; ask for it again, or open it in Excel and save it again"}
	}
	a := &archive{file: file, parts: make(map[string]*zip.File, len(z.File)), limits: limits}
	var packed, unpacked uint64
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := a.add(f); err != nil {
			return nil, err
		}
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		if packed > uint64(size) || f.CompressedSize64 > uint64(size) {
			return nil, a.damaged("its parts overlap each other, which no program that saves workbooks does")
		}
		if unpacked > uint64(limits.Unpacked) || f.UncompressedSize64 > uint64(limits.Unpacked) {
			return nil, a.tooLarge("", "it unpacks to more than "+sizeText(limits.Unpacked), "--max-unpacked")
		}
	}
	return a, nil
}

func (a *archive) add(f *zip.File) error {
	name := partKey(f.Name)
	if _, twice := a.parts[name]; twice {
		return &FileError{File: a.file, Code: "duplicate_zip_entry", Text: fmt.Sprintf("it holds its part %s twice, "+
			"and programs differ in which they show; open it in Excel, see that all is there, and save it again", f.Name)}
	}
	if f.Flags&1 != 0 {
		return &FileError{File: a.file, Code: "password",
			Text: "it is a zip that asks for a password; open it in Excel and save it without one"}
	}
	if f.UncompressedSize64 > 16<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(a.limits.Ratio) {
		return a.tooLarge("", fmt.Sprintf("its part %s unpacks to more than %d times its size", f.Name, a.limits.Ratio), "--max-ratio")
	}
	a.parts[name] = f
	return nil
}

func (a *archive) damaged(what string) error {
	return &FileError{File: a.file, Code: "damaged",
		Text: what + "; open it in Excel, let it repair the file, and save it again"}
}

func (a *archive) tooLarge(place, what, flag string) error {
	return &FileError{File: a.file, Place: place, Code: "too_large",
		Text: what + "; if the file is right, raise the limit with " + flag}
}

// sizeText is a number of bytes for people.
func sizeText(n int64) string {
	for _, unit := range []string{"bytes", "KB", "MB"} {
		if n < 10<<10 {
			return fmt.Sprintf("%d %s", n, unit)
		}
		n >>= 10
	}
	return fmt.Sprintf("%d GB", n)
}

// partKey is a part's name as it is looked up.
func partKey(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.ToLower(strings.TrimPrefix(name, "/"))
}

// has tells whether there is a part of that name.
func (a *archive) has(part string) bool { return a.parts[partKey(part)] != nil }

// open reads a part, which is there. Its reader comes to its end only where the
// whole part is sound.
func (a *archive) open(part string) (io.ReadCloser, error) {
	return a.parts[partKey(part)].Open()
}
