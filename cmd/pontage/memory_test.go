package main

import "testing"

// A process with few tokens stays small, and one with many is not kept collecting.
func TestTheLimitOfMemoryFollowsWhatLives(t *testing.T) {
	for live, want := range map[uint64]int64{0: roomy, 25 << 20: roomy, 33 << 20: roomy, 100 << 20: 250 << 20} {
		if got := limitFor(live); got != want {
			t.Errorf("%d bytes live: a limit of %d, want %d", live, got, want)
		}
	}
}
