package sheet

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// excelDigits is how many digits of a number Excel keeps and shows.
const excelDigits = 15

// longNumber is what a whole number of more digits is marked with.
const longNumber = "Excel keeps only the first 15 digits of a number, so the others may be lost: format the column as text and type it again"

// appendNumber appends a stored number as a plain decimal: without exponent, and
// rounded to the 15 digits that Excel keeps, so that what binary fractions do to
// it (1.1000000000000001) is gone. A number from 10^15 on has all the digits that
// are stored, and is long: those past the 15th may not be what was typed. ok is
// false where raw is not a number.
func appendNumber(dst, raw []byte) (out []byte, long, ok bool) {
	raw = bytes.TrimSpace(raw)
	if isShortDecimal(raw) {
		return append(dst, raw...), false, true
	}
	v, ok := parseStored(raw)
	if !ok {
		return dst, false, false
	}
	if math.Abs(v) >= 1e15 {
		return appendPlain(dst, raw), true, true
	}
	return appendPlain(dst, strconv.AppendFloat(nil, v, 'e', excelDigits-1, 64)), false, true
}

// isShortDecimal tells whether a stored number stands in the very form that
// appendNumber gives it.
func isShortDecimal(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
		if len(b) == 1 && b[0] == '0' {
			return false
		}
	}
	if len(b) == 0 || len(b) > excelDigits+1 || b[0] == '0' && len(b) > 1 && b[1] != '.' {
		return false
	}
	point := -1
	for i, c := range b {
		switch {
		case c == '.' && point < 0 && i > 0:
			point = i
		case c < '0' || c > '9':
			return false
		}
	}
	if point < 0 {
		return len(b) <= excelDigits
	}
	return point < len(b)-1 && b[len(b)-1] != '0'
}

// parseStored reads a number as XML writes it: decimal, perhaps with exponent.
func parseStored(raw []byte) (float64, bool) {
	for _, c := range raw {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(raw), 64)
	return v, err == nil
}

// appendPlain appends a number that parseStored reads without exponent and
// without zeros that say nothing.
func appendPlain(dst, raw []byte) []byte {
	mantissa, exponent := raw, 0
	if i := bytes.IndexAny(raw, "eE"); i >= 0 {
		mantissa = raw[:i]
		exponent, _ = strconv.Atoi(string(raw[i+1:]))
	}
	negative := bytes.HasPrefix(mantissa, []byte("-"))
	whole, fraction, _ := bytes.Cut(bytes.TrimLeft(mantissa, "+-"), []byte("."))
	digits := append(append(make([]byte, 0, 32), whole...), fraction...)
	point := len(whole) + exponent
	kept := bytes.TrimLeft(digits, "0")
	point -= len(digits) - len(kept)
	kept = bytes.TrimRight(kept, "0")
	if len(kept) == 0 {
		return append(dst, '0')
	}
	if negative {
		dst = append(dst, '-')
	}
	return appendDigits(dst, kept, point)
}

// appendDigits appends digits with the decimal point after the first point of
// them, which may lie before or behind them all.
func appendDigits(dst, digits []byte, point int) []byte {
	if point <= 0 {
		dst = append(dst, "0."...)
		dst = append(dst, bytes.Repeat([]byte("0"), -point)...)
		return append(dst, digits...)
	}
	if point >= len(digits) {
		dst = append(dst, digits...)
		return append(dst, bytes.Repeat([]byte("0"), point-len(digits))...)
	}
	dst = append(dst, digits[:point]...)
	dst = append(dst, '.')
	return append(dst, digits[point:]...)
}

const daySeconds = 24 * 60 * 60

// appendDate appends a stored number as the point in time that a format shows,
// to the second. ok is false where Excel shows none either, below zero and past
// the year 9999: then it is a number.
//
// Day 1 is 1900-01-01, and day 60 is the 29th of February that 1900 did not have
// but Excel does; or day 0 is 1904-01-01. A number below 1 has no date to show.
func appendDate(dst, raw []byte, parts timeParts, date1904 bool) (out []byte, ok bool) {
	v, ok := parseStored(bytes.TrimSpace(raw))
	if !ok || v < 0 || v >= 2958466 {
		return dst, false
	}
	day := int(v)
	seconds := int(math.Round((v - float64(day)) * daySeconds))
	if seconds == daySeconds {
		day, seconds = day+1, 0
	}
	hasDate := day > 0 || parts&showsDate != 0 && (date1904 || seconds == 0)
	hasTime := seconds > 0 || parts&showsTime != 0 || !hasDate
	if hasDate {
		if dst, ok = appendDay(dst, day, date1904); !ok {
			return dst, false
		}
	}
	if hasDate && hasTime {
		dst = append(dst, ' ')
	}
	if hasTime {
		dst = appendClock(dst, seconds)
	}
	return dst, true
}

func appendDay(dst []byte, day int, date1904 bool) ([]byte, bool) {
	switch {
	case date1904:
		day += 1462
	case day == 0:
		return append(dst, "1900-01-00"...), true
	case day == 60:
		return append(dst, "1900-02-29"...), true
	case day < 60:
		day++
	}
	date := time.Date(1899, 12, 30+day, 0, 0, 0, 0, time.UTC)
	if date.Year() > 9999 {
		return dst, false
	}
	return date.AppendFormat(dst, time.DateOnly), true
}

func appendClock(dst []byte, seconds int) []byte {
	for i, n := range [3]int{seconds / 3600, seconds / 60 % 60, seconds % 60} {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = append(dst, byte('0'+n/10), byte('0'+n%10))
	}
	return dst
}

// appendISO appends a date that is stored as such: 2026-03-04T18:00:00Z. ok is
// false where it is none.
func appendISO(dst, raw []byte, parts timeParts) (out []byte, ok bool) {
	text := string(bytes.TrimSuffix(bytes.TrimSpace(raw), []byte("Z")))
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly, time.TimeOnly} {
		at, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		at = at.Round(time.Second)
		clock := at.Hour()*3600 + at.Minute()*60 + at.Second()
		hasDate := layout != time.TimeOnly && (at.Year() >= 1900 || parts != showsTime)
		hasTime := clock > 0 || !hasDate || parts&showsTime != 0
		if hasDate {
			dst = at.AppendFormat(dst, time.DateOnly)
		}
		if hasDate && hasTime {
			dst = append(dst, ' ')
		}
		if hasTime {
			dst = appendClock(dst, clock)
		}
		return dst, true
	}
	return dst, false
}
