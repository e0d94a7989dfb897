package reports

import "testing"

// A message finds its table by file and sheet, and by the sheet alone where one
// table has it.
func TestTableOfMessage(t *testing.T) {
	var infos []TableInfo
	for _, file := range []string{"a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"} {
		infos = append(infos, TableInfo{File: file, Sheet: "Offers"})
	}
	idx := newIndex(append(infos, TableInfo{File: "e.xlsx", Sheet: "Payouts"}), nil)
	for i, info := range infos {
		if idx.table(info.File, "Offers") != idx.tables[i] {
			t.Errorf("another table for %s", info.File)
		}
	}
	if idx.table("", "Offers") != nil || idx.table("", "Payouts") != idx.tables[5] || idx.table("a.xlsx", "Payouts") != nil {
		t.Error("a sheet without its file must be the only one of its name")
	}
}
