// Package scalar reads and writes the scalars of the GraphQL schema that are not GraphQL's own. What it lets pass is valid: an amount
// is exact, a moment has a zone, a prefix is one, and nothing that strangers write makes it work long.
package scalar
