package mapping

import (
	"fmt"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// Refusal tells what an import would say against a text that stands in a column
// of a part; blank where it would be taken. It is for those who write such
// texts elsewhere than in a cell. Files are not looked for.
func Refusal(part *affise.Part, col *affise.Column, text string, opts Options) string {
	if col.Kind == affise.KindFile {
		return ""
	}
	e, err := newEnv(opts)
	if err != nil {
		return "" // that is the options' fault, which [Options.Check] tells
	}
	bind := newBinding(&sheet.Table{}, meaning{part: partIndex(part.Key)})
	bind.add(col.Index, 0)
	bind.finish()
	var told []sheet.Message
	c := cell{env: &e, rec: &record{bind: bind}, col: col, raw: &sheet.Cell{Kind: sheet.Text, Text: text}, field: &field{}, out: &told}
	c.read(text)
	for _, m := range told {
		if m.Level == sheet.LevelError {
			return m.Text
		}
	}
	return ""
}

// UnknownMacro tells why a macro, named without its braces, does not belong into
// a column; blank where the API replaces it there.
func UnknownMacro(col *affise.Column, name string) string {
	allowed := macrosOf(col)
	if isMacro(allowed, name) {
		return ""
	}
	hint := macroMeant(name, allowed)
	if hint != "" {
		hint = didYouMean("{" + hint + "}")
	}
	return fmt.Sprintf("{%s} is not a macro that is replaced in %s, so it is passed on as it stands%s", name, col.Name, hint)
}
