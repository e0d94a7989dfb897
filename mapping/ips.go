package mapping

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// ip reads an address, a range a-b, or a/mask.
func (c *cell) ip(text string) (string, bool) {
	canonical, why := readIP(text)
	if why != "" {
		c.fail(codeBadIP, "%s %s", quote(text), why)
		return "", false
	}
	return canonical, true
}

// ips reads several, and puts each on a line of its own.
func (c *cell) ips(text string) (string, bool) {
	items := splitList(text, listSeparators)
	ok := len(items) > 0
	for i, item := range items {
		one, fine := c.ip(item)
		items[i], ok = one, ok && fine
	}
	return strings.Join(items, "\n"), ok
}

const notIP = "is not an IP address: write 192.0.2.1, a range 192.0.2.1-192.0.2.9, or 192.0.2.0/24"

// readIP returns an address, range or mask in its usual form, or says what is
// wrong with it.
func readIP(text string) (canonical, why string) {
	if first, last, ok := strings.Cut(text, "-"); ok {
		from, err1 := netip.ParseAddr(strings.TrimSpace(first))
		to, err2 := netip.ParseAddr(strings.TrimSpace(last))
		switch {
		case err1 != nil || err2 != nil || from.Zone() != "" || to.Zone() != "":
			return "", notIP
		case from.Is4() != to.Is4():
			return "", "mixes IPv4 and IPv6 in one range: write two addresses of one kind"
		case to.Less(from):
			return "", "ends before it begins: write the lower address first"
		}
		return from.String() + "-" + to.String(), ""
	}
	if address, mask, ok := strings.Cut(text, "/"); ok {
		return readMask(address, mask)
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return "", ipHint(text)
	}
	return a.String(), ""
}

// ipHint says how to write addresses with a blank between them, or a network with
// a star in the place of its last numbers.
func ipHint(text string) string {
	several := strings.Fields(text)
	isNone := func(item string) bool { _, err := netip.ParseAddr(item); return err != nil }
	if len(several) > 1 && !slices.ContainsFunc(several, isNone) {
		return "holds several: put commas between them: " + strings.Join(several, ", ")
	}
	for n, stars := range []string{".*", ".*.*", ".*.*.*"} {
		network := strings.TrimSuffix(text, stars) + strings.Repeat(".0", n+1)
		if strings.Count(text, "*") == n+1 && !isNone(network) {
			return fmt.Sprintf("is not an IP address: write %s/%d", network, 24-8*n)
		}
	}
	return notIP
}

// readMask reads a/24 and a/255.255.255.0.
func readMask(address, mask string) (canonical, why string) {
	a, err := netip.ParseAddr(strings.TrimSpace(address))
	mask = strings.TrimSpace(mask)
	if err != nil || a.Zone() != "" {
		return "", notIP
	}
	if m, err := netip.ParseAddr(mask); err == nil && m.Is4() && a.Is4() {
		bits, ok := maskBits(m.As4())
		if !ok {
			return "", "has a mask that is none: write it as /24"
		}
		return netip.PrefixFrom(a, bits).String(), ""
	}
	p, err := netip.ParsePrefix(a.String() + "/" + mask)
	if err != nil {
		return "", "has a mask that is none: write /0 to /32 for IPv4, /0 to /128 for IPv6"
	}
	return p.String(), ""
}

// maskBits counts the ones of a mask; ok is false where a one follows a zero.
func maskBits(mask [4]byte) (bits int, ok bool) {
	n := uint32(mask[0])<<24 | uint32(mask[1])<<16 | uint32(mask[2])<<8 | uint32(mask[3])
	for n&(1<<31) != 0 {
		n <<= 1
		bits++
	}
	return bits, n == 0
}
