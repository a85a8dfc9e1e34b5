package meter

import "github.com/pontage/pontage"

// choosePayer asks the scope's allowance, the plan, subscription and wallet in this order. A payer whose own token limit is used up is passed over; that
// limit is the reason only if it kept away the last payer that could have paid, else credit is.
func choosePayer(v *view, scope *pontage.Scope) (pontage.Payer, *pontage.Subscription, bound) {
	price := *scope.Price
	if price == 0 {
		return pontage.PayerNone, nil, bound{}
	}
	if hasRoom(scope.Allowance, v.allowance, v.now) {
		return pontage.PayerAllowance, nil, bound{}
	}
	if v.planHasRoom() {
		return pontage.PayerPlan, nil, bound{}
	}
	reason := bound{code: pontage.InsufficientCredit, limit: limitNamed(limitWallet), left: int64(v.wallet.Credit())}
	if s := firstWithRoom(v.subscriptions); s != nil {
		b := tokenBound(v, pontage.PayerSubscription, price)
		if b.code == "" {
			return pontage.PayerSubscription, s, bound{}
		}
		reason = b
	}
	if v.wallet.Credit() >= price {
		b := tokenBound(v, pontage.PayerWallet, price)
		if b.code == "" {
			return pontage.PayerWallet, nil, bound{}
		}
		reason = b
	}
	return pontage.PayerNone, nil, reason
}

// tokenBound gives the first of the token's limits on this payer that a call of this price would exceed.
func tokenBound(v *view, payer pontage.Payer, price pontage.Money) bound {
	for i := range limits {
		l := &limits[i]
		if l.left == nil || l.payer != payer {
			continue
		}
		if left, bounds := l.left(v.lineage); bounds && left < l.cost(price) {
			return bound{code: l.Code, limit: l, left: left}
		}
	}
	return bound{}
}

func firstWithRoom(subscriptions []*pontage.Subscription) *pontage.Subscription {
	for _, s := range subscriptions {
		if s.UsedRequests < s.TotalRequests {
			return s
		}
	}
	return nil
}
