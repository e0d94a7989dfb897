package mapping

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"slices"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// keyIndex finds an offer's ordinal by its key, or by the name its children
// use for it. It holds 16 bytes of hash and 4 of ordinal a name and 4 a row,
// whatever their length: two names of one 128-bit hash, seeded anew in each
// process, are not to be expected in the life of the universe.
type keyIndex struct {
	seeds   [2]maphash.Seed
	ordinal map[[2]uint64]uint32
	rows    []uint32            // by ordinal: the row's number
	skipped map[uint32]bool     // the action says skip: gives way to another of its key
	twins   map[uint32][]uint32 // by ordinal: the others that have its key or name
	content map[uint64]uint32   // by a hash of what an offer is of: the first such
	alike   map[uint32]uint32   // by ordinal: the first that is of the same
}

func newKeyIndex() *keyIndex {
	return &keyIndex{
		seeds:   [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		ordinal: map[[2]uint64]uint32{}, skipped: map[uint32]bool{}, twins: map[uint32][]uint32{},
		content: map[uint64]uint32{}, alike: map[uint32]uint32{},
	}
}

func (x *keyIndex) len() int { return len(x.rows) }

func (x *keyIndex) hash(name string) [2]uint64 {
	return [2]uint64{maphash.String(x.seeds[0], name), maphash.String(x.seeds[1], name)}
}

// add takes up the next offer with its names. A row that is to be skipped
// gives its names to another row that has them.
func (x *keyIndex) add(row int, skip bool, names ...string) {
	ordinal := uint32(len(x.rows))
	x.rows = append(x.rows, uint32(row))
	if skip {
		x.skipped[ordinal] = true
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		h := x.hash(name)
		other, taken := x.ordinal[h]
		switch {
		case !taken || x.skipped[other]:
			x.ordinal[h] = ordinal
		case other != ordinal && !skip:
			x.twin(other, ordinal)
		}
	}
}

// addContent takes up what the last offer is of; blank for what cannot be
// compared.
func (x *keyIndex) addContent(texts []string) {
	var h maphash.Hash
	h.SetSeed(x.seeds[0])
	for _, text := range texts {
		if text == "" {
			return
		}
		h.WriteString(text)
		h.WriteByte(0)
	}
	ordinal := uint32(len(x.rows) - 1)
	if first, there := x.content[h.Sum64()]; there {
		x.alike[ordinal] = first
	} else {
		x.content[h.Sum64()] = ordinal
	}
}

func (x *keyIndex) twin(first, next uint32) {
	if slices.Contains(x.twins[next], first) {
		return
	}
	x.twins[first] = append(x.twins[first], next)
	x.twins[next] = append(x.twins[next], first)
}

// howAlike says what to do about offers of one key.
func (x *keyIndex) howAlike(ordinal uint32) string {
	root := func(n uint32) uint32 {
		if first, there := x.alike[n]; there {
			return first
		}
		return n
	}
	for _, twin := range x.twins[ordinal] {
		if root(twin) != root(ordinal) {
			return "they differ in advertiser, title or URL, so give one another key"
		}
	}
	return "they have the same advertiser, title and URL, so take one out"
}

// find returns the ordinal of the offer that has this name.
func (x *keyIndex) find(name string) (ordinal uint32, ok bool) {
	ordinal, ok = x.ordinal[x.hash(name)]
	return ordinal, ok
}

// tableOf returns the table in which the offer of an ordinal stands.
func (m *Mapper) tableOf(ordinal uint32) *offerTable {
	i := len(m.offers) - 1
	for m.offers[i].first > int(ordinal) {
		i--
	}
	return m.offers[i]
}

// names are what a row of offers says of who it is.
type names struct {
	key    string // what the offer is known by for good
	made   bool   // the key was made of the row's content
	ref    string // what child rows call it where that is not the key
	action string
}

// names reads them from a row of offers.
func (r *record) names() names {
	book := schemaRules()
	text := func(col *affise.Column) string { return nameIn(r.of(col)) }
	n := names{key: text(book.key), ref: text(book.ref), action: strings.ToLower(text(book.action))}
	if n.key == "" {
		n.made = true
		n.key = madeKey(r.content(nil))
	}
	return n
}

// content is what an offer is of: its advertiser, title and URL. It goes into
// texts.
func (r *record) content(texts []string) []string {
	for _, col := range schemaRules().identity {
		text := nameIn(r.of(col))
		if col.IDs != "" {
			if id, ok := r.bind.names.id(col.IDs, "", text); ok {
				text = id // the same offer, whether its advertiser goes by its name or by its id
			}
		}
		texts = append(texts, text)
	}
	return texts
}

// nameIn is the text of a cell that names an offer, the same for a text and
// for a number that is shown with zeros before it.
func nameIn(c *sheet.Cell) string {
	if c == nil || c.Kind == sheet.Blank {
		return ""
	}
	text := clean(c.Text).text
	if c.Kind == sheet.Number {
		text, _ = withZeros(text, c.Format)
	}
	return text
}

// madeKey makes a key for an offer that has none, from its advertiser, title
// and URL, each with its length before it. It is blank where all of them are.
func madeKey(content []string) string {
	sum, filled := sha256.New(), false
	for _, text := range content {
		filled = filled || text != ""
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		sum.Write(length[:])
		sum.Write([]byte(text))
	}
	if !filled {
		return ""
	}
	return "ol-" + hex.EncodeToString(sum.Sum(nil))[:16]
}

// isExample tells whether a name is that of the template's example.
func isExample(name string) bool { return strings.EqualFold(name, ExampleKey) }
