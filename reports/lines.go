package reports

import (
	"encoding/json"
	"io"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// writeLines writes results.jsonl. It is the pass that reads every result, so
// it fills the index on its way.
func (w *writer) writeLines(out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	n := 0
	for res, err := range w.results() {
		if err != nil {
			return err
		}
		if n++; n%1024 == 0 && w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		if res.Messages == nil {
			res.Messages = []sheet.Message{} // a list, never null
		}
		if err := enc.Encode(res); err != nil {
			return err
		}
		if err := w.idx.add(res); err != nil {
			return err
		}
	}
	for _, m := range w.sum.Messages {
		if err := w.idx.addLoose(m); err != nil {
			return err
		}
	}
	return w.idx.done()
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
