package sandbox

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A check judges one value.
type check struct {
	ok    func(w *walk, v string) bool
	want  string // completes "this value should be …"
	blank bool   // an empty value is accepted and clears the field
}

func enum(values ...string) *check {
	return &check{
		ok:   func(_ *walk, v string) bool { return slices.Contains(values, v) },
		want: "one of " + strings.Join(values, ", "),
	}
}

// orBlank is the same check for a field that an empty value clears.
func (c check) orBlank() *check {
	c.blank = true
	return &c
}

func isText() *check {
	return &check{ok: func(_ *walk, v string) bool { return utf8.ValidString(v) }, want: "text in UTF-8", blank: true}
}

func isLongText(most int) *check {
	return &check{
		ok:    func(_ *walk, v string) bool { return utf8.ValidString(v) && utf8.RuneCountInString(v) <= most },
		want:  "text in UTF-8 of at most " + strconv.Itoa(most) + " characters",
		blank: true,
	}
}

func isFlag() *check { return enum("0", "1") }

// digitsOnly tells an integer written plainly: no sign, no leading zero, at most most digits.
func digitsOnly(v string, most int) bool {
	if v == "" || len(v) > most || v[0] == '0' && len(v) > 1 {
		return false
	}
	for i := 0; i < len(v); i++ {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return true
}

func isInteger() *check {
	return &check{ok: func(_ *walk, v string) bool { return digitsOnly(v, 15) }, want: "an integer"}
}

func isBetween(low, high int) *check {
	return &check{
		ok: func(_ *walk, v string) bool {
			n, err := strconv.Atoi(v)
			return err == nil && digitsOnly(v, 9) && n >= low && n <= high
		},
		want: "an integer from " + strconv.Itoa(low) + " to " + strconv.Itoa(high),
	}
}

func isNumber() *check {
	return &check{ok: func(_ *walk, v string) bool { return decimal(v) }, want: "a number such as 12.5"}
}

// decimal accepts 12, 12.5 and 0.05: no sign, no exponent, no thousands separator, no comma.
func decimal(v string) bool {
	whole, part, point := strings.Cut(v, ".")
	return allDigits(whole) && len(v) <= 30 && (!point || allDigits(part))
}

func allDigits(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return v != ""
}

// isURL accepts scheme://… and a text that begins with a macro. Nobody documents more than "URL or macro".
func isURL() *check {
	return &check{
		ok: func(_ *walk, v string) bool {
			return noBlanks(v) && utf8.ValidString(v) && (strings.HasPrefix(v, "{") || hasScheme(v))
		},
		want:  "a URL such as https://example.com/?c={clickid}, or a macro",
		blank: true,
	}
}

func isFragment() *check {
	return &check{
		ok:    func(_ *walk, v string) bool { return noBlanks(v) && utf8.ValidString(v) },
		want:  "a query fragment such as &sub1={IP}",
		blank: true,
	}
}

func noBlanks(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i] <= ' ' || v[i] == 0x7f {
			return false
		}
	}
	return true
}

func hasScheme(v string) bool {
	scheme, rest, ok := strings.Cut(v, "://")
	if !ok || scheme == "" || rest == "" || !isLetter(scheme[0]) {
		return false
	}
	for i := 1; i < len(scheme); i++ {
		if c := scheme[i]; !isLetter(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isHexID() *check {
	return &check{ok: func(_ *walk, v string) bool { return hexID(v) }, want: "an id of 24 hexadecimal digits"}
}

func hexID(v string) bool {
	if len(v) != 24 {
		return false
	}
	for i := 0; i < len(v); i++ {
		if c := v[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func isUserID() *check {
	return &check{ok: func(_ *walk, v string) bool { return hexID(v) || digitsOnly(v, 9) }, want: "a user's id"}
}

func isUUID() *check {
	return &check{ok: func(_ *walk, v string) bool { return uuid(v) }, want: "a UUID"}
}

func uuid(v string) bool {
	if len(v) != 36 {
		return false
	}
	for i := 0; i < len(v); i++ {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (v[i] == '-') || !dash && !isHex(v[i]) {
			return false
		}
	}
	return true
}

func isCountry() *check {
	return &check{ok: func(w *walk, v string) bool { return w.lists.isCountry(v) }, want: "an ISO 3166 country code such as US"}
}

func isCurrency() *check {
	return &check{ok: func(w *walk, v string) bool { _, ok := w.lists.rates[v]; return ok }, want: "an ISO 4217 currency code such as USD"}
}

func isOS() *check {
	return &check{ok: func(w *walk, v string) bool { _, ok := w.lists.osVersions[v]; return ok }, want: "a name from /3.1/oses"}
}

func isTimezone() *check {
	return &check{ok: func(w *walk, v string) bool { return w.zones.known(v) }, want: "an IANA time zone such as Europe/Berlin", blank: true}
}

func isDate() *check {
	return &check{ok: func(_ *walk, v string) bool { return date(v) }, want: "a date YYYY-MM-DD", blank: true}
}

func date(v string) bool {
	_, err := time.Parse(time.DateOnly, v)
	return err == nil
}

// isMoment accepts a date, or a date with its time.
func isMoment() *check {
	return &check{ok: func(_ *walk, v string) bool { return moment(v) }, want: "a date YYYY-MM-DD or YYYY-MM-DD HH:MM:SS", blank: true}
}

func moment(v string) bool {
	_, err := time.Parse(time.DateTime, v)
	return err == nil || date(v)
}

// isComing accepts the same, from the server's today (UTC) on.
func isComing() *check {
	return &check{
		ok:    func(w *walk, v string) bool { return moment(v) && v[:10] >= w.today },
		want:  "a date YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, today or later",
		blank: true,
	}
}

// isSpan accepts 1y2m3w4d5h6i7s: at least one part, units in this order and each once.
func isSpan() *check {
	return &check{ok: func(_ *walk, v string) bool { return spanText(v) }, want: "a span such as 1y2m3w4d5h6i7s", blank: true}
}

func spanText(v string) bool {
	units := "ymwdhis"
	for v != "" {
		n := 0
		for n < len(v) && v[n] >= '0' && v[n] <= '9' {
			n++
		}
		if n == 0 || n > 9 || n == len(v) {
			return false
		}
		u := strings.IndexByte(units, v[n])
		if u < 0 {
			return false
		}
		units, v = units[u+1:], v[n+1:]
	}
	return true
}

func isAddress() *check {
	return &check{ok: func(_ *walk, v string) bool { return address(v) }, want: "an IP address, a range a-b or a/mask"}
}

func address(v string) bool {
	if low, high, ok := strings.Cut(v, "-"); ok {
		a, errA := netip.ParseAddr(low)
		b, errB := netip.ParseAddr(high)
		return errA == nil && errB == nil && a.Is4() == b.Is4() && !b.Less(a)
	}
	if base, mask, ok := strings.Cut(v, "/"); ok && strings.Contains(mask, ".") {
		a, errA := netip.ParseAddr(base)
		m, errM := netip.ParseAddr(mask)
		return errA == nil && errM == nil && a.Is4() && m.Is4()
	} else if ok {
		_, err := netip.ParsePrefix(v)
		return err == nil
	}
	_, err := netip.ParseAddr(v)
	return err == nil
}

// isAddresses accepts one address, range or mask a line.
func isAddresses() *check {
	ok := func(_ *walk, v string) bool {
		for line := range strings.Lines(v) {
			if line = strings.TrimSpace(line); line != "" && !address(line) {
				return false
			}
		}
		return true
	}
	return &check{ok: ok, want: "an IP address, a range a-b or a/mask on each line", blank: true}
}

func isSubAccount() *check {
	ok := func(_ *walk, v string) bool {
		for i := 0; i < len(v); i++ {
			if c := v[i]; !isLetter(c) && (c < '0' || c > '9') && strings.IndexByte(",._-{}+=/:~", c) < 0 {
				return false
			}
		}
		return true
	}
	return &check{ok: ok, want: "letters, digits and ,._-{}+=/:~", blank: true}
}

func isVersion() *check {
	return &check{ok: func(_ *walk, v string) bool { return version(v) }, want: "a version such as 6.0"}
}

func version(v string) bool {
	for part := range strings.SplitSeq(v, ".") {
		if !allDigits(part) {
			return false
		}
	}
	return true
}

// isVersionRange accepts a version, with >=, <=, >, < or = before it.
func isVersionRange() *check {
	ok := func(_ *walk, v string) bool {
		v = strings.TrimLeft(v, "<>")
		return version(strings.TrimLeft(strings.TrimPrefix(v, "="), " "))
	}
	return &check{ok: ok, want: "a version such as >=6.0"}
}

func isJSONText() *check {
	return &check{ok: func(_ *walk, v string) bool { return json.Valid([]byte(v)) }, want: `JSON such as {"aaa":0}`, blank: true}
}

// subNames are those of macros_replacement.
var subNames = []string{"sub1", "sub2", "sub3", "sub4", "sub5", "sub6", "sub7", "sub8", "sub9", "sub10"}

func isSubName() *check { return enum(subNames...) }

// isSubNameOrFlag is for the one parameter of which nobody says whether it is a
// flag or a list of subs.
func isSubNameOrFlag() *check { return enum(append([]string{"0", "1"}, subNames...)...) }

func isDevice() *check {
	return enum("mediahub", "mobile", "ereader", "console", "tv", "tablet", "desktop", "smartwatch")
}

func isConnection() *check { return enum("wi-fi", "cellular") }

// isAdvertiser only looks at the shape: that the advertiser exists is a rule of the offer, refused in words of its own.
func isAdvertiser() *check { return isHexID() }
