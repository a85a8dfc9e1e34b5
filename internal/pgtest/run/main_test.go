package main

import (
	"testing"

	"github.com/pontage/pontage/internal/pgtest"
)

// A failing test run must fail the build.
func TestTheCommandsExitCodeComesBack(t *testing.T) {
	t.Setenv(pgtest.Variable, "postgres://elsewhere")
	for code, command := range map[int]string{0: "test $" + pgtest.Variable + " = postgres://elsewhere", 7: "exit 7", 1: "kill -9 $$"} {
		if got, err := run([]string{"sh", "-c", command}); got != code || err != nil {
			t.Errorf("%s: %d, %v", command, got, err)
		}
	}
	if got, err := run([]string{"/no/such/command"}); got != 1 || err == nil {
		t.Errorf("missing command: %d, %v", got, err)
	}
}

// The command finds a server that lives as long as it does.
func TestTheCommandGetsACluster(t *testing.T) {
	t.Setenv(pgtest.Variable, "")
	got, err := run([]string{"sh", "-c", "case $" + pgtest.Variable + " in postgres://*) exit 0;; esac; exit 3"})
	if got != 0 || err != nil {
		t.Fatalf("%d, %v", got, err)
	}
}
