package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports is the assembly line: which of our packages each package may import.
// Data flows one way, and only cli joins stages.
var imports = map[string][]string{
	"offerlift":                           {"internal/cli"},
	"offerlift/internal/sheet":            {},
	"offerlift/internal/affise":           {},
	"offerlift/mapping":                   {"internal/sheet", "internal/affise"},
	"offerlift/mapping/profile":           {"internal/sheet", "internal/affise", "mapping"},
	"offerlift/internal/journal":          {},
	"offerlift/importer":                  {"internal/sheet", "internal/affise", "internal/journal"},
	"offerlift/reports":                   {"internal/sheet", "importer"},
	"offerlift/internal/notify":           {"internal/sheet", "importer"},
	"offerlift/internal/metrics":          {"importer"},
	"offerlift/templates":                 {"internal/affise"},
	"offerlift/samples":                   {},
	"offerlift/samples/internal/generate": {},
	"offerlift/internal/sandbox":          {},
	"offerlift/bench/check":               {},
	"offerlift/bench/throughput":          {},
	"offerlift/bench/reports":             {},
	"offerlift/internal/cli": {
		"internal/sheet", "internal/affise", "mapping", "mapping/profile", "internal/journal", "importer", "reports", "templates", "internal/sandbox",
		"internal/notify", "internal/metrics",
	},
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		allowed, listed := imports[p.ImportPath]
		if !listed {
			t.Errorf("%s is not in the table of imports", p.ImportPath)
			continue
		}
		seen[p.ImportPath] = true
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, "offerlift/")
			if ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which the table does not list", p.ImportPath, ours)
			}
		}
		for _, ours := range allowed {
			if !slices.Contains(p.Imports, "offerlift/"+ours) {
				t.Errorf("%s no longer imports %s: take it out of the table", p.ImportPath, ours)
			}
		}
	}
	for path := range imports {
		if !seen[path] {
			t.Errorf("the table of imports lists %s, which is gone", path)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}
