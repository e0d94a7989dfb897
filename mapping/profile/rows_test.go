package profile_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"offerlift/internal/sheet"
	"offerlift/mapping/profile"
)

// withGoals is the small profile with a table of goals, some rows of which make
// nothing, and with regions that go by the account's ids.
const withGoals = small + `
  goals:
    unused: the goal is off there
    sheets: [goals]
    key: offer
    records:
      payout:
        into: Payouts
        when: 'state == "on" && option.cur != ""'
        columns: {type: {value: fixed}, currency: {value: USD}, goal: goal, revenue: pay, total: pay}
  places:
    sheets: [places]
    key: offer
    records:
      target:
        into: Targeting
        columns: {region_allow: {from: regions, ids: regions, missing: warn}}
`

func takeFolder(t *testing.T, text string, files map[string]string, settings profile.Settings) taken {
	t.Helper()
	p, err := loadText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return take(t, write(t, files), p, settings)
}

// A row of which nothing is made is told at its offer with what it holds, and in
// sum.
func TestUnusedRowsAreToldAtTheirOffer(t *testing.T) {
	got := takeFolder(t, withGoals, map[string]string{
		"offers.csv": smallExport + "2,Two,https://a.example.com/?c=#tid#,on,0.10,0,\n",
		"goals.csv":  "offer,goal,state,pay\n1,sale,on,3\n2,lead,off,4.50\n9,none,off,1\n1,late,,0\n",
	}, profile.Settings{})
	one, two := got.Offers[0], got.Offers[1]
	if !has(two.Messages, "warning no_equivalent goals.csv, goals!3 : the row is not carried over, since the goal is off there: state `off`, goal `lead`, pay `4.50`") {
		t.Errorf("offer 2: %q", two.Messages)
	}
	if !has(one.Messages, "goals!5 : the row is not carried over, since the goal is off there: goal `late`") || has(one.Messages, "lead") {
		t.Errorf("offer 1: %q", one.Messages)
	}
	if !has(got.Messages, "3 rows are not carried over, since the goal is off there: 3, 4, 5") {
		t.Errorf("in sum: %q", got.Messages)
	}
	if !one.Valid || !two.Valid {
		t.Error("an offer is not valid")
	}
	strict := takeFolder(t, withGoals, map[string]string{
		"offers.csv": smallExport, "goals.csv": "offer,goal,state,pay\n1,lead,off,4.50\n",
	}, profile.Settings{Strict: true})
	if strict.Offers[0].Valid {
		t.Error("--strict takes an offer whose goal is lost")
	}
}

// Names of regions become the account's ids, and where none is known, no group
// that holds nothing is made.
func TestRegionsGoByIDs(t *testing.T) {
	files := map[string]string{"offers.csv": smallExport, "places.csv": "offer,regions\n1,\"Mississippi, Ohio\"\n"}
	got := takeFolder(t, withGoals, files, profile.Settings{IDs: profile.IDs{}})
	o := got.Offers[0]
	if !o.Valid || strings.Contains(string(o.Body), "targeting") {
		t.Errorf("the body is %s", o.Body)
	}
	if !has(o.Messages, "warning no_equivalent places.csv, places!B2 region_allow: region `Ohio` is not carried over", "US:33") {
		t.Errorf("%q", o.Messages)
	}
	if len(got.Report.Missing) != 2 || got.Report.Missing[0].Kind != "regions" {
		t.Errorf("missing: %v", got.Report.Missing)
	}
	ids := profile.IDs{"regions": {"ohio": "US:35", "mississippi": "US:24"}}
	o = takeFolder(t, withGoals, files, profile.Settings{IDs: ids}).Offers[0]
	if want := `"targeting":[{"region":{"allow":{"US":["24","35"]}}}]`; !strings.Contains(string(o.Body), want) {
		t.Errorf("the body is %s, want %s in it", o.Body, want)
	}
}

// An expression sees the values of its own row, blank ones too.
func TestExpressionsSeeTheirRow(t *testing.T) {
	text := strings.Replace(small, "title: title\n", "title: {expr: 'title + \"/\" + row[\"weekly\"] + (st == \"off\" ? \"!\" : \"\")'}\n", 1)
	got := takeText(t, text, "oid,title,link,st,pay,weekly,begin\n1,A,https://a.example.com/?c=#tid#,on,1,7,\n2,A,https://a.example.com/?c=#tid#,on,1,,\n3,B,https://a.example.com/?c=#tid#,off,1,,\n4,B,https://a.example.com/?c=#tid#,on,1,7,\n", profile.Settings{})
	for i, want := range []string{"A/7", "A/", "B/!", "B/7"} {
		if body := string(got.Offers[i].Body); !strings.Contains(body, `"title":"`+want+`"`) {
			t.Errorf("offer %d: %s, want the title %s", i, body, want)
		}
	}
}

// The hours of an account's schedule are carried over to another's.
func TestScheduleOfAnotherAccount(t *testing.T) {
	export := `{"offers":[{"id":1,"advertiser":"5a3c69a33b7d9b0e638b4576","title":"T","url":"https://a.example.com/?c={clickid}","status":"active","privacy":"public",
"payments":[{"type":"fixed","total":2,"revenue":1,"currency":"USD","goal":"1"}],
"schedule":{"enabled":true,"date_start":"2030-01-02 03:00:00","date_to":"2030-02-01 00:00:00","timezone":"Europe/Berlin","intervals":[{"day_of_week":1,"from":9,"to":18},{"day_of_week":3,"from":9,"to":12},{"day_of_week":3,"from":14,"to":18}]}}]}`
	path := filepath.Join(write(t, map[string]string{"offers.json": export}), "offers.json")
	ids := profile.IDs{"advertisers": {"5a3c69a33b7d9b0e638b4576": "573c69a33b7d9b0e638b4576"}}
	o := take(t, path, load(t, "affise", nil), profile.Settings{IDs: ids}).Offers[0]
	want := `"schedule":{"enabled":"1","date_start":"2030-01-02 03:00:00","date_to":"2030-02-01 00:00:00","timezone":"Europe/Berlin",` +
		`"intervals":{"1":[{"From":"9","To":"18"}],"3":[{"From":"9","To":"12"},{"From":"14","To":"18"}]}}`
	if !o.Valid || !strings.Contains(string(o.Body), want) {
		t.Errorf("valid %v: %s\n%q", o.Valid, o.Body, o.Messages)
	}
}

// The rows that were made are read from where they were set aside: the export
// is read once, however many tables it becomes.
func TestExportIsReadOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString(strings.SplitAfter(smallExport, "\n")[0])
	for i := range 500 {
		fmt.Fprintf(&b, "%d,T%d,https://a.example.com/?c=#tid#,on,1,0,\n", i, i)
	}
	p, err := loadText(t, small)
	if err != nil {
		t.Fatal(err)
	}
	book := readBook(t, filepath.Join(write(t, map[string]string{"export.csv": b.String()}), "export.csv"))
	derived, _, err := profile.Apply(book, p, profile.Settings{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	read := book.Tables[0].Count()
	*book.Tables[0] = sheet.Table{} // a second reading would find nothing
	for _, table := range derived.Tables {
		n := 0
		for _, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != read || n != 500 {
			t.Errorf("%s has %d rows of %d", table.Sheet, n, read)
		}
	}
}

// withOwners is the small profile with offers whose rules stand in another table
// and name the offer by a number that only a third one has.
const withOwners = small + `
  rules:
    sheets: [rules]
    has: [rule, code]
    key: {expr: 'owner.oid == "" ? "" : "s-" + owner.oid'}
    join:
      number: {table: numbers, by: code, on: code}
      owner: {table: offers, by: number.offer, on: oid}
    records:
      payout:
        into: Payouts
        columns: {type: {value: fixed}, currency: {value: USD}, goal: rule, revenue: owner.pay, total: owner.pay}
  numbers:
    unused: "-"
    sheets: [numbers]
    has: [code, offer]
    key: offer
`

// The pages of one table may be a file each, and a join may stand on what
// another brings.
func TestJoinsSeeEveryFile(t *testing.T) {
	header, page, _ := strings.Cut(smallExport, "\n")
	got := takeFolder(t, withOwners, map[string]string{
		"page-1.csv":  header + "\n" + page,
		"page-2.csv":  header + "\n2,Two,https://a.example.com/?c=#tid#,on,0.30,0,\n",
		"rules.csv":   "rule,code\nlate,x2\nearly,x1\n",
		"numbers.csv": "code,offer\nx1,1\nx2,2\n",
	}, profile.Settings{})
	for i, want := range []string{`"goal":"early","type":"fixed","currency":"USD","total":"0.10"`, `"goal":"late","type":"fixed","currency":"USD","total":"0.30"`} {
		if body := string(got.Offers[i].Body); !strings.Contains(body, want) {
			t.Errorf("%s lacks %s: %q %q", body, want, got.Offers[i].Messages, got.Messages)
		}
	}
}

// An amount that an expression takes from one of several columns is told at the
// one that the row fills.
func TestExpressionsAreToldWhereTheyAreFilled(t *testing.T) {
	text := strings.Replace(small, `'share(pay, "200")'`, `'net != "" ? net : gross'`, 1)
	got := takeText(t, text, "oid,title,link,st,pay,net,gross\n1,One,https://a.example.com/?c=#tid#,on,1,,7\n2,Two,https://b.example.com/?c=#tid#,on,1,6,7\n", profile.Settings{})
	for i, want := range []string{"the advertiser pays 7 USD (gross, G2)", "the advertiser pays 6 USD (net, F3)"} {
		if !has(got.Offers[i].Messages, want) {
			t.Errorf("want %q: %q", want, got.Offers[i].Messages)
		}
	}
}

// A column whose name is no word is suggested as an expression writes it.
func TestSuggestedColumnsAreWrittenAsInExpressions(t *testing.T) {
	for code, want := range map[string]string{`lower(My_Column)`: `Did you mean row["My Column"]?`, `lower(row["My Colum"])`: "Did you mean My Column?", `lower(titel)`: "Did you mean title?"} {
		p, err := loadText(t, strings.Replace(small, `'share(pay, "200")'`, "'"+code+"'", 1))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = profile.Apply(readBook(t, filepath.Join(write(t, map[string]string{"e.csv": "oid,title,link,st,pay,My Column\n1,One,https://a.example.com/,on,1,x\n"}), "e.csv")), p, profile.Settings{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q: %v", code, want, err)
		}
	}
}
