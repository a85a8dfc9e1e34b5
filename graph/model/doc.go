// Package model has the Go types behind the GraphQL schema that the rules have no types for: inputs, payloads, pages, and nodes that
// are put together from several. They hold data only. gqlgen binds them by name; it must never make one of its own.
package model
