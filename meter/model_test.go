package meter

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// naiveCall is what the model remembers of an admitted call; everything else it counts anew each time.
type naiveCall struct {
	id        pontage.CallID
	lineage   pontage.LineageID
	client    pontage.ClientID
	address   netip.Addr
	scope     pontage.ScopeID
	payer     pontage.Payer
	price     pontage.Money
	sub       pontage.SubscriptionID
	at        time.Time
	forward   bool // born settled
	settled   bool
	released  bool
	refunded  bool
	failed    bool // settled with 400 and above
	releaseAt time.Time
}

func (c *naiveCall) back() bool { return c.released || c.refunded }

func (c *naiveCall) open() bool { return !c.forward && !c.settled && !c.released }

// naiveRefusal is a refused call in the log.
type naiveRefusal struct {
	lineage pontage.LineageID
	scope   pontage.ScopeID
	at      time.Time
}

// house is the memory of a database and the model beside it.
type house struct {
	t      *rapid.T
	m      *Meter
	now    time.Time
	state  *pontage.BatchState
	scopes []*pontage.Scope
	calls  []*naiveCall
	log    pontage.Tail
	topUps pontage.Money
	// logged are the refusals that must stand in the log.
	logged []naiveRefusal
	next   int
	// engine is where the memory is, unless it is here.
	engine *engine
	id     modelIDs
	// rows are what an engine's ending of a call must name.
	rows map[pontage.CallID]rows
}

// modelIDs name the rows of one sequence: on an engine they are all in one database.
type modelIDs struct {
	prefix   string
	account  pontage.AccountID
	lineages [2]pontage.LineageID
	// client has the second token, and domain is where it calls from.
	client pontage.ClientID
	domain pontage.DomainID
}

func newModelIDs(prefix string) modelIDs {
	id := modelIDs{prefix: prefix, account: pontage.AccountID("acc" + prefix),
		client: pontage.ClientID("cli" + prefix), domain: pontage.DomainID("dom" + prefix)}
	for i := range id.lineages {
		id.lineages[i] = pontage.LineageID(fmt.Sprintf("lin%s_%d", prefix, i))
	}
	return id
}

const modelReleases = 4

// modelPlan are the requests a month that the model's plan includes: few, so that it is used up and left over.
const modelPlan = 4

func newHouse(t *rapid.T) *house {
	h := &house{t: t, now: noon, scopes: modelScopes(), id: newModelIDs("")}
	h.m = New(Config{Clock: func() time.Time { return h.now }, MaxReleasesPerMinute: modelReleases, PlanRequests: modelPlan})
	h.furnish()
	return h
}

func modelScopes() []*pontage.Scope {
	return []*pontage.Scope{
		{ID: "sco_0", Enabled: true, Price: ptr(pontage.Money(0)), RatePerMinute: 30},
		{ID: "sco_1", Enabled: true, Price: ptr(pontage.Money(3)), RatePerMinute: 25,
			Allowance: pontage.Allowance{Day: ptr(int64(2)), Month: ptr(int64(5)), Total: ptr(int64(9))}},
		{ID: "sco_2", Enabled: true, Price: ptr(pontage.Money(7)), RatePerMinute: 25},
	}
}

// furnish makes the rows a sequence begins with.
func (h *house) furnish() {
	account := h.id.account
	h.state = &pontage.BatchState{
		Lineages: map[pontage.LineageID]*pontage.Lineage{}, Allowances: map[pontage.AllowanceKey]*pontage.AllowanceUse{},
		Wallets:       map[pontage.AccountID]*pontage.Wallet{account: {AccountID: account, Plan: pontage.PlanUse{Included: true}}},
		Subscriptions: map[pontage.SubscriptionID]*pontage.Subscription{},
		Calls:         map[pontage.CallID]*pontage.Call{}, Ended: map[pontage.CallID][]pontage.Outcome{},
	}
	for _, id := range h.id.lineages {
		h.state.Lineages[id] = &pontage.Lineage{ID: id, AccountID: account, TokenID: "tok", ExpiresAt: noon.Add(10_000 * time.Hour)}
	}
	h.state.Lineages[h.id.lineages[1]].ClientID, h.state.Lineages[h.id.lineages[1]].DomainID = h.id.client, h.id.domain
	for _, s := range h.scopes {
		key := pontage.AllowanceKey{AccountID: account, ScopeID: s.ID}
		h.state.Allowances[key] = &pontage.AllowanceUse{Key: key}
	}
	for i, days := range []int{9, 3} {
		id := pontage.SubscriptionID(fmt.Sprintf("sub%s_%d", h.id.prefix, i))
		h.state.Subscriptions[id] = &pontage.Subscription{ID: id, AccountID: account, ScopeID: "sco_2", TotalRequests: 4,
			StartsAt: noon, ExpiresAt: noon.Add(time.Duration(days) * 24 * time.Hour)}
	}
}

// Whatever happens in whatever order, every balance, counter, decision and statistic is what counting from the beginning gives.
func TestTheBooksEqualTheCount(t *testing.T) {
	var did tally
	rapid.Check(t, func(t *rapid.T) {
		h := newHouse(t)
		h.live()
		h.checkFold()
		did.add(h)
	})
	t.Logf("pure: %v", did)
}

// modelOperations is how long a sequence is.
const modelOperations = 100

// live does a hundred things and counts anew after each, on an engine after every fourth: reading is the most of the work there.
func (h *house) live() {
	for n := range modelOperations {
		switch rapid.IntRange(0, 9).Draw(h.t, "operation") {
		case 0, 1, 2, 3:
			h.reserve()
		case 4, 5, 6:
			h.end()
		case 7:
			h.now = h.now.Add(time.Duration(rapid.Int64Range(0, 90_000).Draw(h.t, "milliseconds")) * time.Millisecond)
		case 8:
			if rapid.IntRange(0, 3).Draw(h.t, "far") == 0 {
				h.now = h.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(h.t, "hours")) * time.Hour)
			}
			if rapid.IntRange(0, 19).Draw(h.t, "month") == 0 {
				h.now = h.now.Add(11 * 24 * time.Hour)
			}
			h.limit()
		case 9:
			if rapid.IntRange(0, 4).Draw(h.t, "plan") == 0 {
				h.plan()
			}
			h.topUp(pontage.Money(rapid.Int64Range(1, 30).Draw(h.t, "amount")))
		}
		if h.engine == nil || n%4 == 3 {
			h.check()
		}
	}
}

// tally is how much sequences did.
type tally struct{ sequences, calls, refusals, ended int }

func (t *tally) add(h *house) {
	t.sequences++
	t.calls += len(h.calls)
	t.refusals += len(h.logged)
	t.ended += int(h.count(func(c *naiveCall) bool { return !c.open() }))
}

func (t tally) String() string {
	return fmt.Sprintf("%d sequences of %d operations: %d calls admitted, %d refused and logged, %d ended; counted anew all along: equal",
		t.sequences, modelOperations, t.calls, t.refusals, t.ended)
}
