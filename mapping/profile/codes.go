package profile

import "offerlift/internal/sheet"

// The codes of a migration's messages. Scripts and the docs name them.
const (
	CodeCarried  = "carried_over"    // carried over, in words worth reading: which amount is whose
	CodeChanged  = "changed_meaning" // carried over, but it means something else now
	CodeLost     = "no_equivalent"   // Affise has no place for it
	CodeDecision = "needs_decision"  // a person must say what is to become of it
	CodeUnmapped = "unmapped_column" // the profile does not know the column

	codeValue    = "unknown_value"
	codeMacro    = "unknown_source_macro"
	codeID       = "missing_id"
	codeConflict = "conflicting_rows"
	codeFailed   = "expression_failed"
	codeAbsent   = "absent_column"
	codeSheet    = "unknown_sheet"
	codeTaken    = "profile_taken"
)

// Codes lists every code that this package's messages carry, each once, for
// the docs and their tests.
func Codes() []sheet.CodeDoc {
	return []sheet.CodeDoc{
		{Code: CodeCarried, Meaning: "something was carried over, and is worth a look", Example: "the affiliate gets 3.50 USD, the advertiser pays 5.00 USD", Mend: "nothing"},
		{Code: CodeChanged, Meaning: "the value was carried over, but means something else now", Example: "`paused` became `stopped`", Mend: "look whether the new meaning is right"},
		{Code: CodeLost, Meaning: "Affise has no place for the value", Example: "weekly_conversion_cap `200` is not carried over: Affise has no weekly cap", Mend: "do without it, or set it up by hand"},
		{Code: CodeDecision, Meaning: "a person must say what is to become of the value", Example: "there is a payout cap and a revenue cap, and Affise has one budget", Mend: "start with --set, as the message says, or mend the export"},
		{Code: CodeUnmapped, Meaning: "the profile does not know the column, and it holds values", Example: "column `colour` is not known to the profile", Mend: "add it to a profile of your own, or leave it"},
		{Code: codeValue, Meaning: "the profile does not know this value of the column", Example: "`frozen` is not a value of offer_status that profile everflow knows", Mend: "add it to the values of a profile of your own"},
		{Code: codeMacro, Meaning: "the profile does not know what a macro of the URL means", Example: "{foo} is not a macro that profile tune knows", Mend: "add it to the macros of a profile of your own, or mend the URL"},
		{Code: codeID, Meaning: "the source's id or name has no id of the account", Example: "advertiser `12` has no id of the account", Mend: "nothing, where it is a name that the account has once: import and resume look names up there by themselves; else run offerlift ids FILE, fill the file in, and start with --ids"},
		{Code: codeConflict, Meaning: "rows of one offer say different things of it", Example: "the row is of offer 501, whose name in B2 is another", Mend: "make the rows agree"},
		{Code: codeFailed, Meaning: "an expression of the profile failed on this row", Example: "the expression of total failed", Mend: "mend the expression, or the cell"},
		{Code: codeAbsent, Meaning: "the export lacks columns that the profile can read; a warning where your own profile names them", Example: "mine.yaml, line 12, total: the file has no column `Adv prise`. Did you mean Adv price?", Mend: "mend the name in the profile, or say under its headers that the column may be missing; nothing, where the profile is a built-in one"},
		{Code: codeSheet, Meaning: "the profile does not know the sheet", Example: "sheet `Log` is not known to the profile and was not read", Mend: "nothing, where it holds nothing to carry over; else name it as the network's page says. With --strict it is an error"},
		{Code: codeTaken, Meaning: "a profile was taken by itself", Example: "this looks like a TUNE export: it is read with profile tune", Mend: "nothing, or start with --profile"},
	}
}

// IsMigration tells whether a code is one of those that say what became of a
// value on its way here: the report sums them up.
func IsMigration(code string) bool {
	switch code {
	case CodeCarried, CodeChanged, CodeLost, CodeDecision, CodeUnmapped, codeID:
		return true
	}
	return false
}
