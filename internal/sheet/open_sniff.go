package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// fileFormat is what the first bytes of a file say that it is.
type fileFormat uint8

const (
	formatText fileFormat = iota
	formatZip
	formatOLE // the container of old Office files and of encrypted workbooks
	formatRefused
)

func refuse(code, text string) *FileError { return &FileError{Code: code, Text: text} }

// sniff judges a file by its first bytes. What is none of these is taken for
// text, and judged again when it is decoded.
func sniff(start []byte) (fileFormat, *FileError) {
	begins := func(magics ...string) bool {
		for _, m := range magics {
			if bytes.HasPrefix(start, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("PK\x03\x04", "PK\x05\x06", "PK\x07\x08"):
		return formatZip, nil
	case begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return formatOLE, nil
	case begins("%PDF"), bytes.HasPrefix(bytes.TrimSpace(start), []byte("%PDF-")):
		return formatRefused, refuse("pdf", "this is a PDF, whose tables cannot be read: ask for the spreadsheet it was made from (.xlsx or CSV)")
	case begins("\x89PNG", "\xff\xd8\xff", "GIF87a", "GIF89a", "II*\x00", "MM\x00*") || begins("RIFF") && bytes.Contains(start, []byte("WEBP")),
		len(start) > 12 && slices.Contains([]string{"ftypheic", "ftypheix", "ftypmif1", "ftypavif"}, string(start[4:12])):
		return formatRefused, refuse("image", "this is a picture: ask for the spreadsheet it shows (.xlsx or CSV)")
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(start, []byte(bom8))), []byte("PK\x03\x04")):
		return formatRefused, refuse("broken_zip", "the file is a workbook or zip with something put before it on its way here: download or copy it again")
	case len(start) > 262 && string(start[257:262]) == "ustar",
		begins("\x1f\x8b", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"):
		return formatRefused, refuse("archive", "this is a packed file: unpack it and name what is in it")
	case begins("\x09\x08\x10\x00", "\x09\x08\x08\x00", "\x09\x04\x06\x00", "\x09\x02\x06\x00", "\x09\x00\x04\x00"):
		return formatRefused, refuse("old_excel", oldExcel)
	case begins("SQLite format 3\x00", "PAR1", "\x7fELF", "MZ\x90\x00"):
		return formatRefused, refuse("not_a_sheet", "this is not a spreadsheet: name a workbook (.xlsx) or a CSV file")
	}
	return formatText, nil
}

const oldExcel = "this is an old Excel 97 workbook (.xls): open it in Excel and save it as .xlsx"

// refuseText tells of texts that are something else than CSV.
func refuseText(text []byte, file string) error {
	e := otherText(text)
	if e == nil {
		return nil
	}
	e.File = file
	return e
}

func otherText(text []byte) *FileError {
	start := strings.ToLower(string(bytes.TrimSpace(text[:min(len(text), 4096)])))
	begins := func(prefixes string) bool {
		return regexp.MustCompile(`^(` + prefixes + `)`).MatchString(start)
	}
	switch {
	case strings.HasPrefix(start, "<?xml") && strings.Contains(start, "office:spreadsheet"), begins(`<workbook\b`):
		return refuse("xml_2003", "this is an Excel 2003 XML file: open it in Excel and save it as .xlsx")
	case strings.HasPrefix(start, "<?xml") && strings.Contains(start, "opendocument"):
		return refuse("ods", "this is an OpenDocument spreadsheet (.fods): open it in LibreOffice and save it as .xlsx")
	case begins(`id;p[a-z0-9]*(;[ne])*\r?\n[a-z]{1,2};`):
		return refuse("not_a_sheet", "this is a SYLK file (.slk): open it in Excel and save it as .xlsx")
	case begins(`table\r?\n0,1\r?\n"`):
		return refuse("not_a_sheet", "this is a DIF file (.dif): open it in Excel and save it as .xlsx")
	case begins(`(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype html|html|head|meta|body|table|style|script|div)\b`):
		return refuse("html", webPage(string(text)))
	case begins(`mime-version:`):
		return refuse("html", "this is a saved web page (.mht): open it in Excel and save it as .xlsx")
	case begins(`<\?xml|<[a-z]+:?[a-z]*[ />]`):
		return refuse("not_a_sheet", "this is an XML file, not a spreadsheet: save the table as .xlsx or CSV")
	case begins(`\{\s*"|\[\s*\{|\[\s*\]|\{\s*\}`):
		return refuse("not_a_sheet", "this is a JSON file, not a spreadsheet: export the table as .xlsx or CSV")
	case begins(`\{\\rtf`):
		return refuse("not_a_sheet", "this is a text document (.rtf): copy its table into a spreadsheet and save that as .xlsx")
	}
	return binaryText(text)
}

// webPage says what a web page is, and what to do in place of it.
func webPage(text string) string {
	title := ""
	if m := regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`).FindStringSubmatch(text); m != nil {
		title = fmt.Sprintf(" (%s)", strings.Join(strings.Fields(m[1]), " "))
	}
	lower := strings.ToLower(text)
	switch {
	case regexp.MustCompile(`(?i)sign.?in|log.?in|anmeld|войти|вход|connexion|iniciar|entrar`).MatchString(title), strings.Contains(lower, `type="password"`):
		return "this is a sign-in page" + title + ", not the file: its download did not work, so sign in and download it again"
	case strings.Contains(lower, "<table"):
		return "this is a web page" + title + ", though it may be named .xls or .csv: open it in Excel and save it as .xlsx"
	}
	return "this is a web page" + title + " without a table, not the file: download it again, as .xlsx or .csv"
}

// binaryText tells of bytes that no text has. A few may be damage, which is
// told where it is.
func binaryText(text []byte) *FileError {
	control := 0
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' {
			control++
		}
	}
	switch nul := bytes.Count(text, []byte{0}); {
	case control <= 4 || control*50 < len(text):
		return nil
	case nul*10 > control*9 && bytes.IndexByte(text, 0) > 0 && bytes.IndexByte(text, '\n') >= 0:
		e := refuse("nul_byte", "the file is damaged: it holds NUL bytes from here on; copy or export it again")
		e.Place = fmt.Sprint("line ", bytes.Count(text[:bytes.IndexByte(text, 0)], []byte{'\n'})+1)
		return e
	}
	return refuse("not_a_sheet", "this is not a text and no known spreadsheet: name a workbook (.xlsx) or a CSV file")
}

// maxEncrypted is how large an encrypted workbook may be: it is decrypted in
// memory.
const maxEncrypted = 256 << 20

// addOLE opens an encrypted workbook by its password and refuses the others.
func (o *opener) addOLE(from origin, f *os.File) error {
	if from.size > maxEncrypted {
		return &FileError{File: from.name(), Code: "too_large",
			Text: fmt.Sprintf("the file is an old or an encrypted one of more than %d MB: save it as .xlsx without a password", maxEncrypted>>20)}
	}
	raw, err := io.ReadAll(io.NewSectionReader(f, 0, from.size))
	if err != nil {
		return pathError(from.path, err)
	}
	if refusal := oldOffice(raw); refusal != nil {
		refusal.File = from.name()
		return refusal
	}
	unlocked, err := o.unlock(from, raw)
	if err != nil {
		return err
	}
	return o.addWorkbook(from, bytes.NewReader(unlocked), int64(len(unlocked)))
}

// oldOffice tells what an OLE file is by the names of its streams; nil for an
// encrypted workbook.
func oldOffice(raw []byte) *FileError {
	has := func(stream string) bool {
		var name []byte
		for _, u := range utf16.Encode([]rune(stream)) {
			name = append(name, byte(u), byte(u>>8))
		}
		return bytes.Contains(raw, name)
	}
	switch {
	case has("EncryptedPackage\x00"):
		return nil
	case has("Workbook\x00"), has("Book\x00"):
		return refuse("old_excel", oldExcel)
	case has("WordDocument\x00"):
		return refuse("not_a_sheet", "this is an old Word document (.doc): copy its table into a spreadsheet and save that as .xlsx")
	case has("PowerPoint Document\x00"):
		return refuse("not_a_sheet", "this is an old PowerPoint file (.ppt): copy its table into a spreadsheet and save that as .xlsx")
	case has("__properties_version1.0\x00"):
		return refuse("not_a_sheet", "this is an e-mail (.msg): save the spreadsheet attached to it and name that")
	}
	return refuse("not_a_sheet", "this is an old Office file, but no workbook: save the table as .xlsx or CSV")
}

// unlock asks for the password and decrypts the workbook.
func (o *opener) unlock(from origin, raw []byte) ([]byte, error) {
	e := &FileError{File: from.name(), Code: "password", Text: "the workbook is protected by a password: " +
		"give it with --password-file, or save the workbook without one"}
	if o.opts.Password == nil {
		return nil, e
	}
	password, err := o.opts.Password(from.name())
	if err != nil {
		e.Err = err
		return nil, e
	}
	if password == "" {
		return nil, e
	}
	unlocked, err := Unlock(raw, password)
	switch {
	case errors.Is(err, errDamaged), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return nil, &FileError{File: from.name(), Code: "broken_workbook", Err: err,
			Text: "the workbook is protected in a way that is not known or it is damaged: open it in Excel and save it without a password"}
	case err != nil:
		e.Code, e.Text, e.Err = "wrong_password", "the password is wrong: mind capitals and blanks, and try again", err
		return nil, e
	}
	return unlocked, nil
}

var errDamaged = errors.New("the encrypted package cannot be taken apart")

// Unlock decrypts a workbook that has a password. It guards against the
// library's panics on damaged files.
func Unlock(raw []byte, password string) (unlocked []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errDamaged
		}
	}()
	unlocked, err = excelize.Decrypt(raw, &excelize.Options{Password: password})
	if err == nil && !bytes.HasPrefix(unlocked, []byte("PK\x03\x04")) {
		err = excelize.ErrWorkbookPassword
	}
	return unlocked, err
}

// Lock encrypts a workbook with a password, as spreadsheets do. It takes six
// times the workbook's size in memory.
func Lock(raw []byte, password string) ([]byte, error) {
	return excelize.Encrypt(raw, &excelize.Options{Password: password})
}
