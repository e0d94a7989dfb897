package mapping

import (
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

const capsHeader = "offer,period,type,value"

// TestFormsOfNames: what programs and people make of our names is read as ours.
func TestFormsOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"payouts (1)": "Payouts", "Caps - Table 1": "Caps", "Caps-Table 1": "Caps", "Landing Page": "Landings",
		"December launch - Payouts": "Payouts", "launch.xlsx - Target group (2)": "Targeting", "Html creative": "Html creatives", "Offers - Tabelle 1": "Offers",
		"Capping": "", "Payouts old": "", "Sheet2": "", "s": "", " - ": "", "Payout rates": "",
	} {
		r, got := words().roleOf(name), ""
		if r.part >= 0 {
			got = words().parts[r.part].Sheet
		}
		if got != want || r.form != (want != "") {
			t.Errorf("%s was taken for %q", name, got)
		}
	}
}

// TestUnreadSheets: what looks like ours and would not be read keeps the whole
// input from being sent.
func TestUnreadSheets(t *testing.T) {
	base := map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"), goodOffer("b")), "payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"))}
	for _, c := range []struct {
		name, file, content string
		say                 string // of the problem; blank: a warning at most
	}{
		{"caps of our offers", "capping.csv", lines(capsHeader, "a,day,clicks,5"), "looks like Caps (offer, period, type, value; 1 of its rows name offers of this input)"},
		{"targeting of our offers", "geo.csv", lines("offer,country_allow", "a,US"), "rename it to targeting.csv, or leave it out with --ignore-sheet geo"},
		{"caps of others", "capping.csv", lines(capsHeader, "c,day,clicks,5"), ""},
		{"a name that is near", "capss.csv", lines(capsHeader, "c,day,clicks,5"), "looks like Caps"},
		{"no rows", "capss.csv", lines(capsHeader), ""},
		{"other columns", "contacts.csv", lines("offer,name,phone,mail", "a,Tom,1,x"), ""},
		{"a copy of the offers", "Copy of offers.csv", lines(offersHeader, goodOffer("a")), `looks like Offers (external_offer_id, title, advertiser, url) and would not be read, so nothing is sent: move its rows to file ` + "`offers.csv`" + `, or leave it out with --ignore-sheet "Copy of offers"`},
		{"further offers", "offers DE.csv", lines(offersHeader, goodOffer("c")), "looks like Offers"},
		{"a second download", "payouts (1).csv", lines(payoutHeader, goodPayout("a")), "file `payouts.csv` and file `payouts (1).csv` both look like Payouts, so nothing is sent: take out the one that is not meant, or leave it out, such as with --ignore-sheet \"payouts (1)\""},
		{"the singular beside the plural", "payout.csv", lines(payoutHeader, goodPayout("a")), "both look like Payouts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{c.file: c.content}
			for name, content := range base {
				files[name] = content
			}
			m, err := openFiles(t, files, Options{})
			if c.say == "" {
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(m.Messages(), func(m sheet.Message) bool { return m.Code == codeUnknownSheet && m.File == c.file }) {
					t.Errorf("said %v", m.Messages())
				}
				return
			}
			if err == nil {
				t.Fatal("it was read")
			}
			if first := problemsOf(t, err)[0]; !strings.Contains(first.Text, c.say) {
				t.Errorf("said %q", first.Text)
			}
		})
	}
}

// TestDownloadedSheets: Google Sheets names each sheet's CSV after its workbook.
func TestDownloadedSheets(t *testing.T) {
	m, offers := mapFiles(t, map[string]string{
		"May - Offers.csv": lines(offersHeader, goodOffer("a")), "May - Payouts.csv": lines(payoutHeader, goodPayout("a")),
		"June - Offers.csv": lines(offersHeader, goodOffer("b")), "June - Payouts.csv": lines(payoutHeader, goodPayout("b")), "June - Caps.csv": lines(capsHeader, "b,day,clicks,5"),
	}, Options{})
	if len(offers) != 2 || !offers[0].Valid() || !offers[1].Valid() || len(offers[0].Children)+len(offers[1].Children) != 3 {
		t.Errorf("%v %v", offers, m.Messages())
	}
}

// TestTablesBelow: what stands below another header is told, and never read as offers.
func TestTablesBelow(t *testing.T) {
	flat := offersHeader + ",payout_type,payout_currency,payout_total,payout_revenue"
	offer := func(key string) string { return goodOffer(key) + ",fixed,USD,2,1" }
	_, err := openFiles(t, map[string]string{"offers.csv": lines(flat, offer("a"), ",,,,,,,", "CAPS,,,,,,,", capsHeader+",,,,", "a,day,clicks,5,,,,", "b,day,clicks,5,,,,")}, Options{})
	if got := problemsOf(t, err); got[0].Code != codeSecondTable || got[0].Cell != "5" ||
		!strings.Contains(got[0].Text, "row 5 begins another table (offer, period, type, value), and rows 5 to 7 would not be read, so nothing is sent: move them to a sheet or a file of their own, named Caps") {
		t.Errorf("said %v", got)
	}
	m, offers := mapFiles(t, map[string]string{"offers.csv": lines(flat, offer("a"), ",,,,,,,", "Batch 2,,,,,,,", flat, offer("b"))}, Options{})
	if len(offers) != 2 || !offers[1].Valid() || !said(m.Messages(), sheet.LevelWarning, codeNoOffer) {
		t.Errorf("the same header again: %v %v", offers, m.Messages())
	}
}

// TestRowsThatAreNoOffers: sums and remarks are told once each; what may be an offer
// that somebody has begun stays one.
func TestRowsThatAreNoOffers(t *testing.T) {
	header := offersHeader + ",status,payout_type,payout_currency,payout_total,payout_revenue,colour"
	for row, left := range map[string]bool{
		"Total,,,,,,,106.5,45,":                        true,
		"GESAMT,,,,,,,3,2,":                            true,
		",,,,,,,106.5,Grand total,":                    true,
		"Total,2 offers,,,,,,3,2,":                     true,
		"NB: ask Boris by Friday!,,,,,,,,,":            true,
		"Last update 20.11. by Boris,,,,,,,,,":         true,
		",,,,,,,,,red":                                 true,
		",,,,to do,,,,,":                               true,
		"sh-31,,,,,,,,,":                               false,
		",Summer games,,,,,,,,":                        false,
		",,,https://t.example.com/,,,,,,":              false,
		",,,,,fixed,USD,2,1,":                          false,
		"Total,Total,,https://t.example.com/1,,,,2,1,": false,
		"Sum 1,,,,active,,,2,1,":                       false,
	} {
		m, offers := mapFiles(t, map[string]string{"offers.csv": lines(header, goodOffer("a")+",active,fixed,USD,2,1,", row)}, Options{})
		if (len(offers) == 1) != left || said(m.Messages(), sheet.LevelWarning, codeNoOffer) != left {
			t.Errorf("%s: %d offers, %v", row, len(offers), m.Messages())
		}
		if !left && offers[1].Valid() {
			t.Errorf("%s is a valid offer", row)
		}
	}
}

// TestSumsOfChildren: a sum below payouts belongs to no offer, and costs none.
func TestSumsOfChildren(t *testing.T) {
	m, _ := mapFiles(t, map[string]string{"offers.csv": lines(offersHeader, goodOffer("a")),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), "Total,,,2.00,1.40", "prices are net,,,,", "b,,,,")}, Options{})
	if got := short(m.Messages()); !slices.Equal(got, []string{"warning payouts!3 no_offer_row", "warning payouts!4 no_offer_row", "error payouts!A5 orphan"}) {
		t.Errorf("said %v", got)
	}
}

// TestOtherFiles: a file of something else is told as such, in one message.
func TestOtherFiles(t *testing.T) {
	for content, want := range map[string]string{
		lines("Booking date,Description,Amount", "20.11.2026,Rent,900"):                                                             "not_offers its columns in row 1 are Booking date, Description, Amount",
		lines("a,Summer,"+anAdvertiser+",https://t.example.com/,active", "b,Winter,"+anAdvertiser+",https://t.example.com/,active"): "no_column_names row 1 holds an offer, not column names",
	} {
		_, err := openFiles(t, map[string]string{"x.csv": content}, Options{})
		code, text, _ := strings.Cut(want, " ")
		got := problemsOf(t, err)
		if got[0].Code != code || !strings.Contains(got[0].Text, text) || said(got, sheet.LevelWarning, codeUnknownColumn) {
			t.Errorf("said %v", got)
		}
	}
}

// TestFileBeside: where payouts lie beside the file that was named, that is said.
func TestFileBeside(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"offers.csv": lines(offersHeader, goodOffer("a")), "payouts.csv": lines(payoutHeader, goodPayout("a"))})
	m, err := openPath(t, dir+"/offers.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o := collect(t, m)[0]; len(o.Messages) != 1 || !strings.Contains(o.Messages[0].Text, "`payouts.csv` lies in the same folder") {
		t.Errorf("said %v", o.Messages)
	}
	_, err = openPath(t, dir+"/payouts.csv", Options{})
	if got := problemsOf(t, err); !strings.Contains(got[0].Text, "`offers.csv` lies in the same folder") {
		t.Errorf("said %v", got)
	}
}
