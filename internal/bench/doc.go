// Command bench measures the platform over loopback, load generator included, and says how each path stands against a yardstick
// measured right before it on the same machine:
//
//	go run ./internal/bench            # or: make bench
//	go run ./internal/bench -short     # two seconds a case and one round, to see that everything works
//	go run ./internal/bench -filled    # or: make bench-filled; the same on a large database beside an empty one
//
// It builds the binary, prepares a database with a thousand active tokens, starts the binary as a process of its own with its
// defaults (durable, every limit looked at, one log line a call into a file) and drives it with wrk. The yardsticks are a bare
// net/http handler and a bare httputil.ReverseProxy, also processes of their own. SQLite is a file in a temporary folder,
// PostgreSQL a private cluster with its defaults (fsync on). Each case is measured three times (-rounds), and the middle round by its share
// of the yardstick counts. A case fails the run where an answer was not a success.
package main
