package affise

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// MaxVariables is how many values one request may carry. A server that parses
// as PHP does cuts a body at 1,000 (max_input_vars) without a word, so Encode
// refuses more than this before anything is sent. Files do not count.
const MaxVariables = 950

// MaxFiles is how many files one request may carry: PHP drops the rest, again
// without a word (max_file_uploads).
const MaxFiles = 20

// formType is the content type of a body without files.
const formType = "application/x-www-form-urlencoded"

// Body is an encoded request body, ready to be sent.
type Body struct {
	ContentType string
	Length      int64                         // in bytes, exactly what Open's reader gives
	Open        func() (io.ReadCloser, error) // starts the body anew; opens the files it needs
}

// Encode writes a tree as PHP reads it: bracket keys in the tree's own order,
// lists of leaves as key[]=, lists of maps as key[0][sub]= with indexes 0, 1, 2
// … without holes. It is urlencoded, or multipart/form-data with the file parts
// first as soon as the tree holds a file; files are streamed from disk.
//
// A tree of more than [MaxVariables] values or [MaxFiles] files, and a file
// that is missing or that the API does not take, is an *[Error] with the
// outcome [Rejected]; its Call is left to the caller.
func Encode(body Value) (Body, error) {
	leaves, files := body.Leaves(), body.uploads(nil, "")
	if leaves > MaxVariables {
		return Body{}, &Error{Outcome: Rejected, Message: fmt.Sprintf(
			"the offer has %d values, and one request carries at most %d: servers drop what is above 1000 without a word", leaves, MaxVariables)}
	}
	if len(files) > MaxFiles {
		return Body{}, &Error{Outcome: Rejected, Message: fmt.Sprintf(
			"the offer has %d files, and one request carries at most %d", len(files), MaxFiles)}
	}
	if len(files) > 0 {
		return encodeMultipart(body)
	}
	form := AppendForm(make([]byte, 0, 64+40*leaves), body)
	return Body{ContentType: formType, Length: int64(len(form)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(form)), nil
	}}, nil
}

// AppendForm appends the urlencoded form of a tree to dst and returns the
// longer slice. Files have no urlencoded form and are left out, as are empty
// lists and maps.
func AppendForm(dst []byte, body Value) []byte {
	start := len(dst)
	w := walker{open: "%5B", shut: "%5D", key: appendEscaped, leaf: func(name []byte, v Value) {
		if v.shape == shapeFile {
			return
		}
		if len(dst) > start {
			dst = append(dst, '&')
		}
		dst = append(dst, name...)
		dst = append(dst, '=')
		dst = appendEscaped(dst, v.text)
	}}
	w.walk(body)
	return dst
}

// walker names the leaves of a tree in PHP's bracket form, in the tree's order.
// The name it hands to leaf is good until leaf returns.
type walker struct {
	open, shut string
	key        func(dst []byte, key string) []byte
	leaf       func(name []byte, v Value)
}

func (w *walker) walk(body Value) {
	name := make([]byte, 0, 128)
	for _, f := range body.Fields() {
		w.node(w.key(name, f.Key), f.Value)
	}
}

func (w *walker) node(name []byte, v Value) {
	switch v.shape {
	case shapeMap:
		for _, f := range v.Fields() {
			sub := append(name, w.open...)
			sub = append(w.key(sub, f.Key), w.shut...)
			w.node(sub, f.Value)
		}
	case shapeList:
		w.list(name, v.Items())
	default:
		w.leaf(name, v)
	}
}

// list leaves the index out where all items are leaves. Elsewhere an item that
// has no encoding takes no index, so that no hole makes PHP see a map.
func (w *walker) list(name []byte, items []Value) {
	if leavesOnly(items) {
		name = append(append(name, w.open...), w.shut...)
		for _, item := range items {
			w.leaf(name, item)
		}
		return
	}
	n := 0
	for _, item := range items {
		if !item.encodes() {
			continue
		}
		sub := strconv.AppendInt(append(name, w.open...), int64(n), 10)
		w.node(append(sub, w.shut...), item)
		n++
	}
}

func leavesOnly(items []Value) bool {
	for _, item := range items {
		if item.shape == shapeList || item.shape == shapeMap {
			return false
		}
	}
	return true
}

// encodes tells whether anything of a value stands in a body.
func (v Value) encodes() bool {
	for _, item := range v.Items() {
		if item.encodes() {
			return true
		}
	}
	for _, f := range v.Fields() {
		if f.Value.encodes() {
			return true
		}
	}
	return v.shape == shapeText || v.shape == shapeFile
}

// appendEscaped writes text as application/x-www-form-urlencoded: letters,
// digits and *-._ stand for themselves, a blank is a +.
func appendEscaped(dst []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	done := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if plain(c) {
			continue
		}
		dst = append(dst, text[done:i]...)
		done = i + 1
		if c == ' ' {
			dst = append(dst, '+')
			continue
		}
		dst = append(dst, '%', hex[c>>4], hex[c&15])
	}
	return append(dst, text[done:]...)
}

// plain tells whether a byte stands for itself in a form.
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' ||
		c == '_' || c == '.' || c == '-' || c == '*'
}
