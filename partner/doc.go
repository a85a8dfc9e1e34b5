// Package partner keeps what a partner manages beside its account: OAuth clients and their secrets.
//
// One function, pontage.Authorize, says who may do what on a client, and every rule asks it. Whoever may nothing on a client cannot tell
// it from one that does not exist. Each change is one unit of work that holds the client's row: change, audit entry, mail and the answer
// for a repeated request are there together or not at all.
//
// Beside them it keeps members and roles, domains, the scopes that a client may use, and plans. Nobody grants what they do not hold, nobody
// touches who stands above them, and the last owner stays. What partners name is only ever asked from outside, at public addresses. Money
// moves by a transfer in the unit of work that gives what is paid for.
//
// What it promises: a client secret is shown once and stored as a keyed hash; several may live at once, so that they are exchanged
// without a gap. A secret that was cut, changed or invented is refused before anything is read, and neither answer nor time tells whether
// a client exists. A revoked secret, a disabled client or a disabled account is refused at once on the instance that changed it, and
// within one second on the others.
package partner
