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

// batch runs items as the store would: the first pass is thrown away, as after a lost connection, the second is committed.
func (h *house) batch(items ...*item) []result {
	if h.engine != nil {
		return h.engine.batch(h, items)
	}
	spare := copyState(h.state)
	if _, err := h.m.newRun(spare, h.now, items).apply(items); err != nil {
		h.t.Fatal(err)
	}
	r := h.m.newRun(h.state, h.now, items)
	changes, err := r.apply(items)
	if err != nil {
		h.t.Fatal(err)
	}
	r.keep()
	h.commit(changes)
	return r.results
}

// commit appends to the log, and checks that the transfers say what happened to the wallet.
func (h *house) commit(c *pontage.BatchChanges) {
	h.log.Calls = append(h.log.Calls, c.Calls...)
	for _, o := range c.Outcomes {
		h.log.Outcomes = append(h.log.Outcomes, pontage.EndedCall{Call: *h.state.Calls[o.CallID], Outcome: o})
	}
	usage := 0
	for _, t := range c.Transfers {
		if t.Amount <= 0 {
			h.t.Fatalf("transfer of %s", t.Amount)
		}
		if t.Kind == pontage.TransferUsage {
			usage++
		}
	}
	if usage > 1 {
		h.t.Fatalf("%d usage transfers for one wallet", usage)
	}
}

// attempt draws a call.
func (h *house) attempt() pontage.Attempt {
	lineage := h.id.lineages[rapid.IntRange(0, 1).Draw(h.t, "lineage")]
	scope := h.scopes[rapid.IntRange(0, len(h.scopes)-1).Draw(h.t, "scope")]
	h.next++
	a := pontage.Attempt{
		CallID: pontage.CallID(fmt.Sprintf("cal%s_%d", h.id.prefix, h.next)), Method: "GET", Host: "api.example.com",
		Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(h.next % 5)}),
		Admission: pontage.Admission{TokenID: "tok", LineageID: lineage, AccountID: h.id.account, Version: h.state.Lineages[lineage].Version,
			Scopes: pontage.ScopeMembers{"sco_0": {}, "sco_1": {}, "sco_2": {}}},
		Match: &pontage.Match{API: &pontage.API{Host: "api.example.com", Enabled: true},
			Operation: &pontage.Operation{ID: "opr", Enabled: true}, Scope: scope},
	}
	if rapid.Bool().Draw(h.t, "hold") {
		a.Hold = time.Minute
	}
	return a
}

// count counts the model's calls.
func (h *house) count(which func(*naiveCall) bool) (n int64) {
	for _, c := range h.calls {
		if which(c) {
			n++
		}
	}
	return n
}

func (h *house) sum(which func(*naiveCall) bool) (sum pontage.Money) {
	for _, c := range h.calls {
		if which(c) {
			sum += c.price
		}
	}
	return sum
}

// predict says by counting who pays the attempt, or why nobody does.
func (h *house) predict(a *pontage.Attempt) (pontage.Payer, pontage.SubscriptionID, pontage.Code) {
	scope, l := a.Match.Scope, h.state.Lineages[a.Admission.LineageID]
	same := func(c *naiveCall) bool { return c.lineage == l.ID && c.scope == scope.ID }
	recent := func(at time.Time) bool { return at.Unix() > h.now.Unix()-rateSlots }
	if h.count(func(c *naiveCall) bool { return same(c) && !c.releaseAt.IsZero() && recent(c.releaseAt) }) > modelReleases {
		return "", "", pontage.RateLimited
	}
	if h.count(func(c *naiveCall) bool { return same(c) && recent(c.at) }) >= scope.RatePerMinute {
		return "", "", pontage.RateLimited
	}
	mine := func(payer pontage.Payer) func(*naiveCall) bool {
		return func(c *naiveCall) bool { return c.lineage == l.ID && c.payer == payer && !c.back() }
	}
	if limit := l.Limits.TotalRequests; limit != nil && h.count(func(c *naiveCall) bool { return c.lineage == l.ID }) >= *limit {
		return "", "", pontage.LimitExhausted
	}
	price := *scope.Price
	if price == 0 {
		return pontage.PayerNone, "", ""
	}
	if h.free(scope) {
		return pontage.PayerAllowance, "", ""
	}
	if h.state.Wallets[h.id.account].Plan.Included && h.planUse(h.now) < modelPlan {
		return pontage.PayerPlan, "", ""
	}
	reason := pontage.InsufficientCredit
	if sub := h.urgent(scope.ID); sub != "" {
		limit := l.Limits.SubscriptionRequests
		if limit == nil || h.count(mine(pontage.PayerSubscription)) < *limit {
			return pontage.PayerSubscription, sub, ""
		}
		reason = pontage.LimitExhausted
	}
	if h.credit() >= price {
		requests, amount := l.Limits.WalletRequests, l.Limits.WalletAmount
		if (requests == nil || h.count(mine(pontage.PayerWallet)) < *requests) &&
			(amount == nil || h.sum(mine(pontage.PayerWallet))+price <= *amount) {
			return pontage.PayerWallet, "", ""
		}
		reason = pontage.LimitExhausted
	}
	return "", "", reason
}

func (h *house) free(scope *pontage.Scope) bool {
	in := func(period func(time.Time) pontage.Period) int64 {
		return h.count(func(c *naiveCall) bool {
			return c.scope == scope.ID && c.payer == pontage.PayerAllowance && !c.back() && period(c.at) == period(h.now)
		})
	}
	always := func(time.Time) pontage.Period { return "" }
	a := scope.Allowance
	return a.Day != nil && in(pontage.DayOf) < *a.Day && in(pontage.MonthOf) < *a.Month && in(always) < *a.Total
}

// plan gives the account another plan, which includes requests or none; what is used of the month stays.
func (h *house) plan() {
	p := &h.state.Wallets[h.id.account].Plan
	p.Included = !p.Included
	if h.engine != nil {
		h.engine.plan(h, map[bool]pontage.PlanKind{true: pontage.PlanBasic, false: pontage.PlanEnterprise}[p.Included])
	}
}

// planUse counts what the plan included in the month of a time.
func (h *house) planUse(at time.Time) int64 {
	return h.count(func(c *naiveCall) bool {
		return c.payer == pontage.PayerPlan && !c.back() && pontage.MonthOf(c.at) == pontage.MonthOf(at)
	})
}

func (h *house) urgent(scope pontage.ScopeID) (id pontage.SubscriptionID) {
	var first time.Time
	for _, s := range h.state.Subscriptions {
		if s.ScopeID == scope && s.Active(h.now) && h.subscriptionUse(s.ID) < s.TotalRequests && (first.IsZero() || s.ExpiresAt.Before(first)) {
			id, first = s.ID, s.ExpiresAt
		}
	}
	return id
}

func (h *house) subscriptionUse(id pontage.SubscriptionID) int64 {
	return h.count(func(c *naiveCall) bool { return c.sub == id && !c.back() })
}

// credit is what was paid in, less what was spent or is held.
func (h *house) credit() pontage.Money {
	return h.topUps - h.sum(func(c *naiveCall) bool { return c.payer == pontage.PayerWallet && !c.back() })
}

// reserve runs a few attempts in one batch, some of them repeated within it, and compares.
func (h *house) reserve() {
	type expectation struct {
		payer pontage.Payer
		code  pontage.Code
	}
	var items []*item
	var want []expectation
	for i := range rapid.IntRange(1, 3).Draw(h.t, "attempts") {
		a := h.attempt()
		a.Repeatable = rapid.Bool().Draw(h.t, "repeatable")
		payer, sub, code := h.predict(&a)
		if i == 0 {
			if quoted := h.batch(&item{kind: kindQuote, attempt: a})[0]; quoted.verdict.Admitted != (code == "") {
				h.t.Fatalf("the quote says %+v, the model %s", quoted.verdict.Decision, code)
			}
		}
		h.remember(&a, payer, sub, code)
		items, want = append(items, &item{kind: kindReserve, attempt: a}), append(want, expectation{payer, code})
		if a.Repeatable && code != pontage.RateLimited {
			items, want = append(items, &item{kind: kindReserve, attempt: a}), append(want, expectation{payer, code})
		}
	}
	for i, got := range h.batch(items...) {
		v, w := got.verdict, want[i]
		if got.err != nil || v.Admitted != (w.code == "") || v.Payer != w.payer || w.code != "" && v.Refusal.Code != w.code {
			h.t.Fatalf("attempt %d: got %+v %v %v, want %+v", i, v.Decision, v.Refusal, got.err, w)
		}
	}
}

// remember adds the predicted attempt to the model.
func (h *house) remember(a *pontage.Attempt, payer pontage.Payer, sub pontage.SubscriptionID, code pontage.Code) {
	if code != "" {
		h.logNaive(a, code)
		return
	}
	c := &naiveCall{id: a.CallID, lineage: a.Admission.LineageID, client: h.state.Lineages[a.Admission.LineageID].ClientID, address: a.Address, scope: a.Match.Scope.ID, payer: payer, sub: sub, at: h.now, forward: a.Hold == 0}
	if payer == pontage.PayerWallet {
		c.price = *a.Match.Scope.Price
	}
	h.calls = append(h.calls, c)
}

// logNaive logs the refusal, unless it is only counted, or as many of its kind stand there already as calls are let through.
func (h *house) logNaive(a *pontage.Attempt, code pontage.Code) {
	if code == pontage.RateLimited {
		return
	}
	entry, recent := naiveRefusal{a.Admission.LineageID, a.Match.Scope.ID, h.now}, int64(0)
	for _, r := range h.logged {
		if r.lineage == entry.lineage && r.scope == entry.scope && r.at.Unix() > h.now.Unix()-rateSlots {
			recent++
		}
	}
	if recent < a.Match.Scope.RatePerMinute {
		h.logged = append(h.logged, entry)
	}
}

// end ends a few drawn calls in drawn ways in one batch, some of them twice, and compares.
func (h *house) end() {
	if len(h.calls) == 0 {
		return
	}
	var items []*item
	var want []pontage.Code
	for range rapid.IntRange(1, 4).Draw(h.t, "endings") {
		c := h.calls[rapid.IntRange(0, len(h.calls)-1).Draw(h.t, "call")]
		it := &item{
			kind:   rapid.SampledFrom([]itemKind{kindSettle, kindRelease, kindRefund}).Draw(h.t, "kind"),
			ending: Ending{CallID: c.id, Status: rapid.SampledFrom([]int{200, 404, 503, 0}).Draw(h.t, "status")},
			reaped: rapid.Bool().Draw(h.t, "reaped"),
		}
		items, want = append(items, it), append(want, h.endNaive(c, it))
	}
	for i, got := range h.batch(items...) {
		if pontage.CodeOf(got.err) != want[i] {
			h.t.Fatalf("ending %d, %+v: got %v, want %q", i, items[i].ending, got.err, want[i])
		}
	}
}

// endNaive ends the model's call and says what the ending is answered.
func (h *house) endNaive(c *naiveCall, it *item) pontage.Code {
	switch {
	case it.kind == kindSettle && c.open():
		c.settled, c.failed = true, it.ending.Status >= 400
	case it.kind == kindRelease && c.open():
		c.released = true
		if !it.reaped {
			c.releaseAt = h.now
		}
	case it.kind == kindRefund && (c.settled || c.forward) && !c.back() && h.now.Sub(c.at) > RefundWithin:
		return pontage.Conflict
	case it.kind == kindRefund && (c.settled || c.forward):
		if c.forward && !c.refunded && !it.reaped {
			c.releaseAt = h.now
		}
		c.refunded = true
	case it.kind == kindSettle && c.back(), it.kind == kindRelease && !c.back(), it.kind == kindRefund && !c.back():
		return pontage.Conflict
	}
	return ""
}

// check compares every stored number with the count.
func (h *house) check() {
	if h.engine != nil {
		h.engine.read(h)
	}
	w := h.state.Wallets[h.id.account]
	held := h.sum(func(c *naiveCall) bool { return c.payer == pontage.PayerWallet && c.open() })
	if w.Held != held || w.Credit() != h.credit() || w.Held < 0 || w.Balance < w.Held {
		h.t.Fatalf("wallet %+v, want %s held and %s credit", *w, held, h.credit())
	}
	all := h.count(func(c *naiveCall) bool { return c.payer == pontage.PayerPlan && !c.back() })
	if p := w.Plan; p.UsedAt(h.now) != h.planUse(h.now) || p.Total != all || p.Used > p.Total {
		h.t.Fatalf("the plan counts %+v, want %d this month and %d", p, h.planUse(h.now), all)
	}
	for id, l := range h.state.Lineages {
		if got, want := l.Usage, h.usage(func(c *naiveCall) bool { return c.lineage == id }); got != want {
			h.t.Fatalf("%s counts %+v, want %+v", id, got, want)
		}
	}
	for id, s := range h.state.Subscriptions {
		if s.UsedRequests != h.subscriptionUse(id) {
			h.t.Fatalf("%s counts %d, want %d", id, s.UsedRequests, h.subscriptionUse(id))
		}
	}
}

func (h *house) usage(which func(*naiveCall) bool) (u pontage.Usage) {
	for _, c := range h.calls {
		if !which(c) {
			continue
		}
		u.TotalRequests++
		if c.failed || c.back() {
			u.ErrorRequests++
		}
		switch {
		case c.back():
		case c.payer == pontage.PayerWallet:
			u.WalletRequests++
			u.WalletAmount += c.price
		case c.payer == pontage.PayerSubscription:
			u.SubscriptionRequests++
		}
	}
	return u
}

// checkFold folds the log in two pieces at a drawn place and compares the sum with the count.
func (h *house) checkFold() {
	lines, entries := map[pontage.StatisticKey]*pontage.Usage{}, map[pontage.ErrorEntryID]bool{}
	spent := pontage.Money(0)
	at := rapid.IntRange(0, len(h.log.Calls)).Draw(h.t, "folded")
	for _, tail := range []pontage.Tail{{Calls: h.log.Calls[:at]}, {Calls: h.log.Calls[at:], Outcomes: h.log.Outcomes}} {
		tail.Owners = map[pontage.LineageID]pontage.LineageOwner{h.id.lineages[1]: {ClientID: h.id.client, DomainID: h.id.domain}}
		changes := Fold(tail)
		for _, d := range changes.Statistics {
			if lines[d.StatisticKey] == nil {
				lines[d.StatisticKey] = &pontage.Usage{}
			}
			addUsage(lines[d.StatisticKey], d.Usage)
		}
		for _, e := range changes.Errors {
			entries[e.ID] = true
		}
		for _, d := range changes.Days {
			spent += d.Amount
		}
	}
	for key, got := range lines {
		want := h.usage(func(c *naiveCall) bool { return countsUnder(c, key) })
		if *got != want {
			h.t.Fatalf("%+v folds to %+v, want %+v", key, *got, want)
		}
	}
	if all := lines[pontage.StatisticKey{AccountID: h.id.account, Dimension: pontage.ByAccount}]; all == nil && len(h.calls) > 0 {
		h.t.Fatal("no line for the account")
	}
	want := len(h.logged) + int(h.count(func(c *naiveCall) bool { return c.failed || c.released || c.forward && c.refunded }))
	if len(entries) != want {
		h.t.Fatalf("%d error entries, want %d", len(entries), want)
	}
	if want := h.sum(func(c *naiveCall) bool { return !c.released }); spent != want {
		h.t.Fatalf("days say %s, want %s", spent, want)
	}
}

func countsUnder(c *naiveCall, k pontage.StatisticKey) bool {
	in := k.Period == "" || k.Period == pontage.YearOf(c.at) || k.Period == pontage.MonthOf(c.at) || k.Period == pontage.DayOf(c.at)
	switch k.Dimension {
	case pontage.ByScope:
		return in && k.Key == string(c.scope)
	case pontage.ByToken:
		return in && k.Key == string(c.lineage)
	case pontage.ByClient:
		return in && k.Key == string(c.client)
	case pontage.ByDomain:
		return in && (k.Key == "") == (c.client == "")
	case pontage.ByAddress:
		return in && k.Key == c.address.String()
	}
	return in
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

func (h *house) topUp(amount pontage.Money) {
	h.topUps += amount
	if h.engine != nil {
		h.engine.topUp(h, amount)
		return
	}
	h.state.Wallets[h.id.account].Balance += amount
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

// limit changes one limit of one token.
func (h *house) limit() {
	l := h.state.Lineages[h.id.lineages[rapid.IntRange(0, 1).Draw(h.t, "lineage")]]
	value := rapid.Ptr(rapid.Int64Range(0, 20), true).Draw(h.t, "limit")
	switch rapid.IntRange(0, 3).Draw(h.t, "which") {
	case 0:
		l.Limits.TotalRequests = value
	case 1:
		l.Limits.WalletRequests = value
	case 2:
		l.Limits.SubscriptionRequests = value
	case 3:
		l.Limits.WalletAmount = (*pontage.Money)(value)
	}
	if h.engine != nil {
		h.engine.edit(h, l)
	}
}

func copyState(s *pontage.BatchState) *pontage.BatchState {
	return &pontage.BatchState{
		Lineages: copyRows(s.Lineages), Wallets: copyRows(s.Wallets), Allowances: copyRows(s.Allowances),
		Subscriptions: copyRows(s.Subscriptions), Calls: copyRows(s.Calls), Ended: copyLists(s.Ended),
	}
}

func copyRows[K comparable, V any](rows map[K]*V) map[K]*V {
	out := make(map[K]*V, len(rows))
	for k, v := range rows {
		c := *v
		out[k] = &c
	}
	return out
}

func copyLists[K comparable, V any](lists map[K][]V) map[K][]V {
	out := make(map[K][]V, len(lists))
	for k, v := range lists {
		out[k] = append([]V(nil), v...)
	}
	return out
}
