package storagetest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A usage line must open into exactly the calls it is the sum of: none of another tenant, host or day, none that was refused, given
// back or paid otherwise, each once, however far the fold is and however the pages are cut.
func TestAUsageLineOpensIntoExactlyItsCalls(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		random := rand.New(rand.NewPCG(7, 7))
		tenants := []tenant{newTenant(t, store, 1_000_000), newTenant(t, store, 1_000_000)}
		hosts, days := []string{"a.example.com", "b.example.com"}, []time.Time{start, start.AddDate(0, 0, 1)}
		scopes, scopeOf := []pontage.ScopeID{"scp_1", "scp_2"}, map[pontage.CallID]pontage.ScopeID{}
		want, open := map[string][]pontage.CallID{}, []pontage.Call{}
		for range 40 {
			who := tenants[random.IntN(2)]
			var calls []pontage.Call
			for range 1 + random.IntN(6) {
				c := who.call(1, days[random.IntN(2)])
				c.Host, c.ScopeID = hosts[random.IntN(2)], scopes[random.IntN(2)]
				c.Checks = pontage.Checks(fmt.Sprintf("P%d", random.IntN(9)))
				switch random.IntN(5) {
				case 0:
					c.State, c.Payer, c.ExpiresAt, c.Price = pontage.CallRefused, pontage.PayerNone, time.Time{}, 0
				case 1:
					c.Payer, c.Price = pontage.PayerAllowance, 0
				default:
					key := fmt.Sprint(who.account, pontage.DayOf(c.DecidedAt), c.Host)
					want[key] = append(want[key], c.ID)
					open = append(open, c)
					scopeOf[c.ID] = c.ScopeID
				}
				calls = append(calls, c)
			}
			err := storagetest.Batch(t.Context(), store, who.keys(), func(*pontage.BatchState) (*pontage.BatchChanges, error) {
				return &pontage.BatchChanges{Calls: calls}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if random.IntN(3) == 0 && len(open) > 0 { // one of them is given back, folded or not
				i := random.IntN(len(open))
				c := open[i]
				open = slices.Delete(open, i, i+1)
				key := fmt.Sprint(c.AccountID, pontage.DayOf(c.DecidedAt), c.Host)
				want[key] = slices.DeleteFunc(want[key], func(id pontage.CallID) bool { return id == c.ID })
				err := storagetest.Batch(t.Context(), store, who.keys(), func(*pontage.BatchState) (*pontage.BatchChanges, error) {
					return &pontage.BatchChanges{Outcomes: []pontage.Outcome{{CallID: c.ID, Kind: pontage.OutcomeReleased, At: start}}}, nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if random.IntN(4) == 0 {
				if _, err := store.Fold(t.Context(), 1+random.IntN(10), func(pontage.Tail) pontage.FoldChanges { return pontage.FoldChanges{} }); err != nil {
					t.Fatal(err)
				}
			}
		}
		listed := 0
		for _, who := range tenants {
			for _, day := range days {
				for _, host := range hosts {
					all := want[fmt.Sprint(who.account, pontage.DayOf(day), host)]
					slices.Reverse(all)
					listed += len(all)
					for _, size := range []int{1, 3, 1000} {
						for _, byPlace := range []bool{false, true} {
							q := pontage.UsageCallQuery{AccountID: who.account, Day: pontage.DayOf(day), Host: host, Page: pontage.Page{Limit: size}}
							if diff := cmp.Diff(all, usageCalls(t, store, q, byPlace)); diff != "" {
								t.Errorf("%s on %s by %d, by place %v:\n%s", host, day.Format(time.DateOnly), size, byPlace, diff)
							}
							q.Page.OldestFirst, q.ScopeID, q.LineageID = true, scopes[0], who.lineage
							oldest := slices.DeleteFunc(slices.Clone(all), func(id pontage.CallID) bool { return scopeOf[id] != scopes[0] })
							slices.Reverse(oldest)
							if diff := cmp.Diff(oldest, usageCalls(t, store, q, byPlace), cmpopts.EquateEmpty()); diff != "" {
								t.Errorf("of one scope, oldest first, %s on %s by %d, by place %v:\n%s", host, day.Format(time.DateOnly), size, byPlace, diff)
							}
							if q.LineageID = "lin_none"; len(usageCalls(t, store, q, byPlace)) > 0 {
								t.Error("a token that made no call has some")
							}
						}
					}
				}
			}
		}
		if listed < 50 {
			t.Errorf("only %d calls were looked at", listed)
		}
		none, err := store.UsageCalls(t.Context(), pontage.UsageCallQuery{AccountID: tenants[0].account, Day: "no day", Host: hosts[0], Page: pontage.Page{Limit: 1}})
		if len(none) != 0 || err != nil {
			t.Errorf("a day that is none has %d calls, %v", len(none), err)
		}
		if _, err := store.UsageCalls(t.Context(), pontage.UsageCallQuery{AccountID: tenants[0].account, Day: "2026-11-20", Host: hosts[0]}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("a page without a limit gave %v", err)
		}
	})
}

func usageCalls(t *testing.T, store *storage.Store, q pontage.UsageCallQuery, byPlace bool) (ids []pontage.CallID) {
	t.Helper()
	for p, size := &q.Page, q.Page.Limit; ; {
		calls, err := store.UsageCalls(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range calls {
			if stored, _, err := store.Call(t.Context(), c.ID); err != nil || c.Checks == "" || stored.Checks != c.Checks {
				t.Errorf("%s: checks %q and %v, %v", c.ID, c.Checks, stored, err)
			}
			ids = append(ids, c.ID)
		}
		if len(calls) < size {
			return ids
		}
		if byPlace {
			p.After = pontage.Place{At: calls[size-1].DecidedAt, ID: string(calls[size-1].ID)}
		} else {
			p.Skip += size
		}
	}
}

// A transfer is found by its id as it was written.
func TestATransferIsFoundByItsID(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 10)
		transfer := funding(who.account, 5, start)
		write(t, store, func(tx pontage.Tx) error { return tx.InsertTransfers(t.Context(), []pontage.Transfer{transfer}) })
		got, err := store.Transfer(t.Context(), transfer.ID)
		if diff := cmp.Diff(&transfer, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if _, err := store.Transfer(t.Context(), "tra_none"); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("an unknown transfer gave %v", err)
		}
	})
}
