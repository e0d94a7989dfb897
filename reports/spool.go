package reports

import (
	"bufio"
	"fmt"
	"os"
)

// spool keeps texts in a file that is gone when the reports are written. The
// same text again costs nothing: most messages of a run are alike.
type spool struct {
	file   *os.File
	out    *bufio.Writer
	size   int64
	recent map[string]span
}

// spoolReader reads a spool's texts. Each goroutine has its own.
type spoolReader struct {
	*spool
	window []byte // what was read last; texts are mostly asked for in their order
	at     int64
}

// span is a text in the spool.
type span struct {
	off int64
	n   int32
}

const (
	spoolRecent = 4096
	spoolWindow = 1 << 16
)

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return nil, fmt.Errorf("cannot write into the folder for the reports: %w", err)
	}
	return &spool{file: f, out: bufio.NewWriterSize(f, spoolWindow), recent: map[string]span{}}, nil
}

func (s *spool) put(text []byte) (span, error) {
	if len(text) == 0 {
		return span{}, nil
	}
	if sp, ok := s.recent[string(text)]; ok {
		return sp, nil
	}
	sp := span{s.size, int32(len(text))}
	n, err := s.out.Write(text)
	s.size += int64(n)
	if len(s.recent) >= spoolRecent {
		clear(s.recent)
	}
	s.recent[string(text)] = sp
	return sp, err
}

// flush must be called between the last put and the first get.
func (s *spool) flush() error {
	s.recent = nil
	return s.out.Flush()
}

// get returns a text; it is the caller's until the next get.
func (s *spoolReader) get(sp span) ([]byte, error) {
	if sp.n == 0 {
		return nil, nil
	}
	if sp.off < s.at || sp.off+int64(sp.n) > s.at+int64(len(s.window)) {
		n := min(max(int64(sp.n), spoolWindow), s.size-sp.off)
		s.window = append(s.window[:0], make([]byte, n)...)
		if _, err := s.file.ReadAt(s.window, sp.off); err != nil {
			return nil, fmt.Errorf("cannot read back a message: %w", err)
		}
		s.at = sp.off
	}
	from := sp.off - s.at
	return s.window[from : from+int64(sp.n)], nil
}

func (s *spool) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}
