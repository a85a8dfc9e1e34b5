package prove_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/internal/pgtest"
)

const (
	// syncVariable makes this test binary a program whose every fsync is watched; its value is the program's path.
	syncVariable = "PONTAGE_PROVE_SYNCS"
	// credentialVariable says as which user the program runs.
	credentialVariable = "PONTAGE_PROVE_AS"
	// heldFor is how long the last fsync is held before the kill, to see that nobody is told anything meanwhile.
	heldFor     = 100 * time.Millisecond
	syncClients = 32
)

// syncPlaces are the fsyncs at which something is killed: a few in every test run, each of the first hundred at night.
func syncPlaces(few ...int) (all []int) {
	for n := range 100 {
		all = append(all, n+1)
	}
	return long(few, all)
}

// A process that dies while it asks for an fsync, and a machine that loses its power then, take with them what nobody was told. The
// fsyncs are counted from the start of the program on; power that is lost takes everything written since the fsync before.
func TestKillAtEveryFsync(t *testing.T) {
	t.Parallel()
	h, address := newSyncHouse(t), loopback.FreeAddress(t)
	k := h.killsAtSyncs(syncPlaces(1, 2, 4, 9, 18, 35, 60, 100), func(n int) []bool { return long([]bool{n%2 == 0}, []bool{false, true}) }, address, func() *exec.Cmd {
		return h.command("serve", "--only", "production", "--listen", address)
	})
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
	h.integrity()
	t.Log(k)
}

// The harness must see a platform that answers before the disk has it. A kill alone would not show it, the loss of power does.
func TestPlantedFaultIsFoundByLossOfPower(t *testing.T) {
	for _, fault := range []string{answersEarly, answersUnsynced} {
		t.Run(fault, func(t *testing.T) { findByLossOfPower(t, fault) })
	}
}

func findByLossOfPower(t *testing.T, fault string) {
	t.Parallel()
	h, address := newSyncHouse(t), loopback.FreeAddress(t)
	h.more = []string{victimVariable + "=" + fault, "PONTAGE_LISTEN=" + address}
	k := h.killsAtSyncs([]int{40, 41, 42, 43}, func(int) []bool { return []bool{true} }, address, h.victim)
	found := strings.Join(append(k.problems, h.audit(k.record)...), "\n")
	if !strings.Contains(found, "answered as charged, the books say") {
		t.Errorf("not found; instead: %s", found)
	}
	t.Logf("found: %.160s", found)
}

func newSyncHouse(t *testing.T) *house {
	folder := t.TempDir()
	return newHouse(t, folder, engines[0].url(t, folder))
}

// On PostgreSQL the fsyncs are the database's: all of its processes die at one, again and again, and the platform serves alone once it
// is back.
func TestPostgresKilledAtFsyncs(t *testing.T) {
	t.Parallel()
	cluster, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cluster.Stop() }()
	h := newHouse(t, t.TempDir(), cluster.URL)
	p, k := h.serve(loopback.FreeAddress(t)), h.newSyncKills()
	resume := func() (s *syncs) {
		h.must(cluster.ResumeUnder(t.Context(), func(start *exec.Cmd) { s = watchSyncs(t, start) }))
		h.returned(k, p)
		return s
	}
	h.must(cluster.Halt(t.Context(), "fast"))
	s := resume()
	for _, n := range syncPlaces(1, 3, 10, 30, 100) {
		h.newBearer()
		l := h.load(k.record, syncClients, p.url, orUnavailable)
		h.await(l, p, 50)
		s.stopAfter(n)
		select {
		case <-s.reached:
		case <-time.After(patient(30 * time.Second)):
			t.Fatalf("it asked for less than %d fsyncs", n)
		}
		h.holdSync(k)
		h.must(cluster.Kill(t.Context()))
		k.kills.kills, k.underLoad = k.kills.kills+1, k.underLoad+1
		s = resume() // before the load stops: who settles meanwhile tries until it is back
		l.stop()
		for _, problem := range h.auditNew(k.record) {
			t.Error(problem)
		}
	}
	if !h.heldBack(holdEnds) {
		t.Errorf("holds are still there after %s", holdEnds)
	}
	for _, problem := range append(k.problems, h.audit(k.record)...) {
		t.Error(problem)
	}
	p.stop()
	t.Log(k)
}
