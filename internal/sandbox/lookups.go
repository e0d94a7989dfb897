package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// lookupRoute knows the lists of allowed values.
func (s *Server) lookupRoute(path string) (route, bool) {
	if name, ok := strings.CutPrefix(path, "3.1/oses/"); ok {
		return route{"oses", func(*http.Request) answer { return s.osVersions(name) }}, true
	}
	found, ok := map[string]route{
		"3.0/admin/advertisers":          {"advertisers", func(r *http.Request) answer { return paged(r, "advertisers", Advertisers()) }},
		"3.0/offer/categories":           {"categories", func(r *http.Request) answer { return paged(r, "categories", s.lists.allCategories()) }},
		"3.0/admin/offer/sources":        {"sources", func(r *http.Request) answer { return whole(r, "sources", sourceItems()) }},
		"3.0/admin/currency":             {"currency", func(r *http.Request) answer { return whole(r, "quotes", quotes()) }},
		"3.0/admin/domains":              {"domains", func(r *http.Request) answer { return whole(r, "domains", domains()) }},
		"3.0/admin/partners":             {"partners", func(r *http.Request) answer { return paged(r, "partners", partnerItems()) }},
		"3.0/admin/users":                {"users", func(r *http.Request) answer { return paged(r, "users", userItems()) }},
		"3.0/admin/smartlink/categories": {"smartlink-categories", func(r *http.Request) answer { return whole(r, "data", smartlinkItems()) }},
		"3.1/countries":                  {"countries", func(r *http.Request) answer { return whole(r, "countries", countries()) }},
		"3.1/oses":                       {"oses", func(r *http.Request) answer { return whole(r, "oses", osItems()) }},
		"3.1/devices":                    {"devices", func(r *http.Request) answer { return whole(r, "devices", devices()) }},
		"3.1/browsers":                   {"browsers", func(r *http.Request) answer { return whole(r, "browsers", browsers()) }},
		"3.1/connection-types":           {"connection-types", func(r *http.Request) answer { return whole(r, "types", []string{"wi-fi", "cellular", "other"}) }},
		"3.1/isp":                        {"isp", s.isps},
		"3.1/regions":                    {"regions", func(r *http.Request) answer { return s.places(r, "regions", regions()) }},
		"3.1/cities":                     {"cities", func(r *http.Request) answer { return s.places(r, "cities", cities()) }},
		"3.1/vendors":                    {"vendors", vendors},
	}[path]
	return found, ok
}

// query decodes the address's parameters and refuses those that are not in f.
func query(r *http.Request, f form, required ...string) (Node, answer, bool) {
	n := ParseForm([]byte(r.URL.RawQuery), 0)
	refused, ok := f.check(n, required...)
	return n, refused, ok
}

// whole answers a list in one piece.
func whole(r *http.Request, name string, items any) answer {
	if _, refused, ok := query(r, form{}); !ok {
		return refused
	}
	return success(map[string]any{name: items})
}

// paged answers a page of a list.
func paged[T any](r *http.Request, name string, items []T) answer {
	n, refused, ok := query(r, form{"page": oneInteger, "limit": oneInteger})
	if !ok {
		return refused
	}
	p, ok := pageOf(n)
	if !ok {
		return badRequest("page and limit are integers from 1")
	}
	from, to := p.cut(len(items))
	return success(map[string]any{name: items[from:to], "pagination": p.of(len(items))})
}

func sourceItems() []map[string]any {
	var all []map[string]any
	for _, c := range Sources() {
		all = append(all, map[string]any{"id": c.ID, "title": c.Title, "title_lang": map[string]string{"en": c.Title}, "allowed": 1})
	}
	return all
}

func smartlinkItems() []map[string]any {
	var all []map[string]any
	for _, c := range smartlinkCategories() {
		all = append(all, map[string]any{"_id": c.ID, "name": c.Title})
	}
	return all
}

func partnerItems() []map[string]any {
	var all []map[string]any
	for _, a := range Affiliates() {
		all = append(all, map[string]any{
			"id": a.ID, "email": a.Email, "login": a.Login, "name": nil, "status": "active", "level": 0, "manager": nil,
			"created_at": "2025-02-03 09:30:00", "updated_at": "2025-06-12 16:53:02",
		})
	}
	return all
}

func userItems() []map[string]any {
	var all []map[string]any
	for _, m := range Managers() {
		all = append(all, map[string]any{
			"id": m.ID, "first_name": m.FirstName, "last_name": m.LastName, "email": m.Email, "skype": nil,
			"roles": []string{"ROLE_MANAGER_SALES"}, "created_at": nil, "updated_at": nil,
		})
	}
	return all
}

func quotes() map[string]json.Number {
	all := map[string]json.Number{}
	for code, rate := range exchangeRates() {
		all[code] = json.Number(rate)
	}
	return all
}

// osItems is a map from number to name, as the API answers.
func osItems() map[string]string {
	var names []string
	for name := range osVersions() {
		names = append(names, name)
	}
	slices.Sort(names)
	all := map[string]string{}
	for i, name := range names {
		all[strconv.Itoa(i+1)] = name
	}
	return all
}

func (s *Server) osVersions(name string) answer {
	if plain, err := url.PathUnescape(name); err == nil && s.lists.osVersions[plain] != nil {
		return success(map[string]any{"versions": s.lists.osVersions[plain]})
	}
	return notFound("OS not found")
}

func (s *Server) oneCountry(n Node) bool { return n.arr == nil && s.lists.isCountry(n.text) }

func (s *Server) isps(r *http.Request) answer {
	n, refused, ok := query(r, form{"country": s.oneCountry, "q": oneOf()}, "country")
	if !ok {
		return refused
	}
	country, _ := n.Get("country")
	q, _ := n.Get("q")
	found := []map[string]string{}
	for _, name := range providers()[country.text] {
		if contains(name, q.text) {
			found = append(found, map[string]string{"country": country.text, "name": name})
		}
	}
	return success(map[string]any{"isps": found})
}

func contains(name, part string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(part))
}

func (s *Server) places(r *http.Request, name string, all []place) answer {
	n, refused, ok := query(r, form{"country": listOf(s.lists.isCountry)}, "country")
	if !ok {
		return refused
	}
	found, countries := []place{}, texts(n, "country")
	for _, p := range all {
		if slices.Contains(countries, p.Country) {
			found = append(found, p)
		}
	}
	return success(map[string]any{name: found})
}

func vendors(r *http.Request) answer {
	n, refused, ok := query(r, form{"q": oneOf()})
	if !ok {
		return refused
	}
	q, _ := n.Get("q")
	found := []string{}
	for _, name := range vendorNames() {
		if contains(name, q.text) {
			found = append(found, name)
		}
	}
	return success(map[string]any{"vendors": found})
}
