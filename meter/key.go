package meter

import (
	"time"

	"github.com/pontage/pontage"
)

// keyUse is what a call's Idempotency-Key means for its decision.
type keyUse struct {
	// charged is the call that paid for the key; nil where this one is to.
	charged *pontage.Call
	refusal pontage.Code
}

// retryKey is when a call that came while the first one is under way may come again.
const retryKey = time.Second

// keyUseOf looks the key up. A key is free again when it expired or its call was given back, so that whoever pays last pays for an
// answer; while that is not known of the first call, a second one must wait.
func (r *run) keyUseOf(a *pontage.Attempt) keyUse {
	if a.Key == nil {
		return keyUse{}
	}
	known := r.state.KeyedCalls[a.Key.ID]
	if known == nil || !r.now.Before(known.ExpiresAt) {
		return keyUse{}
	}
	call := r.state.Calls[known.CallID]
	switch {
	case call == nil || r.givenBack(call.ID):
		return keyUse{}
	case known.Fingerprint != a.Key.Fingerprint:
		return keyUse{refusal: pontage.KeyReused}
	case call.State != pontage.CallSettled && r.outcomeOf(call.ID, pontage.OutcomeSettled) == nil:
		return keyUse{refusal: pontage.KeyInProgress}
	}
	return keyUse{charged: call}
}

// bound is how the key stops a call.
func (k keyUse) bound() bound {
	b := bound{code: k.refusal}
	if b.code != "" {
		b.limit = limitNamed(limitKey)
	}
	if b.code == pontage.KeyInProgress {
		b.wait = retryKey
	}
	return b
}

// takeKey makes the call the one that paid for its key.
func (r *run) takeKey(a *pontage.Attempt, d *verdict) {
	if a.Key == nil || d.Repeats != "" {
		return
	}
	paid := pontage.KeyedCall{CallKey: *a.Key, CallID: a.CallID, ExpiresAt: r.now.Add(pontage.IdempotencyLifetime)}
	r.state.KeyedCalls[paid.ID] = &paid
	r.changes.KeyedCalls = append(r.changes.KeyedCalls, paid)
}
