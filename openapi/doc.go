// Package openapi is what the REST surfaces share: it matches requests to the operations of an OpenAPI document, checks every
// request against it, checks answers too where asked, and writes the envelope.
//
// It promises that whatever a stranger sends is answered in the envelope with the right status, number and the field at fault, and
// that it reads no more of a body than MaxBody. Who calls, and what an operation does, is the surface's business.
package openapi
