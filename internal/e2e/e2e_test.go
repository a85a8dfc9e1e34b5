//go:build e2e

package e2e

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

// Clients of the GraphQL-over-HTTP specification find in both instances what it promises them.
func TestGraphQLOverHTTP(t *testing.T) {
	for _, r := range serve(t) {
		t.Run(r.Name, func(t *testing.T) { node(t, r, "graphql-http.mjs") })
	}
}

// node runs a script against an instance.
func node(t *testing.T, r server.Running, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", script)
	command.Env = append(os.Environ(), "PONTAGE_URL="+r.URL, "PONTAGE_EMAIL="+r.Demo.Email, "PONTAGE_KEY="+r.Demo.APIKey)
	if r.Name == server.Production {
		command.Env = append(command.Env, "PONTAGE_CLOSED=1")
	}
	output, err := command.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Fatal(err)
	}
}

// serve runs the platform with its demo until the test ends.
func serve(t *testing.T) []server.Running {
	t.Helper()
	c := server.Config{Data: t.TempDir(), Domain: "pontage.localhost", Currency: "EUR", Migrate: true, MaxBody: 10 << 20,
		HeaderTimeout: 30 * time.Second, RatePerMinute: 10_000, DrainTimeout: 5 * time.Second, LogLevel: "info"}
	c.Production.Listen, c.Sandbox.Listen = loopback.FreeAddress(t), loopback.FreeAddress(t)
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	started, ended := make(chan []server.Running, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		ended <- server.Serve(ctx, c, server.Options{Demo: true, Version: "e2e", Logger: slog.New(slog.DiscardHandler),
			Started: func(all []server.Running) { started <- all }})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("did not stop cleanly: %v", err)
		}
	})
	select {
	case all := <-started:
		return all
	case err := <-ended:
		ended <- nil
		t.Fatalf("did not start: %v", err)
		return nil
	}
}
