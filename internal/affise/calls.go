package affise

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Stored is an offer as the account has it.
type Stored struct {
	ID        int64
	Key       string // external_offer_id
	Title     string
	Status    string
	UpdatedAt string          // as the API writes it: 2006-01-02 15:04:05
	Offer     json.RawMessage // the whole offer; nil where the answer had none, and in lists
}

// Page is one page of the account's offers.
type Page struct {
	Offers []Stored
	Total  int // in the whole account
	Page   int // from 1
	Next   int // the next page; 0 on the last
}

// MaxLimit is the most offers that one page may hold.
const MaxLimit = 500

// maxPages ends a look-up in a list without end.
const maxPages = 1000

// Create stores a new offer and returns it. The API has no idempotency: calling
// it twice makes two offers. An *[Error] says by its outcome what may be done
// next.
func (c *Client) Create(ctx context.Context, body Value) (Stored, error) {
	return c.write(ctx, "create offer", "/3.0/admin/offer", body, 0)
}

// Edit changes what body holds and leaves the rest as it is. A list that is
// sent replaces the stored one; [Cleared] empties it.
func (c *Client) Edit(ctx context.Context, id int64, body Value) (Stored, error) {
	return c.write(ctx, "edit offer", "/3.0/admin/offer/"+strconv.FormatInt(id, 10), body, id)
}

func (c *Client) write(ctx context.Context, call, path string, body Value, id int64) (Stored, error) {
	doc, err := c.post(ctx, call, path, body)
	if err != nil {
		return Stored{}, err
	}
	return c.storedOffer(request{name: call}, doc, body, id)
}

// post sends a form.
func (c *Client) post(ctx context.Context, call, path string, form Value) (*document, error) {
	body, err := Encode(form)
	if err != nil {
		return nil, named(err, call)
	}
	return c.do(ctx, request{name: call, method: http.MethodPost, path: path, body: &body, limit: c.max})
}

// storedOffer takes the offer out of the answer to a create or an edit, and
// makes sure that it is the one that was sent. id is 0 where it is not known.
func (c *Client) storedOffer(r request, doc *document, sent Value, id int64) (Stored, error) {
	s := stored(doc.root().get("offer"))
	if s.ID == 0 {
		s.ID, _ = doc.root().get("id").id()
	}
	if why := doubt(s, sent, id); why != "" {
		err := c.failed(r, Unknown, why, nil)
		err.Done = true
		return Stored{}, err
	}
	if s.ID <= 0 {
		s.ID = id
	}
	return s, nil
}

// doubt says why an answer does not show that what was sent is stored as s. id
// is 0 where it is not known.
func doubt(s Stored, sent Value, id int64) string {
	key, title := textOf(sent, "external_offer_id"), textOf(sent, "title")
	titled := title != "" && s.Title != ""
	sameTitle := titled && foldedEqual(s.Title, title)
	switch {
	case s.ID <= 0 && id == 0:
		return "the API says that it is stored, but not under which id"
	case id != 0 && s.ID > 0 && s.ID != id:
		return fmt.Sprintf("the answer is for offer %d, not for offer %d", s.ID, id)
	case id == 0 && s.Key == "" && titled && !sameTitle:
		return fmt.Sprintf("the answer is for another offer, titled %q", s.Title)
	case s.Key == "" || s.Key == key || key == "":
		return ""
	case sameTitle && rewritten(s.Key, key):
		return "" // ours
	}
	return fmt.Sprintf("the answer is for another offer, %q instead of %q", s.Key, key)
}

// textOf is a text of a body; blank where it has none.
func textOf(body Value, key string) string {
	v, _ := body.Get(key)
	return v.Str()
}

// leastCut is the shortest key that is taken for the beginning of a longer one:
// a server keeps at least so much.
const leastCut = 20

// rewritten tells whether a server may have made one key of another: cut it, or
// written it otherwise.
func rewritten(stored, sent string) bool {
	return foldedEqual(stored, sent) || len(stored) >= leastCut && strings.HasPrefix(sent, stored)
}

func foldedEqual(a, b string) bool { return folded(a) == folded(b) }

// folded is a text without what servers change in it without a word.
func folded(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(html.UnescapeString(text)), " "))
}

// stored reads an offer of an answer.
func stored(offer element) Stored {
	id, _ := offer.get("id").id()
	return Stored{
		ID: id, Key: offer.get("external_offer_id").text(), Title: offer.get("title").text(),
		Status: offer.get("status").text(), UpdatedAt: offer.get("updated_at").text(), Offer: offer.raw(),
	}
}

// Get returns one offer. An offer that is not there is an *[Error] with the
// outcome [Rejected], and HTTP 404 where the API says so by its code.
func (c *Client) Get(ctx context.Context, id int64) (Stored, error) {
	r := request{name: "look up offer", method: http.MethodGet, path: "/3.0/offer/" + strconv.FormatInt(id, 10), limit: c.max}
	doc, err := c.do(ctx, r)
	if err != nil {
		return Stored{}, err
	}
	s := stored(doc.root().get("offer"))
	if s.ID != id {
		return Stored{}, c.failed(r, Unknown, fmt.Sprintf("the answer does not hold offer %d", id), nil)
	}
	return s, nil
}

// Find returns the offers on a page of a look-up whose external_offer_id is key,
// letter by letter, with the whole offer in each. None is no error. A new offer
// may be listed late, so that nothing found right after a create proves nothing.
func (c *Client) Find(ctx context.Context, key string, page int) (Page, error) {
	const call = "look up offer by external_offer_id"
	if page > maxPages {
		return Page{}, &Error{Outcome: Unknown, Call: call, Message: "the list has no end"}
	}
	p, err := c.list(ctx, call, url.Values{"external_offer_id": {key}}, page, MaxLimit)
	if err != nil {
		return Page{}, err
	}
	var found []Stored
	for _, s := range p.Offers {
		if s.Key == key {
			s.Offer = slices.Clone(s.Offer) // the page is not kept for its sake
			found = append(found, s)
		}
	}
	p.Offers = found
	return p, nil
}

// Resembling returns those of the account's newest offers that may be what was
// sent, although they are not listed under its key: they have its title, and
// either its key as a server may have rewritten it, or no key and, as far as sent
// has them, its URL and its advertiser. It is for who would send the offer a
// second time.
func (c *Client) Resembling(ctx context.Context, sent Value) ([]Stored, error) {
	query := url.Values{"q": {textOf(sent, "title")}, "sort[id]": {"desc"}}
	p, err := c.list(ctx, "look up offer by title", query, 1, MaxLimit)
	if err != nil {
		return nil, err
	}
	var found []Stored
	for _, s := range p.Offers {
		if resembles(s, sent) {
			s.Offer = slices.Clone(s.Offer) // the page is not kept for its sake
			found = append(found, s)
		}
	}
	return found, nil
}

func resembles(s Stored, sent Value) bool {
	switch {
	case !foldedEqual(s.Title, textOf(sent, "title")):
		return false
	case s.Key != "":
		return rewritten(s.Key, textOf(sent, "external_offer_id"))
	}
	var known []Field // of one whose body nobody has any more, the title alone
	for _, key := range []string{"url", "advertiser"} {
		if text := textOf(sent, key); text != "" {
			known = append(known, Field{key, Text(text)})
		}
	}
	differences, err := Differences(Map(known...), s.Offer)
	return err == nil && len(differences) == 0
}

// List returns a page of the account's offers, without the offers' own JSON:
// what it takes to know which keys the account has. Pages count from 1, limit
// is 1 to [MaxLimit].
func (c *Client) List(ctx context.Context, page, limit int) (Page, error) {
	p, err := c.ListWhole(ctx, page, limit)
	for i := range p.Offers {
		p.Offers[i].Offer = nil
	}
	return p, err
}

// ListWhole returns a page of the account's offers with the whole of each. The
// page stays in memory as long as one of its offers does.
func (c *Client) ListWhole(ctx context.Context, page, limit int) (Page, error) {
	return c.list(ctx, "list offers", url.Values{"sort[id]": {"asc"}}, page, limit)
}

func (c *Client) list(ctx context.Context, call string, query url.Values, page, limit int) (Page, error) {
	query.Set("page", strconv.Itoa(page))
	query.Set("limit", strconv.Itoa(limit))
	r := request{name: call, method: http.MethodGet, path: "/3.0/offers", query: query, limit: c.max * listFactor}
	doc, err := c.do(ctx, r)
	if err != nil {
		return Page{}, err
	}
	p, problem := pageOf(doc.root(), page, limit)
	if problem != "" {
		return Page{}, c.failed(r, Unknown, problem, nil)
	}
	return p, nil
}

// pageOf reads a list. A list that may not be complete is a problem: a key that
// is missed would be made a second time.
func pageOf(answer element, page, limit int) (p Page, problem string) {
	offers, pages := answer.get("offers"), answer.get("pagination")
	if offers.kind() != kindArray {
		return Page{}, "the answer holds no list of offers"
	}
	p = Page{Page: page, Offers: make([]Stored, 0, offers.count())}
	for offer := range offers.children() {
		s := stored(offer)
		if s.ID <= 0 {
			return Page{}, "the list holds an offer without an id"
		}
		p.Offers = append(p.Offers, s)
	}
	p.Total, p.Next, problem = paging{page, limit, len(p.Offers)}.of(pages)
	if problem != "" {
		return Page{}, problem
	}
	return p, ""
}

// paging is which page was asked for, the most that it may hold, and how many
// it held.
type paging struct{ page, limit, held int }

// of reads the total and the next page. It believes next_page, and where that
// says no more, the total: one page too many is empty, one too few hides what
// is on it.
func (p paging) of(pages element) (total, next int, problem string) {
	count, counted := pages.get("total_count").id()
	switch {
	case !counted && p.held >= p.limit:
		return 0, 0, "the answer does not say how many there are in all"
	case !counted:
		count = int64((p.page-1)*p.limit + p.held)
	}
	total = int(count)
	if p.held == 0 {
		return total, 0, ""
	}
	if next, ok := pages.get("next_page").id(); ok && int(next) > p.page {
		return total, int(next), ""
	}
	limit := p.limit
	if per, ok := pages.get("per_page").id(); ok && per > 0 {
		limit = int(per)
	}
	if p.page*limit < total {
		return total, p.page + 1, ""
	}
	return total, 0, ""
}

// Delete deletes offers for good.
func (c *Client) Delete(ctx context.Context, ids ...int64) error {
	_, err := c.post(ctx, "delete offers", "/3.0/admin/offer/delete", Map(Field{"offer_id", idTexts(ids)}))
	return err
}

// SetStatus gives offers a status: stopped, active or suspended.
func (c *Client) SetStatus(ctx context.Context, status string, ids ...int64) error {
	_, err := c.post(ctx, "set status of offers", "/3.0/admin/offer/mass-update",
		Map(Field{"offer_id", idTexts(ids)}, Field{"status", Text(status)}))
	return err
}

func idTexts(ids []int64) Value {
	list := make([]Value, len(ids))
	for i, id := range ids {
		list[i] = Text(strconv.FormatInt(id, 10))
	}
	return List(list...)
}
