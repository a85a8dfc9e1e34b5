package pontage

import (
	"bytes"
	"database/sql/driver"
	"math"
	"strconv"
)

// Money is an amount in micro-units (1,000,000 = one unit) of the instance's currency. It marshals as a JSON number with as many
// decimals as it needs; no float touches it.
type Money int64

// Micros per unit of currency.
const microsPerUnit = 1_000_000

// MaxMoney bounds every amount that comes from outside: one billion units.
const MaxMoney Money = 1_000_000_000 * microsPerUnit

// Currency is an ISO 4217 code; an instance has one.
type Currency string

// ParseMoney reads a decimal such as "12.5" or "1e-2" exactly. More than 6 decimals, anything that is not a JSON number, or an
// absolute value above MaxMoney is InvalidInput.
func ParseMoney(text string) (Money, error) {
	m, exact, err := parseDecimal(text)
	if err != nil {
		return 0, err
	}
	if !exact {
		return 0, E(InvalidInput, "Amount %s has more than 6 decimals.", text)
	}
	return m, nil
}

// RoundMoney reads a decimal like ParseMoney but rounds what is beyond 6 decimals half to even; limits are read this way.
func RoundMoney(text string) (Money, error) {
	m, _, err := parseDecimal(text)
	return m, err
}

// Add gives m+n; a sum that does not fit is InvalidInput.
func (m Money) Add(n Money) (Money, error) {
	if (n > 0 && m > math.MaxInt64-n) || (n < 0 && m < math.MinInt64-n) {
		return 0, E(InvalidInput, "Amount out of range.")
	}
	return m + n, nil
}

// String gives the shortest decimal: "12.5", "-0.01", "3".
func (m Money) String() string { return string(m.AppendTo(nil)) }

// AppendTo writes what String gives behind out.
func (m Money) AppendTo(out []byte) []byte {
	u := uint64(m)
	if m < 0 {
		out, u = append(out, '-'), -u
	}
	out = strconv.AppendUint(out, u/microsPerUnit, 10)
	fraction := u % microsPerUnit
	if fraction == 0 {
		return out
	}
	point := len(out)
	out = strconv.AppendUint(out, fraction+microsPerUnit, 10) // its first digit is the place of the point
	out[point] = '.'
	return bytes.TrimRight(out, "0")
}

// MarshalJSON writes a JSON number.
func (m Money) MarshalJSON() ([]byte, error) { return m.AppendTo(nil), nil }

// UnmarshalJSON reads a JSON number exactly, as ParseMoney does.
func (m *Money) UnmarshalJSON(data []byte) error {
	v, err := ParseMoney(string(data))
	if err == nil {
		*m = v
	}
	return err
}

// Value is what a database keeps: the micro-units as an integer, never the decimal that JSON shows.
func (m Money) Value() (driver.Value, error) { return int64(m), nil }
