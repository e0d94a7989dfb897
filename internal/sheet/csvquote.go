package sheet

import (
	"bytes"
	"fmt"
)

// quoted cuts a record some of whose cells are quoted.
func (p *csvParser) quoted(b []byte) ([]Cell, int, error) {
	p.scratch, p.ends = p.scratch[:0], p.ends[:0]
	for pos := 0; ; {
		stop, err := p.cell(b, pos)
		if err != nil {
			return nil, 0, err
		}
		p.ends = append(p.ends, len(p.scratch))
		if stop < len(b) && p.isDelimiter(b[stop]) {
			pos = stop + 1
			continue
		}
		size := stop + max(0, p.breakAt(b, stop))
		if p.broken && p.swallowed(b[:stop]) {
			p.flaw(len(p.ends)-1, "unclosed_quote", fmt.Sprintf("a quote in this row spans %d lines that look like rows: "+
				"it was probably never closed; close it, or write a quote inside a cell twice", p.breaks(b[:stop])+1))
		}
		cells := p.cut()
		return cells, size, p.withinLimits(cells, len(p.scratch))
	}
}

// cut makes the cells of what the scratch holds, all on one string.
func (p *csvParser) cut() []Cell {
	text := string(p.scratch)
	cells := p.room()
	from := 0
	for _, end := range p.ends {
		cells = append(cells, textCell(text[from:end]))
		from = end
	}
	return p.keep(cells)
}

func (p *csvParser) isDelimiter(c byte) bool { return c == p.dialect.delimiter && c != 0 }

// cell appends the cell at pos to the scratch and returns where it ends: at a
// delimiter, a line break or the end of b.
func (p *csvParser) cell(b []byte, pos int) (int, error) {
	quote := p.skipBlanks(b, pos)
	if quote >= len(b) || b[quote] != '"' {
		return p.bare(b, pos)
	}
	from := len(p.scratch)
	flaws, broken := len(p.flaws), p.broken
	stop, err := p.quotedCell(b, quote)
	if quote > pos && err == nil && len(p.flaws) > flaws {
		// A blank, a quoted word and more text: words, not a quoted cell.
		p.scratch, p.flaws, p.broken = p.scratch[:from], p.flaws[:flaws], broken
		return p.bare(b, pos)
	}
	return stop, err
}

func (p *csvParser) skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') && !p.isDelimiter(b[i]) {
		i++
	}
	return i
}

// bare appends a cell without quotes around it, which ends with its line.
func (p *csvParser) bare(b []byte, pos int) (int, error) {
	if pos > p.stop {
		at, _ := p.lineEnd(b[pos:])
		if at < 0 {
			return 0, errMore
		}
		p.stop = pos + at
	}
	end := p.stop
	if p.dialect.delimiter != 0 {
		for from := pos; ; {
			i := bytes.IndexByte(b[from:p.stop], p.dialect.delimiter)
			if i < 0 {
				break
			}
			if end = from + i; !p.slashed(b[pos:end]) {
				break
			}
			from, end = end+1, p.stop
		}
	}
	if p.quote < pos {
		p.quote = p.stop
		if i := bytes.IndexByte(b[pos:p.stop], '"'); i >= 0 {
			p.quote = pos + i
		}
	}
	p.appendBare(b[pos:end], p.quote < end)
	return end, nil
}

// slashed tells whether a backslash makes the delimiter after b a part of the
// cell.
func (p *csvParser) slashed(b []byte) bool {
	return p.dialect.quoting == quoteBackslashed && (len(b)-len(bytes.TrimRight(b, `\`)))%2 == 1
}

// appendBare appends the text of a bare cell. Backslashes there mean what they
// mean in quotes.
func (p *csvParser) appendBare(b []byte, quotes bool) {
	const two = `\\"`
	switch {
	case p.dialect.quoting == quoteBackslashed:
		p.appendUnslashed(b)
	case !quotes:
		p.scratch = append(p.scratch, b...)
	case p.dialect.quoting == quoteTwoBackslash:
		p.odd = p.odd || bytes.Count(b, []byte(`"`)) > bytes.Count(b, []byte(two))
		p.scratch = append(p.scratch, bytes.ReplaceAll(b, []byte(two), []byte(`"`))...)
	default:
		p.odd = p.odd || bytes.Contains(b, []byte(`\"`))
		p.scratch = append(p.scratch, b...)
	}
}

// appendUnslashed drops the backslash before a quote, a backslash and the
// delimiter.
func (p *csvParser) appendUnslashed(b []byte) {
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			p.odd = true
		case b[i] == '\\' && i+1 < len(b) && (b[i+1] == '"' || b[i+1] == '\\' || p.isDelimiter(b[i+1])):
			i++
		}
		p.scratch = append(p.scratch, b[i])
	}
}

// quotedCell appends the cell whose opening quote is at open.
func (p *csvParser) quotedCell(b []byte, open int) (int, error) {
	looked := false
	for i := open + 1; ; {
		q := bytes.IndexByte(b[i:], '"')
		if inside := len(b) - open; (q < 0 || q+i-open > quoteLook) && !looked && inside > quoteLook {
			looked = true
			if err := p.overlong(b, open); err != nil {
				return 0, err
			}
		}
		if q < 0 {
			return 0, p.noQuote(b, open)
		}
		q += i
		if kept, literal := p.escaped(b, i, q); literal {
			p.appendText(b[i:kept])
			p.scratch = append(p.scratch, '"')
			i = q + 1
			continue
		}
		if q+1 == len(b) && !p.eof {
			return 0, errMore
		}
		if q+1 < len(b) && b[q+1] == '"' {
			p.appendText(b[i : q+1])
			i = q + 2
			continue
		}
		p.appendText(b[i:q])
		p.broken = p.broken || bytes.IndexByte(b[open:q], '\n') >= 0 || p.dialect.cr && bytes.IndexByte(b[open:q], '\r') >= 0
		stop, closed, err := p.closed(b, q+1)
		if err != nil || closed {
			return stop, err
		}
		if stop, err = p.stray(b, open, q); err != nil || stop > 0 {
			return stop, err
		}
		p.scratch = append(p.scratch, '"')
		i = q + 1
	}
}

// escaped tells whether backslashes make the quote at q, of a text that starts
// at from, a part of the cell, and where the text before them ends.
func (p *csvParser) escaped(b []byte, from, q int) (kept int, yes bool) {
	run := 0
	for q-run-1 >= from && b[q-run-1] == '\\' {
		run++
	}
	switch p.dialect.quoting {
	case quoteBackslashed:
		return q - 1, run%2 == 1
	case quoteTwoBackslash:
		return q - 2, run >= 2
	}
	return 0, false
}

// closed tells whether the quote before i ends its cell: blanks may follow, and
// then a delimiter, a line break or the end.
func (p *csvParser) closed(b []byte, i int) (stop int, yes bool, err error) {
	i = p.skipBlanks(b, i)
	if i == len(b) {
		if !p.eof {
			return 0, false, errMore
		}
		return i, true, nil
	}
	if p.isDelimiter(b[i]) {
		return i, true, nil
	}
	n := p.breakAt(b, i)
	if n < 0 {
		return 0, false, errMore
	}
	return i, n > 0, nil
}

// stray decides about a quote at q that stands in the middle of a quoted cell.
// It returns 0 where the cell goes on, and where it ends if the opening quote
// was a part of the text. Where neither is likely it is an error.
func (p *csvParser) stray(b []byte, open, q int) (int, error) {
	line := p.line + p.breaks(b[:open])
	end, _ := p.lineEnd(b[q:])
	if end < 0 {
		return 0, errMore
	}
	end += q
	if p.broken {
		return 0, p.fail(line, "unclosed_quote", fmt.Sprintf("%s is not closed: "+
			"the next one, on line %d, stands inside a text; delete it, or close it", p.opening(), p.line+p.breaks(b[:q])))
	}
	p.flawOnce(len(p.ends), "stray_quote", "a quote stands inside a quoted cell: write it twice, as in \"5\"\" screen\"")
	for i := q + 1; i < end; i++ {
		if b[i] != '"' {
			continue
		}
		if next := p.skipBlanks(b, i+1); next >= end || p.isDelimiter(b[next]) {
			return 0, nil
		}
	}
	start := bytes.LastIndexAny(b[:open], "\r\n") + 1
	if p.width > 0 && p.dialect.delimiter != 0 && bytes.Count(b[start:end], []byte{p.dialect.delimiter})+1 != p.width {
		return 0, p.fail(line, "stray_quote", "a quoted cell goes on after its closing quote, so nobody can tell where it ends: "+
			"write a quote inside a cell twice, as in \"5\"\" screen\"")
	}
	from := 0
	if len(p.ends) > 0 {
		from = p.ends[len(p.ends)-1]
	}
	p.scratch = p.scratch[:from]
	return p.bare(b, open)
}

// noQuote is what to do where b holds no further quote: read on, or say that
// the cell has no end.
func (p *csvParser) noQuote(b []byte, open int) error {
	line := p.line + p.breaks(b[:open])
	if p.eof {
		return p.fail(line, "unclosed_quote", p.opening()+" is never closed: delete it, or close it")
	}
	if len(b)-open > p.limits.CellLength {
		return p.fail(line, "unclosed_quote", fmt.Sprintf("%s is not closed within %d bytes: "+
			"delete it, or close it, or raise the limit with --max-cell", p.opening(), p.limits.CellLength))
	}
	return errMore
}

// overlong judges a quoted cell that has become long by the lines in it.
func (p *csvParser) overlong(b []byte, open int) error {
	if p.dialect.delimiter == 0 || p.width < 2 {
		return nil
	}
	lines, alike := 0, 0
	for rest := b[open:]; ; lines++ {
		at, size := p.lineEnd(rest)
		if at < 0 || size == 0 {
			break
		}
		if lines > 0 && bytes.Count(rest[:at], []byte{p.dialect.delimiter}) == p.width-1 {
			alike++
		}
		rest = rest[at+size:]
	}
	if share := alike * 10 / max(lines, 1); lines < 8 || share < 6 || p.width < 4 && share < 9 {
		return nil // prose has a comma a line, too
	}
	return p.fail(p.line+p.breaks(b[:open]), "unclosed_quote", fmt.Sprintf("%s is not closed "+
		"and the %d lines after it look like rows: delete it, or close it", p.opening(), lines))
}

// swallowed tells whether each line of a record could be a record of its own:
// then a quote that was never closed has met the quote of a later row.
func (p *csvParser) swallowed(record []byte) bool {
	lines, delimiter := 0, []byte{p.dialect.delimiter}
	for rest := record; ; {
		at, size := p.lineEnd(rest)
		line := rest
		if at >= 0 {
			line = rest[:at]
		}
		if p.dialect.delimiter == 0 || p.width < 2 || bytes.Count(line, delimiter) != p.width-1 {
			return false
		}
		lines++
		if at < 0 || size == 0 {
			break
		}
		rest = rest[at+size:]
	}
	return lines*(p.width-1) >= 6 // prose with one comma a line is no row
}

// appendText appends a part of a quoted cell, its line breaks as LF.
func (p *csvParser) appendText(b []byte) {
	if p.dialect.quoting == quoteBackslashed && bytes.IndexByte(b, '\\') >= 0 {
		b = bytes.ReplaceAll(b, []byte(`\\`), []byte(`\`))
	}
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			p.scratch = append(p.scratch, b...)
			return
		}
		p.scratch = append(p.scratch, b[:i]...)
		n := p.inBreak(b[i:])
		if n == 0 {
			p.scratch = append(p.scratch, '\r')
			n = 1
		} else {
			p.scratch = append(p.scratch, '\n')
		}
		b = b[i+n:]
	}
}
