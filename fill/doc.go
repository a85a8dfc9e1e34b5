// Package fill makes the data of a platform that has been running for a long time: accounts, tokens, calls by day with their outcomes,
// transfers, statistics and closed days. Everything is made as the platform itself would have left it, by the same rules (package
// meter counts and signs), so that the books are true: verify finds nothing, and ordinary traffic goes on from there.
//
// It decides what the rows are; putting many of them into a database quickly is the affair of its Bulk.
package fill
