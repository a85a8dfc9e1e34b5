package pontage

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"
)

// The headers of requests that may be repeated.
const (
	// IdempotencyHeader carries the caller's key.
	IdempotencyHeader = "Idempotency-Key"
	// IdempotencyReplayed is "true" on an answer that was given before.
	IdempotencyReplayed = "Idempotency-Replayed"
)

const (
	// IdempotencyLifetime is how long a key is remembered.
	IdempotencyLifetime = 24 * time.Hour
	// MaxIdempotencyKey is the most characters a key may have.
	MaxIdempotencyKey = 255
)

// IdempotencyKeyOf gives the key of a request, "" where it has none. InvalidInput at the header: more than one, or not 1 to 255
// printable ASCII characters.
func IdempotencyKeyOf(h http.Header) (string, error) {
	values := h[IdempotencyHeader]
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	fits := len(values) == 1 && len(key) > 0 && len(key) <= MaxIdempotencyKey
	for i := 0; fits && i < len(key); i++ {
		fits = key[i] >= ' ' && key[i] <= '~'
	}
	if !fits {
		return "", E(InvalidInput, "The key must be one header of 1 to %d printable ASCII characters.", MaxIdempotencyKey).At(IdempotencyHeader)
	}
	return key, nil
}

// IdempotencyID names one key of one account on one route, without showing it.
type IdempotencyID string

// NewIdempotencyID hashes account, route and key. A route is "METHOD /template" of a surface, or "call " and an operation id.
func NewIdempotencyID(account AccountID, route, key string) IdempotencyID {
	return IdempotencyID(base64.RawURLEncoding.EncodeToString(HashParts(string(account), route, key)))
}

// HashParts is SHA-256 over the parts with their lengths, so that no two lists of parts are hashed alike.
func HashParts(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// IdempotencyRecord is what is kept of a request that was answered, so that its repeat gets the same answer.
type IdempotencyRecord struct {
	ID IdempotencyID
	// Fingerprint tells the same request from another one under the same key.
	Fingerprint []byte
	// Answer is encrypted; only who has credential and key can read it.
	Answer    []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// CallKey is the key of a call through the gateway, on its Attempt.
type CallKey struct {
	ID          IdempotencyID
	Fingerprint string
}

// KeyedCall says which call was charged for a key.
type KeyedCall struct {
	CallKey
	CallID    CallID
	ExpiresAt time.Time
}

// IdempotencyReader reads records.
type IdempotencyReader interface {
	// IdempotencyRecord gives the record, an expired one too.
	IdempotencyRecord(ctx context.Context, id IdempotencyID) (*IdempotencyRecord, error)
}

// IdempotencyWriter writes records.
type IdempotencyWriter interface {
	// InsertIdempotencyRecord takes the place of a record that expired before r.CreatedAt; one that has not is Conflict, after waiting
	// for a unit of work that is writing it.
	InsertIdempotencyRecord(ctx context.Context, r IdempotencyRecord) error
	// SetIdempotencyAnswer completes a record.
	SetIdempotencyAnswer(ctx context.Context, id IdempotencyID, answer []byte) error
	// DeleteExpiredKeys deletes records and keyed calls that expired by then, at most limit of each, and says how many.
	DeleteExpiredKeys(ctx context.Context, by time.Time, limit int) (int, error)
}
