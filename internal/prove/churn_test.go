package prove_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/loopback"
)

const (
	churnEvery  = 50 * time.Millisecond
	churnTokens = 3 // of each kind
)

// Tokens are rotated, revoked and given other limits all the time while many clients use them on every instance. Each bearer is
// refused from the moment its end was acknowledged, no limit is exceeded, and the counters know every call.
func TestChurn(t *testing.T) {
	for instances, engine := range engines { // one on SQLite, two on PostgreSQL
		t.Run(engine.name, func(t *testing.T) {
			folder := t.TempDir()
			h := newHouse(t, folder, engine.url(t, folder))
			c := &churn{house: h, load: h.newLoad(newRecord(), 32)}
			c.failing.Store(0)
			for range instances + 1 {
				p := h.serve(loopback.FreeAddress(t))
				defer p.stop()
				c.urls = append(c.urls, p.url)
			}
			for range churnTokens {
				c.slots = append(c.slots, c.newSlot(c.rotate), c.newSlot(c.revoke), c.newLimitedSlot())
			}
			c.run(long(4*time.Second, time.Minute))
			for _, problem := range append(c.counters(), h.audit(c.record)...) {
				t.Error(problem)
			}
			t.Logf("%d instance(s): %d changes, %d calls, %d paid, answers by status: %v; none paid after its token's end, none over a limit, every counter exact",
				len(c.urls), c.changes(), c.sent.Load(), len(c.paid), c.statuses)
		})
	}
}

// churn is a house whose tokens change all the time.
type churn struct {
	*house
	*load
	urls  []string
	slots []*slot
}

// run lets clients call and slots change, then waits until every limit is used up.
func (c *churn) run(length time.Duration) {
	for range 32 {
		c.clients.Go(func() { c.each(c.callOne) })
	}
	enough := time.After(length)
	tick := time.NewTicker(churnEvery)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-enough:
			over = true
		case <-tick.C:
			for _, s := range c.slots {
				s.change(s)
			}
		}
	}
	var last []*slot
	for _, s := range c.slots {
		if s.limited {
			c.setLimit(s, s.limit+limitStep)
			last = append(last, s)
		}
	}
	for _, s := range last {
		c.exhaust(s)
	}
	c.stop()
}

// callOne uses a bearer of a slot, now and then one that is dead already.
func (c *churn) callOne() bool {
	s := c.slots[rand.IntN(len(c.slots))]
	b := s.pick()
	before := s.gate.Load()
	dead := b.dead.Load()
	c.sent.Add(1)
	a, err := c.ask(http.MethodPost, c.url()+apiPath, b.text)
	if err != nil {
		c.broken.Add(1)
		c.noteOdd(err.Error())
		return true
	}
	after := s.gate.Load()
	if a.status == http.StatusOK {
		b.lineage.paid.Add(1)
	}
	c.note(a, func(a *reply) string {
		switch a.status {
		case http.StatusOK:
			if dead {
				return "paid by a bearer whose end was acknowledged before"
			}
			if before == after && before%2 == 1 {
				return "paid although the limit was zero all the time"
			}
			return onlySuccess(a)
		case http.StatusUnauthorized:
			if !b.dying.Load() {
				return "refused although the token is good"
			}
			return ""
		case http.StatusTooManyRequests:
			b.lineage.refused.Add(1)
			if !s.limited {
				return "limited although there is no limit"
			}
			return ""
		}
		return orUnavailable(a)
	})
	return true
}

func (c *churn) url() string { return c.urls[rand.IntN(len(c.urls))] }

// exhaust waits until the slot's last few calls are used and more were refused.
func (c *churn) exhaust(s *slot) {
	l := s.now.Load().lineage
	if !eventually(patient(20*time.Second), func() bool { return l.paid.Load() >= s.limit }) {
		c.t.Errorf("%d of %d calls were paid", l.paid.Load(), s.limit)
	}
	refused := l.refused.Load()
	if !eventually(patient(20*time.Second), func() bool { return l.refused.Load() >= refused+20 }) {
		c.t.Errorf("too few refusals: %d", l.refused.Load()-refused)
	}
}

// counters compares what clients were told with what the tokens' rows say.
func (c *churn) counters() (problems []string) {
	store := c.open()
	defer func() { c.must(store.Close()) }()
	rows, err := store.Lineages(c.t.Context(), c.account, time.Time{}, pontage.Page{Limit: 10_000})
	c.must(err)
	known := map[pontage.TokenID]pontage.Usage{}
	for _, row := range rows {
		known[row.TokenID] = row.Usage
	}
	for _, s := range c.slots {
		for _, l := range s.lineages {
			used, paid := known[l.token], l.paid.Load()
			if used.WalletRequests != paid || used.TotalRequests != paid || used.WalletAmount != price*pontage.Money(paid) {
				problems = append(problems, fmt.Sprintf("%d calls of %s were paid, its row says %+v", paid, l.token, used))
			}
		}
		if paid := s.now.Load().lineage.paid.Load(); s.limited && paid != s.limit {
			problems = append(problems, fmt.Sprintf("%d calls were paid under a limit of %d", paid, s.limit))
		}
	}
	return problems
}

func (c *churn) changes() (n int) {
	for _, s := range c.slots {
		n += s.changes
	}
	return n
}
