// Package token is the REST token API: tokens, scopes, wallet, statistics, subscriptions, callbacks and errors of an account.
//
// openapi.yaml is its source: from it come the types and the interface in generated, the validation of every request, and the
// documents and Swagger UI that are served beside the operations. It promises the wire contract field for field and number for
// number. A handler decodes, calls the rule packages and encodes; it decides nothing.
package token
