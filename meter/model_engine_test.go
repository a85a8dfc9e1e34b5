package meter

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// engine is a database on which the model's sequences run one after the other, each with an account of its own, and the meter between.
type engine struct {
	store *storage.Store
	m     *Meter
	name  string

	mu    sync.Mutex
	now   time.Time
	begun int
}

func (e *engine) clock() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

func (e *engine) setClock(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now = now
}

// newEngine gives a meter that does nothing by the clock.
func newEngine(t *testing.T, store *storage.Store, name string) *engine {
	e := &engine{store: store, name: name, now: noon}
	e.m = New(Config{
		Store: e.store, Clock: e.clock, MaxReleasesPerMinute: modelReleases, PlanRequests: modelPlan, FoldEvery: never, ReapEvery: never, CloseEvery: never,
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.m.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return e
}

// modelSet is the one set of scopes.
const modelSet = pontage.ScopeSetID("set_model")

// stock makes the model's scopes.
func stock(t *testing.T, store *storage.Store) {
	ctx := t.Context()
	api := pontage.API{ID: "api_model", Host: "api.example.com", Enabled: true, CreatedAt: noon, UpdatedAt: noon}
	set := pontage.ScopeSet{ID: modelSet, Digest: []byte("model")}
	var scopes []pontage.Scope
	for _, s := range modelScopes() {
		s.APIID, s.Host, s.Method, s.Name = api.ID, api.Host, "GET", "GET:"+api.Host+"/"+string(s.ID)
		scopes, set.Scopes = append(scopes, *s), append(set.Scopes, s.ID)
	}
	err := write(store,
		func(tx pontage.Tx) error { return tx.PutAPI(ctx, api) },
		func(tx pontage.Tx) error { return tx.PutScopes(ctx, scopes) },
		func(tx pontage.Tx) error { return tx.InsertScopeSet(ctx, set) },
	)
	if err != nil {
		t.Fatal(err)
	}
}

const never = 1000 * time.Hour

func write(store *storage.Store, all ...func(pontage.Tx) error) error {
	return store.Write(context.Background(), func(tx pontage.Tx) error {
		for _, write := range all {
			if err := write(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house begins a sequence.
func (e *engine) house(t *rapid.T) *house {
	e.begun++
	h := &house{t: t, m: e.m, now: noon, scopes: modelScopes(), engine: e, id: newModelIDs(fmt.Sprintf("_%s_%04d", e.name, e.begun)), rows: map[pontage.CallID]rows{}}
	h.furnish()
	e.setClock(noon)
	ctx := context.Background()
	rows := []func(pontage.Tx) error{func(tx pontage.Tx) error {
		return tx.InsertAccount(ctx, pontage.Account{ID: h.id.account, Email: string(h.id.account) + "@example.com", CreatedAt: noon})
	}, func(tx pontage.Tx) error {
		return tx.InsertClient(ctx, pontage.Client{ID: h.id.client, AccountID: h.id.account, Name: "Shop", CreatedAt: noon})
	}}
	rows = append(rows, func(tx pontage.Tx) error { return putPlan(tx, h.id.account, pontage.PlanBasic) })
	for _, l := range h.state.Lineages {
		l.ScopeSetID, l.Version, l.CreatedAt, l.UpdatedAt = modelSet, 1, noon, noon
		rows = append(rows, func(tx pontage.Tx) error { return tx.InsertLineage(ctx, *l) })
	}
	for _, s := range h.state.Subscriptions {
		s.Term, s.CreatedAt, s.UpdatedAt = pontage.Monthly, noon, noon
		rows = append(rows, func(tx pontage.Tx) error { return tx.InsertSubscription(ctx, *s) })
	}
	must(t, write(e.store, rows...))
	return h
}

// batch queues the items in their order. Into how many batches they fall is the meter's affair: the answers must not depend on it.
func (e *engine) batch(h *house, items []*item) (results []result) {
	e.setClock(h.now)
	for _, it := range items {
		it.done = make(chan struct{})
		if it.kind == kindReserve || it.kind == kindQuote {
			it.rows = rowsToReserve(&it.attempt)
		} else {
			it.rows = h.rows[it.ending.CallID]
		}
	}
	for _, it := range items {
		must(h.t, e.m.enqueue(it))
	}
	for _, it := range items {
		<-it.done
		results = append(results, it.result)
		if row := it.result.verdict.row; it.kind == kindReserve && row != nil {
			h.rows[row.ID] = rowsOf(row)
		}
	}
	return results
}

// read takes every row of the sequence from the database.
func (e *engine) read(h *house) {
	ctx := context.Background()
	wallet, err := e.store.Wallet(ctx, h.id.account)
	must(h.t, err)
	h.state.Wallets[h.id.account] = wallet
	lineages, err := e.store.Lineages(ctx, h.id.account, time.Time{}, pontage.Page{Limit: 10})
	must(h.t, err)
	for i := range lineages {
		h.state.Lineages[lineages[i].ID] = &lineages[i]
	}
	subscriptions, err := e.store.Subscriptions(ctx, pontage.SubscriptionQuery{AccountID: h.id.account, Page: pontage.Page{Limit: 10}})
	must(h.t, err)
	for i := range subscriptions {
		h.state.Subscriptions[subscriptions[i].ID] = &subscriptions[i]
	}
}

func (e *engine) topUp(h *house, amount pontage.Money) {
	e.setClock(h.now)
	_, err := e.m.Credit(context.Background(), pontage.Operator(), h.id.account, amount, "Top-up")
	must(h.t, err)
	if rapid.Bool().Draw(h.t, "fold") {
		must(h.t, e.m.FoldNow(context.Background()))
	}
}

// plan gives the account another plan.
func (e *engine) plan(h *house, kind pontage.PlanKind) {
	must(h.t, write(e.store, func(tx pontage.Tx) error { return putPlan(tx, h.id.account, kind) }))
}

func putPlan(tx pontage.Tx, account pontage.AccountID, kind pontage.PlanKind) error {
	return tx.PutPlan(context.Background(), pontage.Plan{AccountID: account, Kind: kind, Since: noon, UpdatedAt: noon})
}

func (e *engine) edit(h *house, l *pontage.Lineage) {
	l.Version++
	must(h.t, write(e.store, func(tx pontage.Tx) error { return tx.UpdateLineage(context.Background(), *l) }))
}

// checkBooks folds what is left and compares everything a partner can read with the count.
func (e *engine) checkBooks(h *house) {
	ctx, by := context.Background(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: h.id.account}
	must(h.t, e.m.FoldNow(ctx))
	for _, period := range []pontage.Period{"", pontage.YearOf(h.now), pontage.MonthOf(noon), pontage.DayOf(noon), pontage.DayOf(h.now)} {
		for _, dimension := range dimensions {
			lines, err := e.m.Statistics(ctx, by, pontage.StatisticQuery{Dimension: dimension, Period: period})
			must(h.t, err)
			e.compare(h, pontage.StatisticKey{Dimension: dimension, Period: period}, lines)
		}
	}
	entries, err := e.m.Errors(ctx, by, nil, pontage.Page{Limit: 1000})
	must(h.t, err)
	want := len(h.logged) + int(h.count(func(c *naiveCall) bool { return c.failed || c.released || c.forward && c.refunded }))
	if len(entries) != want {
		h.t.Fatalf("%d error entries, want %d", len(entries), want)
	}
	lines, err := e.m.Transactions(ctx, by, pontage.Page{Limit: 1000})
	must(h.t, err)
	sum := pontage.Money(0)
	for _, l := range lines {
		sum += l.Amount
	}
	if sum != h.credit() {
		h.t.Fatalf("the transactions sum up to %s, want %s", sum, h.credit())
	}
}

// compare expects each line, and all of them together, to be what is counted.
func (e *engine) compare(h *house, key pontage.StatisticKey, lines []pontage.StatisticLine) {
	var all pontage.Usage
	for _, l := range lines {
		key.Key = l.Key
		if want := h.usage(func(c *naiveCall) bool { return countsUnder(c, key) }); l.Usage != want {
			h.t.Fatalf("%+v says %+v, want %+v", key, l.Usage, want)
		}
		addUsage(&all, l.Usage)
	}
	key.Dimension = pontage.ByAccount
	if want := h.usage(func(c *naiveCall) bool { return countsUnder(c, key) }); all != want {
		h.t.Fatalf("the lines of %+v sum up to %+v, want %+v", key, all, want)
	}
}

// modelInstances share an engine and the sequences, each with a meter and a clock of its own.
const modelInstances = 4

// modelURLs are the databases; what they have on the disk is not the question here, and waiting for it the most of the time.
var modelURLs = map[string]func(testing.TB) string{
	"sqlite":   storagetest.SQLite,
	"postgres": func(t testing.TB) string { return storagetest.Postgres(t) + "&synchronous_commit=off" },
}

// On a real database, through the meter's own queue and with other instances beside it, the same sequences give the same decisions,
// balances and counters.
func TestTheBooksEqualTheCountOnEveryEngine(t *testing.T) {
	share(t, modelInstances)
	for name, url := range modelURLs {
		t.Run(name, func(t *testing.T) {
			store := storagetest.Open(t, url(t))
			stock(t, store)
			did := make([]tally, modelInstances)
			t.Run("instances", func(t *testing.T) {
				for i := range modelInstances {
					t.Run(fmt.Sprint(i), func(t *testing.T) {
						t.Parallel()
						e := newEngine(t, store, fmt.Sprint(i))
						rapid.Check(t, func(t *rapid.T) {
							h := e.house(t)
							h.live()
							e.checkBooks(h)
							did[i].add(h)
						})
					})
				}
			})
			found, err := New(Config{Store: store, Clock: storagetest.Clock}).Verify(context.Background())
			if err != nil || len(found) > 0 {
				t.Errorf("verify: %v %v", found, err)
			}
			t.Logf("%d instances: %v; verify: equal", modelInstances, sum(did))
		})
	}
}

// share divides the sequences of a test among its parallel parts, which no other test runs beside.
func share(t *testing.T, parts int) {
	t.Helper()
	all := flag.Lookup("rapid.checks").Value.String()
	n, err := strconv.Atoi(all)
	if err == nil {
		err = flag.Set("rapid.checks", fmt.Sprint((n+parts-1)/parts))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set("rapid.checks", all) })
}

func sum(parts []tally) (all tally) {
	for _, p := range parts {
		all = tally{all.sequences + p.sequences, all.calls + p.calls, all.refusals + p.refusals, all.ended + p.ended}
	}
	return all
}

// dimensions are all there are.
var dimensions = []pontage.Dimension{pontage.ByAccount, pontage.ByAPI, pontage.ByScope, pontage.ByToken, pontage.ByClient, pontage.ByDomain, pontage.ByAddress}
