package journal

import "iter"

// ahead reads a list in a goroutine of its own while what it has read is worked
// on. It has come to its end when the loop over it has.
func ahead[T any](list iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		f := fetcher[T]{full: make(chan batch[T], 2), stop: make(chan struct{}), used: make(chan []T, 4)}
		go f.run(list)
		defer func() {
			close(f.stop)
			for range f.full { // until the fetcher has let go
			}
		}()
		for b := range f.full {
			for _, v := range b.list {
				if !yield(v, nil) {
					return
				}
			}
			f.used <- b.list
			if b.err != nil {
				var none T
				yield(none, b.err)
				return
			}
		}
	}
}

// fetcher is the goroutine of ahead.
type fetcher[T any] struct {
	full chan batch[T]
	stop chan struct{}
	used chan []T // room for as many as there are at a time
}

type batch[T any] struct {
	list []T
	err  error
}

const aheadSize = 256

func (f fetcher[T]) run(list iter.Seq2[T, error]) {
	defer close(f.full)
	b := batch[T]{list: f.room()}
	for v, err := range list {
		if b.err = err; err != nil {
			break
		}
		if b.list = append(b.list, v); len(b.list) == aheadSize {
			if !f.send(b) {
				return
			}
			b.list = f.room()
		}
	}
	f.send(b)
}

func (f fetcher[T]) send(b batch[T]) bool {
	select {
	case f.full <- b:
		return true
	case <-f.stop:
		return false
	}
}

func (f fetcher[T]) room() []T {
	select {
	case list := <-f.used:
		return list[:0]
	default:
		return make([]T, 0, aheadSize)
	}
}
