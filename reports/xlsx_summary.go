package reports

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"offerlift/importer"
	"offerlift/internal/sheet"
)

// summaryName is the sheet that the report puts before the user's own. A reader
// of the workbook leaves it out.
const summaryName = "Import summary"

// addSummary puts the summary before the other sheets and has it open, or into
// the place of an earlier report's.
func (b *workbookJob) addSummary() error {
	at := -1
	for i, e := range b.sheets {
		if strings.EqualFold(e.name, summaryName) && e.kind == "worksheet" {
			at = i
		}
	}
	part := ""
	if at >= 0 {
		part = b.sheets[at].part
		if err := b.clearSheet(part); err != nil {
			return err
		}
	} else {
		part = b.pack.free("xl/worksheets/sheet%d.xml")
	}
	rels, err := b.pack.relationsOf(part)
	if err != nil {
		return err
	}
	if err := b.deselectOthers(part); err != nil {
		return err
	}
	s := &summarySheet{workbookJob: b}
	s.fill()
	drawing, chart := b.pack.free("xl/drawings/drawing%d.xml"), b.pack.free("xl/charts/chart%d.xml")
	s.drawing = rels.add("drawing", drawing)
	b.pack.setBytes(part, sheetType, s.render())
	b.pack.setBytes(drawing, "application/vnd.openxmlformats-officedocument.drawing+xml", s.drawingXML())
	b.pack.setBytes(chart, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", s.chartXML())
	drawingRels, err := b.pack.relationsOf(drawing)
	if err != nil {
		return err
	}
	drawingRels.add("chart", chart)
	if at < 0 {
		b.insertSheet(b.rels.add("worksheet", part))
		return b.retitle()
	}
	b.openSheet(at)
	return nil
}

// clearSheet takes away what an earlier summary sheet brought with it.
func (b *workbookJob) clearSheet(part string) error {
	rels, err := b.pack.relationsOf(part)
	if err != nil {
		return err
	}
	for _, item := range rels.items {
		rels.drop(item.id)
		switch item.kind {
		case "drawing", "chart", "comments", "vmlDrawing", "threadedComment", "printerSettings":
			name := rels.part(item)
			if err := b.clearSheet(name); err != nil {
				return err
			}
			b.pack.drop(name)
		case "style", "chartStyle", "chartColorStyle", "colors":
			b.pack.drop(rels.part(item))
		}
	}
	return nil
}

// deselectOthers takes care that no other sheet is open with the summary: what
// is typed into one of two open sheets goes into both.
func (b *workbookJob) deselectOthers(summary string) error {
	for _, e := range b.sheets {
		if e.part == summary || e.part == "" || !b.pack.has(e.part) {
			continue
		}
		selected, err := b.isSelected(e.part)
		if err != nil {
			return err
		}
		if !selected {
			continue
		}
		var job *sheetJob
		for _, j := range b.jobs {
			if j.part == e.part {
				job = j
			}
		}
		if job == nil {
			job = &sheetJob{book: b, part: e.part, name: e.name, found: &survey{}}
			b.jobs = append(b.jobs, job)
		}
		job.deselect = true
		if !job.spliced {
			job.table, job.found = nil, &survey{}
			job.splices()
		}
	}
	return nil
}

// isSelected looks into the head of a sheet.
func (b *workbookJob) isSelected(part string) (bool, error) {
	r, err := b.pack.open(part)
	if err != nil {
		return false, err
	}
	defer r.Close()
	for s := newScanner(r); ; {
		t, err := s.next()
		if err == io.EOF || err == nil && t.opens("sheetData") {
			return false, nil
		}
		if err != nil {
			return false, &inputError{err}
		}
		if t.opens("sheetView") && boolAttr(t.raw, "tabSelected") {
			return true, nil
		}
	}
}

// insertSheet puts a sheet before the others. What counts sheets by their place
// counts on.
func (b *workbookJob) insertSheet(link string) {
	last := 0
	for _, e := range b.sheets {
		n, _ := strconv.Atoi(e.id)
		last = max(last, n)
	}
	var out bytes.Buffer
	relName, declare := "", ""
	for s := scanBytes(b.raw); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		tag := t.raw
		switch {
		case t.opens("workbook"):
			if relName = namespacePrefix(tag, b.pack.dialect.rel); relName == "" {
				relName, declare = "olr:", ` xmlns:olr="`+b.pack.dialect.rel+`"`
			}
		case t.opens("workbookView"):
			tag = dropAttr(dropAttr(tag, "activeTab"), "firstSheet")
		case t.opens("definedName"):
			if n, ok := intAttr(tag, "localSheetId"); ok {
				tag = setAttr(tag, "localSheetId", strconv.Itoa(n+1))
			}
		}
		out.Write(tag)
		if t.opens("sheets") {
			fmt.Fprintf(&out, `<%ssheet name="%s" sheetId="%d"%s %sid="%s"/>`, t.prefix(), summaryName, last+1, declare, relName, link)
		}
	}
	b.pack.setBytes(b.part, "", out.Bytes())
}

// openSheet has the sheet at a place open.
func (b *workbookJob) openSheet(at int) {
	var out bytes.Buffer
	for s := scanBytes(b.raw); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		if t.opens("workbookView") {
			out.Write(setAttr(dropAttr(t.raw, "firstSheet"), "activeTab", strconv.Itoa(at)))
			continue
		}
		out.Write(t.raw)
	}
	b.pack.setBytes(b.part, "", out.Bytes())
}

// retitle adds the summary to the titles that the workbook's properties list,
// where they list them as spreadsheets do.
func (b *workbookJob) retitle() error {
	root, err := b.pack.relationsOf("")
	if err != nil {
		return err
	}
	link, ok := root.byKind("extended-properties")
	if !ok || !b.pack.has(root.part(link)) {
		return nil
	}
	raw, err := b.pack.load(root.part(link))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	within := ""
	counted, titled := false, false
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			break
		}
		if t.kind == tokStart && (t.is("HeadingPairs") || t.is("TitlesOfParts")) {
			within = string(t.name)
		}
		switch size, _ := intAttr(t.raw, "size"); {
		case within == "HeadingPairs" && t.kind == tokStart && t.is("i4") && !counted:
			prefix := t.prefix()
			n, err := strconv.Atoi(elementText(wholeElement(s, t)))
			if counted = err == nil && n == len(b.sheets); !counted {
				return nil
			}
			fmt.Fprintf(&out, "<%[1]si4>%d</%[1]si4>", prefix, n+1)
		case within == "TitlesOfParts" && t.kind == tokStart && t.is("vector") && size > 0 && counted:
			titled = true
			out.Write(setAttr(t.raw, "size", strconv.Itoa(size+1)))
			fmt.Fprintf(&out, "<%[1]slpstr>%s</%[1]slpstr>", t.prefix(), summaryName)
		default:
			out.Write(t.raw)
		}
	}
	if titled {
		b.pack.setBytes(root.part(link), "", out.Bytes())
	}
	return nil
}

// summarySheet is the content of the summary.
type summarySheet struct {
	*workbookJob
	rows    []string // of the sheet's XML
	links   []string
	counts  []statusCount
	first   int // the row of the first count
	drawing string
}

type statusCount struct {
	status importer.Status
	n      int
}

// maxProblems is how many kinds of problems the summary names.
const maxProblems = 25

func (s *summarySheet) fill() {
	title := s.styles.style(look{bold: true, size: 16})
	section := s.styles.style(look{bold: true, size: 12})
	grey := s.styles.style(look{colour: "FF595959"})
	plain := s.styles.style(look{})
	if s.failed {
		s.row(title, grouped(s.idx.counts[importer.StatusFailed])+" failed offers to mend")
	} else {
		s.row(title, s.headline())
	}
	s.row(grey, s.about())
	s.blank()
	s.row(section, "What to do next")
	for i, step := range s.steps() {
		s.row(plain, strconv.Itoa(i+1)+". "+step)
	}
	s.blank()
	s.fillCounts(section)
	for len(s.rows) < s.first+9 { // room for the chart
		s.blank()
	}
	s.fillProblems(section)
	if s.notesLeftOut {
		s.blank()
		s.row(grey, fmt.Sprintf("Only the first %s wrong cells of a sheet have notes; all are coloured, and the message column names them all.", grouped(maxNotes)))
	}
}

func (s *summarySheet) steps() []string {
	if !s.failed {
		return s.nextSteps()
	}
	return []string{"Mend the red cells: the note on each says what is wrong and what would be right. The message column says it too.",
		"Save this file and import it with the same command as before. The columns of the results and this sheet are ignored."}
}

func (s *summarySheet) fillCounts(section int) {
	head := s.styles.style(look{bold: true, colour: "FFFFFFFF", fill: "FF404040"})
	plain, bold := s.styles.style(look{}), s.styles.style(look{bold: true, center: true})
	s.row(section, "What became of the offers")
	s.cells(head, "Status", "Offers", "What it means", "")
	s.first = len(s.rows) + 1
	for _, st := range statuses() {
		n := s.idx.counts[st]
		if n == 0 {
			continue
		}
		s.counts = append(s.counts, statusCount{st, n})
		r := len(s.rows) + 1
		s.add(s.text(r, 0, s.resultStyles.status[statusOf(st)], string(st)), s.number(r, 1, bold, n), s.text(r, 2, plain, st.Meaning(s.sum.Mode)))
	}
}

func (s *summarySheet) fillProblems(section int) {
	problems := s.idx.causes.Commonest()
	if len(problems) == 0 {
		return
	}
	head := s.styles.style(look{bold: true, colour: "FFFFFFFF", fill: "FF404040"})
	wrap, top, center := s.styles.style(look{wrap: true}), s.styles.style(look{}), s.styles.style(look{center: true})
	link := s.styles.style(look{link: true})
	s.row(section, "The commonest problems")
	s.cells(head, "Kind", "How many", "For example", "First cell")
	for _, p := range problems[:min(len(problems), maxProblems)] {
		r := len(s.rows) + 1
		kind := s.styles.style(look{fill: levelFill(p.Level)})
		cells := []string{s.text(r, 0, kind, strings.TrimSuffix(levelWord(p.Level), ": ")), s.number(r, 1, center, p.N),
			s.text(r, 2, wrap, clip(s.texts.phrase(textWithMarks(p.Message)).in(0), 500)+" ("+p.Code+")")}
		place, location := s.firstCell(p.Message)
		if location != "" {
			s.links = append(s.links, fmt.Sprintf(`<hyperlink ref="%s" location="%s" display="%s"/>`, sheet.Address(3, r), xmlText(location), xmlText(place)))
			cells = append(cells, s.text(r, 3, link, place))
		} else {
			cells = append(cells, s.text(r, 3, top, place))
		}
		lines := 1 + (len(p.Text)+len(p.Code))/58
		s.rows = append(s.rows, fmt.Sprintf(`<row r="%d" ht="%d" customHeight="1">%s</row>`, r, 16*min(lines, 9), strings.Join(cells, "")))
	}
}

func levelFill(l sheet.Level) string {
	switch l {
	case sheet.LevelError:
		return fillError
	case sheet.LevelWarning:
		return fillWarning
	}
	return ""
}

// firstCell is the place of a message in words, and as a link if it is in this
// workbook.
func (s *summarySheet) firstCell(m sheet.Message) (place, location string) {
	col, row, ok := parseCell(m.Cell)
	t := s.idx.table(m.File, m.Sheet)
	if !ok || t == nil {
		m.File = ""
		return m.Place(), ""
	}
	if s.texts.move != nil {
		var kept bool
		if row, kept = s.texts.move(t, row); !kept {
			return "", ""
		}
	}
	cell := sheet.Address(max(col, 0), row)
	place = m.Sheet + "!" + cell
	if !slices.ContainsFunc(s.sheets, func(e sheetEntry) bool { return e.name == t.Sheet && e.kind == "worksheet" }) {
		return place, "" // it is in another workbook
	}
	return place, "'" + strings.ReplaceAll(t.Sheet, "'", "''") + "'!" + cell
}

// row adds a row with one text.
func (s *summarySheet) row(style int, text string) { s.cells(style, text) }

func (s *summarySheet) blank() { s.add() }

func (s *summarySheet) cells(style int, texts ...string) {
	var cells []string
	for col, text := range texts {
		cells = append(cells, s.text(len(s.rows)+1, col, style, text))
	}
	s.add(cells...)
	if len(s.rows) == 1 { // the title's letters are larger
		s.rows[0] = strings.Replace(s.rows[0], "<row ", `<row ht="24" customHeight="1" `, 1)
	}
}

func (s *summarySheet) add(cells ...string) {
	s.rows = append(s.rows, fmt.Sprintf(`<row r="%d">%s</row>`, len(s.rows)+1, strings.Join(cells, "")))
}

func (s *summarySheet) text(row, col, style int, text string) string {
	if text == "" {
		return fmt.Sprintf(`<c r="%s" s="%d"/>`, sheet.Address(col, row), style)
	}
	return fmt.Sprintf(`<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, sheet.Address(col, row), style, xmlText(text))
}

func (s *summarySheet) number(row, col, style, n int) string {
	return fmt.Sprintf(`<c r="%s" s="%d"><v>%d</v></c>`, sheet.Address(col, row), style, n)
}

func (s *summarySheet) render() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, xmlHeader+`<worksheet xmlns="%s" xmlns:r="%s"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:D%d"/>`+
		`<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>`+
		`<cols><col min="1" max="1" width="13" customWidth="1"/><col min="2" max="2" width="11" customWidth="1"/>`+
		`<col min="3" max="3" width="62" customWidth="1"/><col min="4" max="4" width="20" customWidth="1"/></cols><sheetData>`,
		s.pack.dialect.main, s.pack.dialect.rel, len(s.rows))
	for _, row := range s.rows {
		out.WriteString(row)
	}
	out.WriteString("</sheetData>")
	if len(s.links) > 0 {
		out.WriteString("<hyperlinks>" + strings.Join(s.links, "") + "</hyperlinks>")
	}
	fmt.Fprintf(&out, `<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>`+
		`<pageSetup orientation="landscape" fitToHeight="0"/><drawing r:id="%s"/></worksheet>`, s.drawing)
	return out.Bytes()
}

// drawingXML places the chart beside the counts.
func (s *summarySheet) drawingXML() []byte {
	var told []string
	for _, c := range s.counts {
		told = append(told, fmt.Sprintf("%s %d", c.status, c.n))
	}
	d := s.pack.dialect
	top := s.first - 3
	return fmt.Appendf(nil, xmlHeader+`<xdr:wsDr xmlns:xdr="%s" xmlns:a="%s"><xdr:twoCellAnchor editAs="oneCell"><xdr:from><xdr:col>4</xdr:col><xdr:colOff>100000</xdr:colOff>`+
		`<xdr:row>%d</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>11</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>%d</xdr:row>`+
		`<xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Offers by status" descr="%s"/>`+
		`<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>`+
		`<a:graphicData uri="%s"><c:chart xmlns:c="%s" xmlns:r="%s" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>`+
		`<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>`, d.sheetDrawing, d.drawing, top, top+12,
		xmlText("Bar chart of the offers by status: "+strings.Join(told, ", ")), d.chart, d.chart, d.rel)
}

// statusColour is a status's colour in charts, told apart by lightness too.
func statusColour(s importer.Status) string {
	switch s {
	case importer.StatusCreated:
		return "1B7F4B"
	case importer.StatusUpdated:
		return "2F6FB5"
	case importer.StatusUnchanged:
		return "7FA8D1"
	case importer.StatusSkipped:
		return "9A9A9A"
	case importer.StatusFailed:
		return "C0362C"
	case importer.StatusUnknown:
		return "E0A100"
	}
	return "C9C9C9"
}

// chartXML is a bar for each status, with the values in it so that a viewer that
// does not calculate shows it too.
func (s *summarySheet) chartXML() []byte {
	var points, names, values bytes.Buffer
	for i, c := range s.counts {
		fmt.Fprintf(&points, `<c:dPt><c:idx val="%d"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></c:spPr></c:dPt>`, i, statusColour(c.status))
		fmt.Fprintf(&names, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, c.status)
		fmt.Fprintf(&values, `<c:pt idx="%d"><c:v>%d</c:v></c:pt>`, i, c.n)
	}
	d, n, last := s.pack.dialect, len(s.counts), s.first+len(s.counts)-1
	column := func(col string) string {
		return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", summaryName, col, s.first, col, max(last, s.first))
	}
	return fmt.Appendf(nil, xmlHeader+`<c:chartSpace xmlns:c="%s" xmlns:a="%s" xmlns:r="%s"><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/>`+
		`<a:p><a:pPr><a:defRPr sz="1200" b="1"/></a:pPr><a:r><a:rPr lang="en-US" sz="1200" b="1"/><a:t>Offers by status</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`+
		`<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>`+
		`<c:ser><c:idx val="0"/><c:order val="0"/><c:spPr><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>%s`+
		`<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`+
		`<c:cat><c:strRef><c:f>%s</c:f><c:strCache><c:ptCount val="%d"/>%s</c:strCache></c:strRef></c:cat>`+
		`<c:val><c:numRef><c:f>%s</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>%s</c:numCache></c:numRef></c:val></c:ser>`+
		`<c:gapWidth val="60"/><c:axId val="111111101"/><c:axId val="111111102"/></c:barChart>`+
		`<c:catAx><c:axId val="111111101"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111111102"/><c:crosses val="autoZero"/></c:catAx>`+
		`<c:valAx><c:axId val="111111102"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111111101"/><c:crosses val="autoZero"/></c:valAx>`+
		`</c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>`,
		d.chart, d.drawing, d.rel, points.String(), xmlText(column("A")), n, names.String(), xmlText(column("B")), n, values.String())
}
