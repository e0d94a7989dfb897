package templates

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

// guideLines tell in ten lines how the workbook is used.
func guideLines() []string {
	return []string{
		"Offers: one row an offer. external_offer_id is your own id of it: unique, and never changed later.",
		"Payouts, caps, target groups, landings and so on: one row each on their own sheets. Their column offer repeats the external_offer_id.",
		"Columns with a star, bold on amber, are required to create. All others may stay blank, and you may delete or move columns.",
		"Rest the mouse on a column's name to read what it takes. Arrows in the cells offer the words that are allowed; yes/no columns take yes or no.",
		"Every offer needs a payout for everybody. As soon as the column affiliates is filled, a payout or target group is personal: for these alone.",
		"total is what the advertiser pays you. revenue is what the affiliate gets (its name misleads: it is the affiliate's payout).",
		"Several values in one cell: separate them by commas, semicolons, | or line breaks: US, CA. Put \"…\" around a value that holds a comma.",
		"Dates are real dates or 2030-12-31; 03/04/2026 is refused, because it has two meanings. Money is a plain number: 1.40, no sign, no 1,234.",
		"Blank means not sent: in an update it stays as it is. [] means clear it.",
		"The grey rows called " + affise.ExampleKey + " are ignored. Save, then: offerlift check FILE, and when it is content: offerlift import FILE.",
	}
}

// guide makes the first sheet of the sheet that a new workbook has.
func (b *builder) guide() error {
	f := b.file
	if err := f.SetSheetName("Sheet1", affise.GuideSheet); err != nil {
		return err
	}
	cells := []string{"How to use this workbook"}
	cells = append(cells, guideLines()...)
	for i, line := range cells {
		if err := b.guideRow(i, line); err != nil {
			return err
		}
	}
	row, err := b.contents(len(cells) + 2)
	if err != nil {
		return err
	}
	if err := b.colours(row + 2); err != nil {
		return err
	}
	return b.guideFrame()
}

func (b *builder) guideRow(i int, line string) error {
	row := i + 1
	if i == 0 {
		return b.guideCell("A", row, line, &excelize.Font{Bold: true, Size: 16, Color: "1F3864"})
	}
	number := fmt.Sprintf("%d.", i)
	if err := b.guideCell("A", row, number, &excelize.Font{Bold: true, Color: "7F7F7F"}); err != nil {
		return err
	}
	return b.guideCell("B", row, line, nil)
}

// contents lists the sheets, each name a link to it, and returns the last row.
func (b *builder) contents(row int) (int, error) {
	if err := b.guideCell("A", row, "The sheets", heading2()); err != nil {
		return row, err
	}
	for _, part := range affise.Parts() {
		row++
		link := &excelize.Font{Color: "0563C1", Underline: "single"}
		if err := b.guideCell("B", row, part.Sheet+": "+contentOf(part), link); err != nil {
			return row, err
		}
		cell := fmt.Sprint("B", row)
		if err := b.file.SetCellHyperLink(affise.GuideSheet, cell, "'"+part.Sheet+"'!A1", "Location"); err != nil {
			return row, err
		}
	}
	return row, nil
}

// contentOf names what must be filled, so that nobody fears 120 columns.
func contentOf(part affise.Part) string {
	var required []string
	for _, c := range part.Columns {
		if c.Required {
			required = append(required, c.Name)
		}
	}
	if len(required) == 0 {
		return fmt.Sprintf("%d columns, fill what you need", len(part.Columns))
	}
	return fmt.Sprintf("%d columns; required: %s", len(part.Columns), strings.Join(required, ", "))
}

// colours explains the colours of the headers.
func (b *builder) colours(row int) error {
	if err := b.guideCell("A", row, "The colours of the headers", heading2()); err != nil {
		return err
	}
	offers := affise.Parts()[0]
	fills, named := groupFills(offers), map[string]bool{}
	if err := b.colour(row+1, "required to create (with a star)", look{fill: requiredFill, bold: true}); err != nil {
		return err
	}
	row += 2
	for _, c := range offers.Columns {
		if named[c.Group] {
			continue
		}
		named[c.Group] = true
		if err := b.colour(row, offers.Sheet+": "+c.Group, look{fill: fills[c.Group]}); err != nil {
			return err
		}
		row++
	}
	return nil
}

func (b *builder) colour(row int, label string, l look) error {
	cell := fmt.Sprint("B", row)
	if err := b.file.SetCellStr(affise.GuideSheet, cell, label); err != nil {
		return err
	}
	style, err := b.style(l)
	if err != nil {
		return err
	}
	return b.file.SetCellStyle(affise.GuideSheet, cell, cell, style)
}

func heading2() *excelize.Font {
	return &excelize.Font{Bold: true, Size: 13, Color: "1F3864"}
}

func (b *builder) guideCell(column string, row int, value string, font *excelize.Font) error {
	cell := fmt.Sprint(column, row)
	if err := b.file.SetCellStr(affise.GuideSheet, cell, value); err != nil {
		return err
	}
	if font == nil {
		font = &excelize.Font{}
	}
	font.Family = fontName
	style, err := b.file.NewStyle(&excelize.Style{Font: font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: column == "B"}})
	if err != nil {
		return err
	}
	return b.file.SetCellStyle(affise.GuideSheet, cell, cell, style)
}

func (b *builder) guideFrame() error {
	hidden := false
	if err := b.file.SetSheetView(affise.GuideSheet, 0, &excelize.ViewOptions{ShowGridLines: &hidden}); err != nil {
		return err
	}
	if err := b.file.SetRowHeight(affise.GuideSheet, 1, 28); err != nil {
		return err
	}
	if err := b.file.SetColWidth(affise.GuideSheet, "A", "A", 5); err != nil {
		return err
	}
	if err := b.file.SetColWidth(affise.GuideSheet, "B", "B", 125); err != nil {
		return err
	}
	landscape, one, fit := "landscape", 1, true
	if err := b.file.SetSheetProps(affise.GuideSheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(affise.GuideSheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one, FitToHeight: &one})
}
