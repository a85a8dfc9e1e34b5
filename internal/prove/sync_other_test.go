//go:build !linux

package prove_test

import (
	"errors"
	"os/exec"
	"testing"
)

// syncs are watched on Linux alone.
type syncs struct{ reached chan struct{} }

func watchSyncs(t testing.TB, _ *exec.Cmd) *syncs {
	t.Fatal("to watch fsync needs Linux")
	return nil
}

func (s *syncs) stopAt(int, func()) {}
func (s *syncs) stopAfter(int)      {}

func becomeWatched(string) error { return errors.New("to watch fsync needs Linux") }
