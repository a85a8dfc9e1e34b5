//go:build e2e

package e2e

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// Clients of the GraphQL-over-HTTP specification find in both instances what it promises them.
func TestGraphQLOverHTTP(t *testing.T) {
	eachInstance(t, func(t *testing.T, r server.Running, _ server.Config) { node(t, r, "graphql-http.mjs") })
}

// A stranger becomes a partner who pays for a call, by what a browser has and nothing else.
func TestAStrangersFirstVisit(t *testing.T) {
	eachInstance(t, func(t *testing.T, r server.Running, c server.Config) {
		node(t, r, "session.mjs", "PONTAGE_OPERATOR="+operator(t, c, r.Name), "PONTAGE_CALL=/apis/"+r.Demo.Host+r.Demo.Path)
	})
}

// eachInstance runs a test against production and sandbox, on either engine.
func eachInstance(t *testing.T, test func(t *testing.T, r server.Running, c server.Config)) {
	t.Helper()
	for engine, configure := range map[string]func(t *testing.T, c *server.Config){"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(engine, func(t *testing.T) {
			all, c := serve(t, configure)
			for _, r := range all {
				t.Run(r.Name, func(t *testing.T) { test(t, r, c) })
			}
		})
	}
}

// onSQLite leaves the databases in the data folder.
func onSQLite(*testing.T, *server.Config) {}

// onPostgres gives each instance a database of its own, and keys, which no data folder keeps there.
func onPostgres(t *testing.T, c *server.Config) {
	for _, e := range []*server.Endpoint{&c.Production, &c.Sandbox} {
		e.Database, e.Keys = pgtest.URL(t), server.NewKeyText()
	}
}

// operator does what an operator does at the command line, over HTTP: it shows the newest mail to somebody, and gives an account credit.
func operator(t *testing.T, c server.Config, name string) (url string) {
	t.Helper()
	i, err := server.Open(t.Context(), c, name, "e2e", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail", func(w http.ResponseWriter, r *http.Request) {
		mails, err := i.Mail.List(r.Context(), pontage.Operator(), pontage.Keyset{Limit: 100})
		for _, m := range mails {
			if m.Recipient == r.FormValue("to") {
				_, text, err := i.Mail.Show(r.Context(), pontage.Operator(), m.ID)
				answer(w, text, err)
				return
			}
		}
		answer(w, "", err)
	})
	mux.HandleFunc("POST /credit", func(w http.ResponseWriter, r *http.Request) {
		_, err := i.Meter.Credit(r.Context(), pontage.Operator(), pontage.AccountID(r.FormValue("account")), 1_000_000, "Top-up")
		answer(w, "", err)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func answer(w http.ResponseWriter, text string, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, text)
}

// node runs a script against an instance, with more variables of the environment.
func node(t *testing.T, r server.Running, script string, environment ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", script)
	command.Env = append(os.Environ(), "PONTAGE_URL="+r.URL, "PONTAGE_EMAIL="+r.Demo.Email, "PONTAGE_KEY="+r.Demo.APIKey)
	command.Env = append(command.Env, environment...)
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
func serve(t *testing.T, configure func(t *testing.T, c *server.Config)) ([]server.Running, server.Config) {
	t.Helper()
	c := server.Config{Data: t.TempDir(), Domain: "pontage.localhost", Currency: "EUR", Migrate: true, MaxBody: 10 << 20,
		HeaderTimeout: 30 * time.Second, RatePerMinute: 10_000, DrainTimeout: 5 * time.Second, LogLevel: "info"}
	c.Production.Listen, c.Sandbox.Listen = loopback.FreeAddress(t), loopback.FreeAddress(t)
	configure(t, &c)
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
		return all, c
	case err := <-ended:
		ended <- nil
		t.Fatalf("did not start: %v", err)
		return nil, c
	}
}
