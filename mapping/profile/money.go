package profile

import (
	"fmt"
	"math/big"
	"strings"
)

// share is a percentage of an amount, both as decimal texts: share("8", "70")
// is 5.6. It is exact; money never goes through a float. Of three decimals it
// makes four: 5.775 could be thousands as well.
func share(amount, percent string) (string, error) {
	if strings.TrimSpace(amount) == "" {
		return "", nil
	}
	a, err := decimal(amount)
	if err != nil {
		return "", err
	}
	p, err := decimal(strings.TrimSuffix(strings.TrimSpace(percent), "%"))
	if err != nil {
		return "", err
	}
	product := new(big.Rat).Quo(new(big.Rat).Mul(a, p), big.NewRat(100, 1))
	digits, _ := product.FloatPrec() // decimals divided by a hundred have an end
	if digits == 3 && product.Cmp(big.NewRat(1, 1)) >= 0 {
		digits++
	}
	return product.FloatString(digits), nil
}

// decimal reads a plain decimal. Fractions and exponents, which big.Rat takes
// too, are none.
func decimal(text string) (*big.Rat, error) {
	text = strings.TrimSpace(text)
	plain := strings.Trim(text, "0123456789") == "." || strings.Trim(text, "0123456789") == ""
	r, ok := new(big.Rat).SetString(text)
	if !plain || !ok || len(text) > 40 {
		return nil, fmt.Errorf("%s is not a decimal number such as 12.50", quote(text))
	}
	return r, nil
}
