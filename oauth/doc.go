// Package oauth is the one home of tokens: it issues, changes, rotates, revokes, admits and introspects them, and speaks OAuth 2.0
// at /oauth2/token, /oauth2/introspect, /oauth2/revoke and /.well-known/oauth-authorization-server.
//
// What it promises:
//   - Every door ends in Service.Issue, Rotate and Revoke; a token made by one is seen, limited, rotated, introspected and revoked by
//     all. Each of the three is one unit of work, written whole or not at all.
//   - The text of a bearer or refresh token is shown once and never stored; stored is a keyed hash of it. A text that was cut, changed
//     or invented is refused before anything is read.
//   - One bearer of a lineage is good at a time. A rotation makes a new pair and the old one is dead with the same commit.
//   - A refresh token is good for one rotation, under any concurrency and on any number of instances. A second use revokes the lineage
//     in a write of its own.
//   - A bearer that may write tokens gives on only what it has itself: scopes, what is left of its limits, its expiry, its addresses.
//   - Admission caches immutable facts only. What can change is for the meter to read again inside its batch.
//
// fosite is used here and nowhere else, and only as the protocol edge: it parses token and revocation requests and writes their
// answers, and reaches the rules through its storage interfaces.
package oauth
