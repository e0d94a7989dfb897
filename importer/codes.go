package importer

import "offerlift/internal/sheet"

// Codes lists every code that an import or an undo can give a row, for the docs
// and their test.
func Codes() []sheet.CodeDoc {
	return []sheet.CodeDoc{
		{Code: "rejected", Meaning: "Affise refused the offer and stored nothing", Example: "Affise refused advertiser: \"Advertiser 573c not found.\"", Mend: "mend the cell that the message names and import again"},
		{Code: "not_sendable", Meaning: "the offer could not be made into a request", Example: "the file logo.png is gone", Mend: "mend what the message names"},
		{Code: "gave_up", Meaning: "Affise gave no clear answer several times, and the offer is not there", Example: "Affise gave no clear answer 5 times", Mend: "import again later"},
		{Code: "unknown_outcome", Meaning: "the offer may or may not be stored", Example: "Affise gave no clear answer, and the looks for it failed as well", Mend: "look in Affise for the key, or resume the run later"},
		{Code: "in_flight", Meaning: "the run was cut off while the offer was being sent", Example: "it was being sent when the run was cut off", Mend: "resume the run: it looks first"},
		{Code: "not_read", Meaning: "the run was cut off before it had read the whole input", Example: "the run was cut off here and left 1234 of 5000 rows unread", Mend: "resume the run: it reads them"},
		{Code: "adopted", Meaning: "the answer was lost, and a look shows that the offer is stored", Example: "it is offer 936", Mend: "nothing"},
		{Code: "duplicate_in_account", Meaning: "the account has more than one offer with this key", Example: "besides offer 936 also 940", Mend: "look in Affise which one is to stay"},
		{Code: "exists", Meaning: "the account has the offer already, so it was left alone", Example: "the account has it already, as offer 936", Mend: "nothing; --mode upsert would change it"},
		{Code: "created_before", Meaning: "an earlier run made the offer", Example: "run 20301123-0900-abcd created it as offer 936", Mend: "nothing"},
		{Code: "changed_since", Meaning: "an earlier run made the offer, and the row has changed since", Example: "run 20301123-0900-abcd created it with other values", Mend: "import with --mode upsert if the new values are to be sent"},
		{Code: "undone_since", Meaning: "an earlier run made the offer, and an undo took it back", Example: "run 20301123-1100-efgh took offer 936 back since", Mend: "nothing, or start the offer again in Affise"},
		{Code: "rekeyed", Meaning: "the row is of a results file, and its external_offer_id was changed since it was imported, by hand or by sorting that column alone; its offer is in the account under the old one", Example: "this row was offer 936 with the external_offer_id \"summer-01\"", Mend: "write the old external_offer_id again, or take the sorting back; clear the cell below offer id if it is to be a new offer"},
		{Code: "no_such_offer", Meaning: "an update names an offer that the account has not", Example: "the account has no offer with this external_offer_id", Mend: "write create into action, or import with --mode upsert"},
		{Code: "stored_differently", Meaning: "Affise stored something else than was sent, or dropped it", Example: "Affise stored \"1\" instead of \"1.5\"", Mend: "look at the offer in Affise"},
		{Code: "not_compared", Meaning: "what Affise stored could not be compared with what was sent", Example: "it could not be fetched to compare it", Mend: "look at the offer in Affise"},
		{Code: "row_gone", Meaning: "the row is no longer in the sheet, or has another key by now; the text says whether its offer is in the account", Example: "its row is no longer in the sheet", Mend: "nothing, or take the offer back in the account where it is not wanted"},
		{Code: "not_looked_at", Meaning: "an undo left the offer alone, since it could not be looked at", Example: "it was left alone", Mend: "resume the undo later"},
		{Code: "undone", Meaning: "the offer was taken back", Example: "offer 936 is taken back: stop", Mend: "nothing"},
		{Code: "gone", Meaning: "an undo found that the account no longer has the offer", Example: "the account no longer has offer 936", Mend: "nothing"},
		{Code: "stopped_already", Meaning: "an undo found that the offer is stopped already", Example: "offer 936 is stopped already", Mend: "nothing"},
		{Code: "edited", Meaning: "an undo left the offer alone, since somebody edited it after the run", Example: "somebody edited offer 936 since (title): left alone", Mend: "look at the offer in Affise, and stop or delete it there"},
		{Code: "not_comparable", Meaning: "an undo left the offer alone, since it cannot be seen whether somebody edited it", Example: "it cannot be seen whether somebody edited offer 936 since", Mend: "look at the offer in Affise, and stop or delete it there"},
	}
}
