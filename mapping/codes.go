package mapping

import "offerlift/internal/sheet"

// The codes of messages: short words that stay as they are, since scripts and
// the docs name them.
const (
	codeMissing         = "missing"
	codeMissingColumn   = "missing_column"
	codeNotAllowed      = "not_allowed"
	codeBadNumber       = "bad_number"
	codeBadAmount       = "bad_amount"
	codeAmbiguous       = "ambiguous_number"
	codeOutOfRange      = "out_of_range"
	codeTooLong         = "too_long"
	codeTooMany         = "too_many"
	codeBadID           = "bad_id"
	codeUnknownName     = "unknown_name"
	codeAmbiguousName   = "ambiguous_name"
	codeNamed           = "named"
	codeBadFlag         = "bad_flag"
	codeBadDate         = "bad_date"
	codeAmbiguousDate   = "ambiguous_date"
	codeTimeDropped     = "time_dropped"
	codePastDate        = "past_date"
	codeDateOrder       = "date_order"
	codeBadSpan         = "bad_span"
	codeMonths          = "months_not_minutes"
	codeBadZone         = "bad_timezone"
	codeBadCountry      = "bad_country"
	codeGroup           = "country_group"
	codeUnrestricted    = "no_restriction"
	codeBadCurrency     = "bad_currency"
	codeCurrencySign    = "currency_mismatch"
	codePercent         = "percent_mismatch"
	codeBadURL          = "bad_url"
	codeUnknownMacro    = "unknown_macro"
	codeNoClickID       = "no_clickid"
	codeBadIP           = "bad_ip"
	codeBadJSON         = "bad_json"
	codeBadFile         = "bad_file"
	codeBadCharacter    = "bad_character"
	codeBadList         = "bad_list"
	codeDoubtfulName    = "doubtful_name"
	codeCellError       = "cell_error"
	codeNoValue         = "no_value"
	codeMadeDate        = "made_date"
	codeLostDigits      = "lost_digits"
	codeRepaired        = "repaired"
	codeDuplicateKey    = "duplicate_key"
	codeNoKey           = "no_key"
	codeOrphan          = "orphan"
	codeAwaited         = "row_not_joined"
	codeNoKeyColumn     = "no_key_column"
	codeNoPayout        = "no_payout"
	codeNoPayouts       = "no_payouts_sheet"
	codeExact           = "exact_list"
	codeNeeds           = "needs_other"
	codeNotWhole        = "not_whole"
	codeAboveRevenue    = "payout_above_revenue"
	codeAboveHundred    = "above_100_percent"
	codeBelowOne        = "below_1_percent"
	codeNoAmount        = "no_amount"
	codeClickGoal       = "goal_of_clicks"
	codeAlike           = "same_conditions"
	codeNoGoal          = "unknown_goal"
	codeZeroCap         = "zero_cap"
	codeBothWays        = "allowed_and_denied"
	codeNothingLeftOut  = "nothing_excluded"
	codeDoubtfulCountry = "doubtful_country"
	codeNegated         = "left_out"
	codeDitto           = "ditto"
	codeDoubtfulURL     = "doubtful_url"
	codeShifted         = "shifted_row"
	codeSwapped         = "swapped"
	codeDoubtfulText    = "doubtful_text"
	codeDoubtfulZone    = "doubtful_timezone"
	codeBraces          = "macro_braces"
	codeSameOffer       = "same_offer"
	codeCapOrder        = "cap_order"
	codeThousand        = "doubtful_amount"
	codeTiersOff        = "tiers_off"
	codeTooManyValues   = "too_many_values"
	codeEmptyRow        = "empty_row"
	codeExample         = "example_row"
	codeNoOffer         = "no_offer_row"
	codeSecondTable     = "second_table"
	codeNotOffers       = "not_offers"
	codeNoHeader        = "no_column_names"
	codeUnknownColumn   = "unknown_column"
	codeTwice           = "duplicate_column"
	codeNoName          = "nameless_column"
	codeUnknownSheet    = "unknown_sheet"
	codeSheetNotRead    = "sheet_not_read"
	codeTwoSheets       = "two_sheets"
	codeSheetLeftOut    = "sheet_left_out"
	codeSheetTaken      = "sheet_taken"
	codeNoOffers        = "no_offers_sheet"
	codeNoMatch         = "no_known_column"
	codeNoParent        = "no_offer_column"
	codeNoRows          = "no_rows"
)

// Codes lists every code that this package's messages carry, each once, for
// the docs and their tests. The reader of files has codes of its own.
func Codes() []sheet.CodeDoc {
	return []sheet.CodeDoc{
		{Code: codeMissing, Meaning: "a cell that an offer needs is blank", Example: "title is blank: an offer needs it", Mend: "fill the cell"},
		{Code: codeMissingColumn, Meaning: "a column that every offer needs is not there", Example: "there is no column advertiser, and a new offer needs it", Mend: "add the column, or give the one that holds it this name"},
		{Code: codeNotAllowed, Meaning: "the value is not one of those that the API takes", Example: "`actve` is not a status: stopped, active or suspended. Did you mean active?", Mend: "write one of the values that the message lists"},
		{Code: codeBadNumber, Meaning: "a whole number was expected", Example: "`ten` is not a whole number", Mend: "write digits only"},
		{Code: codeBadAmount, Meaning: "an amount was expected", Example: "`1e3` is not an amount: write it as 1234.50", Mend: "write digits, with a decimal sign where there are decimals"},
		{Code: codeAmbiguous, Meaning: "the number has two readings", Example: "`1,234` can be 1.234 or 1234", Mend: "write 1.2340 or 1234, or start with --decimal"},
		{Code: codeOutOfRange, Meaning: "the number is below or above what the API takes", Example: "61 is above 60, the most that hold_period takes", Mend: "write a number within the bounds"},
		{Code: codeTooLong, Meaning: "the text has more characters than the API takes", Example: "the text has 300 characters, at most 255 are allowed", Mend: "shorten it"},
		{Code: codeTooMany, Meaning: "the list has more values than the API takes", Example: "managers has 11 values, at most 10 are allowed", Mend: "take some out"},
		{Code: codeBadID, Meaning: "the value does not look like an id of the account", Example: "`Acme` is not an id of 24 characters 0-9 and a-f", Mend: "look the id up in the account and write it"},
		{Code: codeUnknownName, Meaning: "a name stands in the place of an id, and its id is not known", Example: "the account has no advertiser of the name `Acme`", Mend: "write the name as the account has it, or the id; or run offerlift ids FILE, fill the file in, and start with --ids. check has no account to ask: import looks names up there by itself"},
		{Code: codeAmbiguousName, Meaning: "the account has the name more than once", Example: "the account has 2 advertisers of the name `Acme`, with the ids 573c69a33b7d9b0e638b4576 or 573c69a33b7d9b0e638b4577", Mend: "write the id of the one that is meant, or give it with --ids"},
		{Code: codeNamed, Meaning: "a name was looked up", Example: "`Acme` is the advertiser 573c69a33b7d9b0e638b4576", Mend: "nothing"},
		{Code: codeBadFlag, Meaning: "the value is neither yes nor no", Example: "`maybe` is neither yes nor no", Mend: "write yes or no"},
		{Code: codeBadDate, Meaning: "the value is not a date, or there is no such day", Example: "`31.02.2030` is not a day of the calendar", Mend: "write the date as 2030-12-31"},
		{Code: codeAmbiguousDate, Meaning: "the date has two readings", Example: "`03/04/2030` can be 2030-04-03 or 2030-03-04", Mend: "write it as 2030-04-03, or start with --date-format"},
		{Code: codeTimeDropped, Meaning: "the column takes a day, and the cell holds a time too", Example: "18:00:00 was left out: stop_date takes a day", Mend: "nothing, if the day alone is right"},
		{Code: codePastDate, Meaning: "the date is over", Example: "2020-01-01 is past: start_at must be today or later", Mend: "write a date to come, or clear the cell"},
		{Code: codeDateOrder, Meaning: "the end comes before the start", Example: "stop_date 2030-01-01 is before start_at 2030-06-01", Mend: "mend one of the two"},
		{Code: codeBadSpan, Meaning: "the value is not a length of time", Example: "`30` has no unit", Mend: "write 30d for days, 12h for hours, 5i for minutes"},
		{Code: codeMonths, Meaning: "m means months, and there are many of them", Example: "30m is 30 months: minutes are 30i", Mend: "write i where minutes are meant"},
		{Code: codeBadZone, Meaning: "there is no such time zone", Example: "`Berlin` is not a time zone. Did you mean Europe/Berlin?", Mend: "write a name such as Europe/Berlin"},
		{Code: codeBadCountry, Meaning: "there is no such country or group", Example: "`Untied States` is not a country. Did you mean United States (US)?", Mend: "write the two letters of the country"},
		{Code: codeGroup, Meaning: "a group of countries was spelt out", Example: "DACH is AT, CH, DE", Mend: "nothing"},
		{Code: codeUnrestricted, Meaning: "every country is meant, so nothing is restricted", Example: "WW is every country: nothing is sent for countries", Mend: "nothing"},
		{Code: codeBadCurrency, Meaning: "there is no such currency", Example: "`US Dollar` is not a currency", Mend: "write its three letters, such as USD"},
		{Code: codeCurrencySign, Meaning: "the amount names another currency than the currency column", Example: "`€5` does not agree with currency USD", Mend: "mend one of the two, and write the amount without a sign"},
		{Code: codePercent, Meaning: "an amount is a percentage where none belongs", Example: "15% is a percentage, but type is fixed", Mend: "write an amount, or another type"},
		{Code: codeBadURL, Meaning: "the value is not a web address", Example: "`www.example.com` has no https:// before it", Mend: "write the whole address, without blanks"},
		{Code: codeUnknownMacro, Meaning: "the API does not replace this macro in this place", Example: "{click} is not a macro that is replaced in url. Did you mean {clickid}?", Mend: "write a macro that the API knows"},
		{Code: codeNoClickID, Meaning: "a tracking URL does not pass the click id on", Example: "the URL has no {clickid}", Mend: "add a parameter with {clickid}"},
		{Code: codeBadIP, Meaning: "the value is not an address, a range or a mask", Example: "`192.0.2.300` is not an IP address", Mend: "write 192.0.2.1, 192.0.2.1-192.0.2.9 or 192.0.2.0/24"},
		{Code: codeBadJSON, Meaning: "the text is not JSON", Example: "the text is not JSON", Mend: "write it such as {\"aaa\":0}"},
		{Code: codeBadFile, Meaning: "the file is missing, outside the folder, or of a type that is not taken", Example: "`logo.pdf` is not there", Mend: "put the file beside the sheet, or start with --files"},
		{Code: codeBadCharacter, Meaning: "a character is not taken here", Example: "`a b` holds a blank", Mend: "leave the character out"},
		{Code: codeBadList, Meaning: "the cell is not in the form that the column asks for", Example: "`US` has no value after it: write US:33", Mend: "write it as the column's example shows"},
		{Code: codeDoubtfulName, Meaning: "a name looks as if it held a version", Example: "`Android 6.0` was taken as a name", Mend: "write Android = 6.0 where a version is meant"},
		{Code: codeCellError, Meaning: "a formula of the sheet ended in an error", Example: "the cell holds the spreadsheet error #N/A", Mend: "mend the formula, or type the value"},
		{Code: codeNoValue, Meaning: "a formula has no stored value", Example: "the formula has no stored value", Mend: "open the file in Excel, save it, and import it again"},
		{Code: codeMadeDate, Meaning: "the spreadsheet made a date of what was typed", Example: "the cell holds the date 2026-02-01", Mend: "format the cell as text, then type the value again"},
		{Code: codeLostDigits, Meaning: "the spreadsheet lost digits of a long number", Example: "`1.23457E+17` has lost digits", Mend: "format the column as text, then paste the ids again"},
		{Code: codeRepaired, Meaning: "something with one reading only was put right", Example: "blanks around the value were removed", Mend: "nothing"},
		{Code: codeDuplicateKey, Meaning: "two offers have one key, and neither is sent", Example: "`summer-01` is the key of the offer in A7 too", Mend: "give each offer a key of its own, or take one out"},
		{Code: codeNoKey, Meaning: "the row has nothing by which its offer can be known", Example: "the row has no external_offer_id", Mend: "fill external_offer_id"},
		{Code: codeOrphan, Meaning: "a row names an offer that is not there", Example: "no offer has the key `summer-1`; `summer-01` is probably meant, and it is not sent without this row", Mend: "write the key as it stands on the Offers sheet"},
		{Code: codeAwaited, Meaning: "a row of another sheet probably means this offer and spells its key otherwise, so the offer would go live without it", Example: "Caps!A2 names `oc-1`, which is no offer and probably means this one", Mend: "mend the key in that row, or take the row out"},
		{Code: codeNoKeyColumn, Meaning: "rows name offers by their key, and the Offers sheet has no column for it", Example: "there is no column external_offer_id, and 53 rows of Payouts and Caps name offers by it", Mend: "put the column external_offer_id back"},
		{Code: codeNoPayout, Meaning: "an offer needs a general payout", Example: "the offer has no general payout", Mend: "add a payout whose affiliates cell is blank"},
		{Code: codeNoPayouts, Meaning: "nothing holds payouts, so no offer has one", Example: "no offer has a payout: there is neither a sheet Payouts, or a file payouts.csv, nor a column such as payout_revenue", Mend: "add the sheet; where it has another name, rename it"},
		{Code: codeExact, Meaning: "exact and its list do not fit together", Example: "goal_type is exact, so goals must name them", Mend: "fill the list, or write all or each"},
		{Code: codeNeeds, Meaning: "a value needs another column", Example: "cross_postback_method is post, so cross_postback_body must be filled", Mend: "fill the other column"},
		{Code: codeNotWhole, Meaning: "only a budget may have decimals", Example: "`10.5` is not whole: only a budget may have decimals", Mend: "write a whole number"},
		{Code: codeAboveRevenue, Meaning: "the affiliate would get more than the advertiser pays", Example: "the affiliate would get 3.00 and the advertiser pay 2.00", Mend: "look whether the two amounts are swapped"},
		{Code: codeAboveHundred, Meaning: "a percentage above 100", Example: "150 percent is above 100", Mend: "look whether the amount is right"},
		{Code: codeBelowOne, Meaning: "a payout in percent is less than one percent", Example: "0.15 is less than one percent: where 15 percent are meant, write that", Mend: "write 15 or 15% for fifteen percent; nothing, if it is right"},
		{Code: codeNoAmount, Meaning: "a payout does not say what is paid", Example: "there is no revenue, so the affiliate would get nothing of what the advertiser pays", Mend: "fill the amount, or write 0 where that is meant"},
		{Code: codeClickGoal, Meaning: "a payout for clicks or views names a goal of conversions", Example: "the goal `install` is of conversions, and type is cpc", Mend: "write fixed where the goal is paid for, or clear the goal"},
		{Code: codeAlike, Meaning: "two payouts, or two caps, of an offer are for the same", Example: "row 3 and row 2 are payouts for the same conversions", Mend: "take one out, or tell them apart by goal, countries, devices …"},
		{Code: codeNoGoal, Meaning: "a cap or a tier names a goal that no payout of the offer has", Example: "no payout of the offer has the goal `instal`. Did you mean install?", Mend: "write the goal as the payouts have it"},
		{Code: codeZeroCap, Meaning: "a cap is 0", Example: "a cap of 0 either stops the offer or counts as none", Mend: "take the row out where there is no cap; stop the offer by its status"},
		{Code: codeBothWays, Meaning: "a target group lets in what it keeps out", Example: "country `US` is let in and kept out at once", Mend: "take it out of one of the two columns"},
		{Code: codeNothingLeftOut, Meaning: "countries are to be left out, and none is named", Example: "country_exclude is yes and countries names none", Mend: "write the countries, or clear country_exclude"},
		{Code: codeDoubtfulCountry, Meaning: "a country may be a word that means none", Example: "`NA` was read as Namibia", Mend: "clear the cell where not available is meant; else write the country's name"},
		{Code: codeNegated, Meaning: "a value says what is to be left out, and the column says what is let in", Example: "`-US` looks as if US were to be left out", Mend: "write it into the column of what is kept out, which the message names"},
		{Code: codeDitto, Meaning: "the cell asks for the value above it", Example: "`same as above` asks for the value above it, which is not filled down", Mend: "write the value"},
		{Code: codeDoubtfulZone, Meaning: "a time zone of letters alone may have no summer time", Example: "`EST` may have no summer time", Mend: "write the zone of a place, such as America/New_York; nothing, if it is right"},
		{Code: codeShifted, Meaning: "a row stands a column beside its own, as where a cell was inserted or deleted", Example: "rows 13 to 31 stand one column too far to the right, from A on", Mend: "delete the cells that the message names and have the rest shifted left, or insert them"},
		{Code: codeSwapped, Meaning: "two columns, or two cells of a row, hold each other's values", Example: "payout_revenue (what the affiliate gets) is above payout_total (what the advertiser pays) in 47 of 50 rows", Mend: "swap the columns' names, or the two cells; where payouts at a loss are meant, start with --allow-loss"},
		{Code: codeDoubtfulText, Meaning: "a text is not as people write it", Example: "`GrÃ¼ÃŸe` looks as if it were Grüße, saved in the wrong encoding", Mend: "type it anew; nothing, if it is right"},
		{Code: codeDoubtfulURL, Meaning: "a web address may not be the one that was meant", Example: "the URL ends in `,`", Mend: "look at it; nothing, if it is right"},
		{Code: codeBraces, Meaning: "a macro lacks a brace, or has one too many", Example: "the macro clickid has no brace behind it", Mend: "write {clickid}"},
		{Code: codeCapOrder, Meaning: "the cap of a longer period is below that of a shorter one", Example: "the cap of the month is 10 and that of the day 100, which is never reached", Mend: "look whether the two are swapped"},
		{Code: codeThousand, Meaning: "an amount may mean thousands", Example: "`1.000` was read as 1: where 1 thousand are meant, write 1000", Mend: "write 1000, or 1; or start with --decimal ,"},
		{Code: codeSameOffer, Meaning: "two offers have the same advertiser, title and URL", Example: "the row has the same advertiser, title and URL as the offer in A2", Mend: "take one out, or nothing, if both are meant"},
		{Code: codeTiersOff, Meaning: "commission tiers are there, but not switched on", Example: "enabled_commission_tiers is not yes", Mend: "write yes into enabled_commission_tiers"},
		{Code: codeTooManyValues, Meaning: "the offer has more values than one request can carry", Example: "the offer has 1200 values, at most 950 can be sent", Mend: "split the offer, or shorten its lists"},
		{Code: codeEmptyRow, Meaning: "a row names an offer and nothing else", Example: "the row names an offer and nothing else", Mend: "fill it, or take it out"},
		{Code: codeExample, Meaning: "the template's example row was left out", Example: "the template's example row was left out", Mend: "nothing"},
		{Code: codeNoOffer, Meaning: "a row is no offer and was not read: a sum, a remark, nothing in the columns that are known", Example: "the row was not read: it looks like a sum of the rows above", Mend: "nothing; where it is meant as an offer, fill it"},
		{Code: codeSecondTable, Meaning: "another table stands below the first on a sheet, so that nothing is sent before it is settled", Example: "row 11 begins another table (offer, type, currency, total, revenue)", Mend: "move its rows to a sheet of their own, with their column names in the first row"},
		{Code: codeNotOffers, Meaning: "none of the columns that an offer needs is there", Example: "this does not look like a sheet of offers: it has none of the columns title, advertiser, url", Mend: "look whether it is the right file; else write the columns' names as the template has them, or start offerlift match FILE"},
		{Code: codeNoHeader, Meaning: "the first row holds an offer where the columns' names should stand", Example: "row 1 holds an offer, not column names", Mend: "insert a row above it with the columns' names"},
		{Code: codeUnknownColumn, Meaning: "no column of this name is known, so it is not read", Example: "column `Tittle` is not known. Did you mean title?", Mend: "give it the name that the message proposes, or leave it; offerlift match FILE proposes what every column is"},
		{Code: codeTwice, Meaning: "two columns mean the same", Example: "B1 and F1 are both title", Mend: "take one of them out"},
		{Code: codeNoName, Meaning: "a column has values but no name, so it is not read", Example: "column G has values but no name", Mend: "write a name above it"},
		{Code: codeUnknownSheet, Meaning: "no sheet of this name is known, so it is not read", Example: "sheet `Payuots` is not known. Did you mean Payouts?", Mend: "rename the sheet, or leave it"},
		{Code: codeSheetNotRead, Meaning: "a sheet or file has another name than ours and holds what looks like ours, so that nothing is sent before it is settled", Example: "sheet `Capping` looks like Caps (offer, period, type, value; 3 of its rows name offers of this input)", Mend: "give it the name that the message proposes, or leave it out with --ignore-sheet"},
		{Code: codeTwoSheets, Meaning: "two sheets or files are for the same", Example: "file `payouts.csv` and file `payouts (1).csv` both look like Payouts, so nothing is sent", Mend: "take one of them out, or leave it out with --ignore-sheet"},
		{Code: codeSheetLeftOut, Meaning: "the sheet holds no offers and was left out", Example: "sheet `How to use` was left out", Mend: "nothing"},
		{Code: codeSheetTaken, Meaning: "a sheet was taken as the Offers sheet", Example: "sheet `Sheet1` was taken as the Offers sheet", Mend: "nothing; where it holds something else, give it the name of that, such as Payouts"},
		{Code: codeNoOffers, Meaning: "no sheet holds offers", Example: "there is no Offers sheet", Mend: "give the sheet that holds the offers the name Offers"},
		{Code: codeNoMatch, Meaning: "no column of the sheet is known", Example: "no column of this sheet is known", Mend: "write the columns' names as the template has them"},
		{Code: codeNoParent, Meaning: "a child sheet does not say to which offers its rows belong", Example: "the sheet has no column offer", Mend: "add a column offer with the offers' external_offer_id"},
		{Code: codeNoRows, Meaning: "there are column names but no offers", Example: "the sheet has no offers", Mend: "fill in a row below the column names"},
	}
}
