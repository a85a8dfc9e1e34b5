package meter

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// Call gives the log's row of one of the actor's calls and its outcomes, oldest first; any other, and one that was
// deleted after the retention, is NotFound.
func (m *Meter) Call(ctx context.Context, by pontage.Actor, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	call, outcomes, err := m.store.Call(ctx, id)
	if err == nil && call.AccountID != by.AccountID {
		err = errNoCall
	}
	if err != nil {
		return nil, nil, m.noCall(err)
	}
	return call, outcomes, nil
}

// noCall says how long calls are kept, where one was not found.
func (m *Meter) noCall(err error) error {
	if pontage.CodeOf(err) != pontage.NotFound || m.config.Retention <= 0 {
		return err
	}
	days := max(m.config.Retention, MinRetention) / (24 * time.Hour)
	return pontage.E(pontage.NotFound, "Call not found. Calls are kept for %d days; after that their totals remain.", days)
}

// ReceiptState is what has become of a call.
type ReceiptState string

// The states of a receipt.
const (
	ReceiptRefused  ReceiptState = "refused"
	ReceiptOpen     ReceiptState = "open" // reserved; its end is not known yet
	ReceiptSettled  ReceiptState = "settled"
	ReceiptReleased ReceiptState = "released"
	ReceiptRefunded ReceiptState = "refunded"
)

// Receipt is all there is to know of one call.
type Receipt struct {
	Call pontage.Call
	// Outcomes are oldest first.
	Outcomes []pontage.Outcome
	State    ReceiptState
	// Charged is what the wallet pays; zero once it was given back.
	Charged pontage.Money
	// ClientID and TokenName are the token's, as they are now.
	ClientID  pontage.ClientID
	TokenName string
	Explanation
}

// Receipt opens one of the actor's calls, or one of a client on which the actor has CallRead, without what lies in the wallet where WalletRead
// is not held; the operator who acts for no account opens any. Forbidden for a member whose role lacks CallRead. Every other id, and that of a
// call deleted after the retention, is NotFound.
func (m *Meter) Receipt(ctx context.Context, by pontage.Actor, id pontage.CallID) (*Receipt, error) {
	var receipt *Receipt
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		receipt, err = m.receipt(ctx, r, by, id)
		return err
	})
	if err != nil {
		return nil, m.noCall(err)
	}
	return receipt, nil
}

// receipt is Receipt as r sees it.
func (m *Meter) receipt(ctx context.Context, r pontage.Reader, by pontage.Actor, id pontage.CallID) (*Receipt, error) {
	call, outcomes, err := r.Call(ctx, id)
	if err != nil {
		return nil, err
	}
	l, err := r.Lineage(ctx, call.LineageID)
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return nil, err
	}
	wallet, err := m.mayOpen(ctx, r, by, call, l)
	if err != nil {
		return nil, err
	}
	receipt := m.newReceipt(call, outcomes, l)
	if !wallet {
		receipt.hideWallet()
	}
	return &receipt, nil
}

// newReceipt explains a call of a token, which is nil where it is gone.
func (m *Meter) newReceipt(call *pontage.Call, outcomes []pontage.Outcome, l *pontage.Lineage) Receipt {
	receipt := Receipt{Call: *call, Outcomes: outcomes, Explanation: m.explainCall(call)}
	if l != nil {
		receipt.ClientID, receipt.TokenName = l.ClientID, l.Name
	}
	receipt.State, receipt.Charged = stateOf(call, outcomes)
	return receipt
}

func anyAccount(by pontage.Actor) bool { return by.Kind == pontage.ActorOperator && by.AccountID == "" }

// stateOf says what has become of a call and what the wallet pays for it.
func stateOf(c *pontage.Call, outcomes []pontage.Outcome) (ReceiptState, pontage.Money) {
	state := map[pontage.CallState]ReceiptState{
		pontage.CallRefused: ReceiptRefused, pontage.CallReserved: ReceiptOpen, pontage.CallSettled: ReceiptSettled,
	}[c.State]
	for _, o := range outcomes {
		state = ReceiptState(o.Kind)
	}
	if state == ReceiptReleased || state == ReceiptRefunded {
		return state, 0
	}
	return state, c.Price
}

// Callback gives one of the actor's callbacks; any other is NotFound.
func (m *Meter) Callback(ctx context.Context, by pontage.Actor, id pontage.CallbackID) (*pontage.Callback, error) {
	c, err := m.store.Callback(ctx, id)
	if err == nil && c.AccountID != by.AccountID {
		err = pontage.E(pontage.NotFound, "Callback not found")
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Callbacks lists the actor's callbacks, newest first; scopes nil means all. InvalidInput at "limit" or "skip".
func (m *Meter) Callbacks(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Callback, error) {
	if err := checkPage(page); err != nil {
		return nil, err
	}
	return m.store.Callbacks(ctx, pontage.LogQuery{AccountID: by.AccountID, Scopes: scopes, Page: page})
}
