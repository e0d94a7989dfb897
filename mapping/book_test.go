package mapping

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"offerlift/internal/sheet"
)

const anAdvertiser = "573c69a33b7d9b0e638b4576"

// goodOffer is a row that needs nothing but a payout, for the header below it.
const (
	offersHeader = "external_offer_id,title,advertiser,url"
	payoutHeader = "offer,type,currency,total,revenue"
)

func goodOffer(key string) string {
	return key + ",Summer," + anAdvertiser + ",https://t.example.com/?c={clickid}"
}

func goodPayout(key string) string { return key + ",fixed,USD,2.00,1.40" }

// lines makes a CSV file of a header and rows.
func lines(rows ...string) string { return strings.Join(rows, "\n") + "\n" }

// noon is when the tests take place.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// openFiles writes files and maps the folder. Errors of New are returned.
func openFiles(t testing.TB, files map[string]string, opts Options) (*Mapper, error) {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, files)
	return openPath(t, dir, opts)
}

func writeFiles(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func openPath(t testing.TB, path string, opts Options) (*Mapper, error) {
	t.Helper()
	book, err := sheet.Open([]string{path}, sheet.Options{Known: Known})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	if opts.Now == nil {
		opts.Now = noon
	}
	if opts.TempDir == "" {
		opts.TempDir = t.TempDir()
	}
	m, err := New(book, opts)
	if err == nil {
		t.Cleanup(func() { m.Close() })
	}
	return m, err
}

// mapFiles maps files and returns all their offers.
func mapFiles(t testing.TB, files map[string]string, opts Options) (*Mapper, []Offer) {
	t.Helper()
	m, err := openFiles(t, files, opts)
	if err != nil {
		t.Fatal(err)
	}
	return m, collect(t, m)
}

func collect(t testing.TB, m *Mapper) []Offer {
	t.Helper()
	var offers []Offer
	for o, err := range m.Offers(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		offers = append(offers, o)
	}
	if len(offers) != m.Len() {
		t.Fatalf("Len says %d, %d offers came", m.Len(), len(offers))
	}
	return offers
}

// short writes messages as "level sheet!cell code", for tests of places.
func short(messages []sheet.Message) []string {
	var out []string
	for _, m := range messages {
		out = append(out, string(m.Level)+" "+m.Sheet+"!"+m.Cell+" "+m.Code)
	}
	return out
}

// said tells whether a message of a level and code is there.
func said(messages []sheet.Message, level sheet.Level, code string) bool {
	for _, m := range messages {
		if m.Level == level && m.Code == code {
			return true
		}
	}
	return false
}

// problemsOf returns the messages of an error of New.
func problemsOf(t testing.TB, err error) []sheet.Message {
	t.Helper()
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatalf("want *Problems, got %T: %v", err, err)
	}
	return problems.Messages
}
