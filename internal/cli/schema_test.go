package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

const (
	schemas = "../../docs/schema"
	samples = "../../samples"
)

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join(schemas, name+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// held holds an output against its schema and returns it.
func held(t *testing.T, s *jsonschema.Schema, output []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(output))
	if err != nil {
		t.Fatalf("no JSON: %v\n%.500s", err, output)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("%v\n%.2000s", err, output)
	}
	return value
}

// says runs a command and returns what it printed.
func says(t *testing.T, exit int, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := Main(args, strings.NewReader(""), &stdout, &stderr); got != exit {
		t.Fatalf("%q: exit code %d, not %d\n%s", args, got, exit, stderr.String())
	}
	return stdout.Bytes()
}

// The real outputs of a run that went well, one with every mistake, one that
// stopped and an undo are as the schemas in the docs say.
func TestOutputsFollowTheirSchemas(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("OFFERLIFT_JOURNAL", filepath.Join(dir, "journal.db"))
	t.Setenv("XDG_STATE_HOME", dir)
	summary, runs, check := schema(t, "summary"), schema(t, "runs"), schema(t, "check")
	send := func(exit int, file, out string, more ...string) {
		args := append([]string{"import", filepath.Join(samples, file), "--sandbox", "--rate", "0", "--json", "--out", filepath.Join(dir, out)}, more...)
		held(t, summary, says(t, exit, args...))
		holdFiles(t, filepath.Join(dir, out))
	}
	send(exitStopped, "launch.xlsx", "stopped", "--canary", "3")
	send(exitFine, "launch.xlsx", "fine")
	send(exitFine, "launch.xlsx", "skipped")
	send(exitRows, "mistakes.xlsx", "mistakes")
	held(t, summary, says(t, exitFine, "undo", "last", "--yes", "--json", "--out", filepath.Join(dir, "undone")))
	holdFiles(t, filepath.Join(dir, "undone"))
	held(t, summary, says(t, exitFine, "report", "last", "--json", "--out", filepath.Join(dir, "again")))
	held(t, summary, says(t, exitFine, "runs", "show", "last", "--json"))
	if list := held(t, runs, says(t, exitFine, "runs", "--json")).([]any); len(list) != 5 {
		t.Errorf("%d runs, not 5", len(list))
	}
	held(t, check, says(t, exitFine, "check", filepath.Join(samples, "launch.xlsx"), "--json"))
	held(t, check, says(t, exitFine, "check", filepath.Join(samples, "flat.csv"), "--json"))
	held(t, check, says(t, exitRows, "check", filepath.Join(samples, "mistakes.xlsx"), "--json"))
	held(t, check, says(t, exitRows, "check", filepath.Join(samples, "networks", "tune.csv"), "--json"))
	held(t, check, says(t, exitRows, "check", filepath.Join(samples, "networks", "everflow.csv"), "--json"))
}

// holdFiles holds the files for scripts of one run against their schemas.
func holdFiles(t *testing.T, dir string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	held(t, schema(t, "summary"), content)
	lines, err := os.ReadFile(filepath.Join(dir, "results.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	result, n := schema(t, "result"), 0
	for line := range bytes.Lines(lines) {
		held(t, result, line)
		n++
	}
	if n == 0 {
		t.Errorf("%s has no results", dir)
	}
}

// The schemas name every field that our types can print, and none besides:
// also those that no sample happens to have.
func TestSchemasNameEveryField(t *testing.T) {
	tests := []struct {
		file string
		at   []string // the way to an object of the schema
		of   any
	}{
		{"summary", nil, importer.Summary{}},
		{"summary", []string{"properties", "requests"}, importer.Requests{}},
		{"summary", []string{"properties", "rate"}, importer.Rate{}},
		{"summary", []string{"properties", "problems", "items"}, importer.Problem{}},
		{"summary", []string{"$defs", "message"}, sheet.Message{}},
		{"result", nil, importer.Result{}},
		{"result", []string{"$defs", "message"}, sheet.Message{}},
		{"check", nil, struct {
			Messages []sheet.Message `json:"messages"`
			checked
		}{}},
		{"check", []string{"properties", "tables", "items"}, readTable{}},
		{"check", []string{"properties", "tables", "items", "properties", "facts"}, sheet.Facts{}},
		{"check", []string{"properties", "migration"}, profile.Report{}},
		{"check", []string{"properties", "migration", "properties", "sums", "items"}, profile.Sum{}},
		{"check", []string{"$defs", "missing"}, mapping.Missing{}},
		{"check", []string{"properties", "migration", "properties", "links", "items"}, profile.Link{}},
		{"check", []string{"$defs", "message"}, sheet.Message{}},
	}
	for _, tt := range tests {
		object := schemaObject(t, tt.file, tt.at)
		all, required := jsonFields(reflect.TypeOf(tt.of))
		if got := keys(object["properties"]); !slices.Equal(got, all) {
			t.Errorf("%s %v names %v, the type has %v", tt.file, tt.at, got, all)
		}
		if got := sortedTexts(object["required"]); !slices.Equal(got, required) {
			t.Errorf("%s %v requires %v, the type always has %v", tt.file, tt.at, got, required)
		}
		if object["additionalProperties"] != false {
			t.Errorf("%s %v lets other fields through", tt.file, tt.at)
		}
	}
	var all []string
	for _, s := range statuses {
		all = append(all, string(s))
	}
	slices.Sort(all)
	if got := keys(schemaObject(t, "summary", []string{"properties", "counts"})["properties"]); !slices.Equal(got, all) {
		t.Errorf("counts names %v, not %v", got, all)
	}
	if got := sortedTexts(schemaObject(t, "result", []string{"properties", "status"})["enum"]); !slices.Equal(got, all) {
		t.Errorf("status may be %v, not %v", got, all)
	}
}

// Every object and value of a schema tells what it is.
func TestSchemasDescribe(t *testing.T) {
	for _, name := range []string{"summary", "result", "check"} {
		var walk func(path string, object map[string]any)
		walk = func(path string, object map[string]any) {
			properties, _ := object["properties"].(map[string]any)
			for key, p := range properties {
				property := p.(map[string]any)
				if property["description"] == nil {
					t.Errorf("%s: %s.%s has no description", name, path, key)
				}
				walk(path+"."+key, property)
			}
			if items, ok := object["items"].(map[string]any); ok {
				walk(path+"[]", items)
			}
		}
		walk("", schemaObject(t, name, nil))
	}
}

func schemaObject(t *testing.T, name string, at []string) map[string]any {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(schemas, name+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(content, &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range at {
		next, ok := object[key].(map[string]any)
		if !ok {
			t.Fatalf("%s: no %s on the way %v", name, key, at)
		}
		object = next
	}
	return object
}

// jsonFields are the names that a struct marshals to, and those that are always
// there, both sorted.
func jsonFields(typ reflect.Type) (all, required []string) {
	for field := range typ.Fields() {
		if field.Anonymous {
			within, always := jsonFields(field.Type)
			all, required = append(all, within...), append(required, always...)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		all = append(all, name)
		if !strings.Contains(options, "omitempty") {
			required = append(required, name)
		}
	}
	slices.Sort(all)
	slices.Sort(required)
	return all, required
}

func keys(object any) []string {
	var list []string
	m, _ := object.(map[string]any)
	for key := range m {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

func sortedTexts(list any) []string {
	var out []string
	values, _ := list.([]any)
	for _, v := range values {
		out = append(out, v.(string))
	}
	slices.Sort(out)
	return out
}
