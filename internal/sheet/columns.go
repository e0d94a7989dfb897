package sheet

// ResultColumns are the headers of the columns that a report adds to the
// user's own sheet, in their order. A sheet that is read again may have them:
// they are known and ignored. The first is not called status, since offers
// have a column of that name.
func ResultColumns() []string { return []string{"import status", "offer id", "message", "when"} }
