package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func writeFile(t *testing.T, path, data string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// zipped makes a zip of names and contents given in turn.
func zipped(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = w.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// tablesText lists a book's tables with their rows.
func tablesText(t *testing.T, book *Book) []string {
	t.Helper()
	var list []string
	for _, table := range book.Tables {
		rows, flaws, code := tableText(t, table)
		list = append(list, fmt.Sprintf("%s %s: %s%s%s", table.File, table.Sheet, rows, flaws, code))
	}
	return list
}

func TestOpenFolder(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "payouts.CSV"), "offer,total\na,5\n")
	writeFile(t, filepath.Join(dir, "offers.csv"), "title,url\nA,u\n")
	writeFile(t, filepath.Join(dir, "caps.tsv"), "offer\tvalue\na\t1\n")
	writeFile(t, filepath.Join(dir, "landings.csv"), "offer,url\n")
	writeFile(t, filepath.Join(dir, "readme.txt"), "These are\nour offers\n")
	for _, name := range []string{".hidden.csv", "~$offers.csv", "results.csv", "failed.csv", "failed/offers.csv", "old.xlsx", "sub/more.csv"} {
		writeFile(t, filepath.Join(dir, name), "x,y\n1,2\n")
	}
	book, err := Open([]string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	want := []string{"caps.tsv caps: 2 a|1", "landings.csv landings: ", "offers.csv offers: 2 A|u", "payouts.CSV payouts: 2 a|5"}
	if diff := cmp.Diff(want, tablesText(t, book)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := codes(book.Tables[1].Notes); got != "no_rows" {
		t.Errorf("landings has the notes %q", got)
	}
	if len(book.Notes) != 2 || book.Notes[0].Level != LevelWarning || !strings.Contains(book.Notes[0].Text, "old.xlsx; name a workbook") ||
		!strings.Contains(book.Notes[1].Text, "sub, readme.txt") && !strings.Contains(book.Notes[1].Text, "readme.txt, sub") {
		t.Errorf("notes %v: want a warning of old.xlsx, and one that lists sub and readme.txt", book.Notes)
	}
}

func TestOpenSheets(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "payouts.csv"), "offer,total\na,5\n")
	writeFile(t, filepath.Join(dir, "offers.csv"), "title,url\nA,u\n")
	book, err := Open([]string{dir}, Options{Sheets: []string{"OFFERS"}})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if diff := cmp.Diff([]string{"offers.csv offers: 2 A|u"}, tablesText(t, book)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if _, err := Open([]string{dir}, Options{Sheets: []string{"Caps"}}); errorCode(t, err) != "no_sheet" {
		t.Errorf("got %v, want no_sheet", err)
	}
}

func TestOpenZip(t *testing.T) {
	data := zipped(t, "launch/offers.csv", "title,url\nA,u\n", "launch/payouts.csv", "offer;total\na;5\n",
		"__MACOSX/launch/._offers.csv", "\x00\x05\x16\x07", "launch/logo.png", "x", "launch/results.csv", "a,b\n1,2\n")
	path := writeFile(t, filepath.Join(t.TempDir(), "launch.zip"), data)
	book, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	want := []string{"launch.zip/launch/offers.csv offers: 2 A|u", "launch.zip/launch/payouts.csv payouts: 2 a|5"}
	for range 2 {
		if diff := cmp.Diff(want, tablesText(t, book)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	if got := codes(book.Notes); got != "files_skipped" {
		t.Errorf("notes %q", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	offers := "title,url\nA,u\n"
	damaged := []byte(zipped(t, "offers.csv", strings.Repeat("title,url\nA,u\n", 500)))
	copy(damaged[60:], "damage")
	stored := strings.Replace(zipped(t, "a.csv", offers, "b.csv", offers), "b.csv", "a.csv", 2)
	locked := []byte(zipped(t, "a.csv", offers))
	locked[bytes.LastIndex(locked, []byte("PK\x01\x02"))+8] |= 1
	for _, c := range []struct{ name, data, want string }{
		{"cut.zip", zipped(t, "offers.csv", offers)[:60], "broken_zip"},
		{"damaged.zip", string(damaged), "broken_zip"},
		{"twice.zip", stored, "duplicate_zip_entry"},
		{"locked.zip", string(locked), "password"},
		{"bomb.zip", string(bombOf(t, nil, "offers.csv", repeated{"", "a,b\n", 6_000_000, ""})), "too_large"},
		{"empty.zip", zipped(t), "no_csv"},
		{"wrapped.zip", zipped(t, "launch.xlsx", "PK"), "no_csv"},
		{"launch.ods", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), "ods"},
		{"letter.odt", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), "not_a_sheet"},
		{"launch.xlsb", zipped(t, "[Content_Types].xml", "<x/>", "xl/workbook.bin", "x"), "xlsb"},
		{"launch.docx", zipped(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<x/>"), "not_a_sheet"},
		{"launch.numbers", zipped(t, "Index/Document.iwa", "x"), "numbers"},
		{"launch.xls", oleFile("Workbook"), "old_excel"},
		{"launch5.xls", oleFile("Book"), "old_excel"},
		{"launch2.xls", "\x09\x08\x10\x00\x00\x06\x05\x00", "old_excel"},
		{"letter.doc", oleFile("WordDocument"), "not_a_sheet"},
		{"mail.msg", oleFile("__properties_version1.0"), "not_a_sheet"},
		{"locked.xlsx", oleFile("EncryptedPackage"), "password"},
		{"photo.jpg", "\xff\xd8\xff\xe0", "image"},
		{"photo.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image"},
		{"late.pdf", "\r\n%PDF-1.4\n\xe2\xe3\xcf\xd3\n", "pdf"},
		{"junk.xlsx", "\r\n" + zipped(t, "xl/workbook.xml", "<x/>"), "broken_zip"},
		{"launch.fods", `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>`, "ods"},
		{"launch.slk", "ID;PSCALC3\nP;PGeneral\n", "not_a_sheet"},
		{"launch.dif", "TABLE\r\n0,1\r\n\"EXCEL\"\r\n", "not_a_sheet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeFile(t, filepath.Join(t.TempDir(), c.name), c.data)
			book, err := Open([]string{path}, Options{})
			if err == nil {
				t.Fatalf("it was read: %v", tablesText(t, book))
			}
			if code, _, _ := strings.Cut(errorCode(t, err), "@"); code != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A workbook is told by the names of its parts however they are written.
func TestOpenWorkbookOddNames(t *testing.T) {
	for name, from := range map[string]func(string) string{
		"upper": strings.ToUpper, "slash": func(n string) string { return "/" + n },
		"backslash": func(n string) string { return strings.ReplaceAll(n, "/", `\`) },
	} {
		var parts []string
		for part, text := range partsOfSheet(`<sheetData>`+textCells(1, "", "title")+textCells(2, "", "A")+`</sheetData>`, nil) {
			parts = append(parts, from(part), text)
		}
		path := writeFile(t, filepath.Join(t.TempDir(), "launch.xlsx"), zipped(t, parts...))
		book, err := Open([]string{path}, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tablesText(t, book); len(got) != 1 || !strings.HasSuffix(got[0], ": 2 A") {
			t.Errorf("%s: %v", name, got)
		}
		book.Close()
	}
}

// oleFile is what the reader looks at of an OLE file: its mark, and the name of
// a stream.
func oleFile(stream string) string {
	b := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504))
	for _, r := range stream {
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return string(append(b, make([]byte, 64)...))
}

func TestOpenPaths(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, filepath.Join(dir, "offers.csv"), "a,b\n1,2\n")
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{filepath.Join(dir, "none.csv")}, "not_found"},
		{[]string{file, file}, "duplicate_file"},
		{[]string{file, dir}, "duplicate_file"},
		{[]string{t.TempDir()}, "no_csv"},
		{[]string{os.DevNull}, "not_a_file"},
	} {
		_, err := Open(c.paths, Options{})
		if err == nil || errorCode(t, err) != c.want {
			t.Errorf("%v: got %v, want %s", c.paths, err, c.want)
		}
	}
}

func TestOpenNamedXLSX(t *testing.T) {
	path := writeFile(t, filepath.Join(t.TempDir(), "launch.xlsx"), "title;url\nA;u\n")
	book, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := codes(book.Tables[0].Notes); got != "dialect wrong_ending" {
		t.Errorf("notes %q", got)
	}
}

func TestOpenWorkbookNamedCSV(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, text := range map[string]string{"A1": "title", "B1": "url", "A2": "A", "B2": "u"} {
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, filepath.Join(t.TempDir(), "launch.csv"), b.String())
	book, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := codes(book.Notes); got != "wrong_ending" || book.Tables[0].Path != path {
		t.Errorf("notes %q, path %q", got, book.Tables[0].Path)
	}
	if got := tablesText(t, book); len(got) != 1 || !strings.Contains(got[0], "2 A|u") {
		t.Errorf("read %q", got)
	}
}

func TestRowsOfChangedFile(t *testing.T) {
	path := writeFile(t, filepath.Join(t.TempDir(), "offers.csv"), "a,b\n"+strings.Repeat("1,"+strings.Repeat("2", 400)+"\n", 1000))
	book, err := Open([]string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	code := ""
	for row, err := range book.Tables[0].Rows() {
		if err != nil {
			code = errorCode(t, err)
		} else if row.Number == 10 {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteString("3,4\n"); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
	if code != "changed" {
		t.Errorf("while it was read: %q", code)
	}
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, err := range book.Tables[0].Rows() {
		if code = ""; err != nil {
			code = errorCode(t, err)
		}
	}
	if code != "changed" {
		t.Errorf("before it was read again: %q", code)
	}
}

// Stopping early must not leave files open.
func TestRowsStopEarly(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("counts the open files in /proc")
	}
	dir := t.TempDir()
	rows := "a,b\n" + strings.Repeat("1,"+strings.Repeat("2", 400)+"\n", 1000)
	paths := []string{writeFile(t, filepath.Join(dir, "a.csv"), rows), writeFile(t, filepath.Join(dir, "b.zip"), zipped(t, "b.csv", rows))}
	before := openFiles(t)
	book, err := Open(paths, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range book.Tables {
		for range table.Rows() {
			break
		}
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d files open before, %d after", before, after)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestOpenEncrypted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "launch.xlsx")
	f := excelize.NewFile()
	for cell, text := range map[string]string{"A1": "title", "B1": "url", "A2": "A", "B2": "u"} {
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(path, excelize.Options{Password: "secret 1"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answer string
		err    error
		want   string
	}{
		{"secret 1", nil, ""}, {"wrong", nil, "wrong_password"}, {"", nil, "password"}, {"", errors.New("no terminal"), "password"},
	} {
		asked := ""
		book, err := Open([]string{path}, Options{Password: func(file string) (string, error) {
			asked = file
			return c.answer, c.err
		}})
		if asked != "launch.xlsx" {
			t.Errorf("asked for the password of %q", asked)
		}
		if c.want != "" {
			if err == nil || errorCode(t, err) != c.want || strings.Contains(err.Error(), "secret") {
				t.Errorf("%q: got %v, want %s", c.answer, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := tablesText(t, book); len(got) != 1 || !strings.Contains(got[0], "2 A|u") {
			t.Errorf("read %q", got)
		}
		book.Close()
	}
}
