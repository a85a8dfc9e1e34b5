// Package demo is a small API of our own, so that a newcomer has something to call, to pay for and to see fail: its OpenAPI
// document, its price file, and the upstream that answers it.
//
// It promises to answer the same question always the same way, to need nothing but this package, and to follow its own document.
// The data is a handful of European places and postcodes; it is there to be called, not to be relied on.
package demo
