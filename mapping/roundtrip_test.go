package mapping

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// onePixel is the smallest GIF.
const onePixel = "GIF89a\x01\x00\x01\x00\x00\x00\x00;"

// sampleText is a valid text for a column: its example, or one for its kind.
func sampleText(t *testing.T, col affise.Column) string {
	if col.Example != "" {
		return col.Example
	}
	if len(col.Allowed) > 0 {
		return col.Allowed[len(col.Allowed)-1]
	}
	switch col.Kind {
	case affise.KindText, affise.KindParent, affise.KindSubValues, affise.KindLocal:
		return "some-text"
	case affise.KindInt:
		return col.Min
	case affise.KindID:
		return "17"
	case affise.KindID24:
		return anAdvertiser
	case affise.KindMoney:
		return "1.40"
	case affise.KindFlag, affise.KindTrueFalse:
		return "yes"
	case affise.KindDate, affise.KindMoment:
		return "2030-06-01"
	case affise.KindSpan:
		return "30d"
	case affise.KindZone:
		return "Europe/Berlin"
	case affise.KindCountry:
		return "US, CA"
	case affise.KindURL:
		return "https://t.example.com/?c={clickid}"
	case affise.KindIP, affise.KindIPs:
		return "192.0.2.1"
	case affise.KindJSON:
		return "{}"
	case affise.KindFile:
		return "pixel.gif"
	case affise.KindIDsByCountry:
		return "US:33"
	case affise.KindNamesByCountry, affise.KindISPs:
		return "US:Comcast"
	case affise.KindVersions, affise.KindOSes:
		return "Android >= 6.0; iOS"
	case affise.KindSubGroups:
		return "sub1=a, sub2=b"
	case affise.KindWeighted:
		return "https://a.example.com/{clickid} 50"
	case affise.KindIntervals:
		return "1: 9-18"
	case affise.KindCreatives:
		return "banner.png 300x250"
	}
	t.Fatalf("no sample for kind %s", col.Kind)
	return ""
}

// TestEveryColumnReachesTheBody: a valid cell of each column of the schema, in
// its sheet and flat, stands in the body under the column's path.
func TestEveryColumnReachesTheBody(t *testing.T) {
	columns := 0
	for _, part := range affise.Parts() {
		for _, col := range part.Columns {
			if col.Key == "" {
				continue
			}
			columns++
			t.Run(part.Sheet+"/"+col.Name, func(t *testing.T) { columnReachesTheBody(t, part, col) })
		}
	}
	if columns < 200 {
		t.Errorf("only %d columns: the schema was not read", columns)
	}
}

func columnReachesTheBody(t *testing.T, part affise.Part, col affise.Column) {
	sample := `"` + strings.ReplaceAll(sampleText(t, col), `"`, `""`) + `"`
	opts := Options{Mode: "update", FilesDir: filesFolder(t)}
	var inputs []map[string]string
	if part.Key == "" {
		header, row := "title,"+col.Name, "x,"+sample
		if col.Name == "title" {
			header, row = col.Name, sample
		}
		inputs = append(inputs, map[string]string{"offers.csv": lines(header, row)})
	} else {
		inputs = append(inputs,
			map[string]string{"offers.csv": lines("external_offer_id", "k"), part.Sheet + ".csv": lines("offer,"+col.Name, "k,"+sample)},
			map[string]string{"offers.csv": lines("external_offer_id,"+part.Prefix+"_2_"+col.Name, "k,"+sample)})
	}
	for _, files := range inputs {
		_, offers := mapFiles(t, files, opts)
		if len(offers) != 1 {
			t.Fatalf("%d offers", len(offers))
		}
		value, ok := bodyOf(offers[0], part).Get(col.Path...)
		if !ok {
			b, _ := offers[0].Body.MarshalJSON()
			t.Fatalf("%v is not in the body %s: %v", col.Path, b, offers[0].Messages)
		}
		if col.List && !value.IsList() || !col.List && !composite(col.Kind) && value.IsList() || value.Leaves() == 0 && col.Kind != affise.KindFile {
			t.Errorf("the value is of the wrong shape: %+v", value)
		}
		for _, m := range offers[0].Messages {
			if m.Level == sheet.LevelError && m.Column != "" && strings.HasSuffix(m.Column, col.Name) && m.Code != codeNeeds && m.Code != codeExact {
				t.Errorf("a valid cell is refused: %v", m)
			}
		}
	}
}

// bodyOf is the offer's body, or that of its first child of a part.
func bodyOf(o Offer, part affise.Part) affise.Value {
	if part.Key == "" {
		return o.Body
	}
	for _, key := range []string{part.Key, affise.Personal} {
		if list, ok := o.Body.Get(key); ok && len(list.Items()) > 0 {
			return list.Items()[0]
		}
	}
	return affise.Value{}
}

func filesFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"pixel.gif": onePixel, "notes.txt": "hello", "fake.png": "hello"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFiles(t *testing.T) {
	parent := filesFolder(t)
	dir := filepath.Join(parent, "launch")
	if err := os.MkdirAll(filepath.Join(dir, "banners"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pixel.gif", "banners/top.gif"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(onePixel), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "fake.png"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(parent, "pixel.gif"), filepath.Join(dir, "link.gif")); err != nil {
		t.Skip("no links here: ", err)
	}
	if err := os.Symlink(parent, filepath.Join(dir, "up")); err != nil {
		t.Fatal(err)
	}
	read := func(column, text string) (string, []sheet.Message) {
		got, _, messages := readCell(t, "", column, sheet.Cell{Kind: sheet.Text, Text: text}, Options{FilesDir: dir})
		return got, messages
	}
	for text, want := range map[string]string{
		"pixel.gif": "pixel.gif", "banners/top.gif": "banners/top.gif", `banners\top.gif`: "banners/top.gif", "./pixel.gif": "pixel.gif",
	} {
		if got, messages := read("logo", text); got != `"`+filepath.Join(dir, want)+`"` || len(messages) > 0 {
			t.Errorf("%s is %s %v", text, got, messages)
		}
	}
	if got, _ := read("creative_files", "pixel.gif, banners/top.gif"); got != `["`+dir+`/pixel.gif","`+dir+`/banners/top.gif"]` {
		t.Errorf("a list is %s", got)
	}
	for text, say := range map[string]string{
		"../pixel.gif":             "name a file beside the sheet",
		"banners/../../pixel.gif":  "name a file beside the sheet",
		"/etc/passwd":              "name a file beside the sheet",
		parent + "/pixel.gif":      "name a file beside the sheet",
		"link.gif":                 "is a link that leads out",
		"up/pixel.gif":             "is a link that leads out",
		"none.gif":                 "is not there",
		"fake.png":                 "fake.png holds",
		"banners":                  "is not a file",
		"pixel.gif\x00.png":        "cannot be read",
		"pixel.gif, ../pixel.gif/": "name a file beside the sheet",
	} {
		column := "logo"
		if strings.Contains(text, ",") {
			column = "creative_files"
		}
		got, messages := read(column, text)
		if got != "" || len(messages) == 0 || messages[len(messages)-1].Code != codeBadFile || !strings.Contains(messages[len(messages)-1].Text, say) {
			t.Errorf("%q is %s %v, want %s", text, got, messages, say)
		}
	}
}

// TestFilesBesideTheSheet: without a folder of files, the sheet's own is used.
func TestFilesBesideTheSheet(t *testing.T) {
	dir := filesFolder(t)
	if err := os.WriteFile(filepath.Join(dir, "offers.csv"), []byte(lines(offersHeader+",logo", goodOffer("a")+",pixel.gif")), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := openPath(t, filepath.Join(dir, "offers.csv"), Options{Mode: "update"})
	if err != nil {
		t.Fatal(err)
	}
	o := collect(t, m)[0]
	if logo, _ := o.Body.Get("logo"); !o.Valid() || !logo.IsFile() || logo.Str() != filepath.Join(dir, "pixel.gif") {
		t.Errorf("%+v %v", o.Body, o.Messages)
	}
}
