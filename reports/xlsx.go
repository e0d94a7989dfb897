package reports

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workbookJob writes one workbook of the input with the results in it: the whole
// of it, or only what belongs to failed offers.
type workbookJob struct {
	*writer
	pack   *pack
	texts  *texts
	failed bool // only the failed rows

	part   string // of the workbook itself
	raw    []byte
	rels   *relations
	sheets []sheetEntry
	jobs   []*sheetJob
	styles *styleBook

	stylesPart   string
	resultStyles resultStyles
	notesLeftOut bool
}

// sheetEntry is a sheet in the workbook's list.
type sheetEntry struct {
	name, id, link, part string
	kind                 string // worksheet, chartsheet, dialogsheet
}

// maxLinks is how many links a sheet may have; spreadsheets refuse more than 65,530.
const maxLinks = 60000

// writeWorkbook writes a workbook with results into it.
func (w *writer) writeWorkbook(file string, tables []*tableIndex, failed bool) func(io.Writer) error {
	return func(out io.Writer) error {
		p, err := w.openPack(file)
		if err != nil {
			return err
		}
		defer p.close()
		job := &workbookJob{writer: w, pack: p, texts: w.idx.texts(nil), failed: failed}
		if failed {
			job.texts = w.idx.texts(w.idx.failedRow)
		}
		if err := job.plan(tables); err != nil {
			return err
		}
		return p.write(out)
	}
}

// retellWorkbook writes the file of failed offers where it is the results, which
// are written, but for the sheet that tells of them.
func (w *writer) retellWorkbook(results string, tables []*tableIndex) func(io.Writer) error {
	return func(out io.Writer) error {
		p, err := w.openPack(results)
		if err != nil {
			return err
		}
		defer p.close()
		job := &workbookJob{writer: w, pack: p, texts: w.idx.texts(w.idx.failedRow), failed: true}
		for _, t := range tables { // to know whether all have notes
			(&sheetJob{book: job, table: t, cols: oldColumns(t.Columns)}).collectNotes()
		}
		for _, step := range []func() error{job.readWorkbook, job.readStyles, job.addSummary} {
			if err := step(); err != nil {
				return err
			}
		}
		p.setLast(job.stylesPart, stylesType, job.styles.write)
		return p.write(out)
	}
}

// plan decides what becomes of every part before the first is written.
func (b *workbookJob) plan(tables []*tableIndex) error {
	for _, step := range []func() error{b.readWorkbook, b.readStyles} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := b.makeJobs(tables); err != nil {
		return err
	}
	for _, j := range b.jobs {
		if err := j.plan(); err != nil {
			return err
		}
	}
	if b.failed {
		b.dropCalcChain()
	}
	if err := b.addSummary(); err != nil {
		return err
	}
	b.pack.setLast(b.stylesPart, stylesType, b.styles.write) // with what the sheets ask for as they are written
	return nil
}

const (
	stylesType = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
	sheetType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
)

// readWorkbook reads the list of sheets.
func (b *workbookJob) readWorkbook() error {
	root, err := b.pack.relationsOf("")
	if err != nil {
		return err
	}
	b.part = "xl/workbook.xml"
	if link, ok := root.byKind("officeDocument"); ok {
		b.part = root.part(link)
	}
	if b.raw, err = b.pack.load(b.part); err != nil {
		return err
	}
	if b.rels, err = b.pack.relationsOf(b.part); err != nil {
		return err
	}
	for s := scanBytes(b.raw); ; {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &inputError{err}
		}
		if t.opens("workbook") && bytes.Contains(t.raw, []byte(`"`+strict().main+`"`)) {
			b.pack.dialect = strict()
		}
		if t.opens("sheet") {
			e := sheetEntry{name: xmlValue(attr(t.raw, "name")), id: attr(t.raw, "sheetId"), link: attr(t.raw, ":id")}
			if link, ok := b.rels.byID(e.link); ok {
				e.part, e.kind = b.rels.part(link), link.kind
			}
			b.sheets = append(b.sheets, e)
		}
	}
}

// readStyles reads the styles, and makes some where the workbook has none.
func (b *workbookJob) readStyles() error {
	raw := fmt.Appendf(nil, emptyStyles, b.pack.dialect.main)
	link, ok := b.rels.byKind("styles")
	if ok {
		b.stylesPart = b.rels.part(link)
		var err error
		if raw, err = b.pack.load(b.stylesPart); err != nil {
			return err
		}
	} else {
		b.stylesPart = path.Join(path.Dir(b.part), "styles.xml")
		b.rels.add("styles", b.stylesPart)
	}
	styles, err := parseStyles(raw)
	if err != nil {
		return err
	}
	b.styles = styles
	b.resultStyles = newResultStyles(styles)
	return nil
}

// makeJobs makes a job for each sheet that a table was read from.
func (b *workbookJob) makeJobs(tables []*tableIndex) error {
	for _, t := range tables {
		part, err := b.partOf(t)
		if err != nil {
			return err
		}
		b.jobs = append(b.jobs, &sheetJob{book: b, part: part, name: t.Sheet, table: t})
	}
	return nil
}

// partOf is the part of the sheet that a table was read from.
func (b *workbookJob) partOf(t *tableIndex) (string, error) {
	i := slices.IndexFunc(b.sheets, func(e sheetEntry) bool { return e.name == t.Sheet && e.kind == "worksheet" })
	if i < 0 {
		return "", &inputError{fmt.Errorf("the workbook no longer has the sheet %s", t.Sheet)}
	}
	return b.sheets[i].part, nil
}

// plan decides what is written into a sheet and into the parts that belong to it.
func (j *sheetJob) plan() error {
	t := j.table
	if !j.book.failed && !t.isOffers() && len(t.marks) == 0 && len(j.book.styles.stale) == 0 {
		return nil // not touched
	}
	if j.book.failed {
		j.rows = &renumber{header: t.HeaderRow, kept: t.failed}
	}
	if j.cols = [4]int{-1, -1, -1, -1}; t.isOffers() {
		j.cols = oldColumns(t.Columns)
	}
	j.old = j.cols[0] >= 0
	var err error
	if j.found, err = t.survey(ofHead); err != nil {
		return err
	}
	j.head = j.book.styles.clean(j.found.head)
	rels, err := j.book.pack.relationsOf(j.part)
	if err != nil {
		return err
	}
	if t.isOffers() {
		anchors, err := j.anchors(rels)
		if err != nil {
			return err
		}
		j.placeColumns(append(anchors, j.found.merged...))
		if j.cols[3] >= 16384 {
			return &inputError{fmt.Errorf("sheet %s has no columns left for the results", j.name)}
		}
		j.planLinks(rels)
		if j.old && j.found.formulas { // some may stand in its columns
			j.book.dropCalcChain()
		}
	}
	if j.rows != nil {
		if err := j.moveParts(rels); err != nil {
			return err
		}
	}
	j.collectNotes()
	if err := j.noteParts(); err != nil {
		return err
	}
	j.splices()
	return nil
}

// splices has the sheet written anew.
func (j *sheetJob) splices() {
	j.spliced = true
	if j.isRelayed() {
		j.book.pack.setLate(j.part, sheetType, j.splice)
		return
	}
	j.book.pack.set(j.part, sheetType, j.splice)
}

// planLinks makes a relation for the link of every offer, up to what a sheet may
// have.
func (j *sheetJob) planLinks(rels *relations) {
	if j.book.opts.PanelURL == nil {
		return
	}
	room := maxLinks - j.found.links
	for e := range j.withID() {
		if j.linked < room {
			j.linked++
			j.lastLink = e.row
		}
	}
	if j.linked == 0 {
		return
	}
	j.linkID = rels.addAddresses(j.linked, func(yield func(string) bool) {
		for e := range j.withID() {
			if e.row > j.lastLink || !yield(j.book.opts.PanelURL(e.id)) {
				return
			}
		}
	})
}

// withID are the offers that have an id and are in the report, by row.
func (j *sheetJob) withID() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for _, e := range j.table.offers {
			if e.id == 0 {
				continue
			}
			if _, keep := j.newRow(int(e.row)); keep && !yield(e) {
				return
			}
		}
	}
}

// anchors are the columns from which and to which pictures and charts stand on
// the sheet.
func (j *sheetJob) anchors(rels *relations) ([][2]int, error) {
	link, ok := rels.byID(j.found.drawing)
	if !ok {
		return nil, nil
	}
	raw, err := j.book.pack.load(rels.part(link))
	if err != nil {
		return nil, err
	}
	var out [][2]int
	end := -1
	for s := scanBytes(raw); ; {
		t, err := s.next()
		if err != nil {
			return out, nil
		}
		switch {
		case t.kind == tokStart && t.is("from"):
			out = append(out, [2]int{-1, -1})
			end = 0
		case t.kind == tokStart && t.is("to"):
			end = 1
		case t.kind == tokStart && t.is("col") && len(out) > 0:
			col, err := strconv.Atoi(strings.TrimSpace(elementText(wholeElement(s, t))))
			if err == nil {
				out[len(out)-1][end] = col
				out[len(out)-1][1] = max(out[len(out)-1][1], col)
			}
		case t.opens("ext") && end == 0 && len(out) > 0: // one corner and a size
			if width, ok := intAttr(t.raw, "cx"); ok {
				out[len(out)-1][1] = out[len(out)-1][0] + width/columnEMU + 1
			}
			end = 1
		}
	}
}

// columnEMU is the width of a column of the usual width, in the unit of drawings.
const columnEMU = 609600

// dropCalcChain leaves out the order of calculation, which names cells whose
// formulas are gone. Spreadsheets make it again.
func (b *workbookJob) dropCalcChain() {
	if link, ok := b.rels.byKind("calcChain"); ok {
		b.rels.drop(link.id)
		b.pack.drop(b.rels.part(link))
	}
}

// moveParts moves what other parts say of the sheet's rows: threaded comments
// and tables.
func (j *sheetJob) moveParts(rels *relations) error {
	for _, link := range rels.items {
		var err error
		switch link.kind {
		case "threadedComment":
			err = j.movePart(rels.part(link), j.rows.threads)
		case "table":
			err = j.moveTable(rels, link)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *sheetJob) movePart(name string, move func([]byte) []byte) error {
	raw, err := j.book.pack.load(name)
	if err != nil {
		return err
	}
	if moved := move(raw); !bytes.Equal(moved, raw) {
		j.book.pack.setBytes(name, "", moved)
	}
	return nil
}

// moveTable fits a table to the rows that are left. One that had none of its
// rows left goes.
func (j *sheetJob) moveTable(rels *relations, link relation) error {
	name := rels.part(link)
	raw, err := j.book.pack.load(name)
	if err != nil {
		return err
	}
	moved := j.rows.table(raw)
	if moved == nil {
		rels.drop(link.id)
		j.book.pack.drop(name)
		j.goneTables = append(j.goneTables, link.id)
		return nil
	}
	j.book.pack.setBytes(name, "", moved)
	return nil
}
