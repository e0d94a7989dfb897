package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"offerlift/importer"
	"offerlift/internal/sheet"
	"offerlift/mapping"
)

// input is what was read: the book, and the offers that its rows make.
type input struct {
	book       *sheet.Book
	mapper     *mapping.Mapper
	translated *translated // of another network's export; nil where the input is ours
}

func (in *input) Close() error { return errors.Join(in.mapper.Close(), in.book.Close()) }

// open reads the headers, indexes the keys and joins the sheets; no offer is
// made yet. names looks up what --ids does not have; nil where there is no
// account to ask.
func (f *inputFlags) open(e *env, mode importer.Mode, names *lookup) (*input, error) {
	book, err := f.openBook(e)
	if err != nil {
		return nil, err
	}
	t, err := f.translate(e, book, names)
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	ours, dates := book, f.DateFormat
	if t != nil {
		ours, dates = t.book, cmp.Or(dates, t.profile.Dates)
	}
	opts, err := f.sheetOptions()
	if err != nil {
		return nil, err
	}
	mapper, err := mapping.New(ours, mapping.Options{
		Mode: string(mode), DateFormat: dates, Decimal: opts.Decimal, FilesDir: f.Files, Now: e.now,
	})
	if err != nil {
		return nil, errors.Join(refuseProblems(e.voice, err), book.Close())
	}
	return &input{book: book, mapper: mapper, translated: t}, nil
}

// openBook opens the files.
func (f *inputFlags) openBook(e *env) (*sheet.Book, error) {
	opts, err := f.sheetOptions()
	if err != nil {
		return nil, err
	}
	if opts.Known, err = f.known(e); err != nil {
		return nil, err
	}
	opts.Password = f.password(e)
	book, err := sheet.Open(f.Paths, opts)
	if err != nil {
		return nil, refuse("", "%v", err)
	}
	return book, nil
}

// refuseProblems says everything that keeps an input from being read.
func refuseProblems(v *voice, err error) error {
	var problems *mapping.Problems
	if !errors.As(err, &problems) {
		return refuse("", "%v", err)
	}
	for _, m := range problems.Messages {
		v.note("%s", v.message(m))
	}
	return refuse("nothing was sent; mend this and start again", "the input cannot be read")
}

// password finds an encrypted workbook's password: in a file, or by asking.
func (f *inputFlags) password(e *env) func(file string) (string, error) {
	if f.PasswordFile != "" {
		return func(string) (string, error) {
			content, err := os.ReadFile(f.PasswordFile)
			return strings.TrimRight(string(content), "\r\n"), err
		}
	}
	stdin, ok := e.stdin.(*os.File)
	if !ok || !isTerminal(e.stdin) {
		return nil
	}
	return func(file string) (string, error) {
		fmt.Fprintf(e.voice.err, "password of %s: ", file)
		secret, err := term.ReadPassword(int(stdin.Fd()))
		fmt.Fprintln(e.voice.err)
		return string(secret), err
	}
}

// isTerminal tells whether a person may answer there.
func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// item is an offer as the importer takes it.
func item(o mapping.Offer) importer.Item {
	arrays := make([]importer.Rows, len(o.Arrays))
	for i, a := range o.Arrays {
		arrays[i] = importer.Rows{Key: a.Key, At: refs(a.At)}
	}
	return importer.Item{
		Key: o.Key, Title: o.Title, At: importer.Ref(o.At), Children: refs(o.Children), Arrays: arrays,
		Action: importer.Action(o.Action), Body: o.Body, Messages: o.Messages,
	}
}

func refs(rows []mapping.Ref) []importer.Ref {
	out := make([]importer.Ref, len(rows))
	for i, r := range rows {
		out[i] = importer.Ref(r)
	}
	return out
}

// absolute makes paths that mean the same from any folder.
func absolute(paths []string) ([]string, error) {
	out := make([]string, len(paths))
	for i, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		out[i] = abs
	}
	return out, nil
}
