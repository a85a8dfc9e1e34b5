// Package catalog knows which APIs there are: it imports their OpenAPI documents and prices, says which operation a request
// means, and which scopes an account may have.
//
// It promises:
//   - an import changes one document's API whole or not at all, keeps every id, and says what it repaired and left out;
//   - a path is matched as it came over the wire, and what goes upstream is rebuilt from the match, so that nothing a caller
//     writes can mean one operation here and another one there;
//   - a scope is never guessed: every operation belongs to exactly one, and a scope without a price cannot be bought;
//   - a running instance reads rows, never documents: lookups work on an immutable snapshot behind an atomic pointer.
//
// It is the home of kin-openapi beside package openapi.
package catalog
