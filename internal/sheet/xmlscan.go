package sheet

import (
	"bytes"
	"fmt"
	"io"
)

// xmlKind is what [xmlReader.next] met.
type xmlKind uint8

const (
	xmlEOF   xmlKind = iota
	xmlStart         // an element begins: name, attrs
	xmlEnd           // an element ends: name; an empty one too
	xmlText          // text, in one piece or several
)

// Bounds that no workbook comes near to; a part that passes one was made to hurt.
const (
	xmlBuffer   = 64 << 10
	xmlMaxTag   = 4 << 20 // a validation may name thousands of ranges in one attribute
	xmlMaxDepth = 64
	xmlMaxAttrs = 128
	xmlMaxName  = 256
)

// xmlError is a breach of XML's rules, or of what a workbook may hold of XML.
type xmlError struct {
	offset int64 // in bytes from the part's start, 0 where it does not matter
	text   string
}

func (e *xmlError) Error() string {
	if e.offset == 0 {
		return e.text
	}
	return fmt.Sprintf("%s at byte %d", e.text, e.offset)
}

type xmlAttr struct {
	name  []byte // with its prefix: r:id
	value []byte
}

// xmlLevel is where an open element's name begins among those of all, and where
// behind its prefix.
type xmlLevel struct{ name, local int }

// xmlReader is a pull tokenizer for the parts of a workbook. It does without
// document types, and so without entities of the file's own, and takes every
// other breach of the rules for an error: a reader that forgives drops rows
// unseen. It never recurses, and its memory does not grow with the part.
//
// name, attrs and text hold until the next call. Elements' names come without
// their prefix.
type xmlReader struct {
	name  []byte
	attrs []xmlAttr
	text  []byte

	maxText int // bytes that plainTextOf gathers; 0 = any number

	src    io.Reader
	err    error // of src, to be told once its bytes are used up
	buf    []byte
	pos    int   // buf[pos:end] is to be read
	end    int   // up to here it is sound UTF-8
	filled int   // up to here there are bytes
	base   int64 // offset of buf[0] in the part

	open    []byte     // names of the open elements with prefixes, one after the other
	levels  []xmlLevel // where in open they are
	empty   bool       // the element just begun ends at once
	started bool       // the root has begun
	decoded bool       // from another encoding: U+FFFD stands for what could not be
	cdata   bool       // within a CDATA section
	squares int        // how many ] the text before pos ends with
	scratch []byte     // decoded text and attribute values
}

// newXMLReader reads a part's bytes, in UTF-8 or what the part says it is in.
func newXMLReader(src io.Reader) (*xmlReader, error) {
	src, decoded, err := xmlSource(src)
	if err != nil {
		return nil, err
	}
	x := &xmlReader{src: src, decoded: decoded, buf: make([]byte, xmlBuffer)}
	return x, x.prolog()
}

// next returns what comes next. At the end of a whole document it returns
// xmlEOF, and only then has src been read to its own end.
func (x *xmlReader) next() (xmlKind, error) {
	if x.empty {
		x.empty = false
		return x.closeElement()
	}
	for {
		if x.cdata {
			if kind, err := x.cdataText(); kind == xmlText || err != nil {
				return kind, err
			}
			continue
		}
		if x.pos == x.end {
			if more, err := x.more(); err != nil {
				return xmlEOF, err
			} else if !more {
				return xmlEOF, x.finish()
			}
		}
		if x.buf[x.pos] != '<' {
			if kind, err := x.chars(); kind == xmlText || err != nil {
				return kind, err
			}
			continue
		}
		x.squares = 0
		kind, err := x.markup()
		if kind != xmlEOF || err != nil {
			return kind, err
		}
	}
}

// skip passes over the rest of the element that has just begun.
func (x *xmlReader) skip() error {
	for depth := 1; depth > 0; {
		kind, err := x.next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlStart:
			depth++
		case xmlEnd:
			depth--
		}
	}
	return nil
}

// children calls do for each element within the one that has just begun; do must
// read it to its end. Text between them is passed over.
func (x *xmlReader) children(do func() error) error {
	for {
		kind, err := x.next()
		if err != nil || kind == xmlEnd {
			return err
		}
		if kind == xmlStart {
			if err := do(); err != nil {
				return err
			}
		}
	}
}

// document reads a document to its end: read gets its root, just begun.
func (x *xmlReader) document(read func(x *xmlReader) error) error {
	kind, err := x.next()
	if err != nil {
		return err
	}
	if kind == xmlEOF {
		return &xmlError{text: "the part is empty"}
	}
	if err := read(x); err != nil {
		return err
	}
	_, err = x.next() // nothing but the end can follow the root
	return err
}

// attr returns the value of the attribute of that name, nil where it is missing.
func (x *xmlReader) attr(name string) []byte {
	for i := range x.attrs {
		if string(x.attrs[i].name) == name {
			return x.attrs[i].value
		}
	}
	return nil
}

// foreignAttr is attr for one with any prefix: id for r:id.
func (x *xmlReader) foreignAttr(local string) []byte {
	for _, a := range x.attrs {
		if i := bytes.IndexByte(a.name, ':'); i > 0 && string(a.name[i+1:]) == local {
			return a.value
		}
	}
	return nil
}

// markup reads what begins with <. It returns xmlEOF for what is passed over.
func (x *xmlReader) markup() (xmlKind, error) {
	for {
		b := x.buf[x.pos:x.end]
		if len(b) > 1 {
			switch b[1] {
			case '/':
				if n, err := x.endTag(b); n > 0 || err != nil {
					return xmlEnd, err
				}
			case '!':
				if done, err := x.declaration(b); done || err != nil {
					return xmlEOF, err
				}
			case '?':
				return xmlEOF, x.instruction()
			default:
				if n, err := x.startTag(b); n > 0 || err != nil {
					return xmlStart, err
				}
			}
		}
		if err := x.need("in the middle of a tag"); err != nil {
			return xmlEOF, err
		}
	}
}

// finish judges the end of the part.
func (x *xmlReader) finish() error {
	if x.err != io.EOF {
		return x.err
	}
	if len(x.levels) > 0 {
		return x.cut(fmt.Sprintf("before </%s>", x.open[x.levels[len(x.levels)-1].name:]))
	}
	if !x.started {
		return x.cut("before it begins")
	}
	return nil
}

// cut is the error of a part that ends where it must not.
func (x *xmlReader) cut(where string) error {
	if x.err != io.EOF {
		return x.err
	}
	return x.wrong(0, "the data ends "+where)
}

// wrong makes an error of what stands i bytes after pos.
func (x *xmlReader) wrong(i int, text string) error {
	return &xmlError{offset: x.base + int64(x.pos+i), text: text}
}
