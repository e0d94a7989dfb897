package importer

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"offerlift/internal/sheet"
)

// TestPackedReadsWhatIsPacked holds the quick reader against encoding/json, and
// sees that it is the one that reads what is ours.
func TestPackedReadsWhatIsPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		messages := rapid.SliceOfN(rapid.Make[sheet.Message](), 1, 4).Draw(t, "messages")
		text, err := packMessages(messages)
		if err != nil {
			t.Fatal(err)
		}
		var want []sheet.Message
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		p := packed{left: text}
		if got := p.messages(); !p.whole() || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nread as %+v, bad: %v", text, got, p.bad)
		}
		refs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Ref {
			return Ref{File: rapid.SampledFrom([]string{"", "a.xlsx", `b"\.xlsx`}).Draw(t, "file"), Sheet: rapid.StringMatching(`[a-zё]{1,3}`).Draw(t, "sheet"),
				Row: rapid.IntRange(1, 1<<20).Draw(t, "row")}
		}), 1, 6).Draw(t, "refs")
		p = packed{left: packRefs(refs)}
		if got := p.refs(); !p.whole() || !reflect.DeepEqual(got, refs) {
			t.Fatalf("%s\nread as %+v, bad: %v", packRefs(refs), got, p.bad)
		}
	})
}

// TestPackedLeavesTheRest: what is written in another way is read by
// encoding/json, or is its error.
func TestPackedLeavesTheRest(t *testing.T) {
	for _, text := range []string{`[ {"code":"a"}]`, `[{"code":"a","new":[1]}]`, `[{"code":null}]`, `null`} {
		p := packed{left: text}
		if p.messages(); p.whole() {
			t.Errorf("%s was taken for ours", text)
		}
		var want []sheet.Message
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if got, err := unpackMessages(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{`[`, `[{"code":"a"},]`, `[{"code":"a"}]]`, `[{"code":"a}]`, `[{"code":"\x"}]`, `[{,}]`, `[{"code""a"}]`, `x`} {
		if got, err := unpackMessages(text); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
	for _, text := range []string{`[{"sheet":"a","rows":[1,]}]`, `[{"sheet":"a","rows":[-]}]`, `[{"sheet":"a","rows":[1}]`} {
		if got, err := unpackRefs(text); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
}
