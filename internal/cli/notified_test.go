package cli

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"offerlift/internal/notify"
)

// slow is a target that answers after a while, or never.
type slow struct {
	name  string
	after time.Duration
	err   error
}

func (s slow) Target() string { return s.name }

func (s slow) Send(ctx context.Context, _ notify.Message) error {
	select {
	case <-time.After(s.after):
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// All are told at once: the command waits for the slowest, not for one after the
// other, and a stop waits for none.
func TestAllAreToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, log bytes.Buffer
		stop := make(chan struct{})
		e := &env{ctx: t.Context(), stop: stop, voice: &voice{out: &out, err: &out, width: 80}}
		n := &night{log: slog.New(slog.NewTextHandler(&log, nil)), targets: []target{
			slow{"hooks.example.com", 12 * time.Second, nil}, slow{"mail.example.com", 20 * time.Second, errors.New("no answer")}}}
		begin := time.Now()
		n.send(e, notify.Message{})
		if took := time.Since(begin); took != 20*time.Second {
			t.Errorf("it took %s", took)
		}
		if !strings.Contains(log.String(), "target=hooks.example.com") || !strings.Contains(out.String(), "not delivered to mail.example.com: no answer") {
			t.Errorf("%s%s", log.String(), out.String())
		}

		begin = time.Now()
		time.AfterFunc(3*time.Second, func() { close(stop) })
		n.send(e, notify.Message{})
		if took := time.Since(begin); took != 4*time.Second {
			t.Errorf("a stop waited %s", took)
		}
	})
}
