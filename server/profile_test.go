package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

// Profiles show the process's insides, so no other machine may reach them.
func TestProfilesAreServedToThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":6060", "192.0.2.1:6060", "127.0.0.1", "localhost:6060"} {
		err := server.Serve(t.Context(), defaults(t.TempDir()), server.Options{Profiles: address, Logger: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.HasPrefix(err.Error(), "pprof") {
			t.Errorf("%s: %v", address, err)
		}
	}
	address := loopback.FreeAddress(t)
	c := defaults(t.TempDir())
	c.Production.Listen = loopback.FreeAddress(t)
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, c, server.Options{
			Only: server.Production, Profiles: address, Logger: slog.New(slog.DiscardHandler), Started: func([]server.Running) {
				defer stop()
				res, err := http.Get("http://" + address + "/debug/pprof/")
				if err != nil {
					t.Error(err)
					return
				}
				res.Body.Close()
				if res.StatusCode != http.StatusOK {
					t.Errorf("status %d", res.StatusCode)
				}
			},
		})
	}()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
