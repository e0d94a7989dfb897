package mapping

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

func TestManyOrphansAreCounted(t *testing.T) {
	rows := []string{payoutHeader}
	for i := range orphansShown + 7 {
		rows = append(rows, goodPayout(fmt.Sprintf("nobody-%d", i)))
	}
	m, _ := mapFiles(t, map[string]string{"offers.csv": lines(offersHeader, goodOffer("a")), "payouts.csv": lines(rows...)}, Options{})
	n := 0
	for _, msg := range m.Messages() {
		if msg.Code == codeOrphan {
			n++
		}
	}
	if last := m.Messages()[len(m.Messages())-1]; n != orphansShown+1 || !strings.Contains(last.Text, "7 more rows") {
		t.Errorf("%d messages, the last is %q", n, last.Text)
	}
}

func TestDuplicateKeys(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{
		"offers.csv": lines("offer,"+offersHeader+",action",
			","+goodOffer("a")+",", ","+goodOffer("b")+",", ","+goodOffer("a")+",", ","+goodOffer("A")+",", ","+goodOffer("a ")+",",
			"b,"+goodOffer("c")+",", ","+goodOffer("d")+",skip", ","+goodOffer("d")+",", ","+goodOffer("")+",", ","+goodOffer("")+","),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("A"), goodPayout("d")),
	}, Options{})
	want := []string{
		"2 B2 `a` is the key of the offer in B4 or B6 too: each offer needs a key of its own, so none of them is sent",
		"3 B3 `b` is the key of the offer in B7 too", "4 B4 B2", "5 ", "6 B6 B2", "7 B7 B3", "8 ", "9 ",
		"10 B10 the row has the same advertiser, title and URL as the offer in B11", "11 B11 B10",
	}
	for i, w := range want {
		var row, got string
		row, w, _ = strings.Cut(w, " ")
		cell, text, _ := strings.Cut(w, " ")
		for _, msg := range offers[i].Messages {
			if msg.Code == codeDuplicateKey {
				got = msg.Cell + " " + msg.Text
			}
		}
		if fmt.Sprint(offers[i].At.Row) != row || (cell == "") != (got == "") || !strings.HasPrefix(got, cell) || !strings.Contains(got, text) {
			t.Errorf("row %d: said %q, want %q", offers[i].At.Row, got, w)
		}
	}
	if said(offers[2].Messages, sheet.LevelError, codeNoPayout) {
		t.Errorf("the payouts went to the other row with the key: %v", offers[2].Messages)
	}
	if n := len(offers[7].Children); n != 1 || offers[6].Action != "skip" || len(offers[6].Messages) > 0 {
		t.Errorf("the row that is skipped got the children: %d", n)
	}
}

// TestMadeKeys: what is next to each other is not taken for one text, and a
// made key never changes.
func TestMadeKeys(t *testing.T) {
	if a, b := madeKey([]string{"ab", "c", ""}), madeKey([]string{"a", "bc", ""}); a == b {
		t.Errorf("two contents have the key %s", a)
	}
	if got := madeKey([]string{anAdvertiser, "Summer", "https://t.example.com/"}); got != "ol-d8d4ba5db6cbba96" {
		t.Errorf("the key is %s: journals that know the offer by its former key would make it again", got)
	}
}

// TestReadersNotes: what the reader noted is among the messages, with its sheet.
func TestReadersNotes(t *testing.T) {
	m, _ := mapFiles(t, map[string]string{"offers.csv": lines("Our offers 2026", "", offersHeader, goodOffer("a"))}, Options{})
	for _, msg := range m.Messages() {
		if msg.Code == "header_row" && msg.Sheet == "offers" && msg.File == "offers.csv" {
			return
		}
	}
	t.Errorf("no note of the header's row: %v", m.Messages())
}

// TestBanner: a name that is not known tells what it is together with its group's.
func TestBanner(t *testing.T) {
	m, offers := mapFiles(t, map[string]string{"offers.csv": lines("Offer,,,,Payout,,,", offersHeader+",type,currency,total,revenue", goodOffer("a")+",fixed,USD,2,1")}, Options{})
	if len(offers) != 1 || !offers[0].Valid() {
		t.Fatalf("%v %v", offers, m.Messages())
	}
	said := m.Messages()
	if i := slices.IndexFunc(said, func(m sheet.Message) bool { return m.Cell == "G2" }); i < 0 || said[i].Text != "column `total` beneath `Payout` was read as payout_total" {
		t.Errorf("said %v", said)
	}
}

// TestDuplicateKeysInTwoFiles: the other offer's file is named.
func TestDuplicateKeysInTwoFiles(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{"january.csv": lines(offersHeader, goodOffer("a")), "february.csv": lines(offersHeader, goodOffer("a"))}, Options{Mode: "update"})
	if len(offers) != 2 || offers[0].Valid() || offers[1].Valid() ||
		!strings.Contains(offers[0].Messages[0].Text, "january.csv A2") || !strings.Contains(offers[1].Messages[0].Text, "february.csv A2") {
		t.Errorf("%v", offers)
	}
}

func TestChildrenNameTheirParentByTheOfferColumn(t *testing.T) {
	m, offers := mapFiles(t, map[string]string{
		"offers.csv":  lines("Offer,"+offersHeader, "S1,"+goodOffer("summer-01"), "W1,"+goodOffer("")),
		"payouts.csv": lines(payoutHeader, goodPayout("W1"), goodPayout("S1"), goodPayout("summer-01")),
	}, Options{})
	if len(offers) != 2 || len(offers[0].Children) != 2 || len(offers[1].Children) != 1 || len(m.Messages()) > 0 {
		t.Errorf("%v %v", offers, m.Messages())
	}
}

func TestExampleRowsAreLeftOut(t *testing.T) {
	m, offers := mapFiles(t, map[string]string{
		"offers.csv":  lines("external_offer_id,url_preview", "EXAMPLE,https://www.example.com/", "a,https://www.example.com/", "Example,", "example,https://other.example.com/"),
		"payouts.csv": lines(payoutHeader, goodPayout("example"), goodPayout("a")),
	}, Options{Mode: "update"})
	if len(offers) != 1 || offers[0].Key != "a" {
		t.Errorf("%v", offers)
	}
	if got := short(m.Messages()); !slices.Equal(got, []string{"info offers!2 example_row", "info offers!4 example_row", "info offers!5 example_row", "info payouts!2 example_row"}) {
		t.Errorf("said %v", got)
	}
}

// TestExampleThatIsNoneAnyMore: somebody typed an offer over the template's row.
func TestExampleThatIsNoneAnyMore(t *testing.T) {
	m, _ := mapFiles(t, map[string]string{"offers.csv": lines(offersHeader, goodOffer("EXAMPLE"), goodOffer("a"))}, Options{})
	if got := short(m.Messages()); !slices.Equal(got, []string{"warning offers!2 example_row"}) {
		t.Errorf("said %v", got)
	}
}

// TestFlawedRows: a row that the reader flags is an error, whatever it holds.
func TestFlawedRows(t *testing.T) {
	_, offers := mapFiles(t, map[string]string{
		"offers.csv":  lines(offersHeader, strings.Replace(goodOffer("a"), ",", ",shifted,", 1), goodOffer("b")),
		"payouts.csv": lines(payoutHeader, goodPayout("a"), goodPayout("b")+",1,2,3"),
	}, Options{})
	for _, o := range offers {
		if len(o.Messages) != 1 || o.Valid() || o.Messages[0].File == "" || o.Messages[0].Sheet == "" { // the cells, maybe shifted, are not judged
			t.Errorf("%s is valid, or the flaw has no place: %v", o.Key, o.Messages)
		}
	}
}

// family is a made-up input: offers with their payouts and caps.
type family struct {
	key     string
	payouts []string
	caps    []string
}

func drawFamilies(t *rapid.T) []family {
	n := rapid.IntRange(1, 12).Draw(t, "offers")
	families := make([]family, n)
	for i := range families {
		families[i].key = fmt.Sprintf("offer-%d", i)
		for j := range rapid.IntRange(1, 4).Draw(t, "payouts") {
			families[i].payouts = append(families[i].payouts, fmt.Sprintf("fixed,USD,%d.50,%d", i+j+1, j))
		}
		for j := range rapid.IntRange(0, 3).Draw(t, "caps") {
			families[i].caps = append(families[i].caps, fmt.Sprintf("day,clicks,%d", 10*i+j))
		}
	}
	return families
}

// interleave mixes rows by family at random and keeps each family's order.
func interleave(r *rand.Rand, families []family, rows func(family) []string) []string {
	left := make([][]string, len(families))
	var turns []int
	for i, f := range families {
		left[i] = rows(f)
		for range left[i] {
			turns = append(turns, i)
		}
	}
	r.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	var out []string
	for _, i := range turns {
		out = append(out, families[i].key+","+left[i][0])
		left[i] = left[i][1:]
	}
	return out
}

// flatFile writes families as one sheet with numbered columns.
func flatFile(families []family) string {
	header, width := offersHeader, [2]int{}
	for _, f := range families {
		width[0], width[1] = max(width[0], len(f.payouts)), max(width[1], len(f.caps))
	}
	for n := range width[0] {
		header += fmt.Sprintf(",payout_%[1]d_type,payout_%[1]d_currency,payout_%[1]d_total,payout_%[1]d_revenue", n+1)
	}
	for n := range width[1] {
		header += fmt.Sprintf(",cap%[1]d period,cap%[1]d type,cap%[1]d value", n+1)
	}
	rows := []string{header}
	for _, f := range families {
		row := goodOffer(f.key)
		for n := range width[0] {
			row += "," + at(f.payouts, n, ",,,")
		}
		for n := range width[1] {
			row += "," + at(f.caps, n, ",,")
		}
		rows = append(rows, row)
	}
	return lines(rows...)
}

func at(rows []string, n int, blank string) string {
	if n < len(rows) {
		return rows[n]
	}
	return blank
}

// TestOrderOfChildrenDoesNotMatter: children in the offers' order, mixed at
// random, or in flat columns make the same bodies.
func TestOrderOfChildrenDoesNotMatter(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		families := drawFamilies(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var offers []string
		var parents []string
		for _, f := range families {
			offers = append(offers, goodOffer(f.key))
			for range f.payouts {
				parents = append(parents, f.key)
			}
		}
		offerFile := lines(append([]string{offersHeader}, offers...)...)
		payouts := func(f family) []string { return f.payouts }
		caps := func(f family) []string { return f.caps }
		mixed := bodies(outer, map[string]string{
			"offers.csv":  offerFile,
			"payouts.csv": lines(append([]string{payoutHeader}, interleave(r, families, payouts)...)...),
			"caps.csv":    lines(append([]string{"offer,period,type,value"}, interleave(r, families, caps)...)...),
		})
		flat := bodies(outer, map[string]string{"all.csv": flatFile(families)})
		if diff := cmp.Diff(mixed, flat); diff != "" {
			t.Errorf("mixed and flat differ: %s", diff)
		}
		if len(mixed) != len(families) || len(parents) == 0 {
			t.Errorf("%d offers of %d", len(mixed), len(families))
		}
	})
}

// bodies maps files and returns key and body of each offer.
func bodies(t testing.TB, files map[string]string) []string {
	_, offers := mapFiles(t, files, Options{})
	var out []string
	for _, o := range offers {
		if !o.Valid() {
			t.Fatalf("%s: %v", o.Key, o.Messages)
		}
		b, err := o.Body.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, o.Key+" "+string(b))
	}
	return out
}

// TestSpoolOnDisk: rows that do not fit into memory come back from the disk,
// in order or not, with every field of their cells, and leave no file.
func TestSpoolOnDisk(t *testing.T) {
	for _, limit := range []int{1 << 20, 100, 0} {
		for _, shuffled := range []bool{false, true} {
			t.Run(fmt.Sprint(limit, shuffled), func(t *testing.T) { spoolRoundTrip(t, limit, shuffled) })
		}
	}
}

func spoolRoundTrip(t *testing.T, limit int, shuffled bool) {
	dir := t.TempDir()
	s := newSpool(dir)
	s.limit = limit
	tables := []*childTable{spoolTable("payments", "total", "revenue"), spoolTable("caps", "value")}
	ordinals := make([]uint32, 0, 200)
	for i := range uint32(100) {
		ordinals = append(ordinals, i, i)
	}
	if shuffled {
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(ordinals), func(i, j int) { ordinals[i], ordinals[j] = ordinals[j], ordinals[i] })
	}
	want := map[uint32][]record{}
	for n, c := range tables {
		for i, ordinal := range ordinals {
			rec := someRecord(c.own, i)
			if err := s.add(&c.region, ordinal, &rec); err != nil {
				t.Fatal(err)
			}
			want[ordinal+uint32(n)*1000] = append(want[ordinal+uint32(n)*1000], rec)
		}
	}
	if err := s.finish(); err != nil {
		t.Fatal(err)
	}
	for n, c := range tables {
		if err := s.sortRegion(&c.region); err != nil {
			t.Fatal(err)
		}
		cur := s.cursor(c)
		for ordinal := range uint32(100) {
			b := newBatch()
			if err := cur.rowsOf(ordinal, b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainRecords(want[ordinal+uint32(n)*1000]), plainRecords(b.rows)); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func spoolTable(part string, columns ...string) *childTable {
	c := &childTable{table: &sheet.Table{}, own: newBinding(&sheet.Table{}, meaning{part: partIndex(part)})}
	for i, name := range columns {
		c.own.add(column(part, name).Index, i)
	}
	c.own.finish()
	return c
}

// someRecord makes a record with cells of all shapes, some of them long.
func someRecord(b *binding, i int) record {
	rec := record{bind: b, row: i + 2, cells: make([]sheet.Cell, len(b.columns))}
	for j := range rec.cells {
		switch (i + j) % 4 {
		case 0:
			rec.cells[j] = sheet.Cell{Kind: sheet.Number, Text: fmt.Sprint(i), Format: "0.00%"}
		case 1:
			rec.cells[j] = sheet.Cell{Kind: sheet.Text, Text: strings.Repeat("ж,\n", i*3), Repair: "mended"}
		case 2:
			rec.cells[j] = sheet.Cell{Kind: sheet.Error, Text: "#N/A"}
		}
	}
	if i%7 == 0 {
		rec.flaws = []sheet.Message{{Level: sheet.LevelError, Cell: "A1", Code: "ragged", Text: "ragged"}}
	}
	return rec
}

type plainRecord struct {
	Row   int
	Cells []sheet.Cell
	Flaws []sheet.Message
}

func plainRecords(records []record) []plainRecord {
	var out []plainRecord
	for _, r := range records {
		out = append(out, plainRecord{r.row, r.cells, r.flaws})
	}
	return out
}

// TestSpoolDamaged: a row of the spool that is cut short is an error.
func TestSpoolDamaged(t *testing.T) {
	c := spoolTable("payments", "total", "revenue")
	rec := someRecord(c.own, 1)
	body, err := appendRecord(nil, 5, &rec)
	if err != nil {
		t.Fatal(err)
	}
	for n := range body {
		if _, err := readRecord(body[:n], c.own, make([]sheet.Cell, 2)); err == nil {
			t.Errorf("%d of %d bytes were taken", n, len(body))
		}
	}
}

// TestStream: a stream can be run again, left early and cancelled, and leaves
// no goroutine behind.
func TestStream(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	writeLaunch(t, dir, 3*batchSize+5)
	m, err := openPath(t, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	first, second := collect(t, m), collect(t, m)
	for i := range first {
		if want := fmt.Sprintf("launch-%06d", i); first[i].Key != want || second[i].Key != want || len(first[i].Children) != 6 || !first[i].Valid() {
			t.Fatalf("offer %d is %s and %s: %v", i, first[i].Key, second[i].Key, first[i].Messages)
		}
	}
	n := 0
	for range m.Offers(context.Background()) {
		if n++; n == 10 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last error
	for _, err := range m.Offers(ctx) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the error is %v", last)
	}
}

// Without their bodies offers say the same.
func TestMessagesOnly(t *testing.T) {
	dir := t.TempDir()
	writeLaunch(t, dir, 300)
	for _, path := range []string{dir, "../samples/mistakes.xlsx", "../samples/flat.csv"} {
		for _, mode := range []string{modeCreate, modeUpdate} {
			whole, err := openPath(t, path, Options{Mode: mode})
			if err != nil {
				t.Fatal(err)
			}
			judged, err := openPath(t, path, Options{Mode: mode, MessagesOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			want := collect(t, whole)
			for i := range want {
				if len(want[i].Body.Fields()) == 0 && want[i].Valid() {
					t.Fatalf("%s has no body", want[i].Key)
				}
				want[i].Body, want[i].Arrays = affise.Value{}, nil
			}
			if got := collect(t, judged); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %.3000s", path, mode, fmt.Sprint(got, want))
			}
		}
	}
}

// TestFileThatChanges: what cannot be read to its end ends the stream.
func TestFileThatChanges(t *testing.T) {
	dir := t.TempDir()
	writeLaunch(t, dir, 10)
	m, err := openPath(t, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "offers.csv")); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range m.Offers(context.Background()) {
		last = err
	}
	if last == nil {
		t.Error("the stream ended as if all was well")
	}
}
