package server

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage/gateway"
)

// shortestSecret bounds a gate secret in bytes from below: it is all that keeps strangers from refunding calls.
const shortestSecret = 24

// gateProblems says what is wrong with the gate's settings.
func (e *Endpoint) gateProblems(prefix string) error {
	_, _, err := net.SplitHostPort(e.GateListen)
	return errors.Join(
		check(e.GateListen == "" || err == nil, "%sgate-listen: %q is not HOST:PORT", prefix, e.GateListen),
		check(e.GateListen == "" || e.GateListen != e.Listen, "%sgate-listen and %slisten must not be the same", prefix, prefix),
		check(e.GateSecret == "" || len(e.GateSecret) >= shortestSecret, "%sgate-secret must have at least %d characters", prefix, shortestSecret),
	)
}

// toGate says whether a proxy that knows there is a secret asks. Without the header the path belongs to the host that was called.
func toGate(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/gate/") && r.Header.Get(gateway.HeaderGateSecret) != ""
}

// gateFront is what the gate's own listener answers: the gate, and the probes of health checks.
func gateFront(gate http.Handler, h *health) http.Handler {
	probes := http.NewServeMux()
	h.register(probes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/livez" || r.URL.Path == "/readyz" {
			probes.ServeHTTP(w, r)
			return
		}
		gate.ServeHTTP(w, r)
	})
}

// stopAll stops listeners at the same time.
func stopAll(all []*listener, timeout time.Duration) error {
	stops := errgroup.Group{}
	for _, l := range all {
		stops.Go(func() error { return l.stop(timeout) })
	}
	return stops.Wait()
}

// listen opens the instance's listeners, or none.
func (i *Instance) listen(public, gate http.Handler, pair *certificate) ([]*listener, error) {
	first, err := listen(i.values.endpoint.Listen, public, pair, i.log)
	if err != nil {
		return nil, err
	}
	address := i.values.endpoint.GateListen
	if address == "" {
		return []*listener{first}, nil
	}
	second, err := listen(address, gate, pair, i.log)
	if err != nil {
		return nil, errors.Join(err, first.socket.Close())
	}
	if peer, err := netip.ParseAddrPort(address); i.values.endpoint.GateSecret == "" && (err != nil || !peer.Addr().IsLoopback()) {
		i.log.Warn("the gate listens without a secret: only the proxies may reach it, whoever does can refund calls", "address", address)
	}
	return []*listener{first, second}, nil
}
