package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/journal"
)

const (
	firstBackOff = 200 * time.Millisecond // before a request is made again that did not arrive
	maxBackOff   = 5 * time.Second
	lookTries    = 8 // failures of a look, one after another, that make it unclear

	listCall = "list" // is made before anything is sent
)

// request makes one request in its turn. before is called when the turn has
// come, right before the request leaves; it may be nil. The attempt tells of
// the request; where there was none, the error is errStopped or before's.
func (e *engine) request(call string, before func() error, do func(context.Context) error) (journal.Attempt, error) {
	a := journal.Attempt{Run: e.run.Number, Call: call}
	turn, err := e.limiter.wait()
	if err != nil {
		return a, err
	}
	if before != nil {
		if err := before(); err != nil {
			return a, err
		}
	}
	land, err := e.takeOff()
	if err != nil {
		return a, err
	}
	opinion := silent
	defer func() { land(opinion) }()
	if err := e.limiter.depart(turn); err != nil {
		return a, err
	}
	a.SentAt = e.cfg.Now()
	left := time.Now()
	err = do(e.ctx)
	a.AnsweredAt = e.cfg.Now()
	opinion = e.judge(&a, err, left)
	return a, err
}

// takeOff waits until there is room for one more request, and the key is not in
// doubt. land is to be called with what the answer says of the key.
func (e *engine) takeOff() (land func(verdict), err error) {
	select {
	case e.flights <- struct{}{}:
	case <-e.going.Done():
		return nil, errStopped
	}
	leave, err := e.breaker.enter()
	if err != nil || e.going.Err() != nil {
		<-e.flights
		if err == nil {
			leave(silent)
		}
		return nil, errStopped
	}
	return func(v verdict) {
		leave(v)
		<-e.flights
	}, nil
}

// judge notes what the answer means for the row in the attempts table, for the
// pace, and for the key.
func (e *engine) judge(a *journal.Attempt, err error, left time.Time) verdict {
	if err == nil {
		e.limiter.passed()
		e.answers.Add(1)
		return accepted
	}
	outcome := outcomeOf(err)
	a.Outcome, a.Detail = outcome.String(), err.Error()
	var answer *affise.Error
	if errors.As(err, &answer) {
		a.HTTP, a.Detail = answer.HTTP, answer.Message
	}
	switch outcome {
	case affise.Throttled:
		e.limiter.throttled(left, answer.RetryAfter)
		return silent
	case affise.Unauthorised:
		return refused
	case affise.Rejected:
		e.limiter.passed()
		e.answers.Add(1)
		return accepted
	}
	if a.HTTP != 0 { // whatever it says, it is no throttle
		e.limiter.passed()
	}
	return silent
}

// outcomeOf takes an error that is not the client's for one that tells nothing.
func outcomeOf(err error) affise.Outcome {
	var answer *affise.Error
	if errors.As(err, &answer) {
		return answer.Outcome
	}
	return affise.Unknown
}

// backOff grows with each failure.
func backOff(n int) time.Duration { return min(firstBackOff<<min(n-1, 10), maxBackOff) }

// read makes a request that only reads until it is answered. A throttle does not
// count as a failure, and a refused key stops the run, unless others pass. So does
// an API that answers nobody all the while: rows that were sent to it would be
// left unclear one after the other. keep is called with each attempt.
func (e *engine) read(call string, keep func(journal.Attempt) error, do func(context.Context) (outcome string, err error)) error {
	answers := e.answers.Load()
	for failures, refused := 0, 0; ; {
		var outcome string
		a, err := e.request(call, nil, func(ctx context.Context) (err error) {
			outcome, err = do(ctx)
			return err
		})
		if a.SentAt.IsZero() {
			return err
		}
		if err == nil {
			a.Outcome = outcome
		}
		if kept := keep(a); kept != nil || err == nil {
			return kept
		}
		switch outcomeOf(err) {
		case affise.Throttled:
			continue
		case affise.Unauthorised:
			if refused++; refused > refusals {
				return err
			}
			continue
		case affise.Rejected:
			return err
		}
		if failures++; failures == lookTries {
			if e.answers.Load() == answers && call != listCall {
				e.stop(fmt.Errorf("%w: %w", ErrUnreachable, err))
				return errStopped
			}
			return err
		}
		if err := sleep(backOff(failures), e.going.Done()); err != nil {
			return err
		}
	}
}
