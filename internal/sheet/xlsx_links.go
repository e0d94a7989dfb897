package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Bounds of a sheet's links: so many are kept, where Excel has no more than
// 65,530, and so many bytes of their addresses in memory; more go to a temporary
// file.
const (
	maxLinks    = 100_000
	linksMemory = 1 << 20
)

// cellLinks are the links of a sheet that lead out of the workbook. Where they
// lead is read when it is first asked for: most links show their address, and
// nobody has to ask.
type cellLinks struct {
	cells     []cellLink // on one cell each, by row and column
	ranges    []rangeLink
	ids       map[string]uint32   // numbers of relations that are not called rId1, rId2, …
	locations map[cellLink]string // places within what the address leads to
	read      func(add func(id, target string)) error

	once    sync.Once
	mu      sync.Mutex // guards what follows
	targets []linkTarget
	chunks  []rowChunk
	spool   spool
	chunk   int // that is loaded
	loaded  []byte
	buffer  []byte
}

// cellLink is the link on a cell, by the number of the sheet's relation that has
// its address; rangeLink that on several.
type cellLink struct {
	row, relation uint32
	col           uint16
}

type rangeLink struct {
	at   area
	link cellLink
}

// linkTarget is where the address of a relation is.
type linkTarget struct{ relation, chunk, from, to uint32 }

// take takes up the hyperlink that has just begun. One that leads nowhere is no
// reason to refuse a sheet.
func (l *cellLinks) take(x *xmlReader) {
	at, err := parseArea(x.attr("ref"))
	id := x.foreignAttr("id")
	if err != nil || len(id) == 0 || len(l.cells)+len(l.ranges) >= maxLinks {
		return
	}
	link := cellLink{row: uint32(at.top), col: uint16(at.left), relation: l.number(string(id), true)}
	if at.left != at.right || at.top != at.bottom {
		l.ranges = append(l.ranges, rangeLink{at, link})
	} else {
		l.cells = append(l.cells, link)
	}
	if location := x.attr("location"); len(location) > 0 {
		if l.locations == nil {
			l.locations = map[cellLink]string{}
		}
		l.locations[link] = string(location)
	}
}

// number is a relation's number, 0 for one that no link has.
func (l *cellLinks) number(id string, add bool) uint32 {
	const others = 1 << 30
	if n, err := strconv.ParseUint(strings.TrimPrefix(id, "rId"), 10, 32); err == nil && n < others && strings.HasPrefix(id, "rId") && n > 0 && id[3] != '0' {
		return uint32(n)
	}
	if l.ids[id] == 0 && add {
		if l.ids == nil {
			l.ids = map[string]uint32{}
		}
		l.ids[id] = others + uint32(len(l.ids))
	}
	return l.ids[id]
}

func byPlace(a, b cellLink) int {
	return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
}

// at is where the cell's link leads, blank where it has none.
func (l *cellLinks) at(col, row int) string {
	i, found := slices.BinarySearchFunc(l.cells, cellLink{row: uint32(row), col: uint16(col)}, byPlace)
	if found {
		return l.target(l.cells[i])
	}
	for _, r := range l.ranges {
		if r.at.left <= col && col <= r.at.right && r.at.top <= row && row <= r.at.bottom {
			return l.target(r.link)
		}
	}
	return ""
}

func (l *cellLinks) target(link cellLink) string {
	l.once.Do(l.load)
	l.mu.Lock()
	defer l.mu.Unlock()
	i, found := slices.BinarySearchFunc(l.targets, linkTarget{relation: link.relation}, byRelation)
	if !found {
		return ""
	}
	t := l.targets[i]
	if l.loaded == nil || l.chunk != int(t.chunk) {
		var err error
		if l.loaded, err = l.spool.load(l.chunks[t.chunk], &l.buffer); err != nil {
			l.loaded = nil
			return "" // the cell is then told as it is
		}
		l.chunk = int(t.chunk)
	}
	address := string(l.loaded[t.from:t.to])
	if location := l.locations[link]; location != "" {
		address += "#" + location
	}
	return unescapedMacros(address)
}

func byRelation(a, b linkTarget) int { return cmp.Compare(a.relation, b.relation) }

// load reads the addresses. Of a part that is damaged it has what stands before.
func (l *cellLinks) load() {
	var open []byte
	flush := func() {
		if c, err := l.spool.put(open); err == nil {
			l.chunks, open = append(l.chunks, c), open[:0]
		}
	}
	_ = l.read(func(id, target string) {
		n := l.number(id, false)
		if n == 0 || len(l.targets) >= maxLinks || len(open) > chunkSize { // the disk is full
			return
		}
		from := len(open)
		open = append(open, target...)
		l.targets = append(l.targets, linkTarget{n, uint32(len(l.chunks)), uint32(from), uint32(len(open))})
		if len(open) > chunkSize {
			flush()
		}
	})
	flush()
	l.targets = slices.DeleteFunc(l.targets, func(t linkTarget) bool { return int(t.chunk) >= len(l.chunks) })
	slices.SortFunc(l.targets, byRelation)
}

// unescapedMacros gives the macros in an address their braces back, which Excel
// writes as %7B and %7D.
func unescapedMacros(address string) string {
	return strings.NewReplacer("%7B", "{", "%7b", "{", "%7D", "}", "%7d", "}").Replace(address)
}

// externals reads where the links of a part that lead out of the workbook go.
func (a *archive) externals(from string, add func(id, target string)) error {
	part := relationsPart(from)
	if !a.has(part) {
		return nil
	}
	return a.scan(part, func(x *xmlReader) error {
		return x.children(func() error {
			if string(x.name) == "Relationship" && string(x.attr("TargetMode")) == "External" {
				add(string(x.attr("Id")), string(x.attr("Target")))
			}
			return x.skip()
		})
	})
}

// Link is the address behind the cell in a column counted from 0 and a row counted
// from 1, which the cell may show under another text. Blank where there is none,
// as in every table that is not a workbook's.
func (t *Table) Link(col, row int) string {
	if t.links == nil {
		return ""
	}
	return t.links.at(col, row)
}

// links are the links that were found behind the rows; nil where there are none.
func (s *sheetPart) links() *cellLinks {
	links := s.tail.links
	if links == nil || len(links.cells)+len(links.ranges) == 0 {
		return nil
	}
	slices.SortStableFunc(links.cells, byPlace)
	links.read = func(add func(id, target string)) error { return s.wb.zip.externals(s.part, add) }
	links.spool.limit = linksMemory
	return links
}
