package pontage

import (
	"context"
	"sync"
	"time"
)

// Idempotency is the one place where requests get their keys: every door of an instance begins here. It is safe for concurrent use.
type Idempotency struct {
	store   IdempotencyStore
	clock   Clock
	mutex   sync.Mutex
	running map[IdempotencyID]struct{}
}

// IdempotencyStore is what keys need of a Store.
type IdempotencyStore interface {
	IdempotencyReader
	Write(ctx context.Context, do func(Tx) error) error
}

// NewIdempotency makes the keys of one instance.
func NewIdempotency(store IdempotencyStore, clock Clock) *Idempotency {
	return &Idempotency{store: store, clock: clock, running: map[IdempotencyID]struct{}{}}
}

// IdempotentRequest is a request with a key.
type IdempotentRequest struct {
	AccountID AccountID
	// Route is "METHOD /template" of the surface.
	Route string
	Key   string
	// Credential is the secret the caller was proved by: API key, bearer, refresh token or client secret.
	Credential string
	// Parts make the request what it is: path, query, body.
	Parts []string
}

// Begin looks the key up. Where the request was answered before, Before of the result says how; else it is this request's to claim,
// and End must follow. Errors: KeyInProgress while this instance works on a request under the key, KeyReused where it belongs to
// another request, and the store's.
func (i *Idempotency) Begin(ctx context.Context, r IdempotentRequest) (*Once, error) {
	o := &Once{owner: i, id: NewIdempotencyID(r.AccountID, r.Route, r.Key)}
	if err := o.derive(r.Credential, r.Key, r.Parts); err != nil {
		return nil, err
	}
	if !i.begin(o.id) {
		return nil, E(KeyInProgress, "A request with this key is being worked on. Try again.").At(IdempotencyHeader).After(time.Second)
	}
	var err error
	if o.before, err = o.Recall(ctx); err != nil || o.before != nil {
		i.end(o.id)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (i *Idempotency) begin(id IdempotencyID) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if _, busy := i.running[id]; busy {
		return false
	}
	i.running[id] = struct{}{}
	return true
}

func (i *Idempotency) end(id IdempotencyID) {
	i.mutex.Lock()
	delete(i.running, id)
	i.mutex.Unlock()
}

// sweepRows is how many keys one step of a sweep deletes of each kind.
const sweepRows = 500

// Sweep deletes the keys that are over, in small steps, and says how many.
func (i *Idempotency) Sweep(ctx context.Context) (int, error) {
	now, total := i.clock.Now(), 0
	for {
		n := 0
		err := i.store.Write(ctx, func(tx Tx) (err error) {
			n, err = tx.DeleteExpiredKeys(ctx, now, sweepRows)
			return err
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}
