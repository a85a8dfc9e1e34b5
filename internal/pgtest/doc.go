// Package pgtest gives tests a real PostgreSQL, 15 or newer, and never skips.
//
// URL gives a fresh, empty database. It lives in the cluster that PONTAGE_TEST_POSTGRES names (the URL of a superuser), or else in
// a private cluster that the first test of a process starts in a temporary folder. A shell waits on a pipe from the test process
// and stops and deletes that cluster as soon as the process is gone, however it ended, so nothing leaks.
//
// The server's programs are looked for in PATH and where Debian puts them, and are installed where that is possible. PostgreSQL
// refuses to run as root; a root process starts it as the system user "postgres", or "nobody" where there is none.
//
// Package run starts one cluster for a whole command, which is faster than one per tested package.
package pgtest
