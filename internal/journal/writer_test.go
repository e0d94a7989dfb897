package journal

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestCloseDoesNotWaitForADiskThatWasGivenUp: a stop that could not wait for the
// disk does not wait for it when the journal is closed either.
func TestCloseDoesNotWaitForADiskThatWasGivenUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		var slow atomic.Bool
		j, err := Open(ctx, path, Options{BeforeCommit: func() error {
			if slow.Load() {
				time.Sleep(time.Minute)
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		run := begin(t, j, "r")
		slow.Store(true)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := j.Commit(short, Change{Item: newItem(j, run, 1, Sent)}); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		began := time.Now()
		if err := j.Close(); !errors.Is(err, ErrNotTaken) || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		time.Sleep(time.Minute)
		if j, err = Open(ctx, path, Options{}); err != nil { // the lock is free again
			t.Fatal(err)
		}
		j.Close()
	})
}

// TestCloseWaitsForASlowDisk: what nobody gave up is written.
func TestCloseWaitsForASlowDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		j, err := Open(ctx, path, Options{BeforeCommit: func() error {
			time.Sleep(time.Minute)
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		run := begin(t, j, "r")
		for n := range 3 {
			if err := j.Post(ctx, Change{Item: newItem(j, run, n, Pending)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
		if j, err = OpenReader(ctx, path); err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if totals, err := j.Totals(ctx, run.Number); err != nil || totals.States[Pending] != 3 {
			t.Errorf("%+v, %v", totals, err)
		}
	})
}
