// Package mail delivers the outbox.
//
// What it promises: a mail that was committed is sent at least once by SMTP, over TLS, as long as it is worth sending; a mail server
// that is away is tried again with growing pauses, and one that says no for good is not. Several instances send each mail once between
// them, except where one dies between sending and noting it. Without a mail server everything stays in the outbox, where the operator
// reads it. Texts are kept encrypted and are erased once they were sent.
package mail
