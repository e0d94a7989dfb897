package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// addZip opens a workbook or a zip of CSV files. A workbook keeps the file open
// until the book is closed.
func (o *opener) addZip(from origin, f *os.File) error {
	z, err := zip.NewReader(f, from.size)
	if err != nil {
		f.Close()
		return brokenZip(from.name(), err)
	}
	has := func(match func(name string) bool) bool {
		return slices.ContainsFunc(z.File, func(e *zip.File) bool { return match(partKey(e.Name)) })
	}
	if isWorkbook(has) {
		o.book.closers = append(o.book.closers, f.Close)
		return o.addWorkbook(from, f, from.size)
	}
	defer f.Close()
	if refusal := otherPackage(z, has); refusal != nil {
		refusal.File = from.name()
		return refusal
	}
	if err := checkZip(from.name(), z, o.opts.Limits); err != nil {
		return err
	}
	return o.addEntries(from, z)
}

func brokenZip(file string, err error) *FileError {
	return &FileError{File: file, Code: "broken_zip", Text: "the file is damaged or was not copied to its end: copy or download it again, " +
		"or open it in a spreadsheet and save it anew", Err: err}
}

// isWorkbook tells a workbook by the names of its parts, as [partKey] writes
// them: some programs write them with backslashes or in another case.
func isWorkbook(has func(func(string) bool) bool) bool {
	types := has(func(n string) bool { return n == "[content_types].xml" })
	other := has(func(n string) bool {
		return n == "xl/workbook.bin" || strings.HasPrefix(n, "word/") || strings.HasPrefix(n, "ppt/")
	})
	return types && !other || has(func(n string) bool { return n == "xl/workbook.xml" })
}

// otherPackage tells what a zip is that is neither a workbook nor one of CSVs.
func otherPackage(z *zip.Reader, has func(func(string) bool) bool) *FileError {
	starts := func(prefixes ...string) bool {
		return has(func(n string) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(n, p) })
		})
	}
	switch {
	case starts("xl/workbook.bin"):
		return refuse("xlsb", "this is a binary Excel workbook (.xlsb): open it in Excel and save it as .xlsx")
	case starts("word/"):
		return refuse("not_a_sheet", "this is a Word document: copy its table into a spreadsheet and save that as .xlsx")
	case starts("ppt/"):
		return refuse("not_a_sheet", "this is a PowerPoint file: copy its table into a spreadsheet and save that as .xlsx")
	case starts("index.zip", "index/") && has(func(n string) bool { return strings.HasSuffix(n, ".iwa") || n == "index.zip" }):
		return refuse("numbers", "this is a file of Apple Numbers: export it there as Excel (.xlsx) or CSV")
	}
	if i := slices.IndexFunc(z.File, func(e *zip.File) bool { return e.Name == "mimetype" }); i >= 0 {
		if strings.Contains(firstText(z.File[i]), "opendocument.spreadsheet") {
			return refuse("ods", "this is an OpenDocument spreadsheet (.ods): open it in LibreOffice and save it as .xlsx")
		}
		return refuse("not_a_sheet", "this is a document, not a spreadsheet: save its table as .xlsx or CSV")
	}
	return nil
}

func firstText(e *zip.File) string {
	r, err := e.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, 200)) // what cannot be read has no known type
	return string(b)
}

// checkZip refuses a zip whose list of files is not what a zip of CSVs may say.
func checkZip(file string, z *zip.Reader, limits Limits) error {
	unpacked, ratio := limits.Unpacked, limits.Ratio
	if unpacked <= 0 {
		unpacked = 4 << 30
	}
	if ratio <= 0 {
		ratio = 200
	}
	seen, total := map[string]bool{}, uint64(0)
	for _, e := range z.File {
		total += min(e.UncompressedSize64, 1<<60)
		switch {
		case seen[e.Name] && !strings.HasSuffix(e.Name, "/"):
			return &FileError{File: file, Place: e.Name, Code: "duplicate_zip_entry",
				Text: "the zip holds two files of this name, so nobody can tell which is meant: zip the folder anew"}
		case e.Flags&1 != 0:
			return &FileError{File: file, Place: e.Name, Code: "password", Text: "the zip is locked by a password: unpack it and name the folder"}
		case total > uint64(unpacked):
			return &FileError{File: file, Code: "too_large", Text: fmt.Sprintf("the zip unpacks to more than the limit of %d MB: "+
				"split it, or raise the limit with --max-unpacked", unpacked>>20)}
		case e.UncompressedSize64 > 16<<20 && e.UncompressedSize64/max(1, e.CompressedSize64) > uint64(ratio):
			return &FileError{File: file, Place: e.Name, Code: "too_large", Text: fmt.Sprintf("the file unpacks to more than %d times its size, "+
				"as a zip bomb does: if you trust it, unpack it yourself and name the folder, or raise the limit with --max-ratio", ratio)}
		}
		seen[e.Name] = true
	}
	return nil
}

// addEntries opens the CSV files in a zip, in their order there.
func (o *opener) addEntries(from origin, z *zip.Reader) error {
	names := members{where: from.name(), sheets: o.opts.Sheets}
	for i, entry := range z.File {
		name := strings.ToValidUTF8(entry.Name, "�")
		if strings.HasSuffix(name, "/") || !names.take(name, false) {
			continue
		}
		table, err := openCSV(csvSource{file: from.name() + "/" + name, sheet: sheetName(name), path: from.path,
			open: func() (io.ReadCloser, error) { return from.entry(i) }}, o.opts)
		if err != nil {
			return err
		}
		o.addMember(&names, name, table)
	}
	return o.endMembers(&names, "zip")
}

// entry opens the zip's file number i for one reading from its start.
func (o origin) entry(i int) (io.ReadCloser, error) {
	f, err := o.open()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, o.size)
	if err != nil {
		f.Close()
		return nil, brokenZip(o.name(), err)
	}
	r, err := z.File[i].Open()
	if err != nil {
		f.Close()
		return nil, brokenZip(o.name()+"/"+z.File[i].Name, err)
	}
	return &originReader{Reader: zipEntry{r, o.name() + "/" + z.File[i].Name}, file: f, origin: o}, nil
}

// zipEntry tells of damage in terms of the file.
type zipEntry struct {
	io.ReadCloser
	file string
}

func (e zipEntry) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = brokenZip(e.file, err)
	}
	return n, err
}
