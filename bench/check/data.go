package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// table is made data: its rows are made when they are written.
type table struct {
	name   string
	header []string
	rows   int
	row    func(i int) []string
}

func offerCells(i int) []string {
	n := strconv.Itoa(i)
	return []string{"b-" + n, "Offer number " + n, "573c69a33b7d9b0e638b4576", "https://track.example.com/click?o=" + n + "&c={clickid}",
		"https://www.example.com/" + n, "stopped", "protected"}
}

var offerHeader = []string{"external_offer_id", "title", "advertiser", "url", "url_preview", "status", "privacy"}

func payoutCells(i, n int) []string {
	return []string{"fixed", "USD", strconv.Itoa(n+2) + ".5", strconv.Itoa(n+1) + ".1", []string{"US", "DE", "GB"}[(i+n)%3]}
}

func flatData(offers int) []table {
	header := append(offerHeader[:len(offerHeader):len(offerHeader)], "payout_type", "payout_currency", "payout_total", "payout_revenue", "payout_countries",
		"cap_period", "cap_type", "cap_value", "target_country_allow", "stop_date")
	return []table{{"Offers", header, offers, func(i int) []string {
		row := append(offerCells(i), payoutCells(i, i%7)...)
		return append(row, "day", "conversions", strconv.Itoa(i%90+10), "US", "2035-12-31")
	}}}
}

func joinedData(offers int) []table {
	return []table{
		{"Offers", offerHeader, offers, offerCells},
		{"Payouts", []string{"offer", "title", "goal", "type", "currency", "total", "revenue", "countries"}, 3 * offers, func(i int) []string {
			n := strconv.Itoa(i % 3)
			return append([]string{"b-" + strconv.Itoa(i/3), "Payout " + n, "goal" + n}, payoutCells(i, i%3)...)
		}},
		{"Caps", []string{"offer", "period", "type", "value", "goal_type", "affiliate_type", "country_type"}, 2 * offers, func(i int) []string {
			return []string{"b-" + strconv.Itoa(i/2), []string{"day", "month"}[i%2], "conversions", strconv.Itoa(i%900 + 10), "all", "all", "all"}
		}},
		{"Targeting", []string{"offer", "name", "country_allow", "block_proxy"}, offers, func(i int) []string {
			return []string{"b-" + strconv.Itoa(i), "Group " + strconv.Itoa(i), "US", "1"}
		}},
	}
}

// writeData writes a folder of CSV files, and beside it a workbook of the same
// tables; none of more rows than a sheet has.
func writeData(dir string, offers int, children bool) error {
	tables := flatData(offers)
	if children {
		tables = joinedData(offers)
	}
	for _, t := range tables {
		if err := writeCSV(filepath.Join(dir, t.name+".csv"), t); err != nil {
			return err
		}
	}
	if 3*offers >= 1<<20 {
		return nil
	}
	return writeXLSX(dir+".xlsx", tables)
}

func writeCSV(path string, t table) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(bufio.NewWriterSize(f, 1<<20))
	if err := w.Write(t.header); err != nil {
		return err
	}
	for i := range t.rows {
		if err := w.Write(t.row(i)); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	w.Flush()
	return w.Error()
}
