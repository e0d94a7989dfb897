package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// table is a CSV file held whole, its rows by their first column.
type table struct {
	header []string
	rows   [][]string
	byKey  map[string][][]string
}

func readTable(dir, name string) (table, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return table{}, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return table{}, err
	}
	t := table{header: records[0], rows: records[1:], byKey: map[string][][]string{}}
	for _, row := range t.rows {
		t.byKey[row[0]] = append(t.byKey[row[0]], row)
	}
	return t, nil
}

// postBare is what a developer writes in an afternoon: read, join, post.
func postBare(dir, to string, workers int) error {
	offers, err := readTable(dir, "offers.csv")
	if err != nil {
		return err
	}
	children := map[string]table{}
	for key, name := range map[string]string{"payments": "payouts.csv", "caps": "caps.csv", "targeting": "targeting.csv"} {
		if children[key], err = readTable(dir, name); err != nil {
			return err
		}
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, MaxConnsPerHost: workers, DisableCompression: true}}
	var pool errgroup.Group
	pool.SetLimit(workers)
	for _, row := range offers.rows {
		body := bareBody(offers.header, row, children)
		pool.Go(func() error { return post(client, to, body) })
	}
	return pool.Wait()
}

func bareBody(header, row []string, children map[string]table) string {
	var b strings.Builder
	for i, name := range header {
		pair(&b, name, row[i])
	}
	for part, t := range children {
		for n, child := range t.byKey[row[0]] {
			for i := 1; i < len(child); i++ {
				pair(&b, fmt.Sprintf("%s[%d]%s", part, n, brackets(t.header[i])), child[i])
			}
		}
	}
	return b.String()
}

func brackets(name string) string {
	switch name {
	case "countries":
		return "[countries][]"
	case "country_allow":
		return "[country][allow][]"
	}
	return "[" + name + "]"
}

func pair(b *strings.Builder, key, value string) {
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(url.QueryEscape(key))
	b.WriteByte('=')
	b.WriteString(url.QueryEscape(value))
}

func post(client *http.Client, to, body string) error {
	req, err := http.NewRequest(http.MethodPost, to+"/3.0/admin/offer", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("API-Key", "benchmark")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var envelope struct{ Status int }
	if err := json.NewDecoder(answer.Body).Decode(&envelope); err != nil {
		return err
	}
	if envelope.Status != 1 {
		return fmt.Errorf("status %d", envelope.Status)
	}
	return nil
}
