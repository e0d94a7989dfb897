package reports

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/sheet"
)

// inputError is an input that the results cannot be written into. It costs the
// reports that are made from it, not the others.
type inputError struct{ err error }

func (e *inputError) Error() string { return e.err.Error() }
func (e *inputError) Unwrap() error { return e.err }

// maxPart bounds the parts that are held in memory: all but the sheets.
const maxPart = 64 << 20

// pack is a workbook's zip on its way from the input to a report. Parts that
// nobody changed are copied as they are stored.
type pack struct {
	file    io.Closer
	locked  string // the password that the report gets too; blank for none
	vault   *vault
	zip     *zip.Reader
	parts   map[string]*zip.File // by lower-case name
	changed map[string]func(io.Writer) error
	dropped map[string]bool
	added   []string        // names of new parts, in their order; their content is in changed
	late    map[string]bool // parts that are written after the others, by lower-case name
	last    string          // the part that is written after all
	links   map[string]*relations
	types   *contentTypes
	dialect dialect
}

// dialect is the namespaces of a workbook: transitional, as nearly all are, or
// strict.
type dialect struct{ main, rel, drawing, chart, sheetDrawing string }

func transitional() dialect {
	const base = "http://schemas.openxmlformats.org/"
	return dialect{base + "spreadsheetml/2006/main", base + "officeDocument/2006/relationships",
		base + "drawingml/2006/main", base + "drawingml/2006/chart", base + "drawingml/2006/spreadsheetDrawing"}
}

func strict() dialect {
	const base = "http://purl.oclc.org/ooxml/"
	return dialect{base + "spreadsheetml/main", base + "officeDocument/relationships",
		base + "drawingml/main", base + "drawingml/chart", base + "drawingml/spreadsheetDrawing"}
}

func (w *writer) openPack(name string) (*pack, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, &inputError{err}
	}
	if isEncrypted(f) {
		defer f.Close()
		u := w.vault.open(name, f)
		if u.err != nil {
			return nil, &inputError{u.err}
		}
		p, err := newPack(io.NopCloser(nil), bytes.NewReader(u.raw), int64(len(u.raw)))
		if err == nil {
			p.vault, p.locked = &w.vault, u.password
		}
		return p, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, &inputError{err}
	}
	return newPack(f, f, info.Size())
}

// newPack reads what parts a workbook has. The pack closes the file, also where
// it cannot be read.
func newPack(f io.Closer, content io.ReaderAt, size int64) (*pack, error) {
	z, err := zip.NewReader(content, size)
	if err != nil {
		f.Close()
		return nil, &inputError{err}
	}
	p := &pack{file: f, zip: z, parts: map[string]*zip.File{}, changed: map[string]func(io.Writer) error{},
		dropped: map[string]bool{}, late: map[string]bool{}, links: map[string]*relations{}, dialect: transitional()}
	for _, entry := range z.File {
		p.parts[partKey(entry.Name)] = entry
	}
	raw, err := p.load("[Content_Types].xml")
	if err != nil {
		f.Close()
		return nil, err
	}
	p.types = &contentTypes{raw: raw}
	return p, nil
}

func (p *pack) close() { p.file.Close() }

func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// has tells whether there is such a part, in the input or among the new ones.
func (p *pack) has(name string) bool {
	key := partKey(name)
	_, added := p.changed[key]
	return added || p.parts[key] != nil && !p.dropped[key]
}

// open reads a part of the input, in UTF-8.
func (p *pack) open(name string) (io.ReadCloser, error) {
	entry := p.parts[partKey(name)]
	if entry == nil {
		return nil, &inputError{fmt.Errorf("the workbook's part %s is missing", name)}
	}
	r, err := entry.Open()
	if err != nil {
		return nil, &inputError{err}
	}
	text, err := sheet.UTF8(r)
	if err != nil {
		r.Close()
		return nil, &inputError{fmt.Errorf("the workbook's part %s: %w", name, err)}
	}
	return struct {
		io.Reader
		io.Closer
	}{text, r}, nil
}

// load reads a part of the input whole.
func (p *pack) load(name string) ([]byte, error) {
	r, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if err == nil && len(raw) > maxPart {
		err = fmt.Errorf("the workbook's part %s is too large", name)
	}
	if err != nil {
		return nil, &inputError{err}
	}
	return raw, nil
}

// set replaces a part's content, or makes a new part of a content type.
func (p *pack) set(name, contentType string, write func(io.Writer) error) {
	key := partKey(name)
	if p.parts[key] == nil && p.changed[key] == nil {
		p.added = append(p.added, name)
		p.types.add(name, contentType)
	}
	delete(p.dropped, key)
	p.changed[key] = write
}

// setLate is set of a part that can wait while others are written, setLast of the
// one that is known only when all others are.
func (p *pack) setLate(name, contentType string, write func(io.Writer) error) {
	p.set(name, contentType, write)
	p.late[partKey(name)] = true
}

func (p *pack) setLast(name, contentType string, write func(io.Writer) error) {
	p.set(name, contentType, write)
	p.last = partKey(name)
}

func (p *pack) setBytes(name, contentType string, raw []byte) {
	p.set(name, contentType, func(w io.Writer) error {
		_, err := w.Write(raw)
		return err
	})
}

// drop leaves a part out, together with its relations.
func (p *pack) drop(name string) {
	for _, n := range []string{name, relationsName(name)} {
		p.dropped[partKey(n)] = true
		delete(p.changed, partKey(n))
	}
	p.types.drop(name)
}

// free is an unused name of the kind xl/comments%d.xml.
func (p *pack) free(pattern string) string {
	for n := 1; ; n++ {
		name := fmt.Sprintf(pattern, n)
		if key := partKey(name); p.parts[key] == nil && p.changed[key] == nil {
			return name
		}
	}
}

// relationsOf are the relations of a part; of the workbook file itself for "".
func (p *pack) relationsOf(owner string) (*relations, error) {
	key := partKey(owner)
	if r := p.links[key]; r != nil {
		return r, nil
	}
	r := &relations{owner: owner, dropped: map[string]bool{}}
	if name := relationsName(owner); p.parts[partKey(name)] != nil {
		r.open = func() (io.ReadCloser, error) { return p.open(name) }
		if err := r.parse(); err != nil {
			return nil, err
		}
	}
	p.links[key] = r
	return r, nil
}

// write writes the workbook, with a password where the input has one.
func (p *pack) write(out io.Writer) error {
	if p.locked != "" {
		return p.writeLocked(out)
	}
	return p.writeParts(out)
}

// writeParts writes the parts in the input's order, then the new ones.
func (p *pack) writeParts(out io.Writer) error {
	p.settle()
	zw := zip.NewWriter(out)
	var deflate *flate.Writer // one for all parts, which come one after the other
	zw.RegisterCompressor(zip.Deflate, func(w io.Writer) (_ io.WriteCloser, err error) {
		if deflate == nil {
			deflate, err = flate.NewWriter(w, flate.BestSpeed)
			return deflate, err
		}
		deflate.Reset(w)
		return deflate, nil
	})
	for _, name := range p.names() {
		if err := p.writePart(zw, name); err != nil {
			return err
		}
	}
	return zw.Close()
}

// names lists the parts of the report in the order in which they are written.
func (p *pack) names() (names []string) {
	for _, entry := range p.zip.File {
		if !p.dropped[partKey(entry.Name)] {
			names = append(names, entry.Name)
		}
	}
	for _, name := range p.added {
		if p.changed[partKey(name)] != nil {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return p.turn(a) - p.turn(b) })
	return names
}

// turn says when a part is written. Those of the same turn keep the input's order,
// in which another report hands its sheets on.
func (p *pack) turn(name string) int {
	switch key := partKey(name); {
	case key == p.last:
		return 2
	case p.late[key]:
		return 1
	}
	return 0
}

// writePart writes a part as it is stored in the input where nobody changed it.
// What makes it and what packs it are two goroutines.
func (p *pack) writePart(zw *zip.Writer, name string) error {
	write := p.changed[partKey(name)]
	if write == nil {
		return zw.Copy(p.parts[partKey(name)])
	}
	w, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	b := newBehind(w, 2)
	err = write(b)
	return errors.Join(err, b.close())
}

// settle turns changed relations and content types into parts.
func (p *pack) settle() {
	for _, r := range p.links {
		if r.changed() && !p.dropped[partKey(r.owner)] {
			p.set(relationsName(r.owner), "", func(w io.Writer) error { return r.write(w, p.dialect) })
		}
	}
	slices.Sort(p.added) // the map's order is none
	p.set("[Content_Types].xml", "", p.types.write)
}

// relationsName is the part that holds another one's relations.
func relationsName(owner string) string {
	dir, base := path.Split(owner)
	return dir + "_rels/" + base + ".rels"
}

// relation is a link from a part to another, or to an address outside.
type relation struct {
	id, kind, target string // kind is the last word of its type: worksheet
}

// relations are those of one part. A sheet may have a link on every row: those
// that lead outside are only copied.
type relations struct {
	owner   string
	open    func() (io.ReadCloser, error) // nil where the input has none
	items   []relation                    // to other parts
	dropped map[string]bool
	added   []relation
	last    int // of the ids rId1, rId2, …

	// addresses yields addresses outside, for so many that they are not held;
	// their ids follow on firstAddress.
	addresses    iter.Seq[string]
	firstAddress int
}

func (r *relations) parse() error {
	part, err := r.open()
	if err != nil {
		return err
	}
	defer part.Close()
	for s := newScanner(part); ; {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		if t.opens("Relationship") {
			r.take(t.raw)
		}
	}
}

// take takes up the relation of a tag.
func (r *relations) take(tag []byte) {
	item := relation{id: attr(tag, "Id")}
	if n, err := strconv.Atoi(strings.TrimPrefix(item.id, "rId")); err == nil {
		r.last = max(r.last, n)
	}
	if attr(tag, "TargetMode") == "External" {
		return
	}
	kind := attr(tag, "Type")
	item.kind, item.target = kind[strings.LastIndexByte(kind, '/')+1:], xmlValue(attr(tag, "Target"))
	r.items = append(r.items, item)
}

// part is the name of the part that a relation leads to.
func (r *relations) part(item relation) string {
	if strings.HasPrefix(item.target, "/") {
		return strings.TrimPrefix(path.Clean(item.target), "/")
	}
	return path.Join(path.Dir(r.owner), item.target)
}

// byID finds a relation; byKind the first of a kind.
func (r *relations) byID(id string) (relation, bool) {
	return r.find(func(item relation) bool { return item.id == id })
}

func (r *relations) byKind(kind string) (relation, bool) {
	return r.find(func(item relation) bool { return item.kind == kind })
}

func (r *relations) find(match func(relation) bool) (relation, bool) {
	for _, item := range r.items {
		if !r.dropped[item.id] && match(item) {
			return item, true
		}
	}
	return relation{}, false
}

// add makes a relation to a part and returns its id.
func (r *relations) add(kind, part string) string {
	r.last++
	item := relation{id: "rId" + strconv.Itoa(r.last), kind: kind, target: "/" + part}
	r.added = append(r.added, item)
	return item.id
}

// addAddresses makes n relations to addresses outside, and returns the number in
// the first one's id.
func (r *relations) addAddresses(n int, addresses iter.Seq[string]) int {
	r.addresses, r.firstAddress = addresses, r.last+1
	r.last += n
	return r.firstAddress
}

func (r *relations) drop(id string) { r.dropped[id] = true }

func (r *relations) changed() bool {
	return len(r.added) > 0 || len(r.dropped) > 0 || r.addresses != nil
}

const packageNamespace = "http://schemas.openxmlformats.org/package/2006/"

func (r *relations) write(w io.Writer, d dialect) error {
	s := scanBytes([]byte(xmlHeader + `<Relationships xmlns="` + packageNamespace + `relationships"></Relationships>`))
	if r.open != nil {
		part, err := r.open()
		if err != nil {
			return err
		}
		defer part.Close()
		s = newScanner(part)
	}
	out := bufio.NewWriter(w)
	err := copyPart(out, s, "Relationships", func(t token) bool {
		return len(r.dropped) > 0 && t.opens("Relationship") && r.dropped[attr(t.raw, "Id")]
	}, func(prefix string) { r.writeAdded(out, d, prefix) })
	return errors.Join(err, out.Flush())
}

func (r *relations) writeAdded(out *bufio.Writer, d dialect, prefix string) {
	for _, item := range r.added {
		fmt.Fprintf(out, `<%sRelationship Id="%s" Type="%s/%s" Target="%s"/>`, prefix, item.id, d.rel, item.kind, xmlText(item.target))
	}
	if r.addresses == nil {
		return
	}
	start, middle := "<"+prefix+`Relationship Id="rId`, `" Type="`+d.rel+`/hyperlink" Target="`
	var line []byte
	id := r.firstAddress
	for address := range r.addresses {
		line = append(strconv.AppendInt(append(line[:0], start...), int64(id), 10), middle...)
		line = append(append(line, xmlText(address)...), `" TargetMode="External"/>`...)
		out.Write(line)
		id++
	}
}

const xmlHeader = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// copyPart copies a part without the elements that are to be left out, and lets
// add write at the end of the root, whose local name is given.
func copyPart(out *bufio.Writer, s *scanner, root string, leaveOut func(token) bool, add func(prefix string)) error {
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		switch {
		case t.opens(root) && t.kind == tokEmpty:
			out.Write(bytes.TrimRight(t.raw[:len(t.raw)-2], " "))
			out.WriteString(">")
			add(t.prefix())
			out.WriteString("</" + t.prefix() + root + ">")
			continue
		case t.kind == tokEnd && t.is(root):
			add(t.prefix())
		case leaveOut(t):
			if err := skipElement(s, t); err != nil {
				return &inputError{unexpected(err)}
			}
			continue
		}
		out.Write(t.raw)
	}
}

// skipElement passes over the rest of an element that has just begun.
func skipElement(s *scanner, t token) error {
	if t.kind != tokStart {
		return nil
	}
	for depth := s.depth - 1; s.depth > depth; {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// contentTypes is the list of what each part is.
type contentTypes struct {
	raw     []byte
	dropped map[string]bool
	added   []string
}

func (c *contentTypes) add(name, contentType string) {
	if strings.HasSuffix(name, ".vml") {
		if !bytes.Contains(bytes.ToLower(c.raw), []byte(`extension="vml"`)) && !slices.Contains(c.added, vmlDefault) {
			c.added = append(c.added, vmlDefault)
		}
		return
	}
	if contentType == "" {
		return // relations and the list itself: known by their ending
	}
	c.added = append(c.added, `Override PartName="/`+xmlText(name)+`" ContentType="`+contentType+`"`)
}

const vmlDefault = `Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"`

func (c *contentTypes) drop(name string) {
	if c.dropped == nil {
		c.dropped = map[string]bool{}
	}
	c.dropped[partKey(name)] = true
}

func (c *contentTypes) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	err := copyPart(out, scanBytes(c.raw), "Types", func(t token) bool {
		return t.opens("Override") && c.dropped[partKey(xmlValue(attr(t.raw, "PartName")))]
	}, func(prefix string) {
		for _, item := range c.added {
			out.WriteString("<" + prefix + item + "/>")
		}
	})
	return errors.Join(err, out.Flush())
}
