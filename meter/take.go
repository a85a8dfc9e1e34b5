package meter

import "github.com/pontage/pontage"

// view collects what the decision on an attempt reads.
func (r *run) view(a *pontage.Attempt) view {
	m, account := r.meter, a.Admission.AccountID
	v := view{
		now: r.now, currency: m.config.Currency, planRequests: m.config.PlanRequests,
		lineage: r.state.Lineages[a.Admission.LineageID], wallet: r.state.Wallets[account],
		disabled: r.state.DisabledAccounts[account] || r.state.DisabledClients[a.Admission.ClientID],
		releases: pontage.RateState{Remaining: 1},
	}
	if a.Match == nil {
		return v
	}
	scope := a.Match.Scope
	v.key = r.keyUseOf(a)
	v.allowance = r.state.Allowances[pontage.AllowanceKey{AccountID: account, ScopeID: scope.ID}]
	v.subscriptions = r.active[pontage.AllowanceKey{AccountID: account, ScopeID: scope.ID}]
	key := rateKey(a)
	v.rate = m.rates.look(key, or(scope.RatePerMinute, m.config.DefaultRatePerMinute), r.now)
	// One more than tolerated is one too many.
	v.releases = m.releases.look(key, m.config.MaxReleasesPerMinute+1, r.now)
	return v
}

func rateKey(a *pontage.Attempt) RateKey {
	key := RateKey{LineageID: a.Admission.LineageID}
	if a.Match != nil {
		key.ScopeID = a.Match.Scope.ID
	}
	return key
}

// quote decides and takes nothing.
func (r *run) quote(a *pontage.Attempt) result {
	v, asked := suppose(r.view(a), a)
	d := decide(&v, asked)
	if d.stale {
		return result{err: ErrStale}
	}
	d.Checks = look(&v, asked, &d)
	return result{verdict: d}
}

// reserve decides, takes what the decision costs and logs the call.
func (r *run) reserve(a *pontage.Attempt) result {
	v := r.view(a)
	if call, ok := r.state.Calls[a.CallID]; ok && a.Repeatable && hasLiveToken(&v, a).code == "" {
		return result{verdict: r.repeat(&v, a, call)}
	}
	seen, asked := suppose(v, a)
	d := decide(&seen, asked)
	if d.stale {
		return result{err: ErrStale}
	}
	d.Checks = look(&seen, asked, &d)
	switch {
	case d.Admitted && a.Suppose.Fact != "":
		return result{err: errSupposed}
	case d.Admitted:
		r.take(&v, a, &d)
	default:
		r.logRefusal(&v, a, &d)
	}
	return result{verdict: d}
}

// take holds the price, or charges it at once where nothing is held, and counts.
func (r *run) take(v *view, a *pontage.Attempt, d *verdict) {
	row := r.newRow(a, d)
	payer := d.Payer
	if d.Repeats != "" {
		payer = pontage.PayerNone // the first call under the key was paid
	}
	row.State, row.Payer, row.Price = pontage.CallReserved, payer, d.Charged
	if a.Hold > 0 {
		row.ExpiresAt = r.now.Add(a.Hold)
	} else {
		row.State = pontage.CallSettled
	}
	use := &v.lineage.Usage
	use.TotalRequests++
	switch payer {
	case pontage.PayerAllowance:
		TakeFree(v.allowance, r.now)
		r.allowances.add(v.allowance.Key)
	case pontage.PayerPlan:
		TakePlanned(&v.wallet.Plan, r.now)
		r.changed(v.wallet)
	case pontage.PayerSubscription:
		use.SubscriptionRequests++
		d.subscription.UsedRequests++
		row.SubscriptionID = d.subscription.ID
		r.subscriptions.add(d.subscription.ID)
	case pontage.PayerWallet:
		use.WalletRequests++
		use.WalletAmount += d.Charged
		r.takeMoney(v.wallet, a, row)
	}
	r.lineages.add(v.lineage.ID)
	r.meter.rates.take(rateKey(a))
	r.takeKey(a, d)
	r.append(row)
}

func (r *run) takeMoney(w *pontage.Wallet, a *pontage.Attempt, row *pontage.Call) {
	if a.Hold > 0 {
		w.Held += row.Price
	} else {
		w.Balance -= row.Price
		row.TransferID = r.usageTransfer(w.AccountID, row.Price)
	}
	r.changed(w)
}

// logRefusal writes the refusal to the log, unless it is of a kind that is only counted, or its token has had a minute's worth of
// refusals logged already: a stranger must not fill the log faster than the scope lets calls through.
func (r *run) logRefusal(v *view, a *pontage.Attempt, d *verdict) {
	switch d.Refusal.Code {
	case pontage.Unauthenticated, pontage.TokenExpired, pontage.TokenRevoked, pontage.RateLimited:
		return
	}
	key, limit := rateKey(a), or(v.rate.Limit, r.meter.config.DefaultRatePerMinute)
	if r.meter.logged.look(key, limit, r.now).Remaining == 0 {
		d.unlogged = true
		return
	}
	r.meter.logged.take(key)
	row := r.newRow(a, d)
	row.State, row.Code, row.Message, row.Limit = pontage.CallRefused, d.Refusal.Code, d.Refusal.Message, d.Limit
	r.append(row)
}

func (r *run) newRow(a *pontage.Attempt, d *verdict) *pontage.Call {
	row := &pontage.Call{
		ID: a.CallID, AccountID: a.Admission.AccountID, LineageID: a.Admission.LineageID, TokenID: a.Admission.TokenID,
		Method: a.Method, Host: a.Host, Address: a.Address.Unmap().WithZone(""), DecidedAt: r.now, Checks: d.Checks,
	}
	if a.Match != nil {
		row.ScopeID, row.OperationID, row.Host = a.Match.Scope.ID, a.Match.Operation.ID, a.Match.API.Host
	}
	d.row = row
	return row
}

func (r *run) append(row *pontage.Call) {
	r.changes.Calls = append(r.changes.Calls, *row)
	r.state.Calls[row.ID] = row
}

// repeat gives the decision an id already has, and takes nothing. An id that meant another call, or whose call was given back, is
// no way to a free one.
func (r *run) repeat(v *view, a *pontage.Attempt, call *pontage.Call) verdict {
	same := call.LineageID == a.Admission.LineageID && call.Method == a.Method &&
		(a.Match == nil && call.OperationID == "" || a.Match != nil && call.OperationID == a.Match.Operation.ID)
	if !same || r.givenBack(call.ID) {
		d := refuse(v, a, bound{code: pontage.Conflict})
		return d
	}
	d := verdict{repeated: true}
	r.repeated.add(call.ID)
	d.CallID, d.Admitted, d.Payer, d.Charged, d.Rate, d.Checks = call.ID, true, call.Payer, call.Price, v.rate, call.Checks
	if call.State == pontage.CallRefused {
		d.Admitted = false
		d.Refusal = &pontage.Error{Code: call.Code, Message: call.Message}
		d.Limit, d.Unit = call.Limit, unitOf(call.Limit, r.meter.config.Currency)
	}
	return d
}

func unitOf(limit string, currency pontage.Currency) string {
	if l := limitNamed(limit); l.Unit != "" {
		_, unit := l.show(0, currency)
		return unit
	}
	return ""
}
