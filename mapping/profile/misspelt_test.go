package profile_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"offerlift/mapping/profile"
)

// A column that the user's own profile names and the file does not have is told
// once, at its line in the profile, with the column that may be meant.
func TestMisspeltColumns(t *testing.T) {
	join := "    has: [oid, title]\n    join:\n      other: {table: offers, by: oidd, on: oid}\n"
	for name, test := range map[string]struct{ from, to, want string }{
		"of a record":         {"revenue: pay", "revenue: payy", "line 29, revenue: the file has no column `payy`. Did you mean pay?"},
		"with a default":      {"revenue: pay", "revenue: {from: payy, default: 1}", "line 29, revenue: the file has no column `payy`. Did you mean pay?"},
		"like no other":       {"revenue: pay", "revenue: Honorar", "line 29, revenue: the file has no column `Honorar`"},
		"that nothing reads":  {"revenue: pay", "revenue: {value: 1}", ""},
		"of a choice":         {"revenue: pay", "revenue: {first: [{when: 'title == \"\"', from: pya}, {from: pay}]}", "line 29, revenue: the file has no column `pya`. Did you mean pay?"},
		"in left":             {"{weekly:", "{wekly:", "line 31, left: the file has no column `wekly`. Did you mean weekly?"},
		"in left, not at all": {"{weekly:", "{weekly: no, colour:", ""},
		"in ignore":           {"    left:", "    ignore: [bgin]\n    left:", ""},
		"in vary":             {"    has: [oid, title]\n", "    has: [oid, title]\n    group: true\n    vary: [lnk]\n", "line 15, vary: the file has no column `lnk`. Did you mean link?"},
		"in headers":          {"    has: [oid, title]\n", "    has: [oid, title]\n    headers: {titel: [name]}\n", "line 14, headers: the file has no column `titel`. Did you mean title?"},
		"that may be missing": {"start_at: {from: begin, take: start}\n", "start_at: {from: begin, take: start}\n          notes: extra\n", ""},
		"in a message":        {"        into: Payouts\n", "        into: Payouts\n        tell: {x: {when: 'pay == \"0.10\"', at: pey, changed: x}}\n", "line 26, tell: the file has no column `pey`. Did you mean pay?"},
		"in a join":           {"    has: [oid, title]\n", join, "line 15, join: the file has no column `oidd`. Did you mean oid?"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(small, test.from, test.to, 1)
			if name == "that may be missing" {
				text = strings.Replace(text, "    key: oid\n", "    key: oid\n    headers: {extra: []}\n", 1)
			}
			got := takeText(t, text, smallExport, profile.Settings{})
			var told []string
			for _, m := range got.Messages {
				if strings.HasPrefix(m, "warning absent_column") {
					told = append(told, m)
				}
			}
			if test.want == "" && len(told) > 0 || test.want != "" && (len(told) != 1 || !strings.Contains(told[0], "small.yaml, "+test.want)) {
				t.Errorf("told %q, want %q", got.Messages, test.want)
			}
		})
	}
}

// Files of one kind lack the same, which is said once.
func TestMisspeltColumnsOfSeveralFiles(t *testing.T) {
	p, err := loadText(t, strings.Replace(small, "revenue: pay", "revenue: payy", 1))
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{"one.csv": smallExport, "two.csv": strings.Replace(smallExport, "\n1,", "\n2,", 1)})
	got := take(t, dir, p, profile.Settings{})
	n := 0
	for _, m := range got.Messages {
		if strings.HasPrefix(m, "warning absent_column") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("told %d times: %q", n, got.Messages)
	}
}

// What a file is known by and nothing reads is told, since it was left behind.
func TestColumnsThatNothingReads(t *testing.T) {
	text := strings.Replace(small, "has: [oid, title]", "has: [oid, title, adv]", 1)
	got := takeText(t, text, "oid,title,adv,link,st,pay,weekly,begin\n1,One,30.00,https://a.example.com/?c={tid},on,1,,\n", profile.Settings{})
	if !has(got.Messages, "warning unmapped_column", "export!C2", "`30.00`") {
		t.Errorf("%q does not tell of adv", got.Messages)
	}
}

// Without the column of the key there are no offers to speak of.
func TestKeyThatTheFileLacks(t *testing.T) {
	p, err := loadText(t, strings.Replace(small, "    key: oid\n", "    key: odi\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	book := readBook(t, filepath.Join(write(t, map[string]string{"export.csv": smallExport}), "export.csv"))
	_, _, err = profile.Apply(book, p, profile.Settings{Now: noon})
	var invalid *profile.Invalid
	if !errors.As(err, &invalid) || !strings.Contains(err.Error(), "small.yaml, line 14: the key is the column `odi`, and export.csv has none of this name. Did you mean oid?") {
		t.Errorf("%v does not name the key's line", err)
	}
}

// What a profile changes must be there in the one below.
func TestMistakesInExtends(t *testing.T) {
	for text, want := range map[string]string{
		"tables: {offer: {ignore: [x]}}":                                         "line 2: the profile below has no `offer` under tables to change, and a new one needs `key`. Did you mean offers?",
		"tables: {offers: {records: {offr: {columns: {notes: st}}}}}":            "line 2: the profile below has no `offr` under records to change, and a new one needs `into`. Did you mean offer?",
		"tables: {offers: {records: {offer: {columns: {strt_at: null}}}}}":       "line 2: the profile below has no `strt_at` here to take out. Did you mean start_at?",
		"macros: {tracking: {tdi: null}}":                                        "line 2: the profile below has no `tdi` here to take out. Did you mean tid?",
		"macros: {trackng: {tid: pid}}":                                          "line 2: no column asks for the table `trackng` under macros. Did you mean tracking?",
		"values: {sd: {on: stopped}}":                                            "line 2: no column asks for the table `sd` under values. Did you mean st?",
		"options: {curr: EUR}":                                                   "line 2: nothing asks for the option `curr`. Did you mean cur?",
		"tables: {offers: {records: {offer: {columns: {status: {value: on}}}}}}": "line 2: `on` is no value of our status",
	} {
		dir := write(t, map[string]string{"base.yaml": small, "mine.yaml": "extends: base.yaml\n" + text + "\n"})
		_, err := library().Load(filepath.Join(dir, "mine.yaml"))
		if err == nil || !strings.Contains(err.Error(), "mine.yaml, "+want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q alone", text, err, want)
		}
	}
	// a table of the profile below that lost its column is no mistake
	dir := write(t, map[string]string{"base.yaml": small, "mine.yaml": "extends: base.yaml\ntables: {offers: {records: {offer: {columns: {status: {value: active}}}}}}\n"})
	if _, err := library().Load(filepath.Join(dir, "mine.yaml")); err != nil {
		t.Error(err)
	}
}

// A built-in profile may know more columns than an export has.
func TestBuiltInProfilesTellNoSpelling(t *testing.T) {
	p := load(t, "trackier", nil)
	got := take(t, filepath.Join(networks, "trackier.csv"), p, profile.Settings{})
	if slices.ContainsFunc(got.Messages, func(m string) bool { return strings.HasPrefix(m, "warning absent_column") }) {
		t.Errorf("%q", got.Messages)
	}
}
