package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// write writes files into a folder of the test's and returns it.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// small is a profile with a little of everything, and an export for it.
const small = `name: small
prefix: s-
options:
  cur: {value: USD, of: [USD, EUR]}
slots: [aff]
macros:
  spelling: ["#x#", "{x}"]
  tracking: {tid: clickid, old: {lost: gone}}
values:
  st: {on: active, off: stopped}
tables:
  offers:
    has: [oid, title]
    key: oid
    records:
      offer:
        into: Offers
        columns:
          title: title
          advertiser: {value: 573c69a33b7d9b0e638b4576}
          url: {from: link, macros: tracking}
          status: {from: st, values: st}
          start_at: {from: begin, take: start}
      payout:
        into: Payouts
        columns:
          type: {value: fixed}
          currency: {value: "{option.cur}"}
          revenue: pay
          total: {expr: 'share(pay, "200")'}
    left: {weekly: "there are no weekly caps"}
`

const smallExport = "oid,title,link,st,pay,weekly,begin\n1,One,https://a.example.com/?c=#tid#&s={aff},on,0.10,0,\n"

func loadText(t testing.TB, text string) (*profile.Profile, error) {
	t.Helper()
	dir := write(t, map[string]string{"small.yaml": text})
	return library().Load(filepath.Join(dir, "small.yaml"))
}

// takeText reads an export with a profile, both given as texts.
func takeText(t testing.TB, text, export string, settings profile.Settings) taken {
	t.Helper()
	p, err := loadText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return take(t, filepath.Join(write(t, map[string]string{"export.csv": export}), "export.csv"), p, settings)
}

func has(lines []string, parts ...string) bool {
	return slices.ContainsFunc(lines, func(l string) bool {
		return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(l, p) })
	})
}

func TestSmallProfile(t *testing.T) {
	got := takeText(t, small, smallExport, profile.Settings{})
	o := got.Offers[0]
	want := `{"external_offer_id":"s-1","title":"One","advertiser":"573c69a33b7d9b0e638b4576","url":"https://a.example.com/?c={clickid}&s={sub1}","status":"active","payments":[{"type":"fixed","currency":"USD","total":"0.2","revenue":"0.10"}]}`
	if string(o.Body) != want {
		t.Errorf("the body is\n%s, want\n%s", o.Body, want)
	}
	if !has(o.Messages, "info carried_over", "the affiliate gets 0.10 USD (pay, E2), the advertiser pays 0.2 USD (pay, E2)") {
		t.Errorf("nothing says which amount is whose: %q", o.Messages)
	}
}

// What is wrong with a profile is told with its file, its line and its key.
func TestMistakesInProfiles(t *testing.T) {
	for name, test := range map[string]struct{ from, to, want string }{
		"unknown key":          {"prefix: s-", "prefx: s-", "line 2: a profile has no key `prefx`. Did you mean prefix?"},
		"key twice":            {"prefix: s-", "name: again", "line 2: key `name` is there twice, first in line 1"},
		"our column":           {"          title: title", "          titel: title", "line 19: Offers has no column `titel` to fill. Did you mean title?"},
		"no such part":         {"into: Payouts", "into: Payuots", "`into: Payuots` is none of our sheets. Did you mean Payouts?"},
		"no table of values":   {"values: st}", "values: sd}", "line 22: there is no table `sd` under values. Did you mean st?"},
		"no table of macros":   {"macros: tracking}", "macros: trakcing}", "there is no table `trakcing` under macros. Did you mean tracking?"},
		"slot twice":           {"slots: [aff]", "slots: [aff, aff]", "line 5: `aff` is in slot 1 and in slot 2"},
		"slot taken":           {"tid: clickid", "tid: clickid, other: sub1", "`other` goes to sub1, which slot 1 gives to `aff`"},
		"two sources":          {"{value: fixed}", "{value: fixed, from: st}", "exactly one of from, value, expr and first"},
		"no offers":            {"into: Offers", "into: Landings", "no table has a record `into: Offers`"},
		"no key":               {"    key: oid\n", "", "table `offers` has no key"},
		"wrong option":         {"value: USD,", "value: GBP,", "option `cur` is `GBP`, and takes USD, EUR"},
		"no such option":       {"{option.cur}", "{option.curr}", "line 28: there is no option `curr`. Did you mean cur?"},
		"option for nothing":   {"  cur: {", "  pausd: 1\n  cur: {", "line 4: nothing asks for the option `pausd`"},
		"no value of ours":     {"on: active", "on: activ", "line 10: `activ` is no value of our status. Did you mean active?"},
		"no constant of ours":  {"{value: fixed}", "{value: fixd}", "`fixd` is no value of our type. Did you mean fixed?"},
		"a tab":                {"tables:\n", "tables:\n\t", "line 12 begins with a tab"},
		"extends nothing":      {"prefix: s-", "extends: everflw", "line 2, extends: there is no profile everflw, neither built in nor as a file. Did you mean everflow?"},
		"bad yaml":             {"prefix: s-", "prefix: [", "line"},
		"an alias":             {"prefix: s-", "prefix: &a s-\ntitle: *a", "line 3: `*a` stands for another part"},
		"kind of id":           {"{value: 573c69a33b7d9b0e638b4576}", "{from: st, ids: advertisrs}", "`ids: advertisrs` is no kind of id. Did you mean advertisers?"},
		"a key that is no id":  {"    key: oid\n", "    key: {first: [{from: oid, ids: advertisers}]}\n", "line 14: a key is taken as it is"},
		"our macro":            {"tid: clickid", "tid: clikid", "line 8: {clikid} is not a macro that is replaced in url, so it is passed on as it stands. Did you mean {clickid}?"},
		"one of two macros":    {"tid: clickid", "tid: clickid dae_only", "line 8: {dae_only} is not a macro"},
		"values for nothing":   {"values:\n", "values:\n  sd: {on: active}\n", "line 10: no column asks for the table `sd` under values. Did you mean st?"},
		"macros for nothing":   {"macros:\n", "macros:\n  trackng: {tid: clickid}\n", "line 7: no column asks for the table `trackng` under macros. Did you mean tracking?"},
		"no currency":          {"{value: fixed}\n          currency: {value: \"{option.cur}\"}", "{value: fixed}\n          currency: {from: cur, default: EUX}", "line 28: our currency does not take it: `EUX` is not a currency"},
		"no date":              {"{from: begin, take: start}", "{value: soon}", "line 23: our start_at does not take it: `soon` is not a date"},
		"no value of a kind":   {"status: {from: st", "is_top: {from: st", "line 10: our is_top does not take it: `active` is neither yes nor no"},
		"format of dates":      {"prefix: s-", "dates: DD.MM.JJJJ", "line 2: dates: `DD.MM.JJJJ` is not a date format"},
		"expression":           {"'share(pay, \"200\")'", "'share(pay, '", "line 30: the expression is wrong at its character"},
		"condition":            {"        into: Payouts\n", "        into: Payouts\n        when: 'pay >'\n", "the expression is wrong at its character"},
		"message without text": {"        columns:\n          title", "        tell: {x: {when: \"true\"}}\n        columns:\n          title", "a message takes `when`, and one of"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(small, test.from) {
				t.Fatalf("the profile has no %q to replace", test.from)
			}
			_, err := loadText(t, strings.Replace(small, test.from, test.to, 1))
			var invalid *profile.Invalid
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "small.yaml") {
				t.Errorf("%v, want an Invalid that names small.yaml and %q", err, test.want)
			}
		})
	}
}

// An expression is checked against the headers of the file: a misspelt column
// is told before any row is read.
func TestMistakesInExpressions(t *testing.T) {
	for expression, want := range map[string]string{
		`pya + ""`:          "line 30: the expression is wrong at its character 1: unknown name pya",
		`row["Ofer"]`:       "unknown field Ofer",
		`option.crr`:        "unknown field crr",
		`now()`:             "unknown name now",
		`pay +`:             "unexpected token",
		`float(pay) * 2`:    "unknown name float",
		`"{" + parent.pay`:  "unknown name parent",
		`template == "" ? `: "unexpected token",
	} {
		text := strings.Replace(small, `'share(pay, "200")'`, "'"+expression+"'", 1)
		p, err := loadText(t, text)
		if err == nil { // well written: only a file shows the rest
			book := readBook(t, filepath.Join(write(t, map[string]string{"export.csv": smallExport}), "export.csv"))
			_, _, err = profile.Apply(book, p, profile.Settings{Now: noon})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", expression, err, want)
		}
	}
}

// So is one that a table of values names.
func TestMistakesInValues(t *testing.T) {
	p, err := loadText(t, strings.Replace(small, "on: active", `on: "{titel}"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	book := readBook(t, filepath.Join(write(t, map[string]string{"export.csv": smallExport}), "export.csv"))
	_, _, err = profile.Apply(book, p, profile.Settings{Now: noon})
	if want := "line 10: {titel} is neither a column of the table nor an {option.name}. Did you mean title?"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
}

// An expression that fails on a row fails that row, at its cell.
func TestExpressionsFailByRow(t *testing.T) {
	for expression, want := range map[string]string{
		`share(pay, "x")`: "is not a decimal number",
		`map(1..100, map(1..10000, repeat(pay, 10)))[0][0]`: "memory budget exceeded",
		`len(pay)`: "an expression gives a text",
	} {
		got := takeText(t, strings.Replace(small, `'share(pay, "200")'`, "'"+expression+"'", 1), smallExport, profile.Settings{})
		if got.Offers[0].Valid || !has(got.Offers[0].Messages, "error expression_failed", "export.csv, export!E2 total", want) {
			t.Errorf("%s: %q, want an error at E2 with %q", expression, got.Offers[0].Messages, want)
		}
	}
}

func TestWhatIsSaidOfARow(t *testing.T) {
	for name, test := range map[string]struct {
		from, to string
		want     []string
	}{
		"a value that is not known":  {",on,", ",onn,", []string{"error unknown_value", "export!D2 status", "Did you mean on?"}},
		"a macro that is not known":  {"#tid#", "{tdi}", []string{"error unknown_source_macro", "export!C2 url", "{tdi}", "Did you mean tid?"}},
		"a macro without equal":      {"#tid#", "#tid#&o=#old#", []string{"warning no_equivalent", "export!C2 url", "#old#: gone"}},
		"what is left behind":        {",0.10,0,", ",0.10,7,", []string{"warning no_equivalent", "export!F2 weekly", "`7` is not carried over"}},
		"a start that is past":       {",0,\n", ",0,2017-06-17 12:35:00\n", []string{"warning changed_meaning", "export!G2 start_at", "`2017-06-17 12:35:00` is past"}},
		"links that affiliates have": {"x", "x", []string{"info carried_over", "sub1= in place of aff="}},
	} {
		t.Run(name, func(t *testing.T) {
			got := takeText(t, small, strings.Replace(smallExport, test.from, test.to, 1), profile.Settings{})
			if !has(got.Offers[0].Messages, test.want...) {
				t.Errorf("%q, want %q", got.Offers[0].Messages, test.want)
			}
		})
	}
}

func TestStrictMakesErrors(t *testing.T) {
	export := strings.Replace(smallExport, ",0.10,0,", ",0.10,7,", 1)
	for strict, valid := range map[bool]bool{false: true, true: false} {
		got := takeText(t, small, export, profile.Settings{Strict: strict})
		if got.Offers[0].Valid != valid {
			t.Errorf("strict %v: valid is %v: %q", strict, got.Offers[0].Valid, got.Offers[0].Messages)
		}
	}
}

// A column that the profile does not know is told once, with an example.
func TestUnknownColumns(t *testing.T) {
	export := "oid,title,link,st,pay,colour,empty\n1,One,https://a.example.com/?c={tid},on,1,red,\n2,Two,https://a.example.com/?c={tid},on,1,blue,\n"
	got := takeText(t, small, export, profile.Settings{})
	if !has(got.Messages, "warning unmapped_column", "export!F2 colour", "`red`") {
		t.Errorf("%q does not tell of colour", got.Messages)
	}
	if has(got.Messages, "empty") {
		t.Errorf("%q tells of a column that holds nothing", got.Messages)
	}
	for _, s := range got.Report.Sums {
		if s.Code == profile.CodeUnmapped && s.Count != 2 {
			t.Errorf("colour is counted %d times, want 2", s.Count)
		}
	}
}

// Rows of one offer are one offer; where they contradict each other, both cells
// are named.
func TestGroups(t *testing.T) {
	text := strings.Replace(small, "    key: oid\n", "    key: oid\n    group: true\n", 1)
	text = strings.Replace(text, "into: Payouts\n", "into: Payouts\n        each: row\n", 1)
	rows := "oid,title,link,st,pay,weekly,begin\n" +
		"1,One,https://a.example.com/?c={tid},on,1,0,\n" +
		"2,Two,https://b.example.com/?c={tid},on,3,0,\n" +
		"1,One,https://a.example.com/?c={tid},on,2,0,\n"
	got := takeText(t, text, rows, profile.Settings{})
	if len(got.Offers) != 2 || !slices.Equal(got.Offers[0].Rows, []int{2, 4}) || strings.Count(string(got.Offers[0].Body), `"revenue"`) != 2 {
		t.Fatalf("rows 2 and 4 are not one offer with two payouts: %+v", got.Offers)
	}
	got = takeText(t, text, strings.Replace(rows, "1,One,https://a.example.com/?c={tid},on,2", "1,Uno,https://a.example.com/?c={tid},on,2", 1), profile.Settings{})
	if got.Offers[0].Valid || !has(got.Offers[0].Messages, "error conflicting_rows", "export!B4 title", "`Uno`", "B2", "`One`") {
		t.Errorf("%q does not name B4 and B2", got.Offers[0].Messages)
	}
	if !got.Offers[1].Valid {
		t.Errorf("the other offer suffers: %q", got.Offers[1].Messages)
	}
}

// A file of the user's stands on a built-in profile, or on another file.
func TestExtends(t *testing.T) {
	dir := write(t, map[string]string{
		"base.yaml": small,
		"mine.yaml": "extends: base.yaml\noptions: {cur: EUR}\nvalues: {st: {frozen: suspended}}\ntables: {offers: {records: {offer: {columns: {notes: st, start_at: ~}}}}}\n",
		"loop.yaml": "extends: loop.yaml\n",
	})
	p, err := library().Load(filepath.Join(dir, "mine.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	export := filepath.Join(write(t, map[string]string{"export.csv": strings.Replace(smallExport, ",on,0.10,0,", ",frozen,0.10,0,2017-01-01", 1)}), "export.csv")
	got := take(t, export, p, profile.Settings{})
	for _, want := range []string{`"status":"suspended"`, `"notes":"frozen"`, `"currency":"EUR"`} {
		if !strings.Contains(string(got.Offers[0].Body), want) {
			t.Errorf("the body %s lacks %s", got.Offers[0].Body, want)
		}
	}
	if has(got.Offers[0].Messages, "start_at") {
		t.Errorf("start_at was taken out, and is told of: %q", got.Offers[0].Messages)
	}
	for file, want := range map[string]string{filepath.Join(dir, "loop.yaml"): "extend one another", "tunne": "Did you mean tune?"} {
		if _, err := library().Load(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

// A missing id is listed once, with every row that needs it.
func TestMissingIDs(t *testing.T) {
	text := strings.Replace(small, "{value: 573c69a33b7d9b0e638b4576}", "{from: adv, ids: advertisers}", 1)
	export := "oid,title,link,st,pay,adv\n1,One,https://a.example.com/?c={tid},on,1,12\n2,Two,https://a.example.com/?c={tid},on,1,12\n3,Three,https://a.example.com/?c={tid},on,1,Acme\n"
	ids := profile.IDs{}
	file := filepath.Join(write(t, map[string]string{"my advertisers.csv": "name,id\nACME,573c69a33b7d9b0e638b4577\n"}), "my advertisers.csv")
	if err := ids.Open(file); err != nil {
		t.Fatal(err)
	}
	got := takeText(t, text, export, profile.Settings{IDs: ids})
	m := got.Report.Missing
	if len(m) != 1 || m[0].Value != "12" || m[0].Count != 2 || !slices.Equal(m[0].Places, []string{"export.csv, export!F2", "export.csv, export!F3"}) {
		t.Errorf("missing is %+v, want 12 at F2 and F3", m)
	}
	if got.Offers[0].Valid || !got.Offers[2].Valid {
		t.Error("the offer of 12 must fail, and that of Acme be valid")
	}
	asked := profile.Settings{IDs: ids, Lookup: func(kind, name string) mapping.Found {
		if kind != "advertisers" || name != "Beta" {
			t.Errorf("asked for %s %s", kind, name)
		}
		return mapping.Found{IDs: []string{"573c69a33b7d9b0e638b4576"}}
	}}
	got = takeText(t, text, strings.Replace(export, "on,1,Acme", "on,1,Beta", 1), asked) // 12 is no name
	if len(got.Report.Missing) != 1 || !got.Offers[2].Valid || got.Offers[0].Valid {
		t.Errorf("the account was not asked: %+v", got.Report.Missing)
	}
}

// Regions and cities are looked up in the countries that the same row of ours
// names.
func TestPlacesInTheAccount(t *testing.T) {
	text := strings.Replace(small, "      payout:\n", "      target:\n        into: Targeting\n        columns: {country_allow: geo, region_allow: {from: where, ids: regions, missing: warn}}\n      payout:\n", 1)
	text = strings.Replace(text, "revenue: pay\n", "revenue: pay\n          countries: geo\n          cities: {from: town, ids: cities}\n", 1)
	export := "oid,title,link,st,pay,geo,where,town\n1,One,https://a.example.com/?c={tid},on,1,\"United States, CA\",\"Texas, Ontario, Nowhere\",Chicago\n2,Two,https://a.example.com/?c={tid},on,1,\"US, CA\",,Springfield\n"
	ids := map[string]string{"US:Texas": "10", "CA:Ontario": "21", "US:Chicago": "5001", "US:Springfield": "1", "CA:Springfield": "2"}
	got := takeText(t, text, export, profile.Settings{Lookup: func(_, name string) (f mapping.Found) {
		if ids[name] != "" {
			f.IDs = []string{ids[name]}
		}
		return f
	}})
	for _, want := range []string{`"region":{"allow":{"US":["10"],"CA":["21"]}}`, `"cities":["5001"]`} {
		if !strings.Contains(string(got.Offers[0].Body), want) {
			t.Errorf("%s %q lack %s", got.Offers[0].Body, got.Offers[0].Messages, want)
		}
	}
	if !has(got.Offers[0].Messages, "warning no_equivalent", "region `Nowhere` is not carried over") ||
		!has(got.Offers[1].Messages, "error missing_id", "the account has 2 cities of the name `Springfield`, with the ids US:1 or CA:2") {
		t.Errorf("%q %q", got.Offers[0].Messages, got.Offers[1].Messages)
	}
}

// A name that the account has twice is an error with both ids, and that of a
// region goes with its country.
func TestNamesInTheAccount(t *testing.T) {
	text := strings.Replace(small, "{value: 573c69a33b7d9b0e638b4576}", "{from: adv, ids: advertisers}", 1)
	text = strings.Replace(text, "      payout:\n", "      target:\n        into: Targeting\n        columns: {region_allow: {from: where, ids: regions}}\n      payout:\n", 1)
	export := "oid,title,link,st,pay,adv,where\n1,One,https://a.example.com/?c={tid},on,1,Twins,US:Texas\n2,Two,https://a.example.com/?c={tid},on,1,Acme,US:Texas\n"
	ids := map[string][]string{"Twins": {"573c69a33b7d9b0e638b4576", "573c69a33b7d9b0e638b4577"}, "Acme": {"573c69a33b7d9b0e638b4576"}, "US:Texas": {"10"}}
	got := takeText(t, text, export, profile.Settings{Lookup: func(_, name string) mapping.Found { return mapping.Found{IDs: ids[name]} }})
	if !has(got.Offers[0].Messages, "error missing_id", "F2 advertiser", "the account has 2 advertisers of the name `Twins`, with the ids 573c69a33b7d9b0e638b4576 or 573c69a33b7d9b0e638b4577") {
		t.Errorf("%q", got.Offers[0].Messages)
	}
	if !strings.Contains(string(got.Offers[1].Body), `"region":{"allow":{"US":["10"]}}`) {
		t.Errorf("%s %q", got.Offers[1].Body, got.Offers[1].Messages)
	}
	if m := got.Report.Missing; len(m) != 1 || len(m[0].IDs) != 2 {
		t.Errorf("missing is %+v", m)
	}
}

func TestIDsThatContradict(t *testing.T) {
	for content, want := range map[string]string{
		"kind,source,account id\nadvertisers,1,a\nadvertisers,1,b\n": "B3: advertisers `1` is there twice",
		"kind,source,account id\nadvertsers,1,a\n":                   "A2: `advertsers` is no kind of id",
		"a,b\n1,2\n": "neither its name nor its first header says",
	} {
		err := profile.IDs{}.Open(filepath.Join(write(t, map[string]string{"x.csv": content}), "x.csv"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

// Each sample is recognised as what it is, and our own workbooks as ours.
func TestRecognise(t *testing.T) {
	all, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(networks)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		name, _, _ := strings.Cut(e.Name(), ".")
		if strings.HasSuffix(name, "-ids") {
			continue
		}
		if !slices.Contains(library().Names(), name) {
			name, _, _ = strings.Cut(name, "-")
		}
		seen++
		book := readBook(t, filepath.Join(networks, e.Name()))
		p, _ := profile.Recognise(book, all)
		if p == nil || p.Name != name || profile.IsOurs(book) {
			t.Errorf("%s was taken for %v, ours %v", e.Name(), p, profile.IsOurs(book))
		}
	}
	if seen < len(all) {
		t.Errorf("%d samples for %d profiles", seen, len(all))
	}
	for name, text := range sheets(t) {
		_, body, _ := strings.Cut(text, "\n")
		book := readBook(t, filepath.Join(write(t, map[string]string{"mine.csv": body}), "mine.csv"))
		if p, _ := profile.Recognise(book, all); p != nil {
			t.Errorf("%s, which is of nobody that we know, was taken for %s", name, p.Name)
		}
	}
	for _, ours := range []string{"launch.xlsx", "launch", "flat.csv", "example.xlsx"} {
		if !profile.IsOurs(readBook(t, "../../samples/"+ours)) {
			t.Errorf("%s is not known as ours", ours)
		}
	}
}

// Every message's code is documented.
func TestCodesAreDocumented(t *testing.T) {
	known := map[string]bool{}
	for _, c := range profile.Codes() {
		if known[c.Code] || c.Meaning == "" || c.Example == "" || c.Mend == "" {
			t.Errorf("%s is documented twice, or not whole", c.Code)
		}
		known[c.Code] = true
	}
	goldens, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(goldens) == 0 {
		t.Fatalf("no golden file: %v", err)
	}
	for _, code := range []string{profile.CodeCarried, profile.CodeChanged, profile.CodeDecision, profile.CodeLost, profile.CodeUnmapped} {
		if !known[code] {
			t.Errorf("%s is not documented", code)
		}
	}
}

// A network may write its macros as it likes, so long as they cannot be mistaken
// for something else.
func TestSpellingsOfOnesOwn(t *testing.T) {
	for _, c := range []struct{ spelling, url, want string }{
		{"[[x]]", "https://a.example.com/?c=[[tid]]&s=%5B%5Baff%5d%5D&p=[tid]", "https://a.example.com/?c={clickid}&s={sub1}&p=[tid]"},
		{"{{x}}", "https://a.example.com/?c={{tid}}&o={{old}}&s=%7B%7Baff%7D%7D", "https://a.example.com/?c={clickid}&o=&s={sub1}"},
		{"__x__", "https://a.example.com/?c=__TID__&s=__aff__&utm_source=a_tid_b", "https://a.example.com/?c={clickid}&s={sub1}&utm_source=a_tid_b"},
		{"<x>", "https://a.example.com/?c=<tid>&s=%3Caff%3E", "https://a.example.com/?c={clickid}&s={sub1}"},
		{"$x$", "https://a.example.com/?c=$tid$&s=$aff$&price=$5", "https://a.example.com/?c={clickid}&s={sub1}&price=$5"},
		{`"{x}", "{{x}}"`, "https://a.example.com/?c={{tid}}&s={aff}", "https://a.example.com/?c={clickid}&s={sub1}"},
	} {
		list := c.spelling
		if !strings.HasPrefix(list, `"`) {
			list = `"` + list + `"`
		}
		text := strings.Replace(small, `["#x#", "{x}"]`, "["+list+"]", 1)
		got := takeText(t, text, "oid,title,link,st,pay\n1,One,"+c.url+",on,1\n", profile.Settings{}).Offers[0]
		if body := strings.NewReplacer(`\u0026`, "&", `\u003c`, "<").Replace(string(got.Body)); !strings.Contains(body, `"url":"`+c.want+`"`) {
			t.Errorf("%s: %s became %s: %q", c.spelling, c.url, body, got.Messages)
		}
	}
	for _, spelling := range []string{"x", "-x-", "%x%", ":x", "{name}", "xx", "{x", "ax}", "{ x }"} {
		if _, err := loadText(t, strings.Replace(small, `["#x#", "{x}"]`, `"`+spelling+`"`, 1)); err == nil || !strings.Contains(err.Error(), "small.yaml, line 7: `"+spelling+"` is no spelling of macros: x stands for the name") {
			t.Errorf("%s: %v", spelling, err)
		}
	}
}

// A macro that is encoded twice may be meant for who takes the inner address
// apart: it is left as it is, and told.
func TestMacrosEncodedTwiceAreTold(t *testing.T) {
	for url, want := range map[string]string{
		"https://a.example.com/?c=#tid#&to=https%3A%2F%2Fb.example.com%2F%3Fx%3D%257Btid%257D": "%257Btid%257D: it is encoded twice",
		"https://a.example.com/?c=#tid#&to=%2523tid%2523":                                      "%2523tid%2523: it is encoded twice",
		"https://a.example.com/?c=#tid#&off=20%25&to=%257Bb%257D":                              "",
		"https://a.example.com/?c=#tid#&to=%7Btid%7D":                                          "",
	} {
		got := takeText(t, small, "oid,title,link,st,pay\n1,One,"+url+",on,1\n", profile.Settings{}).Offers[0]
		if told := has(got.Messages, "encoded twice"); told != (want != "") || want != "" && !has(got.Messages, "warning needs_decision export.csv, export!C2 url: "+want) {
			t.Errorf("%s: %q", url, got.Messages)
		}
		if kept := strings.ReplaceAll(url, "#tid#", "{clickid}"); want != "" && !strings.Contains(strings.ReplaceAll(string(got.Body), `\u0026`, "&"), kept) {
			t.Errorf("%s became %s", url, got.Body)
		}
	}
}

// Whatever stands in a URL, replacing macros never panics, never loses what is
// no macro, and replaces each known macro wherever it stands.
func TestMacrosInAnyText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		before := rapid.StringMatching(`[a-z/?&=.%]{0,12}`).Draw(r, "before")
		after := rapid.StringMatching(`[a-z/?&=.]{0,12}`).Draw(r, "after")
		macro := rapid.SampledFrom([]string{"{tid}", "#tid#", "%7Btid%7D", "%7btid%7d", "{TID}"}).Draw(r, "macro")
		link := "https://a.example.com/" + before + macro + after
		got := takeText(t, small, strings.Replace(smallExport, "https://a.example.com/?c=#tid#&s={aff}", link, 1), profile.Settings{})
		want := "https://a.example.com/" + before + "{clickid}" + after
		if !strings.Contains(string(got.Offers[0].Body), `"url":"`+want+`"`) && got.Offers[0].Valid {
			r.Fatalf("%s became %s, want %s", link, got.Offers[0].Body, want)
		}
	})
}

// The rows of a derived table are those of the survey, whoever reads them, and
// reading stops where its reader stops.
func TestRowsCanBeReadAgain(t *testing.T) {
	p := load(t, "everflow", nil)
	derived, _, err := profile.Apply(readBook(t, networks+"/everflow.csv"), p, profile.Settings{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range derived.Tables {
		var first, second []sheet.Row
		for row := range table.Rows() {
			first = append(first, row)
		}
		for row := range table.Rows() {
			second = append(second, row)
			if len(second) == 1 {
				break
			}
		}
		if len(first) == 0 || len(second) != 1 || first[0].Number != second[0].Number || table.Origin == nil {
			t.Errorf("%s: %d and %d rows", table.Sheet, len(first), len(second))
		}
	}
}

// Each profile has a page that tells its users what to expect, and the page
// names the profile's options.
func TestEveryProfileHasAPage(t *testing.T) {
	for _, name := range library().Names() {
		page, err := os.ReadFile("../../docs/networks/" + name + ".md")
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"**Money.**", "**Carried over.**", "**Not carried over", "**What to tell the affiliates.**", "offerlift check samples/networks/" + name, "profiles " + name + "`"} {
			if !strings.Contains(string(page), part) {
				t.Errorf("docs/networks/%s.md lacks %q", name, part)
			}
		}
	}
}

// A built-in profile reads a file that has no more columns than tell what it is:
// an export with few columns is no mistake of the profile.
func TestFewColumnsAreEnough(t *testing.T) {
	all, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, table := range p.Tables {
			row := strings.TrimSuffix(strings.Repeat("1,", len(table.Has)), ",")
			path := filepath.Join(write(t, map[string]string{"export.csv": strings.Join(table.Has, ",") + ",else\n" + row + ",1\n"}), "export.csv")
			if _, _, err := profile.Apply(readBook(t, path), p, profile.Settings{Now: noon}); err != nil && strings.Contains(err.Error(), ".yaml, line") {
				t.Errorf("%s, table %s: %v", p.Name, table.Name, err)
			}
		}
	}
}

// What the page on profiles of one's own shows is true: its example goes
// through, and so does the profile that extends another.
func TestOwnProfilePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/networks/own.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := func(kind string) []string {
		var texts []string
		for _, m := range regexp.MustCompile("(?ms)^```"+kind+"\n(.*?)^```").FindAllStringSubmatch(string(page), -1) {
			texts = append(texts, m[1])
		}
		return texts
	}
	sheets, profiles := blocks("csv"), blocks("yaml")
	if len(sheets) != 1 || len(profiles) != 2 {
		t.Fatalf("the page has %d sheets and %d profiles, want 1 and 2", len(sheets), len(profiles))
	}
	dir := write(t, map[string]string{"northlink.csv": sheets[0], "northlink.yaml": profiles[0], "everflow-mine.yaml": profiles[1]})
	p, err := library().Load(filepath.Join(dir, "northlink.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ids := profile.IDs{"advertisers": {"sunco": "573c69a33b7d9b0e638b4576", "warmco": "573c69a33b7d9b0e638b4577"}}
	got := take(t, filepath.Join(dir, "northlink.csv"), p, profile.Settings{IDs: ids})
	if len(got.bodies) != 2 {
		t.Errorf("%d offers are valid, want 2: %v", len(got.bodies), got.Offers)
	}
	body, err := got.bodies["northlink-71"].MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`?c={clickid}\u0026a={pid}\u0026s={sub1}`, `"total":"10","revenue":"7"`, `"goal":"Contract"`, `"country":{"allow":["IT","ES"]}`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	mine, err := library().Load(filepath.Join(dir, "everflow-mine.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	paused := slices.ContainsFunc(mine.Options, func(o profile.Option) bool { return o.Name == "paused" && o.Value == "suspended" })
	if !paused || mine.Slots[6] != "uid" {
		t.Errorf("options %v and slots %v are not those of the page", mine.Options, mine.Slots)
	}
	if _, _, err := profile.Apply(readBook(t, networks+"/everflow.csv"), mine, profile.Settings{Now: noon}); err != nil {
		t.Error(err)
	}
}
