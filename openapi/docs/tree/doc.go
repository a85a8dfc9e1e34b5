// Package tree holds an OpenAPI document as a tree whose members keep their order, so that what is made of a document reads like the
// document. It reads JSON and YAML and writes both.
package tree
