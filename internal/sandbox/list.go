package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	defaultLimit = 100
	maxLimit     = 500
)

// A page is a part of a list.
type page struct{ number, limit int }

// pageOf reads page and limit. A limit above the most is that most, as the API has it.
func pageOf(n Node) (page, bool) {
	p := page{1, defaultLimit}
	for key, at := range map[string]*int{"page": &p.number, "limit": &p.limit} {
		if v, ok := n.Get(key); ok {
			i, err := strconv.Atoi(v.text)
			if err != nil || !oneInteger(v) || i < 1 {
				return p, false
			}
			*at = i
		}
	}
	p.limit = min(p.limit, maxLimit)
	return p, true
}

// cut returns where the page begins and ends in a list of total.
func (p page) cut(total int) (from, to int) {
	from = min((p.number-1)*p.limit, total)
	return from, min(from+p.limit, total)
}

type pagination struct {
	PerPage    int `json:"per_page"`
	TotalCount int `json:"total_count"`
	Page       int `json:"page"`
	NextPage   int `json:"next_page,omitempty"` // left out on the last page
}

func (p page) of(total int) pagination {
	of := pagination{PerPage: p.limit, TotalCount: total, Page: p.number}
	if p.number*p.limit < total {
		of.NextPage = p.number + 1
	}
	return of
}

func listParameters() form {
	return form{
		"page": oneInteger, "limit": oneInteger, "external_offer_id": oneOf(), "q": oneOf(), "bundle_id": oneOf(),
		"int_id": listOf(isIntegerText), "advertiser": listOf(hexID), "categories": listOf(hexID),
		"status":     listOf(func(v string) bool { return oneOf("stopped", "active", "suspended")(Node{text: v}) }),
		"updated_at": func(n Node) bool { return n.arr == nil && date(n.text) },
		"countries":  listOf(func(v string) bool { return len(v) == 2 && strings.ToUpper(v) == v }),
		"privacy":    listOf(func(v string) bool { return v == "0" || v == "1" || v == "2" }),
		"sort": func(n Node) bool {
			v, ok := n.Get("id")
			return ok && n.Len() == 1 && (v.text == "asc" || v.text == "desc")
		},
	}
}

func (s *Server) list(r *http.Request) answer {
	n := ParseForm([]byte(r.URL.RawQuery), 0)
	if refused, ok := listParameters().check(n); !ok {
		return refused
	}
	p, ok := pageOf(n)
	if !ok {
		return badRequest("page and limit are integers from 1")
	}
	found := s.find(n)
	if direction, _ := n.Get("sort", "id"); direction.text != "asc" {
		slices.Reverse(found)
	}
	from, to := p.cut(len(found))
	body := []byte(`{"status":1,"offers":[`)
	for i, r := range found[from:to] {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, r.doc...)
	}
	pages, _ := json.Marshal(p.of(len(found))) // plain data
	body = append(append(append(body, `],"pagination":`...), pages...), '}')
	return answer{code: http.StatusOK, kind: jsonType, body: body}
}

// find returns the listed offers that pass all filters, in the order of their ids.
func (s *Server) find(n Node) []*record {
	filters := filtersOf(n)
	now := time.Now()
	var found []*record
	for _, r := range s.candidates(n) {
		if now.Before(r.listed) {
			continue
		}
		if !slices.ContainsFunc(filters, func(pass func(*record) bool) bool { return !pass(r) }) {
			found = append(found, r)
		}
	}
	return found
}

// candidates narrows the search by the two filters that have an index.
func (s *Server) candidates(n Node) []*record {
	if key, ok := n.Get("external_offer_id"); ok && key.text != "" {
		return s.store.withKey(key.text)
	}
	ids := texts(n, "int_id")
	if len(ids) == 0 {
		return s.store.all()
	}
	var found []*record
	for _, v := range ids {
		id, _ := strconv.Atoi(v) // checked before
		if r := s.store.get(id); r != nil && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *record) int { return a.id - b.id })
	return found
}

func filtersOf(n Node) []func(*record) bool {
	var all []func(*record) bool
	among := func(key string, has func(*facts, string) bool) {
		if wanted := texts(n, key); len(wanted) > 0 {
			all = append(all, func(r *record) bool {
				return slices.ContainsFunc(wanted, func(v string) bool { return has(r.read(), v) })
			})
		}
	}
	single := func(key string, pass func(r *record, v string) bool) {
		if v, ok := n.Get(key); ok && v.text != "" {
			all = append(all, func(r *record) bool { return pass(r, v.text) })
		}
	}
	if ids := texts(n, "int_id"); len(ids) > 0 {
		all = append(all, func(r *record) bool { return slices.Contains(ids, strconv.Itoa(r.id)) })
	}
	among("advertiser", func(f *facts, v string) bool { return f.Advertiser == v })
	among("status", func(f *facts, v string) bool { return f.Status == v })
	among("categories", func(f *facts, v string) bool { return slices.Contains(f.Categories, v) })
	among("countries", (*facts).hasCountry)
	among("privacy", func(f *facts, v string) bool {
		return f.Privacy == map[string]string{"0": "public", "1": "premoderated", "2": "private"}[v]
	})
	single("bundle_id", func(r *record, v string) bool { return r.read().BundleID == v })
	single("updated_at", func(r *record, v string) bool { return r.read().UpdatedAt[:10] >= v })
	single("q", func(r *record, v string) bool {
		return strconv.Itoa(r.id) == v || strings.Contains(strings.ToLower(r.read().Title), strings.ToLower(v))
	})
	return all
}
