// Package gateway is the door partners' calls go through: a reverse proxy that asks oauth who calls, catalog what is called and
// meter whether it is paid, and only then lets the call pass.
//
// It promises:
//   - nothing of a call reaches the upstream before its decision is durable, and nothing of an answer reaches the partner before
//     the charge is;
//   - what the upstream fails (5xx, no headers in time, no connection, a body that breaks off) costs nothing; what the partner
//     breaks off costs what it would have cost;
//   - the path that goes upstream is rebuilt from the matched operation, never copied;
//   - bodies stream both ways, and no stalled partner holds a connection for good;
//   - the partner's credentials, cookies, forwarding headers and Pontage-* stay here; the upstream's cookies, RateLimit* and
//     Pontage-* too;
//   - a proxy of the operator's may take the calls to the APIs instead: Check decides and charges them, under the same rules and once
//     for each id the proxy gives, and Outcome gives back what the API failed at;
//   - a call under an Idempotency-Key is charged once in 24 hours per account, operation and body, and goes upstream each time with the
//     key: a repeat says Pontage-Charged: 0, who paid the first, and its id in Pontage-Repeats;
//   - where Suppose is set, a call may name a refusal or a failure to rehearse: it goes the way of the real one, and a rehearsed
//     refusal takes nothing;
//   - every call writes one log line with its id and route, never its path, and is told to the Observer.
//
// What a caller may stumble over:
//   - with an Idempotency-Key a body needs a length of at most 64 KiB; the same key with another path, query or body of the operation is
//     refused with 422, and with 409 while the first call is under way. What was given back frees its key;
//   - the time-out for headers begins with the decision and includes the partner's upload, because a hold must outlive both;
//   - a body without a length is cut at its bound: before the upstream's headers the partner gets 413 and pays nothing, after them
//     the answer breaks off and stays charged;
//   - an answer that begins before the request's body has ended closes an HTTP/1 connection behind it;
//   - the upstream's 1xx answers and the partner's request trailers are not passed on; which pages may call (CORS) is decided here.
//
// Where the database does not answer, a call costs what the partner was told: what it holds or was charged is owed, and given back once
// the database is there again.
//
// The windows that are left, in both of which a call stays charged:
//   - it was settled and then could not be delivered, because partner or gateway went away between the charge and the first byte;
//   - the database took the charge and went away before it could say so, and this process died before the database was back. What the
//     database had not taken comes back with the hold, whoever dies.
package gateway
