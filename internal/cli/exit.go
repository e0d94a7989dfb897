package cli

import (
	"fmt"

	"offerlift/internal/sheet"
)

// The exit codes, as scripts know them.
const (
	exitFine    = 0 // every row is fine
	exitRows    = 1 // finished, some rows failed
	exitNothing = 2 // nothing was sent: usage, unreadable or invalid input, bad configuration
	exitStopped = 3 // stopped before the end: resume goes on
)

// failure is how a command ends that is not fine: the code, and what to say.
// Without a text there is nothing left to say.
type failure struct {
	code       int
	text, hint string
}

func (f *failure) Error() string { return f.text }

// refuse is a failure before anything was sent.
func refuse(hint, format string, args ...any) error {
	return &failure{code: exitNothing, text: fmt.Sprintf(format, args...), hint: hint}
}

// ended is a failure whose text was printed already.
func ended(code int) error {
	if code == exitFine {
		return nil
	}
	return &failure{code: code}
}

func hasError(messages []sheet.Message) bool {
	for _, m := range messages {
		if m.Level == sheet.LevelError {
			return true
		}
	}
	return false
}
