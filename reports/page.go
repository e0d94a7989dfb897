package reports

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// page is what the page's template shows.
type page struct {
	Policy   template.HTMLAttr
	Style    template.CSS
	Script   template.JS
	Title    string
	About    string
	Made     string
	Steps    []string
	Stopped  string
	Counts   []pageCount
	Total    int
	Requests string
	Timeline *timeline
	Problems []pageProblem
	Codes    []string // of the problems, each once
	Loose    []sheet.Message
}

type pageCount struct {
	Status  string
	N       int
	Meaning string
	Share   string
}

type pageProblem struct {
	Code, Level, First, Example, Places string
	N                                   int
}

// dataMark is where in the page the rows go, which are streamed.
const dataMark = "@@rows@@"

// writePage writes report.html: the template's text up to the rows, the rows one
// by one, the rest.
func (w *writer) writePage(out io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{"grouped": grouped}).Parse(pageHTML)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, w.page()); err != nil {
		return err
	}
	before, after, ok := bytes.Cut(text.Bytes(), []byte(dataMark))
	if !ok {
		return fmt.Errorf("the page has no place for its rows")
	}
	if _, err := out.Write(before); err != nil {
		return err
	}
	if err := w.pageData(out); err != nil {
		return err
	}
	_, err = out.Write(after)
	return err
}

// page collects what is shown above the table of offers.
func (w *writer) page() page {
	p := page{Style: template.CSS(pageCSS), Script: template.JS(pageJS), Title: w.headline(), About: w.about(),
		Made: w.opts.Now().In(w.zone).Format("2006-01-02 15:04 MST"), Steps: w.nextSteps(), Stopped: w.sum.Stopped,
		Requests: w.requests(), Timeline: w.timeline(), Loose: w.sum.Messages}
	p.Policy = template.HTMLAttr(fmt.Sprintf(`content="default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"`,
		sourceHash(pageCSS), sourceHash(pageJS)))
	for _, n := range w.idx.counts {
		p.Total += n
	}
	for _, s := range statuses() {
		if n := w.idx.counts[s]; n > 0 {
			p.Counts = append(p.Counts, pageCount{string(s), n, s.Meaning(w.sum.Mode), strconv.FormatFloat(100*float64(n)/float64(p.Total), 'f', 1, 64) + " %"})
		}
	}
	for _, c := range w.idx.causes.Commonest() {
		p.Problems = append(p.Problems, pageProblem{Code: c.Code, Level: strings.TrimSuffix(levelWord(c.Level), ": "), First: where(*c),
			Example: unturned(c.Text), N: c.N, Places: places(*c, maxPlaces)})
		if !slices.Contains(p.Codes, c.Code) {
			p.Codes = append(p.Codes, c.Code)
		}
	}
	return p
}

// where names the first places of a problem, and says how many more there are.
func where(c sheet.Cause) string {
	if c.Mixed {
		return places(c, 1) + ", such as"
	}
	return places(c, 3)
}

// places leaves the file away, which the page's head names.
func places(c sheet.Cause, most int) string {
	c.File = ""
	return c.Places(most)
}

// sourceHash names an inline script or style in a content security policy.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// pageData writes the rows as JSON, each as
// [key, title, sheet, row, status, offer id, when, [[level, code, place, text], …]].
func (w *writer) pageData(out io.Writer) error {
	head := map[string]any{"statuses": statuses()}
	if before, after, ok := w.panelPattern(); ok {
		head["panel"] = []string{before, after}
	}
	raw, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s,\"rows\":[", raw[:len(raw)-1]); err != nil {
		return err
	}
	if err := w.pageRows.copyTo(out); err != nil {
		return err
	}
	_, err = io.WriteString(out, "\n]}")
	return err
}

// appendPageRow appends an offer's row of the page.
func appendPageRow(b []byte, res *importer.Result, times *stamps) []byte {
	b = append(b, '[')
	for _, text := range []string{res.Key, res.Title, res.Sheet} {
		b = append(appendText(b, text), ',')
	}
	b = append(strconv.AppendInt(b, int64(res.Row), 10), ',')
	b = append(strconv.AppendInt(b, int64(statusOf(res.Status)), 10), ',')
	b = append(appendText(b, idText(res.OfferID)), ',')
	when := ""
	if res.FinishedAt != nil {
		when = times.text(res.FinishedAt.Unix())
	}
	b = append(appendText(b, when), ",["...)
	for i, m := range res.Messages {
		if i > 0 {
			b = append(b, ',')
		}
		place := sheet.Message{Sheet: cmp.Or(m.Sheet, res.Sheet), Cell: m.Cell}.Place()
		b = strconv.AppendInt(append(b, '['), int64(levelOf(m.Level)), 10)
		for _, text := range []string{m.Code, strings.TrimSpace(place + " " + m.Column), m.Text} {
			b = appendText(append(b, ','), text)
		}
		b = append(b, ']')
	}
	return append(b, "]]"...)
}

// appendText appends a text as JSON that may stand within a script element.
func appendText(b []byte, text string) []byte {
	if isASCII(text, notInScript) {
		return append(append(append(b, '"'), text...), '"')
	}
	if text = unturned(text); plainJSON(text) && !strings.ContainsAny(text, "<>&") {
		return append(append(append(b, '"'), text...), '"')
	}
	quoted, _ := json.Marshal(text) // a string always marshals
	return append(b, quoted...)
}

// rowFile holds the rows of the page until the page is written, so that the
// results are read once for all reports.
type rowFile struct {
	file  *os.File
	out   *bufio.Writer
	times stamps
	rows  int
	line  []byte
}

func newRowFile(dir string, times stamps) (*rowFile, error) {
	f, err := os.CreateTemp(dir, "page-*")
	if err != nil {
		return nil, fmt.Errorf("cannot write into the folder for the reports: %w", err)
	}
	return &rowFile{file: f, times: times, out: bufio.NewWriterSize(f, spoolWindow)}, nil
}

func (r *rowFile) add(res *importer.Result) error {
	sep := ",\n"
	if r.rows == 0 {
		sep = "\n"
	}
	r.line = append(r.line[:0], sep...)
	r.rows++
	r.line = appendPageRow(r.line, res, &r.times)
	_, err := r.out.Write(r.line)
	return err
}

func (r *rowFile) copyTo(out io.Writer) error {
	if err := r.out.Flush(); err != nil {
		return err
	}
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if b, ok := out.(*bufio.Writer); ok { // with nothing in it, it lets one file be copied into the other
		if err := b.Flush(); err != nil {
			return err
		}
	}
	_, err := io.Copy(out, r.file)
	return err
}

func (r *rowFile) close() {
	r.file.Close()
	os.Remove(r.file.Name())
}

// panelPattern is what stands before and after the id in the address of an offer
// in the panel, if it is always the same.
func (w *writer) panelPattern() (before, after string, ok bool) {
	if w.opts.PanelURL == nil {
		return "", "", false
	}
	const one, other = 7040571, 90263
	before, after, ok = strings.Cut(w.opts.PanelURL(one), strconv.Itoa(one))
	return before, after, ok && w.opts.PanelURL(other) == before+strconv.Itoa(other)+after
}
