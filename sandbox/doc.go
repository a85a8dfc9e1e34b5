// Package sandbox holds what makes an instance a sandbox: an upstream that answers from the documents of the APIs instead of
// calling them.
//
// It promises that a request to the sandbox meets the same catalogue, tokens, limits and wallet as in production; only what
// stands behind the gateway differs, and it answers with what the API's own document says.
package sandbox
