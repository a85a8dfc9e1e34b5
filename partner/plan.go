package partner

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// EnterpriseFee is what Enterprise costs a month where the operator says nothing else: 29 units of the instance's currency.
const EnterpriseFee pontage.Money = 29_000_000

// PlanStatus is an account's plan and how full it is.
type PlanStatus struct {
	pontage.Plan
	// Limits are the plan's.
	Limits pontage.PlanLimits
	// Fee is what Enterprise costs a month.
	Fee              pontage.Money
	Clients, Domains int
	// Allowance are the requests that the plan includes this month, over all scopes; nil where it includes none.
	Allowance *pontage.PlanAllowance
}

// NextPaymentAt is when the next fee is due, zero where none is.
func (s PlanStatus) NextPaymentAt() time.Time {
	if !s.AutoRenew {
		return time.Time{}
	}
	return s.PaidUntil
}

// PlanOf gives an account's plan. The operator, or the account itself; NotFound for other accounts.
func (s *Service) PlanOf(ctx context.Context, by pontage.Actor, account pontage.AccountID) (status *PlanStatus, err error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	err = s.store.Read(ctx, func(r pontage.Reader) error {
		if _, err := r.Account(ctx, account); err != nil {
			return hidden(err)
		}
		plan, err := r.Plan(ctx, account)
		if pontage.CodeOf(err) == pontage.NotFound {
			plan, err = &pontage.Plan{AccountID: account, Kind: pontage.PlanArranged}, nil
		}
		if err != nil {
			return err
		}
		status = &PlanStatus{Plan: *plan, Limits: plan.Limits(), Fee: s.fee}
		if status.Clients, err = r.CountClients(ctx, account); err != nil {
			return err
		}
		if status.Domains, err = r.CountDomains(ctx, account); err != nil {
			return err
		}
		wallet, err := r.Wallet(ctx, account)
		if err != nil {
			return err
		}
		status.Allowance = wallet.Plan.AllowanceAt(s.clock.Now(), s.planRequests)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return status, nil
}

// counting is something that a plan limits.
type counting struct {
	one, many string
	limit     func(pontage.PlanLimits) *int
	count     func(ctx context.Context, tx pontage.Tx) (int, error)
}

func (c counting) noun(n int) string {
	if n == 1 {
		return c.one
	}
	return c.many
}

// price is the fee as people read it.
func (s *Service) price() string {
	return strings.TrimSpace(s.fee.String() + " " + string(s.currency))
}

// room refuses what does not fit into an account's plan: PlanLimit, saying what would help. It holds the plan until the commit, so that two
// at once do not both take the last place. The operator may exceed every plan.
func (s *Service) room(ctx context.Context, tx pontage.Tx, by pontage.Actor, account pontage.AccountID, c counting) error {
	if by.Kind == pontage.ActorOperator {
		return nil
	}
	plan, err := tx.LockPlan(ctx, account)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	limit := c.limit(plan.Limits())
	if limit == nil {
		return nil
	}
	n, err := c.count(ctx, tx)
	if err == nil && n >= *limit {
		err = pontage.E(pontage.PlanLimit, "The Basic plan has room for %d %s. Upgrade to Enterprise, for %s a month, to have more.", *limit, c.noun(*limit), s.price())
	}
	return err
}

func clientsOf(account pontage.AccountID) counting {
	return counting{"client", "clients", func(l pontage.PlanLimits) *int { return l.Clients }, func(ctx context.Context, tx pontage.Tx) (int, error) {
		return tx.CountClients(ctx, account)
	}}
}

func domainsOf(account pontage.AccountID) counting {
	return counting{"domain", "domains", func(l pontage.PlanLimits) *int { return l.Domains }, func(ctx context.Context, tx pontage.Tx) (int, error) {
		return tx.CountDomains(ctx, account)
	}}
}

func membersOf(client pontage.ClientID) counting {
	return counting{"member of a client", "members of a client", func(l pontage.PlanLimits) *int { return l.Members }, func(ctx context.Context, tx pontage.Tx) (int, error) {
		return tx.CountMembers(ctx, client)
	}}
}

func rolesOf(client pontage.ClientID) counting {
	return counting{"own role of a client", "own roles of a client", func(l pontage.PlanLimits) *int { return l.Roles }, func(ctx context.Context, tx pontage.Tx) (int, error) {
		return tx.CountRoles(ctx, client)
	}}
}

func (s *Service) secretsOf(client pontage.ClientID) counting {
	return counting{"live secret of a client", "live secrets of a client", func(l pontage.PlanLimits) *int { return l.Secrets }, func(ctx context.Context, tx pontage.Tx) (int, error) {
		all, err := tx.ClientSecrets(ctx, client)
		live := 0
		for _, secret := range all {
			if pontage.Live(s.clock.Now(), secret.ExpiresAt, secret.RevokedAt) {
				live++
			}
		}
		return live, err
	}}
}

// SetPlan gives an account Basic, or an arrangement without fee and limits. The operator only; NotFound, InvalidInput at "/plan".
func (s *Service) SetPlan(ctx context.Context, by pontage.Actor, account pontage.AccountID, kind pontage.PlanKind) error {
	if by.Kind != pontage.ActorOperator {
		return pontage.E(pontage.Forbidden, "Only the operator may do this.")
	}
	if kind != pontage.PlanBasic && kind != pontage.PlanArranged {
		return pontage.E(pontage.InvalidInput, "The operator gives basic or arranged; enterprise is booked by the account.").At("/plan")
	}
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		if _, err := tx.Account(ctx, account); err != nil {
			return nil, err
		}
		now := s.clock.Now()
		plan := pontage.Plan{AccountID: account, Kind: kind, Since: now, UpdatedAt: now}
		write := func() error { return tx.PutPlan(ctx, plan) }
		if kind == pontage.PlanArranged {
			write = func() error { return tx.DeletePlan(ctx, account) }
		}
		if err := write(); err != nil {
			return nil, err
		}
		return &plan, s.notePlan(ctx, tx, by, "plan.set", pontage.Plan{}, plan)
	})
}

func (s *Service) notePlan(ctx context.Context, tx pontage.Tx, by pontage.Actor, action string, before, after pontage.Plan) error {
	return tx.InsertAudit(ctx, pontage.NewAuditEntry(by, s.clock.Now(), after.AccountID, action, string(after.AccountID), planFields(before), planFields(after)))
}

func planFields(p pontage.Plan) pontage.AuditFields {
	if p.Kind == "" {
		return nil
	}
	return pontage.AuditFields{"plan": string(p.Kind), "paidUntil": moment(p.PaidUntil), "autoRenew": strconv.FormatBool(p.AutoRenew)}
}
