package reports

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// A line is what encoding/json makes of a result, whatever is in it: a field that
// is added to either struct has to be written here too.
func TestLinesAreJSON(t *testing.T) {
	odd := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Ümläut–ё", "a\u2028b\u2029", "\xff\x00\x1f\x7f", `<a href="x">&\`, "tab\t\r\n", "\xe2\x80"}))
	message := rapid.Custom(func(t *rapid.T) sheet.Message {
		m := rapid.Make[sheet.Message]().Draw(t, "message")
		m.Text, m.Column = odd.Draw(t, "text"), odd.Draw(t, "column")
		return m
	})
	at := rapid.Map(rapid.Int64Range(-1e12, 1e12), func(ms int64) time.Time { return time.UnixMilli(ms).UTC() })
	rapid.Check(t, func(t *rapid.T) {
		res := importer.Result{
			Key: odd.Draw(t, "key"), File: odd.Draw(t, "file"), Sheet: odd.Draw(t, "sheet"), Row: rapid.Int().Draw(t, "row"), Title: odd.Draw(t, "title"),
			Action: importer.Action(odd.Draw(t, "action")), Status: importer.Status(odd.Draw(t, "status")), OfferID: rapid.Int64().Draw(t, "id"),
			Attempts: rapid.Int().Draw(t, "attempts"), Messages: append([]sheet.Message{}, rapid.SliceOfN(message, 0, 3).Draw(t, "messages")...),
			StartedAt: rapid.Ptr(at, true).Draw(t, "started"), FinishedAt: rapid.Ptr(at, true).Draw(t, "finished")}
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(res); err != nil {
			t.Fatal(err)
		}
		if got := append(appendResult(nil, &res), '\n'); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%s\nnot\n%s", got, want.Bytes())
		}
	})
}

// TestLinesAreWhole holds every field of the structs that a line is made of
// against the line.
func TestLinesAreWhole(t *testing.T) {
	res := rapid.Make[importer.Result]().Filter(func(r importer.Result) bool { return len(r.Messages) > 0 }).Example(1)
	now := time.Now()
	res.StartedAt, res.FinishedAt = &now, &now
	want, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	var a, b map[string]any
	if err := json.Unmarshal(want, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(appendResult(nil, &res), &b); err != nil {
		t.Fatal(err)
	}
	if len(a) != len(b) {
		t.Errorf("a result has the fields %v, its line %v", a, b)
	}
}
