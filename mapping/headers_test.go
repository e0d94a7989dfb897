package mapping

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

func TestHeaders(t *testing.T) {
	cases := []struct {
		part   int
		header string
		want   string // the part's prefix, number and column; blank: not known
	}{
		{0, "stop_date", "stop_date"}, {0, "stopDate", "stop_date"}, {0, "Stop Date", "stop_date"}, {0, "Stop-date *", "stop_date"},
		{0, "Title (required)", "title"}, {0, "Offer name", "title"}, {0, "Preview URL", "url_preview"},
		{0, "description_lang[en]", "description_en"}, {0, "uniqIpOnly", "uniq_ip_only"},
		{0, "payout_total", "payout 1 total"}, {0, "payout_2_total", "payout 2 total"}, {0, "payout2_total", "payout 2 total"},
		{0, "Payout 2 total", "payout 2 total"}, {0, "payout_total_2", "payout 2 total"}, {0, "payments[0][total]", "payout 0 total"},
		{0, "payout_sub1", "payout 1 sub1"}, {0, "payout_3_sub1", "payout 3 sub1"}, {0, "payout_custom_field12", "payout 1 custom_field12"},
		{0, "cap_value", "cap 1 value"}, {0, "target_country_allow", "target 1 country_allow"}, {0, "targeting_2_country[allow][]", "target 2 country_allow"},
		{0, "html_creative_2_name", "html_creative 2 name"}, {0, "sub_restriction_1_sub2", "sub_restriction 1 sub2"},
		{0, "Affiliate payout", "payout 1 revenue"}, {0, "landing_url", "landing 1 url"}, {0, "caps_timezone", "caps_timezone"},
		{0, "revenue", ""}, {0, "payout_offer", ""}, {0, "Tittle", ""}, {0, "", ""}, {0, "***", ""},
		{1, "Affiliate payout", "revenue"}, {1, "partners[]", "affiliates"}, {1, "payout_total", ""},
		{3, "country[allow][]", "country_allow"}, {3, "sub[allow][1][]", "sub1_allow"}, {3, "external_offer_id", "offer"},
	}
	for _, c := range cases {
		got := ""
		if m, ok := words().find(c.part, c.header); ok {
			p := words().parts[m.part]
			got = p.Columns[m.column].Name
			if c.part == 0 && m.part > 0 {
				got = p.Prefix + " " + strconv.Itoa(m.number) + " " + got
			}
		}
		if got != c.want {
			t.Errorf("%q on sheet %d is %q, want %q", c.header, c.part, got, c.want)
		}
	}
	for _, known := range []string{"Title", "cap_value", "Offer ID", "import status", "Message"} {
		if !Known(known) {
			t.Errorf("%s is not known", known)
		}
	}
	for _, unknown := range []string{"", "Total sum", "n/a"} {
		if Known(unknown) {
			t.Errorf("%s is known", unknown)
		}
	}
}

// TestNamesAndKeysAreUnique: no header of the schema means two columns by name
// or by key, in a sheet of its own or flat.
func TestNamesAndKeysAreUnique(t *testing.T) {
	for part, p := range affise.Parts() {
		for i, col := range p.Columns {
			headers := []string{col.Name, col.Key}
			if part > 0 && col.Kind != affise.KindParent {
				headers = append(headers, p.Prefix+"_"+col.Name, p.Prefix+"_7_"+col.Name)
			}
			for n, header := range headers {
				at := part
				if n > 1 {
					at = 0
				}
				if header == "" {
					continue
				}
				m, ok := words().find(at, header)
				if !ok || m.part != part || m.column != i || n == 3 && m.number != 7 {
					t.Errorf("%s of %s: header %q means %+v", col.Name, p.Sheet, header, m)
				}
			}
		}
	}
}

func TestUnknownColumnsAndSheets(t *testing.T) {
	m, _ := mapFiles(t, map[string]string{
		"Offers.csv":   lines(offersHeader+",Tittle,,import status,zzzzzz,How", goodOffer("a")+",x,lost,created,y,z"),
		"PAYOUTS.csv":  lines(payoutHeader+",curency", goodPayout("a")+",x"),
		"payuots.csv":  lines("day,name,country", "1,2,3"),
		"readme.csv":   lines("a,b,c", "1,2,3"),
		"holidays.csv": lines("day,name,country", "1,2,3"),
	}, Options{})
	want := map[string]string{
		"Offers!E1":  "unknown_column column `Tittle` is not known and was not read. Did you mean title?",
		"Offers!F2":  "nameless_column column F has values but no name in F1: it was not read",
		"Offers!H1":  "unknown_column column `zzzzzz` is not known and was not read",
		"PAYOUTS!F1": "unknown_column Did you mean currency?",
		"payuots":    "unknown_sheet sheet `payuots` is not known and was not read. Did you mean Payouts?",
		"holidays":   "unknown_sheet sheet `holidays` is not known and was not read",
		"readme":     "sheet_left_out",
	}
	for place, say := range want {
		code, part, _ := strings.Cut(say, " ")
		if !slices.ContainsFunc(m.Messages(), func(m sheet.Message) bool {
			return strings.HasSuffix(m.Place(), ", "+place) && m.Code == code && strings.Contains(m.Text, part)
		}) {
			t.Errorf("%s: %s is not among\n%v", place, say, m.Messages())
		}
	}
	for _, msg := range m.Messages() {
		if msg.Level == sheet.LevelError {
			t.Errorf("an error: %v", msg)
		}
	}
}

func TestInputsThatCannotBeRead(t *testing.T) {
	cases := []struct {
		name  string
		files map[string]string
		want  []string // place, code and a part of the text
	}{
		{"a column twice", map[string]string{"offers.csv": lines(offersHeader+",Offer Name", goodOffer("a")+",x")},
			[]string{"Offers!E1 duplicate_column B1 (`title`) and E1 (`Offer Name`) are both the column title"}},
		{"flat twice", map[string]string{"offers.csv": lines(offersHeader+",payout_total,payout_1_total", goodOffer("a")+",1,2")},
			[]string{"Offers!F1 duplicate_column payout_total"}},
		{"twice in two sheets", map[string]string{
			"offers.csv": lines(offersHeader+",Offer Name", goodOffer("a")+",x"), "payouts.csv": lines(payoutHeader+",partner,affiliates", goodPayout("a")+",1,2")},
			[]string{"Offers!E1 duplicate_column", "payouts!G1 duplicate_column"}},
		{"no offers sheet", map[string]string{"payouts.csv": lines(payoutHeader, goodPayout("a")), "caps.csv": lines("offer,period", "a,day")},
			[]string{" no_offers_sheet there is no Offers sheet among `caps`, `payouts`"}},
		{"nothing known", map[string]string{"x.csv": lines("foo,bar,baz", "1,2,3")},
			[]string{"x!A1 no_known_column title, advertiser, url", "x sheet_taken", "x!A1 unknown_column", "x!B1 unknown_column", "x!C1 unknown_column"}},
		{"two languages", map[string]string{"x.csv": lines("Title / Название,Status|Статус", "1,2")},
			[]string{"x!A1 no_known_column", "x sheet_taken", "x!A1 unknown_column Did you mean title?", "x!B1 unknown_column Did you mean status?"}},
		{"no rows", map[string]string{"offers.csv": lines(offersHeader), "payouts.csv": lines(payoutHeader, goodPayout("a"))},
			[]string{"Offers!A1 no_rows", "offers no_rows"}},
		{"only the example", map[string]string{"offers.csv": lines(offersHeader, goodOffer("example"))}, []string{"Offers!A1 no_rows", "2 example_row the row is called EXAMPLE"}},
		{"no parent column", map[string]string{"offers.csv": lines(offersHeader, goodOffer("a")), "payouts.csv": lines("type,currency", "fixed,USD")},
			[]string{"payouts!A1 no_offer_column the sheet has no column offer"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := openFiles(t, c.files, Options{})
			if err == nil {
				t.Fatal("it was read")
			}
			messages := problemsOf(t, err)
			if len(messages) != len(c.want) {
				t.Errorf("problems %v", messages)
			}
			for i, want := range c.want {
				place, rest, _ := strings.Cut(want, " ")
				code, part, _ := strings.Cut(rest, " ")
				m := messages[i]
				if !strings.HasSuffix(strings.ToLower(m.Place()), strings.ToLower(place)) || m.Code != code || !strings.Contains(m.Text, part) {
					t.Errorf("said %s %s %q, want %s", m.Place(), m.Code, m.Text, want)
				}
				if !strings.Contains(err.Error(), m.Text) {
					t.Errorf("the error's text lacks %q", m.Text)
				}
			}
		})
	}
}

func TestBadOptions(t *testing.T) {
	for _, opts := range []Options{{Mode: "replace"}, {Decimal: ';'}, {DateFormat: "DD.MM"}} {
		if _, err := openFiles(t, map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"))}, opts); err == nil {
			t.Errorf("%+v was taken", opts)
		}
	}
}

// TestSheetNames: one table alone is the Offers table whatever its name, and so
// are several that look like it.
func TestSheetNames(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{"export 2026.csv": lines(offersHeader, goodOffer("a"))}, Options{})
	if len(offers) != 1 {
		t.Errorf("%d offers", len(offers))
	}
	m, offers := mapFiles(t, map[string]string{
		"january.csv": lines(offersHeader, goodOffer("a"), goodOffer("b")), "february.csv": lines(offersHeader, goodOffer("c")),
		"payments.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"), goodPayout("c")),
	}, Options{})
	if len(offers) != 3 || !said(m.Messages(), sheet.LevelInfo, codeSheetTaken) {
		t.Errorf("%d offers, %v", len(offers), m.Messages())
	}
	m, _ = mapFiles(t, map[string]string{
		"january.csv": lines(offersHeader, goodOffer("a")), "pay.csv": lines("title,url,total", "a,https://l.example.com,2"),
	}, Options{})
	if !said(m.Messages(), sheet.LevelWarning, codeSheetTaken) {
		t.Errorf("payouts were taken for offers without a warning: %v", m.Messages())
	}
	for _, o := range offers {
		if !o.Valid() {
			t.Errorf("%s: %v", o.Key, o.Messages)
		}
	}
}
