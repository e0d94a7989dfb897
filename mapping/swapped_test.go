package mapping

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// atALoss are the files of n offers, of whose payouts so many give the affiliate
// more than the advertiser pays.
func atALoss(n, losses int) map[string]string {
	offers, payouts := []string{offersHeader}, []string{payoutHeader}
	for i := range n {
		key := fmt.Sprint("k-", i)
		offers = append(offers, goodOffer(key)+"&n="+key)
		amounts := ",2.00,1.40"
		if i < losses {
			amounts = `,"1,40","2,00"` // as text, with a comma
		}
		payouts = append(payouts, key+",fixed,USD"+amounts)
	}
	return map[string]string{"offers.csv": lines(offers...), "payouts.csv": lines(payouts...)}
}

// TestSwappedAmounts: a loss in most rows is two columns with each other's names,
// and none of it is sent; a few losses may be meant.
func TestSwappedAmounts(t *testing.T) {
	for _, c := range []struct {
		offers, losses int
		opts           Options
		swapped        bool
	}{
		{5, 4, Options{}, true},
		{5, 3, Options{}, true},
		{6, 3, Options{}, false},
		{2, 2, Options{}, false},
		{5, 5, Options{AllowLoss: true}, false},
	} {
		_, offers := mapFiles(t, atALoss(c.offers, c.losses), c.opts)
		texts := map[string]bool{}
		for i, o := range offers {
			if isLoss := i < c.losses; said(o.Messages, sheet.LevelError, codeSwapped) != (isLoss && c.swapped) || said(o.Messages, sheet.LevelWarning, codeAboveRevenue) != (isLoss && !c.swapped) {
				t.Errorf("%d of %d, offer %d: %v", c.losses, c.offers, i, o.Messages)
			} else if isLoss && c.swapped {
				texts[o.Messages[0].Text] = true
			}
		}
		want := fmt.Sprintf("in %d of %d rows, so the two look swapped and these are not sent: swap the names of the two columns (D1 and E1)", c.losses, c.offers)
		for text := range texts {
			if len(texts) > 1 || !strings.Contains(text, want) {
				t.Errorf("said %q, want %s", text, want)
			}
		}
	}
}

// TestSwappedAmountsOfAFlatSheet counts those of its own columns.
func TestSwappedAmountsOfAFlatSheet(t *testing.T) {
	rows := []string{offersHeader + ",payout_type,payout_currency,payout_total,payout_revenue"}
	for i := range 3 {
		rows = append(rows, goodOffer(fmt.Sprint("k-", i))+",fixed,USD,1,2")
	}
	_, offers := mapFiles(t, map[string]string{"offers.csv": lines(rows...)}, Options{})
	m := offers[2].Messages
	if i := slices.IndexFunc(m, func(m sheet.Message) bool { return m.Code == codeSwapped }); i < 0 || m[i].Cell != "H4" || !strings.Contains(m[i].Text, "payout_revenue (what the affiliate gets) is above payout_total (what the advertiser pays) in 3 of 3 rows") {
		t.Errorf("said %v", m)
	}
}

// TestExchangedCells: two cells that hold each other's values are one mistake.
func TestExchangedCells(t *testing.T) {
	target := func(row string) map[string]string {
		return one("", "", "targeting.csv", lines("offer,country_allow,device_type,os_allow", "a,"+row))
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // the one error, as "sheet!cell text"; blank: others
	}{
		{"countries and devices", target(`mobile,"US, CA",iOS`), "targeting!B2 country_allow (B) and device_type (C) hold each other's values"},
		{"type and currency", payouts(payoutHeader, "a,USD,fixed,2,1"), "payouts!B2 type (B) and currency (C)"},
		{"title and advertiser", map[string]string{"offers.csv": lines(offersHeader, "a,"+anAdvertiser+",Summer,https://t.example.com/?c={clickid}"), "payouts.csv": lines(payoutHeader, goodPayout("a"))},
			"offers!B2 title (B) and advertiser (C)"},
		{"the URL and its preview", map[string]string{"offers.csv": lines(offersHeader+",url_preview", "a,Summer,"+anAdvertiser+",https://example.com/,https://t.example.com/?c={clickid}"), "payouts.csv": lines(payoutHeader, goodPayout("a"))},
			"offers!D2 the URL has no {clickid} and url_preview has it, so the two look swapped"},
		{"one wrong cell", target("mobile,tablet,iOS"), ""},
		{"a text of digits beside a wrong number", one("hold_period,bundle_id", "abc,5"), ""},
		{"a row that stands off", one("status,hold_period", ",active", "payouts.csv", lines(payoutHeader, goodPayout("a"))), ""},
	} {
		_, offers := mapFiles(t, c.files, Options{})
		var wrong []sheet.Message
		for _, m := range offers[0].Messages {
			if m.Level == sheet.LevelError && (m.Code == codeSwapped || c.want != "") {
				wrong = append(wrong, m)
			}
		}
		place, text, _ := strings.Cut(c.want, " ")
		if c.want == "" && len(wrong) > 0 || c.want != "" && (len(wrong) != 1 || wrong[0].Sheet+"!"+wrong[0].Cell != place || !strings.Contains(wrong[0].Text, text)) {
			t.Errorf("%s: said %v, want %q", c.name, offers[0].Messages, c.want)
		}
	}
}

// TestNearGoal: a cap whose goal is spelt nearly as a payout's would count nothing,
// so its offer fails; where an update may bring the goal, that is a warning.
func TestNearGoal(t *testing.T) {
	files := one("", "", "payouts.csv", lines(payoutHeader+",goal", goodPayout("a")+",Lead"), "caps.csv", lines("offer,period,type,value,goal_type,goals", "a,day,conversions,5,exact,lead"))
	for mode, level := range map[string]sheet.Level{"create": sheet.LevelError, "upsert": sheet.LevelWarning, "update": sheet.LevelWarning} {
		if _, offers := mapFiles(t, files, Options{Mode: mode}); !said(offers[0].Messages, level, codeNoGoal) {
			t.Errorf("%s: said %v", mode, offers[0].Messages)
		}
	}
}

// TestRowWithoutKey belongs to the offer above, as people write groups of rows: that
// is not sent without it.
func TestRowWithoutKey(t *testing.T) {
	files := map[string]string{"offers.csv": lines(offersHeader, goodOffer("a"), goodOffer("b")+"&b", goodOffer("c")+"&c"),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b"), goodPayout("c")),
		"caps.csv":    lines("offer,period,type,value", ",day,clicks,5", "a,day,clicks,5", ",month,clicks,50", "zzz,day,clicks,5", ",day,clicks,6", "c,day,clicks,5")}
	m, offers := mapFiles(t, files, Options{})
	if offers[0].Valid() || !offers[1].Valid() || !offers[2].Valid() || len(offers[0].Children) != 3 ||
		!strings.Contains(offers[0].Messages[0].Text, "the row names no offer; `a`, which stands above, is probably meant, and it is not sent without this row: write `a` here too") ||
		!strings.Contains(offers[0].Messages[1].Text, "caps.csv A4 names no offer and probably means this offer") {
		t.Errorf("said %v", offers[0].Messages)
	}
	var loose []string
	for _, msg := range m.Messages() {
		loose = append(loose, msg.Cell)
	}
	if !slices.Equal(loose, []string{"A2", "A5", "A6"}) { // none above, no such offer, and the row above names none
		t.Errorf("said %v", m.Messages())
	}
}

// TestSeveralIDsMadeOneNumber: 1,234,567 that was typed is one number for a
// spreadsheet, and maybe three affiliates.
func TestSeveralIDsMadeOneNumber(t *testing.T) {
	for format, bad := range map[string]bool{"#,##0": true, "0": false, "": false} {
		_, f, messages := readCell(t, "payments", "affiliates", sheet.Cell{Kind: sheet.Number, Text: "1234567", Format: format}, Options{})
		if said(messages, sheet.LevelError, codeBadID) != bad || (f.state == wrong) != bad {
			t.Errorf("%q: %v", format, messages)
		}
	}
}
