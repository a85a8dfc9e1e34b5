package oauth

import (
	"testing"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// FuzzBearer: whatever a stranger sends as bearer, refresh token or reference is refused without a read; here there is nothing to read
// from, so a read would panic.
func FuzzBearer(f *testing.F) {
	ring, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		f.Fatal(err)
	}
	cache, err := lru.New[pontage.TokenID, *facts](1)
	if err != nil {
		f.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	s := &Service{
		credentials: pontage.Credentials{Prefix: "pt_live", Keys: ring}, admitted: cache,
		clock: func() time.Time { return at },
	}
	foreign := pontage.Credentials{Prefix: "pt_live", Keys: mustRing(f)}.New(string(pontage.NewTokenID(at)))
	for _, seed := range []string{"", "pt_live_", foreign, foreign[:60], "pt_live_ref_x_" + foreign, "0123456789abcdef01234567", "\x00", "pt_live_é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.Admit(t.Context(), text); pontage.CodeOf(err) != pontage.Unauthenticated {
			t.Fatalf("%q: %v", text, err)
		}
		if _, _, err := s.refreshRow(t.Context(), nil, text); err == nil {
			t.Fatalf("%q is known", text)
		}
		if id, err := s.ParseTokenReference(text); err == nil && !id.Valid() {
			t.Fatalf("%q gave %q", text, id)
		}
		if s.IsRefreshToken(text) {
			t.Fatalf("%q is a refresh token", text)
		}
	})
}

func mustRing(f *testing.F) *pontage.KeyRing {
	ring, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		f.Fatal(err)
	}
	return ring
}
