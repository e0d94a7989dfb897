package mapping

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEveryCodeIsExplained: each constant of codes.go is in Codes once, with all
// its texts, and used somewhere.
func TestEveryCodeIsExplained(t *testing.T) {
	docs := map[string]int{}
	for _, d := range Codes() {
		docs[d.Code]++
		if d.Meaning == "" || d.Example == "" || d.Mend == "" || strings.ToLower(d.Code) != d.Code || strings.Contains(d.Code, " ") {
			t.Errorf("%+v is not complete", d)
		}
		for _, text := range []string{d.Meaning, d.Mend} {
			if strings.HasSuffix(text, ".") || strings.ToLower(text[:1]) != text[:1] {
				t.Errorf("%q does not follow the style", text)
			}
		}
	}
	names := codeConstants(t)
	source := sources(t)
	for name, code := range names {
		if docs[code] != 1 {
			t.Errorf("%s (%s) is explained %d times", name, code, docs[code])
		}
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(source) {
			t.Errorf("%s is not used", name)
		}
	}
	if len(names) != len(docs) || len(names) < 40 {
		t.Errorf("%d constants, %d explanations", len(names), len(docs))
	}
}

func codeConstants(t *testing.T) map[string]string {
	f, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if lit, ok := v.Values[0].(*ast.BasicLit); ok {
				code, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				names[v.Names[0].Name] = code
			}
		}
		return true
	})
	return names
}

// sources is the package's code without its tests and the codes themselves.
func sources(t *testing.T) string {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") || e.Name() == "codes.go" {
			continue
		}
		b, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}
