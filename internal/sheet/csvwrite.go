package sheet

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// CSVStyle is how a [CSVWriter] writes.
type CSVStyle struct {
	// Facts give the encoding, the delimiter and the line end, as those of a
	// table that was read. Blank: utf-8-bom, a comma, crlf. Files of cr and
	// crcrlf are written with crlf, quotes doubled, UTF-16 with its mark.
	Facts Facts
	// UTF8 writes utf-8-bom in place of an encoding that lacks most of the
	// world's letters, so that no text can fail.
	UTF8 bool
	// Defuse puts an apostrophe before a cell that a spreadsheet would run as a
	// formula: one that starts with = + - @, a tab or a CR and is no number.
	// A reader of the file sees the apostrophe.
	Defuse bool
}

// CSVWriter writes records as a CSV file. Its caller must call Flush at the end.
type CSVWriter struct {
	out       *bufio.Writer
	facts     Facts
	enc       encoding.Encoding // nil for UTF-8 and UTF-16, which have every character
	delimiter byte
	end       string
	defuse    bool
	formula   *regexp.Regexp
	number    *regexp.Regexp
	line      []byte
	closer    io.Closer
}

// NewCSVWriter returns a writer to w. It fails for an encoding or a delimiter
// that cannot be written.
func NewCSVWriter(w io.Writer, style CSVStyle) (*CSVWriter, error) {
	c := &CSVWriter{facts: style.Facts, end: "\r\n", defuse: style.Defuse,
		formula: regexp.MustCompile(`^[=+\-@\t\r]`), number: regexp.MustCompile(`^[-+]?\d+([.,]\d+)?%?$`)}
	c.facts.Format = "csv"
	if c.facts.Encoding == "" {
		c.facts.Encoding = "utf-8-bom"
	}
	d, ok := findDecoding(c.facts.Encoding)
	if !ok {
		return nil, fmt.Errorf("there is no encoding %q", c.facts.Encoding)
	}
	if style.UTF8 && d.enc != nil {
		d = decoding{name: "utf-8-bom"}
	}
	c.facts.Encoding, c.enc = d.name, d.enc
	if err := c.setDelimiter(); err != nil {
		return nil, err
	}
	if c.facts.LineEnd == "lf" {
		c.end = "\n"
	} else {
		c.facts.LineEnd = "crlf"
	}
	return c, c.start(w, d)
}

func (c *CSVWriter) setDelimiter() error {
	switch c.facts.Delimiter {
	case "":
		c.facts.Delimiter = ","
	case "tab":
		c.delimiter = '\t'
		return nil
	}
	if c.delimiter = c.facts.Delimiter[0]; len(c.facts.Delimiter) > 1 || strings.IndexByte("\"\r\n", c.delimiter) >= 0 || c.delimiter >= 0x80 {
		return fmt.Errorf("%q cannot be a delimiter", c.facts.Delimiter)
	}
	return nil
}

// start sets the encoder up and writes the byte order mark.
func (c *CSVWriter) start(w io.Writer, d decoding) error {
	mark := ""
	if d.name == "utf-8-bom" || d.wide != nil {
		mark = "\ufeff"
	}
	switch {
	case d.wide != nil:
		w = c.encoded(w, utf16Encoding(d.wide))
	case d.enc != nil:
		w = c.encoded(w, d.enc)
	}
	c.out = bufio.NewWriter(w)
	_, err := c.out.WriteString(mark)
	return err
}

func (c *CSVWriter) encoded(w io.Writer, e encoding.Encoding) io.Writer {
	t := transform.NewWriter(w, e.NewEncoder())
	c.closer = t
	return t
}

// Write writes one record. Where the encoding lacks a character, the error
// names it and nothing of the record is written.
func (c *CSVWriter) Write(record []string) error {
	c.line = c.line[:0]
	for i, cell := range record {
		if i > 0 {
			c.line = append(c.line, c.delimiter)
		}
		if err := c.encodable(cell, i); err != nil {
			return err
		}
		if c.defuse && c.formula.MatchString(cell) && !c.number.MatchString(cell) {
			cell = "'" + cell
		}
		c.line = c.appendCell(c.line, cell, len(record) == 1)
	}
	c.line = append(c.line, c.end...)
	_, err := c.out.Write(c.line)
	return err
}

// appendCell quotes a cell where it must be. A blank one that stands alone is
// quoted lest its record be a blank line.
func (c *CSVWriter) appendCell(line []byte, cell string, alone bool) []byte {
	edge := cell != "" && (cell[0] == ' ' || cell[0] == '\t' || cell[len(cell)-1] == ' ' || cell[len(cell)-1] == 0x1a)
	if !edge && !(alone && cell == "") && !strings.ContainsAny(cell, "\"\r\n"+string(rune(c.delimiter))) {
		return append(line, cell...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(cell, `"`, `""`)...)
	return append(line, '"')
}

// encodable returns an error where the encoding lacks a character of the cell.
func (c *CSVWriter) encodable(cell string, col int) error {
	if c.enc == nil {
		return nil
	}
	for _, r := range cell {
		if r < 0x80 || hasRune(c.enc, r) {
			continue
		}
		return fmt.Errorf("column %s: the encoding %s has no character %q", ColumnName(col), c.facts.Encoding, r)
	}
	return nil
}

func hasRune(e encoding.Encoding, r rune) bool {
	if m, ok := e.(*charmap.Charmap); ok {
		_, has := m.EncodeRune(r)
		return has && r >= 0xa0 // the controls before it are read by nobody
	}
	_, err := e.NewEncoder().String(string(r))
	return err == nil
}

// Flush writes what is held back. Nothing may be written after it.
func (c *CSVWriter) Flush() error {
	if err := c.out.Flush(); err != nil {
		return err
	}
	if c.closer != nil {
		return c.closer.Close()
	}
	return nil
}
