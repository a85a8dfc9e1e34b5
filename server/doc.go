// Package server assembles instances from their parts and runs them: one value for production, one for the sandbox, each with its
// own database, keys, listener and upstream.
//
// It promises that an instance is ready only while its database answers, that a stop finishes the calls in flight before it
// closes anything, and that everything that differs between production and sandbox is a value in Instance, decided here.
package server
