package sandbox

import "encoding/json"

// shape says how a parameter nests below its key.
type shape int

const (
	constant    shape = iota // never accepted, only answered
	scalar                   // key=v
	list                     // key[]=v
	rows                     // key[i][field]=v
	group                    // key[field]=v
	perLanguage              // key[en]=v
	perCountry               // key[US][]=v
	perSub                   // key[1..8][]=v; any other nesting is a "400 Bad Request"
	subGroups                // key[g][1..8]=v
	intervals                // key[0..6][k][From|To]=v
	goalMap                  // key[]=v, answered as a map
	anything                 // a text or any nesting of texts
)

// A param is one parameter of the API: how it is written by the caller, checked, and read back.
type param struct {
	key      string // as sent; "" for what is only answered
	read     string // as answered where that differs; "-" for what is not answered
	shape    shape
	check    *check
	out      writer  // how one value is answered; nil = as a JSON string
	blank    string  // answered where nothing was sent; "" = left out
	fields   *fields // of rows and group
	required bool
	byID     bool // rows that an edit may change in place by their id
	textOK   bool // rows that may also be one text
	most     int  // most values of a list; 0 = any number
	derive   func(w *walk, in input) bool

	quoted, absent string // `"read":` and `"read":blank,`
}

// writer appends a checked value to the JSON of the answer.
type writer func(w *walk, value string)

// fields is the table of one level: the offer itself, a payment, a cap, …
type fields struct {
	list  []param
	byKey map[string]int
	rule  func(w *walk, in input) // checks that span several fields
	rigid bool                    // an unknown key is a "400 Bad Request" without a word
}

func newFields(rule func(*walk, input), list ...[]param) *fields {
	f := &fields{byKey: map[string]int{}, rule: rule}
	for _, part := range list {
		f.list = append(f.list, part...)
	}
	for i := range f.list {
		p := &f.list[i]
		if p.key != "" {
			f.byKey[p.key] = i
		}
		if p.read == "" {
			p.read = p.key
		}
		p.quoted = `"` + p.read + `":`
		if p.blank != "" && p.read != "-" {
			p.absent = p.quoted + p.blank + ","
		}
	}
	return f
}

// input is what one level of the request holds, field by field, beside what is stored already (on an edit).
type input struct {
	w      *walk
	fields *fields
	at     int // where this level's nodes begin in walk.sent
	stored map[string]json.RawMessage
}

// sent returns what the request says of key, nil where it says nothing.
func (in input) sent(key string) *Node { return in.w.sent[in.at+in.fields.byKey[key]] }

// text returns the text sent for key, "" where none was.
func (in input) text(key string) string {
	if n := in.sent(key); n != nil {
		return n.text
	}
	return ""
}

// filled reports whether key has a value: a text that is not blank, or a list with at least one such item.
// What is not sent counts as filled where the stored offer has it.
func (in input) filled(key string) bool {
	if n := in.sent(key); n != nil {
		return !isBlank(*n)
	}
	p := &in.fields.list[in.fields.byKey[key]]
	switch string(in.stored[p.read]) {
	case "", "null", `""`, "[]", "{}":
		return false
	}
	return true
}

// isBlank tells an empty text, an empty list, and a list of one empty text, by which the API empties a list.
func isBlank(n Node) bool {
	if n.arr == nil {
		return n.text == ""
	}
	for i := range n.arr.entries {
		if c := n.arr.entries[i].node; c.arr != nil || c.text != "" {
			return false
		}
	}
	return true
}
