package mapping

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
)

// TestOrphans: a child row that probably means an offer fails it, at both places;
// any other is told by itself, and the offers go.
func TestOrphans(t *testing.T) {
	for _, c := range []struct {
		name  string
		keys  []string // of the offers
		other string   // the key in Caps
		fails int      // the offer, counted from 0; -1: none
	}{
		{"a zero too few", []string{"oc-01", "oc-02"}, "oc-1", 0},
		{"a zero too many", []string{"7", "8"}, "008", 1},
		{"no dash", []string{"oc-01", "oc-02"}, "oc02", 1},
		{"case and a blank", []string{"summer-us"}, "Summer US", 0},
		{"an O for a zero", []string{"oc-01", "oc-02"}, "oc-O2", 1},
		{"a letter too few", []string{"summer-us", "winter-us"}, "sumer-us", 0},
		{"two letters swapped", []string{"summer-us", "winter-us"}, "winter-su", 1},
		{"the title", []string{"oc-01", "oc-02"}, "title 1", 1},
		{"a number cut short", []string{"1000000000000", "1000000000001"}, "1E+12", 0},
		{"a number cut too short", []string{"1234567890123"}, "1.23457E+12", -1},
		{"another digit", []string{"oc-01", "oc-02"}, "oc-03", -1},
		{"a digit more", []string{"oc-11", "oc-21"}, "oc-112", -1},
		{"two are as near", []string{"oc-01", "oc_1"}, "OC 1", -1},
		{"short keys are all near", []string{"ab"}, "ac", -1},
		{"nothing like it", []string{"oc-01"}, "zzz", -1},
		{"none", []string{"oc-01"}, "", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			offers := []string{offersHeader}
			payouts := []string{payoutHeader}
			for i, key := range c.keys {
				offers = append(offers, strings.Replace(goodOffer(key), "Summer", fmt.Sprint("Title ", i), 1))
				payouts = append(payouts, goodPayout(key))
			}
			m, got := mapFiles(t, map[string]string{"offers.csv": lines(offers...), "payouts.csv": lines(payouts...),
				"caps.csv": lines("offer,period,type,value", c.other+",day,clicks,5")}, Options{})
			loose := said(m.Messages(), sheet.LevelError, codeOrphan)
			for i, o := range got {
				if o.Valid() == (i == c.fails) {
					t.Errorf("%s: %v", o.Key, o.Messages)
				}
				if i == c.fails && (o.Messages[0].Cell != "A2" || o.Messages[0].Sheet != "caps" || !strings.Contains(o.Messages[0].Text, "`"+o.Key+"`") ||
					o.Messages[1].Sheet != "offers" || o.Messages[1].Cell != fmt.Sprint("A", i+2) || !strings.Contains(o.Messages[1].Text, "caps.csv A2") || len(o.Children) != 2) {
					t.Errorf("%v with %v", o.Messages, o.Children)
				}
			}
			if loose == (c.fails >= 0) {
				t.Errorf("said %v", m.Messages())
			}
		})
	}
}

// TestOrphanOfAnOfferWithoutKey: its title alone names it, so it needs a key.
func TestOrphanOfAnOfferWithoutKey(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{"offers.csv": lines(offersHeader, goodOffer("")), "payouts.csv": lines(payoutHeader, goodPayout("Summer"))}, Options{})
	if said(offers[0].Messages, sheet.LevelError, codeNoPayout) || !strings.Contains(offers[0].Messages[0].Text, "which has no key") {
		t.Errorf("%v", offers[0].Messages)
	}
}

// TestNoKeyColumn: the one missing column is told, and not each of the rows that
// name offers by it.
func TestNoKeyColumn(t *testing.T) {
	_, err := openFiles(t, map[string]string{"offers.csv": lines("title,advertiser,url", "Summer,"+anAdvertiser+",https://t.example.com/?c={clickid}"),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b")), "caps.csv": lines("offer,period,type,value", "a,day,clicks,5")}, Options{})
	got := problemsOf(t, err)
	if got[0].Code != codeNoKeyColumn || !strings.Contains(got[0].Text, "3 rows of caps and payouts name offers by it") ||
		slices.ContainsFunc(got, func(m sheet.Message) bool { return m.Code == codeOrphan }) {
		t.Errorf("said %v", got)
	}
}

// TestChildOfTheExample: a child row that was written over the template's, its key
// forgotten, is a row without an offer, and told; the template's own is passed over.
func TestChildOfTheExample(t *testing.T) {
	m, offers := mapFiles(t, one("", "", "caps.csv", lines("offer,period,type,value", "EXAMPLE,day,conversions,100.0", "EXAMPLE,day,conversions,77")), Options{})
	orphans := slices.DeleteFunc(m.Messages(), func(m sheet.Message) bool { return m.Code != codeOrphan })
	if len(orphans) != 1 || orphans[0].Cell != "A3" || !strings.Contains(orphans[0].Text, "is not the template's example any more, so it is not sent") ||
		!said(m.Messages(), sheet.LevelInfo, codeExample) || !offers[0].Valid() {
		t.Errorf("said %v", m.Messages())
	}
}

// TestHiddenOffers: the key of a child row may stand in a row that is hidden.
func TestHiddenOffers(t *testing.T) {
	m, _ := mapFiles(t, one("", ""), Options{})
	if text := m.looseText("b"); strings.Contains(text, "hidden") {
		t.Errorf("said %s", text)
	}
	m.offers[0].table.Notes = append(m.offers[0].table.Notes, sheet.Message{Code: "hidden_rows"})
	if text := m.looseText("b"); !strings.HasSuffix(text, "or take the row out; Offers has hidden rows, which are not read: show them where it stands there") {
		t.Errorf("said %s", text)
	}
	if text := m.maybeHidden(schemaRules().payouts); text != "" {
		t.Errorf("said %s of payouts", text)
	}
}
