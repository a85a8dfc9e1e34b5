package pontage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"sync"
)

// Key is one server key: 256 random bits under a short id that every stored hash carries.
type Key struct {
	ID     string
	Secret [32]byte
}

// NewKey makes a random key.
func NewKey(id string) Key {
	k := Key{ID: id}
	rand.Read(k.Secret[:])
	return k
}

// KeyRing hashes and seals under its first key and verifies and opens under all of them. It is immutable and safe for
// concurrent use. Losing it means that every token, API key and client secret must be issued again.
type KeyRing struct{ keys []ringKey }

// ringKey is a key with its hashing states, which are made once and not for each text.
type ringKey struct {
	Key
	states *sync.Pool
}

// state is an HMAC under one key and the bytes it takes.
type state struct {
	mac  hash.Hash
	text []byte
}

func newRingKey(k Key) ringKey {
	return ringKey{k, &sync.Pool{New: func() any { return &state{mac: hmac.New(sha256.New, k.Secret[:])} }}}
}

// NewKeyRing makes a ring; the first key signs. It needs at least one key with a distinct, non-empty id.
func NewKeyRing(keys ...Key) (*KeyRing, error) {
	seen := map[string]bool{"": true}
	for _, k := range keys {
		if seen[k.ID] {
			return nil, errors.New("key ring: ids must be distinct and not empty")
		}
		seen[k.ID] = true
	}
	if len(keys) == 0 {
		return nil, errors.New("key ring: it is empty")
	}
	ring := &KeyRing{}
	for _, k := range keys {
		ring.keys = append(ring.keys, newRingKey(k))
	}
	return ring, nil
}

// Hash gives the HMAC-SHA256 of secret under the signing key, and that key's id.
func (r *KeyRing) Hash(secret string) (keyID string, hash []byte) {
	return r.keys[0].ID, r.keys[0].sum("hash", secret)
}

// Matches says in constant time whether hash is that of secret under the key keyID; an empty hash or unknown key never is.
func (r *KeyRing) Matches(secret, keyID string, hash []byte) bool {
	for i := range r.keys {
		if r.keys[i].ID == keyID {
			return len(hash) == sha256.Size && hmac.Equal(hash, r.keys[i].sum("hash", secret))
		}
	}
	return false
}

// Sign gives the HMAC-SHA256 of text under the signing key, and that key's id; it never equals a hash of the same text.
func (r *KeyRing) Sign(text string) (keyID string, signature []byte) {
	return r.keys[0].ID, r.keys[0].sum("sign", text)
}

// Signed says in constant time whether signature is that of text under the key keyID; an empty signature or unknown key never is.
func (r *KeyRing) Signed(text, keyID string, signature []byte) bool {
	for i := range r.keys {
		if r.keys[i].ID == keyID {
			return hmac.Equal(signature, r.keys[i].sum("sign", text))
		}
	}
	return false
}

// sum is HMAC-SHA256 of purpose, NUL, text: the purposes never share a hash.
func (k *ringKey) sum(purpose, text string) []byte {
	s := k.states.Get().(*state)
	defer k.states.Put(s)
	s.mac.Reset()
	s.text = append(append(append(s.text[:0], purpose...), 0), text...)
	s.mac.Write(s.text)
	clear(s.text) // it is a secret
	return s.mac.Sum(make([]byte, 0, sha256.Size))
}

// shortMAC is the number a credential ends in, under one key.
func (k *ringKey) shortMAC(text string) uint64 { return binary.BigEndian.Uint64(k.sum("mac", text)) }

// Seal encrypts with AES-256-GCM under the signing key, bound to label; what it gives starts with a nonce.
func (r *KeyRing) Seal(label string, plain []byte) (keyID string, sealed []byte) {
	k := &r.keys[0]
	gcm := k.gcm()
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return k.ID, gcm.Seal(nonce, nonce, plain, []byte(label))
}

// Open decrypts what Seal made with the same label; an error says the key is missing or the data is not ours.
func (r *KeyRing) Open(label, keyID string, sealed []byte) ([]byte, error) {
	for i := range r.keys {
		if r.keys[i].ID != keyID {
			continue
		}
		gcm := r.keys[i].gcm()
		if len(sealed) < gcm.NonceSize() {
			return nil, errors.New("key ring: sealed data is too short")
		}
		return gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(label))
	}
	return nil, errors.New("key ring: no key " + keyID)
}

func (k *ringKey) gcm() cipher.AEAD {
	block, err := aes.NewCipher(k.sum("seal", ""))
	if err != nil {
		panic(err) // a SHA-256 sum is always a valid AES-256 key
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}
