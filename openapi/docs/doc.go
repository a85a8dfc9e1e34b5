// Package docs is what partners read: a page to start with, and for every imported API its document as this instance sells it, with prices,
// limits and scopes, to read, to try, to download and to hand to programs.
//
// It promises:
//
//   - Pages load nothing from another host, run no script that is not a file of ours, and their Content-Security-Policy says so.
//   - A document leads through this instance: its server is ours, its way in is a token. What it says of prices is what the catalogue
//     charges.
//   - Documents are made once, at import or by the first who asks after something they are made from changed, and kept in the database. A
//     start makes none.
//   - What a reader types as credentials stays in the tab and is sent to this instance alone.
package docs
