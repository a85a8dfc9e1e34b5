// Package docs shows an OpenAPI document to people: Swagger UI, with everything it needs inside the program.
//
// It promises that a page loads nothing from another host and that its Content-Security-Policy says so.
package docs
