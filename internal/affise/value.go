package affise

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Value is a node of a request body: a text, a list, or a map in its order.
// The zero Value is the empty text. It marshals to the JSON that PHP's reading
// of the encoded body would give.
type Value struct {
	text  string
	inner *inner // of a list or a map
	shape shape
}

// inner holds what a list or a map consists of, apart from the value because
// most values are leaves.
type inner struct {
	list   []Value
	fields []Field
}

// Field is one entry of a map.
type Field struct {
	Key   string
	Value Value
}

type shape uint8

const (
	shapeText shape = iota
	shapeList
	shapeMap
	shapeFile
)

// Text makes a leaf.
func Text(s string) Value { return Value{text: s} }

// List makes a list.
func List(items ...Value) Value { return Value{shape: shapeList, inner: &inner{list: items}} }

// Texts makes a list of leaves.
func Texts(items ...string) Value {
	list := make([]Value, len(items))
	for i, s := range items {
		list[i] = Text(s)
	}
	return List(list...)
}

// Map makes a map.
func Map(fields ...Field) Value { return Value{shape: shapeMap, inner: &inner{fields: fields}} }

// File makes a leaf that stands for a file's content; the text is its path.
func File(path string) Value { return Value{text: path, shape: shapeFile} }

// Cleared is what empties a stored list: a list of one empty text.
func Cleared() Value { return Texts("") }

// IsText tells whether the value is a leaf; the text is [Value.Str].
func (v Value) IsText() bool { return v.shape == shapeText }

// IsList tells whether the value is a list.
func (v Value) IsList() bool { return v.shape == shapeList }

// IsMap tells whether the value is a map.
func (v Value) IsMap() bool { return v.shape == shapeMap }

// IsFile tells whether the value is a file; its path is [Value.Str].
func (v Value) IsFile() bool { return v.shape == shapeFile }

// Str returns a leaf's text or a file's path, blank for any other value.
func (v Value) Str() string { return v.text }

// Items returns a list's items.
func (v Value) Items() []Value {
	if v.inner == nil {
		return nil
	}
	return v.inner.list
}

// Fields returns a map's entries in their order.
func (v Value) Fields() []Field {
	if v.inner == nil {
		return nil
	}
	return v.inner.fields
}

// Get follows a path of map keys; ok is false where it ends early.
func (v Value) Get(path ...string) (found Value, ok bool) {
	for _, key := range path {
		i := v.index(key)
		if i < 0 {
			return Value{}, false
		}
		v = v.inner.fields[i].Value
	}
	return v, true
}

// Set puts a value at a path, making maps on the way. A map's keys keep the
// order in which they came.
func (v *Value) Set(value Value, path ...string) {
	if len(path) == 0 {
		*v = value
		return
	}
	v.entry(path[0]).Set(value, path[1:]...)
}

// Append adds an item to the list at a key, making the list where there is none.
func (v *Value) Append(key string, item Value) {
	list := v.entry(key)
	if list.inner == nil {
		*list = List()
	}
	list.inner.list = append(list.inner.list, item)
}

// entry makes the value a map that has the key, and returns what stands there.
func (v *Value) entry(key string) *Value {
	v.shape = shapeMap
	if v.inner == nil {
		v.inner = &inner{}
	}
	i := v.index(key)
	if i < 0 {
		v.inner.fields = append(v.inner.fields, Field{Key: key})
		i = len(v.inner.fields) - 1
	}
	return &v.inner.fields[i].Value
}

func (v Value) index(key string) int {
	for i, f := range v.Fields() {
		if f.Key == key {
			return i
		}
	}
	return -1
}

// Leaves counts the variables that the value takes in a body; files are none.
func (v Value) Leaves() int {
	switch v.shape {
	case shapeText:
		return 1
	case shapeFile:
		return 0
	}
	n := 0
	for _, item := range v.Items() {
		n += item.Leaves()
	}
	for _, f := range v.Fields() {
		n += f.Value.Leaves()
	}
	return n
}

// MarshalJSON writes maps in their order, and a map whose keys are 0, 1, 2 …
// as a list, since PHP tells the two apart by nothing else.
func (v Value) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := v.writeJSON(&b)
	return b.Bytes(), err
}

func (v Value) writeJSON(b *bytes.Buffer) error {
	switch {
	case v.shape == shapeText, v.shape == shapeFile:
		return writeJSONText(b, v.text)
	case v.shape == shapeMap && !v.counts():
		b.WriteByte('{')
		for i, f := range v.Fields() {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSONText(b, f.Key); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := f.Value.writeJSON(b); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	}
	b.WriteByte('[')
	for i, item := range v.items() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := item.writeJSON(b); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

// counts tells whether a map's keys are 0, 1, 2 …
func (v Value) counts() bool {
	for i, f := range v.Fields() {
		if f.Key != strconv.Itoa(i) {
			return false
		}
	}
	return len(v.Fields()) > 0
}

// items returns the values of a list or of a map that counts.
func (v Value) items() []Value {
	if v.shape == shapeList {
		return v.Items()
	}
	items := make([]Value, len(v.Fields()))
	for i, f := range v.Fields() {
		items[i] = f.Value
	}
	return items
}

func writeJSONText(b *bytes.Buffer, s string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	b.Write(text)
	return nil
}
