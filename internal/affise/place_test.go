package affise_test

import (
	"testing"

	"offerlift/internal/affise"
)

func TestPlaceOf(t *testing.T) {
	cases := []struct {
		text string
		want affise.Place
		ok   bool
	}{
		{"payments[1][currency]: This value should be a currency", affise.Place{Array: "payments", Part: 1, Column: "currency"}, true},
		{"partner_payments[0][partners][]", affise.Place{Array: "partner_payments", Part: 0, Column: "affiliates"}, true},
		{"targeting[2][os][allow][0][name]: wrong", affise.Place{Array: "targeting", Part: 2, Column: "os_allow"}, true},
		{"targeting[0][sub][allow][3][1]", affise.Place{Array: "targeting", Part: 0, Column: "sub3_allow"}, true},
		{"payments", affise.Place{Array: "payments", Part: -1}, true},
		{"caps[4]", affise.Place{Array: "caps", Part: 4}, true},
		{"stopDate: must be a date", affise.Place{Part: -1, Column: "stop_date"}, true},
		{"schedule[timezone] is not known", affise.Place{Part: -1, Column: "schedule_timezone"}, true},
		{"description_lang[en]: too long", affise.Place{Part: -1, Column: "description_en"}, true},
		{"The title and the status of this offer are wrong", affise.Place{}, false},
		{"400 Bad Request", affise.Place{}, false},
		{"", affise.Place{}, false},
	}
	for _, c := range cases {
		if got, ok := affise.PlaceOf(c.text); got != c.want || ok != c.ok {
			t.Errorf("%q is at %+v %v, want %+v %v", c.text, got, ok, c.want, c.ok)
		}
	}
}
