package importer

import (
	"offerlift/internal/journal"
	"offerlift/internal/sheet"
)

// rekeyed fails a row of a results file whose key was changed: what it would
// create is in the account under the key that it had.
func (e *engine) rekeyed(o *offer) (bool, error) {
	if o.Was == 0 || !e.history {
		return false, nil
	}
	e.keysOnce.Do(func() { e.keys, e.keysFault = e.keysByID() })
	key, known := e.keys[o.Was]
	if e.keysFault != nil || !known || key == o.Key {
		return false, e.keysFault
	}
	o.note(sheet.LevelError, "rekeyed", "this row was offer %d with the external_offer_id %q: write that again, or clear the cell below offer id if it is to be a new offer", o.Was, key)
	return true, e.end(o, journal.Failed)
}

// keysByID are the keys of the offers that imports made or found in the account.
// They are read when the first row needs them: most inputs have none that does.
func (e *engine) keysByID() (map[int64]string, error) {
	keys := map[int64]string{}
	for known, err := range e.cfg.Journal.Keys(e.ctx, e.run.Account) {
		if err != nil {
			if e.ctx.Err() != nil {
				return nil, errStopped
			}
			return nil, journalError(err)
		}
		keys[known.OfferID] = known.Key
	}
	return keys, nil
}
