package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func scanAll(s *scanner) (string, error) {
	var out bytes.Buffer
	for {
		t, err := s.next()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return out.String(), err
		}
		out.Write(t.raw)
	}
}

// Whatever is cut into tokens is the same again when they are put together,
// however the bytes come.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{`<a b="1>2" c='"'><!-- > --><![CDATA[</a>]]>x</a>`, "<?xml version='1.0'?><!DOCTYPE a><a/>\n", "text", "<a", "<a b='", "<![CDATA[", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		whole, err := scanAll(scanBytes(raw))
		if err == nil && whole != string(raw) {
			t.Errorf("%q became %q", raw, whole)
		}
		slow, slowErr := scanAll(&scanner{src: iotest.OneByteReader(bytes.NewReader(raw)), buf: make([]byte, 1), held: -1})
		if slow != whole || (err == nil) != (slowErr == nil) {
			t.Errorf("%q byte by byte: %q %v, want %q %v", raw, slow, slowErr, whole, err)
		}
	})
}

func TestScannerTokens(t *testing.T) {
	s := scanBytes([]byte(`<x:a r:id="1>2" b='"/>'><b/>t<!--<c>--><![CDATA[<d>]]></x:a >`))
	var got []string
	for {
		tok, err := s.next()
		if err != nil {
			break
		}
		got = append(got, strings.Join([]string{"text", "start", "empty", "end", "cdata", "other"}[tok.kind:tok.kind+1], "")+":"+string(tok.name))
	}
	if want := "start:a empty:b text: other: cdata: end:a"; strings.Join(got, " ") != want {
		t.Errorf("tokens %v, want %s", got, want)
	}
}

func TestAttributes(t *testing.T) {
	tag := []byte("<c  r = \"A1\"\n s='3' r:id=\"x\"/>")
	if a, b, c := attr(tag, "r"), attr(tag, "s"), attr(tag, ":id"); a != "A1" || b != "3" || c != "x" {
		t.Errorf("attributes %q %q %q", a, b, c)
	}
	for _, c := range []struct{ got, want string }{
		{string(setAttr([]byte(`<a b="1"/>`), "c", "2")), `<a b="1" c="2"/>`},
		{string(setAttr([]byte(`<a>`), "c", "2")), `<a c="2">`},
		{string(setAttr([]byte(`<a c="1" />`), "c", "2")), `<a c="2" />`},
		{string(dropAttr([]byte(`<a b="1" c="2"/>`), "c")), `<a b="1"/>`},
		{string(dropAttr([]byte(`<a b="1" c="2"/>`), "b")), `<a c="2"/>`},
		{string(dropAttr([]byte("<a\n\tb = '1' c=\"2\">"), "b")), `<a c="2">`},
		{xmlText("a<b>&\"\x07_x0041_\r\n\t\xff"), "a&lt;b&gt;&amp;&quot;_x0007__x005F_x0041__x000D_\n\t\uFFFD"},
		{xmlValue("&lt;&#65;&#x42;&amp;lt;&unknown; &"), "<AB&lt;&unknown; &"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// The cells that are read the fastest way are read as they are the other way.
func TestUsualCells(t *testing.T) {
	tags := newPlainTags("")
	usual := 0
	for _, cell := range []string{`<c r="A1"/>`, `<c r="AB12" s="17"/>`, `<c r="XFD1048576" s="123" t="inlineStr"><is><t>a &lt; b</t></is></c>`, `<c r="B2" t="s"><v>7</v></c>`,
		`<c r="C3"><v>1.5</v></c>`, `<c r="C3"><v></v></c>`, `<c r="C3" t="str"><v>x</v></c>`, `<c r="C3"><f>A1</f><v>7</v></c>`, `<c r="b3"><v>7</v></c>`, `<c s="1" r="C3"><v>7</v></c>`,
		`<c r="C3"><v>7</v><extLst/></c>`, `<c r="C3" t="inlineStr"><is><t xml:space="preserve"> x</t></is></c>`, `<c r="C3"><v/></c>`, `<c r="C3"><!-- --><v>7</v></c>`, `<c><v>7</v></c>`, `<row>`} {
		rest := []byte(cell + strings.Repeat(" ", 64))
		got, size := usualCell(rest, "")
		want, wantSize, _ := plainCell(rest, &tags)
		if size == 0 {
			continue
		}
		usual++
		if got != want || size != wantSize || size != len(cell) {
			t.Errorf("%s: %+v %d, plainCell reads %+v %d", cell, got, size, want, wantSize)
		}
		if _, size := usualCell([]byte(cell), ""); size != 0 && len(cell) < 64 {
			t.Errorf("%s is read past the end of the buffer", cell)
		}
	}
	if usual != 6 {
		t.Errorf("%d cells were read the fastest way", usual)
	}
}

// What is read ahead is cut as what is there already, whatever the lengths of
// the pieces, held or not.
func TestScanAhead(t *testing.T) {
	var part strings.Builder
	part.WriteString("<sheetData>")
	for i, n := range []int{1, 100, stageSize - 20, stageSize + 1, stageSize, 3, 5 * stageSize, 10, scanBuffer, 7, 2*scanBuffer + 11, 1} {
		for range 40 / (1 + n>>12) {
			fmt.Fprintf(&part, `<row r="%d"><c>%s</c></row>`, i, strings.Repeat("x", n))
		}
		fmt.Fprintf(&part, `<row r="%d"><c>%s</c></row>`, i, strings.Repeat("y", n))
	}
	part.WriteString("</sheetData>")
	for _, hold := range []bool{false, true} {
		ahead := newBefore(io.NopCloser(strings.NewReader(part.String())))
		var got strings.Builder
		for s := newScanner(ahead); ; {
			tok, err := s.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if !hold || !tok.opens("row") {
				got.Write(tok.raw)
				continue
			}
			s.hold(tok)
			if err := skipElement(s, tok); err != nil {
				t.Fatal(err)
			}
			got.Write(s.heldBytes())
			s.release()
		}
		if got.String() != part.String() {
			t.Errorf("held %v: %d bytes came back of %d, or other ones", hold, got.Len(), part.Len())
		}
		if err := ahead.Close(); err != nil {
			t.Error(err)
		}
	}
	broken := errors.New("broken")
	s := newScanner(newBefore(io.NopCloser(io.MultiReader(strings.NewReader("<a>"), iotest.ErrReader(broken)))))
	for range 3 {
		if _, err := s.next(); err != nil {
			if err != broken {
				t.Error(err)
			}
			return
		}
	}
	t.Error("the error of what is read was lost")
}

func TestHasFormula(t *testing.T) {
	for row, want := range map[string]bool{`<row><c r="A1"><f>1+1</f><v>2</v></c></row>`: true, `<row><c r="A1" t="inlineStr"><is><t>off &lt;f</t></is></c><c><f/></c></row>`: true,
		`<row><c r="A1" t="inlineStr"><is><t>off &lt;f f</t></is></c></row>`: false, `<row/>`: false, ``: false, `<row><c><x:f>1</x:f></c></row>`: false} {
		if hasFormula([]byte(row), "") != want {
			t.Errorf("%s: %v", row, !want)
		}
	}
	if !hasFormula([]byte(`<x:row><x:c><x:f>1</x:f></x:c></x:row>`), "x:") {
		t.Error("a prefix")
	}
}
