package storage

import (
	"net/netip"
	"sync"

	"github.com/pontage/pontage"
)

// maxRecent bounds the memory for it to a few megabytes.
const maxRecent = 50_000

// recentAddresses knows the newest address of lines. Most calls come from where the last one came from, under eleven lines each:
// to write that address anew in every fold would be the largest part of it, and change nothing, since addresses are kept in their
// order and the newest stays the newest. Its time is written once another address comes.
type recentAddresses struct {
	mutex sync.Mutex
	seeds lineSeeds
	// end is where the last fold of this instance ended; what was known is forgotten if another one folded since.
	end    watermarks
	newest map[lineHash]newestAddress
}

// newestAddress is an address with its newest time, which is stored or still to be.
type newestAddress struct {
	pontage.AddressSeen
	stored bool
}

// knownLine is what is to be known of one line.
type knownLine struct {
	hash lineHash
	newestAddress
}

func newRecentAddresses() *recentAddresses {
	return &recentAddresses{seeds: newLineSeeds(), newest: map[lineHash]newestAddress{}}
}

// due gives what a fold that begins at from must write of seen, which is sorted by line, and how to remember it once it is committed.
func (r *recentAddresses) due(from watermarks, seen []pontage.AddressSeen) (due []pontage.AddressSeen, keep func(end watermarks)) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.end != from || len(r.newest) > maxRecent {
		clear(r.newest)
	}
	next := make([]knownLine, 0, len(seen))
	for len(seen) > 0 {
		n := 1
		for n < len(seen) && seen[n].StatisticKey == seen[0].StatisticKey {
			n++
		}
		line := seen[:n]
		seen = seen[n:]
		hash := r.seeds.hash(line[0].StatisticKey)
		known, ok := r.newest[hash]
		if ok && n == 1 && line[0].Address == known.Address {
			if line[0].At.After(known.At) {
				next = append(next, knownLine{hash, newestAddress{line[0], false}})
			}
			continue
		}
		if ok && !known.stored && !has(line, known.Address) {
			due = append(due, known.AddressSeen)
		}
		due = append(due, line...)
		if newest := newestOf(line); !ok || !known.At.After(newest.At) {
			next = append(next, knownLine{hash, newestAddress{newest, true}})
		} else {
			next = append(next, knownLine{hash, newestAddress{known.AddressSeen, true}})
		}
	}
	return due, func(end watermarks) { r.keep(end, next) }
}

func (r *recentAddresses) keep(end watermarks, next []knownLine) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.end = end
	for _, line := range next {
		r.newest[line.hash] = line.newestAddress
	}
}

func has(line []pontage.AddressSeen, a netip.Addr) bool {
	for _, l := range line {
		if l.Address == a {
			return true
		}
	}
	return false
}

func newestOf(line []pontage.AddressSeen) pontage.AddressSeen {
	newest := line[0]
	for _, a := range line[1:] {
		if a.At.After(newest.At) {
			newest = a
		}
	}
	return newest
}
