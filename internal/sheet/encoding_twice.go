package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Some programs take a UTF-8 text for Windows-1252 and turn it into UTF-8 once
// more: Größe becomes GrÃ¶ÃŸe. No language has such words, so it can be undone.
// A run is what stands between two ASCII characters; each is undone by itself.

// firstBytes are the bytes that a run was, had it been taken for Windows-1252;
// nil where a character of it is none of that code page.
func firstBytes(run []byte) []byte {
	out := make([]byte, 0, len(run))
	for len(run) > 0 {
		r, size := utf8.DecodeRune(run)
		b, ok := byte(r), r < 0x100 // what the code page lacks is kept as its number
		if !ok {
			b, ok = charmap.Windows1252.EncodeRune(r)
		}
		if !ok {
			return nil
		}
		out, run = append(out, b), run[size:]
	}
	return out
}

// undoneRun is the text that a run was, and whether it can be that.
func undoneRun(run []byte) ([]byte, bool) {
	text := firstBytes(run)
	return text, len(text) > 0 && utf8.Valid(text)
}

// nextRun is where the first run in b starts and ends.
func nextRun(b []byte) (from, to int) {
	for from < len(b) && b[from] < utf8.RuneSelf {
		from++
	}
	for to = from; to < len(b) && b[to] >= utf8.RuneSelf; {
		to++
	}
	return from, to
}

// encodedTwice tells whether what stands beyond ASCII in a UTF-8 text was turned
// into UTF-8 twice.
func encodedTwice(evidence []byte) bool {
	undone, kept := 0, 0
	for b := bytes.TrimPrefix(evidence, []byte(bom8)); len(b) > 0; {
		from, to := nextRun(b)
		if from == to {
			break
		}
		if _, ok := undoneRun(b[from:to]); ok {
			undone++
		} else {
			kept++
		}
		b = b[to:]
	}
	return undone > 0 && kept*20 <= undone
}

func twiceNote(text string) Message {
	word := exampleWord([]rune(text))
	return Message{Level: LevelWarning, Code: "encoded_twice", Text: fmt.Sprintf("the text was turned into UTF-8 twice before it came here, "+
		"which was undone: %q was read as %q; if that looks wrong, say --encoding utf-8", garbled(word), word)}
}

// garbled is what a word of UTF-8 looks like when it is taken for Windows-1252.
func garbled(word string) string {
	var b strings.Builder
	for _, c := range []byte(word) {
		if r := charmap.Windows1252.DecodeByte(c); r != utf8.RuneError {
			b.WriteRune(r)
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// twiceDecoder undoes it run by run, and leaves a run alone that was not
// encoded twice.
func twiceDecoder() decodeFunc {
	first := true
	return func(out, in []byte, eof bool) ([]byte, int, bool) {
		taken := 0
		if first && len(in) >= len(bom8) {
			taken, first = len(in)-len(bytes.TrimPrefix(in, []byte(bom8))), false
		}
		for taken < len(in) && !first || eof && taken < len(in) {
			from, to := nextRun(in[taken:])
			out = append(out, in[taken:taken+from]...)
			run := in[taken+from : taken+to]
			if taken += from; taken+len(run) == len(in) && !eof && len(run) < 16<<10 {
				return out, taken, true // the run may go on
			}
			if !utf8.Valid(run) {
				return out, taken, false
			}
			if text, ok := undoneRun(run); ok {
				run = bytes.TrimPrefix(text, []byte(bom8))
			}
			out, taken = append(out, run...), taken+to-from
		}
		return out, taken, true
	}
}
