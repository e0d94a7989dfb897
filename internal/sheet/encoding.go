package sheet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoding is a text's encoding and how to read it as UTF-8.
type decoding struct {
	name  string            // as in Facts
	twice bool              // UTF-8 that was turned into UTF-8 once more
	wide  binary.ByteOrder  // of UTF-16
	enc   encoding.Encoding // of anything but UTF-8 and UTF-16
}

// namedDecoding is the decoding of a name that [findDecoding] knows.
func namedDecoding(name string) decoding {
	d, _ := findDecoding(name)
	return d
}

// KnowsEncoding tells whether there is an encoding of that name.
func KnowsEncoding(name string) bool {
	_, ok := findDecoding(name)
	return ok
}

// findDecoding finds an encoding by its name in [Facts], by a code page's number
// or by an IANA name.
func findDecoding(name string) (decoding, bool) {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
	if page, ok := strings.CutPrefix(name, "cp"); ok && len(page) == 4 {
		name = "windows-" + page
	}
	switch name {
	case "utf-8", "utf8":
		return decoding{name: "utf-8"}, true
	case "utf-8-bom", "utf-8-sig":
		return decoding{name: "utf-8-bom"}, true
	case "utf-8-twice":
		return decoding{name: "utf-8-twice", twice: true}, true
	case "utf-16", "utf16", "utf-16le", "unicode":
		return decoding{name: "utf-16le", wide: binary.LittleEndian}, true
	case "utf-16be":
		return decoding{name: "utf-16be", wide: binary.BigEndian}, true
	case "shift-jis", "cp932", "windows-31j":
		return decoding{name: "shift-jis", enc: japanese.ShiftJIS}, true
	case "cp850", "ibm850":
		return decoding{name: "ibm850", enc: charmap.CodePage850}, true
	case "cp437", "ibm437":
		return decoding{name: "ibm437", enc: charmap.CodePage437}, true
	case "iso-8859-1", "latin1":
		return decoding{name: "iso-8859-1", enc: charmap.Windows1252}, true
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return decoding{}, false
	}
	canonical, err := htmlindex.Name(enc)
	if err != nil || canonical == "replacement" || canonical == "x-user-defined" {
		return decoding{}, false
	}
	return decoding{name: canonical, enc: enc}, true
}

// reader decodes r. A byte that the encoding has no character for is an error
// without a place, which the parser adds; the text before it comes first.
func (d decoding) reader(r io.Reader, file string) io.Reader {
	bad := &FileError{File: file, Code: "bad_encoding", Text: fmt.Sprintf("the text holds bytes that are not %s: "+
		"save the file as UTF-8, or name its encoding with --encoding", d.name)}
	if d.wide == nil && d.enc == nil && !d.twice {
		return &utf8Reader{src: r, bad: bad, first: true}
	}
	return &decodeReader{src: r, bad: bad, decode: d.decoder(), in: make([]byte, 0, 32<<10)}
}

// decoder returns a function that appends the decoded start of in to out and
// tells how much of in it took; valid is false at a byte that means nothing.
func (d decoding) decoder() decodeFunc {
	if d.twice {
		return twiceDecoder()
	}
	switch enc := d.enc.(type) {
	case nil:
		return utf16Decoder(d.wide)
	case *charmap.Charmap:
		return charmapDecoder(enc)
	default:
		return multibyteDecoder(enc)
	}
}

type decodeFunc func(out, in []byte, eof bool) (_ []byte, taken int, valid bool)

// utf16Encoding writes UTF-16 without a mark of its own.
func utf16Encoding(order binary.ByteOrder) encoding.Encoding {
	end := unicode.LittleEndian
	if order == binary.ByteOrder(binary.BigEndian) {
		end = unicode.BigEndian
	}
	return unicode.UTF16(end, unicode.IgnoreBOM)
}

func utf16Decoder(order binary.ByteOrder) decodeFunc {
	first := true
	return func(out, in []byte, eof bool) ([]byte, int, bool) {
		i := 0
		for ; i+1 < len(in); i += 2 {
			r := rune(order.Uint16(in[i:]))
			if first {
				first = false
				if r == 0xfeff {
					continue
				}
			}
			if utf16.IsSurrogate(r) {
				if i+3 >= len(in) && !eof {
					return out, i, true
				}
				if i+3 < len(in) {
					r = utf16.DecodeRune(r, rune(order.Uint16(in[i+2:])))
				}
				if utf16.IsSurrogate(r) || r == utf8.RuneError {
					return out, i, false
				}
				i += 2
			}
			out = utf8.AppendRune(out, r)
		}
		return out, i, !eof || i == len(in)
	}
}

func charmapDecoder(m *charmap.Charmap) decodeFunc {
	var table [256]rune
	for i := range table {
		table[i] = m.DecodeByte(byte(i))
	}
	return func(out, in []byte, _ bool) ([]byte, int, bool) {
		for i, c := range in {
			r := table[c]
			if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
				return out, i, false
			}
			out = utf8.AppendRune(out, r)
		}
		return out, len(in), true
	}
}

// multibyteDecoder decodes by x/text, which writes U+FFFD for what it cannot
// read: none of these encodings has that character itself.
func multibyteDecoder(enc encoding.Encoding) decodeFunc {
	d := enc.NewDecoder()
	return func(out, in []byte, eof bool) ([]byte, int, bool) {
		buf := make([]byte, 3*len(in)+utf8.UTFMax)
		n, taken, err := d.Transform(buf, in, eof)
		text := buf[:n]
		if bad := bytes.Index(text, []byte("\ufffd")); bad >= 0 {
			return append(out, text[:bad]...), taken, false
		}
		return append(out, text...), taken, err == nil || err == transform.ErrShortSrc && !eof
	}
}

// decodeReader reads by a decodeFunc.
type decodeReader struct {
	src    io.Reader
	bad    error
	decode decodeFunc
	in     []byte // read and not yet decoded
	out    []byte // decoded and not yet handed over
	given  int
	err    error
}

func (d *decodeReader) Read(p []byte) (int, error) {
	for d.given == len(d.out) {
		if d.err != nil {
			return 0, d.err
		}
		d.more()
	}
	n := copy(p, d.out[d.given:])
	d.given += n
	return n, nil
}

func (d *decodeReader) more() {
	held := len(d.in)
	n, err := d.src.Read(d.in[held:cap(d.in)])
	d.in = d.in[:held+n]
	var taken int
	var valid bool
	d.out, taken, valid = d.decode(d.out[:0], d.in, err == io.EOF)
	d.given = 0
	d.in = d.in[:copy(d.in, d.in[taken:])]
	d.err = err
	if !valid {
		d.err = d.bad
	}
}

// utf8Reader passes valid UTF-8 on and stops at the first byte that is not.
type utf8Reader struct {
	src   io.Reader
	bad   error
	first bool
	held  []byte // the start of a character whose end is not read yet
	spare []byte // text for which the caller's buffer was too small
	err   error
}

const bom8 = "\xef\xbb\xbf"

func (u *utf8Reader) Read(p []byte) (int, error) {
	if len(u.spare) == 0 && u.err != nil {
		return 0, u.err
	}
	if len(u.spare) == 0 && len(p) > utf8.UTFMax+len(bom8) {
		return u.read(p), nil
	}
	if len(u.spare) == 0 {
		u.spare = make([]byte, 64)
		u.spare = u.spare[:u.read(u.spare)]
	}
	n := copy(p, u.spare)
	u.spare = u.spare[n:]
	return n, nil
}

// read reads valid text into p and keeps the error that ends it, if any.
func (u *utf8Reader) read(p []byte) int {
	n := copy(p, u.held)
	u.held = u.held[:0]
	least := 1
	if u.first {
		least = len(bom8)
	}
	m, err := io.ReadAtLeast(u.src, p[n:], least)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	n += m
	if u.first {
		n = copy(p, bytes.TrimPrefix(p[:n], []byte(bom8)))
	}
	u.first = false
	good := validPrefix(p[:n])
	rest := p[good:n]
	if len(rest) > 0 && (err != nil || utf8.FullRune(rest)) {
		err = u.bad
	} else {
		u.held = append(u.held, rest...)
	}
	u.err = err
	return good
}

// validPrefix is how much of b is valid UTF-8 before the first byte that is not.
func validPrefix(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	i := 0
	for i < len(b) {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		i += size
	}
	return i
}
