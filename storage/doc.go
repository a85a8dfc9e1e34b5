// Package storage implements the ports of the root package on SQLite and on PostgreSQL. It is the only package that knows SQL.
//
// It promises, on both engines alike:
//
//   - What Write, Batch and Fold answered without an error is on disk; what they answered with an error left nothing behind.
//     The one exception is a connection or a disk that breaks during the commit itself: the error is
//     Unavailable and the outcome unknown (pontage.ErrUnknownOutcome). After a failed sync SQLite's writer refuses everything until the server is started again.
//   - A unit of work sees its own writes, and nobody else sees them before the commit. It may run more than once, it is not
//     interrupted once it runs (a caller who gives up while it still waits is dropped), and it must not call the Store again.
//   - Read sees one consistent snapshot. The Store's own reads see the newest commit.
//   - Ids are case-sensitive and sort by bytes; times come back in UTC with microseconds; the zero time, the empty optional
//     id and a nil limit are NULL and come back as they went in; money is an integer of micro-units.
//   - Errors are pontage.Error where the caller can do something: NotFound, Conflict, InsufficientCredit, InvalidInput (a page
//     without a limit, text with a NUL) and Unavailable. An insert that meets a taken key is Conflict and leaves the unit of
//     work usable; after any other error the unit must end.
//
// On SQLite one connection writes. Units of work that arrive while it commits wait in a queue and are committed together, each
// in a savepoint of its own, so that one that fails leaves its neighbours alone and one fsync serves all. While the disk keeps one group the
// next is written (syncer.go); whoever made a commit or read it is answered when the disk has it. On PostgreSQL every unit
// is a READ COMMITTED transaction, repeated a few times after a deadlock or a serialization failure.
//
// SQLite's batches keep the rows they read and wrote (rowcache.go). So whatever else changes a lineage, a wallet, a subscription, or
// whether an account or client is disabled, must say so to tx.cache in the same method.
//
// Migrations are plain SQL in migrations/sqlite and migrations/postgres under equal names; they only go forward, and a file
// that was applied once must never change.
package storage
