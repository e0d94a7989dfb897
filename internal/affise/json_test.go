package affise

import (
	"encoding/json"
	"math/big"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// plainly turns an element into what encoding/json makes of it.
func plainly(e element) any {
	switch e.kind() {
	case kindFalse, kindTrue:
		return e.kind() == kindTrue
	case kindNumber:
		return json.Number(e.text())
	case kindString:
		return e.text()
	case kindArray:
		list := []any{}
		for child := range e.children() {
			list = append(list, plainly(child))
		}
		return list
	case kindObject:
		object := map[string]any{}
		for child := range e.children() {
			object[child.name()] = plainly(child)
		}
		return object
	}
	return nil
}

// FuzzParse holds the parser to encoding/json: it takes the same texts and
// reads the same values.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"status":1,"offer":{"id":936,"title":"a\u00fc\ud83c\udfae\/\n","payments":[{"total":1.40e-2,"x":null}]},"id":-0}`,
		`[]`, `{}`, ` [ 1 , true,false , null,"" ] `, `{"a":1,"a":2}`, `"\ud83c"`, `"\ud83c\ud83c\udfae"`, `"\ud83cx"`, `"\udfae\ud83c"`,
		`01`, `1.`, `.5`, `-`, `1e`, `1e+`, `0.0`, `-0`, `[1,]`, `{"a":1,}`, `{a:1}`, `"a` + "\n" + `"`, `"\x"`, `"\u12g4"`, `nul`, `truex`, `1 2`, "", `{"\u0061":1}`,
		`{"a"`, `{"a":`, `["`, `"\`, `"\u00`, "\xff", "\"\xff\"", "\ufeff1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := parse(text)
		if valid := json.Valid(text); valid != (err == nil) {
			if strings.Count(string(text), "[")+strings.Count(string(text), "{") > maxDepth {
				return
			}
			t.Fatalf("%q: %v, but valid %v", text, err, valid)
		}
		if err != nil {
			return
		}
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if got := replaced(plainly(doc.root())); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %#v, want %#v", text, got, want)
		}
		for e := range doc.root().children() {
			if doc.root().kind() == kindObject && !doc.root().get(e.name()).exists() {
				t.Fatalf("%q: %s is not found", text, e.name())
			}
		}
	})
}

// replaced does to wrong UTF-8 what encoding/json does; the parser leaves it as
// it came, so that what is compared is what was stored.
func replaced(v any) any {
	switch v := v.(type) {
	case string:
		return fixed(v)
	case []any:
		for i := range v {
			v[i] = replaced(v[i])
		}
		return v
	case map[string]any:
		object := map[string]any{}
		for key, value := range v {
			object[fixed(key)] = replaced(value)
		}
		return object
	}
	return v
}

func fixed(text string) string {
	return string([]rune(text)) // each wrong byte is one U+FFFD
}

func TestNestingIsBounded(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, err := parse(deep(maxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := parse(deep(maxDepth + 1)); err == nil {
		t.Error("taken")
	}
	if _, err := parse([]byte(strings.Repeat(`{"a":`, 1_000_000))); err == nil {
		t.Error("taken")
	}
}

// FuzzDecimal holds the comparison of numbers to big.Rat.
func FuzzDecimal(f *testing.F) {
	for _, pair := range [][2]string{{"1.40", "1.4"}, {"0", "-0.0"}, {"10", "1e1"}, {"1e-2", "0.01"}, {"1", "10"}, {"", "0"}, {"1.", "1"}, {"00012.500", "12.5"}, {"-3", "3"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, okX := rational(a)
		y, okY := rational(b)
		if want := okX && okY && x.Cmp(y) == 0; sameNumber(a, []byte(b)) != want {
			t.Fatalf("%q and %q: same %v", a, b, !want)
		}
	})
}

// rational reads a decimal as big.Rat does, without the forms that only Rat has.
func rational(text string) (*big.Rat, bool) {
	number := regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)
	if !number.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
