package mapping

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// fileLimit is the most bytes that one file may have.
const fileLimit = 32 << 20

// fileRoots are the folders that files are read from, each opened once. No
// path and no link leads out of them: a sheet must not be able to send what
// stands elsewhere on the machine.
type fileRoots struct {
	dir    string            // of every sheet; blank: each sheet's own
	copies map[string]string // of files that are gone, by their absolute paths
	named  map[string]bool   // the paths that cells name, each with whether it is there; New alone writes it
	mu     sync.Mutex
	roots  map[string]*os.Root
}

func newFileRoots(dir string, copies map[string]string) *fileRoots {
	return &fileRoots{dir: dir, copies: copies, named: map[string]bool{}, roots: map[string]*os.Root{}}
}

// folder is where the files of a sheet are, whose path is given.
func (f *fileRoots) folder(path string) string { return cmp.Or(f.dir, filepath.Dir(path)) }

// copied is the copy of a file that is gone; blank for none.
func (f *fileRoots) copied(sheet, name string) string {
	path, err := filepath.Abs(filepath.Join(f.folder(sheet), name))
	if err != nil || !filepath.IsLocal(name) {
		return ""
	}
	return f.copies[path]
}

// note takes up the files that a row names.
func (f *fileRoots) note(b *binding, row sheet.Row) {
	for _, place := range b.files {
		c := row.Cell(b.columns[place].from)
		if c.Kind != sheet.Text {
			continue
		}
		for _, item := range splitList(clean(c.Text).text, listSeparators) {
			name := localName(item)
			path := filepath.Join(f.folder(b.table.Path), name)
			if _, known := f.named[path]; known || !filepath.IsLocal(name) {
				continue
			}
			f.named[path] = false
			if root, err := f.of(b.table.Path); err == nil {
				info, err := root.Stat(name)
				f.named[path] = err == nil && info.Mode().IsRegular()
			}
			if copied := f.copied(b.table.Path, name); copied != "" {
				f.named[copied] = true
			}
		}
	}
}

// Files are the paths of the files that the input names and that are there, or
// of their copies.
func (m *Mapper) Files() (paths []string) {
	for path, there := range m.env.files.named {
		if there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// localName is the name of a file as this system writes it.
func localName(name string) string { return filepath.FromSlash(strings.ReplaceAll(name, `\`, "/")) }

func (f *fileRoots) of(path string) (*os.Root, error) {
	dir := f.folder(path)
	f.mu.Lock()
	defer f.mu.Unlock()
	if root := f.roots[dir]; root != nil {
		return root, nil
	}
	root, err := os.OpenRoot(dir)
	if err == nil {
		f.roots[dir] = root
	}
	return root, err
}

func (f *fileRoots) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for dir, root := range f.roots {
		root.Close()
		delete(f.roots, dir)
	}
}

// fileValue reads the name of a file, or several.
func (c *cell) fileValue(text string) (affise.Value, bool) {
	if !c.col.List {
		path, ok := c.file(text)
		return affise.File(path), ok
	}
	var files []affise.Value
	ok := true
	for _, name := range splitList(text, listSeparators) {
		path, fine := c.file(name)
		files, ok = append(files, affise.File(path)), ok && fine
	}
	return affise.List(files...), ok && len(files) > 0
}

// file finds a file beneath the folder of files and returns its path.
func (c *cell) file(name string) (string, bool) {
	if path := c.env.files.copied(c.rec.bind.table.Path, localName(name)); path != "" {
		return path, true // it was judged when the run began
	}
	if strings.Contains(name, "://") {
		c.fail(codeBadFile, "%s is the address of a file: download it, put it beside the sheet, and write its name alone", quote(name))
		return "", false
	}
	root, err := c.env.files.of(c.rec.bind.table.Path)
	if err != nil {
		c.fail(codeBadFile, "the folder of files cannot be read: start with --files and the folder that holds %s", quote(name))
		return "", false
	}
	typed := name
	name = localName(name)
	if !filepath.IsLocal(name) {
		c.fail(codeBadFile, "%s leads out of the folder of files: name a file beside the sheet or below it, such as banners/top.png", quote(name))
		return "", false
	}
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if near := cmp.Or(fileNear(root, name), fileNear(root, filepath.Base(name))); near != "" {
			c.fail(codeBadFile, "the file %s is not there. Did you mean %s?", quote(typed), quote(near))
			return "", false
		}
		c.fail(codeBadFile, "the file %s is not there: put it beside the sheet and write its name alone, or start with --files and its folder", quote(typed))
		return "", false
	case err != nil:
		c.fail(codeBadFile, "the file %s cannot be read, or is a link that leads out of the folder of files", quote(typed))
		return "", false
	case info.Size() > fileLimit:
		c.fail(codeBadFile, "the file %s has %d MB, at most %d are sent", quote(typed), info.Size()>>20, fileLimit>>20)
		return "", false
	}
	path := filepath.Join(root.Name(), name)
	if err := affise.CheckFile(c.col.Path[0], path); err != nil {
		c.fail(codeBadFile, "%v", err)
		return "", false
	}
	return path, true
}

// fileNear is a file in the folder of one that is not there, whose name differs
// in case alone or in a few letters; blank for none.
func fileNear(root *os.Root, name string) string {
	dir, err := root.Open(filepath.Dir(name))
	if err != nil {
		return ""
	}
	defer dir.Close()
	const most = 1000 // files of a folder that are looked at
	entries, _ := dir.ReadDir(most)
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		if names = append(names, e.Name()); strings.EqualFold(e.Name(), filepath.Base(name)) {
			return filepath.ToSlash(filepath.Join(filepath.Dir(name), e.Name()))
		}
	}
	near := nearest(filepath.Base(name), names)
	if near == "" || digitsDiffer(near, filepath.Base(name)) {
		return ""
	}
	return filepath.ToSlash(filepath.Join(filepath.Dir(name), near))
}
