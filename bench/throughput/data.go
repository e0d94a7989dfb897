package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeData makes the CSV files: for each offer three payouts, two caps and a
// target group.
func writeData(dir string, offers int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(
		write(dir, "offers.csv", "external_offer_id,title,advertiser,url,url_preview,status,privacy", offers, func(w *bufio.Writer, i int) {
			fmt.Fprintf(w, "b-%06d,Offer number %d,573c69a33b7d9b0e638b4576,https://track.example.com/click?o=%d&c={clickid},https://www.example.com/%d,stopped,protected\n", i, i, i, i)
		}),
		write(dir, "payouts.csv", "offer,title,goal,type,currency,total,revenue,countries", offers, func(w *bufio.Writer, i int) {
			for n, country := range []string{"US", "DE", "GB"} {
				fmt.Fprintf(w, "b-%06d,Payout %d,goal%d,fixed,USD,%d.50,%d.10,%s\n", i, n, n, n+2, n+1, country)
			}
		}),
		write(dir, "caps.csv", "offer,period,type,value,goal_type,affiliate_type,country_type", offers, func(w *bufio.Writer, i int) {
			fmt.Fprintf(w, "b-%06d,day,conversions,%d,all,all,all\n", i, i%90+10)
			fmt.Fprintf(w, "b-%06d,month,budget,%d.50,all,each,all\n", i, i%900+100)
		}),
		write(dir, "targeting.csv", "offer,name,country_allow,block_proxy", offers, func(w *bufio.Writer, i int) {
			fmt.Fprintf(w, "b-%06d,Group %d,US,1\n", i, i)
		}),
	)
}

func write(dir, name, header string, offers int, row func(w *bufio.Writer, i int)) error {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, header)
	for i := range offers {
		row(w, i)
	}
	return errors.Join(w.Flush(), f.Close())
}
