package mapping

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"offerlift/internal/sheet"
)

// TestLeftOut: a sign or a word that leaves a value out never lets it in.
func TestLeftOut(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"targeting", "country_allow", "-US", "", "left_out `-US` looks as if US were to be left out: write US into country_deny"},
		{"targeting", "country_allow", "!US", "", "left_out write US into country_deny"},
		{"targeting", "country_allow", "~US", "", "left_out write US into country_deny"},
		{"targeting", "country_allow", "−US", "", "left_out"},
		{"targeting", "country_allow", "not US", "", "left_out write US into country_deny"},
		{"targeting", "country_allow", "EU, !UK", "", "left_out `!UK` looks as if UK were to be left out"},
		{"targeting", "country_allow", "!EU", "", "left_out write EU into country_deny"},
		{"targeting", "country_allow", "US -CA", "", "bad_country put commas between several; write those that are left out into country_deny"},
		{"targeting", "country_deny", "-US", "", "left_out write US alone, since country_deny leaves out what it names"},
		{"payments", "countries", "-US", "", "left_out write US alone, and yes into country_exclude"},
		{"caps", "country", "!US", "", "left_out country cannot leave any out"},
		{"targeting", "country_allow", "US?", "", "bad_country `US?` has a question mark: write US if it is sure"},
		{"targeting", "country_allow", "US*", "", "bad_country write US alone"},
		{"targeting", "country_allow", "(US)", "", "bad_country write US alone"},
		{"targeting", "country_allow", "#US", "", "bad_country write US alone"},
		{"targeting", "country_allow", "US only", "", "bad_country write US alone"},
		{"targeting", "country_allow", "n/a", "", "bad_country clear the cell where every country is meant"},
		{"targeting", "country_deny", "-", "", "bad_country clear the cell where none is kept out"},
		{"targeting", "country_allow", "England", "", "bad_country Did you mean United Kingdom (GB)?"},
		{"targeting", "country_allow", "NO, US", `["NO","US"]`, ""},
		{"targeting", "country_allow", "U.S., Guinea-Bissau; Congo - Kinshasa; Korea (South); Congo, Dem. Rep.", "", "bad_country"},
		{"targeting", "country_allow", "U.S.; Guinea-Bissau; Congo - Kinshasa; Korea (South); Côte d'Ivoire", `["US","GW","CD","KR","CI"]`, ""},
		{"targeting", "region_allow", "!US:33", "", "left_out"},
		{"targeting", "device_type", "-mobile", "", "left_out `-mobile` looks as if mobile were to be left out: write mobile alone, and yes into device_type_deny"},
		{"targeting", "device_type", "mobile*", "", "not_allowed Did you mean mobile?"},
		{"targeting", "connection", "!WiFi", "", "left_out and yes into connection_deny"},
		{"targeting", "os_allow", "-iOS", "", "left_out write iOS alone, and yes into os_deny"},
		{"targeting", "os_allow", "Android >= 6; !iOS", "", "left_out"},
		{"targeting", "browser_allow", "not Chrome", "", "left_out write Chrome into browser_deny"},
		{"targeting", "isp_allow", "US:!Comcast", "", "left_out write Comcast into isp_deny"},
		{"", "status", "!active", "", "not_allowed"},
		{"", "is_top", "yes?", "", "bad_flag"},
		{"payments", "os", "-iOS", "", "left_out"},
	})
}

// FuzzCountry: a text with another sign than those of names is no country.
func FuzzCountry(f *testing.F) {
	for _, text := range []string{"-US", "US?", "(US)", "Korea (South)", "Côte d'Ivoire", "Congo - Kinshasa", "Bosnia & Herzegovina", "U.S.", "#US", "US✗", "EU27", "🇺🇸 US"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, country := world().country(text)
		_, group := world().group(text)
		if !country && !group {
			return
		}
		first := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) })
		for i, r := range text {
			letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r)
			if !letter && (i == first || !strings.ContainsRune(".,()"+joiners, r)) {
				t.Fatalf("%q is a country, though it holds %q", text, r)
			}
		}
	})
}

// TestBlankWords: what stands for nothing, or for the cell above, is told so.
func TestBlankWords(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "stop_date", "never", "", "bad_date `never` stands for nothing: clear the cell where there is none"},
		{"", "hold_period", "none", "", "bad_number clear the cell where there is none"},
		{"", "advertiser", "tbc", "", "unknown_name stands for nothing, and advertiser is needed"},
		{"", "is_top", "?", "", "bad_flag clear the cell"},
		{"", "url", `"`, "", "ditto"},
		{"", "title", "same as above", "", "ditto asks for the value above it"},
		{"", "status", "same", "", "ditto"},
		{"", "title", "Same", `"Same"`, ""},
		{"", "is_top", "Oui", `"1"`, ""},
		{"", "is_top", "Non", `"0"`, ""},
		{"", "is_top", "sí", `"1"`, ""},
		{"targeting", "os_allow", "all", "", "not_allowed clear the cell where every one is meant"},
		{"targeting", "device_type", "any", "", "not_allowed clear the cell where every one is meant"},
		{"payments", "affiliates", "all", "", "bad_id clear the cell where every one is meant"},
	})
}

// TestAdvice: what a message proposes is right.
func TestAdvice(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"payments", "total", "01. Mai", "", "made_date such as 1.5 or 5.1"},
		{"payments", "total", "(5.00)", "", "bad_amount brackets mean minus, and total cannot be below 0"},
		{"payments", "total", "up to $20", "", "bad_amount it says no certain amount; write what is paid, or give each case a row"},
		{"payments", "total", "5-7", "", "bad_amount it is a range; write one amount"},
		{"payments", "total", "$15 + 10%", "", "bad_amount it is an amount and a percentage"},
		{"payments", "revenue", "5.50/4.20", "", "bad_amount the other into total if it is what the advertiser pays"},
		{"payments", "total", "1.250", "", "ambiguous_number write 1.25 or 1250"},
		{"caps", "value", "1.000", "", "ambiguous_number write 1 or 1000"},
		{"", "hold_period", "net 30", "", "bad_number write 30 alone"},
		{"payments", "affiliates", "#7", "", "bad_id write 7"},
		{"payments", "affiliates", "aff 12", "", "bad_id write 12"},
		{"payments", "affiliates", "7.12", "", "bad_id write 7, 12"},
		{"", "advertiser", "573c69a33b7d9bOe638b4576", "", "bad_id character 15 is the letter O, maybe for the digit 0"},
		{"", "stop_date", "1. Dezember 2031", "", "bad_date write it as 2031-12-01"},
		{"", "stop_date", "31.12.31", "", "bad_date write 2031-12-31"},
		{"", "stop_date", "12/31/2031 11:59 PM", "", "bad_date write 2031-12-31 alone"},
		{"", "start_at", "31.12.2031 23:59 CET", "", "bad_date write 2031-12-31 23:59:00, without a zone"},
		{"", "stop_date", "31.02.2030", "", "bad_date that month ends on 2030-02-28"},
		{"", "stop_date", "46752", "", "bad_date it is the number by which spreadsheets store 2027-12-31"},
		{"", "caps_timezone", "Pacific", "", "bad_timezone Did you mean America/Los_Angeles?"},
		{"", "caps_timezone", "EST", `"EST"`, "doubtful_timezone America/New_York"},
		{"", "url_preview", "Click here", "", "bad_url choose Edit Hyperlink"},
		{"", "url_preview", "https//a.example.com/x", "", "bad_url write https://a.example.com/x"},
		{"", "url_preview", "https://track.example,com", "", "bad_url write track.example.com if that is meant"},
		{"", "url", "https://t.example.com/?c={ClickID}", "", "no_clickid write {clickid} in place of {ClickID}"},
		{"", "url", "https://t.example.com/?c=<clickid>", "", "no_clickid in place of <clickid>"},
		{"", "url", "https://t.example.com/?c=#clickid#&d=[click_id]", `"https://t.example.com/?c=#clickid#\u0026d=[click_id]"`, "no_clickid"},
		{"", "url", "https://t.example.com/?c={clickid}&t={transaction_id}", `"https://t.example.com/?c={clickid}\u0026t={transaction_id}"`, "unknown_macro"},
		{"", "url_preview", "https://a.example.com/x,", `"https://a.example.com/x,"`, "doubtful_url ends in `,`"},
		{"", "url_preview", "https://a.example.com/a–b", `"https://a.example.com/a–b"`, "doubtful_url"},
		{"", "logo", "https://cdn.example.com/logo.png", "", "bad_file download it"},
		{"", "title", "########", "", "cell_error a column too narrow"},
		{"", "title", "A\nB", `"A\nB"`, "doubtful_text line break"},
		{"", "title", "Caf\ufffd", "", "bad_character a character was lost"},
		{"", "title", "GrÃ¼ÃŸe", `"GrÃ¼ÃŸe"`, "doubtful_text looks as if it were Grüße"},
		{"", "title", "=HYPERLINK(\"x\")", `"=HYPERLINK(\"x\")"`, "doubtful_text"},
		{"", "title", "Tom &amp; Co", `"Tom \u0026amp; Co"`, "doubtful_text `&amp;`"},
		{"", "title", "São Paulo – Ñandú & Co", `"São Paulo – Ñandú \u0026 Co"`, ""},
		{"", "title", strings.Repeat("x", 312), "", "too_long take 57 out"},
		{"", "action", "delete", "", "not_allowed offerlift undo"},
		{"payments", "type", "CPA", "", "not_allowed fixed (an amount a conversion)"},
		{"targeting", "os_allow", "Andriod", `[{"name":"Andriod"}]`, "doubtful_name Did you mean Android?"},
		{"payments", "os", "Fuchsia", `["Fuchsia"]`, ""},
	})
	_, _, messages := readCell(t, "", "privacy_level", number("0.15", "0%"), Options{})
	checkSaid(t, "bad_number 15% is a percentage, and privacy_level takes a whole number", messages)
	_, _, messages = readCell(t, "", "external_offer_id", number("123456789012345700", ""), Options{})
	checkSaid(t, "lost_digits the cell shows `1.23E+17`", messages)
}

// TestNoNumberIsProposedForAnother: what differs in its digits is another thing.
func TestNoNumberIsProposedForAnother(t *testing.T) {
	for _, c := range []struct{ word, other, want string }{
		{"to-3", "to-1", ""}, {"sub31", "sub3", ""}, {"goal", "goals", "goals"}, {"instal-1", "install-1", "install-1"}, {"offer-08", "ofer-8", "ofer-8"},
	} {
		if got := nearest(c.word, []string{c.other}); got != c.want {
			t.Errorf("for %s, %q is proposed, want %q", c.word, got, c.want)
		}
	}
}

// TestNamesOfTheAccount: where there is an account, its names are the ones.
func TestNamesOfTheAccount(t *testing.T) {
	asked := 0
	opts := Options{Values: func(list string) []string {
		asked++
		if list != "oses" {
			t.Errorf("asked for %s, which no row fills", list)
		}
		return []string{"Android", "iOS", "Mac OS X"}
	}}
	head := "offer,os_allow,browser_allow"
	_, offers := mapFiles(t, map[string]string{
		"offers.csv":    lines(offersHeader, goodOffer("a"), goodOffer("b")+"&b", goodOffer("c")+"&c"),
		"payouts.csv":   lines(payoutHeader, goodPayout("a"), goodPayout("b"), goodPayout("c")),
		"targeting.csv": lines(head, "a,android,", "b,Andriod,", "c,Mac,"),
	}, opts)
	for i, want := range []string{"info B2 repaired `android` was read as Android", "error B3 not_allowed Did you mean Android?", "error B4 not_allowed Did you mean Mac OS X?"} {
		m := offers[i].Messages
		if len(m) != 1 || !strings.HasPrefix(want, fmt.Sprintf("%s %s %s ", m[0].Level, m[0].Cell, m[0].Code)) || !strings.Contains(m[0].Text, strings.SplitN(want, " ", 4)[3]) {
			t.Errorf("said %v, want %s", m, want)
		}
	}
	if asked != 1 {
		t.Errorf("the account was asked %d times", asked)
	}
}

// TestShiftedRows: a block of rows that stand a column off is told in one
// sentence, which each of its offers has, and nothing else.
func TestShiftedRows(t *testing.T) {
	head := "external_offer_id,title,advertiser,url,status,payout_type,payout_currency,payout_total,payout_revenue,notes,free"
	row := func(key string) string {
		return key + ",T " + key + "," + anAdvertiser + ",https://t.example.com/" + key + "?c={clickid},active,fixed,USD,2,1,,"
	}
	right := func(key string) string { return "," + strings.TrimSuffix(row(key), ",") }
	left := func(key string) string { return key + "," + strings.SplitN(row(key), ",", 3)[2] + "," }
	_, offers := mapFiles(t, map[string]string{"offers.csv": lines(head, row("a"), right("b"), right("c"), right("d"), row("e"), right("f"), left("g"))}, Options{})
	want := map[int]string{
		3: "rows 3 to 5 stand one column too far to the right, from A on: delete A3:A5",
		4: "rows 3 to 5 stand", 5: "rows 3 to 5 stand",
		7: "this row stands one column too far to the right, from A on: delete its cell in A",
		8: "this row stands one column too far to the left",
	}
	for i, o := range offers {
		at := i + 2
		if want[at] == "" {
			if !o.Valid() || len(o.Messages) > 0 {
				t.Errorf("row %d: %v", at, o.Messages)
			}
			continue
		}
		if len(o.Messages) != 1 || o.Messages[0].Code != codeShifted || o.Messages[0].Cell != fmt.Sprint(at) || !strings.Contains(o.Messages[0].Text, want[at]) {
			t.Errorf("row %d: %v, want %s", at, o.Messages, want[at])
		}
	}
}

// TestSwappedCellsAreNoShift: two wrong cells that belong into each other's place
// were not moved.
func TestSwappedCellsAreNoShift(t *testing.T) {
	head := "external_offer_id,title,advertiser,url,status,payout_type,payout_currency,payout_total,payout_revenue"
	_, offers := mapFiles(t, map[string]string{"offers.csv": lines(head, "a,T,https://t.example.com/?c={clickid},"+anAdvertiser+",active,fixed,2,USD,1")}, Options{})
	for _, m := range offers[0].Messages {
		if m.Code == codeShifted {
			t.Errorf("said %v", m)
		}
	}
	if offers[0].Valid() {
		t.Error("the row is taken")
	}
}

// TestMoreOffersThanABlockHolds: a block that is too long is told in parts.
func TestMoreOffersThanABlockHolds(t *testing.T) {
	var block shiftedBlock
	table, got := &sheet.Table{}, 0
	yield := func(o Offer, _ error) bool {
		got++
		if !strings.HasPrefix(o.Messages[0].Text, "rows ") {
			t.Fatalf("offer %d: %s", got, o.Messages[0].Text)
		}
		return true
	}
	for row := 1; row <= mostShifted+10; row++ {
		o := Offer{Messages: []sheet.Message{{}}, shift: offset{table, 1, 0, row}}
		if !block.pass(o, yield) || len(block.offers) > mostShifted {
			t.Fatal("it grows")
		}
	}
	if block.end(yield); got != mostShifted+10 {
		t.Errorf("%d offers", got)
	}
}
