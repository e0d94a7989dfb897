package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// dump writes the tables of a JSON text as lines, with the place of each cell.
func dump(t *testing.T, text string) ([]string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	book, err := Open([]string{path}, Options{})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	var lines []string
	for _, table := range book.Tables {
		for row, err := range table.Rows() {
			if err != nil {
				return nil, err
			}
			line := fmt.Sprintf("%s %d", table.Sheet, row.Number)
			for col := range table.Header {
				if c := row.Cell(col); c.Kind != Blank {
					line += fmt.Sprintf(" | %s=%s", table.Place(col, row.Number), c.Text)
				}
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func TestJSONBecomesTables(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a list, numbers as they are written": {
			`[{"id":936,"total":2.50,"big":12345678901234567890,"no":null,"on":true},{"id":7,"late":1e3}]`,
			[]string{"export 1 | [0].id=936 | [0].total=2.50 | [0].big=12345678901234567890 | [0].on=TRUE", "export 2 | [1].id=7 | [1].late=1e3"},
		},
		"an envelope, lists of values, dotted paths": {
			`{"status":1,"offers":[{"t":{"en":"a"},"tags":["x","y, z"]}],"pagination":{"page":1}}`,
			[]string{`offers 1 | offers[0].t.en=a | offers[0].t{}=en:a | offers[0].tags=x, "y, z"`},
		},
		"children see the row above, and it sees them as lists": {
			`{"offers":[{"id":1,"p":[{"g":"a","total":2},{"total":3,"c":[{"n":5}]}]},{"id":2,"p":[]},{"p":[{"g":"z"}],"id":3}]}`,
			[]string{
				"offers 1 | offers[0].id=1 | offers[0].p[].g=a,  | offers[0].p[].total=2, 3",
				"offers 2 | offers[1].id=2",
				"offers 3 | offers[2].id=3 | offers[2].p[].g=z",
				"offers.p 1 | offers[0].p[0].g=a | offers[0].p[0].total=2 | offers[0].id=1",
				"offers.p 2 | offers[0].p[1].total=3 | offers[0].p[1].c[].n=5 | offers[0].id=1",
				"offers.p 3 | offers[2].p[0].g=z | offers[2].id=3",
				"offers.p.c 1 | offers[0].p[1].c[0].n=5 | offers[0].p[1].total=3 | offers[0].id=1",
			},
		},
		"lines":      {`{"id":1,"p":[{"a":1}]}` + "\n" + `{"id":2}`, []string{"export 1 | [0].id=1 | [0].p[].a=1", "export 2 | [1].id=2", "export.p 1 | [0].p[0].a=1 | [0].id=1"}},
		"one object": {`{"status":1,"offer":{"id":5,"p":[{"a":1}]}}`, []string{"offer 1 | offer.id=5 | offer.p[].a=1", "offer.p 1 | offer.p[0].a=1 | offer.id=5"}},
		"envelopes in an envelope, and what a reply says of itself": {
			`{"request":{"name":"x"},"response":{"status":1,"data":{"page":1,"data":{"7":{"Offer":{"id":"7"}},"8":{"Offer":{"id":"8"}}}},"errors":[]}}`,
			[]string{"data 1 | data[0].Offer.id=7 | data[0].Offer{}=id:7", "data 2 | data[1].Offer.id=8 | data[1].Offer{}=id:8"},
		},
		"a list of rows deeper in": {`{"success":true,"data":{"total":1,"campaigns":[{"id":5}]}}`, []string{"campaigns 1 | campaigns[0].id=5"}},
		"an offer with one list is no envelope": {
			`{"offer_id":5,"payments":[{"total":1}]}`, []string{"export 1 | [0].offer_id=5 | [0].payments[].total=1", "export.payments 1 | [0].payments[0].total=1 | [0].offer_id=5"},
		},
		"objects by their ids are a list": {
			`[{"id":1,"Goal":{"31":{"id":31,"n":"a"},"32":{"id":"32"}},"Country":{"US":{"id":840,"code":"US"}},"sub":{"1":{"v":"x"},"2":{"v":"y"}}}]`,
			[]string{
				"export 1 | [0].id=1 | [0].Goal[].id=31, 32 | [0].Goal[].n=a,  | [0].Country[].id=840 | [0].Country[].code=US | [0].sub.1.v=x | [0].sub.1{}=v:x | [0].sub.2.v=y | [0].sub.2{}=v:y",
				"export.Goal 1 | [0].Goal[0].id=31 | [0].Goal[0].n=a | [0].id=1 | [0].sub.1.v=x | [0].sub.2.v=y",
				"export.Goal 2 | [0].Goal[1].id=32 | [0].id=1 | [0].sub.1.v=x | [0].sub.2.v=y",
				"export.Country 1 | [0].Country[0].id=840 | [0].Country[0].code=US | [0].id=1 | [0].sub.1.v=x | [0].sub.2.v=y",
			},
		},
		"pages one after the other": {
			`{"data":{"7":{"Offer":{"id":"7"}}}}` + "\n" + `{"data":{"8":{"Offer":{"id":"8"}}}}`,
			[]string{
				"export 1 | [0].data[].Offer.id=7", "export 2 | [1].data[].Offer.id=8",
				"export.data 1 | [0].data[0].Offer.id=7 | [0].data[0].Offer{}=id:7", "export.data 2 | [1].data[0].Offer.id=8 | [1].data[0].Offer{}=id:8",
			},
		},
		"objects by long ids are a list, whatever they hold": {
			`[{"id":1,"rates":{"61bebd18b89d44647667e212":{"rate":0.1}}},{"id":2,"rates":[{"rate":2}]}]`,
			[]string{"export 1 | [0].id=1 | [0].rates[].rate=0.1", "export 2 | [1].id=2 | [1].rates[].rate=2", "export.rates 1 | [0].rates[0].rate=0.1 | [0].id=1", "export.rates 2 | [1].rates[0].rate=2 | [1].id=2"},
		},
		"one offer with its lists beside it is one row": {
			`{"success":true,"data":{"campaign":{"_id":"a","title":"T"},"rates":[{"rate":1},{"rate":2}]}}`,
			[]string{
				"data 1 | data.campaign._id=a | data.campaign.title=T | data.campaign{}=_id:a, title:T | data.rates[].rate=1, 2",
				"data.rates 1 | data.rates[0].rate=1 | data.campaign._id=a | data.campaign.title=T", "data.rates 2 | data.rates[1].rate=2 | data.campaign._id=a | data.campaign.title=T",
			},
		},
		"an object whose keys are data is one cell too": {
			`[{"region":{"US":[33,57],"DE":["a, b"]}}]`, []string{`export 1 | [0].region.US=33, 57 | [0].region.DE="a, b" | [0].region{}=US:33, US:57, "DE:a, b"`},
		},
		"escapes": {`[{"u":"https:\/\/a.example\/?x=\"1\"\\n","v":"tab\tA\u00e9\ud834\udd1e\/"}]`, []string{`export 1 | [0].u=https://a.example/?x="1"\n | [0].v=tab` + "\tAé𝄞/"}},
		"brackets in texts, lists in lists around the rows": {
			`{"note":"]}{[\"","deep":{"x":{"y":[1,[2,{"z":"}"}]]}},"offers":[{"id":1,"a":{"b":{"c":{"d":"]"}}}}],"s":0}`,
			[]string{"offers 1 | offers[0].id=1 | offers[0].a.b.c.d=] | offers[0].a.b.c{}=d:]"},
		},
		"a mark of UTF8": {"\ufeff" + `[{"n":"жар"}]`, []string{"export 1 | [0].n=жар"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := dump(t, test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A place in JSON begins with its list or object, so that no sheet goes before it.
func TestPlacesInJSON(t *testing.T) {
	for cell, want := range map[string]string{
		"offer[3].title": "a.json, offer[3].title", "offer.title": "a.json, offer.title", "offer": "a.json, offer", "": "a.json, offer",
		"D7": "a.json, offer!D7", "7": "a.json, offer row 7",
	} {
		if got := (Message{File: "a.json", Sheet: "offer", Cell: cell}).Place(); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

func TestBrokenJSONIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[{"id":1},{"id":2}`:                 "ends too early",
		`[{"id":1}] x`:                       "behind the end",
		`{"offers":[{"id":1}]`:               "ends too early",
		`[{"id":1,"id":2}]`:                  `the key "id" is there twice`,
		`[{"id":1,` + many(40) + `"k39":2}]`: `the key "k39" is there twice`,
		`[{"id":1}, 7]`:                      "a row must be an object",
		"[{\"id\":\"caf\xe9\"}]":             "not UTF-8",
		strings.Repeat(`[{"a":`, 40) + "1" + strings.Repeat("}]", 40): "nested deeper",
	} {
		_, err := dump(t, text)
		var refused *FileError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: %v, want a FileError with %q", text, err, want)
		}
	}
}

// many are members of an object.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	return b.String()
}

// A character that two reads of the file share is not taken for a broken one.
func TestJSONIsReadInPieces(t *testing.T) {
	long := strings.Repeat("жа€𝄞", 20_000)
	got, err := dump(t, `[{"n":"`+long+`"}]`)
	if err != nil {
		t.Fatal(err)
	}
	if got[0] != "export 1 | [0].n="+long {
		t.Error("the text was changed")
	}
}

// Whatever a file holds, reading it as JSON gives rows or a FileError, the same
// rows each time, and never more cells than columns.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[{"a":1}]`, `{"x":[{"a":[{"b":[1,"c"]}]}]}`, `{"a":1}{"a":{"b":2}}`, `{"offer":{"id":1}}`, `[[]]`, `{"a":[1,{"b":2}]}`, "\ufeff{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !looksJSON(text[:min(len(text), 512)]) {
			return
		}
		first, err := dump(t, string(text))
		var refused *FileError
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("%v is no FileError", err)
		}
		second, again := dump(t, string(text))
		if (err == nil) != (again == nil) || strings.Join(first, "\n") != strings.Join(second, "\n") {
			t.Fatal("two readings differ")
		}
	})
}

// The outline of a file has its upper levels whole, and of what stands deeper
// the brackets.
func TestShallowReader(t *testing.T) {
	text := `{"s":"]\"}","offers":[{"id":1,"a":[1,{"b":"}\\"}]},{}],"page":{"n":2,"deep":{"x":[{"y":3}]}},"ids":{"1":{"id":1}}}`
	want := `{"s":"]\"}","offers":[{},{}],"page":{"n":2,"deep":{}},"ids":{"1":{}}}`
	got, err := io.ReadAll(&shallowReader{in: iotest.OneByteReader(strings.NewReader(text)), levels: 2})
	if err != nil || string(got) != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
