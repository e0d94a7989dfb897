package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// readCell reads one cell of a part's column. It returns the value as JSON,
// blank where nothing is sent.
func readCell(t testing.TB, part, name string, raw sheet.Cell, opts Options) (string, field, []sheet.Message) {
	t.Helper()
	return cellReader(t, part, name, opts)(raw)
}

// cellReader reads cells of a part's column as they stand below each other.
func cellReader(t testing.TB, part, name string, opts Options) func(raw sheet.Cell) (string, field, []sheet.Message) {
	t.Helper()
	if opts.Now == nil {
		opts.Now = noon
	}
	e, err := newEnv(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.files.close)
	col := column(part, name)
	bind := newBinding(&sheet.Table{File: "x.csv", Sheet: "x", Path: "testdata/x.csv"}, meaning{part: partIndex(part)})
	bind.add(col.Index, 1)
	bind.finish()
	var above seen
	return func(raw sheet.Cell) (string, field, []sheet.Message) {
		var out []sheet.Message
		var f field
		c := cell{env: &e, rec: &record{bind: bind, row: 7}, col: col, raw: &raw, field: &f, out: &out}
		value := c.readBelow(&above, raw.Text)
		if !c.isSent(value) {
			return "", f, out
		}
		b, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return string(b), f, out
	}
}

func text(s string) sheet.Cell { return sheet.Cell{Kind: sheet.Text, Text: s} }

func number(s, format string) sheet.Cell {
	return sheet.Cell{Kind: sheet.Number, Text: s, Format: format}
}

// kindCase is a cell's text, and what comes of it: a value as JSON, or the
// code and a part of the text of the message that tells why not.
type kindCase struct {
	part, column, text string
	want               string // JSON; blank: an error
	say                string // "code text" of a message that must be there; blank: none may be
}

func runKinds(t *testing.T, opts Options, cases []kindCase) {
	t.Helper()
	for _, k := range cases {
		t.Run(k.column+"="+k.text, func(t *testing.T) {
			got, f, messages := readCell(t, k.part, k.column, text(k.text), opts)
			if got != k.want {
				t.Errorf("value %s, want %s", got, k.want)
			}
			if (f.state == wrong) != hasError(messages) {
				t.Errorf("the state is %d, and the messages are %v", f.state, messages)
			}
			checkSaid(t, k.say, messages)
		})
	}
}

func hasError(messages []sheet.Message) bool { return !Offer{Messages: messages}.Valid() }

func checkSaid(t *testing.T, say string, messages []sheet.Message) {
	t.Helper()
	if say == "" {
		if len(messages) > 0 {
			t.Errorf("said %v, want nothing", messages)
		}
		return
	}
	code, part, _ := strings.Cut(say, " ")
	for _, m := range messages {
		if m.Code == code && strings.Contains(m.Text, part) {
			if m.Cell != "B7" {
				t.Errorf("the cell is %s, want B7", m.Cell)
			}
			return
		}
	}
	t.Errorf("said %v, want %s", messages, say)
}

func TestWords(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "status", "active", `"active"`, ""},
		{"", "status", "Active", `"active"`, ""},
		{"", "status", " active ", `"active"`, "repaired blanks"},
		{"", "status", "actve", "", "not_allowed `actve` is not a status: stopped, active or suspended. Did you mean active?"},
		{"", "status", "zzz", "", "not_allowed `zzz` is not a status: stopped, active or suspended"},
		{"", "redirect_type", "HTTP 302", `"http302"`, ""},
		{"caps", "period", "daily", `"day"`, ""},
		{"caps", "period", "lifetime", `"all"`, ""},
		{"caps", "period", "week", "", "not_allowed"},
		{"commission_tiers", "modifier_payment_type", "total", `"total"`, ""},
		{"targeting", "device_type", "mobile; Smartphone | tablet\nTV", `["mobile","mobile","tablet","tv"]`, ""},
		{"targeting", "device_type", "mobile, desktp", "", "not_allowed `desktp` is not taken in device_type"},
		{"targeting", "connection", "WiFi", `["wi-fi"]`, ""},
		{"", "tags", `q3, "games, casual"; x|y`, `["q3","games, casual","x","y"]`, ""},
		{"", "tags", `"a ""b"" c", 5" screen`, `["a \"b\" c","5\" screen"]`, ""},
		{"", "tags", ", ;", "", "bad_list `, ;` holds no value"},
		{"", "tags", "[]", `[""]`, ""},
		{"", "notes", "[]", `""`, ""},
		{"", "notes", "  two  blanks  ", `"  two  blanks  "`, ""},
		{"", "notes", "\u00a0 \u200b", "", ""},
		{"", "title", "“Quoted”\u00a0title", "\"“Quoted”\u00a0title\"", ""},
		{"", "title", strings.Repeat("ж", 256), "", "too_long 256 characters, at most 255"},
		{"", "bundle_id", "com.example.app\u200b\u00a0", `"com.example.app"`, "repaired invisible characters were removed"},
		{"", "managers", "1,2,3,4,5,6,7,8,9,10,11", "", "too_many managers has 11 values, at most 10"},
		{"", "sub_account_1", "abc, d_e", `"abc,d_e"`, ""},
		{"", "sub_account_1", "a&b", "", "bad_character `&`"},
		{"", "cross_postback_body", "a={clickid}&s={sum}", `"a={clickid}\u0026s={sum}"`, ""},
		{"", "cross_postback_body", "a={clikid}", `"a={clikid}"`, "unknown_macro Did you mean {clickid}?"},
		{"creativesHtml", "asset_mapping", `{"aaa":0}`, `"{\"aaa\":0}"`, ""},
		{"creativesHtml", "asset_mapping", `{“aaa”:0}`, "", "bad_json straight quotes"},
		{"payments", "currency", "usd", `"USD"`, ""},
		{"payments", "currency", "€", `"EUR"`, "repaired"},
		{"payments", "currency", "US Dolar", "", "bad_currency three letters"},
		{"payments", "currency", "UDS", "", "bad_currency Did you mean USD?"},
		{"payments", "currency", "XXX", "", "bad_currency"},
	})
}

func TestFlags(t *testing.T) {
	var cases []kindCase
	for _, yes := range []string{"1", "yes", "Yes", "TRUE", "on", "да", "y", "Ja", "enabled", "ИСТИНА", "WAHR"} {
		cases = append(cases, kindCase{"", "is_top", yes, `"1"`, ""})
	}
	for _, no := range []string{"0", "no", "FALSE", "Off", "нет", "n", "nein", "disabled", "ЛОЖЬ", "FALSCH"} {
		cases = append(cases, kindCase{"", "is_top", no, `"0"`, ""})
	}
	runKinds(t, Options{}, append(cases,
		kindCase{"", "is_top", "maybe", "", "bad_flag `maybe` is neither yes nor no"},
		kindCase{"", "is_top", "2", "", "bad_flag"},
		kindCase{"", "consider_personal_targeting_only", "yes", `"true"`, ""},
		kindCase{"", "consider_personal_targeting_only", "0", `"false"`, ""},
	))
}

func TestNumbers(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "hold_period", "30", `"30"`, ""},
		{"", "hold_period", "007", `"7"`, ""},
		{"", "hold_period", "61", "", "out_of_range 61 is above 60, the most that hold_period takes"},
		{"", "hold_period", "-1", "", "out_of_range -1 is below 0"},
		{"", "hold_period", "1.5", "", "bad_number"},
		{"", "hold_period", "ten", "", "bad_number `ten` is not a whole number"},
		{"", "notice_percent_overcap", "80%", `"80"`, ""},
		{"", "advertiser", "573C69A33B7D9B0E638B4576", `"573c69a33b7d9b0e638b4576"`, ""},
		{"", "advertiser", "Acme", "", "unknown_name `Acme` is a name: import looks it up"},
		{"", "advertiser", "12", "", "bad_id `12` is not an id of 24 characters"},
		{"", "categories", anAdvertiser + ", Games", "", "unknown_name `Games`"},
		{"payments", "affiliates", "17; 18", `["17","18"]`, ""},
		{"payments", "affiliates", "17, Bob", "", "unknown_name `Bob` is a name"},
		{"payments", "affiliates", "1.23457E+17", "", "lost_digits"},
		{"", "external_offer_id", "1,23457E+17", "", "lost_digits"},
		{"", "external_offer_id", "123456789012345000", `"123456789012345000"`, "lost_digits after its 15th digit"},
		{"", "external_offer_id", "1e5", `"1e5"`, ""},
	})
}

func TestMoney(t *testing.T) {
	cases := []kindCase{
		{"payments", "total", "1.40", `"1.40"`, ""},
		{"payments", "total", "1,40", `"1.40"`, ""},
		{"payments", "total", "0.125", `"0.125"`, ""},
		{"payments", "total", "0,125", `"0.125"`, ""},
		{"payments", "total", ".5", `"0.5"`, ""},
		{"payments", "total", "1 234,50", `"1234.50"`, ""},
		{"payments", "total", "1\u00a0234,50", `"1234.50"`, ""},
		{"payments", "total", "1'234.50", `"1234.50"`, ""},
		{"payments", "total", "1.234,50", `"1234.50"`, ""},
		{"payments", "total", "1,234,567", `"1234567"`, ""},
		{"payments", "total", "1,00,000", `"100000"`, ""},
		{"payments", "total", "₹12,34,567.50", `"1234567.50"`, ""},
		{"payments", "total", "1,00,00", "", "bad_amount"},
		{"payments", "total", "1,234,56,789", "", "bad_amount"},
		{"payments", "total", "$1,234.50", `"1234.50"`, ""},
		{"payments", "total", "5 EUR", `"5"`, ""},
		{"payments", "total", "15.5%", `"15.5"`, ""},
		{"payments", "total", "0.1000000000000000055511151231257827", `"0.1000000000000000055511151231257827"`, ""},
		{"payments", "total", "1,234", "", "ambiguous_number `1,234` can be 1.234 or 1234"},
		{"payments", "total", "1.234", "", "ambiguous_number `1.234` can be 1.234 or 1234"},
		{"payments", "total", "-5", "", "out_of_range -5 is below 0"},
		{"commission_tiers", "modifier_value", "-5", `"-5"`, ""},
	}
	for text, alone := range map[string]string{"R$12,50": "12.50", "12元": "12", "900.-": "900", "kr 25,-": "25", "CHF 12.–": "12", "CHF 5'000.-": "5000", "1 000 stk": "1000", "35k₫": "35000", "$5$": "5"} {
		cases = append(cases, kindCase{"payments", "total", text, "", "bad_amount write " + alone})
	}
	cases = append(cases,
		kindCase{"payments", "total", "１２．５", `"12.5"`, "repaired characters of full width"},
		kindCase{"payments", "total", "١٢٫٥", `"12.5"`, "repaired characters of full width or of another script"},
		kindCase{"payments", "total", "1,200円", "", "bad_amount `1,200` can be 1.200 or 1200: write 1.2 or 1200"},
		kindCase{"payments", "total", "max. 100", "", "bad_amount it says no certain amount; write what is paid"},
		kindCase{"caps", "value", "max. 100", "", "bad_amount write 100 alone"},
		kindCase{"caps", "value", "ca. 100", "", "bad_amount it says no certain amount; write one number"},
		kindCase{"", "hold_period", "30 days", "", "bad_number write 30 alone"},
		kindCase{"", "hold_period", "1 month", "", "bad_number write how many days that is"},
		kindCase{"", "hold_period", "48 hours", "", "bad_number write 48 alone, and hours into hold_type"},
	)
	for _, bad := range []string{"1e3", "NaN", "Inf", "five", "1.2.3", "1,2,3", "12,34.5", "1 2", "$", "0x1F", "1_000", "--5", "."} {
		cases = append(cases, kindCase{"payments", "total", bad, "", "bad_amount is not an amount: write it as 1234.50"})
	}
	runKinds(t, Options{}, cases)
	runKinds(t, Options{Decimal: ','}, []kindCase{
		{"payments", "total", "1,234", `"1.234"`, ""},
		{"payments", "total", "1.234", `"1234"`, ""},
		{"payments", "total", "1.40", `"1.40"`, ""},
	})
	runKinds(t, Options{Decimal: '.'}, []kindCase{
		{"payments", "total", "1,234", `"1234"`, ""},
		{"payments", "total", "1.234", `"1.234"`, ""},
	})
}

func TestDates(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "stop_date", "2030-12-31", `"2030-12-31"`, ""},
		{"", "stop_date", "2030-12-31 00:00:00", `"2030-12-31"`, ""},
		{"", "stop_date", "2030-12-31 18:00", `"2030-12-31"`, "time_dropped 18:00:00 was left out"},
		{"", "stop_date", "2030/12/31", `"2030-12-31"`, ""},
		{"", "stop_date", "31.12.2030", `"2030-12-31"`, "repaired `31.12.2030` was read as 2030-12-31"},
		{"", "stop_date", "12/31/2030", `"2030-12-31"`, "repaired"},
		{"", "stop_date", "04/04/2030", `"2030-04-04"`, "repaired"},
		{"", "stop_date", "4 Mar 2030", `"2030-03-04"`, "repaired"},
		{"", "stop_date", "March 4, 2030", `"2030-03-04"`, "repaired"},
		{"", "stop_date", "03/04/2030", "", "ambiguous_date `03/04/2030` can be 2030-04-03 or 2030-03-04"},
		{"", "stop_date", "03.04.2030", "", "ambiguous_date --date-format DD.MM.YYYY or MM.DD.YYYY"},
		{"", "stop_date", "31.02.2030", "", "bad_date is not a day of the calendar"},
		{"", "stop_date", "2030-02-31", "", "bad_date `2030-02-31` is not a day of the calendar"},
		{"", "stop_date", "31.12.30", "", "bad_date two digits"},
		{"", "stop_date", "2030年12月1日", "", "bad_date write it as 2030-12-01"},
		{"", "stop_date", "31. des 2030", "", "bad_date write it as 2030-12-31"},
		{"", "stop_date", "1 Ağustos 2030", "", "bad_date write it as 2030-08-01"},
		{"", "start_at", "ASAP", "", "bad_date clear the cell to start at once"},
		{"", "stop_date", "soon", "", "bad_date `soon` is not a date: write it as year-month-day, such as 2030-12-31, or clear the cell"},
		{"", "stop_date", "[]", `""`, ""},
		{"", "start_at", "2030-06-01", `"2030-06-01"`, ""},
		{"", "start_at", "2030-06-01T18:30", `"2030-06-01 18:30:00"`, ""},
		{"", "start_at", "25/12/2030 18:30", `"2030-12-25 18:30:00"`, "repaired"},
		{"", "start_at", "2030-06-01T18:30:00+02:00", "", "bad_date leave the zone out, and write 2030-06-01 18:30:00"},
	})
	runKinds(t, Options{DateFormat: "DD/MM/YYYY"}, []kindCase{
		{"", "stop_date", "03/04/2030", `"2030-04-03"`, ""},
		{"", "stop_date", "3/4/2030", `"2030-04-03"`, ""},
		{"", "stop_date", "2030-04-03", `"2030-04-03"`, ""},
		{"", "stop_date", "12/31/2030", "", "bad_date is not a date in the format DD/MM/YYYY"},
		{"", "start_at", "03/04/2030 18:00", `"2030-04-03 18:00:00"`, ""},
	})
	runKinds(t, Options{DateFormat: "MM-DD-YY HH:MM"}, []kindCase{
		{"", "start_at", "03-04-30 18:45", `"2030-03-04 18:45:00"`, ""},
	})
}

func TestDateFormats(t *testing.T) {
	for _, bad := range []string{"DD.MM", "hello", "DD.DD.YYYY", "YYYY", "2006-01-02"} {
		if _, err := dateLayouts(bad); err == nil || !strings.Contains(err.Error(), "DD.MM.YYYY") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, good := range []string{"DD.MM.YYYY", "d/m/yyyy", "MM/DD/YYYY HH:MM:SS", "DD MMM YYYY", "YYYY-MM-DDTHH:mm"} {
		if _, err := dateLayouts(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func TestSpansAndZones(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "click_session", "1y2m3w4d5h6i7s", `"1y2m3w4d5h6i7s"`, ""},
		{"", "click_session", "30 days", `"30d"`, ""},
		{"", "click_session", "1 year, 5 min", `"1y5i"`, ""},
		{"", "click_session", "5h 1d", `"1d5h"`, ""},
		{"", "click_session", "30 Tage", `"30d"`, ""},
		{"", "click_session", "24 Std.", `"24h"`, ""},
		{"", "click_session", "2 недели 1 день", `"2w1d"`, ""},
		{"", "click_session", "3 mois", `"3m"`, ""},
		{"", "click_session", "0s", `"0s"`, ""},
		{"", "click_session", "30m", `"30m"`, "months_not_minutes 30m is 30 months in this API"},
		{"", "click_session", "6m", `"6m"`, ""},
		{"", "click_session", "30", "", "bad_span `30` has no unit: write 30d"},
		{"", "click_session", "a week", "", "bad_span is not a length of time"},
		{"", "click_session", "1d2d", "", "bad_span"},
		{"", "caps_timezone", "Europe/Berlin", `"Europe/Berlin"`, ""},
		{"", "caps_timezone", "europe/berlin", `"Europe/Berlin"`, "repaired"},
		{"", "caps_timezone", "america/new york", `"America/New_York"`, "repaired"},
		{"", "caps_timezone", "utc", `"UTC"`, "repaired"},
		{"", "caps_timezone", "UTC+3", "", "bad_timezone not the name of a zone: write a place that has it, such as Europe/Moscow"},
		{"", "caps_timezone", "Local", "", "bad_timezone"},
		{"", "caps_timezone", "../../etc/passwd", "", "bad_timezone"},
	})
}

func TestCountries(t *testing.T) {
	for text, want := range map[string]string{
		"US": "US", "us": "US", "USA": "US", "United States": "US", "United States of America": "US", "UK": "GB", "GBR": "GB",
		"Germany": "DE", "Deutschland": "DE", "Германия": "DE", "Allemagne": "DE", "Côte d’Ivoire": "CI", "Ivory Coast": "CI",
		"Korea, Republic of": "KR", "South Korea": "KR", "Hong Kong": "HK", "Türkiye": "TR", "Turkey": "TR", "Czech Republic": "CZ",
		"Viet Nam": "VN", "Россия": "RU", "the Netherlands": "NL", "Bosnia & Herzegovina": "BA", "Bosnia and Herzegovina": "BA",
		"Congo, Democratic Republic of the": "CD", "UAE": "AE", "Niger": "NE", "Nigeria": "NG", "Guinea": "GN", "Georgia": "GE",
		"Dominica": "DM", "Dominican Republic": "DO", "Österreich": "AT", "Kosovo": "XK",
	} {
		got, _, messages := readCell(t, "payments", "countries", sheet.Cell{Kind: sheet.Text, Text: text}, Options{})
		if got != `["`+want+`"]` || len(messages) > 0 {
			t.Errorf("%s is %s %v, want %s", text, got, messages, want)
		}
	}
	runKinds(t, Options{}, []kindCase{
		{"payments", "countries", "US, CA; gb|de", `["US","CA","GB","DE"]`, ""},
		{"payments", "countries", "DE, DACH", `["DE","AT","CH"]`, "country_group DACH is AT, CH, DE"},
		{"payments", "countries", "Korea, Republic of; US", `["KR","US"]`, ""},
		{"payments", "countries", "Nordics", `["DK","FI","IS","NO","SE"]`, "country_group Nordics is DK, FI, IS, NO, SE"},
		{"payments", "countries", "Untied States", "", "bad_country Did you mean United States (US)?"},
		{"payments", "countries", "XX", "", "bad_country"},
		{"payments", "countries", "Norge, 日本, Türkiye", `["NO","JP","TR"]`, ""},
		{"payments", "countries", "CN、HK", `["CN","HK"]`, "repaired characters of full width"},
		{"payments", "countries", "Brasil e Estados Unidos", "", "bad_country put commas between several: BR, US"},
		{"payments", "countries", "0", "", "bad_country a formula that points to a blank cell gives 0; clear the cell where every country is meant"},
		{"payments", "currency", "0", "", "bad_currency a formula that points to a blank cell gives 0"},
		{"payments", "currency", "kr", "", "bad_currency Did you mean NOK, SEK or DKK?"},
		{"payments", "currency", "¥", "", "bad_currency Did you mean CNY or JPY?"},
		{"payments", "currency", "ＵＳＤ", `"USD"`, "repaired characters of full width"},
		{"payments", "countries", "Tier 1", "", "bad_country means different countries to different people"},
		{"payments", "countries", "WW, US", "", "bad_country `WW` is every country: write it alone"},
		{"payments", "countries", "Worldwide", "", "no_restriction Worldwide is every country"},
		{"payments", "countries", "[]", `[""]`, ""},
	})
	runKinds(t, Options{Mode: "update"}, []kindCase{
		{"payments", "countries", "WW", `[""]`, "no_restriction"},
	})
	if n := len(world().codes); n != 250 {
		t.Errorf("%d countries, want the 249 of ISO 3166 and Kosovo", n)
	}
	for name, codes := range world().groups {
		for _, code := range codes {
			if !world().codes[code] {
				t.Errorf("group %s has %s, which is no country", name, code)
			}
		}
	}
	if n := len(world().groups["eu"]); n != 27 {
		t.Errorf("the EU has %d countries", n)
	}
}

func TestURLs(t *testing.T) {
	if why := badURL("\u0497\u0030\ub435"); why == "" { // cut within a letter
		t.Error("letters were taken for an address")
	}
	runKinds(t, Options{}, []kindCase{
		{"", "url", "https://t.example.com/?c={clickid}&s={sub1}", `"https://t.example.com/?c={clickid}\u0026s={sub1}"`, ""},
		{"", "url", "https://{sub1}.example.com:8443/{click_id}", `"https://{sub1}.example.com:8443/{click_id}"`, ""},
		{"", "url", "{deeplink}", `"{deeplink}"`, "no_clickid"},
		{"", "url", "https://t.example.com/", `"https://t.example.com/"`, "no_clickid the URL has no {clickid}"},
		{"", "url", "https://t.example.com/?c={clikid}", `"https://t.example.com/?c={clikid}"`, "unknown_macro {clikid} is not a macro that is replaced in url, so it is passed on as it stands. Did you mean {clickid}?"},
		{"", "url", "https://t.example.com/?c={clickid}\u00a0", `"https://t.example.com/?c={clickid}"`, "repaired"},
		{"", "url", "“https://t.example.com/?c={clickid}”", `"https://t.example.com/?c={clickid}"`, "repaired quotes or brackets around the value were removed"},
		{"", "url", "<https://t.example.com/?c={clickid}>", `"https://t.example.com/?c={clickid}"`, "repaired quotes or brackets around the value were removed"},
		{"", "url", "https：//t.example.com/?c=｛clickid｝", `"https://t.example.com/?c={clickid}"`, "repaired characters of full width"},
		{"", "url", `https:\\t.example.com\?c={clickid}`, "", "bad_url has backslashes: write https://t.example.com/?c={clickid}"},
		{"", "url", "hxxps://t.example.com/?c={clickid}", "", "bad_url write https://t.example.com/?c={clickid}"},
		{"", "url", "Link: https://t.example.com/?c={clickid}", "", "bad_url write https://t.example.com/?c={clickid} alone"},
		{"", "url", "https://t.example.com/my page?c={clickid}", "", "bad_url write one address, with %20 for a blank"},
		{"", "url", "https://t.example.com/?c={click id}", "", "bad_url has a macro with a blank in it: write https://t.example.com/?c={click_id}"},
		{"", "url", "https://t.example.com/?c={clickid};https://u.example.com/?c={clickid}", "", "bad_url holds 2 addresses"},
		{"", "url", "https://t.example.com/?c={clickid}&to=https://u.example.com/", `"https://t.example.com/?c={clickid}\u0026to=https://u.example.com/"`, ""},
		{"", "url", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Ft.example.com%2F%3Fc%3D%7Bclickid%7D&data=05", "", "bad_url write what is in it, https://t.example.com/?c={clickid}"},
		{"", "url", "https://www.google.com/url?q=https://t.example.com/%3Fc%3D%7Bclickid%7D&sa=D", "", "bad_url write what is in it, https://t.example.com/?c={clickid}"},
		{"", "url", "https://t.example.com/?c=##CLICKID##", "", "no_clickid write {clickid} in place of ##CLICKID##"},
		{"", "url", "https://t.example.com/?c=(clickid)", "", "no_clickid write {clickid} in place of (clickid)"},
		{"", "url", "https://t.example.com/?c={clickid}&p=/long/path...", `"https://t.example.com/?c={clickid}\u0026p=/long/path..."`, "doubtful_url it looks cut off"},
		{"", "url", "#REF!", "", "cell_error the cell holds the spreadsheet error #REF!"},
		{"", "title", "#NV", "", "cell_error #NV"},
		{"", "title", "Err:502", "", "cell_error Err:502"},
		{"", "title", "########", "", "cell_error"},
		{"", "title", "#1 in Germany", `"#1 in Germany"`, ""},
		{"", "url", "https://t.example.com/?a=1&amp;c={clickid}", `"https://t.example.com/?a=1\u0026c={clickid}"`, "repaired &amp; was made &"},
		{"", "url_preview", "https://https://a.example.com", "", "bad_url has https:// twice"},
		{"", "url_preview", "https://a.example.com:99999/", "", "bad_url is not a web address"},
		{"", "url_preview", "https://a.example.com:8080/", `"https://a.example.com:8080/"`, ""},
		{"", "external_offer_id", "1-Feb", `"1-Feb"`, "made_date looks like a date"},
		{"", "external_offer_id", "01.фев", `"01.фев"`, "made_date"},
		{"", "external_offer_id", "Dez-26", `"Dez-26"`, "made_date"},
		{"", "external_offer_id", "1-Fee", `"1-Fee"`, ""},
		{"", "external_offer_id", "mar-126", `"mar-126"`, ""},
		{"", "title", "NULL", "", "cell_error databases write for a blank cell"},
		{"", "kpi_en", `\N`, "", "cell_error `\\N`"},
		{"", "title", "Null", `"Null"`, ""},
		{"", "title", "N/A", "", "missing `N/A` stands for nothing, and title is needed"},
		{"", "title", "—", "", "missing stands for nothing"},
		{"", "external_offer_id", "'0012", `"0012"`, "repaired the apostrophe before the value was removed"},
		{"", "kpi_en", "'tis &amp; so", `"'tis \u0026amp; so"`, ""},
		{"", "advertiser", "'573c69a33b7d9b0e638b4576'", `"573c69a33b7d9b0e638b4576"`, "repaired quotes or brackets around"},
		{"", "url", "https://münchen.example/?c={clickid}", `"https://münchen.example/?c={clickid}"`, ""},
		{"", "url", "http://[2001:db8::1]:80/?c={clickid}", `"http://[2001:db8::1]:80/?c={clickid}"`, ""},
		{"", "url", "https://t.example.com/?c=%7bclickid%7d", "", "no_clickid write {clickid} in place of %7bclickid%7d"},
		{"", "url_preview", "https://a.example.com/ɐɐɐɐɐɐɐɐ%7Bx", `"https://a.example.com/ɐɐɐɐɐɐɐɐ%7Bx"`, "unknown_macro `%7Bx` holds an encoded brace"},
		{"", "url_preview", "https://{sub1}.example.com/a_b", `"https://{sub1}.example.com/a_b"`, ""},
		{"", "url_preview", "https://a_b.example.com", `"https://a_b.example.com"`, ""},
		{"", "url_preview", "www.example.com", "", "bad_url has no https:// before it"},
		{"", "url_preview", "https://a.example.com https://b.example.com", "", "bad_url holds 2 addresses: write one"},
		{"", "url_preview", "javascript:alert(1)", "", "bad_url is not a web address"},
		{"", "url_preview", "ftp://example.com", "", "bad_url only https:// and http://"},
		{"", "url_preview", "https://", "", "bad_url names no host"},
		{"", "url_preview", "https:///x", "", "bad_url names no host"},
		{"", "url_preview", "https://example.com/100%", "", "bad_url with %25"},
		{"", "url_preview", "tbd", "", "bad_url `tbd` stands for nothing: clear the cell where there is none"},
		{"", "cross_postback_url", "https://p.example.com/?g={goal}&t={transactionid}", `"https://p.example.com/?g={goal}\u0026t={transactionid}"`, ""},
		{"", "impressions_url", "https://p.example.com/?g={goal}", `"https://p.example.com/?g={goal}"`, "unknown_macro {goal}"},
		{"", "macro_url", "&sub1={IP}&x=1", `"\u0026sub1={IP}\u0026x=1"`, ""},
		{"", "macro_url", "sub1={sub1}", `"\u0026sub1={sub1}"`, "repaired"},
		{"", "macro_url", "https://example.com/?a=b", "", "bad_url is a whole address, and macro_url takes what is added to one: write &a=b"},
	})
}

func TestIPs(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"targeting", "ip_allow", "192.0.2.1, 192.0.2.1 - 192.0.2.9; 192.0.2.0/24\n2001:DB8::/32", `["192.0.2.1","192.0.2.1-192.0.2.9","192.0.2.0/24","2001:db8::/32"]`, ""},
		{"targeting", "ip_allow", "192.0.2.0/255.255.255.0", `["192.0.2.0/24"]`, ""},
		{"targeting", "ip_allow", "192.0.2.0/255.0.255.0", "", "bad_ip mask"},
		{"targeting", "ip_allow", "192.0.2.300", "", "bad_ip `192.0.2.300` is not an IP address"},
		{"targeting", "ip_allow", "192.0.2.9-192.0.2.1", "", "bad_ip ends before it begins"},
		{"targeting", "ip_allow", "192.0.2.9-2001:db8::1", "", "bad_ip mixes"},
		{"targeting", "ip_allow", "192.0.2.0/33", "", "bad_ip mask"},
		{"", "allowed_ip", "192.0.2.1; 192.0.2.0/24", `"192.0.2.1\n192.0.2.0/24"`, ""},
	})
}

func TestComposites(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"targeting", "region_allow", "US:33, US:57; Germany: 8", `{"US":["33","57"],"DE":["8"]}`, ""},
		{"targeting", "region_allow", "US:33, 57", `{"US":["33","57"]}`, ""},
		{"targeting", "region_allow", "33", "", "bad_list has no country before it: write it as US:33"},
		{"targeting", "region_allow", "US:Texas", "", "unknown_name `US:Texas` is a name"},
		{"targeting", "region_allow", "US:", "", "bad_list has no value after it"},
		{"targeting", "region_allow", "ZZ:33", "", "bad_country"},
		{"targeting", "region_allow", "[]", `[""]`, ""},
		{"targeting", "isp_allow", "US:Comcast, US:Verizon; DE:Telekom", `{"US":["Comcast","Verizon"],"DE":["Telekom"]}`, ""},
		{"targeting", "os_allow", "Android >= 6.0; iOS", `[{"name":"Android","comparison":"GTE","version":"6.0"},{"name":"iOS"}]`, ""},
		{"targeting", "os_allow", "Android >=6, <10; iOS 12+ | Windows = 10", `[{"name":"Android","comparison":"GTE","version":"6"},{"name":"Android","comparison":"LT","version":"10"},{"name":"iOS","comparison":"GTE","version":"12"},{"name":"Windows","comparison":"EQ","version":"10"}]`, ""},
		{"targeting", "os_allow", "Android LTE 9", `[{"name":"Android","comparison":"LTE","version":"9"}]`, ""},
		{"targeting", "os_allow", "Android 6.0", `[{"name":"Android 6.0"}]`, "doubtful_name where a version is meant, write Android = 6.0 or Android >= 6.0"},
		{"targeting", "os_allow", "Android >=", "", "bad_list has no version after its comparison"},
		{"targeting", "os_allow", ">= 6", "", "bad_list has no name before it"},
		{"targeting", "sub_deny_groups", "sub1=a, sub2=b; sub3=", `[{"1":"a","2":"b"},{"3":""}]`, ""},
		{"targeting", "sub_deny_groups", "sub9=a", "", "bad_list is not a sub"},
		{"targeting", "sub_deny_groups", "sub1=a, sub1=b", "", "bad_list twice in one combination"},
		{"targeting", "urls", "https://a.example.com/{clickid} 50; https://b.example.com/{clickid} 50 https://spt.example.com", `[{"url":"https://a.example.com/{clickid}","weight":"50"},{"url":"https://b.example.com/{clickid}","weight":"50","spt_url":"https://spt.example.com"}]`, ""},
		{"targeting", "urls", "https://a.example.com/{clickid} 101", "", "bad_list weight 0 to 100"},
		{"targeting", "urls", "a.example.com 50", "", "bad_url has no https://"},
		{"", "schedule_intervals", "0: 9-18; 1: 9-12, 14:00-18:00", `[[{"From":"9","To":"18"}],[{"From":"9","To":"12"},{"From":"14","To":"18"}]]`, ""},
		{"", "schedule_intervals", "5-6: 0-23", `{"5":[{"From":"0","To":"23"}],"6":[{"From":"0","To":"23"}]}`, ""},
		{"", "schedule_intervals", "Mon: 9-18", "", "bad_list does not say which day is 0"},
		{"", "schedule_intervals", "Пн: 9-18", "", "bad_list does not say which day is 0"},
		{"", "schedule_intervals", "7: 9-18", "", "bad_list weekday's number 0 to 6"},
		{"", "schedule_intervals", "1: 22-6", "", "bad_list write 22-23 on this day and 0-6 on the next"},
		{"", "schedule_intervals", "1: 9-24", "", "bad_list hours 0 to 23"},
		{"", "restriction_os", "Android >=10, <14; iOS", `[{"os":"Android","versions":["\u003e=10","\u003c14"]},{"os":"iOS"}]`, ""},
		{"", "restriction_os", "Android 10, 11, iOS", `[{"os":"Android","versions":["10","11"]},{"os":"iOS"}]`, ""},
		{"", "restriction_os", ">=10", "", "bad_list has no system before it"},
		{"", "restriction_isp", "US: Comcast, Verizon; DE: Telekom", `[{"country":"US","name":"Comcast"},{"country":"US","name":"Verizon"},{"country":"DE","name":"Telekom"}]`, ""},
		{"", "restriction_isp", "Comcast", "", "bad_list needs a country and a provider"},
		{"", "creatives", "banner.png 300x250; top 2.png 728×90", `[{"file_name":"banner.png","width":"300","height":"250"},{"file_name":"top 2.png","width":"728","height":"90"}]`, ""},
		{"", "creatives", "banner.png", "", "bad_list has no size"},
	})
}

// TestKindsAreAllRead: a kind that the schema uses and no reader knows panics.
func TestKindsAreAllRead(t *testing.T) {
	for _, part := range affise.Parts() {
		for _, col := range part.Columns {
			readCell(t, part.Key, col.Name, text("x"), Options{FilesDir: t.TempDir()})
		}
	}
}

// TestHints: each message alone says what to do.
func TestHints(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"", "status", "Live", "", "not_allowed Did you mean active?"},
		{"", "status", "pausiert", "", "not_allowed Did you mean stopped?"},
		{"payments", "type", "CPA", "", "not_allowed Did you mean fixed?"},
		{"payments", "type", "Rev Share", "", "not_allowed Did you mean percent?"},
		{"caps", "type", "leads", "", "not_allowed Did you mean conversions?"},
		{"targeting", "connection", "4G", "", "not_allowed Did you mean cellular?"},
		{"payments", "currency", "руб.", "", "bad_currency Did you mean RUB?"},
		{"payments", "currency", "2.50", "", "bad_currency `2.50` is an amount, not a currency: look whether the row's values are a column off"},
		{"payments", "total", "usd", "", "bad_amount it is a currency, which has a column of its own"},
		{"payments", "total", "5 kg", "", "bad_amount write 5 alone"},
		{"payments", "total", "$2.50 / $3.00", "", "bad_amount it holds 2 amounts; write one, and the other into revenue if it is what the affiliate gets; else give the other a row of its own in Payouts"},
		{"payments", "total", "1.4k", "", "bad_amount write 1400"},
		{"payments", "total", "n/a", "", "bad_amount clear the cell where there is none"},
		{"caps", "value", "1000/day", "", "bad_amount write 1000 alone"},
		{"caps", "value", "unlimited", "", "bad_amount take the row out"},
		{"", "hold_period", "30 days", "", "bad_number write 30 alone, or clear the cell"},
		{"", "advertiser", "573c69a33b7d9b0e638b457", "", "bad_id it has 23, so copy it from the account again"},
		{"", "stop_date", "n/a", "", "bad_date `n/a` stands for nothing: clear the cell where there is none"},
		{"", "caps_timezone", "Berlin", "", "bad_timezone Did you mean Europe/Berlin?"},
		{"", "url_preview", "www.example.com/a", "", "bad_url such as https://www.example.com/a"},
		{"", "url", "https://t.example.com/?c=[CLICK_ID]", "", "no_clickid write {clickid} in place of [CLICK_ID]"},
		{"", "url", "https://t.example.com/?c=%CLICKID%", "", "no_clickid write {clickid} in place of %CLICKID%"},
		{"", "url", "https://t.example.com/?c={transaction_id}", "", "no_clickid write {clickid} in place of {transaction_id}"},
		{"", "url", "https://t.example.com/?c={clickid}&a={affiliate_id}", `"https://t.example.com/?c={clickid}\u0026a={affiliate_id}"`, "unknown_macro Did you mean {pid}?"},
		{"", "cross_postback_url", "https://t.example.com/?c={payout}", `"https://t.example.com/?c={payout}"`, "unknown_macro Did you mean {sum}?"},
		{"payments", "countries", "GB/IE", "", "bad_country `GB/IE` is not a country: put commas between several: GB, IE"},
		{"payments", "countries", "all except US", "", "bad_country and yes into country_exclude"},
		{"targeting", "country_allow", "All excl. US", "", "bad_country into country_deny"},
		{"payments", "countries", "AND", `["AD"]`, ""},
		{"payments", "countries", "-", "", "bad_country"},
		{"payments", "countries", "the", "", "bad_country"},
		{"targeting", "device_type", "Desktop & phones", "", "not_allowed put commas between several: desktop, mobile"},
		{"", "caps_status", "confirmed and pending", "", "not_allowed put commas between several: confirmed, pending"},
		{"targeting", "ip_allow", "192.0.2.*", "", "bad_ip write 192.0.2.0/24"},
		{"targeting", "ip_allow", "10.*.*.*", "", "bad_ip write 10.0.0.0/8"},
		{"targeting", "ip_allow", "192.0.2.1 192.0.2.2", "", "bad_ip put commas between them: 192.0.2.1, 192.0.2.2"},
		{"payments", "affiliates", "12 34", "", "bad_id put commas between several: 12, 34"},
		{"payments", "revenue", "free", "", "bad_amount write 0 where nothing is paid"},
		{"targeting", "region_allow", "California", "", "bad_list `California` has no country before it: write it as US:California"},
		{"targeting", "os_allow", "iOS >= latest", "", "bad_list write it as iOS >= 6.0"},
		{"targeting", "os_allow", "Android 6.0 and up", `[{"name":"Android 6.0 and up"}]`, "doubtful_name write Android = 6.0 or Android >= 6.0"},
	})
}

// TestAnAmbiguousNumberCanBeMendedAsTheMessageSays: both ways out are read.
func TestAnAmbiguousNumberCanBeMendedAsTheMessageSays(t *testing.T) {
	runKinds(t, Options{}, []kindCase{
		{"payments", "total", "1,234", "", "ambiguous_number write 1.2340 or 1234"},
		{"payments", "total", "1.2340", `"1.2340"`, ""},
		{"payments", "total", "1234", `"1234"`, ""},
	})
}
