package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// workbook writes the sheets as an XLSX that looks as if a person had made it.
func workbook(sheets []sheet) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range sheets {
		if err := addSheet(f, i, s); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Media team", Title: "Offers"}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return repack(b.Bytes())
}

func addSheet(f *excelize.File, i int, s sheet) error {
	if i == 0 {
		if err := f.SetSheetName("Sheet1", s.name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(s.name); err != nil {
		return err
	}
	for col, column := range s.header {
		if err := addColumn(f, s, col+1, column); err != nil {
			return fmt.Errorf("%s: %w", column, err)
		}
	}
	last, err := excelize.CoordinatesToCellName(len(s.header), len(s.rows)+1)
	if err != nil {
		return err
	}
	if err := f.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return err
	}
	return f.SetPanes(s.name, &excelize.Panes{
		Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight",
		Selection: []excelize.Selection{{Pane: "topRight"}, {Pane: "bottomLeft"}, {Pane: "bottomRight", SQRef: "B2", ActiveCell: "B2"}},
	})
}

func addColumn(f *excelize.File, s sheet, col int, column string) error {
	letter, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return err
	}
	if err := addHeader(f, s, letter, column); err != nil {
		return err
	}
	width := utf8.RuneCountInString(column) + 4
	for i, r := range s.rows {
		cell := fmt.Sprint(letter, i+2)
		content := r[column]
		if c, ok := content.(formula); ok {
			content = formula{strings.ReplaceAll(c.text, "#", strconv.Itoa(i+2)), c.value}
		}
		if err := addCell(f, s.name, cell, content); err != nil {
			return err
		}
		width = max(width, utf8.RuneCountInString(shown(r[column]))+2)
	}
	return f.SetColWidth(s.name, letter, letter, float64(min(width, 46)))
}

func addHeader(f *excelize.File, s sheet, letter, column string) error {
	cell := letter + "1"
	if err := f.SetCellStr(s.name, cell, column); err != nil {
		return err
	}
	style, err := f.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Family: "Calibri", Size: 11, Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E78"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
	if err != nil {
		return err
	}
	if err := f.SetCellStyle(s.name, cell, cell, style); err != nil {
		return err
	}
	if note := s.notes[column]; note != "" {
		if err := f.AddComment(s.name, excelize.Comment{Author: "Media team", Cell: cell, Text: note}); err != nil {
			return err
		}
	}
	words := s.lists[column]
	if words == nil {
		return nil
	}
	list := excelize.NewDataValidation(true)
	list.SetSqref(letter + "2:" + letter + "200")
	list.SetError(excelize.DataValidationErrorStyleWarning, column, "Please choose from the list.")
	if err := list.SetDropList(words); err != nil {
		return err
	}
	return f.AddDataValidation(s.name, list)
}

func addCell(f *excelize.File, sheet, cell string, content any) error {
	if content == nil {
		return nil
	}
	value, format, err := stored(content)
	if err != nil {
		return err
	}
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		return err
	}
	switch c := content.(type) {
	case formula:
		err = f.SetCellFormula(sheet, cell, c.text)
	case broken:
		err = f.SetCellFormula(sheet, cell, "NA()")
	}
	if err != nil {
		return err
	}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: format == "@" && strings.Contains(shown(content), "\n")}
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: wrap})
	if err != nil {
		return err
	}
	return f.SetCellStyle(sheet, cell, cell, style)
}

// stored is what a cell holds and its number format; nil for a formula that was
// never worked out.
func stored(content any) (value any, format string, err error) {
	switch c := content.(type) {
	case string:
		return c, "@", nil
	case broken:
		return string(c), "General", nil
	case num:
		value, err = strconv.ParseFloat(string(c), 64)
		return value, "General", err
	case percent:
		value, err = strconv.ParseFloat(string(c), 64)
		return value, "0%", err
	case formula:
		if c.value == "" {
			return nil, "0.00", nil
		}
		value, err = strconv.ParseFloat(c.value, 64)
		return value, "0.00", err
	case date:
		return storedDate(string(c))
	}
	return nil, "", fmt.Errorf("no way to store a %T", content)
}

func storedDate(text string) (value any, format string, err error) {
	if len(text) == len(time.DateOnly) {
		value, err = time.Parse(time.DateOnly, text)
		return value, "yyyy-mm-dd", err
	}
	value, err = time.Parse("2006-01-02 15:04:05", text)
	return value, "yyyy-mm-dd hh:mm", err
}

// repack gives the zip a fixed order and no times, and mends what the library
// writes otherwise than Excel: it calls the value of every formula a text.
func repack(packed []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		content, err := read(part)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			content = asExcel(content)
		}
		dst, err := w.Create(part.Name)
		if err != nil {
			return nil, err
		}
		if _, err := dst.Write(content); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

func read(part *zip.File) ([]byte, error) {
	r, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// asExcel writes cells as Excel does: a formula's error as an error, its number
// as a number, no value where there is none, and a long number with 15 digits.
func asExcel(xml []byte) []byte {
	failed := regexp.MustCompile(` t="str"><f>NA\(\)</f>(<v>[^<]*</v>)?`)
	xml = failed.ReplaceAll(xml, []byte(` t="e"><f>NA()</f><v>#N/A</v>`))
	valueless := regexp.MustCompile(` t="str">(<f>[^<]*</f>)(<v></v>)?</c>`)
	xml = valueless.ReplaceAll(xml, []byte(`>$1</c>`))
	number := regexp.MustCompile(` t="str">(<f>[^<]*</f><v>[0-9.]+</v>)`)
	xml = number.ReplaceAll(xml, []byte(`>$1`))
	long := regexp.MustCompile(`<v>[0-9]{21,}</v>`)
	return long.ReplaceAllFunc(xml, func(v []byte) []byte {
		n, err := strconv.ParseFloat(string(v[3:len(v)-4]), 64)
		if err != nil {
			return v
		}
		return fmt.Appendf(nil, "<v>%.14E</v>", n)
	})
}
