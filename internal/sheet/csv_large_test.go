package sheet

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// largeCSV has rows of four columns; one of them is replaced.
func largeCSV(rows, at int, row string) []byte { return longCSV(rows, at, row, "") }

// longCSV has rows that end in a note.
func longCSV(rows, at int, row, note string) []byte {
	var b bytes.Buffer
	b.WriteString("id,name,url,note\n")
	for i := 2; i < rows+2; i++ {
		if i == at {
			b.WriteString(row + "\n")
			continue
		}
		n := strconv.Itoa(i)
		for _, text := range []string{n, ",Offer ", n, ",https://a.example/?o=", n, ",", note, "\n"} {
			b.WriteString(text)
		}
	}
	return b.Bytes()
}

// lastOf reads a table and returns its number of rows and the code of its error.
func lastOf(t *testing.T, data []byte) (rows int, code string) {
	t.Helper()
	table, err := openCSV(memorySource(data), Options{})
	if err != nil {
		return 0, errorCode(t, err)
	}
	for row, err := range table.rows() {
		switch {
		case err != nil:
			code = errorCode(t, err)
		case len(row.Flaws) > 0:
			t.Fatalf("row %d: %v", row.Number, row.Flaws)
		default:
			rows++
		}
	}
	return rows, code
}

// What the sample did not show is told when it comes, with its line.
func TestCSVPastTheSample(t *testing.T) {
	t.Parallel()
	const rows = 60_000
	note := strings.Repeat("a long note ", 25) // 20 MB: past the survey, too
	for _, c := range []struct{ name, row, want string }{
		{"a byte that is no UTF-8", "59000,Caf\xe9,u,", "bad_encoding@line 59000"},
		{"an unclosed quote", `59000,"Big sale,u,`, "unclosed_quote@line 59000"},
		{"a quote with a backslash", `59000,"say \"hi\" now",u,`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := openCSV(memorySource(longCSV(rows, 59_000, c.row, note)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			n, got, flaws := 0, "", 0
			for row, err := range table.rows() {
				if err != nil {
					got = errorCode(t, err)
					continue
				}
				n++
				flaws += len(row.Flaws)
			}
			if got != c.want || c.want != "" && n != 59_000-2 || c.want == "" && (n != rows || flaws == 0) {
				t.Errorf("got %q after %d rows with %d flaws, want %q", got, n, flaws, c.want)
			}
		})
	}
}

func TestCSVBetweenSampleAndSurvey(t *testing.T) {
	data := largeCSV(20_000, 19_000, `19000,"say \"hi\", now",u,`)
	if n, code := lastOf(t, data); n != 20_000 || code != "" {
		t.Errorf("backslashes: %d rows, %q", n, code)
	}
	data = largeCSV(20_000, 19_000, in(charmap.Windows1251, `19000,Казино онлайн,u,`))
	table, err := openCSV(memorySource(data), Options{})
	if err != nil || table.table.Facts.Encoding != "windows-1251" {
		t.Errorf("one Russian row: %v, %v", table, err)
	}
}

// An open quote at the top is found without reading the file to its end.
func TestCSVUnclosedQuoteIsFoundEarly(t *testing.T) {
	data := largeCSV(200_000, 3, `3,"Big sale,u,`)
	read := 0
	source := memorySource(data)
	source.open = func() (io.ReadCloser, error) {
		return io.NopCloser(countingReader{bytes.NewReader(data), &read}), nil
	}
	table, err := openCSV(source, Options{})
	if err != nil {
		t.Fatal(err)
	}
	read = 0
	code := ""
	for _, err := range table.rows() {
		if err != nil {
			code = errorCode(t, err)
		}
	}
	if code != "unclosed_quote@line 3" || read > 1<<20 {
		t.Errorf("got %q after %d bytes", code, read)
	}
}

type countingReader struct {
	r io.Reader
	n *int
}

func (c countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += n
	return n, err
}

// A long text in a cell is no unclosed quote.
func TestCSVLongCell(t *testing.T) {
	text := strings.Repeat("A line of prose, with a comma.\nAnd one more line\n", 4000)
	data := []byte("id,name,note\n1,A,\"" + text + "\"\n2,B,x\n")
	table, err := openCSV(memorySource(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []Row
	for row, err := range table.rows() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row)
	}
	if len(got) != 2 || got[0].Cell(2).Text != text || got[1].Line != 8003 || got[1].Number != 3 || len(got[0].Flaws) > 0 {
		t.Errorf("%d rows, the second on line %d", len(got), got[len(got)-1].Line)
	}
}

// However the bytes come in, the text is the same.
func TestDecodingByPieces(t *testing.T) {
	text := "Игра, Grüße; 日本 😀\r\nwörd\n"
	for name, enc := range map[string]encoding.Encoding{"utf-8": encoding.Nop, "utf-8-bom": encoding.Nop, "utf-16le": nil, "utf-16be": nil,
		"windows-1251": charmap.Windows1251, "shift-jis": japanese.ShiftJIS} {
		d := namedDecoding(name)
		want := text
		switch name {
		case "windows-1251":
			want = "Игра, пример\r\nслово\n"
		case "shift-jis":
			want = "日本のゲーム, ソフト\r\n表\n"
		}
		raw := want
		if name == "utf-8-bom" {
			raw = bom8 + want
		}
		if enc == nil {
			enc = utf16Encoding(d.wide)
		}
		raw = in(enc, raw)
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(raw), "one byte": iotest.OneByteReader(strings.NewReader(raw)),
			"half": iotest.HalfReader(strings.NewReader(raw)), "with the end": iotest.DataErrReader(strings.NewReader(raw))} {
			got, err := io.ReadAll(d.reader(r, "x.csv"))
			if err != nil || string(got) != want {
				t.Errorf("%s, %s: %q, %v", name, how, got, err)
			}
		}
	}
}

// Characters fall on the ends of the parser's buffers in every way.
func TestCSVCharactersAtBufferEnds(t *testing.T) {
	for shift := range 5 {
		row := "Ёлка и 日本 и 😀," + strings.Repeat("ж", 40) + ",u,\n"
		data := "id" + strings.Repeat("x", shift) + ",name,url,note\n" + strings.Repeat(row, 5000)
		if n, code := lastOf(t, []byte(data)); n != 5000 || code != "" {
			t.Errorf("%d rows, %q", n, code)
		}
	}
}

// A further table past the sample ends the rows, too, and is known when they end.
func TestCSVSecondTablePastTheSample(t *testing.T) {
	data := largeCSV(10_000, 0, "")
	data = append(data, "\nnote,url,name\n1,A,u\n"...)
	table, err := openCSV(memorySource(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n := 0
		for _, err := range table.rows() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if below := table.table.Below; n != 10_000 || len(below) != 1 || below[0].Row != 10_003 || below[0].Last != 10_004 {
			t.Errorf("%d rows, below %v", n, below)
		}
	}
}
