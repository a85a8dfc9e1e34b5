// Package walvfs is a file layer for SQLite that writes what a commit appends to the write-ahead log in one system call, and leaves the commit's
// sync to [Sync], so that the next transaction can be written meanwhile.
//
// SQLite hands its log over in pieces of 24 bytes and of one page, and each piece is a system call: a commit of 44 pages makes 88. This
// layer gathers pieces that follow each other and hands them to the ordinary layer together: before a sync, before anybody reads, measures,
// cuts or closes the file, before the write lock is given back, and once [room] is full.
//
// What it promises to connections with synchronous FULL and checkpoint_fullfsync, which is the condition of using it:
//   - When a commit is over the file holds what it would hold without this layer: SQLite asks for a sync then, and only after that tells other
//     connections.
//   - What was committed before Sync is called is on the disk after it. Until then the loss of power can take it, from the newest commit
//     backwards; a process that ends takes nothing. Whoever commits must therefore tell nobody before Sync.
//   - All other syncs are done at once: that of a log's beginning, and those before pages move into the database. SQLite asks for them in full,
//     and for a commit's in the normal way, which is how they are told apart.
//   - A write that fails is told by the sync that follows, with the code of the write; what was gathered is dropped, and SQLite rolls back.
//   - What a transaction that was rolled back had written is in the file before anybody else may write there.
//   - All else, and every other connection, uses the ordinary layer untouched.
package walvfs
