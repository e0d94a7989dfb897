package sheet

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
)

// relation is a link from one part to another.
type relation struct {
	id, kind string // kind is the last word of its type: worksheet
	part     string
}

// load reads what stands above the sheets: the parts' links, the list of sheets
// and the styles. The shared strings are read when a cell first needs them.
func (wb *workbook) load() error {
	part, err := wb.zip.workbookPart()
	if err != nil {
		return err
	}
	links, err := wb.zip.relations(part)
	if err != nil {
		return err
	}
	if err := wb.zip.scan(part, func(x *xmlReader) error { return wb.readWorkbook(x, links) }); err != nil {
		return err
	}
	wb.strings = &sharedStrings{zip: wb.zip, limit: wb.limits.Strings, longest: wb.limits.CellLength}
	for _, link := range links {
		switch {
		case link.kind == "styles":
			wb.styles.known = true
			if !wb.zip.has(link.part) {
				continue // which is told where a cell has need of it
			}
			if err := wb.zip.scan(link.part, wb.styles.read); err != nil {
				return err
			}
		case link.kind == "sharedstrings" && wb.zip.has(link.part):
			wb.strings.part = link.part
		}
	}
	return nil
}

// workbookPart finds the part that lists the sheets.
func (a *archive) workbookPart() (string, error) {
	links, err := a.relations("")
	if err != nil {
		return "", err
	}
	for _, link := range append(links, relation{kind: "officedocument", part: "xl/workbook.xml"}) {
		if link.kind == "officedocument" && a.has(link.part) {
			return link.part, nil
		}
	}
	return "", a.damaged("its list of sheets is missing")
}

// relations reads the links of a part; none where it has none. The part "" is
// the package.
func (a *archive) relations(from string) ([]relation, error) {
	part := relationsPart(from)
	if !a.has(part) {
		return nil, nil
	}
	dir, _ := path.Split(from)
	var links []relation
	err := a.scan(part, func(x *xmlReader) error {
		return x.children(func() error {
			if string(x.name) == "Relationship" && string(x.attr("TargetMode")) != "External" {
				if len(links) == maxList {
					return tooMany("links")
				}
				kind := string(x.attr("Type"))
				links = append(links, relation{
					id:   string(x.attr("Id")),
					kind: strings.ToLower(kind[strings.LastIndexByte(kind, '/')+1:]),
					part: a.target(dir, string(x.attr("Target"))),
				})
			}
			return x.skip()
		})
	})
	return links, err
}

// relationsPart is the part that holds another's links.
func relationsPart(from string) string {
	dir, base := path.Split(from)
	return dir + "_rels/" + base + ".rels"
}

// target is the part that a link in a part of dir leads to.
func (a *archive) target(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	full := path.Clean("/" + target)
	if !strings.HasPrefix(target, "/") {
		full = path.Clean("/" + dir + target)
	}
	if plain, err := url.PathUnescape(full); err == nil && !a.has(full) && a.has(plain) {
		full = plain
	}
	return strings.TrimPrefix(full, "/")
}

// readWorkbook reads the list of sheets.
func (wb *workbook) readWorkbook(x *xmlReader, links []relation) error {
	return x.children(func() error {
		switch string(x.name) {
		case "workbookPr":
			wb.date1904 = isTrue(x.attr("date1904"))
		case "sheets":
			return x.children(func() error {
				if string(x.name) == "sheet" {
					if err := wb.listSheet(x, links); err != nil {
						return err
					}
				}
				return x.skip()
			})
		}
		return x.skip()
	})
}

func (wb *workbook) listSheet(x *xmlReader, links []relation) error {
	state := string(x.attr("state"))
	entry := sheetEntry{
		name:   string(x.attr("name")),
		hidden: state == "hidden" || state == "veryHidden",
	}
	id := string(x.foreignAttr("id"))
	i := slices.IndexFunc(links, func(l relation) bool { return l.id == id })
	if i < 0 {
		return wb.zip.damaged(fmt.Sprintf("its sheet %s is missing", entry.name))
	}
	if links[i].kind == "worksheet" {
		entry.part = links[i].part
		if !wb.zip.has(entry.part) {
			return wb.zip.damaged(fmt.Sprintf("its sheet %s is missing", entry.name))
		}
	}
	if len(wb.sheets) == maxList {
		return tooMany("sheets")
	}
	wb.sheets = append(wb.sheets, entry)
	return nil
}

// maxList bounds the lists of a workbook that are kept in memory; Excel itself
// has no more than 65,490 styles.
const maxList = 100_000

func tooMany(what string) error {
	return &xmlError{text: fmt.Sprintf("it lists more than %d %s", maxList, what)}
}

// scan reads a whole part: read gets its root, just begun.
func (a *archive) scan(part string, read func(x *xmlReader) error) error {
	src, err := a.open(part)
	if err != nil {
		return a.partError(part, err)
	}
	defer src.Close()
	x, err := newXMLReader(src)
	if err == nil {
		err = x.document(read)
	}
	return a.partError(part, err)
}

// partError words what went wrong in a part for the file's owner.
func (a *archive) partError(part string, err error) error {
	var told *FileError
	if err == nil || errors.As(err, &told) {
		return err
	}
	return &FileError{File: a.file, Code: "damaged", Err: err,
		Text: fmt.Sprintf("its part %s is damaged: %s; open it in Excel, let it repair the file, and save it again", part, causeText(err))}
}

// causeText says in plain words what a library said.
func causeText(err error) string {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, zip.ErrChecksum):
		return "its checksum is wrong"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "its compressed data ends too early"
	case errors.As(err, &corrupt), errors.Is(err, zip.ErrFormat):
		return "its compressed data is broken"
	case errors.Is(err, zip.ErrAlgorithm):
		return "it is compressed in a way that workbooks do not use"
	}
	return err.Error()
}

// isTrue reads a boolean attribute.
func isTrue(value []byte) bool {
	v := string(value)
	return v == "1" || v == "true" || v == "on"
}
