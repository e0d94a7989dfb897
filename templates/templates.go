// Package templates makes what a person needs to fill a sheet, from the tags of
// the schema alone: a column added there has its place here.
//
// [Workbook] writes the workbook to fill, [Reference] the page that lists every
// column. Both come out the same, byte for byte, each time.
package templates

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

const (
	headerRow  = 1
	exampleRow = 2
	lastRow    = excelize.TotalRows // dropdowns reach to the sheet's end
	lastFilter = 2000               // Excel lets a filter grow with the rows below it
)

// Workbook writes an XLSX with a sheet that tells how to use it and one sheet a
// part of the schema. Each of these has a header with notes, dropdowns, cell
// formats and an example row, which an import ignores.
func Workbook(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &builder{file: f, styles: map[look]int{}}
	if err := b.build(); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	return nil
}

// builder holds the workbook that is being made and the styles it has so far.
type builder struct {
	file   *excelize.File
	styles map[look]int
}

func (b *builder) build() error {
	if err := b.guide(); err != nil {
		return err
	}
	for _, part := range affise.Parts() {
		if err := b.part(part); err != nil {
			return fmt.Errorf("%s: %w", part.Sheet, err)
		}
	}
	return b.file.SetDocProps(&excelize.DocProperties{Title: "Offers to import", Creator: "offerlift"})
}

func (b *builder) part(part affise.Part) error {
	if _, err := b.file.NewSheet(part.Sheet); err != nil {
		return err
	}
	fills := groupFills(part)
	for i, c := range part.Columns {
		p := place{sheet: part.Sheet, column: i + 1}
		if err := b.column(p, c, fills[c.Group]); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return b.frame(part)
}

// place is a column of a sheet, counted from 1.
type place struct {
	sheet  string
	column int
}

func (p place) letter() string {
	name, err := excelize.ColumnNumberToName(p.column)
	if err != nil {
		panic(err) // the schema has more columns than a sheet
	}
	return name
}

func (p place) cell(row int) string { return fmt.Sprint(p.letter(), row) }

// below is every cell under the header.
func (p place) below() string { return p.cell(exampleRow) + ":" + p.cell(lastRow) }

func (b *builder) column(p place, c affise.Column, fill string) error {
	steps := []func() error{
		func() error { return b.format(p, c) },
		func() error { return b.header(p, c, fill) },
		func() error { return b.example(p, c) },
		func() error { return b.check(p, c) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// format gives the whole column its width and number format.
func (b *builder) format(p place, c affise.Column) error {
	if err := b.file.SetColWidth(p.sheet, p.letter(), p.letter(), width(c)); err != nil {
		return err
	}
	style, err := b.style(look{format: numberFormat(c.Kind)})
	if err != nil {
		return err
	}
	return b.file.SetColStyle(p.sheet, p.letter(), style)
}

func (b *builder) header(p place, c affise.Column, fill string) error {
	cell := p.cell(headerRow)
	if err := b.file.SetCellStr(p.sheet, cell, c.Name); err != nil {
		return err
	}
	style, err := b.style(headerLook(c, fill))
	if err != nil {
		return err
	}
	if err := b.file.SetCellStyle(p.sheet, cell, cell, style); err != nil {
		return err
	}
	return b.file.AddComment(p.sheet, note(cell, c))
}

func (b *builder) example(p place, c affise.Column) error {
	cell := p.cell(exampleRow)
	style, err := b.style(look{format: numberFormat(c.Kind), grey: true})
	if err != nil {
		return err
	}
	if err := b.file.SetCellValue(p.sheet, cell, exampleValue(p, c)); err != nil {
		return err
	}
	return b.file.SetCellStyle(p.sheet, cell, cell, style)
}

// frame freezes the header and the key beside each row, and puts filters on the
// header.
func (b *builder) frame(part affise.Part) error {
	last := place{sheet: part.Sheet, column: len(part.Columns)}
	if err := b.file.AutoFilter(part.Sheet, "A1:"+last.cell(lastFilter), nil); err != nil {
		return err
	}
	if err := b.file.SetRowHeight(part.Sheet, headerRow, 24); err != nil {
		return err
	}
	// Ids are text, and Excel would mark each with a green corner.
	data := "A2:" + last.cell(lastRow)
	if err := b.file.AddIgnoredErrors(part.Sheet, data, excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return err
	}
	landscape := "landscape"
	if err := b.file.SetPageLayout(part.Sheet, &excelize.PageLayoutOptions{Orientation: &landscape}); err != nil {
		return err
	}
	return b.file.SetPanes(part.Sheet, &excelize.Panes{
		Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight",
		Selection: []excelize.Selection{{Pane: "topRight"}, {Pane: "bottomLeft"}, {Pane: "bottomRight", SQRef: "B3", ActiveCell: "B3"}},
	})
}
