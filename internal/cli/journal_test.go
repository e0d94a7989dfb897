package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"offerlift/internal/journal"
	"offerlift/internal/sandbox"
)

// databaseError is what the database says where a test cannot have it for real.
type databaseError int

func (e databaseError) Error() string { return fmt.Sprintf("SQLITE SAYS (%d)", int(e)) }
func (e databaseError) Code() int     { return int(e) }

// TestTheDatabasesWordsAreNotTheUsers: whatever keeps a journal from being used
// is told in words for people, with a way out, and with its cause.
func TestTheDatabasesWordsAreNotTheUsers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.db")
	open := func(content []byte) error {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(context.Background(), path, journal.Options{})
		if err == nil {
			j.Close()
		}
		return err
	}
	wrapped := func(code int) error { return fmt.Errorf("journal %s: %w", path, databaseError(code)) }
	for name, c := range map[string]struct {
		err              error
		what, mend, none string
	}{
		"a text file":  {open([]byte(strings.Repeat("offer,title\n", 100))), "holds something else", "right one", "malformed"},
		"full":         {wrapped(13), "the disk is full", "make room", "journal: "},
		"disk":         {wrapped(778), "the disk did not keep", "full, broken", "I/O error"},
		"read-only":    {wrapped(1032), "you may not write", "right to write", "readonly"},
		"locked":       {wrapped(261), "another program holds", "close it", "locked"},
		"damaged":      {wrapped(11), "is damaged", "not sent twice", "malformed"},
		"no such file": {wrapped(14), "cannot be opened", "folder is there", "journal: "},
		"gone":         {fmt.Errorf("journal %s: %w: %s is not there", path, journal.ErrGone, path), "was deleted, moved or replaced", "keep it where it is", "journal: "},
		"newer":        {errors.New("journal " + path + ": it was written by a newer offerlift"), "newer offerlift", "", "database"},
	} {
		got := troubleOf(path, c.err)
		if !strings.Contains(got.what, c.what) || !strings.Contains(got.what, path) || !strings.Contains(got.mend, c.mend) || strings.Contains(got.what, c.none) {
			t.Errorf("%s: %+v", name, got)
		}
		var database databaseError
		if errors.As(c.err, &database) && !strings.Contains(got.what, "SQLITE SAYS") {
			t.Errorf("%s: the cause is lost: %+v", name, got)
		}
	}
}

// TestAJournalThatIsDeletedWhileARunUsesIt: no closing offers a resume that has
// nothing to go on with, and the import that it does offer makes nothing twice.
func TestAJournalThatIsDeletedWhileARunUsesIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.db")
	account, err := sandbox.New(sandbox.Config{Key: sandboxKey, AnyAdvertiser: true})
	if err != nil {
		t.Fatal(err)
	}
	defer account.Close()
	var posts atomic.Int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && posts.Add(1) == 3 {
			for _, end := range []string{"", "-wal", "-shm"} {
				os.Remove(path + end)
			}
		}
		account.ServeHTTP(w, r)
	}))
	defer web.Close()
	t.Setenv("AFFISE_API_KEY", sandboxKey)
	t.Setenv("XDG_STATE_HOME", dir)
	run := func() (string, int) {
		var out bytes.Buffer
		code := Main([]string{"import", "../../samples/launch.xlsx", "--yes", "--rate", "0", "--workers", "1", "--base-url", web.URL,
			"--journal", path, "--out", filepath.Join(dir, "out")}, strings.NewReader(""), &out, io.Discard)
		return out.String(), code
	}
	out, code := run()
	if code != exitStopped || strings.Contains(out, "offerlift resume") || !strings.Contains(out, "import the file again") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	page, err := os.ReadFile(filepath.Join(dir, "out", "report.html"))
	if err != nil || strings.Contains(string(page), "offerlift resume") || !strings.Contains(string(page), "Import the file again") {
		t.Errorf("the page says to resume, or it is not there: %v", err)
	}
	if out, code = run(); code != exitFine {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if twice := account.Duplicates(); len(twice) > 0 || len(account.Offers()) < 3 {
		t.Errorf("%d offers, stored twice: %v", len(account.Offers()), twice)
	}
}
