package main

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

const (
	sheetSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	linkSpace  = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	officeLink = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// writeXLSX writes tables as Excel would: texts shared, numbers as numbers, an
// address in every cell.
func writeXLSX(path string, tables []table) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	texts := sharedTexts{index: map[string]int{}}
	var sheets, links, types strings.Builder
	for i, t := range tables {
		n := i + 1
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, t.name, n, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, officeLink, n)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		if err := part(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", n), func(w *bufio.Writer) { writeSheet(w, t, &texts) }); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"xl/workbook.xml": `<workbook ` + sheetSpace + ` xmlns:r="` + officeLink + `"><sheets>` + sheets.String() + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships ` + linkSpace + `>` + links.String() +
			`<Relationship Id="s" Type="` + officeLink + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"_rels/.rels": `<Relationships ` + linkSpace + `><Relationship Id="r" Type="` + officeLink + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>` + types.String() + `</Types>`,
	} {
		if err := part(z, name, func(w *bufio.Writer) { w.WriteString(text) }); err != nil {
			return err
		}
	}
	if err := part(z, "xl/sharedStrings.xml", texts.write); err != nil {
		return err
	}
	return z.Close()
}

func part(z *zip.Writer, name string, write func(w *bufio.Writer)) error {
	entry, err := z.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(entry, 1<<16)
	w.WriteString(xmlHead)
	write(w)
	return w.Flush()
}

// sharedTexts gives each text its number.
type sharedTexts struct {
	index map[string]int
	list  []string
}

func (s *sharedTexts) number(text string) int {
	n, ok := s.index[text]
	if !ok {
		n = len(s.list)
		s.index[text] = n
		s.list = append(s.list, text)
	}
	return n
}

func (s *sharedTexts) write(w *bufio.Writer) {
	fmt.Fprintf(w, `<sst %s uniqueCount="%d">`, sheetSpace, len(s.list))
	for _, text := range s.list {
		w.WriteString("<si><t>")
		xml.EscapeText(w, []byte(text)) // the writer keeps its error for Flush
		w.WriteString("</t></si>")
	}
	w.WriteString("</sst>")
}

func writeSheet(w *bufio.Writer, t table, texts *sharedTexts) {
	io.WriteString(w, `<worksheet `+sheetSpace+`><sheetData>`)
	writeRow(w, 1, t.header, texts)
	for i := range t.rows {
		writeRow(w, i+2, t.row(i), texts)
	}
	w.WriteString(`</sheetData></worksheet>`)
}

func writeRow(w *bufio.Writer, number int, cells []string, texts *sharedTexts) {
	fmt.Fprintf(w, `<row r="%d" spans="1:%d">`, number, len(cells))
	for col, text := range cells {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			fmt.Fprintf(w, `<c r="%c%d"><v>%s</v></c>`, 'A'+col, number, text)
		} else {
			fmt.Fprintf(w, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+col, number, texts.number(text))
		}
	}
	w.WriteString("</row>")
}
