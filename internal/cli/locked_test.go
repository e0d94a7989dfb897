package cli_test

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// encrypt is the script command "encrypt FROM TO PASSWORD".
func encrypt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: encrypt FROM TO PASSWORD")
	}
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	locked, err := excelize.Encrypt(raw, &excelize.Options{Password: args[2]})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), locked, 0o600))
}

// checkLocked is the script command "locked FILE PASSWORD TEXT": the workbook
// opens with that password alone, and the text is in a cell of it.
func checkLocked(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: locked FILE PASSWORD TEXT")
	}
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if bytes.HasPrefix(raw, []byte("PK")) {
		ts.Fatalf("%s has no password", args[0])
	}
	if _, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{Password: args[1] + "?"}); err == nil {
		ts.Fatalf("%s opens with another password", args[0])
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{Password: args[1]})
	ts.Check(err)
	defer f.Close()
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		ts.Check(err)
		for _, row := range rows {
			if strings.Contains(strings.Join(row, "\n"), args[2]) {
				return
			}
		}
	}
	ts.Fatalf("%s has no cell with %s", args[0], args[2])
}
