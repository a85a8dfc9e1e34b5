package token

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// allowRate counts the request and says in the headers what is left.
func (a *api) allowRate(w http.ResponseWriter, key meter.RateKey, perMinute int64) error {
	state, refusal := a.Meter.AllowRate(key, perMinute)
	return tellRate(w, state, refusal)
}

// tellRate writes the state of a rate, and gives its refusal.
func tellRate(w http.ResponseWriter, state pontage.RateState, refusal *pontage.Error) error {
	h := w.Header()
	h["Ratelimit-Policy"] = []string{pair(`"default";q=`, state.Limit, ";w=", int64(state.Window/time.Second))}
	h["Ratelimit"] = []string{pair(`"default";r=`, state.Remaining, ";t=", seconds(state.Reset))}
	if refusal != nil {
		return refusal
	}
	return nil
}

// pair is two names with their numbers; every answer has two of them.
func pair(name string, n int64, second string, m int64) string {
	out := append(make([]byte, 0, 48), name...)
	out = append(strconv.AppendInt(out, n, 10), second...)
	return string(strconv.AppendInt(out, m, 10))
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
