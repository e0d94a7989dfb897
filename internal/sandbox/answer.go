package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// An answer is a reply before it is sent, or spoilt by a fault.
type answer struct {
	code     int
	kind     string // Content-Type
	body     []byte
	doc      []byte // the offer that stands between body and tail, where there is one
	tail     []byte
	id       int  // the offer's id
	rejected bool // the request was read and refused
}

func (a answer) length() int { return len(a.body) + len(a.doc) + len(a.tail) }

// whole joins the parts, which are otherwise sent one by one to save the copy.
func (a answer) whole() []byte { return slices.Concat(a.body, a.doc, a.tail) }

const jsonType = "application/json"

func (a answer) header(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(a.length()))
	w.WriteHeader(a.code)
}

// send writes an answer and counts what the client is told.
func (s *Server) send(w http.ResponseWriter, a answer) {
	switch a.code {
	case http.StatusTooManyRequests:
		s.count(func(st *Stats) { st.Throttled++ })
	case http.StatusUnauthorized, http.StatusForbidden:
		s.count(func(st *Stats) { st.Refused++ })
	}
	a.header(w)
	for _, part := range [][]byte{a.body, a.doc, a.tail} {
		if len(part) > 0 {
			_, _ = w.Write(part) // the client may be gone
		}
	}
}

// offerAnswer is {"status":1,"offer":{…},"id":N}.
func offerAnswer(doc []byte, id int) answer {
	tail := append(strconv.AppendInt([]byte(`,"id":`), int64(id), 10), '}')
	return answer{code: http.StatusOK, kind: jsonType, body: []byte(`{"status":1,"offer":`), doc: doc, tail: tail, id: id}
}

// success is {"status":1, …} with further members; values must marshal.
func success(members map[string]any) answer {
	members["status"] = 1
	body, err := json.Marshal(members)
	if err != nil {
		panic(fmt.Sprintf("sandbox: answer: %v", err)) // values of this package's own types
	}
	return answer{code: http.StatusOK, kind: jsonType, body: body}
}

// refusal is {"status":2,"message":"…"} or {"status":2,"error":"…"}.
func refusal(code int, member, text string) answer {
	body := append([]byte(`{"status":2,"`+member+`":`), appendText(nil, text)...)
	return answer{code: code, kind: jsonType, body: append(body, '}'), rejected: true}
}

func badRequest(text string) answer { return refusal(http.StatusBadRequest, "message", text) }

func serverError() answer {
	return refusal(http.StatusInternalServerError, "message", "Server error, please contact your administrator")
}

func notFound(what string) answer { return refusal(http.StatusNotFound, "message", what) }

func keyRefused(missing bool) answer {
	if missing {
		return refusal(http.StatusUnauthorized, "error", "Token is necessary")
	}
	return refusal(http.StatusForbidden, "error", "Auth Denied")
}

func htmlPage(code int, title string) answer {
	page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{code: code, kind: "text/html", body: []byte(page)}
}

// spliceMembers returns a JSON object with some of its members replaced, all in their order.
func spliceMembers(doc []byte, replace map[string]string) []byte {
	d := json.NewDecoder(bytes.NewReader(doc))
	_, _ = d.Token() // the opening brace of our own JSON
	to := []byte{'{'}
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(fmt.Sprintf("sandbox: a stored offer is not JSON: %v", err))
		}
		if other, ok := replace[name.(string)]; ok {
			value = json.RawMessage(other)
		}
		to = append(append(append(appendText(to, name.(string)), ':'), value...), ',')
	}
	to[len(to)-1] = '}'
	return to
}
