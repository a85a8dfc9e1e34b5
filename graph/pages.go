package graph

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

// pages are the pages of one list below each of several entries: those that are asked with the same arguments are read together.
type pages[K comparable, V any] struct {
	mutex    sync.Mutex
	expected []K
	// alike are the batches by the arguments.
	alike map[string]*batch[K, []V]
}

// expect notes entries below which fields are going to ask for a page.
func (p *pages[K, V]) expect(keys ...K) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.expected = append(p.expected, keys...)
	for b := range maps.Values(p.alike) {
		b.expect(keys...)
	}
}

// get gives the page below one entry. read must give the same whoever asks with q and the filter.
func (p *pages[K, V]) get(ctx context.Context, key K, q *question, filter any, read func(ctx context.Context, keys []K) (map[K][]V, error)) ([]V, error) {
	arguments, err := json.Marshal([]any{q.page, filter})
	if err != nil {
		return nil, err
	}
	page, _, err := p.batch(string(arguments), read).get(ctx, key)
	return page, err
}

func (p *pages[K, V]) batch(arguments string, read func(ctx context.Context, keys []K) (map[K][]V, error)) *batch[K, []V] {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	b, ok := p.alike[arguments]
	if !ok {
		b = &batch[K, []V]{read: read, expected: slices.Clone(p.expected)}
		if p.alike == nil {
			p.alike = map[string]*batch[K, []V]{}
		}
		p.alike[arguments] = b
	}
	return b
}
