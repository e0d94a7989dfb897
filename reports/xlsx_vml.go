package reports

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

const (
	vmlEmpty = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" ` +
		`xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>`
	vmlLayout = `<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout>`
	vmlType   = `<v:shapetype id="_x0000_t202"%s coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">` +
		`<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`
	vmlShape = `<v:shape id="_x0000_s%d"%s type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:2pt;` +
		`width:240pt;height:%dpt;z-index:%d;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>` +
		`<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">` +
		`<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>` +
		`<x:Anchor>%d,15,%d,4,%d,15,%d,4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column>` +
		`</x:ClientData></v:shape>`
	vmlNames = ` xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"`
	vmlBlock = 1024 // shape ids come in blocks of so many
)

// shapes writes the drawing that shows the notes: without the shapes of notes
// that are gone, the others where their rows went, and ours. A drawing need not
// be well-formed, so its elements are found by their tags alone.
func (m *noteMerge) shapes(w io.Writer) error {
	raw, err := m.original(m.drawing, vmlEmpty)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err == io.EOF {
			return out.Flush()
		}
		if err != nil {
			return &inputError{err}
		}
		switch {
		case t.kind == tokStart && t.is("shape"):
			shape, err := vmlElement(s, t)
			if err != nil {
				return err
			}
			out.Write(m.shape(shape))
			continue
		case t.kind == tokEnd && t.is("xml"):
			if err := m.addShapes(out, raw); err != nil {
				return err
			}
		}
		out.Write(t.raw)
	}
}

// vmlElement is a shape from its start tag to its end tag.
func vmlElement(s *scanner, t token) ([]byte, error) {
	from, name := s.pos-len(t.raw), string(t.name)
	for {
		t, err := s.next()
		if err != nil {
			return nil, &inputError{unexpected(err)}
		}
		if t.kind == tokEnd && t.is(name) {
			return s.buf[from:s.pos], nil
		}
	}
}

func vmlRow() *regexp.Regexp    { return regexp.MustCompile(`(<(?:\w+:)?Row[^>]*>\s*)(\d+)(\s*<)`) }
func vmlColumn() *regexp.Regexp { return regexp.MustCompile(`(<(?:\w+:)?Column[^>]*>\s*)(\d+)(\s*<)`) }
func vmlAnchor() *regexp.Regexp { return regexp.MustCompile(`(<(?:\w+:)?Anchor[^>]*>)([^<]*)(<)`) }

// shape is the shape of a note of the sheet at its new place, or nothing.
func (m *noteMerge) shape(shape []byte) []byte {
	row, col := vmlRow().FindSubmatch(shape), vmlColumn().FindSubmatch(shape)
	if row == nil || col == nil || !bytes.Contains(shape, []byte(`"Note"`)) {
		return shape
	}
	was := number(row[2]) + 1
	if m.gone[[2]int{number(col[2]), was}] {
		return nil
	}
	now, keep := m.job.newRow(was)
	switch {
	case !keep:
		return nil
	case now == was:
		return shape
	}
	shape = vmlRow().ReplaceAll(shape, []byte("${1}"+strconv.Itoa(now-1)+"${3}"))
	return vmlAnchor().ReplaceAllFunc(shape, func(anchor []byte) []byte { return moveAnchor(anchor, now-was) })
}

// moveAnchor moves the rows of an anchor: column, dx, row, dy of both corners.
func moveAnchor(anchor []byte, by int) []byte {
	part := vmlAnchor().FindSubmatch(anchor)
	numbers := strings.Split(string(part[2]), ",")
	for i := 2; i < len(numbers); i += 4 {
		n, err := strconv.Atoi(strings.TrimSpace(numbers[i]))
		if err != nil {
			return anchor
		}
		numbers[i] = strconv.Itoa(max(n+by, 0))
	}
	return concat(part[1], []byte(strings.Join(numbers, ",")), part[3])
}

// addShapes writes the shapes of our notes, with ids that nothing in raw has.
func (m *noteMerge) addShapes(out *bufio.Writer, raw []byte) error {
	if len(m.fresh) == 0 {
		return nil
	}
	last := vmlBlock
	for _, id := range regexp.MustCompile(`_x0000_s(\d+)`).FindAllSubmatch(raw, -1) {
		last = max(last, number(id[1]))
	}
	names := vmlNames
	if bytes.Contains(raw, []byte(`xmlns:v="`)) && bytes.Contains(raw, []byte(`xmlns:o="`)) && bytes.Contains(raw, []byte(`xmlns:x="`)) &&
		bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<xml xmlns:")) {
		names = ""
	}
	if !bytes.Contains(raw, []byte("shapelayout")) {
		var blocks []string
		for b := 1; b <= (last+len(m.fresh))/vmlBlock; b++ {
			blocks = append(blocks, strconv.Itoa(b))
		}
		fmt.Fprintf(out, vmlLayout, strings.Join(blocks, ","))
	}
	if !bytes.Contains(raw, []byte(`id="_x0000_t202"`)) {
		fmt.Fprintf(out, vmlType, names)
	}
	shape := strings.Replace(vmlShape, "%s", names, 1)
	for i, n := range m.fresh {
		text, err := m.job.noteText(n)
		if err != nil {
			return err
		}
		lines := noteLines(text)
		top := max(n.row-2, 0)
		out.Write(appendNumbers(out.AvailableBuffer(), shape, last+1+i, 15*lines, i+1, n.col+1, top, n.col+4, top+lines, n.row-1, n.col))
	}
	return nil
}

// appendNumbers appends a text with numbers in the places of its %d.
func appendNumbers(b []byte, text string, numbers ...int) []byte {
	for _, n := range numbers {
		before, after, _ := strings.Cut(text, "%d")
		b = strconv.AppendInt(append(b, before...), int64(n), 10)
		text = after
	}
	return append(b, text...)
}

// noteLines is about how many rows of a sheet a note covers.
func noteLines(text string) int {
	lines := 1
	for line := range strings.Lines(text) {
		lines += 1 + len(line)/36
	}
	return min(max(lines, 4), 18)
}
