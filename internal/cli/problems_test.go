package cli_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// stages are the packages whose messages carry codes, in the order in which an
// offer meets them.
var stages = []struct {
	folder, title string
	codes         []sheet.CodeDoc
}{
	{"internal/sheet", "Reading the file", sheet.Codes()},
	{"mapping/profile", "Another network's columns", profile.Codes()},
	{"mapping", "Checking the cells", mapping.Codes()},
	{"importer", "Sending", importer.Codes()},
}

const problemsPage = "../../docs/problems.md"

// TestProblemsPage holds docs/problems.md against the codes. UPDATE_GOLDEN=1
// writes it.
func TestProblemsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Problem codes\n\nEvery message ends in a short code in brackets. Here is what each means and how to mend it.\n")
	for _, s := range stages {
		fmt.Fprintf(&b, "\n## %s\n\n| code | what it means | for example | how to mend it |\n|---|---|---|---|\n", s.title)
		codes := slices.Clone(s.codes)
		slices.SortFunc(codes, func(x, y sheet.CodeDoc) int { return cmp.Compare(x.Code, y.Code) })
		for _, c := range codes {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Code, pipe(c.Meaning), pipe(c.Example), pipe(c.Mend))
		}
	}
	if update {
		if err := os.WriteFile(problemsPage, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if page, err := os.ReadFile(problemsPage); err != nil || string(page) != b.String() {
		t.Errorf("docs/problems.md is not what the codes say (%v): UPDATE_GOLDEN=1 go test ./internal/cli -run ProblemsPage writes it", err)
	}
}

func pipe(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// TestEveryCodeIsExplained reads the code of the stages: a code that a message
// can carry and that nobody explains is a mistake, and so is one explained
// twice or in half.
func TestEveryCodeIsExplained(t *testing.T) {
	for _, s := range stages {
		explained := map[string]bool{}
		for _, c := range s.codes {
			if explained[c.Code] || c.Code == "" || c.Meaning == "" || c.Example == "" || c.Mend == "" {
				t.Errorf("%s: code %q is explained twice or in half", s.folder, c.Code)
			}
			explained[c.Code] = true
		}
		used := codesIn(t, filepath.Join("../..", s.folder))
		if len(used) < 5 {
			t.Errorf("%s: only the codes %v were found in its code: the test has lost its way", s.folder, used)
		}
		for _, code := range used {
			if !explained[code] && !explainedBy(mapping.Codes(), code) {
				t.Errorf("%s: nobody explains the code %s", s.folder, code)
			}
		}
	}
}

func explainedBy(codes []sheet.CodeDoc, code string) bool {
	return slices.ContainsFunc(codes, func(c sheet.CodeDoc) bool { return c.Code == code })
}

var codeShape = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// codesIn finds the codes in a package: constants named code…, fields Code of
// literals, and the second argument of note calls.
func codesIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && codeShape.MatchString(s) {
				found = append(found, s)
			}
		}
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		docs := filepath.Base(path) == "codes.go" // whose literals explain codes rather than use them
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" && !docs {
					add(n.Value)
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if strings.HasPrefix(strings.ToLower(name.Name), "code") && i < len(n.Values) {
						add(n.Values[i])
					}
				}
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "note" && len(n.Args) > 1 {
					add(n.Args[1])
				}
			}
			return true
		})
	}
	slices.Sort(found)
	return slices.Compact(found)
}
