package gateway

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"time"

	"github.com/pontage/pontage"
)

// maxKeyedBody is the most bytes the body of a call with an Idempotency-Key may have: it is read before the call is decided.
const maxKeyedBody = 64 << 10

var (
	errKeyedLength = pontage.E(pontage.InvalidInput, "A call with an Idempotency-Key needs a body with a Content-Length, or none. Nothing was charged.").At("Content-Length")
	errKeyedLarge  = pontage.E(pontage.TooLarge, "The body of a call with an Idempotency-Key has at most %d bytes. Nothing was charged.", maxKeyedBody)
	errKeyedBody   = pontage.E(pontage.InvalidInput, "The request's body did not arrive whole. Nothing was charged.")
)

// readKey gives the call's key, nil where the partner sent none. The body is read first: the same call under the same key is charged
// once, and what a call is its body says too. A call that another proxy takes has no body here and therefore no key. Reads have none
// either: repeating them is safe, and a key would make a day's fresh readings free.
func (c *call) readKey() (*pontage.CallKey, error) {
	if c.match == nil || c.elsewhere || c.in.Method == http.MethodGet || c.in.Method == http.MethodHead {
		return nil, nil
	}
	key, err := pontage.IdempotencyKeyOf(c.in.Header)
	if key == "" || err != nil {
		return nil, err
	}
	if err := c.readKeyedBody(); err != nil {
		return nil, err
	}
	// The hash is keyed so that the database does not show what was asked, however few the possible bodies are.
	mac := hmac.New(sha256.New, pontage.HashParts("call", key))
	mac.Write(pontage.HashParts(c.in.Method, c.match.Path, c.in.URL.RawQuery, string(c.body)))
	return &pontage.CallKey{
		ID:          pontage.NewIdempotencyID(c.account, "call "+string(c.match.Operation.ID), key),
		Fingerprint: base64.RawURLEncoding.EncodeToString(mac.Sum(nil)),
	}, nil
}

func (c *call) readKeyedBody() error {
	switch length := c.in.ContentLength; {
	case length < 0:
		return errKeyedLength
	case length > maxKeyedBody:
		return errKeyedLarge
	case length == 0:
		return nil
	}
	c.upload = newUpload(c.in.Body, c.w, c.in.ContentLength)
	late := time.AfterFunc(c.timeout, c.upload.interrupt)
	defer late.Stop()
	body, err := io.ReadAll(c.upload)
	if err != nil {
		return errKeyedBody.Because(err)
	}
	c.body = body
	return nil
}

// sendBody says what goes upstream as the body.
func (c *call) sendBody(out *http.Request) {
	switch {
	case c.in.ContentLength == 0:
	case c.body != nil: // read already
		out.Body = io.NopCloser(bytes.NewReader(c.body))
	default:
		c.upload = newUpload(c.in.Body, c.w, c.maxBody)
		out.Body = c.upload
	}
}
