// Package mapping turns the rows of a book into offers, or says by cell why it
// cannot.
//
// [New] matches sheets and headers to the schema, indexes the offers' keys and
// joins the child rows to them; [Mapper.Offers] then streams the offers in the
// order of the input, each with its body for the API and with everything that
// is to be said about its cells. It promises that
//
//   - all problems of a file are told in one pass, each with its cell, what is
//     wrong and what would be right;
//   - a value is repaired only where one reading is possible, and every repair
//     is told; where two are possible it is an error that shows both;
//   - money and ids go from cell to body as text, never through a float;
//   - memory does not grow with the offers beyond an index of their keys: child
//     rows wait in a spool that moves to disk.
//
// The columns, their kinds and bounds come from the schema in internal/affise
// alone; rules between columns stand in rules.go, the codes of messages in
// codes.go. A sheet's own columns and flat columns (payout_2_total) may be used
// side by side: an offer gets the children of both, the flat ones first.
//
// For each of our columns a binding says where its text comes from and at which
// cell its errors are told. That is the place where another network's columns
// will come in.
package mapping

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// ExampleKey is the key of the template's example rows, in any case: rows that
// have it are left out.
const ExampleKey = affise.ExampleKey

// Options tell how cells are to be understood. The zero value creates, and
// takes only what has one reading.
type Options struct {
	Mode       string            // create, update or upsert; blank is create. An update needs no required columns
	DateFormat string            // as users write it: DD.MM.YYYY, MM/DD/YYYY HH:MM; blank: dates with two readings are errors
	AllowLoss  bool              // payouts of which the affiliate gets more than the advertiser pays are meant, though most are so
	Decimal    rune              // '.' or ','; 0: what the reader found, else amounts with two readings are errors
	FilesDir   string            // where file columns are read from; blank: the folder of the sheet's file
	FileCopies map[string]string // by the absolute path of a file that is gone: where a copy of it lies
	Now        func() time.Time

	// Given is the account's id that the user gave for an id or a name of a kind;
	// nil where none was given. Lookup asks the account for a name; nil where
	// there is no account to ask. The name of a region or a city begins with its
	// country: US:Texas. Both are called by New alone.
	Given  func(kind, text string) (id string, ok bool)
	Lookup func(kind, name string) Found
	// Values asks the account for the names that it takes: list is oses or browsers.
	// Nil where there is no account to ask. It is called by New alone, once a list.
	Values  func(list string) []string
	TempDir string // where child rows are spooled; blank: the system's

	// MessagesOnly leaves Body and Arrays out of the offers, for who only judges:
	// to make them anew for each offer is a good part of the work.
	MessagesOnly bool
}

// Check tells what is wrong with the options, before any file is opened.
func (o Options) Check() error {
	_, err := newEnv(o)
	return err
}

// Ref names a row of the input, or the columns of one that stand for a child.
type Ref struct {
	File, Sheet string
	Row         int
	Prefix      string // of the columns' names in a flat sheet: payout_2_
}

// Rows names, in its order, the rows that an array of a body was made of.
type Rows struct {
	Key string // payments, partner_payments, caps, …
	At  []Ref
}

// Offer is one offer of the input. Body is in schema order, and means nothing
// where the offer is not valid.
type Offer struct {
	Key, Title string
	At         Ref
	Children   []Ref  // its rows in child sheets
	Arrays     []Rows // where the rows of the body's arrays stand
	Action     string // of the action column, or blank
	Was        int64  // the offer that the row became in an earlier run, if it is a row of its results; 0 = none
	KeyCell    string // where its key stands, if Was says something
	Body       affise.Value
	Messages   []sheet.Message

	shift offset // of its row, which may be one of a block
}

// Valid tells whether the offer may be sent: no message of it is an error.
func (o Offer) Valid() bool {
	return !slices.ContainsFunc(o.Messages, func(m sheet.Message) bool { return m.Level == sheet.LevelError })
}

// Problems is everything that keeps an input from being read at all.
type Problems struct{ Messages []sheet.Message }

func (p *Problems) Error() string {
	lines := make([]string, len(p.Messages))
	for i, m := range p.Messages {
		lines[i] = m.Text
		if place := m.Place(); place != "" {
			lines[i] = place + ": " + m.Text
		}
	}
	return strings.Join(lines, "\n")
}

// Mapper holds what New found. Its methods may be used at once from several
// goroutines.
type Mapper struct {
	opts      Options
	env       env
	offers    []*offerTable // the Offers tables in their order
	children  []*childTable
	index     *keyIndex
	spool     *spool
	messages  []sheet.Message
	rivals    []sheet.Message // of tables for one part
	unread    []*sheet.Table
	noPayouts string              // why no offer can have a payout; blank where payouts are there
	orphans   []orphan            // until they are judged
	awaited   map[uint32][]orphan // by ordinal: those that are probably meant for the offer
}

// New matches sheets and headers, indexes keys and joins child rows, for which
// it reads every table once. The error is a [*Problems], or an error of a file
// that cannot be read or of the options.
func New(book *sheet.Book, opts Options) (*Mapper, error) {
	m := &Mapper{opts: opts, index: newKeyIndex()}
	var err error
	if m.env, err = newEnv(m.opts); err != nil {
		return nil, err
	}
	if problems := m.bind(book); len(problems) > 0 {
		return nil, &Problems{slices.Concat(problems, m.messages, readersNotes(book))} // a misspelt column or a hidden sheet may be the reason
	}
	m.spool = newSpool(m.opts.TempDir)
	if err := m.firstPass(); err != nil {
		m.Close()
		var problems *Problems
		if errors.As(err, &problems) {
			problems.Messages = slices.Concat(problems.Messages, m.messages, readersNotes(book))
		}
		return nil, err
	}
	m.takeNotes(book)
	return m, nil
}

// firstPass indexes the offers' keys, then spools the child rows.
func (m *Mapper) firstPass() error {
	if err := m.indexOffers(); err != nil {
		return err
	}
	if m.index.len() == 0 {
		return &Problems{slices.Concat(m.rivals, m.noRows(), m.tablesBelow())}
	}
	problems, err := m.judgeUnread()
	if err != nil {
		return err
	}
	for _, c := range m.children {
		if err := m.spoolTable(c); err != nil {
			return err
		}
	}
	if problems = slices.Concat(m.rivals, problems, m.tablesBelow()); len(problems) > 0 {
		return &Problems{problems}
	}
	m.noPayouts = m.whyNoPayout()
	if err := m.judgeOrphans(); err != nil {
		return err
	}
	if err := m.spool.finish(); err != nil {
		return err
	}
	for _, c := range m.children {
		if err := m.spool.sortRegion(&c.region); err != nil {
			return err
		}
	}
	return nil
}

// Len is the number of offers in the input.
func (m *Mapper) Len() int { return m.index.len() }

// Offers streams the offers in the order of the input. It may be called again.
// An error ends the stream: a file that cannot be read to its end, or ctx.
func (m *Mapper) Offers(ctx context.Context) iter.Seq2[Offer, error] {
	return func(yield func(Offer, error) bool) { m.stream(ctx, yield) }
}

// Messages are those that belong to no offer: columns and sheets that are not
// known, child rows without an offer, what the reader noted.
func (m *Mapper) Messages() []sheet.Message { return slices.Clone(m.messages) }

// Close removes the spool and lets go of the folders of files.
func (m *Mapper) Close() error {
	m.env.files.close()
	if m.spool == nil {
		return nil
	}
	return m.spool.close()
}

// takeNotes puts the reader's notes before the mapper's own.
func (m *Mapper) takeNotes(book *sheet.Book) {
	m.messages = append(readersNotes(book), m.messages...)
}

func readersNotes(book *sheet.Book) []sheet.Message {
	notes := slices.Clone(book.Notes)
	for _, t := range book.Tables {
		notes = append(notes, placed(t.Notes, t)...)
	}
	return notes
}

// env is what the reading of a cell needs to know beyond the cell.
type env struct {
	mode       string
	today      string // YYYY-MM-DD
	dateFormat string
	dates      []dateLayout // of dateFormat
	decimal    rune
	zones      *sync.Map // the names of time zones that were looked up, each with whether it exists
	near       *sync.Map // the countries near to words that are none
	kept       *atomic.Int32
	files      *fileRoots
	names      *nameIndex
	account    *accountNames
}

func newEnv(opts Options) (env, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	e := env{
		mode: opts.Mode, dateFormat: opts.DateFormat, decimal: opts.Decimal,
		today: opts.Now().Format(time.DateOnly), zones: &sync.Map{}, near: &sync.Map{}, kept: &atomic.Int32{}, files: newFileRoots(opts.FilesDir, opts.FileCopies),
		names:   &nameIndex{given: opts.Given, lookup: opts.Lookup, found: map[nameKey]*named{}},
		account: &accountNames{fetch: opts.Values, lists: map[string][]string{}},
	}
	if e.mode == "" {
		e.mode = modeCreate
	}
	if !slices.Contains([]string{modeCreate, modeUpdate, modeUpsert}, e.mode) {
		return e, fmt.Errorf("`%s` is not a mode: create, update or upsert", e.mode)
	}
	if !slices.Contains([]rune{0, '.', ','}, e.decimal) {
		return e, fmt.Errorf("`%c` is not a decimal sign: . or ,", e.decimal)
	}
	var err error
	e.dates, err = dateLayouts(opts.DateFormat)
	return e, err
}
