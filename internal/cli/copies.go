package cli

import (
	"cmp"
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
	Path  string // where the file was when the run read it
	Sum   string // SHA-256 of its content, in hex
	Named bool   `json:",omitempty"` // by a cell: a logo or a creative, which is no input of its own
}

// mostNamed is how many bytes of logos and creatives are copied in all. What is
// above it is known by its sum alone: that it was changed is noticed, and when it
// is gone its offers wait until it is back.
const mostNamed = 256 << 20

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

// keepInputs copies the files that the tables were read from, and those beside
// them, and has the tables name the files. What was read from copies of an
// earlier sitting, the files being gone, keeps these.
func (k *kept) keepInputs(journal string, earlier []keptInput, beside []string) error {
	var errs []error
	for i, t := range k.Tables {
		path, err := k.keepFile(journal, t.Path, earlier)
		k.Tables[i].Path = path
		errs = append(errs, err)
	}
	for _, path := range beside {
		_, err := k.keepFile(journal, path, earlier)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// keepNamed copies the files that cells name, as far as there is room.
func (k *kept) keepNamed(journal string, earlier []keptInput, paths []string) error {
	var errs []error
	room := int64(mostNamed)
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue // it went meanwhile, which its offers will tell
		}
		before := len(k.Inputs)
		if room -= info.Size(); room >= 0 {
			_, err = k.keepFile(journal, path, earlier)
		} else {
			err = k.sumFile(path)
		}
		errs = append(errs, err)
		for i := range k.Inputs[before:] {
			k.Inputs[before+i].Named = true
		}
	}
	return errors.Join(errs...)
}

// sumFile takes up a file that is not copied.
func (k *kept) sumFile(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	k.Inputs = append(k.Inputs, keptInput{Path: path, Sum: hex.EncodeToString(hash.Sum(nil))})
	return err
}

// keepFile copies one file and returns its path; where it is a copy already,
// that of the file it was made of.
func (k *kept) keepFile(journal, path string, earlier []keptInput) (string, error) {
	if at := slices.IndexFunc(earlier, func(old keptInput) bool { return old.at(journal) == path }); at >= 0 {
		if !slices.Contains(k.Inputs, earlier[at]) {
			k.Inputs = append(k.Inputs, earlier[at])
		}
		return earlier[at].Path, nil
	}
	path, err := filepath.Abs(path)
	if err != nil || slices.ContainsFunc(k.Inputs, func(old keptInput) bool { return old.Path == path }) {
		return path, err
	}
	copied, err := copyInput(journal, path)
	if err == nil {
		k.Inputs = append(k.Inputs, copied)
	}
	return path, err
}

// beside are the files, besides the input, by which it was read: the profile
// and what it extends, as far as they are not built in, and the tables of ids.
func (f *profileFlags) beside(e *env) []string {
	paths := slices.Clone(f.IDs)
	if f.Profile != "" {
		paths = append(paths, f.library(e).FilesOf(f.Profile)...)
	}
	return paths
}

// changed are the files that an earlier sitting of the run read otherwise than
// they are now.
func (k *kept) changed(earlier []keptInput) (paths []string) {
	for _, old := range earlier {
		if slices.ContainsFunc(k.Inputs, func(in keptInput) bool { return in.Path == old.Path && in.Sum != old.Sum }) {
			paths = append(paths, old.Path)
		}
	}
	return paths
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

// readable are the flags to read the run's input with again: files as they were
// given, and the copies of what is gone.
func (k *kept) readable(e *env, journal string) (flags inputFlags, gone []string) {
	flags = k.inputFlags
	flags.Paths = nil
	for _, path := range k.Paths {
		copies, missing := k.copiesOf(journal, path)
		if isThere(path) || len(copies) == 0 {
			flags.Paths = append(flags.Paths, path)
		}
		flags.Paths, gone = append(flags.Paths, copies...), append(gone, missing...)
	}
	if flags.Files == "" && len(gone) > 0 {
		flags.Files = filepath.Dir(gone[0]) // logos stand beside the file, not beside its copy
	}
	flags.copies, flags.IDs = k.copiesOfGone(journal), slices.Clone(flags.IDs)
	for i, path := range flags.IDs {
		flags.IDs[i] = cmp.Or(flags.copies[path], path)
	}
	read := flags.beside(e)
	for _, in := range k.Inputs {
		if in.Named && flags.copies[in.Path] != "" || slices.Contains(read, flags.copies[in.Path]) {
			gone = append(gone, in.Path)
		}
	}
	return flags, gone
}

// copiesOf are the copies of a file that is gone, or of the files that are gone
// out of a folder.
func (k *kept) copiesOf(journal, path string) (copies, gone []string) {
	for _, in := range k.Inputs {
		within := strings.HasPrefix(in.Path, path+string(filepath.Separator))
		if (in.Path == path || within) && !in.Named && !isThere(in.Path) && isThere(in.at(journal)) {
			copies, gone = append(copies, in.at(journal)), append(gone, in.Path)
		}
	}
	return copies, gone
}

// copiesOfGone are the copies of all files that are gone, by their paths.
func (k *kept) copiesOfGone(journal string) map[string]string {
	copies := map[string]string{}
	for _, in := range k.Inputs {
		if !isThere(in.Path) && isThere(in.at(journal)) {
			copies[in.Path] = in.at(journal)
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
