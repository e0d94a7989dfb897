package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
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
	Requests importer.Requests
	Rate     importer.Rate
	Timeline *timeline
	Problems []pageProblem
	Loose    []sheet.Message
}

type pageCount struct {
	Status  string
	N       int
	Meaning string
	Share   string
}

type pageProblem struct {
	Code, Level, Example string
	N                    int
	Places               []string
	More                 int
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
		Requests: w.sum.Requests, Rate: w.sum.Rate, Timeline: w.timeline(), Loose: w.sum.Messages}
	p.Policy = template.HTMLAttr(fmt.Sprintf(`content="default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"`,
		sourceHash(pageCSS), sourceHash(pageJS)))
	for _, n := range w.idx.counts {
		p.Total += n
	}
	for _, s := range statuses() {
		if n := w.idx.counts[s]; n > 0 {
			p.Counts = append(p.Counts, pageCount{string(s), n, statusMeaning(s), strconv.FormatFloat(100*float64(n)/float64(p.Total), 'f', 1, 64) + " %"})
		}
	}
	for _, prob := range w.idx.problems() {
		p.Problems = append(p.Problems, pageProblem{Code: prob.code, Level: strings.TrimSuffix(levelWord(prob.level), ": "),
			Example: prob.first.Text, N: prob.n, Places: prob.places, More: prob.n - len(prob.places)})
	}
	return p
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
	w.reading.Lock()
	defer w.reading.Unlock()
	sep := "\n"
	for res, err := range w.results() {
		if err != nil {
			return err
		}
		line, err := json.Marshal(w.pageRow(res))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s%s", sep, line); err != nil {
			return err
		}
		sep = ",\n"
	}
	_, err = io.WriteString(out, "\n]}")
	return err
}

func (w *writer) pageRow(res importer.Result) []any {
	messages := make([][4]any, 0, len(res.Messages))
	for _, m := range res.Messages {
		if m.Sheet == "" {
			m.Sheet = res.Sheet
		}
		place := sheet.Message{Sheet: m.Sheet, Cell: m.Cell}.Place()
		messages = append(messages, [4]any{levelOf(m.Level), m.Code, strings.TrimSpace(place + " " + m.Column), m.Text})
	}
	when := ""
	if res.FinishedAt != nil {
		when = w.when(res.FinishedAt.Unix())
	}
	return []any{res.Key, res.Title, res.Sheet, res.Row, statusOf(res.Status), idText(res.OfferID), when, messages}
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
