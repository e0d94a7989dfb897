package reports

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
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
	for res, err := range ahead(w.run.Results()) {
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
	if plainJSON(text) {
		return append(append(append(b, '"'), text...), '"')
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always marshals
	return append(b, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

// plainJSON tells whether a text is the same in JSON as it is, which it is in any
// language but for control characters, quotes and the two odd line ends.
func plainJSON(text string) bool {
	ascii := true
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c == '"' || c == '\\' || c == 0xe2 && (strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029")) {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(text)
}

// ahead reads results in a goroutine of its own while others are worked on. It
// has come to its end when the loop over it has.
func ahead(results iter.Seq2[importer.Result, error]) iter.Seq2[importer.Result, error] {
	type batch struct {
		results []importer.Result
		err     error
	}
	const size = 256
	return func(yield func(importer.Result, error) bool) {
		batches, stop := make(chan batch, 2), make(chan struct{})
		send := func(b batch) bool {
			select {
			case batches <- b:
				return true
			case <-stop:
				return false
			}
		}
		go func() {
			defer close(batches)
			var b batch
			for res, err := range results {
				if err != nil {
					b.err = err
					break
				}
				if b.results = append(b.results, res); len(b.results) == size {
					if !send(b) {
						return
					}
					b.results = make([]importer.Result, 0, size)
				}
			}
			send(b)
		}()
		defer func() {
			close(stop)
			for range batches { // until the reader has let go
			}
		}()
		for b := range batches {
			for _, res := range b.results {
				if !yield(res, nil) {
					return
				}
			}
			if b.err != nil {
				yield(importer.Result{}, b.err)
				return
			}
		}
	}
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
