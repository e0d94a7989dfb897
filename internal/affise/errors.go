package affise

import (
	"fmt"
	"time"
)

// Outcome says what a caller may do after a call that did not end well.
type Outcome int

// The outcomes of a call that failed.
const (
	Rejected     Outcome = iota + 1 // the API refused it and stored nothing: mend the row
	Throttled                       // not processed: wait, then send again
	Unauthorised                    // the key is refused: stop everything
	NotApplied                      // certainly not stored: safe to send again
	Unknown                         // may have been stored: look before anything is sent again
)

func (o Outcome) String() string {
	switch o {
	case Rejected:
		return "rejected"
	case Throttled:
		return "throttled"
	case Unauthorised:
		return "unauthorised"
	case NotApplied:
		return "not applied"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("outcome %d", int(o))
}

// Error is a call that failed. Its text is for the user and holds neither key
// nor body.
type Error struct {
	Outcome    Outcome
	Call       string        // "create offer", "list offers", …
	HTTP       int           // the answer's code; 0 where there was none
	Message    string        // what the API said, shortened; or what went wrong on the way
	Said       string        // the API's own words of it; blank where it had none
	Done       bool          // the API says that it is carried out, but not credibly on what
	RetryAfter time.Duration // how long the API asks to wait; 0 where it did not say
	Err        error         // the cause; nil where the API itself refused
}

func (e *Error) Error() string {
	if e.HTTP == 0 {
		return e.Call + ": " + e.Message
	}
	return fmt.Sprintf("%s: %s (HTTP %d)", e.Call, e.Message, e.HTTP)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
