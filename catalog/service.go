package catalog

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
)

// pollInterval is how often Run looks for a change another instance made.
const pollInterval = time.Second

// Store is what the catalogue needs of the database; every method behaves as the ports of the root package say.
type Store interface {
	CatalogVersion(ctx context.Context) (int64, error)
	AccountAccess(ctx context.Context, account pontage.AccountID) (*pontage.AccountAccess, error)
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(tx pontage.Tx) error) error
}

// Config is what a Service is made of.
type Config struct {
	Store  Store
	Clock  pontage.Clock
	Logger *slog.Logger
	// HostPrefix stands in front of every host this instance stores and shows: "" or "test.".
	HostPrefix string
	// Keys seals the credentials added for an upstream.
	Keys *pontage.KeyRing
}

// Service answers questions about the catalogue. It is safe for concurrent use; before the first Refresh it knows no API.
type Service struct {
	Config
	current atomic.Pointer[snapshot]
	// loading lets one Refresh at a time read the database.
	loading sync.Mutex
}

// New makes a service with an empty catalogue; call Refresh before serving.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{Config: c}
	s.current.Store(newSnapshot(&pontage.Catalog{Version: -1}, c.HostPrefix))
	return s
}

// Refresh loads the catalogue if its version changed since the last load.
func (s *Service) Refresh(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	version, err := s.Store.CatalogVersion(ctx)
	if err != nil || version == s.current.Load().version {
		return err
	}
	var all *pontage.Catalog
	err = s.Store.Read(ctx, func(r pontage.Reader) error {
		var err error
		all, err = r.Catalog(ctx)
		return err
	})
	if err != nil {
		return err
	}
	s.current.Store(newSnapshot(all, s.HostPrefix))
	s.Logger.Info("catalogue loaded", "version", all.Version, "apis", len(all.APIs),
		"scopes", len(all.Scopes), "operations", len(all.Operations))
	return nil
}

// Run refreshes every second until ctx ends, and then gives nil. While the database cannot be reached the last catalogue stays
// good.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
				s.Logger.Warn("catalogue not refreshed", "error", err)
			}
		}
	}
}

// Version is the version of the catalogue that lookups see now; -1 before the first Refresh.
func (s *Service) Version() int64 { return s.current.Load().version }

// APIs lists every API with its host, disabled ones too, ordered by host. The elements must not be changed.
func (s *Service) APIs() []*pontage.API { return s.current.Load().apis }
