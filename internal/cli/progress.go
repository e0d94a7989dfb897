package cli

import (
	"fmt"
	"strings"
	"time"
)

// state is how far a run has come.
type state struct {
	Done, Failed, Total int // Total is 0 where it is not known
	Waiting             string
}

// pace watches a run's progress and tells its rate over the last seconds, so
// that the time left is right soon after the rate changes.
type pace struct {
	samples []sample // the oldest first
}

type sample struct {
	at   time.Time
	done int
}

// paceWindow is how far back the rate looks.
const paceWindow = 10 * time.Second

func (p *pace) add(at time.Time, done int) {
	p.samples = append(p.samples, sample{at, done})
	for len(p.samples) > 2 && at.Sub(p.samples[1].at) >= paceWindow {
		p.samples = p.samples[1:]
	}
}

// rate is in offers per second; 0 where nothing can be said yet.
func (p *pace) rate() float64 {
	if len(p.samples) < 2 {
		return 0
	}
	first, last := p.samples[0], p.samples[len(p.samples)-1]
	elapsed := last.at.Sub(first.at).Seconds()
	if elapsed <= 0 {
		return 0
	}
	return float64(last.done-first.done) / elapsed
}

// left is the time until all are done; ok is false where nobody can tell.
func (p *pace) left(s state) (d time.Duration, ok bool) {
	rate := p.rate()
	if rate <= 0 || s.Total == 0 {
		return 0, false
	}
	return time.Duration(float64(s.Total-s.Done) / rate * float64(time.Second)), true
}

// line is the progress as one line that fits the width: with a bar where there
// is room, in figures where there is little.
func (p *pace) line(s state, width int) string {
	text := oneLine(p.words(s))
	if len([]rune(text)) >= width {
		waiting := s.Waiting
		s.Waiting = ""
		if text = p.words(s); len(text) >= width {
			text = p.figures(s)
		}
		if waiting != "" {
			text += " (" + oneLine(waiting) + ")"
		}
	}
	bar := bar(s, width-len([]rune(text))-3)
	return short(strings.TrimSpace(bar+" "+text), width-1)
}

// figures is the progress in as few characters as can be.
func (p *pace) figures(s state) string {
	text := group(s.Done)
	if s.Total > 0 {
		text += "/" + group(s.Total)
	}
	if s.Failed > 0 {
		text += " " + group(s.Failed) + " bad"
	}
	if rate := p.rate(); rate > 0 {
		text += " " + rateText(rate) + "/s"
	}
	if left, ok := p.left(s); ok && s.Done < s.Total {
		if left >= time.Minute { // seconds are not worth the room
			left = left.Round(time.Minute)
		}
		text += " " + strings.TrimSuffix(span(left), " 0 s")
	}
	return text
}

// words is the progress as plain text.
func (p *pace) words(s state) string {
	text := group(s.Done)
	if s.Total > 0 {
		text += " of " + group(s.Total)
	}
	text += " done"
	if s.Failed > 0 {
		text += ", " + group(s.Failed) + " failed"
	}
	if rate := p.rate(); rate > 0 {
		text += fmt.Sprintf(", %s/s", rateText(rate))
	}
	if left, ok := p.left(s); ok && s.Done < s.Total {
		text += ", " + span(left) + " left"
	}
	if s.Waiting != "" {
		text += " (" + s.Waiting + ")"
	}
	return text
}

func rateText(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f", rate)
	}
	return group(int(rate + 0.5))
}

// bar draws the share that is done; blank where there is no room or no total.
func bar(s state, width int) string {
	if s.Total == 0 || width < 10 {
		return ""
	}
	width = min(width, 40) - 2
	full := width * s.Done / s.Total
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", width-full) + "]"
}
