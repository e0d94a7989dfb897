package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// signals makes the two steps of a stop: the first signal closes stop, the
// second cancels the context. A third has the system's own effect.
func signals(v *voice) (ctx context.Context, stop <-chan struct{}, release func()) {
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan struct{})
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-caught:
		case <-ctx.Done():
			return
		}
		close(first)
		v.note("stopping: what is in flight is finished first; once more to cut it short")
		select {
		case <-caught:
		case <-ctx.Done():
			return
		}
		v.note("cutting short: what was in flight is recorded as unknown")
		signal.Stop(caught)
		cancel()
	}()
	return ctx, first, func() { signal.Stop(caught); cancel() }
}

// untilStop is for what may be given up at the first step of a stop, a while
// after it.
func (e *env) untilStop(grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(e.ctx)
	go func() {
		select {
		case <-e.stop:
			time.AfterFunc(grace, cancel)
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
