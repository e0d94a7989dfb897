package importer

import (
	"fmt"
	"slices"
	"strings"

	"offerlift/internal/sheet"
)

// Orphans counts the rows of child sheets that belong to no offer and were not
// sent, and names them by their sheets: "3 rows of Caps and 1 row of Payouts". At
// are the first of their cells.
func (s *Summary) Orphans() (n int, rows string, at []string) {
	var sheets []string
	count := map[string]int{}
	for _, m := range s.Messages {
		if m.Code != "orphan" || m.Level != sheet.LevelError {
			continue
		}
		if n++; count[m.Sheet] == 0 {
			sheets = append(sheets, m.Sheet)
		}
		if count[m.Sheet]++; len(at) < 6 && m.Cell != "" {
			at = append(at, spotOf(m))
		}
	}
	parts := make([]string, len(sheets))
	for i, name := range sheets {
		parts[i] = fmt.Sprintf("%d rows of %s", count[name], name)
		if count[name] == 1 {
			parts[i] = "1 row of " + name
		}
	}
	if last := len(parts) - 1; last > 0 {
		return n, strings.Join(parts[:last], ", ") + " and " + parts[last], at
	}
	return n, strings.Join(parts, ""), at
}

// spotOf is where a message is, of a workbook without its name.
func spotOf(m sheet.Message) string {
	if m.Spot() == m.Place() {
		m.File = ""
	}
	return m.Spot()
}

// Changed counts the offers that an earlier run made, and whose rows have other
// values by now, which were not sent.
func (s *Summary) Changed() (n int) {
	for _, p := range s.Problems {
		if p.Code == "changed_since" {
			n += p.N
		}
	}
	return n
}

// Missing is the problem of a sheet or a column that is not there: no mending of
// cells helps. Nil where there is none.
func (s *Summary) Missing() *Problem {
	at := slices.IndexFunc(s.Problems, func(p Problem) bool {
		return p.Level == sheet.LevelError && (p.Code == "missing_column" || p.Code == "no_payouts_sheet")
	})
	if at < 0 {
		return nil
	}
	return &s.Problems[at]
}
