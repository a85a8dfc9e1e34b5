package docs

import (
	"context"
	"errors"
	"log/slog"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// Store keeps documents.
type Store interface {
	APIDocument(ctx context.Context, api pontage.APIID, kind string) (*pontage.APIDocument, error)
	APIRevisions(ctx context.Context, api pontage.APIID, page pontage.Keyset) ([]pontage.APIRevision, error)
	Write(ctx context.Context, do func(tx pontage.Tx) error) error
}

// Catalog says what is sold.
type Catalog interface {
	// APIs lists every API, disabled ones too.
	APIs() []*pontage.API
	// Offer gives an enabled API by its host.
	Offer(host string) (catalog.Offer, bool)
}

// Config is what a Library is made of; all but Logger is needed.
type Config struct {
	Store   Store
	Catalog Catalog
	// Instance is what people call this instance, such as "Production".
	Instance string
	// PublicURL is where partners reach this instance, without a slash at the end; documents name it as their server.
	PublicURL string
	// PlatformHost is the host of the platform's own API in the catalogue.
	PlatformHost string
	Terms        Terms
	Logger       *slog.Logger
}

func (c Config) check() error {
	if c.Store == nil || c.Catalog == nil || c.Instance == "" || c.PublicURL == "" || c.PlatformHost == "" || c.Terms.Currency == "" {
		return errors.New("docs: Store, Catalog, Instance, PublicURL, PlatformHost and Terms are needed")
	}
	return nil
}
