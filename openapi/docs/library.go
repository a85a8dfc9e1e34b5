package docs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// generation goes into the digest of everything that is made: raise it when the same document becomes something else.
const generation = 3

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
	if c.Made == nil {
		c.Made = func() {}
	}
	c.Terms.Simulated = simulated(c.Simulations)
	return &Library{Config: c}, nil
}

// simulated says in a document what can be forced.
func simulated(all []pontage.Simulation) string {
	if len(all) == 0 {
		return ""
	}
	return "What this call is to meet in place of the truth, so that it can be rehearsed: `insufficient-credit`, `rate-limit`, `token-expired`, " +
		"`upstream-503`, `slow=2s` or another value that `GET /sandbox` lists. A refusal takes nothing."
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
	key := string(offer.API.ID) + " " + digest
	from := l.edit
	if k.print != nil {
		key += " " + k.Name
		from = func(ctx context.Context, offer catalog.Offer) (map[string][]byte, error) {
			return l.printed(ctx, offer, k)
		}
	}
	if problem, there := l.failed.Load(key); there {
		return nil, problem.(error)
	}
	made, err, _ := l.making.Do(key, func() (any, error) {
		made, err := l.make(context.WithoutCancel(ctx), offer, digest, from)
		if code := pontage.CodeOf(err); err != nil && code != pontage.NotFound && code != pontage.Unavailable {
			l.failed.Store(key, err)
			l.Logger.Error("documents not made", "host", offer.API.Host, "error", err)
		}
		if err == nil {
			l.Made() // not after a failure: some are tried again for every reader
		}
		return made, err
	})
	if err != nil {
		return nil, err
	}
	if d = made.(map[string]*pontage.APIDocument)[k.Name]; d == nil {
		return nil, pontage.E(pontage.Internal, "The document %s is not made by anything.", k.Name)
	}
	return d, nil
}

// make keeps what from makes of an API.
func (l *Library) make(ctx context.Context, offer catalog.Offer, digest string,
	from func(context.Context, catalog.Offer) (map[string][]byte, error)) (all map[string]*pontage.APIDocument, err error) {
	defer func() {
		if p := recover(); p != nil {
			all, err = nil, pontage.E(pontage.Internal, "The documents cannot be made.").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	made, err := from(ctx, offer)
	if err != nil {
		return nil, err
	}
	all = map[string]*pontage.APIDocument{}
	for name, data := range made {
		if k := kindNamed(name); k == nil || !k.binary {
			if data, err = compress(data); err != nil {
				return nil, err
			}
		}
		all[name] = &pontage.APIDocument{APIID: offer.API.ID, Kind: name, Digest: digest, Data: data}
	}
	return all, l.Store.Write(ctx, func(tx pontage.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if err := tx.PutAPIDocument(ctx, *all[name]); err != nil {
				return err
			}
		}
		return nil
	})
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
	for _, part := range []string{strconv.Itoa(generation), offer.API.Digest, l.PublicURL, fmt.Sprint(l.Terms, l.Instances)} {
		sum.Write([]byte(part + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}
