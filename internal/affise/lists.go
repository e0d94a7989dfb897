package affise

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Directory is a list of what an account's ids stand for.
type Directory string

// The directories.
const (
	Advertisers Directory = "advertisers"
	Affiliates  Directory = "affiliates"
	Categories  Directory = "categories"
	Sources     Directory = "sources"
	Managers    Directory = "managers"
	Regions     Directory = "regions" // of one country: see [Client.Places]
	Cities      Directory = "cities"  // likewise
)

// Named is an entry of a directory.
type Named struct {
	ID    string   // 24 hexadecimal digits; of an affiliate or a place, a whole number
	Names []string // every one that the account has for it: a title; or name, login and e-mail address. No one is blank
}

// NamePage is one page of a directory.
type NamePage struct {
	Entries []Named
	Total   int // in the whole directory
	Next    int // the next page; 0 on the last
}

// directory is how the API serves a Directory.
type directory struct {
	path  string
	list  string   // the member of the answer that holds the entries
	names []string // the members of an entry that name it
	whole bool     // served in one piece, without page and limit
}

func (d Directory) served() (directory, bool) {
	person := []string{"name", "login", "email"}
	found, ok := map[Directory]directory{
		Advertisers: {path: "/3.0/admin/advertisers", list: "advertisers", names: []string{"title"}},
		Affiliates:  {path: "/3.0/admin/partners", list: "partners", names: person},
		Categories:  {path: "/3.0/offer/categories", list: "categories", names: []string{"title"}},
		Sources:     {path: "/3.0/admin/offer/sources", list: "sources", names: []string{"title"}, whole: true},
		Managers:    {path: "/3.0/admin/users", list: "users", names: person},
	}[d]
	return found, ok
}

// Names returns a page of a directory; pages count from 1. A page that may not
// be complete is an *[Error]: who looks for a name must know whether it is
// there twice.
func (c *Client) Names(ctx context.Context, d Directory, page int) (NamePage, error) {
	r := c.listing(d)
	served, ok := d.served()
	switch {
	case !ok:
		return NamePage{}, c.failed(r, NotApplied, "there is no such list", nil)
	case page > maxPages:
		return NamePage{}, c.failed(r, Unknown, "the list has no end", nil)
	}
	if !served.whole {
		r.query = url.Values{"page": {strconv.Itoa(page)}, "limit": {strconv.Itoa(MaxLimit)}}
	}
	return c.names(ctx, r, served, page)
}

// Places returns all regions or cities of a country, an ISO 3166 alpha-2 code.
func (c *Client) Places(ctx context.Context, d Directory, country string) (NamePage, error) {
	r := c.listing(d)
	if d != Regions && d != Cities {
		return NamePage{}, c.failed(r, NotApplied, "there is no such list of a country", nil)
	}
	r.query = url.Values{"country[]": {country}}
	return c.names(ctx, r, directory{path: "/3.1/" + string(d), list: string(d), names: []string{"name"}, whole: true}, 1)
}

func (c *Client) listing(d Directory) request {
	return request{name: "list " + string(d), method: http.MethodGet, limit: c.max * listFactor}
}

func (c *Client) names(ctx context.Context, r request, served directory, page int) (NamePage, error) {
	r.path = served.path
	doc, err := c.do(ctx, r)
	if err != nil {
		return NamePage{}, err
	}
	p, problem := served.page(doc.root(), page)
	if problem != "" {
		return NamePage{}, c.failed(r, Unknown, problem, nil)
	}
	return p, nil
}

// page reads an answer.
func (d directory) page(answer element, page int) (p NamePage, problem string) {
	entries := answer.get(d.list)
	if entries.kind() != kindArray {
		return NamePage{}, "the answer holds no list of " + d.list
	}
	for entry := range entries.children() {
		id := entryID(entry.get("id"))
		if id == "" {
			return NamePage{}, fmt.Sprintf("entry %d of the list has no id", len(p.Entries)+1)
		}
		p.Entries = append(p.Entries, Named{id, d.namesOf(entry)})
	}
	if d.whole {
		p.Total = len(p.Entries)
		if all, ok := answer.get("pagination").get("total_count").id(); ok && int(all) > p.Total {
			return NamePage{}, fmt.Sprintf("the answer holds %d of %d entries", p.Total, all)
		}
		return p, ""
	}
	p.Total, p.Next, problem = paging{page, MaxLimit, len(p.Entries)}.of(answer.get("pagination"))
	return p, problem
}

// entryID takes an id as it stands, whether it came as number or as text; a
// number that is no whole one is none.
func entryID(e element) string {
	if e.kind() == kindString {
		return strings.TrimSpace(e.text())
	}
	if id, ok := e.id(); ok && id > 0 {
		return strconv.FormatInt(id, 10)
	}
	return ""
}

func (d directory) namesOf(entry element) []string {
	var names []string
	add := func(name string) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	for _, member := range d.names {
		add(entry.get(member).text())
	}
	add(entry.get("first_name").text() + " " + entry.get("last_name").text()) // of managers
	return names
}
