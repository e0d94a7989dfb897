package sheet

import "testing"

func TestParseArea(t *testing.T) {
	for ref, want := range map[string]string{
		"A1:B2": "A1:B2", "C7": "C7:C7", "$A$1:$AN$13": "A1:AN13", "A:DQ": "A1:DQ1048576", "$A:$B": "A1:B1048576",
		"B": "", "A:B2": "", "1:2": "", ":": "", "": "", "A1:": "", "B2:A1": "", "A0:B1": "",
	} {
		got, err := parseArea([]byte(ref))
		if (err != nil) != (want == "") || err == nil && got.String() != want {
			t.Errorf("%q is read as %v, %v; want %q", ref, got, err, want)
		}
	}
}
