package storagetest_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A partner who calls from many machines at once must not spend what is not there, whichever instance answers.
func TestParallelReservationsNeverOverdraw(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores := []*storage.Store{open(), open()}
		who := newTenant(t, stores[0], 100)
		var admitted atomic.Int64
		var group errgroup.Group
		for i := range 64 {
			group.Go(func() error {
				for range 5 {
					ok, err := reserve(t.Context(), stores[i%2], who, who.call(1, start))
					if err != nil {
						return err
					}
					if ok {
						admitted.Add(1)
					}
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		w, err := stores[1].Wallet(t.Context(), who.account)
		if err != nil || admitted.Load() != 100 || w.Balance != 100 || w.Credit() != 0 {
			t.Errorf("%d admitted, wallet %+v, %v", admitted.Load(), w, err)
		}
		mustEqual(t, stores[0])
	})
}

// Two instances that end the same call, one by settling and one by releasing it, must not both move the money.
func TestACallEndsOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores := []*storage.Store{open(), open()}
		who := newTenant(t, stores[0], 1000)
		for range 25 {
			c := who.call(7, start)
			if ok, err := reserve(t.Context(), stores[0], who, c); err != nil || !ok {
				t.Fatal(ok, err)
			}
			var ended atomic.Int64
			var group errgroup.Group
			for i, kind := range []pontage.OutcomeKind{pontage.OutcomeSettled, pontage.OutcomeReleased} {
				group.Go(func() error {
					ok, err := end(t.Context(), stores[i], who, c, kind, 200)
					if ok {
						ended.Add(1)
					}
					return err
				})
			}
			if err := group.Wait(); err != nil || ended.Load() != 1 {
				t.Fatalf("ended %d times, %v", ended.Load(), err)
			}
		}
		mustEqual(t, stores[0])
	})
}

// Even a rule that forgets to look must not end a call twice: the database refuses and nothing of the batch is written.
func TestASecondEndIsRefusedByTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 1000)
		c := who.call(7, start)
		_, err1 := reserve(t.Context(), store, who, c)
		_, err2 := end(t.Context(), store, who, c, pontage.OutcomeSettled, 200)
		if err := first(err1, err2); err != nil {
			t.Fatal(err)
		}
		err := storagetest.Batch(t.Context(), store, who.keys(c.ID), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
			state.Lineages[who.lineage].Usage.ErrorRequests = 99
			changes := who.changes()
			changes.Outcomes = []pontage.Outcome{{CallID: c.ID, Kind: pontage.OutcomeReleased, At: start}}
			return changes, nil
		})
		if pontage.CodeOf(err) != pontage.Conflict {
			t.Fatalf("got %v", err)
		}
		mustEqual(t, store)
	})
}

// A batch that a constraint refuses must leave no trace, or money moves without a call.
func TestARefusedBatchWritesNothing(t *testing.T) {
	mistake := errors.New("mistake")
	for name, c := range map[string]struct {
		spoil func(*pontage.BatchState, *pontage.BatchChanges) error
		want  func(error) bool
	}{
		"overdrawn": {func(s *pontage.BatchState, _ *pontage.BatchChanges) error {
			for _, w := range s.Wallets {
				w.Held = w.Balance + 1
			}
			return nil
		}, code(pontage.InsufficientCredit)},
		"taken id": {func(_ *pontage.BatchState, c *pontage.BatchChanges) error {
			c.Calls = append(c.Calls, c.Calls[0])
			return nil
		}, code(pontage.Conflict)},
		"hold without an end": {func(_ *pontage.BatchState, c *pontage.BatchChanges) error {
			c.Calls[0].ExpiresAt = time.Time{}
			return nil
		}, code(pontage.Conflict)},
		"transfer of nothing": {func(_ *pontage.BatchState, c *pontage.BatchChanges) error {
			c.Transfers[0].Amount = 0
			return nil
		}, code(pontage.Conflict)},
		"row that was not read": {func(_ *pontage.BatchState, c *pontage.BatchChanges) error {
			c.Wallets = append(c.Wallets, "acc_other")
			return nil
		}, code(pontage.Internal)},
		"decision fails": {func(*pontage.BatchState, *pontage.BatchChanges) error { return mistake },
			func(err error) bool { return errors.Is(err, mistake) }},
		"decision panics": {func(*pontage.BatchState, *pontage.BatchChanges) error { panic("mistake") },
			func(err error) bool { return err != nil }},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, store *storage.Store) {
				who := newTenant(t, store, 1000)
				before, _ := store.Wallet(t.Context(), who.account)
				call := who.call(1, start)
				err := storagetest.Batch(t.Context(), store, who.keys(), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
					state.Wallets[who.account].Balance--
					changes := who.changes(call)
					changes.Transfers = []pontage.Transfer{usageTransfer(who.account, 1, start)}
					return changes, c.spoil(state, changes)
				})
				if !c.want(err) {
					t.Errorf("got %v", err)
				}
				after, _ := store.Wallet(t.Context(), who.account)
				if diff := cmp.Diff(before, after); diff != "" {
					t.Error(diff)
				}
				if _, _, err := store.Call(t.Context(), call.ID); pontage.CodeOf(err) != pontage.NotFound {
					t.Errorf("the call was written: %v", err)
				}
				mustEqual(t, store)
			})
		})
	}
}

func code(want pontage.Code) func(error) bool {
	return func(err error) bool { return pontage.CodeOf(err) == want }
}

// What the log and the rows hold must come back as it was written, or receipts lie.
func TestABatchRoundTrips(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 1000)
		sub := subscription(who, start)
		write(t, store, func(tx pontage.Tx) error { return tx.InsertSubscription(t.Context(), sub) })
		full := who.call(3, start.Add(123456*time.Microsecond))
		full.State, full.Code, full.Message, full.Limit = pontage.CallRefused, pontage.InsufficientCredit, "It's not enough; ask \\ \"me\" ?", "wallet"
		full.SubscriptionID, full.TransferID = sub.ID, "tra_1"
		bare := pontage.Call{ID: pontage.NewCallID(start), AccountID: who.account, Method: "GET", Host: host, State: pontage.CallRefused, DecidedAt: start}
		key := pontage.AllowanceKey{AccountID: who.account, ScopeID: scope}
		use := pontage.AllowanceUse{Key: key, Day: "2026-11-20", Month: "2026-11", Year: "2026", DayUsed: 1, MonthUsed: 2, YearUsed: 3, TotalUsed: 4}
		keys := who.keys(full.ID, bare.ID)
		keys.Allowances, keys.Subscribed = []pontage.AllowanceKey{key, key}, []pontage.AllowanceKey{key, key}
		outcome := pontage.Outcome{
			CallID: full.ID, Kind: pontage.OutcomeReleased, Status: 503, Code: pontage.BadGateway, TransferID: "tra_2",
			At: start.Add(time.Second), Elapsed: 1234 * time.Microsecond,
		}
		if err := storagetest.Batch(t.Context(), store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
			if diff := cmp.Diff(&pontage.AllowanceUse{Key: key}, s.Allowances[key]); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(map[pontage.SubscriptionID]*pontage.Subscription{sub.ID: &sub}, s.Subscriptions); diff != "" {
				t.Error(diff)
			}
			*s.Allowances[key], s.Subscriptions[sub.ID].UsedRequests = use, 5
			changes := &pontage.BatchChanges{Calls: []pontage.Call{full, bare}, Outcomes: []pontage.Outcome{outcome}}
			changes.Allowances, changes.Subscriptions = keys.Allowances, []pontage.SubscriptionID{sub.ID, sub.ID}
			return changes, nil
		}); err != nil {
			t.Fatal(err)
		}
		var state pontage.BatchState
		if err := storagetest.Batch(t.Context(), store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
			state = *s
			return nil, nil
		}); err != nil {
			t.Fatal(err)
		}
		want := map[pontage.CallID]*pontage.Call{full.ID: &full, bare.ID: &bare}
		if diff := cmp.Diff(want, state.Calls, addresses, cmpopts.IgnoreFields(pontage.Call{}, "Sequence")); diff != "" {
			t.Error(diff)
		}
		ended := map[pontage.CallID][]pontage.Outcome{full.ID: {outcome}}
		if diff := cmp.Diff(ended, state.Ended, cmpopts.IgnoreFields(pontage.Outcome{}, "Sequence")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(&use, state.Allowances[key]); diff != "" {
			t.Error(diff)
		}
		if used := state.Subscriptions[sub.ID].UsedRequests; used != 5 {
			t.Errorf("used %d", used)
		}
		if state.Calls[full.ID].Sequence >= state.Calls[bare.ID].Sequence {
			t.Error("sequences do not follow the order of the batch")
		}
	})
}

var addresses = cmpopts.EquateComparable(home)

// A batch reads what was committed, also what another instance changed a moment ago: a token that was revoked stays revoked.
func TestABatchSeesCommittedTruth(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		mine, other := open(), open()
		who := newTenant(t, mine, 10)
		write(t, other, func(tx pontage.Tx) error {
			a, err := tx.Account(t.Context(), who.account)
			if err != nil {
				return err
			}
			a.DisabledAt = start
			_, err = tx.RevokeLineage(t.Context(), who.lineage, start)
			return first(err, tx.UpdateAccount(t.Context(), *a))
		})
		stored, err := other.Lineage(t.Context(), who.lineage)
		if err != nil {
			t.Fatal(err)
		}
		if err := storagetest.Batch(t.Context(), mine, who.keys(), func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
			if diff := cmp.Diff(stored, s.Lineages[who.lineage]); diff != "" || stored.RevokedAt.IsZero() {
				t.Error(diff)
			}
			if !s.DisabledAccounts[who.account] {
				t.Error("the account is not disabled")
			}
			return nil, nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Strangers choose hosts and messages; many long ones at once must still fit into the statements of one batch.
func TestABatchOfLongTextsIsWritten(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		changes := &pontage.BatchChanges{}
		for range 40 {
			c := who.call(0, start)
			c.State, c.Message = pontage.CallRefused, strings.Repeat("é", 20_000)
			changes.Calls = append(changes.Calls, c)
		}
		err := storagetest.Batch(t.Context(), store, pontage.BatchKeys{Now: start}, func(*pontage.BatchState) (*pontage.BatchChanges, error) { return changes, nil })
		if err != nil {
			t.Fatal(err)
		}
		tail, err := store.Tail(t.Context(), who.account)
		if err != nil || len(tail.Calls) != 40 || tail.Calls[39].ID != changes.Calls[39].ID || tail.Calls[39].Message != changes.Calls[39].Message {
			t.Errorf("%d calls, %v", len(tail.Calls), err)
		}
	})
}

// Batches over many tenants in any order must not block each other.
func TestCrossingBatchesAllCommit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores := []*storage.Store{open(), open()}
		tenants := []tenant{newTenant(t, stores[0], 1000), newTenant(t, stores[0], 1000), newTenant(t, stores[0], 1000)}
		var wait sync.WaitGroup
		for i := range 16 {
			wait.Go(func() {
				a, b := tenants[i%3], tenants[(i+1)%3]
				keys := pontage.BatchKeys{
					Lineages:   []pontage.LineageID{b.lineage, a.lineage},
					Wallets:    []pontage.AccountID{a.account, b.account, a.account},
					Allowances: []pontage.AllowanceKey{{AccountID: b.account, ScopeID: scope}, {AccountID: a.account, ScopeID: scope}},
					Now:        start,
				}
				for range 10 {
					err := storagetest.Batch(t.Context(), stores[i%2], keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
						for _, key := range keys.Allowances {
							s.Allowances[key].TotalUsed++
						}
						return &pontage.BatchChanges{Allowances: keys.Allowances}, nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
		var total int64
		for _, who := range tenants {
			key := pontage.AllowanceKey{AccountID: who.account, ScopeID: scope}
			err := storagetest.Batch(t.Context(), stores[0], pontage.BatchKeys{Wallets: []pontage.AccountID{who.account}, Allowances: []pontage.AllowanceKey{key}, Now: start},
				func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
					total += s.Allowances[key].TotalUsed
					return nil, nil
				})
			if err != nil {
				t.Fatal(err)
			}
		}
		if total != 16*10*2 {
			t.Errorf("counted %d of 320", total)
		}
	})
}
