package reports

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"offerlift/internal/sheet"
)

// lockedLaunch is the workbook of a run with a password, and what a run that
// read it knows of its tables.
func lockedLaunch(t *testing.T, password string) []TableInfo {
	t.Helper()
	raw, err := os.ReadFile("testdata/openpyxl.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = sheet.Lock(raw, password); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "openpyxl.xlsx")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	tables := tablesOf(t, "testdata/openpyxl.xlsx")
	for i := range tables {
		tables[i].Path = path
	}
	return tables
}

// The reports on an encrypted workbook have its password, and nothing of them
// lies about without one.
func TestLockedReports(t *testing.T) {
	const password = "schlüssel 7"
	opts := options(t.TempDir(), lockedLaunch(t, password))
	asked := 0
	opts.Password = func(string) (string, error) { asked++; return password, nil }
	if _, err := Write(context.Background(), launch("openpyxl.xlsx").whole(), opts); err != nil {
		t.Fatal(err)
	}
	if asked != 1 {
		t.Errorf("asked for the password %d times", asked)
	}
	entries, err := os.ReadDir(opts.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(readFile(t, filepath.Join(opts.Dir, e.Name())), "PK\x03\x04") {
			t.Errorf("%s is a workbook without a password", e.Name())
		}
	}
	for name, rows := range map[string]int{"results.xlsx": 15, "failed.xlsx": 7} {
		f, err := excelize.OpenFile(filepath.Join(opts.Dir, name), excelize.Options{Password: password})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.GetRows("Offers"); err != nil || len(got) != rows || f.GetSheetList()[0] != summaryName {
			t.Errorf("%s: %d rows, want %d; %v", name, len(got), rows, err)
		}
		f.Close()
		if _, err := excelize.OpenFile(filepath.Join(opts.Dir, name), excelize.Options{Password: "another"}); err == nil {
			t.Errorf("%s opens with any password", name)
		}
	}
}

// Without the password there are the results as CSV, which say how to get more.
func TestLockedReportsWithoutPassword(t *testing.T) {
	for password, want := range map[string]string{"": "has a password", "wrong": "has another password"} {
		opts := options(t.TempDir(), lockedLaunch(t, "right"))
		opts.Password = func(string) (string, error) { return password, nil }
		files, err := Write(context.Background(), launch("openpyxl.xlsx").whole(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if f := files[0]; f.Name != "results.csv" || !strings.Contains(f.What, want) || !strings.Contains(f.What, "--password-file") {
			t.Errorf("with %q: %s: %s", password, f.Name, f.What)
		}
	}
}
