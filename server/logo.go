package server

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/pontage/pontage"
)

// logos serves the logos of domains to everybody. Their addresses never change what they show, so that whoever saw one keeps it.
type logos struct {
	find func(ctx context.Context, path string) ([]byte, error)
}

func (l logos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeEnvelope(w, http.StatusMethodNotAllowed, pontage.Refuse(pontage.E(pontage.MethodNotAllowed, "This takes GET and HEAD.")))
		return
	}
	logo, err := l.find(r.Context(), r.URL.Path)
	if err != nil {
		refused := pontage.Public(err)
		writeEnvelope(w, refused.Code.Failure().Status, pontage.Refuse(refused))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(logo))
}
