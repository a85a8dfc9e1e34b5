package pontage

import (
	"context"
	"time"
)

// PlanKind names a plan.
type PlanKind string

// The plans.
const (
	PlanBasic      PlanKind = "basic"      // free, with limits; what everybody begins with who registers
	PlanEnterprise PlanKind = "enterprise" // a fee each month, without limits
	PlanArranged   PlanKind = "arranged"   // agreed with the operator: no fee, no limits
)

// Plan is what an account booked.
type Plan struct {
	AccountID AccountID
	Kind      PlanKind
	// Since is when the plan began; the fee is due each month on its day.
	Since time.Time
	// PaidUntil is when Enterprise ends or is renewed; zero for the others.
	PaidUntil time.Time
	// AutoRenew is false where Enterprise ends with what was paid.
	AutoRenew bool
	UpdatedAt time.Time
}

// PlanLimits are how much of something fits into a plan; nil means no limit.
type PlanLimits struct {
	// Clients and Domains count for the account; Members, own Roles and Secrets that are live for each client.
	Clients, Domains, Members, Roles, Secrets *int
}

// Limits of the plan.
func (p Plan) Limits() PlanLimits {
	if p.Kind != PlanBasic {
		return PlanLimits{}
	}
	return PlanLimits{Clients: new(1), Domains: new(3), Members: new(5), Roles: new(3), Secrets: new(5)}
}

// IncludesRequests says that the plan comes with calls that cost nothing: so many each month, over all scopes.
func (p Plan) IncludesRequests() bool { return p.Kind == PlanBasic }

// NextPayment is the first time after the given one at which the fee is due: each month on the day the plan began, or on the month's last.
func (p Plan) NextPayment(after time.Time) time.Time {
	for months := 1; ; months++ {
		due := time.Date(p.Since.Year(), p.Since.Month()+time.Month(months), 1, p.Since.Hour(), p.Since.Minute(), p.Since.Second(), p.Since.Nanosecond(), time.UTC)
		last := due.AddDate(0, 1, -1).Day()
		if due = due.AddDate(0, 0, min(p.Since.Day(), last)-1); due.After(after) {
			return due
		}
	}
}

// PlanReader reads plans.
type PlanReader interface {
	// Plan is NotFound for an account whose plan is arranged.
	Plan(ctx context.Context, account AccountID) (*Plan, error)
	// DuePlans gives those whose PaidUntil is not after the given time, the first to end first.
	DuePlans(ctx context.Context, by time.Time, limit int) ([]Plan, error)
}

// PlanWriter writes them, and with each whether its account's calls are included, in the wallet.
type PlanWriter interface {
	// LockPlan gives the plan for change; nobody else changes it, or counts by it, until the commit.
	LockPlan(ctx context.Context, account AccountID) (*Plan, error)
	// PutPlan inserts the plan or writes it anew; DeletePlan makes it an arranged one. The account has its wallet already.
	PutPlan(ctx context.Context, p Plan) error
	DeletePlan(ctx context.Context, account AccountID) error
}
