package storage

import (
	"context"
	"sync"

	"github.com/pontage/pontage"
)

// lineagesIn gives the tokens of a stretch's admitted calls, each once.
func lineagesIn(tail pontage.Tail) []pontage.LineageID {
	var ids []pontage.LineageID
	var last pontage.LineageID
	known := map[pontage.LineageID]struct{}{}
	see := func(c *pontage.Call) {
		if c.LineageID == last || c.State == pontage.CallRefused {
			return
		}
		last = c.LineageID
		if _, ok := known[last]; !ok && last != "" {
			known[last] = struct{}{}
			ids = append(ids, last)
		}
	}
	for i := range tail.Calls {
		see(&tail.Calls[i])
	}
	for i := range tail.Outcomes {
		see(&tail.Outcomes[i].Call)
	}
	return ids
}

// ownedLineage is a token of a client.
type ownedLineage struct {
	id pontage.LineageID
	pontage.LineageOwner
}

// ownersOf gives the clients of those of the tokens that have one, in one read.
func (r reader) ownersOf(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]pontage.LineageOwner, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	s := in(r.kept("SELECT l.id, l.client_id, l.domain_id FROM lineages l WHERE l.client_id IS NOT NULL AND l.id IN "), ids)
	rows, err := list(ctx, r, s, "token", func(o *ownedLineage) []any {
		return []any{&o.id, textInto(&o.ClientID), textInto(&o.DomainID)}
	})
	if len(rows) == 0 {
		return nil, err
	}
	found := make(map[pontage.LineageID]pontage.LineageOwner, len(rows))
	for _, o := range rows {
		found[o.id] = o.LineageOwner
	}
	return found, err
}

// LineageOwners implements pontage.StatisticReader.
func (r reader) LineageOwners(ctx context.Context, tail pontage.Tail) (map[pontage.LineageID]pontage.LineageOwner, error) {
	return r.ownersOf(ctx, lineagesIn(tail))
}

// maxOwners bounds the memory for it to some megabytes.
const maxOwners = 100_000

// lineageOwners knows whose the tokens are that were folded before: that never changes. Those without a client are known as such.
type lineageOwners struct {
	mutex sync.Mutex
	known map[pontage.LineageID]pontage.LineageOwner
}

func newLineageOwners() *lineageOwners {
	return &lineageOwners{known: map[pontage.LineageID]pontage.LineageOwner{}}
}

// of gives the clients of those of the tokens that have one; it reads those it does not know.
func (o *lineageOwners) of(ctx context.Context, r reader, ids []pontage.LineageID) (map[pontage.LineageID]pontage.LineageOwner, error) {
	found, unknown := o.look(ids)
	read, err := r.ownersOf(ctx, unknown)
	if err != nil || len(unknown) == 0 {
		return found, err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if len(o.known)+len(unknown) > maxOwners {
		clear(o.known)
	}
	for _, id := range unknown {
		o.known[id] = read[id]
		if of, ok := read[id]; ok {
			found[id] = of
		}
	}
	return found, nil
}

func (o *lineageOwners) look(ids []pontage.LineageID) (found map[pontage.LineageID]pontage.LineageOwner, unknown []pontage.LineageID) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	found = map[pontage.LineageID]pontage.LineageOwner{}
	for _, id := range ids {
		switch of, ok := o.known[id]; {
		case !ok:
			unknown = append(unknown, id)
		case of.ClientID != "":
			found[id] = of
		}
	}
	return found, unknown
}
