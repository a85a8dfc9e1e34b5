// Package meter decides every call and keeps the books of what was decided.
//
// It promises:
//
//   - One pure function decides (decide.go), in one order, and says which limit bound, what is left and when it ends. A quote
//     asks the same function and takes nothing.
//   - A wallet is never overdrawn and a limit never exceeded, under any concurrency and on any number of instances: decisions
//     are made inside the transaction that locks the rows they read.
//   - An admitted call is durable before Reserve returns. It then ends once: settled, or released; a settled one may be refunded,
//     once. Every ending may be repeated and takes effect once. What nobody ends is released when its hold expires.
//   - What is to be given back while the database does not answer is owed: it is tried until the database is there again, as long as the
//     process lives. So is a call whose admission nobody could be told of.
//   - A refused call takes nothing.
//   - Calls under one Idempotency-Key are charged once in 24 hours. While the first is under way the others are refused; once it is
//     settled they are free; if it is given back, the next one is the first. A repeat that is under way while an answer of the
//     first breaks off and is refunded stays free.
//   - Days are closed: what their calls come to is summed, signed, and where Verify begins. Calls of closed days may then be deleted
//     without changing anything that is counted.
//   - Reads are exact: what is folded, plus the tail of the log that is not, from one snapshot.
//
// Concurrent calls share batches: whatever arrived while the last batch was being written is the next one, which waits for no more than
// as many calls as the disk is busy with. There is no timer, so a lonely call waits for nobody.
//
// The request rate is counted in memory, per instance; money, allowances and token limits are counted in the database.
package meter
