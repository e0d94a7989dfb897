package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody is the longest body that is read.
const maxBody = 64 << 20

// A reading is a decoded body. Its nodes live until it is released.
type reading struct {
	Node
	files []File
	arena arena
	raw   []byte
}

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
)

// readBody decodes a form of either kind. It reports false with the refusal. The reading is to be released in both cases.
func (s *Server) readBody(r *http.Request) (*reading, answer, bool) {
	in := s.readings.Get().(*reading)
	kind, params := r.Header.Get("Content-Type"), map[string]string(nil)
	if kind != formType {
		kind, params, _ = mime.ParseMediaType(kind) // what cannot be parsed is not a form
	}
	var cut bool
	var err error
	switch kind {
	case formType:
		if err = in.fill(r); err == nil {
			in.Node, cut = in.arena.parseForm(in.raw, s.cfg.MaxInputVars)
		}
	case multipartType:
		in.Node, in.files, cut, err = in.arena.parseMultipart(http.MaxBytesReader(nil, r.Body, maxBody), params["boundary"], s.cfg.MaxInputVars)
	default:
		return in, badRequest("Unsupported content type: send " + formType + " or " + multipartType), false
	}
	if err != nil {
		return in, badRequest("The body cannot be read: " + err.Error()), false
	}
	if cut {
		s.count(func(st *Stats) { st.Cut++ })
	}
	return in, answer{}, true
}

// fill reads the whole body into the reading's own buffer.
func (in *reading) fill(r *http.Request) (err error) {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		in.raw, err = io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
		return err
	}
	in.raw = slices.Grow(in.raw[:0], int(r.ContentLength))[:r.ContentLength]
	_, err = io.ReadFull(r.Body, in.raw)
	return err
}

func (s *Server) release(in *reading) {
	in.arena.reset()
	in.Node, in.files = Node{}, nil
	s.readings.Put(in)
}

func (s *Server) create(r *http.Request) answer {
	in, refused, ok := s.readBody(r)
	defer s.release(in)
	if !ok {
		return refused
	}
	now := s.cfg.Now().UTC()
	w := s.startWalk(now)
	defer s.walks.Put(w)
	if a, ok := s.walkOffer(w, in.Node, in.files, nil); !ok {
		return a
	}
	id := int(s.store.nextID.Add(1) - 1)
	doc := sealDoc(id, w.buf, now.Format(time.DateTime), now)
	key, _ := in.Get("external_offer_id")
	s.store.put(&record{id: id, doc: doc, key: strings.Clone(key.text), listed: time.Now().Add(s.cfg.ListDelay)})
	s.count(func(st *Stats) { st.Created++ })
	return offerAnswer(doc, id)
}

func (s *Server) startWalk(now time.Time) *walk {
	w := s.walks.Get().(*walk)
	w.reset(now)
	return w
}

// walkOffer checks a request and leaves the members of the offer in w.buf. It reports false with the refusal.
func (s *Server) walkOffer(w *walk, n Node, files []File, stored map[string]json.RawMessage) (answer, bool) {
	w.checkFiles(files)
	w.members(s.table, n, stored)
	if w.refused() {
		return w.refusal(), false
	}
	return answer{}, true
}

// sealDoc puts the members of an offer between its ids and its times.
func sealDoc(id int, members []byte, created string, updated time.Time) []byte {
	doc := make([]byte, 0, len(members)+150)
	doc = strconv.AppendInt(append(doc, `{"id":`...), int64(id), 10)
	doc = appendHexID(append(doc, `,"offer_id":"`...), uint64(id))
	doc = append(append(doc, `",`...), members...)
	doc = append(append(append(doc, `"created_at":"`...), created...), `","updated_at":"`...)
	return append(updated.AppendFormat(doc, time.DateTime), `"}`...)
}

// refusal puts into words why a request is refused, in the several ways the API does.
func (w *walk) refusal() answer {
	switch {
	case w.malformed:
		return refusal(http.StatusBadRequest, "error", "400 Bad Request")
	case len(w.unknown) > 0:
		return badRequest("unknown parameter " + strings.Join(w.unknown, ", "))
	}
	code, byPath := http.StatusOK, map[string][]string{}
	for _, p := range w.problems {
		if !p.missing {
			code = http.StatusBadRequest
		}
		byPath[p.path] = append(byPath[p.path], p.text)
	}
	body, _ := json.Marshal(map[string]any{"status": 2, "message": byPath}) // plain data
	return answer{code: code, kind: jsonType, body: body, rejected: true}
}

func (s *Server) get(id int) answer {
	if r := s.store.get(id); r != nil {
		body := append(append([]byte(`{"status":1,"offer":`), r.doc...), '}')
		return answer{code: http.StatusOK, kind: jsonType, body: body}
	}
	return notFound("Offer not found")
}

func (s *Server) edit(r *http.Request, id int) answer {
	in, refused, ok := s.readBody(r)
	defer s.release(in)
	if !ok {
		return refused
	}
	return s.change(id, in.Node, in.files)
}

// change stores an offer anew with what the request says. Edits take turns.
func (s *Server) change(id int, n Node, files []File) answer {
	s.store.edits.Lock()
	defer s.store.edits.Unlock()
	old := s.store.get(id)
	if old == nil {
		return notFound("Offer not found")
	}
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(old.doc, &stored); err != nil {
		panic(fmt.Sprintf("sandbox: offer %d is not JSON: %v", id, err)) // written by this package
	}
	now := s.cfg.Now().UTC()
	w := s.startWalk(now)
	defer s.walks.Put(w)
	if a, ok := s.walkOffer(w, n, files, stored); !ok {
		return a
	}
	key := old.key
	if sent, ok := n.Get("external_offer_id"); ok {
		key = strings.Clone(sent.text)
	}
	doc := sealDoc(id, w.buf, strings.Trim(string(stored["created_at"]), `"`), now)
	s.store.put(&record{id: id, doc: doc, key: key, listed: old.listed})
	s.count(func(st *Stats) { st.Edited++ })
	return offerAnswer(doc, id)
}

// form is a small table of parameters for the calls beside create and edit.
type form map[string]func(n Node) bool

func (f form) check(n Node, required ...string) (answer, bool) {
	for _, key := range n.Keys() {
		if f[key] == nil {
			return badRequest("unknown parameter " + key), false
		}
		if v, _ := n.Get(key); !f[key](v) {
			return badRequest("wrong value of " + key), false
		}
	}
	for _, key := range required {
		if v, ok := n.Get(key); !ok || isBlank(v) {
			return refusal(http.StatusOK, "message", key+" is required"), false
		}
	}
	return answer{}, true
}

// oneOf accepts one text among values, any text where there are none.
func oneOf(values ...string) func(Node) bool {
	return func(n Node) bool { return n.arr == nil && (len(values) == 0 || slices.Contains(values, n.text)) }
}

func oneInteger(n Node) bool { return n.arr == nil && digitsOnly(n.text, 9) }

// listOf accepts key[]=v where each value is good.
func listOf(good func(string) bool) func(Node) bool {
	return func(n Node) bool {
		if n.arr == nil || !n.arr.isList() {
			return false
		}
		for _, e := range n.arr.entries {
			if e.node.arr != nil || !good(e.node.text) {
				return false
			}
		}
		return true
	}
}

func isIntegerText(v string) bool { return digitsOnly(v, 9) }

func texts(n Node, key string) []string {
	v, _ := n.Get(key)
	var all []string
	for i := range v.Len() {
		all = append(all, v.arr.entries[i].node.text)
	}
	return all
}

// namedOffers reads offer_id[]. It reports false where one does not exist: then nothing at all is done.
func (s *Server) namedOffers(n Node) ([]int, answer, bool) {
	var ids []int
	for _, v := range texts(n, "offer_id") {
		id, _ := strconv.Atoi(v) // checked before
		if s.store.get(id) == nil {
			return nil, refusal(http.StatusOK, "message", "Offer "+v+" not found"), false
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, answer{}, true
}

// smallCall decodes and checks one of the smaller calls, and does it with the offers that offer_id[] names.
func (s *Server) smallCall(r *http.Request, f form, required []string, do func(n Node, ids []int) answer) answer {
	in, refused, ok := s.readBody(r)
	defer s.release(in)
	if !ok {
		return refused
	}
	if len(in.files) > 0 {
		return badRequest("unknown parameter " + in.files[0].Field)
	}
	if refused, ok = f.check(in.Node, required...); !ok {
		return refused
	}
	ids, refused, ok := s.namedOffers(in.Node)
	if !ok {
		return refused
	}
	return do(in.Node, ids)
}

func (s *Server) remove(r *http.Request) answer {
	f := form{"offer_id": listOf(isIntegerText)}
	return s.smallCall(r, f, []string{"offer_id"}, func(_ Node, ids []int) answer {
		var names []string
		for _, id := range ids {
			s.store.remove(id)
			names = append(names, strconv.Itoa(id))
		}
		s.count(func(st *Stats) { st.Deleted += len(ids) })
		return success(map[string]any{"message": "Offer " + strings.Join(names, ", ") + " is removed successfully."})
	})
}

func (s *Server) massUpdate(r *http.Request) answer {
	f := form{
		"offer_id": listOf(isIntegerText), "status": oneOf("stopped", "active", "suspended"),
		"privacy": oneOf("public", "protected", "private"),
	}
	return s.smallCall(r, f, []string{"offer_id"}, func(n Node, ids []int) answer {
		change := newArray()
		for _, key := range []string{"status", "privacy"} {
			if v, ok := n.Get(key); ok {
				change.set(key, v)
			}
		}
		if len(change.entries) == 0 {
			return refusal(http.StatusOK, "message", "status or privacy is required")
		}
		for _, id := range ids {
			s.change(id, Node{arr: change}, nil)
		}
		return success(map[string]any{"message": "status updated"})
	})
}

func (s *Server) enableAffiliate(r *http.Request) answer {
	f := form{"offer_id": listOf(isIntegerText), "pid": oneInteger, "notice": oneOf("0", "1")}
	return s.smallCall(r, f, []string{"offer_id", "pid"}, func(n Node, ids []int) answer {
		v, _ := n.Get("pid")
		pid, _ := strconv.Atoi(v.text) // checked before
		s.store.grant(ids, pid)
		return success(map[string]any{"message": "affiliate enabled"})
	})
}

func (s *Server) addCategory(r *http.Request) answer {
	return s.smallCall(r, form{"title": oneOf()}, []string{"title"}, func(n Node, _ []int) answer {
		title, _ := n.Get("title")
		c := Category{string(appendHexID(nil, s.store.nextPart.Add(1)-1)), strings.Clone(title.text)}
		s.lists.addCategory(c)
		s.store.keepCategory(c)
		return success(map[string]any{"category": c, "id": c.ID})
	})
}
