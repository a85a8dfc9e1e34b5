//go:build !linux

package server

// belowAll runs do; only Linux knows threads of a lower priority.
func belowAll(do func() error) error { return do() }
