package templates

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

// look is what tells one cell style from another.
type look struct {
	fill   string // RRGGBB, blank for none
	format string // number format, blank for General
	header bool
	bold   bool
	grey   bool // grey italics: an example
}

const (
	text         = "@"
	starred      = `@" *"` // shows a star after the text, which stays the column's plain name
	fontName     = "Calibri"
	requiredFill = "FFD966"
	plainFill    = "E7E6E6"
)

// softFills colour the groups of columns, in turn.
func softFills() []string {
	return []string{"DDEBF7", "E2EFDA", "FCE4D6", "E4DFEC", "DAEEF3", "F2F2F2", "EBF1DE", "FDE9D9", "E8F0EF"}
}

// groupFills gives each group of a part's columns its colour.
func groupFills(part affise.Part) map[string]string {
	fills, soft := map[string]string{"": plainFill}, softFills()
	for _, c := range part.Columns {
		if _, seen := fills[c.Group]; !seen {
			fills[c.Group] = soft[(len(fills)-1)%len(soft)]
		}
	}
	return fills
}

func headerLook(c affise.Column, fill string) look {
	if c.Required {
		return look{fill: requiredFill, format: starred, header: true, bold: true}
	}
	return look{fill: fill, format: text, header: true}
}

// style returns the number of a style, made when it is first asked for.
func (b *builder) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	id, err := b.file.NewStyle(l.style())
	if err == nil {
		b.styles[l] = id
	}
	return id, err
}

func (l look) style() *excelize.Style {
	s := &excelize.Style{Font: &excelize.Font{Family: fontName, Size: 11, Bold: l.bold, Color: "262626"}}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.grey {
		s.Font.Italic, s.Font.Color = true, "7F7F7F"
	}
	if l.header {
		s.Alignment = &excelize.Alignment{Vertical: "center"}
		s.Border = []excelize.Border{{Type: "bottom", Color: "7F7F7F", Style: 1}, {Type: "right", Color: "FFFFFF", Style: 1}}
	}
	return s
}

// numberFormat keeps Excel's hands off what is no number or date: text stays as
// it was typed, with its leading zeros.
func numberFormat(k affise.Kind) string {
	switch k {
	case affise.KindInt:
		return "0"
	case affise.KindMoney:
		return "0.00####"
	case affise.KindDate:
		return "yyyy-mm-dd"
	case affise.KindMoment:
		return "yyyy-mm-dd hh:mm"
	}
	return text
}

// exampleValue is what the example row holds: a real number or date where the
// column holds such. Each first column is its row's key.
func exampleValue(p place, c affise.Column) any {
	if p.column == 1 {
		return affise.ExampleKey
	}
	switch c.Kind {
	case affise.KindInt, affise.KindMoney:
		if n, err := strconv.ParseFloat(c.Example, 64); err == nil {
			return n
		}
	case affise.KindDate, affise.KindMoment:
		if day, err := time.Parse(time.DateOnly, c.Example); err == nil {
			return day
		}
	}
	if c.Example == "" {
		return nil
	}
	return c.Example
}

// width fits the header, its star and filter button, the example, and what the
// kind usually holds.
func width(c affise.Column) float64 {
	if c.Len > 1000 {
		return 36
	}
	n := max(utf8.RuneCountInString(c.Name)+5, utf8.RuneCountInString(c.Example)+2, kindWidth(c.Kind))
	for _, word := range c.Allowed {
		n = max(n, len(word)+4)
	}
	return float64(min(n, 48))
}

func kindWidth(k affise.Kind) int {
	switch {
	case k == affise.KindID24:
		return 28
	case k == affise.KindURL:
		return 40
	case k == affise.KindMoment:
		return 18
	case slices.Contains([]affise.Kind{affise.KindWeighted, affise.KindIntervals, affise.KindVersions}, k):
		return 32
	}
	return 12
}
