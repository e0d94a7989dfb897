package mapping

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// FuzzCell reads any text in a column of any kind. It must not panic; an error
// is told exactly where no value is; and a value that is sent as one text reads
// back as itself, without an error.
func FuzzCell(f *testing.F) {
	for _, part := range affise.Parts() {
		for _, col := range part.Columns {
			f.Add(uint16(col.Index), uint8(partIndex(part.Key)), uint8(sheet.Text), col.Example, "")
		}
	}
	for _, text := range []string{
		"1.234,50 EUR", "1 234,50", "$5", "15%", "03/04/2026", "31.12.2030 18:00", "1y2m", "30 days", "DACH, US", "US:33, 57", "Android >=10, <14",
		"sub1=a, sub2=; sub3=b", "0-6: 9-18, 20-23", "https://{sub1}/ 50", `"a, b" c"`, "192.0.2.0/24, 2001:db8::/32", "[]", "“x”\u200b",
	} {
		for kind := range uint16(20) {
			f.Add(kind*7, uint8(kind), uint8(sheet.Text), text, "0.00%")
		}
	}
	f.Fuzz(func(t *testing.T, column uint16, part, kind uint8, text, format string) {
		p := words().parts[int(part)%len(words().parts)]
		col := p.Columns[int(column)%len(p.Columns)]
		raw := sheet.Cell{Kind: sheet.Kind(kind % 7), Text: text, Format: format}
		if raw.Kind == sheet.Number && !plainNumber(text) || !utf8.ValidString(text) { // the reader gives no others
			return
		}
		if raw.Kind == sheet.Bool {
			raw.Text = "TRUE"
		}
		got, field, messages := readCell(t, p.Key, col.Name, raw, Options{FilesDir: "testdata"})
		if (field.state == wrong) != hasError(messages) {
			t.Fatalf("%s %q: state %d with %v", col.Name, text, field.state, messages)
		}
		if field.state == wrong || field.state == given && col.Key != "" && got == "" {
			if field.state == given {
				t.Fatalf("%s %q is given and not sent", col.Name, text)
			}
			return
		}
		readsBack(t, p.Key, col, got)
	})
}

// plainNumber tells whether a text can be that of a number cell.
func plainNumber(text string) bool {
	whole, decimals, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	return allDigits(whole) && (!point || allDigits(decimals))
}

// readsBack reads a sent text again.
func readsBack(t *testing.T, part string, col affise.Column, sent string) {
	var one string
	if json.Unmarshal([]byte(sent), &one) != nil || one == "" || col.Kind == affise.KindFile {
		return
	}
	decimal := rune(0)
	if col.Kind == affise.KindMoney {
		decimal = '.'
	}
	again, field, messages := readCell(t, part, col.Name, sheet.Cell{Kind: sheet.Text, Text: one}, Options{Decimal: decimal, FilesDir: "testdata"})
	if field.state == wrong || again != sent {
		t.Fatalf("%s: %s was sent and reads back as %s %v", col.Name, sent, again, messages)
	}
}

// FuzzList: the items of a list, each quoted, make the same list.
func FuzzList(f *testing.F) {
	f.Add(`a, "b, c" ; d|e`, true)
	f.Add(`"a ""quoted"" b", c"d`, false)
	f.Fuzz(func(t *testing.T, text string, commas bool) {
		separators := entrySeparators
		if commas {
			separators = listSeparators
		}
		items := splitList(text, separators)
		var quoted []string
		for _, item := range items {
			quoted = append(quoted, `"`+strings.ReplaceAll(item, `"`, `""`)+`"`)
		}
		again := splitList(strings.Join(quoted, ";"), separators)
		if strings.Join(items, "\x00") != strings.Join(again, "\x00") {
			t.Fatalf("%q is %q, and quoted %q", text, items, again)
		}
	})
}
