package partner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pontage/pontage"
)

// renewRows is how many plans one turn renews.
const renewRows = 100

// UpgradeInput asks for Enterprise.
type UpgradeInput struct {
	AccountID pontage.AccountID
	// Fee is what was shown: where Enterprise costs something else by now, nothing is booked. Nil agrees to whatever it costs.
	Fee *pontage.Money
}

// Upgrade books Enterprise: the first month is paid from the wallet at once, and each further one when it begins. One that was cancelled
// and is still paid for goes on. The operator, or the account itself; NotFound for other accounts, Conflict for who has it or has an
// arrangement, and at "/fee", InsufficientCredit.
func (s *Service) Upgrade(ctx context.Context, by pontage.Actor, in UpgradeInput) (*pontage.Plan, error) {
	account := in.AccountID
	plan, err := s.changePlan(ctx, by, account, "plan.upgrade", func(tx pontage.Tx, p *pontage.Plan) error {
		if in.Fee != nil && *in.Fee != s.fee {
			return pontage.E(pontage.Conflict, "Enterprise costs %s a month now. Upgrade again with that fee if you agree.", s.price()).At("/fee")
		}
		now := s.clock.Now()
		switch {
		case p.Kind == pontage.PlanEnterprise && p.AutoRenew:
			return pontage.E(pontage.Conflict, "The account has Enterprise already.")
		case p.Kind == pontage.PlanEnterprise && now.Before(p.PaidUntil):
			p.AutoRenew = true
			return nil
		}
		*p = pontage.Plan{AccountID: account, Kind: pontage.PlanEnterprise, Since: now, AutoRenew: true}
		p.PaidUntil = p.NextPayment(now)
		return s.pay(ctx, tx, p)
	})
	if err == nil {
		s.spent(ctx, account)
	}
	return plan, err
}

// Cancel lets Enterprise end with the month that is paid. The operator, or the account itself; NotFound for other accounts, Conflict for
// who does not have it.
func (s *Service) Cancel(ctx context.Context, by pontage.Actor, account pontage.AccountID) (*pontage.Plan, error) {
	return s.changePlan(ctx, by, account, "plan.cancel", func(_ pontage.Tx, p *pontage.Plan) error {
		if p.Kind != pontage.PlanEnterprise || !p.AutoRenew {
			return pontage.E(pontage.Conflict, "The account has no Enterprise to cancel.")
		}
		p.AutoRenew = false
		return nil
	})
}

func (s *Service) changePlan(ctx context.Context, by pontage.Actor, account pontage.AccountID, action string, do func(pontage.Tx, *pontage.Plan) error) (plan *pontage.Plan, err error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	err = s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		if _, err := tx.Account(ctx, account); err != nil {
			return nil, hidden(err)
		}
		plan, err = tx.LockPlan(ctx, account)
		if pontage.CodeOf(err) == pontage.NotFound {
			return nil, pontage.E(pontage.Conflict, "The account's plan is arranged with the operator.")
		}
		if err != nil {
			return nil, err
		}
		before := *plan
		if err := do(tx, plan); err != nil {
			return nil, err
		}
		plan.UpdatedAt = s.clock.Now()
		if err := tx.PutPlan(ctx, *plan); err != nil {
			return nil, err
		}
		return plan, s.notePlan(ctx, tx, by, action, before, *plan)
	})
	if err != nil {
		return nil, err
	}
	return plan, nil
}

// pay moves the fee for the month that ends at PaidUntil.
func (s *Service) pay(ctx context.Context, tx pontage.Tx, p *pontage.Plan) error {
	if s.fee == 0 {
		return nil
	}
	now := s.clock.Now()
	return pontage.MoveMoney(ctx, tx, pontage.Transfer{
		ID: pontage.NewTransferID(now), Kind: pontage.TransferPlan, AccountID: p.AccountID, Amount: s.fee,
		Debit: pontage.LedgerWallet(p.AccountID), Credit: pontage.LedgerRevenue,
		Description: "Enterprise until " + p.PaidUntil.Format(time.DateOnly), CreatedAt: now,
	})
}

// RenewPlans renews what is due, each in a unit of its own; it is safe on several instances at once. An account whose wallet cannot pay, or
// that cancelled, or that is disabled, has Basic from then on: what it has stays, and nothing is added beyond the limits.
func (s *Service) RenewPlans(ctx context.Context) error {
	due, err := s.store.DuePlans(ctx, s.clock.Now(), renewRows)
	if err != nil {
		return err
	}
	var failed []error // one that cannot be renewed must not keep the others from it
	for _, p := range due {
		err := s.store.Write(ctx, func(tx pontage.Tx) error { return s.renew(ctx, tx, p.AccountID) })
		if err == nil {
			s.spent(ctx, p.AccountID)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (s *Service) renew(ctx context.Context, tx pontage.Tx, account pontage.AccountID) error {
	p, err := tx.LockPlan(ctx, account)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	now := s.clock.Now()
	if err != nil || p.PaidUntil.IsZero() || p.PaidUntil.After(now) {
		return err // another instance was faster
	}
	before := *p
	owner, err := tx.Account(ctx, account)
	if err != nil {
		return err
	}
	paid := false
	if p.AutoRenew && owner.DisabledAt.IsZero() {
		p.PaidUntil = p.NextPayment(now) // months that are over already are not charged
		switch err := s.pay(ctx, tx, p); {
		case err == nil:
			paid = true
		case pontage.CodeOf(err) != pontage.InsufficientCredit:
			return err
		}
	}
	action := "plan.renew"
	if !paid {
		action = "plan.end"
		*p = pontage.Plan{AccountID: account, Kind: pontage.PlanBasic, Since: now}
		if err := s.tellEnd(ctx, tx, before); err != nil {
			return err
		}
	}
	p.UpdatedAt = now
	if err := tx.PutPlan(ctx, *p); err != nil {
		return err
	}
	return s.notePlan(ctx, tx, pontage.System(), action, before, *p)
}

// tellEnd tells the account's user that Enterprise is over, and why.
func (s *Service) tellEnd(ctx context.Context, tx pontage.Tx, ended pontage.Plan) error {
	user, err := tx.UserOfAccount(ctx, ended.AccountID)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	text := "You cancelled Enterprise, and the month you paid is over. You have the Basic plan now: what you have stays, but nothing beyond its limits can be added."
	if ended.AutoRenew {
		text = fmt.Sprintf("The wallet does not cover the %s for another month of Enterprise. You have the Basic plan now: what you have stays, but nothing beyond its"+
			" limits can be added. Top up the wallet and upgrade to have more again.", s.price())
	}
	return pontage.Notify(ctx, tx, s.credentials.Keys, pontage.Notification{
		UserID: user.ID, Kind: pontage.NotifyMoney, Title: "Enterprise has ended", Text: text, Target: string(ended.AccountID), CreatedAt: s.clock.Now(),
	})
}
