package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"offerlift/importer"
	"offerlift/internal/journal"
)

// openJournal opens the journal that the flags name, to write.
func (f *journalFlags) openJournal(e *env, wait bool) (*journal.Journal, error) {
	path, err := f.path(e)
	if err != nil {
		return nil, err
	}
	locks, err := stateDir(e.getenv)
	if err != nil {
		locks = ""
	}
	ctx, cancel := e.untilStop(0)
	defer cancel()
	j, err := journal.Open(ctx, path, journal.Options{Wait: wait, Waiting: func(text string) { e.night.waiting(e, text) }, LockDir: locks})
	return j, refuseJournal(path, err)
}

// read opens the journal to read, also while an import writes it.
func (f *journalFlags) read(e *env) (*journal.Journal, error) {
	path, err := f.path(e)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, refuse("runs are remembered from the first import on; --journal FILE names another journal", "there are no runs yet in %s", path)
	}
	j, err := journal.OpenReader(e.ctx, path)
	return j, unread(path, err)
}

// unread says why a journal cannot be read.
func unread(path string, err error) error {
	if err == nil {
		return nil
	}
	t := troubleOf(path, err)
	return refuse(t.mendOr("give another one with --journal FILE"), "%s", t.what)
}

// refuseJournal says why a journal cannot be used, and the way out. Nothing was
// sent.
func refuseJournal(path string, err error) error {
	var busy *journal.BusyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &busy):
		return refuse("give --wait to start when it has ended; nothing was sent", "%v", err)
	case errors.Is(err, context.Canceled) || errors.Is(err, importer.ErrInterrupted):
		return refuse("", "interrupted before anything was sent")
	}
	t := troubleOf(path, err)
	return refuse(t.mendOr("give another place with --journal FILE"), "nothing was sent: %s", t.what)
}

// trouble is what keeps a journal from being read or written, in words for
// people who never heard of a database.
type trouble struct {
	what string // what happened, with the cause as the system has it
	mend string // what to do about it; blank where what happened says it all
}

// mendOr is what to do about it, or instead.
func (t trouble) mendOr(instead string) string {
	if t.mend == "" {
		return instead
	}
	return t.mend + "; or " + instead
}

// The results of SQLite by which its errors differ, without the details that
// stand in their higher bits. Source: sqlite.org/rescode.html.
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteIO       = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26
)

// troubleOf is the one place where errors of the journal's file get their words.
func troubleOf(path string, err error) trouble {
	var database interface {
		error
		Code() int
	}
	code, cause := 0, strings.TrimPrefix(err.Error(), "journal "+path+": ")
	var file *fs.PathError
	switch {
	case errors.As(err, &database):
		code, cause = database.Code()&0xff, database.Error()
	case errors.As(err, &file):
		cause = file.Err.Error()
	}
	say := func(what, mend string) trouble {
		return trouble{fmt.Sprintf(what, "the journal "+path) + " (" + cause + ")", mend}
	}
	switch {
	case errors.Is(err, journal.ErrGone):
		return trouble{"the journal " + path + " was deleted, moved or replaced while it was in use", "keep it where it is while an import runs"}
	case code == sqliteFull, errors.Is(err, syscall.ENOSPC):
		return say("the disk is full, and %s could not be written", "make room on that disk")
	case code == sqliteReadOnly, errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return say("you may not write %s or its folder", "ask for the right to write there")
	case code == sqliteBusy, code == sqliteLocked:
		return say("another program holds %s", "close it, be it a database viewer, a backup or a program that keeps folders in step")
	case code == sqliteNotADB:
		return say("%s is no journal: the file holds something else, and was left as it is", "look whether the file is the right one")
	case code == sqliteCorrupt:
		return say("%s is damaged", "put it aside: a new one knows no past runs, and what is in the account is still not sent twice")
	case errors.Is(err, syscall.EISDIR):
		return say("%s is a folder, not a file", "name a file in it")
	case code == sqliteIO:
		return say("the disk did not keep %s", "look whether the disk is full, broken or taken out")
	case code == sqliteCantOpen:
		return say("%s or its folder cannot be opened", "look whether the folder is there and you may write in it")
	}
	return trouble{strings.TrimPrefix(err.Error(), importer.ErrJournal.Error()+": "), ""}
}

// again are the flags that a command needs to find the same journal: none where
// it is found anyway.
func (f *journalFlags) again(e *env) string {
	if f.Journal == "" || f.Journal == e.getenv("OFFERLIFT_JOURNAL") {
		return ""
	}
	return " --journal " + shellWord(f.Journal)
}

// shellWord puts quotes around a path that a shell would take apart: double ones,
// which sh, PowerShell and the Windows console all understand; single ones, which
// the last does not, only around signs that mean nothing to it.
func shellWord(path string) string {
	if strings.ContainsAny(path, "\"$`!") || filepath.Separator == '/' && strings.Contains(path, `\`) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	if strings.ContainsAny(path, " '&;()<>|*?#~[]{},") {
		return `"` + path + `"`
	}
	return path
}

// shellWords are paths as a command takes them.
func shellWords(paths []string) string {
	words := make([]string, len(paths))
	for i, path := range paths {
		words[i] = shellWord(path)
	}
	return strings.Join(words, " ")
}

// isRemembered tells whether a run can be gone on with: whether the journal, as
// its file is now, has it. Where the file cannot be read, it may have it.
func isRemembered(e *env, path, run string) bool {
	j, err := journal.OpenReader(context.WithoutCancel(e.ctx), path)
	if err == nil {
		defer j.Close()
		_, err = j.Run(context.WithoutCancel(e.ctx), run)
	}
	return !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, journal.ErrNoRun)
}
