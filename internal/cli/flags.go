package cli

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"offerlift/internal/sheet"
)

// inputFlags say what to read, and what its owner knows better than the file.
type inputFlags struct {
	profileFlags `group:"Another network's export:"`

	Paths        []string `arg:"" name:"file" help:"A workbook, CSV files, a folder or a zip of them."`
	Encoding     string   `help:"The encoding of CSV files, such as windows-1251; found out by itself otherwise." placeholder:"NAME"`
	Delimiter    string   `help:"The delimiter of CSV files: a character, or tab." placeholder:"CHAR"`
	HeaderRow    int      `help:"The number of the row that holds the headers." placeholder:"N"`
	Sheet        []string `help:"Read only this sheet; may be given several times." placeholder:"NAME"`
	IgnoreSheet  []string `help:"Do not read this sheet or CSV file; may be given several times." placeholder:"NAME"`
	DateFormat   string   `help:"How dates are written in text cells, such as DD.MM.YYYY." placeholder:"FORMAT"`
	Decimal      string   `help:"The decimal sign of numbers in text cells: . or ," placeholder:"CHAR"`
	AllowLoss    bool     `help:"Payouts that give affiliates more than the advertiser pays are meant, even where most are so."`
	Files        string   `help:"The folder that logos and creatives are read from; the input's own otherwise." type:"path" placeholder:"DIR"`
	PasswordFile string   `help:"A file with the password of an encrypted workbook." type:"path" placeholder:"FILE"`
	limitFlags   `group:"Limits of what is read:"`
}

// limitFlags raise the limits under which files are read, for a file that is
// right and larger than that.
type limitFlags struct {
	MaxUnpacked string `help:"The most that a workbook or zip may unpack to, such as 8GB." placeholder:"SIZE"`
	MaxRatio    int64  `help:"The most bytes that one packed byte may unpack to." placeholder:"N"`
	MaxRows     int    `help:"The most rows of a table." placeholder:"N"`
	MaxColumns  int    `help:"The most columns of a row." placeholder:"N"`
	MaxCell     string `help:"The most that one cell may hold, such as 4MB." placeholder:"SIZE"`
	MaxStrings  string `help:"The most that a workbook's shared texts may take, such as 1GB." placeholder:"SIZE"`
}

func (f *limitFlags) limits() (sheet.Limits, error) {
	if f.MaxRatio < 0 || f.MaxRows < 0 || f.MaxColumns < 0 {
		return sheet.Limits{}, refuse("give a number above zero, or leave the flag away", "--max-ratio, --max-rows and --max-columns take no negative number")
	}
	unpacked, err := size("--max-unpacked", f.MaxUnpacked)
	cell, cellErr := size("--max-cell", f.MaxCell)
	texts, textsErr := size("--max-strings", f.MaxStrings)
	return sheet.Limits{Unpacked: unpacked, Ratio: f.MaxRatio, Rows: f.MaxRows, Columns: f.MaxColumns, CellLength: int(cell), Strings: texts},
		cmp.Or(err, cellErr, textsErr)
}

// sheetOptions are the flags that say how files are read.
func (f *inputFlags) sheetOptions() (sheet.Options, error) {
	opts := sheet.Options{Encoding: f.Encoding, HeaderRow: f.HeaderRow, Sheets: f.Sheet, Ignored: f.IgnoreSheet}
	var err error
	if opts.Delimiter, err = delimiter(f.Delimiter); err != nil {
		return opts, err
	}
	switch f.Decimal {
	case "":
	case ".", ",":
		opts.Decimal = rune(f.Decimal[0])
	default:
		return opts, refuse("write --decimal . or --decimal ,", "--decimal %q is not a decimal sign", f.Decimal)
	}
	if f.Encoding != "" && !sheet.KnowsEncoding(f.Encoding) {
		return opts, refuse("such as --encoding utf-8, windows-1251, windows-1252, iso-8859-2, koi8-r, ibm866 or shift-jis", "there is no encoding %q", f.Encoding)
	}
	if f.HeaderRow < 0 {
		return opts, refuse("rows count from 1", "--header-row %d is not a row", f.HeaderRow)
	}
	opts.Limits, err = f.limits()
	return opts, err
}

func delimiter(text string) (rune, error) {
	switch {
	case text == "":
		return 0, nil
	case strings.EqualFold(text, "tab"), text == `\t`:
		return '\t', nil
	case utf8.RuneCountInString(text) == 1:
		r, _ := utf8.DecodeRuneInString(text)
		return r, nil
	}
	return 0, refuse(`write one character, such as --delimiter ";", or --delimiter tab`, "--delimiter %q is not one character", text)
}

// size reads 512MB, 8 GB or a plain number of bytes; blank is 0.
func size(flag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	var n float64
	var unit string
	if k, _ := fmt.Sscanf(strings.ToUpper(text), "%f%s", &n, &unit); k == 0 || n <= 0 {
		return 0, refuse("write a size such as 512MB or 8GB", "%s %q is not a size", flag, text)
	}
	powers := map[string]float64{"": 0, "B": 0, "KB": 1, "MB": 2, "GB": 3, "TB": 4}
	power, ok := powers[unit]
	if !ok {
		return 0, refuse("write a size such as 512MB or 8GB", "%s %q is not a size", flag, text)
	}
	return int64(n * math.Pow(1024, power)), nil
}

// accountFlags say which account, and with which key.
type accountFlags struct {
	BaseURL    string `name:"base-url" env:"AFFISE_BASE_URL" help:"The account's API: https://api-COMPANY.affise.com." placeholder:"URL"`
	APIKeyFile string `name:"api-key-file" help:"A file that holds the API key; or set AFFISE_API_KEY." type:"path" placeholder:"FILE"`
	Sandbox    bool   `help:"Send to the built-in look-alike instead: no account needed."`
	PanelURL   string `name:"panel-url" env:"AFFISE_PANEL_URL" help:"Where an offer stands in the account's panel, for links in the reports, with {id} in it." placeholder:"URL"`
}

// panel links an offer's id into the account's panel; nil where nothing is
// known of it.
func (f *accountFlags) panel() func(id int64) string {
	pattern := f.PanelURL
	if pattern == "" {
		pattern = panelOf(f.BaseURL)
	}
	if f.Sandbox || pattern == "" {
		return nil
	}
	return func(id int64) string { return strings.ReplaceAll(pattern, "{id}", fmt.Sprint(id)) }
}

// panelOf guesses the panel from the API's address: api-acme.affise.com
// belongs to acme.affise.com. A custom domain tells nothing.
func panelOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	company, ok := strings.CutPrefix(u.Hostname(), "api-")
	if !ok || !strings.HasSuffix(company, ".affise.com") {
		return ""
	}
	return "https://" + company + "/offer/{id}"
}

// key finds the API key: never among the arguments, which every user of the
// machine can see.
func (f *accountFlags) key(e *env) (string, error) {
	if f.APIKeyFile == "" {
		if key := strings.TrimSpace(e.getenv("AFFISE_API_KEY")); key != "" {
			return key, nil
		}
		return "", refuse("set AFFISE_API_KEY, or give --api-key-file FILE; --sandbox needs none", "no API key")
	}
	key, err := secretFile("--api-key-file", "the key's file", f.APIKeyFile)
	if key != "" || err != nil {
		return key, err
	}
	return "", refuse("put the API key into it, alone on its first line", "the key's file %s is empty", f.APIKeyFile)
}

// plain takes the path out of a file error, since our sentence names it.
func plain(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}

// journalFlags say where runs are remembered.
type journalFlags struct {
	Journal string `help:"The journal; in your state directory otherwise. One serves all runs." type:"path" env:"OFFERLIFT_JOURNAL" placeholder:"FILE"`
}

// path is the journal's file.
func (f *journalFlags) path(e *env) (string, error) {
	if f.Journal != "" {
		return f.Journal, nil
	}
	dir, err := stateDir(e.getenv)
	if err != nil {
		return "", refuse("give --journal FILE", "no place for the journal: %v", err)
	}
	return filepath.Join(dir, "journal.db"), nil
}

// stateDir is where programs keep what they must remember, as each system has
// it.
func stateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "offerlift"), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "offerlift"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "offerlift"), err
}
