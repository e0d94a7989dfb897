package reports

import (
	"bytes"
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
