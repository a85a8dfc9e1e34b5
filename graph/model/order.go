package model

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
)

// SortOrder says by what a list is sorted, and which way: NAME_ASCENDING. The schema has an enum for each list.
type SortOrder string

const ascending, descending = "_ASCENDING", "_DESCENDING"

// Sorting is what the rules call it.
func (o SortOrder) Sorting() (by pontage.SortKey, smallestFirst bool) {
	name, smallestFirst := strings.CutSuffix(string(o), ascending)
	name = strings.TrimSuffix(name, descending)
	return pontage.SortKey(strings.ToLower(strings.ReplaceAll(name, "_", " "))), smallestFirst
}

// UnmarshalGQL implements graphql.Unmarshaler; the schema has checked the value.
func (o *SortOrder) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok || !strings.HasSuffix(text, ascending) && !strings.HasSuffix(text, descending) {
		return fmt.Errorf("%v is no order", v)
	}
	*o = SortOrder(text)
	return nil
}

// MarshalGQL implements graphql.Marshaler.
func (o SortOrder) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(o))) }
