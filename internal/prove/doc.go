// Package prove holds the proofs of what is promised about money, run against the real thing: the program as a process of its own
// where it is killed, stopped or cut off from its database, the meters and stores of several instances where they compete. It has
// tests only.
//
//   - TestBank: many clients on few wallets, tokens and subscriptions, on one instance and on three.
//   - TestKill: kill -9 under paid load; what was acknowledged is in the books, nothing twice.
//   - TestKillAtEveryFsync and TestPostgresKilledAtFsyncs: the server, or the database, dies while it asks for its Nth fsync; on SQLite
//     also with everything lost that was written since the fsync before, as power takes it.
//   - TestDatabaseAway and TestDiskFull: 503 while it lasts, nothing lost, service again alone.
//   - TestChurn: tokens rotated, revoked and limited anew under load.
//   - TestRollingRestart: instances are replaced one by one and no call fails for it.
//   - TestPlanted…: the same harness on a platform with a fault built in must find it.
//
// Each prints its numbers (go test -v). PONTAGE_PROVE=nightly makes them as long as a night allows; PONTAGE_PROVE_SLOWER=6 gives a machine that
// does other things six times as long to be ready.
package prove
