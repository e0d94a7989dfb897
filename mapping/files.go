package mapping

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"offerlift/internal/affise"
)

// fileLimit is the most bytes that one file may have.
const fileLimit = 32 << 20

// fileRoots are the folders that files are read from, each opened once. No
// path and no link leads out of them: a sheet must not be able to send what
// stands elsewhere on the machine.
type fileRoots struct {
	dir   string // of every sheet; blank: each sheet's own
	mu    sync.Mutex
	roots map[string]*os.Root
}

func newFileRoots(dir string) *fileRoots { return &fileRoots{dir: dir, roots: map[string]*os.Root{}} }

func (f *fileRoots) of(path string) (*os.Root, error) {
	dir := f.dir
	if dir == "" {
		dir = filepath.Dir(path)
	}
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
	root, err := c.env.files.of(c.rec.bind.table.Path)
	if err != nil {
		c.fail(codeBadFile, "the folder of files cannot be read: start with --files and the folder that holds %s", quote(name))
		return "", false
	}
	name = filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	if !filepath.IsLocal(name) {
		c.fail(codeBadFile, "%s leads out of the folder of files: name a file beside the sheet or below it, such as banners/top.png", quote(name))
		return "", false
	}
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.fail(codeBadFile, "the file %s is not there: put it beside the sheet and write its name alone, or start with --files and its folder", quote(name))
		return "", false
	case err != nil:
		c.fail(codeBadFile, "the file %s cannot be read, or is a link that leads out of the folder of files", quote(name))
		return "", false
	case info.Size() > fileLimit:
		c.fail(codeBadFile, "the file %s has %d MB, at most %d are sent", quote(name), info.Size()>>20, fileLimit>>20)
		return "", false
	}
	path := filepath.Join(root.Name(), name)
	if err := affise.CheckFile(c.col.Path[0], path); err != nil {
		c.fail(codeBadFile, "%v", err)
		return "", false
	}
	return path, true
}
