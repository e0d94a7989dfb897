package templates

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/affise"
)

// check adds the column's dropdown or bounds. A required choice is strict;
// elsewhere Excel only asks, since [] clears a column and a word such as "да" is
// read as well. Where a cell may hold several values, the list is an offer.
func (b *builder) check(p place, c affise.Column) error {
	v := excelize.NewDataValidation(true)
	v.SetSqref(p.below())
	switch {
	case c.Kind == affise.KindParent:
		v.SetSqrefDropList(keyRange())
		v.ShowErrorMessage = false
		return b.file.AddDataValidation(p.sheet, v)
	case len(choices(c)) > 0:
		return b.choose(p, c, v)
	case c.Kind == affise.KindInt || c.Kind == affise.KindMoney:
		return b.bound(p, c, v)
	case c.Len > 0 && !c.List:
		v.SetError(severity(c), c.Name, fmt.Sprintf("At most %d characters.", c.Len))
		if err := v.SetRange(0, c.Len, excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
		return b.file.AddDataValidation(p.sheet, v)
	}
	return nil
}

// keyRange is where the keys of the offers stand, for the child sheets to
// choose from.
func keyRange() string {
	return fmt.Sprintf("'%s'!$A$%d:$A$%d", affise.Parts()[0].Sheet, exampleRow+1, lastRow)
}

func (b *builder) choose(p place, c affise.Column, v *excelize.DataValidation) error {
	words := choices(c)
	if err := v.SetDropList(words); err != nil {
		return err
	}
	if c.List {
		v.ShowErrorMessage = false
	} else {
		v.SetError(severity(c), c.Name, "One of: "+strings.Join(words, ", ")+".")
	}
	return b.file.AddDataValidation(p.sheet, v)
}

func (b *builder) bound(p place, c affise.Column, v *excelize.DataValidation) error {
	if c.Min == "" && c.Max == "" {
		return nil
	}
	kind := excelize.DataValidationType(excelize.DataValidationTypeWhole)
	if c.Kind == affise.KindMoney {
		kind = excelize.DataValidationTypeDecimal
	}
	low, high, err := bounds(c)
	if err != nil {
		return err
	}
	v.SetError(severity(c), c.Name, "A number "+boundWords(c)+".")
	if err := v.SetRange(low, high, kind, excelize.DataValidationOperatorBetween); err != nil {
		return err
	}
	return b.file.AddDataValidation(p.sheet, v)
}

func bounds(c affise.Column) (low, high float64, err error) {
	if low, err = strconv.ParseFloat(cmp.Or(c.Min, "-1e9"), 64); err != nil {
		return 0, 0, err
	}
	high, err = strconv.ParseFloat(cmp.Or(c.Max, "1e9"), 64)
	return math.Trunc(low), high, err
}

// choices are the words of a column's dropdown.
func choices(c affise.Column) []string {
	if c.Kind == affise.KindFlag || c.Kind == affise.KindTrueFalse {
		return []string{"yes", "no"}
	}
	return c.Allowed
}

func severity(c affise.Column) excelize.DataValidationErrorStyle {
	if c.Required {
		return excelize.DataValidationErrorStyleStop
	}
	return excelize.DataValidationErrorStyleWarning
}
