package pontage

import (
	"slices"
	"time"
)

// Wallet is an account's prepaid money. 0 <= Held <= Balance always; what can be spent is Balance - Held.
type Wallet struct {
	AccountID AccountID
	Balance   Money
	// Held is the sum of the account's open wallet reservations.
	Held Money
	// Plan counts the requests that the account's plan includes; it stands here because whoever decides a call has locked this row.
	Plan      PlanUse
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Credit is what can be spent now.
func (w Wallet) Credit() Money { return w.Balance - w.Held }

// LedgerAccount names one side of a transfer: "wallet:<account id>" or one of the platform's own.
type LedgerAccount string

// The platform's own ledger accounts.
const (
	LedgerFunding LedgerAccount = "platform:funding" // where top-ups come from
	LedgerRevenue LedgerAccount = "platform:revenue" // what usage and subscriptions pay into
)

// LedgerWallet is the ledger account of an account's wallet.
func LedgerWallet(id AccountID) LedgerAccount { return LedgerAccount("wallet:" + string(id)) }

// TransferKind says what a transfer is for.
type TransferKind string

// The kinds of transfer.
const (
	TransferTopUp        TransferKind = "top_up"
	TransferUsage        TransferKind = "usage" // one per wallet and batch; its detail is the call rows
	TransferRefund       TransferKind = "refund"
	TransferSubscription TransferKind = "subscription"
	TransferPlan         TransferKind = "plan"  // a month of a plan
	TransferReset        TransferKind = "reset" // play money, to where a wallet began
)

// Transfer moves Amount > 0 from Debit to Credit; it is never changed or deleted.
type Transfer struct {
	ID     TransferID
	Kind   TransferKind
	Debit  LedgerAccount
	Credit LedgerAccount
	Amount Money
	// AccountID is the tenant whose list shows it.
	AccountID   AccountID
	Description string
	CreatedAt   time.Time
}

// TransactionLine is what a partner sees: a top-up, refund or subscription as itself, usage as one line per API host and day.
type TransactionLine struct {
	ID   string
	Kind TransferKind
	// Amount is negative for what was spent.
	Amount      Money
	CreatedAt   time.Time
	Description string
}

// TransactionQuery asks for a page of what moved an account's wallet, newest first, as far as it fits.
type TransactionQuery struct {
	AccountID AccountID
	// Kinds are the only ones; nil is all.
	Kinds []TransferKind
	// From and Until bound the time of creation, Until excluded; zero does not bound.
	From, Until time.Time
	Page        Page
}

// Fits says whether a line belongs to the list, whatever its page.
func (q TransactionQuery) Fits(l TransactionLine) bool {
	return (q.Kinds == nil || slices.Contains(q.Kinds, l.Kind)) && (q.From.IsZero() || !l.CreatedAt.Before(q.From)) &&
		(q.Until.IsZero() || l.CreatedAt.Before(q.Until))
}

// Term is how long a subscription runs: monthly 30 days, annual 365.
type Term string

// The terms.
const (
	Monthly Term = "monthly"
	Annual  Term = "annual"
)

// Length of the term; zero for an unknown one.
func (t Term) Length() time.Duration {
	switch t {
	case Monthly:
		return 30 * 24 * time.Hour
	case Annual:
		return 365 * 24 * time.Hour
	}
	return 0
}

// SubscriptionOffer is a number of calls of one scope that is for sale. Term and Requests name it among the scope's offers.
type SubscriptionOffer struct {
	Term     Term  `json:"term"`
	Requests int64 `json:"requests"`
	// Price is what it costs, and costs at every renewal.
	Price Money `json:"price"`
}

// Subscription is a prepaid number of calls of one scope until it expires; unused calls lapse.
type Subscription struct {
	ID        SubscriptionID
	AccountID AccountID
	ScopeID   ScopeID
	Term      Term
	Price     Money
	// TotalRequests were bought, UsedRequests are used or held by open reservations.
	TotalRequests int64
	UsedRequests  int64
	AutoRenew     bool
	// Renews is the subscription this one follows on, empty for a first one. At most one follows each: a second is Conflict, so that
	// no instance renews what another has renewed.
	Renews    SubscriptionID
	StartsAt  time.Time
	ExpiresAt time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// RemainingRequests is what it still pays for.
func (s Subscription) RemainingRequests() int64 { return s.TotalRequests - s.UsedRequests }

// Active says whether the subscription covers now.
func (s Subscription) Active(now time.Time) bool {
	return !now.Before(s.StartsAt) && now.Before(s.ExpiresAt)
}

// AllowanceKey names an account's use of one scope.
type AllowanceKey struct {
	AccountID AccountID
	ScopeID   ScopeID
}

// AllowanceUse is one row with the four windows; a window that is over counts as empty.
type AllowanceUse struct {
	Key AllowanceKey
	// Day is "2026-11-20", Month "2026-11", Year "2026": the windows the counts belong to.
	Day, Month, Year                        Period
	DayUsed, MonthUsed, YearUsed, TotalUsed int64
}
