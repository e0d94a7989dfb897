package mapping

// The codes of messages: short words that stay as they are, since scripts and
// the docs name them.
const (
	codeMissing       = "missing"
	codeNotAllowed    = "not_allowed"
	codeBadNumber     = "bad_number"
	codeBadAmount     = "bad_amount"
	codeAmbiguous     = "ambiguous_number"
	codeOutOfRange    = "out_of_range"
	codeTooLong       = "too_long"
	codeTooMany       = "too_many"
	codeBadID         = "bad_id"
	codeBadFlag       = "bad_flag"
	codeBadDate       = "bad_date"
	codeAmbiguousDate = "ambiguous_date"
	codeTimeDropped   = "time_dropped"
	codePastDate      = "past_date"
	codeDateOrder     = "date_order"
	codeBadSpan       = "bad_span"
	codeMonths        = "months_not_minutes"
	codeBadZone       = "bad_timezone"
	codeBadCountry    = "bad_country"
	codeGroup         = "country_group"
	codeUnrestricted  = "no_restriction"
	codeBadCurrency   = "bad_currency"
	codeCurrencySign  = "currency_mismatch"
	codePercent       = "percent_mismatch"
	codeBadURL        = "bad_url"
	codeUnknownMacro  = "unknown_macro"
	codeNoClickID     = "no_clickid"
	codeBadIP         = "bad_ip"
	codeBadJSON       = "bad_json"
	codeBadFile       = "bad_file"
	codeBadCharacter  = "bad_character"
	codeBadList       = "bad_list"
	codeDoubtfulName  = "doubtful_name"
	codeCellError     = "cell_error"
	codeNoValue       = "no_value"
	codeMadeDate      = "made_date"
	codeLostDigits    = "lost_digits"
	codeRepaired      = "repaired"
	codeDuplicateKey  = "duplicate_key"
	codeNoKey         = "no_key"
	codeOrphan        = "orphan"
	codeNoPayout      = "no_payout"
	codeExact         = "exact_list"
	codeNeeds         = "needs_other"
	codeNotWhole      = "not_whole"
	codeAboveRevenue  = "payout_above_revenue"
	codeAboveHundred  = "above_100_percent"
	codeTiersOff      = "tiers_off"
	codeTooManyValues = "too_many_values"
	codeEmptyRow      = "empty_row"
	codeExample       = "example_row"
	codeUnknownColumn = "unknown_column"
	codeTwice         = "duplicate_column"
	codeNoName        = "nameless_column"
	codeUnknownSheet  = "unknown_sheet"
	codeSheetLeftOut  = "sheet_left_out"
	codeSheetTaken    = "sheet_taken"
	codeNoOffers      = "no_offers_sheet"
	codeNoMatch       = "no_known_column"
	codeNoParent      = "no_offer_column"
	codeNoRows        = "no_rows"
)

// CodeDoc explains a code: what it means, an example message, and how to mend it.
type CodeDoc struct{ Code, Meaning, Example, Mend string }

// Codes lists every code that this package's messages carry, each once, for
// the docs and their tests. The reader of files has codes of its own.
func Codes() []CodeDoc {
	return []CodeDoc{
		{codeMissing, "a cell or a column that an offer needs is blank", "title is blank: an offer needs it", "fill the cell"},
		{codeNotAllowed, "the value is not one of those that the API takes", "`actve` is not a status: stopped, active or suspended. Did you mean active?", "write one of the values that the message lists"},
		{codeBadNumber, "a whole number was expected", "`ten` is not a whole number", "write digits only"},
		{codeBadAmount, "an amount was expected", "`1e3` is not an amount: write it as 1234.50", "write digits, with a decimal sign where there are decimals"},
		{codeAmbiguous, "the number has two readings", "`1,234` can be 1.234 or 1234", "write 1.234 or 1234, or start with --decimal"},
		{codeOutOfRange, "the number is below or above what the API takes", "61 is above 60, the most that hold_period takes", "write a number within the bounds"},
		{codeTooLong, "the text has more characters than the API takes", "the text has 300 characters, at most 255 are allowed", "shorten it"},
		{codeTooMany, "the list has more values than the API takes", "managers has 11 values, at most 10 are allowed", "take some out"},
		{codeBadID, "the value does not look like an id of the account", "`Acme` is not an id of 24 characters 0-9 and a-f", "look the id up in the account and write it"},
		{codeBadFlag, "the value is neither yes nor no", "`maybe` is neither yes nor no", "write yes or no"},
		{codeBadDate, "the value is not a date, or there is no such day", "`31.02.2030` is not a day of the calendar", "write the date as 2030-12-31"},
		{codeAmbiguousDate, "the date has two readings", "`03/04/2030` can be 2030-04-03 or 2030-03-04", "write it as 2030-04-03, or start with --date-format"},
		{codeTimeDropped, "the column takes a day, and the cell holds a time too", "18:00:00 was left out: stop_date takes a day", "nothing, if the day alone is right"},
		{codePastDate, "the date is over", "2020-01-01 is past: start_at must be today or later", "write a date to come, or clear the cell"},
		{codeDateOrder, "the end comes before the start", "stop_date 2030-01-01 is before start_at 2030-06-01", "mend one of the two"},
		{codeBadSpan, "the value is not a length of time", "`30` has no unit", "write 30d for days, 12h for hours, 5i for minutes"},
		{codeMonths, "m means months, and there are many of them", "30m is 30 months: minutes are 30i", "write i where minutes are meant"},
		{codeBadZone, "there is no such time zone", "`Berlin` is not a time zone", "write a name such as Europe/Berlin"},
		{codeBadCountry, "there is no such country or group", "`Untied States` is not a country. Did you mean United States (US)?", "write the two letters of the country"},
		{codeGroup, "a group of countries was spelt out", "DACH is AT, CH, DE", "nothing"},
		{codeUnrestricted, "every country is meant, so nothing is restricted", "WW is every country: nothing is sent for countries", "nothing"},
		{codeBadCurrency, "there is no such currency", "`US Dollar` is not a currency", "write its three letters, such as USD"},
		{codeCurrencySign, "the amount names another currency than the currency column", "`€5` does not agree with currency USD", "mend one of the two, and write the amount without a sign"},
		{codePercent, "an amount is a percentage where none belongs", "15% is a percentage, but type is fixed", "write an amount, or another type"},
		{codeBadURL, "the value is not a web address", "`www.example.com` has no https:// before it", "write the whole address, without blanks"},
		{codeUnknownMacro, "the API does not replace this macro in this place", "{click} is not a macro here. Did you mean {clickid}?", "write a macro that the API knows"},
		{codeNoClickID, "a tracking URL does not pass the click id on", "the URL has no {clickid}", "add a parameter with {clickid}"},
		{codeBadIP, "the value is not an address, a range or a mask", "`192.0.2.300` is not an IP address", "write 192.0.2.1, 192.0.2.1-192.0.2.9 or 192.0.2.0/24"},
		{codeBadJSON, "the text is not JSON", "the text is not JSON", "write it such as {\"aaa\":0}"},
		{codeBadFile, "the file is missing, outside the folder, or of a type that is not taken", "`logo.pdf` is not there", "put the file beside the sheet, or start with --files"},
		{codeBadCharacter, "a character is not taken here", "`a b` holds a blank", "leave the character out"},
		{codeBadList, "the cell is not in the form that the column asks for", "`US` has no value after it: write US:33", "write it as the column's example shows"},
		{codeDoubtfulName, "a name looks as if it held a version", "`Android 6.0` was taken as a name", "write Android = 6.0 where a version is meant"},
		{codeCellError, "a formula of the sheet ended in an error", "the cell holds the spreadsheet error #N/A", "mend the formula, or type the value"},
		{codeNoValue, "a formula has no stored value", "the formula has no stored value", "open the file in Excel, save it, and import it again"},
		{codeMadeDate, "the spreadsheet made a date of what was typed", "the cell holds the date 2026-02-01", "format the cell as text, then type the value again"},
		{codeLostDigits, "the spreadsheet lost digits of a long number", "`1.23457E+17` has lost digits", "format the column as text, then paste the ids again"},
		{codeRepaired, "something with one reading only was put right", "blanks around the value were removed", "nothing"},
		{codeDuplicateKey, "two offers have one key, and neither is sent", "`summer-01` is the key of the offer in A7 too", "give each offer a key of its own, or take one out"},
		{codeNoKey, "the row has nothing by which its offer can be known", "the row has no external_offer_id", "fill external_offer_id"},
		{codeOrphan, "a row names an offer that is not there", "no offer has the key `summer-1`. Did you mean `summer-01`?", "write the key as it stands on the Offers sheet"},
		{codeNoPayout, "an offer needs a general payout", "the offer has no general payout", "add a payout without affiliates"},
		{codeExact, "exact and its list do not fit together", "goal_type is exact, so goals must name them", "fill the list, or write all or each"},
		{codeNeeds, "a value needs another column", "cross_postback_method is post, so cross_postback_body must be filled", "fill the other column"},
		{codeNotWhole, "only a budget may have decimals", "`10.5` is not whole: only a budget may have decimals", "write a whole number"},
		{codeAboveRevenue, "the affiliate would get more than the advertiser pays", "the affiliate would get 3.00 and the advertiser pay 2.00", "look whether the two amounts are swapped"},
		{codeAboveHundred, "a percentage above 100", "150 percent is above 100", "look whether the amount is right"},
		{codeTiersOff, "commission tiers are there, but not switched on", "enabled_commission_tiers is not yes", "write yes into enabled_commission_tiers"},
		{codeTooManyValues, "the offer has more values than one request can carry", "the offer has 1200 values, at most 950 can be sent", "split the offer, or shorten its lists"},
		{codeEmptyRow, "a row names an offer and nothing else", "the row names an offer and nothing else", "fill it, or take it out"},
		{codeExample, "the template's example row was left out", "the template's example row was left out", "nothing"},
		{codeUnknownColumn, "no column of this name is known, so it is not read", "column `Tittle` is not known. Did you mean title?", "rename the column, or leave it"},
		{codeTwice, "two columns mean the same", "B1 and F1 are both title", "take one of them out"},
		{codeNoName, "a column has values but no name, so it is not read", "column G has values but no name", "write a name above it"},
		{codeUnknownSheet, "no sheet of this name is known, so it is not read", "sheet `Payuots` is not known. Did you mean Payouts?", "rename the sheet, or leave it"},
		{codeSheetLeftOut, "the sheet holds no offers and was left out", "sheet `How to use` was left out", "nothing"},
		{codeSheetTaken, "a sheet was taken as the Offers sheet", "sheet `Sheet1` was taken as the Offers sheet", "nothing"},
		{codeNoOffers, "no sheet holds offers", "there is no Offers sheet", "name the sheet with the offers Offers"},
		{codeNoMatch, "no column of the sheet is known", "no column of this sheet is known", "write the columns' names as the template has them"},
		{codeNoParent, "a child sheet does not say to which offers its rows belong", "the sheet has no column offer", "add a column offer with the offers' external_offer_id"},
		{codeNoRows, "there are column names but no offers", "the sheet has no offers", "fill in a row below the column names"},
	}
}
