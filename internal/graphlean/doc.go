// Command graphlean rewrites what gqlgen generated: calls of gqlgen's general runtime become calls of graph/execution where a field is read
// off its object, without a resolver and without a directive. gqlgen has no option for that, and its way of reading one such field costs
// more than the field. It stops where it does not find what it looks for: then gqlgen writes something else now, and edits.go must follow.
package main
