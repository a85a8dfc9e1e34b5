// Package storagetest opens real stores for tests, and holds the suites that both engines must pass whole: nothing is skipped and
// nothing is optional.
package storagetest
