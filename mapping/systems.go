package mapping

import (
	"strings"

	"offerlift/internal/sheet"
)

// Operating systems and browsers go by the account's own names, of which there
// is a list. Without an account, the common ones tell misspelt names.

// accountNames are the names that the account takes, by list. It is written by
// New alone.
type accountNames struct {
	fetch func(list string) []string // nil: there is no account to ask
	lists map[string][]string
}

// note fetches the lists of the columns that a row fills, each once.
func (x *accountNames) note(b *binding, row sheet.Row) {
	if x.fetch == nil {
		return
	}
	for _, place := range b.listed {
		list := b.columns[place].col.Values
		if _, there := x.lists[list]; !there && row.Cell(b.columns[place].from).Kind != sheet.Blank {
			x.lists[list] = x.fetch(list)
		}
	}
}

// commonNames are those that every account has, so that a name near to one of
// them is misspelt.
func commonNames(list string) []string {
	if list == "browsers" {
		return []string{"Chrome", "Firefox", "Safari", "Edge", "Opera", "Internet Explorer", "Samsung Browser", "UC Browser", "Android Browser", "Chrome Mobile", "Mobile Safari", "Opera Mini", "Yandex Browser"}
	}
	return []string{"Android", "iOS", "Windows", "Mac OS X", "macOS", "OS X", "Linux", "Chrome OS", "Windows Phone", "Windows Mobile", "BlackBerry OS", "Symbian", "Tizen", "KaiOS", "HarmonyOS", "Ubuntu", "iPadOS"}
}

// listed is a name as the account has it. Without an account every name is taken,
// and a misspelt one is warned of.
func (c *cell) listed(name string) (string, bool) {
	if c.col.Values == "" || name == "" {
		return name, true
	}
	if Meant("device", name) == "*" || Meant("os", name) == "*" {
		c.fail(codeNotAllowed, "%s is not taken in %s: clear the cell where every one is meant", quote(name), c.col.Name)
		return "", false
	}
	names := c.env.account.lists[c.col.Values]
	if len(names) == 0 {
		c.warnMisspelt(name)
		return name, true
	}
	for _, one := range names {
		if strings.EqualFold(one, name) {
			if one != name {
				c.info(codeRepaired, "%s was read as %s, as the account writes it", quote(name), one)
			}
			return one, true
		}
	}
	c.fail(codeNotAllowed, "%s is not %s of the account: it takes %s%s", quote(name), oneOfList(c.col.Values), someOf(names), didYouMean(systemMeant(name, names)))
	return "", false
}

func (c *cell) warnMisspelt(name string) {
	names := commonNames(c.col.Values)
	for _, one := range names {
		if strings.EqualFold(one, name) {
			return
		}
	}
	if near := systemMeant(name, names); near != "" {
		c.warn(codeDoubtfulName, "%s is not a common name of %s%s", quote(name), oneOfList(c.col.Values), didYouMean(near))
	}
}

func oneOfList(list string) string {
	if list == "browsers" {
		return "a browser"
	}
	return "an operating system"
}

// someOf lists names, cut where they are many.
func someOf(names []string) string {
	const most = 8
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " …"
	}
	return orList(names)
}

// systemMeant is the name of a list that a word may stand for: by its meaning,
// else by its letters.
func systemMeant(word string, names []string) string {
	if meaning := Meant("os", word); meaning != "" {
		for _, name := range names {
			if strings.HasPrefix(fold(name), fold(meaning)) { // macOS, Mac OS X
				return name
			}
		}
	}
	return nearest(word, names)
}
