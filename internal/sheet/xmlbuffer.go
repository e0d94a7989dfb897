package sheet

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"
)

// ensure makes n bytes ready from pos on, or as many as there are.
func (x *xmlReader) ensure(n int) error {
	for x.end-x.pos < n {
		if more, err := x.more(); err != nil || !more {
			return err
		}
	}
	return nil
}

// need is more where the part must not end.
func (x *xmlReader) need(where string) error {
	more, err := x.more()
	if err == nil && !more {
		return x.cut(where)
	}
	return err
}

// more reads further bytes, keeping those from pos on. It returns false where
// src has no more; err tells why.
func (x *xmlReader) more() (bool, error) {
	had := x.end - x.pos
	copy(x.buf, x.buf[x.pos:x.filled])
	x.base += int64(x.pos)
	x.end, x.filled, x.pos = had, x.filled-x.pos, 0
	if x.filled == len(x.buf) {
		if len(x.buf) >= xmlMaxTag {
			return false, x.wrong(0, "a tag is too long")
		}
		x.buf = slices.Grow(x.buf, len(x.buf))[:2*len(x.buf)]
	}
	for idle := 0; x.filled < len(x.buf) && x.err == nil; idle++ {
		n := 0
		n, x.err = x.src.Read(x.buf[x.filled:])
		if x.filled += n; n > 0 {
			idle = 0
		}
		if idle > 100 {
			x.err = io.ErrNoProgress
		}
	}
	if err := x.validate(); err != nil {
		return false, err
	}
	return x.end > had, nil
}

// validate moves end over the new bytes, all but a character's first half.
func (x *xmlReader) validate() error {
	b := x.buf[x.end:x.filled]
	cut := len(b)
	for i := len(b) - 1; i >= 0 && i > len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				cut = i
			}
			break
		}
	}
	sound := b[:cut]
	if !utf8.Valid(sound) || cut < len(b) && x.err == io.EOF {
		return x.wrong(x.end-x.pos, "a character is not valid UTF-8")
	}
	if x.isForbidden(sound) {
		return x.wrong(x.end-x.pos, "a character stands where it may not")
	}
	x.end += cut
	return nil
}

// isForbidden looks for the characters U+FFFE and U+FFFF, and for those that
// another encoding's decoder could not read.
func (x *xmlReader) isForbidden(b []byte) bool {
	return bytes.Contains(b, []byte("\uFFFE")) || bytes.Contains(b, []byte("\uFFFF")) ||
		x.decoded && bytes.Contains(b, []byte("\uFFFD"))
}

// fill reads on without checking, for what is only passed over; it keeps so much
// of what it had that no tag is cut in two.
func (x *xmlReader) fill() error {
	const keep = xmlMaxName + 16
	if x.filled > keep {
		from := x.filled - keep
		x.base += int64(from)
		x.filled = copy(x.buf, x.buf[from:x.filled])
	}
	n, err := x.src.Read(x.buf[x.filled:])
	x.filled += n
	if n > 0 {
		return nil
	}
	return err
}
