package affise_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestComplaints(t *testing.T) {
	currency := affise.Place{Array: "payments", Part: 0, Column: "currency"}
	cases := []struct {
		text string
		want []affise.Complaint
	}{
		{"payments[0][currency]: Not a currency.; payments[1][os][0]: Not a system.", []affise.Complaint{
			{Text: "Not a currency.", Place: currency, Known: true},
			{Text: "Not a system.", Place: affise.Place{Array: "payments", Part: 1, Column: "os"}, Known: true},
		}},
		{"advertiser: Advertiser 5f not found; it may be closed", []affise.Complaint{
			{Text: "Advertiser 5f not found; it may be closed", Place: affise.Place{Part: -1, Column: "advertiser"}, Known: true},
		}},
		{"The field payments[0][currency] is wrong", []affise.Complaint{{Text: "The field currency is wrong", Place: currency, Known: true}}},
		{"payments[0][colour]: unknown", []affise.Complaint{{Text: "payments[0][colour]: unknown", Place: affise.Place{Array: "payments", Part: 0}, Known: true}}},
		{"400 Bad Request", []affise.Complaint{{Text: "400 Bad Request"}}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, affise.Complaints(c.text)); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}
