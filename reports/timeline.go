package reports

import (
	"fmt"
	"strings"
	"time"

	"offerlift/importer"
)

// tick is what came to its end within a second.
type tick struct{ done, failed, sent, again int }

func (idx *index) tick(res *importer.Result) {
	if res.Status == importer.StatusFailed && res.Attempts == 0 {
		idx.unsent++
	}
	if res.FinishedAt == nil || res.Attempts == 0 {
		return // it was never sent
	}
	t := idx.ticks[res.FinishedAt.Unix()]
	if t == nil {
		t = &tick{}
		idx.ticks[res.FinishedAt.Unix()] = t
	}
	t.sent += res.Attempts
	t.again += res.Attempts - 1
	switch res.Status {
	case importer.StatusFailed, importer.StatusUnknown:
		t.failed++
	default:
		t.done++
	}
}

// The chart's field, in the units of its viewBox.
const (
	chartWidth, chartHeight = 960, 220
	chartLeft, chartTop     = 46, 12
	chartBottom             = 28
	maxBuckets              = 60
	maxBar                  = 80 // a bar's width
)

// timeline is the chart of a run: what was done in each span of time, and how
// fast requests went out.
type timeline struct {
	Buckets []bucket
	Bars    []bar
	Rate    string // points of a line
	Limit   float64
	LimitY  int // 0 = no limit, or one far above all that was reached
	Again   []int
	Unsent  int    // failed ones that no request was made for
	Top     string // what the top of the field stands for
	Start   string
	End     string
	Label   string
}

type bucket struct {
	From               string
	Done, Failed, Sent int
	Again              int
	Rate               string
}

type bar struct {
	X, Y, W, H int
	Class      string
	Title      string
}

// timeline draws the run's timeline; nil where nothing was sent.
func (w *writer) timeline() *timeline {
	if len(w.idx.ticks) == 0 {
		return nil
	}
	first, last := w.sum.StartedAt.Unix(), w.sum.StartedAt.Unix()
	if w.sum.StartedAt.IsZero() {
		first = 1<<62 - 1
	}
	for at := range w.idx.ticks {
		first, last = min(first, at), max(last, at)
	}
	size := (last-first)/maxBuckets + 1
	sums := make([]tick, (last-first)/size+1)
	for at, t := range w.idx.ticks {
		b := &sums[(at-first)/size]
		b.done, b.failed, b.sent, b.again = b.done+t.done, b.failed+t.failed, b.sent+t.sent, b.again+t.again
	}
	return w.draw(sums, first, size)
}

// draw places bars and line; size is that of a bucket in seconds.
func (w *writer) draw(sums []tick, first, size int64) *timeline {
	most := 1
	for _, b := range sums {
		most = max(most, b.done+b.failed, b.sent)
	}
	tl := &timeline{Unsent: w.idx.unsent, Top: perSecond(most, size), Start: w.clock(first), End: w.clock(first + size*int64(len(sums)))}
	field := chartHeight - chartTop - chartBottom
	height := func(n float64) int { return int(n / float64(most) * float64(field)) }
	base := chartTop + field
	step := float64(chartWidth-chartLeft) / float64(len(sums))
	var line []string
	for i, b := range sums {
		x := chartLeft + int(float64(i)*step)
		width := max(min(int(step)-1, maxBar), 1)
		row := bucket{From: w.clock(first + size*int64(i)), Done: b.done, Failed: b.failed, Sent: b.sent, Again: b.again, Rate: perSecond(b.sent, size)}
		tl.Buckets = append(tl.Buckets, row)
		title := fmt.Sprintf("%s: %d done, %d failed or unclear, %d requests (%s)", row.From, b.done, b.failed, b.sent, row.Rate)
		done, failed := height(float64(b.done)), height(float64(b.failed))
		if b.failed > 0 {
			failed = max(failed, 2)
		}
		tl.Bars = append(tl.Bars, bar{x, base - done, width, done, "done", title}, bar{x, base - done - failed, width, failed, "failed", title})
		if b.again > 0 {
			tl.Again = append(tl.Again, x+width/2)
		}
		line = append(line, fmt.Sprintf("%d,%d", x+width/2, base-height(float64(b.sent))))
	}
	tl.Rate = strings.Join(line, " ")
	if limit := w.sum.Rate.Limit; limit > 0 && limit*float64(size) <= float64(most)*1.05 {
		tl.Limit, tl.LimitY = limit, base-height(limit*float64(size))
	}
	tl.Label = fmt.Sprintf("Timeline from %s to %s: at most %s; %s requests in all, %s sent again, told to slow down %s times", tl.Start, tl.End, tl.Top,
		grouped(w.sum.Requests.Sent), grouped(w.sum.Requests.Retried), grouped(w.sum.Requests.Throttled))
	return tl
}

func (w *writer) clock(unix int64) string { return time.Unix(unix, 0).In(w.zone).Format("15:04:05") }

// perSecond is a number within a span of seconds as a rate.
func perSecond(n int, seconds int64) string { return rate(float64(n)/float64(seconds)) + "/s" }
