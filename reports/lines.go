package reports

import (
	"encoding/json"
	"io"
	"iter"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// writeLines writes results.jsonl. It is the pass that reads every result, so
// it fills the index and the page's rows on its way.
func (w *writer) writeLines(out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	n := 0
	for res, err := range ahead(w.results()) {
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
		if err := w.pageRows.add(w, res); err != nil {
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
