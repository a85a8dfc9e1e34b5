// Package gatetest runs the configurations of docs/forward-auth in the real nginx and the real Caddy, before a real API and a whole
// instance, and looks at what partners get and pay.
//
// The programs are looked for in PATH, and are installed where that is possible; where it is not, the test fails and says what to
// type. It never skips.
package gatetest
