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

// Config is what a Library is made of; all but Letters, Made and Logger is needed.
type Config struct {
	Store   Store
	Catalog Catalog
	// Instance names this instance; it is one of Instances.
	Instance string
	// Instances are all there are, this one too.
	Instances []Instance
	// PublicURL is where partners reach this instance, without a slash at the end; documents name it as their server.
	PublicURL string
	// PlatformHost is the host of the platform's own API in the catalogue.
	PlatformHost string
	// Simulations are what the header Pontage-Simulate can force, MagicValues what stands for it in a request; none where calls are real.
	Simulations, MagicValues []pontage.Simulation
	Terms                    Terms
	// SendsMail says that a mail server takes mails away.
	SendsMail bool
	// Letters shows mails that none takes away; nil where nobody may read them here.
	Letters Letters
	// Made is told that documents were made, which needs much memory for a moment; nil does nothing.
	Made   func()
	Logger *slog.Logger
}

// Instance is where partners reach an instance of the platform.
type Instance struct {
	// Name is what people call it: "Production" or "Sandbox".
	Name string
	// PublicURL has no slash at its end.
	PublicURL string
	// HostPrefix stands before the hosts of its catalogue.
	HostPrefix string
}

// own is this instance.
func (c Config) own() Instance {
	for _, i := range c.Instances {
		if i.Name == c.Instance {
			return i
		}
	}
	return Instance{Name: c.Instance, PublicURL: c.PublicURL}
}

func (c Config) check() error {
	if c.Store == nil || c.Catalog == nil || c.Instance == "" || c.PublicURL == "" || c.PlatformHost == "" || c.Terms.Currency == "" {
		return errors.New("docs: Store, Catalog, Instance, PublicURL, PlatformHost and Terms are needed")
	}
	return nil
}
