package storagetest_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestPlansComeBackAndFallDue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		full := pontage.Plan{AccountID: newTenant(t, store, 0).account, Kind: pontage.PlanEnterprise, Since: odd, PaidUntil: odd, AutoRenew: true, UpdatedAt: odd}
		empty := pontage.Plan{AccountID: newTenant(t, store, 0).account, Kind: pontage.PlanBasic, Since: start, UpdatedAt: start}
		write(t, store, func(tx pontage.Tx) error { return first(tx.PutPlan(ctx, full), tx.PutPlan(ctx, empty)) })
		full.Since, full.PaidUntil, full.UpdatedAt = oddUTC, oddUTC, oddUTC
		same(t, &full)(store.Plan(ctx, full.AccountID))
		same(t, &empty)(store.Plan(ctx, empty.AccountID))
		same(t, []pontage.Plan{full})(store.DuePlans(ctx, oddUTC, 5))
		same(t, []pontage.Plan(nil))(store.DuePlans(ctx, oddUTC.Add(-time.Microsecond), 5))
		empty.Kind, empty.PaidUntil, empty.AutoRenew = pontage.PlanEnterprise, oddUTC.Add(-time.Hour), true
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.PutPlan(ctx, empty), func() error { got, err := tx.LockPlan(ctx, full.AccountID); same(t, &full)(got, err); return nil }())
		})
		same(t, []pontage.Plan{empty})(store.DuePlans(ctx, oddUTC, 1))
		write(t, store, func(tx pontage.Tx) error { return tx.DeletePlan(ctx, empty.AccountID) })
		if _, err := store.Plan(ctx, empty.AccountID); pontage.CodeOf(err) != pontage.NotFound {
			t.Error(err)
		}
	})
}

// Whether calls are included follows the plan in the same unit of work; what was counted outlives every change of it, so that nobody opens
// a month twice by booking and leaving. Money that is moved beside the batches leaves the counts alone.
func TestTheWalletFollowsThePlanAndKeepsItsCounts(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		ctx, who := t.Context(), newTenant(t, store, 10)
		basic := pontage.Plan{AccountID: who.account, Kind: pontage.PlanBasic, Since: start, UpdatedAt: start}
		want := pontage.PlanUse{}
		expect := func(name string) {
			t.Helper()
			w, err := store.Wallet(ctx, who.account)
			if err != nil || w.Plan != want {
				t.Errorf("%s: %+v, %v; want %+v", name, w, err, want)
			}
			if all, err := store.WalletsOf(ctx, []pontage.AccountID{who.account, "acc_unknown"}); err != nil || len(all) != 1 || all[0] != *w {
				t.Errorf("%s: %+v %v", name, all, err)
			}
		}
		expect("arranged")
		write(t, store, func(tx pontage.Tx) error { return tx.PutPlan(ctx, basic) })
		want.Included = true
		expect("basic")
		err := storagetest.Batch(ctx, store, who.keys(), func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
			p := &s.Wallets[who.account].Plan
			p.Included, p.Month, p.Used, p.Total = false, "2026-11", 3, 4 // the first is none of a batch's business
			return &pontage.BatchChanges{Wallets: []pontage.AccountID{who.account}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want.Month, want.Used, want.Total = "2026-11", 3, 4
		expect("used")
		enterprise := basic
		enterprise.Kind = pontage.PlanEnterprise
		write(t, store, func(tx pontage.Tx) error { return tx.PutPlan(ctx, enterprise) })
		want.Included = false
		expect("enterprise")
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.PutPlan(ctx, basic), pontage.MoveMoney(ctx, tx, funding(who.account, 5, start)))
		})
		want.Included = true
		expect("basic again, and a top-up")
		write(t, store, func(tx pontage.Tx) error { return tx.DeletePlan(ctx, who.account) })
		want.Included = false
		expect("arranged again")
	})
}

// Not even a rule that errs can include more of a month than of all time, or give back what was not taken.
func TestCountsOfPlansThatCannotBeAreRefused(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 10)
		for _, use := range []pontage.PlanUse{{Used: -1}, {Used: 2, Total: 1}} {
			err := storagetest.Batch(t.Context(), store, who.keys(), func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
				s.Wallets[who.account].Plan = use
				return &pontage.BatchChanges{Wallets: []pontage.AccountID{who.account}}, nil
			})
			if pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("%+v: %v", use, err)
			}
		}
	})
}
