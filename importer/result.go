package importer

import (
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// Action says what is to be done with an offer.
type Action string

// The actions.
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionSkip   Action = "skip"
	ActionStop   Action = "stop"   // by an undo
	ActionDelete Action = "delete" // by an undo
)

// Mode says what a run does with an offer that the account has, or has not.
type Mode string

// The modes. An item's own action overrides them.
const (
	ModeCreate Mode = "create" // an offer that exists is skipped
	ModeUpdate Mode = "update" // an offer that does not exist fails
	ModeUpsert Mode = "upsert" // whichever fits
)

// Status is what became of an offer.
type Status string

// The statuses. Pending is an offer that the run did not come to; unknown one
// that may or may not have been stored.
const (
	StatusCreated   Status = "created"
	StatusUpdated   Status = "updated"
	StatusUnchanged Status = "unchanged"
	StatusSkipped   Status = "skipped"
	StatusFailed    Status = "failed"
	StatusUnknown   Status = "unknown"
	StatusPending   Status = "pending"
)

// Ref names a row of the input.
type Ref struct {
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`

	// Prefix begins the names of the columns that the row has for a child, where
	// the children stand in their offer's row: payout_2_.
	Prefix string `json:"prefix,omitempty"`
}

// Rows names, in its order, the rows that an array of a body was made of.
type Rows struct {
	Key string `json:"key"` // payments, partner_payments, caps, …
	At  []Ref  `json:"at"`
}

// Item is one offer to send. An item with a message of level error is not
// sent: it fails as it stands.
type Item struct {
	Key      string          `json:"key"` // external_offer_id: what the offer is known by, for good
	Title    string          `json:"title"`
	At       Ref             `json:"at"`                 // its row
	Children []Ref           `json:"children,omitempty"` // its rows in child sheets
	Arrays   []Rows          `json:"arrays,omitempty"`   // where the rows of the body's arrays stand
	Action   Action          `json:"action,omitempty"`   // blank: what the mode says
	Was      int64           `json:"was,omitempty"`      // the offer that the row became in an earlier run, if it says so
	KeyCell  string          `json:"key_cell,omitempty"` // where its key stands, if Was says something
	Body     affise.Value    `json:"body"`
	Messages []sheet.Message `json:"messages,omitempty"`
}

// Result is what became of one offer of the input: one line of results.jsonl.
type Result struct {
	Key        string          `json:"key"`
	File       string          `json:"file,omitempty"`
	Sheet      string          `json:"sheet"`
	Row        int             `json:"row"`
	Title      string          `json:"title"`
	Action     Action          `json:"action"`
	Status     Status          `json:"status"`
	OfferID    int64           `json:"offer_id,omitempty"` // of a row of earlier results that failed, was skipped or not come to: the offer that it was
	Attempts   int             `json:"attempts"`
	Messages   []sheet.Message `json:"messages"`
	StartedAt  *time.Time      `json:"started_at,omitempty"`
	FinishedAt *time.Time      `json:"finished_at,omitempty"`
	Children   []Ref           `json:"-"` // its rows in child sheets; the journal tells them of failed offers alone
}

// Summary tells of a run as a whole: summary.json.
type Summary struct {
	Run        string          `json:"run"`
	Input      []string        `json:"input"`
	Account    string          `json:"account"`
	Mode       Mode            `json:"mode"`
	Profile    string          `json:"profile"`
	StartedAt  time.Time       `json:"started_at"`
	FinishedAt *time.Time      `json:"finished_at"` // nil while it runs, or where it was killed
	ExitCode   int             `json:"exit_code"`
	Stopped    string          `json:"stopped,omitempty"` // why it stopped before the end
	Counts     map[Status]int  `json:"counts"`
	Requests   Requests        `json:"requests"`
	Rate       Rate            `json:"rate"`
	Problems   []Problem       `json:"problems"`
	Messages   []sheet.Message `json:"messages,omitempty"` // what belongs to no offer: orphan rows, unknown columns
}

// Requests counts what went over the wire.
type Requests struct {
	Sent      int `json:"sent"`
	Retried   int `json:"retried"`
	Throttled int `json:"throttled"`
	LookedUp  int `json:"looked_up"`
}

// Rate is in requests per second; a limit of 0 is none.
type Rate struct {
	Limit    float64 `json:"limit"`
	Achieved float64 `json:"achieved"`
}

// Problem counts the messages of one cause: see [sheet.Causes].
type Problem struct {
	Code    string      `json:"code"`
	Level   sheet.Level `json:"level"`
	N       int         `json:"n"`
	Example string      `json:"example"` // where they are, and what the first says
}

// mostPlaces is how many stretches of cells a summary names of a problem.
const mostPlaces = 6

// Undoes tells the mode of an undo, which is how it takes offers back.
func (m Mode) Undoes() bool { return m == Mode(ActionStop) || m == Mode(ActionDelete) }

// Meaning says in a few words what a status means, to the person whose offers
// they are. An undo's updated offers are those that it took back.
func (s Status) Meaning(mode Mode) string {
	switch s {
	case StatusCreated:
		return "new in the account"
	case StatusUpdated:
		if mode.Undoes() {
			return "taken back"
		}
		return "changed in the account"
	case StatusUnchanged:
		return "in the account as the sheet says"
	case StatusSkipped:
		return "left alone: its message says why"
	case StatusFailed:
		return "not done: its message says why and how to mend it"
	case StatusUnknown:
		return "may or may not be in the account: look before sending again"
	}
	return "not sent yet"
}
