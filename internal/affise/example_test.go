package affise_test

import (
	"fmt"
	"net/url"

	"offerlift/internal/affise"
)

func ExampleAppendForm() {
	payout := func(total, revenue string, countries ...string) affise.Value {
		return affise.Map(
			affise.Field{Key: "total", Value: affise.Text(total)}, // the advertiser pays
			affise.Field{Key: "revenue", Value: affise.Text(revenue)},
			affise.Field{Key: "countries", Value: affise.Texts(countries...)})
	}
	var body affise.Value
	body.Set(affise.Text("Summer & Games"), "title")
	body.Append("payments", payout("2.00", "1.40", "US", "CA"))
	body.Append("payments", payout("1.00", "0.70", "DE"))

	form := string(affise.AppendForm(nil, body))
	fmt.Println(form[:20])
	readable, _ := url.QueryUnescape(form[len("title=Summer+%26+Games&"):])
	fmt.Println(readable)
	// Output:
	// title=Summer+%26+Gam
	// payments[0][total]=2.00&payments[0][revenue]=1.40&payments[0][countries][]=US&payments[0][countries][]=CA&payments[1][total]=1.00&payments[1][revenue]=0.70&payments[1][countries][]=DE
}
