package meter

import (
	"strconv"

	"github.com/pontage/pontage"
)

// Limit is one thing that can bind a call. Adding a limit is adding a line to the table below; headers, documents and the
// decision follow it.
type Limit struct {
	// Name is what Decision.Limit and Call.Limit say.
	Name string
	// Unit is "requests", or "money" for the instance's currency.
	Unit string
	// Window says over what it counts: "minute", "token", "subscription", "wallet".
	Window string
	// Code is what a call gets that it refuses.
	Code pontage.Code
	// Text describes it for documents.
	Text string

	// payer is whom a token limit binds, PayerNone for every call; left gives what remains of it, bound says whether the token
	// has this limit at all. Both are unset for limits that live elsewhere.
	payer pontage.Payer
	// total is the limit itself, nil for none.
	total func(*pontage.Lineage) *int64
	left  func(*pontage.Lineage) (left int64, bound bool)
}

const (
	unitRequests = "requests"
	unitMoney    = "money"
)

// The names of the limits.
const (
	limitRate     = "rate"
	limitReleases = "releases"
	limitWallet   = "wallet"
	limitIP       = "ip"
	limitKey      = "idempotencyKey"
)

// limits is the one table.
var limits = []Limit{
	{Name: limitIP, Unit: "", Window: "token", Code: pontage.AddressRefused,
		Text: "The addresses a token may be used from; an empty list means any."},
	{Name: limitRate, Unit: unitRequests, Window: "minute", Code: pontage.RateLimited,
		Text: "Admitted calls per token and scope in any 60 seconds."},
	{Name: limitReleases, Unit: unitRequests, Window: "minute", Code: pontage.RateLimited,
		Text: "Calls per token and scope that the API failed in the last 60 seconds."},
	{Name: "totalRequests", Unit: unitRequests, Window: "token", Code: pontage.LimitExhausted, payer: pontage.PayerNone,
		Text:  "Admitted calls of a token through all its rotations.",
		total: func(l *pontage.Lineage) *int64 { return l.Limits.TotalRequests },
		left:  func(l *pontage.Lineage) (int64, bool) { return remains(l.Limits.TotalRequests, l.Usage.TotalRequests) }},
	{Name: "subscriptionRequests", Unit: unitRequests, Window: "token", Code: pontage.LimitExhausted, payer: pontage.PayerSubscription,
		Text:  "Calls of a token that a subscription pays.",
		total: func(l *pontage.Lineage) *int64 { return l.Limits.SubscriptionRequests },
		left: func(l *pontage.Lineage) (int64, bool) {
			return remains(l.Limits.SubscriptionRequests, l.Usage.SubscriptionRequests)
		}},
	{Name: "walletRequests", Unit: unitRequests, Window: "token", Code: pontage.LimitExhausted, payer: pontage.PayerWallet,
		Text:  "Calls of a token that the wallet pays.",
		total: func(l *pontage.Lineage) *int64 { return l.Limits.WalletRequests },
		left: func(l *pontage.Lineage) (int64, bool) {
			return remains(l.Limits.WalletRequests, l.Usage.WalletRequests)
		}},
	{Name: "walletAmount", Unit: unitMoney, Window: "token", Code: pontage.LimitExhausted, payer: pontage.PayerWallet,
		Text:  "What a token may spend from the wallet.",
		total: func(l *pontage.Lineage) *int64 { return (*int64)(l.Limits.WalletAmount) },
		left: func(l *pontage.Lineage) (int64, bool) {
			return remains(l.Limits.WalletAmount, l.Usage.WalletAmount)
		}},
	{Name: limitWallet, Unit: unitMoney, Window: "wallet", Code: pontage.InsufficientCredit,
		Text: "The account's credit: its balance less what open calls hold."},
}

// Limits lists every limit, in the order they are asked.
func Limits() []Limit { return append([]Limit(nil), limits...) }

// limitNamed finds a line of the table.
func limitNamed(name string) *Limit {
	for i := range limits {
		if limits[i].Name == name {
			return &limits[i]
		}
	}
	return &Limit{Name: name}
}

// remains is never negative: a limit may be lowered below what was used.
func remains[N int64 | pontage.Money](limit *N, used N) (int64, bool) {
	if limit == nil {
		return 0, false
	}
	return max(0, int64(*limit)-int64(used)), true
}

// cost is what a call of this price takes of the limit.
func (l *Limit) cost(price pontage.Money) int64 {
	if l.Unit == unitMoney {
		return int64(price)
	}
	return 1
}

// show gives an amount of the limit as decimal text and its unit.
func (l *Limit) show(left int64, currency pontage.Currency) (text, unit string) {
	if l.Unit == unitMoney {
		return pontage.Money(left).String(), string(currency)
	}
	return strconv.FormatInt(left, 10), l.Unit
}
