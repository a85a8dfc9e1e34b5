package prove_test

import (
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
)

// holdEnds is when the hold of a call that nobody ended is back for certain: the header time-out of a house, the margin of a hold
// and the reaper's rounds.
const holdEnds = 1*time.Second + 10*time.Second + 5*time.Second

// What was acknowledged as charged is in the books, nothing is there twice and the server is back in time, however often it is killed.
func TestKill(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			h := newHouse(t, folder, engine.url(t, folder))
			address := loopback.FreeAddress(t)
			k := h.kills(long(20, 200), address, func() *exec.Cmd { return h.command("serve", "--only", "production", "--listen", address) })
			for _, problem := range k.problems {
				t.Error(problem)
			}
			p := h.serve(address)
			if !h.heldBack(holdEnds) {
				t.Errorf("holds are still there after %s", holdEnds)
			}
			for _, problem := range h.audit(k.record) {
				t.Error(problem)
			}
			p.stop()
			t.Logf("%d kills: %d calls sent, %d answered as charged, %d without an answer, %d reached the API; 0 lost, 0 twice; slowest start %s",
				k.kills, k.sent.Load(), len(k.paid), k.broken.Load(), h.upstream.served.Load(), k.slowest.Round(time.Millisecond))
		})
	}
}

// kills is what a number of kills brought to light.
type kills struct {
	*record
	kills    int
	slowest  time.Duration
	problems []string
}

// kills runs servers under load and kills each at an accidental moment; the books are audited after each start.
func (h *house) kills(n int, address string, server func() *exec.Cmd) *kills {
	h.t.Helper()
	k := &kills{record: newRecord(), kills: n}
	for range n {
		if n > 20 {
			h.newBearer()
		}
		p := h.start(server(), address)
		k.slowest = max(k.slowest, p.ready)
		if k.problems = h.auditNew(k.record); len(k.problems) > 0 {
			return k
		}
		l := h.load(k.record, 32, p.url, onlySuccess)
		select {
		case <-l.after(50 + rand.IntN(250)):
		case <-p.gone:
			h.t.Errorf("the server ended by itself: %s", p.said.text())
		case <-time.After(patient(30 * time.Second)):
			h.t.Errorf("too few calls succeed: %v %v", k.statuses, k.odd)
		}
		p.kill()
		l.stop()
	}
	return k
}
