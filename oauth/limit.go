package oauth

import (
	"math"
	"strconv"

	"github.com/pontage/pontage"
)

// limit describes one numeric limit of a token; money is looked at in micro-units.
type limit struct {
	name string
	max  int64
	of   func(pontage.Limits) *int64
	used func(pontage.Usage) int64
	text func(int64) string
}

var limitTable = []limit{
	{
		"totalRequests", math.MaxInt64, func(l pontage.Limits) *int64 { return l.TotalRequests },
		func(u pontage.Usage) int64 { return u.TotalRequests }, decimal,
	},
	{
		"walletRequests", math.MaxInt64, func(l pontage.Limits) *int64 { return l.WalletRequests },
		func(u pontage.Usage) int64 { return u.WalletRequests }, decimal,
	},
	{
		"subscriptionRequests", math.MaxInt64, func(l pontage.Limits) *int64 { return l.SubscriptionRequests },
		func(u pontage.Usage) int64 { return u.SubscriptionRequests }, decimal,
	},
	{
		"walletAmount", int64(pontage.MaxMoney), func(l pontage.Limits) *int64 { return (*int64)(l.WalletAmount) },
		func(u pontage.Usage) int64 { return int64(u.WalletAmount) },
		func(n int64) string { return pontage.Money(n).String() },
	},
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// left is what remains of the limits after usage, never below zero; nil stays nil.
func left(l pontage.Limits, u pontage.Usage) pontage.Limits {
	rest := pontage.Limits{IP: l.IP}
	rest.TotalRequests = minus(l.TotalRequests, u.TotalRequests)
	rest.WalletRequests = minus(l.WalletRequests, u.WalletRequests)
	rest.SubscriptionRequests = minus(l.SubscriptionRequests, u.SubscriptionRequests)
	rest.WalletAmount = minus(l.WalletAmount, u.WalletAmount)
	return rest
}

func minus[T ~int64](limit *T, used T) *T {
	if limit == nil {
		return nil
	}
	rest := max(*limit-used, 0)
	return &rest
}
