// Package graph is the GraphQL API of an instance: one schema over the rule packages, for the dashboard and for scripts.
//
// The schema is in schema/<noun>.graphqls, its resolvers in <noun>.resolvers.go: each calls one rule and holds none. To add a field,
// write it there, run go generate, bind it to a field of the rule's type or fill in the resolver, and commit schema.graphql as the test
// prints it. What gqlgen makes lies in generated/; it makes no types: those in model/ are written by hand. internal/graphlean rewrites it to run
// on execution/.
//
// A request goes through the same steps whatever it asks: who calls (authenticate.go), what it says (params.go, document.go), whether
// that would be dear (limit/), who may use each field (access.go), and one place that shows errors (present.go). Cursors are signed
// (cursor/), scalars validate (scalar/), and who logs in keeps their session in a cookie (cookie/).
package graph
