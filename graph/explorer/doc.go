// Package explorer is GraphiQL with example queries, for the sandbox. Everything it needs is embedded and served by the instance itself,
// under a policy that lets no script of any other place run. The files come from npm by the script fetch.
package explorer
