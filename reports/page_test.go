package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// manyOffers is a run of so many offers; every tenth failed, and the titles try
// to leave the page's data.
func manyOffers(n int) run {
	var r run
	for i := range n {
		at := finished(0).Add(time.Duration(i) * 100 * time.Millisecond)
		res := importer.Result{Key: fmt.Sprintf("k-%d", i), Sheet: "Offers", Row: i + 2, Title: `</script><script>document.title="broken"</script> ` + fmt.Sprint(i),
			Status: importer.StatusCreated, OfferID: int64(1000 + i), Attempts: 1, FinishedAt: &at}
		if i%10 == 3 {
			res.Status, res.OfferID, res.Attempts = importer.StatusFailed, 0, 2
			res.Messages = []sheet.Message{{Level: sheet.LevelError, Cell: fmt.Sprintf("C%d", i+2), Column: "status", Code: "not_allowed", Text: "`<img src=x>` is no status"}}
		}
		r.results = append(r.results, res)
	}
	r.sum = importer.Summary{Run: "r-7", Input: []string{"launch.json"}, StartedAt: *finished(0), FinishedAt: finished(4),
		Requests: importer.Requests{Sent: n, Retried: n / 10, Throttled: 3}, Rate: importer.Rate{Limit: 10, Achieved: 9.9}}
	return r
}

func writePage(t *testing.T, r run) (path string) {
	t.Helper()
	opts := options(t.TempDir(), nil)
	if _, err := Write(context.Background(), r.whole(), opts); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(opts.Dir, "report.html")
}

func TestPage(t *testing.T) {
	page := readFile(t, writePage(t, manyOffers(200)))
	for _, want := range []string{"<h1>200 offers: 180 created, 20 failed</h1>", "told to slow down 3 times", "not_allowed", "Offers!C5, C15",
		"default-src &#39;none&#39;"} {
		if !strings.Contains(page, want) && !strings.Contains(page, strings.ReplaceAll(want, "&#39;", "'")) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page, "<script"); n != 2 {
		t.Errorf("%d scripts, want the data and ours", n)
	}
	if m := regexp.MustCompile(`(?i)\b(src|href)="?(https?:)?//`).FindString(page); m != "" {
		t.Errorf("the page loads %s from outside", m)
	}
}

// chromium opens a page and returns its document when its scripts have run.
func chromium(t *testing.T, file string) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--window-size=1280,1000", "--virtual-time-budget=5000", "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// The page works in a browser as it is, under its own content security policy.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	file := writePage(t, manyOffers(3000))
	dom := chromium(t, file)
	if !strings.Contains(dom, `aria-live="polite">3,000 offers</p>`) {
		t.Fatal("the script did not run")
	}
	if n := strings.Count(dom, "aria-rowindex="); n == 0 || n > 100 {
		t.Errorf("%d of 3,000 rows are in the document, want only those in sight", n)
	}
	for _, want := range []string{`aria-rowcount="3001"`, `href="https://panel.example.com/offers/1000?a=1&amp;b=2"`, "<title>3,000 offers: 2,700 created, 300 failed</title>"} {
		if !strings.Contains(dom, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if strings.Contains(dom, "<b>") || strings.Contains(dom, "<img") {
		t.Error("a text of the results became an element")
	}
}

// A person searches, filters, sorts and opens a row.
func TestPageUse(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	file := writePage(t, manyOffers(3000))
	page := readFile(t, file)
	script := `<script>(async () => {
  const said = [], wait = ms => new Promise(r => setTimeout(r, ms)), at = id => document.getElementById(id);
  const note = name => said.push(name + "=" + at("shown").textContent + "/" + (document.querySelector("#rows tr:not(.pad) td:nth-child(2)") || {}).textContent);
  at("q").value = "K-29 no status"; at("q").dispatchEvent(new Event("input")); await wait(400); note("search");
  at("controls").reset(); await wait(50); note("reset");
  at("status").value = "failed"; at("status").dispatchEvent(new Event("change")); note("status");
  document.querySelector('[data-sort="0"]').click(); document.querySelector('[data-sort="0"]').click(); note("sorted");
  said.push("aria=" + [...document.querySelectorAll("th[aria-sort]")].map(t => t.getAttribute("aria-sort")).filter(s => s !== "none"));
  document.querySelector("button.more").click(); said.push("detail=" + at("detail").open + at("detail-body").textContent);
  at("detail").close(); at("controls").reset(); await wait(50); document.querySelector("button.show[data-status=created]").click(); await wait(50); note("count");
  document.querySelector(".problem button.show").click(); await wait(50); note("code");
  at("scroll").scrollTop = 1e9; at("scroll").dispatchEvent(new Event("scroll")); await wait(50);
  said.push("end=" + [...document.querySelectorAll("#rows tr:not(.pad) td:nth-child(2)")].pop().textContent);
  at("controls").reset(); await wait(50); const link = document.querySelector("#rows a"), id = link.textContent; link.focus();
  at("scroll").scrollTop = 340; at("scroll").dispatchEvent(new Event("scroll")); await wait(50);
  said.push("focus=" + (document.activeElement !== link) + (document.activeElement.textContent === id));
  at("status").value = "failed"; at("status").dispatchEvent(new Event("change"));
  dispatchEvent(new Event("beforeprint")); said.push("print=" + document.querySelectorAll("#rows tr").length); dispatchEvent(new Event("afterprint"));
  const pre = document.createElement("pre"); pre.id = "said"; pre.textContent = said.join("\n"); document.body.append(pre);
})();</script></body>`
	page = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(page, "")
	if err := os.WriteFile(file, []byte(strings.Replace(page, "</body>", script, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	dom := chromium(t, file)
	_, said, _ := strings.Cut(dom, `<pre id="said">`)
	said, _, _ = strings.Cut(said, "</pre>")
	want := strings.Join([]string{
		"search=11 of 3,000 offers/k-293",
		"reset=3,000 offers/k-0",
		"status=300 of 3,000 offers/k-3",
		"sorted=300 of 3,000 offers, by key, descending/k-2993",
		"aria=descending",
		"detail=trueStatusfailedRowOffers row 2995error in Offers!C2995 status`&lt;img src=x&gt;` is no status (not_allowed)",
		"count=2,700 of 3,000 offers, by key, descending/k-2999",
		"code=300 of 3,000 offers, by key, descending/k-2993",
		"end=k-3",
		"focus=truetrue",
		"print=300",
	}, "\n")
	if said != want {
		t.Errorf("said\n%s\nwant\n%s", said, want)
	}
}

func TestTimeline(t *testing.T) {
	r := manyOffers(3000) // 300 s at 10 a second, every tenth sent twice
	w := &writer{sum: r.sum, zone: time.UTC, idx: newIndex(nil, nil)}
	for _, res := range r.results {
		w.idx.tick(&res)
	}
	for range 2 {
		w.idx.tick(&importer.Result{Status: importer.StatusFailed, FinishedAt: finished(1)})
	}
	tl := w.timeline()
	if tl.Unsent != 2 {
		t.Errorf("%d were never sent, want 2", tl.Unsent)
	}
	done, failed, sent, again := 0, 0, 0, 0
	for _, b := range tl.Buckets {
		done, failed, sent, again = done+b.Done, failed+b.Failed, sent+b.Sent, again+b.Again
	}
	if done != 2700 || failed != 300 || sent != 3300 || again != 300 {
		t.Errorf("%d done, %d failed, %d sent, %d again", done, failed, sent, again)
	}
	if n := len(tl.Buckets); n < 40 || n > maxBuckets {
		t.Errorf("%d buckets", n)
	}
	if tl.Start != "14:00:05" || tl.Top != "11/s" || tl.LimitY == 0 {
		t.Errorf("from %s, top %s, limit at %d", tl.Start, tl.Top, tl.LimitY)
	}
	for _, b := range tl.Bars {
		if b.Y < chartTop || b.Y+b.H > chartHeight-chartBottom || b.X < chartLeft || b.X+b.W > chartWidth {
			t.Errorf("a bar outside of the chart: %+v", b)
		}
	}
}

func TestHeadline(t *testing.T) {
	for want, counts := range map[string]map[importer.Status]int{
		"No offer was found in the input":                     {},
		"The offer: created":                                  {importer.StatusCreated: 1},
		"All 1,234 offers: created":                           {importer.StatusCreated: 1234},
		"12 offers: 7 created, 4 failed, 1 unclear":           {importer.StatusCreated: 7, importer.StatusFailed: 4, importer.StatusUnknown: 1},
		"1,000,003 offers: 3 updated, 1,000,000 not sent yet": {importer.StatusUpdated: 3, importer.StatusPending: 1000000},
	} {
		w := &writer{idx: &index{counts: counts}}
		if got := w.headline(); got != want {
			t.Errorf("headline %q, want %q", got, want)
		}
	}
}

// What turns the order of a text around, in a cell, turns nothing on the page.
func TestTextsAreNotTurned(t *testing.T) {
	for text, want := range map[string]string{"a\u202eb": "a\uFFFDb", "x\u2067y": "x\uFFFDy", "– “q” …": "– “q” …", "plain": "plain"} {
		if got := unturned(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
		var back string
		if err := json.Unmarshal(appendText(nil, text+"</script>\"\\"), &back); err != nil || back != want+"</script>\"\\" {
			t.Errorf("%q in JSON: %q, %v", text, back, err)
		}
		if strings.Contains(string(appendText(nil, "</script>")), "<") {
			t.Error("a script could be ended")
		}
	}
}

// The other offer with one's key is named where it is in that report.
func TestTwinsMoveWithTheirRows(t *testing.T) {
	idx := newIndex([]TableInfo{{File: "a.xlsx", Sheet: "Offers", HeaderRow: 1}}, nil)
	move := func(_ *tableIndex, row int) (int, bool) { return row - 2, true }
	for text, want := range map[string]string{
		"`A9` is the key of the offer in A11 too: each offer needs its own": "`A9` is the key of the offer in A9 too: each offer needs its own",
		"the same title and URL as the offer in row 7 or row 8: give each":  "the same title and URL as the offer in row 5 or row 6: give each",
		"`k` is the key of the offer in b.xlsx, Offers!A11 too: each":       "`k` is the key of the offer in b.xlsx, Offers!A11 too: each",
	} {
		m := sheet.Message{File: "a.xlsx", Sheet: "Offers", Cell: "A9", Code: "duplicate_key", Text: text}
		if got := idx.texts(move).phrase(textWithMarks(m)).in(9); got != want {
			t.Errorf("%q", got)
		}
		if got := idx.texts(nil).phrase(textWithMarks(m)).in(9); got != text {
			t.Errorf("not moved: %q", got)
		}
	}
}
