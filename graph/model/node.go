package model

// Node is anything that can be found by its id. The nodes are types of the rules, which do not know GraphQL.
type Node any
