package sheet

import (
	"fmt"
	"strconv"
)

// styles are the number formats of a workbook's cells, by the number of the style.
type styles struct {
	known   bool // the workbook says that it has a part that lists them
	formats []numberFormat
	none    numberFormat // of a workbook without styles
}

// read reads the styles part.
func (s *styles) read(x *xmlReader) error {
	own := map[int]numberFormat{}
	var ids []int
	err := x.children(func() error {
		switch string(x.name) {
		case "numFmts":
			return x.children(func() error {
				if len(own) == maxList {
					return tooMany("number formats")
				}
				if id, ok := smallInt(x.attr("numFmtId")); ok {
					own[id] = formatOf(string(decodeEscapes(x.attr("formatCode"))))
				}
				return x.skip()
			})
		case "cellXfs":
			return x.children(func() error {
				if len(ids) == maxList {
					return tooMany("styles")
				}
				id, _ := smallInt(x.attr("numFmtId"))
				ids = append(ids, id)
				return x.skip()
			})
		}
		return x.skip()
	})
	s.formats = make([]numberFormat, len(ids))
	for i, id := range ids {
		format, ok := own[id]
		if !ok {
			format = builtinFormat(id)
		}
		s.formats[i] = format
	}
	return err
}

// format is the number format of a style; one that the workbook does not list is
// an error, since a number in it may be a date.
func (s *styles) format(style int) (*numberFormat, error) {
	if style >= 0 && style < len(s.formats) {
		return &s.formats[style], nil
	}
	if !s.known || style == 0 {
		return &s.none, nil
	}
	return nil, fmt.Errorf("its style %d is not among the workbook's", style)
}

// smallInt reads a number of at most nine digits, without sign.
func smallInt(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// styleNumber reads the style of a cell; missing means the first.
func styleNumber(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, ok := smallInt(b)
	if !ok {
		return 0, fmt.Errorf("its style %s is not a number", strconv.Quote(string(b)))
	}
	return n, nil
}
