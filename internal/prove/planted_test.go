package prove_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/meter"
)

// The faults a victim may have.
const (
	noFault         = "none"
	answersEarly    = "answers before the commit"
	answersUnsynced = "answers before the sync"
	chargesTwice    = "charges twice"
	writeBackFor    = 25 * time.Millisecond
	plantedKills    = 3
)

// plant gives the store and the meter of a victim.
func plant(bug string, store meter.Store) (meter.Store, func(*meter.Meter) gateway.Meter, error) {
	honest := func(m *meter.Meter) gateway.Meter { return m }
	switch bug {
	case noFault:
		return store, honest, nil
	case answersEarly:
		return earlyStore{store}, honest, nil
	case answersUnsynced:
		return hastyStore{store}, honest, nil
	case chargesTwice:
		return store, func(m *meter.Meter) gateway.Meter { return twiceMeter{m} }, nil
	}
	return nil, nil, fmt.Errorf("no such fault: %s", bug)
}

// earlyStore says that a batch is written once it is decided, as a cache that writes back later does.
type earlyStore struct{ meter.Store }

// Batch answers before the commit.
func (s earlyStore) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	decided := make(chan error, 1)
	go func() {
		err := s.Store.Batch(context.WithoutCancel(ctx), keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
			changes, err := decide(state)
			decided <- err
			<-time.After(writeBackFor)
			return changes, err
		}, func(error) {})
		if err != nil {
			fmt.Fprintln(os.Stderr, "lost:", err)
		}
	}()
	err := <-decided
	if err == nil {
		durable(nil)
	}
	return err
}

// hastyStore does not wait for the disk.
type hastyStore struct{ meter.Store }

// Batch answers before the sync.
func (s hastyStore) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	err := s.Store.Batch(ctx, keys, decide, func(error) {})
	if err == nil {
		durable(nil)
	}
	return err
}

// twiceMeter tries a charge again that was not in need of it, under an id of its own.
type twiceMeter struct{ *meter.Meter }

// Reserve charges once more, for a call nobody made.
func (m twiceMeter) Reserve(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error) {
	again := a
	again.CallID = pontage.NewCallID(time.Now())
	decision, err := m.Meter.Reserve(ctx, again)
	if err == nil && decision.Admitted {
		err = m.Settle(ctx, meter.Ending{CallID: again.CallID, Status: 200})
	}
	if err != nil {
		return nil, err
	}
	return m.Meter.Reserve(ctx, a)
}

// A harness that finds nothing proves nothing: it must find what is built in, and only that.
func TestPlantedFaultsAreFoundByKills(t *testing.T) {
	for _, engine := range engines {
		for bug, want := range map[string]string{
			noFault: "", answersEarly: "answered as charged, the books say", chargesTwice: "calls were charged;",
		} {
			t.Run(engine.name+"/"+bug, func(t *testing.T) {
				folder, address := t.TempDir(), loopback.FreeAddress(t)
				h := newHouse(t, folder, engine.url(t, folder))
				h.more = []string{victimVariable + "=" + bug, "PONTAGE_LISTEN=" + address}
				k := h.kills(plantedKills, address, h.victim)
				found := strings.Join(append(k.problems, h.audit(k.record)...), "\n")
				switch {
				case want == "" && found != "":
					t.Errorf("found in a platform without a fault: %s", found)
				case want != "" && !strings.Contains(found, want):
					t.Errorf("not found; instead: %s", found)
				default:
					t.Logf("found: %.160s", found)
				}
			})
		}
	}
}

// victim gives this test binary as a server.
func (h *house) victim() *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env, command.SysProcAttr = h.environment(), attributes()
	return command
}
