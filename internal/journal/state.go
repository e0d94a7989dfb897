package journal

import "slices"

// State is where an offer of a run stands.
type State string

// The states. Pending is not sent, or known not to be stored; Sent is an intent
// whose request may have left; Unknown one whose answer told nothing.
const (
	Pending   State = "pending"
	Sent      State = "sent"
	Created   State = "created"
	Updated   State = "updated"
	Unchanged State = "unchanged"
	Skipped   State = "skipped"
	Failed    State = "failed"
	Unknown   State = "unknown"
)

// New is the state of an offer that has no row yet.
const New State = ""

// May tells whether a state may follow another. Nothing leads from Sent or
// Unknown to Sent: only a look or an answer that proves that nothing was stored
// leads back to Pending.
func (s State) May(next State) bool { return slices.Contains(s.followers(), next) }

func (s State) followers() []State {
	switch s {
	case New, Pending, Failed:
		return []State{Pending, Sent, Unchanged, Skipped, Failed, Unknown}
	case Sent, Unknown:
		return []State{Created, Updated, Failed, Unknown, Pending}
	}
	return nil // the others are final
}

// Settled tells whether it is known what became of the offer's last request.
func (s State) Settled() bool { return s != Sent && s != Unknown }
