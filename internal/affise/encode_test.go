package affise_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
)

// tree is a value as JSON has it: texts, lists and maps.
func tree(t rapid.TB, v affise.Value) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, text)
}

func decoded(t rapid.TB, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func encoded(t rapid.TB, v affise.Value) (affise.Body, []byte) {
	t.Helper()
	body, err := affise.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	r, err := body.Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	if int64(len(text)) != body.Length {
		t.Fatalf("length %d, but %d bytes", body.Length, len(text))
	}
	return body, text
}

// phpArray is PHP's array as far as a clean body needs it: the second reading of
// the rules, beside the sandbox's.
type phpArray struct {
	keys   []string
	values map[string]any
	next   int
}

func parsePHP(body string) *phpArray {
	root := &phpArray{values: map[string]any{}}
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		first, rest, _ := strings.Cut(name, "[")
		path := []string{first}
		if rest != "" {
			path = append(path, strings.Split(strings.TrimSuffix(rest, "]"), "][")...)
		}
		root.put(path, value)
	}
	return root
}

func (a *phpArray) put(path []string, value string) {
	key := path[0]
	if key == "" {
		key = strconv.Itoa(a.next)
	}
	if n, err := strconv.Atoi(key); err == nil && n >= a.next {
		a.next = n + 1
	}
	if _, ok := a.values[key]; !ok {
		a.keys = append(a.keys, key)
	}
	if len(path) == 1 {
		a.values[key] = value
		return
	}
	child, ok := a.values[key].(*phpArray)
	if !ok {
		child = &phpArray{values: map[string]any{}}
		a.values[key] = child
	}
	child.put(path[1:], value)
}

func (a *phpArray) json() any {
	list, object := []any{}, map[string]any{}
	for i, key := range a.keys {
		v := a.values[key]
		if child, ok := v.(*phpArray); ok {
			v = child.json()
		}
		object[key] = v
		if key == strconv.Itoa(i) {
			list = append(list, v)
		}
	}
	if len(list) == len(a.keys) {
		return list
	}
	return object
}

func TestAnyOfferSurvivesPHPsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		body, form := encoded(t, offer)
		if body.ContentType != "application/x-www-form-urlencoded" {
			t.Fatal(body.ContentType)
		}
		want := tree(t, offer)
		if diff := cmp.Diff(want, parsePHP(string(form)).json()); diff != "" {
			t.Fatalf("by the test's reading:\n%s", diff)
		}
		if diff := cmp.Diff(want, sandbox.ParseForm(form, 1000).JSON()); diff != "" {
			t.Fatalf("by the sandbox's reading:\n%s", diff)
		}
	})
}

func TestAnyOfferSurvivesMultipart(t *testing.T) {
	logo, zip := png(t, t.TempDir(), "logo.png"), writeFile(t, t.TempDir(), "b \"1\" ü.zip", "PK\x03\x04 some bytes")
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		body := affise.Map(offer.Fields()...)
		body.Set(affise.File(logo), "logo")
		body.Set(affise.List(affise.File(zip), affise.File(logo)), "creativeFiles")
		b, text := encoded(t, body)
		_, params, err := mime.ParseMediaType(b.ContentType)
		if err != nil {
			t.Fatal(err)
		}
		post, files, err := sandbox.ParseMultipart(bytes.NewReader(text), params["boundary"], 1000)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree(t, offer), post.JSON()); diff != "" {
			t.Fatal(diff)
		}
		if len(files) != 3 || files[0].Field != "logo" || files[1].Field != "creativeFiles[]" || files[1].ContentType != "application/zip" {
			t.Fatalf("%+v", files)
		}
	})
}

func writeFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func png(t *testing.T, dir, name string) string {
	return writeFile(t, dir, name, "\x89PNG\r\n\x1a\n"+strings.Repeat("\x00\r\n--x", 100))
}

func TestEncodeWritesWhatTheAPIDocuments(t *testing.T) {
	field := func(key string, v affise.Value) affise.Field { return affise.Field{Key: key, Value: v} }
	rows := affise.List()
	for i := range 12 {
		rows = affise.List(append(rows.Items(), affise.Map(field("n", affise.Text(strconv.Itoa(i)))))...)
	}
	tests := map[string]struct {
		body affise.Value
		want string
	}{
		"texts":           {affise.Map(field("b", affise.Text("x y&=+%")), field("a", affise.Text("ü\r\n"))), "b=x+y%26%3D%2B%25&a=%C3%BC%0D%0A"},
		"list":            {affise.Map(field("tags", affise.Texts("a", "b"))), "tags[]=a&tags[]=b"},
		"cleared":         {affise.Map(field("payments", affise.List(affise.Map(field("countries", affise.Cleared()))))), "payments[0][countries][]="},
		"sub":             {affise.Map(field("targeting", affise.List(affise.Map(field("sub", affise.Map(field("allow", affise.Map(field("1", affise.Texts("x")))))))))), "targeting[0][sub][allow][1][]=x"},
		"deny groups":     {affise.Map(field("g", affise.List(affise.Map(field("1", affise.Text("a")), field("3", affise.Text("")))))), "g[0][1]=a&g[0][3]="},
		"more than ten":   {affise.Map(field("r", rows)), "r[0][n]=0&r[1][n]=1&r[2][n]=2&r[3][n]=3&r[4][n]=4&r[5][n]=5&r[6][n]=6&r[7][n]=7&r[8][n]=8&r[9][n]=9&r[10][n]=10&r[11][n]=11"},
		"nothing of it":   {affise.Map(field("a", affise.List()), field("b", affise.Map()), field("c", affise.List(affise.Map(), affise.List()))), ""},
		"empty among":     {affise.Map(field("a", affise.List()), field("b", affise.Text("")), field("c", affise.Map())), "b="},
		"no hole":         {affise.Map(field("p", affise.List(affise.Map(field("a", affise.Text("1"))), affise.Map(), affise.Map(field("x", affise.List())), affise.Map(field("a", affise.Text("2")))))), "p[0][a]=1&p[1][a]=2"},
		"odd key":         {affise.Map(field("a&b=", affise.Map(field("c d", affise.Text("1"))))), "a%26b%3D[c+d]=1"},
		"not a map":       {affise.Text("x"), ""},
		"a list in lists": {affise.Map(field("a", affise.List(affise.Texts("1", "2"), affise.Texts("3")))), "a[0][]=1&a[0][]=2&a[1][]=3"},
	}
	for name, tt := range tests {
		want := strings.NewReplacer("[", "%5B", "]", "%5D").Replace(tt.want)
		if got := string(affise.AppendForm(nil, tt.body)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
		if got := string(affise.AppendForm([]byte("before"), tt.body)); got != "before"+want {
			t.Errorf("%s: appended as %s", name, got)
		}
	}
}

func TestTooManyVariablesAreRefused(t *testing.T) {
	body := func(n int) affise.Value {
		return affise.Map(affise.Field{Key: "tags", Value: affise.Texts(make([]string, n)...)})
	}
	if _, err := affise.Encode(body(affise.MaxVariables)); err != nil {
		t.Fatal(err)
	}
	_, err := affise.Encode(body(951))
	e := asError(t, err)
	if e.Outcome != affise.Rejected || !strings.Contains(e.Message, "951") || !strings.Contains(e.Message, "950") {
		t.Errorf("%v: %v", e.Outcome, err)
	}
	client, n := answers(t, 200, nil, `{"status":1,"id":1}`)
	if _, err := client.Create(t.Context(), body(951)); asError(t, err).Call != "create offer" || n.Load() != 0 {
		t.Errorf("%d requests: %v", n.Load(), err)
	}
}

func TestFilesAreChecked(t *testing.T) {
	dir := t.TempDir()
	gif, zip := writeFile(t, dir, "a.GIF", "GIF89a..."), writeFile(t, dir, "a.zip", "PK\x03\x04")
	jpg, big := writeFile(t, dir, "a.jpeg", "\xff\xd8\xff\xe0"), writeFile(t, dir, "big.png", "\x89PNG\r\n\x1a\n"+strings.Repeat("x", 1<<20))
	tests := []struct{ key, path, says string }{
		{"logo", png(t, dir, "a.png"), ""}, {"logo", gif, ""}, {"logo", jpg, ""}, {"logo", big, ""}, {"creativeFiles", zip, ""},
		{"logo", zip, "a.zip is not of a type that logo takes: a jpeg, png or gif image"},
		{"logo", writeFile(t, dir, "passwd", "root:x:0"), "passwd is not of a type"},
		{"logo", writeFile(t, dir, "b.png", "\xff\xd8\xff\xe0"), "b.png holds image/jpeg, not what its name says"},
		{"creativeFiles", writeFile(t, dir, "c.gif", "<html>"), "c.gif holds text/html, not"},
		{"creativeAssets", writeFile(t, dir, "d.png", ""), "d.png holds nothing, not"},
		{"logo", filepath.Join(dir, "none.png"), "none.png cannot be read: no such file"},
		{"logo", dir, "is not a file"},
	}
	for _, tt := range tests {
		err := affise.CheckFile(tt.key, tt.path)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s %s: %v", tt.key, filepath.Base(tt.path), err)
		}
		if err != nil && strings.Contains(err.Error(), dir+"/") {
			t.Errorf("the folder is in %q", err)
		}
	}
}

func TestAFileThatCannotBeSentIsNotSent(t *testing.T) {
	dir := t.TempDir()
	client, n := answers(t, 200, nil, `{"status":1,"id":1}`)
	body := affise.Map(affise.Field{Key: "logo", Value: affise.File(filepath.Join(dir, "none.png"))})
	if _, err := client.Create(t.Context(), body); asError(t, err).Outcome != affise.Rejected || n.Load() != 0 {
		t.Errorf("%d requests: %v", n.Load(), err)
	}
	var many []affise.Value
	for range affise.MaxFiles + 1 {
		many = append(many, affise.File("x.png"))
	}
	if _, err := affise.Encode(affise.Map(affise.Field{Key: "creativeFiles", Value: affise.List(many...)})); asError(t, err).Outcome != affise.Rejected {
		t.Error(err)
	}
	// What changes between encoding and sending is found before anything is sent.
	path := png(t, dir, "a.png")
	b, err := affise.Encode(affise.Map(affise.Field{Key: "logo", Value: affise.File(path)}))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "a.png", "short")
	if _, err := b.Open(); err == nil || !strings.Contains(err.Error(), "a.png is being changed") {
		t.Error(err)
	}
}

// A large file goes through without being held in memory, with its length said
// beforehand.
func TestFilesAreStreamed(t *testing.T) {
	path := writeFile(t, t.TempDir(), "big.png", "\x89PNG\r\n\x1a\n")
	if err := os.Truncate(path, 64<<20); err != nil {
		t.Fatal(err)
	}
	b, err := affise.Encode(affise.Map(affise.Field{Key: "logo", Value: affise.File(path)}, affise.Field{Key: "title", Value: affise.Text("x")}))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, r)
	runtime.ReadMemStats(&after)
	if err := errors.Join(err, r.Close()); err != nil || n != b.Length {
		t.Fatalf("%d of %d bytes, %v", n, b.Length, err)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("%d bytes were allocated", taken)
	}
}

// php starts the real PHP and returns its address.
func php(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("php")
	if err != nil {
		t.Skip("php is not installed (Debian: php-cli), so that the encoder is only tested against two readings of PHP's rules")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	var said bytes.Buffer
	cmd := exec.Command(program, "-n", "-S", address, "testdata/echo.php")
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return "http://" + address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("php does not answer")
	return ""
}

type phpAnswer struct {
	Post  any
	Files []struct {
		Field, Name, Type, MD5 string
		Error                  int
	}
}

func askPHP(t rapid.TB, base string, body affise.Value) (got phpAnswer) {
	t.Helper()
	b, text := encoded(t, body)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, base, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", b.ContentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return got
}

func TestTheRealPHPReadsTheSameTree(t *testing.T) {
	base := php(t)
	dir := t.TempDir()
	files := []string{png(t, dir, "logo.png"), writeFile(t, dir, "größe 1.zip", "PK\x03\x04"), writeFile(t, dir, "a.gif", "GIF89a")}
	i := 0
	rapid.Check(t, func(t *rapid.T) {
		offer := drawOffer(t)
		body := affise.Map(offer.Fields()...)
		var want []string
		if i++; i%4 == 0 {
			body.Set(affise.File(files[0]), "logo")
			body.Set(affise.List(affise.File(files[1]), affise.File(files[2])), "creativeFiles")
			want = files
		}
		got := askPHP(t, base, body)
		if diff := cmp.Diff(tree(t, offer), got.Post); diff != "" {
			t.Fatal(diff)
		}
		checkFiles(t, want, got)
	})
	if i < 50 {
		t.Errorf("only %d offers were tried", i)
	}
}

func checkFiles(t rapid.TB, want []string, got phpAnswer) {
	t.Helper()
	if len(got.Files) != len(want) {
		t.Fatalf("%d files arrived: %+v", len(got.Files), got.Files)
	}
	for i, path := range want {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := md5.Sum(content)
		if f := got.Files[i]; f.Name != filepath.Base(path) || f.Error != 0 || f.MD5 != hex.EncodeToString(sum[:]) {
			t.Fatalf("file %d: %+v", i, f)
		}
	}
}

// The limit is worth having: PHP takes a body of MaxVariables whole, and cuts a
// longer one without a word.
func TestTheRealPHPCutsLongBodies(t *testing.T) {
	base := php(t)
	count := func(n int) int {
		form := strings.TrimSuffix(strings.Repeat("tags[]=x&", n), "&")
		resp, err := http.Post(base, "application/x-www-form-urlencoded", strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got struct {
			Post struct{ Tags []string }
		}
		text, _ := io.ReadAll(resp.Body)
		if err := json.Unmarshal(text[max(0, bytes.IndexByte(text, '{')):], &got); err != nil {
			t.Fatal(err, fmt.Sprintf("%.200s", text))
		}
		return len(got.Post.Tags)
	}
	if got := count(affise.MaxVariables); got != affise.MaxVariables {
		t.Errorf("of %d values PHP took %d", affise.MaxVariables, got)
	}
	if got := count(1200); got > 1001 {
		t.Errorf("PHP took %d values: it cuts no longer, so that MaxVariables is without reason", got)
	}
}
