// Package edition makes the forms in which a document is handed out: as JSON and as YAML, in its own version and in OpenAPI 3.1, with
// code samples, and for an imported API with our server and our way to authenticate instead of the provider's.
//
// It promises that every edition says the same about the API, in the order of the document, and that what was repaired at the import
// is repaired in it.
package edition
