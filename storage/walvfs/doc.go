// Package walvfs is a file layer for SQLite that writes what a commit appends to the write-ahead log in one system call.
//
// SQLite hands its log over in pieces of 24 bytes and of one page, and each piece is a system call: a commit of 44 pages makes 88. This
// layer gathers pieces that follow each other and hands them to the ordinary layer together: before a sync, before anybody reads, measures,
// cuts or closes the file, before the write lock is given back, and once [room] is full.
//
// What it promises:
//   - After a sync the file holds what it would hold without this layer. SQLite tells other connections of a commit only after that sync,
//     as long as the connection syncs every commit (synchronous FULL or EXTRA): that is the condition of using it.
//   - A write that fails is told by the sync that follows, with the code of the write; what was gathered is dropped, and SQLite rolls back.
//   - What a transaction that was rolled back had written is in the file before anybody else may write there.
//   - All else, and every other connection, uses the ordinary layer untouched.
package walvfs
