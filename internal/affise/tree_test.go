package affise_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"offerlift/internal/affise"
)

// drawOffer makes any valid offer, from the schema's columns alone.
func drawOffer(t *rapid.T) affise.Value {
	var body affise.Value
	for _, p := range affise.Parts() {
		if p.Key == "" {
			drawRow(t, &body, p, "")
			continue
		}
		for range rapid.IntRange(0, 3).Draw(t, "rows") {
			drawPart(t, &body, p)
		}
	}
	for range rapid.SampledFrom([]int{1, 1, 2, 5, 11, 30}).Draw(t, "payouts") {
		if body.Leaves() < 800 {
			drawPart(t, &body, affise.Parts()[1])
		}
	}
	if _, ok := body.Get("payments"); !ok {
		body.Append("payments", general(t))
	}
	return body
}

func general(t *rapid.T) affise.Value {
	var row affise.Value
	drawRow(t, &row, affise.Parts()[1], "payments")
	return row
}

func drawPart(t *rapid.T, body *affise.Value, p affise.Part) {
	key := p.Key
	if key == "payments" && rapid.Bool().Draw(t, "personal") {
		key = affise.Personal
	}
	var row affise.Value
	drawRow(t, &row, p, key)
	if len(row.Fields()) > 0 && body.Leaves()+row.Leaves() < affise.MaxVariables {
		body.Append(key, row)
	}
}

// drawRow sets about every fifth column of a part.
func drawRow(t *rapid.T, row *affise.Value, p affise.Part, key string) {
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Key == "" || c.Kind == affise.KindFile || c.Name == "id" && p.Key != "" {
			continue
		}
		isPartners := c.Key == "partners[]"
		wanted := c.Required || c.Name == "external_offer_id" || isPartners && key == affise.Personal
		if isPartners && key != affise.Personal || !wanted && rapid.IntRange(0, 4).Draw(t, "sent") > 0 {
			continue
		}
		row.Set(drawColumn(t, c), c.Path...)
	}
	mend(row, p)
}

// mend makes what spans several columns valid.
func mend(row *affise.Value, p affise.Part) {
	text := func(key string) string { v, _ := row.Get(key); return v.Str() }
	for _, exact := range []struct{ part, kind, list, one string }{
		{"caps", "goal_type", "goals", "1"}, {"caps", "affiliate_type", "affiliates", "71"}, {"caps", "country_type", "country", "US"},
		{"commission_tiers", "affiliate_type", "affiliates", "71"},
	} {
		if _, listed := row.Get(exact.list); p.Key == exact.part && (listed || text(exact.kind) == "exact") {
			row.Set(affise.Text("exact"), exact.kind)
			row.Set(affise.Texts(exact.one), exact.list)
		}
	}
	if p.Key == "caps" {
		row.Set(affise.Text("12.50"), "value")
		row.Set(affise.Text("budget"), "type")
	}
	if _, ok := row.Get("baseline_value"); ok {
		row.Set(affise.Text("baseline_onetime"), "type")
	}
	if text("cross_postback_method") == "post" {
		row.Set(affise.Text("a={clickid}"), "cross_postback_body")
	}
}

func drawColumn(t *rapid.T, c *affise.Column) affise.Value {
	if !c.List {
		return drawOne(t, c)
	}
	most := 4
	if n, err := strconv.Atoi(c.Max); err == nil {
		most = min(most, n)
	}
	var items []affise.Value
	for range rapid.IntRange(1, most).Draw(t, "items") {
		items = append(items, drawOne(t, c))
	}
	return affise.List(items...)
}

func pick(t *rapid.T, from ...string) string { return rapid.SampledFrom(from).Draw(t, "of") }

// nasty is a text with everything that an encoder may trip over, and never
// blank.
func nasty(t *rapid.T) string {
	bits := rapid.SliceOfN(rapid.SampledFrom([]string{
		"&", "=", "+", "%", "%41", "[", "]", "[]", "[0]", "\r\n", "\n", "\t", " ", "  ", "\"", "'", "\\", "/", "<b>", ";", ",", "#", "?",
		"ü", "日本", "🎮", "\u202e", "\u2028", "a", "Z", "0", "--boundary", "\x01", "\x7f", "é", "_", ".", "*", "-", "~", "{clickid}",
	}), 0, 8).Draw(t, "text")
	text := strings.Join(bits, "")
	if strings.Trim(text, " \t\r\n,") == "" {
		return text + "x"
	}
	return text
}

func drawOne(t *rapid.T, c *affise.Column) affise.Value {
	number := func(low, high int) string { return strconv.Itoa(rapid.IntRange(low, high).Draw(t, "n")) }
	country := func() string { return pick(t, "US", "DE", "GB", "FR", "BR") }
	switch c.Kind {
	case affise.KindText:
		if strings.HasPrefix(c.Name, "os") || c.Key == "os[]" {
			return affise.Text(pick(t, "Android", "iOS", "Mac OS X"))
		}
		if c.Name == "managers" || c.Name == "domain_url" {
			return affise.Text(number(1, 4))
		}
		if c.Key == "creativeUrls[]" || c.Key == "creativeDownloads[]" {
			return affise.Text("https://c.example.com/" + number(1, 99))
		}
		return affise.Text(nasty(t))
	case affise.KindEnum:
		return affise.Text(pick(t, c.Allowed...))
	case affise.KindInt:
		low, _ := strconv.Atoi(c.Min)
		high, _ := strconv.Atoi(c.Max)
		return affise.Text(number(low, high))
	case affise.KindID:
		return affise.Text(number(1, 1<<31))
	case affise.KindID24:
		return affise.Text(pick(t, "573c69a33b7d9b0e638b4576", "573c69a33b7d9b0e638b4577"))
	case affise.KindMoney:
		return affise.Text(pick(t, "0", "0.05", "1.40", "2.00", "10", "007.5", "12345678901234567890.123456789"))
	case affise.KindFlag:
		return affise.Text(number(0, 1))
	case affise.KindTrueFalse:
		return affise.Text(pick(t, "true", "false"))
	case affise.KindDate:
		return affise.Text(time.Now().AddDate(0, 0, rapid.IntRange(2, 999).Draw(t, "days")).Format(time.DateOnly))
	case affise.KindMoment:
		return affise.Text(time.Now().AddDate(0, 0, rapid.IntRange(2, 999).Draw(t, "days")).Format(pick(t, time.DateOnly, time.DateTime)))
	case affise.KindSpan:
		return affise.Text(pick(t, "1y", "30d", "1y2m3w4d5h6i7s", "0s", "10s"))
	case affise.KindZone:
		return affise.Text(pick(t, "Europe/Berlin", "UTC", "America/New_York"))
	case affise.KindCountry:
		return affise.Text(country())
	case affise.KindCurrency:
		return affise.Text(pick(t, "USD", "EUR"))
	case affise.KindURL:
		return affise.Text(pick(t, "{sub1}", "https://a.example.com/?c={clickid}&p=%20+[x]#f", "https://b.example.com/ü"))
	case affise.KindQuery:
		return affise.Text(pick(t, "&sub1={IP}", "?a=b&c[]=d"))
	case affise.KindIP:
		return affise.Text(pick(t, "192.0.2.1", "192.0.2.1-192.0.2.9", "192.0.2.0/24", "2001:db8::/32"))
	case affise.KindIPs:
		return affise.Text(pick(t, "192.0.2.1", "192.0.2.1\n192.0.2.0/24", "192.0.2.1\r\n2001:db8::1"))
	case affise.KindSubValues:
		return affise.Text(pick(t, "a,b", "x_1,{z}", "one"))
	case affise.KindJSON:
		return affise.Text(pick(t, `{"aaa":0}`, `{"a":1,"b&c=+%":2}`))
	}
	return drawTree(t, c, number, country)
}

func drawTree(t *rapid.T, c *affise.Column, number func(low, high int) string, country func() string) affise.Value {
	field := func(key, text string) affise.Field { return affise.Field{Key: key, Value: affise.Text(text)} }
	one := func() affise.Value {
		switch c.Kind {
		case affise.KindVersions:
			name := pick(t, "Android", "iOS")
			if rapid.Bool().Draw(t, "bare") {
				return affise.Map(field("name", name))
			}
			return affise.Map(field("name", name), field("comparison", pick(t, "LT", "LTE", "EQ", "GT", "GTE")), field("version", pick(t, "6.0", "13")))
		case affise.KindSubGroups:
			return affise.Map(field("1", nasty(t)), field(number(2, 8), pick(t, "", "b")))
		case affise.KindWeighted:
			row := affise.Map(field("url", "https://a.example.com/"+number(1, 9)), field("weight", number(0, 100)))
			if c.Name == "urls" && rapid.Bool().Draw(t, "spt") {
				row.Set(affise.Text("https://spt.example.com"), "spt_url")
			}
			return row
		case affise.KindOSes:
			row := affise.Map(field("os", pick(t, "Android", "iOS")))
			if rapid.Bool().Draw(t, "versions") {
				row.Set(affise.Texts(">=10", "<14"), "versions")
			}
			return row
		case affise.KindISPs:
			return affise.Map(field("country", country()), field("name", nasty(t)))
		case affise.KindCreatives:
			return affise.Map(field("file_name", "banner"+number(1, 9)+".png"), field("width", "300"), field("height", "250"))
		}
		panic(fmt.Sprintf("no values for the kind %q of column %s", c.Kind, c.Name))
	}
	switch c.Kind {
	case affise.KindIDsByCountry, affise.KindNamesByCountry:
		var v affise.Value
		for range rapid.IntRange(1, 3).Draw(t, "countries") {
			text := number(1, 9999)
			if c.Kind == affise.KindNamesByCountry {
				text = nasty(t)
			}
			v.Append(country(), affise.Text(text))
		}
		return v
	case affise.KindIntervals:
		var v affise.Value
		for range rapid.IntRange(1, 4).Draw(t, "intervals") {
			v.Append(number(0, 6), affise.Map(field("From", number(0, 11)), field("To", number(12, 23))))
		}
		return v
	}
	var rows []affise.Value
	for range rapid.IntRange(1, 12).Draw(t, "rows") {
		rows = append(rows, one())
	}
	return affise.List(rows...)
}

// typical is an offer as most are: three payouts, two caps, a target group and
// a landing.
func typical(key string) affise.Value {
	field := func(key, text string) affise.Field { return affise.Field{Key: key, Value: affise.Text(text)} }
	list := func(key string, items ...string) affise.Field {
		return affise.Field{Key: key, Value: affise.Texts(items...)}
	}
	payout := func(title, total, revenue string, more ...affise.Field) affise.Value {
		return affise.Map(append([]affise.Field{field("title", title), field("goal", title), field("type", "fixed"), field("currency", "USD"),
			field("total", total), field("revenue", revenue), list("countries", "US", "CA"), list("devices", "mobile", "tablet")}, more...)...)
	}
	return affise.Map(
		field("external_offer_id", key), field("title", "Summer Games US – iOS & Android"),
		field("advertiser", "573c69a33b7d9b0e638b4576"), field("url", "https://track.example.com/click?c={clickid}&a={pid}&s={sub1}"),
		field("url_preview", "https://www.example.com/games/summer"), field("status", "active"), field("privacy", "protected"), field("is_top", "1"),
		list("categories", "5368a3973b7d9b89058b4501"), list("tags", "q3", "games"),
		affise.Field{Key: "description_lang", Value: affise.Map(field("en", "No incentives, no adult traffic.\nCaps are daily."))},
		affise.Field{Key: "kpi", Value: affise.Map(field("en", "CR above 2 %"))},
		field("stopDate", time.Now().AddDate(1, 0, 0).Format(time.DateOnly)), field("hold_period", "30"), field("click_session", "30d"), field("uniqIpOnly", "1"),
		affise.Field{Key: "payments", Value: affise.List(payout("install", "2.00", "1.40"), payout("purchase", "10", "7.25"))},
		affise.Field{Key: "partner_payments", Value: affise.List(payout("install", "2.20", "1.60", list("partners", "71", "500")))},
		affise.Field{Key: "caps", Value: affise.List(
			affise.Map(field("period", "day"), field("type", "conversions"), field("value", "100"), field("goal_type", "exact"), list("goals", "install")),
			affise.Map(field("period", "month"), field("type", "budget"), field("value", "900.50")))},
		affise.Field{Key: "targeting", Value: affise.List(affise.Map(
			affise.Field{Key: "country", Value: affise.Map(list("allow", "US", "CA"))},
			affise.Field{Key: "os", Value: affise.Map(affise.Field{Key: "allow", Value: affise.List(
				affise.Map(field("name", "iOS"), field("comparison", "GTE"), field("version", "13")), affise.Map(field("name", "Android")))})},
			affise.Field{Key: "sub", Value: affise.Map(affise.Field{Key: "deny", Value: affise.Map(list("1", "bad", "worse"))})}))},
		affise.Field{Key: "landings", Value: affise.List(affise.Map(field("title", "Main"), field("url", "https://track.example.com/lp?c={clickid}"),
			field("url_preview", "https://www.example.com/lp")))},
	)
}

func BenchmarkEncode(b *testing.B) {
	body := typical("summer-01")
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		var form []byte
		for b.Loop() {
			form = affise.AppendForm(form[:0], body)
		}
		b.SetBytes(int64(len(form)))
		b.ReportMetric(float64(body.Leaves()), "values/op")
	})
	b.Run("body", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := affise.Encode(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}
