package graph

import (
	"github.com/pontage/pontage"
)

// errNoNode is the one answer for ids that do not exist, are someone else's, or are none.
var errNoNode = pontage.E(pontage.NotFound, "Not Found").At("id")

// found gives what was asked for by its id, or errNoNode.
func found[T any](v *T, err error) (*T, error) {
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNoNode
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// orNull is nil for the empty text.
func orNull[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

// orEmpty is the empty text for nil.
func orEmpty[T ~string](text *T) T {
	if text == nil {
		return ""
	}
	return *text
}
