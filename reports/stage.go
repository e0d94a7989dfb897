package reports

import (
	"errors"
	"io"
)

// stageSize is how much goes from one goroutine to the next at a time.
const stageSize = 64 << 10

// behind is a writer whose bytes are written in a goroutine of its own, which
// has come to its end when close returns.
type behind struct {
	full  chan []byte
	empty chan []byte
	done  chan error
	buf   []byte
}

// newBehind makes one that is at most so many pieces ahead of what is written.
func newBehind(w io.Writer, pieces int) *behind {
	b := &behind{full: make(chan []byte, pieces), empty: make(chan []byte, pieces+2), done: make(chan error, 1)}
	go b.run(w)
	return b
}

func (b *behind) run(w io.Writer) {
	var failed error
	for buf := range b.full {
		if failed == nil {
			_, failed = w.Write(buf)
		}
		b.empty <- buf[:0]
	}
	b.done <- failed
}

// Write never fails: what went wrong close tells.
func (b *behind) Write(p []byte) (n int, err error) {
	n = len(p)
	for len(p) > 0 {
		if b.buf == nil {
			b.buf = b.room()
		}
		fits := min(len(p), stageSize-len(b.buf))
		b.buf = append(b.buf, p[:fits]...)
		p = p[fits:]
		if len(b.buf) == stageSize {
			b.full <- b.buf
			b.buf = nil
		}
	}
	return n, nil
}

// room is a piece that was written, or a new one: there are never more than may
// be under way.
func (b *behind) room() []byte {
	select {
	case buf := <-b.empty:
		return buf
	default:
		return make([]byte, 0, stageSize)
	}
}

func (b *behind) close() error {
	if b.buf != nil {
		b.full <- b.buf
	}
	close(b.full)
	return <-b.done
}

// before is a reader that is read in a goroutine of its own before it is asked
// for, which has come to its end when Close returns.
type before struct {
	src  io.ReadCloser
	full chan block
	free chan []byte
	now  block
	left []byte
}

type block struct {
	bytes []byte
	err   error
}

func newBefore(src io.ReadCloser) *before {
	b := &before{src: src, full: make(chan block, 2), free: make(chan []byte, 3)}
	for range 3 {
		b.free <- make([]byte, stageSize)
	}
	go b.run()
	return b
}

func (b *before) run() {
	defer close(b.full)
	for buf := range b.free {
		n, err := io.ReadFull(b.src, buf[:stageSize])
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		b.full <- block{buf[:n], err}
		if err != nil {
			return
		}
	}
}

func (b *before) Read(p []byte) (n int, err error) {
	for len(b.left) == 0 {
		if b.now.err != nil {
			return 0, b.now.err
		}
		if b.now.bytes != nil {
			b.free <- b.now.bytes
		}
		b.now = <-b.full
		b.left = b.now.bytes
	}
	n = copy(p, b.left)
	b.left = b.left[n:]
	return n, nil
}

func (b *before) Close() error {
	close(b.free)
	for range b.full {
	}
	return b.src.Close()
}

// relay hands a sheet on from the report that copies all of it to the one that
// copies some of its rows, which need not unpack and cut it again.
type relay struct {
	r *io.PipeReader
	w *io.PipeWriter
}

// relayPieces is how far one report may be ahead of the other: that has other
// sheets to copy first.
const relayPieces = 32

func newRelay() *relay {
	r, w := io.Pipe()
	return &relay{r, w}
}

// errNotRelayed is read where the other report came to nothing before the sheet.
var errNotRelayed = errors.New("it was not read for the results")
