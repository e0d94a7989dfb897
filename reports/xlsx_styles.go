package reports

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// The fills of wrong cells. No palette has just these, so that a report that is
// read again shows which fills are ours. The colour that a cell had before is
// kept in the fill's background, which a solid fill does not show. Where a cell's
// text is light, as in many a header, its fill is dark.
const (
	fillError       = "FFFFC5C3"
	fillWarning     = "FFFFE8A1"
	fillErrorDark   = "FFB3271F"
	fillWarningDark = "FF8A6203"
)

// markFill is the fill of a mark of a level.
func markFill(lv level, lightText bool) string {
	switch {
	case lv == levelError && lightText:
		return fillErrorDark
	case lv == levelError:
		return fillError
	case lightText:
		return fillWarningDark
	}
	return fillWarning
}

// isMarkFill tells whether a fill is one of ours.
func isMarkFill(fill string) bool {
	return slices.ContainsFunc([]string{fillError, fillWarning, fillErrorDark, fillWarningDark}, func(ours string) bool { return strings.Contains(fill, ours) })
}

// styleBook is a workbook's styles with those that the report adds. Nothing of
// what is there changes its place.
type styleBook struct {
	raw    []byte
	prefix string
	lists  map[string]*styleList // fonts, fills, cellXfs, dxfs
	marks  map[styleMark]int
	own    map[string]int // other styles by how they were asked for
	stale  map[int]int    // styles with a fill of ours → the same without
}

type styleMark struct {
	base  int
	level level
}

// styleList is one of the lists of the part.
type styleList struct {
	tag   [2]int // of the list's start tag
	end   int    // where its end tag begins
	items []string
	old   int // how many items the part has

	closed bool // it has no end tag: it is missing, or an empty element
}

const emptyStyles = xmlHeader + `<styleSheet xmlns="%s"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>`

func parseStyles(raw []byte) (*styleBook, error) {
	b := &styleBook{raw: raw, lists: map[string]*styleList{}, marks: map[styleMark]int{}, own: map[string]int{}, stale: map[int]int{}}
	s := scanBytes(raw)
	for {
		t, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, &inputError{err}
		}
		if t.opens("styleSheet") {
			b.prefix = t.prefix()
		}
		if err := b.readList(s, t); err != nil {
			return nil, &inputError{err}
		}
	}
	if b.lists["dxfs"] == nil {
		return nil, &inputError{errXML}
	}
	for _, name := range []string{"fonts", "fills", "cellXfs"} {
		if b.lists[name] == nil || b.lists[name].old == 0 {
			return nil, &inputError{fmt.Errorf("the workbook's styles have no %s", name)}
		}
	}
	b.findStale()
	return b, nil
}

// readList reads a list, if t begins one that is wanted. The formats, which may be
// missing, then have their place before what follows them.
func (b *styleBook) readList(s *scanner, t token) (err error) {
	at := s.pos - len(t.raw)
	switch name := string(t.name); {
	case t.kind == tokStart && s.depth == 2 && (name == "fonts" || name == "fills" || name == "cellXfs" || name == "dxfs"):
		b.lists[name], err = readStyleList(s, t)
	case t.kind == tokEmpty && s.depth == 1 && name == "dxfs":
		b.lists[name] = &styleList{tag: [2]int{at, s.pos}, end: s.pos, closed: true}
	case b.lists["dxfs"] == nil && (s.depth == 0 || s.depth == 1 && t.kind == tokEmpty || s.depth == 2 && t.kind == tokStart) &&
		(t.kind == tokEnd && name == "styleSheet" || name == "tableStyles" || name == "colors" || name == "extLst"):
		b.lists["dxfs"] = &styleList{tag: [2]int{at, at}, end: at, closed: true}
	}
	return err
}

// readStyleList reads the items of a list whose start tag is t.
func readStyleList(s *scanner, t token) (*styleList, error) {
	list := &styleList{tag: [2]int{s.pos - len(t.raw), s.pos}}
	for {
		t, err := s.next()
		if err != nil {
			return nil, unexpected(err)
		}
		if s.depth == 1 {
			list.end = s.pos - len(t.raw)
			list.old = len(list.items)
			return list, nil
		}
		if t.kind != tokStart && t.kind != tokEmpty {
			continue
		}
		from := s.pos - len(t.raw)
		if err := skipElement(s, t); err != nil {
			return nil, unexpected(err)
		}
		list.items = append(list.items, string(s.buf[from:s.pos]))
	}
}

func (l *styleList) add(item string) int {
	l.items = append(l.items, item)
	return len(l.items) - 1
}

// xf is a cell style as it stands in the part; one that is missing is the first.
func (b *styleBook) xf(i int) string {
	xfs := b.lists["cellXfs"].items
	if i < 0 || i >= len(xfs) {
		i = 0
	}
	return xfs[i]
}

// withAttr returns an element with an attribute of its start tag set.
func withAttr(element, name, value string) string {
	end := strings.IndexByte(element, '>') + 1
	return string(setAttr([]byte(element[:end]), name, value)) + element[end:]
}

// marked is the style of a cell with a problem: its own with a fill.
func (b *styleBook) marked(base int, lv level) int {
	base = b.clean(base)
	key := styleMark{base, lv}
	if i, ok := b.marks[key]; ok {
		return i
	}
	before := `indexed="64"`
	if i, ok := intAttr(firstTag(b.xf(base)), "fillId"); ok && i < len(b.lists["fills"].items) {
		if was := solidColour(b.lists["fills"].items[i], "fgColor"); was != "" {
			before = was
		}
	}
	b.marks[key] = b.filled(base, b.solid(`rgb="`+markFill(lv, b.hasLightText(base))+`"`, before))
	return b.marks[key]
}

// hasLightText tells whether a style's text is white or nearly so.
func (b *styleBook) hasLightText(style int) bool {
	i, ok := intAttr(firstTag(b.xf(style)), "fontId")
	if !ok || i >= len(b.lists["fonts"].items) {
		return false
	}
	for s := scanBytes([]byte(b.lists["fonts"].items[i])); ; {
		t, err := s.next()
		if err != nil {
			return false
		}
		if t.opens("color") {
			return isLight(t.raw)
		}
	}
}

// isLight judges a colour: of the theme, of the palette, or by its parts.
func isLight(color []byte) bool {
	if theme := attr(color, "theme"); theme != "" {
		return theme == "0" || theme == "2" // the two light ones
	}
	if indexed := attr(color, "indexed"); indexed != "" {
		return indexed == "1" || indexed == "9"
	}
	rgb := attr(color, "rgb")
	n, err := strconv.ParseUint(rgb[max(len(rgb)-6, 0):], 16, 32)
	return err == nil && (n>>16)*30+(n>>8&0xff)*59+(n&0xff)*11 > 180*100
}

// filled is a style with another fill.
func (b *styleBook) filled(base, fill int) int {
	xf := withAttr(b.xf(base), "fillId", strconv.Itoa(fill))
	return b.lists["cellXfs"].add(withAttr(xf, "applyFill", "1"))
}

// solid is a fill, added where there is none like it.
func (b *styleBook) solid(front, back string) int {
	p := b.prefix
	fill := "<" + p + `fill><` + p + `patternFill patternType="solid"><` + p + "fgColor " + front + "/><" + p + "bgColor " + back +
		"/></" + p + "patternFill></" + p + "fill>"
	return b.item("fills", fill)
}

// item is the place of an element in a list, added where there is none like it.
func (b *styleBook) item(list, element string) int {
	l := b.lists[list]
	for i := l.old; i < len(l.items); i++ {
		if l.items[i] == element {
			return i
		}
	}
	return l.add(element)
}

// solidColour are the attributes of a solid fill's colour, blank where the fill
// is not solid.
func solidColour(fill, name string) string {
	solid := false
	for s := scanBytes([]byte(fill)); ; {
		t, err := s.next()
		switch {
		case err != nil:
			return ""
		case t.opens("patternFill"):
			solid = attr(t.raw, "patternType") == "solid"
		case t.opens(name) && solid:
			tag := bytes.TrimRight(t.raw, "/>")
			if i := bytes.IndexByte(tag, ' '); i > 0 {
				return strings.TrimSpace(string(tag[i:]))
			}
		}
	}
}

// findStale finds the styles that an earlier report made.
func (b *styleBook) findStale() {
	fills := b.lists["fills"].items
	for i, xf := range b.lists["cellXfs"].items {
		fill, ok := intAttr(firstTag(xf), "fillId")
		if !ok || fill >= len(fills) {
			continue
		}
		front := solidColour(fills[fill], "fgColor")
		if isMarkFill(front) {
			b.stale[i] = -1
		}
	}
}

// clean is the style that a cell had before an earlier report marked it.
func (b *styleBook) clean(style int) int {
	was, ok := b.stale[style]
	if !ok {
		return style
	}
	if was < 0 {
		fill := 0
		i, _ := intAttr(firstTag(b.xf(style)), "fillId")
		if before := solidColour(b.lists["fills"].items[i], "bgColor"); before != "" && before != `indexed="64"` {
			fill = b.solid(before, `indexed="64"`)
		}
		was = b.filled(style, fill)
		b.stale[style] = was
	}
	return was
}

func firstTag(element string) []byte {
	return []byte(element[:strings.IndexByte(element, '>')+1])
}

// look is a style of our own: plain text with these differences.
type look struct {
	bold, link bool
	size       int    // points; 0 = that of the workbook
	colour     string // of the text, ARGB
	fill       string // ARGB
	wrap       bool
	center     bool
}

// style is the style of a look.
func (b *styleBook) style(l look) int {
	key := fmt.Sprint(l)
	if i, ok := b.own[key]; ok {
		return i
	}
	fill := 0
	if l.fill != "" {
		fill = b.solid(`rgb="`+l.fill+`"`, `indexed="64"`)
	}
	p := b.prefix
	align := ` vertical="top"`
	if l.wrap {
		align += ` wrapText="1"`
	}
	if l.center {
		align += ` horizontal="center"`
	}
	b.own[key] = b.lists["cellXfs"].add(fmt.Sprintf(`<%[1]sxf numFmtId="0" fontId="%[2]d" fillId="%[3]d" borderId="0" xfId="0" `+
		`applyFont="1" applyFill="1" applyAlignment="1"><%[1]salignment%[4]s/></%[1]sxf>`, p, b.font(l), fill, align))
	return b.own[key]
}

// font is the font of a look, in the workbook's own typeface.
func (b *styleBook) font(l look) int {
	if !l.bold && !l.link && l.size == 0 && l.colour == "" {
		return 0
	}
	p := b.prefix
	name, size := "Calibri", "11"
	for s := scanBytes([]byte(b.lists["fonts"].items[0])); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		if t.opens("name") {
			name = attr(t.raw, "val")
		}
		if t.opens("sz") {
			size = attr(t.raw, "val")
		}
	}
	font := "<" + p + "font>"
	if l.bold {
		font += "<" + p + "b/>"
	}
	if l.link {
		font += "<" + p + "u/>"
		l.colour = "FF0563C1"
	}
	if l.size > 0 {
		size = strconv.Itoa(l.size)
	}
	font += "<" + p + `sz val="` + size + `"/>`
	if l.colour != "" {
		font += "<" + p + `color rgb="` + l.colour + `"/>`
	}
	return b.item("fonts", font+"<"+p+`name val="`+name+`"/></`+p+"font>")
}

// write writes the part with what was added at the ends of its lists.
func (b *styleBook) write(out io.Writer) error {
	var at int
	var buf bytes.Buffer
	for _, name := range []string{"fonts", "fills", "cellXfs", "dxfs"} { // in the part's order
		l := b.lists[name]
		if l.closed && len(l.items) == 0 {
			continue
		}
		buf.Write(b.raw[at:l.tag[0]])
		if l.closed {
			fmt.Fprintf(&buf, `<%[1]s%[2]s count="%[3]d">%[4]s</%[1]s%[2]s>`, b.prefix, name, len(l.items), strings.Join(l.items, ""))
			at = l.end
			continue
		}
		tag := b.raw[l.tag[0]:l.tag[1]]
		if attr(tag, "count") != "" {
			tag = setAttr(tag, "count", strconv.Itoa(len(l.items)))
		}
		buf.Write(tag)
		buf.Write(b.raw[l.tag[1]:l.end])
		for _, item := range l.items[l.old:] {
			buf.WriteString(item)
		}
		at = l.end
	}
	buf.Write(b.raw[at:])
	_, err := out.Write(buf.Bytes())
	return err
}
