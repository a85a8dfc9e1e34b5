package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/pontage/pontage"
)

// hashing are the parameters of argon2id. They stand in every hash, so that they can be raised: an older hash is written anew at its
// owner's next login.
type hashing struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var currentHashing = hashing{memory: 19 * 1024, passes: 2, lanes: 1}

const (
	saltLength = 16
	keyLength  = 32
	// slotsPerCore and waitersPerSlot bound what passwords cost: so many hashings at once, and so many callers that wait for one.
	slotsPerCore   = 2
	waitersPerSlot = 16
	// mostMemory is the most a stored hash may ask for, in KiB.
	mostMemory = 1 << 20
)

// hasher hashes passwords, a bounded number at once.
type hasher struct {
	hashing hashing
	slots   chan struct{}
	waiting atomic.Int64
	// running, peak and done are for tests.
	running, peak, done atomic.Int64
}

func newHasher() *hasher {
	return &hasher{hashing: currentHashing, slots: make(chan struct{}, slotsPerCore*runtime.GOMAXPROCS(0))}
}

// hash gives the stored form of a password: Unavailable where too many wait already, or the context's error.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	key, err := h.key(ctx, h.hashing, password, salt, keyLength)
	if err != nil {
		return "", err
	}
	return format(h.hashing, salt, key), nil
}

// matches says whether stored is the hash of password, and whether it should be written anew. A stored form that is empty or cannot be
// read costs the same work and never matches. Errors are those of hash.
func (h *hasher) matches(ctx context.Context, password, stored string) (ok, stale bool, err error) {
	with, salt, want, readable := parse(stored)
	if !readable {
		with, salt, want = h.hashing, make([]byte, saltLength), make([]byte, keyLength)
	}
	key, err := h.key(ctx, with, password, salt, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(key, want) == 1
	return same && readable, with != h.hashing, nil
}

func (h *hasher) key(ctx context.Context, with hashing, password string, salt []byte, length uint32) ([]byte, error) {
	if h.waiting.Add(1) > waitersPerSlot*int64(cap(h.slots)) {
		h.waiting.Add(-1)
		return nil, pontage.E(pontage.Unavailable, "Too many people are logging in. Try again.").After(time.Second)
	}
	select {
	case h.slots <- struct{}{}:
		h.waiting.Add(-1)
	case <-ctx.Done():
		h.waiting.Add(-1)
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	h.count()
	defer h.running.Add(-1)
	return argon2.IDKey([]byte(password), salt, with.passes, with.memory, with.lanes, length), nil
}

func (h *hasher) count() {
	h.done.Add(1)
	running := h.running.Add(1)
	for {
		peak := h.peak.Load()
		if running <= peak || h.peak.CompareAndSwap(peak, running) {
			return
		}
	}
}

func format(with hashing, salt, key []byte) string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, with.memory, with.passes, with.lanes, text(salt), text(key))
}

// parse reads what format wrote.
func parse(stored string) (with hashing, salt, key []byte, ok bool) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return with, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &with.memory, &with.passes, &with.lanes); err != nil {
		return with, nil, nil, false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	ok = saltErr == nil && keyErr == nil && len(key) >= 16 && with.passes > 0 && with.lanes > 0 && with.memory <= mostMemory
	return with, salt, key, ok
}
