package profile_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"offerlift/internal/sheet"
	"offerlift/mapping"
	"offerlift/mapping/profile"
)

// sheets are sheets as people keep them, none of a network that we know. What
// each column is stands in the first line, with bars between where several will
// do; a dash is nothing that we have.
func sheets(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/match/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sheets: %v", err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = strings.TrimSpace(string(text))
	}
	return texts
}

// At least nine columns in ten of every sheet are right, nearly none is wrong
// without a doubt, and money never is.
func TestMatchSheets(t *testing.T) {
	surelyWrong := 0
	for file, text := range sheets(t) {
		wanted, body, _ := strings.Cut(text, "\n")
		p := proposal(t, body)
		right, all := 0, 0
		for col, want := range strings.Split(wanted, ";") {
			g := p.Guesses[col]
			all++
			switch {
			case slices.Contains(strings.Split(want, "|"), cmp.Or(g.Means, "-")):
				right++
				continue
			case !g.Doubtful() && (isMoney(g.Means) || isMoney(want) && g.Means != ""):
				t.Errorf("%s: %s is %s, and was taken for %s without a doubt", file, g.Header, want, g.Means)
			case !g.Doubtful() && g.Means != "":
				surelyWrong++
			}
			t.Logf("%s: %s is %s, and was taken for %q (%.2f)", file, g.Header, want, g.Means, g.Sure)
		}
		if right*10 < all*9-5 { // half a column: sheets have a dozen or so
			t.Errorf("%s: only %d of %d columns are right, want nine in ten", file, right, all)
		}
	}
	if surelyWrong > 1 {
		t.Errorf("%d columns are wrong without a doubt", surelyWrong)
	}
}

func isMoney(means string) bool { return means == "revenue" || means == "total" }

// Names that say whose money it is are sure, those that do not are doubted, and
// none is taken the wrong way round.
func TestMoneyByItsName(t *testing.T) {
	for header, want := range map[string]string{
		"Adv pays": "total", "Pub gets": "revenue", "Payout to partners": "revenue", "CPI from client": "total", "Affiliate commission": "revenue",
		"Rate (publisher)": "revenue", "We receive": "total", "Price in": "total", "Price out": "revenue", "Preis Kunde": "total",
		"Publisher-Vergütung": "revenue", "Ставка рекламодателя": "total", "Выплата вебмастеру": "revenue", "Доход партнера": "revenue",
		"Pago al afiliado": "revenue", "Tarif annonceur": "total", "Net payout": "revenue",
		"payout_total": "total", "payout_revenue": "revenue", // our own names
		"Amount": "?", "Rate": "?", "Revenue share": "?", "Net revenue": "?", "We pay": "?", "They pay": "?", "Our commission": "?",
		"Affiliate pays": "?", "Client gets": "?", "Demand partner rate": "?", "Advertiser price for publishers": "?", "Network payout": "?",
		"Margin": "", "Daily cap": "", "Payout type": "", "EPC": "", "Affiliate budget": "", "Валюта выплаты": "",
	} {
		p := proposal(t, "ID;Name;URL;"+header+"\n1;Some offer;https://a.example.com/?c={clickid};5.25\n2;Other offer;https://b.example.com/?c={clickid};4.75")
		g := p.Guesses[3]
		got := g.Means
		if got != "revenue" && got != "total" {
			got = ""
		} else if g.Doubtful() {
			got = "?"
		}
		if got != want {
			t.Errorf("%s: %q (%s, %.2f), want %q", header, got, g.Means, g.Sure, want)
		}
	}
}

func proposal(t testing.TB, text string) *profile.Proposal {
	t.Helper()
	path := filepath.Join(write(t, map[string]string{"unseen.csv": text + "\n"}), "unseen.csv")
	book, err := sheet.Open([]string{path}, sheet.Options{Known: mapping.Known, HeaderRow: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	p, err := profile.Propose(book)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rightlyRefused is what no profile can mend: what is asked about, what Affise does not
// take, and what could be read in two ways.
var rightlyRefused = []string{"needs_decision", "out_of_range", "bad_country", "currency_mismatch", "it has no year", "an amount and a percentage"}

// The profile that is proposed can be loaded, knows its own file again, and
// makes offers of it.
func TestProposedProfileWorks(t *testing.T) {
	for file, text := range sheets(t) {
		_, body, _ := strings.Cut(text, "\n")
		p := proposal(t, body)
		dir := write(t, map[string]string{"mine.yaml": p.YAML("mine"), "mine.csv": body + "\n"})
		loaded, err := library().Load(filepath.Join(dir, "mine.yaml"))
		if err != nil {
			text, _ := os.ReadFile(filepath.Join(dir, "mine.yaml"))
			t.Fatalf("%s: %v\n%s", file, err, text)
		}
		if loaded, err = loaded.Set("currency", "USD"); err != nil {
			t.Fatal(err)
		}
		book := readBook(t, filepath.Join(dir, "mine.csv"))
		if got, _ := profile.Recognise(book, []*profile.Profile{loaded}); got == nil {
			t.Errorf("%s is not known again", file)
		}
		ids := profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}}
		got := take(t, filepath.Join(dir, "mine.csv"), loaded, profile.Settings{IDs: ids})
		for _, o := range got.Offers {
			if o.Valid {
				continue
			}
			for _, m := range o.Messages {
				if strings.HasPrefix(m, "error") && !slices.ContainsFunc(rightlyRefused, func(code string) bool { return strings.Contains(m, code) }) {
					t.Errorf("%s: %s", file, m)
				}
			}
		}
	}
}

// A proposed profile does not guess how a sale is paid, nor takes an amount and a
// percentage for one type.
func TestProposedProfileAsksAboutTypes(t *testing.T) {
	const head = "ID;Name;Advertiser;URL;Type;Payout;Revenue;Currency\n"
	for rows, want := range map[string]string{
		"1;Some offer;A;https://a.example.com/?c={clickid};CPS;5.00;7.00;EUR\n2;Other offer;A;https://b.example.com/?c={clickid};CPA;4.00;6.00;EUR": "paid by amount or by percentage",
		"1;Some offer;A;https://a.example.com/?c={clickid};CPS;5%;7%;EUR\n2;Other offer;A;https://b.example.com/?c={clickid};CPS;5%;6.00;EUR":       "the other is not",
	} {
		dir := write(t, map[string]string{"mine.yaml": proposal(t, head+rows).YAML("mine"), "mine.csv": head + rows + "\n"})
		p, err := library().Load(filepath.Join(dir, "mine.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		got := take(t, filepath.Join(dir, "mine.csv"), p, profile.Settings{IDs: profile.IDs{"advertisers": {"*": "573c69a33b7d9b0e638b4576"}}})
		if !has(append(got.Offers[0].Messages, got.Offers[1].Messages...), "error needs_decision", want) || got.Offers[0].Valid && got.Offers[1].Valid {
			t.Errorf("nothing asks: %v", got.Offers)
		}
	}
}

// Two columns whose names say one thing and whose amounts say another are both
// doubted.
func TestMoneyTheWrongWayRoundIsDoubted(t *testing.T) {
	p := proposal(t, "ID,Name,URL,Payout,Revenue\n1,Some offer,https://a.example.com/?c={clickid},5.00,3.50\n2,Other offer,https://b.example.com/?c={clickid},4.00,2.50")
	for _, g := range p.Guesses[3:] {
		if !g.Doubtful() || !strings.Contains(g.Why, "larger") {
			t.Errorf("%s: %+v is not doubted", g.Header, g)
		}
	}
	if err := p.Say(3, "total"); err != nil {
		t.Fatal(err)
	}
	if err := p.Say(4, "revenue"); err != nil {
		t.Fatal(err)
	}
	if y := p.YAML("x"); !strings.Contains(y, `revenue: {from: "Revenue"}`) || !strings.Contains(y, `total: {from: "Payout"}`) {
		t.Errorf("what was said did not count:\n%s", y)
	}
	if err := p.Say(3, "totl"); err == nil || !strings.Contains(err.Error(), "Did you mean total?") {
		t.Errorf("%v, want a suggestion", err)
	}
}
