package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// tokens writes down what the tokenizer makes of a document: (name a="b" text ).
func tokens(src io.Reader) (string, error) {
	x, err := newXMLReader(src)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		kind, err := x.next()
		switch {
		case err != nil:
			return b.String(), err
		case kind == xmlEOF:
			return b.String(), nil
		case kind == xmlStart:
			fmt.Fprintf(&b, "(%s", x.name)
			for _, a := range x.attrs {
				fmt.Fprintf(&b, " %s=%q", a.name, a.value)
			}
			b.WriteByte('|')
		case kind == xmlEnd:
			fmt.Fprintf(&b, "|%s)", x.name)
		default:
			b.Write(x.text)
		}
	}
}

func TestXMLTokens(t *testing.T) {
	long := strings.Repeat("0123456789&amp;\r\n", 10_000)
	for in, want := range map[string]string{
		`<a/>`:                                           `(a||a)`,
		`<?xml version="1.0"?><a></a >` + "\n":           `(a||a)`,
		"\xEF\xBB\xBF<a>x</a><!-- end -->":               `(a|x|a)`,
		`<p:a xmlns:p="u" b = '1"'><p:c/></p:a>`:         `(a xmlns:p="u" b="1\""|(c||c)|a)`,
		`<a b="&lt;&#65;&#x42;&quot;&apos;">&gt;</a>`:    `(a b="<AB\"'"|>|a)`,
		"<a b='1\n\t2'>1\r\n2\r3\n</a>":                  "(a b=\"1  2\"|1\n2\n3\n|a)",
		`<a>x<![CDATA[<&]]]]><![CDATA[>]]>y</a>`:         `(a|x<&]]>y|a)`,
		`<a>x<!-- <b> & -->y<?p <c> ?>z</a>`:             `(a|xyz|a)`,
		`<a>]] > ]</a>`:                                  `(a|]] > ]|a)`,
		`<a>` + long + `</a>`:                            `(a|` + strings.Repeat("0123456789&\n", 10_000) + `|a)`,
		`<a b="` + strings.Repeat("A1 ", 50_000) + `"/>`: `(a b="` + strings.Repeat("A1 ", 50_000) + `"||a)`,
		"<a>\u00fc\u65e5\U0001F600</a>":                  "(a|\u00fc\u65e5\U0001F600|a)",
	} {
		for name, src := range map[string]io.Reader{
			"whole":    strings.NewReader(in),
			"one byte": iotest.OneByteReader(strings.NewReader(in)),
		} {
			if got, err := tokens(src); got != want || err != nil {
				t.Errorf("%.60q, %s: %.100q, %v, want %.100q", in, name, got, err, want)
			}
		}
	}
}

func TestXMLErrors(t *testing.T) {
	for in, want := range map[string]string{
		``:                                    "ends before it begins",
		`  `:                                  "ends before it begins",
		`<a>`:                                 "ends before </a> at byte 3",
		`<a><b></a></b>`:                      "another closing tag stands where </b> should",
		`<a></ab>`:                            "another closing tag",
		`<a></b`:                              "tag",
		`<a`:                                  "ends in the middle of a tag",
		`</a>`:                                "no opening one",
		`<a/><b/>`:                            "something follows",
		`<a/>x`:                               "text stands outside",
		`x<a/>`:                               "text stands outside",
		`<a b/>`:                              "has no value",
		`<a b=1/>`:                            "no quotes",
		`<a b="1"c="2"/>`:                     "not well-formed",
		`<a b="1" b="2"/>`:                    "stands twice at byte 9",
		`<a b="<"/>`:                          "may not",
		`<1/>`:                                "no proper name",
		`<a:b:c/>`:                            "no proper name",
		`<a: b="1"/>`:                         "no proper name",
		`<ü/>`:                                "no",
		`<a>&nbsp;</a>`:                       "not known at byte 3",
		`<a>& </a>`:                           "&",
		`<a>&#0;</a>`:                         "not known",
		`<a>&#x110000;</a>`:                   "not known",
		`<a>]]></a>`:                          "may not at byte 5",
		"<a>\x01</a>":                         "may not",
		"<a>\uFFFE</a>":                       "may not",
		"<a>\xff</a>":                         "UTF-8",
		"<a>\xe2\x82":                         "UTF-8",
		`<!DOCTYPE a><a/>`:                    "document type",
		`<!DOCTYPE a [<!ENTITY x "y">]>`:      "document type",
		`<a><!-- -- --></a>`:                  "-- stands",
		`<a><!-- `:                            "comment",
		`<a><![CDATA[ `:                       "CDATA",
		`<![CDATA[x]]><a/>`:                   "declaration",
		`<a/><?xml version="1.0"?>`:           "processing instruction",
		` <?xml version="1.0"?><a/>`:          "processing instruction",
		`<?xml version="1.1"?><a/>`:           "version",
		`<?xml encoding="klingon"?><a/>`:      "encoding klingon",
		`<?xml encoding="utf-16"?><a/>`:       "encoding utf-16",
		`<?p `:                                "processing instruction",
		strings.Repeat("<a>", 100):            "too deep",
		"<" + strings.Repeat("a", 300) + "/>": "no proper name",
		"<a" + strings.Repeat(" a", 200):      "has no value",
		"<a b='" + strings.Repeat("a", xmlMaxTag) + "'/>": "too long",
	} {
		got, err := tokens(strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %.60s, %v, want an error with %q", in, got, err, want)
		}
	}
	var many strings.Builder
	for i := range 200 {
		fmt.Fprintf(&many, " a%d=''", i)
	}
	if _, err := tokens(strings.NewReader("<a" + many.String() + "/>")); err == nil {
		t.Error("200 attributes are taken")
	}
}

func TestXMLEncodings(t *testing.T) {
	text := `<?xml version="1.0" encoding="%s"?><a b="é">Grüße</a>`
	want := `(a b="é"|Grüße|a)`
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) func(string) (string, error) {
		return unicode.UTF16(e, bom).NewEncoder().String
	}
	for _, c := range []struct {
		name, declared string
		encode         func(string) (string, error)
	}{
		{"LE with mark", "UTF-16", utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"BE with mark", "UTF-16", utf16(unicode.BigEndian, unicode.UseBOM)},
		{"LE", "UTF-16", utf16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"BE", "UTF-16", utf16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"Latin", "ISO-8859-1", charmap.ISO8859_1.NewEncoder().String},
		{"Windows", "windows-1252", charmap.Windows1252.NewEncoder().String},
	} {
		in, err := c.encode(fmt.Sprintf(text, c.declared))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tokens(strings.NewReader(in)); got != want || err != nil {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if strings.HasPrefix(c.declared, "UTF") {
			if got, err := tokens(strings.NewReader(in[:len(in)-1])); err == nil {
				t.Errorf("%s without its last byte: %q", c.name, got)
			}
		}
	}
}

// A reader's own error comes through, after all that was read before it.
func TestXMLSourceError(t *testing.T) {
	broken := errors.New("broken")
	got, err := tokens(io.MultiReader(strings.NewReader("<a>"), iotest.ErrReader(broken)))
	if got != "(a|" || !errors.Is(err, broken) {
		t.Errorf("%q, %v", got, err)
	}
}

// What the tokenizer takes, encoding/xml takes too and reads alike.
func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><a:b c="d&amp;" e='f'>g<h/>&#x41;</a:b>`,
		"<a>\r\n]]<![CDATA[ ]] ]]>x<!-- - --><?pi x?></a> ", "<a\t b\n=\r'1\t\n2'/>", "\xEF\xBB\xBF<a>\u00fc</a>",
		`<a>]]></a>`, `<!DOCTYPE a><a/>`, `<a b="1" b="2"/>`, "\xFF\xFE<\x00a\x00/\x00>\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := tokens(bytes.NewReader(in))
		if slow, slowErr := tokens(iotest.OneByteReader(bytes.NewReader(in))); slow != got || (slowErr == nil) != (err == nil) {
			t.Fatalf("%q: %q, %v; byte by byte %q, %v", in, got, err, slow, slowErr)
		}
		if err != nil {
			return
		}
		if want, err := standardTokens(in); err != nil || want != got {
			t.Fatalf("%q: %q, encoding/xml: %q, %v", in, got, want, err)
		}
	})
}

// standardTokens is tokens by encoding/xml.
func standardTokens(in []byte) (string, error) {
	src, _, err := xmlSource(bytes.NewReader(in))
	if err != nil {
		return "", err
	}
	d := xml.NewDecoder(src)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var b strings.Builder
	local := func(n xml.Name) string { return n.Local }
	for depth := 0; ; {
		tok, err := d.RawToken()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			depth++
			fmt.Fprintf(&b, "(%s", local(tok.Name))
			for _, a := range tok.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				fmt.Fprintf(&b, " %s=%q", name, plainSpaces(a.Value))
			}
			b.WriteByte('|')
		case xml.EndElement:
			depth--
			fmt.Fprintf(&b, "|%s)", local(tok.Name))
		case xml.CharData:
			if depth > 0 {
				b.Write(tok)
			}
		}
	}
}

func plainSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, s)
}
