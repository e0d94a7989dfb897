package importer

import (
	"fmt"
	"slices"

	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// rekeyed fails a row of a results file whose key was changed: what it would
// create is in the account under the key that it had, and what it would change is
// the offer of another row.
func (e *engine) rekeyed(o *offer, h holding) (bool, error) {
	if o.Was == h.id || slices.Contains(h.twins, o.Was) {
		return false, nil
	}
	key, known, err := e.former(o)
	if err != nil || !known || key == o.Key {
		return false, err
	}
	text := fmt.Sprintf("this row was offer %d with the external_offer_id %q: write that again, or clear the cell below offer id if it is to be a new offer", o.Was, key)
	if h.id != 0 {
		text = fmt.Sprintf("this row was offer %d with the external_offer_id %q, and %q is offer %d, so nothing is sent: write %q again; where that column alone was sorted, take the sorting back",
			o.Was, key, o.Key, h.id, key)
	}
	o.note(sheet.LevelError, "rekeyed", "%s", text)
	if o.KeyCell != "" {
		last := &o.Messages[len(o.Messages)-1]
		last.Cell, last.Column = o.KeyCell, "external_offer_id"
	}
	return true, e.end(o, journal.Failed)
}

// former is the key under which imports know the offer that a row of a results
// file became, if it is one of this account.
func (e *engine) former(o *offer) (key string, known bool, err error) {
	if o.Was == 0 || !e.history {
		return "", false, nil
	}
	e.keysOnce.Do(func() { e.keys, e.keysFault = e.keysByID() })
	key, known = e.keys[o.Was]
	if e.keysFault != nil || !known || key == o.Key {
		return key, known, e.keysFault
	}
	elsewhere, err := e.cfg.Journal.Elsewhere(e.recording, e.run.Account, o.Was, o.Key)
	return key, !elsewhere, journalError(err)
}

// remember leaves a row of a results file the offer that it was. Else its next
// results would have it without, and it would be a new row in the import after.
func (e *engine) remember(o *offer) error {
	if o.row.OfferID != 0 {
		return nil
	}
	_, known, err := e.former(o)
	if known && err == nil {
		o.row.OfferID = o.Was
	}
	return err
}

// keysByID are the keys of the offers that imports made or found in the account.
// They are read when the first row needs them: most inputs have none that does.
func (e *engine) keysByID() (map[int64]string, error) {
	keys := map[int64]string{}
	for known, err := range e.cfg.Journal.Keys(e.recording, e.run.Account) {
		if err != nil {
			return nil, journalError(err)
		}
		keys[known.OfferID] = known.Key
	}
	return keys, nil
}
