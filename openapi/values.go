package openapi

import (
	"encoding/json"

	"github.com/pontage/pontage"
)

// LimitAmount is an amount that limits something: what is beyond 6 decimals is rounded half to even when it is read.
type LimitAmount pontage.Money

// UnmarshalJSON reads a JSON number as pontage.RoundMoney does.
func (a *LimitAmount) UnmarshalJSON(data []byte) error {
	m, err := pontage.RoundMoney(string(data))
	if err == nil {
		*a = LimitAmount(m)
	}
	return err
}

// MarshalJSON writes a JSON number.
func (a LimitAmount) MarshalJSON() ([]byte, error) { return pontage.Money(a).MarshalJSON() }

// TextOrFalse is a text, or false where there is none.
type TextOrFalse string

// MarshalJSON writes the text, or false where it is empty.
func (t TextOrFalse) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("false"), nil
	}
	return json.Marshal(string(t))
}

// CountOrFalse is a number, or false where it is nil.
type CountOrFalse struct{ Count *int64 }

// MarshalJSON writes the number or false.
func (c CountOrFalse) MarshalJSON() ([]byte, error) {
	if c.Count == nil {
		return []byte("false"), nil
	}
	return json.Marshal(*c.Count)
}
