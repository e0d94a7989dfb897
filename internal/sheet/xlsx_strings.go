package sheet

import (
	"bytes"
	"errors"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// stringBlock is the size of the blocks that hold shared strings.
const stringBlock = 1 << 20

// sharedStrings are the texts that cells name by number, read when the first is
// asked for. They lie end to end in few large blocks: hundreds of thousands of
// strings of their own would cost several times as much.
type sharedStrings struct {
	zip     *archive
	part    string // blank where the workbook has none
	limit   int64  // bytes in all
	longest int    // bytes of one

	once   sync.Once
	err    error
	blocks []string
	ends   []stringEnd
	open   []byte // the block being filled
	size   int64
}

// stringEnd is where a string ends. It begins where the one before ends, or at
// its block's start.
type stringEnd struct{ block, offset uint32 }

// at returns a string by its number; ok is false where there is none.
func (s *sharedStrings) at(i int) (text string, ok bool, err error) {
	s.once.Do(s.load)
	if s.err != nil || i < 0 || i >= len(s.ends) {
		return "", false, s.err
	}
	end := s.ends[i]
	from := uint32(0)
	if i > 0 && s.ends[i-1].block == end.block {
		from = s.ends[i-1].offset
	}
	return s.blocks[end.block][from:end.offset], true, nil
}

func (s *sharedStrings) load() {
	if s.part == "" {
		return
	}
	s.err = s.zip.scan(s.part, func(x *xmlReader) error {
		var text []byte
		x.maxText = s.longest
		return x.children(func() (err error) {
			if string(x.name) != "si" {
				return x.skip()
			}
			if text, err = x.richText(text[:0]); err != nil {
				return err
			}
			return s.add(text)
		})
	})
	if errors.Is(s.err, errLongText) {
		s.err = s.zip.tooLarge("", "one of its cells holds more than "+sizeText(int64(s.longest)), "--max-cell")
	}
	s.blocks = append(s.blocks, string(s.open))
	s.open = nil
}

func (s *sharedStrings) add(text []byte) error {
	if s.size += int64(len(text)) + 8; s.size > s.limit {
		return s.zip.tooLarge("", "its cells hold more than "+sizeText(s.limit)+" of text", "--max-strings")
	}
	if len(s.open)+len(text) > stringBlock && len(s.open) > 0 {
		s.blocks = append(s.blocks, string(s.open))
		s.open = s.open[:0]
	}
	s.open = append(s.open, text...)
	s.ends = append(s.ends, stringEnd{uint32(len(s.blocks)), uint32(len(s.open))})
	return nil
}

// richText appends the text of the si or is element that has just begun: its own
// and that of its runs, without the phonetic guides beside it.
func (x *xmlReader) richText(dst []byte) ([]byte, error) {
	err := x.children(func() (err error) {
		switch string(x.name) {
		case "t":
			dst, err = x.escapedText(dst)
			return err
		case "r":
			return x.children(func() (err error) {
				if string(x.name) != "t" {
					return x.skip()
				}
				dst, err = x.escapedText(dst)
				return err
			})
		}
		return x.skip()
	})
	return dst, err
}

// escapedText appends the text of the element that has just begun, with Excel's
// own _xHHHH_ for characters that XML cannot hold decoded.
func (x *xmlReader) escapedText(dst []byte) ([]byte, error) {
	from := len(dst)
	dst, err := x.plainTextOf(dst)
	return append(dst[:from], decodeEscapes(dst[from:])...), err
}

// errLongText is a text of more than xmlReader.maxText bytes.
var errLongText = errors.New("a text is too long")

// plainTextOf appends the text of the element that has just begun.
func (x *xmlReader) plainTextOf(dst []byte) ([]byte, error) {
	for {
		kind, err := x.next()
		switch {
		case err != nil || kind == xmlEnd:
			return dst, err
		case kind == xmlText:
			if dst = append(dst, x.text...); x.maxText > 0 && len(dst) > x.maxText {
				return dst, errLongText
			}
		default:
			if err := x.skip(); err != nil {
				return dst, err
			}
		}
	}
}

// decodeEscapes decodes _xHHHH_ in place.
func decodeEscapes(b []byte) []byte {
	if bytes.IndexByte(b, '_') < 0 {
		return b
	}
	out := b[:0]
	for i := 0; i < len(b); i++ {
		r, n := escapeAt(b[i:])
		if n == 0 {
			out = append(out, b[i])
			continue
		}
		if utf16.IsSurrogate(r) {
			low, m := escapeAt(b[i+n:])
			if pair := utf16.DecodeRune(r, low); m > 0 && pair != utf8.RuneError {
				r, n = pair, n+m
			}
		}
		out = utf8.AppendRune(out, r)
		i += n - 1
	}
	return out
}

// escapeAt reads an _xHHHH_ at the start of b; n is 0 where there is none.
func escapeAt(b []byte) (r rune, n int) {
	if len(b) < 7 || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, 0
	}
	for _, c := range b[2:6] {
		d := hexDigit(c)
		if d < 0 {
			return 0, 0
		}
		r = r<<4 + d
	}
	return r, 7
}
