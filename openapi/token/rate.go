package token

import (
	"fmt"
	"net/http"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// allowRate counts the request and says in the headers what is left.
func (a *api) allowRate(w http.ResponseWriter, key meter.RateKey, perMinute int64) error {
	state, refusal := a.Meter.AllowRate(key, perMinute)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, state.Limit, int64(state.Window/time.Second)))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, state.Remaining, seconds(state.Reset)))
	if refusal != nil {
		return refusal
	}
	return nil
}

// seconds rounds up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// rateText is the rate of a scope as the contract writes it.
func (a *api) rateText(s *pontage.Scope) string {
	rate := s.RatePerMinute
	if rate <= 0 {
		rate = a.DefaultRatePerMinute
	}
	return fmt.Sprintf("%d/min", rate)
}
