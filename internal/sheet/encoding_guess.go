package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	// surveySize is how many bytes of a file its encoding is judged by. Past
	// them a byte that does not fit is an error while the rows are read.
	surveySize   = 16 << 20
	evidenceSize = 64 << 10
)

// survey is what a file's bytes say about its encoding.
type survey struct {
	head     []byte // the first bytes
	size     int64  // bytes seen
	wide     int    // UTF-8 characters of several bytes
	invalid  int    // bytes that are no UTF-8
	badLine  int    // the first line with such a byte
	lost     int    // characters U+FFFD: lost when the file was written
	lostLine int
	slashes  bool   // a backslash stands before a quote somewhere
	evidence []byte // lines with bytes from 0x80 on

	line    int
	held    []byte // an unfinished character
	midLine bool   // what comes next goes on with a line
}

func takeSurvey(r io.Reader) (*survey, error) {
	s := &survey{line: 1}
	buf := make([]byte, 64<<10)
	for s.size < surveySize {
		n, err := io.ReadFull(r, buf)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return nil, err
		}
		s.add(buf[:n], err != nil)
		if err != nil {
			break
		}
	}
	return s, nil
}

func (s *survey) add(b []byte, last bool) {
	if s.size == 0 {
		s.head = bytes.Clone(b)
	}
	s.size += int64(len(b))
	s.slashes = s.slashes || bytes.Contains(b, []byte(`\"`))
	if asciiOnly(b) && len(s.held) == 0 {
		s.line += bytes.Count(b, []byte{'\n'})
		s.midLine = len(b) > 0 && b[len(b)-1] != '\n' && b[len(b)-1] != '\r'
		return
	}
	s.collect(b, last)
	s.judge(append(s.held, b...), last)
}

func asciiOnly(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf })
}

// collect keeps whole lines that have bytes from 0x80 on.
func (s *survey) collect(b []byte, last bool) {
	for len(b) > 0 && len(s.evidence) < evidenceSize {
		end := bytes.IndexAny(b, "\r\n") + 1
		whole := !s.midLine && (end > 0 || last)
		s.midLine = end == 0
		if end == 0 {
			end = len(b)
		}
		if whole && !asciiOnly(b[:end]) {
			s.evidence = append(s.evidence, b[:end]...)
		}
		b = b[end:]
	}
}

// judge reads b as UTF-8.
func (s *survey) judge(b []byte, last bool) {
	s.held = nil
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			if b[i] == '\n' {
				s.line++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			s.wide++
			if r == utf8.RuneError {
				s.note(&s.lost, &s.lostLine)
			}
		case !last && !utf8.FullRune(b[i:]):
			s.held = bytes.Clone(b[i:])
			return
		default:
			s.note(&s.invalid, &s.badLine)
		}
		i += size
	}
}

func (s *survey) note(count, line *int) {
	if *count == 0 {
		*line = s.line
	}
	*count++
}

// guess is an encoding found out, with what to tell of it.
type guess struct {
	decoding
	note Message // of no level where there is nothing to tell
}

// guess judges by the byte order mark, by the pattern of zero bytes, by whether
// all is valid UTF-8, and at last by which code page makes words of the bytes.
func (s *survey) guess(file string) (guess, error) {
	switch {
	case s.invalid == 0 && encodedTwice(s.evidence):
		d := namedDecoding("utf-8-twice")
		return guess{d, twiceNote(decodeAll(d, s.evidence))}, nil
	case bytes.HasPrefix(s.head, []byte(bom8)):
		return guess{decoding: namedDecoding("utf-8-bom")}, s.checkUTF8(file)
	case bytes.HasPrefix(s.head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(s.head, []byte("\x00\x00\xfe\xff")):
		return guess{}, &FileError{File: file, Code: "bad_encoding", Text: "the text is UTF-32, which no spreadsheet writes: save it as UTF-8"}
	case bytes.HasPrefix(s.head, []byte("\xff\xfe")):
		return guess{decoding: namedDecoding("utf-16le")}, nil
	case bytes.HasPrefix(s.head, []byte("\xfe\xff")):
		return guess{decoding: namedDecoding("utf-16be")}, nil
	case looksUTF16(s.head, 1):
		return guess{decoding: namedDecoding("utf-16le")}, nil
	case looksUTF16(s.head, 0):
		return guess{decoding: namedDecoding("utf-16be")}, nil
	case s.invalid == 0 || s.wide > 0 && 2*s.wide >= s.invalid:
		return guess{decoding: namedDecoding("utf-8")}, s.checkUTF8(file)
	}
	if e := binaryText(s.head); e != nil {
		e.File = file
		return guess{}, e
	}
	if len(s.evidence) == 0 { // one endless line
		return guessCodePage(s.head, file)
	}
	return guessCodePage(s.evidence, file)
}

// checkUTF8 refuses a text that is UTF-8 but for some bytes.
func (s *survey) checkUTF8(file string) error {
	if s.invalid == 0 {
		return nil
	}
	return &FileError{File: file, Place: fmt.Sprint("line ", s.badLine), Code: "bad_encoding",
		Text: "the file is UTF-8, but not here: a part in another encoding was pasted into it or the file is damaged; " +
			"type the line again, or name the encoding of the whole file with --encoding"}
}

// looksUTF16 tells whether b is UTF-16 without a mark, its zero bytes at the
// positions of this parity alone, with line ends or delimiters among its text.
func looksUTF16(b []byte, parity int) bool {
	b = b[:len(b)&^1]
	zeros, marks := 0, 0
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i < len(b); i += 2 {
		high, low := b[i+parity], b[i+1-parity]
		if low == 0 || high == 0 && low < ' ' && !strings.ContainsRune("\t\r\n", rune(low)) {
			return false
		}
		if high == 0 {
			zeros++
			if strings.IndexByte("\r\n\t,;|", low) >= 0 {
				marks++
			}
		}
		units = append(units, uint16(high)<<8|uint16(low))
	}
	if zeros < 2 || zeros*20 < len(units) || marks == 0 {
		return false
	}
	text := utf16.Decode(units[:len(units)-1]) // the last may be half a character
	return !slices.Contains(text, utf8.RuneError)
}

// codePage is a candidate for a text that is not UTF-8.
type codePage struct {
	name    string
	enc     *charmap.Charmap
	letters string  // of its languages, beyond ASCII, the frequent ones first
	prior   float64 // how much likelier than others it is in advance, in letters
	weight  float64 // of its letters: less where other pages have letters of as much sense at the same bytes
	refused bool    // it is known only to tell that it must be named
}

const (
	russian = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфіїєґўъё"
	western = "éäöüßèàçêáíóñãøåôâîúëûùïæõœìò"
	central = "ąęłóśżćńźáéíěřšžčůýöüäőűúďťňôľăâîşţșțđß"
	turkish = "ığşçöüâî"
	greek   = "αοιετσνηυρπκμλςωάίόγέδχθφβξζήύώψ"
	arabic  = "اليمنورتبعدسفهةكقأحجشطصخإىضذثغئظزآءؤ"
)

func codePages() []codePage {
	return []codePage{
		{name: "windows-1252", enc: charmap.Windows1252, letters: western, weight: 1, prior: 1},
		{name: "windows-1251", enc: charmap.Windows1251, letters: russian, weight: 1, prior: 1},
		{name: "windows-1250", enc: charmap.Windows1250, letters: central, weight: .6, prior: .2},
		{name: "iso-8859-2", enc: charmap.ISO8859_2, letters: central, weight: .6, prior: .1},
		{name: "iso-8859-15", enc: charmap.ISO8859_15, letters: western, weight: 1, prior: .1},
		{name: "iso-8859-5", enc: charmap.ISO8859_5, letters: russian, weight: 1},
		{name: "windows-1254", enc: charmap.Windows1254, letters: turkish, weight: .6},
		{name: "windows-1253", enc: charmap.Windows1253, letters: greek, weight: 1},
		{name: "iso-8859-7", enc: charmap.ISO8859_7, letters: greek, weight: 1},
		{name: "windows-1256", enc: charmap.Windows1256, letters: arabic, weight: 1, prior: -1},
		{name: "macintosh", enc: charmap.Macintosh, letters: western, weight: 1, prior: -2},
		{name: "x-mac-cyrillic", enc: charmap.MacintoshCyrillic, letters: russian, weight: 1, prior: -1},
		{name: "koi8-r", enc: charmap.KOI8R, letters: russian, weight: 1, prior: -1, refused: true},
		{name: "ibm866", enc: charmap.CodePage866, letters: russian, weight: 1, prior: -1, refused: true},
	}
}

// reading is what a code page makes of the evidence.
type reading struct {
	codePage
	text  []rune
	score float64
}

// average is the score of one character beyond ASCII: near 1 where all makes
// sense, below 0 where little does.
func (r reading) average() float64 {
	return (r.score - r.prior) / r.weight / float64(max(1, beyondASCII(r.text)))
}

func beyondASCII(text []rune) (n int) {
	for _, r := range text {
		if r >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// Averages below which a reading makes no sense, or is to be looked at.
const (
	senseless = -.1
	uncertain = .4
)

// rareLetters is how many characters beyond ASCII ISO-8859-5, which is rare in
// spreadsheets, needs to be believed: short words in other scripts read as Russian ones.
const rareLetters = 12

// guessCodePage takes the code page that makes most sense of the evidence.
func guessCodePage(evidence []byte, file string) (guess, error) {
	if looksShiftJIS(evidence) {
		return guess{namedDecoding("shift-jis"), encodingNote("shift-jis", decodeAll(namedDecoding("shift-jis"), evidence), true)}, nil
	}
	var readings []reading
	for _, page := range codePages() {
		if text, ok := page.read(evidence); ok {
			readings = append(readings, reading{page, text, page.score(text)})
		}
	}
	slices.SortStableFunc(readings, func(a, b reading) int { return cmp.Compare(b.score, a.score) })
	if len(readings) == 0 || readings[0].average() < senseless && beyondASCII(readings[0].text) >= 8 {
		return guess{}, &FileError{File: file, Code: "bad_encoding",
			Text: "the text is in no encoding that is known here: save it as UTF-8, or name its encoding with --encoding"}
	}
	best := readings[0]
	if i := slices.IndexFunc(readings, func(r reading) bool { return r.name == "windows-1250" && isHungarian(r.text) }); i > 0 && best.letters == western {
		best = readings[i]
		return guess{namedDecoding(best.name), encodingNote(best.name, hungarianWords(best.text), true)}, nil
	}
	if best.refused {
		return guess{}, &FileError{File: file, Code: "bad_encoding", Text: fmt.Sprintf("the text seems to be %s, as in %q: "+
			"say --encoding %s if it is, or save it as UTF-8", best.name, exampleWord(best.text), best.name)}
	}
	return guess{namedDecoding(best.name), encodingNote(best.name, string(best.text), doubtful(readings))}, nil
}

// doubtful tells whether another code page that reads the text differently
// makes nearly as much sense of it.
func doubtful(readings []reading) bool {
	best := readings[0]
	if best.average() < uncertain || best.name == "iso-8859-5" && beyondASCII(best.text) < rareLetters {
		return true
	}
	for _, other := range readings[1:] {
		if other.name == "x-mac-cyrillic" {
			continue // has the small letters of Windows-1251, and so comes near always
		}
		if !slices.Equal(other.text, best.text) {
			return other.score > best.score*.75 || best.score-other.score < 1.5
		}
	}
	return false
}

func encodingNote(name, text string, doubt bool) Message {
	word := exampleWord([]rune(text))
	if doubt {
		return Message{Level: LevelWarning, Code: "encoding_doubt", Text: fmt.Sprintf("the file does not say its encoding; "+
			"it was read as %s, as in %q: if that looks wrong, name the encoding with --encoding", name, word)}
	}
	return Message{Level: LevelInfo, Code: "encoding", Text: fmt.Sprintf("the file was read as %s, as in %q", name, word)}
}

// exampleWord is the first longer word that is not ASCII, to judge a guess by.
func exampleWord(text []rune) string {
	best := ""
	for word := range strings.FieldsFuncSeq(string(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Sc, r) && r != '\'' && r != '’'
	}) {
		if asciiOnly([]byte(word)) {
			continue
		}
		if utf8.RuneCountInString(word) > utf8.RuneCountInString(best) {
			best = word
		}
		if utf8.RuneCountInString(best) >= 5 {
			break
		}
	}
	if r := []rune(best); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return best
}

func decodeAll(d decoding, b []byte) string {
	text, _, _ := d.decoder()(nil, b, true)
	return string(text)
}

// read decodes the evidence, if the code page has a character for each byte.
func (c codePage) read(evidence []byte) ([]rune, bool) {
	text, _, valid := charmapDecoder(c.enc)(nil, evidence, true)
	return []rune(string(text)), valid
}

// score adds up how likely each character beyond ASCII is where it stands.
func (c codePage) score(text []rune) float64 {
	weights := make(map[rune]float64, len(c.letters))
	letters := []rune(c.letters)
	for i, r := range letters {
		weights[r] = c.weight * (1.2 - float64(i)/float64(len(letters)))
	}
	total := c.prior
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		before, after := ' ', ' '
		if i > 0 {
			before = text[i-1]
		}
		if i+1 < len(text) {
			after = text[i+1]
		}
		if unicode.IsLetter(r) {
			total += letterScore(r, before, after, weights)
		} else {
			total += symbolScore(r, before, after)
		}
	}
	return total
}

func letterScore(r, before, after rune, weights map[rune]float64) float64 {
	score, common := weights[unicode.ToLower(r)]
	if !common {
		score = -.5
	}
	if low := unicode.ToLower(r); low == 'õ' && after != 'e' || low == 'ã' && after != 'o' { // in Portuguese; else ő and ă are meant
		score -= .8
	}
	if unicode.IsUpper(r) && unicode.IsLower(before) {
		score -= 3 // aB: no word is written so
	}
	if unicode.IsLower(r) && unicode.IsUpper(before) && unicode.IsUpper(after) {
		score -= 2
	}
	latin, beside := unicode.Is(unicode.Latin, r), 0
	for _, next := range []rune{before, after} {
		switch {
		case !unicode.IsLetter(next):
		case unicode.Is(unicode.Latin, next) != latin:
			score -= 1.5 // two scripts in one word
		case latin && next >= utf8.RuneSelf:
			beside++
		}
	}
	score -= []float64{0, .2, 1}[beside] // accented letters seldom stand together
	if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
		score -= .7 // few words are one letter
	}
	if unicode.IsDigit(before) {
		score -= 1
	}
	return score
}

// symbolScore judges a character that is no letter by its neighbours: quotes
// and currency signs stand at the edge of words, hardly anything inside them.
func symbolScore(r, before, after rune) float64 {
	left, right := unicode.IsLetter(before), unicode.IsLetter(after)
	switch {
	case r == '’' || (r == '‑' || r == '–' || r == '—') && !(left && right):
		return .5
	case r == '–' || r == '—' || r == '…' && right && !left: // a letter of another code page as likely
		return -.1
	case left && right:
		return -3
	case strings.ContainsRune("€£«»„“”‘…•°№§©®™\u00a0ºª±×½", r):
		return .5
	case strings.ContainsRune("¿¡", r) && !left && right:
		return 1
	case left:
		return -1.5
	}
	return -.5
}

// isHungarian tells whether a text is Hungarian by its letters: ő or ű, others of
// its own that French lacks, and none that it does not have. Windows-1252 makes
// õ and û of ő and ű, which few languages use, and agrees in all the others.
func isHungarian(text []rune) bool {
	double, own := false, false
	for i, r := range text {
		low := unicode.ToLower(r)
		switch {
		case r < utf8.RuneSelf || !unicode.IsLetter(r):
		case low == 'ő' && i+1 < len(text) && text[i+1] == 'e': // the õe of Portuguese
			return false
		case strings.ContainsRune("őű", low):
			double = true
		case strings.ContainsRune("áíóöúü", low):
			own = true
		case low != 'é':
			return false
		}
	}
	return double && own
}

// hungarianWords are the words by which a person sees whether it is.
func hungarianWords(text []rune) string {
	words := strings.Fields(string(text))
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return !strings.ContainsAny(w, "őűŐŰ") }), " ")
}

// looksShiftJIS tells whether all of b is valid Shift-JIS and most of it
// Japanese. Few texts of code pages come near: their bytes from 0x80 on stand
// alone between ASCII letters.
func looksShiftJIS(b []byte) bool {
	text, _, valid := namedDecoding("shift-jis").decoder()(nil, b, true)
	if !valid {
		return false
	}
	japanese, kana, half, other := 0, 0, 0, 0
	runes := []rune(string(text))
	for i, r := range runes {
		switch {
		case r < utf8.RuneSelf:
		case unicode.In(r, unicode.Hiragana) || r >= 'ァ' && r <= 'ー':
			kana++
		case r >= '｡' && r <= 'ﾟ':
			half++ // every Cyrillic capital reads as one
		case unicode.Is(unicode.Co, r):
			other += 3
		case i > 0 && isASCIILetter(runes[i-1]) && (i+1 == len(runes) || isASCIILetter(runes[i+1])):
			other += 3
		default:
			japanese++
		}
	}
	japanese += 3 * kana
	if kana < 2 {
		other += half
	}
	return japanese >= 2 && japanese >= 3*other
}

func isASCIILetter(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }
