package server

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
)

// health answers the probes: alive as long as the process is, ready while it is not draining and the database answers.
type health struct {
	ping     func(context.Context) error
	clock    pontage.Clock
	draining atomic.Bool

	mu      sync.Mutex
	checked time.Time
	last    error
}

// pingEvery bounds how often probes reach the database; readiness is gone and back within it and pingTimeout.
const (
	pingEvery   = 500 * time.Millisecond
	pingTimeout = 1 * time.Second
)

func (h *health) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { answerProbe(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", h.ready)
}

func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	switch {
	case h.draining.Load():
		answerProbe(w, http.StatusServiceUnavailable, "draining")
	case h.database(r.Context()) != nil:
		answerProbe(w, http.StatusServiceUnavailable, "the database does not answer")
	default:
		answerProbe(w, http.StatusOK, "ready")
	}
}

func (h *health) database(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := h.clock.Now(); now.Sub(h.checked) >= pingEvery {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
		defer cancel()
		h.last, h.checked = h.ping(ctx), now
	}
	return h.last
}

func answerProbe(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
