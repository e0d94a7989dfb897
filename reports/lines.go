package reports

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// writeLines writes results.jsonl. It is the pass that reads every result, so
// it fills the index and the page's rows on its way.
func (w *writer) writeLines(out io.Writer) (err error) {
	var line []byte
	n := 0
	for res, err := range w.run.Results() {
		if err != nil {
			return err
		}
		if n++; n%1024 == 0 && w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		line = append(appendResult(line[:0], &res), '\n')
		if _, err := out.Write(line); err != nil {
			return err
		}
		if err := w.pageRows.add(&res); err != nil {
			return err
		}
		if err := w.idx.add(&res); err != nil {
			return err
		}
	}
	if w.sum, err = w.run.Summary(); err != nil {
		return err
	}
	for _, m := range w.sum.Messages {
		if err := w.idx.addLoose(m); err != nil {
			return err
		}
	}
	return w.idx.done()
}

// appendResult appends a result as encoding/json writes it, many times as fast.
func appendResult(b []byte, r *importer.Result) []byte {
	b = appendJSON(append(b, `{"key":`...), r.Key)
	if r.File != "" {
		b = appendJSON(append(b, `,"file":`...), r.File)
	}
	b = appendJSON(append(b, `,"sheet":`...), r.Sheet)
	b = strconv.AppendInt(append(b, `,"row":`...), int64(r.Row), 10)
	b = appendJSON(append(b, `,"title":`...), r.Title)
	b = appendJSON(append(b, `,"action":`...), string(r.Action))
	b = appendJSON(append(b, `,"status":`...), string(r.Status))
	if r.OfferID != 0 {
		b = strconv.AppendInt(append(b, `,"offer_id":`...), r.OfferID, 10)
	}
	b = strconv.AppendInt(append(b, `,"attempts":`...), int64(r.Attempts), 10)
	b = append(b, `,"messages":[`...) // a list, never null
	for i := range r.Messages {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMessage(b, &r.Messages[i])
	}
	b = append(b, ']')
	if r.StartedAt != nil {
		b = append(r.StartedAt.AppendFormat(append(b, `,"started_at":"`...), time.RFC3339Nano), '"')
	}
	if r.FinishedAt != nil {
		b = append(r.FinishedAt.AppendFormat(append(b, `,"finished_at":"`...), time.RFC3339Nano), '"')
	}
	return append(b, '}')
}

func appendMessage(b []byte, m *sheet.Message) []byte {
	b = appendJSON(append(b, `{"level":`...), string(m.Level))
	for _, part := range []struct{ name, text string }{{`,"file":`, m.File}, {`,"sheet":`, m.Sheet}, {`,"cell":`, m.Cell}, {`,"column":`, m.Column}} {
		if part.text != "" {
			b = appendJSON(append(b, part.name...), part.text)
		}
	}
	b = appendJSON(append(b, `,"code":`...), m.Code)
	b = appendJSON(append(b, `,"text":`...), m.Text)
	return append(b, '}')
}

// appendJSON appends a text in quotes.
func appendJSON(b []byte, text string) []byte {
	if isASCII(text, notInJSON) || plainJSON(text) {
		return append(append(append(b, '"'), text...), '"')
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always marshals
	return append(b, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

// The characters below @, a bit each, that do not stand as they are in JSON, nor
// in JSON within a script element.
const (
	notInJSON   = 1<<' ' - 1 | 1<<'"'
	notInScript = notInJSON | 1<<'<' | 1<<'>' | 1<<'&'
)

// isASCII tells whether a text is in ASCII without a backslash and without the
// characters that are named.
func isASCII(text string, without uint64) bool {
	for i := range len(text) {
		if c := text[i]; without>>c&1 != 0 || c == '\\' || c >= utf8.RuneSelf { // a shift of 64 and more leaves 0
			return false
		}
	}
	return true
}

// plainJSON tells whether a text is the same in JSON as it is, which it is in any
// language but for control characters, quotes and the two odd line ends.
func plainJSON(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c == '"' || c == '\\' || c == 0xe2 && (strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029")) {
			return false
		}
	}
	return utf8.ValidString(text)
}

// writeSummary writes summary.json. Lists and counts are never null, so that a
// script need not ask.
func (w *writer) writeSummary(out io.Writer) error {
	sum := w.sum
	if sum.Input == nil {
		sum.Input = []string{}
	}
	if sum.Counts == nil {
		sum.Counts = map[importer.Status]int{}
	}
	if sum.Problems == nil {
		sum.Problems = []importer.Problem{}
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sum)
}
