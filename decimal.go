package pontage

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	decimalForm = regexp.MustCompile(`^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$`)
	errNoNumber = E(InvalidInput, "The value is not a number.")
	errTooLarge = E(InvalidInput, "The amount is out of range.")
)

// maxDecimalText bounds the work a stranger's number may cause.
const maxDecimalText = 64

// parseDecimal reads a JSON number into micro-units, rounding half to even; exact says whether nothing was rounded away.
func parseDecimal(text string) (m Money, exact bool, err error) {
	if len(text) > maxDecimalText {
		return 0, false, errNoNumber
	}
	part := decimalForm.FindStringSubmatch(text)
	if part == nil {
		return 0, false, errNoNumber
	}
	exponent, _ := strconv.Atoi(part[4])
	digits := strings.TrimLeft(part[2]+part[3], "0")
	// point is where the decimal point of the micro-unit value stands inside digits.
	point := len(digits) - len(part[3]) + exponent + 6
	micros, exact, err := roundDigits(digits, point)
	if part[1] == "-" {
		micros = -micros
	}
	return micros, exact, err
}

// roundDigits gives the integer before point, rounded half to even by the digits behind it.
func roundDigits(digits string, point int) (Money, bool, error) {
	if digits == "" {
		return 0, true, nil
	}
	if point < 0 {
		return 0, strings.Trim(digits, "0") == "", nil
	}
	if point > len(digits) {
		if point > maxDecimalText {
			return 0, false, errTooLarge
		}
		digits += strings.Repeat("0", point-len(digits))
	}
	whole, rest := digits[:point], digits[point:]
	value := int64(0)
	if whole != "" {
		v, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || Money(v) > MaxMoney {
			return 0, false, errTooLarge
		}
		value = v
	}
	if strings.Trim(rest, "0") == "" {
		return Money(value), true, nil
	}
	if up := rest[0] > '5' || rest[0] == '5' && (strings.Trim(rest[1:], "0") != "" || value%2 == 1); up {
		value++
	}
	return Money(value), false, nil
}
