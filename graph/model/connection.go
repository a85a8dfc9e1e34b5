package model

// Connection is a page of a list.
type Connection[T any] struct {
	Nodes    []T
	PageInfo PageInfo
	// Cursor names the place of an entry; it is signed, so only what was asked for is.
	Cursor func(entry *T) string
}

// Edges are the entries with their cursors.
func (c *Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.Nodes))
	for i := range c.Nodes {
		edges[i] = Edge[T]{Cursor: c.Cursor(&c.Nodes[i]), Node: c.Nodes[i]}
	}
	return edges
}

// Edge is one entry of a page.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// PageInfo says where a page lies in its list.
type PageInfo struct {
	HasNextPage bool
	EndCursor   *string
}

// Order is how a list is sorted.
type Order string

// The orders.
const (
	NewestFirst Order = "NEWEST_FIRST"
	OldestFirst Order = "OLDEST_FIRST"
)

// Caller is a way to authenticate.
type Caller string

// The callers.
const (
	CallerAnyone  Caller = "ANYONE"
	CallerAccount Caller = "ACCOUNT"
	CallerSession Caller = "SESSION"
	CallerToken   Caller = "TOKEN"
)
