package pontage

import (
	"sync"
	"time"
)

// Freshness is how long what was read of the database may be believed where a rule allows it: what another instance changed is seen
// after that at the latest.
const Freshness = time.Second

// Recent remembers what was read for each key, for at most Freshness; what this process changes itself must be forgotten by it, and is
// then read again at once. It is safe for concurrent use.
type Recent[K comparable, V any] struct {
	clock Clock
	most  int
	mutex sync.Mutex
	// young gets every new reading. After Freshness, or once it holds as many as it may, it becomes old, and what was old is gone: so
	// the memory it takes follows what is in use.
	young, old map[K]*reading[V]
	turned     time.Time
}

// reading is what one key's rows said at a time, or will say once they are read.
type reading[V any] struct {
	at    time.Time
	done  bool
	value V
}

// NewRecent makes an empty one that holds at most twice most keys.
func NewRecent[K comparable, V any](clock Clock, most int) *Recent[K, V] {
	return &Recent[K, V]{clock: clock, most: most, young: map[K]*reading[V]{}}
}

// Get gives what is remembered for the key, else what read says. An error is given and not remembered. The value is shared: it must not
// be changed.
func (r *Recent[K, V]) Get(key K, read func() (V, error)) (V, error) {
	found := r.begin(key)
	if found.done {
		return found.value, nil
	}
	value, err := read()
	if err == nil {
		r.keep(key, found, value)
	}
	return value, err
}

// begin gives a reading that is done, else the one that is to be kept. That one has its place before anything is read, so that Forget
// meets it there: what is read before a change is never remembered after it.
func (r *Recent[K, V]) begin(key K) *reading[V] {
	now := r.clock()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if found := r.find(key); found != nil && fresh(found.at, now) {
		return found
	}
	if len(r.young) >= r.most || !fresh(r.turned, now) {
		r.young, r.old, r.turned = map[K]*reading[V]{}, r.young, now
	}
	begun := &reading[V]{at: now}
	r.young[key] = begun
	return begun
}

func fresh(at, now time.Time) bool {
	age := now.Sub(at)
	return age >= 0 && age < Freshness // a clock that was put back says nothing
}

func (r *Recent[K, V]) find(key K) *reading[V] {
	if found := r.young[key]; found != nil {
		return found
	}
	return r.old[key]
}

// keep puts a done reading in the place of one that is still there.
func (r *Recent[K, V]) keep(key K, begun *reading[V], value V) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.find(key) == begun {
		delete(r.old, key)
		r.young[key] = &reading[V]{at: begun.at, done: true, value: value}
	}
}

// Forget makes the next Get of these keys read again.
func (r *Recent[K, V]) Forget(keys ...K) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, key := range keys {
		delete(r.young, key)
		delete(r.old, key)
	}
}

// ForgetAll makes every next Get read again.
func (r *Recent[K, V]) ForgetAll() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	clear(r.young)
	r.old = nil
}
