package sheet

import "bytes"

// inBreak is the length of the line break at the start of b, which starts with
// a CR, or 0.
func (p *csvParser) inBreak(b []byte) int {
	n := 1
	for !p.dialect.cr && n < len(b) && b[n] == '\r' {
		n++
	}
	if n < len(b) && b[n] == '\n' {
		return n + 1
	}
	if p.dialect.cr {
		return n
	}
	return 0
}

// breakAt is the length of the line break at b[i]: 0 where there is none, -1
// where more must be read to know.
func (p *csvParser) breakAt(b []byte, i int) int {
	if i >= len(b) {
		return 0
	}
	switch b[i] {
	case '\n':
		return 1
	case '\r':
		if n := p.inBreak(b[i:]); n > 0 && (p.eof || i+n < len(b) || b[i+n-1] == '\n') {
			return n
		}
		run := len(b[i:]) - len(bytes.TrimLeft(b[i:], "\r"))
		if i+run < len(b) {
			return 0
		}
		if p.eof {
			return run
		}
		return -1
	}
	return 0
}

// lineEnd finds the first line break in b and its length. At the end of the
// text that end counts as one, of length 0. It returns -1 to read on.
func (p *csvParser) lineEnd(b []byte) (at, size int) {
	at = bytes.IndexByte(b, '\n')
	if p.dialect.cr {
		return p.lineEndCR(b, at)
	}
	if at < 0 {
		if !p.eof {
			return -1, 0
		}
		at = len(b)
		end := len(bytes.TrimRight(b, "\r"))
		return end, at - end
	}
	end := at
	for end > 0 && b[end-1] == '\r' {
		end--
	}
	return end, at + 1 - end
}

func (p *csvParser) lineEndCR(b []byte, lf int) (at, size int) {
	line := b
	if lf >= 0 {
		line = b[:lf]
	}
	cr := bytes.IndexByte(line, '\r')
	switch {
	case cr < 0 && lf >= 0:
		return lf, 1
	case cr < 0 && p.eof:
		return len(b), 0
	case cr < 0:
		return -1, 0
	}
	if n := p.breakAt(b, cr); n > 0 {
		return cr, n
	}
	return -1, 0
}

// breaks counts the line breaks in b.
func (p *csvParser) breaks(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if p.dialect.cr {
		n += bytes.Count(b, []byte{'\r'}) - bytes.Count(b, []byte("\r\n"))
	}
	return n
}
