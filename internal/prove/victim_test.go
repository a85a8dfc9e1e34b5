package prove_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/server"
)

// victimVariable makes this test binary a server with a fault built in; its value names the fault.
const victimVariable = "PONTAGE_PROVE_VICTIM"

// serveVictim is a server made of the platform's own parts, with one of them replaced by a broken one, until it is killed.
func serveVictim(bug string) error {
	var config struct {
		server.Config `embed:""`
	}
	parser, err := kong.New(&config, kong.DefaultEnvars("PONTAGE"))
	if err != nil {
		return err
	}
	if _, err := parser.Parse(nil); err != nil {
		return err
	}
	if err := config.Complete(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	i, err := server.Open(context.Background(), config.Config, server.Production, "victim", log)
	if err != nil {
		return err
	}
	store, wrap, err := plant(bug, i.Store)
	if err != nil {
		return err
	}
	m := meter.New(meter.Config{Store: store, Clock: time.Now, Logger: log, Scopes: i.Catalog, DefaultRatePerMinute: config.RatePerMinute})
	go func() { fmt.Fprintln(os.Stderr, m.Run(context.Background())) }()
	return serveGateway(i, wrap(m), config.Config)
}

func serveGateway(i *server.Instance, m gateway.Meter, config server.Config) error {
	upstream, err := gateway.NewProxyUpstream(gateway.ProxyConfig{Credential: i.Catalog.Credential, HeaderTimeout: config.HeaderTimeout})
	if err != nil {
		return err
	}
	calls, err := gateway.New(gateway.Config{
		Admit: i.OAuth, Catalog: i.Catalog, Meter: m, Upstream: upstream, Clock: time.Now, HeaderTimeout: config.HeaderTimeout,
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("/apis/", calls)
	return (&http.Server{Addr: config.Production.Listen, Handler: mux, ReadHeaderTimeout: time.Second}).ListenAndServe()
}
