package prove_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// workspace holds what all tests of a run share: the built program.
var workspace string

// TestMain is the tests, or one of the parts this binary plays as a process of its own.
func TestMain(m *testing.M) {
	if path := os.Getenv(syncVariable); path != "" {
		fmt.Fprintln(os.Stderr, becomeWatched(path))
		os.Exit(1)
	}
	if bug := os.Getenv(victimVariable); bug != "" {
		fmt.Fprintln(os.Stderr, serveVictim(bug))
		os.Exit(1)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if workspace, err = os.MkdirTemp("", "pontage-prove-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(workspace) }()
	return m.Run()
}

// long gives how often or how long something is tried: in every test run, and at night.
func long[T any](always, nightly T) T {
	if os.Getenv("PONTAGE_PROVE") == "nightly" {
		return nightly
	}
	return always
}

// patient stretches a bound that holds on a machine which does nothing else, on one that is PONTAGE_PROVE_SLOWER times slower. What was
// measured is printed either way.
func patient(bound time.Duration) time.Duration {
	if times, err := strconv.Atoi(os.Getenv("PONTAGE_PROVE_SLOWER")); err == nil && times > 1 {
		return bound * time.Duration(times)
	}
	return bound
}
