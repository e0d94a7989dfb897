package reports

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// browser is Chromium with a page open, driven over a pipe as a person drives
// it: by keys, not by the page's own functions.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
}

// reply is a message of the browser's.
type reply struct {
	ID     int
	Method string
	Error  json.RawMessage
	Result json.RawMessage
}

func openBrowser(t *testing.T, file string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil || testing.Short() || runtime.GOOS == "windows" {
		t.Skip("starts a browser, or there is none")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--window-size=1280,1000", "--remote-debugging-pipe", "about:blank")
	commands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, replies, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{commands, replies} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	commands.Close()
	replies.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		b.call("Browser.close", nil, nil)
		_ = cmd.Wait()
		cancel()
		to.Close()
		from.Close()
	})
	b.show(file)
	return b
}

// show opens a file in the browser's page.
func (b *browser) show(file string) {
	b.t.Helper()
	var targets struct {
		TargetInfos []struct{ TargetID, Type string }
	}
	b.call("Target.getTargets", nil, &targets)
	page := slices.IndexFunc(targets.TargetInfos, func(i struct{ TargetID, Type string }) bool { return i.Type == "page" })
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": targets.TargetInfos[page].TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	b.call("Page.enable", nil, nil)
	b.call("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	for b.next().Method != "Page.loadEventFired" {
	}
}

// next is the next message of the browser's.
func (b *browser) next() (r reply) {
	b.t.Helper()
	raw, err := b.from.ReadBytes(0)
	if err == nil {
		err = json.Unmarshal(bytes.TrimSuffix(raw, []byte{0}), &r)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// call sends a command and waits for what it returns.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	b.last++
	message := map[string]any{"id": b.last, "method": method, "params": params}
	if params == nil {
		message["params"] = map[string]any{}
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	raw, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(raw, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		r := b.next()
		if r.ID != b.last {
			continue
		}
		if r.Error != nil {
			b.t.Fatalf("%s: %s", method, r.Error)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// key presses a key: Tab, Enter, Escape or a letter.
func (b *browser) key(key string, shift ...bool) {
	b.t.Helper()
	code := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27}[key]
	down := map[string]any{"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": code, "modifiers": 8 * len(shift)}
	if text := map[string]string{"Enter": "\r"}[key]; text != "" || code == 0 {
		down["type"], down["text"] = "keyDown", text
		if code == 0 {
			down["text"] = key
		}
	}
	b.call("Input.dispatchKeyEvent", down, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": code}, nil)
}

// is evaluates an expression on the page to a text, which may be promised.
func (b *browser) is(expression string) string {
	b.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if out.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, out.ExceptionDetails)
	}
	text, _ := out.Result.Value.(string)
	return text
}

// A person without a mouse searches, goes through the rows, of which only those
// in sight are in the document, opens one and comes back to it.
func TestPageByKeyboard(t *testing.T) {
	b := openBrowser(t, writePage(t, manyOffers(3000)))
	b.is(`document.querySelector('#q').focus()`)
	for _, letter := range "no status" {
		b.key(string(letter))
	}
	const shown = `new Promise(r => setTimeout(() => r(document.querySelector("#shown").textContent), 400))`
	if got := b.is(shown); got != "300 of 3,000 offers" {
		t.Errorf("found %s", got)
	}
	b.is(`document.querySelector('[data-sort="6"]').focus()`)
	const row = `String(document.activeElement.closest("#rows tr")?.getAttribute("aria-rowindex"))`
	for i := range 90 {
		b.key("Tab")
		if got, want := b.is(row), jsonText(t, i+2); got != want {
			t.Fatalf("after %d tabs in row %s, want %s", i+1, got, want)
		}
	}
	const seen = `(e => String(e.top >= document.querySelector("#table thead").getBoundingClientRect().bottom - 1))(document.activeElement.getBoundingClientRect())`
	for range 30 {
		b.key("Tab", true)
		if b.is(seen) != "true" {
			t.Fatal("the row with the focus is beneath the header")
		}
	}
	b.key("Enter")
	if got := b.is(`document.querySelector("#detail").open + " " + document.activeElement.textContent`); got != "true Close" {
		t.Errorf("the details: %s", got)
	}
	b.key("Escape")
	if got := b.is(row); got != "61" {
		t.Errorf("back in row %s, want 61", got)
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// On paper every page of the table says what its columns are, and nothing has to
// be opened to be read.
func TestPageOnPaper(t *testing.T) {
	b := openBrowser(t, writePage(t, manyOffers(300)))
	b.is(`document.querySelectorAll("#table thead button").forEach(h => h.style.color = "rgb(51, 102, 153)"); ""`)
	b.is(`addEventListener("beforeprint", () => { window.unread = [...document.querySelectorAll(".problem .places")].filter(e => !e.checkVisibility()).length; }); ""`)
	var pdf struct{ Data []byte }
	b.call("Page.printToPDF", map[string]any{"printBackground": true}, &pdf)
	if got := b.is(`String(window.unread) + " " + document.querySelectorAll("details.problem[open]").length`); got != "0 0" {
		t.Errorf("places unread on paper, problems that stay open afterwards: %s", got)
	}
	pages := bytes.Count(pdf.Data, []byte("/Type /Page\n"))
	headed := 0
	for _, content := range inflated(pdf.Data) {
		if bytes.Contains(content, []byte(".2 .4 .6 rg")) {
			headed++
		}
	}
	if pages < 4 || headed < pages-1 { // the first may end above the table
		t.Errorf("%d of %d pages have the header", headed, pages)
	}
}

// inflated are the compressed streams of a PDF.
func inflated(pdf []byte) (out [][]byte) {
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue
		}
		content, _ := io.ReadAll(r) // what follows the stream is none of it
		out = append(out, content)
	}
	return out
}

// A screen reader names every control, and no two outside of the table alike.
func TestPageForScreenReaders(t *testing.T) {
	b := openBrowser(t, writePage(t, manyOffers(300)))
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value string }
		}
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	names := map[string]int{}
	for _, n := range tree.Nodes {
		switch role := n.Role.Value; role {
		case "button", "searchbox", "combobox", "region", "table", "image", "columnheader", "dialog":
			if n.Ignored {
				continue
			}
			if n.Name.Value == "" {
				t.Errorf("a %s has no name", role)
			}
			names[role+" "+n.Name.Value]++
		}
	}
	for name, n := range names {
		if n > 1 && !strings.Contains(name, "error: ") {
			t.Errorf("%d are %s", n, name)
		}
	}
	for _, want := range []string{"searchbox Search", "combobox Status", "combobox Problem", "button Show in the table (failed)", "columnheader Offer id", "region Table of the offers"} {
		if names[want] != 1 {
			t.Errorf("there is no %s", want)
		}
	}
}

// contrasts are the texts whose contrast is below 4.5 : 1, the least of WCAG AA.
const contrasts = `(() => {
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const colour = s => { const n = s.match(/[\d.]+/g).map(Number); return n.length > 3 && n[3] === 0 ? null : n.slice(0, 3); };
  const ground = e => e ? colour(getComputedStyle(e).backgroundColor) || ground(e.parentElement) : [255, 255, 255];
  const low = [];
  const judge = (e, text, back, what) => {
    const [a, b] = [light(text), light(back)], ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(what + " " + ratio.toFixed(2));
  };
  for (const e of document.querySelectorAll("body *")) {
    if (!["SCRIPT", "STYLE", "NOSCRIPT", "title"].includes(e.tagName) && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) {
      const s = getComputedStyle(e);
      judge(e, colour(e.closest("svg") ? s.fill : s.color), ground(e), e.tagName + "." + e.getAttribute("class"));
    }
  }
  const q = document.querySelector("#q");
  judge(q, colour(getComputedStyle(q, "::placeholder").color), ground(q), "placeholder");
  return low.join(", ");
})()`

func TestPageContrast(t *testing.T) {
	b := openBrowser(t, writePage(t, manyOffers(300)))
	for _, scheme := range []string{"light", "dark"} {
		b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		if low := b.is(contrasts); low != "" {
			t.Errorf("%s: %s", scheme, low)
		}
	}
}
