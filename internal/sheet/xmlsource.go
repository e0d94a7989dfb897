package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// xmlHead is how many bytes an XML declaration may have.
const xmlHead = 512

// xmlSource turns a part's bytes into UTF-8: from UTF-16, which its first bytes
// tell, or from what its declaration names. A byte order mark is left out.
func xmlSource(src io.Reader) (utf8 io.Reader, decoded bool, err error) {
	buffered := bufio.NewReaderSize(src, xmlHead)
	head, err := buffered.Peek(xmlHead)
	if err != nil && len(head) == 0 && err != io.EOF {
		return nil, false, err
	}
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err = buffered.Discard(3)
		return buffered, false, err
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("<\x00")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\x00<")):
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		if enc, err = declaredEncoding(head); enc == nil || err != nil {
			return buffered, false, err
		}
	}
	return enc.NewDecoder().Reader(buffered), true, nil
}

// UTF8 is a part of a workbook in UTF-8, whatever it was in; where it was in
// something else, its declaration is put right.
func UTF8(part io.Reader) (io.Reader, error) {
	text, decoded, err := xmlSource(part)
	if err != nil || !decoded {
		return text, err
	}
	rest := bufio.NewReaderSize(text, xmlHead)
	head, err := rest.Peek(xmlHead)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if end := bytes.Index(head, []byte("?>")); end >= 0 && bytes.HasPrefix(head, []byte("<?xml")) {
		_, _ = rest.Discard(end + len("?>")) // it was peeked at
	}
	return io.MultiReader(strings.NewReader(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`), rest), nil
}

// declaredEncoding is the encoding that a part's XML declaration names, nil
// for UTF-8.
func declaredEncoding(head []byte) (encoding.Encoding, error) {
	end := bytes.Index(head, []byte("?>"))
	if !bytes.HasPrefix(head, []byte("<?xml")) || end < 0 {
		return nil, nil
	}
	name := strings.ToLower(declared(head[:end], "encoding"))
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return nil, nil
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil || strings.HasPrefix(name, "utf-") {
		return nil, &xmlError{text: "the encoding " + name + " is not known or not that of the data"}
	}
	return enc, nil
}

// declared returns what an XML declaration gives for version or encoding.
func declared(declaration []byte, name string) string {
	_, rest, ok := bytes.Cut(declaration, []byte(name))
	if !ok {
		return ""
	}
	rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("="))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if !ok || len(rest) == 0 {
		return ""
	}
	value, _, ok := bytes.Cut(rest[1:], rest[:1])
	if !ok {
		return ""
	}
	return string(value)
}
