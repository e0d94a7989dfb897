package profile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// repliesOf are the samples that are replies of an API, with their profiles.
func repliesOf(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(networks, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".json" {
			name, _, _ := strings.Cut(strings.TrimPrefix(path, networks+"/"), "/")
			found[path], _, _ = strings.Cut(strings.TrimSuffix(name, ".json"), "-")
		}
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatal("there are no samples of replies", err)
	}
	return found
}

// applied reads files with a profile and returns what is told of their rows.
func applied(t *testing.T, p *profile.Profile, paths ...string) (report *profile.Report, told []sheet.Message) {
	t.Helper()
	book, err := sheet.Open(paths, sheet.Options{Known: mapping.Known})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	derived, report, err := profile.Apply(book, p, profile.Settings{IDs: profile.IDs{}, Now: noon})
	var invalid *profile.Invalid
	if errors.As(err, &invalid) && strings.Contains(err.Error(), "this is not a") {
		return nil, nil // what tells the export is not there
	}
	if err != nil {
		t.Fatal(err)
	}
	told = slices.Clone(derived.Notes)
	for _, table := range derived.Tables {
		for row, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, row.Flaws...)
		}
	}
	return report, told
}

func written(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Replies leave out what is not set, write null for it, or, where PHP writes
// them, an empty list for an empty object: none of that makes an expression fail.
func TestRepliesLackMembers(t *testing.T) {
	for path, network := range repliesOf(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := load(t, network, choices[strings.TrimSuffix(filepath.Base(path), ".json")])
			members := membersOf(t, text)
			for _, value := range []string{"", "null", "[]", "{}"} {
				var pages [][]byte // one for each member, since they are read fast
				for _, member := range members {
					pages = append(pages, with(t, text, value, func(name string) bool { return name == member }))
				}
				neverFails(t, p, slices.Concat([]byte("["), bytes.Join(pages, []byte(",")), []byte("]")))
			}
			for bit := range 8 { // where no row has a member, there is no column
				neverFails(t, p, with(t, text, []string{"", "null"}[bit%2], func(name string) bool {
					return slices.Index(members, name)>>(bit/2)&1 == bit%2
				}))
			}
		})
	}
}

func neverFails(t *testing.T, p *profile.Profile, reply []byte) {
	t.Helper()
	_, told := applied(t, p, written(t, "reply.json", reply))
	for _, m := range told {
		if m.Code == "expression_failed" {
			t.Errorf("%s %s: %s", m.Cell, m.Column, m.Text)
		}
	}
}

// membersOf lists the names of all members of a JSON text.
func membersOf(t *testing.T, text []byte) []string {
	names := map[string]bool{}
	eachObject(decoded(t, text), func(object map[string]any) {
		for name := range object {
			names[name] = true
		}
	})
	return slices.Sorted(maps.Keys(names))
}

func eachObject(value any, do func(map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		do(v)
		for _, member := range v {
			eachObject(member, do)
		}
	case []any:
		for _, item := range v {
			eachObject(item, do)
		}
	}
}

func decoded(t *testing.T, text []byte) (value any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// with writes a JSON text with another value for the members of some names, or
// without them where the value is blank.
func with(t *testing.T, text []byte, value string, of func(name string) bool) []byte {
	root := decoded(t, text)
	eachObject(root, func(object map[string]any) {
		for name := range object {
			switch {
			case !of(name):
			case value == "":
				delete(object, name)
			default:
				object[name] = json.RawMessage(value)
			}
		}
	})
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Pages in one file, one after the other or in a list, are read as those in
// files of their own.
func TestPagesOfRepliesInOneFile(t *testing.T) {
	for path, network := range repliesOf(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p := load(t, network, nil)
		alone, _ := applied(t, p, path)
		if alone == nil || bytes.Contains(text, []byte(`"campaign": {`)) {
			continue // it is read beside another file alone, or is one campaign
		}
		second := bytes.ReplaceAll(text, []byte(`"network_offer_id": `), []byte(`"network_offer_id": 9`)) // the rows of one id are one offer
		for form, pages := range map[string][]byte{
			"one after the other": slices.Concat(text, second),
			"in a list":           slices.Concat([]byte("["), text, []byte(","), second, []byte("]")),
		} {
			if bytes.HasPrefix(text, []byte("[")) {
				continue // its page is the list itself
			}
			report, told := applied(t, p, written(t, "pages.json", pages))
			if report == nil || report.Offers != 2*alone.Offers {
				t.Errorf("%s, two pages %s: %+v", path, form, report)
			}
			for _, m := range told {
				if m.Code == "unknown_sheet" {
					t.Errorf("%s, two pages %s: %s", path, form, m.Text)
				}
			}
		}
	}
}

// What an affiliate's own key is answered has neither URL nor revenue: it is
// known, and refused with the reason.
func TestRepliesToAffiliatesAreRefused(t *testing.T) {
	for network, reply := range map[string]string{
		"affise": `{"status":1,"offers":[{"id":7,"offer_id":"7","title":"Tea","preview_url":"https://tea.example.com/","payments":[{"countries":["US"],"goal":"1","revenue":1.4,"currency":"usd","type":"fixed"}],"required_approval":true,"macro_url":"&sub1={clickid}","link":""}]}`,
		"everflow": `{"offers":[{"network_offer_id":7,"name":"Tea","preview_url":"https://tea.example.com/","offer_status":"active","visibility":"public","currency_id":"USD","tracking_url":"https://go.example.com/A/B/",
			"relationship":{"offer_affiliate_status":"approved","payouts":{"entries":[{"entry_name":"Base","payout_type":"cpa","payout_amount":2}]}}}],"paging":{"page":1}}`,
		"tune":      `{"response":{"status":1,"data":{"page":"1","data":{"7":{"Offer":{"id":"7","name":"Tea","require_approval":"0","require_terms_and_conditions":0,"preview_url":"https://tea.example.com/","default_payout":"1.50","payout_type":"cpa_flat"}}}}}}`,
		"offer18":   `{"response":"200","data":{"7":{"offerid":"7","name":"Tea","status":"active","currency":"USD","price":3,"model":"CPA","offer_terms":"","country_allow":"US","capping":[],"payout":[]}}}`,
		"cake-flat": `{"row_count":1,"data":[{"offer_id":7,"offer_contract_id":8,"campaign_id":null,"offer_name":"Tea","vertical_name":"Food","price":11,"price_format":"CPA","hidden":false}]}`,
	} {
		path := written(t, "reply.json", []byte(reply))
		all, err := library().All()
		if err != nil {
			t.Fatal(err)
		}
		p, _ := profile.Recognise(readBook(t, path), all)
		if p == nil || p.Name != network {
			t.Errorf("%s: the reply was taken for one of %+v", network, p)
			continue
		}
		_, told := applied(t, p, path)
		if !slices.ContainsFunc(told, func(m sheet.Message) bool {
			return m.Level == sheet.LevelError && strings.Contains(m.Text, "affiliate's") && strings.Contains(m.Text, "what the advertiser pays")
		}) {
			t.Errorf("%s: nothing says that this is an affiliate's reply: %+v", network, told)
		}
	}
}

// A payout of which an amount is not known must not pass for one of nothing.
func TestPayoutsWithoutAmounts(t *testing.T) {
	const reply = `{"network_offer_id":7,"name":"Tea","network_advertiser_id":13,"destination_url":"https://tea.example.com/?t={transaction_id}","offer_status":"active","visibility":"public","currency_id":"USD",
		"payout_revenue":[{"entry_name":"Base","is_default":true,"payout_type":"cpa","payout_amount":PAYOUT,"revenue_type":"rpa","revenue_amount":REVENUE}]}`
	for _, test := range []struct {
		payout, revenue string
		want            sheet.Level
	}{{"2", "3", sheet.LevelInfo}, {"0", "3", sheet.LevelInfo}, {"null", "3", sheet.LevelWarning}, {"2", "null", sheet.LevelWarning}, {"null", "null", sheet.LevelError}} {
		text := strings.NewReplacer("PAYOUT", test.payout, "REVENUE", test.revenue).Replace(reply)
		_, told := applied(t, load(t, "everflow", nil), written(t, "offer.json", []byte(text)))
		if !slices.ContainsFunc(told, func(m sheet.Message) bool { return m.Column == "revenue" && m.Level == test.want }) {
			t.Errorf("%s and %s: no %s in %+v", test.payout, test.revenue, test.want, told)
		}
	}
}

// Two categories of a network may be one of the account's: it is sent once.
func TestTwoIDsThatAreOne(t *testing.T) {
	text := strings.Replace(small, "          title: title\n", "          title: title\n          categories: {from: cats, ids: categories}\n", 1)
	if text == small {
		t.Fatal("the small profile has no title")
	}
	ids := profile.IDs{"categories": {"loans": "5368a3973b7d9b89058b4501", "credit": "5368a3973b7d9b89058b4501", "games": "5368a3973b7d9b89058b4502"}}
	export := "oid,title,link,st,pay,cats\n1,One,https://a.example.com/?c={tid},on,1,\"Loans, Games, Credit\"\n"
	got := takeText(t, text, export, profile.Settings{IDs: ids})
	if want := `"categories":["5368a3973b7d9b89058b4501","5368a3973b7d9b89058b4502"]`; !strings.Contains(string(got.Offers[0].Body), want) {
		t.Errorf("%s lacks %s", got.Offers[0].Body, want)
	}
}
