package prove_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/storage/storagetest"
)

// Instances are replaced one by one under load, and no partner sees a call fail: one that goes away finishes what it has begun, and
// whom it refuses is served by the other.
func TestRollingRestart(t *testing.T) {
	h := newHouse(t, t.TempDir(), storagetest.Postgres(t))
	addresses := []string{loopback.FreeAddress(t), loopback.FreeAddress(t)}
	servers := []*process{h.serve(addresses[0]), h.serve(addresses[1])}
	l := h.newLoad(newRecord(), 32)
	var turn atomic.Int64
	for range 32 {
		l.clients.Go(func() { l.each(func() bool { return l.balanced(addresses, turn.Add(1)) }) })
	}
	var slowest time.Duration
	for round := range long(4, 40) {
		away := round % len(servers)
		h.await(l, servers[away], 300)
		servers[away].stop()
		h.await(l, servers[1-away], 300)
		servers[away] = h.serve(addresses[away])
		slowest = max(slowest, servers[away].ready)
	}
	h.await(l, servers[0], 300)
	l.stop()
	if len(l.statuses) != 2 || l.broken.Load() > 0 {
		t.Errorf("answers by status: %v, none at all: %d", l.statuses, l.broken.Load())
	}
	for _, problem := range h.audit(l.record) {
		t.Error(problem)
	}
	for _, p := range servers {
		p.stop()
	}
	t.Logf("%d restarts, slowest %s: %d calls, %d charged, 0 failed; %d were refused by the instance that was away and served by the other",
		long(4, 40), slowest.Round(time.Millisecond), l.sent.Load(), len(l.paid), l.elsewhere.Load())
}

// balanced makes one call as a load balancer does: refused by one instance it goes to the next, until one takes it.
func (l *load) balanced(addresses []string, turn int64) bool {
	l.sent.Add(1)
	var last error
	for attempt := range int64(50) {
		a, err := l.ask(http.MethodGet, l.target("http://"+addresses[(turn+attempt)%int64(len(addresses))]), l.bearer)
		switch {
		case err == nil && (a.status != http.StatusServiceUnavailable || orUnavailable(a) != ""):
			l.note(a, onlySuccess)
			return true
		case err != nil && !errors.Is(err, syscall.ECONNREFUSED):
			l.broken.Add(1)
			l.noteOdd(fmt.Sprintf("no answer: %v", err))
			return true
		}
		last = err
		l.elsewhere.Add(1)
	}
	l.noteOdd(fmt.Sprintf("no instance takes the call: %v", last))
	return true
}
