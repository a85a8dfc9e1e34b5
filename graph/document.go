package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage"
)

const (
	// keptDocuments bounds how many documents are remembered, keptLength how long one of them may be, in bytes.
	keptDocuments = 1_000
	keptLength    = 8 << 10
)

var (
	errUnknownDocument = pontage.E(pontage.NotFound, "PersistedQueryNotFound")
	errUntrusted       = pontage.E(pontage.Forbidden, "This instance answers its trusted documents only.")
	errHash            = pontage.E(pontage.InvalidInput, "The hash is not that of the document.").At("extensions")
)

// documents knows the texts behind hashes: trusted ones, and those that clients sent before.
type documents struct {
	trusted map[string]string
	only    bool
	seen    *lru.Cache[string, string]
}

func newDocuments(c Config) (*documents, error) {
	seen, err := lru.New[string, string](keptDocuments)
	return &documents{trusted: c.Documents, only: c.OnlyDocuments, seen: seen}, err
}

// find puts the text behind the hash into p. What is not trusted is refused where only trusted documents are answered.
func (d *documents) find(p *params) error {
	if p.query != "" {
		sum := sha256.Sum256([]byte(p.query))
		if hash := hex.EncodeToString(sum[:]); p.hash != "" && p.hash != hash {
			return errHash
		} else if _, ok := d.trusted[hash]; d.only && !ok {
			return errUntrusted
		}
		return nil
	}
	if text, ok := d.trusted[p.hash]; ok {
		p.query = text
		return nil
	}
	if d.only {
		return errUntrusted
	}
	text, ok := d.seen.Get(p.hash)
	if !ok {
		return errUnknownDocument
	}
	p.query = text
	return nil
}

// keep remembers a document that was sent with its hash and let pass.
func (d *documents) keep(p *params) {
	if p.hash != "" && len(p.query) <= keptLength {
		d.seen.Add(p.hash, p.query)
	}
}

// parsed remembers documents by their text, so that what a dashboard asks again and again is read once. It is a graphql.Cache.
type parsed struct {
	*lru.Cache[string, *ast.QueryDocument]
}

func newParsed() (parsed, error) {
	c, err := lru.New[string, *ast.QueryDocument](keptDocuments)
	return parsed{c}, err
}

// Get implements graphql.Cache.
func (p parsed) Get(_ context.Context, query string) (*ast.QueryDocument, bool) {
	return p.Cache.Get(query)
}

// Add implements graphql.Cache; long documents are not kept.
func (p parsed) Add(_ context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= keptLength {
		p.Cache.Add(query, doc)
	}
}
