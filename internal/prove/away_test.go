package prove_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/internal/pgtest"
)

// backWithin bounds the time from the return of what was away to the first paid call.
var backWithin = patient(5 * time.Second)

// A database that goes away costs availability and nothing else: 503 while it lasts, and service again alone.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	cluster, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cluster.Stop() }()
	h := newHouse(t, t.TempDir(), cluster.URL)
	p, r := h.serve(loopback.FreeAddress(t)), newRecord()
	l := h.load(r, 32, p.url, orUnavailable)
	for _, mode := range long([]string{"fast", "immediate"}, times(20, "fast", "immediate")) {
		h.await(l, p, 200)
		o := h.outage(l, p, func() {
			h.must(cluster.Halt(t.Context(), mode))
			if !p.until(backWithin, func() bool { return !p.isReady() }) {
				t.Error("the database is away, and the server says it is ready")
			}
			h.unavailable(p)
		}, func() { h.must(cluster.Resume(t.Context())) })
		t.Logf("%s stop: %d answers of 503 while it was away, first paid call %s after it was back", mode, o.refused, o.back.Round(time.Millisecond))
	}
	h.await(l, p, 200)
	h.settle(l, p)
}

// A full disk costs availability and nothing else, and is over as soon as there is space. What still fits is written, and may be
// answered as charged.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	onSmallDisk(t, func(folder string) {
		h := newHouse(t, folder, engines[0].url(t, folder))
		p, r := h.serve(loopback.FreeAddress(t)), newRecord()
		l := h.load(r, 32, p.url, orUnavailable)
		for range long(3, 30) {
			h.await(l, p, 200)
			var ballast string
			o := h.outage(l, p, func() { ballast = fill(t, folder) }, func() { h.must(os.Remove(ballast)) })
			t.Logf("full disk: %d answers of 503, first paid call %s after there was space", o.refused, o.back.Round(time.Millisecond))
		}
		h.await(l, p, 200)
		h.settle(l, p)
		h.integrity()
	})
}

// await waits until n more calls were paid.
func (h *house) await(l *load, p *process, n int) {
	h.t.Helper()
	select {
	case <-l.after(n):
	case <-p.gone:
		h.t.Fatalf("the server ended: %s", p.said.text())
	case <-time.After(patient(30 * time.Second)):
		h.t.Fatalf("too few calls are paid: %v %v", l.statuses, l.odd)
	}
}

// outage is what one looked like from outside.
type outage struct {
	refused int64
	back    time.Duration
}

// outage takes something away under load until the platform says 503, and some time more; then it gives it back and waits for the
// first paid call.
func (h *house) outage(l *load, p *process, begin, end func()) (o outage) {
	h.t.Helper()
	before := l.count(http.StatusServiceUnavailable)
	begin()
	if !p.until(patient(20*time.Second), func() bool { return l.count(http.StatusServiceUnavailable) >= before+500 }) {
		h.t.Fatalf("it is away, but only %d answers are 503: %v", l.count(http.StatusServiceUnavailable)-before, l.statuses)
	}
	paid := l.count(http.StatusOK)
	end()
	returned := time.Now()
	if !p.until(backWithin, func() bool { return l.count(http.StatusOK) > paid }) {
		h.t.Fatalf("no paid call within %s after it was back: %s", backWithin, p.said.text())
	}
	o.back, o.refused = time.Since(returned), l.count(http.StatusServiceUnavailable)-before
	if !p.until(backWithin, p.isReady) {
		h.t.Error("it is back, and the server says it is not ready")
	}
	return o
}

// settle stops the load, waits for open holds and audits.
func (h *house) settle(l *load, p *process) {
	h.t.Helper()
	l.stop()
	if !h.heldBack(holdEnds) {
		h.t.Errorf("holds are still there after %s", holdEnds)
	}
	if l.broken.Load() > 0 {
		h.t.Errorf("%d calls got no answer", l.broken.Load())
	}
	for _, problem := range h.audit(l.record) {
		h.t.Error(problem)
	}
	p.stop()
	h.t.Logf("%d calls sent, %d answered as charged and all in the books, answers by status: %v", l.sent.Load(), len(l.paid), l.statuses)
}

func times[T any](n int, values ...T) (all []T) {
	for range n {
		all = append(all, values...)
	}
	return all
}

// unavailable asks the platform's own API, which must say the same as the gateway.
func (h *house) unavailable(p *process) {
	h.t.Helper()
	for path, body := range map[string]string{"/wallet": "", "/tokens": `{"scopes":["*:*/*"]}`} {
		method := http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
		if a := h.platform(method, p.url+path, "", body); a.status != http.StatusServiceUnavailable || orUnavailable(a) != "" {
			h.t.Errorf("%s %s while the database is away: %d %s %s", method, path, a.status, a.body, orUnavailable(a))
		}
	}
}
