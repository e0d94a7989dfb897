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
	"offerlift/mapping/profile"
)

// input is what was read: the book, and the offers that its rows make.
type input struct {
	book       *sheet.Book
	mapper     *mapping.Mapper
	translated *translated // of another network's export; nil where the input is ours
	profile    string      // that it was read with, as resume finds it again
	beside     []string    // the files besides the input by which it was read
	asked      requests    // for names
	hint       string      // what to do about columns that are not known; blank where they are ours
}

func (in *input) Close() error { return errors.Join(in.mapper.Close(), in.book.Close()) }

// reading is what the input's flags say, judged: no file of the input was opened
// for it, only those that the flags name beside it.
type reading struct {
	flags    *inputFlags
	sheets   sheet.Options
	offers   mapping.Options
	profiles []*profile.Profile // that the input may be of
	ids      profile.IDs
	opened   *sheet.Book // by look
}

// judge is the one place where the flags of an input are judged.
func (f *inputFlags) judge(e *env, mode importer.Mode) (*reading, error) {
	if err := judgePaths(f.Paths); err != nil {
		return nil, err
	}
	r := &reading{flags: f, ids: profile.IDs{}}
	var err error
	if r.sheets, err = f.sheetOptions(); err != nil {
		return nil, err
	}
	r.offers = mapping.Options{Mode: string(mode), DateFormat: f.DateFormat, AllowLoss: f.AllowLoss, Decimal: r.sheets.Decimal, FilesDir: f.Files, FileCopies: f.copies, Now: e.now}
	if err := r.offers.Check(); err != nil {
		return nil, refuse("such as --date-format DD.MM.YYYY", "%v", err)
	}
	if f.Files != "" && !isFolder(f.Files) && len(f.copies) == 0 {
		return nil, refuse("name the folder that holds the logos and creatives", "--files: there is no folder %s", f.Files)
	}
	if r.sheets.Password, err = f.password(e); err != nil {
		return nil, err
	}
	r.sheets.Password = e.remember(r.sheets.Password)
	if r.profiles, err = f.candidates(e); err != nil {
		return nil, err
	}
	known := profile.Known(r.profiles)
	r.sheets.Known = func(header string) bool { return mapping.Known(header) || known(header) }
	return r, r.openIDs()
}

// judgePaths tells of what people take for a file of offers and is none.
func judgePaths(paths []string) error {
	const download = "open it there and download it as .xlsx or CSV, then name that file"
	for _, path := range paths {
		name := filepath.Base(path)
		switch {
		case strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://"):
			return refuse(download, "%s is a web address, not a file", path)
		case strings.EqualFold(filepath.Ext(name), ".gsheet"):
			return refuse(download, "%s is a link to a Google sheet, not the sheet", path)
		case strings.HasPrefix(name, "~$"):
			return refuse("name "+filepath.Join(filepath.Dir(path), strings.TrimPrefix(name, "~$")), "%s is what Excel writes while a workbook is open, not the workbook", path)
		}
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// open reads the headers, indexes the keys and joins the sheets; no offer is
// made yet. names looks up what --ids does not have; nil where there is no
// account to ask.
func (r *reading) open(e *env, names *lookup) (*input, error) {
	if err := r.look(); err != nil {
		return nil, err
	}
	book := r.opened
	ctx, cancel := e.untilStop(0)
	defer cancel()
	find := names.finder(ctx)
	t, err := r.translate(e, book, find)
	if err == nil {
		err = names.failed(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	ours, opts := book, r.offers
	if t != nil {
		ours, opts.DateFormat = t.book, cmp.Or(opts.DateFormat, t.profile.Dates)
	} else {
		opts.Given, opts.Lookup = r.given(), find
	}
	opts.Values = names.values(ctx)
	mapper, err := mapping.New(ours, opts)
	if err != nil {
		return nil, errors.Join(refuseProblems(e.voice, err, r.matchHint(book, t)), book.Close())
	}
	in := &input{book: book, mapper: mapper, translated: t, hint: r.matchHint(book, t)}
	if names != nil {
		in.asked = names.asked
	}
	if err := names.close(ctx); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// given finds what the tables of ids say; nil where there are none. What looks
// like an id stands for itself, unless a table has it.
func (r *reading) given() func(kind, text string) (id string, ok bool) {
	if len(r.flags.IDs) == 0 {
		return nil
	}
	return func(kind, text string) (string, bool) {
		if mapping.LooksLikeID(text) {
			return r.ids.Exact(kind, text)
		}
		return r.ids.Find(kind, text)
	}
}

// missing lists the ids and names of the input that the account's are not known
// of.
func (in *input) missing() []mapping.Missing {
	if in.translated != nil {
		return in.translated.report.Missing
	}
	list := in.mapper.Missing()
	mapping.SortMissing(list, profile.Kinds())
	return list
}

// look opens the files, once, ahead of what else is needed: whether they can be
// read at all is told first.
func (r *reading) look() error {
	if r.opened != nil {
		return nil
	}
	book, err := r.book()
	if err == nil {
		r.opened = book
	}
	return err
}

// book opens the files.
func (r *reading) book() (*sheet.Book, error) {
	book, err := sheet.Open(r.flags.Paths, r.sheets)
	if err != nil {
		return nil, refuse("", "%v", err)
	}
	return book, nil
}

// openBook judges the flags and opens the files.
func (f *inputFlags) openBook(e *env) (*sheet.Book, error) {
	r, err := f.judge(e, importer.ModeCreate)
	if err != nil {
		return nil, err
	}
	return r.book()
}

// matchHint is for a file whose columns have other names than ours.
func (r *reading) matchHint(book *sheet.Book, t *translated) string {
	if t != nil || profile.IsOurs(book) {
		return ""
	}
	return "offerlift match " + shellWords(r.flags.Paths) + " proposes what each column is, whatever its name"
}

// refuseProblems says everything that keeps an input from being read. hint is
// what to do, where the cells alone do not say it.
func refuseProblems(v *voice, err error, hint string) error {
	var problems *mapping.Problems
	if !errors.As(err, &problems) {
		return refuse("", "%v", err)
	}
	nameless := false
	for _, m := range problems.Messages {
		v.note("%s", v.message(m))
		nameless = nameless || m.Code == "no_known_column"
	}
	if !nameless {
		hint = ""
	}
	return refuse(cmp.Or(hint, "mend this and start again"), "nothing was sent: the input cannot be read")
}

// password finds an encrypted workbook's password: in a file, or by asking.
func (f *inputFlags) password(e *env) (func(file string) (string, error), error) {
	if f.PasswordFile != "" {
		content, err := os.ReadFile(f.PasswordFile)
		if err != nil {
			return nil, refuse("check the path given with --password-file", "the password's file %s cannot be read: %v", f.PasswordFile, plain(err))
		}
		return func(string) (string, error) { return strings.TrimRight(string(content), "\r\n"), nil }, nil
	}
	stdin, ok := e.stdin.(*os.File)
	if !ok || !isTerminal(e.stdin) {
		return nil, nil
	}
	return func(file string) (string, error) {
		fmt.Fprintf(e.voice.err, "password of %s: ", file)
		secret, err := term.ReadPassword(int(stdin.Fd()))
		fmt.Fprintln(e.voice.err)
		return string(secret), err
	}, nil
}

// remember has a password that was asked for known to the reports, too.
func (e *env) remember(ask func(file string) (string, error)) func(file string) (string, error) {
	if ask == nil {
		return nil
	}
	e.passwords = map[string]string{}
	return func(file string) (string, error) {
		password, err := ask(file)
		e.passwords[file] = password
		return password, err
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
		Action: importer.Action(o.Action), Was: o.Was, KeyCell: o.KeyCell, Body: o.Body, Messages: o.Messages,
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
