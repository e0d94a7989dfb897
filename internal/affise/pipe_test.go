//go:build unix

package affise_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"offerlift/internal/affise"
)

// A pipe is refused without a look into it, which would wait for a writer.
func TestPipeIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.png")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- affise.CheckFile("logo", pipe) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "is not a file") {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it hangs")
	}
}
