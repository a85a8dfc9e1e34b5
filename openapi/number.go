package openapi

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxShift bounds the exponent of a number that is written out in digits.
const maxShift = 40

// plainIntegers writes the whole numbers of a value as digits alone: 1e3 and 3600.0 are integers to a schema, but not to Go.
func plainIntegers(value any) any {
	switch v := value.(type) {
	case json.Number:
		return json.Number(plainInteger(string(v)))
	case []any:
		for i := range v {
			v[i] = plainIntegers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainIntegers(v[k])
		}
	}
	return value
}

// plainInteger gives the digits of a whole number; everything else, and what is too long to be one of ours, comes back as it is.
func plainInteger(text string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift := 0
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil || n > maxShift || n < -maxShift {
			return text
		}
		shift = n
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > shift || fraction == "" && shift < 0 {
		return text
	}
	digits := whole + fraction + strings.Repeat("0", shift-len(fraction))
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return sign + digits
}
