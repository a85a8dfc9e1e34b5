package pontage

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// KeptAnswer is an answer as it was given: a repeat gets the same bytes.
type KeptAnswer struct {
	Status int
	Body   []byte
}

// Once is one request under its key. The unit of work that writes the request's effect claims first and keeps last, so that key,
// effect and answer are there together or not at all. A nil Once is a request without a key: all of its methods do nothing.
type Once struct {
	owner *Idempotency
	id    IdempotencyID
	// fingerprint tells this request from another one; secret seals its answer.
	fingerprint, secret []byte
	encode              func(ctx context.Context, r Reader, result any) (KeptAnswer, error)
	// before is the answer the request was given earlier, made the one its unit of work kept.
	before, made *KeptAnswer
}

// ErrAnswered stops a unit of work whose request was answered before; the door that began it gives that answer again, so that it
// reaches no user.
var ErrAnswered = errors.New("the request was answered before")

var errKeyReused = E(KeyReused, "The key was used for another request, or by other credentials. Send this request with a new key.").At(IdempotencyHeader)

// Encode says how the result of the request's rule becomes its answer. It runs inside the unit of work, perhaps more than once, and
// must read by r alone.
func (o *Once) Encode(how func(ctx context.Context, r Reader, result any) (KeptAnswer, error)) {
	if o != nil {
		o.encode = how
	}
}

// Before is the answer the request was given when it came first; nil where this is the first time.
func (o *Once) Before() *KeptAnswer {
	if o == nil {
		return nil
	}
	return o.before
}

// Made is the answer that was kept; it counts only once the unit of work has committed.
func (o *Once) Made() *KeptAnswer {
	if o == nil {
		return nil
	}
	return o.made
}

// Check gives ErrAnswered where the request was answered before, as far as r sees.
func (o *Once) Check(ctx context.Context, r IdempotencyReader) error {
	if o == nil {
		return nil
	}
	record, err := r.IdempotencyRecord(ctx, o.id)
	switch {
	case CodeOf(err) == NotFound:
		return nil
	case err == nil && o.owner.clock.Now().Before(record.ExpiresAt):
		return ErrAnswered
	}
	return err
}

// Claim takes the key; ErrAnswered where another unit of work has it.
func (o *Once) Claim(ctx context.Context, tx IdempotencyWriter) error {
	if o == nil {
		return nil
	}
	now := o.owner.clock.Now()
	err := tx.InsertIdempotencyRecord(ctx, IdempotencyRecord{
		ID: o.id, Fingerprint: o.fingerprint, CreatedAt: now, ExpiresAt: now.Add(IdempotencyLifetime),
	})
	if CodeOf(err) == Conflict {
		return ErrAnswered
	}
	return err
}

// Keep stores the answer made of result.
func (o *Once) Keep(ctx context.Context, tx Tx, result any) error {
	if o == nil {
		return nil
	}
	if o.encode == nil {
		return errors.New("a request with a key has nobody to write its answer")
	}
	answer, err := o.encode(ctx, tx, result)
	if err != nil {
		return err
	}
	o.made = &answer
	return tx.SetIdempotencyAnswer(ctx, o.id, o.seal(answer))
}

// Recall reads the answer that another unit of work kept for this request meanwhile; nil where none did. KeyReused where that one was
// another request.
func (o *Once) Recall(ctx context.Context) (*KeptAnswer, error) {
	if o == nil {
		return nil, nil
	}
	record, err := o.owner.store.IdempotencyRecord(ctx, o.id)
	switch {
	case CodeOf(err) == NotFound || err == nil && !o.owner.clock.Now().Before(record.ExpiresAt):
		return nil, nil
	case err != nil:
		return nil, err
	case !hmac.Equal(record.Fingerprint, o.fingerprint):
		return nil, errKeyReused
	}
	return o.open(record.Answer)
}

// End lets the next request under the key begin.
func (o *Once) End() {
	if o != nil {
		o.owner.end(o.id)
	}
}

// derive makes the secret of an answer and the fingerprint of a request. Both hang on the credential, which the database does not
// have: it reveals neither what was asked nor what was answered.
func (o *Once) derive(credential, key string, parts []string) error {
	secret, err := hkdf.Key(sha256.New, []byte(credential), []byte(key), "pontage idempotency answer", 32)
	if err != nil {
		return err
	}
	fingerprint, err := hkdf.Key(sha256.New, []byte(credential), []byte(key), "pontage idempotency request", 32)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, fingerprint)
	mac.Write(HashParts(parts...))
	o.secret, o.fingerprint = secret, mac.Sum(nil)
	return nil
}

// seal is a nonce and, encrypted and bound to the key's id, the status in two bytes and the body.
func (o *Once) seal(a KeptAnswer) []byte {
	gcm := o.gcm()
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	plain := append(binary.BigEndian.AppendUint16(nil, uint16(a.Status)), a.Body...)
	return gcm.Seal(nonce, nonce, plain, []byte(o.id))
}

func (o *Once) open(sealed []byte) (*KeptAnswer, error) {
	gcm := o.gcm()
	if len(sealed) < gcm.NonceSize() {
		return nil, errors.New("idempotency: a kept answer is too short")
	}
	plain, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(o.id))
	if err != nil || len(plain) < 2 {
		return nil, errors.Join(errors.New("idempotency: a kept answer cannot be read"), err)
	}
	return &KeptAnswer{Status: int(binary.BigEndian.Uint16(plain)), Body: plain[2:]}, nil
}

func (o *Once) gcm() cipher.AEAD {
	block, err := aes.NewCipher(o.secret)
	if err != nil {
		panic(err) // 32 bytes are always a valid key
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}
