package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	// sampleSize is how many bytes of a text its dialect is found from.
	sampleSize = 256 << 10
	// trialSize is how many bytes each delimiter is tried on.
	trialSize = 64 << 10
)

// sample is the start of a text, decoded.
type sample struct {
	text  []byte
	whole bool // the text ends here
}

// takeSample finds out a text's encoding and dialect and returns its start.
func (t *csvTable) takeSample(opts Options) (sample, error) {
	survey, err := t.survey(opts)
	if err != nil {
		return sample{}, err
	}
	s, err := t.readSample(sampleSize)
	if err != nil {
		return s, err
	}
	if s.whole && len(bytes.Trim(s.text, " \t\r\n,;|\"\u00a0")) == 0 {
		return s, emptyFile(t.source.file)
	}
	if err := refuseText(s.text, t.source.file); err != nil {
		return s, err
	}
	if t.dialect, err = findDialect(s, opts, t.limits); err != nil {
		return s, optionError(t.source.file, err)
	}
	if survey.slashes && t.dialect.quoting == quoteDoubled {
		if err := t.checkQuoting(); err != nil {
			return s, err
		}
	}
	t.table.Facts = Facts{Format: "csv", Encoding: t.decode.name,
		Delimiter: delimiterName(t.dialect.delimiter), LineEnd: lineEndName(s.text, t.dialect)}
	t.tellDialect()
	return s, nil
}

// survey reads the file's bytes and sets how to decode them.
func (t *csvTable) survey(opts Options) (*survey, error) {
	r, err := t.source.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s, err := takeSurvey(r)
	if err != nil {
		return nil, t.readError(err)
	}
	if s.size == 0 {
		return nil, emptyFile(t.source.file)
	}
	marked := bytes.HasPrefix(s.head, []byte(bom8)) || bytes.HasPrefix(s.head, []byte("\xff\xfe")) || bytes.HasPrefix(s.head, []byte("\xfe\xff"))
	if opts.Encoding != "" && !marked {
		named, ok := findDecoding(opts.Encoding)
		if !ok {
			return nil, &FileError{File: t.source.file, Code: "bad_option", Text: fmt.Sprintf("there is no encoding %q: "+
				"name one such as utf-8, utf-16le, windows-1251, windows-1252, iso-8859-2, koi8-r, ibm866 or shift-jis", opts.Encoding)}
		}
		t.decode = named
		return s, nil
	}
	found, err := s.guess(t.source.file)
	if err != nil {
		return nil, err
	}
	t.decode = found.decoding
	if found.note.Level != "" {
		t.tell(found.note)
	}
	if s.lost > 0 {
		t.tell(Message{Level: LevelWarning, Code: "lost_characters", Text: fmt.Sprintf("the file holds the sign � in place of %s, "+
			"first on line %d, lost when it was saved: look there, and export it anew", counted(s.lost, "character"), s.lostLine)})
	}
	return s, nil
}

// counted is a number with its noun: 1 character, 2 characters.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func emptyFile(file string) *FileError {
	return &FileError{File: file, Code: "empty_file", Text: "the file is empty: expected a row with the column names and the offers below it"}
}

// readSample decodes up to size bytes of text. Bytes that mean nothing in the
// encoding are an error already here.
func (t *csvTable) readSample(size int) (sample, error) {
	r, err := t.source.open()
	if err != nil {
		return sample{}, err
	}
	defer r.Close()
	text := make([]byte, size)
	n, err := io.ReadFull(t.decode.reader(r, t.source.file), text)
	text = text[:n]
	if err == nil {
		for len(text) > 0 && !utf8.Valid(text[max(0, len(text)-utf8.UTFMax):]) && !utf8.FullRune(lastRune(text)) {
			text = text[:len(text)-1]
		}
		return sample{text, false}, nil
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return sample{text, true}, nil
	}
	var bad *FileError
	if errors.As(err, &bad) && bad.Code == "bad_encoding" {
		bad.Place = fmt.Sprint("line ", bytes.Count(text, []byte{'\n'})+1)
	}
	return sample{}, t.readError(err)
}

// lastRune is the last character of b, which may be cut off.
func lastRune(b []byte) []byte {
	i := len(b) - 1
	for i > 0 && len(b)-i < utf8.UTFMax && !utf8.RuneStart(b[i]) {
		i--
	}
	return b[i:]
}

// readError tells of a failure to read in terms of the file.
func (t *csvTable) readError(err error) error {
	var told *FileError
	if errors.As(err, &told) {
		return err
	}
	return &FileError{File: t.source.file, Code: "unreadable", Text: "the file cannot be read to its end: " + err.Error(), Err: err}
}

// checkQuoting looks further for backslashes before quotes than the sample.
func (t *csvTable) checkQuoting() error {
	s, err := t.readSample(surveySize)
	if err != nil {
		return err
	}
	t.dialect.quoting = findQuoting(s, t.dialect, t.limits)
	return nil
}

// tellDialect tells what was guessed where it is not the usual.
func (t *csvTable) tellDialect() {
	var what []string
	if d := t.table.Facts.Delimiter; d != "," && d != "" {
		what = append(what, "the delimiter "+d)
	}
	if t.dialect.quoting != quoteDoubled {
		what = append(what, "backslashes before quotes")
	}
	if e := t.table.Facts.LineEnd; e == "cr" || e == "crcrlf" {
		what = append(what, "line ends of "+strings.ToUpper(e))
	}
	if strings.HasPrefix(t.decode.name, "utf-16") {
		what = append(what, t.decode.name)
	}
	if len(what) > 0 {
		t.tell(Message{Level: LevelInfo, Code: "dialect", Text: "the file was read with " + strings.Join(what, ", ")})
	}
}

func optionError(file string, err error) error {
	return &FileError{File: file, Code: "bad_option", Text: err.Error()}
}

// findDialect finds how a text is cut into records and cells.
func findDialect(s sample, opts Options, limits Limits) (dialect, error) {
	d := dialect{}
	lone, lf := lineBreaks(s.text)
	d.cr = lone > lf
	line := s.text
	if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	d.delimiter, d.sepLine = sepLine(line)
	switch {
	case opts.Delimiter != 0:
		if opts.Delimiter >= utf8.RuneSelf || strings.ContainsRune("\"\r\n", opts.Delimiter) || opts.Delimiter < 0 {
			return d, fmt.Errorf("%q cannot be a delimiter: name one such as , ; tab or |", opts.Delimiter)
		}
		d.delimiter = byte(opts.Delimiter)
	case !d.sepLine:
		d.delimiter = findDelimiter(s, d, opts.Known, limits)
	}
	d.quoting = findQuoting(s, d, limits)
	return d, nil
}

// sepLine reads the line by which Excel is told the delimiter: sep=;
func sepLine(line []byte) (byte, bool) {
	const sep = "sep="
	text := strings.Trim(string(line), `"`)
	if len(text) <= len(sep) || !strings.EqualFold(text[:len(sep)], sep) {
		return 0, false
	}
	rest := text[len(sep):]
	if rest[0] == '"' || rest[0] >= utf8.RuneSelf || len(rest) > 1 && strings.Trim(rest[1:], " ,;\t\"") != "" {
		return 0, false
	}
	return rest[0], true
}

// lineBreaks counts the CRs that stand alone and the LFs outside of quotes.
func lineBreaks(text []byte) (lone, lf int) {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			lf++
		case c == '\r' && i+1 < len(text) && text[i+1] != '\n' && text[i+1] != '\r':
			lone++
		case c == '\r' && i+1 == len(text):
			lone++
		}
	}
	return lone, lf
}

// findDelimiter tries each delimiter and takes the one whose records have most
// known headers, and then most alike widths.
func findDelimiter(s sample, d dialect, known func(string) bool, limits Limits) byte {
	trial := sample{s.text[:min(len(s.text), trialSize)], s.whole && len(s.text) <= trialSize}
	best, most := byte(0), -1.0
	for _, delimiter := range []byte{0, ',', ';', '\t', '|'} {
		d.delimiter = delimiter
		d.quoting = findQuoting(trial, d, limits)
		records, flaws := tryDialect(trial, d, limits)
		if score := widthScore(records, delimiter, known) - .5*flaws; score > most+1e-9 {
			best, most = delimiter, score
		}
	}
	return best
}

// widthScore judges a delimiter by the records it makes: 10 for each header
// known, 1 where all are as wide, and a little for more columns. One column is
// taken only where no delimiter makes half the records alike.
func widthScore(records []csvRecord, delimiter byte, known func(string) bool) float64 {
	headers, looked := 0, 0
	widths := map[int]int{}
	for _, rec := range records {
		if blankCells(rec.cells) {
			continue
		}
		if looked++; looked <= headerLook {
			headers = max(headers, knownNames(rec.cells, known))
		}
		widths[len(rec.cells)]++
	}
	score := 10 * float64(headers)
	if delimiter == 0 {
		return score + .5
	}
	usual := usualRecord(widths)
	if usual < 2 {
		return score
	}
	n, titles := 0, 0
	for _, rec := range records {
		switch {
		case blankCells(rec.cells):
		case n == 0 && len(rec.cells) == 1:
			titles++ // above the table: they say little of the delimiter
		default:
			n++
		}
	}
	if titles > 0 {
		score -= .2
	}
	return score + float64(widths[usual])/float64(n) + .01*float64(min(usual, 20))
}

// usualRecord is the width above 1 that most records have, the wider on a tie.
func usualRecord(widths map[int]int) int {
	usual := 0
	for w, n := range widths {
		if w > 1 && (n > widths[usual] || n == widths[usual] && w > usual) {
			usual = w
		}
	}
	return usual
}

// findQuoting takes the first way of writing quotes by which the text has no
// quote at an odd place.
func findQuoting(s sample, d dialect, limits Limits) quoting {
	if !bytes.Contains(s.text, []byte(`\"`)) {
		return quoteDoubled
	}
	best, least := quoteDoubled, 2.0
	for _, q := range []quoting{quoteDoubled, quoteBackslashed, quoteTwoBackslash} {
		d.quoting = q
		if _, flaws := tryDialect(s, d, limits); flaws < least {
			best, least = q, flaws
		}
	}
	return best
}

// tryDialect cuts a sample and returns the share of records with flaws; one
// that cannot be cut to its end counts as all flawed.
func tryDialect(s sample, d dialect, limits Limits) ([]csvRecord, float64) {
	limits.Columns, limits.CellLength = len(s.text), len(s.text) // what is too large is told by the reading itself
	records, err := cutSample(s, "", d, limits)
	if err != nil {
		return records, 1
	}
	flawed := 0
	for _, rec := range records {
		if len(rec.flaws) > 0 || rec.odd {
			flawed++
		}
	}
	return records, float64(flawed) / float64(max(1, len(records)))
}

// cutSample cuts a sample into records. Where it is not the whole text the last
// one, which may be a part, is left out, and so is what an open quote means.
func cutSample(s sample, file string, d dialect, limits Limits) ([]csvRecord, error) {
	p := newCSVParser(bytes.NewReader(s.text), file, d, limits)
	var records []csvRecord
	for {
		rec, err := p.next()
		if err == io.EOF {
			break
		}
		if err != nil && (s.whole || !p.eof) {
			return records, err
		}
		if err != nil {
			return records, nil
		}
		records = append(records, rec)
	}
	if !s.whole && len(records) > 1 {
		records = records[:len(records)-1]
	}
	return records, nil
}

func (t *csvTable) cut(s sample) ([]csvRecord, error) {
	return cutSample(s, t.source.file, t.dialect, t.limits)
}

func delimiterName(c byte) string {
	switch c {
	case 0:
		return ""
	case '\t':
		return "tab"
	}
	return string(c)
}

// lineEndName tells how the first records end.
func lineEndName(text []byte, d dialect) string {
	if d.cr {
		return "cr"
	}
	quoted := false
	for i, c := range text {
		if c == '"' {
			quoted = !quoted
		}
		if c != '\n' || quoted {
			continue
		}
		switch line := text[:i]; {
		case bytes.HasSuffix(line, []byte("\r\r")):
			return "crcrlf"
		case bytes.HasSuffix(line, []byte("\r")):
			return "crlf"
		}
		return "lf"
	}
	return "lf"
}
