// Package execution is what the generated code of the graph runs on where gqlgen's own runtime costs more than the answer: a field that is
// read off its object needs no closures, no goroutine and no context of its own before it fails. internal/graphlean writes the calls.
package execution
