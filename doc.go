// Package pontage is the vocabulary of the platform: accounts, clients, catalogue, tokens, money, calls and their
// decisions, the errors all surfaces share, and the ports the store implements.
//
// It promises to be pure: it imports the standard library only, does no I/O, reads no clock and keeps no state. Rules that
// need a store live in the rule packages (catalog, account, partner, oauth, meter, callback), which import this package and
// never each other.
package pontage
