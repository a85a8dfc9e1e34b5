package graph

import (
	"github.com/pontage/pontage/graph/cursor"
)

// Resolver answers fields: each by one call of a rule.
type Resolver struct {
	Config
	cursors cursor.Codec
}
