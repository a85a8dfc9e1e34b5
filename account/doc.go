// Package account keeps billing tenants and the API keys they sign in with.
//
// What it promises: an API key is shown once and stored as a keyed hash. A key that was cut, changed or invented is refused before
// anything is read. Whatever is wrong with an e-mail, a key or an account, the answer is the same Unauthenticated, so that nothing can
// be learnt from it. A revoked key or a disabled account is refused at once on the instance that changed it, and within one second on
// the others.
package account
