package prove_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

const (
	bankClients = 64
	pollEvery   = 50 * time.Millisecond
)

// size says how many instances share a bank's database, and by what its limits are divided: several instances that want the same
// rows take turns.
type size struct{ branches, divisor int64 }

var sizes = map[string]size{"sqlite": {1, long[int64](2, 1)}, "postgres": {3, long[int64](5, 1)}}

// Whatever runs out is used up to the last call and not one further, whoever asks where: a wallet is never overdrawn, no limit is
// exceeded, and at every moment what the wallets hold and what they have spent is what was paid in.
func TestBank(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			b := newBank(t, bankURL(t, engine.name), sizes[engine.name], nil)
			b.open(long(20*time.Second, time.Minute))
			for _, problem := range b.audit() {
				t.Error(problem)
			}
			t.Log(b.report())
		})
	}
}

// The bank test must find limits that nobody checks, and balances that instances remember.
func TestPlantedFaultsAreFoundByTheBank(t *testing.T) {
	for _, c := range []struct {
		engine, bug, want string
		wrap              func(meter.Store) meter.Store
	}{
		{"sqlite", "no limit is checked", "a limit of", forgetLimits},
		{"postgres", "no limit is checked", "a limit of", forgetLimits},
		{"postgres", "balances are remembered", "was paid in", rememberWallets},
	} {
		t.Run(c.engine+"/"+c.bug, func(t *testing.T) {
			b := newBank(t, bankURL(t, c.engine), size{sizes[c.engine].branches, 20}, c.wrap)
			b.open(time.Second)
			found := strings.Join(b.audit(), "\n")
			if !strings.Contains(found, c.want) {
				t.Errorf("not found; instead: %s", found)
			}
			t.Logf("found: %.240s", found)
		})
	}
}

func bankURL(t testing.TB, engine string) string {
	if engine == "sqlite" {
		return storagetest.SQLite(t)
	}
	return storagetest.Postgres(t)
}

// open lets clients in for so long, with somebody looking at the books all the time; then it lets them use up what is left.
func (b *bank) open(length time.Duration) {
	closing := make(chan struct{})
	time.AfterFunc(length, func() { close(closing) })
	var busy, watching sync.WaitGroup
	for range bankClients {
		busy.Go(func() { b.client(closing) })
	}
	busy.Go(func() { b.fund(closing) })
	over := make(chan struct{})
	watching.Go(func() { b.watch(over) })
	busy.Wait()
	began := time.Now()
	b.calls, b.length = b.asked(), length
	for _, c := range b.claims {
		for range bankClients / 8 {
			busy.Go(func() { b.exhaust(c) })
		}
	}
	busy.Wait()
	b.rest = time.Since(began)
	close(over)
	watching.Wait()
}

// audit gives everything that is not as promised.
func (b *bank) audit() []string {
	for _, c := range b.claims {
		if want := c.due(); c.accepted() != want {
			b.problem("%s: %d calls were accepted under a limit of %d, %d were asked for", c.name, c.accepted(), want, c.asked.Load())
		}
		var counted int64
		for i := range c.tokens {
			row, err := b.stores[0].Lineage(b.t.Context(), c.tokens[i].ID)
			b.must(err)
			counted += row.Usage.TotalRequests
		}
		if counted != c.taken.Load() {
			b.problem("%s: %d calls were admitted, the tokens count %d", c.name, c.taken.Load(), counted)
		}
	}
	b.look(b.stores[0])
	differences, err := b.meters[0].Verify(b.t.Context())
	b.must(err)
	for _, d := range differences {
		b.problem("verify: %+v", d)
	}
	return b.problems
}

// problem notes what is wrong, each kind of it a few times.
func (b *bank) problem(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kinds[format]++; b.kinds[format] <= 3 {
		b.problems = append(b.problems, fmt.Sprintf(format, args...))
	}
}

func (b *bank) asked() (n int64) {
	for _, c := range b.claims {
		n += c.asked.Load()
	}
	return n
}

func (b *bank) report() string {
	var lines strings.Builder
	fmt.Fprintf(&lines, "%d instance(s), %d clients, %d calls in %s; the rest was used up in %s\n",
		len(b.meters), bankClients, b.calls, b.length, b.rest.Round(time.Millisecond))
	fmt.Fprintf(&lines, "%d looks at all books, total constant in each, smallest credit seen %s; verify: equal\n", b.looks, b.smallest)
	fmt.Fprintf(&lines, "%-44s %8s %8s %8s %8s %8s\n", "what runs out", "limit", "asked", "admitted", "returned", "accepted")
	for _, c := range b.claims {
		limit := fmt.Sprint(c.limit.Load())
		if c.demand > 0 {
			limit = "none"
		}
		fmt.Fprintf(&lines, "%-44s %8s %8d %8d %8d %8d\n", c.name, limit, c.asked.Load(), c.taken.Load(), c.back.Load(), c.accepted())
	}
	return lines.String()
}

// refusals are the answers a client may get where something has run out.
var refusals = []pontage.Code{pontage.InsufficientCredit, pontage.LimitExhausted}

func mayRefuse(code pontage.Code) bool { return slices.Contains(refusals, code) }
