package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// collectAt is how much the heap may grow between two collections, in parts of a hundred of what lives: little lives here and much
	// passes through, so twice Go's default halves the work and costs a few megabytes.
	collectAt = 200
	// roomy is what Go's part of the memory may come to before collections come more often than that, in bytes. Binary and database
	// take some 65 MiB beside it, so that a process with few tokens stays below 150 MiB.
	roomy = 84 << 20
	// roomEvery is how often it is looked whether more lives than that is good for.
	roomEvery = time.Second
)

// boundMemory sets both until ctx ends, unless the environment says otherwise.
func boundMemory(ctx context.Context) {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(collectAt)
	}
	if _, set := os.LookupEnv("GOMEMLIMIT"); !set {
		go followMemory(ctx)
	}
}

// followMemory moves the limit with what lives: below twice of that the collector would hardly rest.
func followMemory(ctx context.Context) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	limit := int64(roomy)
	debug.SetMemoryLimit(limit)
	ticker := time.NewTicker(roomEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(live)
		if now := limitFor(live[0].Value.Uint64()); farFrom(now, limit) {
			limit = now
			debug.SetMemoryLimit(limit)
		}
	}
}

// limitFor is roomy as long as half of it is free after a collection, and grows with what lives from there on.
func limitFor(live uint64) int64 { return max(roomy, 5*int64(live)/2) }

// farFrom says whether it is worth stopping the world for a moment.
func farFrom(a, b int64) bool { return a > b+b/10 || a < b-b/10 }
