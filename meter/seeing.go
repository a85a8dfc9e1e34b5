package meter

import (
	"context"

	"github.com/pontage/pontage"
)

var errNoCall = pontage.E(pontage.NotFound, "Call not found")

// mayOpen lets by open a call of a token, which is nil where it is gone: the call's account may, and the operator who acts for no account, and
// members of the token's client who hold CallRead. It says whether by may see the wallet that pays, too. NotFound for everybody else.
func (m *Meter) mayOpen(ctx context.Context, r pontage.AuthorityReader, by pontage.Actor, c *pontage.Call, l *pontage.Lineage) (wallet bool, err error) {
	if c.AccountID == by.AccountID || anyAccount(by) {
		return true, nil
	}
	if l == nil || l.ClientID == "" {
		return false, errNoCall
	}
	a, err := pontage.Authorize(ctx, r, by, l.ClientID, pontage.CallRead, m.clock.Now())
	if pontage.CodeOf(err) == pontage.NotFound {
		err = errNoCall
	}
	return err == nil && a.Holds(pontage.WalletRead), err
}

// opened keeps those of several receipts that by may open, in two reads more where some are of other accounts.
func (m *Meter) opened(ctx context.Context, r pontage.AuthoritiesReader, by pontage.Actor, receipts []Receipt) ([]Receipt, error) {
	others := newSet[pontage.ClientID](1)
	for i := range receipts {
		if receipts[i].Call.AccountID != by.AccountID && receipts[i].ClientID != "" {
			others.add(receipts[i].ClientID)
		}
	}
	var on map[pontage.ClientID]*pontage.Authority
	if len(others.list) > 0 {
		var err error
		if on, err = pontage.Authorities(ctx, r, by, others.list, m.clock.Now()); err != nil {
			return nil, err
		}
	}
	kept := receipts[:0]
	for _, receipt := range receipts {
		a := on[receipt.ClientID]
		switch {
		case receipt.Call.AccountID == by.AccountID:
		case a == nil || !a.Holds(pontage.CallRead):
			continue
		case !a.Holds(pontage.WalletRead):
			receipt.hideWallet()
		}
		kept = append(kept, receipt)
	}
	return kept, nil
}

// hideWallet takes away what lies in the wallet, for who may not see it; that the wallet was asked, and what it said, stays.
func (e *Explanation) hideWallet() {
	for i := range e.Checks {
		if c := &e.Checks[i]; c.Name == limitWallet {
			c.Limit, c.Before, c.After, c.Unit = "", "", "", ""
		}
	}
}

// hideWallet is the same for an answer that is not explained yet.
func hideWallet(d *pontage.Decision) {
	if d.Limit == limitWallet {
		d.Left, d.Unit = "", ""
	}
	d.Checks = without(d.Checks, markCredit)
}

// SeesWallet says whether by may see what lies in the wallet that pays for a token: its account may, and members of its client who hold
// WalletRead.
func (m *Meter) SeesWallet(ctx context.Context, by pontage.Actor, token *pontage.Admission) (bool, error) {
	if token.AccountID == by.AccountID || anyAccount(by) {
		return true, nil
	}
	a, err := pontage.Authorize(ctx, m.store, by, token.ClientID, "", m.clock.Now())
	return err == nil && a.Holds(pontage.WalletRead), err
}
