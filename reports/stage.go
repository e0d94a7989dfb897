package reports

import "io"

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

func newBehind(w io.Writer) *behind {
	b := &behind{full: make(chan []byte, 2), empty: make(chan []byte, 3), done: make(chan error, 1), buf: make([]byte, 0, stageSize)}
	b.empty <- make([]byte, 0, stageSize)
	b.empty <- make([]byte, 0, stageSize)
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
		room := min(len(p), stageSize-len(b.buf))
		b.buf = append(b.buf, p[:room]...)
		p = p[room:]
		if len(b.buf) == stageSize {
			b.full <- b.buf
			b.buf = <-b.empty
		}
	}
	return n, nil
}

func (b *behind) close() error {
	b.full <- b.buf
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
