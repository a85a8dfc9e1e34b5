package docs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// generation goes into the digest of everything that is made: raise it when the same document becomes something else.
const generation = 1

// errNoSource says what an operator has to do about an API that was imported before documents were kept.
var errNoSource = pontage.E(pontage.NotFound, "The document of this API is not kept yet: import it again.")

// Library makes the documents of an instance's APIs and keeps them. It is safe for concurrent use.
type Library struct {
	Config
	making singleflight.Group
	// failed remembers what could not be made, so that nobody can have it tried again and again.
	failed sync.Map
}

// NewLibrary makes a library, or says what is missing.
func NewLibrary(c Config) (*Library, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Library{Config: c}, nil
}

// Make makes what is out of date of every API, so that no reader waits for it, and says how many documents it looked at. What cannot be
// made does not keep the others; the error names it all.
func (l *Library) Make(ctx context.Context) (seen int, err error) {
	var problems []error
	for _, api := range l.Catalog.APIs() {
		offer, ok := l.Catalog.Offer(api.Host)
		if !ok {
			continue
		}
		for _, k := range append(kinds[:len(kinds):len(kinds)], readings) {
			if _, err := l.document(ctx, offer, &k); err != nil {
				problems = append(problems, fmt.Errorf("%s of %s: %w", k.Name, api.Host, err))
			}
			seen++
		}
	}
	return seen, errors.Join(problems...)
}

// document gives a document as it is kept, and makes it where it is out of date.
func (l *Library) document(ctx context.Context, offer catalog.Offer, k *kind) (*pontage.APIDocument, error) {
	digest := l.digest(offer)
	d, err := l.Store.APIDocument(ctx, offer.API.ID, k.Name)
	if err == nil && d.Digest == digest {
		return d, nil
	}
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return nil, err
	}
	key := string(offer.API.ID) + " " + k.Name + " " + digest
	if problem, there := l.failed.Load(key); there {
		return nil, problem.(error)
	}
	made, err, _ := l.making.Do(key, func() (any, error) {
		d, err := l.make(context.WithoutCancel(ctx), offer, k, digest)
		if code := pontage.CodeOf(err); err != nil && code != pontage.NotFound && code != pontage.Unavailable {
			l.failed.Store(key, err)
			l.Logger.Error("document not made", "host", offer.API.Host, "kind", k.Name, "error", err)
		}
		return d, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*pontage.APIDocument), nil
}

// make makes one and keeps it.
func (l *Library) make(ctx context.Context, offer catalog.Offer, k *kind, digest string) (d *pontage.APIDocument, err error) {
	defer func() {
		if p := recover(); p != nil {
			d, err = nil, pontage.E(pontage.Internal, "The document cannot be made.").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	data, err := k.make(ctx, l, offer)
	if err != nil {
		return nil, err
	}
	if !k.binary {
		if data, err = compress(data); err != nil {
			return nil, err
		}
	}
	d = &pontage.APIDocument{APIID: offer.API.ID, Kind: k.Name, Digest: digest, Data: data}
	return d, l.Store.Write(ctx, func(tx pontage.Tx) error { return tx.PutAPIDocument(ctx, *d) })
}

// read gives a text document unpacked.
func (l *Library) read(ctx context.Context, offer catalog.Offer, k *kind) ([]byte, error) {
	d, err := l.document(ctx, offer, k)
	if err != nil {
		return nil, err
	}
	return unpack(d.Data)
}

// digest names what an API's documents are made from: the import with its prices, and what this instance adds.
func (l *Library) digest(offer catalog.Offer) string {
	sum := sha256.New()
	for _, part := range []string{strconv.Itoa(generation), offer.API.Digest, l.PublicURL, string(l.Terms.Currency), strconv.FormatInt(l.Terms.RatePerMinute, 10)} {
		sum.Write([]byte(part + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}
