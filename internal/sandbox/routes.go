package sandbox

import (
	"net/http"
	"strconv"
	"strings"
)

// A route is what a request asks for: the call's name in Stats, and what answers it.
type route struct {
	call   string
	handle func(*http.Request) answer
}

func (s *Server) route(r *http.Request) route {
	path := strings.TrimPrefix(r.URL.Path, "/")
	switch r.Method {
	case http.MethodPost:
		if found, ok := s.postRoute(path); ok {
			return found
		}
	case http.MethodGet, http.MethodHead:
		if found, ok := s.getRoute(path); ok {
			return found
		}
	}
	return route{"unknown", func(*http.Request) answer { return notFound("Resource Not Found") }}
}

func (s *Server) postRoute(path string) (route, bool) {
	switch path {
	case "3.0/admin/offer":
		return route{"create", s.create}, true
	case "3.0/admin/offer/delete":
		return route{"delete", s.remove}, true
	case "3.0/admin/offer/mass-update":
		return route{"mass-update", s.massUpdate}, true
	case "3.0/offer/enable-affiliate":
		return route{"enable-affiliate", s.enableAffiliate}, true
	case "3.0/admin/category":
		return route{"add-category", s.addCategory}, true
	}
	if id, ok := pathID(path, "3.0/admin/offer/"); ok {
		return route{"edit", func(r *http.Request) answer { return s.edit(r, id) }}, true
	}
	return route{}, false
}

func (s *Server) getRoute(path string) (route, bool) {
	if path == "3.0/offers" {
		return route{"list", s.list}, true
	}
	if id, ok := pathID(path, "3.0/offer/"); ok {
		return route{"get", func(*http.Request) answer { return s.get(id) }}, true
	}
	return s.lookupRoute(path)
}

// pathID reads the id behind a prefix. A number too long for an offer is an id that does not exist.
func pathID(path, prefix string) (int, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok || !digitsOnly(rest, 18) {
		return 0, false
	}
	id, err := strconv.Atoi(rest)
	return id, err == nil
}
