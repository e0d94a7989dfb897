package templates

import (
	"fmt"
	"strings"

	"offerlift/internal/affise"
)

// Reference is the page of the docs that lists every sheet and column, in
// Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString("# Every sheet and column\n\n")
	b.WriteString("Made from the schema by `go test ./templates -update`; do not edit it by hand.\n")
	b.WriteString("How cells are filled in general (lists, dates, money, clearing): [workbook.md](workbook.md).\n\n")
	b.WriteString("Sheet and column names match without regard to case, blanks and punctuation. **Required** is\n")
	b.WriteString("what a new offer, payout, cap … cannot do without; an update sends only what is filled.\n")
	b.WriteString("`total` is what the advertiser pays you, `revenue` is what the affiliate gets.\n")
	for _, part := range affise.Parts() {
		writePart(&b, part)
	}
	return b.String()
}

func writePart(b *strings.Builder, part affise.Part) {
	fmt.Fprintf(b, "\n## %s\n\n", part.Sheet)
	fmt.Fprintf(b, "Also read as: %s.", strings.Join(part.Also, ", "))
	if part.Prefix != "" {
		fmt.Fprintf(b, " In a flat file its columns begin with `%s_`, further ones with `%s_2_`: `%[1]s_%[3]s`, `%[1]s_2_%[3]s`.",
			part.Prefix, part.Prefix, flatExample(part))
	}
	b.WriteString("\n")
	group := ""
	for i, c := range part.Columns {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(b, "\n### %s\n", group)
		}
		if i == 0 || part.Columns[i-1].Group != c.Group {
			b.WriteString("\n| column | what it is | what a cell holds | sent as | also read as |\n|---|---|---|---|---|\n")
		}
		writeColumn(b, c)
	}
}

// flatExample is the first column that a row must have.
func flatExample(part affise.Part) string {
	for _, c := range part.Columns {
		if c.Required {
			return c.Name
		}
	}
	return part.Columns[1].Name
}

func writeColumn(b *strings.Builder, c affise.Column) {
	name := "`" + c.Name + "`"
	if c.Required {
		name += " **required**"
	}
	fills := sentence(holds(c))
	if c.Default != "" {
		fills += " If blank: " + c.Default + "."
	}
	if c.Example != "" {
		fills += " Example: `" + c.Example + "`"
	}
	sent := "not sent"
	if c.Key != "" {
		sent = "`" + c.Key + "`"
	}
	cells := []string{name, sentence(c.Help), fills, sent, strings.Join(c.Also, ", ")}
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}
