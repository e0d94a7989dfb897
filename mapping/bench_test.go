package mapping

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"offerlift/internal/sheet"
)

// writeLaunch writes n offers, each with three payouts, two caps and a target
// group, as CSV files.
func writeLaunch(tb testing.TB, dir string, n int) {
	tb.Helper()
	file := func(name, header string, rows func(w *bufio.Writer)) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			tb.Fatal(err)
		}
		w := bufio.NewWriter(f)
		fmt.Fprintln(w, header)
		rows(w)
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	file("offers.csv", "external_offer_id,title,advertiser,url,url_preview,status,privacy,description_en,kpi_en,tags,start_at,stop_date,hold_period,caps_timezone,is_top", func(w *bufio.Writer) {
		for i := range n {
			fmt.Fprintf(w, "launch-%06d,Summer Games %d,573c69a33b7d9b0e638b4576,https://track.example.com/click?o=%d&c={clickid},https://www.example.com/%d,active,protected,No incentives,CR above 2 %%,\"games, q3\",2030-06-01,2030-12-31,30,Europe/Berlin,yes\n", i, i, i, i)
		}
	})
	file("payouts.csv", "offer,title,goal,type,currency,total,revenue,countries,affiliates", func(w *bufio.Writer) {
		for i := range n {
			fmt.Fprintf(w, "launch-%06d,Install,install,fixed,USD,2.00,1.40,\"US, CA\",\nlaunch-%06d,Level 5,level,fixed,USD,4.50,3.10,,\nlaunch-%06d,VIP,install,fixed,USD,2.00,1.60,,\"17, 18\"\n", i, i, i)
		}
	})
	file("caps.csv", "offer,period,type,value,goal_type,affiliate_type", func(w *bufio.Writer) {
		for i := range n {
			fmt.Fprintf(w, "launch-%06d,day,conversions,100,all,all\nlaunch-%06d,month,budget,1500.50,all,each\n", i, i)
		}
	})
	file("targeting.csv", "offer,name,country_allow,os_allow,device_type,connection", func(w *bufio.Writer) {
		for i := range n {
			fmt.Fprintf(w, "launch-%06d,Mobile,\"US, CA\",Android >= 6.0; iOS,\"mobile, tablet\",wi-fi\n", i)
		}
	})
}

// BenchmarkMapping reads, joins and maps offers of one row and six child rows
// each; one operation is one offer.
func BenchmarkMapping(b *testing.B) {
	const n = 5000
	dir := b.TempDir()
	writeLaunch(b, dir, n)
	b.ReportAllocs()
	done := 0
	b.ResetTimer()
	for done < b.N {
		book, err := sheet.Open([]string{dir}, sheet.Options{Known: Known})
		if err != nil {
			b.Fatal(err)
		}
		m, err := New(book, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for o, err := range m.Offers(context.Background()) {
			if err != nil || !o.Valid() {
				b.Fatal(err, o.Messages)
			}
			done++
		}
		m.Close()
		book.Close()
	}
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "offers/s")
}
