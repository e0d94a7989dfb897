package mapping

import (
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"offerlift/internal/affise"
)

// clickMacros are the names of the macro that carries the click id.
var clickMacros = [2]string{"clickid", "click_id"}

// trackingMacros are what a URL of an offer may carry; source: the vendor's
// help centre.
var trackingMacros = sync.OnceValue(func() []string {
	macros := append(strings.Fields(`clickid click_id pid offer_id ip geo city device_ua os_version device_model language
		deeplink rand time time_petty date_only affiliate_name advertiser_id offer_name referrer impression_id aimp_id fbclid`), subs(1, 30)...)
	slices.Sort(macros)
	return macros
})

// postbackMacros are what the cross postback may carry besides.
var postbackMacros = sync.OnceValue(func() []string {
	macros := append(strings.Fields(`transactionid date click_date offerid status sum goal currency comment os timestamp user_id
		promo_code ref_id os_id ext1 ext2 ext3 uagent custom_field1 custom_field2 custom_field3 custom_field4 custom_field5
		custom_field6 custom_field7 ios_idfa android_id device_id`), trackingMacros()...)
	slices.Sort(macros)
	return macros
})

func subs(from, to int) []string {
	var names []string
	for n := from; n <= to; n++ {
		names = append(names, "sub"+strconv.Itoa(n))
	}
	return names
}

// macrosIn runs over the names in braces in a text.
func macrosIn(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			open := strings.IndexByte(text, '{')
			if open < 0 {
				return
			}
			text = text[open+1:]
			end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
			if end > 0 && text[end] == '}' && !yield(text[:end]) {
				return
			}
		}
	}
}

func isWordRune(r rune) bool {
	return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || isDigit(r)
}

// macrosOf are the macros that the API replaces in a column, in their order.
func macrosOf(col *affise.Column) []string {
	if col.Macros == "postback" {
		return postbackMacros()
	}
	return trackingMacros()
}

func isMacro(allowed []string, name string) bool {
	_, known := slices.BinarySearch(allowed, name)
	return known || name == "IP" // {IP}: so the vendor's own example
}

// checkMacros warns of macros that the API does not replace in this column.
func (c *cell) checkMacros(text string) {
	if c.refused() {
		return // by whoever made the row, who knows its macros better
	}
	allowed := macrosOf(c.col)
	for name := range macrosIn(text) {
		if !isMacro(allowed, name) {
			c.warn(codeUnknownMacro, "%s", UnknownMacro(c.col, name))
		}
	}
}

// warnEncoded warns of macros whose braces were percent-encoded, as browsers
// do when a URL is copied out of them.
func (c *cell) warnEncoded(text string) {
	if open := strings.Index(strings.ReplaceAll(text, "%7b", "%7B"), "%7B"); open >= 0 {
		c.warn(codeUnknownMacro, "%s holds an encoded brace, so what follows is not replaced: write macros with braces, such as {%s}",
			quote(text[open:]), clickMacros[0])
	}
}

// url reads a web address, in which macros may stand, or a macro alone.
func (c *cell) url(text string) (string, bool) {
	if why := badURL(text); why != "" {
		if behind := c.behind(text); behind != "" {
			c.info(codeRepaired, "the cell shows %s: the address behind it was read, %s", quote(text), behind)
			return c.url(behind)
		}
		c.fail(codeBadURL, "%s %s", quote(text), why)
		return "", false
	}
	if n := addressesIn(text); n > 1 {
		c.fail(codeBadURL, "%s holds %d addresses: write one", quote(text), n)
		return "", false
	}
	if c.mute || c.refused() {
		return text, true // refused by whoever made the row, who knows its macros better
	}
	if !c.checkBraces(text) {
		return "", false
	}
	if c.col.Macros == "click" && !carriesClick(text) {
		return text, c.checkClick(text)
	}
	c.checkMacros(text)
	c.warnEncoded(text)
	c.warnCopied(text)
	return text, true
}

// behind is the web address that a cell with this text links to, blank where it
// links to none.
func (c *cell) behind(text string) string {
	table := c.rec.bind.table
	if table.Origin != nil || strings.TrimSpace(c.raw.Text) != strings.TrimSpace(text) {
		return "" // made of more than the cell, or a part of it
	}
	if link := table.Link(c.rec.column(c.place), c.rec.row); link != "" && badURL(link) == "" {
		return link
	}
	return ""
}

// checkClick judges a tracking URL that does not pass the click id on. It is an
// error where another system's macro stands in its place, and no other reading
// is left.
func (c *cell) checkClick(text string) bool {
	if behind := unwrapped(text); behind != "" {
		c.fail(codeBadURL, "this is a link that a mail program or a search engine put around the address: write what is in it, %s", behind)
		return false
	}
	if other := c.previewOfClick(); other != "" {
		c.fail(codeSwapped, "the URL has no {%s} and %s has it, so the two look swapped: %s is where a click goes; swap them, or the names of the columns where every row is so",
			clickMacros[0], other, c.rec.bind.columns[c.place].name)
		return false
	}
	if macros := clickPlaceholders(text); len(macros) == 1 {
		c.fail(codeNoClickID, "the URL has no {%s}, so no conversion could be matched to its click: write {%s} in place of %s", clickMacros[0], clickMacros[0], macros[0])
		c.checkMacros(strings.ReplaceAll(text, macros[0], ""))
		return false
	}
	c.checkMacros(text)
	c.warnEncoded(text)
	c.warnCopied(text)
	c.warn(codeNoClickID, "the URL has no {%s}: conversions cannot be matched to clicks; %s", clickMacros[0], clickHint(text))
	return true
}

// previewOfClick is the name of the preview's column where that, in place of the
// URL beside it, passes the click id on; blank elsewhere.
func (c *cell) previewOfClick() string {
	preview, ok := c.rec.bind.def.Column("url_preview")
	if !ok || c.rec.of(preview) == nil || !carriesClick(c.rec.of(preview).Text) {
		return ""
	}
	return c.rec.bind.nameOf(preview)
}

// wrappers are the parameters by which links of mail filters and search engines
// name the address that they lead to, each with a part of such a link.
var wrappers = [...][2]string{
	{"safelinks.protection.outlook.com/", "url"}, {"://www.google.", "q"}, {"://www.google.", "url"},
	{"://l.facebook.com/l.php", "u"}, {"://slack-redir.net/link", "url"},
}

// unwrapped is the address within such a link, blank for any other URL.
func unwrapped(text string) string {
	for _, w := range wrappers {
		if !strings.Contains(text, w[0]) {
			continue
		}
		_, query, _ := strings.Cut(withoutMacros(text), "?")
		values, _ := url.ParseQuery(query) // as far as it can be read
		if behind := values.Get(w[1]); strings.HasPrefix(behind, "http") && badURL(behind) == "" {
			return behind
		}
	}
	return ""
}

// warnCopied warns of signs that came with a URL when it was copied, or that a
// word processor changed.
func (c *cell) warnCopied(text string) {
	at := -1
	if !plain(text) { // which nearly all are
		at = strings.IndexAny(text, "–—…“”‘’")
	}
	if at >= 0 {
		r, _ := utf8.DecodeRuneInString(text[at:])
		c.warn(codeDoubtfulURL, "the URL holds %s, which word processors write in place of other signs: look whether it is the one of the advertiser", quote(string(r)))
	}
	if strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…") {
		c.warn(codeDoubtfulURL, "the URL ends in %s, so it looks cut off: copy the whole address from where it comes", quote("..."))
	} else if last := text[len(text)-1]; last == ',' || last == ';' || last == '.' {
		c.warn(codeDoubtfulURL, "the URL ends in %s: look whether that was copied with it", quote(string(last)))
	}
}

func carriesClick(text string) bool {
	for name := range macrosIn(text) {
		if name == clickMacros[0] || name == clickMacros[1] {
			return true
		}
	}
	return false
}

// noAddress says of a text why it is no web address.
func noAddress(text string) string {
	end := min(len(text), len("https")) // which may be within a letter
	scheme := strings.ToLower(text[:end])
	rest := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(scheme, "https"), "http")+text[end:], ":/;")
	switch {
	case text == "0":
		return "is not a web address: " + ofBlank
	case strings.HasPrefix(scheme, "http") && strings.Contains(rest, "."):
		return "is not a web address: write https://" + rest
	case strings.ContainsAny(text, "./:"):
		return "is not a web address: write it as https://www.example.com/page"
	}
	return "is not a web address: write it as https://www.example.com/page; where the cell shows a link, its address is behind it: choose Edit Hyperlink, and copy it from there"
}

// badURL says what is wrong with a web address, blank for nothing.
func badURL(text string) string {
	if simpleURL(text) {
		return ""
	}
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return addressHint(text)
	}
	if fixed := strings.ReplaceAll(text, `\`, "/"); fixed != text && strings.Contains(fixed, "://") && badURL(fixed) == "" {
		return "has backslashes: write " + fixed
	}
	plain := withoutMacros(text)
	if strings.HasPrefix(text, "{") && !strings.Contains(plain, "://") {
		return ""
	}
	scheme, rest, ok := strings.Cut(plain, "://")
	switch {
	case !ok && strings.Contains(strings.SplitN(plain, "/", 2)[0], "."):
		return "has no https:// before it: write the whole address, such as https://" + text
	case !ok:
		return noAddress(text)
	case strings.EqualFold(scheme, "hxxp") || strings.EqualFold(scheme, "hxxps"):
		return "begins with " + scheme + "://, as mails write links that must not be clicked: write https" + text[len(scheme):]
	case !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https"):
		return "begins with " + scheme + "://: only https:// and http:// are web addresses"
	case rest == "" || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "?"):
		return "names no host: write it as https://www.example.com/page"
	case strings.HasPrefix(rest, "https://"), strings.HasPrefix(rest, "http://"):
		return "has https:// twice: write it once"
	}
	u, err := url.Parse(plain)
	switch {
	case err == nil && strings.Contains(u.Host, ","):
		return "has a comma in its host: write " + strings.ReplaceAll(u.Host, ",", ".") + " if that is meant"
	case err != nil && strings.Contains(text, "%"):
		return "is not a web address: write it as https://www.example.com/page, with %25 for a percent sign"
	case err != nil || u.Hostname() == "" || len(u.Port()) > 5 || smallNumber(u.Port()) > 65535 || strings.ContainsAny(u.Host, ";\"<>"):
		return "is not a web address: write it as https://www.example.com/page"
	}
	return ""
}

// addressesIn counts the addresses that stand one behind the other in a text; one
// within another's parameter is no second one.
func addressesIn(text string) int {
	n := 1
	if strings.Count(text, "://") == 1 {
		return n
	}
	for _, next := range []string{";http://", ";https://", ",http://", ",https://", "|http://", "|https://"} {
		n += strings.Count(text, next)
	}
	return n
}

// simpleURL tells whether a text is a scheme, a host of letters, digits, points
// and hyphens, and then nothing but macros that needs a closer look: the common
// case, told without taking the URL apart.
func simpleURL(text string) bool {
	rest, ok := strings.CutPrefix(text, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(text, "http://")
	}
	if !ok || rest == "" || !isWordRune(rune(rest[0])) {
		return false
	}
	host := true
	for i := 0; i < len(rest); i++ {
		ch := rest[i]
		switch {
		case ch == '/' || ch == '?' || ch == '#':
			host = false
		case ch == '.' || ch == '-' || ch != '_' && isWordRune(rune(ch)):
		case host || ch <= ' ' || ch >= 0x7f || strings.IndexByte("%\"<>\\^`|}", ch) >= 0:
			return false
		case ch == '{':
			for i++; i < len(rest) && isWordRune(rune(rest[i])); i++ {
			}
			if i == len(rest) || rest[i] != '}' {
				return false
			}
		}
	}
	return true
}

// withoutMacros puts a letter in the place of each macro, since a URL may not
// hold braces.
func withoutMacros(text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:open])
		text = text[open+1:]
		if end := strings.IndexByte(text, '}'); end >= 0 {
			text = text[end+1:]
		}
		b.WriteByte('x')
	}
}

// query reads what is added to a tracking URL.
func (c *cell) query(text string) (string, bool) {
	if strings.ContainsFunc(text, unicode.IsSpace) {
		c.fail(codeBadURL, "%s holds a blank: write it as &sub1={sub1}&sub2={sub2}", quote(text))
		return "", false
	}
	if rest := strings.TrimLeft(text, "&?"); !strings.Contains(rest, "=") || strings.Contains(rest, "://") {
		if _, behind, ok := strings.Cut(text, "?"); ok && strings.Contains(behind, "=") && !strings.Contains(behind, "://") {
			c.fail(codeBadURL, "%s is a whole address, and %s takes what is added to one: write &%s", quote(text), c.col.Name, behind)
			return "", false
		}
		c.fail(codeBadURL, "%s is not a part of a URL: write it as &sub1={sub1}&sub2={sub2}", quote(text))
		return "", false
	}
	if !strings.HasPrefix(text, "&") {
		fixed := "&" + strings.TrimLeft(text, "?")
		c.info(codeRepaired, "%s was read as %s", quote(text), fixed)
		text = fixed
	}
	c.checkMacros(text)
	return text, c.checkBraces(text)
}
