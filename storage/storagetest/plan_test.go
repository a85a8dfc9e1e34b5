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
