package sheet

import "bytes"

// declaration reads <!-- … --> and the start of <![CDATA[. It is not done where
// b is too short to tell which.
func (x *xmlReader) declaration(b []byte) (done bool, err error) {
	const section = "<![CDATA["
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		x.pos += 4
		return true, x.comment()
	case bytes.HasPrefix(b, []byte(section)) && len(x.levels) > 0:
		x.pos += len(section)
		x.cdata = true
		return true, nil
	case len(b) < len(section):
		return false, nil
	}
	return false, x.wrong(0, "a document type or another declaration, which a workbook must not have, stands")
}

func (x *xmlReader) comment() error {
	for {
		if err := x.ensure(3); err != nil {
			return err
		}
		b := x.buf[x.pos:x.end]
		switch {
		case len(b) < 3:
			return x.cut("in the middle of a comment")
		case b[0] != '-' || b[1] != '-':
			if b[0] < ' ' && !isSpace(b[0]) {
				return x.wrong(0, "a character stands where it may not")
			}
			x.pos++
		case b[2] == '>':
			x.pos += 3
			return nil
		default:
			return x.wrong(0, "-- stands within a comment")
		}
	}
}

// instruction passes over <?target … ?>.
func (x *xmlReader) instruction() error {
	x.pos += 2
	if err := x.ensure(xmlMaxName + 1); err != nil {
		return err
	}
	b := x.buf[x.pos:x.end]
	n, colon := nameEnd(b, 0)
	if !isXMLName(b[:n], colon) || bytes.EqualFold(b[:n], []byte("xml")) {
		return x.wrong(0, "a processing instruction has no proper name")
	}
	if n+1 < len(b) && !isSpace(b[n]) && b[n] != '?' {
		return x.wrong(n, "a processing instruction has no proper name")
	}
	x.pos += n
	return x.pastInstruction()
}

func (x *xmlReader) pastInstruction() error {
	for {
		if err := x.ensure(2); err != nil {
			return err
		}
		b := x.buf[x.pos:x.end]
		switch {
		case len(b) < 2:
			return x.cut("in the middle of a processing instruction")
		case b[0] == '?' && b[1] == '>':
			x.pos += 2
			return nil
		case b[0] < ' ' && !isSpace(b[0]):
			return x.wrong(0, "a character stands where it may not")
		}
		x.pos++
	}
}

// prolog passes over the XML declaration, which may stand at the very start only.
func (x *xmlReader) prolog() error {
	if err := x.ensure(6); err != nil {
		return err
	}
	b := x.buf[x.pos:x.end]
	if !bytes.HasPrefix(b, []byte("<?xml")) || len(b) == 5 || !isSpace(b[5]) {
		return nil
	}
	if err := x.ensure(xmlHead); err != nil {
		return err
	}
	b = x.buf[x.pos:x.end]
	if i := bytes.Index(b, []byte("?>")); i >= 0 {
		if v := declared(b[:i], "version"); v != "" && v != "1.0" {
			return x.wrong(0, "an XML version other than 1.0 is declared")
		}
	}
	x.pos += 5
	return x.pastInstruction()
}
