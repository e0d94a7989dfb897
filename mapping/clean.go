package mapping

import (
	"strings"
	"unicode"
)

// cleaned is a value as it is meant, with what was taken away from it.
type cleaned struct {
	text                            string
	blanks, invisible, nbsp, quotes bool
	wide                            bool // characters of full width, or digits of another script, were made plain
	around                          bool // quotes around all of it were taken away
	apostrophe                      bool // one before it was, by which spreadsheets mark text
	entities                        bool // &amp; was made &
}

// clean takes from an identifier, a URL or a word what spreadsheets and
// browsers add unseen: blanks around it, no-break spaces, characters without
// width, curly quotes.
func clean(s string) cleaned {
	if plain(s) {
		return cleaned{text: s}
	}
	var c cleaned
	s = strings.Map(func(r rune) rune {
		switch {
		case invisible(r):
			c.invisible = true
			return -1
		case r == '\u00a0' || r == '\u202f' || r == '\u2007':
			c.nbsp = true
			return ' '
		case narrow(r) != r:
			c.wide = true
			return narrow(r)
		case strings.ContainsRune("“”„‟″", r):
			c.quotes = true
			return '"'
		case strings.ContainsRune("‘’‚‛′", r):
			c.quotes = true
			return '\''
		}
		return r
	}, s)
	c.text = strings.TrimSpace(s)
	c.blanks = c.text != s
	if rest, ok := strings.CutPrefix(c.text, "'"); ok && rest != "" && !strings.Contains(rest, "'") {
		c.text, c.apostrophe = strings.TrimSpace(rest), true
	}
	return c
}

// narrow is the plain form of a character that East Asian keyboards write in full
// width, and of the digits and decimal signs of Arabic and Persian ones.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r == '٫':
		return '.'
	case r == '￥':
		return '¥'
	}
	return r
}

// decodeEntities undoes what web pages make of an & in a URL.
func (c *cleaned) decodeEntities() {
	if text := strings.ReplaceAll(c.text, "&amp;", "&"); text != c.text {
		c.text, c.entities = text, true
	}
}

// unquote takes away quotes, or the brackets of mails, around the whole of a value
// in which none can be meant, such as a URL that was copied out of a letter.
func (c *cleaned) unquote() {
	n := len(c.text)
	if n > 2 && c.text[0] == '<' && c.text[n-1] == '>' && strings.Count(c.text, "<") == 1 {
		c.text, c.around = strings.TrimSpace(c.text[1:n-1]), true
		return
	}
	if n > 2 && (c.text[0] == '"' || c.text[0] == '\'') && c.text[n-1] == c.text[0] && strings.Count(c.text, c.text[:1]) == 2 {
		c.text, c.around, c.quotes = strings.TrimSpace(c.text[1:n-1]), true, false
	}
}

// what says what was done, blank for nothing.
func (c cleaned) what() string {
	var did []string
	if c.blanks || c.nbsp {
		did = append(did, "blanks around or no-break spaces in the value were removed")
	}
	if c.invisible {
		did = append(did, "invisible characters were removed")
	}
	if c.wide {
		did = append(did, "characters of full width or of another script were made plain")
	}
	if c.around {
		did = append(did, "quotes or brackets around the value were removed")
	}
	if c.apostrophe {
		did = append(did, "the apostrophe before the value was removed")
	}
	if c.entities {
		did = append(did, "&amp; was made &")
	}
	if c.quotes {
		did = append(did, "curly quotes were made straight")
	}
	return strings.Join(did, "; ")
}

// plain tells whether there is nothing to clean: the common case, told without
// an allocation.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return s == "" || s[0] > ' ' && s[0] != '\'' && s[len(s)-1] > ' '
}

// invisible tells of characters that have no width and no meaning in an
// identifier.
func invisible(r rune) bool {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff', '\u00ad':
		return true
	}
	return r < ' ' && !unicode.IsSpace(r)
}

// blank tells whether a text holds nothing that can be seen.
func blank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && !invisible(r) {
			return false
		}
	}
	return true
}

// fold reduces a name to its letters and digits in small letters, so that
// stopDate, stop_date and "Stop-date *" are one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
