package scalar

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

// maxText bounds what is looked at of one value.
const maxText = 2_048

func invalid(format string, args ...any) error {
	return pontage.E(pontage.InvalidInput, format, args...)
}

// text gives a value that must be text, as far as it is not too long.
func text(v any, what string) (string, error) {
	s, ok := v.(string)
	if !ok || len(s) > maxText || !utf8.ValidString(s) {
		return "", invalid("The value is no %s: write it as text.", what)
	}
	return s, nil
}

// number gives the decimal text of a whole number, or of text that may hold one.
func number(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, len(v) <= maxText
	case json.Number:
		return string(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	}
	return "", false
}

// plain is a value that writes itself behind what is there, quoted one that stands in quotation marks and needs no escapes.
type (
	plain  func(out []byte) []byte
	quoted func(out []byte) []byte
)

// MarshalGQL implements graphql.Marshaler.
func (p plain) MarshalGQL(w io.Writer) { appendTo(w, p) }

// MarshalGQL implements graphql.Marshaler.
func (q quoted) MarshalGQL(w io.Writer) {
	appendTo(w, func(out []byte) []byte { return append(q(append(out, '"')), '"') })
}

// appendTo lets a value write itself in place where there is room.
func appendTo(w io.Writer, value func(out []byte) []byte) {
	if out, ok := w.(*bytes.Buffer); ok {
		_, _ = out.Write(value(out.AvailableBuffer()))
		return
	}
	_, _ = w.Write(value(nil))
}
