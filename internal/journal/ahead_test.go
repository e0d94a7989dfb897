package journal

import (
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"
)

// counted yields so many numbers, and then an error if it is not nil; it counts
// what it was asked for.
func counted(n int, err error, asked *int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			*asked++
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

// What is read ahead comes in its order and whole, its error after it; and nobody
// reads on when the loop is left.
func TestAhead(t *testing.T) {
	broken := errors.New("disk gone")
	for _, n := range []int{0, 1, aheadSize - 1, aheadSize, aheadSize + 1, 10 * aheadSize} {
		for _, want := range []error{nil, broken} {
			synctest.Test(t, func(t *testing.T) { // which fails where a goroutine is left behind
				asked, next, last := 0, 0, error(nil)
				for i, err := range ahead(counted(n, want, &asked)) {
					if last = err; err != nil {
						continue
					}
					if i != next {
						t.Fatalf("%d after %d", i, next-1)
					}
					next++
				}
				if next != n || last != want {
					t.Errorf("%d of %d, error %v", next, n, last)
				}
			})
		}
	}
	asked, ended := 0, false
	list := func(yield func(int, error) bool) {
		counted(100*aheadSize, nil, &asked)(yield)
		time.Sleep(time.Second) // as long as a database takes to let go
		ended = true
	}
	synctest.Test(t, func(*testing.T) {
		for range ahead(list) {
			break
		}
	})
	if asked > 10*aheadSize || !ended {
		t.Errorf("%d were read for one; left behind: %v", asked, !ended)
	}
}
