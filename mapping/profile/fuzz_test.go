package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"offerlift/mapping/profile"
)

// Whatever a profile's file holds, it is a profile or an Invalid that says why
// not, and a profile can be applied or says why not.
func FuzzProfile(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("extends: tune\noptions: {currency: USD}\n"))
	f.Add([]byte("tables: {offers: {key: [a], has: {b: c}, records: {x: {into: Offers, columns: {title: {first: []}}}}}}"))
	dir := f.TempDir()
	export := filepath.Join(dir, "export.csv")
	if err := os.WriteFile(export, []byte(smallExport), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "p.yaml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		var invalid *profile.Invalid
		p, err := library().Load(file)
		if err != nil {
			if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
				t.Fatalf("%v is no Invalid with a problem", err)
			}
			return
		}
		derived, _, err := profile.Apply(readBook(t, export), p, profile.Settings{Now: noon})
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("%v is no Invalid", err)
			}
			return
		}
		for _, table := range derived.Tables {
			for _, err := range table.Rows() {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
