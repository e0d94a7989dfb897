package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// firstID is the id of the first offer, so that ids look like an account's that has history.
const firstID = 901

// A record is a stored offer. Its doc never changes: an edit stores another record.
type record struct {
	id     int
	doc    []byte // the offer as the API answers it
	key    string // external_offer_id
	listed time.Time
	facts  atomic.Pointer[facts]
}

// facts are what the list can filter by, read from the doc when a filter first asks.
type facts struct {
	Title           string   `json:"title"`
	Advertiser      string   `json:"advertiser"`
	Status          string   `json:"status"`
	Privacy         string   `json:"privacy"`
	BundleID        string   `json:"bundle_id"`
	ExternalOfferID string   `json:"external_offer_id"`
	UpdatedAt       string   `json:"updated_at"`
	Categories      []string `json:"categories"`
	Payments        []struct {
		Countries []string `json:"countries"`
	} `json:"payments"`
	Targeting []struct {
		Country struct {
			Allow []string `json:"allow"`
		} `json:"country"`
	} `json:"targeting"`
}

func (r *record) read() *facts {
	if f := r.facts.Load(); f != nil {
		return f
	}
	f := new(facts)
	if err := json.Unmarshal(r.doc, f); err != nil {
		panic(fmt.Sprintf("sandbox: offer %d is not JSON: %v", r.id, err)) // written by this package
	}
	r.facts.Store(f)
	return f
}

func (f *facts) hasCountry(code string) bool {
	for _, p := range f.Payments {
		if slices.Contains(p.Countries, code) {
			return true
		}
	}
	for _, t := range f.Targeting {
		if slices.Contains(t.Country.Allow, code) {
			return true
		}
	}
	return false
}

// A store keeps the offers by id and by external_offer_id, and their file.
type store struct {
	nextID, nextPart atomic.Uint64

	mu     sync.RWMutex
	offers []*record        // by id - firstID; nil where deleted or still being made
	byKey  map[string][]int // ids in ascending order
	grants map[int][]int    // offer id -> pids
	added  []Category
	count  int
	edits  sync.Mutex // one edit or removal at a time, so that none undoes another

	file    string
	changed chan struct{}
	stop    chan struct{}
	done    chan struct{}
	saveErr error // of the last write in the background; read after done
}

// image is the file.
type image struct {
	NextID     uint64            `json:"next_id"`
	NextPart   uint64            `json:"next_part"`
	Categories []Category        `json:"categories"`
	Grants     map[int][]int     `json:"grants"`
	Offers     []json.RawMessage `json:"offers"`
}

func openStore(file string) (*store, error) {
	s := &store{byKey: map[string][]int{}, grants: map[int][]int{}, file: file}
	s.nextID.Store(firstID)
	s.nextPart.Store(1)
	if file == "" {
		return s, nil
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	if err := s.save(); err != nil { // now, rather than when the first offer is lost
		return nil, err
	}
	s.changed, s.stop, s.done = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go s.keepSaving()
	return s, nil
}

func (s *store) load() error {
	data, err := os.ReadFile(s.file)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the sandbox's file: %w", err)
	}
	var img image
	if err := json.Unmarshal(data, &img); err != nil {
		return fmt.Errorf("the sandbox's file %s cannot be read: %w", s.file, err)
	}
	for i, doc := range img.Offers {
		if err := s.restore(doc); err != nil {
			return fmt.Errorf("the sandbox's file %s, offer %d: %w", s.file, i+1, err)
		}
	}
	s.nextID.Store(max(img.NextID, s.nextID.Load()))
	s.nextPart.Store(max(img.NextPart, 1))
	s.added = img.Categories
	if img.Grants != nil {
		s.grants = img.Grants
	}
	return nil
}

func (s *store) restore(doc json.RawMessage) error {
	var head struct {
		ID  int    `json:"id"`
		Key string `json:"external_offer_id"`
	}
	if err := json.Unmarshal(doc, &head); err != nil {
		return err
	}
	if head.ID < firstID || head.ID > firstID+100_000_000 {
		return fmt.Errorf("id %d is not an offer's", head.ID)
	}
	s.nextID.Store(max(s.nextID.Load(), uint64(head.ID)+1))
	s.put(&record{id: head.ID, doc: doc, key: head.Key})
	return nil
}

// put stores a record that is new, or in place of the one with its id.
func (s *store) put(r *record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := r.id - firstID
	for len(s.offers) <= at {
		s.offers = append(s.offers, nil)
	}
	switch old := s.offers[at]; {
	case old == nil:
		s.count++
		s.link(r.key, r.id)
	case old.key != r.key:
		s.unlink(old.key, r.id)
		s.link(r.key, r.id)
	}
	s.offers[at] = r
	s.touch()
}

func (s *store) link(key string, id int) {
	if key == "" {
		return
	}
	ids := s.byKey[key]
	at, _ := slices.BinarySearch(ids, id)
	s.byKey[key] = slices.Insert(ids, at, id)
}

func (s *store) unlink(key string, id int) {
	ids := slices.DeleteFunc(slices.Clone(s.byKey[key]), func(other int) bool { return other == id })
	if len(ids) == 0 {
		delete(s.byKey, key)
		return
	}
	s.byKey[key] = ids
}

func (s *store) remove(id int) {
	s.edits.Lock() // an edit under way would bring the offer back
	defer s.edits.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.offers[id-firstID]; old != nil {
		s.unlink(old.key, id)
		s.offers[id-firstID] = nil
		delete(s.grants, id)
		s.count--
		s.touch()
	}
}

func (s *store) get(id int) *record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.at(id)
}

func (s *store) at(id int) *record {
	if at := id - firstID; at >= 0 && at < len(s.offers) {
		return s.offers[at]
	}
	return nil
}

// all returns the records in the order of their ids.
func (s *store) all() []*record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*record, 0, s.count)
	for _, r := range s.offers {
		if r != nil {
			all = append(all, r)
		}
	}
	return all
}

func (s *store) withKey(key string) []*record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*record
	for _, id := range s.byKey[key] {
		found = append(found, s.at(id))
	}
	return found
}

func (s *store) duplicates() map[string][]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	twice := map[string][]int{}
	for key, ids := range s.byKey {
		if len(ids) > 1 {
			twice[key] = slices.Clone(ids)
		}
	}
	return twice
}

func (s *store) grant(offers []int, pid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range offers {
		if !slices.Contains(s.grants[id], pid) {
			s.grants[id] = append(slices.Clone(s.grants[id]), pid)
		}
	}
	s.touch()
}

func (s *store) keepCategory(c Category) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.added = append(s.added, c)
	s.touch()
}

// touch wakes the writer. It never waits.
func (s *store) touch() {
	select {
	case s.changed <- struct{}{}:
	default: // no file, or already awake
	}
}

// saveDelay is how old the file may be while the process lives.
const saveDelay = 200 * time.Millisecond

// keepSaving writes the file a moment after a change. It rests longer after a long write, so that a big file does not
// take the machine.
func (s *store) keepSaving() {
	defer close(s.done)
	rest := saveDelay
	for {
		select {
		case <-s.stop:
			s.saveErr = s.save()
			return
		case <-s.changed:
		}
		select {
		case <-s.stop:
			s.saveErr = s.save()
			return
		case <-time.After(rest):
		}
		start := time.Now()
		s.saveErr = s.save()
		rest = max(saveDelay, 5*time.Since(start))
	}
}

func (s *store) close() error {
	if s.file == "" {
		return nil
	}
	close(s.stop)
	<-s.done
	return s.saveErr
}

// save writes the whole file under a temporary name and renames it.
func (s *store) save() error {
	temp, err := os.CreateTemp(filepath.Dir(s.file), ".sandbox-*")
	if err != nil {
		return fmt.Errorf("write the sandbox's file: %w", err)
	}
	defer os.Remove(temp.Name()) // fails after the rename, as it should
	_, err = temp.Write(s.encode())
	if err = errors.Join(err, temp.Close()); err != nil {
		return fmt.Errorf("write the sandbox's file: %w", err)
	}
	if err := os.Rename(temp.Name(), s.file); err != nil {
		return fmt.Errorf("write the sandbox's file: %w", err)
	}
	return nil
}

func (s *store) encode() []byte {
	s.mu.RLock()
	grants, _ := json.Marshal(s.grants) // plain data
	added, _ := json.Marshal(s.added)
	s.mu.RUnlock()
	records := s.all()
	size := 200 + len(grants) + len(added)
	for _, r := range records {
		size += len(r.doc) + 2
	}
	to := make([]byte, 0, size)
	to = fmt.Appendf(to, "{\"next_id\":%d,\"next_part\":%d,\"categories\":%s,\"grants\":%s,\"offers\":[", s.nextID.Load(), s.nextPart.Load(), added, grants)
	for i, r := range records {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(append(to, '\n'), r.doc...)
	}
	return append(to, "\n]}\n"...)
}
