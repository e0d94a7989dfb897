package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// Library is the profiles that are known by a name: those that come with the
// program, and those of the user's own folder, a file NAME.yaml each.
type Library struct {
	Files  fs.FS
	Own    string            // a folder that need not be there; blank for none. A built-in name goes before one in it
	Copies map[string]string // by the path of a file that may be gone: where a copy of it lies
}

// maxProfile is how large a profile may be, in bytes, and maxExtends how many
// may stand on one another.
const (
	maxProfile = 1 << 20
	maxExtends = 8
)

// Names lists the built-in profiles in the order of their names, then the
// user's own.
func (l Library) Names() []string {
	names := namesIn(l.Files)
	for _, name := range l.own() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Has tells whether a profile is known by this name.
func (l Library) Has(name string) bool { return slices.Contains(l.Names(), name) }

// FilesOf are the files of the user's that a profile, named as [Library.Load]
// takes it, is read from: its own, and those that it extends. Of one that is
// gone it is the copy.
func (l Library) FilesOf(nameOrFile string) (paths []string) {
	beside := ""
	for len(paths) < maxExtends && !slices.Contains(namesIn(l.Files), nameOrFile) {
		file, text, err := l.text(nameOrFile, beside)
		if err != nil {
			break
		}
		paths = append(paths, l.placeOf(file))
		root, err := parse(file, text)
		if err != nil {
			break
		}
		base := child(root, "extends")
		if base == nil {
			break
		}
		nameOrFile, beside = base.Value, filepath.Dir(file)
	}
	return paths
}

// placeOf is where a file of the user's is read from.
func (l Library) placeOf(file string) string {
	if copied := l.Copies[file]; copied != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return copied
		}
	}
	return file
}

// own are the names in the user's folder, those of files that are gone and have
// a copy among them.
func (l Library) own() []string {
	if l.Own == "" {
		return nil
	}
	names := namesIn(os.DirFS(l.Own))
	for path := range l.Copies {
		name, isProfile := strings.CutSuffix(filepath.Base(path), ".yaml")
		if isProfile && filepath.Dir(path) == l.Own && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func namesIn(files fs.FS) (names []string) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			names = append(names, name)
		}
	}
	return names
}

// All loads every profile. One of the user's own that is broken is passed over:
// it must not stand in the way of a file that has nothing to do with it.
func (l Library) All() ([]*Profile, error) {
	var all []*Profile
	builtin := namesIn(l.Files)
	for _, name := range l.Names() {
		p, err := l.Load(name)
		if err != nil && slices.Contains(builtin, name) {
			return nil, err
		}
		if err == nil {
			all = append(all, p)
		}
	}
	return all, nil
}

// Load reads a built-in profile by its name, or a file of the user's. What is
// wrong with it is a [*Invalid].
func (l Library) Load(nameOrFile string) (*Profile, error) {
	d := &decoder{files: map[*yaml.Node]string{}, builtin: map[string]bool{}}
	root, err := l.read(d, nameOrFile, "", nil)
	if err != nil {
		return nil, err
	}
	p := d.profile(root)
	if len(d.problems) > 0 {
		return nil, &Invalid{Problems: d.problems}
	}
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(nameOrFile), filepath.Ext(nameOrFile))
	}
	return p, nil
}

// Source returns a profile's text by its name.
func (l Library) Source(name string) (string, error) {
	if !slices.Contains(l.Names(), name) {
		return "", l.unknown(name)
	}
	_, text, err := l.text(name, "")
	return string(text), err
}

// read parses a profile and lays it over the one that it extends.
func (l Library) read(d *decoder, nameOrFile, beside string, above []string) (*yaml.Node, error) {
	file, text, err := l.text(nameOrFile, beside)
	if err != nil {
		return nil, err
	}
	if slices.Contains(above, file) || len(above) == maxExtends {
		return nil, &Invalid{Problems: []string{fmt.Sprintf("%s: the profiles extend one another in a circle: %s", file, strings.Join(append(above, file), ", "))}}
	}
	root, err := parse(file, text)
	if err != nil {
		return nil, err
	}
	d.own(root, file)
	d.builtin[file] = slices.Contains(namesIn(l.Files), nameOrFile)
	if above == nil {
		d.top = file
	}
	d.check(root)
	if len(d.problems) > 0 {
		return nil, &Invalid{Problems: d.problems}
	}
	base := child(root, "extends")
	if base == nil {
		return root, nil
	}
	if _, _, err := l.text(base.Value, filepath.Dir(file)); err != nil {
		return nil, &Invalid{Problems: []string{fmt.Sprintf("%s, line %d, extends: %v", file, base.Line, err)}}
	}
	under, err := l.read(d, base.Value, filepath.Dir(file), append(above, file))
	if err != nil {
		return nil, err
	}
	merged := d.merge(under, root, nil)
	if len(d.problems) > 0 {
		return nil, &Invalid{Problems: d.problems}
	}
	return merged, nil
}

// text finds a profile: a built-in name, or a file, beside the profile that
// extends it if need be.
func (l Library) text(nameOrFile, beside string) (file string, text []byte, err error) {
	if slices.Contains(namesIn(l.Files), nameOrFile) {
		text, err = fs.ReadFile(l.Files, nameOrFile+".yaml")
		return nameOrFile + ".yaml", text, err
	}
	file = nameOrFile
	if slices.Contains(l.own(), nameOrFile) {
		file, beside = filepath.Join(l.Own, nameOrFile+".yaml"), ""
	}
	if beside != "" && !filepath.IsAbs(file) {
		file = filepath.Join(beside, file)
	}
	info, err := os.Stat(l.placeOf(file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return file, nil, l.unknown(nameOrFile)
	case err != nil:
		return file, nil, &Invalid{Problems: []string{fmt.Sprintf("%s: it cannot be read: %v", file, err)}}
	case info.IsDir() || info.Size() > maxProfile:
		return file, nil, &Invalid{Problems: []string{fmt.Sprintf("%s: this is not a profile: a profile is a YAML file of at most 1 MB", file)}}
	}
	text, err = os.ReadFile(l.placeOf(file))
	return file, text, err
}

func (l Library) unknown(name string) error {
	return &Invalid{Problems: []string{fmt.Sprintf("there is no profile %s, neither built in nor as a file%s; built in are %s",
		name, didYouMean(name, l.Names()), strings.Join(l.Names(), ", "))}}
}

// parse reads YAML into nodes. Aliases are refused: ten lines of them can
// stand for gigabytes.
func parse(file string, text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, &Invalid{Problems: []string{notYAML(file, text, err)}}
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, &Invalid{Problems: []string{file + ": a profile is a list of keys and values, such as name: tune"}}
	}
	return doc.Content[0], nil
}

// notYAML says where a text stops to be YAML, and the usual reason.
func notYAML(file string, text []byte, err error) string {
	problem := strings.TrimPrefix(err.Error(), "yaml: ")
	if strings.HasPrefix(problem, "line ") {
		problem = file + ", " + problem
	} else {
		problem = file + ": " + problem
	}
	for i, line := range strings.Split(string(text), "\n") {
		if indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; strings.Contains(indent, "\t") {
			return fmt.Sprintf("%s; line %d begins with a tab: YAML takes blanks alone", problem, i+1)
		}
	}
	return problem
}

// Invalid is a profile that cannot be used, with every problem that was found:
// file, line, key, and what would be right.
type Invalid struct{ Problems []string }

func (e *Invalid) Error() string { return strings.Join(e.Problems, "\n") }

// child returns the value of a mapping's key, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// merge lays a profile over another, key by key. Lists and the leaves of the
// schema (a column, a macro, a value) are replaced as a whole; null takes a key
// out.
func (d *decoder) merge(under, over *yaml.Node, path []string) *yaml.Node {
	if over.Kind != yaml.MappingNode || under.Kind != yaml.MappingNode || isLeaf(path) {
		if isOption(path) && under.Kind == yaml.MappingNode && over.Kind == yaml.ScalarNode {
			return withValue(under, over)
		}
		return over
	}
	out := *under
	out.Content = slices.Clone(under.Content)
	d.files[&out] = d.files[over]
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		at := indexOf(out.Content, key.Value)
		switch {
		case value.Tag == "!!null" && at >= 0:
			out.Content = slices.Delete(out.Content, at, at+2)
		case at >= 0:
			out.Content[at+1] = d.merge(out.Content[at+1], value, append(path, key.Value))
		case value.Tag == "!!null":
			d.fail(key, "the profile below has no `%s` here to take out%s", key.Value, didYouMean(key.Value, keysOf(under)))
		case isHalf(path, value):
			d.fail(key, "the profile below has no `%s` under %s to change, and a new one needs `%s`%s", key.Value, path[len(path)-1], needs(path), didYouMean(key.Value, keysOf(under)))
		default:
			out.Content = append(out.Content, key, value)
		}
	}
	return &out
}

// needs is the key without which what is added at a path says nothing.
func needs(path []string) string {
	switch {
	case len(path) == 1 && path[0] == "tables":
		return "key"
	case len(path) == 3 && path[0] == "tables" && path[2] == "records":
		return "into"
	}
	return ""
}

// isHalf tells whether what a profile adds can only have been meant to change
// something.
func isHalf(path []string, value *yaml.Node) bool {
	key := needs(path)
	return key != "" && child(value, key) == nil
}

func keysOf(n *yaml.Node) (keys []string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		keys = append(keys, n.Content[i].Value)
	}
	return keys
}

func indexOf(content []*yaml.Node, key string) int {
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == key {
			return i
		}
	}
	return -1
}

func isOption(path []string) bool { return len(path) == 2 && path[0] == "options" }

// isLeaf tells whether what stands at a path is replaced as a whole.
func isLeaf(path []string) bool {
	switch {
	case len(path) == 3 && (path[0] == "values" || path[0] == "macros"):
		return true
	case len(path) == 6 && path[0] == "tables" && (path[4] == "columns" || path[4] == "tell"):
		return true
	case len(path) == 3 && path[0] == "tables" && path[2] == "key":
		return true
	}
	return isOption(path)
}

// withValue gives an option that is declared below a value from above.
func withValue(option, value *yaml.Node) *yaml.Node {
	out := *option
	out.Content = slices.Clone(option.Content)
	if at := indexOf(out.Content, "value"); at >= 0 {
		out.Content[at+1] = value
		return &out
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "value", Line: value.Line}
	out.Content = append(out.Content, key, value)
	return &out
}
