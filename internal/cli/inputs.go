package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"offerlift/internal/journal"
	"offerlift/reports"
)

// keptInput is a file of a run's input of which a copy lies beside the journal,
// so that the run can be reported on and resumed when the file is gone. Files
// of the same content share a copy.
type keptInput struct {
	Path string // where the file was when the run read it
	Sum  string // SHA-256 of its content, in hex
}

// inputsDir is the folder of a journal's copies.
func inputsDir(journal string) string { return journal + ".inputs" }

// at is where the copy lies. It has the file's own name, which tells its format
// and stands in messages.
func (k keptInput) at(journal string) string {
	return filepath.Join(inputsDir(journal), k.Sum, filepath.Base(k.Path))
}

// copyInput copies a file to its place beside the journal, for its owner alone.
func copyInput(journal, path string) (keptInput, error) {
	k := keptInput{Path: path}
	in, err := os.Open(path)
	if err != nil {
		return k, err
	}
	defer in.Close()
	dir := inputsDir(journal)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, err
	}
	tmp, err := os.CreateTemp(dir, ".copy-*") // mode 0600
	if err != nil {
		return k, err
	}
	defer os.Remove(tmp.Name()) // fails once it has its name
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(tmp, hash), in)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return k, err
	}
	k.Sum = hex.EncodeToString(hash.Sum(nil))
	if _, err := os.Stat(k.at(journal)); err == nil {
		return k, nil
	}
	if err := os.MkdirAll(filepath.Dir(k.at(journal)), 0o700); err != nil {
		return k, err
	}
	return k, os.Rename(tmp.Name(), k.at(journal))
}

// keepInputs copies the files that the tables were read from, and has the
// tables name the files. Tables that were read from copies of an earlier
// sitting, the files being gone, keep these.
func (k *kept) keepInputs(journal string, earlier []keptInput) error {
	var errs []error
	for i, t := range k.Tables {
		if at := slices.IndexFunc(earlier, func(old keptInput) bool { return old.at(journal) == t.Path }); at >= 0 {
			k.Tables[i].Path = earlier[at].Path
			if !slices.Contains(k.Inputs, earlier[at]) {
				k.Inputs = append(k.Inputs, earlier[at])
			}
			continue
		}
		path, err := filepath.Abs(t.Path)
		if err != nil {
			return err
		}
		k.Tables[i].Path = path
		if slices.ContainsFunc(k.Inputs, func(old keptInput) bool { return old.Path == path }) {
			continue
		}
		copied, err := copyInput(journal, path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		k.Inputs = append(k.Inputs, copied)
	}
	return errors.Join(errs...)
}

// sources are the run's tables with the files to read them from: the copies,
// which hold what the run read, where they are there.
func (k *kept) sources(journal string) []reports.TableInfo {
	tables := slices.Clone(k.Tables)
	for i, t := range tables {
		for _, in := range k.Inputs {
			if in.Path == t.Path && isThere(in.at(journal)) {
				tables[i].Path = in.at(journal)
			}
		}
	}
	return tables
}

// named are the files and folders that no report may be written over.
func (k *kept) named() []string {
	paths := slices.Clone(k.Paths)
	for _, t := range k.Tables {
		paths = append(paths, t.Path)
	}
	return paths
}

// readable are the paths to read the run's input from again: as they were
// given, and the copies of what is gone.
func (k *kept) readable(journal string) (paths, gone []string) {
	for _, path := range k.Paths {
		var copies []string
		if !isThere(path) {
			copies = k.copiesOf(journal, path)
		}
		if len(copies) == 0 {
			paths = append(paths, path)
			continue
		}
		paths, gone = append(paths, copies...), append(gone, path)
	}
	return paths, gone
}

// copiesOf are the copies of a file, or of the files that were in a folder.
func (k *kept) copiesOf(journal, path string) []string {
	var copies []string
	for _, in := range k.Inputs {
		within := strings.HasPrefix(in.Path, path+string(filepath.Separator))
		if (in.Path == path || within) && isThere(in.at(journal)) {
			copies = append(copies, in.at(journal))
		}
	}
	return copies
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// pruneInputs removes the copies that no run refers to any more, and what a
// killed import left half copied. It returns how many it removed.
func pruneInputs(e *env, j *journal.Journal) (int, error) {
	runs, err := j.Runs(e.ctx)
	if err != nil {
		return 0, err
	}
	wanted := map[string]bool{}
	for _, run := range runs {
		var k kept
		if err := json.Unmarshal(run.Config, &k); err != nil {
			return 0, err // nobody knows what it needs
		}
		for _, in := range k.Inputs {
			wanted[in.Sum] = true
		}
	}
	entries, err := os.ReadDir(inputsDir(j.Path()))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	n := 0
	for _, entry := range entries {
		if wanted[entry.Name()] {
			continue
		}
		if err := os.RemoveAll(filepath.Join(inputsDir(j.Path()), entry.Name())); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}
