package main

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
)

// server takes every offer and answers as briefly as the API's shape allows, so
// that what is measured is the sender.
type server struct {
	created atomic.Int64
	bodies  sync.Pool
}

func newServer() *server {
	return &server{bodies: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		io.WriteString(w, `{"status":1,"offers":[],"pagination":{"per_page":500,"total_count":0,"page":1}}`)
		return
	}
	body := s.bodies.Get().(*bytes.Buffer)
	defer s.bodies.Put(body)
	body.Reset()
	if _, err := body.ReadFrom(r.Body); err != nil {
		return
	}
	id := strconv.FormatInt(s.created.Add(1), 10)
	io.WriteString(w, `{"status":1,"id":`+id+`,"offer":{"id":`+id+`,"external_offer_id":"`+key(body.Bytes())+`"}}`)
}

// key finds external_offer_id in a body; the data here needs no unescaping.
func key(body []byte) string {
	_, rest, ok := bytes.Cut(body, []byte("external_offer_id="))
	if !ok {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte("&"))
	return string(value)
}
