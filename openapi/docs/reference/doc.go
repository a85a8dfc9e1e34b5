// Package reference reads an OpenAPI document into what people are shown of it: its operations in order, with parameters, the fields
// of bodies and answers as flat lists, examples that validate, security and servers. Samples, collections, the PDF and the pages are
// all made from this model.
//
// It promises that the model is of the document as an import takes it, with the same repairs; that the same document always gives the
// same model; and that no document, however its schemas contain themselves, makes it run or grow without bound.
package reference
