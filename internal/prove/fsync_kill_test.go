package prove_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// syncKills is what kills at fsyncs brought to light.
type syncKills struct {
	*kills
	powerLost, underLoad int
	// told is the most answers that arrived while the fsync was held; each client may have had one under way.
	told int
	sent func() string
}

func (k *syncKills) String() string {
	return fmt.Sprintf("%d kills at an fsync, %d of them with the loss of power, %d under load, %s; 0 lost, 0 twice; at most %d answers (of %d clients) still arrived while an fsync was held for %s; slowest start after a kill %s",
		k.kills.kills, k.powerLost, k.underLoad, k.sent(), k.told, syncClients, heldFor, k.slowest.Round(time.Millisecond))
}

func (h *house) newSyncKills() *syncKills {
	k := &syncKills{kills: &kills{record: newRecord()}}
	k.sent = func() string {
		return fmt.Sprintf("%d calls sent, %d answered as charged, %d without an answer, %d reached the API", k.kills.sent.Load(), len(k.paid), k.broken.Load(), h.upstream.served.Load())
	}
	return k
}

// killsAtSyncs kills a server at each of the places, each time in the given ways: with the loss of power or without. The books are
// audited after the next start.
func (h *house) killsAtSyncs(places []int, ways func(n int) []bool, address string, server func() *exec.Cmd) *syncKills {
	h.t.Helper()
	k := h.newSyncKills()
	for _, n := range places {
		for _, power := range ways(n) {
			if h.killAtSync(k, n, power, server(), address); len(k.problems) > 0 {
				return k
			}
			p := h.start(server(), address)
			k.slowest = max(k.slowest, p.ready)
			k.problems = append(k.problems, h.auditNew(k.record)...)
			p.kill()
		}
	}
	return k
}

func (h *house) killAtSync(k *syncKills, n int, power bool, command *exec.Cmd, address string) {
	h.t.Helper()
	h.newBearer()
	durable := h.files()
	s := watchSyncs(h.t, command)
	s.stopAt(n, func() { durable = h.files() })
	p := h.launch(command, address)
	if p.until(readyWithin, func() bool { return s.over() || p.isReady() }) && !s.over() {
		k.underLoad++
		l := h.load(k.record, syncClients, p.url, onlySuccess)
		defer l.stop()
	}
	select {
	case <-s.reached:
	case <-p.gone:
		h.t.Fatalf("the server ended by itself: %s", p.said.text())
	case <-time.After(patient(30 * time.Second)):
		h.t.Fatalf("it asked for less than %d fsyncs", n)
	}
	h.holdSync(k)
	p.kill()
	k.kills.kills++
	if power {
		k.powerLost++
		h.restore(durable)
	}
}

// newBearer makes another token: the calls that are given back after each kill would soon be more than one token may have in a minute.
func (h *house) newBearer() {
	h.t.Helper()
	var token struct{ Token string }
	h.operate(&token, "token", "create", h.email, "*:"+apiHost+"/*")
	h.bearer = token.Token
}

// holdSync lets nobody pass for a while, and looks at who is told that they were charged.
func (h *house) holdSync(k *syncKills) {
	before := k.charged()
	<-time.After(heldFor)
	told := k.charged() - before
	k.told = max(k.told, told)
	if told > syncClients {
		k.problems = append(k.problems, fmt.Sprintf("%d calls were answered as charged while no fsync passed", told))
	}
}

// charged counts the calls that were answered as charged.
func (r *record) charged() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.paid)
}

// over says whether the last fsync is asked for.
func (s *syncs) over() bool {
	select {
	case <-s.reached:
		return true
	default:
		return false
	}
}

// files reads what SQLite keeps on the disk: the database and its log.
func (h *house) files() map[string][]byte {
	all := map[string][]byte{}
	for _, ending := range []string{"", "-wal"} {
		path := filepath.Join(h.folder, "production.db"+ending)
		if text, err := os.ReadFile(path); err == nil {
			all[path] = text
		}
	}
	return all
}

// restore puts the files back as they were, and forgets what only the memory of the machine knew.
func (h *house) restore(files map[string][]byte) {
	h.t.Helper()
	for _, ending := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(h.folder, "production.db"+ending)); err != nil && !os.IsNotExist(err) {
			h.t.Fatal(err)
		}
	}
	for path, text := range files {
		h.must(os.WriteFile(path, text, 0o600))
	}
}

// returned waits for the platform to serve again.
func (h *house) returned(k *syncKills, p *process) {
	h.t.Helper()
	began := time.Now()
	if !p.until(backWithin, p.isReady) {
		h.t.Fatalf("not ready within %s after the database was back: %s", backWithin, p.said.text())
	}
	k.slowest = max(k.slowest, time.Since(began))
}
