package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

const selectPlans = "SELECT p.account_id, p.kind, p.since, p.paid_until, p.auto_renew, p.updated_at FROM account_plans p WHERE "

func planTargets(p *pontage.Plan) []any {
	return []any{&p.AccountID, &p.Kind, timeInto(&p.Since), timeInto(&p.PaidUntil), &p.AutoRenew, timeInto(&p.UpdatedAt)}
}

// Plan implements pontage.PlanReader.
func (r reader) Plan(ctx context.Context, account pontage.AccountID) (*pontage.Plan, error) {
	return r.plan(ctx, account, "")
}

func (r reader) plan(ctx context.Context, account pontage.AccountID, lock string) (*pontage.Plan, error) {
	s := r.fixed(selectPlans + "p.account_id = ").value(func(s *statement) { s.string(string(account)) })
	return one(ctx, r, s.sql(lock), "plan", planTargets)
}

// DuePlans implements pontage.PlanReader.
func (r reader) DuePlans(ctx context.Context, by time.Time, limit int) ([]pontage.Plan, error) {
	s := r.fixed(selectPlans + "p.paid_until IS NOT NULL AND p.paid_until <= ").value(func(s *statement) { s.moment(by) })
	s.sql(" ORDER BY p.paid_until, p.account_id LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
	return list(ctx, r, s, "plan", planTargets)
}

// LockPlan implements pontage.PlanWriter. SQLite's unit of work is the only writer already.
func (t tx) LockPlan(ctx context.Context, account pontage.AccountID) (*pontage.Plan, error) {
	if t.postgres {
		return t.plan(ctx, account, " FOR NO KEY UPDATE")
	}
	return t.plan(ctx, account, "")
}

// PutPlan implements pontage.PlanWriter.
func (t tx) PutPlan(ctx context.Context, p pontage.Plan) error {
	s := t.fixed("INSERT INTO account_plans (account_id, kind, since, paid_until, auto_renew, updated_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(p.AccountID)).string(string(p.Kind)).moment(p.Since).time(p.PaidUntil).flag(p.AutoRenew).moment(p.UpdatedAt)
	})
	s.sql(" ON CONFLICT (account_id) DO UPDATE SET kind = excluded.kind, since = excluded.since, paid_until = excluded.paid_until," +
		" auto_renew = excluded.auto_renew, updated_at = excluded.updated_at")
	if _, err := t.change(ctx, s, "plan"); err != nil {
		return err
	}
	return t.includeRequests(ctx, p.AccountID, p.IncludesRequests())
}

// DeletePlan implements pontage.PlanWriter.
func (t tx) DeletePlan(ctx context.Context, account pontage.AccountID) error {
	s := t.fixed("DELETE FROM account_plans WHERE account_id = ").value(func(s *statement) { s.string(string(account)) })
	if _, err := t.change(ctx, s, "plan"); err != nil {
		return err
	}
	return t.includeRequests(ctx, account, false)
}
