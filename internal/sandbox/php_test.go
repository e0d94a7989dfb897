package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type phpCase struct{ body, want string }

// phpCases: the expectations were printed by PHP 8's parse_str, with json_encode and JSON_FORCE_OBJECT.
func phpCases() []phpCase {
	return []phpCase{
		{"a=1", `{"a":"1"}`},
		{"a", `{"a":""}`},
		{"a=1=2", `{"a":"1=2"}`},
		{"=x", `{}`},
		{"&&", `{}`},
		{"a=1&a=2", `{"a":"2"}`},
		{"a+b=c+d", `{"a_b":"c d"}`},
		{"a.b=1", `{"a_b":"1"}`},
		{" a=1", `{"a":"1"}`},
		{"%20a=1", `{"a":"1"}`},
		{"%09a=1", `{"\u0009a":"1"}`},
		{"a%00b=1", `{"a":"1"}`},
		{"a=%zz", `{"a":"%zz"}`},
		{"a%zz=1", `{"a%zz":"1"}`},
		{"a=%e", `{"a":"%e"}`},
		{"a;b=1;c=2", `{"a;b":"1;c=2"}`},
		{"a%5Bb%5D=1", `{"a":{"b":"1"}}`},
		{"a[b][]=x", `{"a":{"b":{"0":"x"}}}`},
		{"a[0][c]=1", `{"a":{"0":{"c":"1"}}}`},
		{"a[b] =x", `{"a":{"b":"x"}}`},
		{"a[b]zzz=x", `{"a":{"b":"x"}}`},
		{"a[b]x[c]=1", `{"a":{"b":"1"}}`},
		{"a[b] [c]=1", `{"a":{"b":"1"}}`},
		{"a b[c d]=1", `{"a_b":{"c d":"1"}}`},
		{"a [b]=1", `{"a_":{"b":"1"}}`},
		{"a.[b]=1", `{"a_":{"b":"1"}}`},
		{"a[b.c]=1", `{"a":{"b.c":"1"}}`},
		{"a[=1", `{"a_":"1"}`},
		{"a[b=1", `{"a_b":"1"}`},
		{"a[b.c=1", `{"a_b_c":"1"}`},
		{"a[ b=1", `{"a__b":"1"}`},
		{"a..b[[=1", `{"a__b__":"1"}`},
		{"a[b%00c]=1", `{"a_b":"1"}`},
		{"a[b[c]=1", `{"a":{"b[c":"1"}}`},
		{"a[[b]=1", `{"a":{"[b":"1"}}`},
		{"a[b]]=1", `{"a":{"b":"1"}}`},
		{"a[]]=1", `{"a":{"0":"1"}}`},
		{"a[[]]=1", `{"a":{"[":"1"}}`},
		{"a[][=1", `{"a":{"0":"1"}}`},
		{"a[b][c=1", `{"a":{"b":"1"}}`},
		{"a[b.c][d.e=1", `{"a":{"b.c":"1"}}`},
		{"a]b=1", `{"a]b":"1"}`},
		{"[a]=1", `{}`},
		{" [b]=1", `{}`},
		{"a[ ]=1", `{"a":{"0":"1"}}`},
		{"a[%09]=1", `{"a":{"0":"1"}}`},
		{"a[ %09]=x&a[]=y", `{"a":{" \u0009":"x","0":"y"}}`},
		{"a[ b]=1", `{"a":{" b":"1"}}`},
		{"a[b ][c]=1", `{"a":{"b ":{"c":"1"}}}`},
		{"a[%5d=1", `{"a":{"0":"1"}}`},
		{"a[]=1&a[]=2", `{"a":{"0":"1","1":"2"}}`},
		{"a[][]=1&a[][]=2", `{"a":{"0":{"0":"1"},"1":{"0":"2"}}}`},
		{"a[][b]=1&a[][b]=2", `{"a":{"0":{"b":"1"},"1":{"b":"2"}}}`},
		{"a[5]=x&a[]=y", `{"a":{"5":"x","6":"y"}}`},
		{"a[1]=a&a[0]=b&a[]=c", `{"a":{"1":"a","0":"b","2":"c"}}`},
		{"a[05]=x&a[]=y", `{"a":{"05":"x","0":"y"}}`},
		{"a[-1]=1&a[]=3", `{"a":{"-1":"1","0":"3"}}`},
		{"a[-5]=x&a[]=y", `{"a":{"-5":"x","-4":"y"}}`},
		{"a[-0]=1&a[]=2", `{"a":{"-0":"1","0":"2"}}`},
		{"a[+1]=1&a[]=2", `{"a":{" 1":"1","0":"2"}}`},
		{"a[9223372036854775807]=1&a[]=2", `{"a":{"9223372036854775807":"1"}}`},
		{"a[9223372036854775808]=1&a[]=2", `{"a":{"9223372036854775808":"1","0":"2"}}`},
		{"a=1&a[b]=2", `{"a":{"b":"2"}}`},
		{"a[b]=2&a=1", `{"a":"1"}`},
		{"a[b]=1&a[b][c]=2", `{"a":{"b":{"c":"2"}}}`},
		{"a[x][y]=1&a[x]=2&a[x][z]=3", `{"a":{"x":{"z":"3"}}}`},
		{"a[q]=1&a" + strings.Repeat("[]", 65) + "=1&b=1", `{"b":"1"}`},
	}
}

func TestParseFormAsPHP(t *testing.T) {
	for _, c := range phpCases() {
		if got := asObject(ParseForm([]byte(c.body), 0)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.want)
		}
	}
}

// asObject writes a tree in order, with every array as an object.
func asObject(n Node) string {
	if n.arr == nil {
		return string(appendText(nil, n.Text()))
	}
	var parts []string
	for _, key := range n.Keys() {
		child, _ := n.Get(key)
		parts = append(parts, string(appendText(nil, key))+":"+asObject(child))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// As PHP has it: a urlencoded body keeps one variable more than max_input_vars, a multipart body exactly as many.
func TestMaxInputVars(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"a=1&b=2&c=3&d=4&e=5", `{"a":"1","b":"2","c":"3","d":"4"}`},
		{"a=1&&b=2&c=3&d=4", `{"a":"1","b":"2","c":"3"}`},
		{"a[]=1&a[]=2&a[]=3&a[]=4&a[]=5", `{"a":{"0":"1","1":"2","2":"3","3":"4"}}`},
		{"&&&&a=1", `{}`},
		{"a=1&=2&[x]=3&d=4&e=5", `{"a":"1","d":"4"}`},
	} {
		if got := asObject(ParseForm([]byte(c.body), 3)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.want)
		}
	}
	body, boundary := multipartBody(t, [][2]string{{"a", "1"}, {"b", "2"}, {" c.c[x] ", "3"}, {"d", "4"}})
	n, files, err := ParseMultipart(body, boundary, 3)
	if err != nil || asObject(n) != `{"a":"1","b":"2","c_c":{"x":"3"}}` {
		t.Errorf("multipart: %s, %v", asObject(n), err)
	}
	if len(files) != 1 || files[0].Field != "creativeFiles[]" || files[0].Name != "a.gif" || string(files[0].Data) != "GIF89a" {
		t.Errorf("files: %+v", files)
	}
}

func multipartBody(t *testing.T, values [][2]string) (*bytes.Buffer, string) {
	t.Helper()
	body := new(bytes.Buffer)
	w := multipart.NewWriter(body)
	part, err := w.CreateFormFile("creativeFiles[]", "/etc/../a.gif")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte("GIF89a"))
	for _, v := range values {
		if err := w.WriteField(v[0], v[1]); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return body, w.Boundary()
}

func TestMultipartCutOff(t *testing.T) {
	body, boundary := multipartBody(t, [][2]string{{"a", "1"}})
	if _, _, err := ParseMultipart(bytes.NewReader(body.Bytes()[:body.Len()-10]), boundary, 0); err == nil {
		t.Error("a body without its last boundary was accepted")
	}
}

func TestNode(t *testing.T) {
	n := ParseForm([]byte("a[]=x&a[]=y&b[1]=z&c=t&d[k][]="), 0)
	want := map[string]any{
		"a": []any{"x", "y"}, "b": map[string]any{"1": "z"}, "c": "t", "d": map[string]any{"k": []any{""}},
	}
	if diff := cmp.Diff(want, n.JSON()); diff != "" {
		t.Error(diff)
	}
	if got := n.Keys(); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Error(got)
	}
	for path, want := range map[string]bool{"a 0": true, "a 2": false, "c x": false, "b 1": true, "d k 0": true, "e": false} {
		if _, ok := n.Get(strings.Fields(path)...); ok != want {
			t.Errorf("Get(%s) = %v", path, ok)
		}
	}
	if v, _ := n.Get("a", "1"); v.Text() != "y" || v.arr != nil || v.Len() != 0 || v.Keys() != nil {
		t.Errorf("a leaf: %+v", v)
	}
}

// TestAgainstPHP compares with the real thing where it is installed.
func TestAgainstPHP(t *testing.T) {
	php, err := exec.LookPath("php")
	if err != nil {
		t.Skip("php is not installed")
	}
	const script = `while (($s = fgets(STDIN)) !== false) { $o = []; parse_str(base64_decode($s), $o);
		echo json_encode($o, JSON_FORCE_OBJECT|JSON_UNESCAPED_SLASHES|JSON_UNESCAPED_UNICODE), "\n"; }`
	dice := rand.New(rand.NewPCG(1, 2))
	var bodies []string
	var in bytes.Buffer
	for range 20000 {
		body := oddBody(dice)
		bodies = append(bodies, body)
		in.WriteString(toBase64(body) + "\n")
	}
	cmd := exec.Command(php, "-d", "max_input_vars=100000", "-d", "display_errors=0", "-r", script)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(bodies) {
		t.Fatalf("php answered %d of %d", len(lines), len(bodies))
	}
	compared := 0
	for i, line := range lines {
		if line == "" { // not UTF-8, which PHP does not print as JSON
			continue
		}
		compared++
		var want, got any
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Fatalf("%q: %v in %s", bodies[i], err, line)
		}
		json.Unmarshal([]byte(asObject(ParseForm([]byte(bodies[i]), 0))), &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-php +ours):\n%s", bodies[i], diff)
		}
	}
	if compared < 15000 {
		t.Errorf("only %d bodies could be compared", compared)
	}
}

// oddBody strings together what is hard to parse.
func oddBody(dice *rand.Rand) string {
	pieces := []string{"a", "b", "[", "]", "[]", "[0]", "[1]", "[-2]", "[07]", "[x]", "[ ]", " ", "+", ".", "=", "=", "&", "&", "%5B", "%5D", "%20", "%", "é", "x y", "[x", "%09", "%2", "\n"}
	var b strings.Builder
	for range 1 + dice.IntN(14) {
		b.WriteString(pieces[dice.IntN(len(pieces))])
	}
	return b.String()
}

func FuzzParseForm(f *testing.F) {
	for _, c := range phpCases() {
		f.Add([]byte(c.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		n := ParseForm(body, 50)
		if got := leaves(n); got > 51 {
			t.Fatalf("%d variables, more than the limit lets through", got)
		}
		if !canRepeat(n) {
			return
		}
		var again []string
		flatten(n, "", &again)
		if got := asObject(ParseForm([]byte(strings.Join(again, "&")), 0)); got != asObject(n) {
			t.Fatalf("%q\n   is %s\nagain %s", body, asObject(n), got)
		}
	})
}

func leaves(n Node) int {
	if n.arr == nil {
		return 1
	}
	count := 0
	for _, key := range n.Keys() {
		child, _ := n.Get(key)
		count += leaves(child)
	}
	return count
}

// canRepeat reports whether each key can be written in brackets: one with a ] or a NUL, or a blank one, cannot, nor can
// a name with a bracket.
func canRepeat(n Node) bool {
	for _, key := range n.Keys() {
		child, _ := n.Get(key)
		if key == "" || strings.ContainsAny(key, "[]\x00") || isSpace(key[0]) || !canRepeat(child) {
			return false
		}
	}
	return n.arr == nil || n.Len() > 0
}

func flatten(n Node, name string, to *[]string) {
	if n.arr == nil {
		*to = append(*to, url.QueryEscape(name)+"="+url.QueryEscape(n.Text()))
		return
	}
	for _, key := range n.Keys() {
		child, _ := n.Get(key)
		if name == "" {
			flatten(child, key, to)
		} else {
			flatten(child, fmt.Sprintf("%s[%s]", name, key), to)
		}
	}
}
