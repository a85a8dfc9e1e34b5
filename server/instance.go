package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/mail"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
)

// The names of the two instances.
const (
	Production = "production"
	Sandbox    = "sandbox"
)

// values are what makes an instance production or sandbox. Nothing below this package knows which it is.
type values struct {
	name string
	// title is what people call it.
	title            string
	endpoint         Endpoint
	credentialPrefix string
	hostPrefix       string
	// upstream answers the calls that were admitted.
	upstream func(*Instance) (gateway.Upstream, error)
	// play makes what gives play money, nil where there is none; parts are the operations that go with it.
	play  func(*Instance) (*sandbox.Service, error)
	parts []token.Part
	// suppose reads what a call is to meet in place of the truth; nil reads nothing.
	suppose func(http.Header) (pontage.Supposition, error)
	// validateResponses checks our own answers against our own document.
	validateResponses bool
	// simulations and magicValues are what can be forced, for the documents.
	simulations, magicValues []pontage.Simulation
	// explore opens GraphiQL and questions about the GraphQL schema.
	explore bool
}

// Instance is one assembled platform: its database, its keys and its rules. The command line works on it directly; Serve runs it.
type Instance struct {
	Store    *storage.Store
	Catalog  *catalog.Service
	Accounts *account.Service
	Partners *partner.Service
	OAuth    *oauth.Service
	Meter    *meter.Meter
	// Documents are what partners read of the APIs.
	Documents *docs.Library
	// Mail sends what the rules wrote into the outbox.
	Mail *mail.Outbox
	// Idempotency gives the requests of every door their keys.
	Idempotency *pontage.Idempotency

	Config Config

	// play is nil where there is no play money.
	play    token.PlayMoney
	values  values
	keys    *pontage.KeyRing
	clock   pontage.Clock
	log     *slog.Logger
	version string
}

// Open assembles the instance with this name. The caller closes it.
func Open(ctx context.Context, c Config, name, version string, log *slog.Logger) (*Instance, error) {
	v, err := c.values(name)
	if err != nil {
		return nil, err
	}
	log = log.With("instance", name)
	if !v.endpoint.onPostgres() {
		if err := os.MkdirAll(filepath.Dir(strings.TrimPrefix(v.endpoint.Database, "sqlite:")), 0o700); err != nil {
			return nil, err
		}
	}
	keys, err := keyRing(v.endpoint, filepath.Join(c.Data, name+".keys"), log)
	if err != nil {
		return nil, err
	}
	clock := pontage.Clock(time.Now)
	store, err := storage.Open(ctx, v.endpoint.Database, storage.Options{Clock: clock, Migrate: c.Migrate, Logger: log})
	if err != nil {
		return nil, fmt.Errorf("%s database: %w", name, err)
	}
	i := &Instance{Store: store, Config: c, values: v, keys: keys, clock: clock, log: log, version: version}
	if err := i.assemble(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return i, nil
}

// assemble makes the rule packages and passes each the interfaces it asks for.
func (i *Instance) assemble(ctx context.Context) (err error) {
	credentials := pontage.Credentials{Prefix: i.values.credentialPrefix, Keys: i.keys}
	i.Catalog = catalog.New(catalog.Config{
		Store: i.Store, Clock: i.clock, Logger: i.log, HostPrefix: i.values.hostPrefix, Keys: i.keys,
	})
	clientChanged := func() { i.OAuth.ForgetOwners() }
	accountChanged := func() {
		i.Partners.ForgetOwners()
		i.OAuth.ForgetOwners()
	}
	var opened func(context.Context, pontage.Tx, pontage.AccountID) error
	if i.values.play != nil {
		play, err := i.values.play(i)
		if err != nil {
			return err
		}
		i.play, opened = play, play.Welcome
	}
	i.Accounts, err = account.New(account.Config{
		Store: i.Store, Clock: i.clock, Credentials: credentials, DashboardURL: i.values.endpoint.Dashboard, Changed: accountChanged,
		Opened: opened,
	})
	if err != nil {
		return err
	}
	fee, err := i.Config.enterpriseFee()
	if err != nil {
		return err
	}
	i.Partners, err = partner.New(partner.Config{
		EnterpriseFee: &fee, Currency: pontage.Currency(i.Config.Currency), PlanRequests: i.Config.BasicRequests,
		Store: i.Store, Clock: i.clock, Credentials: credentials, DashboardURL: i.values.endpoint.Dashboard, Changed: clientChanged,
		Scopes: offered{i.Catalog}, Resolver: net.DefaultResolver, Fetch: partner.NewFetcher(),
		Spent: func(ctx context.Context, account pontage.AccountID) { i.Meter.Spent(ctx, account) },
	})
	if err != nil {
		return err
	}
	sender, err := i.Config.SMTP.sender()
	if err != nil {
		return err
	}
	if i.Mail, err = mail.NewOutbox(mail.OutboxConfig{Store: i.Store, Clock: i.clock, Keys: i.keys, Sender: sender, Logger: i.log}); err != nil {
		return err
	}
	i.Idempotency = pontage.NewIdempotency(i.Store, i.clock)
	i.Documents, err = docs.NewLibrary(docs.Config{
		Store: i.Store, Catalog: i.Catalog, Instance: i.values.title, PublicURL: i.PublicURL(), PlatformHost: i.PlatformHost(), Logger: i.log,
		SendsMail: sender != nil, Made: debug.FreeOSMemory, Instances: i.Config.instances(), Simulations: i.values.simulations, MagicValues: i.values.magicValues,
		Terms: docs.Terms{Currency: pontage.Currency(i.Config.Currency), RatePerMinute: i.Config.RatePerMinute, PlanRequests: i.Config.BasicRequests},
	})
	if err != nil {
		return err
	}
	i.Meter = meter.New(meter.Config{
		Store: counting{i.Store, func(tokens []pontage.TokenID) { i.OAuth.Forget(tokens...) }}, Clock: i.clock, Logger: i.log, Currency: pontage.Currency(i.Config.Currency),
		DefaultRatePerMinute: i.Config.RatePerMinute, PlanRequests: i.Config.BasicRequests, Scopes: i.Catalog,
		Keys: i.keys, Retention: i.Config.Retention,
	})
	trusted, err := i.Config.proxies()
	if err != nil {
		return err
	}
	i.OAuth, err = oauth.New(oauth.Config{
		Store: i.Store, Clock: i.clock, Logger: i.log, Credentials: credentials, Scopes: i.Catalog, Clients: i.Partners,
		Issuer: i.values.endpoint.PublicURL, Idempotency: i.Idempotency, Suppose: i.values.suppose, TrustedProxies: trusted,
		Allow: func(by pontage.Actor) error {
			if _, refusal := i.Meter.AllowRate(meter.RateKey{AccountID: by.AccountID}, 0); refusal != nil {
				return refusal
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return i.Catalog.Refresh(ctx)
}

// Name is "production" or "sandbox".
func (i *Instance) Name() string { return i.values.name }

// PublicURL is where partners reach the instance.
func (i *Instance) PublicURL() string { return i.values.endpoint.PublicURL }

// PlatformHost is the host of the platform's own API in the catalogue.
func (i *Instance) PlatformHost() string { return i.values.hostPrefix + "oauth." + i.Config.Domain }

// Close closes the database.
func (i *Instance) Close() error { return i.Store.Close() }
