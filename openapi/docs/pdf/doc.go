// Package pdf prints the reference of a document: a title page, a table of contents with links and page numbers, an outline, and every
// operation with its parameters, fields, answers and examples.
//
// It promises that the same document gives the same pages, that text is text (it can be searched and copied), and that a letter the
// fonts do not have is shown as a question mark and stops nothing. The fonts are Go's own (Bigelow & Holmes, a BSD licence), which have
// Latin, Greek and Cyrillic.
package pdf
