package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A mark on white text is dark, so that the text can be read, and a later report
// takes it away like any other.
func TestMarksOnLightText(t *testing.T) {
	for color, light := range map[string]bool{`rgb="FFFFFFFF"`: true, `theme="0"`: true, `indexed="9"`: true, `rgb="FFE7E6E6"`: true,
		`theme="1"`: false, `rgb="FF1F4E78"`: false, `rgb="FF808080"`: false, `auto="1"`: false, `indexed="64"`: false} {
		raw := strings.Replace(fmt.Sprintf(emptyStyles, transitional().main), `<sz val="11"/>`, `<sz val="11"/><color `+color+`/>`, 1)
		raw = strings.Replace(raw, `<fill><patternFill patternType="gray125"/></fill>`, `<fill><patternFill patternType="solid"><fgColor rgb="FF2E75B6"/><bgColor indexed="64"/></patternFill></fill>`, 1)
		raw = strings.Replace(raw, `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, `<xf numFmtId="0" fontId="0" fillId="1" borderId="0" xfId="0"/>`, 1)
		b, err := parseStyles([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		for lv, want := range map[level]string{levelError: fillError, levelWarning: fillWarning} {
			if light {
				want = map[level]string{levelError: fillErrorDark, levelWarning: fillWarningDark}[lv]
			}
			if got := fillOfStyle(b, b.marked(0, lv)); got != `rgb="`+want+`"` {
				t.Errorf("%s, %d: %s, want %s", color, lv, got, want)
			}
		}
		marked := b.marked(0, levelError)
		var out bytes.Buffer
		if err := b.write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := parseStyles(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got := fillOfStyle(again, again.clean(marked)); got != `rgb="FF2E75B6"` {
			t.Errorf("%s: cleaned to %s", color, got)
		}
	}
}

// fillOfStyle is the colour of a style's fill.
func fillOfStyle(b *styleBook, style int) string {
	i, _ := intAttr(firstTag(b.xf(style)), "fillId")
	return solidColour(b.lists["fills"].items[i], "fgColor")
}
