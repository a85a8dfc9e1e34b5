package account

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/pontage/pontage"
)

// Who finds the queue full is told to come back, instead of waiting until the browser gives up.
func TestTheQueueForHashingIsBounded(t *testing.T) {
	h := &hasher{hashing: hashing{memory: 64, passes: 1, lanes: 1}, slots: make(chan struct{}, 1)}
	h.slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range waitersPerSlot {
		waiting.Go(func() {
			if _, err := h.hash(ctx, "x"); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	for h.waiting.Load() < waitersPerSlot {
		runtime.Gosched()
	}
	_, err := h.hash(ctx, "x")
	if e := pontage.Public(err); e.Code != pontage.Unavailable || e.RetryAfter == 0 {
		t.Errorf("got %v", err)
	}
	cancel()
	waiting.Wait()
	<-h.slots
	if stored, err := h.hash(t.Context(), "x"); err != nil || h.waiting.Load() != 0 {
		t.Errorf("%q, %v, %d waiting", stored, err, h.waiting.Load())
	}
}

// What stands in the database must not be able to make a login cost a gigabyte, and what is no hash never matches.
func TestStoredHashesAreReadWithCare(t *testing.T) {
	h := &hasher{hashing: hashing{memory: 64, passes: 1, lanes: 1}, slots: make(chan struct{}, 1)}
	good, err := h.hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if ok, stale, err := h.matches(t.Context(), "x", good); !ok || stale || err != nil {
		t.Fatalf("%v %v %v", ok, stale, err)
	}
	for _, bad := range []string{
		"", "x", good[1:], strings.Replace(good, "m=64", "m=99999999", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "argon2id", "argon2i", 1), good[:len(good)-30], good + "$",
	} {
		if ok, _, err := h.matches(t.Context(), "x", bad); ok || err != nil {
			t.Errorf("%q: %v %v", bad, ok, err)
		}
	}
}
