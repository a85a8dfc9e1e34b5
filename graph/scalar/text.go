package scalar

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

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
	if !ok || len(s) > maxText {
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

// quoted writes text that needs no escapes.
func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+s+`"`) })
}

// raw writes a number.
func raw(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, s) })
}
