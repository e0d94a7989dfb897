package affise

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Kind says how a cell is read and checked, and what stands in the body for it.
type Kind string

// The kinds of column. A column whose key ends in [] takes several values of
// its kind.
const (
	KindText           Kind = "text"
	KindEnum           Kind = "enum"             // one of Column.Allowed
	KindInt            Kind = "int"              // a whole number within Min and Max
	KindID             Kind = "id"               // a number that the account gave: digits only
	KindID24           Kind = "id24"             // 24 characters 0-9 and a-f
	KindMoney          Kind = "money"            // a decimal, as text from cell to wire
	KindFlag           Kind = "flag"             // sent as 1 or 0
	KindTrueFalse      Kind = "truefalse"        // sent as true or false
	KindDate           Kind = "date"             // sent as YYYY-MM-DD
	KindMoment         Kind = "moment"           // sent as YYYY-MM-DD or YYYY-MM-DD HH:MM:SS
	KindSpan           Kind = "span"             // 1y2m3w4d5h6i7s
	KindZone           Kind = "zone"             // an IANA time zone
	KindCountry        Kind = "country"          // ISO 3166 alpha-2
	KindCurrency       Kind = "currency"         // ISO 4217
	KindURL            Kind = "url"              // a URL with macros, or a macro alone
	KindQuery          Kind = "query"            // a query fragment such as &sub1={sub1}
	KindIP             Kind = "ip"               // an address, a range a-b, or a/mask
	KindIPs            Kind = "ips"              // the same, one a line in one text
	KindSubValues      Kind = "subvalues"        // a text of letters, digits and ,._-{}+=/:~
	KindJSON           Kind = "json"             // JSON in one text
	KindFile           Kind = "file"             // a file beside the sheet
	KindIDsByCountry   Kind = "ids by country"   // {US: [33, 57]} from US:33, US:57
	KindNamesByCountry Kind = "names by country" // {US: [Comcast]}
	KindVersions       Kind = "versions"         // [{name, comparison, version}] from Android >= 6.0; iOS
	KindSubGroups      Kind = "subgroups"        // [{1: a, 2: b}] from sub1=a, sub2=b
	KindWeighted       Kind = "weighted"         // [{url, weight, spt_url}]
	KindIntervals      Kind = "intervals"        // {weekday: [{From, To}]}
	KindOSes           Kind = "oses"             // [{os, versions: []}]
	KindISPs           Kind = "isps"             // [{country, name}]
	KindCreatives      Kind = "creatives"        // [{file_name, width, height}] from banner.png 300x250
	KindLocal          Kind = "local"            // for offerlift alone: never sent
	KindParent         Kind = "parent"           // names the row's offer: never sent
)

// Column is one parameter of the API and one column of a sheet, as the tags of
// the schema's structs declare it.
type Column struct {
	Name     string   // the column's name in a sheet: stop_date
	Key      string   // the parameter's name within its part: stopDate, country[allow][]; blank where nothing is sent
	Path     []string // Key without brackets: country, allow
	List     bool     // Key ends in []
	ReadPath []string // where answers hold it; nil where they leave it out
	Kind     Kind
	Allowed  []string
	Min, Max string    // bounds of a number, blank for none; of a list of text, Max bounds how many
	Len      int       // the longest text, in characters; 0 for any
	Token    bool      // an identifier rather than prose
	IDs      Directory // what its ids stand for, where names may be looked up; blank elsewhere
	Values   string    // the account's list of the names that it takes, for [Client.Values]: oses, browsers; blank elsewhere
	Macros   string    // which macros it may carry: click, tracking, postback; blank where the schema does not say
	Required bool      // to create
	Default  string    // what the API takes when nothing is sent
	Also     []string
	Group    string // the group it stands in
	Example  string
	Help     string
	Index    int // of the field in the row's struct
}

// Part is one sheet and one array of the API: the offers themselves, or a kind
// of child.
type Part struct {
	Sheet   string   // Payouts
	Also    []string // further names of the sheet
	Prefix  string   // of flat columns: payout, as in payout_total and payout_2_total
	Key     string   // payments; blank for the offer itself
	Columns []Column
	Row     reflect.Type // the struct that a row decodes into
}

// Personal is the key of the array that takes a payout with affiliates.
const Personal = "partner_payments"

// ExampleKey is the key of the rows in a template that show how a row looks:
// no import reads a row whose offer has it.
const ExampleKey = "EXAMPLE"

// GuideSheet is the template's sheet that tells how to fill it: no import reads
// it.
const GuideSheet = "How to use"

// Column returns a column by its name.
func (p *Part) Column(name string) (*Column, bool) {
	for i := range p.Columns {
		if p.Columns[i].Name == name {
			return &p.Columns[i], true
		}
	}
	return nil, false
}

// Parts returns every part, the offer first, in the order in which a body
// carries them. The caller must not change them.
func Parts() []Part { return allParts() }

var allParts = sync.OnceValue(func() []Part {
	parts := []Part{
		{Sheet: "Offers", Also: []string{"offer", "campaigns"}, Row: reflect.TypeFor[Offer]()},
		{Sheet: "Payouts", Also: []string{"payments", "payout"}, Prefix: "payout", Key: "payments", Row: reflect.TypeFor[Payout]()},
		{Sheet: "Caps", Also: []string{"cap"}, Prefix: "cap", Key: "caps", Row: reflect.TypeFor[Cap]()},
		{Sheet: "Targeting", Also: []string{"target", "targets", "target groups"}, Prefix: "target", Key: "targeting", Row: reflect.TypeFor[Target]()},
		{Sheet: "Landings", Also: []string{"landing", "landing pages"}, Prefix: "landing", Key: "landings", Row: reflect.TypeFor[Landing]()},
		{Sheet: "Commission tiers", Also: []string{"tiers", "commission tier"}, Prefix: "tier", Key: "commission_tiers", Row: reflect.TypeFor[CommissionTier]()},
		{Sheet: "Html creatives", Also: []string{"creatives html"}, Prefix: "html_creative", Key: "creativesHtml", Row: reflect.TypeFor[HTMLCreative]()},
		{Sheet: "Sub restrictions", Also: []string{"sub restriction"}, Prefix: "sub_restriction", Key: "sub_restrictions", Row: reflect.TypeFor[SubRestriction]()},
	}
	for i := range parts {
		parts[i].Columns = columnsOf(parts[i].Row)
	}
	return parts
})

// columnsOf reads the tags of a row's struct. A wrong tag is a mistake in this
// package, so it panics, at the first use and in every test.
func columnsOf(row reflect.Type) []Column {
	columns := make([]Column, 0, row.NumField())
	group := ""
	for i := range row.NumField() {
		tag := row.Field(i).Tag
		if g := tag.Get("group"); g != "" {
			group = g
		}
		key := tag.Get("key")
		columns = append(columns, Column{
			Name: tag.Get("csv"), Key: key, Path: keyPath(key), List: strings.HasSuffix(key, "[]"),
			ReadPath: readPath(tag.Get("read"), key), Kind: Kind(tag.Get("kind")),
			Allowed: split(tag.Get("of")), Min: tag.Get("min"), Max: tag.Get("max"), Len: number(tag.Get("len")),
			Token: tag.Get("token") == "yes", IDs: Directory(tag.Get("ids")), Values: tag.Get("values"), Macros: tag.Get("macros"),
			Required: tag.Get("need") == "create", Default: tag.Get("default"), Also: split(tag.Get("also")),
			Group: group, Example: tag.Get("eg"), Help: tag.Get("help"), Index: i,
		})
	}
	return columns
}

// keyPath takes a key apart: country[allow][] is country, allow.
func keyPath(key string) []string {
	if key == "" {
		return nil
	}
	key = strings.TrimSuffix(key, "[]")
	return strings.Split(strings.NewReplacer("][", ".", "[", ".", "]", "").Replace(key), ".")
}

func readPath(read, key string) []string {
	switch read {
	case "-":
		return nil
	case "":
		return keyPath(key)
	}
	return keyPath(read)
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func number(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("affise: a tag of the schema holds %q where a number belongs", text))
	}
	return n
}
